"""The formats that themes make, and the sheets of those that are folded."""

from __future__ import annotations

from collections.abc import Sequence

FORMATS = ("web", "a4", "large-print", "a5-booklet", "trifold")
DEFAULT_FORMATS = ("web", "a4")
"""What a project has built where its configuration names none."""
ON_PAPER = FORMATS[1:]

BOOKLET = "a5-booklet"
MOST_PAGES_OF_BOOKLET = 16

PANELS = 6
"""The panels of a leaflet that is folded twice, three on each side of its sheet."""
_A4, _LETTER = (210.0, 297.0), (215.9, 279.4)
SIZES_MM = {
    "a4": {"A4": _A4, "Letter": _LETTER},
    "large-print": {"A4": _A4, "Letter": _LETTER},
    "a5-booklet": {"A4": (148.0, 210.0), "Letter": (139.7, 215.9)},
    "a5-booklet.imposed": {"A4": (296.0, 210.0), "Letter": (279.4, 215.9)},
    "trifold": {"A4": _A4[::-1], "Letter": _LETTER[::-1]},
}
"""Width and height of the pages of each format after cutting, by the paper of the territory (ISO 216, ANSI Y14.1).

A booklet that is imposed has two pages side by side.
"""
_FLAP = 97 / 297  # of the sheet: the panel that is folded in is narrower, or the sheet would bulge
_FLAPS = (2, 5)


Pair = tuple[int, int]


def sheet_sides(pages: int, direction: str) -> tuple[Pair, ...]:
    """The page numbers on the sheets of a booklet from left to right: front and back, the outermost sheet first.

    It is bound on the left where it is read from left to right, and the other way round. A number beyond the pages that
    there are is a blank one: a sheet has four.
    """
    last = -(-pages // 4) * 4
    sheets = (((last + 1 - first, first), (first + 1, last - first)) for first in range(1, last // 2, 2))
    bound_left = [side for sheet in sheets for side in sheet]
    return tuple(bound_left if direction == "ltr" else ((right, left) for left, right in bound_left))


def creep_mm(sheet: int, thickness: float) -> float:
    """How far the pages of a booklet's sheet move towards the spine, in mm. Sheets count from 0, the outermost.

    Folded sheets lie in one another: where a sheet lies in three others, its fold is three thicknesses of paper further
    inside than theirs, and its leaves stand out three thicknesses further at the fore edge. There one cut makes all
    leaves even, so its pages have lost as much. What they show moves with the fold, and is as far from that cut as on
    the outermost sheet. That is for sharp folds. Sheets that bend in half circles creep half of pi times as far, which
    is 0.2 mm more in the middle of sixteen pages, less than a cut is exact.
    """
    return sheet * thickness


def panel_widths_mm(paper: str) -> tuple[float, ...]:
    """The widths of the panels in reading order: cover, flap, three inside, and the back.

    The flap lies behind the last panel inside, so these two are the narrow ones.
    """
    width = SIZES_MM["trifold"][paper][0]
    flap = round(width * _FLAP, 2)
    return tuple(flap if number in _FLAPS else round((width - flap) / 2, 2) for number in range(1, PANELS + 1))


def sides(direction: str) -> tuple[Sequence[int], Sequence[int]]:
    """The numbers of the panels outside and inside, each from left to right as they are printed.

    The flap has the last panel inside behind it. A leaflet that is read from right to left opens the other way.
    """
    outside, inside = (2, 6, 1), (3, 4, 5)
    return (outside, inside) if direction == "ltr" else (outside[::-1], inside[::-1])


def folds_mm(paper: str, direction: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """How far from the left edge the two folds are, outside and inside."""
    widths = panel_widths_mm(paper)
    outside, inside = ([widths[number - 1] for number in side] for side in sides(direction))
    return (outside[0], outside[0] + outside[1]), (inside[0], inside[0] + inside[1])
