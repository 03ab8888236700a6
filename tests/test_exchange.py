"""Translations that go out to people and tools without PO files, and come back: all of a file, or nothing of it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from babel import Locale
from conftest import LOCALES, REPOSITORY, Project
from test_catalog_update import HABITS, KNEE, LEAFLET_FILE, SENTENCE, changed_lines

from polyleaf.catalog.document import PoEntry, read_document
from polyleaf.catalog.exchange import Origin, parcel
from polyleaf.catalog.upkeep import begun
from polyleaf.files import write_together
from polyleaf.model import Message

FORMS = ("xliff-2.1", "xliff-1.2", "xlsx", "csv")
REST = "Rest. Length of rest: {rest}. [@nice]"
OLD = "YOUR KNEE NEEDS **REST** AFTER TREATMENT."
NEW = "Nach der Behandlung braucht Ihr Knie **Ruhe**."
XLIFF1 = "urn:oasis:names:tc:xliff:document:1.2"
XLIFF2 = "urn:oasis:names:tc:xliff:document:2.0"

Cells = list[list[str]]


def export(project: Project, form: str, *leaflets: str, locale: str = "de") -> Path:
    """Export into a file beside the project."""
    kind, _, version = form.partition("-")
    path = project.root.parent / f"sent.{form}"
    options = ["--xliff-version", version] if version else []
    ran = project.run("catalog", "export", "--to", kind, *options, "-l", locale, "-o", str(path), *leaflets)
    assert ran.exit_code == 0, ran.stderr
    return path


def take(project: Project, path: Path, *told: str) -> None:
    """Import a file, and be told so."""
    ran = project.run("catalog", "import", str(path))
    assert ran.exit_code == 0, ran.stderr
    for text in told:
        assert text in ran.stderr


def refused(project: Project, path: Path, *told: str) -> str:
    """Import a file that is wrong: each text is said, and no catalog is written."""
    before = catalogs(project)
    ran = project.run("catalog", "import", str(path))
    assert ran.exit_code == 2, ran.output
    for text in told:
        assert text in ran.stderr, ran.stderr
    assert catalogs(project) == before
    return ran.stderr


def catalogs(project: Project) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.path("locales").rglob("*") if path.is_file()}


def cells_of(path: Path) -> Cells:
    return list(csv.reader(StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def write_cells(path: Path, cells: Cells, encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(cells)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def row_of(cells: Cells, source: str = SENTENCE, form: str = "") -> int:
    """The index of the row of a text, which is one less than its number in a spreadsheet."""
    at, forms = cells[0].index("source"), cells[0].index("plural form")
    return next(number for number, row in enumerate(cells) if row[at] == source and row[forms] == form)


def edited(project: Project, column: str, text: str, source: str = SENTENCE, form: str = "") -> tuple[Path, int]:
    """An exported CSV file with one cell changed, and the number of its row."""
    path = export(project, "csv")
    cells = cells_of(path)
    row = row_of(cells, source, form)
    cells[row][cells[0].index(column)] = text
    return write_cells(path, cells), row + 1


def replaced(path: Path, old: str, new: str, at: int = 0) -> Path:
    """The same file with a text replaced, in whatever format it is. `at` says which occurrence."""
    if path.suffix == ".xlsx":
        workbook = openpyxl.load_workbook(path)
        cells = [cell for row in workbook["Translations"].iter_rows() for cell in row if cell.value == old]
        cells[at].value = new
        workbook.save(path)
    else:
        parts = path.read_bytes().decode().split(old)
        assert len(parts) > at + 1, f"{old!r} is not in {path.name}"
        path.write_bytes((old.join(parts[: at + 1]) + new + old.join(parts[at + 1 :])).encode())
    return path


def entry(project: Project, source: str = SENTENCE, catalog: str = KNEE) -> PoEntry:
    return next(one for one in read_document(project.path(catalog)).entries if one.msgid == source)


# There and back ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("habit", sorted(HABITS))
def test_what_comes_back_as_it_went_out_changes_nothing(project: Project, form: str, habit: str) -> None:
    project.write(KNEE, HABITS[habit])
    before = catalogs(project)
    take(project, export(project, form), "nothing to change")
    assert catalogs(project) == before


@pytest.mark.parametrize("locale", LOCALES)
def test_the_repositorys_own_catalogs_come_back_unchanged(tmp_path: Path, locale: str) -> None:
    for name in ("templates", f"locales/{locale}"):
        shutil.copytree(REPOSITORY / name, tmp_path / "project" / name)
    project = Project(tmp_path / "project")
    project.write("polyleaf.toml", f'locales = ["{locale}"]\n')
    before = catalogs(project)
    for form in FORMS:
        take(project, export(project, form, locale=locale), "nothing to change")
    assert catalogs(project) == before


@pytest.mark.parametrize("form", FORMS)
def test_an_edit_comes_through_and_changes_its_line_alone(project: Project, form: str) -> None:
    project.run("catalog", "update")
    before = project.path(KNEE).read_bytes()
    take(project, replaced(export(project, form), OLD, NEW), f"{KNEE}: 1 translated\n")
    lines = changed_lines(before, project.path(KNEE).read_bytes())
    assert lines == [f'- msgstr "{OLD}"', f'+ msgstr "{NEW}"']
    subprocess.run(["msgfmt", "--check", "-o", "/dev/null", project.path(KNEE)], check=True)
    assert project.build("-l", "de", "-f", "web").exit_code == 0


@pytest.mark.parametrize("form", FORMS)
def test_a_new_language_gets_its_catalogs(project: Project, form: str) -> None:
    project.write("polyleaf.toml", 'locales = ["de", "ar"]\n')
    path = export(project, form, "knee", locale="ar")
    text = "تحتاج ركبتك إلى **الراحة** بعد العلاج."
    if form.startswith("xliff"):
        source = f"<source>{SENTENCE}</source>"
        replaced(path, source, f"{source}\n    <target>{text}</target>")
    elif form == "csv":
        cells = cells_of(path)
        cells[row_of(cells)][cells[0].index("target")] = text
        write_cells(path, cells)
    else:
        workbook = openpyxl.load_workbook(path)
        sheet = workbook["Translations"]
        row = next(row for row in sheet.iter_rows() if row[2].value == SENTENCE)
        row[5].value = text
        workbook.save(path)
    take(project, path, "locales/ar/LC_MESSAGES/knee.po (begun): 1 translated")
    document = read_document(project.path("locales/ar/LC_MESSAGES/knee.po"))
    assert "nplurals=6" in document.metadata["Plural-Forms"]
    assert [one.msgstr[0] for one in document.entries if one.msgid == SENTENCE] == [text]
    assert not any(one.translated for one in document.entries if one.msgid != SENTENCE)
    subprocess.run(["msgfmt", "--check", "-o", "/dev/null", document.path], check=True)


def test_without_leaflets_all_domains_are_in_the_file(project: Project) -> None:
    project.write("templates/leaflets/elbow.md", project.path(LEAFLET_FILE).read_bytes())
    cells = cells_of(export(project, "csv"))
    assert {row[0] for row in cells[1:]} == {"elbow", "knee"}
    assert {row[0] for row in cells_of(export(project, "csv", "elbow"))[1:]} == {"elbow"}


def test_text_formats_go_to_stdout_and_workbooks_do_not(project: Project) -> None:
    ran = project.run("catalog", "export", "--to", "csv", "-l", "de", "-o", "-")
    assert ran.stdout_bytes == export(project, "csv").read_bytes()
    assert "texts (" in ran.stderr
    assert project.run("catalog", "export", "--to", "xlsx", "-l", "de", "-o", "-").exit_code == 2


def test_a_character_that_no_file_can_carry_is_told(project: Project) -> None:
    project.edit(KNEE, OLD, "Ihr\\aKnie")
    for form in ("csv", "xlsx", "xliff"):
        ran = project.run("catalog", "export", "--to", form, "-l", "de", "-o", str(project.root.parent / "sent"))
        assert ran.exit_code == 2
        assert "knee.po:" in ran.stderr
        assert "U+0007" in ran.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["-l", "dee"], "did you mean 'de'?"),
        (["-l", "en"], "nothing to translate into en"),
        (["-l", "de", "kneee"], "did you mean 'knee'?"),
        (["-l", "de", "--xliff-version", "1.2"], "goes with --to xliff"),
    ],
)
def test_an_export_of_something_unknown_is_refused(project: Project, args: list[str], told: str) -> None:
    path = project.root.parent / "sent.csv"
    ran = project.run("catalog", "export", "--to", "csv", "-o", str(path), *args)
    assert ran.exit_code == 2
    assert told in ran.stderr
    assert not path.exists()


# What a translator is told -------------------------------------------------------------------------------------------


def test_each_text_tells_what_a_patient_reads_in_place_of_its_placeholders(project: Project) -> None:
    project.edit(KNEE, '"{count} VISIT"\nmsgstr[1] "{count} VISIT"', '"{count} Besuch"\nmsgstr[1] "{count} Besuche"')
    cells = cells_of(export(project, "csv"))
    values = cells[0].index("values")
    assert cells[row_of(cells, REST)][values] == "{rest} = 2–3\u00a0Tage"
    assert cells[row_of(cells, "Come back: {visits}.")][values] == "{visits} = 2 Besuche"
    assert cells[row_of(cells, "{count} visit", "other")][values] == "{count} = 2"
    assert 'equiv="{rest}" disp="2–3\u00a0Tage"' in export(project, "xliff-2.1").read_text(encoding="utf-8")
    assert 'equiv-text="2–3\u00a0Tage">{rest}</ph>' in export(project, "xliff-1.2").read_text(encoding="utf-8")


def test_remarks_of_writers_and_translators_go_with_a_text(project: Project) -> None:
    project.write(KNEE, HABITS["poedit"])
    cells = cells_of(export(project, "csv"))
    row = dict(zip(cells[0], cells[row_of(cells, REST)], strict=True))
    assert row["translator comments"] == "Anna: „Ruhe“ klingt nach Bettruhe.\nZweite Zeile."
    assert row["section"] == "key-points"
    for form in ("xliff-1.2", "xliff-2.1"):
        text = export(project, form).read_text(encoding="utf-8")
        assert "Bettruhe" in text
        assert "The title of the leaflet." in text


def test_a_glossary_is_asked_about_each_text() -> None:
    origin = Origin("knee", "en", [Message("about", "Your knee.")])
    document = begun(Path("knee.po"), Locale("de"))
    from polyleaf.catalog.update import update

    update(document, origin.messages, 2)
    [unit] = parcel(origin, document, Locale("de"), lambda source: [f"{source} is a joint"]).units
    assert unit.glossary == ("Your knee. is a joint",)


def test_every_form_of_a_plural_is_a_text_of_its_own(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["de", "ar"]\n')
    cells = cells_of(export(project, "csv", locale="ar"))
    forms = [row[cells[0].index("plural form")] for row in cells if row[3] == "{count} visits"]
    assert forms == ["zero", "one", "two", "few", "many", "other"]
    assert len({row[cells[0].index("id")] for row in cells[1:]}) == len(cells) - 1


# States --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fuzzy(project: Project) -> Project:
    """A sentence changed in its source, so that its translation is to be confirmed."""
    project.edit(LEAFLET_FILE, SENTENCE, SENTENCE.replace("after", "after the"))
    project.run("catalog", "update")
    assert "fuzzy" in project.path(KNEE).read_text()
    return project


THE = SENTENCE.replace("after", "after the")
CONFIRM = {
    "xliff-2.1": ('state="initial" subState="polyleaf:needs-review"', 'state="reviewed"'),
    "xliff-1.2": ('state="needs-review-translation"', 'state="final"'),
    "xlsx": ("needs-review", "translated"),
    "csv": ("needs-review", "translated"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_suggestion_that_comes_back_as_it_was_stays_one(fuzzy: Project, form: str) -> None:
    take(fuzzy, export(fuzzy, form), "nothing to change")


@pytest.mark.parametrize("form", FORMS)
def test_a_suggestion_that_somebody_confirmed_loses_its_flag_and_its_old_source(fuzzy: Project, form: str) -> None:
    take(fuzzy, replaced(export(fuzzy, form), *CONFIRM[form]), "1 translated")
    confirmed = entry(fuzzy, THE)
    assert (confirmed.fuzzy, confirmed.previous.msgid, confirmed.msgstr[0]) == (False, None, OLD)
    assert "#|" not in fuzzy.path(KNEE).read_text()


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_text_that_is_still_to_be_reviewed_is_fuzzy(fuzzy: Project, form: str) -> None:
    take(fuzzy, replaced(export(fuzzy, form), OLD, NEW), "1 to confirm")
    assert (entry(fuzzy, THE).fuzzy, entry(fuzzy, THE).msgstr[0]) == (True, NEW)
    assert entry(fuzzy, THE).previous.msgid == SENTENCE


@pytest.mark.parametrize("form", FORMS)
def test_a_reviewer_can_send_a_translation_back(project: Project, form: str) -> None:
    new, old = CONFIRM[form]
    old = {"xliff-2.1": 'state="translated"', "xliff-1.2": 'state="translated"'}.get(form, old)
    take(project, replaced(export(project, form), old, new), "1 to confirm")
    assert entry(project, "Resting your knee").fuzzy
    assert project.build("-l", "de", "-f", "web").exit_code == 1


def test_one_form_to_be_reviewed_makes_the_whole_message_fuzzy(project: Project) -> None:
    path, _ = edited(project, "state", "needs-review", "{count} visit", "other")
    take(project, path, "1 to confirm")
    assert entry(project, "{count} visit").fuzzy


def test_an_empty_target_says_nothing(project: Project) -> None:
    path, _ = edited(project, "target", "")
    take(project, path, "nothing to change")


def test_a_text_that_nobody_touched_does_not_undo_what_was_done_meanwhile(project: Project) -> None:
    path = replaced(export(project, "csv"), "YOU FIND IT HARD TO BREATHE.", "Sie bekommen schlecht Luft.")
    project.edit(KNEE, OLD, NEW)
    take(project, path, "1 translated")
    assert entry(project).msgstr[0] == NEW


@pytest.mark.parametrize("form", FORMS)
def test_a_text_that_was_changed_here_and_there_is_a_conflict(project: Project, form: str) -> None:
    path = replaced(export(project, form), OLD, NEW)
    project.edit(KNEE, OLD, "Ihr Knie braucht **Ruhe**.")
    refused(project, path, "the catalog was changed after the export: it says 'Ihr Knie braucht **Ruhe**.'")


def test_a_doubt_in_the_catalog_is_no_conflict_with_a_better_text(project: Project) -> None:
    path = replaced(export(project, "csv"), OLD, NEW)
    project.edit(KNEE, 'msgctxt "about"', '#, fuzzy\nmsgctxt "about"')
    take(project, path, "1 translated")
    assert (entry(project).fuzzy, entry(project).msgstr[0]) == (False, NEW)


def test_the_same_change_here_and_there_is_none(project: Project) -> None:
    path = replaced(export(project, "csv"), OLD, NEW)
    project.edit(KNEE, OLD, NEW)
    take(project, path, "nothing to change")


# What is refused, with its place -------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[str, str, str, str, str]] = {
    "a changed id": ("id", "m0123456789abcdef", SENTENCE, "", "id: 'm0123456789abcdef' is not of this project"),
    "a changed source": (
        "source",
        SENTENCE.upper(),
        SENTENCE,
        "",
        "source: 'YOUR KNEE NEEDS **REST** AFTER TREATMENT.' is",
    ),
    "a changed section": ("section", "aftercare", SENTENCE, "", "section: 'aftercare' is not what was exported"),
    "another leaflet": ("domain", "elbow", SENTENCE, "", "domain: 'elbow' is not what was exported"),
    "another locale": ("locale", "fr", SENTENCE, "", "locale: 'fr' in a file of 'de'"),
    "another plural form": ("plural form", "few", "{count} visit", "other", "plural form: 'few' is not what was"),
    "another plural": ("source plural", "{count} calls", "{count} visit", "one", "source plural: '{count} calls' is"),
    "a lost placeholder": ("target", "Ruhe. [@nice]", REST, "", "target: placeholder {rest} was lost"),
    "a doubled placeholder": ("target", "{rest} {rest} [@nice]", REST, "", "placeholder {rest} is there too often"),
    "an added placeholder": ("target", f"{NEW} {{rest}}", SENTENCE, "", "placeholder {rest} is not in the source"),
    "a lost citation": ("target", "Ruhe: {rest}.", REST, "", "target: citation [@nice] was lost"),
    "a lost count": ("target", "Besuche", "{count} visit", "other", "target: placeholder {count} was lost"),
    "nothing to see": ("target", "\u200b", SENTENCE, "", "target: nothing of it can be seen"),
    "text that runs backwards": ("target", f"\u202e{NEW}", SENTENCE, "", "target: U+202E (RIGHT-TO-LEFT OVERRIDE)"),
    "an unknown state": ("state", "translatd", SENTENCE, "", "did you mean 'translated'?"),
    "no id": ("id", "", SENTENCE, "", "id: the cell is empty"),
    "no source": ("source", " ", SENTENCE, "", "source: the cell is empty"),
    "no locale": ("locale", "", SENTENCE, "", "locale: the cell is empty"),
    "no hash": ("exported", "", SENTENCE, "", "exported: the cell is empty"),
}


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_a_row_that_is_wrong_is_told_with_its_place(project: Project, what: str) -> None:
    column, text, source, form, told = REFUSED[what]
    path, line = edited(project, column, text, source, form)
    refused(project, path, f"sent.csv:{line}: ", told)


@pytest.mark.parametrize("form", FORMS)
def test_a_lost_placeholder_is_told_with_its_line_in_every_format(project: Project, form: str) -> None:
    path = export(project, form)
    if form.startswith("xliff"):
        text = path.read_text(encoding="utf-8")
        found = re.search(r"(<target.*?>REST\. LENGTH OF REST: )<ph [^>]*?(?:/>|>\{rest\}</ph>)", text)
        assert found
        path.write_text(text.replace(found[0], found[1]), encoding="utf-8")
        line = text[: found.start()].count("\n") + 1
    else:
        cells = cells_of(export(project, "csv"))
        line = row_of(cells, REST) + 1
        replaced(path, "REST. LENGTH OF REST: {rest}. [@nice]", "REST. LENGTH OF REST: . [@nice]")
    refused(project, path, f"{path.name}:{line}: target: placeholder {{rest}} was lost")


@pytest.mark.parametrize("form", FORMS)
def test_a_source_that_changed_after_the_export_is_stale(project: Project, form: str) -> None:
    path = export(project, form)
    project.edit(LEAFLET_FILE, SENTENCE, THE)
    told = refused(project, path, f"source: the project does not say {SENTENCE!r} any more")
    assert f"it now says {THE!r}: export again" in told


def test_everything_is_told_at_once_and_one_wrong_row_keeps_all_others_out(project: Project) -> None:
    path = export(project, "csv")
    cells = cells_of(path)
    target, source = cells[0].index("target"), cells[0].index("source")
    rows = [row_of(cells), row_of(cells, REST), row_of(cells, "Come back: {visits}.")]
    cells[1][cells[0].index("state")] = "done"
    cells[rows[0]][target] = NEW
    cells[rows[1]][target] = "Ruhe."
    cells[rows[2]][source] = "Come back."
    told = refused(project, write_cells(path, cells))
    assert told.count("error: ") == 4
    assert "sent.csv:2: state: unknown 'done'" in told
    assert f"sent.csv:{rows[1] + 1}: target: citation [@nice] was lost" in told
    assert f"sent.csv:{rows[2] + 1}: source: 'Come back.'" in told


def test_catalogs_that_belong_together_are_written_together(tmp_path: Path) -> None:
    first, blocked = tmp_path / "first.po", tmp_path / "file" / "second.po"
    first.write_bytes(b"old")
    blocked.parent.write_bytes(b"no folder")
    with pytest.raises(OSError, match="file"):
        write_together({first: b"new", blocked: b"new"})
    assert first.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "first.po"]


def test_a_row_that_is_there_twice_is_told(project: Project) -> None:
    path = export(project, "csv")
    cells = cells_of(path)
    row = row_of(cells)
    cells.append(cells[row])
    refused(project, write_cells(path, cells), f"sent.csv:{len(cells)}: id: ", f"is in line {row + 1} already")


def test_a_message_comes_with_all_its_plural_forms_or_not_at_all(project: Project) -> None:
    path, line = edited(project, "target", "{count} Besuche", "{count} visit", "other")
    cells = cells_of(path)
    del cells[line - 2]
    refused(project, write_cells(path, cells), "plural form one of '{count} visit' is not in the file")
    project.path(KNEE).unlink()
    path, _ = edited(project, "target", "{count} Besuche", "{count} visit", "other")
    refused(project, path, "plural form one of '{count} visit' has no translation")


def test_missing_columns_are_named_and_unknown_ones_do_not_matter(project: Project) -> None:
    path, _ = edited(project, "target", NEW)
    cells = cells_of(path)
    refused(
        project,
        write_cells(
            path, [[text for n, text in enumerate(row) if cells[0][n] not in ("id", "state")] for row in cells]
        ),
        "sent.csv:1: missing columns: id, state",
    )
    turned = [[*reversed(row), "mine"] for row in cells]
    take(project, write_cells(path, turned), "1 translated")


def test_a_column_that_is_there_twice_is_told(project: Project) -> None:
    path, _ = edited(project, "target", NEW)
    cells = [[*row, row[5]] for row in cells_of(path)]
    refused(project, write_cells(path, cells), "the column 'target' is there 2 times")


@pytest.mark.parametrize("form", ["xliff-1.2", "xliff-2.1"])
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('get-language="de"', 'get-language="xx"', "unknown locale 'xx'"),
        ('trgLang="de"', 'trgLang="fr"', "unknown locale 'fr'"),
        (' trgLang="de"', "", "does not say what locale"),
        ('<ph id="1" ', '<ph id="1" xx="', "broken XML"),
        ('version="1.2"', 'version="1.1"', "XLIFF 1.1 is not read"),
        ('version="2.1"', 'version="2.2"', "XLIFF 2.2 is not read"),
        ("<source>Resting", '<source><it id="7" pos="open">x</it>Resting', "<it id='7'> stands for nothing"),
    ],
)
def test_an_xliff_file_that_is_wrong_is_told_with_its_line(
    project: Project, form: str, old: str, new: str, told: str
) -> None:
    path = export(project, form)
    if old in path.read_text(encoding="utf-8"):
        assert re.search(rf"{path.name}:\d+: ", refused(project, replaced(path, old, new), told))


def test_a_file_without_what_was_exported_does_not_overwrite(project: Project) -> None:
    path = export(project, "xliff-1.2")
    text = re.sub(r"(?s)\s*<context-group.*?</context-group>", "", path.read_text(encoding="utf-8"))
    path.write_text(text.replace(OLD, NEW), encoding="utf-8")
    refused(project, path, "the catalog was changed perhaps, for the file lost what was exported")
    path.write_text(text, encoding="utf-8")
    take(project, path, "nothing to change")
    project.edit(KNEE, f'msgstr "{OLD}"', 'msgstr ""')
    path.write_text(text.replace(OLD, NEW), encoding="utf-8")
    take(project, path, "1 translated")


def test_a_memory_is_written_and_refused(fuzzy: Project) -> None:
    path = export(fuzzy, "tmx")
    root = ElementTree.parse(path).getroot()
    assert root.attrib == {"version": "1.4"}
    assert set(root[0].attrib) >= {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang"}
    texts = {"".join(tu.findall("tuv")[0].itertext()).strip() for tu in root.iter("tu")}
    assert REST in texts
    assert THE not in texts, "nobody confirmed it"
    refused(fuzzy, path, "a translation memory (TMX) cannot be imported", "import the XLIFF, XLSX or CSV file")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "missing columns"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or encrypted Excel file"),
        (b"PK\x03\x04 no archive", "the workbook cannot be read"),
        (b"<html/>", "XML that begins with <html> is not read"),
        (b"<?xml version='1.0' encoding='nonsense'?><xliff/>", "broken XML"),
        (b"<a>" * 5000, "nested more than"),
        (b'msgid ""\nmsgstr ""\n', "missing columns"),
        ("id;Quelle\nm1;Füße\n".encode("latin-1"), "neither UTF-8 nor UTF-16"),
        (b'id,"target\n', "broken CSV"),
    ],
)
def test_a_file_of_another_kind_is_told(project: Project, data: bytes, told: str) -> None:
    path = project.root.parent / "sent.file"
    path.write_bytes(data)
    refused(project, path, "sent.file", told, "hint")


# Files that want to do harm ------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE xliff [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE xliff [<!ENTITY c SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE xliff SYSTEM "http://127.0.0.1:9/evil.dtd">'


@pytest.mark.parametrize("form", ["xliff-1.2", "xliff-2.1"])
@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE, PARAMETER])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_and_no_entity_is_read(
    project: Project, form: str, doctype: str, encoding: str
) -> None:
    path = export(project, form)
    text = path.read_text(encoding="utf-8").replace("?>\n", f"?>\n\n{doctype}\n", 1).replace(OLD, "&c;")
    path.write_text(text.replace('encoding="UTF-8"', f'encoding="{encoding}"'), encoding=encoding)
    refused(project, path, f"{path.name}:3: the file has a document type (<!DOCTYPE>)")


def rezipped(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """A workbook with one part changed."""
    with zipfile.ZipFile(path) as package:
        parts = {part.filename: package.read(part) for part in package.infolist()}
    assert name in parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, change(data) if part == name else data)
    return path


def test_a_document_type_in_a_workbook_is_refused(project: Project) -> None:
    path = rezipped(
        export(project, "xlsx"), "xl/styles.xml", lambda data: data.replace(b"<style", LAUGHS.encode() + b"<style", 1)
    )
    refused(project, path, "its part xl/styles.xml has a document type")


def test_a_workbook_that_unpacks_to_an_absurd_size_is_refused(project: Project) -> None:
    path = rezipped(export(project, "xlsx"), "docProps/app.xml", lambda data: bytes(201 * 2**20))
    assert path.stat().st_size < 2**20
    refused(project, path, "the workbook unpacks to 201 MB")


def test_a_workbook_that_is_cut_off_is_told(project: Project) -> None:
    path = export(project, "xlsx")
    path.write_bytes(path.read_bytes()[:-400])
    refused(project, path, "the workbook cannot be read")
    path = rezipped(export(project, "xlsx"), "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2])
    refused(project, path, "the workbook cannot be read")


DANGEROUS = [
    "=1+1",
    "+49",
    "-5",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://evil.example")',
    "'=1",
    "''+1",
    "'s ist",
    "＝1",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula_and_every_text_comes_back_as_it_was(project: Project, text: str) -> None:
    escaped = text.replace("\t", "\\t").replace('"', '\\"')
    project.edit(KNEE, OLD, escaped)
    before = catalogs(project)
    path = export(project, "csv")
    assert not any(cell[:1] in tuple("=+-@\t\r") and cell for row in cells_of(path) for cell in row)
    take(project, path, "nothing to change")
    path = export(project, "xlsx")
    cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    [cell] = [cell for cell in cells if cell.value == text]
    assert cell.data_type == "s"
    assert cell.quotePrefix == (text[0] in "=+-@\t")
    take(project, path, "nothing to change")
    assert catalogs(project) == before


@pytest.mark.parametrize(
    ("value", "text"), [(5, "5"), (2.5, "2.5"), ("=1+1", "=1+1"), ("=SUM(A1:A9)", "=SUM(A1:A9)"), (True, "TRUE")]
)
def test_what_is_typed_into_a_cell_comes_in_as_its_text(project: Project, value: object, text: str) -> None:
    path = export(project, "xlsx")
    workbook = openpyxl.load_workbook(path)
    [cell] = [cell for row in workbook.worksheets[0].iter_rows() for cell in row if cell.value == OLD]
    cell.value = value
    workbook.save(path)
    take(project, path, "1 translated")
    assert entry(project).msgstr[0] == text


def test_a_date_or_an_error_in_a_cell_is_told_with_the_cell(project: Project) -> None:
    from datetime import date

    path = export(project, "xlsx")
    workbook = openpyxl.load_workbook(path)
    [cell] = [cell for row in workbook.worksheets[0].iter_rows() for cell in row if cell.value == OLD]
    cell.value, cell.number_format = date(2026, 11, 24), "yyyy-mm-dd"
    workbook.save(path)
    refused(project, path, f"sent.xlsx:{cell.row}: cell F{cell.row}: holds a date or time")


# Spreadsheets --------------------------------------------------------------------------------------------------------


def test_a_workbook_is_fit_to_work_in(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["de", "ar"]\n')
    for locale, order, side in (("de", 1, "left"), ("ar", 2, "right")):
        workbook = openpyxl.load_workbook(export(project, "xlsx", locale=locale))
        assert workbook.sheetnames == ["Translations", "Read me"]
        sheet = workbook["Translations"]
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", sheet.dimensions)
        header = {cell.value: cell.column_letter for cell in sheet[1]}
        target, source = sheet[f"{header['target']}2"], sheet[f"{header['source']}2"]
        assert (target.alignment.readingOrder, target.alignment.horizontal) == (order, side)
        assert (target.protection.locked, source.protection.locked) == (False, True)
        assert sheet.protection.sheet
        assert source.fill.fgColor.rgb == "FFEDEDED"
        assert target.alignment.wrap_text
        assert sheet.column_dimensions[header["target"]].width == 60
        assert all(sheet.column_dimensions[header[name]].hidden for name in ("id", "exported", "locale"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_spreadsheets_write_it(project: Project, encoding: str, delimiter: str) -> None:
    path, _ = edited(project, "target", NEW + " Füße; ja, „so“.")
    write_cells(path, cells_of(path), encoding, delimiter)
    take(project, path, "1 translated")
    assert entry(project).msgstr[0] == NEW + " Füße; ja, „so“."


def test_broken_quotes_in_csv_are_told_with_their_line(project: Project) -> None:
    path = export(project, "csv")
    line = row_of(cells_of(path)) + 1
    replaced(path, OLD, f'"{OLD}')
    refused(project, path, f"sent.csv:{line}: broken CSV")


def test_a_workbook_that_was_sorted_and_given_notes_is_read(project: Project) -> None:
    path = export(project, "xlsx")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Translations"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    copy = workbook.create_sheet("Sorted", 0)
    for row in [rows[0], [None], *reversed(rows[1:])]:
        copy.append([NEW if value == OLD else value for value in row] + ["my note"] * (row[0] is not None))
    workbook.remove(sheet)
    workbook.move_sheet("Read me", -1)
    workbook.save(path)
    take(project, path, "1 translated")
    assert entry(project).msgstr[0] == NEW


# XLIFF as the standard and as the tools have it ----------------------------------------------------------------------


def test_xliff_1_2_has_what_the_standard_asks_for(fuzzy: Project) -> None:
    root = ElementTree.parse(export(fuzzy, "xliff-1.2")).getroot()
    assert (root.tag, root.get("version")) == (f"{{{XLIFF1}}}xliff", "1.2")
    for file in root:
        assert {"original", "source-language", "target-language", "datatype"} <= set(file.attrib)
        assert [part.tag.partition("}")[2] for part in file] == ["header", "body"]
    units = list(root.iter(f"{{{XLIFF1}}}trans-unit"))
    assert len({unit.get("id") for unit in units}) == len(units) == 7
    states = set()
    for unit in units:
        tags = [part.tag.partition("}")[2] for part in unit]
        assert tags[:3] == ["source", "target", "context-group"]
        assert set(tags[3:]) <= {"note"}
        states.add(unit[1].get("state"))
        for part in unit[:2]:
            assert all(code.tag == f"{{{XLIFF1}}}ph" and code.get("id") for code in part)
    assert states == {"translated", "needs-review-translation"}
    assert [len(group) for group in root.iter(f"{{{XLIFF1}}}group")] == [2]


def test_xliff_2_1_has_what_the_standard_asks_for(fuzzy: Project) -> None:
    root = ElementTree.parse(export(fuzzy, "xliff-2.1")).getroot()
    assert (root.tag, root.get("version"), root.get("srcLang"), root.get("trgLang")) == (
        f"{{{XLIFF2}}}xliff",
        "2.1",
        "en",
        "de",
    )
    units = list(root.iter(f"{{{XLIFF2}}}unit"))
    assert len({unit.get("id") for unit in units}) == len(units) == 7
    order = ["metadata", "notes", "originalData", "segment"]
    for unit in units:
        tags = [part.tag.partition("}")[2] for part in unit]
        assert tags == [tag for tag in order if tag in tags]
        data = {one.get("id"): one.text for one in unit.iter(f"{{{XLIFF2}}}data")}
        for part in unit[-1]:
            codes = list(part)
            assert len({code.get("id") for code in codes}) == len(codes)
            assert all(data[code.get("dataRef")] == code.get("equiv") for code in codes)
    assert {unit[-1].get("subState") for unit in units} == {None, "polyleaf:needs-review"}


def ids(project: Project) -> dict[str, str]:
    cells = cells_of(export(project, "csv"))
    return {row[2] + row[4]: row[cells[0].index("id")] for row in cells[1:]}


def hashes(project: Project) -> dict[str, str]:
    cells = cells_of(export(project, "csv"))
    return {row[2]: row[cells[0].index("exported")] for row in cells[1:]}


TRADOS = """\
<?xml version="1.0" encoding="utf-8"?>
<x:xliff xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0" version="1.2"
 xmlns:x="urn:oasis:names:tc:xliff:document:1.2">
 <x:file target-language="de-DE" datatype="plaintext" source-language="en-US" original="knee">
  <x:header><sdl:ref-files/></x:header>
  <x:body><x:group id="g1"><sdl:cxts><sdl:cxt id="1"/></sdl:cxts>
   <x:trans-unit approved="yes" id="{rest}">
    <x:source>Rest. Length of rest: <x:ph id="1">{{rest}}</x:ph>. [@nice]</x:source>
    <x:seg-source><x:mrk mid="1" mtype="seg">Rest.</x:mrk> <x:mrk mid="2" mtype="seg">...</x:mrk></x:seg-source>
    <x:target><x:mrk mtype="seg">Ruhe.</x:mrk> <x:mrk mtype="seg">Dauer: {{rest}}.</x:mrk> [@nice]</x:target>
    <x:note>checked</x:note>
   </x:trans-unit></x:group></x:body>
 </x:file>
</x:xliff>
"""

MEMOQ = """\
<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:mq="MQXliff" version="1.2" mq:version="1">
 <file target-language="de" original="knee" source-language="en" datatype="x-memoq">
  <body>
   <trans-unit mq:status="ManuallyConfirmed" id="{rest}" xml:space="preserve">
    <source xml:space="preserve">Rest. Length of rest: <ph id="1">{{rest}}</ph>. <ph id="2">[@nice]</ph></source>
    <target state="translated" xml:space="preserve">Ruhe. <g id="9">Dauer:</g> <x id="1"/>. <ph id="2"/></target>
    <alt-trans match-quality="80%" origin="memory">
     <source>Rest.</source><target>Etwas ganz anderes ohne alles.</target>
    </alt-trans>
    <context-group purpose="information">
     <context context-type="x-polyleaf-exported">{hash}</context>
    </context-group>
    <note from="Anna">fertig</note>
   </trans-unit>
  </body>
 </file>
</xliff>
"""

WEBLATE_2 = """\
<?xml version='1.0' encoding='UTF-8'?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="de" version="2.0">
  <file id="knee">
    <notes><note id="f">of the file</note></notes>
    <unit id="{rest}">
      <m:metadata xmlns:m="urn:oasis:names:tc:xliff:metadata:2.0">
        <m:metaGroup category="polyleaf"><m:meta type="exported">{hash}</m:meta></m:metaGroup>
      </m:metadata>
      <originalData><data id="d1">{{rest}}</data><data id="d2">[@nice]</data></originalData>
      <segment state="reviewed" id="s1">
        <source>Rest.</source><target><mrk id="m1" type="term">Ruhe</mrk>.</target>
      </segment>
      <ignorable><source> </source></ignorable>
      <segment id="s2" state="final">
        <source>Length of rest: <ph id="1" dataRef="d1"/>. <ph id="2" dataRef="d2"/></source>
        <target>Dauer: <sm id="m2" type="comment"/><ph dataRef="d1" id="1"/><em startRef="m2"/>. <ph id="2"/></target>
      </segment>
    </unit>
  </file>
</xliff>
"""


@pytest.mark.parametrize("name", ["trados", "memoq", "weblate"])
@pytest.mark.parametrize("windows", [False, True])
def test_files_are_read_as_tools_write_them(project: Project, name: str, windows: bool) -> None:
    if name == "trados":  # whoever loses what was exported may only fill what is empty
        project.edit(KNEE, 'msgstr "REST. LENGTH OF REST: {rest}. [@nice]"', 'msgstr ""')
    text = {"trados": TRADOS, "memoq": MEMOQ, "weblate": WEBLATE_2}[name]
    text = text.format(rest=ids(project)[REST], hash=hashes(project)[REST])
    path = project.root.parent / f"{name}.xlf"
    data = text.encode()
    path.write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") if windows else data)
    take(project, path, "1 translated")
    assert entry(project, REST).msgstr[0] == "Ruhe. Dauer: {rest}. [@nice]"
    assert not entry(project, REST).fuzzy


def test_a_text_of_which_one_segment_is_translated_is_refused(project: Project) -> None:
    text = WEBLATE_2.format(rest=ids(project)[REST], hash=hashes(project)[REST])
    path = project.root.parent / "half.xlf"
    path.write_text(re.sub(r"<target><mrk.*?</target>", "", text), encoding="utf-8")
    refused(project, path, "half.xlf:5: only a part of the text is translated")


def test_a_unit_in_the_file_of_another_leaflet_is_refused(project: Project) -> None:
    path = replaced(export(project, "xliff-1.2"), 'original="knee"', 'original="elbow"')
    refused(project, path, "domain: 'elbow' is not what was exported")


def test_tracked_changes_are_refused(project: Project) -> None:
    text = f'<mrk mtype="x-sdl-deleted">{OLD}</mrk>'
    refused(project, replaced(export(project, "xliff-1.2"), OLD, text), "tracked changes are in the text")


def test_leaflets_in_another_language_than_the_themes_texts_need_xliff_1_2(project: Project) -> None:
    project.write("polyleaf.toml", 'source_locale = "de"\nlocales = ["fr"]\n')
    project.own_theme()
    path = project.root.parent / "fr.xlf"
    arguments = ("catalog", "export", "--to", "xliff", "-l", "fr", "-o", str(path))
    ran = project.run(*arguments)
    assert ran.exit_code == 2
    assert "one source language a file, and here are de, en" in ran.stderr
    assert project.run(*arguments, "--xliff-version", "1.2").exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert 'original="polyleaf" source-language="en"' in text
    assert 'original="knee" source-language="de"' in text


def test_two_exports_of_one_state_are_alike(project: Project) -> None:
    for form in ("xliff-2.1", "xliff-1.2", "csv", "tmx"):
        assert export(project, form).read_bytes() == export(project, form).read_bytes()


def test_a_workbook_from_memory_is_a_workbook(project: Project) -> None:
    assert zipfile.is_zipfile(BytesIO(export(project, "xlsx").read_bytes()))
