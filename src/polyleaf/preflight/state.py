"""The graphics state, and what its parameters and gradients hold (ISO 32000-1, 8.4, 9.3, 7.10, 11.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from polyleaf.preflight.colour import BLACK, Colour
from polyleaf.preflight.geometry import EVERYWHERE, IDENTITY, Matrix, Rect
from polyleaf.preflight.typeface import Font


@dataclass
class State:
    """The graphics state, with that of text (8.4, 9.3)."""

    ctm: Matrix = IDENTITY
    clip: Rect = EVERYWHERE
    fill: Colour = BLACK
    stroke: Colour = BLACK
    fill_pattern: Any = None
    stroke_pattern: Any = None
    line: float = 1.0
    fill_overprints: bool = False
    stroke_overprints: bool = False
    font: Font | None = None
    size: float = 0.0
    letter_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0


def floats(values: Any) -> tuple[float, ...]:
    """The numbers of an array or of operands; raises TypeError or ValueError for what is none."""
    return tuple(float(value) for value in values)


def blending(given: Any) -> Iterator[str]:
    """What in a graphics state makes paint shine through (11.3)."""
    if any(float(given.get(key, 1)) < 1 for key in ("/ca", "/CA")):
        yield "an opacity below 1"
    mode = given.get("/BM", pikepdf.Name.Normal)
    modes = [str(mode)] if isinstance(mode, pikepdf.Name) else [str(each) for each in mode]
    if any(name not in ("/Normal", "/Compatible") for name in modes):
        yield "a blend mode"
    if isinstance(given.get("/SMask"), pikepdf.Dictionary):
        yield "a soft mask"


def ends(function: Any, depth: int) -> list[tuple[float, ...]]:
    """The colours at the ends of a gradient and at its stops (7.10.3, 7.10.4)."""
    if function is None or depth > 4 or isinstance(function, pikepdf.Array):
        return []
    if int(function.get("/FunctionType", 0)) == 2:
        return [floats(function.get("/C0", (0,))), floats(function.get("/C1", (1,)))]
    return [end for part in function.get("/Functions", []) for end in ends(part, depth + 1)]
