"""Puts a leaflet, its translation and a clinic together into a `Page`: all that a reader sees, in one locale, and no
markup. Pure: it reads no file and asks no clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from babel import Locale
from babel.dates import format_time, get_day_names
from babel.lists import format_list

from polyleaf import cldr, mark, markdown
from polyleaf.catalog import Catalogs
from polyleaf.clinic import format_phone
from polyleaf.finding import Finding
from polyleaf.model import (
    Approval,
    Block,
    Clinic,
    Edition,
    Leaflet,
    ListBlock,
    Message,
    Paragraph,
    Phone,
    Section,
    Value,
)
from polyleaf.sections import SOURCES
from polyleaf.values import format_day, format_value


@dataclass(frozen=True)
class Quantity:
    """A formatted value: its numbers keep their order and are not torn from their unit. `lang` as in `RichText`."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Reference:
    """The number of a source in the list of sources, in the locale's digits.

    `listed` says whether that list is on the page; else it is that of the whole leaflet.
    """

    number: str
    source: str
    listed: bool = True


@dataclass(frozen=True)
class Group:
    """Nodes inside `strong`, `em` or a link."""

    kind: str
    children: tuple[Node, ...]
    href: str = ""


Node = str | Quantity | Reference | Group


@dataclass(frozen=True)
class RichText:
    """One message as it is shown. `lang` is set where it is in another language than the page."""

    nodes: tuple[Node, ...]
    lang: str = ""

    @property
    def plain(self) -> str:
        """The characters alone, without references."""
        return "".join(_plain(self.nodes)).strip()


@dataclass(frozen=True)
class RichParagraph:
    """Running text."""

    text: RichText
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True)
class RichList:
    """A list."""

    items: tuple[RichText, ...]
    ordered: bool
    kind: str = field(default="list", init=False)


@dataclass(frozen=True)
class RichTable:
    """A table; the first cell of every row heads it."""

    header: tuple[RichText, ...]
    rows: tuple[tuple[RichText, ...], ...]
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Shown:
    """A message, the characters that a reader sees in its place, and where those stand as far as that is known."""

    message: Message
    text: str
    file: Path | None
    line: int


RichBlock = RichParagraph | RichList | RichTable


@dataclass(frozen=True)
class PageSection:
    """A section with its heading and parts."""

    key: str
    heading: RichText
    blocks: tuple[RichBlock, ...]
    parts: tuple[PageSection, ...] = ()

    @property
    def anchor(self) -> str:
        """An identifier for links inside the document."""
        return self.key.replace(".", "-")


@dataclass(frozen=True)
class PagePhone:
    """A phone number as it is read, and as a phone dials it."""

    text: str
    href: str


@dataclass(frozen=True)
class PageSource:
    """A source with its number."""

    number: str
    key: str
    text: str
    href: str


@dataclass(frozen=True)
class Texts:
    """The theme's own texts in one locale; finds what is missing as it is asked."""

    catalogs: Catalogs
    source_lang: str = "en"
    findings: list[Finding] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)

    def find(self, message: Message) -> RichText:
        """A fixed text of the theme, in the source language and marked as such where it is not translated."""
        translation, findings = self.catalogs.find(message)
        self.findings.extend(findings)
        self.shown.append(Shown(message, translation.text(), translation.file, translation.line))
        return RichText((translation.text(),), "" if translation.translated else self.source_lang)


@dataclass(frozen=True)
class Page:
    """Everything that one edition shows, in reading order.

    `left_out` are the keys of the leaflet's sections that its format leaves out.
    """

    edition: Edition
    lang: str
    language_name: str
    direction: str
    locale: Locale
    clinic: Clinic
    title: RichText
    summary: RichText | None
    kind: str
    purpose: str
    version: str
    version_id: str
    authors: tuple[str, ...]
    published: str
    review_by: str
    published_iso: str
    review_by_iso: str
    sections: tuple[PageSection, ...]
    sources: tuple[PageSource, ...]
    phone: PagePhone
    emergency: PagePhone
    urgent: PagePhone | None
    out_of_hours: PagePhone | None
    hours: tuple[tuple[str, str], ...]
    url: str
    paper: str
    is_source: bool
    machine_drafted: bool
    approval: Approval | None
    incomplete: bool
    texts: Texts
    shown: tuple[Shown, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...] = ()

    @property
    def approved(self) -> bool:
        """Whether it goes out without a mark."""
        return self.approval is not None and not self.incomplete

    @property
    def approved_on(self) -> str:
        """The day of its approval, or nothing."""
        return format_day(self.approval.on, self.locale) if self.approval else ""

    def mark(self) -> RichText | None:
        """What has to stand on every page of what must not be given to a patient yet."""
        if self.approved:
            return None
        draft = mark.DRAFT if self.is_source else mark.TRANSLATION
        return self.texts.find(mark.UNTRANSLATED if self.incomplete else draft)

    def section(self, key: str) -> PageSection | None:
        """The section with a key, if the leaflet has it."""
        return next((section for section in self.sections if section.key == key), None)


def build_page(
    edition: Edition,
    leaflet: Leaflet,
    clinic: Clinic,
    catalogs: Catalogs,
    theme_catalogs: Catalogs,
    headings: Mapping[str, Message],
    source_locale: str,
) -> Page:
    """Put one edition's page together, as yet unapproved. Its `findings` say what is not fit to be published."""
    locale = cldr.in_territory(cldr.locale_of(edition.locale), clinic.territory)
    texts = Texts(theme_catalogs)

    def writer_with(texts: Texts) -> _Writer:
        return _Writer(leaflet, clinic, locale, catalogs, texts, headings, source_locale.replace("_", "-"))

    writer = writer_with(texts)
    left_out = leaflet.left_out.get(edition.format, ())
    if SOURCES in left_out:
        writer.number_as(writer_with(Texts(theme_catalogs)))
    title = writer.rich(leaflet.title)
    summary = writer.rich(leaflet.summary) if leaflet.summary else None
    sections = tuple(writer.section(section) for section in leaflet.sections if section.key not in left_out)
    return Page(
        edition=edition,
        lang=(edition.locale if edition.locale in cldr.PSEUDO_LOCALES else str(locale)).replace("_", "-"),
        language_name=language_name(edition.locale),
        direction=direction(locale),
        locale=locale,
        clinic=clinic,
        title=title,
        summary=summary,
        kind=leaflet.kind,
        purpose=leaflet.purpose,
        version=cldr.localize_digits(leaflet.version, locale),
        version_id=leaflet.version,
        authors=leaflet.authors,
        published=format_day(leaflet.published, locale),
        review_by=format_day(leaflet.review_by, locale),
        published_iso=leaflet.published.isoformat(),
        review_by_iso=leaflet.review_by.isoformat(),
        sections=sections,
        sources=writer.sources(),
        phone=_phone(clinic.phone),
        emergency=_phone(clinic.emergency),
        urgent=_phone(clinic.urgent) if clinic.urgent else None,
        out_of_hours=_phone(clinic.out_of_hours) if clinic.out_of_hours else None,
        hours=tuple(_hours(clinic, locale)),
        url=f"{clinic.website}/{edition.locale}/{leaflet.name}.html",
        paper=cldr.paper_size(clinic.territory),
        is_source=source_locale in cldr.parents(edition.locale),
        machine_drafted=catalogs.machine_drafted,
        approval=None,
        incomplete=bool(writer.findings),
        texts=texts,
        shown=tuple(writer.shown),
        findings=tuple(writer.findings),
        left_out=left_out,
    )


class _Writer:
    """Writes one leaflet's messages in one locale, and collects what is wrong with them."""

    def __init__(
        self,
        leaflet: Leaflet,
        clinic: Clinic,
        locale: Locale,
        catalogs: Catalogs,
        texts: Texts,
        headings: Mapping[str, Message],
        source_lang: str,
    ) -> None:
        self._leaflet = leaflet
        self._locale = locale
        self._catalogs = catalogs
        self._texts = texts
        self._headings = headings
        self._source_lang = source_lang
        self._values: dict[str, Value] = {**leaflet.values, **clinic.values.get(leaflet.name, {})}
        self._sources = {source.key: source for source in leaflet.sources}
        self._cited: dict[str, str] = {}
        self._lists_sources = True
        self._in_source = False  # what is shown for want of a translation has its values in its own language
        self._phrase_lang = ""
        self.findings: list[Finding] = []
        self.shown: list[Shown] = []

    def rich(self, message: Message) -> RichText:
        translation, findings = self._catalogs.find(message)
        self.findings.extend(findings)
        self._in_source = not translation.translated
        nodes = self._nodes(markdown.parse_inline(translation.text()))
        text = RichText(nodes, "" if translation.translated else self._source_lang)
        self.shown.append(Shown(message, text.plain, translation.file, translation.line))
        return text

    def section(self, section: Section) -> PageSection:
        return PageSection(
            section.key,
            self.rich(section.heading) if section.heading else self._texts.find(self._headings[section.key]),
            tuple(self._block(block) for block in section.blocks),
            tuple(self.section(part) for part in section.parts),
        )

    def number_as(self, whole: _Writer) -> None:
        """List no sources, and give them the numbers that they have where all sections are shown."""
        for section in self._leaflet.sections:
            whole.section(section)
        self._cited = whole._cited
        self._lists_sources = False

    def sources(self) -> tuple[PageSource, ...]:
        """The cited sources in the order of their numbers; none where they are left out."""
        found: list[PageSource] = []
        if not self._lists_sources:
            return ()
        for key, number in self._cited.items():
            source = self._sources[key]
            year = str(source.year) if source.year else ""
            text = ". ".join(part for part in (source.title, source.publisher, year) if part)
            found.append(PageSource(number, key, text, source.href))
        return tuple(found)

    def pattern(self, message: Message, category: str, locale: Locale) -> str:
        """The words around a number: the theme's for a frequency, the leaflet's for a counted noun."""
        catalogs = self._catalogs if message.msgid_plural else self._texts.catalogs
        translation, findings = catalogs.find(message)
        self.findings.extend(findings)
        if not translation.translated:
            self._phrase_lang = self._source_lang
        return translation.text(category)

    def _block(self, block: Block) -> RichBlock:
        if isinstance(block, Paragraph):
            return RichParagraph(self.rich(block.text))
        if isinstance(block, ListBlock):
            return RichList(tuple(self.rich(item) for item in block.items), block.ordered)
        return RichTable(
            tuple(self.rich(cell) for cell in block.header),
            tuple(tuple(self.rich(cell) for cell in row) for row in block.rows),
        )

    def _quantity(self, value: Value) -> Quantity:
        if self._in_source:
            return Quantity(format_value(value, Locale.parse(self._source_lang, sep="-")))
        self._phrase_lang = ""
        text = format_value(value, self._locale, self)
        return Quantity(text, self._phrase_lang)

    def _nodes(self, inlines: Sequence[markdown.Inline]) -> tuple[Node, ...]:
        return tuple(self._node(inline) for inline in inlines)

    def _node(self, inline: markdown.Inline) -> Node:
        match inline:
            case markdown.Text(text):
                return text
            case markdown.Placeholder(name):
                return self._quantity(self._values[name])
            case markdown.Citation(source):
                return self._reference(source)
            case markdown.Link(href, children):
                return Group("link", self._nodes(children), href)
            case markdown.Strong(children):
                return Group("strong", self._nodes(children))
            case markdown.Emphasis(children):
                return Group("em", self._nodes(children))

    def _reference(self, source: str) -> Node:
        """The number of a source; in drafts, one that the front matter does not have yet, as it is written."""
        if source not in self._sources:
            return f"[@{source}]"
        self._cited.setdefault(source, format_number_of(len(self._cited) + 1, self._locale))
        return Reference(self._cited[source], source, self._lists_sources)


def format_number_of(number: int, locale: Locale) -> str:
    """A small whole number in the locale's digits."""
    return cldr.localize_digits(str(number), locale)


def _plain(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        match node:
            case str(text) | Quantity(text):
                yield text
            case Group(_, children):
                yield from _plain(children)


def _phone(phone: Phone) -> PagePhone:
    return PagePhone(format_phone(phone), f"tel:{phone.number}")


def direction(locale: Locale) -> str:
    """Which way a locale's text runs, as HTML's `dir` writes it."""
    return "rtl" if locale.character_order == "right-to-left" else "ltr"


def language_name(of: str) -> str:
    """The language's own name for itself, as a switcher shows it; a pseudo-locale's says what it is."""
    locale = cldr.locale_of(of)
    name = locale.get_language_name(locale) or str(locale)
    if of in cldr.PSEUDO_LOCALES:
        return f"{name} ({locale.territories[of.rpartition('_')[2]]})"
    return name[:1].upper() + name[1:] if locale.script is None else locale.get_display_name(locale) or name


def _hours(clinic: Clinic, locale: Locale) -> Iterator[tuple[str, str]]:
    names = get_day_names("wide", "stand-alone", locale)
    span = cldr.range_pattern(locale)
    for hours in clinic.hours:
        runs = _runs(hours.days)
        days = [
            names[first - 1] if first == last else span.format(names[first - 1], names[last - 1])
            for first, last in runs
        ]
        times = span.format(*(_time(clock, locale) for clock in (hours.opens, hours.closes)))
        yield format_list(days, locale=locale), times


def _time(clock: str, locale: Locale) -> str:
    text = format_time(time.fromisoformat(clock), "short", locale=locale)
    return cldr.localize_digits(text, locale).replace(" ", "\u00a0")


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of three or more days become a range, others stay single days."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    spans: list[tuple[int, int]] = []
    for run in runs:
        spans.extend([(run[0], run[-1])] if len(run) > 2 else [(day, day) for day in run])
    return spans
