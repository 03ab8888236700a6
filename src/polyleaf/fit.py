"""Copyfitting: the largest type in which an edition fills two or four pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from polyleaf.html import Sheet
from polyleaf.pdf import Layout

SMALLEST_PT = 11
PAGES = (2, 4)

LADDER = (
    Sheet(size=12, leading=1.42, gap=1),
    Sheet(size=12, leading=1.34, gap=0.65),
    Sheet(size=12, leading=1.34, gap=0.65, roomy=False),
    Sheet(size=12, leading=1.34, gap=0.65, roomy=False, whole=False),
    Sheet(size=11.5, leading=1.36, gap=0.75),
    Sheet(size=11.5, leading=1.34, gap=0.65, roomy=False),
    Sheet(size=SMALLEST_PT, leading=1.38, gap=0.8),
    Sheet(size=SMALLEST_PT, leading=1.34, gap=0.65, roomy=False, whole=False),
)
"""From what is most comfortable to read to what is still allowed."""


def fit(lay: Callable[[Sheet], Layout]) -> tuple[Sheet, Layout] | int:
    """The first sheet that gives an even number of pages, with its layout; else how many pages it takes at least.

    An edition of one or three pages gets a back page, with the address and lines for notes. One that fits no sheet is
    refused, rather than set in type too small to read.
    """
    fewest = 0
    for sheet in LADDER:
        layout = lay(sheet)
        if layout.pages in PAGES:
            return sheet, layout
        if layout.pages + 1 in PAGES:
            with_back_page = replace(sheet, back_page=True)
            layout = lay(with_back_page)
            if layout.pages in PAGES:
                return with_back_page, layout
        fewest = min(fewest or layout.pages, layout.pages)
    return fewest
