"""Renders one edition, from the project to the bytes of its file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from babel import Locale

from polyleaf import cldr
from polyleaf.build.fingerprint import CLINIC_FIELDS, LEAFLET_FIELDS, PRINT_OPTIONS, PROGRAMS, Facts, Key, Mode
from polyleaf.checks import contrast
from polyleaf.checks.glyphs import missing_glyphs
from polyleaf.checks.layout import complaint, longest_sections, too_long
from polyleaf.checks.leaflets import unfit
from polyleaf.checks.pseudo import untranslatable
from polyleaf.clinic import typical
from polyleaf.errors import PolyleafError, Problem
from polyleaf.exporters import export
from polyleaf.finding import Finding
from polyleaf.fit import SPECS, Fitted, TooLong, fit
from polyleaf.fold import unfolded
from polyleaf.fonts import font_stack
from polyleaf.formats import MOST_PAGES_OF_BOOKLET, PANELS, creep_mm, folds_mm, sheet_sides
from polyleaf.html import Alternate, Sheet, Templates
from polyleaf.imprint import outside
from polyleaf.mark import form_of, on_web_page, page_of_its_own
from polyleaf.model import Clinic, Edition
from polyleaf.page import Page, RichText, build_page, direction, language_name
from polyleaf.palette import painted, palette
from polyleaf.pdf import Layout, set_pages, write_pdf
from polyleaf.preflight import Expectations, by_edition, expectations_of
from polyleaf.preflight import findings as preflight_findings
from polyleaf.print_terms import PrintTerms
from polyleaf.project import THEME_DOMAIN, Project
from polyleaf.stamp import SharedPages

Outcome = Literal["built", "up-to-date", "failed"]


@dataclass(frozen=True)
class Decision:
    """The sheet for a leaflet in a locale with imprints of one shape, and the pages that it fills; None if none fits.

    `of` says for which; `at_most` is how large its type could be, in points. `reads` are the keys of the facts that it
    rests on: every edition that uses it depends on them, whichever of them it was made for.
    """

    of: tuple[str, ...]
    sheet: Sheet | None
    pages: int
    reads: frozenset[Key]
    at_most: float = inf


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
        self._templates = Templates(project.theme, _bleeds_mm(project.print_terms))
        self._files: set[str] = set()
        self._shared: dict[str, SharedPages] = {}
        self._unfit: dict[str, tuple[Finding, ...]] = {}
        self._decisions: dict[tuple[str, ...], Decision] = {}
        self._new_decisions: list[Decision] = []
        self._marks: dict[str, Layout] = {}
        self._colours: dict[tuple[str, str], tuple[Finding, ...]] = {}

    def render(self, edition: Edition, assumed: Decision | None = None) -> Result:
        """Render one edition. What is wrong with its words is in the result's findings.

        With an assumed decision the result is provisional, if the pages are as many as it says: that takes one layout
        instead of several. Raises `PolyleafError` for a mistake in a template.
        """
        self._new_decisions.clear()
        alternates = self._alternates(edition) if edition.format == "web" else ()
        self._facts.standing(edition.leaflet, edition.locale)  # asks for every message, if it has to
        self._noted(edition)  # so that nothing is left of what was asked before
        page = self._page(edition, self._project.clinics[edition.clinic])
        reads = self._noted(edition)
        decision = None
        if edition.is_paged and not (page.findings and self._mode != "draft"):  # else no layout is needed
            if assumed and (result := self._render(page, alternates, assumed, assumed=True)):
                return replace(result, provisional=True)
            decision = self._decided(page)
            reads |= decision.reads
        result = self._export(page) if edition.is_export else self._render(page, alternates, decision)
        assert result is not None
        reads |= self._noted(edition) | set(self._always_read(edition))
        return replace(result, reads=tuple(sorted(reads)), decisions=tuple(self._new_decisions))

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Take over what other workers decided for the same project: whoever decides comes to the same."""
        self._decisions.update((decision.of, decision) for decision in decisions)

    def _noted(self, edition: Edition) -> set[Key]:
        """The keys of the messages and files that were asked for since this was called last."""
        found: set[Key] = {("file", name) for name in self._templates.used | self._files}
        self._templates.used.clear()
        self._files.clear()
        for domain in (edition.leaflet, THEME_DOMAIN):
            asked = self._project.catalogs[domain, edition.locale].asked
            found |= {("message", domain, edition.locale, *message) for message in asked}
            asked.clear()
        return found

    def _always_read(self, edition: Edition) -> Iterator[Key]:
        """The keys of what every edition is made of."""
        leaflet, locale = edition.leaflet, edition.locale
        yield "drafted", leaflet, locale
        yield "approval", leaflet, locale
        yield from (("leaflet", leaflet, field) for field in LEAFLET_FIELDS)
        yield from (("clinic", edition.clinic, field) for field in (*CLINIC_FIELDS, f"values.{leaflet}"))
        sections = self._project.leaflets[leaflet].sections
        for section in (part for whole in sections for part in (whole, *whole.parts)):
            if section.heading is None:
                yield "heading", section.key
        if edition.format == "web" or (edition.is_paged and self._project.same_size):
            yield "languages", leaflet
        if edition.is_export:
            yield "exporter", edition.format
        else:
            yield "fonts", locale
            yield ("pairs",)
        asked = ["mode", "source_locale"]
        asked += ["same_size"] if edition.is_paged else []
        asked += PRINT_OPTIONS if edition.is_for_press else ()
        yield from (("option", name) for name in asked)
        yield from (("program", name) for name in PROGRAMS)

    def _render(
        self, page: Page, alternates: Sequence[Alternate], decision: Decision | None, assumed: bool = False
    ) -> Result | None:
        paged = page.edition.is_paged
        sheet = decision.sheet if decision else None
        html = self._templates.render(page, sheet, alternates)
        if page.texts.findings and not page.incomplete:
            page = replace(page, incomplete=True)
            html = self._templates.render(page, sheet, alternates)
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
            layout = self._with_imprint(html, page.edition.locale) or self._set(html, page.edition.locale)
            if layout.pages == decision.pages:
                result = self._pdf(page, findings, (sheet, layout))
                return self._finished(page, result, assumed)
        at_most = decision.at_most if decision else inf
        return None if assumed else self._finished(page, self._pdf(page, findings, self._fitted(page, at_most)))

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
            fitted = densest, self._lay(page, densest)
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
        bleed, form = self._templates.bleed_mm(page.edition), form_of(page.edition.format)
        html = page_of_its_own(text.plain, *_language_of(text, page), font_stack(locale), layout.size_mm, bleed, form)
        if html not in self._marks:
            self._marks.clear()  # editions come leaflet by leaflet
            self._marks[html] = set_pages(html, locale, {})
        return self._marks[html]

    def _decided(self, page: Page) -> Decision:
        """The sheet for all clinics of one shape: fitting takes several layouts, which they share."""
        if not self._project.same_size:
            return self._decided_alone(page.edition)
        of = *decided_for(self._project, page.edition), "same size"
        if of not in self._decisions:
            size, reads = self._same_size(page.edition)
            alone = self._decided_alone(page.edition, size)
            self._decide(replace(alone, of=of, reads=alone.reads | reads))
        return self._decisions[of]

    def _same_size(self, edition: Edition) -> tuple[float, frozenset[Key]]:
        """The largest type that fits in every language in which the leaflet can be had, and what that rests on.

        A language that may not be set so small keeps the smallest type that it is allowed.
        """
        languages = [replace(edition, locale=locale) for locale in self._facts.languages(edition.leaflet)]
        size, reads = inf, frozenset[Key]()
        while languages:
            decisions = [self._decided_alone(language, size) for language in languages]
            for language, decision in zip(languages, decisions, strict=True):
                reads |= decision.reads | set(self._always_read(language))
            smallest = min((decision.sheet.size for decision in decisions if decision.sheet), default=size)
            if smallest >= size:  # smaller type can fill other pages, so that is asked again
                break
            size = smallest
        return size, reads

    def _decided_alone(self, edition: Edition, at_most: float = inf) -> Decision:
        """The sheet for one language, whatever the others have."""
        of = decided_for(self._project, edition)
        of = (*of, f"{at_most:g} pt") if at_most < inf else of
        if of not in self._decisions:
            self._facts.standing(edition.leaflet, edition.locale)  # asks for every message, if it has to
            self._noted(edition)
            imprint = typical(self._project.clinics[edition.clinic])
            model = self._page(replace(edition, profile="screen"), imprint)  # a bleed changes no layout
            fitted = self._fitted(model, at_most)
            sheet, pages = (None, fitted.pages) if isinstance(fitted, TooLong) else (fitted[0], fitted[1].pages)
            self._decide(Decision(of, sheet, pages, frozenset(self._noted(edition)), at_most))
        return self._decisions[of]

    def _decide(self, decision: Decision) -> None:
        self._decisions[decision.of] = decision
        self._new_decisions.append(decision)

    def _with_imprint(self, html: str, locale: str) -> Layout | None:
        """The pages that clinics share, with the imprint of this one; None if it cannot be done."""
        key = outside(html)
        if key not in self._shared:
            self._shared.clear()  # editions come leaflet by leaflet
            self._shared[key] = SharedPages(html, locale, self._project.theme.files)
        layout = self._shared[key].with_imprint(html)
        if layout is not None:
            self._files |= layout.files
        return layout

    def _fitted(self, page: Page, at_most: float) -> Fitted:
        return fit(lambda sheet: self._lay(page, sheet), page.edition.format, page.edition.locale, at_most)

    def _lay(self, page: Page, sheet: Sheet) -> Layout:
        return self._set(self._templates.render(page, sheet), page.edition.locale)

    def _set(self, html: str, locale: str) -> Layout:
        layout = set_pages(html, locale, self._project.theme.files)
        self._files |= layout.files
        return layout

    def _page(self, edition: Edition, clinic: Clinic) -> Page:
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


def decided_for(project: Project, edition: Edition) -> tuple[str, ...]:
    """What a decision is made for: a leaflet in a locale and a format, and imprints of one shape."""
    return edition.leaflet, edition.locale, edition.format, repr(typical(project.clinics[edition.clinic]))


def _bleeds_mm(terms: PrintTerms) -> dict[str, float]:
    """How far beyond its edges a page is painted, by profile. What moves towards a spine is painted as far beyond."""
    moved = creep_mm(MOST_PAGES_OF_BOOKLET // 4 - 1, terms.paper_thickness)
    return {"print": terms.bleed, "imposed": terms.bleed + moved}


def _with_data(result: Result, data: bytes) -> Result:
    return replace(result, data=data, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
