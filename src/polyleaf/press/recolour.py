"""Puts inks in place of all colours of a PDF: in pages, forms, patterns, gradients, masks and pictures."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator, Pdf, Stream

from polyleaf.press.inks import Inks, Rgb

Use = Literal["text", "shape"]

_PAINTS_TEXT = {"BT"}
# A colour cannot be set between the start of a path and its painting (ISO 32000-1, 8.2).
_PAINTS_SHAPE = {"m", "re", "sh", "Do"}
_DEVICES = {"rg": "/DeviceRGB", "g": "/DeviceGray", "k": "/DeviceCMYK"}
_CHANNELS = {"/DeviceRGB": 3, "/CalRGB": 3, "/DeviceGray": 1, "/CalGray": 1, "/DeviceCMYK": 4, "/Lab": 3}


class Target(Protocol):
    """What colours become: inks, or in a mask the light that they let through."""

    space: Name
    fill: str
    stroke: str

    def of(self, space: str, values: Sequence[float], text: bool = False) -> Sequence[float]:
        """A colour, given in a space of PDF, in this one's."""


class _InInks:
    space, fill, stroke = Name.DeviceCMYK, "k", "K"

    def __init__(self, inks: Inks) -> None:
        self._inks = inks

    def of(self, space: str, values: Sequence[float], text: bool = False) -> Sequence[float]:
        match space:
            case "/DeviceCMYK":
                return self._inks.limited(values)
            case "/DeviceGray" | "/CalGray":
                return 0, 0, 0, round(1 - values[0], 4)
            case "/Lab":
                lightness, a, b = values
                return self._inks.of_lab(lightness, a, b, text)
        return self._inks.of(_rgb(values), text)


class _InLight:
    """The light of a colour, as a luminosity mask takes it from its group (ISO 32000-1, 11.5.3)."""

    space, fill, stroke = Name.DeviceGray, "g", "G"

    def of(self, space: str, values: Sequence[float], text: bool = False) -> Sequence[float]:
        match space:
            case "/DeviceGray" | "/CalGray":
                return (values[0],)
            case "/DeviceCMYK":
                cyan, magenta, yellow, black = values
                values = [1 - min(1, colour + black) for colour in (cyan, magenta, yellow)]
            case "/Lab":
                return (values[0] / 100,)
        red, green, blue = values
        return (round(0.3 * red + 0.59 * green + 0.11 * blue, 4),)


def _rgb(values: Sequence[float]) -> Rgb:
    red, green, blue = (max(0, min(255, round(value * 255))) for value in values)
    return red, green, blue


def recolour(pdf: Pdf, inks: Inks) -> None:
    """Convert every colour of a document, which then has no RGB left."""
    resources = [page.obj.get("/Resources", Dictionary()) for page in pdf.pages]
    masks = {_id(group) for found in resources for group in _mask_groups(found, set())}
    work = _Work(pdf, _InInks(inks), inks, frozenset(masks))
    for page, found in zip(pdf.pages, resources, strict=True):
        instructions = _recoloured(page, found, work.target)
        page.obj.Contents = compressed(pdf, pikepdf.unparse_content_stream(instructions))
        work.resources(found)


def compressed(pdf: Pdf, data: bytes, **entries: Any) -> Stream:
    """A stream whose bytes depend on nothing but its content and zlib."""
    return pdf.make_stream(zlib.compress(data, 9), Filter=Name.FlateDecode, **entries)


@dataclass
class _Work:
    """The walk through a document's resources, each once."""

    pdf: Pdf
    target: Target
    inks: Inks
    masks: frozenset[tuple[int, int]]
    done: set[tuple[int, int]] = field(default_factory=set)

    def resources(self, found: Any) -> None:
        if not self._first(found):
            return
        for state in found.get("/ExtGState", {}).values():
            _never_overprint(state)
            if group := _group_of_mask(state):
                self._form(group)
        for drawn in found.get("/XObject", {}).values():
            if self._is_form(drawn):
                self._form(drawn)
            elif self._first(drawn):
                _recolour_image(self.pdf, drawn, self.inks)
        for pattern in found.get("/Pattern", {}).values():
            if "/Shading" in pattern:
                self._shading(pattern.Shading, found)
            else:
                self._form(pattern)
        for shading in found.get("/Shading", {}).values():
            self._shading(shading, found)
        if "/ColorSpace" in found:
            del found["/ColorSpace"]  # nothing names one any more

    def _form(self, form: Any) -> None:
        """Convert a form or a tiling pattern, with all that it draws."""
        if not self._first(form):
            return
        inside = replace(self, target=_InLight()) if _id(form) in self.masks else self
        found = form.get("/Resources", Dictionary())
        instructions = _recoloured(form, found, inside.target)
        form.write(zlib.compress(pikepdf.unparse_content_stream(instructions), 9), filter=Name.FlateDecode)
        if "/Group" in form:
            form.Group.CS = inside.target.space
        inside.resources(found)

    def _shading(self, shading: Any, found: Any) -> None:
        if not self._first(shading):
            return
        space = _space(shading.ColorSpace, found)
        if space == str(self.target.space):
            return
        for function in _functions(shading.Function):
            for end in ("/C0", "/C1"):
                function[end] = Array(self.target.of(space, [float(value) for value in function[end]]))
        shading.ColorSpace = self.target.space

    def _first(self, thing: Any) -> bool:
        """Whether a shared object is seen for the first time."""
        if not thing.is_indirect:
            return True
        seen = _id(thing) in self.done
        self.done.add(_id(thing))
        return not seen

    def _is_form(self, drawn: Any) -> bool:
        return bool(drawn.get("/Subtype") == Name.Form)


def _id(thing: Any) -> tuple[int, int]:
    number, generation = thing.objgen
    return int(number), int(generation)


def _group_of_mask(state: Any) -> Any:
    mask = state.get("/SMask")
    return mask.get("/G") if isinstance(mask, Dictionary) else None


def _mask_groups(found: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    """The groups that are masks, in some resources and in all that these draw."""
    drawn = [*found.get("/XObject", {}).values(), *found.get("/Pattern", {}).values()]
    for state in found.get("/ExtGState", {}).values():
        if group := _group_of_mask(state):
            yield group
            drawn.append(group)
    for form in drawn:
        if "/Resources" in form and _id(form) not in seen:
            seen.add(_id(form))
            yield from _mask_groups(form.Resources, seen)


def _never_overprint(state: Any) -> None:
    """White that overprints is gone, and nothing here is drawn to overprint."""
    for key in ("/OP", "/op"):
        if key in state:
            state[key] = False


def _functions(function: Any) -> Iterator[Any]:
    """The exponential functions that a gradient interpolates with (ISO 32000-1, 7.10.3 and 7.10.4)."""
    if isinstance(function, Array):
        for part in function:
            yield from _functions(part)
    elif int(function.FunctionType) == 3:
        for part in function.Functions:
            yield from _functions(part)
    else:
        yield function


def _space(space: Any, found: Any) -> str:
    """The colour space that values are in: a device's, CalRGB, CalGray, Lab, or what is none of these."""
    spaces = found.get("/ColorSpace", {})
    if isinstance(space, Name) and str(space) in spaces:
        space = spaces[str(space)]
    if isinstance(space, Name):
        return str(space)
    if space[0] == Name.ICCBased:
        return {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}[int(space[1].N)]
    return str(space[0])


# Content streams ------------------------------------------------------------------------------------------------------


@dataclass
class _Colour:
    """A current colour: what the content asked for, and what was written for it."""

    space: str = "/DeviceGray"
    values: tuple[float, ...] | None = None
    written: tuple[float, ...] | None = None


def _recoloured(content: Any, found: Any, target: Target) -> list[Any]:
    """The instructions of a page, a form or a pattern in other colours.

    What a colour becomes depends on what it paints, so that it is set just before that.
    """
    output: list[Any] = []
    stack: list[tuple[_Colour, _Colour]] = []
    fill, stroke = _Colour(), _Colour()
    for instruction in pikepdf.parse_content_stream(content):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "q":
            stack.append((replace(fill), replace(stroke)))
        elif operator == "Q" and stack:
            fill, stroke = stack.pop()
        elif operator.lower() in (*_DEVICES, "cs", "sc", "scn"):
            colour = fill if operator.islower() else stroke
            if not _ask(colour, operator.lower(), list(operands), found):
                output.append(instruction)
            continue
        elif operator in _PAINTS_SHAPE or operator in _PAINTS_TEXT:
            output += _set(fill, target, target.fill, operator in _PAINTS_TEXT)
            output += _set(stroke, target, target.stroke, operator in _PAINTS_TEXT)
        output.append(instruction)
    return output


def _ask(colour: _Colour, operator: str, operands: Sequence[Any], found: Any) -> bool:
    """Note the colour that an instruction asks for. False where it stays as it is, since it asks for a pattern."""
    if operator == "cs":
        colour.space = _space(operands[0], found)
        colour.values = None if colour.space == "/Pattern" else _initial(colour.space)
    elif operator in _DEVICES:
        colour.space, colour.values = _DEVICES[operator], tuple(map(float, operands))
    elif colour.space != "/Pattern":
        colour.values = tuple(map(float, operands))
    if colour.space == "/Pattern":
        colour.written = None
    return colour.space != "/Pattern"


def _initial(space: str) -> tuple[float, ...]:
    """Black, which a space begins with (ISO 32000-1, 8.6.5)."""
    return (0, 0, 0, 1) if space == "/DeviceCMYK" else (0,) * _CHANNELS[space]


def _set(colour: _Colour, target: Target, operator: str, text: bool) -> list[Any]:
    """The instruction that sets a colour, unless it is set already."""
    if colour.values is None:
        return []
    values = tuple(target.of(colour.space, colour.values, text))
    if values == colour.written:
        return []
    colour.written = values
    return [ContentStreamInstruction([_number(value) for value in values], Operator(operator))]


def _number(value: float) -> Any:
    """A number as PDF writes it, with no more digits than a press can tell apart."""
    from decimal import Decimal

    return int(value) if value == int(value) else Decimal(f"{value:.4f}").normalize()


# Pictures -------------------------------------------------------------------------------------------------------------


def _recolour_image(pdf: Pdf, image: Any, inks: Inks) -> None:
    """Convert a picture. Its mask, and what is black and white or grey, stays as it is."""
    if image.get("/ImageMask", False) or image.get("/ColorSpace") in (None, Name.DeviceGray):
        return
    picture = pikepdf.PdfImage(image).as_pil_image()
    if picture.mode in ("1", "L"):
        return
    converted = inks.image(picture)
    image.write(zlib.compress(converted.tobytes(), 9), filter=Name.FlateDecode)
    image.ColorSpace = Name.DeviceGray if converted.mode == "L" else Name.DeviceCMYK
    image.BitsPerComponent = 8
    for key in ("/Decode", "/DecodeParms", "/Intent"):
        if key in image:
            del image[key]
