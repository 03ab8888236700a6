"""PDFs for the screen: they conform, a screen reader can follow them, and their text can be copied."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import page as conformance
import pikepdf
import pypdfium2
import pytest
from conftest import LOCALES, REPOSITORY, Project
from leaflets import Built
from lxml import etree
from pdfua.validator import Validator
from PIL import Image
from screen_reader import Element, structure

from polyleaf.build import Selection, planned_editions, render
from polyleaf.page import Page
from polyleaf.pdf import _compressed, set_pages, write_pdf
from polyleaf.project import load_project

LEAFLET = "microsclerotherapy"
SAMPLED = {
    "ar": "endovenous-laser-treatment",
    "bn": "compression-stockings",
    "hi": "endovenous-laser-treatment",
    "zh_Hans": "compression-stockings",
}
"""Further leaflets, in the scripts that are hard."""
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069"))
SIGNS = dict.fromkeys(range(0x064B, 0x0653))  # of Arabic vowels and doubled letters


@dataclass(frozen=True)
class Edition:
    """An edition of the repository, its page, and what a screen reader finds in it."""

    page: Page
    file: Path
    pdf: pikepdf.Pdf
    document: Element


def built(leaflet: str, locale: str, folder: Path, mode: render.Mode = "checked") -> Edition:
    project = load_project(REPOSITORY / "pyproject.toml")
    selection = Selection(leaflets=[leaflet], locales=[locale], clinics=["lakeside"], formats=["a4"])
    [edition] = planned_editions(project, selection)
    renderer = render.Renderer(project, mode)
    result = renderer.render(edition)
    assert result.outcome == "built", result.findings
    file = folder / f"{leaflet}.{locale}.pdf"
    file.write_bytes(result.data)
    pdf = pikepdf.open(file)
    return Edition(renderer._typesetter.page(edition, project.clinics["lakeside"]), file, pdf, structure(pdf))


EDITIONS = [*((LEAFLET, locale) for locale in ("en", *LOCALES)), *((name, locale) for locale, name in SAMPLED.items())]


@pytest.fixture(
    scope="module",
    params=[pytest.param(pair, id="-".join(pair), marks=pytest.mark.xdist_group(pair[1])) for pair in EDITIONS],
)
def edition(request: pytest.FixtureRequest, repository_in: Callable[[str], Built]) -> Iterator[Edition]:
    leaflet, locale = request.param
    made = repository_in(locale)
    file = made.pdf("lakeside", leaflet, locale)
    with pikepdf.open(file) as pdf:
        yield Edition(made.layouts["lakeside", leaflet][0], file, pdf, structure(pdf))


@pytest.mark.parametrize("profile", ["PDF_A_2A", "PDF_UA_1"])
def test_it_is_both_for_the_archive_and_for_everyone(edition: Edition, profile: str) -> None:
    report = conformance.validate_pdf(edition.file, profile=conformance.ValidationProfile[profile])
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


def test_a_second_opinion_on_its_accessibility(edition: Edition) -> None:
    assert Validator().validate(str(edition.file)).findings == ()


def test_its_syntax_is_sound(edition: Edition) -> None:
    assert edition.pdf.check_pdf_syntax() == []


def test_its_metadata_can_be_read_as_it_stands_and_says_what_the_document_says(edition: Edition) -> None:
    stream = edition.pdf.Root.Metadata
    assert "/Filter" not in stream
    tree = etree.fromstring(stream.read_bytes().partition(b"?>")[2].rpartition(b"<?xpacket")[0])
    said = {element.tag.rpartition("}")[2]: (element.text or "") for element in tree.iter() if not len(element)}
    namespaces = {"aid": "http://www.aiim.org/pdfa/ns/id/", "uaid": "http://www.aiim.org/pdfua/ns/id/"}
    claims = [
        tree.findtext(f".//{name}", namespaces=namespaces) for name in ("aid:part", "aid:conformance", "uaid:part")
    ]
    assert claims == ["2", "A", "1"]
    published = edition.page.published_iso
    assert (said["CreateDate"], said["ModifyDate"]) == (published, published)
    assert edition.page.title.plain in tree.xpath("string()")
    assert bool(edition.pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(edition.pdf.docinfo.Title) == edition.page.title.plain


def test_its_colours_are_those_of_a_profile(edition: Edition) -> None:
    [intent] = edition.pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    assert intent.DestOutputProfile.read_bytes()[16:20] == b"RGB "


def plain(text: str) -> str:
    """Without what lines and directions add."""
    normal = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    return "".join(char for char in normal if not char.isspace())


def texts(page: Page) -> list[str]:
    """All texts of the leaflet in the order in which they are read."""
    return [plain(shown.text) for shown in page.shown if "{" not in shown.text]


def test_a_screen_reader_reads_every_text_in_its_order(edition: Edition) -> None:
    read = plain(edition.document.text)
    at = 0
    for text in texts(edition.page):
        found = read.find(text, at)
        assert found >= 0, text
        at = found + len(text)


def copied_by_poppler(file: Path) -> str:
    return subprocess.run(["pdftotext", "-raw", file, "-"], check=True, capture_output=True).stdout.decode()


def copied_by_pdfium(file: Path) -> str:
    with pypdfium2.PdfDocument(file) as document:
        return "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


READERS = [copied_by_poppler, copied_by_pdfium]


@pytest.mark.parametrize("reader", READERS)
def test_every_text_can_be_copied(edition: Edition, reader: Callable[[Path], str]) -> None:
    """From right to left words are compared: each reader has its own order for the numbers in a line, and where a sign
    ends a word, for the sign.
    """
    copied = reader(edition.file)
    if edition.page.direction == "ltr":
        assert [text for text in texts(edition.page) if text not in plain(copied)] == []
    else:
        wanted = words("\n".join(shown.text for shown in edition.page.shown))
        assert len(wanted) > 200
        assert {word.translate(SIGNS) for word in wanted} - {word.translate(SIGNS) for word in words(copied)} == set()


@pytest.mark.parametrize("reader", READERS)
def test_no_space_comes_into_a_word_or_is_lost_after_it(edition: Edition, reader: Callable[[Path], str]) -> None:
    """In languages whose words are not hyphenated. Signs are drawn beside their places, which looks like a gap."""
    if edition.page.edition.locale not in ("bn", "hi", "vi"):
        return
    wanted = Counter(word for shown in edition.page.shown if "{" not in shown.text for word in letters(shown.text))
    assert wanted.total() > 400
    assert wanted - Counter(letters(reader(edition.file))) == Counter()


def letters(text: str) -> Iterator[str]:
    """The words of a text as they are copied, without numbers and punctuation."""
    normal = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    for is_word, chars in groupby(normal, key=lambda char: unicodedata.category(char)[0] in "LM"):
        if is_word:
            yield "".join(chars)


@pytest.mark.parametrize("reader", READERS)
def test_the_mark_of_a_draft_can_be_copied_from_every_page(edition: Edition, reader: Callable[[Path], str]) -> None:
    mark = edition.page.mark()
    assert mark is not None
    if edition.page.direction == "ltr":
        assert plain(reader(edition.file)).count(plain(mark.plain)) >= len(edition.pdf.pages)


def test_words_with_signs_are_copied_in_the_order_of_reading(tmp_path: Path) -> None:
    edition = built(LEAFLET, "ar", tmp_path)
    run = subprocess.run(["pdftotext", edition.file, "-"], check=True, capture_output=True)
    wanted = {
        word for word in words("\n".join(shown.text for shown in edition.page.shown)) if word.translate(SIGNS) != word
    }
    assert len(wanted) > 40
    assert wanted - words(run.stdout.decode()) == set()


def words(text: str) -> set[str]:
    """The Arabic words of a text."""
    return set(re.findall(r"[\u0621-\u0652]{2,}", unicodedata.normalize("NFC", text).translate(INVISIBLE)))


@pytest.mark.parametrize("reader", READERS)
def test_a_range_is_copied_without_what_holds_it_together(edition: Edition, reader: Callable[[Path], str]) -> None:
    copied = unicodedata.normalize("NFC", reader(edition.file))
    marks = copied.translate(dict.fromkeys(map(ord, "\u202a\u202b\u202c")))  # poppler's own, of each line
    assert [hex(ord(char)) for char in marks if ord(char) in INVISIBLE] == []
    assert len(re.findall(r"\d[–-]\d", marks)) > 0


def test_what_stands_in_another_language_says_so(edition: Edition) -> None:
    sources = edition.document.all("L")[-1]
    assert plain(edition.page.sources[0].text) in plain(sources.text)
    assert sources.lang == "en"
    headings = edition.document.all("H1") + edition.document.all("H2")
    assert {heading.lang for heading in headings} == {edition.page.lang}


def test_pictures_links_and_header_cells_say_what_they_are(edition: Edition) -> None:
    figures = edition.document.all("Figure")
    assert str(figures[0].dictionary.Alt) == "Lakeside Vein Clinic"
    assert len(figures) == 2
    scopes = [str(cell.dictionary.A.Scope) for cell in edition.document.all("TH")]
    assert set(scopes) == ({"/Column", "/Row"} if scopes else set())
    links = [link for sheet in edition.pdf.pages for link in sheet.get("/Annots", [])]
    assert len(links) > 10
    for link in links:
        assert int(link.F) == 4
        assert str(link.Contents)
        assert not str(link.Contents).startswith(("tel:", "#", "mailto:"))
        left, one, right, other = map(float, link.Rect)
        assert right - left > 1
        assert abs(one - other) > 3


def test_headings_are_bookmarks(edition: Edition) -> None:
    with edition.pdf.open_outline() as outline:
        [title] = outline.root
        assert title.title == edition.page.title.plain
        assert {plain(section.heading.plain) for section in edition.page.sections} <= {
            plain(item.title) for item in title.children
        }


def test_the_mark_of_a_draft_is_read_once_and_seen_on_every_page(edition: Edition) -> None:
    mark = edition.page.mark()
    assert mark is not None
    assert plain(edition.document.text).count(plain(mark.plain)) == 1
    sheet = edition.pdf.pages[0].Contents.read_bytes()
    assert sheet.count(b"/Artifact") > 2


def test_a_leaflet_without_photographs_is_light(edition: Edition) -> None:
    limits = {2: 150_000, 4: 200_000}
    assert edition.file.stat().st_size < limits[len(edition.pdf.pages)]


@pytest.mark.parametrize("level", (0, 8, 11, 174, 176))
def test_no_bytes_of_a_picture_or_a_font_keep_a_file_from_its_end(level: int) -> None:
    """Their last byte, when they are compressed, may be that of a line end, and then something has to be added."""
    picture = io.BytesIO()
    Image.new("RGBA", (3, 1), (level, level // 2, 3, level)).save(picture, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"
    html = f'<html lang="en"><title>Grey</title><p>Grey</p><img alt="Grey" src="{address}">'
    data, complaints = write_pdf(set_pages(html, "en", {}), {})
    assert not complaints
    with pikepdf.open(io.BytesIO(data)) as pdf:
        [image] = [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and "/SMask" in item]
        assert pikepdf.PdfImage(image).as_pil_image().convert("RGB").getpixel((0, 0)) == (level, level // 2, 3)
    assert _compressed(bytes([level]), b"\1")[1][-1:] not in (b"\r", b"\n")


def test_untranslated_text_says_its_language_and_the_watermark_is_not_read(project: Project) -> None:
    project.edit("locales/de/LC_MESSAGES/knee.po", 'msgstr "YOUR KNEE NEEDS **REST** AFTER TREATMENT."', 'msgstr ""')
    built_ = project.build("--draft", "-l", "de", "-f", "a4")
    assert built_.exit_code == 0, built_.stderr
    [file] = (project.root / "output").rglob("knee.a4.pdf")
    with pikepdf.open(file) as pdf:
        document = structure(pdf)
        [part] = [item for item in document.all("P") if item.text.startswith("Your knee needs")]
        assert part.lang == "en"
        assert document.text.count("DO NOT GIVE IT TO PATIENTS") <= 1
    for profile in (conformance.ValidationProfile.PDF_A_2A, conformance.ValidationProfile.PDF_UA_1):
        report = conformance.validate_pdf(file, profile=profile)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []


# Arabic letters: the same with dots as shapes as with dots as glyphs -------------------------------------------------


def drawn(folder: Path, name: str) -> list[Any]:
    """The second page of the Arabic leaflet, at 300 dpi."""
    from PIL import Image

    (folder / name).mkdir()
    pdf = built(LEAFLET, "ar", folder / name).file
    command = ["pdftoppm", "-r", "300", "-gray", "-f", "2", "-l", "2", str(pdf), str(folder / name / "page")]
    subprocess.run(command, check=True)
    return [Image.open(path) for path in sorted((folder / name).glob("*.pgm"))]


def differing_spots(one: Sequence[Any], other: Sequence[Any]) -> int:
    """The places at which a square of five pixels differs: a dot of a letter is larger, an edge is thinner."""
    from PIL import ImageChops, ImageFilter

    spots = 0
    for a, b in zip(one, other, strict=True):
        far = ImageChops.difference(a, b).point(lambda value: 255 if value > 60 else 0)
        spots += far.filter(ImageFilter.MinFilter(5)).histogram()[255]
    return spots


def test_arabic_letters_look_as_the_font_draws_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = drawn(tmp_path, "made")
    with monkeypatch.context() as patch:
        patch.setattr("polyleaf.actual_text._shape", lambda font, glyph: b"")
        undotted = drawn(tmp_path, "undotted")
    with monkeypatch.context() as patch:
        patch.setattr("polyleaf.actual_text.Wording.write_down", lambda wording: None)
        patch.setattr(render, "preflight_findings", lambda data, expectations: ())  # what it shows cannot be copied
        plain = drawn(tmp_path, "plain")
    assert differing_spots(made, plain) == 0
    assert differing_spots(undotted, plain) > 100
