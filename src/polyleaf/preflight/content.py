"""What a page paints: its content stream read as marks, each with its place, colour and font (ISO 32000-1, 8 and 9)."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pikepdf

from polyleaf.preflight.colour import CMYK, GREY, RGB, UNKNOWN, Colour, Space, space_of
from polyleaf.preflight.geometry import (
    EVERYWHERE,
    IDENTITY,
    Point,
    Rect,
    around,
    as_matrix,
    moved,
    scales,
    times,
)
from polyleaf.preflight.marks import Mark, Painted, Picture, Tagged
from polyleaf.preflight.state import State, blending, ends, floats
from polyleaf.preflight.typeface import Font, Fonts

_MOST = 500_000  # operators of a page that are looked at: seconds
_LONGEST = 16 * 1024**2  # bytes of content
_TOO_MUCH = "more is drawn than can be looked at"
_NESTED = "forms are nested without end"
ENDLESS = frozenset((_TOO_MUCH, _NESTED))
"""What `Painted.broken` says of a page whose reading had to be broken off."""
_FORM = 50  # operators that it takes as long as to begin a form
_DEEPEST = 16  # forms within forms: beyond that it is a loop, or made to hurt
BROKEN = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError, pikepdf.PdfError)
"""What a malformed operand or object makes Python say. The operator is skipped, as viewers do."""


@dataclass
class _Path:
    points: list[Point] = field(default_factory=list)
    clips: bool = False


def painted(page: Any, crop: Rect, fonts: Fonts, tagged: Mapping[int, Tagged]) -> Painted:
    """What a page paints inside a rectangle, its annotations too.

    `tagged` is what the structure says of the content of a number (MCID).
    """
    found = Painted()
    reader = _Reader(found, fonts, tagged)
    reader.state.clip = crop
    reader.read(page, page.get("/Resources"))
    notes = page.get("/Annots")
    for note in notes if isinstance(notes, pikepdf.Array) else ():
        reader.state = State(clip=crop)
        reader.paint_annotation(note)
    return found


def without_source(text: str) -> str:
    """A message of qpdf's without its own name for what it reads."""
    return re.sub(r"^(WARNING: )?[^:]*?(<[^>]*>|stream[^:(]*)\s*(\([^)]*\))?:\s*", "", text)


class _Reader:
    """Goes through content streams, operator by operator."""

    def __init__(self, found: Painted, fonts: Fonts, tagged: Mapping[int, Tagged]) -> None:
        self.found = found
        self.state = State()
        self._fonts = fonts
        self._tagged = tagged
        self._stack: list[State] = []
        self._floor = self._marked_floor = 0
        self._path = _Path()
        self._line_matrix = self._matrix = IDENTITY
        self._block = 0
        self._instead: list[str | None] = []
        self._places: list[int] = []
        self._depth = 0
        self._lenient = 0
        self._resources: Any = None

    def read(self, stream: Any, resources: Any) -> None:
        """Read one stream; the resources are those that its names stand for."""
        outer, self._resources = self._resources, resources
        floor, self._floor = self._floor, len(self._stack)
        marked, self._marked_floor = self._marked_floor, len(self._instead)
        try:
            instructions = pikepdf.parse_content_stream(stream) if self._can_be_read(stream) else []
        except BROKEN as error:
            self.found.broken.add(without_source(str(error)))
            instructions = []
        for instruction in instructions:
            if self.found.operators >= _MOST:
                self.found.broken.add(_TOO_MUCH)
                break
            self.found.operators += 1
            self._do(instruction)
        del self._stack[self._floor :], self._instead[self._marked_floor :], self._places[self._marked_floor :]
        self._resources, self._floor, self._marked_floor = outer, floor, marked

    def _can_be_read(self, stream: Any) -> bool:
        """Whether a stream, or those of a page, are short enough; longer ones take memory many times their length."""
        if not isinstance(stream, pikepdf.Stream):
            contents = stream.get("/Contents")
            parts = contents if isinstance(contents, pikepdf.Array) else [contents]
        else:
            parts = [stream]
        length = 0
        for part in parts:
            length += len(part.read_bytes()) if isinstance(part, pikepdf.Stream) else 0
            if length > _LONGEST:
                self.found.broken.add(_TOO_MUCH)
                return False
        return True

    def _do(self, instruction: Any) -> None:
        operator = bytes(instruction.operator).decode("latin-1")
        try:
            if operator == "INLINE IMAGE":
                self._inline(instruction.iimage)
            elif action := _ACTIONS.get(operator):
                action(self, *instruction.operands)
            elif operator not in _UNSEEN and not self._lenient:
                self.found.broken.add(f"no operator is called {operator!r}")
        except BROKEN as error:
            self.found.broken.add(f"{operator}: {type(error).__name__}")

    # Graphics state ---------------------------------------------------------------------------------------------------

    def save(self) -> None:
        self._stack.append(copy.copy(self.state))

    def restore(self) -> None:
        if len(self._stack) > self._floor:  # a form cannot undo what was saved outside of it
            self.state = self._stack.pop()

    def concatenate(self, *numbers: Any) -> None:
        self.state.ctm = times(as_matrix(numbers), self.state.ctm)

    def line_width(self, width: Any) -> None:
        self.state.line = float(width)

    def parameters(self, name: Any) -> None:
        """An ExtGState (8.4.5). `op` is `OP` where it is left out."""
        given = self._resource("/ExtGState", name)
        if "/LW" in given:
            self.state.line = float(given["/LW"])
        if "/OP" in given:
            self.state.stroke_overprints = bool(given["/OP"])
            self.state.fill_overprints = bool(given.get("/op", given["/OP"]))
        elif "/op" in given:
            self.state.fill_overprints = bool(given["/op"])
        if "/Font" in given:
            self.state.font, self.state.size = self._fonts.of(given["/Font"][0]), float(given["/Font"][1])
        self.found.blends.update(blending(given))

    def _resource(self, kind: str, name: Any) -> Any:
        return self._resources[kind][str(name)]

    # Colour -----------------------------------------------------------------------------------------------------------

    def choose_fill(self, name: Any) -> None:
        space = space_of(name, self._resources)
        self.state.fill, self.state.fill_pattern = Colour(space, space.first), None

    def choose_stroke(self, name: Any) -> None:
        space = space_of(name, self._resources)
        self.state.stroke, self.state.stroke_pattern = Colour(space, space.first), None

    def set_fill(self, *parts: Any) -> None:
        self.state.fill, self.state.fill_pattern = self._set(self.state.fill, parts)

    def set_stroke(self, *parts: Any) -> None:
        self.state.stroke, self.state.stroke_pattern = self._set(self.state.stroke, parts)

    def _set(self, current: Colour, parts: Sequence[Any]) -> tuple[Colour, Any]:
        if parts and isinstance(parts[-1], pikepdf.Name):
            return Colour(current.space, floats(parts[:-1])), self._resource("/Pattern", parts[-1])
        return Colour(current.space, floats(parts)), None

    def fill_in(self, space: Space, *parts: Any) -> None:
        self.state.fill, self.state.fill_pattern = Colour(space, floats(parts)), None

    def stroke_in(self, space: Space, *parts: Any) -> None:
        self.state.stroke, self.state.stroke_pattern = Colour(space, floats(parts)), None

    # Paths ------------------------------------------------------------------------------------------------------------

    def point(self, *numbers: Any) -> None:
        """A point of a path; those that bend a curve count too: the curve lies between them."""
        values = floats(numbers)
        for pair in zip(values[::2], values[1::2], strict=True):
            self._path.points.append(moved(pair, self.state.ctm))

    def rectangle(self, left: Any, bottom: Any, width: Any, height: Any) -> None:
        x, y, w, h = floats((left, bottom, width, height))
        self._path.points += [moved(corner, self.state.ctm) for corner in Rect(x, y, x + w, y + h).corners]

    def clip(self) -> None:
        self._path.clips = True

    def paint_fill(self) -> None:
        self._paint("fill")

    def paint_stroke(self) -> None:
        self._paint("stroke")

    def paint_both(self) -> None:
        self._paint("fill", "stroke")

    def end_path(self) -> None:
        self._paint()

    def _paint(self, *kinds: Literal["fill", "stroke"]) -> None:
        path, self._path = self._path, _Path()
        if not path.points:
            return
        whole = around(path.points)
        for kind in kinds:
            width = self.state.line * min(scales(self.state.ctm)) if kind == "stroke" else 0.0
            if seen := whole.grown(width / 2).meet(self.state.clip):
                size = width if kind == "stroke" else min(whole.width, whole.height)
                self._add_area(kind, seen, size)
        if path.clips:
            self.state.clip = whole.meet(self.state.clip) or Rect(whole.left, whole.bottom, whole.left, whole.bottom)

    def _add_area(self, kind: Literal["fill", "stroke"], box: Rect, size: float) -> None:
        stroke = kind == "stroke"
        pattern = self.state.stroke_pattern if stroke else self.state.fill_pattern
        colour = self.state.stroke if stroke else self.state.fill
        over = self.state.stroke_overprints if stroke else self.state.fill_overprints
        if pattern is None:
            self.found.marks.append(Mark(kind, box, colour, over, size))
        elif int(pattern.get("/PatternType", 1)) == 2:
            self._add_shading(pattern["/Shading"], box)
        else:
            self._tile(pattern, box)

    def _tile(self, pattern: Any, box: Rect) -> None:
        """A tiling pattern, looked at once: its cell is taken to fill the whole area."""
        apart = replace(self.found, marks=[])
        inner = _Reader(apart, self._fonts, {})
        inner._depth = self._depth + 1
        if inner._depth > _DEEPEST:
            self.found.broken.add(_NESTED)
            return
        x, y = scales(as_matrix(pattern.get("/Matrix", IDENTITY)))
        inner.state = State(ctm=(x, 0, 0, y, 0, 0))
        inner.read(pattern, pattern.get("/Resources"))
        self.found.operators = apart.operators
        for mark in apart.marks:
            self.found.marks.append(replace(mark, box=box))

    def shade(self, name: Any) -> None:
        if self.state.clip is not EVERYWHERE:
            self._add_shading(self._resource("/Shading", name), self.state.clip)

    def _add_shading(self, shading: Any, box: Rect) -> None:
        space = space_of(shading["/ColorSpace"], self._resources)
        for parts in ends(shading.get("/Function"), 0) or [space.first]:
            self.found.marks.append(Mark("shading", box, Colour(space, parts)))

    # Forms and images -------------------------------------------------------------------------------------------------

    def do(self, name: Any) -> None:
        made = self._resource("/XObject", name)
        if str(made.get("/Subtype")) == "/Image":
            self._image(made)
        elif str(made.get("/Subtype")) == "/Form":
            self._form(made)

    def _image(self, made: Any) -> None:
        is_mask = bool(made.get("/ImageMask", False))
        if "/SMask" in made:
            self.found.blends.add("a soft mask")
        space = (
            GREY if is_mask else space_of(made["/ColorSpace"], self._resources) if "/ColorSpace" in made else UNKNOWN
        )
        bits = 1 if is_mask else int(made.get("/BitsPerComponent", 8))
        self._add_image(Picture(int(made["/Width"]), int(made["/Height"]), bits, space, is_mask, made))

    def _inline(self, image: Any) -> None:
        made = image.obj
        is_mask = bool(image.image_mask)
        named = made.get("/ColorSpace", made.get("/CS"))
        space = GREY if is_mask or named is None else space_of(named, self._resources)
        bits = 1 if is_mask else int(image.bits_per_component)
        self._add_image(Picture(int(image.width), int(image.height), bits, space, is_mask))

    def _add_image(self, picture: Picture) -> None:
        whole = around(moved(corner, self.state.ctm) for corner in Rect(0, 0, 1, 1).corners)
        if seen := whole.meet(self.state.clip):
            colour = self.state.fill if picture.is_mask else Colour(picture.space, ())
            width, height = scales(self.state.ctm)
            resolution = 72 * min(picture.across / (width or math.inf), picture.up / (height or math.inf))
            over = picture.is_mask and self.state.fill_overprints
            self.found.marks.append(Mark("image", seen, colour, over, resolution, picture=picture))

    def _form(self, made: Any) -> None:
        """A form is painted in its own coordinates, within its box, and leaves the state as it was (8.10)."""
        if self._depth >= _DEEPEST:
            self.found.broken.add(_NESTED)
            return
        if "/Group" in made and "/CS" in made["/Group"]:
            self.found.groups.add(space_of(made["/Group"]["/CS"], made.get("/Resources")).family)
        self.found.operators += _FORM
        self.save()
        self._depth += 1
        self.state.ctm = times(as_matrix(made.get("/Matrix", IDENTITY)), self.state.ctm)
        left, bottom, right, top = floats(made["/BBox"])
        box = around(moved(corner, self.state.ctm) for corner in Rect(left, bottom, right, top).corners)
        seen = box.meet(self.state.clip)
        if seen:
            self.state.clip = seen
            text = self._line_matrix, self._matrix
            self.read(made, made.get("/Resources", self._resources))
            self._line_matrix, self._matrix = text
        self._depth -= 1
        self.restore()

    def paint_annotation(self, note: Any) -> None:
        """The appearance of an annotation that is printed, at its place (12.5.5)."""
        try:
            look = note["/AP"]["/N"]
            if not isinstance(look, pikepdf.Stream):
                look = look[str(note["/AS"])]
            rect, box = floats(note["/Rect"]), floats(look["/BBox"])
            x = (rect[2] - rect[0]) / ((box[2] - box[0]) or 1)
            y = (rect[3] - rect[1]) / ((box[3] - box[1]) or 1)
            self.state.ctm = (x, 0, 0, y, rect[0] - x * box[0], rect[1] - y * box[1])
            self._form(look)
        except BROKEN:
            return  # most annotations, such as links, show nothing

    # Text -------------------------------------------------------------------------------------------------------------

    def begin_text(self) -> None:
        self._line_matrix = self._matrix = IDENTITY
        self._block += 1

    def font(self, name: Any, size: Any) -> None:
        self.state.size = float(size)
        self.state.font = self._fonts.of(self._resource("/Font", name))

    def place_text(self, *numbers: Any) -> None:
        self._line_matrix = self._matrix = as_matrix(numbers)

    def next_line(self, x: Any, y: Any) -> None:
        self._line_matrix = self._matrix = times((1, 0, 0, 1, float(x), float(y)), self._line_matrix)

    def next_line_leading(self, x: Any, y: Any) -> None:
        self.state.leading = -float(y)
        self.next_line(x, y)

    def line_down(self) -> None:
        self.next_line(0, -self.state.leading)

    def show_next(self, text: Any) -> None:
        self.line_down()
        self.show(text)

    def show_spaced(self, words: Any, letters: Any, text: Any) -> None:
        self.state.word_space, self.state.letter_space = float(words), float(letters)
        self.show_next(text)

    def show(self, text: Any) -> None:
        self.show_all([text])

    def show_all(self, parts: Any) -> None:
        """Strings, with numbers between them that move the next one back (9.4.3)."""
        state, font = self.state, self.state.font
        if font is None:
            return
        along = 0.0
        codes: list[int] = []
        for part in parts:
            if not isinstance(part, pikepdf.String):
                along -= float(part) / 1000 * state.size * state.stretch
                continue
            shown = list(font.codes(bytes(part)))
            spaces = 0 if font.composite else shown.count(32)
            spaced = len(shown) * state.letter_space + spaces * state.word_space
            along += (sum(map(font.width, shown)) / 1000 * state.size + spaced) * state.stretch
            codes += shown
        self._add_text(font, codes, along)
        self._matrix = times((1, 0, 0, 1, along, 0), self._matrix)

    def _add_text(self, font: Font, codes: Sequence[int], along: float) -> None:
        state = self.state
        visible = times(self._matrix, state.ctm)
        low, high = state.rise - 0.22 * state.size, state.rise + 0.75 * state.size
        box = around(moved(corner, visible) for corner in Rect(0, low, along, high).corners)
        seen = box.meet(state.clip)
        if seen is None or state.mode in (3, 7) or not codes:
            return
        pieces = tuple(map(font.text, codes))
        missing = sum(map(font.is_notdef, codes))
        unknown = 0 if self._replaced else sum(not piece for piece in pieces)
        if self._replaced:
            pieces = (self._stand_in(),)
        stroked = state.mode in (1, 5)
        colour = state.stroke if stroked else state.fill
        over = state.stroke_overprints if stroked else state.fill_overprints
        size = state.size * scales(visible)[1]
        self.found.marks.append(
            Mark("text", seen, colour, over, size, font, pieces, missing, unknown, block=self._block, place=self._place)
        )

    # Marked content ---------------------------------------------------------------------------------------------------

    @property
    def _replaced(self) -> bool:
        return any(text is not None for text in self._instead)

    def _stand_in(self) -> str:
        """The text in whose place something is shown, once: the rest of what is shown has none left."""
        at = next(at for at, text in enumerate(self._instead) if text is not None)
        text, self._instead[at] = self._instead[at], ""
        return text or ""

    @property
    def _place(self) -> int:
        return next((place for place in reversed(self._places) if place), 0)

    def begin_marked(self, tag: Any, properties: Any = None) -> None:
        self._instead.append(None)  # an EMC ends it, whatever is wrong with its properties
        self._places.append(0)
        if isinstance(properties, pikepdf.Name):
            properties = self._resources.get("/Properties", {}).get(str(properties))
        given: Any = properties if isinstance(properties, pikepdf.Dictionary) else {}
        number = given.get("/MCID")
        tagged = None if number is None or self._depth else self._tagged.get(int(number))
        actual = tagged.actual if tagged else None
        self._instead[-1] = str(given["/ActualText"]) if "/ActualText" in given else actual
        self._places[-1] = tagged.place if tagged else 0

    def be_lenient(self, by: int) -> None:
        """BX and EX: operators of newer versions may stand between them (7.8.2)."""
        self._lenient = max(self._lenient + by, 0)

    def end_marked(self) -> None:
        if len(self._instead) > self._marked_floor:  # a form cannot end what was begun outside of it
            self._instead.pop()
            self._places.pop()


_ACTIONS: Mapping[str, Callable[..., None]] = {
    "q": _Reader.save,
    "Q": _Reader.restore,
    "cm": _Reader.concatenate,
    "w": _Reader.line_width,
    "gs": _Reader.parameters,
    "cs": _Reader.choose_fill,
    "CS": _Reader.choose_stroke,
    "sc": _Reader.set_fill,
    "scn": _Reader.set_fill,
    "SC": _Reader.set_stroke,
    "SCN": _Reader.set_stroke,
    "g": lambda reader, *parts: reader.fill_in(GREY, *parts),
    "rg": lambda reader, *parts: reader.fill_in(RGB, *parts),
    "k": lambda reader, *parts: reader.fill_in(CMYK, *parts),
    "G": lambda reader, *parts: reader.stroke_in(GREY, *parts),
    "RG": lambda reader, *parts: reader.stroke_in(RGB, *parts),
    "K": lambda reader, *parts: reader.stroke_in(CMYK, *parts),
    "m": _Reader.point,
    "l": _Reader.point,
    "c": _Reader.point,
    "v": _Reader.point,
    "y": _Reader.point,
    "re": _Reader.rectangle,
    "W": _Reader.clip,
    "W*": _Reader.clip,
    "S": _Reader.paint_stroke,
    "s": _Reader.paint_stroke,
    "f": _Reader.paint_fill,
    "F": _Reader.paint_fill,
    "f*": _Reader.paint_fill,
    "B": _Reader.paint_both,
    "B*": _Reader.paint_both,
    "b": _Reader.paint_both,
    "b*": _Reader.paint_both,
    "n": _Reader.end_path,
    "sh": _Reader.shade,
    "Do": _Reader.do,
    "BT": _Reader.begin_text,
    "Tf": _Reader.font,
    "Tm": _Reader.place_text,
    "Td": _Reader.next_line,
    "TD": _Reader.next_line_leading,
    "T*": _Reader.line_down,
    "Tj": _Reader.show,
    "TJ": _Reader.show_all,
    "'": _Reader.show_next,
    '"': _Reader.show_spaced,
    "Tc": lambda reader, value: setattr(reader.state, "letter_space", float(value)),
    "Tw": lambda reader, value: setattr(reader.state, "word_space", float(value)),
    "Tz": lambda reader, value: setattr(reader.state, "stretch", float(value) / 100),
    "TL": lambda reader, value: setattr(reader.state, "leading", float(value)),
    "Ts": lambda reader, value: setattr(reader.state, "rise", float(value)),
    "Tr": lambda reader, value: setattr(reader.state, "mode", int(value)),
    "BMC": _Reader.begin_marked,
    "BDC": _Reader.begin_marked,
    "EMC": _Reader.end_marked,
    "BX": lambda reader: reader.be_lenient(1),
    "EX": lambda reader: reader.be_lenient(-1),
}
_UNSEEN = frozenset(["ET", "i", "ri", "J", "j", "M", "d", "h", "MP", "DP", "d0", "d1"])
"""The operators that change nothing of what is looked at here."""
