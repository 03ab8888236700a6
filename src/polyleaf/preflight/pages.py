"""P211 to P218: the boxes of pages, what reaches beyond them, their size and number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from typing import TYPE_CHECKING

from polyleaf.preflight.geometry import MM, Rect
from polyleaf.preflight.register import Place, Remark, rule, told
from polyleaf.preflight.terms import FORMATS, Expectations

if TYPE_CHECKING:
    from polyleaf.preflight.document import Document, Page
    from polyleaf.preflight.marks import Mark

_SLACK_MM = 0.5
_SLACK = 0.5  # points: the same for boxes
_AREAS = ("fill", "image", "shading")
_SIDES = ("left", "bottom", "right", "top")


@rule("P211", "no-trim-box", "error", "print")
def no_trim_box(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A page does not say where it is cut.

    Why: the print shop would cut it at a guess, or at the edge of the sheet.

    Instead: export with a TrimBox (the size after cutting). PDF/X knows it as "trim" or "finished size".

    Source: ISO 15930-7 (PDF/X-4); ISO 32000-1, 14.11.2.
    """
    for page in document.pages:
        if page.trim is None:
            yield Remark(f"page {page.number} has no TrimBox", "set it to the size after cutting", page.number)


@rule("P212", "boxes-astray", "error")
def boxes_astray(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The boxes of a page do not lie inside one another (TrimBox in BleedBox in MediaBox), or contradict one another.

    A page for print has a TrimBox or an ArtBox, not both.

    Why: programs that impose pages go by them, and would cut into the page, or print past the sheet.

    Instead: set them anew: the MediaBox is the sheet, the BleedBox what is printed, the TrimBox what is left.

    Source: ISO 15930-7 (PDF/X-4); ISO 32000-1, 14.11.2.
    """
    for page in document.pages:
        boxes = [("MediaBox", page.media), ("BleedBox", page.bleed), ("TrimBox", page.trim)]
        given = [(name, box) for name, box in boxes if box is not None]
        for (outer_name, outer), (name, box) in pairwise(given):
            if not outer.holds(box, _SLACK):
                text = f"the {name} of page {page.number} reaches beyond its {outer_name}"
                yield Remark(text, f"the {name} has to lie inside the {outer_name}", page.number)
        if terms.profile == "print" and page.trim and page.art:
            yield Remark(f"page {page.number} has a TrimBox and an ArtBox", "leave out the ArtBox", page.number)


@rule("P213", "short-bleed", "error", "print")
def short_bleed(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A page has less bleed than the terms ask for: room for colour beyond the edge that is cut.

    Why: a cut is up to a millimetre off, and leaves a white line where the colour ends with the page.

    Instead: let what touches the edge reach 3 mm beyond it, and set the BleedBox there.

    Source: printers' common terms.
    """
    for page in _sized(document, terms):
        room = _bleed_room(page) * page.unit / MM
        if room < terms.bleed_mm - 0.1:
            text = f"page {page.number} has {room:.1f} mm of bleed, and {terms.bleed_mm:g} mm are asked for"
            yield Remark(text, "let the BleedBox reach beyond the TrimBox on every side", page.number)


@rule("P214", "page-size", "error")
def page_size(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A page does not have the size of its format.

    Why: it would be scaled, and its type with it, or cut in the wrong place.

    Instead: export it in the size of the format, or name the format that it has.

    Source: ISO 216 for A4 and A5; ANSI/ASME Y14.1 for US Letter.
    """
    if terms.format in FORMATS:
        sizes = FORMATS[terms.format].sizes
        allowed = [size for paper, size in sizes.items() if terms.paper in ("", paper)]
        names = " or ".join(f"{width:g} × {height:g}" for width, height in allowed)
        for page in _sized(document, terms):
            if not any(_is_near(page.size_mm, size) for size in allowed):
                text = f"page {page.number} is {_size(page)} mm, and {terms.format} is {names} mm"
                yield Remark(text, "set the size of the format, or name another with -f", page.number)


@rule("P215", "mixed-sizes", "error")
def mixed_sizes(document: Document, terms: Expectations) -> Iterator[Remark]:
    """Not all pages have the same size.

    Why: they cannot be printed on one sheet or bound together, and who reads one that lies on its side turns the head.

    Instead: give all pages the size of the first.

    Source: printers' common terms.
    """
    pages = _sized(document, terms)
    for first, page in product(pages[:1], pages[1:]):
        if not _is_near(page.size_mm, first.size_mm):
            text = f"page {page.number} is {_size(page)} mm, and page {first.number} is {_size(first)} mm"
            yield Remark(text, "give all pages one size", page.number)


@rule("P216", "page-count", "error")
def page_count(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The document has a number of pages that its format cannot have.

    Why: a booklet is made of sheets of four pages and a folded leaflet of the two sides of one; what is left over stays
    blank or is cut off.

    Instead: make the text longer or shorter, or choose another format.

    Source: printers' common terms.
    """
    known = FORMATS.get(terms.format)
    if known and not known.allows(document.page_count):
        text = f"it has {document.page_count} pages, and {terms.format} has {known.told_pages}"
        yield Remark(text, "fill the pages of the format, or name another with -f")


@rule("P217", "stops-at-edge", "error", "print")
def stops_at_edge(document: Document, terms: Expectations) -> Iterator[Remark]:
    """An area or an image reaches the edge that is cut, and not the end of the bleed.

    Why: where the cut is a little off, a white line is left beside it.

    Instead: let it reach 3 mm beyond the edge.

    Source: printers' common terms.
    """
    yield from told(_stopping(document, terms), lambda mark: f"{_noun(mark)} ends at the edge of the page", _FURTHER)


_FURTHER = "let it reach to the end of the bleed, beyond the edge that is cut"


def _stopping(document: Document, terms: Expectations) -> Iterator[Place]:
    for page in document.pages:
        if page.trim is None:
            continue
        room = min(terms.bleed_mm * MM / page.unit, _bleed_room(page))
        if room <= 2 * _SLACK:
            continue
        areas = [mark for mark in page.paint.marks if mark.kind in _AREAS and not mark.colour.is_white]
        for mark in areas:
            if any(_stops(mark.box, side, page.trim, room, areas) for side in _SIDES):
                yield page, mark


def _bleed_room(page: Page) -> float:
    """The smallest distance from the edge that is cut to that of the bleed, in the page's units; negative if inside."""
    bleed = page.bleed or page.media
    return min(_beyond(bleed, side, page.cut) for side in _SIDES)


def _stops(box: Rect, side: str, trim: Rect, room: float, areas: list[Mark]) -> bool:
    """Whether an area that comes to one side of the page ends there, and no other covers the bleed beside it."""
    if box.meet(trim) is None or min(box.width, box.height) < 2:
        return False
    beyond = _beyond(box, side, trim)
    if not -_SLACK <= beyond < room - _SLACK:
        return False
    across = ("bottom", "top") if side in ("left", "right") else ("left", "right")
    low, high = (min(max(getattr(box, end), getattr(trim, across[0])), getattr(trim, across[1])) for end in across)
    return not any(
        _beyond(other.box, side, trim) >= room - _SLACK
        and getattr(other.box, across[0]) <= low + 2 * _SLACK
        and getattr(other.box, across[1]) >= high - 2 * _SLACK
        for other in areas
    )


def _beyond(box: Rect, side: str, trim: Rect) -> float:
    """How far a box reaches beyond a side of the page; negative where it ends before."""
    sign = -1 if side in ("left", "bottom") else 1
    return sign * (float(getattr(box, side)) - float(getattr(trim, side)))


@rule("P218", "near-edge", "warning", "print")
def near_edge(document: Document, terms: Expectations) -> Iterator[Remark]:
    """Text stands nearer to the edge than the cut is exact.

    Why: a letter that is cut off can be a digit of a phone number.

    Instead: keep text 3 mm or more inside the page.

    Source: printers' common terms (safe area 3 to 5 mm).
    """
    places = (
        (page, mark)
        for page, mark in document.marks
        if mark.kind == "text"
        and mark.text.strip()
        and mark.box.meet(page.cut)
        and not page.cut.grown(-terms.safe_mm * MM / page.unit).holds(mark.box)
    )
    yield from told(places, lambda _: "text stands near the edge that is cut", "move it further into the page")


def _sized(document: Document, terms: Expectations) -> list[Page]:
    """The pages whose size is known: for print it hangs on where they are cut."""
    return [page for page in document.pages if page.trim or terms.profile == "screen"]


def _is_near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a - b) <= _SLACK_MM for a, b in zip(one, other, strict=True))


def _size(page: Page) -> str:
    return " × ".join(f"{side:.1f}".removesuffix(".0") for side in page.size_mm)


def _noun(mark: Mark) -> str:
    return {"image": "an image", "shading": "a gradient"}.get(mark.kind, "an area of colour")
