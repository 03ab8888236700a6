"""Catalogs that stay quiet: what is not changed is not touched, whatever tool wrote it."""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import LOCALES, REPOSITORY, Project

from polyleaf.catalog.document import parse_document, read_document
from polyleaf.project import load_project

KNEE = "locales/de/LC_MESSAGES/knee.po"
SENTENCE = "Your knee needs **rest** after treatment."
LEAFLET_FILE = "templates/leaflets/knee.md"

POEDIT = """\
# Übersetzung des Merkblatts.
# Anna Muster <anna@example.org>, 2026.
msgid ""
msgstr ""
"Project-Id-Version: knee\\n"
"POT-Creation-Date: 2026-10-01 10:00+0200\\n"
"PO-Revision-Date: 2026-10-02 11:30+0200\\n"
"Last-Translator: Anna Muster <anna@example.org>\\n"
"Language-Team: German\\n"
"Language: de\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Generator: Poedit 3.5\\n"
"X-Poedit-Basepath: ..\\n"

#. The title of the leaflet.
#: templates/leaflets/knee.md:2
msgctxt "title"
msgid "Resting your knee"
msgstr "Ihr Knie schonen"

# Anna: „Ruhe“ klingt nach Bettruhe.
# Zweite Zeile.
#: templates/leaflets/knee.md:17
#, python-brace-format
msgctxt "key-points"
msgid "Rest. Length of rest: {rest}. [@nice]"
msgstr ""
"Schonen Sie sich, und zwar so lange, wie es hier steht und nicht kürzer oder "
"länger: {rest}. [@nice]"

#: templates/leaflets/knee.md:21
msgctxt "about"
msgid "Your knee needs **rest** after treatment."
msgstr "Ihr Knie braucht nach der Behandlung **Ruhe**."

#~ msgctxt "about"
#~ msgid "An old sentence that is gone."
#~ msgstr "Ein alter Satz, der fort ist."
"""

WEBLATE = """\
# German translations.
#
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: de\\n"
"X-Generator: Weblate 5.13\\n"
"Plural-Forms: nplurals=2; plural=n != 1;\\n"
"MIME-Version: 1.0\\n"

#. The title of the leaflet.
msgctxt "title"
msgid "Resting your knee"
msgstr "Ihr Knie schonen"

#, fuzzy, python-brace-format
#| msgctxt "key-points"
#| msgid ""
#| "Rest a while. Length of "
#| "rest: {rest}. [@nice]"
msgctxt "key-points"
msgid "Rest. Length of rest: {rest}. [@nice]"
msgstr "Ruhen Sie. Dauer: {rest}. [@nice]"

#, read-only
msgctxt "about"
msgid "Your knee needs **rest** after treatment."
msgstr "Ihr Knie braucht nach der Behandlung **Ruhe**."
"""

MSGMERGE = """\
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: a.md:2 b.md:3
#. The title of the leaflet.
msgctxt "title"
msgid "Resting your knee"
msgstr "Ihr Knie schonen"
#: a.md:17
#, python-brace-format
msgctxt "key-points"
msgid ""
"Rest. Length of rest: {rest}. "
"[@nice]"
msgstr "Schonen Sie sich: {rest}. [@nice]"


#, no-wrap
msgctxt "about"
msgid "Your knee needs **rest** after treatment."
msgstr "Ihr Knie braucht\\tnach der \\"Behandlung\\" **Ruhe**.\\n"

# A comment that belongs to nothing.

#, fuzzy
#~| msgctxt "about"
#~| msgid "An older sentence."
#~ msgctxt "about"
#~ msgid "An old sentence."
#~ msgstr "Ein alter Satz."

#~ msgid "one"
#~ msgid_plural "many"
#~ msgstr[0] "eins"
#~ msgstr[1] "viele"
"""

HABITS = {
    "poedit": POEDIT.encode(),
    "weblate": WEBLATE.encode(),
    "msgmerge": MSGMERGE.encode(),
    "poedit-on-windows": b"\xef\xbb\xbf" + POEDIT.replace("\n", "\r\n").encode(),
    "without-a-last-line-break": WEBLATE.rstrip("\n").encode(),
}


@pytest.fixture(params=sorted(HABITS))
def written_by(request: pytest.FixtureRequest, project: Project) -> Project:
    """The German catalog as a translation tool wrote it."""
    project.write(KNEE, HABITS[request.param])
    return project


def changed_lines(before: bytes, after: bytes) -> list[str]:
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line.rstrip() for line in lines if line[:2] in ("- ", "+ ")]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_catalog_of_the_repository_is_read_and_written_alike(locale: str) -> None:
    for path in (REPOSITORY / "locales" / locale).rglob("*.po"):
        assert read_document(path).data() == path.read_bytes()


@pytest.mark.parametrize("name", sorted(HABITS))
def test_what_a_tool_wrote_is_written_alike(tmp_path: Path, name: str) -> None:
    path = tmp_path / "knee.po"
    path.write_bytes(HABITS[name])
    written = read_document(path).data()
    assert written.rstrip(b"\r\n") == HABITS[name].rstrip(b"\r\n")


@pytest.mark.parametrize("name", sorted(HABITS))
def test_what_is_written_anew_says_the_same_to_gettext(tmp_path: Path, name: str) -> None:
    path = tmp_path / "knee.po"
    path.write_bytes(HABITS[name].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"))
    document = read_document(path)
    for entry in document.entries:
        entry.raw = None
    anew = tmp_path / "anew.po"
    anew.write_bytes(document.data())
    told = [
        subprocess.run(
            ["msgcat", "--no-wrap", "--sort-output", file], check=True, capture_output=True, text=True
        ).stdout
        for file in (path, anew)
    ]
    assert told[0] == told[1]


def test_the_repository_is_up_to_date() -> None:
    ran = Project(REPOSITORY).run("catalog", "update", "--check")
    assert ran.exit_code == 0, ran.stderr
    assert "nothing to change" in ran.stderr


def test_update_twice_changes_nothing(written_by: Project) -> None:
    assert written_by.run("catalog", "update").exit_code == 0
    first = written_by.path(KNEE).read_bytes()
    stamp = written_by.path(KNEE).stat().st_mtime_ns
    again = written_by.run("catalog", "update")
    assert again.exit_code == 0
    assert "nothing to change" in again.stderr
    assert written_by.path(KNEE).read_bytes() == first
    assert written_by.path(KNEE).stat().st_mtime_ns == stamp


def test_one_changed_sentence_changes_one_entry(written_by: Project) -> None:
    written_by.run("catalog", "update")
    before = written_by.path(KNEE).read_bytes()
    written_by.edit(LEAFLET_FILE, SENTENCE, "Your knee needs **rest** after the treatment.")
    assert written_by.run("catalog", "update").exit_code == 0
    after = written_by.path(KNEE).read_bytes()
    lines = changed_lines(before, after)
    assert '+ msgid "Your knee needs **rest** after the treatment."' in lines
    assert f'- msgid "{SENTENCE}"' in lines
    assert f'+ #| msgid "{SENTENCE}"' in lines
    assert any(line.startswith("+ #, fuzzy") for line in lines)
    assert len(lines) <= 5, lines
    assert (b"\r\n" in before) == (b"\r\n" in after)
    assert before[:3] == after[:3]
    assert b"Ihr Knie braucht" in after


def test_a_suggestion_comes_from_the_same_context_only(project: Project) -> None:
    project.edit(LEAFLET_FILE, SENTENCE + "\n", "")
    project.edit(
        LEAFLET_FILE, "- Come back: {visits}.", "- Come back: {visits}.\n- Your knee needs **rest** after it all."
    )
    project.edit(LEAFLET_FILE, "## about\n\n", "## about\n\nSomething else altogether.\n")
    assert project.run("catalog", "update").exit_code == 0
    entry = next(e for e in read_document(project.path(KNEE)).entries if e.msgid.endswith("after it all."))
    assert not entry.translated
    assert not entry.fuzzy


def test_a_suggestion_that_nobody_confirmed_keeps_its_first_source(project: Project) -> None:
    old = SENTENCE
    for new in ("Your knee needs **rest** after the treatment.", "Your knee needs some **rest** after treatment."):
        project.edit(LEAFLET_FILE, old, new)
        project.run("catalog", "update")
        old = new
    [entry] = [e for e in read_document(project.path(KNEE)).entries if e.msgctxt == "about"]
    assert entry.previous.msgid == SENTENCE
    assert entry.fuzzy


def test_a_corrected_spelling_keeps_its_translations(project: Project) -> None:
    project.run("catalog", "update")
    before = project.path(KNEE).read_bytes()
    project.edit(LEAFLET_FILE, "after treatment", "after treatmant")
    assert project.run("catalog", "update", "--source-typo").exit_code == 2, "it asks, and nobody is there"
    assert project.path(KNEE).read_bytes() == before
    assert project.run("catalog", "update", "--source-typo", "--yes").exit_code == 0
    lines = changed_lines(before, project.path(KNEE).read_bytes())
    assert lines == [f'- msgid "{SENTENCE}"', '+ msgid "Your knee needs **rest** after treatmant."']
    assert project.build("-l", "de", "-f", "web").exit_code == 0


@pytest.fixture
def elbow(project: Project) -> Project:
    """A second leaflet, of which nothing is translated."""
    text = project.path(LEAFLET_FILE).read_text().replace("Your knee needs", "Your elbow needs")
    project.write("templates/leaflets/elbow.md", text.replace("You find it hard to breathe.", "Call us about pain."))
    return project


ELBOW = "locales/de/LC_MESSAGES/elbow.po"


def test_what_was_translated_elsewhere_is_offered_and_never_published(elbow: Project) -> None:
    assert elbow.run("catalog", "update", "--suggest").exit_code == 0
    entries = {entry.msgid: entry for entry in read_document(elbow.path(ELBOW)).entries}
    same = entries["Rest. Length of rest: {rest}. [@nice]"]
    assert same.msgstr[0] == "REST. LENGTH OF REST: {rest}. [@nice]"
    assert same.fuzzy
    assert same.comments == (" Suggested by Polyleaf from knee, 100% alike.",)
    near = entries["Your elbow needs **rest** after treatment."]
    assert near.previous.msgid == SENTENCE
    assert near.fuzzy
    assert "from knee, 9" in near.comments[0]
    assert not entries["Call us about pain."].translated
    plural = entries["{count} visit"]
    assert plural.msgstr == {0: "{count} VISIT", 1: "{count} VISIT"}
    built = elbow.build("elbow", "-l", "de", "-f", "web")
    assert built.exit_code == 1
    assert "T102" in built.stderr
    assert "nothing to change" in elbow.run("catalog", "update", "--suggest").stderr


def test_what_nobody_confirmed_is_not_offered_again(elbow: Project) -> None:
    elbow.run("catalog", "update")
    catalog = elbow.path(KNEE).read_text(encoding="utf-8")
    elbow.write(KNEE, catalog.replace('msgctxt "about"', '#, fuzzy\nmsgctxt "about"'))
    elbow.run("catalog", "update", "--suggest")
    entries = {entry.msgid: entry for entry in read_document(elbow.path(ELBOW)).entries}
    assert not entries["Your elbow needs **rest** after treatment."].translated


def test_without_being_asked_for_nothing_is_offered(elbow: Project) -> None:
    elbow.run("catalog", "update")
    assert not any(entry.translated for entry in read_document(elbow.path(ELBOW)).entries)


def test_a_removed_message_becomes_obsolete_and_comes_back(project: Project) -> None:
    text = project.path(LEAFLET_FILE).read_bytes()
    before = read_document(project.path(KNEE))
    project.edit(LEAFLET_FILE, SENTENCE, "Quite another thing is said here now: keep it up, and high.")
    project.run("catalog", "update")
    gone = project.path(KNEE).read_text(encoding="utf-8")
    assert f'#~ msgid "{SENTENCE}"' in gone
    project.write(LEAFLET_FILE, text)
    project.run("catalog", "update")
    after = read_document(project.path(KNEE))
    assert {(e.key, tuple(e.msgstr.values())) for e in after.entries} == {
        (e.key, tuple(e.msgstr.values())) for e in before.entries
    }
    assert [e.key for e in after.entries] == [e.key for e in before.entries]


def test_a_remark_for_translators_changes_its_entry_alone(written_by: Project) -> None:
    written_by.run("catalog", "update")
    before = written_by.path(KNEE).read_bytes()
    written_by.edit(LEAFLET_FILE, SENTENCE, f"<!-- translators: the joint -->\n{SENTENCE}")
    written_by.run("catalog", "update")
    assert changed_lines(before, written_by.path(KNEE).read_bytes()) == ["+ #. the joint"]


def test_what_people_wrote_stays(written_by: Project) -> None:
    before = read_document(written_by.path(KNEE))
    written_by.run("catalog", "update")
    after = {e.key: e for e in read_document(written_by.path(KNEE)).entries}
    for entry in before.entries:
        kept = after[entry.key]
        assert kept.comments == entry.comments
        assert kept.msgstr == entry.msgstr
        assert kept.previous == entry.previous
        assert set(entry.flags) <= set(kept.flags)
        assert kept.obsolete == entry.obsolete
    if "Poedit" in (before.header.text() if before.header else ""):
        assert "X-Poedit-Basepath: .." in written_by.path(KNEE).read_text(encoding="utf-8-sig")


def test_init_begins_every_catalog_and_knows_its_plurals(project: Project) -> None:
    ran = project.run("catalog", "init", "ar")
    assert ran.exit_code == 0, ran.stderr
    assert ran.stdout.split() == ["locales/ar/LC_MESSAGES/knee.po"]
    assert 'add "ar" to locales' in ran.stderr
    document = read_document(project.path("locales/ar/LC_MESSAGES/knee.po"))
    assert "nplurals=6" in document.metadata["Plural-Forms"]
    visits = next(entry for entry in document.entries if entry.msgid_plural)
    assert len(visits.msgstr) == 6
    assert project.run("catalog", "init", "ar").exit_code == 2
    subprocess.run(["msgfmt", "--check", "-o", "/dev/null", document.path], check=True)


@pytest.mark.parametrize("locale", ["xx", "arabic", "de_XX", "../de"])
def test_init_of_an_unknown_locale_is_refused(project: Project, locale: str) -> None:
    ran = project.run("catalog", "init", locale)
    assert ran.exit_code == 2
    assert "locale" in ran.stderr
    assert sorted(path.name for path in project.path("locales").iterdir()) == ["de"]


def test_status_counts_what_is_left(project: Project) -> None:
    project.edit(LEAFLET_FILE, SENTENCE, "Your knee needs **rest** after the treatment.")
    project.edit(LEAFLET_FILE, "- Come back: {visits}.", "- Come back: {visits}.\n- Three more words.")
    project.run("catalog", "update")
    ran = project.run("catalog", "status", "knee", "--output-format", "json")
    [row] = [row for row in json.loads(ran.stdout)["catalogs"] if row["locale"] == "de"]
    assert (row["fuzzy"], row["missing"]) == (1, 1)
    assert row["messages"] == row["translated"] + 2
    assert row["words_left"] == 7 + 3
    table = project.run("catalog", "status")
    assert table.exit_code == 0
    assert "knee" in table.stdout
    summary = project.run("catalog", "status", "--output-format", "summary").stdout
    assert summary.count("\n") == 1


def test_extract_writes_templates_that_gettext_reads(project: Project, tmp_path: Path) -> None:
    ran = project.run("catalog", "extract", "-o", str(tmp_path))
    assert ran.exit_code == 0, ran.stderr
    document = read_document(tmp_path / "knee.pot")
    assert [entry.msgid for entry in document.entries][:2] == [
        "Resting your knee",
        "Rest. Length of rest: {rest}. [@nice]",
    ]
    subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", tmp_path / "knee.pot"], check=True)


def test_babels_own_command_finds_the_same_messages(tmp_path: Path) -> None:
    pot = tmp_path / "all.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "extract", "-F", "pyproject.toml", "-o", str(pot), "."]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    found = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "") for entry in read_document(pot).entries}
    domains = load_project(REPOSITORY / "pyproject.toml").domains()
    ours = {(m.msgctxt, m.msgid, m.msgid_plural) for messages in domains.values() for m in messages}
    assert len(ours) > 200
    assert found == ours


def test_format_gives_the_canonical_form(written_by: Project) -> None:
    assert written_by.run("catalog", "format", "--check").exit_code == 1
    assert written_by.run("catalog", "format").exit_code == 0
    text = written_by.path(KNEE).read_text(encoding="utf-8")
    assert "#:" not in text
    assert "\r" not in text
    assert '{rest}. [@nice]"' in text
    assert written_by.run("catalog", "format", "--check").exit_code == 0


def test_format_works_on_anybodys_file(tmp_path: Path) -> None:
    path = tmp_path / "alien.po"
    path.write_bytes(HABITS["msgmerge"])
    assert Project(tmp_path).run("catalog", "format", str(path)).exit_code == 0
    assert len(parse_document(path.read_text(encoding="utf-8"), path).entries) == 5


BROKEN = {
    "truncated": (POEDIT[: POEDIT.index("Ihr Knie braucht") + 8].encode(), b""),
    "a stray line": (WEBLATE.replace("#, read-only", "stray").encode(), b"stray"),
    "a string that ends nowhere": (WEBLATE.replace('schonen"', "schonen").encode(), b"schonen"),
    "no translation": (WEBLATE.replace('msgstr "Ihr Knie schonen"\n', "").encode(), b'msgid "Resting'),
    "msgid twice": (WEBLATE.replace('msgid "Resting', 'msgid "x"\nmsgid "Resting').encode(), b'msgid "Resting'),
    "not UTF-8": (WEBLATE.replace("Ruhen", "R\u00fchen").encode("latin-1"), b"R\xfchen"),
    "a header twice": (WEBLATE.replace('"MIME', '"Plural-Forms: nplurals=1; plural=0;\\n"\n"MIME').encode(), b"msgid"),
    "a message twice": (
        (WEBLATE + WEBLATE[WEBLATE.index("#, read-only") :].replace("#, read", "\n#, re")).encode(),
        None,
    ),
    "of another locale": (WEBLATE.replace("Language: de", "Language: fr").encode(), b"msgid"),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_catalog_is_told_with_its_place_and_nothing_is_written(project: Project, name: str) -> None:
    data, mark = BROKEN[name]
    at = len(data) if mark == b"" else data.index(mark) if mark else data.rindex(b"msgid")
    line = data[:at].count(b"\n") + 1
    project.write(KNEE, data)
    project.edit(LEAFLET_FILE, SENTENCE, "Another sentence.")
    for command in ("update", "format"):
        ran = project.run("catalog", command)
        if (command, name) != ("format", "of another locale"):
            assert ran.exit_code == 2, ran.stderr
            assert f"{KNEE}:{line}: " in ran.stderr, ran.stderr
            assert "hint" in ran.stderr
            assert project.path(KNEE).read_bytes() == data
