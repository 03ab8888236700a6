"""Pages of a booklet laid on sheets that are printed on both sides, folded once and stitched through the fold."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from polyleaf.formats import creep_mm, sheet_sides
from polyleaf.press.recolour import compressed

_PT_PER_MM = 72 / 25.4
_ABOUT_PAGES = ("/StructTreeRoot", "/MarkInfo", "/Outlines", "/Names", "/Dests", "/PageLabels")
"""What a document says of its pages in the order of reading, which sheets are not in."""

Size = tuple[float, float]


def impose(pdf: Pdf, direction: str, thickness: float) -> float:
    """Put sides of sheets in place of the pages, and return how far from their left edge they are folded, in mm.

    The TrimBox of a side is that of two pages side by side. Each page keeps its bleed but at the spine, where it is cut
    off, so that it never paints over its neighbour; what moves towards the spine shows what it paints beyond its bleed.
    The pages' structure for a screen reader and their bookmarks are gone. `thickness` is that of the paper in mm.
    """
    pages = list(pdf.pages)
    sides = sheet_sides(len(pages), direction)
    left, bottom, right, top = (float(side) for side in pages[0].trimbox)
    size = right - left, top - bottom
    farthest = creep_mm(len(sides) // 2 - 1, thickness) * _PT_PER_MM
    forms = {number: _as_form(page.obj, farthest) for number, page in enumerate(pages, start=1)}
    for number, numbers in enumerate(sides):
        inwards = creep_mm(number // 2, thickness) * _PT_PER_MM
        drawn = {half: page for half, page in enumerate(numbers) if page in forms}  # others are blank
        content = "".join(
            _placed(page, half, size, (half * size[0] - left + (-inwards if half else inwards), -bottom))
            for half, page in drawn.items()
        )
        names = {f"/Page{page}": forms[page] for page in drawn.values()}
        pdf.pages.append(pikepdf.Page(_side(pdf, names, content, size)))
    del pdf.pages[: len(pages)]
    for key in _ABOUT_PAGES:
        if key in pdf.Root:
            del pdf.Root[key]
    return size[0] / _PT_PER_MM


def _as_form(page: Any, beyond: float) -> Any:
    """All that a page paints, without its marks, for use on another page; and some pt beyond its bleed."""
    _, form, _ = page.Contents  # as `print_ready` frames it
    left, bottom, right, top = (float(side) for side in page.BleedBox)
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([round(side, 3) for side in (left - beyond, bottom - beyond, right + beyond, top + beyond)])
    form.Resources = page.Resources
    return form


def _placed(page: int, half: int, size: Size, at: tuple[float, float]) -> str:
    """What paints a page on one half of a side, 0 for the left, and nothing beyond the spine."""
    width, height = size
    left = half * width - (1 - half) * width  # the ends of the bleed are cut with those of the sheet
    clip = f"{left:.3f} {-height:.3f} {2 * width:.3f} {3 * height:.3f} re W n"
    return f"q {clip}\n1 0 0 1 {at[0]:.3f} {at[1]:.3f} cm /Page{page} Do Q\n"


def _side(pdf: Pdf, forms: dict[str, Any], content: str, size: Size) -> Dictionary:
    box = Array([0, 0, round(2 * size[0], 3), round(size[1], 3)])
    return Dictionary(
        Type=Name.Page,
        MediaBox=box,
        TrimBox=box,
        Resources=Dictionary(XObject=Dictionary(forms)),
        Contents=compressed(pdf, content.encode()),
    )
