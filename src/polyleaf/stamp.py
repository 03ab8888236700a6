"""One layout for many clinics: the pages are laid out once, and what a clinic differs in is set into them.

A template marks what differs, such as a name or an address, with `{% call imprint() %}`. Pages that agree in all else
share a layout: a clinic's imprints are laid out by themselves, under the same rules and in the same width, and the
pages are those that leave them as much room as they take. Colours do not matter to a layout; `pdf.write_pdf` puts a
clinic's own in.

This knows WeasyPrint's boxes, which are no public interface. So the imprint that pages were laid out with is set into
them again first, and they serve no other unless every line of it comes to stand where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

from polyleaf.imprint import IMPRINT, MARK
from polyleaf.pdf import Layout, element_tree, pages_of, parsed_style, set_pages

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_PLACE = re.compile(r"\(imprint \d+\)")
_KEPT = 3  # layouts of one leaflet that are kept, each some megabytes
_NEAR = 1e-3  # CSS px: what floating-point positions may differ by


@dataclass
class _Slot:
    """Where an imprint stands: in the children of a box, at an index."""

    number: str
    parent: Any
    index: int

    @property
    def box(self) -> Any:
        return self.parent.children[self.index]


class SharedPages:
    """The pages of one leaflet, less its imprints, and their layouts by the heights that imprints take in them."""

    def __init__(self, html: str, locale: str, files: Mapping[str, bytes]) -> None:
        self._locale = locale
        self._files = files
        body = element_tree(html).find("body")
        skeleton = None if body is None else _pruned(body)
        self._skeleton = None if skeleton is None else ET.tostring(skeleton, encoding="unicode", method="html")
        self._styles = [parsed_style(css, locale, files) for css in _STYLE.findall(html)]
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def with_imprint(self, html: str) -> Layout | None:
        """The pages with the imprint of `html`, whose `outside` is that of these pages; None if it cannot be done.

        The boxes of the pages are the same ones every time: write a layout before the next is asked for.
        """
        if self._skeleton is None:
            return None
        small = set_pages(self._alone(html, self._skeleton), self._locale, self._files, self._styles)
        islands = {slot.number: slot.box for page in small.document.pages for slot in _slots(page._page_box)}
        heights = {number: f"{island.margin_height():.6f}" for number, island in islands.items()}
        room = tuple(heights.values())
        layout = self._layouts.get(room)
        drawn = None
        if layout is None:
            layout = set_pages(_pinned(html, heights), self._locale, self._files)
            drawn = list(_drawn(layout))
        if not _put(layout, islands) or (drawn is not None and not _alike(drawn, list(_drawn(layout)))):
            return None
        self._layouts[room] = layout
        while len(self._layouts) > _KEPT:
            del self._layouts[next(iter(self._layouts))]
        document = pages_of(layout.document, small.document.metadata)
        complaints = (*layout.complaints, *small.complaints)
        return replace(layout, document=document, source=html, complaints=complaints, files=layout.files | small.files)

    def _alone(self, html: str, skeleton: str) -> str:
        """The imprints of a page alone, inside the elements that they stand in."""
        places = {_place(found[1]): found[2] for found in IMPRINT.finditer(html)}
        head = _STYLE.sub("", html.partition("<body")[0])
        return head + _PLACE.sub(lambda found: places[found[0]], skeleton)


def _pinned(html: str, heights: Mapping[str, str]) -> str:
    """A page whose imprints take just the height that is theirs, to the last digit."""
    return IMPRINT.sub(
        lambda found: f'<div {MARK}="{found[1]}" style="height: {heights.get(found[1], 0)}px">{found[2]}</div>', html
    )


def _put(layout: Layout, islands: Mapping[str, Any]) -> bool:
    """Set imprints into pages, each wherever its number is; False if they have no place there, or other widths."""
    slots = [slot for page in layout.document.pages for slot in _slots(page._page_box)]
    if {slot.number for slot in slots} != set(islands):
        return False
    if any(abs(slot.box.margin_width() - islands[slot.number].margin_width()) > _NEAR for slot in slots):
        return False
    for slot in slots:
        island, old = islands[slot.number].deepcopy(), slot.box
        _move(island, old.position_x - island.position_x, old.position_y - island.position_y)
        slot.parent.children[slot.index] = island
    return True


def _move(island: Any, x: float, y: float) -> None:
    """Move boxes with their backgrounds, which WeasyPrint leaves where they are."""
    island.translate(x, y)
    for box in island.descendants():
        if box.background is not None:
            box.background = box.background._replace(layers=[_moved(layer, x, y) for layer in box.background.layers])


def _moved(layer: Any, x: float, y: float) -> Any:
    areas = {
        name: (area[0] + x, area[1] + y, *area[2:])
        for name in ("painting_area", "positioning_area")
        if not isinstance(area := getattr(layer, name), str)  # "unused"
    }
    return layer._replace(clipped_boxes=[(cx + x, cy + y, *rest) for cx, cy, *rest in layer.clipped_boxes], **areas)


def _drawn(layout: Layout) -> Iterator[tuple[str, Sequence[float]]]:
    """All that imprints draw, in its order: text or the name of an element, and where it stands."""
    for page in layout.document.pages:
        for slot in _slots(page._page_box):
            for box in slot.box.descendants():
                layers = box.background.layers if box.background else ()
                areas = [side for layer in layers for side in layer.painting_area]
                yield getattr(box, "text", box.element_tag or ""), (box.position_x, box.position_y, *areas)


def _slots(box: Any) -> Iterator[_Slot]:
    """Where imprints stand in a box and in all that is in it."""
    if isinstance(getattr(box, "children", None), tuple):
        box.children = list(box.children)
    for index, child in enumerate(getattr(box, "children", ())):
        number = child.element.get(MARK) if child.element is not None and child.element_tag == "div" else None
        if number is None:
            yield from _slots(child)
        else:
            yield _Slot(number, box, index)


def _place(number: str) -> str:
    return f"(imprint {number})"


def _pruned(element: ET.Element) -> ET.Element | None:
    """A copy with the imprints' places and what they stand in; beside those, elements without content.

    What is beside stays since rules can ask for it: a column shares its row with the others. None without an imprint.
    """
    copy = ET.Element(element.tag, element.attrib)
    if MARK in element.attrib:
        copy.text = _place(element.attrib[MARK])
        return copy
    children = [(child, _pruned(child)) for child in element if isinstance(child.tag, str)]
    if all(kept is None for _, kept in children):
        return None
    copy.extend(kept if kept is not None else ET.Element(child.tag, child.attrib) for child, kept in children)
    return copy


def _alike(drawn: Sequence[tuple[str, Sequence[float]]], other: Sequence[tuple[str, Sequence[float]]]) -> bool:
    return [what for what, _ in drawn] == [what for what, _ in other] and all(
        len(here) == len(there) and all(abs(a - b) < _NEAR for a, b in zip(here, there, strict=True))
        for (_, here), (_, there) in zip(drawn, other, strict=True)
    )
