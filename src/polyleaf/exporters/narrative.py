"""Parts of a page as XHTML fit for a FHIR narrative: the elements and attributes of HTML 4.0, chapters 7 to 11 and 15
(FHIR R5, Narrative, txt-1). Texts are escaped; the result is well-formed XML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from polyleaf import texts
from polyleaf.html import fixed_text, name, ordered, rich
from polyleaf.model import Message
from polyleaf.page import Page, PagePhone, PageSection, PageSource, RichBlock, RichList, RichParagraph, RichText

XHTML = "http://www.w3.org/1999/xhtml"
_LABEL = "title"  # HTML 4.0 knows no `aria-label`


def division(page: Page, parts: Iterable[Markup]) -> str:
    """Parts in the one `div` that a narrative is, in the page's language and direction; empty without parts."""
    content = Markup("\n").join(parts)
    if not content:
        return ""
    opening = Markup('<div xmlns="{}" lang="{}" xml:lang="{}" dir="{}">').format(
        XHTML, page.lang, page.lang, page.direction
    )
    return str(opening + content + Markup("</div>"))


def header(page: Page, marks: Sequence[RichText]) -> Iterator[Markup]:
    """The title with what stands around it: the clinic, the summary, and what must be known about the document."""
    yield _element("p", name(page.clinic.title))
    yield _element("h1", _rich(page.title, page))
    if page.summary:
        yield _element("p", _rich(page.summary, page))
    yield from warnings(page, marks)


def warnings(page: Page, marks: Sequence[RichText]) -> Iterator[Markup]:
    """What nobody may overlook, a paragraph each."""
    for mark in marks:
        yield _element("p", _element("strong", _rich(mark, page)))


def section(page: Page, part: PageSection) -> Iterator[Markup]:
    """A section's blocks without its heading; for a part of the warning signs, also whom to call."""
    yield from (_block(block, page) for block in part.blocks)
    match part.key:
        case "warning-signs.emergency":
            yield _element("p", _phone(page.emergency))
        case "warning-signs.same-day":
            yield _numbers(page, _clinic_numbers(page))
        case "warning-signs.clinic":
            yield _element("p", _phone(page.phone))


def contact(page: Page) -> Iterator[Markup]:
    """Where the clinic is, when it is open, and all numbers, that of the ambulance too."""
    clinic = page.clinic
    yield from (_element("p", name(line)) for line in (clinic.title, *clinic.address))
    if clinic.email:
        yield Markup('<p><a href="mailto:{}">{}</a></p>').format(clinic.email, name(clinic.email))
    yield _numbers(page, (*_clinic_numbers(page), (texts.EMERGENCY, page.emergency)))
    if page.hours:
        days = (Markup("<dd>{}<br/>{}</dd>").format(days, ordered(times, page.direction)) for days, times in page.hours)
        yield _element("dl", _element("dt", fixed_text(page, texts.OPENING_HOURS)) + Markup("").join(days))


def document(page: Page) -> Iterator[Markup]:
    """What the leaflet is, who approved it, its version and its dates."""
    yield _element("p", fixed_text(page, texts.NO_SUBSTITUTE))
    if page.approval and page.approved:
        by, role = name(page.approval.by), name(page.approval.role)
        yield _element("p", fixed_text(page, texts.APPROVED_BY, name=by, role=role))
        yield _element("p", fixed_text(page, texts.APPROVED_ON, date=ordered(page.approved_on, "ltr")))
    yield _element("p", fixed_text(page, texts.VERSION, version=page.version))
    yield _element("p", fixed_text(page, texts.PUBLISHED, date=ordered(page.published, "ltr")))
    yield _element("p", fixed_text(page, texts.NEXT_REVIEW, date=ordered(page.review_by, "ltr")))
    if page.authors:
        yield _element("p", fixed_text(page, texts.WRITTEN_BY, names=name(page.authors)))


def sources(page: Page) -> Iterator[Markup]:
    """The cited sources with their numbers, which references lead to."""
    lang = page.texts.source_lang
    items = Markup("\n").join(map(_source, page.sources))
    if items:
        yield Markup('<ul style="list-style-type: none" lang="{}" xml:lang="{}" dir="ltr">{}</ul>').format(
            lang, lang, items
        )


def _source(source: PageSource) -> Markup:
    text = Markup('<a href="{}">{}</a>').format(source.href, source.text) if source.href else source.text
    return Markup('<li id="source-{}">{}. {}</li>').format(source.key, source.number, text)


def _clinic_numbers(page: Page) -> tuple[tuple[Message, PagePhone], ...]:
    """The numbers for what is no emergency, each with its label."""
    found = ((texts.CLINIC, page.phone), (texts.OUT_OF_HOURS, page.out_of_hours), (texts.URGENT, page.urgent))
    return tuple((label, number) for label, number in found if number)


def _numbers(page: Page, numbers: Iterable[tuple[Message, PagePhone]]) -> Markup:
    pairs = (_element("dt", fixed_text(page, label)) + _element("dd", _phone(number)) for label, number in numbers)
    return _element("dl", Markup("").join(pairs))


def _phone(number: PagePhone) -> Markup:
    return Markup('<a href="{}"><span dir="ltr">{}</span></a>').format(number.href, ordered(number.text, "ltr"))


def _block(block: RichBlock, page: Page) -> Markup:
    if isinstance(block, RichParagraph):
        return _element("p", _rich(block.text, page))
    if isinstance(block, RichList):
        items = (_element("li", _rich(item, page)) for item in block.items)
        return _element("ol" if block.ordered else "ul", Markup("\n").join(items))
    head = _row(block.header, page, header_cells=len(block.header), scope="col")
    rows = Markup("\n").join(_row(row, page, header_cells=1, scope="row") for row in block.rows)
    return _element("table", _element("thead", head) + _element("tbody", rows))


def _row(cells: Sequence[RichText], page: Page, header_cells: int, scope: str) -> Markup:
    """A row of a table, of whose cells the first ones are headings for what `scope` says."""
    parts = [Markup('<th scope="{}">{}</th>').format(scope, _rich(cell, page)) for cell in cells[:header_cells]]
    parts += [_element("td", _rich(cell, page)) for cell in cells[header_cells:]]
    return _element("tr", Markup("").join(parts))


def _rich(text: RichText, page: Page) -> Markup:
    return rich(text, page, _LABEL)


def _element(tag: str, content: Markup) -> Markup:
    return Markup("<{}>{}</{}>").format(tag, content, tag)
