"""Sets the panels of a folded leaflet side by side. They are laid out as pages of their own, in reading order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from polyleaf.formats import PANELS, sides
from polyleaf.pdf import Layout


def unfolded(layout: Layout, direction: str) -> Layout:
    """The sheet of a leaflet whose six panels are the pages of a layout: its outside, and its inside.

    Raises `ValueError` where there are not six of them.
    """
    panels = layout.document.pages
    if len(panels) != PANELS:
        raise ValueError(f"{len(panels)} panels where a folded leaflet has {PANELS}")
    pages = [_side([panels[number - 1] for number in side], side) for side in sides(direction)]
    return replace(layout, document=layout.document.copy(pages), last=_elements(panels[-1]))


def _elements(panel: Any) -> int:
    """How many elements of a panel stand at the top of the tags."""
    [html] = [box for box in panel._page_box.children if box.element_tag == "html"]
    return sum(len(body.children) for body in html.children)


@dataclass(frozen=True)
class _Placed:
    """A panel, its number, and how far its left edge is from that of the sheet, in CSS px."""

    number: int
    page: Any
    x: float


def _side(panels: Sequence[Any], numbers: Sequence[int]) -> Any:
    """One side of the sheet as a page of WeasyPrint's, from its panels from left to right."""
    edges = itertools.accumulate((panel.width for panel in panels), initial=0)
    placed = [_Placed(*each) for each in zip(numbers, panels, edges)]  # noqa: B905 (one edge more than panels)
    return _side_class(type(panels[0]))(placed)


def _side_class(page_class: type) -> type:
    class _Side(page_class):  # type: ignore[misc]
        """A page that is several pages in a row. Tags, bookmarks and links follow in the order of their numbers."""

        def __init__(self, placed: Sequence[_Placed]) -> None:
            self._placed = placed
            in_order = sorted(placed, key=lambda each: each.number)
            pages = [each.page for each in in_order]
            self.width = sum(page.width for page in pages)
            self.height = max(page.height for page in pages)
            self.bleed = pages[0].bleed
            self.bookmarks = [
                (level, label, (x + each.x, y), state)
                for each in in_order
                for level, label, (x, y), state in each.page.bookmarks
            ]
            self.links = [
                (kind, target, (left + each.x, top, right + each.x, bottom), box)
                for each in in_order
                for kind, target, (left, top, right, bottom), box in each.page.links
            ]
            self.anchors = {
                name: (left + each.x, top, right + each.x, bottom)
                for each in reversed(in_order)
                for name, (left, top, right, bottom) in each.page.anchors.items()
            }
            boxes = [
                (getattr(box, "_box", box), each.x)
                for each in in_order
                for box in each.page._page_box.descendants(placeholders=True)
            ]
            self.shifts = {id(box): x for box, x in boxes if box.element_tag == "img"}
            self.forms: dict[Any, list[Any]] = {None: []}
            self._page_box = pages[0]._page_box.copy_with_children(
                [child for page in pages for child in page._page_box.children]
            )

        def paint(self, stream: Any, scale: float = 1) -> None:
            for each in self._placed:
                with stream.stacked():
                    stream.transform(e=each.x * scale)
                    each.page.paint(stream, scale)

    return _Side
