"""Booklets laid on sheets: what a reader finds who folds them, and what the print shop gets."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, pdf_pages, pdf_text
from test_print_profile import COATED, MM, PUBLISHED, box, marks, opened, pages_of, separated

from polyleaf import preflight
from polyleaf.press.print_ready import on_sheets, print_ready
from polyleaf.print_terms import PrintTerms

WIDTH, HEIGHT = 80, 60
"""Millimetres of the pages that `pages_of` makes."""
SHEETS = "output/hill/{}/knee.a5-booklet.imposed.pdf"


def numbered(pages: int) -> bytes:
    """A booklet whose pages say their numbers."""
    return pages_of("".join(f"<p class=page>Page{number}</p>" for number in range(1, pages + 1)), BREAKS)


BREAKS = ".page { margin: 0 } .page + .page { break-before: page }"


def imposed(data: bytes, direction: str = "ltr", terms: PrintTerms = COATED) -> bytes:
    return on_sheets(print_ready(data, terms, PUBLISHED), terms, PUBLISHED, direction)


def halves(data: bytes, tmp_path: Path) -> list[tuple[str, str]]:
    """What stands on the left and on the right half of each side, by an independent reader."""
    path = tmp_path / "sheets.pdf"
    path.write_bytes(data)
    found = []
    with opened(data) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            left, _, right, _ = (side - box(page, "/MediaBox")[0] for side in box(page, "/TrimBox"))
            spine = round((left + right) / 2)
            found.append((_text(path, number, 0, spine), _text(path, number, spine, round(right + left) - spine)))
    return found


def _text(path: Path, page: int, x: int, width: int) -> str:
    crop = ["-x", str(x), "-y", "0", "-W", str(width), "-H", "2000"]
    command = ["pdftotext", "-f", str(page), "-l", str(page), *crop, str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def read_through(sides: list[tuple[str, str]], bound: str) -> list[str]:
    """The pages in the order in which somebody turns them who holds the folded, stitched sheets.

    Sides are front and back of each sheet. A leaf is half a sheet: its two faces lie back to back.
    """
    leaves = []
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        left, right = (front[0], back[1]), (front[1], back[0])  # the sheet is turned over its short edge
        leaves.append((right, left) if bound == "left" else (left, right))
    before = [face for upper, _ in leaves for face in upper]  # from the cover down to the middle
    after = [face for _, lower in reversed(leaves) for face in reversed(lower)]  # and on to the back
    return before + after


@pytest.mark.parametrize("pages", [4, 8, 12, 16])
@pytest.mark.parametrize(("direction", "bound"), [("ltr", "left"), ("rtl", "right")])
def test_folded_sheets_read_from_the_first_page_to_the_last(
    pages: int, direction: str, bound: str, tmp_path: Path
) -> None:
    sides = halves(imposed(numbered(pages), direction), tmp_path)
    assert len(sides) == pages / 2
    assert read_through(sides, bound) == [f"Page{number}" for number in range(1, pages + 1)]
    assert read_through(sides, {"left": "right", "right": "left"}[bound])[0] == f"Page{pages}"


def test_what_a_sheet_has_left_over_is_blank(tmp_path: Path) -> None:
    sides = halves(imposed(numbered(6)), tmp_path)
    assert read_through(sides, "left") == [*(f"Page{number}" for number in range(1, 7)), "", ""]


def test_a_side_is_cut_as_two_pages_and_folded_between_them() -> None:
    with opened(imposed(numbered(8))) as pdf:
        for page in pdf.pages:
            trim = box(page, "/TrimBox")
            assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx((2 * WIDTH * MM, HEIGHT * MM), abs=0.01)
            for name, by in (("/BleedBox", 3), ("/MediaBox", 11)):
                grown = [trim[0] - by * MM, trim[1] - by * MM, trim[2] + by * MM, trim[3] + by * MM]
                assert box(page, name) == pytest.approx(grown, abs=0.01)
            [(ink, _, lines)] = marks(page)
            assert ink == [0, 0, 0, 1]
            corners, fold = lines[:8], lines[8:]
            assert {round(x / MM) for x, _, to_x, _ in corners if x == to_x} == {0, 2 * WIDTH}
            assert {round(x / MM, 2) for x, *_ in fold} == {WIDTH}
            bleed = box(page, "/BleedBox")
            assert sorted(max(y, to_y) < bleed[1] or min(y, to_y) > bleed[3] for _, y, _, to_y in fold) == [True, True]


def test_it_is_pdf_x_4_that_claims_no_tags() -> None:
    with opened(imposed(numbered(4))) as pdf:
        xmp = pdf.open_metadata()
        assert xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] == "PDF/X-4"
        assert "{http://www.aiim.org/pdfua/ns/id/}part" not in xmp
        assert pdf.Root.keys().isdisjoint({"/StructTreeRoot", "/MarkInfo", "/Outlines", "/Names"})
        [intent] = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFX"
        assert all(page.Group.CS == "/DeviceCMYK" for page in pdf.pages)


def test_the_same_pages_give_the_same_bytes_and_other_sheets_another_identity() -> None:
    data = numbered(4)
    assert imposed(data) == imposed(data)
    identities = set()
    for made in (imposed(data), imposed(data, "rtl"), print_ready(data, COATED, PUBLISHED)):
        with opened(made) as pdf:
            identities.add((bytes(pdf.trailer.ID[1]), pdf.open_metadata()["xmpMM:DocumentID"]))
    assert len({identity for identity, _ in identities}) == 3
    assert len({document for _, document in identities}) == 3


def bar(side: str, at: float) -> str:
    """A bar of 2 mm in black from head to foot, in mm from one side of the page."""
    return (
        f'<p class=page>.<i style="position: absolute; {side}: {at}mm; width: 2mm; height: 70mm; background: #000"></i>'
    )


def edges_of_black(data: bytes, side: int, tmp_path: Path, y: float = 40) -> list[float]:
    """Where black begins and ends along a side of a sheet, in mm from where it is cut on the left."""
    dpi = 1270  # 50 pixels a millimetre
    image = separated(data, side, tmp_path, dpi).getchannel("K")
    row = image.crop((0, round((11 + y) * 50), image.width, round((11 + y) * 50) + 1)).tobytes()
    return [at / 50 - 11 for at in range(1, len(row)) if (row[at] > 127) != (row[at - 1] > 127)]


def test_the_pages_of_a_sheet_move_towards_the_spine_by_a_thickness_for_each_sheet_around_it(tmp_path: Path) -> None:
    css = BREAKS + " .page i { top: -8mm } p { position: static }"
    data = pages_of("".join(bar("left", 20) for _ in range(12)), css)
    flat = imposed(data, terms=replace(COATED, paper_thickness=0, marks=False))
    thick = imposed(data, terms=replace(COATED, paper_thickness=0.3, marks=False))
    for side in range(1, 7):
        before, after = (edges_of_black(made, side, tmp_path) for made in (flat, thick))
        assert len(before) == len(after) == 4
        creep = 0.3 * ((side - 1) // 2)
        for at, to in zip(before, after, strict=True):
            assert to - at == pytest.approx(creep if at < WIDTH else -creep, abs=0.03)


@pytest.mark.parametrize(("inked", "ends"), [(1, (WIDTH, 2 * WIDTH + 3)), (0, (-3, WIDTH))], ids=["right", "left"])
def test_a_page_is_painted_to_the_end_of_its_bleed_and_never_over_the_spine(
    inked: int, ends: tuple[float, float], tmp_path: Path
) -> None:
    """Odd pages, or even ones, are painted far beyond all of their edges; the pages beside them are empty."""
    ground = '<i style="position: absolute; inset: -15mm; background: #000"></i>'
    texts = (f"<p class=page>.{ground if number % 2 == inked else ''}</p>" for number in range(1, 13))
    terms = replace(COATED, paper_thickness=0.4, marks=False)
    data = imposed(pages_of("".join(texts), BREAKS), terms=terms)
    for side in range(1, 7):
        spine, outside = edges_of_black(data, side, tmp_path)[:: 1 if inked else -1]
        assert [min(spine, outside), max(spine, outside)] == pytest.approx(ends, abs=0.03)


# Projects -------------------------------------------------------------------------------------------------------------


def entries(project: Project) -> dict[str, dict[str, Any]]:
    return {entry["path"]: entry for entry in json.loads(project.output("manifest.json"))["editions"]}


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_leaflets_sheets_are_fit_for_the_print_shop_and_say_what_its_pages_say(
    project: Project, locale: str, tmp_path: Path
) -> None:
    project.write("polyleaf.toml", 'locales = ["ar"]\n')
    project.translate("ar", lambda text: "راحة")
    ran = project.build("-l", locale, "-f", "a5-booklet", "-p", "print", "--impose", "--draft")
    assert ran.exit_code == 0, ran.output
    single = project.path(f"output/hill/{locale}/knee.a5-booklet.print.pdf")
    data = project.path(SHEETS.format(locale)).read_bytes()
    sides = halves(data, tmp_path)
    read = read_through(sides, "right" if locale == "ar" else "left")
    assert [sorted(text.split()) for text in read] == [sorted(text.split()) for text in _as_halves(single, tmp_path)]
    terms = preflight.Expectations(profile="print", format="a5-booklet.imposed")
    known = preflight.findings(single.read_bytes(), replace(terms, format="a5-booklet"))
    assert [finding.code for finding in preflight.findings(data, terms)] == [finding.code for finding in known]
    entry = entries(project)[f"hill/{locale}/knee.a5-booklet.imposed.pdf"]
    assert (entry["profile"], entry["pages"]) == ("imposed", len(read) / 2)


def _as_halves(path: Path, tmp_path: Path) -> list[str]:
    """The pages of a file, read as halves of sheets are."""
    return [_text(path, number, 0, 2000) for number in range(1, len(pdf_pages(path)) + 1)]


def test_pages_that_move_towards_the_spine_lose_no_bleed(project: Project) -> None:
    """Every page has the mark of a draft, which bleeds; a build refuses what ends before its bleed does (P217)."""
    project.write("polyleaf.toml", "[print]\npaper_thickness = 0.4\n")
    walks = "\n".join(f"- Walk to place number {number} and back again, whatever the weather." for number in range(150))
    project.edit("templates/leaflets/knee.md", "- Come back", f"{walks}\n- Come back")
    ran = project.build("-l", "en", "-f", "a5-booklet", "-p", "imposed")
    assert ran.exit_code == 0, ran.output
    assert entries(project)["hill/en/knee.a5-booklet.imposed.pdf"]["pages"] >= 6


def test_sheets_are_made_only_where_somebody_asks_for_them(project: Project) -> None:
    project.build("-l", "en", "-f", "a5-booklet")
    assert set(entries(project)) == {"hill/en/knee.a5-booklet.pdf"}
    project.build("-l", "en", "-f", "a5-booklet", "-f", "a4", "--impose")
    made = {path.partition("knee.")[2] for path in entries(project)}
    assert made == {"a5-booklet.pdf", "a5-booklet.imposed.pdf", "a4.pdf"}


def test_the_profile_alone_takes_the_place_of_single_pages_and_of_other_formats(project: Project) -> None:
    project.build("-l", "en", "-f", "web", "-f", "a5-booklet", "-f", "a4", "-p", "imposed")
    assert set(entries(project)) == {"hill/en/knee.a5-booklet.imposed.pdf"}


def test_a_project_can_name_the_profile(project: Project) -> None:
    project.write("polyleaf.toml", 'formats = ["web", "a5-booklet"]\nprofiles = ["screen", "imposed"]\n')
    project.build("-l", "en")
    made = {path.partition("knee.")[2] for path in entries(project)}
    assert made == {"html", "a5-booklet.pdf", "a5-booklet.imposed.pdf"}


def test_sheets_are_up_to_date_until_the_paper_is_another(project: Project) -> None:
    asked = ("-l", "en", "-f", "a5-booklet", "--impose")
    project.build(*asked)
    before = project.path(SHEETS.format("en")).read_bytes()
    assert "2 up to date" in project.build(*asked).stderr
    project.path(SHEETS.format("en")).unlink()
    assert "1 put back" in project.build(*asked).stderr
    assert project.path(SHEETS.format("en")).read_bytes() == before
    project.write("polyleaf.toml", 'locales = ["de"]\n[print]\npaper_thickness = 0.2\n')
    ran = project.build(*asked)
    assert "built  hill/en/knee.a5-booklet.imposed.pdf" in ran.stderr
    assert "1 up to date" in ran.stderr
    explained = project.run("build", "--explain", "hill/en/knee.a5-booklet.imposed.pdf")
    assert "is up to date" in explained.stdout


def test_a_draft_of_a_booklet_carries_its_mark_on_every_page(project: Project) -> None:
    project.build("-l", "en", "-f", "a5-booklet", "--impose")
    sides = pdf_text(project.path(SHEETS.format("en"))).split("\f")[:-1]
    assert sides
    assert all(side.count("Draft, not yet approved by a clinician") >= 2 for side in sides)


@pytest.mark.parametrize(
    "asked",
    [("--impose",), ("-f", "a4", "--impose"), ("-p", "imposed"), ("-f", "web", "-f", "trifold", "-p", "imposed")],
)
def test_what_is_no_booklet_cannot_be_imposed(project: Project, asked: tuple[str, ...]) -> None:
    ran = project.build("-l", "en", *asked)
    assert ran.exit_code == 2
    assert "there is no profile imposed of it" in ran.stderr
    assert "hint: only booklets are imposed: add -f a5-booklet" in ran.stderr
    assert project.files() == {}


def test_a_thickness_that_no_paper_has_is_told_with_its_line(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["de"]\n\n[print]\npaper_thickness = 12\n')
    ran = project.build("-l", "en", "-f", "a5-booklet", "--impose")
    assert ran.exit_code == 2
    assert "polyleaf.toml:4: " in ran.stderr
    assert "paper_thickness" in ran.stderr
