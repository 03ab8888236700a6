"""Renders one edition, from the project to the bytes of its file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from babel import Locale

from polyleaf import fonts
from polyleaf.catalog import Catalogs
from polyleaf.checks.glyphs import missing_glyphs
from polyleaf.finding import Finding
from polyleaf.fit import PAGES, SMALLEST_PT, fit
from polyleaf.html import Alternate, Sheet, render_html
from polyleaf.model import Edition
from polyleaf.page import Page, build_page, direction, language_name
from polyleaf.pdf import Layout, set_pages, write_pdf
from polyleaf.project import Project

Mode = Literal["checked", "draft", "release"]
Outcome = Literal["built", "up-to-date", "failed"]


@dataclass(frozen=True)
class Result:
    """What became of an edition. `data` is empty where it failed; `pages` and `type_size_pt` are of PDFs alone."""

    edition: Edition
    outcome: Outcome
    version: str
    findings: tuple[Finding, ...] = ()
    data: bytes = b""
    pages: int | None = None
    type_size_pt: float | None = None
    approved: bool = False
    fingerprint: str = ""


class Renderer:
    """Renders editions of one project, and keeps what many editions share. One lives in every worker process."""

    def __init__(self, project: Project, mode: Mode = "checked") -> None:
        self._project = project
        self._mode = mode
        self._catalogs = cache(lambda leaflet, locale: project.leaflet_catalogs(leaflet, Locale.parse(locale)))
        self._theme_catalogs = cache(lambda locale: project.theme_catalogs(Locale.parse(locale)))
        self._complete = cache(self._is_complete)

    def render(self, edition: Edition) -> Result:
        """Render one edition. What is wrong with its words is in the result's findings.

        Raises `PolyleafError` for a mistake in a template.
        """
        page = self._page(edition)
        alternates = self._alternates(edition) if edition.format == "web" else ()
        html = render_html(page, self._project.theme, alternates=alternates)
        if page.texts.findings and not page.incomplete:
            page = replace(page, incomplete=True)
            html = render_html(page, self._project.theme, alternates=alternates)
        findings = [*page.findings, *page.texts.findings]
        fatal = [] if self._mode == "draft" else list(findings)
        if edition.format != "web":  # a browser has fonts of its own
            fatal += missing_glyphs(page, html)
        if fatal:
            return self._result(page, "failed", fatal)
        if edition.format == "web":
            return replace(self._result(page, "built", findings, html), data=html.encode())
        return self._pdf(page, findings)

    def _pdf(self, page: Page, findings: Sequence[Finding]) -> Result:
        folders = (self._project.theme.folder, self._project.root / "templates")

        def lay(sheet: Sheet) -> Layout:
            return set_pages(render_html(page, self._project.theme, sheet), page.edition.locale, folders)

        fitted = fit(lay)
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
        result = self._result(page, "built", findings, layout.source)
        return replace(result, data=data, pages=layout.pages, type_size_pt=sheet.size)

    def _page(self, edition: Edition) -> Page:
        project = self._project
        return build_page(
            edition,
            project.leaflets[edition.leaflet],
            project.clinics[edition.clinic],
            self._catalogs(edition.leaflet, edition.locale),
            self._theme_catalogs(edition.locale),
            project.theme.headings,
            project.source_locale,
        )

    def _result(self, page: Page, outcome: Outcome, findings: Sequence[Finding], source: str = "") -> Result:
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
        fingerprint = _fingerprint(source, edition.locale) if source else ""
        return Result(edition, outcome, page.version_id, tuple(placed), approved=page.approved, fingerprint=fingerprint)

    def _alternates(self, edition: Edition) -> list[Alternate]:
        """The languages that the leaflet can be had in."""
        found = []
        for name in self._project.locales:
            if name == edition.locale or self._mode == "draft" or self._complete(edition.leaflet, name):
                locale = Locale.parse(name)
                href = f"../{name}/{edition.leaflet}.html"
                found.append(Alternate(name.replace("_", "-"), language_name(locale), href, direction(locale)))
        return found

    def _is_complete(self, leaflet: str, locale: str) -> bool:
        """Whether every message of the leaflet and every heading of the theme can be published in a locale."""
        catalogs: list[tuple[Catalogs, Sequence[object]]] = [
            (self._catalogs(leaflet, locale), self._project.leaflets[leaflet].messages),
            (self._theme_catalogs(locale), list(self._project.theme.headings.values())),
        ]
        return not any(found.find(message)[1] for found, messages in catalogs for message in messages)  # type: ignore[arg-type]


def _relative(file: str, root: Path) -> str:
    path = Path(file)
    return path.relative_to(root).as_posix() if file and path.is_relative_to(root) else file


def _fingerprint(source: str, locale: str) -> str:
    """What the bytes of a file depend on: its HTML, the fonts, and the programs that set it."""
    parts = [
        source,
        *fonts.face_names(locale),
        *(f"{name} {version(name)}" for name in ("weasyprint", "fonttools", "pydyf")),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
