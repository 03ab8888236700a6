"""Whether an SVG file is a plain picture: no scripts, nothing read from elsewhere, no text, true colours."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

_REFUSED = {"script", "foreignObject", "iframe", "handler"}
_MOVING = {"animate", "animateColor", "animateMotion", "animateTransform", "set"}
_TEXTS = {"text", "tspan", "textPath", "tref"}
_PAINTS = {"fill", "stroke", "color", "stop-color", "flood-color", "lighting-color"}
_NO_COLOURS = {"none", "inherit", "initial", "unset", "revert", "currentcolor", "context-fill", "context-stroke", ""}
_ELSEWHERE = re.compile(r"url\(\s*['\"]?\s*(?!#|data:image/)|@import", re.IGNORECASE)
_DECLARED = re.compile(r"(?<![\w-])(fill|stroke|color|stop-color|flood-color|lighting-color)\s*:\s*([^;{}]*)")
_FONT = re.compile(r"(?<![\w-])font-family\s*:\s*([^;{}]+)")
_REFERENCE = re.compile(r"url\([^)]*\)|icc-color\([^)]*\)|!\s*important", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PICTURE = re.compile(r"data:image/(png|jpe?g);base64,(.*)", re.DOTALL | re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_NAMESPACE = "http://www.w3.org/2000/svg"
_MOST_ELEMENTS = 20_000
"""How many elements a picture may draw, those counted that <use> repeats: some hundred make a logo."""

PLAIN = "save it as a plain SVG, without scripts and with all that it needs inside"
_OUTLINES = "turn text into outlines: in Inkscape, Path > Object to Path; in Illustrator, Type > Create Outlines"


class Fault(NamedTuple):
    """What keeps a file from being used, and the way out."""

    reason: str
    hint: str = PLAIN


def fault(data: bytes, fault_of_picture: Callable[[bytes], str]) -> Fault | None:
    """What keeps the file from being used, with its line, or None. Its bytes are only read.

    `fault_of_picture` says the same of a PNG or JPEG file inside it, or nothing.
    """
    reader = _Reader(fault_of_picture)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        return Fault(f"{expat.errors.messages[error.code]} on line {error.lineno}")
    if reader.root != f"{_NAMESPACE} svg":
        local = reader.root.rpartition(" ")[2]
        hint = f'write <svg xmlns="{_NAMESPACE}" ...>' if local == "svg" else PLAIN
        return Fault(f"it begins with <{local}>" + (" of no namespace" if local == "svg" else ""), hint)
    if not reader.found and reader.drawn() > _MOST_ELEMENTS:
        return Fault(f"it draws more than {_MOST_ELEMENTS:,} elements", "simplify it")
    return reader.found[0] if reader.found else None


def with_view_box(data: bytes) -> bytes:
    """The picture with the viewBox that it needs to be drawn in another size, where it has a width and height alone."""
    found: list[tuple[int, Mapping[str, str]]] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append((parser.CurrentByteIndex + len(name) + 1, attributes))

    parser.StartElementHandler = start
    parser.Parse(data, True)
    at, attributes = found[0]
    width, height = (_LENGTH.fullmatch(attributes.get(name, "")) for name in ("width", "height"))
    if "viewBox" in attributes or width is None or height is None or not data[at : at + 1].isspace():
        return data
    return data[:at] + f' viewBox="0 0 {width[1]} {height[1]}"'.encode("ascii") + data[at:]


@dataclass
class _Element:
    """What of an element says how much is drawn."""

    of: str = ""
    parts: list[_Element] = field(default_factory=list)


class _Reader:
    """Notes what is wrong, element by element."""

    def __init__(self, fault_of_picture: Callable[[bytes], str]) -> None:
        self.found: list[Fault] = []
        self.root = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = lambda *declared: self._note("an entity")
        self.parser.ProcessingInstructionHandler = lambda target, content: self._instruction(target)
        self._fault_of_picture = fault_of_picture
        self._open: list[str] = []
        self._fonts: list[str] = []
        self._style = ""
        self._whole = _Element()
        self._elements = [self._whole]
        self._by_id: dict[str, _Element] = {}

    def drawn(self) -> int:
        """How many elements are drawn, those that are repeated each time; a picture within itself is endless."""
        return _count(self._whole, self._by_id, {}, set())

    def _note(self, text: str, hint: str = PLAIN) -> None:
        self.found.append(Fault(f"{text} on line {self.parser.CurrentLineNumber}", hint))

    def _instruction(self, target: str) -> None:
        if target == "xml-stylesheet":
            self._note("a style sheet outside the file")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.root = self.root or name
        self._open.append(local)
        given = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self._place(local, given)
        if local in _REFUSED:
            self._note(f"<{local}>")
        if local in _MOVING:
            self._note(f"it moves (<{local}>)", "save the picture as it stands still")
        style = given.get("style", "")
        font = _FONT.search(style)
        self._fonts.append(font[1] if font else given.get("font-family", self._fonts[-1] if self._fonts else ""))
        self._declarations(style)
        for key, value in given.items():
            self._attribute(key, value)

    def _end(self, name: str) -> None:
        if self._open.pop() == "style":
            self._declarations(_COMMENT.sub("", self._style))
            self._style = ""
        self._fonts.pop()
        self._elements.pop()

    def _characters(self, content: str) -> None:
        if "style" in self._open:
            self._style += content
            if _ELSEWHERE.search(self._style):
                self._note("an address outside the file")
        elif content.strip() and _TEXTS.intersection(self._open):
            font = self._fonts[-1].strip(" '\"") or "of the reader's choice"
            self._note(f'the text "{content.strip()[:30]}" in a font that readers may not have ({font})', _OUTLINES)

    def _attribute(self, key: str, value: str) -> None:
        if key.lower().startswith("on"):
            self._note(f"the attribute {key}")
        elif key in ("href", "src"):
            self._address(value.strip())
        elif _ELSEWHERE.search(value):
            self._note("an address outside the file in a style")
        elif key in _PAINTS:
            self._colour(key, value)

    def _address(self, value: str) -> None:
        if value.startswith("#"):
            return
        picture = _PICTURE.fullmatch(value)
        if picture is None:
            kind = (
                "a picture that is no PNG or JPEG" if value.startswith("data:image/") else "an address outside the file"
            )
            self._note(f"{kind}: {value[:40]}")
            return
        try:
            reason = self._fault_of_picture(b64decode(unquote_to_bytes(picture[2])))
        except binascii.Error:
            reason = "is damaged"
        if reason:
            self._note(f"a picture inside it {reason}")

    def _declarations(self, style: str) -> None:
        for name, value in _DECLARED.findall(style):
            self._colour(name, value)

    def _colour(self, name: str, value: str) -> None:
        from tinycss2.color5 import parse_color

        bare = _REFERENCE.sub("", value).strip()
        if bare.lower() not in _NO_COLOURS and parse_color(bare) is None:
            self._note(f"{name}: {value.strip()[:30]!r} is no colour", 'write it as "#0f5c6e"')

    def _place(self, local: str, given: Mapping[str, str]) -> None:
        element = _Element(given.get("href", "").removeprefix("#") if local == "use" else "")
        self._elements[-1].parts.append(element)
        self._elements.append(element)
        self._by_id.setdefault(given.get("id", ""), element)


def _count(element: _Element, by_id: Mapping[str, _Element], known: dict[int, int], around: set[int]) -> int:
    """How many elements an element draws, itself and all that it repeats; more than are allowed inside itself."""
    key = id(element)
    if key in around:
        return _MOST_ELEMENTS + 1
    if key not in known:
        around.add(key)
        known[key] = 1 + sum(_count(part, by_id, known, around) for part in _drawn_by(element, by_id))
        around.discard(key)
    return known[key]


def _drawn_by(element: _Element, by_id: Mapping[str, _Element]) -> Iterator[_Element]:
    yield from element.parts
    if element.of and element.of in by_id:
        yield by_id[element.of]
