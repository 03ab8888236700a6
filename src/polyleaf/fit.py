"""Copyfitting: the largest type in which an edition fills two or four pages."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from polyleaf.html import Sheet
from polyleaf.pdf import Layout

SMALLEST_PT = 11
PAGES = (2, 4)
_FEWEST_NOTES = 6
_NOTES_LINE_MM = 9
_NOTES_HEADING_MM = 18

LADDER = (
    Sheet(size=12, leading=1.42, gap=1),
    Sheet(size=12, leading=1.34, gap=0.65),
    Sheet(size=12, leading=1.34, gap=0.65, roomy=False),
    Sheet(size=12, leading=1.34, gap=0.65, roomy=False, whole=False),
    Sheet(size=11.5, leading=1.34, gap=0.65, roomy=False),
    Sheet(size=11.5, leading=1.34, gap=0.65, roomy=False, whole=False),
    Sheet(size=SMALLEST_PT, leading=1.36, gap=0.7, roomy=False),
    Sheet(size=SMALLEST_PT, leading=1.32, gap=0.6, roomy=False, whole=False),
)
"""From what is most comfortable to read to what is still allowed."""


def fit(lay: Callable[[Sheet], Layout]) -> tuple[Sheet, Layout] | int:
    """The largest type, and of that a comfortable sheet, that gives two or four pages; else how many it takes.

    A type size is asked by its densest sheet first: where that does not fit, no other does, and where it does, halving
    finds the most comfortable one in two or three layouts. An edition of one or three pages gets a back page, with the
    address and lines for notes, unless another sheet of the same size saves it. One that fits no sheet is refused,
    rather than set in type too small to read.
    """
    fewest = 0
    for _, group in groupby(LADDER, key=lambda sheet: sheet.size):
        *looser, densest = group
        tried = {densest: lay(densest)}
        fewest = min(fewest or tried[densest].pages, tried[densest].pages)
        if fewest > PAGES[-1]:
            continue

        def fills(sheet: Sheet, tried: dict[Sheet, Layout] = tried) -> bool:
            tried[sheet] = lay(sheet)
            return tried[sheet].pages in PAGES

        chosen = [*looser, densest][bisect_left(looser, True, key=fills)]
        if tried[chosen].pages in PAGES:
            return _with_notes(chosen, tried[chosen], lay)
        if any(layout.pages + 1 in PAGES for layout in tried.values()):
            for sheet in (replace(sheet, back_page=True) for sheet in (*looser, densest)):
                layout = lay(sheet)
                if layout.pages in PAGES:
                    return _with_notes(sheet, layout, lay)
    return fewest


def _with_notes(sheet: Sheet, layout: Layout, lay: Callable[[Sheet], Layout]) -> tuple[Sheet, Layout]:
    """A last page that would be half empty gets lines to write on; a little room stays for a longer imprint."""
    lines = int((layout.free_mm - _NOTES_HEADING_MM) / _NOTES_LINE_MM) - 1
    if lines < _FEWEST_NOTES:
        return sheet, layout
    noted = replace(sheet, notes=lines)
    with_notes = lay(noted)
    return (noted, with_notes) if with_notes.pages == layout.pages else (sheet, layout)
