"""Renders one edition, from the project to the bytes of its file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from babel import Locale

from polyleaf.build.fingerprint import CLINIC_FIELDS, LEAFLET_FIELDS, PROGRAMS, Facts, Key, Mode
from polyleaf.checks.glyphs import missing_glyphs
from polyleaf.clinic import typical
from polyleaf.finding import Finding
from polyleaf.fit import PAGES, SMALLEST_PT, fit
from polyleaf.html import Alternate, Sheet, Templates
from polyleaf.model import Clinic, Edition
from polyleaf.page import Page, build_page, direction, language_name
from polyleaf.pdf import Layout, set_pages, write_pdf
from polyleaf.project import THEME_DOMAIN, Project

Outcome = Literal["built", "up-to-date", "failed"]


Decision = tuple[tuple[str, ...], tuple[Sheet, int] | None]
"""Which leaflet, locale and shape of imprint; and the sheet that it has, with the pages that it fills."""


@dataclass(frozen=True)
class Result:
    """What became of an edition. `pages` and `type_size_pt` are of PDFs alone.

    `data` is there where it was rendered just now; `reads` are the keys of the facts that it was made of, `decisions`
    are those that were made for it and hold for others.
    """

    edition: Edition
    outcome: Outcome
    version: str
    findings: tuple[Finding, ...] = ()
    data: bytes = b""
    pages: int | None = None
    type_size_pt: float | None = None
    approved: bool = False
    fingerprint: str = ""
    sha256: str = ""
    bytes: int = 0
    reads: tuple[Key, ...] = ()
    decisions: tuple[Decision, ...] = ()


class Renderer:
    """Renders editions of one project, and keeps what many editions share. One lives in every worker process."""

    def __init__(self, project: Project, mode: Mode = "checked") -> None:
        self._project = project
        self._mode = mode
        self._facts = Facts(project, mode)
        self._templates = Templates(project.theme)
        self._files: set[str] = set()
        self._sheets: dict[tuple[str, ...], tuple[Sheet, int] | None] = {}
        self._new_sheets: list[Decision] = []

    def render(self, edition: Edition) -> Result:
        """Render one edition. What is wrong with its words is in the result's findings.

        Raises `PolyleafError` for a mistake in a template.
        """
        catalogs = {
            edition.leaflet: self._project.leaflet_catalogs(edition.leaflet, edition.locale),
            THEME_DOMAIN: self._project.theme_catalogs(edition.locale),
        }
        alternates = self._alternates(edition) if edition.format == "web" else ()
        self._files.clear()
        self._templates.used.clear()
        for found in catalogs.values():
            found.asked.clear()
        self._new_sheets.clear()
        result = self._render(edition, alternates)
        domains = {domain: found.asked for domain, found in catalogs.items()}
        reads = tuple(self._reads(edition, domains))
        return replace(result, reads=reads, decisions=tuple(self._new_sheets))

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Take over the sheets that other workers chose for the same project: whoever chooses comes to the same."""
        self._sheets.update(decisions)

    def _reads(self, edition: Edition, asked: Mapping[str, Set[tuple[str, str]]]) -> Iterator[Key]:
        """The keys of all that the edition just rendered was made of."""
        leaflet, locale = edition.leaflet, edition.locale
        for domain, messages in asked.items():
            yield from (("message", domain, locale, context, text) for context, text in messages)
        yield "drafted", leaflet, locale
        yield from (("leaflet", leaflet, field) for field in LEAFLET_FIELDS)
        yield from (("clinic", edition.clinic, field) for field in (*CLINIC_FIELDS, f"values.{leaflet}"))
        sections = self._project.leaflets[leaflet].sections
        for section in (part for whole in sections for part in (whole, *whole.parts)):
            if section.heading is None:
                yield "heading", section.key
        yield from (("file", name) for name in self._templates.used | self._files)
        if edition.format == "web":
            yield "languages", leaflet
        yield "fonts", locale
        yield from (("option", name) for name in ("mode", "source_locale"))
        yield from (("program", name) for name in PROGRAMS)

    def _render(self, edition: Edition, alternates: Sequence[Alternate]) -> Result:
        page = self._page(edition, self._project.clinics[edition.clinic])
        paged = edition.format != "web"
        fails = bool(page.findings) and self._mode != "draft"  # then nobody needs a layout to choose a sheet by
        decided = self._decided(page) if paged and not fails else None
        sheet = decided[0] if decided else None
        html = self._templates.render(page, sheet, alternates)
        if page.texts.findings and not page.incomplete:
            page = replace(page, incomplete=True)
            html = self._templates.render(page, sheet, alternates)
        findings = [*page.findings, *page.texts.findings]
        fatal = [] if self._mode == "draft" else list(findings)
        if paged:  # a browser has fonts of its own
            fatal += missing_glyphs(page, html)
        if fatal:
            return self._result(page, "failed", fatal)
        if not paged:
            return _with_data(self._result(page, "built", findings), html.encode())
        if decided:
            layout = self._set(html, edition.locale)
            if layout.pages == decided[1]:
                return self._pdf(page, findings, (decided[0], layout))
        return self._pdf(page, findings, fit(lambda sheet: self._lay(page, sheet)))

    def _pdf(self, page: Page, findings: Sequence[Finding], fitted: tuple[Sheet, Layout] | int) -> Result:
        if isinstance(fitted, int):
            text = f"it takes {fitted} pages at {SMALLEST_PT} pt, and {PAGES[-1]} are allowed"
            file = self._project.leaflets[page.edition.leaflet].path.as_posix()
            hint = "shorten the text or its translation"
            return self._result(page, "failed", [Finding("P103", "error", text, hint, file, 1)])
        sheet, layout = fitted
        data, complaints = write_pdf(layout)
        if complaints:
            wrong = [
                Finding("P102", "error", f"WeasyPrint: {text}", "mend the theme or the logo") for text in complaints
            ]
            return self._result(page, "failed", wrong)
        result = replace(self._result(page, "built", findings), pages=layout.pages, type_size_pt=sheet.size)
        return _with_data(result, data)

    def _decided(self, page: Page) -> tuple[Sheet, int] | None:
        """Sheet and pages for all clinics of one shape: fitting takes several layouts, which they share."""
        imprint = typical(page.clinic)
        key = (page.edition.leaflet, page.edition.locale, page.edition.format, repr(imprint))
        if key not in self._sheets:
            model = self._page(page.edition, imprint)
            fitted = fit(lambda sheet: self._lay(model, sheet))
            self._sheets[key] = None if isinstance(fitted, int) else (fitted[0], fitted[1].pages)
            self._new_sheets.append((key, self._sheets[key]))
        return self._sheets[key]

    def _lay(self, page: Page, sheet: Sheet) -> Layout:
        return self._set(self._templates.render(page, sheet), page.edition.locale)

    def _set(self, html: str, locale: str) -> Layout:
        layout = set_pages(html, locale, self._project.theme.files)
        self._files |= layout.files
        return layout

    def _page(self, edition: Edition, clinic: Clinic) -> Page:
        project = self._project
        return build_page(
            edition,
            project.leaflets[edition.leaflet],
            clinic,
            project.leaflet_catalogs(edition.leaflet, edition.locale),
            project.theme_catalogs(edition.locale),
            project.theme.headings,
            project.source_locale,
        )

    def _result(self, page: Page, outcome: Outcome, findings: Sequence[Finding]) -> Result:
        edition = page.edition
        placed = [
            replace(
                finding,
                file=_relative(finding.file, self._project.root),
                leaflet=edition.leaflet,
                locale=edition.locale,
                clinic=edition.clinic,
            )
            for finding in dict.fromkeys(findings)
        ]
        return Result(edition, outcome, page.version_id, tuple(placed), approved=page.approved)

    def _alternates(self, edition: Edition) -> list[Alternate]:
        """The languages that the leaflet can be had in."""
        found = []
        complete = self._facts.languages(edition.leaflet)
        for name in self._project.locales:
            if name == edition.locale or name in complete:
                locale = Locale.parse(name)
                href = f"../{name}/{edition.leaflet}.html"
                found.append(Alternate(name.replace("_", "-"), language_name(locale), href, direction(locale)))
        return found


def _relative(file: str, root: Path) -> str:
    path = Path(file)
    return path.relative_to(root).as_posix() if file and path.is_relative_to(root) else file


def _with_data(result: Result, data: bytes) -> Result:
    return replace(result, data=data, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
