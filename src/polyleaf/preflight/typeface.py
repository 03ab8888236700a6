"""Fonts of a PDF: what their codes mean, how wide they are, how large their letters look (ISO 32000-1, 9.6-9.10)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import pikepdf

_CMAP_PART = re.compile(rb"begin(bfchar|bfrange)(.*?)end(?:bfchar|bfrange)", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
_COLLECTIONS = frozenset(("CNS1", "GB1", "Japan1", "Korea1", "KR"))
_MOST_CODES = 2 * 0x10000
"""Codes that a table tells of at most, those that it repeats counted; a font has 65,536."""
_LONGEST_TABLE = 8 * 1024**2  # bytes
_FLAT = "xzvwu"
"""Letters that end at the x-height."""


@dataclass(eq=False)
class Font:
    """One font of a page's resources. `codes` are one byte long, or two in a composite font.

    `predefined` says that a table of ISO 32000-1 (9.7.5.2), which is not read here, gives its characters.
    """

    name: str
    kind: str
    composite: bool
    program: Any = None
    descriptor: Any = None
    widths: Mapping[int, float] = field(default_factory=dict)
    default_width: float = 500.0
    texts: Mapping[int, str] = field(default_factory=dict)
    glyph_ids: bytes | None = None
    undefined: frozenset[int] = frozenset()
    predefined: bool = False

    @property
    def embedded(self) -> bool:
        """Whether the file brings the font; the glyphs of a Type 3 font are drawn in the file."""
        return self.program is not None or self.kind == "/Type3"

    def codes(self, shown: bytes) -> Iterator[int]:
        """The codes of a string."""
        if not self.composite:
            yield from shown
            return
        for at in range(0, len(shown) - 1, 2):
            yield shown[at] << 8 | shown[at + 1]

    def text(self, code: int) -> str:
        """The characters of a code; empty where nothing tells."""
        return self.texts.get(code, " " if self.predefined else "")

    def width(self, code: int) -> float:
        """In thousandths of the type size."""
        return self.widths.get(code, self.default_width)

    def is_notdef(self, code: int) -> bool:
        """Whether a code is shown by the glyph for what the font does not have."""
        if not self.composite:
            return code in self.undefined
        if self.glyph_ids is not None:
            return self.glyph_ids[2 * code : 2 * code + 2] in (b"\0\0", b"")
        return code == 0

    @cached_property
    def x_height(self) -> float | None:
        """As a share of the type size; None where the font has no letters to measure."""
        told = float(self.descriptor.get("/XHeight", 0)) if self.descriptor is not None else 0.0
        if 300 <= told <= 800:
            return told / 1000
        try:
            return self._measured()
        except Exception:  # fontTools raises whatever a broken font makes it stumble over
            return None

    def _measured(self) -> float | None:
        from fontTools.pens.boundsPen import BoundsPen
        from fontTools.ttLib import TTFont

        data = self.program.read_bytes()
        if data[:4] not in (b"\0\1\0\0", b"OTTO", b"true"):
            return None
        font = TTFont(io.BytesIO(data), lazy=True)
        codes = [code for letter in _FLAT for code, text in self.texts.items() if text == letter]
        glyphs = font.getGlyphSet()
        for code in codes if self.composite else ():
            pen = BoundsPen(glyphs)
            glyphs[font.getGlyphName(self._glyph(code))].draw(pen)
            if pen.bounds:
                return float(pen.bounds[3]) / float(font["head"].unitsPerEm)
        return None

    def _glyph(self, code: int) -> int:
        if self.glyph_ids is None:
            return code
        return int.from_bytes(self.glyph_ids[2 * code : 2 * code + 2], "big")


class Fonts:
    """The fonts of a file, each read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], Font] = {}

    def of(self, made: Any) -> Font:
        """The font of a dictionary."""
        key = made.objgen
        if key == (0, 0):
            return font_of(made)
        if key not in self._known:
            self._known[key] = font_of(made)
        return self._known[key]


def font_of(made: Any) -> Font:
    """A font by its dictionary; parts of it that are broken are taken as missing."""
    kind = str(made.get("/Subtype", ""))
    composite = kind == "/Type0"
    within = made.get("/DescendantFonts", [made])[0] if composite else made
    descriptor = within.get("/FontDescriptor")
    program = None
    if descriptor is not None:
        program = next(
            (descriptor[key] for key in ("/FontFile", "/FontFile2", "/FontFile3") if key in descriptor), None
        )
    mapped = within.get("/CIDToGIDMap")
    return Font(
        name=_plain_name(made.get("/BaseFont", made.get("/Name", ""))),
        kind=kind,
        composite=composite,
        program=program,
        descriptor=descriptor,
        widths=dict(islice(_composite_widths(within) if composite else _simple_widths(made, _unit(made)), _MOST_CODES)),
        default_width=float(within.get("/DW", 1000)) if composite else _missing_width(descriptor),
        texts=to_unicode(made.get("/ToUnicode")) or ({} if composite else dict(_encoded(made))),
        predefined=composite and _is_predefined(made, within),
        glyph_ids=mapped.read_bytes() if isinstance(mapped, pikepdf.Stream) else None,
        undefined=frozenset() if composite else frozenset(_undefined(made)),
    )


def _plain_name(name: Any) -> str:
    """A font's name without the mark of its subset."""
    return re.sub(r"^[A-Z]{6}\+", "", str(name).lstrip("/")) or "without a name"


def _missing_width(descriptor: Any) -> float:
    width = float(descriptor.get("/MissingWidth", 0)) if descriptor is not None else 0.0
    return width or 500.0


def _unit(made: Any) -> float:
    """How many thousandths of the type size a font's unit is: a Type 3 font has a unit of its own."""
    return 1000 * float(made["/FontMatrix"][0]) if "/FontMatrix" in made else 1.0


def _simple_widths(made: Any, unit: float) -> Iterator[tuple[int, float]]:
    first = int(made.get("/FirstChar", 0))
    for at, width in enumerate(made.get("/Widths", [])):
        yield first + at, float(width) * unit


def _composite_widths(within: Any) -> Iterator[tuple[int, float]]:
    """`c [w1 w2 ...]` and `first last w` (9.7.4.3)."""
    parts = list(within.get("/W", []))
    at = 0
    while at + 1 < len(parts):
        first, second = int(parts[at]), parts[at + 1]
        if isinstance(second, pikepdf.Array | list):
            yield from ((first + n, float(width)) for n, width in enumerate(second))
            at += 2
        elif at + 2 < len(parts):
            last = min(int(second), first + 0xFFFF)
            yield from ((code, float(parts[at + 2])) for code in range(first, last + 1))
            at += 3
        else:
            return


def _is_predefined(made: Any, within: Any) -> bool:
    """Whether the encoding or the collection of characters of a composite font is one that readers know (9.10.2)."""
    encoding = made.get("/Encoding")
    if isinstance(encoding, pikepdf.Name) and not str(encoding).startswith("/Identity"):
        return True
    return str(within.get("/CIDSystemInfo", {}).get("/Ordering", "")) in _COLLECTIONS


def _undefined(made: Any) -> Iterator[int]:
    """The codes of a simple font that its encoding gives to .notdef."""
    return (code for code, name in _differences(made) if name == ".notdef")


def _encoded(made: Any) -> Iterator[tuple[int, str]]:
    """What the codes of a simple font stand for, by its encoding (9.6.6) and the names of its glyphs."""
    from fontTools.agl import toUnicode

    encoding = made.get("/Encoding")
    base = encoding.get("/BaseEncoding", "") if isinstance(encoding, pikepdf.Dictionary) else encoding
    codec = {"/MacRomanEncoding": "mac_roman", "/WinAnsiEncoding": "cp1252"}.get(str(base), "ascii")
    for code in range(32, 256):
        if text := bytes([code]).decode(codec, "ignore"):
            yield code, text
    yield from ((code, toUnicode(name)) for code, name in _differences(made))


def _differences(made: Any) -> Iterator[tuple[int, str]]:
    """The codes and the names of their glyphs by which a font differs from its base encoding."""
    encoding = made.get("/Encoding")
    code = 0
    given = encoding.get("/Differences", ()) if isinstance(encoding, pikepdf.Dictionary) else ()
    for part in given:
        if isinstance(part, pikepdf.Name):
            yield code, str(part)[1:]
            code += 1
        else:
            code = int(part)


def to_unicode(stream: Any) -> dict[int, str]:
    """What each code stands for, by a ToUnicode CMap (9.10.3)."""
    if not isinstance(stream, pikepdf.Stream):
        return {}
    table = stream.read_bytes()
    return dict(islice(_told(table), _MOST_CODES)) if len(table) <= _LONGEST_TABLE else {}


def _told(table: bytes) -> Iterator[tuple[int, str]]:
    for kind, body in _CMAP_PART.findall(table):
        tokens = _HEX.findall(body)
        yield from _pairs(tokens) if kind == b"bfchar" else _ranges(tokens)


def _pairs(tokens: list[tuple[bytes, bytes, bytes]]) -> Iterator[tuple[int, str]]:
    for (code, *_), (text, *_) in zip(tokens[::2], tokens[1::2], strict=False):
        yield _number(code), _characters(text)


def _ranges(tokens: list[tuple[bytes, bytes, bytes]]) -> Iterator[tuple[int, str]]:
    """`<first> <last> <text>`, whose last character counts on, or `<first> <last> [<text> ...]`."""
    at = 0
    while at + 2 < len(tokens):
        first, last = _number(tokens[at][0]), _number(tokens[at + 1][0])
        at += 2
        if tokens[at][1]:
            at += 1
            code = first
            while at < len(tokens) and not tokens[at][2]:
                yield code, _characters(tokens[at][0])
                code, at = code + 1, at + 1
        else:
            text = _characters(tokens[at][0])
            for step in range(min(last - first, 0xFFFF) + 1 if text else 0):
                yield first + step, text[:-1] + chr(min(ord(text[-1]) + step, 0x10FFFF))
        at += 1


def _number(digits: bytes) -> int:
    return int(b"0" + b"".join(digits.split()), 16)


def _characters(digits: bytes) -> str:
    told = b"".join(digits.split()).decode("ascii")
    told += "0" * (len(told) % 2)  # a last digit that is not there is 0 (7.3.4.3)
    return bytes.fromhex(told).decode("utf-16-be", "replace")
