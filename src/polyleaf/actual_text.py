"""Text that comes out of a PDF as it went in, when it is copied, searched or read aloud.

A PDF draws glyphs, and its fonts say what character each stands for (ToUnicode). That is enough where one glyph is one
character. In Hindi and Bengali several glyphs make a syllable, and not in the order in which it is written: what a word
of them says stands in an `/ActualText` round it (ISO 32000-1, 14.9.4).

That does not do from right to left, since readers take a word for written as it is drawn and turn it round. There the
trouble is another one: an Arabic letter is drawn as a body and its dots. So the body gets a code of its own for each
letter that it is the body of, and the dots are drawn as shapes: as glyphs, readers take them for letters out of place.
"""

from __future__ import annotations

import io
import re
import sys
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

_NO_GLYPH = 0x0FFFFFFF  # PANGO_GLYPH_EMPTY
_UNSAID = "\u200d"
"""What ToUnicode says of a glyph that says nothing by itself: it must say something, and a joiner is not seen."""
# What is put into a text for its line breaks and its direction; joiners are part of how a word is spelled.
_FOR_LAYOUT = dict.fromkeys(map(ord, "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069"))
_SHOWN = re.compile(rb"<([0-9a-f]*)>|[^<>]+")


@dataclass(frozen=True)
class Cluster:
    """Glyphs that stand for a piece of text together. `glyphs` are as drawn, from left to right."""

    font: Any
    glyphs: tuple[int, ...]
    text: str
    rtl: bool

    @property
    def body(self) -> int:
        """The place of the glyph that takes the room; the others are dots and signs on it."""
        return max(range(len(self.glyphs)), key=lambda place: self.font.widths[self.glyphs[place]])


@dataclass(frozen=True)
class _Piece:
    """A piece of text as it was drawn: its operators are `stream[start:end]`.

    WeasyPrint draws pieces that follow each other as one text object (BT to ET) with no more than the changes of font:
    `size` is the type size that the piece before left, in pixels, and 0 where none did.
    """

    stream: list[Any]
    start: int
    end: int
    size: float
    clusters: tuple[Cluster, ...]


def spoken(text: str) -> str:
    """A text without the characters that are only there for its layout."""
    return text.translate(_FOR_LAYOUT)


class Wording:
    """Notes what the glyphs of a document say while they are drawn, and then writes that down beside them."""

    def __init__(self) -> None:
        self.reversed: set[int] = set()
        """The ids of WeasyPrint's boxes whose text was drawn from right to left."""
        self.glyphs_of_codes: dict[bytes, bytes] = {}
        """By the names of fonts with codes that are not their glyphs' numbers: the glyph of each (`/CIDToGIDMap`)."""
        self._codes: dict[tuple[str, int, str], int] = {}
        self._pieces: list[_Piece] = []
        self._box: Any = None
        self._start, self._size = 0, 0.0

    def watch(self, stream: Any) -> None:
        """Note all text that will be drawn in one of WeasyPrint's streams, and in those that are made from it."""
        marked, begin, end, clone = stream.marked, stream.begin_text, stream.end_text, stream.clone

        @contextmanager
        def noting_the_box(box: Any, tag: str) -> Iterator[None]:
            with marked(box, tag):
                self._box = box
                yield
            self._box = None

        def noting_the_start() -> None:
            begin()
            self._start = len(stream.stream)
            self._size = stream._current_font[1] if stream._current_font else 0.0

        def noting_the_text() -> None:
            if hasattr(self._box, "pango_layout"):  # its lines are at hand until the text ends
                clusters = tuple(_clusters(self._box.pango_layout, stream))
                self._pieces.append(_Piece(stream.stream, self._start, len(stream.stream), self._size, clusters))
                if any(cluster.rtl for cluster in clusters):
                    self.reversed.add(id(self._box))
            end()

        def watching_the_clone(**options: Any) -> Any:
            made = clone(**options)
            self.watch(made)
            return made

        stream.marked, stream.begin_text, stream.end_text = noting_the_box, noting_the_start, noting_the_text
        stream.clone = watching_the_clone

    def write_down(self) -> None:
        """Say what each glyph stands for, and what those say that are no character each. To be called once."""
        clusters = [cluster for piece in self._pieces for cluster in piece.clusters]
        meanings = _meanings(clusters)
        fonts: dict[str, dict[int, Any]] = defaultdict(dict)
        for cluster in clusters:
            fonts[cluster.font.hash][id(cluster.font)] = cluster.font
        for piece in reversed(self._pieces):  # so that the places of those before stay
            self._say(piece, meanings)
        for name, alike in fonts.items():
            codes = {code: glyph for (of, glyph, _), code in self._codes.items() if of == name}
            said = {code: _as_drawn(text) for (of, _, text), code in self._codes.items() if of == name}
            for font in alike.values():
                for glyph, text in font.to_unicode.items():
                    font.to_unicode[glyph] = meanings[name].get(glyph) or spoken(text) or _UNSAID
                font.to_unicode |= said
                font.widths |= {code: font.widths[glyph] for code, glyph in codes.items() if glyph in font.widths}
            if codes:
                glyphs = array("H", range(max(codes) + 1))
                for code, glyph in codes.items():
                    glyphs[code] = glyph
                if sys.byteorder == "little":
                    glyphs.byteswap()
                self.glyphs_of_codes[font.name] = glyphs.tobytes()

    def _say(self, piece: _Piece, meanings: Mapping[str, dict[int, str]]) -> None:
        said = dict(_said(piece.clusters, meanings))
        letters: dict[int, int] = {}
        shapes: dict[int, bytes] = {}
        at = 0
        for cluster in piece.clusters:
            if cluster.rtl and (len(cluster.glyphs) > 1 or not _is_plain(cluster, meanings[cluster.font.hash])):
                letters[at + cluster.body] = self._code(cluster)
                others = ((place, glyph) for place, glyph in enumerate(cluster.glyphs) if place != cluster.body)
                shapes |= {at + place: _shape(cluster.font, glyph) for place, glyph in others}
            at += len(cluster.glyphs)
        if said or letters:
            drawn = [*_text(piece, said, letters, shapes)]
            if shapes:
                drawn += [b"ET", *_shapes(piece, shapes), b"BT"]  # in which the next piece may stand
            piece.stream[piece.start : piece.end] = drawn

    def _code(self, cluster: Cluster) -> int:
        """A code of its own for the body of a letter, which may be that of others too."""
        key = cluster.font.hash, cluster.glyphs[cluster.body], cluster.text
        return self._codes.setdefault(key, cluster.font.glyph_count + len(self._codes))


def _as_drawn(text: str) -> str:
    """A letter with its signs, as readers (Poppler, PDFium) expect it from right to left: they turn it round."""
    return text[::-1] if any(unicodedata.category(char) == "Mn" for char in text) else text


def _clusters(layout: Any, stream: Any) -> Iterator[Cluster]:
    """The clusters of a line from left to right."""
    line, _ = layout.get_first_line()
    text, run = layout.text.encode(), line.runs[0]
    while run:
        yield from _of_run(run.data, text, stream.add_font(run.data.item.analysis.font)[0])
        run = run.next


def _of_run(run: Any, text: bytes, font: Any) -> Iterator[Cluster]:
    count, base, rtl = run.glyphs.num_glyphs, run.item.offset, bool(run.item.analysis.level % 2)
    places = list(run.glyphs.log_clusters[0:count])
    starts = sorted(set(places))
    ends = dict(zip(starts, [*starts[1:], run.item.length], strict=True))
    drawn = zip(places, (info.glyph for info in run.glyphs.glyphs[0:count]), strict=True)
    found: list[Cluster] = []
    signs: tuple[int, ...] = ()
    unseen = ""  # of a joiner, which goes with what it follows, as signs above and below a letter do
    for start, group in groupby(drawn, key=lambda pair: pair[0]):
        glyphs = tuple(glyph for _, glyph in group if glyph != _NO_GLYPH)
        said = spoken(text[base + start : base + ends[start]].decode())
        if rtl and said and all(unicodedata.category(char) == "Mn" for char in said):
            signs, unseen = (*signs, *glyphs), said + unseen
        elif glyphs:
            found.append(Cluster(font, (*signs, *glyphs), said + unseen, rtl))
            signs, unseen = (), ""
        elif rtl:
            unseen = said + unseen
        elif found:
            found[-1] = replace(found[-1], text=found[-1].text + said)
    if signs:
        found.append(Cluster(font, signs, unseen, rtl))
    yield from found


def _meanings(clusters: Iterable[Cluster]) -> Mapping[str, dict[int, str]]:
    """What each glyph of each font stands for: most often by itself, else by the font, else for what is left over."""
    alone: dict[str, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    joined: dict[Cluster, None] = {}
    for cluster in clusters:
        if len(cluster.glyphs) > 1:
            joined[cluster] = None
        elif cluster.text:
            alone[cluster.font.hash][cluster.glyphs[0]][cluster.text] += 1
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for font, glyphs in alone.items():
        found[font] = {glyph: max(texts, key=lambda text: (texts[text], text)) for glyph, texts in glyphs.items()}
    _add_joined(found, joined)
    return found


def _add_joined(found: dict[str, dict[int, str]], clusters: Iterable[Cluster]) -> None:
    for cluster in clusters:
        known, rest, left = found[cluster.font.hash], cluster.text, []
        for glyph in cluster.glyphs:
            if glyph not in known:
                if glyph not in _characters(cluster.font):
                    left.append(glyph)
                    continue
                known[glyph] = _characters(cluster.font)[glyph]
            rest = rest.replace(known[glyph], "", 1)
        for glyph in left:
            known[glyph], rest = rest or _UNSAID, ""


def _characters(font: Any) -> dict[int, str]:
    """The characters that glyphs of a font are the usual form of; kept with the font."""
    if not hasattr(font, "characters"):
        opened = _opened(font)
        names = sorted(opened.getBestCmap().items(), reverse=True)
        font.characters = {opened.getGlyphID(name): chr(code) for code, name in names}
    characters: dict[int, str] = font.characters
    return characters


def _opened(font: Any) -> Any:
    """A font as fontTools reads it; kept with the font, which lives as long as its document is written."""
    from fontTools.ttLib import TTFont

    if not hasattr(font, "opened"):
        font.opened = TTFont(io.BytesIO(font.file_content), fontNumber=font.index, lazy=True)
    return font.opened


def _said(clusters: Sequence[Cluster], meanings: Mapping[str, dict[int, str]]) -> Iterator[tuple[int, tuple[int, str]]]:
    """What must be said beside glyphs: by the number of the first of them in its piece, how many, and their text.

    It is said of whole words, and of none from right to left: readers turn those round, whatever is said of them.
    """
    at = 0
    for word in _words(clusters):
        is_plain = all(_is_plain(cluster, meanings[cluster.font.hash]) and not _has_sign(cluster) for cluster in word)
        if not (is_plain or word[0].rtl):
            yield at, (_length(word), "".join(cluster.text for cluster in word))
        at += _length(word)


def _words(clusters: Sequence[Cluster]) -> Iterator[list[Cluster]]:
    """Words with what stands between them and the next one: readers lose a space that stands by itself.

    A hyphen that ends a line is apart: PDFium takes it for one that it may drop if it is said with the word.
    """
    word: list[Cluster] = []
    for number, cluster in enumerate(clusters, start=1):
        begins = _is_letter(cluster) and bool(word) and not _is_letter(word[-1])
        if word and (begins or cluster.rtl != word[-1].rtl or (number == len(clusters) and cluster.text == "-")):
            yield word
            word = []
        word.append(cluster)
    if word:
        yield word


def _has_sign(cluster: Cluster) -> bool:
    """Whether it has a sign that joins a letter. It is drawn beside its place, and readers take that for a gap."""
    return any(unicodedata.category(char) == "Mn" for char in cluster.text)


def _length(clusters: Iterable[Cluster]) -> int:
    return sum(len(cluster.glyphs) for cluster in clusters)


def _is_letter(cluster: Cluster) -> bool:
    return all(unicodedata.category(char)[0] in "LMC" for char in cluster.text)


def _is_plain(cluster: Cluster, known: Mapping[int, str]) -> bool:
    """Whether its glyphs say it by themselves."""
    glyphs = cluster.glyphs[::-1] if cluster.rtl else cluster.glyphs
    return _same("".join(known.get(glyph, "") for glyph in glyphs), cluster.text)


def _same(one: str, other: str) -> bool:
    return one == other or one.replace("\u00a0", " ") == other.replace("\u00a0", " ")


def _walk(piece: _Piece) -> Iterator[bytes | float | int]:
    """The operators of a piece; those that show text as moves, in thousandths of the type size, and glyphs' numbers."""
    at = 0
    for operator in piece.stream[piece.start : piece.end]:
        if not operator.endswith(b"] TJ"):
            yield operator
            continue
        for token in _SHOWN.finditer(operator[1:-4]):
            if token[1] is None:
                yield float(token[0])
            else:
                yield from range(at, at := at + len(token[1]) // 4)


def _text(
    piece: _Piece, said: Mapping[int, tuple[int, str]], codes: Mapping[int, int], left_out: Mapping[int, bytes]
) -> Iterator[bytes]:
    """The operators that draw the glyphs of a piece, with `/ActualText` round those that something is said of."""
    glyphs = [(cluster.font, glyph) for cluster in piece.clusters for glyph in cluster.glyphs]
    shown = _Shown()
    last = -1
    for part in _walk(piece):
        if isinstance(part, bytes):
            yield from shown.taken()
            yield part
        elif isinstance(part, float):
            shown.move(part)
        else:
            if part in said:
                yield from shown.taken()
                yield f"/Span <</ActualText {_hex(said[part][1])}>> BDC".encode()
                last = part + said[part][0] - 1
            font, glyph = glyphs[part]
            if part in left_out:
                shown.move(-font.widths[glyph])
            else:
                shown.draw(b"%04x" % codes.get(part, glyph))
            if part == last:
                yield from shown.taken()
                yield b"EMC"
    yield from shown.taken()


def _shapes(piece: _Piece, shapes: Mapping[int, bytes]) -> Iterator[bytes]:
    """The operators that draw some glyphs of a piece as shapes, where its text has them."""
    glyphs = [(cluster.font, glyph) for cluster in piece.clusters for glyph in cluster.glyphs]
    size, x, y, rise = piece.size, 0.0, 0.0, 0.0
    for part in _walk(piece):
        if isinstance(part, bytes):
            match part.split():
                case [*_, left, base, b"Tm"]:
                    x, y = float(left), float(base)
                case [_, number, b"Tf"]:
                    size = float(number)
                case [number, b"Ts"]:
                    rise = float(number)
        elif isinstance(part, float):
            x -= part * size / 1000
        else:
            font, glyph = glyphs[part]
            if part in shapes:
                scale = size / font.upem
                yield b"q %.6f 0 0 %.6f %.3f %.3f cm" % (scale, -scale, x, y - rise)
                yield shapes[part] + b" f Q"
            x += font.widths[glyph] * size / 1000


def _shape(font: Any, glyph: int) -> bytes:
    """The outline of a glyph as operators, in the font's units; kept with the font."""
    if not hasattr(font, "shapes"):
        font.shapes = {}
    if glyph not in font.shapes:
        font.shapes[glyph] = _outline(font, glyph)
    shape: bytes = font.shapes[glyph]
    return shape


def _outline(font: Any, glyph: int) -> bytes:
    from fontTools.pens.basePen import BasePen

    class _Operators(BasePen):  # type: ignore[misc]
        def __init__(self, glyphs: Any) -> None:
            super().__init__(glyphs)
            self.written: list[bytes] = []

        def _write(self, operator: bytes, *points: tuple[float, float]) -> None:
            self.written += [b"%.0f %.0f" % point for point in points] + [operator]

        def _moveTo(self, point: Any) -> None:  # noqa: N802
            self._write(b"m", point)

        def _lineTo(self, point: Any) -> None:  # noqa: N802
            self._write(b"l", point)

        def _curveToOne(self, first: Any, second: Any, point: Any) -> None:  # noqa: N802
            self._write(b"c", first, second, point)

        def _closePath(self) -> None:  # noqa: N802
            self._write(b"h")

    opened = _opened(font)
    glyphs = opened.getGlyphSet()
    pen = _Operators(glyphs)
    glyphs[opened.getGlyphName(glyph)].draw(pen)
    return b" ".join(pen.written)


class _Shown:
    """The argument of a TJ operator, as it grows."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._moved = 0.0

    def move(self, by: float) -> None:
        self._moved += by

    def draw(self, glyph: bytes) -> None:
        self._place()
        if self._parts and self._parts[-1].isalnum():
            self._parts[-1] += glyph
        else:
            self._parts.append(glyph)

    def taken(self) -> list[bytes]:
        """The operator so far, if there is anything to do; another one begins."""
        self._place()
        parts = [b"<" + part + b">" if part.isalnum() else part.strip() for part in self._parts]
        self._parts = []
        return [b"[" + b" ".join(parts) + b"] TJ"] if parts else []

    def _place(self) -> None:
        if moved := f"{self._moved:.2f}".rstrip("0").rstrip("."):
            if float(moved):
                self._parts.append(f" {moved} ".encode())
            self._moved = 0.0


def _hex(text: str) -> str:
    return f"<feff{text.encode('utf-16-be').hex()}>"
