"""The proof: what somebody signs before editions go to print."""

from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from click.testing import Result
from conftest import CLINIC, Project, pdf_text
from PIL import Image, ImageChops, ImageStat

from polyleaf.preflight import Expectations
from polyleaf.proof.gather import findings_of
from polyleaf.proof.sheet import scale_of

PROOF = "output/proof.pdf"


def proofed(project: Project, *args: str) -> Result:
    ran = project.run("proof", *args)
    assert "Traceback" not in ran.output
    return ran


def said(project: Project, path: str = PROOF) -> str:
    """All text of the proof, with single spaces."""
    return " ".join(pdf_text(project.path(path)).split())


def entries(project: Project) -> dict[str, dict[str, Any]]:
    return {entry["path"]: entry for entry in json.loads(project.output("manifest.json"))["editions"]}


def frames(pdf: pikepdf.Pdf) -> list[tuple[int, str, tuple[float, float, float]]]:
    """What is drawn into the frames: the page of the proof, the name, and the scale and place in pt."""
    drawn = re.compile(r"q (\S+) 0 0 \1 (\S+) (\S+) cm (/Proof\d+) Do Q")
    return [
        (number, name, (float(scale), float(x), float(y)))
        for number, page in enumerate(pdf.pages)
        for scale, x, y, name in drawn.findall(page.Contents[-1].read_bytes().decode())
    ]


def test_it_tells_of_every_edition_what_somebody_has_to_know(project: Project) -> None:
    project.build("-f", "a4", "-f", "trifold", "-f", "web")
    ran = proofed(project, "-f", "a4", "-f", "trifold")
    assert ran.exit_code == 0, ran.output
    assert ran.stdout == f"{project.path(PROOF)}\n"
    assert "0 errors, 0 warnings, 0 notes in 4 editions" in ran.stderr
    text = said(project)
    known = entries(project)
    for path in ("hill/en/knee.a4.pdf", "hill/de/knee.a4.pdf", "hill/en/knee.trifold.pdf", "hill/de/knee.trifold.pdf"):
        assert path in text
        assert known[path]["sha256"][:16] in text
        assert f"{known[path]['type_size_pt']:g} pt" in text
    for told in ("Resting your knee", "German · Deutsch", "Hill Clinic", "screen", "not approved", "1.0"):
        assert told in text
    pages = sum(entry["pages"] for entry in known.values() if entry["pages"])
    assert f"Pages: {pages}" in text
    assert "Not approved by a clinician: 4" in text
    assert text.count("Do not print") == 4
    for line in ("Decision", "Remarks", "Checked by", "Date", "Signature"):
        assert line in text
    assert re.search(r"1 of \d", text)


@pytest.mark.usefixtures("built_before")
def test_pages_are_drawn_in_their_frames_as_they_are(project: Project) -> None:
    proofed(project, "-l", "en", "-f", "a4")
    with pikepdf.open(project.path(PROOF)) as pdf:
        drawn = frames(pdf)
    edition = project.path("output/hill/en/knee.a4.pdf")
    assert len(drawn) == entries(project)["hill/en/knee.a4.pdf"]["pages"]
    zoom = 6  # pixels a pt of the proof, so that both are drawn alike
    sheet = pypdfium2.PdfDocument(project.path(PROOF))[0].render(scale=zoom).to_pil().convert("RGB")
    for page, (_, _, (scale, x, y)) in enumerate(drawn):
        shown = pypdfium2.PdfDocument(edition)[page].render(scale=zoom * scale).to_pil().convert("RGB")
        left, bottom = round(zoom * x), sheet.height - round(zoom * y)
        framed = sheet.crop((left, bottom - shown.height, left + shown.width, bottom))
        assert difference(framed, shown) < 3
        assert difference(framed, Image.new("RGB", shown.size, "white")) > 5


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def test_a_page_for_the_print_shop_is_shown_as_it_is_after_cutting(project: Project) -> None:
    project.build("-l", "en", "-f", "a4", "-p", "print")
    proofed(project, "-l", "en", "-f", "a4", "-p", "print")
    with (
        pikepdf.open(project.path(PROOF)) as pdf,
        pikepdf.open(project.path("output/hill/en/knee.a4.print.pdf")) as made,
    ):
        drawn = frames(pdf)
        assert drawn
        for number, name, (scale, _, _) in drawn:
            form = pdf.pages[number].Resources.XObject[name]
            assert [float(side) for side in form.BBox] == [float(side) for side in made.pages[0].TrimBox]
            assert scale == pytest.approx(1 / 6, abs=0.001)


def test_the_fonts_of_a_file_come_along_once(project: Project) -> None:
    project.build("-l", "en", "-f", "large-print")
    proofed(project, "-l", "en", "-f", "large-print")
    assert entries(project)["hill/en/knee.large-print.pdf"]["pages"] > 1
    edition = project.path("output/hill/en/knee.large-print.pdf")
    fonts = font_files(edition)
    assert fonts
    assert len(font_files(project.path(PROOF))) <= len(fonts) + 2, "two faces of the sheet itself"
    assert edition.stat().st_size < project.path(PROOF).stat().st_size < 3 * edition.stat().st_size


def font_files(path: Path) -> list[pikepdf.Object]:
    with pikepdf.open(path) as pdf:
        return [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and "/Length1" in thing]


def test_it_claims_no_conformance_that_what_it_shows_may_not_have(project: Project) -> None:
    project.build("-l", "en", "-f", "a4", "-p", "print")
    proofed(project, "-l", "en", "-f", "a4", "-p", "print")
    with pikepdf.open(project.path(PROOF)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        assert "pdfaid:part" not in metadata
        assert "pdfuaid:part" not in metadata
        assert "Proof: project" in metadata


@pytest.mark.usefixtures("built_before")
def test_the_same_editions_give_the_same_bytes(project: Project) -> None:
    proofed(project, "-l", "en", "-f", "a4")
    before = project.path(PROOF).read_bytes()
    proofed(project, "-l", "en", "-f", "a4", "-o", str(project.path("again.pdf")))
    assert project.path("again.pdf").read_bytes() == before


# Findings -------------------------------------------------------------------------------------------------------------


def test_an_error_is_on_the_sheet_and_in_the_exit_status(project: Project) -> None:
    """The terms of the print shop changed since the build: only the file itself can tell."""
    project.build("-l", "en", "-f", "a4", "-p", "print")
    project.write("polyleaf.toml", 'locales = ["de"]\n[print]\nbleed = 5\n')
    ran = proofed(project, "-l", "en", "-f", "a4", "-p", "print")
    assert ran.exit_code == 1
    pages = entries(project)["hill/en/knee.a4.print.pdf"]["pages"]
    assert f"{pages} errors, 0 warnings, 0 notes in 1 edition" in ran.stderr
    text = said(project)
    assert f"{pages} errors found. No edition with an error may be printed." in text
    for page in range(1, pages + 1):
        assert text.count(f"error P213 page {page} has 3.0 mm of bleed, and 5 mm are asked for") == 1


@pytest.mark.usefixtures("built_before")
def test_what_the_build_found_is_on_the_sheet(project: Project) -> None:
    tell(project, [{"code": "T105", "severity": "warning", "message": "the number 3 is gone", "page": 2}])
    ran = proofed(project, "-l", "en", "-f", "a4")
    assert ran.exit_code == 0
    assert "0 errors, 1 warning, 0 notes in 1 edition" in ran.stderr
    assert "warning T105 the number 3 is gone (page 2)" in said(project)


def tell(project: Project, findings: list[Any]) -> None:
    """Put findings into the manifest, as a build would."""
    manifest = json.loads(project.output("manifest.json"))
    for entry in manifest["editions"]:
        entry["findings"] = findings
    project.write("output/manifest.json", json.dumps(manifest))


def test_what_both_find_is_told_once_as_the_build_took_it() -> None:
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 300))
        pdf.save(blank)
    held = Expectations(profile="print", format="a4")
    [*alone] = findings_of({}, blank.getvalue(), held)
    assert len({finding.code for finding in alone}) > 2
    built = [
        {**alone[-1].as_dict(), "severity": "note"},
        {"code": "X1", "severity": "error", "message": "only the build"},
    ]
    both = findings_of({"findings": built}, blank.getvalue(), held)
    assert len(both) == len(alone) + 1
    assert [finding.severity for finding in both if finding.message == alone[-1].message] == ["note"]
    order = [("error", "warning", "note").index(finding.severity) for finding in both]
    assert order == sorted(order)


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("findings", [None, "none", [None, 7], [{}], [{"code": 3, "page": "x", "severity": "bad"}]])
def test_a_manifest_that_somebody_bent_is_no_reason_to_fail(project: Project, findings: Any) -> None:
    tell(project, findings)
    ran = proofed(project, "-l", "en", "-f", "a4")
    told = isinstance(findings, list) and isinstance(findings[0], dict)
    assert ran.exit_code == (1 if told else 0), "what is told without a severity is not harmless"


# What cannot be vouched for -------------------------------------------------------------------------------------------


def test_an_edition_that_is_not_as_it_was_built_is_never_shown(project: Project) -> None:
    project.write("templates/clinics/dale.toml", CLINIC.replace("Hill Clinic", "Dale Clinic"))
    project.edit("locales/de/LC_MESSAGES/knee.po", 'msgstr "', 'msgstr "X')
    project.write(PROOF, "an older one")
    project.build("-f", "a4")
    project.build("-l", "en", "-f", "a4")
    project.path("output/hill/en/knee.a4.pdf").unlink()
    file = project.path("output/dale/en/knee.a4.pdf")
    file.write_bytes(file.read_bytes() + b"\n")
    ran = proofed(project, "-f", "a4", "-f", "trifold", "-l", "en")
    assert ran.exit_code == 2
    again = "polyleaf build -l en -f a4 -f trifold"
    assert "not built yet (2): dale/en/knee.trifold.pdf, hill/en/knee.trifold.pdf" in ran.stderr
    assert f"hint: build them: `{again}`" in ran.stderr
    assert "built, and not there any more (1): hill/en/knee.a4.pdf" in ran.stderr
    assert "not what was built: the file was changed (1): dale/en/knee.a4.pdf" in ran.stderr
    assert f"hint: put them back: `{again}`" in ran.stderr
    assert project.path(PROOF).read_text() == "an older one"


def test_an_edition_that_failed_is_told_as_such(project: Project) -> None:
    project.path("locales/de/LC_MESSAGES/knee.po").unlink()
    project.build("-f", "a4")
    ran = proofed(project, "-f", "a4", "-l", "de")
    assert ran.exit_code == 2
    assert "could not be built (1): hill/de/knee.a4.pdf" in ran.stderr
    assert "hint: see why: `polyleaf build -l de -f a4`" in ran.stderr
    assert not project.path(PROOF).exists()


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("manifest", [None, "", "{", '{"editions": 3}'])
def test_without_a_manifest_nothing_is_known_to_be_built(project: Project, manifest: str | None) -> None:
    project.path("output/manifest.json").unlink()
    if manifest is not None:
        project.write("output/manifest.json", manifest)
    ran = proofed(project, "knee", "-l", "en", "-f", "a4")
    assert ran.exit_code == 2
    assert "not built yet (1): hill/en/knee.a4.pdf" in ran.stderr
    assert "`polyleaf build knee -l en -f a4`" in ran.stderr


def test_what_was_built_elsewhere_is_found_there(project: Project) -> None:
    folder = project.path("elsewhere")
    project.build("-l", "en", "-f", "a4", "-o", str(folder))
    ran = proofed(project, "-l", "en", "-f", "a4", "--in", str(folder))
    assert (ran.exit_code, ran.stdout) == (0, f"{folder / 'proof.pdf'}\n")
    (folder / "hill/en/knee.a4.pdf").unlink()
    ran = proofed(project, "-l", "en", "-f", "a4", "--in", str(folder))
    assert f"`polyleaf build -l en -f a4 -o {folder}`" in ran.stderr


# Asking for it --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("built_before")
def test_what_has_no_pages_is_left_out_and_said_to_be(project: Project) -> None:
    ran = proofed(project)
    assert ran.exit_code == 0
    assert "2 editions without pages (web pages, exports) left out" in ran.stderr
    ran = proofed(project, "-f", "web")
    assert ran.exit_code == 2
    assert "nothing that was asked for has pages" in ran.stderr
    assert "hint: choose a format on paper: -f a4, say" in ran.stderr


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("kneee",), "unknown leaflet 'kneee'\n  hint: did you mean 'knee'?"),
        (("-l", "xx"), "unknown locale 'xx'"),
        (("-p", "imposed"), "there is no profile imposed of it"),
        (("-f", "a4", "-o", "output/hill/en/knee.a4.pdf"), "knee.a4.pdf: this is where a build writes"),
        (("-f", "a4", "-o", "output/manifest.json"), "manifest.json: this is where a build writes"),
        (("-f", "a4", "-o", "templates"), "templates: this is a folder"),
        (("-f", "a4", "-o", "polyleaf.toml/proof.pdf"), "polyleaf.toml"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], told: str
) -> None:
    before = project.files()
    monkeypatch.chdir(project.root)
    ran = proofed(project, *asked)
    assert ran.exit_code == 2
    assert told in ran.stderr
    assert project.files() == before


def test_a_build_leaves_the_proof_alone_and_does_not_take_it_for_an_edition(project: Project) -> None:
    project.build("-l", "en", "-f", "a4")
    proofed(project, "-l", "en", "-f", "a4")
    proof = project.path(PROOF).read_bytes()
    project.edit("templates/leaflets/knee.md", "needs **rest**", "needs much **rest**")
    ran = project.build("-l", "en", "-f", "a4", "-f", "web")
    assert ran.exit_code == 0, ran.output
    assert "removed" not in ran.stderr
    assert project.path(PROOF).read_bytes() == proof
    assert set(entries(project)) == {"hill/en/knee.a4.pdf", "hill/en/knee.html"}
    digest = entries(project)["hill/en/knee.a4.pdf"]["sha256"][:16]
    assert digest not in said(project)
    proofed(project, "-l", "en", "-f", "a4")
    assert digest in said(project)
    assert hashlib.sha256(project.path("output/hill/en/knee.a4.pdf").read_bytes()).hexdigest().startswith(digest)


def test_sheets_of_a_booklet_are_shown_as_sheets(project: Project) -> None:
    project.build("-l", "en", "-f", "a5-booklet", "-p", "imposed")
    ran = proofed(project, "-l", "en", "-f", "a5-booklet", "-p", "imposed")
    assert ran.exit_code == 0, ran.output
    with pikepdf.open(project.path(PROOF)) as pdf:
        [(number, name, _), *_] = frames(pdf)
        box = [float(side) for side in pdf.pages[number].Resources.XObject[name].BBox]
    assert (box[2] - box[0]) / (box[3] - box[1]) == pytest.approx(296 / 210, abs=0.01)


A4, A5, LETTER, ACROSS = (210, 297), (148, 210), (215.9, 279.4), (297, 210)


@pytest.mark.parametrize(
    ("size", "pages", "scale"),
    [(A4, 2, 6), (A4, 4, 6), (LETTER, 4, 6), (ACROSS, 2, 6), (A5, 8, 8), (A5, 16, 8), (A4, 12, 12), (A4, 60, 12)],
)
def test_pages_are_as_large_as_three_editions_on_a_sheet_allow(
    size: tuple[float, float], pages: int, scale: int
) -> None:
    assert scale_of([size] * pages) == scale
