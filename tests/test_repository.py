"""The repository's own leaflets: whole, legible and marked as drafts, in every language and for both clinics."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import LEAFLETS, LOCALES, REPOSITORY, pdf_pages, pdf_text

from polyleaf import build as building
from polyleaf.build import Result, Selection, render
from polyleaf.model import Message
from polyleaf.page import Page
from polyleaf.pdf import Layout
from polyleaf.project import Project, load_project

CLINICS = ("harborview", "lakeside")
NOT_FROM_PDF = {"ar"}  # pdftotext gives it in visual order; its text is proved on the layout, and in the screen profile


@pytest.fixture(scope="module")
def repository() -> Project:
    return load_project(REPOSITORY / "pyproject.toml")


class Built:
    """One locale of the repository, built in this process, with the pages that were set."""

    def __init__(self, project: Project, locale: str, folder: Path) -> None:
        self.folder = folder
        self.layouts: dict[tuple[str, str], tuple[Page, Layout]] = {}
        self.over: dict[tuple[str, str], Layout] = {}  # what is painted over their pages
        page: list[Page] = []

        class Watching(render.Renderer):
            def _pdf(self, shown: Page, findings: Any, fitted: Any) -> Result:
                page[:] = [shown]
                return super()._pdf(shown, findings, fitted)

        def keep(layout: Layout, colours: Any, over: Layout) -> Any:
            self.layouts[page[0].edition.clinic, page[0].edition.leaflet] = (page[0], layout)
            self.over[page[0].edition.clinic, page[0].edition.leaflet] = over
            return write(layout, colours, over)

        write = render.write_pdf
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("polyleaf.build.execute.Renderer", Watching)
            patch.setattr(render, "write_pdf", keep)
            self.report = building.build(project, Selection(locales=[locale]), output=folder, force=True)

    def pdf(self, clinic: str, leaflet: str, locale: str) -> Path:
        return self.folder / clinic / locale / f"{leaflet}.a4.pdf"


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("en", *LOCALES)]
)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def built(locale: str, repository: Project, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(repository, locale, tmp_path_factory.mktemp(locale))


def squeezed(text: str) -> str:
    """Without what line breaking and isolation add."""
    return "".join(char for char in unicodedata.normalize("NFC", text) if not char.isspace() and char not in INVISIBLE)


INVISIBLE = "\u00ad\u2060\u2066\u2069\u200b"


def layout_text(layout: Layout) -> str:
    """The text of the boxes on all pages, in the order of the document."""

    def walk(box: Any) -> Iterator[str]:
        if hasattr(box, "text"):
            yield box.text
        for child in getattr(box, "children", ()):
            yield from walk(child)

    return "".join(text for page in layout.document.pages for text in walk(page._page_box))


def expected(page: Page) -> list[str]:
    return [shown.text for shown in (*page.shown, *page.texts.shown) if "{" not in shown.text]


def test_every_edition_is_built(built: Built) -> None:
    assert [result.findings for result in built.report.failed] == []
    assert len(built.report.results) == len(CLINICS) * len(LEAFLETS) * 2


def test_two_or_four_pages_of_type_that_can_be_read(built: Built) -> None:
    for result in built.report.results:
        if result.edition.format == "a4":
            assert result.pages in (2, 4), result.edition
            assert result.type_size_pt is not None
            assert 11 <= result.type_size_pt <= 12


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize("leaflet", LEAFLETS)
def test_every_text_of_the_leaflet_is_on_the_pages(built: Built, locale: str, clinic: str, leaflet: str) -> None:
    page, layout = built.layouts[clinic, leaflet]
    on_pages = squeezed(layout_text(layout))
    spoken_only = {"QR code with the web address of this leaflet", "Source {number}"}
    if not re.search("<section class=.notes", layout.source):
        spoken_only.add("Your notes")  # asked for by a layout that was not used
    for shown in (*page.shown, *page.texts.shown):
        message, text = shown.message, shown.text
        if message.msgid not in spoken_only and "{" not in text:
            assert squeezed(text) in on_pages, (message.msgctxt, text)
    if locale not in NOT_FROM_PDF:
        in_pdf = squeezed(pdf_text(built.pdf(clinic, leaflet, locale)))
        for text in (title.plain for title in (page.title, *(section.heading for section in page.sections))):
            assert squeezed(text) in in_pdf


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize("leaflet", LEAFLETS)
def test_every_page_says_that_it_is_a_draft(built: Built, locale: str, clinic: str, leaflet: str) -> None:
    page, _ = built.layouts[clinic, leaflet]
    kind = "Draft" if locale == "en" else "Draft translation"
    status = squeezed(page.texts.find(Message("status", f"{kind}, not yet approved by a clinician")).plain)
    assert squeezed(layout_text(built.over[clinic, leaflet])) == status
    if locale not in NOT_FROM_PDF:
        for text in pdf_pages(built.pdf(clinic, leaflet, locale)):
            assert status in squeezed(text)
    html = (built.folder / clinic / locale / f"{leaflet}.html").read_text(encoding="utf-8")
    assert status in squeezed(html)


def parts_of(box: Any) -> Iterator[Any]:
    """The parts of sections on a page: of one that breaks over pages, what is on this page."""
    if box.element_tag == "section" and "part" in box.element.get("class", "").split():
        yield box
    else:
        for child in getattr(box, "children", ()):
            yield from parts_of(child)


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize("leaflet", LEAFLETS)
def test_no_part_goes_on_over_the_page_without_its_heading(built: Built, clinic: str, leaflet: str) -> None:
    page, layout = built.layouts[clinic, leaflet]
    parts = [part for set_page in layout.document.pages for part in parts_of(set_page._page_box)]
    whole = sum(len(section.parts) for section in page.sections)
    assert len(parts) >= whole > 0
    assert len(parts) == whole or re.search(r"<body class=.[^>]*broken", layout.source)  # the last resort
    for part in parts:
        tags = [box.element_tag for box in part.descendants()]
        assert "h3" in tags, "".join(box.text for box in part.descendants() if hasattr(box, "text"))
        assert {"p", "li"} & set(tags)


def own_text(element: Any) -> str:
    """The text of an element without that of its children."""
    return squeezed("".join([element.text or "", *(child.tail or "" for child in element)]))


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize("leaflet", LEAFLETS)
def test_every_element_is_on_the_pages_once_and_whole(built: Built, clinic: str, leaflet: str) -> None:
    """WeasyPrint can leave a line of a box behind on the page that the box did not fit on."""
    pages = built.layouts[clinic, leaflet][1].document.pages
    found: dict[Any, str] = {}
    imprints: dict[str, Any] = {}
    for set_page in pages:
        for box in set_page._page_box.descendants(placeholders=True):
            if box.element is not None and (number := box.element.get("data-imprint")):
                imprints[number] = box.element
            if hasattr(box, "text") and box.element is not None and "::" not in box.element_tag:
                found[box.element] = found.get(box.element, "") + box.text
    [html] = [box for box in pages[0]._page_box.children if box.element_tag == "html"]
    body = html.element.find("body")
    on_every_page = {part for box in body if box.get("class") in ("foot", "watermark") for part in box.iter()}
    elements = [element for element in body.iter() if element not in on_every_page]
    for element in list(elements):  # an imprint is of another document, set into the pages
        if number := element.get("data-imprint"):
            inside = set(element.iter())
            elements = [other for other in elements if other not in inside] + list(imprints[number].iter())
    assert len(elements) > 50
    assert any("Lakeside" in text or "Harborview" in text for text in map(own_text, elements))
    for element in (element for element in elements if isinstance(element.tag, str)):  # no comments
        wanted, got = own_text(element), squeezed(found.get(element, ""))
        if element.tag in ("th", "h3") and wanted:  # repeated, and whole, where a table or box goes on over the page
            assert got in (wanted, wanted * 2), element.tag
        else:
            assert got == wanted, element.tag


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize("leaflet", LEAFLETS)
def test_no_heading_beside_a_text_goes_on_below_it(built: Built, clinic: str, leaflet: str) -> None:
    beside = 0
    layout = built.layouts[clinic, leaflet][1]
    for set_page in layout.document.pages:
        for section in set_page._page_box.descendants(placeholders=True):
            if section.element_tag == "section" and hasattr(section, "children"):
                for heading in section.descendants(placeholders=True):
                    if heading.element_tag in ("h2", "h3") and heading.style["position"] == "absolute":
                        beside += hasattr(heading, "children")
                        end = section.position_y + section.margin_height()
                        assert heading.position_y + heading.margin_height() < end + 1
    assert beside >= 3


@pytest.mark.parametrize("leaflet", LEAFLETS)
def test_only_our_fonts_are_used_and_all_are_embedded(built: Built, locale: str, leaflet: str) -> None:
    pdf = built.pdf("lakeside", leaflet, locale)
    table = subprocess.run(["pdffonts", pdf], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert table
    for row in table:
        assert re.match(r"[A-Z]{6}\+(Noto|Polyleaf)", row), row
        assert row.split()[-5:-2] == ["yes", "yes", "yes"], row  # embedded, subset, with a map to Unicode


def test_the_pdf_names_its_language_title_and_tags(built: Built, locale: str) -> None:
    import pikepdf

    with pikepdf.open(built.pdf("lakeside", "microsclerotherapy", locale)) as pdf:
        assert str(pdf.Root.Lang) == {"en": "en-GB"}.get(locale, locale.replace("_", "-"))
        assert bool(pdf.Root.MarkInfo.Marked)
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"]
            assert metadata["pdfuaid:part"] == "1"
        dates = {str(pdf.docinfo[key]) for key in ("/CreationDate", "/ModDate")}
        assert dates == {"D:20261124000000Z"} or all(date.startswith("D:20261124") for date in dates)


def test_structured_data_of_a_procedure(built: Built, locale: str) -> None:
    html = (built.folder / "lakeside" / locale / "microsclerotherapy.html").read_text(encoding="utf-8")
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data = json.loads(text)
    assert data["@type"] == "MedicalWebPage"
    assert data["inLanguage"].partition("-")[0] == locale.partition("_")[0]
    procedure = data["about"]
    assert procedure["@type"] == "MedicalProcedure"
    assert len(procedure["indication"]) == 2
    assert len(procedure["contraindication"]) == 14
    assert procedure["followup"]


def test_a_web_page_stands_alone_and_leads_to_the_other_languages(built: Built, locale: str) -> None:
    html = (built.folder / "lakeside" / locale / "microsclerotherapy.html").read_text(encoding="utf-8")
    assert not re.search(r'<(?:img|script|link rel="stylesheet")[^>]+(?:src|href)="(?!data:)', html)
    assert "@import" not in html
    for other in ("en", *LOCALES):
        assert f'href="../{other}/microsclerotherapy.html"' in html
    direction = "rtl" if locale == "ar" else "ltr"
    assert f'dir="{direction}"' in html.partition(">")[2].partition(">")[0]
