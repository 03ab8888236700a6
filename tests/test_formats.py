"""Large print, booklets and folded leaflets: their paper, type and panels, and what they leave out."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pypdfium2
import pytest
from conftest import CLINIC, LOCALES, REPOSITORY, Project
from test_repository import expected, layout_text, own_text, parts_of, squeezed

from polyleaf import fit as fitting
from polyleaf import fonts, mark
from polyleaf.build import Result, render
from polyleaf.fonts import families, static_face
from polyleaf.formats import folds_mm, panel_widths_mm, sides
from polyleaf.html import Sheet
from polyleaf.model import Edition
from polyleaf.page import Page
from polyleaf.pdf import Layout, set_pages
from polyleaf.project import load_project

NEW = ("large-print", "a5-booklet", "trifold")
LEFT_OUT = "leave_out: {trifold: [about, sources]}\nvalues:"
PT = 96 / 72
MM = 96 / 25.4


def entries(project: Project) -> dict[str, dict[str, Any]]:
    found = json.loads(project.output("manifest.json"))["editions"]
    return {entry["format"]: entry for entry in found if entry["locale"] == "en"}


def in_us(project: Project) -> None:
    project.write("templates/clinics/hill.toml", CLINIC.replace('"GB"', '"US"').replace('urgent = "111"\n', ""))


def page_sizes(pdf: Path) -> set[tuple[int, int]]:
    """Width and height of all pages in mm."""
    info = subprocess.run(["pdfinfo", "-l", "99", pdf], check=True, capture_output=True, text=True).stdout
    found = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", info)
    return {(round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) for width, height in found}


def where(pdf: Path, word: str) -> list[tuple[int, float]]:
    """The pages that a word is on, with how far across the page it begins, 0 to 1."""
    run = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True).stdout
    found = []
    for number, page in enumerate(run.split("<page ")[1:], start=1):
        width = float(re.findall(r'width="([\d.]+)"', page)[0])
        for left in re.findall(rf'xMin="([\d.]+)"[^>]*>{re.escape(word)}<', page):
            found.append((number, float(left) / width))
    return found


def laid_out(edition: Edition, root: Path = REPOSITORY) -> tuple[Page, Layout, Result]:
    """An edition with the pages that it was set in."""
    config = root / ("polyleaf.toml" if (root / "polyleaf.toml").exists() else "pyproject.toml")
    kept: list[Any] = []

    class Watching(render.Renderer):
        def _pdf(self, shown: Page, findings: Any, fitted: Any) -> Result:
            kept[:] = [shown]
            return super()._pdf(shown, findings, fitted)

    def keep(layout: Layout, *more: Any) -> Any:
        kept.append(layout)
        return write(layout, *more)

    write = render.write_pdf
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "write_pdf", keep)
        result = Watching(load_project(config)).render(edition)
    assert result.outcome == "built", result.findings
    page, layout = kept
    return page, layout, result


# Paper and type ------------------------------------------------------------------------------------------------------


def test_each_format_has_its_paper_and_its_number_of_pages(project: Project) -> None:
    ran = project.build("-l", "en", *(f"-f{name}" for name in NEW))
    assert ran.exit_code == 0, ran.stderr
    found = entries(project)
    assert found["trifold"]["pages"] == 2
    assert found["a5-booklet"]["pages"] % 4 == 0
    assert found["large-print"]["type_size_pt"] == 18
    assert 10.5 <= found["a5-booklet"]["type_size_pt"] <= 12
    sizes = {name: page_sizes(project.path(f"output/hill/en/knee.{name}.pdf")) for name in NEW}
    assert sizes == {"large-print": {(210, 297)}, "a5-booklet": {(148, 210)}, "trifold": {(297, 210)}}


def test_in_the_us_they_are_of_letter_paper(project: Project) -> None:
    in_us(project)
    assert project.build("-l", "en", *(f"-f{name}" for name in NEW)).exit_code == 0
    sizes = {name: page_sizes(project.path(f"output/hill/en/knee.{name}.pdf")) for name in NEW}
    assert sizes == {"large-print": {(216, 279)}, "a5-booklet": {(140, 216)}, "trifold": {(279, 216)}}


def test_a_project_builds_them_only_if_it_says_so(project: Project) -> None:
    project.build("-l", "en")
    assert set(entries(project)) == {"web", "a4"}
    project.edit("polyleaf.toml", 'locales = ["de"]', 'locales = ["de"]\nformats = ["web", "trifold"]')
    project.build("-l", "en", "-o", str(project.path("other")))
    assert sorted(path.name for path in project.path("other/hill/en").iterdir()) == ["knee.html", "knee.trifold.pdf"]


def test_a_theme_without_a_template_for_a_format_says_so(project: Project) -> None:
    for name in ("theme.toml", "_blocks.html", "web.html", "web.css"):
        source = REPOSITORY / "templates/themes/default" / name
        project.write(f"templates/themes/default/{name}", source.read_bytes())
    ran = project.build("-l", "en", "-f", "trifold", "-f", "web")
    assert ran.exit_code == 2
    assert "trifold.html: the theme has no template for the format 'trifold'" in ran.stderr
    assert not project.path("output").exists()


def x_height_pt(size: float, locale: str) -> float:
    from fontTools.ttLib import TTFont

    with TTFont(static_face(families(locale)[0], 400)) as font:
        return size * float(font["OS/2"].sxHeight) / float(font["head"].unitsPerEm)


@pytest.mark.parametrize("locale", ["en", "ru", "vi", "ar", "hi", "zh_Hans"])
def test_no_type_of_a_folded_leaflet_looks_smaller_than_nine_points_of_times(locale: str) -> None:
    sheets = fitting.SPECS["trifold"].sheets(locale)
    assert sheets[0].size > sheets[-1].size
    for sheet in sheets:
        assert x_height_pt(sheet.size, locale) >= 9 * 0.448
        assert sheet.size * sheet.leading / 72 * 25.4 >= 3  # mm between lines
        if locale not in ("en", "ru", "vi"):  # no small letters, so no x-height
            assert sheet.size >= 9


class Pages:
    """A text that takes some area, and how often it was laid out: `area` is in pages of type of 1 pt."""

    def __init__(self, area: float, more: int = 0) -> None:
        self.area, self.more = area, more
        self.tried: list[Sheet] = []

    def __call__(self, sheet: Sheet) -> Any:
        self.tried.append(sheet)
        pages = -(-int(self.area * sheet.size**2 * (sheet.leading - 0.1 * sheet.broken)) // 10000)
        return FakeLayout(pages + self.more + sheet.spare)


class FakeLayout:
    def __init__(self, pages: int) -> None:
        self.pages, self.free_mm = pages, 200.0

    def lines(self, first: int, last: int) -> int:
        return 40 * max(last - first, 0)


@pytest.mark.parametrize("format_", ["a4", "trifold", "a5-booklet", "large-print"])
@pytest.mark.parametrize("area", range(10, 800, 40))
def test_under_five_layouts_find_the_largest_type_that_fills_the_format(format_: str, area: int) -> None:
    text = Pages(area, more=format_ != "a4")
    found = fitting.fit(text, format_, "en")  # type: ignore[arg-type]
    assert len(text.tried) < 5
    spec = fitting.SPECS[format_]
    sheets = spec.sheets("en")
    fitting_sizes = [sheet.size for sheet in sheets if text(sheet).pages <= spec.most]
    if isinstance(found, fitting.TooLong):
        assert not fitting_sizes
        assert found.lines > 0
        return
    sheet, layout = found
    assert layout.pages <= spec.most
    if format_ == "a4":
        assert layout.pages in (2, 4)
    if format_ == "trifold":
        assert (layout.pages, sheet.size) == (6, max(fitting_sizes))
    if format_ == "a5-booklet":
        assert layout.pages % 4 == 0
        assert sheet.spare <= 3


def test_a_box_of_warnings_is_broken_over_pages_in_the_smallest_type_alone() -> None:
    sheets = fitting.SPECS["a4"].sheets("en")
    assert {sheet.size for sheet in sheets if sheet.broken} == {min(sheet.size for sheet in sheets)}
    assert [sheet for sheet in sheets if sheet.broken] == [sheets[-1]]


@pytest.mark.parametrize("address", ["in the text", "on a page of its own"])
def test_one_or_three_pages_get_a_back(address: str) -> None:
    """The address goes there, and where that is alone on its page already, a page for notes comes before it."""
    tried = []

    def lay(sheet: Sheet) -> Any:
        tried.append(sheet)
        return FakeLayout(3 + (sheet.back_page and address == "in the text") + sheet.spare)

    sheet, layout = fitting.fit(lay, "a4", "en")  # type: ignore[misc, arg-type]
    assert (sheet.back_page, sheet.spare, layout.pages) == (True, address != "in the text", 4)
    assert sheet.size == 12 and len(tried) < 5


def test_a_booklet_takes_smaller_type_only_where_that_saves_a_sheet_that_would_be_for_notes() -> None:
    pages = {12: 9, 11.25: 8, 10.5: 7}

    def lay(sheet: Sheet) -> Any:
        return FakeLayout(pages[sheet.size] + sheet.spare)

    sheet, layout = fitting.fit(lay, "a5-booklet", "en")  # type: ignore[misc, arg-type]
    assert (sheet.size, layout.pages) == (11.25, 8)
    pages[12] = 10
    sheet, layout = fitting.fit(lay, "a5-booklet", "en")  # type: ignore[misc, arg-type]
    assert (sheet.size, layout.pages, sheet.spare) == (12, 12, 2)


def test_what_does_not_fit_says_by_how_many_lines_and_which_sections_are_long(project: Project) -> None:
    sentences = "\n".join(
        f"- Sentence {'x' * n} says something about the knee and how it heals in the end." for n in range(90)
    )
    project.edit("templates/leaflets/knee.md", "Your knee needs **rest** after treatment.", sentences)
    project.translate("de", lambda text: text.upper() + (" UND NOCH MEHR WORTE" if "Sentence" in text else ""))
    ran = project.build("-f", "trifold")
    assert ran.exit_code == 1
    assert re.search(r"P103\]: .*it takes \d+ pages at 7.6 pt, and 6 are allowed: \d\d+ lines too many", ran.stderr)
    assert re.search(r"longest beside the source: WHAT IS IT\? \(1\.\d times\), ", ran.stderr)
    [english] = re.findall(r"hint: (.*)\n.*edition: hill/en", ran.stderr)
    assert "times" not in english


# The folded leaflet --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_folds_of_both_sides_of_the_sheet_meet(paper: str, direction: str) -> None:
    width = sum(panel_widths_mm(paper)[:3])
    outside, inside = folds_mm(paper, direction)
    assert outside == pytest.approx([width - fold for fold in reversed(inside)])  # it is turned over its short edge
    if paper == "A4":
        assert panel_widths_mm(paper) == (100, 97, 100, 100, 97, 100)
        assert (outside, inside) == (((97, 197), (100, 200)) if direction == "ltr" else ((100, 200), (97, 197)))


def test_panels_are_mirrored_for_those_who_read_from_right_to_left() -> None:
    assert sides("ltr") == ((2, 6, 1), (3, 4, 5))
    assert sides("rtl") == ((1, 6, 2), (5, 4, 3))


def test_cover_and_back_are_where_the_sheet_is_folded_for(project: Project) -> None:
    project.edit("templates/leaflets/knee.md", "title: Resting your knee", "title: Resting")
    project.build("-l", "en", "-f", "trifold")
    pdf = project.path("output/hill/en/knee.trifold.pdf")
    assert [page for page, at in where(pdf, "Resting")] == [1]
    assert where(pdf, "Resting")[0][1] > 2 / 3
    [(page, at)] = where(pdf, "reach")  # "How to reach us"
    assert (page, 1 / 3 < at < 2 / 3) == (1, True)


def test_an_arabic_cover_is_on_the_left(tmp_path: Path) -> None:
    _, _, result = laid_out(Edition("compression-stockings", "ar", "lakeside", "trifold", "screen"))
    pdf = tmp_path / "ar.pdf"
    pdf.write_bytes(result.data)
    clinic = where(pdf, "Lakeside")
    assert {page for page, _ in clinic} == {1}
    assert min(at for _, at in clinic) < 1 / 3  # on the cover
    assert max(at for _, at in clinic) < 2 / 3  # and on the back


def test_it_is_read_from_the_cover_through_the_inside_to_the_back(project: Project) -> None:
    project.build("-l", "en", "-f", "trifold")
    command = ["pdfinfo", "-struct-text", project.path("output/hill/en/knee.trifold.pdf")]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    in_order = ["Resting your knee", "Key points", "What is it?", "Looking after yourself", "When to get help"]
    places = [squeezed(text).index(squeezed(words)) for words in (*in_order, "How to reach us", "Version: 1.0")]
    assert places == sorted(places)


def test_every_panel_carries_the_mark_of_a_draft(project: Project) -> None:
    project.build("-l", "en", "-f", "trifold")
    pdf = project.path("output/hill/en/knee.trifold.pdf")
    found = where(pdf, "approved")
    for page in (1, 2):
        assert {int(at * 3) for number, at in found if number == page} == {0, 1, 2}


def test_links_of_a_folded_leaflet_lie_on_their_words(project: Project) -> None:
    import pikepdf

    project.build("-l", "en", "-f", "trifold")
    pdf = project.path("output/hill/en/knee.trifold.pdf")
    with pikepdf.open(pdf) as read:
        page = read.pages[0]
        links = [
            (str(link.A.URI), [float(side) for side in link.Rect])
            for link in page.Annots  # type: ignore[attr-defined]
            if "/A" in link
        ]
    phones = [at for target, at in links if target == "tel:+442079460123"]
    starts = [at * 841.89 for number, at in where(pdf, "7946") if number == 1]
    assert len(starts) > 0
    assert all(any(left <= start <= right for left, _, right, _ in phones) for start in starts)


@pytest.mark.parametrize("format_", NEW)
def test_clinics_share_the_pages_of_every_format(
    project: Project, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("templates/clinics/dale.toml", CLINIC.replace("Hill", "Dale").replace("0b5563", "3b3a74"))
    shared: list[bool] = []
    with_imprint = render.Renderer._with_imprint

    def watched(self: render.Renderer, html: str, locale: str) -> Layout | None:
        layout = with_imprint(self, html, locale)
        shared.append(layout is not None)
        return layout

    monkeypatch.setattr(render.Renderer, "_with_imprint", watched)
    project.edit("templates/leaflets/knee.md", "values:", LEFT_OUT)
    assert project.build("-l", "en", "-f", format_).exit_code == 0
    assert shared == [True, True]
    for clinic, other in (("Hill", "Dale"), ("Dale", "Hill")):
        pdf = project.path(f"output/{clinic.lower()}/en/knee.{format_}.pdf")
        assert where(pdf, clinic) != []
        assert [at for at in where(pdf, other) if at[0] == 1] == []


# The mark of a draft -------------------------------------------------------------------------------------------------

FREE_MM = {"a4": 9.5, "a5-booklet": 9.5, "trifold": 12.5, "large-print": 19.5}  # docs/themes.md
SAFE_MM = 5
PAPERS = {"a5-booklet": ((148, 210), (139.7, 215.9)), "trifold": ((297, 210), (279.4, 215.9))}
LARGE_PAPERS = ((210, 297), (215.9, 279.4))


def marks_of(format_: str, locale: str) -> Iterator[tuple[Layout, float, float]]:
    """Every mark that there can be, on A4 and Letter, with the width and height of its paper in mm."""
    catalog = REPOSITORY / "locales" / locale / "LC_MESSAGES/polyleaf.po"
    texts = {} if locale == "en" else {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalog))}
    direction, stack = "rtl" if locale == "ar" else "ltr", fonts.font_stack(locale)
    for size in PAPERS.get(format_, LARGE_PAPERS):
        for message in mark.MESSAGES:
            text, form = texts.get(message.msgid, message.msgid), mark.form_of(format_)
            yield set_pages(mark.page_of_its_own(text, locale, direction, stack, size, form=form), locale, {}), *size


@pytest.mark.parametrize("locale", ["en", *LOCALES])
@pytest.mark.parametrize("format_", FREE_MM)
def test_the_mark_of_a_draft_keeps_to_what_themes_leave_free(format_: str, locale: str) -> None:
    parts = mark.form_of(format_).parts
    for layout, width, height in marks_of(format_, locale):
        boxes = list(layout.document.pages[0]._page_box.descendants(placeholders=True))
        [strip] = [box for box in boxes if box.element_tag == "div"]
        assert height - strip.position_y / MM <= FREE_MM[format_]
        assert strip.position_y / MM + strip.border_height() / MM == pytest.approx(height)
        found = [0] * parts
        for box in (box for box in boxes if hasattr(box, "text")):
            left, right = box.position_x / MM, (box.position_x + box.width) / MM
            part = int(left * parts / width)
            found[part] += 1
            assert part * width / parts + SAFE_MM < left < right < (part + 1) * width / parts - SAFE_MM
        assert min(found) == max(found) > 0


@pytest.mark.parametrize("locale", ["en", "ar", "bn", "fr", "hi", "vi", "zh_Hans"])
@pytest.mark.parametrize("format_", FREE_MM)
def test_no_ink_of_the_mark_is_near_the_cut(format_: str, locale: str) -> None:
    for layout, _, height in list(marks_of(format_, locale))[1:2]:
        [page] = pypdfium2.PdfDocument(layout.document.write_pdf())
        picture = page.render(scale=200 / 72).to_pil().convert("L").point(lambda grey: 255 * (grey < 128))
        _, top, _, bottom = picture.getbbox()
        assert height - FREE_MM[format_] < top / 200 * 25.4 < bottom / 200 * 25.4 < height - SAFE_MM


# What is left out ----------------------------------------------------------------------------------------------------


def test_a_format_can_leave_sections_out(project: Project) -> None:
    project.edit("templates/leaflets/knee.md", "values:", LEFT_OUT)
    project.build("-l", "en", "-f", "trifold", "-f", "large-print")
    short, whole = (Path(project.path(f"output/hill/en/knee.{name}.pdf")) for name in ("trifold", "large-print"))
    assert where(whole, "guideline.") != []
    assert where(short, "guideline.") == []
    assert where(short, "needs") == []
    assert where(short, "hill.example/leaflets/en/knee.html") != []
    assert where(whole, "hill.example/leaflets/en/knee.html") == []


def test_a_source_keeps_the_number_that_it_has_in_the_whole_leaflet(project: Project) -> None:
    project.edit(
        "templates/leaflets/knee.md", "nice: {title: A guideline", "other: {title: B}\n  nice: {title: A guideline"
    )
    project.edit("templates/leaflets/knee.md", "Your knee needs **rest** after treatment.", "It needs rest. [@other]")
    project.edit("templates/leaflets/knee.md", "- Come back: {visits}.", "- Come back: {visits}. [@other]")
    text = project.path("templates/leaflets/knee.md").read_text(encoding="utf-8")
    key_points = text[text.index("## key-points") : text.index("## about")]
    project.write(
        "templates/leaflets/knee.md", text.replace(key_points, "").replace("## aftercare", f"{key_points}## aftercare")
    )
    edition = Edition("knee", "en", "hill", "trifold", "screen")
    page, layout, _ = laid_out(edition, project.root)
    assert [source.number for source in page.sources] == ["1", "2"]
    project.edit("templates/leaflets/knee.md", "values:", LEFT_OUT)
    page, layout, _ = laid_out(edition, project.root)
    assert page.sources == ()
    assert re.findall(r'<a href="#online" aria-label="Source (\d)">', layout.source) == ["2", "1"]


def test_what_is_left_out_need_not_be_translated(project: Project) -> None:
    project.edit("templates/leaflets/knee.md", "values:", LEFT_OUT)
    project.edit("locales/de/LC_MESSAGES/knee.po", 'msgstr "YOUR KNEE NEEDS **REST** AFTER TREATMENT."', 'msgstr ""')
    ran = project.build("-l", "de", "-f", "trifold", "-f", "a5-booklet")
    assert "built  hill/de/knee.trifold.pdf" in ran.stderr
    assert "failed hill/de/knee.a5-booklet.pdf" in ran.stderr


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ("{trifold: [warning-signs]}", "'warning-signs' can never be left out"),
        ("{trifold: [key-points]}", "'key-points' can never be left out"),
        ("{trifold: [aftercare]}", "'aftercare' can never be left out"),
        ("{trifold: [checklst]}", "the leaflet has no section 'checklst' to leave out"),
        ("{trifold: [questions]}", "the leaflet has no section 'questions' to leave out"),
        ("{web: [about]}", "nothing can be left out of 'web'\n  hint: a web page is whole"),
        ("{trifle: [about]}", "nothing can be left out of 'trifle'\n  hint: did you mean 'trifold'?"),
    ],
)
def test_what_cannot_be_left_out_is_told_with_its_line(project: Project, left_out: str, told: str) -> None:
    project.edit("templates/leaflets/knee.md", "values:", f"leave_out:\n  {left_out[1:-1]}\nvalues:")
    ran = project.build("-l", "en")
    assert ran.exit_code == 2
    line = project.line("templates/leaflets/knee.md", left_out[1:-1])
    assert f"knee.md:{line}: {told}" in ran.stderr


def test_what_is_left_out_is_part_of_what_a_clinician_approves(project: Project) -> None:
    approve = ("approve", "knee", "-l", "en", "--by", "Dr A", "--role", "Surgeon", "--yes")
    assert project.run(*approve).exit_code == 0
    assert project.run("build", "--release", "--executor", "inline", "-l", "en", "-f", "web").exit_code == 0
    project.edit("templates/leaflets/knee.md", "values:", LEFT_OUT)
    assert project.run("build", "--release", "--executor", "inline", "-l", "en", "-f", "web").exit_code == 1


# The leaflets of this repository -------------------------------------------------------------------------------------


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("en", "ar", "bn")]
)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def editions(locale: str) -> dict[str, tuple[Page, Layout, Result]]:
    return {name: laid_out(Edition("microsclerotherapy", locale, "lakeside", name, "screen")) for name in NEW}


@pytest.mark.parametrize("format_", NEW)
def test_every_text_is_on_the_pages(editions: dict[str, tuple[Page, Layout, Result]], format_: str) -> None:
    page, layout, _ = editions[format_]
    on_pages = squeezed(layout_text(layout)).replace("[", "").replace("]", "")
    spoken_only = {"QR code with the web address of this leaflet", "Source {number}", "Your notes"}
    given = {shown.message.msgid for shown in page.texts.shown} - spoken_only
    assert "How to reach us" in given
    for text in expected(page):
        plain = squeezed(text).replace("[", "").replace("]", "")
        assert plain in on_pages or text in {
            shown.text for shown in page.texts.shown if shown.message.msgid in spoken_only
        }, text
    kept = {"key-points", "contraindications", "alternatives", "risks", "aftercare", "warning-signs"}
    assert kept <= {section.key for section in page.sections}


@pytest.mark.parametrize("format_", NEW)
def test_every_element_is_there_once_and_whole(editions: dict[str, tuple[Page, Layout, Result]], format_: str) -> None:
    pages = editions[format_][1].document.pages
    found: dict[Any, str] = {}
    for page in pages:
        for box in page._page_box.descendants(placeholders=True):
            if hasattr(box, "text") and box.element is not None and "::" not in box.element_tag:
                found[box.element] = found.get(box.element, "") + box.text
    elements = [element for element in found if isinstance(element.tag, str) and own_text(element)]
    repeated = {element for element in elements if squeezed(found[element]) != own_text(element)}
    # The foot of the page is on each of them.
    running = {e for e in repeated if squeezed(found[e]) == own_text(e) * (len(squeezed(found[e])) // len(own_text(e)))}
    assert repeated == running
    assert len(running) <= 3
    assert len(elements) > 100


@pytest.mark.parametrize("format_", NEW)
def test_no_part_stands_without_its_heading(editions: dict[str, tuple[Page, Layout, Result]], format_: str) -> None:
    page, layout, _ = editions[format_]
    parts = [part for sheet in layout.document.pages for part in parts_of(sheet._page_box)]
    assert len(parts) == sum(len(section.parts) for section in page.sections) > 0  # none breaks over pages
    for part in parts:
        tags = [box.element_tag for box in part.descendants()]
        assert "h3" in tags
        assert {"p", "li"} & set(tags)


def sizes_of_type(layout: Layout) -> Iterator[tuple[float, str, str]]:
    """The size in pt, the style and the text of all that is on the pages."""
    for page in layout.document.pages:
        for box in page._page_box.descendants(placeholders=True):
            if hasattr(box, "text") and box.text.strip():
                yield box.style["font_size"] / PT, box.style["font_style"], box.text


def test_large_print_is_large_throughout(editions: dict[str, tuple[Page, Layout, Result]]) -> None:
    found = list(sizes_of_type(editions["large-print"][1]))
    assert min(size for size, _, _ in found) >= 16 - 1e-6
    assert {style for _, style, _ in found} == {"normal"}


def test_nothing_but_raised_numbers_is_smaller_than_the_type_of_a_folded_leaflet(
    editions: dict[str, tuple[Page, Layout, Result]], locale: str
) -> None:
    smallest = fitting.SPECS["trifold"].sheets(locale)[-1].size
    small = [text for size, _, text in sizes_of_type(editions["trifold"][1]) if size < smallest - 1e-6]
    assert all(re.fullmatch(r"[\d,٠-٩০-৯]+", squeezed(text)) for text in small), small
