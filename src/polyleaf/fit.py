"""Copyfitting: the largest type in which an edition fills two or four pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from polyleaf.html import Sheet
from polyleaf.pdf import Layout

SMALLEST_PT = 11
PAGES = (2, 4)

LADDER = (
    Sheet(size=12, leading=1.42, gap=0.95),
    Sheet(size=12, leading=1.36, gap=0.75),
    Sheet(size=11.5, leading=1.36, gap=0.75),
    Sheet(size=SMALLEST_PT, leading=1.36, gap=0.7),
)
"""From what is most comfortable to read to what is still allowed."""


def fit(lay: Callable[[Sheet], Layout]) -> tuple[Sheet, Layout] | int:
    """The first sheet that gives an even number of pages, with its layout; else how many pages it takes at least.

    An edition of one or three pages gets its back page for the address and for notes; one that fits no sheet is
    refused, rather than set in type too small to read.
    """
    fewest = 0
    for sheet in _attempts():
        layout = lay(sheet)
        if layout.pages == sheet.pages:
            return sheet, layout
        if layout.pages in PAGES:  # the lines for notes go with the last page
            sheet = replace(sheet, pages=layout.pages)
            layout = lay(sheet)
            if layout.pages == sheet.pages:
                return sheet, layout
        if layout.pages + 1 in PAGES:
            sheet = replace(sheet, pages=layout.pages + 1, back_page=True, notes=True)
            layout = lay(sheet)
            if layout.pages == sheet.pages:
                return sheet, layout
        fewest = min(fewest or layout.pages, layout.pages)
    return fewest


def _attempts() -> Iterator[Sheet]:
    for sheet in LADDER:
        yield sheet
        yield replace(sheet, notes=False)
