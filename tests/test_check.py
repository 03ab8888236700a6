"""`polyleaf check` and `polyleaf rule`, as a person, an editor or a server runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from click.testing import Result
from conftest import REPOSITORY, Project

from polyleaf.checks import rules
from polyleaf.checks.translations import locale_of, read_any
from polyleaf.finding import Finding
from polyleaf.report.findings import console, show

KNEE = "locales/de/LC_MESSAGES/knee.po"
WRITTEN = "templates/leaflets/knee.md"
REST = "Ihr Knie braucht nach der Behandlung **Ruhe**."
CLEAN = f"""\
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgctxt "title"
msgid "Resting your knee"
msgstr "Das Knie schonen"

msgctxt "key-points"
msgid "Rest. Length of rest: {{rest}}. [@nice]"
msgstr "Schonen Sie sich. Dauer der Schonung: {{rest}}. [@nice]"

msgctxt "about"
msgid "Your knee needs **rest** after treatment."
msgstr "{REST}"

msgctxt "aftercare"
msgid "Come back: {{visits}}."
msgstr "Kommen Sie wieder: {{visits}}."

msgctxt "warning-signs.emergency"
msgid "You find it hard to breathe."
msgstr "Das Atmen fällt Ihnen schwer."

msgctxt "value"
msgid "{{count}} visit"
msgid_plural "{{count}} visits"
msgstr[0] "{{count}} Termin"
msgstr[1] "{{count}} Termine"
"""
HEADER = """\
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

"""
TABLETS = 'msgid "Take 2 tablets of 5 mg."\nmsgstr "Nehmen Sie 2 Tabletten zu 5 g."\n'
"""A tenfold mistake in a file of anybody's: the unit is another one (T110)."""


@pytest.fixture
def clean(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project with nothing to be found in its leaflet and its German catalog, and the person in its folder."""
    monkeypatch.chdir(project.root)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    project.write(KNEE, CLEAN)
    for text in ("Your knee needs", "- You find it hard"):
        project.edit(WRITTEN, text, f"<!-- polyleaf: allow L201 what everybody knows -->\n{text}")
    return project


@pytest.fixture
def wrong(clean: Project) -> Project:
    """Three days became four, and the placeholder of another message was lost."""
    clean.edit(KNEE, REST, "Ihr Knie braucht nach der Behandlung **4** Tage Ruhe.")
    clean.edit(KNEE, "Kommen Sie wieder: {visits}.", "Kommen Sie wieder.")
    return clean


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A folder that is no project, with the person in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    return Project(tmp_path)


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [finding["code"] for finding in found]


def refused(ran: Result, *told: str) -> None:
    """Nothing was checked, and each text says why."""
    assert ran.exit_code == 2, ran.output
    assert ran.stdout == ""
    for text in told:
        assert text in ran.stderr, ran.stderr


# A project -----------------------------------------------------------------------------------------------------------


def test_a_project_whose_catalogs_are_clean_is_told_so(clean: Project) -> None:
    ran = clean.run("check")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr == "0 errors, 0 warnings, 0 notes in 12 messages of 1 catalog and 1 leaflet\n"


def test_an_error_has_exit_status_1(wrong: Project) -> None:
    ran = wrong.run("check")
    assert ran.exit_code == 1
    assert ran.stderr.endswith("in 12 messages of 1 catalog and 1 leaflet\n")
    assert "error[T105 number]" in ran.stdout


def test_a_warning_has_exit_status_0(clean: Project) -> None:
    clean.edit(KNEE, "Das Atmen fällt Ihnen schwer.", "Das Atmen fällt fällt Ihnen schwer.")
    assert codes(clean.check()) == ["T118"]
    ran = clean.run("check")
    assert ran.exit_code == 0
    assert ran.stderr == "0 errors, 1 warning, 0 notes in 12 messages of 1 catalog and 1 leaflet\n"


def test_data_goes_to_stdout_and_the_summary_to_stderr(wrong: Project) -> None:
    ran = wrong.run("check", "--output-format", "json")
    assert "messages of" not in ran.stdout
    assert re.fullmatch(r"\d+ errors?, .*\n", ran.stderr)


def test_a_message_that_is_missing_or_fuzzy_is_found(clean: Project) -> None:
    clean.edit(KNEE, '"Das Knie schonen"', '""')
    clean.edit(KNEE, 'msgctxt "about"', '#, fuzzy\nmsgctxt "about"')
    assert codes(clean.check()) == ["T101", "T102"]


def test_a_catalog_that_is_not_there_is_missing_every_message(clean: Project) -> None:
    clean.path(KNEE).unlink()
    assert set(codes(clean.check())) == {"T101"}
    clean.write(KNEE, "")
    assert set(codes(clean.check())) == {"T101"}


@pytest.fixture
def two(clean: Project) -> Project:
    """Two leaflets in two languages; Dutch has nothing translated."""
    clean.write("polyleaf.toml", 'locales = ["de", "nl"]\n')
    clean.write("templates/leaflets/elbow.md", clean.path("templates/leaflets/knee.md").read_bytes())
    clean.write("locales/de/LC_MESSAGES/elbow.po", CLEAN.replace("**Ruhe**", "**Rast**"))
    return clean


@pytest.mark.parametrize(
    ("args", "checked"),
    [
        ([], {("de", "elbow"), ("de", "knee"), ("nl", "elbow"), ("nl", "knee")}),
        (["knee"], {("de", "knee"), ("nl", "knee")}),
        (["-l", "nl"], {("nl", "elbow"), ("nl", "knee")}),
        (["elbow", "-l", "nl"], {("nl", "elbow")}),
        (["elbow", "knee", "-l", "de", "-l", "nl"], {("de", "elbow"), ("de", "knee"), ("nl", "elbow"), ("nl", "knee")}),
    ],
)
def test_one_leaflet_or_one_locale_is_checked_by_itself(
    two: Project, args: list[str], checked: set[tuple[str, str]]
) -> None:
    two.edit(KNEE, "Das Knie schonen", "Das Knie 1")
    two.edit("locales/de/LC_MESSAGES/elbow.po", "Das Knie schonen", "Das Knie 1")
    assert {(finding["locale"], finding["leaflet"]) for finding in two.check(*args)} == checked
    assert f"of {len(checked)} catalog" in two.run("check", *args).stderr


@pytest.mark.parametrize(
    ("args", "checked", "told"),
    [
        (["-l", "en"], {"elbow", "knee"}, "in 12 messages of 2 leaflets"),
        (["knee", "-l", "en"], {"knee"}, "in 6 messages of 1 leaflet"),
        (["knee"], {"knee"}, "in 18 messages of 2 catalogs and 1 leaflet"),
        (["knee", "-l", "de"], set(), "in 6 messages of 1 catalog"),
    ],
)
def test_leaflets_are_checked_as_they_are_written_where_their_language_is_asked_for(
    two: Project, args: list[str], checked: set[str], told: str
) -> None:
    for name in ("elbow", "knee"):
        two.edit(f"templates/leaflets/{name}.md", "review_by: 2028", "review_by: 2030")
    found = two.check(*args, "--select", "L")
    assert {(finding["code"], finding["locale"], finding["leaflet"]) for finding in found} == {
        ("L112", "en", name) for name in checked
    }
    assert two.run("check", *args).stderr.endswith(f"{told}\n")


def test_what_two_leaflets_translate_differently_is_noted_and_told_without_a_persons_folders(two: Project) -> None:
    two.write("locales/de/LC_MESSAGES/elbow.po", CLEAN.replace("Das Knie schonen", "Schonung für das Knie"))
    [finding] = two.check("-l", "de", "--select", "T125")
    assert finding["severity"] == "note"
    assert finding["message"] == 'translated elsewhere as "Schonung für das Knie"'
    assert finding["hint"].endswith(f"elbow.po:{two.line('locales/de/LC_MESSAGES/elbow.po', 'Resting')}")


def test_a_glossary_is_kept_to(clean: Project) -> None:
    clean.write(
        "locales/de/glossary.csv",
        "term,translation,forms,forbidden,note\nknee,Kniegelenk,,,\nrest,Schonung,schonen,Ruhe,klingt nach Bett\n",
    )
    found = clean.check()
    assert codes(found) == ["T131", "T131", "T131", "T132"]
    assert found[0]["message"] == '"knee" is "Kniegelenk" in the glossary'
    assert found[-1]["hint"] == 'write "Schonung" (klingt nach Bett)'
    assert clean.run("check").exit_code == 1


def test_a_waiver_with_a_reason_lets_a_finding_stand(wrong: Project) -> None:
    wrong.edit(KNEE, 'msgctxt "aftercare"', '# polyleaf: allow T103 the number is in the letter\nmsgctxt "aftercare"')
    assert codes(wrong.check()) == ["T105"]
    wrong.edit(KNEE, "the number is in the letter", "")
    assert codes(wrong.check()) == ["T105", "T103", "T151"]


def test_obsolete_entries_are_ignored(clean: Project) -> None:
    old = '\n#~ msgctxt "about"\n#~ msgid "Rest 5 days."\n#~ msgstr "6 Tage Ruhe."\n'
    clean.write(KNEE, CLEAN + old)
    assert clean.check() == []


def test_the_repositorys_own_catalogs_have_no_errors(repository: Project) -> None:
    ran = repository.run("check", "-l", "ar", "-l", "zh_Hans", "compression-stockings", "polyleaf")
    assert ran.exit_code == 0, ran.output


# Names that are wrong ------------------------------------------------------------------------------------------------


def test_an_unknown_leaflet_is_told_with_the_one_that_was_meant(clean: Project) -> None:
    refused(clean.run("check", "kneee"), "unknown leaflet 'kneee'", "did you mean 'knee'?")
    refused(clean.run("check", "Knee"), "unknown leaflet 'Knee'")


def test_an_unknown_locale_is_told_with_those_that_are_known(clean: Project) -> None:
    refused(clean.run("check", "-l", "xx"), "unknown locale 'xx'", "known are: de, en")


def test_a_pseudo_locale_has_no_catalog_to_check(clean: Project) -> None:
    refused(clean.run("check", "-l", "en_XA"), "pseudo-locale")


@pytest.mark.parametrize(
    ("name", "told", "hint"),
    [
        ("nowhere.po", "nowhere.po: there is no such file", "name a PO file"),
        ("no/where", "no/where: there is no such file", "name a PO file"),
        ("locales/de", "locales/de: this is a folder", "name a leaflet, or PO files"),
        (".", ".: this is a folder", "name a leaflet, or PO files"),
        ("folder.po", "folder.po: this is a folder", "name a leaflet, or PO files"),
        ("templates/leaflets/knee.md", "knee.md: this is no PO file", "files that end with .po"),
        ("knee.pot", "knee.pot: a template (POT) holds no translations", "the PO files that were made from it"),
    ],
)
def test_what_is_no_catalog_is_told_with_a_way_out(clean: Project, name: str, told: str, hint: str) -> None:
    clean.path("folder.po").mkdir()
    clean.write("knee.pot", CLEAN)
    refused(clean.run("check", name), f"error: {told}" if ".md" not in name else told, hint)


def test_every_wrong_name_is_told_at_once(folder: Project) -> None:
    refused(folder.run("check", "a.po", "b.po", "c.pot"), "a.po: ", "b.po: ", "c.pot: ")


def test_without_a_project_the_way_to_one_is_told(folder: Project) -> None:
    refused(folder.run("check"), "no Polyleaf project", "polyleaf init")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--source", "en"], "--source goes with a FILE.po that is not of a project"),
        ([KNEE, "--source", "en"], "--source goes with a FILE.po that is not of a project"),
        ([KNEE, "-l", "fr"], f"{KNEE} is in de: leave out -l fr"),
        (["other.po", "-l", "fr", "-l", "de"], "a FILE.po is in one language: give one -l"),
        (["other.po", "-l", "xx"], "unknown locale 'xx'"),
        (["other.po", "--source", "xx"], "unknown locale 'xx'"),
        (["--output-format", "xml"], "'xml' is not one of"),
    ],
)
def test_options_that_do_not_go_together_are_told(clean: Project, args: list[str], told: str) -> None:
    clean.write("other.po", HEADER)
    refused(clean.run("check", *args), told)


# A file of anybody's -------------------------------------------------------------------------------------------------


def test_a_file_outside_a_project_is_checked_by_itself(folder: Project) -> None:
    folder.write("django.po", HEADER + TABLETS)
    ran = folder.run("check", "django.po")
    assert ran.exit_code == 1
    assert ran.stderr == "1 error, 0 warnings, 0 notes in 1 message of 1 catalog\n"
    [finding] = folder.check("django.po")
    assert (finding["code"], finding["file"], finding["line"]) == ("T110", "django.po", 6)
    assert (finding["locale"], "leaflet" in finding) == ("de", False)


@pytest.mark.parametrize(
    ("name", "header", "locale"),
    [
        ("x.po", "de", "de"),
        ("x.po", "pt-BR", "pt_BR"),
        ("x.po", "zh-CN", "zh_Hans_CN"),
        ("x.po", "de@formal", "de"),
        ("x.po", "sr@latin", "sr_Latn"),
        ("x.po", "sr_RS@latin", "sr_Latn_RS"),
        ("x.po", "uz@cyrillic", "uz_Cyrl"),
        ("x.po", "de_AT.UTF-8", "de_AT"),
        ("fr/LC_MESSAGES/x.po", "de", "de"),
        ("fr/LC_MESSAGES/x.po", "German", "fr"),
        ("de.po", "", "de"),
        ("po/pt_BR.po", "", "pt_BR"),
        ("po/sr@latin.po", "", "sr_Latn"),
        ("de/LC_MESSAGES/x.po", "", "de"),
        ("de/LC_MESSAGES/my.po", "", "de"),  # my.po alone would be Burmese
        ("docs/de/LC_MESSAGES/guide/start.po", "", "de"),  # Sphinx
        ("locales/de/app.po", "", "de"),
    ],
)
def test_a_file_says_its_language_by_its_header_or_its_path(
    folder: Project, name: str, header: str, locale: str
) -> None:
    folder.write(name, HEADER.replace("Language: de", f"Language: {header}"))
    assert str(locale_of(read_any(Path(name)))) == locale


def test_a_file_that_does_not_say_its_language_is_told_and_can_be_given_one(folder: Project) -> None:
    folder.write("messages.po", TABLETS)
    refused(folder.run("check", "messages.po"), "messages.po:1: nothing says the language", "-l LOCALE")
    assert codes(folder.check("messages.po", "-l", "de")) == ["T110"]


def test_the_folder_of_a_file_is_found_from_within(folder: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("de/LC_MESSAGES/x.po", TABLETS)
    monkeypatch.chdir(folder.path("de/LC_MESSAGES"))
    assert [finding["locale"] for finding in folder.check("x.po")] == ["de"]


def test_a_file_may_be_translated_from_any_language(folder: Project) -> None:
    text = HEADER.replace("de", "en", 1) + 'msgid "Zweimal am Tag."\nmsgstr "{} a day."\n'
    folder.write("en.po", text.replace("{}", "Twice"))
    assert folder.check("en.po", "--source", "de") == []
    folder.write("en.po", text.replace("{}", "Three times"))
    assert "T105" in codes(folder.check("en.po", "--source", "de"))
    folder.write(
        "en.po", text.replace("{}", "Three times").replace('"Language', '"X-Source-Language: de-DE\\n"\n"Language')
    )
    assert "T105" in codes(folder.check("en.po"))


def test_a_file_of_a_project_is_checked_as_the_projects(clean: Project) -> None:
    clean.write("locales/de/glossary.csv", "term,translation,forms,forbidden,note\nknee,Kniegelenk,,,\n")
    clean.edit(KNEE, "**Ruhe**", "Ruhe")
    found = clean.check(KNEE)
    assert sorted(codes(found)) == ["T106", "T131", "T131"]
    assert {finding["leaflet"] for finding in found} == {"knee"}
    assert found == clean.check()


def test_a_mistake_in_its_project_is_told_even_where_one_file_is_named(clean: Project) -> None:
    clean.edit("templates/clinics/hill.toml", "[colours]", "[colors]")
    refused(clean.run("check", KNEE), "hill.toml:")


def test_a_stray_file_in_a_project_is_checked_by_itself(clean: Project) -> None:
    clean.write("locales/de/LC_MESSAGES/other.po", HEADER + TABLETS)
    clean.write("locales/nl/LC_MESSAGES/knee.po", HEADER.replace("de", "nl", 1) + TABLETS)
    for name in ("locales/de/LC_MESSAGES/other.po", "locales/nl/LC_MESSAGES/knee.po"):
        assert "T110" in codes(clean.check(name))


def test_several_files_are_checked_at_once_and_each_but_once(wrong: Project) -> None:
    wrong.write("other/de.po", TABLETS)
    ran = wrong.run("check", "other/de.po", KNEE, f"./{KNEE}", "other/../other/de.po")
    assert ran.stderr.endswith("in 7 messages of 2 catalogs\n")
    found = wrong.check("other/de.po", KNEE)
    assert [(finding["code"], finding["file"]) for finding in found] == [
        ("T105", KNEE),
        ("T103", KNEE),
        ("T110", "other/de.po"),
    ]


def test_a_leaflet_and_a_file_can_be_named_together(two: Project) -> None:
    two.write("other/de.po", TABLETS)
    two.edit(KNEE, "Kommen Sie wieder: {visits}.", "Kommen Sie wieder.")
    assert codes(two.check("knee", "-l", "de", "other/de.po")) == ["T103", "T110"]
    assert "of 2 catalogs" in two.run("check", "elbow", KNEE, "-l", "de").stderr


PLURAL = """\
#, python-format
msgid "%(n)d tablet of 5 mg"
msgid_plural "%(n)d tablets of 5 mg"
msgstr[0] "%(n)d Tablette zu 5 mg"
msgstr[1] "%(n)d Tabletten zu 50 mg"
"""


def test_every_form_of_a_plural_is_checked(folder: Project) -> None:
    folder.write("de.po", HEADER + PLURAL)
    [finding] = folder.check("de.po")
    assert (finding["code"], finding["msgstr"]) == ("T105", "%(n)d Tabletten zu 50 mg")
    assert "msgid_span" not in finding, "what it points into is the plural, which is not the msgid"


def test_forms_that_the_header_does_not_ask_for_are_found(folder: Project) -> None:
    text = HEADER.replace("\n\n", '\n"Plural-Forms: nplurals=3; plural=n==1 ? 0 : n==2 ? 1 : 2;\\n"\n\n')
    folder.write("de.po", text + PLURAL.replace("50", "5"))
    [finding] = folder.check("de.po")
    assert (finding["code"], finding["message"]) == ("T126", "2 plural forms where there have to be 3")


def test_forms_by_gettexts_own_table_are_no_mistake(folder: Project) -> None:
    header = HEADER.replace("de", "fr", 1).replace("\n\n", '\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n')
    folder.write(
        "fr.po", header + 'msgid "%d leg"\nmsgid_plural "%d legs"\nmsgstr[0] "%d jambe"\nmsgstr[1] "%d jambes"\n'
    )
    assert folder.check("fr.po") == []


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n", HEADER, f"\ufeff{HEADER}", HEADER.replace("\n", "\r\n")])
def test_a_file_without_messages_has_nothing_to_find(folder: Project, text: str) -> None:
    folder.write("de.po", text)
    ran = folder.run("check", "de.po")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "in 0 messages of 1 catalog" in ran.stderr


BROKEN = {
    "not UTF-8": ((HEADER + TABLETS).replace("Nehmen", "Nähmen").encode("latin-1"), 7, "the file is not UTF-8"),
    "truncated": ((HEADER + TABLETS)[:-20].encode(), 7, "does not parse"),
    "cut off after a msgid": ((HEADER + TABLETS).partition('msgstr "N')[0].encode(), 6, "does not parse"),
    "a message twice": ((HEADER + TABLETS + "\n" + TABLETS).encode(), 9, "the same message is there twice"),
    "two headers": ((HEADER + HEADER + TABLETS).encode(), 6, "a second header"),
    "a header below": ((TABLETS + "\n" + HEADER).encode(), 4, "does not stand first"),
    "two plural headers": (
        HEADER.replace(
            "\n\n", '\n"Plural-Forms: nplurals=1; plural=0;\\n"\n"Plural-Forms: nplurals=2;\\n"\n\n'
        ).encode(),
        1,
        "the header says Plural-Forms twice",
    ),
    "no PO file": (b"\x00\x01PK\x03\x04\n", 1, "does not parse"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_told_with_its_line(folder: Project, what: str) -> None:
    data, line, told = BROKEN[what]
    folder.write("de.po", data)
    refused(folder.run("check", "de.po"), f"de.po:{line}: ", told, "hint: ")


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_catalog_of_a_project_is_told_with_its_line(clean: Project, what: str) -> None:
    data, line, _ = BROKEN[what]
    clean.write(KNEE, data)
    for args in ([], [KNEE]):
        refused(clean.run("check", *args), f"{KNEE}:{line}: ", "hint: ")


def test_of_several_broken_files_each_is_told(folder: Project) -> None:
    folder.write("de.po", HEADER + TABLETS + "stray\n")
    folder.write("fr.po", HEADER + HEADER)
    refused(folder.run("check", "de.po", "fr.po"), "de.po:8: ", "fr.po:6: ")


def test_an_obsolete_entry_does_not_make_a_message_stand_twice(folder: Project) -> None:
    old = "".join(f"#~ {line}\n" for line in TABLETS.splitlines())
    folder.write("de.po", f"{HEADER}{TABLETS}\n{old}\n{old}")
    assert codes(folder.check("de.po")) == ["T110"]


def test_no_leaflet_library_is_needed_to_check_a_file(folder: Project) -> None:
    """Pango and its like need not be installed where catalogs are checked."""
    folder.write("de.po", HEADER + TABLETS)
    code = "import sys; sys.modules['weasyprint'] = None; from polyleaf.cli import main; main(['check', 'de.po'])"
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert ran.returncode == 1, ran.stderr
    assert ran.stderr.startswith("1 error")


# Which rules ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["--select", "T103"], ["T103"]),
        (["--select", "t103, T105,"], ["T105", "T103"]),
        (["--select", "T10"], ["T105", "T103"]),
        (["--ignore", "T103"], ["T105"]),
        (["--select", "T", "--ignore", "T105"], ["T103"]),
        (["--select", "T12"], []),
        (["--ignore", "T1"], []),
    ],
)
def test_rules_are_chosen_by_their_codes_or_beginnings(wrong: Project, args: list[str], found: list[str]) -> None:
    assert codes(wrong.check(*args)) == found
    assert wrong.run("check", *args).exit_code == (1 if found else 0)


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_is_told_with_a_way_to_those_that_are_known(clean: Project, option: str) -> None:
    refused(clean.run("check", option, "T105,x9,t1o5"), "unknown rule 'x9'", "unknown rule 't1o5'", "`polyleaf rule`")


@pytest.mark.parametrize("code", ["P", "P101", "T141"])
def test_a_rule_about_finished_pages_is_told_to_be_one(clean: Project, code: str) -> None:
    refused(clean.run("check", "--select", code), f"{code} is no rule about leaflets or catalogs", "`polyleaf build`")


# How it is told ------------------------------------------------------------------------------------------------------


def test_text_has_source_and_translation_beside_each_other_with_the_difference_in_brackets(wrong: Project) -> None:
    ran = wrong.run("check", "--select", "T105")
    head, columns, texts, hint, *_ = (line.rstrip() for line in ran.stdout.splitlines())
    line = wrong.line(KNEE, 'msgid "Your knee needs')
    assert head == f"error[T105 number] {KNEE}:{line}: the number 4 is not in the source"
    assert columns.split() == ["about", "de"]
    assert re.split(" {2,}", texts.strip()) == [
        "Your knee needs **rest** after treatment.",
        "Ihr Knie braucht nach der Behandlung **⟦4⟧** Tage Ruhe.",
    ]
    assert hint.startswith("  hint: say each number")
    assert "\x1b" not in ran.stdout


def test_findings_of_one_message_have_its_texts_once(folder: Project) -> None:
    folder.write("de.po", HEADER + TABLETS.replace("Sie 2", "Sie 3"))
    told = folder.run("check", "de.po").stdout
    assert told.count("error[") == 2
    assert told.count("Nehmen Sie") == 1
    assert '"5 mg" became "5 g": milligram is not gram\n' in told
    assert "5 ⟦mg⟧." in told
    assert "zu 5 ⟦g⟧." in told


def test_a_catalog_cannot_command_the_terminal(folder: Project) -> None:
    folder.write("de.po", HEADER + TABLETS.replace("5 g", r"5 g\033]0;owned\007 \x1b[2J"))
    assert "\x1b" not in folder.run("check", "de.po").stdout
    ran = folder.run("check", "de.po", "--output-format", "github")
    assert "\x1b" not in ran.stdout


def test_json_has_a_list_of_findings_with_the_fields_that_apply(wrong: Project) -> None:
    told = json.loads(wrong.run("check", "--output-format", "json").stdout)
    assert list(told) == ["findings"]
    number, placeholder = told["findings"]
    assert number == {
        "code": "T105",
        "severity": "error",
        "message": "the number 4 is not in the source: Ihr Knie braucht nach der Behandlung **4** Tage Ruhe.",
        "hint": number["hint"],
        "file": KNEE,
        "line": wrong.line(KNEE, 'msgid "Your knee needs'),
        "leaflet": "knee",
        "locale": "de",
        "msgctxt": "about",
        "msgid": "Your knee needs **rest** after treatment.",
        "msgstr": "Ihr Knie braucht nach der Behandlung **4** Tage Ruhe.",
        "msgstr_span": [39, 40],
    }
    assert placeholder["message"].startswith("placeholder {visits} was lost")


def test_sarif_has_every_finding_and_every_rule(wrong: Project) -> None:
    [run] = json.loads(wrong.run("check", "--output-format", "sarif").stdout)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["T105", "T103"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == sorted(rules())
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert places == [KNEE, KNEE]


def test_junit_has_a_test_that_fails_for_every_error(wrong: Project) -> None:
    root = ET.fromstring(wrong.run("check", "--output-format", "junit").stdout.encode())
    assert (root.get("tests"), root.get("failures")) == ("2", "2")
    [suite] = root
    assert suite.get("name") == KNEE


def test_github_has_a_command_for_every_finding(wrong: Project) -> None:
    lines = wrong.run("check", "--output-format", "github").stdout.splitlines()
    line = wrong.line(KNEE, 'msgid "Your knee needs')
    assert lines[0].startswith(f"::error file={KNEE},line={line},title=T105 number::the number 4 is not in the source")
    assert len(lines) == 2


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github"])
def test_a_report_of_a_clean_project_is_whole_too(clean: Project, form: str) -> None:
    ran = clean.run("check", "--output-format", form)
    assert ran.exit_code == 0
    if form in ("json", "sarif"):
        json.loads(ran.stdout)
    elif form == "junit":
        assert ET.fromstring(ran.stdout.encode()).get("failures") == "0"
    else:
        assert ran.stdout == ""


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github"])
def test_no_encoding_of_a_terminal_ends_a_report(folder: Project, form: str) -> None:
    folder.write("ar.po", HEADER.replace("de", "ar", 1) + 'msgid "Take 5 mg."\nmsgstr "خذ 6 ملغ."\n')
    ran = polyleaf("check", "ar.po", "--output-format", form, PYTHONIOENCODING="cp1252")
    assert ran.returncode == 1, ran.stderr
    assert ("خذ".encode() in ran.stdout) == (form != "text")


def test_a_reader_that_has_seen_enough_is_no_error(folder: Project) -> None:
    folder.write("de.po", HEADER + "".join(TABLETS.replace("ts of", f"ts (kind {n}) of") + "\n" for n in range(2000)))
    for form in ("text", "json"):
        command = [sys.executable, "-m", "polyleaf", "check", "de.po", "--select", "T110", "--output-format", form]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as check:
            assert check.stdout is not None
            assert check.stderr is not None
            check.stdout.readline()
            check.stdout.close()
            told = check.stderr.read()
        assert "roken pipe" not in told
        assert "Traceback" not in told


def polyleaf(*args: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "polyleaf", *args]
    return subprocess.run(command, check=False, capture_output=True, env={**os.environ, **environment})


# Where it is ---------------------------------------------------------------------------------------------------------


def files(found: list[dict[str, Any]]) -> set[str]:
    return {finding["file"] for finding in found}


def test_files_of_a_project_are_told_from_its_folder_wherever_the_person_is(
    wrong: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("templates", ".."):
        monkeypatch.chdir(wrong.path(place))
        assert files(wrong.check()) == {KNEE}


def test_a_file_is_told_as_the_person_named_it(wrong: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert files(wrong.check(KNEE)) == {KNEE}
    assert files(wrong.check(str(wrong.path(KNEE)))) == {wrong.path(KNEE).as_posix()}
    monkeypatch.chdir(wrong.path("locales/de"))
    assert files(wrong.check("LC_MESSAGES/knee.po")) == {"LC_MESSAGES/knee.po"}
    assert files(wrong.check("../de/LC_MESSAGES/knee.po")) == {"../de/LC_MESSAGES/knee.po"}
    wrong.write("other/de.po", TABLETS)
    assert files(wrong.check("../../other/de.po")) == {"../../other/de.po"}
    assert files(wrong.check("knee", "../../other/de.po")) == {KNEE, "../../other/de.po"}


def test_github_is_told_files_from_the_top_of_the_repository(wrong: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(wrong.root.parent))
    assert f"file=project/{KNEE}," in wrong.run("check", "--output-format", "github").stdout
    assert files(wrong.check()) == {KNEE}


# On a terminal -------------------------------------------------------------------------------------------------------

terminal = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals that Python can open")


def on_terminal(*args: str, **environment: str) -> str:
    """All that a person sees at a terminal of 100 columns."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    known = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    known |= {"TERM": "xterm-256color", **environment}
    command = [sys.executable, "-m", "polyleaf", *args]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=known):
        os.close(theirs)
        seen = b"".join(_read(ours))
    os.close(ours)
    return seen.decode()


def _read(terminal: int) -> Iterator[bytes]:
    """What comes, until Linux says that the other side is gone, or other systems that there is no more."""
    while True:
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:
            return
        if not part:
            return
        yield part


@terminal
def test_a_terminal_shows_the_difference_in_colour_and_how_far_it_is(folder: Project) -> None:
    folder.write("de.po", HEADER + TABLETS)
    seen = on_terminal("check", "de.po")
    assert "\x1b[1;31merror[T110 unit]" in seen
    assert re.search(r"\x1b\[1;7mg\x1b\[0m", seen)
    assert "⟦" not in seen
    assert "checking" in seen
    assert "100%" in seen


@terminal
@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_without_colour_shows_it_in_brackets(folder: Project, environment: dict[str, str]) -> None:
    folder.write("de.po", HEADER + TABLETS)
    seen = on_terminal("check", "de.po", **environment)
    assert "zu 5 ⟦g⟧." in re.sub(r"\x1b\[[\d;]*m", "", seen)
    assert not re.search(r"\x1b\[[\d;]*3\dm", seen), "no colour"


@terminal
def test_progress_is_not_in_what_is_piped(folder: Project) -> None:
    folder.write("de.po", HEADER + TABLETS)
    ran = polyleaf("check", "de.po")
    assert b"checking" not in ran.stdout + ran.stderr


def test_long_texts_stay_beside_each_other(folder: Project) -> None:
    finding = Finding("T117", "warning", "long", msgid="source " * 60, msgstr="Quelle " * 60, locale="de")
    made = console()
    with made.capture() as seen:
        show([finding], rules(), made)
    lines = [line for line in seen.get().splitlines() if "source" in line and "Quelle" in line]
    assert len(lines) >= 8
    assert all(len(line) <= 120 for line in seen.get().splitlines())


def test_a_file_of_20000_messages_is_checked_in_reasonable_time(folder: Project) -> None:
    entries = (f'msgid "Take {n} tablets."\nmsgstr "Nehmen Sie {n} Tabletten."\n' for n in range(19_999))
    folder.write("de.po", "\n".join([HEADER.rstrip("\n") + "\n", *entries, TABLETS]))
    began = time.monotonic()
    ran = folder.run("check", "de.po", "--output-format", "json")
    assert codes(json.loads(ran.stdout)["findings"]) == ["T110"]
    assert "in 20,000 messages" in ran.stderr
    assert time.monotonic() - began < 120


# Rules ---------------------------------------------------------------------------------------------------------------


def test_rules_are_listed_a_line_each(folder: Project) -> None:
    lines = folder.run("rule").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(rules())
    assert all(line.split()[2] in ("error", "warning", "note") for line in lines)


def test_one_rule_is_explained(folder: Project) -> None:
    ran = folder.run("rule", "t105")
    assert ran.exit_code == 0
    assert ran.stdout.startswith("T105 number (error)\n\n  A number is another one")
    for title in ("Why: ", "Put it right: ", "Source: "):
        assert f"\n  {title}" in ran.stdout


def test_several_rules_are_explained_each_once_and_by_a_beginning_too(folder: Project) -> None:
    told = folder.run("rule", "T112", "T11", "T112").stdout
    heads = re.findall(r"^(\w\d+) \S+ \(", told, re.MULTILINE)
    assert heads == ["T112", *(code for code in rules() if code.startswith("T11") and code != "T112")]


def test_every_unknown_rule_is_told(folder: Project) -> None:
    refused(
        folder.run("rule", "T1o5", "X", "T101"), "unknown rule 'T1o5'", "unknown rule 'X'", "`polyleaf rule` lists them"
    )


def test_the_page_of_rules_is_what_the_program_prints(folder: Project) -> None:
    ran = folder.run("rule", "--markdown")
    page = (REPOSITORY / "docs/rules.md").read_text(encoding="utf-8")
    assert ran.stdout == page, "run `make docs`"
    assert all(f"### {code} {rule.name}\n" in page for code, rule in rules().items())


def test_one_rule_can_be_a_page_too(folder: Project) -> None:
    told = folder.run("rule", "--markdown", "T105").stdout
    assert re.findall("^### (.*)", told, re.MULTILINE) == ["T105 number"]


# A hook for pre-commit -----------------------------------------------------------------------------------------------


def test_the_hook_of_pre_commit_checks_catalogs_of_any_repository(folder: Project) -> None:
    [hook] = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["id"], hook["language"]) == ("polyleaf-check", "python")
    names = ["po/de.po", "src/locale/fr/LC_MESSAGES/django.po", "po/app.pot", "po/de.pot~", "README.md"]
    wanted = [name for name in names if re.search(hook["files"], name)]
    assert wanted == names[:2]
    for name in wanted:
        folder.write(name, 'msgid "5 mg"\nmsgstr "5 mg"\n')
    program, *args = hook["entry"].split()
    assert program == "polyleaf"
    assert folder.run(*args, *wanted).exit_code == 0
    folder.write("po/de.po", TABLETS)
    assert folder.run(*args, *wanted).exit_code == 1
