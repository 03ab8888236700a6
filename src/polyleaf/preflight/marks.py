"""What a page paints, as marks: each an area, a line, a piece of text, an image or a gradient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from polyleaf.preflight.colour import Colour, Space
from polyleaf.preflight.geometry import Rect
from polyleaf.preflight.typeface import Font

Kind = Literal["fill", "stroke", "text", "image", "shading"]
Ink = float | Literal["damaged", "unknown"]
"""The most ink that a pixel of an image takes, 1 for a full plate; or why it cannot be said."""


@dataclass(frozen=True)
class Tagged:
    """What a structure element says of marked content: its place in the order of reading, and text in its stead."""

    place: int
    actual: str | None = None


@dataclass(frozen=True)
class Picture:
    """An image's pixels, and what is needed to look at them; `source` is the stream, None for an inline image."""

    across: int
    up: int
    bits: int
    space: Space
    is_mask: bool
    source: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Mark:
    """One thing that is painted: an area, a line, a piece of text, an image or a gradient.

    `box` is what is seen of it, in points from the page's bottom left. `size` is the type size or the width of a
    line as printed, in points, the resolution of an image in pixels per inch, or the shorter side of an area. `pieces`
    are the characters of each glyph, `missing` counts the glyphs that are .notdef, `unknown` those without characters.
    Text of one `block` was set together, from the left. `place` is that of its structure element in the order of
    reading, which counts from 1; 0 if it has none.
    """

    kind: Kind
    box: Rect
    colour: Colour
    overprints: bool = False
    size: float = 0.0
    font: Font | None = None
    pieces: tuple[str, ...] = ()
    missing: int = 0
    unknown: int = 0
    picture: Picture | None = None
    block: int = 0
    place: int = 0

    @property
    def text(self) -> str:
        """The characters of a piece of text, in the order in which they are painted."""
        return "".join(self.pieces)


@dataclass
class Painted:
    """All that a page paints, and how many operators were looked at for it.

    `blends` says what needs a blending space, `groups` are the spaces of transparency groups, `broken` is what could
    not be read.
    """

    marks: list[Mark] = field(default_factory=list)
    blends: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    operators: int = 0
