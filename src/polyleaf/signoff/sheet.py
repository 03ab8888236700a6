"""The review sheet: what a clinician holds when approving. Source and translation side by side, values as a patient
reads them, what the checks find, what changed since the last approval, and room to write and to sign.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel import Locale
from markupsafe import Markup, escape

from polyleaf import cldr, markdown
from polyleaf.approvals import digest_of
from polyleaf.finding import Finding
from polyleaf.html import ordered
from polyleaf.model import Approval
from polyleaf.page import direction, language_name
from polyleaf.project import Project
from polyleaf.reading import Change, Passage, Reading, changes, clinic_values, parse_record, reading, shown_value
from polyleaf.signoff.form import filled, laid_out, printed
from polyleaf.signoff.standing import findings


@dataclass(frozen=True)
class Row:
    """A text with its translation as they are read, and what was found in them.

    `is_changed` says that a reader reads something else there than at the last approval.
    """

    role: str
    source: tuple[Markup, ...]
    translation: tuple[Markup, ...]
    findings: tuple[Finding, ...]
    is_changed: bool


@dataclass(frozen=True)
class Choice:
    """What a clinic sets a value to."""

    value: str
    clinic: str
    source: str
    shown: str


@dataclass(frozen=True)
class Sheet:
    """All that stands on a review sheet."""

    read: Reading
    title: str
    sections: tuple[tuple[str, tuple[Row, ...]], ...]
    theme: tuple[Row, ...]
    choices: tuple[Choice, ...]
    findings: tuple[Finding, ...]
    last: Approval | None
    changes: tuple[Change, ...]


def sheet(project: Project, leaflet: str, locale: str) -> Sheet:
    """The review sheet of a leaflet in a locale, as the project is now."""
    read = reading(project, leaflet, locale)
    found = tuple(findings(project, leaflet, locale))
    last = project.approvals.get((leaflet, locale))
    old = parse_record(last.record) if last else None
    rows = _Rows(read, found, old, project.source_locale)
    return Sheet(
        read,
        project.leaflets[leaflet].title.msgid,
        tuple(rows.sections()),
        tuple(rows.row(passage) for passage in read.theme),
        tuple(_choices(project, leaflet, locale)),
        found,
        last,
        tuple(changes(old, read)) if old else (),
    )


class _Rows:
    """Makes rows of the passages of one reading."""

    def __init__(self, read: Reading, found: Sequence[Finding], old: Reading | None, source: str) -> None:
        self._read = read
        self._known = frozenset(_as_read(old, one) for one in (*old.passages, *old.theme)) if old else None
        self._ways = {True: direction(cldr.locale_of(read.locale)), False: direction(cldr.locale_of(source))}
        self._found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in found:
            self._found[finding.msgctxt, finding.msgid].append(finding)

    def sections(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        """The rows of each section in reading order."""
        for at in dict.fromkeys(passage.at for passage in self._read.passages):
            yield at, tuple(self.row(passage) for passage in self._read.passages if passage.at == at)

    def row(self, passage: Passage) -> Row:
        """One text beside its translation."""
        return Row(
            passage.role,
            tuple(self._shown(text, translated=False) for text in passage.source),
            tuple(self._shown(text, translated=True) for _, text in passage.translation),
            tuple(self._found.get((passage.at, passage.source[0]), ())),
            self._known is not None and _as_read(self._read, passage) not in self._known,
        )

    def _shown(self, text: str, translated: bool) -> Markup:
        return Markup("").join(self._node(node, translated) for node in markdown.parse_inline(text))

    def _node(self, node: markdown.Inline, translated: bool) -> Markup:
        match node:
            case markdown.Text(text):
                return escape(text)
            case markdown.Placeholder(name):
                value = ordered(self._read.filled(f"{{{name}}}", translated), self._ways[translated])
                return Markup('<span class="value">{}</span>').format(value)
            case markdown.Citation(source):
                return Markup('<span class="cited" dir="ltr">[{}]</span>').format(source)
            case markdown.Link(href, children):
                inside = Markup("").join(self._node(child, translated) for child in children)
                return Markup('{} <span class="cited" dir="ltr">{}</span>').format(inside, href)
            case markdown.Strong(children) | markdown.Emphasis(children):
                inside = Markup("").join(self._node(child, translated) for child in children)
                return Markup("<strong>{}</strong>").format(inside)


def _as_read(read: Reading, passage: Passage) -> tuple[str, ...]:
    """A passage with its values, to tell whether somebody has read it before."""
    source = (read.filled(text, translated=False) for text in passage.source)
    return (passage.at, passage.role, *source, *(read.filled(text, translated=True) for text in passage.texts))


def _choices(project: Project, leaflet: str, locale: str) -> Iterator[Choice]:
    for name, clinic, value in clinic_values(project, leaflet):
        source, shown = (shown_value(project, leaflet, value, to) for to in (project.source_locale, locale))
        yield Choice(name, clinic.title, source, shown)


def as_html(project: Project, made: Sheet) -> str:
    """The sheet as a page of HTML, which `as_pdf` prints."""
    locale, source = (cldr.locale_of(name) for name in (made.read.locale, project.source_locale))
    return filled(
        "review.html",
        [made.read.locale, project.source_locale],
        sheet=made,
        read=made.read,
        is_source=made.read.locale == project.source_locale,
        lang=_tag(locale),
        source_lang=_tag(source),
        direction=direction(locale),
        source_direction=direction(source),
        language=locale.get_display_name(Locale("en")),
        own_language=language_name(made.read.locale),
        source_language=source.get_display_name(Locale("en")),
        today=project.today.isoformat(),
        version=dict(made.read.facts)["version"],
        sources=[(name.removeprefix("source "), said) for name, said in made.read.facts if name.startswith("source ")],
        fingerprint=digest_of(made.read.record())[:16],
        errors=sum(finding.severity == "error" for finding in made.findings),
        names=_names,
        ordered=ordered,
    )


def _tag(locale: Locale) -> str:
    return str(locale).replace("_", "-")


def _names(key: str) -> str:
    """A section's key as a heading."""
    return " · ".join(part.replace("-", " ") for part in key.split("."))


def as_pdf(html: str, project: Project, locale: str) -> bytes:
    """The sheet as PDF. Raises `PolyleafError` where it cannot be set."""
    return printed(laid_out(html, [locale, project.source_locale]))
