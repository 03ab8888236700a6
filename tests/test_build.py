"""What a build makes, refuses and remembers."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import CLINIC, Project, in_capitals, pdf_pages, pdf_text

from polyleaf.build import typeset

CATALOG = "locales/de/LC_MESSAGES/knee.po"
EVERYTHING = ["hill/de/knee.a4.pdf", "hill/de/knee.html", "hill/en/knee.a4.pdf", "hill/en/knee.html", "manifest.json"]


def manifest(project: Project) -> dict[str, dict[str, object]]:
    return {edition["path"]: edition for edition in json.loads(project.output("manifest.json"))["editions"]}


def make_fuzzy(project: Project) -> None:
    project.edit(CATALOG, 'msgctxt "about"', '#, fuzzy\nmsgctxt "about"')


def make_missing(project: Project) -> None:
    project.edit(CATALOG, "YOUR KNEE NEEDS **REST** AFTER TREATMENT.", "")


def test_a_build_makes_every_edition_and_a_manifest(project: Project) -> None:
    run = project.build()
    assert run.exit_code == 0, run.output
    assert run.stdout == ""
    assert sorted(project.files()) == EVERYTHING
    entry = manifest(project)["hill/de/knee.a4.pdf"]
    data = project.path("output/hill/de/knee.a4.pdf").read_bytes()
    assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    assert entry["bytes"] == len(data)
    assert (entry["leaflet"], entry["locale"], entry["clinic"]) == ("knee", "de", "hill")
    assert (entry["format"], entry["profile"], entry["outcome"]) == ("a4", "screen", "built")
    assert (entry["version"], entry["approved"], entry["findings"]) == ("1.0", False, [])
    assert entry["pages"] == 2
    assert entry["type_size_pt"] == 12
    assert str(project.root) not in project.output("manifest.json")


def test_one_edition_can_be_chosen(project: Project) -> None:
    run = project.build("knee", "-l", "de", "-c", "hill", "-f", "web", "-p", "screen")
    assert run.exit_code == 0
    assert sorted(project.files()) == ["hill/de/knee.html", "manifest.json"]


def test_the_manifest_keeps_what_an_earlier_build_made(project: Project) -> None:
    project.build("-l", "de", "-f", "web")
    project.build("-l", "en", "-f", "web")
    assert sorted(manifest(project)) == ["hill/de/knee.html", "hill/en/knee.html"]
    project.path("output/hill/de/knee.html").unlink()
    project.build("-l", "en", "-f", "web")
    assert sorted(manifest(project)) == ["hill/en/knee.html"]


def test_output_can_go_elsewhere(project: Project, tmp_path: Path) -> None:
    run = project.build("-l", "en", "-f", "web", "-o", str(tmp_path / "elsewhere"))
    assert run.exit_code == 0
    assert (tmp_path / "elsewhere/hill/en/knee.html").is_file()
    assert project.files() == {}


@pytest.mark.parametrize("spoil", [make_fuzzy, make_missing])
def test_an_untranslated_edition_fails_and_the_others_are_built(project: Project, spoil: object) -> None:
    spoil(project)  # type: ignore[operator]
    run = project.build()
    assert run.exit_code == 1
    assert sorted(project.files()) == ["hill/en/knee.a4.pdf", "hill/en/knee.html", "manifest.json"]
    line = project.line(CATALOG, 'msgctxt "about"')
    assert f"{CATALOG}:{line + 1}: " in run.stderr  # the msgid, below its msgctxt
    assert "2 built, 2 failed" in run.stderr
    entry = manifest(project)["hill/de/knee.html"]
    assert entry["outcome"] == "failed"
    assert entry["sha256"] is None
    [finding] = entry["findings"]  # type: ignore[misc]
    assert finding["msgctxt"] == "about"
    assert finding["file"] == CATALOG


def test_what_no_longer_passes_is_taken_away(project: Project) -> None:
    project.build()
    make_fuzzy(project)
    project.build()
    assert "hill/de/knee.html" not in project.files()


@pytest.mark.parametrize("spoil", [make_fuzzy, make_missing])
def test_a_draft_shows_the_source_text_marked(project: Project, spoil: object) -> None:
    spoil(project)  # type: ignore[operator]
    run = project.build("--draft")
    assert run.exit_code == 0, run.output
    html = project.output("hill/de/knee.html")
    assert (
        '<span class="untranslated" lang="en" dir="ltr">Your knee needs <strong>rest</strong> after treatment.' in html
    )
    assert in_capitals("Draft with untranslated text. Do not give it to patients.") in html
    for page in pdf_pages(project.path("output/hill/de/knee.a4.pdf")):
        assert "DRAFT WITH UNTRANSLATED TEXT" in page
    assert "untranslated" not in project.output("hill/en/knee.html").partition("<body>")[2]
    assert "not for patients" in run.stderr


def test_a_text_of_the_theme_that_is_missing_counts_as_well(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["nl"]\n')  # a language that the default theme does not come in
    project.translate("nl")
    project.edit("locales/nl/LC_MESSAGES/polyleaf.po", "HOW TO REACH US", "")
    assert project.build("-l", "nl").exit_code == 1
    assert project.files().keys() == {"manifest.json"}
    assert project.build("-l", "nl", "--draft").exit_code == 0
    html = project.output("hill/nl/knee.html")
    assert '<span class="untranslated" lang="en" dir="ltr">How to reach us</span>' in html
    assert "DRAFT WITH UNTRANSLATED TEXT" in html


def test_a_release_builds_nothing_before_there_are_approvals(project: Project) -> None:
    run = project.build("--release")
    assert run.exit_code == 1
    assert run.stderr.count("not released: ") == 2
    assert "not released: knee in de: nobody has approved it" in run.stderr
    assert project.files() == {}


def test_every_edition_says_that_nobody_approved_it(project: Project) -> None:
    project.build()
    assert in_capitals("Draft translation, not yet approved by a clinician") in project.output("hill/de/knee.html")
    assert "Draft, not yet approved by a clinician" in project.output("hill/en/knee.html")
    for locale, text in (("de", in_capitals("Draft translation, not yet approved")), ("en", "Draft, not yet approved")):
        pages = pdf_pages(project.path(f"output/hill/{locale}/knee.a4.pdf"))
        assert len(pages) == 2
        for page in pages:
            assert text in page


def test_a_machine_drafted_catalog_is_named_as_such(project: Project) -> None:
    assert "DRAFTED BY A MACHINE" not in (project.build(), project.output("hill/de/knee.html"))[1]
    project.edit(
        CATALOG, '"Language: de', '"X-Polyleaf-Origin: machine-drafted; not reviewed by a person\\n"\n"Language: de'
    )
    project.build()
    assert in_capitals("This translation was drafted by a machine. No person has checked it yet.") in project.output(
        "hill/de/knee.html"
    )


def test_a_clinic_sets_the_values_that_are_open_to_it(project: Project) -> None:
    project.write("templates/clinics/hill.toml", CLINIC + '\n[values.knee]\nrest = {duration = [5, 7], unit = "day"}\n')
    project.build()
    assert "Length of rest: 5–\u20607\u00a0days." in project.output("hill/en/knee.html")
    assert "LENGTH OF REST: 5–\u20607\u00a0Tage." in project.output("hill/de/knee.html")


def test_an_emergency_number_follows_the_territory(project: Project) -> None:
    project.build("-l", "en", "-f", "web")
    assert 'href="tel:999"' in project.output("hill/en/knee.html")
    project.edit("templates/clinics/hill.toml", '"GB"', '"US"')
    project.edit("templates/clinics/hill.toml", 'urgent = "111"\n', "")
    project.build("-l", "en", "-f", "web")
    assert 'href="tel:911"' in project.output("hill/en/knee.html")


def test_paper_follows_the_territory(project: Project) -> None:
    def size() -> str:
        info = subprocess.run(
            ["pdfinfo", project.path("output/hill/en/knee.a4.pdf")], check=True, capture_output=True, text=True
        )
        return next(line for line in info.stdout.splitlines() if line.startswith("Page size"))

    project.build("-l", "en")
    assert "(A4)" in size()
    project.edit("templates/clinics/hill.toml", '"GB"', '"US"')
    project.edit("templates/clinics/hill.toml", 'urgent = "111"\n', "")
    project.build("-l", "en")
    assert "(letter)" in size()


def test_an_interrupted_or_failed_write_leaves_no_rubbish(project: Project) -> None:
    project.build()
    assert [path.name for path in project.path("output").iterdir() if path.name.startswith(".")] == []


def test_progress_goes_to_stderr_line_by_line(project: Project) -> None:
    run = project.build("-l", "en")
    assert "[1/2] built  hill/en/knee.html" in run.stderr
    assert "[2/2] built  hill/en/knee.a4.pdf (2 pages, 12 pt)" in run.stderr


def test_text_that_fits_no_page_fails_the_edition(project: Project) -> None:
    words = "\n".join(
        f"- Sentence number {'x' * n} says something about the knee and how it heals." for n in range(240)
    )
    project.edit("templates/leaflets/knee.md", "- Come back: {visits}.", f"- Come back: {{visits}}.\n{words}")
    run = project.build("-l", "en", "-f", "a4")
    assert run.exit_code == 1
    assert "pages at 11 pt, and 4 are allowed" in run.stderr


def test_text_of_a_pdf_is_whole(project: Project) -> None:
    project.build("-l", "en")
    text = " ".join(pdf_text(project.path("output/hill/en/knee.a4.pdf")).split())
    for expected in ("Resting your knee", "Your knee needs rest after treatment.", "Come back: 2 visits.", "999"):
        assert expected in text.replace("\u00a0", " ").replace("\u2060", "")


@pytest.mark.parametrize(
    ("path", "is_file"), [("manifest.json", False), ("hill/de/knee.html", False), ("hill/de", True), ("hill", True)]
)
def test_what_is_in_the_way_is_told_before_anything_is_moved(project: Project, path: str, is_file: bool) -> None:
    target = project.path(f"output/{path}")
    target.parent.mkdir(parents=True)
    if is_file:
        target.write_text("in the way")
    else:
        target.mkdir()
    run = project.build("-f", "web")
    assert run.exit_code == 2, run.output
    assert "is where a" in run.stderr
    assert list(project.files().values()) == ([b"in the way"] if is_file else [])


def test_an_empty_output_folder_stays(project: Project) -> None:
    project.path("output").mkdir()
    project.write("templates/clinics/hill/logo.svg", "hello")
    assert project.build().exit_code == 2
    assert project.path("output").is_dir()


@pytest.mark.parametrize("name", ["Hill Clinic", "polyleaf", "a..b", "x'<b>"])
def test_a_name_that_could_leave_the_output_is_refused(project: Project, name: str) -> None:
    project.write(f"templates/clinics/{name}.toml", CLINIC)
    run = project.build()
    assert run.exit_code == 2
    assert "cannot be a name" in run.stderr


def test_litter_of_editors_is_passed_over(project: Project) -> None:
    project.write("templates/leaflets/._knee.md", b"\x00\x01")
    project.path("templates/leaflets/.#knee.md").symlink_to("nowhere")
    project.write("templates/clinics/...toml", CLINIC)  # would be called ".." and leave the output
    assert project.build("-f", "web").exit_code == 0
    assert sorted(project.files()) == ["hill/de/knee.html", "hill/en/knee.html", "manifest.json"]


def test_copies_for_clinics_of_one_shape_look_the_same(project: Project) -> None:
    project.write("templates/clinics/dale.toml", CLINIC.replace("Hill Clinic", "The Dale Clinic for Knees and Elbows"))
    assert project.build("-l", "en", "-f", "a4").exit_code == 0
    looks = {(entry["pages"], entry["type_size_pt"]) for entry in manifest(project).values()}
    assert looks == {(2, 12)}


def test_what_an_edition_depends_on_is_the_same_whoever_chose_its_sheet(project: Project, tmp_path: Path) -> None:
    project.write("templates/clinics/dale.toml", CLINIC.replace("Hill", "Dale"))

    def fingerprints(*args: str) -> dict[str, object]:
        assert project.run("build", "--force", "-f", "a4", "-o", str(tmp_path / "out"), *args).exit_code == 0
        told = json.loads((tmp_path / "out/manifest.json").read_text())["editions"]
        return {entry["path"]: entry["fingerprint"] for entry in told if entry["outcome"] == "built"}

    together = fingerprints("--executor", "inline")
    assert len(together) == 4
    assert fingerprints("-j", "2") == together
    for clinic in ("hill", "dale"):
        shutil.rmtree(tmp_path / "out")
        alone = fingerprints("--executor", "inline", "-c", clinic)
        assert alone == {path: known for path, known in together.items() if path.startswith(clinic)}


def test_the_sheet_of_a_leaflet_is_chosen_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("dale", "moor", "fell"):
        project.write(f"templates/clinics/{name}.toml", CLINIC.replace("Hill", name.title()))
    layouts = []
    sound = typeset.set_pages
    monkeypatch.setattr(typeset, "set_pages", lambda *args: (layouts.append(args), sound(*args))[1])
    assert project.build("-l", "en", "-f", "a4", "-c", "hill").exit_code == 0
    alone = len(layouts)
    layouts.clear()
    assert project.build("-l", "en", "-f", "a4", "--force").exit_code == 0
    assert len(layouts) == alone


def test_an_imprint_that_takes_much_more_room_is_fitted_by_itself(project: Project) -> None:
    filler = "\n".join(f"- Sentence {number} says how the knee heals when you rest it." for number in range(34))
    project.edit("templates/leaflets/knee.md", "- Come back: {visits}.", f"- Come back: {{visits}}.\n{filler}")
    long = CLINIC.replace("London", "London, " + "beside the old railway station, behind the market hall, " * 12)
    project.write("templates/clinics/dale.toml", long)
    assert project.build("-l", "en", "-f", "a4").exit_code == 0
    for entry in manifest(project).values():
        assert entry["pages"] in (2, 4)
    last = pdf_pages(project.path("output/dale/en/knee.a4.pdf"))[-1]
    assert "behind the market hall" in " ".join(last.split())
