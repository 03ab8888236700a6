"""Whether an SVG file is a plain picture: no scripts, nothing read from elsewhere, no text, true colours."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

_REFUSED = {"script", "foreignObject", "iframe", "handler"}
_MOVING = {"animate", "animateColor", "animateMotion", "animateTransform", "set"}
_TOLD = {"linearGradient", "radialGradient", "filter"}
"""What is referred to and draws nothing more each time."""
_TEXTS = {"text", "tspan", "textPath", "tref"}
_PAINTS = {"fill", "stroke", "color", "stop-color", "flood-color", "lighting-color"}
_NO_COLOURS = {"none", "inherit", "initial", "unset", "revert", "currentcolor", "context-fill", "context-stroke", ""}
_ELSEWHERE = re.compile(r"url\((?>\s*['\"]?\s*)(?!#|data:image/)|@import", re.IGNORECASE)
_DECLARED = re.compile(r"(?<![\w-])(fill|stroke|color|stop-color|flood-color|lighting-color)\s*:\s*([^;{}]*)")
_MARKED = re.compile(r"(?<![\w-])marker[\w-]*\s*:[^;{}]*url\(", re.IGNORECASE)
_FONT = re.compile(r"(?<![\w-])font-family\s*:\s*([^;{}]+)")
_REFERENCE = re.compile(r"url\([^)]*\)|icc-color\([^)]*\)|!\s*important", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PICTURE = re.compile(r"data:image/(png|jpe?g);base64,(.*)", re.DOTALL | re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_SIZE = re.compile(r"\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*(?:px|pt|pc|mm|cm|in|q|em|ex|rem|%|)\s*", re.IGNORECASE)
_INSIDE = re.compile(r"url\(\s*['\"]?#([^\s'\")]*)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SELECTOR = re.compile(r"[.#]?[\w-]+|\*")
_NAMESPACE = "http://www.w3.org/2000/svg"
_MOST_ELEMENTS = 20_000
"""How many elements a picture may draw, those counted that <use> repeats: some hundred make a logo."""
_DEEPEST = 100
"""How many elements may lie within one another, and repeat what repeats; programs that draw them go no deeper."""
_LARGEST = 1e6  # of a side, in whatever unit

PLAIN = "save it as a plain SVG, without scripts and with all that it needs inside"
_MARKERS = "turn it into paths: in Inkscape, Path > Stroke to Path; in Illustrator, Object > Expand"
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
    except (LookupError, ValueError):
        return Fault(f"its encoding is unknown on line {reader.parser.CurrentLineNumber}", "save it in UTF-8")
    if reader.root != f"{_NAMESPACE} svg":
        local = reader.root.rpartition(" ")[2]
        hint = f'write <svg xmlns="{_NAMESPACE}" ...>' if local == "svg" else PLAIN
        return Fault(f"it begins with <{local}>" + (" of no namespace" if local == "svg" else ""), hint)
    if not reader.found and reader.is_endless():
        much = (
            f"it draws more than {_MOST_ELEMENTS:,} elements, or more than {_DEEPEST} within one another or themselves"
        )
        return Fault(much, "simplify it: ungroup, and draw what is repeated once")
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

    name: str = ""
    of: list[str] = field(default_factory=list)
    chosen_by: tuple[str, ...] = ()
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
        self._by_style: dict[str, set[str]] = {}

    def is_endless(self) -> bool:
        """Whether more is drawn than is allowed, what is repeated counted each time, as in a picture within itself."""
        count, depth = _Count(self._by_id, self._by_style).of(self._whole)
        return count > _MOST_ELEMENTS or depth > _DEEPEST

    def _note(self, text: str, hint: str = PLAIN) -> None:
        self.found.append(Fault(f"{text} on line {self.parser.CurrentLineNumber}", hint))

    def _instruction(self, target: str) -> None:
        if target == "xml-stylesheet":
            self._note("a style sheet outside the file")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.root = self.root or name
        if not self._open and (wrong := _size_fault(attributes)):
            self._note(wrong, "save it anew: a drawing has a width and a height")
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
            style = _COMMENT.sub("", self._style)
            self._declarations(style)
            self._references(style)
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
        elif key.startswith("marker") and _INSIDE.search(value):
            self._note("a marker", _MARKERS)
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
        if _MARKED.search(style):
            self._note("a marker", _MARKERS)
        for name, value in _DECLARED.findall(style):
            self._colour(name, value)

    def _colour(self, name: str, value: str) -> None:
        from tinycss2.color5 import parse_color

        bare = _REFERENCE.sub("", value).strip()
        if bare.lower() not in _NO_COLOURS and parse_color(bare) is None:
            self._note(f"{name}: {value.strip()[:30]!r} is no colour", 'write it as "#0f5c6e"')

    def _references(self, style: str) -> None:
        """Note what a style sheet refers to, for all elements that a name in its selectors can mean."""
        for selectors, declared in _RULE.findall(style):
            if inside := _INSIDE.findall(declared):
                for name in _SELECTOR.findall(selectors):
                    self._by_style.setdefault(name, set()).update(inside)

    def _place(self, local: str, given: Mapping[str, str]) -> None:
        of = [name for value in given.values() for name in _INSIDE.findall(value)]
        if local == "use":
            of.append(given.get("href", "").removeprefix("#"))
        names = (local, "*", "#" + given.get("id", ""), *("." + name for name in given.get("class", "").split()))
        element = _Element(local, of, names)
        self._elements[-1].parts.append(element)
        self._elements.append(element)
        self._by_id.setdefault(given.get("id", ""), element)


def _size_fault(attributes: Mapping[str, str]) -> str:
    """What is wrong with the size of a drawing; empty where it has one, or leaves it to the page."""
    for name in ("width", "height"):
        if name in attributes and attributes[name].strip() != "auto" and not _is_size(attributes[name]):
            return f"the {name} {attributes[name][:30]!r} is no size"
    if "viewBox" in attributes:
        parts = attributes["viewBox"].replace(",", " ").split()
        numbers = [_SIZE.fullmatch(part) for part in parts]
        if len(parts) != 4 or not all(numbers) or not all(map(_is_size, parts[2:])):
            return f"the viewBox {attributes['viewBox'][:30]!r} is no area"
    return ""


def _is_size(text: str) -> bool:
    number = _SIZE.fullmatch(text)
    try:
        return number is not None and 0 < float(number[1]) <= _LARGEST
    except ValueError:
        return False


class _Count:
    """Counts what is drawn."""

    def __init__(self, by_id: Mapping[str, _Element], by_style: Mapping[str, set[str]]) -> None:
        self._by_id = by_id
        self._by_style = by_style
        self._known: dict[int, tuple[int, int]] = {}
        self._around: set[int] = set()

    def of(self, element: _Element) -> tuple[int, int]:
        """How many elements an element draws, itself and all that it repeats, and how many within one another.

        More than are allowed where it is inside itself, or too deep to look at.
        """
        key = id(element)
        if key in self._around or len(self._around) > _DEEPEST:
            return _MOST_ELEMENTS + 1, _DEEPEST + 1
        if key not in self._known:
            self._around.add(key)
            inside = [(0, 0), *map(self.of, self._drawn_by(element))]
            self._known[key] = 1 + sum(count for count, _ in inside), 1 + max(depth for _, depth in inside)
            self._around.discard(key)
        return self._known[key]

    def _drawn_by(self, element: _Element) -> Iterator[_Element]:
        yield from element.parts
        by_style = (self._by_style.get(name, ()) for name in element.chosen_by)
        for name in {*element.of, *chain.from_iterable(by_style)}:
            if name in self._by_id and self._by_id[name].name not in _TOLD:
                yield self._by_id[name]
