"""The profile `print`: what a print shop gets, held against its terms."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import CLINIC, REPOSITORY, Project, a_cache, bound_by_modes, pdf_text
from leaflets import Built
from PIL import Image, ImageCms

from polyleaf.pdf import set_pages, write_pdf
from polyleaf.press.inks import Inks
from polyleaf.press.print_ready import print_ready
from polyleaf.print_terms import PrintTerms, presets

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
COATED = PrintTerms(**presets()["offset-coated"])
FOGRA39 = REPOSITORY / "src/polyleaf/data/icc/fogra39-300.icc"
PUBLISHED = date(2026, 11, 24)
PDF = "output/hill/en/knee.a4.print.pdf"


# What is in a file, by a reader that shares nothing with the writer ---------------------------------------------------


def streams(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """All that holds drawing instructions: pages, forms and patterns."""
    yield from pdf.pages
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and (thing.get("/Subtype") == "/Form" or thing.get("/PatternType") == 1):
            yield thing


def operators(pdf: pikepdf.Pdf) -> Iterator[tuple[str, list[Any]]]:
    for stream in streams(pdf):
        for instruction in pikepdf.parse_content_stream(stream):
            yield str(instruction.operator), list(instruction.operands)


def colours_of_text(pdf: pikepdf.Pdf) -> dict[tuple[float, ...], int]:
    """How many times text is shown in each colour."""
    shown: dict[tuple[float, ...], int] = {}
    for stream in streams(pdf):
        colour: tuple[float, ...] = ()
        stack = []
        for instruction in pikepdf.parse_content_stream(stream):
            match str(instruction.operator):
                case "q":
                    stack.append(colour)
                case "Q":
                    colour = stack.pop()
                case "k":
                    colour = tuple(map(float, instruction.operands))
                case "Tj" | "TJ":
                    shown[colour] = shown.get(colour, 0) + 1
    return shown


def spaces(pdf: pikepdf.Pdf) -> set[str]:
    """The colour spaces of pictures, gradients and groups."""
    found = set()
    for thing in pdf.objects:
        if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        for holder in (thing, *(thing[key] for key in ("/Group",) if key in thing)):
            found |= {str(holder[key]) for key in ("/ColorSpace", "/CS") if isinstance(holder.get(key), pikepdf.Name)}
            assert not isinstance(holder.get("/ColorSpace"), pikepdf.Array), holder.get("/ColorSpace")
    return found


def separated(data: bytes, page: int, tmp_path: Path, dpi: int = 72) -> Image.Image:
    """A page in the four inks, as a press would lay them down: mode CMYK."""
    (tmp_path / "in.pdf").write_bytes(data)
    target = tmp_path / "out.tif"
    command = ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiff32nc", f"-r{dpi}", "-dSimulateOverprint=false"]
    pages = [f"-dFirstPage={page}", f"-dLastPage={page}", f"-sOutputFile={target}", str(tmp_path / "in.pdf")]
    subprocess.run([*command, *pages], check=True, capture_output=True)
    with Image.open(target) as image:
        image.load()
        assert image.mode == "CMYK"
        return image.copy()


def peak_ink(image: Image.Image) -> float:
    """The most ink on one spot, in percent."""
    data = image.tobytes()
    return max(map(sum, zip(*(data[n::4] for n in range(4)), strict=True))) / 2.55


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def box(page: Any, name: str) -> list[float]:
    return [float(side) for side in page[name]]


# A leaflet of the repository ------------------------------------------------------------------------------------------


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("en", "ar")]
)
def leaflet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, bytes]]:
    folder = tmp_path_factory.mktemp("print")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POLYLEAF_CACHE_DIR", str(a_cache(folder / "cache")))
        yield request.param, built(request.param, folder / "output")


def built(locale: str, output: Path) -> bytes:
    ran = Project(REPOSITORY).build(
        *("microsclerotherapy", "-l", locale, "-c", "lakeside", "-f", "a4", "-p", "print", "-o", str(output))
    )
    assert ran.exit_code == 0, ran.output
    path = f"lakeside/{locale}/microsclerotherapy.a4.print.pdf"
    assert [edition["path"] for edition in json.loads((output / "manifest.json").read_text())["editions"]] == [path]
    return (output / path).read_bytes()


def test_each_page_has_its_trim_its_bleed_and_its_slug(leaflet: tuple[str, bytes]) -> None:
    with opened(leaflet[1]) as pdf:
        for page in pdf.pages:
            left, bottom, right, top = box(page, "/TrimBox")
            assert (right - left, top - bottom) == pytest.approx(A4, abs=0.01)
            for name, by in (("/BleedBox", 3), ("/MediaBox", 11)):
                grown = [left - by * MM, bottom - by * MM, right + by * MM, top + by * MM]
                assert box(page, name) == pytest.approx(grown, abs=0.01)
            assert "/CropBox" not in page


def test_crop_marks_stand_outside_the_bleed_in_black_ink_alone(leaflet: tuple[str, bytes]) -> None:
    with opened(leaflet[1]) as pdf:
        for page in pdf.pages:
            *_, (ink, width, lines) = marks(page)
            assert ink == [0, 0, 0, 1]
            assert width >= 0.25
            trim, bleed, media = (box(page, f"/{name}Box") for name in ("Trim", "Bleed", "Media"))
            assert len(lines) == 8
            for x, y, to_x, to_y in lines:
                assert x == to_x or y == to_y
                for at_x, at_y in ((x, y), (to_x, to_y)):
                    assert not (bleed[0] <= at_x <= bleed[2] and bleed[1] <= at_y <= bleed[3])
                    assert media[0] < at_x < media[2]
                    assert media[1] < at_y < media[3]
            across = {round(x, 1) for x, _, to_x, _ in lines if x == to_x}
            assert across == {round(trim[0], 1), round(trim[2], 1)}
            upright = {round(y, 1) for _, y, _, to_y in lines if y == to_y}
            assert upright == {round(trim[1], 1), round(trim[3], 1)}


def marks(page: Any) -> list[tuple[list[float], float, list[list[float]]]]:
    """The ink, the width and the lines of what is drawn by strokes outside the content of a page."""
    [*_, last] = page.Contents
    found = re.findall(r"q (.+?) K (\S+) w\n(.*?)Q", last.read_bytes().decode(), re.DOTALL)
    lines = re.compile(r"(\S+) (\S+) m (\S+) (\S+) l S")
    return [
        ([float(n) for n in ink.split()], float(width), [[float(n) for n in line] for line in lines.findall(drawn)])
        for ink, width, drawn in found
    ]


def test_nothing_is_drawn_in_rgb(leaflet: tuple[str, bytes]) -> None:
    with opened(leaflet[1]) as pdf:
        used = {operator for operator, _ in operators(pdf)}
        assert used.isdisjoint({"rg", "RG", "g", "G", "cs", "CS", "sc", "SC"})
        assert {"k"} <= used
        assert spaces(pdf) == {"/DeviceCMYK"}


def test_black_text_is_black_ink_alone_and_solid(leaflet: tuple[str, bytes]) -> None:
    with opened(leaflet[1]) as pdf:
        shown = colours_of_text(pdf)
    grey = {colour: count for colour, count in shown.items() if not any(colour[:3])}
    assert set(grey) == {(0, 0, 0, 1), (0, 0, 0, 0)}, "black, and paper on the band"
    assert shown[0, 0, 0, 1] > sum(shown.values()) / 2


def test_no_more_ink_is_laid_down_than_the_terms_allow(leaflet: tuple[str, bytes], tmp_path: Path) -> None:
    for page in (1, 2):
        assert 100 <= peak_ink(separated(leaflet[1], page, tmp_path)) <= 300


def test_the_band_reaches_to_the_end_of_the_bleed_and_not_into_the_slug(
    leaflet: tuple[str, bytes], tmp_path: Path
) -> None:
    dpi = 127  # 5 pixels a millimetre
    image = separated(leaflet[1], 1, tmp_path, dpi)
    width, _ = image.size
    ink = image.getpixel((width // 2, 5 * 11 + 3))
    assert sum(ink) > 255, "the band, inside the trim"  # type: ignore[arg-type]
    for x in (5 * 8 + 2, width // 2, width - 5 * 8 - 3):
        assert image.getpixel((x, 5 * 8 + 2)) == ink
        assert image.getpixel((x, 5 * 8 - 3)) == (0, 0, 0, 0)
    for x in (5 * 8 - 3, width - 5 * 8 + 2):
        assert image.getpixel((x, 5 * 20)) == (0, 0, 0, 0)


def test_the_printing_condition_is_declared_with_its_profile(leaflet: tuple[str, bytes]) -> None:
    with opened(leaflet[1]) as pdf:
        [intent] = pdf.Root.OutputIntents
        assert (intent.S, str(intent.OutputConditionIdentifier)) == ("/GTS_PDFX", "FOGRA39")
        assert str(intent.RegistryName) == "http://www.color.org"
        assert intent.DestOutputProfile.read_bytes() == FOGRA39.read_bytes()
        assert int(intent.DestOutputProfile.N) == 4
        for page in pdf.pages:
            assert page.Group.CS == "/DeviceCMYK"


def test_it_says_that_it_is_pdf_x_4_with_the_leaflets_dates(leaflet: tuple[str, bytes]) -> None:
    with opened(leaflet[1]) as pdf:
        assert pdf.pdf_version == "1.6"
        assert "/Filter" not in pdf.Root.Metadata
        xmp = pdf.open_metadata()
        assert xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] == "PDF/X-4"
        assert xmp["pdf:Trapped"] == "False"
        assert pdf.docinfo.Trapped == "/False"
        assert xmp["dc:title"] == str(pdf.docinfo.Title)
        for name in ("CreateDate", "ModifyDate", "MetadataDate"):
            assert xmp[f"xmp:{name}"] == "2026-11-24T00:00:00Z"
        for name in ("CreationDate", "ModDate"):
            assert str(pdf.docinfo[f"/{name}"]) == "D:20261124000000Z"
        assert all(f"xmpMM:{name}" in xmp for name in ("DocumentID", "VersionID", "RenditionClass"))


def test_fonts_are_embedded_and_nothing_lies_on_the_pages(leaflet: tuple[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(leaflet[1])
    fonts = subprocess.run(["pdffonts", str(tmp_path / "in.pdf")], check=True, capture_output=True, text=True).stdout
    rows = fonts.splitlines()[2:]
    assert rows
    assert all(re.search(r" yes (yes|no) +(yes|no) +\d+ +\d+$", row) for row in rows)
    with opened(leaflet[1]) as pdf:
        assert all("/Annots" not in page for page in pdf.pages)
        tags = [str(thing.S) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/S" in thing]
        assert "/H1" in tags
        assert "/Link" not in tags
        assert not [t for t in pdf.objects if isinstance(t, pikepdf.Dictionary) and t.get("/Type") == "/OBJR"]
        assert not pdf.check_pdf_syntax()


def test_the_text_is_that_of_the_screen(
    leaflet: tuple[str, bytes], repository_in: Callable[[str], Built], tmp_path: Path
) -> None:
    locale, data = leaflet
    (tmp_path / "print.pdf").write_bytes(data)
    screen = repository_in(locale).pdf("lakeside", "microsclerotherapy", locale)
    assert pdf_text(tmp_path / "print.pdf") == pdf_text(screen)


# Whatever a theme may draw --------------------------------------------------------------------------------------------


def picture(image: Image.Image, kind: str = "PNG", **options: Any) -> str:
    data = io.BytesIO()
    image.save(data, kind, **options)
    return f"data:image/{kind.lower()};base64,{b64encode(data.getvalue()).decode()}"


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><linearGradient id="g">'
    '<stop offset="0" stop-color="#b5179e"/><stop offset="1" stop-color="#0b5563" stop-opacity=".3"/>'
    '</linearGradient><rect width="9" height="9" fill="url(#g)" stroke="#00f"/></svg>'
)


def pages_of(body: str, css: str = "") -> bytes:
    html = (
        '<!doctype html><html lang="en"><head><title>A page</title><style>@page { size: 80mm 60mm; bleed: 3mm; '
        f"margin: 5mm }} html {{ font: 9pt 'Polyleaf Latin' }} {css}</style></head><body>{body}</body></html>"
    )
    data, complaints = write_pdf(set_pages(html, "en", {}), {})
    assert complaints == ()
    return data


def printed(body: str, css: str = "", terms: PrintTerms = COATED, brand: tuple[str, ...] = ()) -> bytes:
    return print_ready(pages_of(body, css), terms, PUBLISHED, brand)


GREYS = Image.radial_gradient("L").resize((30, 20))
SLOPE = Image.linear_gradient("L").resize((30, 20))
PHOTO = Image.merge("RGB", (GREYS, SLOPE, SLOPE.transpose(Image.Transpose.FLIP_TOP_BOTTOM)))
DRAWN = {
    "a gradient": '<p style="background: linear-gradient(red, #0b5563 40%, blue); height: 9mm"></p>',
    "a gradient that fades": '<p style="background: radial-gradient(red, transparent); height: 9mm"></p>',
    "an SVG": f'<img alt="A" style="width: 9mm" src="data:image/svg+xml;base64,{b64encode(SVG.encode()).decode()}">',
    "an SVG behind": f"<p style=\"height: 9mm; background: url('data:image/svg+xml;base64,"
    f"{b64encode(SVG.encode()).decode()}') 0 0 / 3mm 3mm\"></p>",
    "a PNG": f'<img alt="A" src="{picture(PHOTO)}">',
    "a JPEG": f'<img alt="A" src="{picture(PHOTO, "JPEG")}">',
    "a PNG with holes": f'<img alt="A" src="{picture(Image.merge("RGBA", (*PHOTO.split(), GREYS)))}">',
    "a palette": f'<img alt="A" src="{picture(PHOTO.quantize(8))}">',
    "opacity": '<div style="opacity: .4; background: #c8573b"><p style="color: blue">see-through</p></div>',
    "a colour that can be seen through": '<p style="background: rgb(255 0 0 / 50%)">red</p>',
    "lines": '<p style="border: 1pt dashed #9c1c1c; outline: 2pt solid green; text-decoration: underline">a</p>',
    "a shadow of a box": '<p style="box-shadow: 1mm 1mm #804020">a</p>',
    "other spaces": '<p style="color: oklch(50% .2 300); background: lab(80% 20 -30)">a</p>',
    "inks": '<p style="color: device-cmyk(0 1 1 0)">a</p>',
    "greys": '<p style="color: #777; background: #ddd">a</p>',
}


@pytest.mark.parametrize("name", DRAWN)
def test_whatever_a_theme_draws_becomes_inks(name: str, tmp_path: Path) -> None:
    data = printed(DRAWN[name])
    with opened(data) as pdf:
        used = {operator for operator, _ in operators(pdf)}
        assert used.isdisjoint({"rg", "RG", "sc", "SC"})
        for operator, operands in operators(pdf):
            if operator in ("cs", "CS"):
                assert operands == ["/Pattern"]
        assert spaces(pdf) <= {"/DeviceCMYK", "/DeviceGray"}
        assert not pdf.check_pdf_syntax()
    image = separated(data, 1, tmp_path)
    assert peak_ink(image.crop((40, 40, 200, 150))) > 10, "it is there"
    assert peak_ink(image) <= 301


def test_colours_on_paper_are_those_of_the_screen(tmp_path: Path) -> None:
    """Ghostscript's own colour management takes the inks back to the screen."""
    colours = ("#0b5563", "#c8573b", "#b1c9cd", "#fdf7ea", "#8a5a00", "#4b5a5e")
    bars = "".join(f'<p style="margin: 0; height: 6mm; background: {colour}"></p>' for colour in colours)
    image = separated(printed(bars, brand=("#b1c9cd",)), 1, tmp_path, 127)
    to_screen = ImageCms.buildTransform(
        *(ImageCms.getOpenProfile(str(FOGRA39)), ImageCms.createProfile("sRGB"), "CMYK", "RGB"),
        *(ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION),
    )
    shown = ImageCms.applyTransform(image, to_screen)
    assert shown is not None
    for number, colour in enumerate(colours):
        rgb = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
        seen = shown.getpixel((5 * 50, 5 * (11 + 5 + 3 + 6 * number)))
        assert all(abs(a - b) <= 20 for a, b in zip(rgb, seen, strict=True)), (colour, rgb, seen)  # type: ignore[arg-type]


def test_what_shows_through_a_mask_is_what_showed_on_the_screen(tmp_path: Path) -> None:
    fade = '<p style="margin: 0; height: 40mm; background: linear-gradient(90deg, black, transparent)"></p>'
    image = separated(printed(fade), 1, tmp_path, 127)
    row = [image.getpixel((5 * 11 + 5 * x, 5 * 30))[3] for x in (8, 25, 40, 55, 72)]  # type: ignore[index]
    assert row == sorted(row, reverse=True)
    assert row[0] > 230
    assert row[-1] < 25


def test_a_picture_in_greys_is_black_ink_alone() -> None:
    with opened(printed(f'<img alt="A" src="{picture(GREYS.convert("RGB"))}">')) as pdf:
        [found] = pdf.pages[0].get_images().values()
        assert found.ColorSpace == "/DeviceGray"


def test_what_is_in_inks_already_stays(tmp_path: Path) -> None:
    page = printed(
        f'<img alt="A" style="width: 30mm" src="{picture(Image.new("CMYK", (40, 40), (0, 128, 255, 0)), "JPEG")}">'
    )
    seen = separated(page, 1, tmp_path).getpixel((90, 90))
    assert all(abs(a - b) <= 3 for a, b in zip(seen, (0, 128, 255, 0), strict=True)), seen  # type: ignore[arg-type]


def test_where_paper_is_folded_there_are_dashes_outside_the_bleed() -> None:
    data = print_ready(pages_of("a<p style='break-before: page'>b"), COATED, PUBLISHED, folds=[[20, 50], [30]])
    with opened(data) as pdf:
        for page, folds in zip(pdf.pages, ([20, 50], [30]), strict=True):
            [(_, _, lines)] = marks(page)
            bleed, trim = box(page, "/BleedBox"), box(page, "/TrimBox")
            dashes = lines[8:]
            assert {round((x - trim[0]) / MM) for x, *_ in dashes} == set(folds)
            assert len(dashes) == 2 * len(folds)
            for x, y, to_x, to_y in dashes:
                assert x == to_x
                assert max(y, to_y) < bleed[1] or min(y, to_y) > bleed[3]


def test_white_on_a_colour_is_paper_and_does_not_overprint() -> None:
    with opened(printed('<p style="background: #0b5563; color: white">white</p>')) as pdf:
        assert list(colours_of_text(pdf)) == [(0, 0, 0, 0)]
        states = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/ca" in thing]
        assert not [state for state in states if state.get("/OP") or state.get("/op")]


def test_a_grey_of_the_clinic_keeps_its_hue() -> None:
    tint = '<p style="height: 9mm; background: #8f9aa3"></p>'
    with opened(printed(tint)) as pdf:
        assert not any(any(float(ink) for ink in inks[:3]) for operator, inks in operators(pdf) if operator == "k")
    with opened(printed(tint, brand=("#8f9aa3",))) as pdf:
        assert any(float(inks[0]) for operator, inks in operators(pdf) if operator == "k")


def test_what_lies_beyond_the_bleed_is_cut_off(tmp_path: Path) -> None:
    wide = '<p style="position: absolute; inset: -20mm; background: #0b5563"></p>'
    image = separated(printed(wide, terms=replace(COATED, marks=False)), 1, tmp_path, 127)
    assert image.getbbox() == (40, 40, 40 + 5 * 86, 40 + 5 * 66)


class TestInkLimit:
    DARK = '<p style="position: absolute; inset: 0; background: #001122"></p>'

    def test_a_lower_one_takes_away_colour_and_keeps_the_black(self, tmp_path: Path) -> None:
        free = separated(printed(self.DARK), 1, tmp_path).getpixel((100, 100))
        held = separated(printed(self.DARK, terms=replace(COATED, ink_limit=200)), 1, tmp_path).getpixel((100, 100))
        assert sum(free) / 2.55 > 210  # type: ignore[arg-type]
        assert sum(held) / 2.55 <= 201  # type: ignore[arg-type]
        assert held[3] == free[3]  # type: ignore[index]

    def test_what_has_none_of_an_ink_gets_none(self) -> None:
        assert Inks(replace(COATED, ink_limit=240)).limited((0, 1, 1, 1))[0] == 0

    def test_it_holds_for_pictures(self) -> None:
        dark = PHOTO.point(lambda value: value // 3)
        assert peak_ink(Inks(COATED).image(dark)) > 200
        assert peak_ink(Inks(replace(COATED, ink_limit=180)).image(dark)) <= 180.5

    def test_it_holds_for_every_colour_of_the_screen(self) -> None:
        inks = Inks(COATED)
        steps = range(0, 256, 51)
        assert max(sum(inks.of((r, g, b))) for r in steps for g in steps for b in steps) <= 3


# Projects -------------------------------------------------------------------------------------------------------------


def test_both_profiles_are_made_where_the_project_says_so_and_web_pages_once(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["de"]\nprofiles = ["screen", "print"]\n')
    ran = project.build("-l", "en")
    assert ran.exit_code == 0, ran.output
    made = {edition["path"]: edition["profile"] for edition in json.loads(project.output("manifest.json"))["editions"]}
    assert made == {
        "hill/en/knee.a4.pdf": "screen",
        "hill/en/knee.a4.print.pdf": "print",
        "hill/en/knee.html": "screen",
    }


def test_what_is_no_pdf_has_no_profile_print(project: Project) -> None:
    ran = project.build("-f", "web", "-p", "print")
    assert ran.exit_code == 2
    assert "web: there is no profile print of it" in ran.stderr
    assert "a4" in ran.stderr
    assert project.files() == {}


def test_a_change_of_the_terms_makes_print_editions_anew_and_no_others(project: Project) -> None:
    both = ("-l", "en", "-f", "a4", "-p", "screen", "-p", "print")
    project.build(*both)
    project.write("polyleaf.toml", 'locales = ["de"]\n[print]\nbleed = 5\n')
    ran = project.build(*both)
    assert "built  hill/en/knee.a4.print.pdf" in ran.stderr
    assert "knee.a4.pdf" not in ran.stderr
    with pikepdf.open(project.path(PDF)) as pdf:
        trim, bleed = box(pdf.pages[0], "/TrimBox"), box(pdf.pages[0], "/BleedBox")
        assert trim[0] - bleed[0] == pytest.approx(5 * MM, abs=0.01)
    asked = project.run("build", "--explain", "hill/en/knee.a4.print.pdf", "-o", str(project.path("output")))
    assert "up to date" in asked.stdout


def test_a_draft_carries_its_mark_into_the_bleed(project: Project, tmp_path: Path) -> None:
    project.build("-l", "en", "-f", "a4", "-p", "print")
    data = project.path(PDF).read_bytes()
    pages = pdf_text(project.path(PDF)).split("\f")[:-1]
    assert all("Draft, not yet approved by a clinician" in page for page in pages)
    image = separated(data, 1, tmp_path, 127)
    width, height = image.size
    ground = image.getpixel((5 * 20, height - 5 * 8 - 2))
    assert 50 < sum(ground) < 150  # type: ignore[arg-type]
    for x in (5 * 8 + 1, width - 5 * 8 - 2):
        assert image.getpixel((x, height - 5 * 8 - 2)) == ground
    assert image.getpixel((5 * 20, height - 5 * 8 + 2)) == (0, 0, 0, 0)


def test_two_clinics_differ_in_their_files_alone_where_they_share_pages(project: Project) -> None:
    project.write(
        "templates/clinics/dale.toml", CLINIC.replace("Hill Clinic", "Dale Clinic").replace("0b5563", "6a1b4d")
    )
    project.build("-l", "en", "-f", "a4", "-p", "print")
    hill, dale = (project.path(f"output/{clinic}/en/knee.a4.print.pdf") for clinic in ("hill", "dale"))
    assert pdf_text(hill).replace("Hill Clinic", "Dale Clinic") == pdf_text(dale)
    with pikepdf.open(hill) as one, pikepdf.open(dale) as other:
        assert colours_of_text(one).keys() != colours_of_text(other).keys()


def test_a_logo_that_is_in_inks_is_printed_in_them(project: Project, tmp_path: Path) -> None:
    logo = io.BytesIO()
    Image.new("CMYK", (300, 300), (0, 128, 255, 0)).save(logo, "JPEG", quality=95)
    project.write("templates/clinics/hill/logo.jpg", logo.getvalue())
    project.edit("templates/clinics/hill.toml", "hill/logo.svg", "hill/logo.jpg")
    ran = project.build("-l", "en", "-f", "a4", "-p", "print")
    assert ran.exit_code == 0, ran.output
    image = separated(project.path(PDF).read_bytes(), 1, tmp_path)
    orange = [pixel for _, pixel in image.getcolors(1 << 20) or () if near(pixel, (0, 128, 255, 0))]
    assert orange


def near(one: Any, other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(one, other, strict=True))


class TestTerms:
    """The table `[print]` of the configuration."""

    def config(self, project: Project, table: str) -> str:
        project.write("polyleaf.toml", f'locales = ["de"]\n\n[print]\n{table}\n')
        ran = project.build("-l", "en", "-f", "a4", "-p", "print")
        assert "Traceback" not in ran.output
        if ran.exit_code:
            assert ran.exit_code == 2
            assert project.files() == {}
        return ran.stderr

    def test_a_printers_own_profile_is_the_output_intent(self, project: Project) -> None:
        shutil.copyfile(FOGRA39, project.path("press.icc"))
        self.config(project, 'icc = "press.icc"\ncondition = "OURS"\nregistry = "https://press.example"')
        with pikepdf.open(project.path(PDF)) as pdf:
            [intent] = pdf.Root.OutputIntents
            assert str(intent.OutputConditionIdentifier) == "OURS"
            assert str(intent.RegistryName) == "https://press.example"

    def test_a_digital_press_gets_no_marks_and_no_slug(self, project: Project) -> None:
        self.config(project, 'preset = "digital"')
        with pikepdf.open(project.path(PDF)) as pdf:
            for page in pdf.pages:
                assert box(page, "/MediaBox") == box(page, "/BleedBox")
                assert marks(page) == []

    @pytest.mark.parametrize(
        ("table", "at", "message"),
        [
            (
                'preset = "offset-coted"',
                "preset",
                "unknown preset 'offset-coted'\n  hint: did you mean 'offset-coated'?",
            ),
            ('preset = "offset-uncoated"', "preset", "the preset 'offset-uncoated' needs a profile"),
            ('condition = "FOGRA51"', "condition", "another printing condition needs a profile of its own"),
            ("slug = 2", "slug", "crop marks do not fit into a slug of 2 mm"),
            (
                "bleed = -1",
                "bleed",
                "bleed: -1 is not greater than or equal to 0\n  hint: write a number from 0 up to 20",
            ),
            ("bleed = nan", "bleed", "bleed: nan is not less than or equal to 20"),
            ("smallest_hairline_pt = 0", "smallest", "0 is not greater than 0\n  hint: write a number above 0 up to 5"),
            ('bleed = "3 mm"', "bleed", "bleed: expected a number, found '3 mm'\n  hint: write digits without quotes"),
            ("ink_limit = 500", "ink_limit", "less than or equal to 400"),
            ('marks = "yes"', "marks", "print.marks: expected true or false, found 'yes'\n  hint: write true or false"),
            ("blead = 3", "blead", "unknown field 'print.blead'\n  hint: did you mean 'bleed'?"),
            ('icc = "gone.icc"\ncondition = "X"', "icc", "cannot be read: No such file or directory"),
            ('icc = "a\\u0000b"\ncondition = "X"', "icc", "cannot be read: No file can have this name"),
            ('icc = "/dev/zero"\ncondition = "X"', "icc", "/dev/zero cannot be read: It is no file"),
            ('icc = "templates"\ncondition = "X"', "icc", "cannot be read: Is a directory"),
        ],
    )
    def test_a_mistake_is_told_with_its_line(self, project: Project, table: str, at: str, message: str) -> None:
        told = self.config(project, table)
        assert message in told
        assert f"polyleaf.toml:{project.line('polyleaf.toml', at)}: " in told

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "is no ICC profile"),
            (bytes(20 * 1024**2 + 1), "is larger than 20 MB, as no profile is"),
            (b"%PDF-1.7 " * 100, "is no ICC profile"),
            (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), "is a profile for RGB, not for CMYK"),
            (FOGRA39.read_bytes().replace(b"prtrCMYK", b"prtrGRAY", 1), "is a profile for GRAY, not for CMYK"),
            (FOGRA39.read_bytes()[:100_000], "is truncated: it has 100000 of 354516 bytes"),
            (FOGRA39.read_bytes().replace(b"prtrCMYK", b"linkCMYK", 1), "is no output profile: its class is 'link'"),
            (FOGRA39.read_bytes().replace(b"B2A0", b"none", 1), "lacks B2A0"),
            (FOGRA39.read_bytes().replace(b"mft2", b"none"), "cannot be used"),
        ],
        ids=[
            "empty",
            "huge",
            "a PDF",
            "RGB",
            "grey",
            "truncated",
            "a device link",
            "without a way to the press",
            "damaged inside",
        ],
    )
    def test_a_profile_that_cannot_be_printed_by_is_refused(self, project: Project, data: bytes, message: str) -> None:
        project.write("press.icc", data)
        told = self.config(project, 'condition = "OURS"\nicc = "press.icc"')
        assert f"press.icc {message}" in told
        assert f"polyleaf.toml:{project.line('polyleaf.toml', 'icc =')}: " in told
        assert "hint: ask the print shop for the ICC profile of its press and paper" in told

    def test_a_profile_that_this_person_may_not_read_is_told(self, project: Project) -> None:
        project.write("press.icc", FOGRA39.read_bytes()).chmod(0)
        project.write("polyleaf.toml", '[print]\ncondition = "OURS"\nicc = "press.icc"\n')
        command = [sys.executable, "-m", "polyleaf", "-C", str(project.root), "build", "-p", "print"]
        ran = subprocess.run(bound_by_modes(command), capture_output=True, text=True, check=False)
        assert ran.returncode == 2
        assert "polyleaf.toml:3: icc: " in ran.stderr
        assert "press.icc cannot be read: Permission denied\n  hint: " in ran.stderr

    def test_a_profile_goes_with_the_name_of_its_condition(self, project: Project) -> None:
        shutil.copyfile(FOGRA39, project.path("press.icc"))
        assert "the profile's printing condition has no name" in self.config(project, 'icc = "press.icc"')

    def test_the_presets_are_those_of_the_documentation(self) -> None:
        text = (REPOSITORY / "docs/printing.md").read_text(encoding="utf-8")
        data = tomllib.loads((REPOSITORY / "src/polyleaf/data/print.toml").read_text(encoding="utf-8"))
        assert f"| field | what it is | {' | '.join(data)} |" in text
        for name in {name for preset in data.values() for name in preset} - {"icc", "condition", "registry", "marks"}:
            cells = " | ".join(f"{preset[name]:g}" for preset in data.values())
            assert re.search(rf"\| `{name}` \|.*\| {re.escape(cells)} \|", text), name
