"""Who may say that a patient may have a leaflet, what it rests on, and what becomes of what nobody approved."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import re
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polib
import pytest
from conftest import REPOSITORY, Project, pdf_pages, pdf_text

from polyleaf.project import load_project
from polyleaf.signoff.sign import is_same_person
from polyleaf.signoff.standing import standing

LATER = (date.today() + timedelta(days=30)).isoformat()
CATALOG = "locales/de/LC_MESSAGES/knee.po"
LEAFLET = "templates/leaflets/knee.md"
THEME_CATALOG = "locales/de/LC_MESSAGES/polyleaf.po"
APPROVALS = "locales/de/approvals.toml"


KNEE = {
    "Resting your knee": "Schonen Sie Ihr Knie",
    "Rest. Length of rest: {rest}. [@nice]": "Schonen Sie sich. Dauer der Schonung: {rest}. [@nice]",
    "Your knee needs **rest** after treatment.": "Ihr Knie braucht nach der Behandlung **Ruhe**.",
    "Come back: {visits}.": "Kommen Sie wieder: {visits}.",
    "You find it hard to breathe.": "Sie bekommen schlecht Luft.",
    "{count} visit": ("{count} Besuch", "{count} Besuche"),
}


@pytest.fixture
def german(project: Project) -> Project:
    """The small project in real German, in which the checks find no errors."""
    catalog = polib.pofile(str(project.path(CATALOG)))
    for entry in catalog:
        said = KNEE[entry.msgid]
        if isinstance(said, tuple):
            entry.msgstr_plural = dict(enumerate(said))
        else:
            entry.msgstr = said
    catalog.save()
    project.write(THEME_CATALOG, (REPOSITORY / THEME_CATALOG).read_bytes())
    return project


def approve(project: Project, locale: str, *more: str, by: str = "Dr Ada Berg") -> Any:
    return project.run("approve", "knee", "-l", locale, "--by", by, "--role", "Surgeon", "--yes", *more)


@pytest.fixture
def approved(german: Project) -> Project:
    """The leaflet, and its German translation, both approved."""
    for locale in ("en", "de"):
        ran = approve(german, locale)
        assert ran.exit_code == 0, ran.stdout + ran.stderr
    return german


def states(project: Project) -> dict[str, str]:
    ran = project.run("approve", "--status", "--output-format", "json")
    assert ran.exit_code == 0, ran.stderr
    return {known["locale"]: known["state"] for known in json.loads(ran.stdout)["approvals"]}


# What is recorded ----------------------------------------------------------------------------------------------------


def test_an_approval_says_who_as_what_when_and_of_which_text(approved: Project) -> None:
    text = approved.path(APPROVALS).read_text(encoding="utf-8")
    record = approved.path("locales/de/approved/knee.json").read_bytes()
    assert '[knee]\nversion = "1.0"\nby = "Dr Ada Berg"\nrole = "Surgeon"\n' in text
    assert f"on = {date.today().isoformat()}\n" in text
    assert f'read = "{hashlib.sha256(record).hexdigest()}"' in text


def test_what_was_read_is_kept_a_line_a_text(approved: Project) -> None:
    lines = approved.path("locales/de/approved/knee.json").read_text(encoding="utf-8").splitlines()
    [rest] = [line for line in lines if "Rest. Length of rest" in line]
    assert json.loads(rest.rstrip(","))["translation"] == [
        ["other", "Schonen Sie sich. Dauer der Schonung: {rest}. [@nice]"]
    ]
    [value] = [line for line in lines if '"name": "rest"' in line]
    assert json.loads(value.rstrip(",")) == {
        "name": "rest",
        "written": "duration 2 to 3 day, clinics 1 to 7",
        "source": "2–3\u00a0days",
        "shown": "2–3\u00a0Tage",
        "least": "1\u00a0Tag",
        "most": "7\u00a0Tage",
    }


def test_the_sheet_is_shown_before_it_is_approved(german: Project) -> None:
    shown = approve(german, "de").stdout
    assert "Rest. Length of rest: 2–3\u00a0days." in shown
    assert "Schonen Sie sich. Dauer der Schonung: 2–3\u00a0Tage." in shown
    assert "{rest}: 2–3\u00a0days = 2–3\u00a0Tage   clinics: 1\u00a0Tag to 7\u00a0Tage" in shown


def reviewed(project: Project, locale: str) -> str:
    """The text of the sheet that a clinician reads, as it is printed."""
    ran = project.run("review", "knee", "-l", locale)
    assert ran.exit_code == 0, ran.stderr
    html, pdf = (Path(line) for line in ran.stdout.splitlines())
    assert html.is_file()
    return " ".join(pdf_text(pdf).replace("\u2060", "").split())


def test_a_review_sheet_has_source_and_translation_with_their_values(german: Project) -> None:
    text = reviewed(german, "de")
    assert "Rest. Length of rest: 2–3 days" in text
    assert "Schonen Sie sich. Dauer der Schonung: 2–3 Tage" in text
    assert "Signature" in text


def test_a_review_sheet_shows_the_scripts_of_both_languages(german: Project) -> None:
    german.edit(LEAFLET, "Your knee needs", "আপনার হাঁটু")
    german.write("polyleaf.toml", 'source_locale = "bn"\nlocales = ["de"]\n')
    assert "U+" not in reviewed(german, "de")


def test_approving_again_shows_what_changed_since(approved: Project) -> None:
    approved.edit(CATALOG, "Ihr Knie braucht", "Das Knie braucht")
    approved.edit(LEAFLET, "duration: [2, 3]", "duration: [2, 4]")
    shown = approve(approved, "de").stdout
    since = shown[shown.index("last approved by Dr Ada Berg (Surgeon)") :]
    assert (
        "- Your knee needs **rest** after treatment. = \u2068Ihr Knie braucht nach der Behandlung **Ruhe**.\u2069"
        in since
    )
    assert (
        "+ Your knee needs **rest** after treatment. = \u2068Das Knie braucht nach der Behandlung **Ruhe**.\u2069"
        in since
    )
    assert "+ rest: 2–4\u00a0days" in since
    assert "Kommen Sie" not in since


# What makes it stale -------------------------------------------------------------------------------------------------

CHANGES = {
    "a word of the translation": (CATALOG, "Ihr Knie braucht", "Das Knie braucht"),
    "a text of the theme": (THEME_CATALOG, "Das Wichtigste", "Die Hauptsache"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_a_translation_makes_its_own_approval_stale(
    approved: Project, change: tuple[str, str, str]
) -> None:
    assert states(approved) == {"en": "approved", "de": "approved"}
    approved.edit(*change)
    assert states(approved) == {"en": "approved", "de": "stale"}


SOURCE_CHANGES = {
    "a word of the source": ("needs **rest** after treatment", "needs **rest** after treatment here"),
    "a value": ("duration: [2, 3]", "duration: [1, 3]"),
    "the bounds for clinics": ("max: 7", "max: 9"),
    "the version": ('version: "1.0"', 'version: "1.1"'),
    "a date": ("review_by: 2028-11-24", "review_by: 2028-11-25"),
    "the title of a source": ("title: A guideline", "title: Another guideline"),
    "a list that becomes a paragraph": ("- Come back", "Come back"),
}


@pytest.mark.parametrize("change", SOURCE_CHANGES.values(), ids=SOURCE_CHANGES)
def test_a_change_of_the_source_makes_both_approvals_stale(approved: Project, change: tuple[str, str]) -> None:
    approved.edit(LEAFLET, *change)
    assert states(approved) == {"en": "stale", "de": "stale"}


def test_a_term_of_the_glossary_counts_where_the_leaflet_has_it(approved: Project) -> None:
    glossary = "locales/de/glossary.csv"
    approved.write(glossary, "term,translation\nvein,Vene\n")
    assert states(approved)["de"] == "approved"
    approved.write(glossary, "term,translation\nvein,Vene\nknee,Knie\n")
    assert states(approved)["de"] == "stale"
    assert approve(approved, "de").exit_code == 0
    approved.write(glossary, "term,translation,note\nvein,Vene,\nknee,Knie,the joint\n")
    assert states(approved)["de"] == "approved"
    approved.write(glossary, "term,translation,note\nknee,Gelenk,the joint\n")
    assert states(approved)["de"] == "stale"


INVISIBLE = {
    "a comment in the catalog": (CATALOG, 'msgid "Resting your knee"', '# looks good\nmsgid "Resting your knee"'),
    "a place in the catalog": (CATALOG, 'msgid "Resting your knee"', '#: knee.md:3\nmsgid "Resting your knee"'),
    "a remark for translators": (LEAFLET, "Your knee needs", "<!-- translators: the joint -->\nYour knee needs"),
    "a translation of a heading that the leaflet has not": (
        THEME_CATALOG,
        "Welche Risiken gibt es?",
        "Was kann geschehen?",
    ),
    "the way that a file of the project is written": (LEAFLET, "kind: aftercare", "kind:   aftercare"),
}


@pytest.mark.parametrize("change", INVISIBLE.values(), ids=INVISIBLE)
def test_a_change_that_no_reader_sees_leaves_approvals_as_they_are(
    approved: Project, change: tuple[str, str, str]
) -> None:
    approved.edit(*change)
    assert states(approved) == {"en": "approved", "de": "approved"}


def test_a_text_that_changed_needs_another_version_before_it_is_approved(approved: Project) -> None:
    approved.edit(LEAFLET, "needs **rest** after treatment", "needs **rest** after treatment here")
    [found] = [finding for finding in approved.check("-l", "en") if finding["code"] == "L113"]
    assert (found["severity"], found["line"]) == ("error", approved.line(LEAFLET, "version:"))
    assert found["hint"] == "raise `version`; changed: about"
    assert approve(approved, "en").exit_code == 1
    approved.edit(LEAFLET, 'version: "1.0"', 'version: "1.1"')
    assert approve(approved, "en").exit_code == 0


@pytest.mark.parametrize(
    "change",
    [("review_by: 2028-11-24", "review_by: 2028-11-25"), ("Your knee", "<!-- translators: the joint -->\nYour knee")],
    ids=["a date", "a remark for translators"],
)
def test_the_same_text_may_keep_its_version(approved: Project, change: tuple[str, str]) -> None:
    approved.edit(LEAFLET, *change)
    assert "L113" not in {finding["code"] for finding in approved.check("-l", "en")}


def test_what_a_clinic_sets_within_the_bounds_needs_no_approval(approved: Project) -> None:
    approved.edit(
        "templates/clinics/hill.toml", "[phones]", '[values.knee]\nrest = {duration = 5, unit = "day"}\n[phones]'
    )
    assert states(approved) == {"en": "approved", "de": "approved"}
    assert approved.build("--release", "-f", "web").exit_code == 0
    assert "5\u00a0Tage" in approved.output("hill/de/knee.html")


def test_another_leaflet_is_another_matter(approved: Project) -> None:
    text = approved.path(LEAFLET).read_text(encoding="utf-8")
    approved.write("templates/leaflets/elbow.md", text.replace("knee", "elbow"))
    assert states(approved)["en"] in ("approved", "none")
    ran = approved.run("approve", "--status", "--output-format", "json", "knee")
    assert {known["state"] for known in json.loads(ran.stdout)["approvals"]} == {"approved"}


# Who may -------------------------------------------------------------------------------------------------------------


def test_a_translation_waits_for_its_source(german: Project) -> None:
    told = approve(german, "de")
    assert told.exit_code == 0
    assert "it counts once knee itself is approved" in told.stderr
    assert states(german) == {"en": "none", "de": "waiting"}
    assert approve(german, "en").exit_code == 0
    assert states(german) == {"en": "approved", "de": "approved"}


def named(project: Project, translator: str) -> None:
    project.edit(CATALOG, '"Language: de\\n"', f'"Language: de\\n"\n"Last-Translator: {translator}\\n"')


@pytest.mark.parametrize("by", ["Ada Berg", "Dr. Ada Berg", "ADA BERG", "A. Berg", "Berg", "ada@hill.example"])
def test_nobody_approves_what_they_have_translated(german: Project, by: str) -> None:
    named(german, "Ada Berg <ada@hill.example>")
    ran = approve(german, "de", by=by)
    assert ran.exit_code == 2
    assert "names Ada Berg <ada@hill.example> as its translator" in ran.stderr
    assert not german.path(APPROVALS).exists()


def test_another_person_approves_a_translation(german: Project) -> None:
    named(german, "Ada Berg <ada@hill.example>")
    assert approve(german, "de", by="Dr Carl Berg").exit_code == 0


@pytest.mark.parametrize("nobody", ["FULL NAME <EMAIL@ADDRESS>", "Automatically generated", ""])
def test_a_header_that_names_nobody_keeps_nobody_from_approving(german: Project, nobody: str) -> None:
    named(german, nobody)
    assert approve(german, "de", by="Full Moon").exit_code == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("Zoë Noël", "Zoe Noel"), ("Prof. Dr. Ümit Öz", "ümit öz <u@x.example>"), ("أمل حداد", "د. أمل حداد")],
)
def test_one_person_is_known_however_the_name_is_written(one: str, other: str) -> None:
    assert is_same_person(one, other)


@pytest.mark.parametrize(("one", "other"), [("Ada Berg", "Ida Berg"), ("Ada Berg", "Ada Borg"), ("", "Ada Berg")])
def test_two_persons_are_told_apart(one: str, other: str) -> None:
    assert not is_same_person(one, other)


def test_a_translation_with_errors_is_refused_with_its_findings(german: Project) -> None:
    german.edit(CATALOG, "Dauer der Schonung: {rest}", "Dauer der Schonung: {rset}")
    ran = approve(german, "de")
    assert ran.exit_code == 1
    line = german.line(CATALOG, "Length of rest")
    assert f"{CATALOG}:{line}: placeholder" in ran.stderr
    assert "{rset}" in ran.stderr
    assert "not approved: the checks find" in ran.stderr
    assert not german.path(APPROVALS).exists()


def test_a_leaflet_that_promises_is_refused(german: Project) -> None:
    german.edit(LEAFLET, "Your knee needs", "This treatment is painless. Your knee needs")
    ran = approve(german, "en")
    assert ran.exit_code == 1
    assert "painless" in ran.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["knee", "-l", "de", "--by", " ", "--role", "Surgeon", "--yes"], "--by is empty"),
        (["knee", "-l", "de", "--by", "A\u202eB", "--role", "Surgeon", "--yes"], "does not belong in --by"),
        (
            ["knee", "-l", "de", "--by", "Ada", "--role", "Surgeon", "--expires", "2020-01-01", "--yes"],
            "is past already",
        ),
        (["knee", "-l", "de", "--by", "Ada", "--role", "Surgeon", "--expires", "soon", "--yes"], "does not match"),
        (["nee", "-l", "de", "--by", "Ada", "--role", "Surgeon", "--yes"], "did you mean 'knee'?"),
        (["knee", "-l", "df", "--by", "Ada", "--role", "Surgeon", "--yes"], "unknown locale 'df'"),
        (["knee", "-l", "en_XA", "--by", "Ada", "--role", "Surgeon", "--yes"], "unknown locale 'en_XA'"),
        (["knee", "--by", "Ada", "--role", "Surgeon", "--yes"], "name one LEAFLET, one -l LOCALE"),
        (["knee", "-l", "de", "--by", "Ada", "--role", "Surgeon"], "approving asks first"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(german: Project, args: list[str], told: str) -> None:
    ran = german.run("approve", *args)
    assert ran.exit_code == 2
    assert told in ran.stderr
    assert not german.path(APPROVALS).exists()


# The file ------------------------------------------------------------------------------------------------------------

BY_HAND = {
    "the name": ('by = "Dr Ada Berg"', 'by = "Dr Someone Else"'),
    "the role": ('role = "Surgeon"', 'role = "Professor"'),
    "the day": (f"on = {date.today().isoformat()}", "on = 2026-01-01"),
    "an end that is taken away": (f"expires = {LATER}\n", ""),
    "the version": ('version = "1.0"', 'version = "1.1"'),
}


@pytest.mark.parametrize("change", BY_HAND.values(), ids=BY_HAND)
def test_what_is_changed_by_hand_is_found_out(german: Project, change: tuple[str, str]) -> None:
    assert approve(german, "de", "--expires", LATER).exit_code == 0
    german.edit(APPROVALS, *change)
    ran = german.build()
    assert ran.exit_code == 2
    seal = german.line(APPROVALS, "seal =")
    assert f"{APPROVALS}:{seal}: the approval of knee was changed by hand" in ran.stderr
    assert "approve again" in ran.stderr


def test_a_hash_that_is_changed_by_hand_is_found_out(approved: Project) -> None:
    approved.edit(CATALOG, "Ihr Knie braucht", "Das Knie braucht")
    text = approved.path(APPROVALS).read_text(encoding="utf-8")
    approved.write(APPROVALS, re.sub(r'read = "\w+"', f'read = "{"0" * 64}"', text))
    ran = approved.run("approve", "--status")
    assert ran.exit_code == 2
    assert "the approval of knee was changed by hand" in ran.stderr


def test_a_record_that_is_changed_by_hand_is_found_out(approved: Project) -> None:
    approved.edit("locales/de/approved/knee.json", "Ihr Knie braucht", "Das Knie braucht")
    ran = approved.run("approve", "--status")
    assert ran.exit_code == 2
    line = approved.line(APPROVALS, "read =")
    assert f"{APPROVALS}:{line}: what is in approved/knee.json is not what Dr Ada Berg approved" in ran.stderr


def test_an_approval_is_no_good_in_another_language(approved: Project) -> None:
    approved.write("locales/en/approvals.toml", approved.path(APPROVALS).read_bytes())
    assert "was changed by hand" in approved.run("approve", "--status").stderr


def test_a_lost_record_is_told(approved: Project) -> None:
    approved.path("locales/de/approved/knee.json").unlink()
    ran = approved.run("approve", "--status")
    assert ran.exit_code == 2
    assert "approved/knee.json: what was approved cannot be read" in ran.stderr


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("[knee\n", 1, "broken TOML"),
        ("\n[elbow]\nby = 1\n", 2, "an approval of an unknown leaflet 'elbow'"),
        ("knee = 3\n", 1, "expected fields"),
        ('[knee]\nversion = "1.0"\n', 1, "the field 'by' is missing"),
    ],
)
def test_a_broken_file_is_told_with_its_line(german: Project, text: str, line: int, told: str) -> None:
    german.write(APPROVALS, text)
    ran = german.run("approve", "--status")
    assert ran.exit_code == 2
    assert re.search(rf"{re.escape(APPROVALS)}:{line}: .*{re.escape(told)}", ran.stderr), ran.stderr


def test_a_leaflet_that_is_there_twice_is_told_with_its_line(approved: Project) -> None:
    text = approved.path(APPROVALS).read_text(encoding="utf-8")
    table = text[text.index("[knee]") :]
    approved.write(APPROVALS, f"{text}\n{table}")
    ran = approved.run("approve", "--status")
    assert ran.exit_code == 2
    assert f"{APPROVALS}:{text.count(chr(10)) + 2}: " in ran.stderr


def test_line_ends_of_another_system_do_not_matter(approved: Project) -> None:
    for name in (APPROVALS, "locales/de/approved/knee.json", LEAFLET, CATALOG):
        approved.write(name, approved.path(name).read_bytes().replace(b"\n", b"\r\n"))
    assert states(approved) == {"en": "approved", "de": "approved"}


def _approve(root: str, number: int) -> None:
    ran = Project(Path(root)).run(
        "approve", f"knee{number}", "-l", "en", "--by", f"Person {'ABCDEF'[number]}", "--role", "Surgeon", "--yes"
    )
    assert ran.exit_code == 0, ran.stderr


def test_people_who_approve_at_the_same_time_lose_nothing(german: Project) -> None:
    text = german.path(LEAFLET).read_text(encoding="utf-8")
    for number in range(6):
        german.write(f"templates/leaflets/knee{number}.md", text)
    spawned = multiprocessing.get_context("spawn")
    people = [spawned.Process(target=_approve, args=(str(german.root), number)) for number in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert [person.exitcode for person in people] == [0] * 6
    approvals = load_project(german.path("polyleaf.toml")).approvals
    assert {(known.leaflet, known.by) for known in approvals.values()} == {
        (f"knee{number}", f"Person {'ABCDEF'[number]}") for number in range(6)
    }


def test_a_new_project_begins_without_approvals_of_others(german: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert approve(german, "en").exit_code == 0
    monkeypatch.setattr("polyleaf.scaffold.starter", lambda: german.root)
    fresh = german.root.parent / "fresh"
    assert german.run("init", str(fresh)).exit_code == 0
    assert (fresh / CATALOG).is_file()
    assert not list(fresh.rglob("approv*"))
    assert "/locales/.approvals.lock" in (fresh / ".gitignore").read_text(encoding="utf-8").split()


# Release and mark ----------------------------------------------------------------------------------------------------


def test_a_release_is_what_is_approved_and_carries_no_mark(approved: Project) -> None:
    ran = approved.build("--release")
    assert ran.exit_code == 0, ran.stderr
    assert 'role="note"' not in approved.output("hill/de/knee.html")
    assert 'Freigegeben von: <span dir="ltr">Dr Ada Berg</span>' in approved.output("hill/de/knee.html")
    assert not any("Draft" in page for page in pdf_pages(approved.path("output/hill/en/knee.a4.pdf")))
    manifest = json.loads(approved.output("manifest.json"))["editions"]
    assert [edition["approved"] for edition in manifest] == [True] * 4


def test_a_release_leaves_out_what_is_not_approved_and_says_why(german: Project) -> None:
    assert approve(german, "en").exit_code == 0
    ran = german.build("--release", "-f", "web")
    assert ran.exit_code == 1
    assert "not released: knee in de: nobody has approved it" in ran.stderr
    assert set(german.files()) == {"hill/en/knee.html", "manifest.json"}


def test_an_approval_can_be_for_its_own_day_alone(german: Project) -> None:
    assert approve(german, "en", "--expires", date.today().isoformat()).exit_code == 0
    assert states(german)["en"] == "approved"


def test_an_approval_ends_with_its_last_day(german: Project) -> None:
    assert approve(german, "en", "--expires", LATER).exit_code == 0
    config = german.path("polyleaf.toml")
    last = date.fromisoformat(LATER)
    assert standing(load_project(config, today=last), "knee", "en").holds
    after = standing(load_project(config, today=last + timedelta(days=1)), "knee", "en")
    assert after.state == "expired"


def test_a_review_that_is_overdue_ends_an_approval(approved: Project) -> None:
    late = load_project(approved.path("polyleaf.toml"), today=date(2028, 11, 25))
    assert standing(late, "knee", "en").state == "errors"
    assert standing(late, "knee", "de").state == "waiting"


def test_a_change_brings_the_mark_back(approved: Project) -> None:
    assert approved.build("-f", "web", "-l", "de").exit_code == 0
    assert 'role="note"' not in approved.output("hill/de/knee.html")
    approved.edit(CATALOG, "Ihr Knie braucht", "Das Knie braucht")
    assert approved.build("-f", "web", "-l", "de").exit_code == 0
    assert "Übersetzungsentwurf, noch nicht ärztlich freigegeben" in approved.output("hill/de/knee.html")


HIDING = """
* { visibility: hidden !important; opacity: 0 !important; color: white !important; font-size: 30pt !important; }
@page { margin: 0; @bottom-left { content: none } }
body::after { content: ""; position: fixed; z-index: 2147483647; inset: 0; background: white; }
"""


def test_no_theme_hides_the_mark_on_paper(german: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polyleaf.build.render.preflight_findings", lambda *_: ())  # it misses what is hidden
    german.own_theme()
    css = german.path("templates/themes/default/a4.css")
    css.write_text(css.read_text(encoding="utf-8") + HIDING, encoding="utf-8")
    ran = german.build("-l", "en", "-f", "a4")
    assert ran.exit_code == 0, ran.stderr
    pdf = german.path("output/hill/en/knee.a4.pdf")
    pages = pdf_pages(pdf)
    assert pages
    assert all("Draft, not yet approved by a clinician" in page for page in pages)
    assert all(share > 0.5 for share in amber_at_the_foot(pdf, tmp_path))


def amber_at_the_foot(pdf: Path, folder: Path) -> list[float]:
    """How much of the last centimetre of each page has the mark's ground."""
    from PIL import Image

    subprocess.run(["pdftoppm", "-r", "40", "-png", str(pdf), str(folder / "page")], check=True)
    shares = []
    for path in sorted(folder.glob("page*.png")):
        image = Image.open(path).convert("RGB")
        foot = image.crop((0, image.height - 13, image.width, image.height))
        data = foot.tobytes()
        pixels = list(zip(data[::3], data[1::3], data[2::3], strict=True))
        shares.append(sum(red > 240 and green > 220 and blue < 210 for red, green, blue in pixels) / len(pixels))
    return shares


def test_a_theme_that_forgets_the_mark_gets_it_all_the_same(german: Project) -> None:
    german.own_theme()
    german.write(
        "templates/themes/default/web.html", "<!doctype html><HTML><head></head><!-- <body> --><BODY class=x>Hi</BODY>"
    )
    assert german.build("-l", "de", "-f", "web").exit_code == 0
    page = german.output("hill/de/knee.html")
    assert page.index("<BODY class=x>") < page.index("Übersetzungsentwurf") < page.index("Hi")


@pytest.mark.parametrize("end", ["</body></html>", "</BODY >\n</html>\n", "", "</body></html><!-- </body> -->"])
def test_the_mark_comes_after_all_that_a_page_shows(german: Project, end: str) -> None:
    german.own_theme()
    page = f"</noscript><html><head></head><body>İstanbul{end}"  # a letter that is two in small letters
    german.write("templates/themes/default/web.html", page)
    assert german.build("-l", "de", "-f", "web").exit_code == 0
    before, _, after = german.output("hill/de/knee.html").partition("İstanbul")
    assert "Übersetzungsentwurf" in before
    assert re.fullmatch(
        r'(</body></html><!-- </body> -->)?<div class="not-for-patients" .*</div>(</.*)?', after, re.DOTALL
    )


def test_a_theme_without_a_place_for_the_mark_is_told_so(german: Project) -> None:
    german.own_theme()
    german.write("templates/themes/default/web.html", "<!doctype html><p>Hi")
    ran = german.build("-l", "de", "-f", "web")
    assert ran.exit_code == 2
    assert "web.html:1: the page has no <head> and <body> tags" in ran.stderr


def test_no_proof_calls_approved_what_is_not_any_more(approved: Project) -> None:
    approved.build("-l", "de", "-f", "a4")
    assert approved.run("proof", "-l", "de", "-f", "a4").exit_code == 0
    approved.path(APPROVALS).unlink()
    ran = approved.run("proof", "-l", "de", "-f", "a4")
    assert ran.exit_code == 2
    assert "built as approved, and the approval does not hold any more (1): hill/de/knee.a4.pdf" in ran.stderr
    assert "hint: build them again: `polyleaf build -l de -f a4`" in ran.stderr
    approved.build("-l", "de", "-f", "a4")
    assert approved.run("proof", "-l", "de", "-f", "a4").exit_code == 0
