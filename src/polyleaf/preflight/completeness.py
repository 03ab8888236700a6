"""P261 and P262: whether every string of a leaflet is on the pages, in the order of reading.

Layout engines have lost text without a word: cut off at the end of a page, or in a box that broke.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING

from polyleaf.finding import shortened
from polyleaf.preflight.register import Remark, rule
from polyleaf.preflight.terms import Expectations, Expected, by_edition

if TYPE_CHECKING:
    from polyleaf.page import Page as LeafletPage
    from polyleaf.preflight.document import Document, Page
    from polyleaf.print_terms import PrintTerms

_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_FROM_RIGHT = frozenset(("R", "AL"))
_FROM_LEFT = frozenset(("L", "EN", "AN"))
_WITH_NUMBERS = frozenset(("ES", "CS", "ET", "ON", "NSM", "BN"))
"""Bidirectional classes (Unicode Standard Annex 9, table 4)."""


@rule("P261", "text-missing", "error")
def text_missing(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A text of the leaflet is not on the pages, or not in full.

    Why: the lost line can be the one that says when to call for help.

    Instead: look at the page; mend the template or the style sheet that hides it.

    Source: this program.
    """
    for expected in missing(page_texts(document), terms.texts):
        text = f"a text of the section {expected.section!r} is not on the pages in full: {shortened(expected.text)!r}"
        yield Remark(text, "look at the pages: the template or the style sheet hides it")


@rule("P262", "text-out-of-order", "error")
def text_out_of_order(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The texts of a section are on the pages in another order than in the leaflet.

    A tagged file is read along its tags, any other as it is painted.

    Why: steps are followed in the order in which they are read.

    Instead: mend the template, so that it sets the texts in their order.

    Source: this program; ISO 14289-1 (PDF/UA-1), 7.2.
    """
    for expected in out_of_order(document_text(document), terms.texts):
        text = (
            f"a text of the section {expected.section!r} comes before the one it follows: {shortened(expected.text)!r}"
        )
        yield Remark(text, "set the texts of a section in their order")


def expectations_of(page: LeafletPage, terms: PrintTerms) -> Expectations:
    """What the pages of an edition are held to: all that its profile and its format promise, and every text it shows.

    Where they will lie on sheets, that is before they do: their texts are in order then, and tagged.
    """
    held = by_edition(page.edition, terms)
    return replace(held, format=page.edition.format, paper=page.paper, texts=tuple(_texts_of(page)))


def _texts_of(page: LeafletPage) -> Iterator[Expected]:
    """The leaflet's texts, those of each section after its heading: that can be the leaflet's own or the theme's."""
    sections = (part for section in page.sections for part in (section, *section.parts))
    headings = {section.key: section.heading.plain for section in sections}
    for shown in page.shown:
        heading = headings.pop(shown.message.msgctxt, shown.text)
        if heading != shown.text:
            yield Expected(shown.message.msgctxt, heading)
        yield Expected(shown.message.msgctxt, shown.text)
    yield from (Expected(key, heading) for key, heading in headings.items())


def page_texts(document: Document) -> tuple[str, ...]:
    """The characters that can be seen on each page, in the order of reading, as `bare` leaves them."""
    return tuple(_read(_blocks(page)) for page in document.pages)


def document_text(document: Document) -> str:
    """The characters that can be seen on all pages, in the order of reading, as `bare` leaves them."""
    return _read(block for page in document.pages for block in _blocks(page))


def _read(blocks: Iterable[tuple[int, str]]) -> str:
    """Text along its tags; what has none is read last, as it is painted."""
    return bare("".join(text for _, text in sorted(blocks, key=lambda block: block[0] or inf)))


def _blocks(page: Page) -> Iterator[tuple[int, str]]:
    """The pieces of text and their places. One that runs from the right is painted from the left, so it is turned."""
    seen = (mark for mark in page.paint.marks if mark.kind == "text" and mark.box.meet(page.cut))
    for (_, place), marks in groupby(seen, key=lambda mark: (mark.block, mark.place)):
        yield place, "".join(logical([piece for mark in marks for piece in mark.pieces if piece]))


def logical(pieces: Sequence[str]) -> Sequence[str]:
    """Glyphs as they stand beside one another, in the order of reading: numbers and Latin words run their own way."""
    kinds = [unicodedata.bidirectional(piece[0]) for piece in pieces]
    if _FROM_RIGHT.isdisjoint(kinds):
        return pieces
    turned: list[str] = []
    run: list[str] = []  # what runs from the left, and what stands between
    words = False
    for piece, kind in zip(reversed(pieces), reversed(kinds), strict=True):
        if kind in _FROM_LEFT or (run and (kind in _WITH_NUMBERS or (words and kind == "WS"))):
            run.insert(0, piece)
            words = kind == "L" or (words and kind not in _FROM_LEFT)
        else:
            turned += [*_ended(run), piece]
            run, words = [], False
    return [*turned, *_ended(run)]


def _ended(run: list[str]) -> list[str]:
    """A run from the left, and after it what is on its left side and belongs to no number or word."""
    ends = next((at for at, piece in enumerate(run) if unicodedata.bidirectional(piece[0]) in _FROM_LEFT), len(run))
    return run[ends:] + run[:ends][::-1]


def bare(text: str) -> str:
    """A text without spaces and what nobody sees, its characters in one form: forms for print are taken apart."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def missing(pages: Sequence[str], texts: Iterable[Expected]) -> Iterator[Expected]:
    """The texts that are on no page in full, in their order. `pages` are as `page_texts` has them.

    What stands for one text stands for no other, so that of two that are alike both have to be there, and one that is
    a part of another too. A text may go on after a heading that is repeated, or on the next page below its head.
    """
    expected = tuple(texts)
    left = list(pages)
    longest_first = sorted(range(len(expected)), key=lambda at: -len(bare(expected[at].text)))
    lost = {at for at in longest_first if not _taken(left, bare(expected[at].text))}
    return (expected[at] for at in sorted(lost))


def _taken(left: list[str], text: str) -> bool:
    """Take a text out of what is left of the pages, whole or in two pieces; False if it is not there."""
    for number, page in enumerate(left):
        if text in page:
            left[number] = _less(page, text)
            return True
    for number, page in enumerate(left):
        start = text[: _common(text, page)]
        rest = text[len(start) :]
        kept, left[number] = page, _less(page, start)
        for other in (number, number + 1) if start else ():
            if other < len(left) and rest in left[other]:
                left[other] = _less(left[other], rest)
                return True
        left[number] = kept
    return False


def _less(page: str, text: str) -> str:
    """A page without a text, and with a gap there, over which nothing is read."""
    return page.replace(text, "\n", 1) if text else page


def _common(text: str, page: str) -> int:
    """How long the longest beginning of a text is that a page has."""
    return bisect_left(range(1, len(text) + 1), True, key=lambda length: text[:length] not in page)


def out_of_order(whole: str, texts: Sequence[Expected]) -> Iterator[Expected]:
    """The texts that are in what `document_text` has, and not after the one before them in their section."""
    for _, of_section in groupby(texts, key=lambda expected: expected.section):
        at = 0
        for expected in of_section:
            text = bare(expected.text)
            place = whole.find(text, at)
            if place >= 0:
                at = place + len(text)
            elif text in whole:
                yield expected
