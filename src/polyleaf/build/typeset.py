"""Puts the pages of one project together and lays them out, and notes what they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from polyleaf.build.fingerprint import Facts, Key
from polyleaf.checks.leaflets import unfit
from polyleaf.finding import Finding
from polyleaf.fit import Fitted, fit
from polyleaf.formats import MOST_PAGES_OF_BOOKLET, creep_mm
from polyleaf.html import Sheet, Templates
from polyleaf.model import Clinic, Edition
from polyleaf.page import Page, build_page
from polyleaf.pdf import Layout, set_pages
from polyleaf.print_terms import PrintTerms
from polyleaf.project import THEME_DOMAIN, Project


class Typesetter:
    """Pages of one project, and their layouts. `templates` are those that it renders pages with."""

    def __init__(self, project: Project, facts: Facts) -> None:
        self.templates = Templates(project.theme, _bleeds_mm(project.print_terms))
        self._project = project
        self._facts = facts
        self._files: set[str] = set()
        self._unfit: dict[str, tuple[Finding, ...]] = {}

    def page(self, edition: Edition, clinic: Clinic) -> Page:
        """All that a reader sees of an edition, with the imprint of a clinic, and what is unfit in its leaflet."""
        project, leaflet = self._project, edition.leaflet
        page = build_page(
            edition,
            project.leaflets[leaflet],
            clinic,
            project.leaflet_catalogs(leaflet, edition.locale),
            project.theme_catalogs(edition.locale),
            project.theme.headings,
            project.source_locale,
        )
        if leaflet not in self._unfit:
            self._unfit[leaflet] = unfit(project, leaflet)
        approval = self._facts.approval(leaflet, edition.locale)
        return replace(page, approval=approval, findings=(*page.findings, *self._unfit[leaflet]))

    def fitted(self, page: Page, at_most: float) -> Fitted:
        """The largest type in which a page fills its format, up to so many points, with its layout."""
        return fit(lambda sheet: self.lay(page, sheet), page.edition.format, page.edition.locale, at_most)

    def lay(self, page: Page, sheet: Sheet) -> Layout:
        """A page on a sheet."""
        return self.laid(self.templates.render(page, sheet), page.edition.locale)

    def laid(self, html: str, locale: str) -> Layout:
        """A page that was rendered, laid out."""
        layout = set_pages(html, locale, self._project.theme.files)
        self.note(layout.files)
        return layout

    def note(self, files: Iterable[str]) -> None:
        """Note that files of the theme are shown."""
        self._files.update(files)

    def noted(self, edition: Edition) -> set[Key]:
        """The keys of the messages and files that were asked for since this was called last."""
        found: set[Key] = {("file", name) for name in self.templates.used | self._files}
        self.templates.used.clear()
        self._files.clear()
        for domain in (edition.leaflet, THEME_DOMAIN):
            asked = self._project.catalogs[domain, edition.locale].asked
            found |= {("message", domain, edition.locale, *message) for message in asked}
            asked.clear()
        return found


def _bleeds_mm(terms: PrintTerms) -> dict[str, float]:
    """How far beyond its edges a page is painted, by profile. What moves towards a spine is painted as far beyond."""
    moved = creep_mm(MOST_PAGES_OF_BOOKLET // 4 - 1, terms.paper_thickness)
    return {"print": terms.bleed, "imposed": terms.bleed + moved}
