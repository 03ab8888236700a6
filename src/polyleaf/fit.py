"""Copyfitting: the largest type in which an edition fills the pages of its format."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import inf

from polyleaf.fonts import smallest_pt
from polyleaf.formats import BOOKLET, MOST_PAGES_OF_BOOKLET, PANELS
from polyleaf.html import Sheet
from polyleaf.pdf import Layout

_FEWEST_NOTES = 6
_NOTES_LINE_MM = 9
_NOTES_HEADING_MM = 18


@dataclass(frozen=True)
class TooLong:
    """What fits no sheet of its format: its pages in the smallest type, and how many lines are too many."""

    pages: int
    allowed: int
    lines: int
    smallest_pt: float


Lay = Callable[[Sheet], Layout]
Fitted = tuple[Sheet, Layout] | TooLong


@dataclass(frozen=True)
class Spec:
    """What copyfitting may do for a format: the most pages, and by locale the sheets, from the most comfortable to read
    to what is still allowed. `fit` chooses one of those.
    """

    most: int
    sheets: Callable[[str], Sequence[Sheet]]
    fit: Callable[[Lay, Sequence[Sheet], int], Fitted]


def fit(lay: Lay, format_: str, locale: str, at_most: float = inf) -> Fitted:
    """The largest type in which an edition fills the pages of its format, with its layout.

    One that fits no sheet is refused, rather than set in type too small to read. The type is no larger than `at_most`
    points, unless the smallest that is allowed is.
    """
    spec = SPECS[format_]
    return spec.fit(lay, _no_larger(spec.sheets(locale), at_most), spec.most)


def _no_larger(sheets: Sequence[Sheet], size: float) -> Sequence[Sheet]:
    """The sheets up to a size, which is among them if type so small is allowed at all."""
    smaller = [sheet for sheet in sheets if sheet.size <= size]
    if not smaller:
        return sheets[-1:]
    larger = [sheet for sheet in sheets if sheet.size > size]
    return [replace(larger[-1], size=size), *smaller] if larger and smaller[0].size < size else smaller


def _too_long(layout: Layout, sheet: Sheet, most: int, last_apart: bool = False) -> TooLong:
    end = layout.pages - last_apart
    return TooLong(layout.pages, most, layout.lines(most - last_apart, end), sheet.size)


# Two or four pages ---------------------------------------------------------------------------------------------------

_LADDER = (
    Sheet(size=12, leading=1.42, gap=1),
    Sheet(size=12, leading=1.34, gap=0.65, roomy=False),
    Sheet(size=12, leading=1.34, gap=0.65, roomy=False, whole=False),
    Sheet(size=11.5, leading=1.34, gap=0.65, roomy=False),
    Sheet(size=11.5, leading=1.34, gap=0.65, roomy=False, whole=False),
    # Half a point is worth less than all warning signs on one page, and the smallest type better than a broken box.
    Sheet(size=11.5, leading=1.34, gap=0.65, roomy=False, whole=False, parted=True),
    Sheet(size=11, leading=1.32, gap=0.6, roomy=False, whole=False, parted=True),
    Sheet(size=11, leading=1.32, gap=0.6, roomy=False, whole=False, parted=True, broken=True),
)


_MOST_LAYOUTS = 4
"""How many layouts may be taken to choose a sheet: what would be nicer still is not asked for then."""
Laid = dict[Sheet, Layout]
Run = Sequence[Sheet]


def _two_or_four(lay: Lay, ladder: Sequence[Sheet], most: int) -> Fitted:
    """The largest type, and of that a comfortable sheet, that gives two or four pages.

    Each run of sheets that are alike in type and in what may break is asked by its densest sheet first: where that does
    not fit, no other does, and where it does, halving finds the most comfortable one of as many as there are layouts
    for. An edition of one or three pages gets a back page, with the address and lines for notes, unless a looser sheet
    saves it.
    """
    pages = most // 2, most
    tried: Laid = {}

    def laid(sheet: Sheet) -> Layout:
        if sheet not in tried:
            tried[sheet] = lay(sheet)
        return tried[sheet]

    runs = [tuple(group) for _, group in groupby(ladder, key=lambda sheet: (sheet.size, sheet.parted, sheet.broken))]
    run = _first_that_fits(runs, lambda run: laid(run[-1]).pages <= most)
    if run is None:
        return _too_long(laid(ladder[-1]), ladder[-1], most)
    if laid(run[-1]).pages not in pages:
        chosen = _with_back_page(laid, run, pages, _MOST_LAYOUTS - len(tried))
    else:
        choice = run[-(2 ** (_MOST_LAYOUTS - len(tried))) :]
        chosen = choice[bisect_left(choice[:-1], True, key=lambda sheet: laid(sheet).pages in pages)]
    layout = laid(chosen)
    return _with_notes(chosen, layout, lay) if len(tried) < _MOST_LAYOUTS else (chosen, layout)


def _first_that_fits(runs: Sequence[Run], fits: Callable[[Run], bool]) -> Run | None:
    """The first run of which a sheet fits. It is mostly one of the first two, so those are asked one by one."""
    likely, rest = runs[:2], runs[2:]
    if found := next(filter(fits, likely), None):
        return found
    at = bisect_left(rest, True, key=fits)
    return rest[at] if at < len(rest) else None


def _with_back_page(laid: Callable[[Sheet], Layout], run: Run, pages: Sequence[int], layouts: int) -> Sheet:
    """A sheet that fills the back as well, in so many layouts: a looser one, or one with the address on the back.

    Where the address stands alone on its page already, a page for notes comes before it.
    """
    loosest, roomiest = run[0], run[-1]
    if layouts > 2:
        if laid(loosest).pages in pages:
            return loosest
        if laid(loosest).pages + 1 in pages:
            roomiest = loosest
    backed = replace(roomiest, back_page=True)
    return backed if laid(backed).pages in pages else replace(backed, spare=1)


def _with_notes(sheet: Sheet, layout: Layout, lay: Lay) -> tuple[Sheet, Layout]:
    """A last page that would be half empty gets lines to write on; a little room stays for a longer imprint."""
    lines = int((layout.free_mm - _NOTES_HEADING_MM) / _NOTES_LINE_MM) - 1
    if lines < _FEWEST_NOTES:
        return sheet, layout
    noted = replace(sheet, notes=lines)
    with_notes = lay(noted)
    return (noted, with_notes) if with_notes.pages == layout.pages else (sheet, layout)


# A booklet -----------------------------------------------------------------------------------------------------------

_OF_BOOKLET = tuple(Sheet(size=size, leading=1.4, gap=1, whole=size == 12) for size in (12, 11.25, 10.5))
_SPARE = 2
"""How many pages of a booklet may be left for notes before smaller type is asked whether it saves a sheet."""


def _in_fours(lay: Lay, sheets: Sequence[Sheet], most: int) -> Fitted:
    """The largest type, unless a smaller one saves four pages of which three would be for notes."""
    largest, smallest = sheets[0], sheets[-1]
    layout = lay(largest)
    pages = _in_multiples_of_four(layout.pages)
    if pages <= most and pages - layout.pages <= _SPARE:
        return _filled(largest, layout, lay, pages)
    dense = lay(smallest)
    fewer = _in_multiples_of_four(dense.pages)
    if fewer > most:
        return _too_long(dense, smallest, most, last_apart=True)
    if fewer == pages:
        return _filled(largest, layout, lay, pages)
    for middle in sheets[1:-1]:
        between = lay(middle)
        if between.pages <= fewer:
            return _filled(middle, between, lay, fewer)
    return _filled(smallest, dense, lay, fewer)


def _in_multiples_of_four(pages: int) -> int:
    return -(-pages // 4) * 4


def _filled(sheet: Sheet, layout: Layout, lay: Lay, pages: int) -> tuple[Sheet, Layout]:
    """As many pages as are asked for: what is left over is for notes."""
    if layout.pages == pages:
        return sheet, layout
    noted = replace(sheet, spare=pages - layout.pages)
    return noted, lay(noted)


# A leaflet folded twice ----------------------------------------------------------------------------------------------

_SMALLEST_IN_TIMES = 9
_LARGEST_FOLDED = 11
_STEPS = 7  # a number of sheets that halving finds one of in three layouts
_LEADING, _LOOSE, _TIGHT = 1.3, 1.4, 1.22
_MM_BETWEEN_LINES = 3
_PT_PER_MM = 72 / 25.4


def _of_fold(locale: str) -> tuple[Sheet, ...]:
    """Down to the size and the distance of lines that the EU's guideline on readability sets."""
    smallest = smallest_pt(locale, _SMALLEST_IN_TIMES)
    step = (_LARGEST_FOLDED - smallest) / (_STEPS - 1)
    sizes = [round(_LARGEST_FOLDED - step * number, 1) for number in range(_STEPS)]
    leadings = [_LEADING] * (_STEPS - 1) + [_TIGHT]
    least = _MM_BETWEEN_LINES * _PT_PER_MM
    return tuple(Sheet(size, max(leading, least / size), 0.7) for size, leading in zip(sizes, leadings, strict=True))


def _folded(lay: Lay, sheets: Sequence[Sheet], most: int) -> Fitted:
    """The largest type that fits, with lines further apart if there is room for that."""
    tried: dict[Sheet, Layout] = {}

    def fits(sheet: Sheet) -> bool:
        tried[sheet] = lay(sheet)
        return tried[sheet].pages <= most

    at = bisect_left(sheets, True, key=fits)
    if at == len(sheets):
        return _too_long(tried[sheets[-1]], sheets[-1], most, last_apart=True)
    chosen = sheets[at]
    if tried[chosen].pages < most:
        return _filled(chosen, tried[chosen], lay, most)
    looser = replace(chosen, leading=_LOOSE)
    with_air = lay(looser)
    return (looser, with_air) if with_air.pages == most else (chosen, tried[chosen])


# Large print ---------------------------------------------------------------------------------------------------------

_LARGE = (Sheet(size=18, leading=1.5, gap=1.6),)


def _as_it_comes(lay: Lay, sheets: Sequence[Sheet], most: int) -> Fitted:
    """The one size there is, on as many pages as it takes."""
    [sheet] = sheets
    layout = lay(sheet)
    return (sheet, layout) if layout.pages <= most else _too_long(layout, sheet, most)


SPECS = {
    "a4": Spec(4, lambda locale: _LADDER, _two_or_four),  # UKAAF, clear print: 12 pt
    "large-print": Spec(60, lambda locale: _LARGE, _as_it_comes),  # UKAAF, large print: 18 pt
    BOOKLET: Spec(MOST_PAGES_OF_BOOKLET, lambda locale: _OF_BOOKLET, _in_fours),
    "trifold": Spec(PANELS, _of_fold, _folded),
}
