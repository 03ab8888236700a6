"""P221 to P223: fonts, their glyphs, and how large type looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from polyleaf.preflight.register import Place, Remark, rule, told
from polyleaf.preflight.terms import Expectations

if TYPE_CHECKING:
    from polyleaf.preflight.document import Document
    from polyleaf.preflight.marks import Mark

_TIMES_X_HEIGHT = 0.448
"""The x-height of Times New Roman as a share of its size (its OS/2 table: 916 of 2048)."""
_SLACK = 0.98  # sizes and heights are rounded by those who write them
_USUAL_X_HEIGHT = 0.5
_RAISED = re.compile(r"[\d\s,;،*†‡()\[\]\u2010-\u2015\u2060-\u2069-]*")
"""A raised reference. It need not be as large as the text that it stands in."""


@rule("P221", "font-not-embedded", "error")
def font_not_embedded(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A font is named and not in the file.

    Why: whoever prints or reads it gets another font: lines break elsewhere, and signs such as ≥ or µ can be lost.

    Instead: export with all fonts embedded.

    Source: ISO 15930-7 (PDF/X-4); ISO 14289-1 (PDF/UA-1), 7.21.4.1.
    """
    places = ((page, mark) for page, mark in _texts(document) if mark.font and not mark.font.embedded)
    yield from told(places, lambda mark: f"the font {_font(mark)} is not embedded", "embed all fonts")


@rule("P222", "notdef", "error")
def notdef(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A character is shown by .notdef, the glyph for what a font does not have.

    Why: the reader sees an empty box in place of a letter, a number or a sign.

    Instead: set it in a font that has the character.

    Source: ISO 14289-1 (PDF/UA-1), 7.21.8.
    """
    places = ((page, mark) for page, mark in _texts(document) if mark.missing)
    yield from told(
        places, lambda mark: f"{_font(mark)} has no glyph for what is shown", "set it in a font that has the character"
    )


@rule("P223", "small-type", "error")
def small_type(document: Document, terms: Expectations) -> Iterator[Remark]:
    """Type looks smaller than 9 pt Times New Roman. References of digits and signs are let alone, and Type 3 fonts.

    Fonts of one size look larger or smaller by their x-height, so that is compared, as printed. A font without small
    Latin letters counts as one whose x-height is half of its size.

    Why: many who get a leaflet see badly, and they need it most.

    Instead: set it larger, or in a font with a larger x-height.

    Source: EU guideline on the readability of the labelling and package leaflet, rev. 1 (2009), A.1.
    """
    least = terms.smallest_times_pt * _SLACK
    places = (
        (page, mark)
        for page, mark in _texts(document)
        if mark.size < 2 * least and _is_text(mark) and _as_times(mark) * page.unit < least
    )
    hint = "set it larger, or in a font with a larger x-height"
    yield from told(places, _small, hint)


def _is_text(mark: Mark) -> bool:
    """Whether it has to be read at its size: no reference, and of a font whose size is known."""
    return mark.font is not None and mark.font.kind != "/Type3" and not _RAISED.fullmatch(mark.text)


def _small(mark: Mark) -> str:
    return f"type of {mark.size:.1f} pt in {_font(mark)} looks as small as {_as_times(mark):.1f} pt Times"


def _as_times(mark: Mark) -> float:
    """The size of Times New Roman that looks as large, in points."""
    x_height = mark.font.x_height if mark.font else None
    return mark.size * (x_height or _USUAL_X_HEIGHT) / _TIMES_X_HEIGHT


def _texts(document: Document) -> Iterator[Place]:
    return ((page, mark) for page, mark in document.marks if mark.kind == "text" and mark.box.meet(page.cut))


def _font(mark: Mark) -> str:
    return mark.font.name if mark.font else ""
