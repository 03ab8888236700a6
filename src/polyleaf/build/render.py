"""Renders one edition, from the project to the bytes of its file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from babel import Locale

from polyleaf import cldr
from polyleaf.build.decide import Decision, Decisions
from polyleaf.build.fingerprint import Facts, Key, Mode
from polyleaf.build.typeset import Typesetter
from polyleaf.checks import contrast
from polyleaf.checks.glyphs import missing_glyphs
from polyleaf.checks.layout import complaint, longest_sections, too_long
from polyleaf.checks.pseudo import untranslatable
from polyleaf.errors import PolyleafError, Problem
from polyleaf.exporters import export
from polyleaf.finding import Finding
from polyleaf.fit import SPECS, Fitted, TooLong
from polyleaf.fold import unfolded
from polyleaf.fonts import font_stack
from polyleaf.formats import PANELS, folds_mm, sheet_sides
from polyleaf.html import Alternate
from polyleaf.imprint import outside
from polyleaf.mark import form_of, on_web_page, page_of_its_own
from polyleaf.model import Edition
from polyleaf.page import Page, RichText, direction, language_name
from polyleaf.palette import painted, palette
from polyleaf.pdf import Layout, set_pages, write_pdf
from polyleaf.preflight import Expectations, by_edition, expectations_of
from polyleaf.preflight import findings as preflight_findings
from polyleaf.project import Project
from polyleaf.stamp import SharedPages

Outcome = Literal["built", "up-to-date", "failed"]


@dataclass(frozen=True)
class Result:
    """What became of an edition. `pages` and `type_size_pt` are of PDFs alone.

    `provisional` says that its sheet was taken over from an earlier build, unproved: nobody may remember it.
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
    provisional: bool = False


class Renderer:
    """Renders editions of one project, and keeps what many editions share. One lives in every worker process."""

    def __init__(self, project: Project, mode: Mode = "checked") -> None:
        self._project = project
        self._mode = mode
        self._facts = Facts(project, mode)
        self._typesetter = Typesetter(project, self._facts)
        self._decisions = Decisions(project, self._facts, self._typesetter)
        self._shared: dict[str, SharedPages] = {}
        self._marks: dict[str, Layout] = {}
        self._colours: dict[tuple[str, str], tuple[Finding, ...]] = {}

    def render(self, edition: Edition, assumed: Decision | None = None) -> Result:
        """Render one edition. What is wrong with its words is in the result's findings.

        With an assumed decision the result is provisional, if the pages are as many as it says: that takes one layout
        instead of several. Raises `PolyleafError` for a mistake in a template.
        """
        self._decisions.new.clear()
        alternates = self._alternates(edition) if edition.format == "web" else ()
        self._facts.standing(edition.leaflet, edition.locale)  # asks for every message, if it has to
        self._typesetter.noted(edition)  # so that nothing is left of what was asked before
        page = self._typesetter.page(edition, self._project.clinics[edition.clinic])
        reads = self._typesetter.noted(edition)
        decision = None
        if edition.is_paged and not (page.findings and self._mode != "draft"):  # else no layout is needed
            if assumed and (result := self._render(page, alternates, assumed, assumed=True)):
                return replace(result, provisional=True)
            decision = self._decisions.sheet_for(edition)
            reads |= decision.reads
        result = self._export(page) if edition.is_export else self._render(page, alternates, decision)
        assert result is not None
        reads |= self._typesetter.noted(edition) | set(self._facts.always_read(edition))
        return replace(result, reads=tuple(sorted(reads)), decisions=tuple(self._decisions.new))

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Take over what other workers decided for the same project."""
        self._decisions.learn(decisions)

    def _render(
        self, page: Page, alternates: Sequence[Alternate], decision: Decision | None, assumed: bool = False
    ) -> Result | None:
        paged = page.edition.is_paged
        sheet = decision.sheet if decision else None
        html = self._typesetter.templates.render(page, sheet, alternates)
        if page.texts.findings and not page.incomplete:
            page = replace(page, incomplete=True)
            html = self._typesetter.templates.render(page, sheet, alternates)
        mark = page.mark()
        findings = [*page.findings, *page.texts.findings]
        fatal = [] if self._mode == "draft" else list(findings)
        findings += untranslatable(page, html, self._project.theme)
        if paged:  # a browser has fonts of its own
            fatal += missing_glyphs(page, html + (mark.plain if mark else ""))
        if fatal:
            return self._result(page, "failed", fatal)
        findings += self._contrasts(page.edition)
        if not paged:
            return _with_data(self._result(page, "built", findings), self._marked(page, html).encode())
        if decision and sheet:
            layout = self._with_imprint(html, page.edition.locale) or self._typesetter.laid(html, page.edition.locale)
            if layout.pages == decision.pages:
                result = self._pdf(page, findings, (sheet, layout))
                return self._finished(page, result, assumed)
        if assumed:
            return None
        at_most = decision.at_most if decision else inf
        return self._finished(page, self._pdf(page, findings, self._typesetter.fitted(page, at_most)))

    def _contrasts(self, edition: Edition) -> tuple[Finding, ...]:
        """Where colours of the theme and the clinic cannot be read."""
        key = edition.clinic, edition.profile
        if key not in self._colours:
            brand = contrast.brand_of(self._project, edition.clinic)
            found = [*contrast.of_theme(brand.theme), *contrast.on_screen(brand)]
            found += contrast.on_paper(brand) if edition.is_for_press else ()
            self._colours[key] = tuple(found)
        return self._colours[key]

    def _export(self, page: Page) -> Result:
        """The page as an exporter writes it, without a layout: whoever reads the file has fonts of their own."""
        data = export(page)
        if page.texts.findings and not page.incomplete:
            page = replace(page, incomplete=True)
            data = export(page)
        findings = [*page.findings, *page.texts.findings]
        if findings and self._mode != "draft":
            return self._result(page, "failed", findings)
        return _with_data(self._result(page, "built", findings), data)

    def _pdf(self, page: Page, findings: Sequence[Finding], fitted: Fitted) -> Result:
        format_ = page.edition.format
        if isinstance(fitted, TooLong):
            leaflet = self._project.leaflets[page.edition.leaflet]
            finding = too_long(leaflet.path, fitted, [] if page.is_source else longest_sections(page, leaflet))
            if page.edition.locale not in cldr.PSEUDO_LOCALES:
                return self._result(page, "failed", [finding])
            # It is there to show what becomes of a page when a text is longer.
            findings = [*findings, replace(finding, severity="warning")]
            densest = SPECS[format_].sheets(page.edition.locale)[-1]
            fitted = densest, self._typesetter.lay(page, densest)
        sheet, layout = fitted
        if format_ == "trifold" and layout.pages == PANELS:
            layout = unfolded(layout, page.direction)
        data, complaints = write_pdf(layout, painted(page.clinic), self._page_over(page, layout))
        if complaints:
            return self._result(page, "failed", [complaint(text) for text in complaints])
        if page.edition.is_for_press:
            data = self._print_ready(page, data)
        result = replace(self._result(page, "built", findings), pages=layout.pages, type_size_pt=sheet.size)
        return _with_data(result, data)

    def _finished(self, page: Page, result: Result, assumed: bool = False) -> Result:
        """A PDF after preflight, unless that is left for later, and on its sheets, where it goes on some."""
        terms = self._project.print_terms
        inspected = result if assumed else self._inspected(page, result, expectations_of(page, terms))
        if page.edition.profile != "imposed" or inspected.outcome == "failed":
            return inspected
        laid = self._on_sheets(page, result)  # what was found on its pages is found on them, too
        held = replace(by_edition(page.edition, terms), paper=page.paper)
        return laid if assumed else self._inspected(page, laid, held)

    def _inspected(self, page: Page, result: Result, expectations: Expectations) -> Result:
        """A PDF after preflight: with an error it fails, and nobody gets it. In a pseudo-locale that is shown, too."""
        if result.outcome == "failed":
            return result
        found = preflight_findings(result.data, expectations)
        if page.edition.locale in cldr.PSEUDO_LOCALES:
            found = tuple(replace(finding, severity="warning") for finding in found)
        errors = [finding for finding in found if finding.severity == "error"]
        if errors:
            return self._result(page, "failed", errors)
        return replace(result, findings=(*result.findings, *self._placed(page.edition, found)))

    def _print_ready(self, page: Page, data: bytes) -> bytes:
        from polyleaf.press.print_ready import print_ready

        published = self._project.leaflets[page.edition.leaflet].published
        folds = folds_mm(page.paper, page.direction) if page.edition.format == "trifold" else ()
        return print_ready(data, self._project.print_terms, published, palette(page.clinic).values(), folds)

    def _on_sheets(self, page: Page, result: Result) -> Result:
        """A booklet, with its pages laid on sheets."""
        from polyleaf.press.print_ready import on_sheets

        published = self._project.leaflets[page.edition.leaflet].published
        data = on_sheets(result.data, self._project.print_terms, published, page.direction)
        return _with_data(replace(result, pages=len(sheet_sides(result.pages or 0, page.direction))), data)

    def _marked(self, page: Page, html: str) -> str:
        """A web page with its mark, if it has to have one."""
        text = page.mark()
        if text is None:
            return html
        try:
            return on_web_page(html, text.plain, *_language_of(text, page))
        except ValueError as error:
            theme = self._project.theme.folder
            hint = "write them, so that it can carry the mark of a draft"
            raise PolyleafError(Problem(f"{error}", theme / f"{page.edition.format}.html", 1, hint)) from None

    def _page_over(self, page: Page, layout: Layout) -> Layout | None:
        """What is painted over every page of a PDF: its mark, if it has to have one."""
        text = page.mark()
        if text is None:
            return None
        locale = page.edition.locale
        bleed, form = self._typesetter.templates.bleed_mm(page.edition), form_of(page.edition.format)
        html = page_of_its_own(text.plain, *_language_of(text, page), font_stack(locale), layout.size_mm, bleed, form)
        if html not in self._marks:
            self._marks.clear()  # editions come leaflet by leaflet
            self._marks[html] = set_pages(html, locale, {})
        return self._marks[html]

    def _with_imprint(self, html: str, locale: str) -> Layout | None:
        """The pages that clinics share, with the imprint of this one; None if it cannot be done."""
        key = outside(html)
        if key not in self._shared:
            self._shared.clear()  # editions come leaflet by leaflet
            self._shared[key] = SharedPages(html, locale, self._project.theme.files)
        layout = self._shared[key].with_imprint(html)
        if layout is not None:
            self._typesetter.note(layout.files)
        return layout

    def _result(self, page: Page, outcome: Outcome, findings: Sequence[Finding]) -> Result:
        placed = self._placed(page.edition, findings)
        return Result(page.edition, outcome, page.version_id, placed, approved=page.approved)

    def _placed(self, edition: Edition, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings, each once, that say what edition they are of."""
        leaflet, locale, clinic = edition.leaflet, edition.locale, edition.clinic
        return tuple(
            replace(finding.below(self._project.root), leaflet=leaflet, locale=locale, clinic=clinic)
            for finding in dict.fromkeys(findings)
        )

    def _alternates(self, edition: Edition) -> list[Alternate]:
        """The languages that the leaflet can be had in."""
        found = []
        complete = self._facts.languages(edition.leaflet)
        for name in self._project.locales:
            if name == edition.locale or name in complete:
                href = f"../{name}/{edition.leaflet}.html"
                way = direction(cldr.locale_of(name))
                found.append(Alternate(name.replace("_", "-"), language_name(name), href, way))
        return found


def _language_of(text: RichText, page: Page) -> tuple[str, str]:
    """The language of a text on a page, and which way it runs."""
    if not text.lang:
        return page.lang, page.direction
    return text.lang, direction(Locale.parse(text.lang, sep="-"))


def _with_data(result: Result, data: bytes) -> Result:
    return replace(result, data=data, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
