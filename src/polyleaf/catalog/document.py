"""A PO file as it stands: what is not changed is written again byte for byte, whatever tool wrote it.

The format is that of the GNU gettext manual, "The Format of PO Files".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from polyleaf.config import read_text
from polyleaf.errors import Problems

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_FIELD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s*("(?:[^"\\]|\\.)*")')
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_BEGINS = re.compile(r"msgctxt|msgid(?!_)")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|[0-7]{1,3}|.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_MEND = "mend the line, or fetch the file from your translation tool again"
_OUT_OF_PLACE = "a message goes msgctxt, msgid, msgid_plural, msgstr, and this line comes at another place"


@dataclass(frozen=True)
class Previous:
    """What the source of a fuzzy entry said before."""

    msgctxt: str | None = None
    msgid: str | None = None
    msgid_plural: str | None = None


@dataclass(eq=False)
class PoEntry:
    """One entry. `msgstr` is keyed by the number of the plural form, with 0 alone where there is no plural.

    Change it by `change`, so that it is written anew; `line` is that of its `msgid` in the file, or 0.
    """

    msgid: str
    msgstr: dict[int, str]
    msgctxt: str | None = None
    msgid_plural: str | None = None
    comments: tuple[str, ...] = ()
    extracted: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    previous: Previous = Previous()
    obsolete: bool = False
    line: int = 0
    raw: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What a message is found by."""
        return self.msgctxt or "", self.msgid

    @property
    def fuzzy(self) -> bool:
        """Whether nobody has confirmed the translation."""
        return "fuzzy" in self.flags

    @property
    def translated(self) -> bool:
        """Whether it says anything, confirmed or not."""
        return any(self.msgstr.values())

    def change(self, **fields: Any) -> bool:
        """Set fields; says whether that changed any."""
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self.raw = None
        return bool(changed)

    def text(self) -> str:
        """The entry as it is written, with a line break at its end."""
        return self.raw if self.raw is not None else "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield from (f"#{comment}" for comment in self.comments)
        yield from (f"#. {comment}".rstrip() for comment in self.extracted)
        yield from (f"#: {reference}" for reference in self.references)
        if self.flags:
            yield f"#, {', '.join(self.flags)}"
        dead = "#~ " if self.obsolete else ""
        before = "#~| " if self.obsolete else "#| "
        for name in ("msgctxt", "msgid", "msgid_plural"):
            if (text := getattr(self.previous, name)) is not None:
                yield from (f"{before}{line}" for line in _written(name, text))
        for name in ("msgctxt", "msgid", "msgid_plural"):
            if (text := getattr(self, name)) is not None:
                yield from (f"{dead}{line}" for line in _written(name, text))
        for number, text in sorted(self.msgstr.items()):
            name = "msgstr" if self.msgid_plural is None else f"msgstr[{number}]"
            yield from (f"{dead}{line}" for line in _written(name, text))


@dataclass
class PoDocument:
    """A PO file: entries, and between them blank lines and comments that belong to none."""

    path: Path
    parts: list[PoEntry | str] = field(default_factory=list)
    newline: str = "\n"
    marked: bool = False  # with a byte order mark

    @property
    def entries(self) -> list[PoEntry]:
        """Every entry but the header, obsolete ones too."""
        header = self.header
        return [part for part in self.parts if isinstance(part, PoEntry) and part is not header]

    @property
    def header(self) -> PoEntry | None:
        """The entry with the metadata."""
        first = next((part for part in self.parts if isinstance(part, PoEntry)), None)
        return first if first is not None and first.key == ("", "") and not first.obsolete else None

    @property
    def metadata(self) -> Mapping[str, str]:
        """The header's fields."""
        lines = (self.header.msgstr.get(0, "") if self.header else "").splitlines()
        return {name.strip(): value.strip() for name, colon, value in (line.partition(":") for line in lines) if colon}

    def insert(self, entry: PoEntry, after: PoEntry | None) -> None:
        """Put an entry behind another, or behind the header."""
        after = after or self.header
        at = self.parts.index(after) + 1 if after is not None else 0
        self.parts[at:at] = ["\n", entry] if at else [entry, "\n"]

    def append(self, entry: PoEntry) -> None:
        """Put an entry at the end of the file."""
        if self.parts and not (isinstance(self.parts[-1], str) and not self.parts[-1].strip()):
            self.parts.append("\n")
        self.parts.append(entry)

    def remove(self, *entries: PoEntry) -> None:
        """Take entries out, each with the blank lines before it."""
        unwanted = set(map(id, entries))
        kept: list[PoEntry | str] = []
        for part in self.parts:
            if id(part) not in unwanted:
                kept.append(part)
            elif kept and isinstance(kept[-1], str) and not kept[-1].strip():
                kept.pop()
        self.parts = kept

    def text(self) -> str:
        """The file's text with plain line breaks."""
        return "".join(part if isinstance(part, str) else part.text() for part in self.parts)

    def data(self) -> bytes:
        """The file's bytes, in its own kind of line breaks."""
        text = self.text().replace("\n", self.newline)
        return (b"\xef\xbb\xbf" if self.marked else b"") + text.encode("utf-8")


def read_document(path: Path, strict: bool = True) -> PoDocument:
    """Read a PO file. Raises `PolyleafError` with every line that no PO file has, or that stands in the wrong place; if
    strict with every character that does not belong in a text as well.
    """
    with path.open("rb") as file:
        start = file.read(3)
    text = read_text(path, strict)
    newline = "\r\n" if "\r\n" in text else "\n"
    document = parse_document(text.replace("\r\n", "\n"), path)
    document.newline, document.marked = newline, start == b"\xef\xbb\xbf"
    return document


def parse_document(text: str, path: Path) -> PoDocument:
    """The entries of a PO file's text, whose line breaks are plain."""
    reader = _Reader(path)
    for number, line in enumerate(_LINES.findall(text), start=1):
        reader.take(line, number)
    reader.end()
    document = PoDocument(path, reader.parts)
    header = document.header
    names = [line.partition(":")[0].strip() for line in (header.msgstr.get(0, "") if header else "").splitlines()]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        reader.problems.add(f"the header says {name} twice", path, header.line if header else 1, "keep one of the two")
    reader.problems.raise_if_any()
    return document


def note_repeated(document: PoDocument, problems: Problems) -> None:
    """Note each message that is there twice, and each header but one at the top: gettext refuses both."""
    seen = set()
    for entry in document.entries:
        if entry.obsolete:
            continue
        if entry.key == ("", ""):
            hint = "keep one header, as the first entry"
            problems.add("a second header, or one that does not stand first", document.path, entry.line, hint)
        elif entry.key in seen:
            problems.add("the same message is there twice", document.path, entry.line, "keep one of the two")
        seen.add(entry.key)


class _Reader:
    """Reads line after line. A part of an entry is a list of strings, which lines below it can go on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts: list[PoEntry | str] = []
        self.problems = Problems()
        self._begin()

    def _begin(self) -> None:
        self._raw: list[str] = []
        self._found: dict[str, list[str]] = {}
        self._comments: dict[str, list[str]] = {}
        self._open: list[str] | None = None
        self._line = 0
        self._obsolete = False

    def take(self, line: str, number: int) -> None:
        text = line.strip()
        if not text:
            self.end()
            if self.parts and isinstance(self.parts[-1], str):
                self.parts[-1] += line
            else:
                self.parts.append(line)
            return
        mark = text[:2]
        if mark == "#~":
            self._statement(text[2:].lstrip(), number, obsolete=True)
        elif text.startswith("#|"):
            self._if_ended()
            self._previous(text[2:].lstrip(), number)
        elif text.startswith("#"):
            self._if_ended()
            self._comments.setdefault(mark if mark in ("#.", "#:", "#,", "#=") else "#", []).append(text)
            self._open = None
        else:
            self._statement(text, number, obsolete=False)
        self._raw.append(line)

    def _if_ended(self) -> None:
        """After a translation, a comment is the next entry's."""
        if any(name.startswith("msgstr") for name in self._found):
            self.end()

    def _previous(self, text: str, number: int) -> None:
        self._string(text, number, "before ")

    def _statement(self, text: str, number: int, obsolete: bool) -> None:
        if obsolete and text.startswith("|"):
            self._if_ended()
            self._previous(text[1:].lstrip(), number)
            return
        if begins := _BEGINS.match(text):
            self._if_ended()
            self._line = number if begins[0] == "msgid" else self._line
        self._obsolete |= obsolete
        self._string(text, number, "")

    def _string(self, text: str, number: int, prefix: str) -> None:
        if found := _FIELD.fullmatch(text):
            name = prefix + (f"{found[1]}[{found[2]}]" if found[2] else found[1])
            if name in self._found or (found[2] and found[1] != "msgstr") or self._misplaced(name):
                self.problems.add(f"the catalog does not parse: {_OUT_OF_PLACE}", self.path, number, _MEND)
            self._open = self._found.setdefault(name, [])
            self._open.append(found[3][1:-1])
        elif _STRING.fullmatch(text) and self._open is not None:
            self._open.append(text[1:-1])
        elif _STRING.fullmatch(text):
            self.problems.add(f"the catalog does not parse: {_OUT_OF_PLACE}", self.path, number, _MEND)
        else:
            self.problems.add(f"the catalog does not parse: {text[:60]}", self.path, number, _MEND)

    def _misplaced(self, name: str) -> bool:
        order = ("msgctxt", "msgid", "msgid_plural", "msgstr")
        if name.startswith("before "):
            return any(known in self._found for known in order)
        at = order.index(name.partition("[")[0])
        later = any(known.partition("[")[0] in order[at + 1 :] for known in self._found)
        plural = "msgid_plural" in self._found
        return (
            later
            or (at == 3 and ("msgid" not in self._found or plural != ("[" in name)))
            or (at == 2 and "msgid" not in self._found)
        )

    def end(self) -> None:
        """An entry is whole: keep it, or what there is in place of one."""
        if not self._raw:
            return
        raw = "".join(self._raw)
        if not self._found:
            self.parts.append(raw)
        elif "msgid" in self._found and any(name.startswith("msgstr") for name in self._found):
            self.parts.append(self._entry(raw if raw.endswith("\n") else f"{raw}\n"))
        else:
            line = self._line or 1
            self.problems.add("the catalog does not parse: a message without msgid or msgstr", self.path, line, _MEND)
        self._begin()

    def _entry(self, raw: str) -> PoEntry:
        texts = {name: _unescaped("".join(strings)) for name, strings in self._found.items()}
        forms = {int(name[7:-1] or 0): text for name, text in texts.items() if name.startswith("msgstr[")}
        comments = self._comments
        return PoEntry(
            texts["msgid"],
            forms or {0: texts["msgstr"]},
            texts.get("msgctxt"),
            texts.get("msgid_plural"),
            tuple(text[1:] for text in comments.get("#", ())),
            tuple(text[2:].strip() for text in comments.get("#.", ())),
            tuple(text[2:].strip() for text in comments.get("#:", ())),
            tuple(flag for text in comments.get("#,", ()) for flag in re.split(r"[,\s]+", text[2:].strip()) if flag),
            Previous(*(texts.get(f"before {name}") for name in ("msgctxt", "msgid", "msgid_plural"))),
            self._obsolete,
            self._line,
            raw,
        )


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def plain(found: re.Match[str]) -> str:
        code = found[1]
        if code[0] == "x" and len(code) > 1:
            return chr(int(code[1:], 16))
        return chr(int(code, 8)) if code[0] in "01234567" else _ESCAPES.get(code, code)

    return _ESCAPE.sub(plain, text)


_WRITTEN = {ord(plain): f"\\{code}" for code, plain in _ESCAPES.items()} | {ord("\\"): "\\\\", ord('"'): '\\"'}


def _written(name: str, text: str) -> Iterator[str]:
    """A string of a PO file: in one line, or one for every line of a text with several."""
    lines = text.split("\n")
    if len(lines) == 1 or (len(lines) == 2 and not lines[1]):
        yield f'{name} "{text.translate(_WRITTEN)}"'
        return
    yield f'{name} ""'
    for number, line in enumerate(lines):
        if number < len(lines) - 1:
            yield f'"{line.translate(_WRITTEN)}\\n"'
        elif line:
            yield f'"{line.translate(_WRITTEN)}"'
