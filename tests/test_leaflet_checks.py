"""What is asked of a leaflet in its own language: each rule finds what it is for, and lets careful writing pass."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from conftest import LEAFLETS, REPOSITORY, Project

from polyleaf import markdown
from polyleaf.checks import rules
from polyleaf.checks.leaflets import RULES
from polyleaf.checks.leaflets.numbers import BANDS
from polyleaf.checks.leaflets.reading import grade_of, grade_of_ease
from polyleaf.checks.leaflets.subject import LEAFLET_RULES, Subject
from polyleaf.checks.leaflets.words import words_of
from polyleaf.finding import Finding
from polyleaf.leaflet import load_leaflet
from polyleaf.model import ReadingTarget
from polyleaf.translation.jargon import load_jargon

EN = Locale("en")
WRITTEN = "templates/leaflets/knee.md"
CASES = tomllib.loads((Path(__file__).parent / "data/leaflets.toml").read_text(encoding="utf-8"))["case"]
VALUES = {
    "walk": "{duration: [15, 20], unit: minute}",
    "visits": '{count: 2, one: "{count} visit", other: "{count} visits"}',
    "everybody": "{frequency: 100, of: 100}",
    "very_common": "{frequency: [10, 30], of: 100}",
    "five_to_fifteen": "{frequency: [5, 15], of: 100}",
    "common": "{frequency: [1, 10], of: 100}",
    "one_in_10": "{frequency: 1, of: 10}",
    "one_in_100": "{frequency: 1, of: 100}",
    "one_in_1000": "{frequency: 1, of: 1000}",
    "set_by_clinics": "{frequency: 5, of: 100, clinic: {min: 1, max: 20}}",
}


def a_leaflet(section: str, text: str) -> str:
    """A leaflet before consent with a text in one section, or as its title or summary, and the values that it shows."""
    shown = dict.fromkeys(markdown.placeholders(text))
    values = "values:\n" + "".join(f"  {name}: {VALUES[name]}\n" for name in shown) if shown else ""
    in_front = {"title": "Resting", "summary": "", **({section: text} if section in ("title", "summary") else {})}
    part = f"\n### {section}\n" if "." in section else ""
    body = "" if section in ("title", "summary") else f"\n## {section.partition('.')[0]}\n{part}\n{text}\n"
    return f"""\
---
title: "{in_front["title"]}"
summary: "{in_front["summary"]}"
kind: aftercare
purpose: pre-consent
version: "1.0"
published: 2026-11-24
review_by: 2028-11-24
sources:
  nice: {{title: A guideline}}
{values}---
{body}"""


def a_subject(path: Path, text: str, locale: str = "en", target: ReadingTarget | None = None) -> Subject:
    path.write_text(text, encoding="utf-8")
    known = Locale.parse(locale)
    jargon = load_jargon(REPOSITORY / "templates/jargon.csv", EN)
    return Subject(load_leaflet(path), known, date(2026, 12, 1), target or ReadingTarget(), words_of(known), jargon)


def found_by(code: str, subject: Subject) -> list[Finding]:
    return [finding for known in LEAFLET_RULES if known.rule.code == code for finding in known.findings(subject)]


def pointed_at(finding: Finding) -> str:
    """The words that a finding points at, or what it says where it points at none."""
    return finding.msgid[slice(*finding.msgid_span)] if finding.msgid_span else finding.message


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['text'][:40]}")
def test_a_rule_finds_what_it_is_for_and_nothing_else(tmp_path: Path, case: dict[str, Any]) -> None:
    subject = a_subject(tmp_path / "x.md", a_leaflet(case["section"], case["text"]))
    assert [pointed_at(finding) for finding in found_by(case["rule"], subject)] == case["found"]


def test_every_rule_about_texts_has_texts_that_it_finds_and_texts_that_it_lets_pass() -> None:
    others = {"L101", "L102", "L111", "L112", "L113", "L202", "L203"}
    assert {case["rule"] for case in CASES if case["found"]} == {rule.code for rule in RULES} - others
    assert {case["rule"] for case in CASES if not case["found"]} == {rule.code for rule in RULES} - others


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_why_what_to_do_instead_and_where_that_is_from(rule: Any) -> None:
    assert rule.summary.endswith(".")
    paragraphs = [paragraph.partition(":")[0] for paragraph in rule.text.split("\n\n")]
    assert [name for name in paragraphs if name in ("Why", "Instead", "Source")] == ["Why", "Instead", "Source"]
    assert rules()[rule.code] == rule


FIRST = {case["rule"]: case for case in reversed(CASES) if case["found"]}


@pytest.mark.parametrize("code", sorted(FIRST))
def test_every_finding_about_a_text_is_told_by_polyleaf_check(project: Project, code: str) -> None:
    project.write("templates/jargon.csv", (REPOSITORY / "templates/jargon.csv").read_bytes())
    project.write(WRITTEN, a_leaflet(FIRST[code]["section"], FIRST[code]["text"]))
    found = project.check("-l", "en", "--select", code)
    assert len(found) == len(FIRST[code]["found"])
    for finding in found:
        assert (finding["code"], finding["severity"]) == (code, rules()[code].severity)
        assert (finding["leaflet"], finding["locale"], finding["file"]) == ("knee", "en", WRITTEN)
        assert finding["line"] > 1
        assert finding["hint"]


# Form and dates ------------------------------------------------------------------------------------------------------


def drop(project: Project, text: str) -> None:
    project.edit(WRITTEN, text, "")


def test_a_missing_section_is_told_where_the_kind_stands_and_keeps_editions_from_being_built(project: Project) -> None:
    drop(project, "## about\n\nYour knee needs **rest** after treatment.\n")
    [finding] = project.check("-l", "en", "--select", "L101")
    assert finding["message"] == "the section 'about' is missing"
    assert finding["line"] == project.line(WRITTEN, "kind:")
    ran = project.build("-f", "web")
    assert ran.exit_code == 1
    assert "error[L101]" in ran.stderr
    assert project.files().keys() == {"manifest.json"}
    assert project.build("-f", "web", "-l", "en", "--draft").exit_code == 0


def test_what_a_leaflet_must_have_hangs_on_its_kind_and_purpose(project: Project) -> None:
    project.edit(WRITTEN, "kind: aftercare\npurpose: aftercare", "kind: procedure\npurpose: pre-consent")
    told = [re.findall("'(.*)'", finding["message"])[0] for finding in project.check("--select", "L101")]
    assert told == ["indications", "contraindications", "procedure", "risks", "alternatives", "benefits", "questions"]


def test_a_missing_section_can_be_waived_in_the_front_matter(project: Project) -> None:
    drop(project, "## about\n\nYour knee needs **rest** after treatment.\n")
    project.edit(WRITTEN, "values:", "waivers: {L101: the title says it}\nvalues:")
    project.translate("de")
    assert project.check("--select", "L101,T15") == []
    assert project.build("-f", "web", "-l", "en").exit_code == 0


def test_a_heading_with_nothing_below_it_is_found_and_can_be_seen_in_a_draft(project: Project) -> None:
    drop(project, "Your knee needs **rest** after treatment.\n")
    [finding] = project.check("-l", "en", "--select", "L102")
    assert finding["line"] == project.line(WRITTEN, "## about")
    assert project.build("-f", "web", "-l", "en").exit_code == 1
    assert project.build("-f", "web", "-l", "en", "--draft").exit_code == 0


def test_a_source_that_nobody_named_is_found_and_shown_as_it_is_written_in_a_draft(project: Project) -> None:
    project.edit(WRITTEN, "[@nice]", "[@nise]")
    unknown, unused = project.check("-l", "en", "--select", "L202,L203")[::-1]
    assert (unknown["code"], unknown["hint"]) == ("L203", "did you mean 'nice'?")
    assert unknown["msgid"][slice(*unknown["msgid_span"])] == "[@nise]"
    assert (unused["code"], unused["line"]) == ("L202", project.line(WRITTEN, "nice:"))
    assert project.build("-f", "web", "-l", "en").exit_code == 1
    assert project.build("-f", "web", "-l", "en", "--draft").exit_code == 0
    assert "[@nise]" in project.output("hill/en/knee.html")


@pytest.mark.parametrize(
    ("published", "review_by", "found"),
    [
        ("2020-01-01", "2021-01-01", ["L111"]),
        ("2020-01-01", "2023-01-02", ["L111", "L112"]),
        ("2024-02-29", "2027-03-01", []),
        ("2024-02-29", "2027-03-02", ["L112"]),
        ("2026-11-24", "2029-11-24", []),
        ("2026-11-24", "2029-11-25", ["L112"]),
        ("2025-01-01", "2026-12-01", []),
        ("2025-01-01", "2026-11-30", ["L111"]),
    ],
)
def test_a_review_is_due_and_at_most_three_years_after_publication(
    tmp_path: Path, published: str, review_by: str, found: list[str]
) -> None:
    text = a_leaflet("about", "Rest.").replace("2026-11-24", published, 1).replace("2028-11-24", review_by)
    subject = a_subject(tmp_path / "x.md", text)
    assert [finding.code for code in ("L111", "L112") for finding in found_by(code, subject)] == found


def test_a_review_date_is_held_against_today(project: Project) -> None:
    project.edit(
        WRITTEN, "published: 2026-11-24\nreview_by: 2028-11-24", "published: 2019-01-01\nreview_by: 2020-01-01"
    )
    [finding] = project.check("-l", "en", "--select", "L1")
    assert (finding["code"], finding["severity"]) == ("L111", "error")
    assert finding["message"] == "the review was due by January 1, 2020"
    assert finding["line"] == project.line(WRITTEN, "review_by")


# Numbers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "frequency", "right"),
    [
        ("Very common", "frequency: 1, of: 10", True),
        ("Very common", "frequency: 99, of: 1000", False),
        ("Common", "frequency: 99, of: 1000", True),
        ("Common", "frequency: 1, of: 10", False),
        ("Common", "frequency: 1, of: 100", True),
        ("Common", "frequency: [1, 10], of: 100", True),
        ("Uncommon", "frequency: [1, 10], of: 1000", True),
        ("Uncommon", "frequency: 1, of: 100", False),
        ("Rare", "frequency: 1, of: 10000", True),
        ("Rare", "frequency: 0.99, of: 10000", False),
        ("Very rare", "frequency: 0.99, of: 10000", True),
        ("Very rare", "frequency: 1, of: 10000", False),
        ("Very rare", "frequency: 0, of: 10000", True),
        ("Very common", "frequency: [9, 30], of: 100", False),
    ],
)
def test_a_word_stands_for_one_band_of_numbers(tmp_path: Path, word: str, frequency: str, right: bool) -> None:
    text = a_leaflet("risks", "WORD: {common} people.").replace("WORD", word)
    subject = a_subject(tmp_path / "x.md", text.replace("frequency: [1, 10], of: 100", frequency))
    assert bool(found_by("L212", subject)) is not right


def test_the_bands_meet_without_a_gap() -> None:
    bands = list(BANDS.values())
    assert [most for _, most in bands[1:]] == [least for least, _ in bands[:-1]]


def test_a_wrong_word_is_told_the_right_one(tmp_path: Path) -> None:
    [finding] = found_by("L212", a_subject(tmp_path / "x.md", a_leaflet("risks", "Rare: {very_common} people.")))
    assert finding.hint == "10–30 in 100 is very common"
    [mixed] = found_by("L212", a_subject(tmp_path / "x.md", a_leaflet("risks", "Common: {five_to_fifteen} people.")))
    assert mixed.hint == "give each part of the range its own word"


# Plain language ------------------------------------------------------------------------------------------------------


def test_a_project_sets_how_hard_its_texts_may_be(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["de"]\n\n[reading]\nsentence = 4\ngrade = 1\n')
    found = project.check("-l", "en", "--select", "L30")
    assert [finding["code"] for finding in found] == ["L302", "L301", "L301", "L301"]
    assert "and 4 are allowed" in found[1]["message"]
    project.write("polyleaf.toml", "locales = []\n\n[reading]\nsentence = 0\n")
    ran = project.run("check")
    assert ran.exit_code == 2
    assert "polyleaf.toml:4: reading.sentence: " in ran.stderr


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "nl", "ru"])
def test_longer_sentences_of_longer_words_take_a_higher_grade(language: str) -> None:
    easy = {"ru": "Вы идёте домой. Мы вам даём лёд.", "de": "Sie gehen nach Haus. Wir sind da."}
    hard = {
        "ru": "Компрессионный трикотаж противопоказан пациентам при декомпенсированной артериальной недостаточности.",
        "de": "Kompressionsbehandlungen sind bei fortgeschrittener arterieller Verschlusskrankheit kontraindiziert.",
    }
    hard_latin = "Contraindicationes antithromboticae compressionis administratae considerationem necessitant."
    low = grade_of(easy.get(language, "La sol es bon. Tu vas la."), Locale(language))
    high = grade_of(hard.get(language, hard_latin), Locale(language))
    assert low is not None
    assert high is not None
    assert low < 6
    assert high > 10


@pytest.mark.parametrize("language", ["ja", "ar", "pl", "tr"])
def test_a_language_without_a_formula_is_not_measured(language: str) -> None:
    assert grade_of("Contraindicationes antithromboticae necessitant.", Locale(language)) is None


def test_flesch_s_table_has_no_jumps() -> None:
    assert [grade_of_ease(ease) for ease in (100, 90, 85, 70, 60, 30, 0)] == [5, 5, 5.5, 7, 9, 16, 18]


def test_a_leaflet_in_german_is_held_to_german_words(tmp_path: Path) -> None:
    text = a_leaflet("risks", "Blutergüsse sind häufig. Wie oft das ist, weiß niemand.")
    assert [pointed_at(found) for found in found_by("L211", a_subject(tmp_path / "x.md", text, "de"))] == ["häufig"]
    nothing = a_leaflet("alternatives", "- Sie können auf die Behandlung verzichten.")
    assert found_by("L231", a_subject(tmp_path / "x.md", nothing, "de")) == []
    other = a_leaflet("alternatives", "- Laser ist eine andere Wahl.")
    assert len(found_by("L231", a_subject(tmp_path / "x.md", other, "de"))) == 1


@pytest.mark.parametrize("code", ["L211", "L213", "L231", "L234", "L311", "L312"])
def test_a_language_without_words_is_not_held_against_them(tmp_path: Path, code: str) -> None:
    for case in CASES:
        if case["rule"] == code:
            assert found_by(code, a_subject(tmp_path / "x.md", a_leaflet(case["section"], case["text"]), "fr")) == []


# The list of jargon --------------------------------------------------------------------------------------------------


def test_the_list_of_jargon_is_the_projects_own(project: Project) -> None:
    project.edit(WRITTEN, "Your knee needs", "Your patella needs")
    assert project.check("-l", "en", "--select", "L321") == []
    project.write("templates/jargon.csv", "term,plain\npatella*,kneecap|knee cap\n")
    [finding] = project.check("-l", "en", "--select", "L321")
    assert finding["hint"] == 'say "kneecap", or add it in brackets'
    project.edit(WRITTEN, "Your patella needs", "Your patella (knee cap) needs")
    assert project.check("-l", "en", "--select", "L321") == []


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("word,plain\n", 1, "the list of jargon has no column 'term'"),
        ("term,plain\nphlebitis\n", 2, "a row without a term or its plain words"),
        ("term,plain\nphlebitis,a sore, red vein\n", 2, "more cells than there are columns"),
        ('term,plain\n"phlebitis,a sore vein\n', 2, "this is no row of a CSV file"),
    ],
)
def test_a_mistake_in_the_list_of_jargon_is_told_with_its_line(
    project: Project, text: str, line: int, told: str
) -> None:
    project.write("templates/jargon.csv", text)
    ran = project.run("check", "-l", "en")
    assert ran.exit_code == 2, ran.output
    assert f"templates/jargon.csv:{line}: " in ran.stderr
    assert told in ran.stderr
    assert "hint: " in ran.stderr


def test_the_starter_projects_list_explains_each_word_but_once() -> None:
    words = load_jargon(REPOSITORY / "templates/jargon.csv", EN).words
    terms = [term for word in words for term in word.terms]
    assert len(words) >= 40
    assert len(terms) == len(set(terms))


# Waivers -------------------------------------------------------------------------------------------------------------

ALLOW = "<!-- polyleaf: allow L201 what everybody knows -->"


def above(project: Project, text: str, *comments: str) -> None:
    project.edit(WRITTEN, text, "\n".join([*comments, text]))


def unsourced(project: Project) -> Iterator[tuple[str, int]]:
    for finding in project.check("-l", "en", "--select", "L201,T15"):
        yield finding["code"], finding["line"]


def test_a_comment_above_a_text_lets_its_finding_stand(project: Project) -> None:
    before = list(unsourced(project))
    above(project, "Your knee needs", ALLOW)
    assert len(list(unsourced(project))) == len(before) - 1
    above(project, "- You find it hard", "<!-- translators: dyspnoea -->", ALLOW)
    assert list(unsourced(project)) == []
    message = load_leaflet(project.path(WRITTEN)).messages
    assert [text.comment for text in message if text.msgid.startswith("You find")] == ["dyspnoea"]
    assert all(text.comment == "" for text in message if text.msgid.startswith("Your knee"))


def test_a_waiver_without_a_reason_and_one_that_waives_nothing_are_findings(project: Project) -> None:
    above(project, "Your knee needs", "<!-- polyleaf: allow L201 -->")
    above(project, "- You find it hard", ALLOW, "<!-- polyleaf: allow L321 it is plain -->")
    found = list(unsourced(project))
    reason = project.line(WRITTEN, "allow L201 -->")
    assert found == [("T151", reason), ("L201", reason + 1), ("T152", project.line(WRITTEN, "allow L321"))]


def test_a_waiver_that_stands_above_nothing_waives_nothing(project: Project) -> None:
    project.edit(WRITTEN, "## about\n", f"## about\n\n{ALLOW}\n")
    codes = [code for code, _ in unsourced(project)]
    assert sorted(codes) == ["L201", "L201", "T152"]


def test_a_waiver_above_a_table_is_for_all_its_rows(project: Project) -> None:
    table = "| What | Where |\n|---|---|\n| Rest | at home |\n| Ice | at home |\n\n"
    project.edit(WRITTEN, "Your knee needs", f"{table}Your knee needs")
    lines = {line for _, line in unsourced(project)}
    above(project, "| What | Where |", ALLOW)
    above(project, "## about", ALLOW)  # as none of its statements cites a source, it is one finding
    assert ("T152", project.line(WRITTEN, ALLOW)) not in list(unsourced(project))
    project.edit(WRITTEN, "after treatment.", "after treatment. [@nice]")
    assert ("T152", project.line(WRITTEN, ALLOW)) in list(unsourced(project))
    assert not any(code == "L201" and line < project.line(WRITTEN, "## aftercare") for code, line in unsourced(project))
    assert lines


def test_a_waiver_of_the_front_matter_is_for_what_is_found_of_the_leaflet_as_a_whole(project: Project) -> None:
    project.edit(WRITTEN, "sources:\n", "sources:\n  other: {title: Another}\n")
    project.edit(WRITTEN, "values:", "waivers: {L202: it is read beside, L201: known to all, l112: ''}\nvalues:")
    found = [(finding["code"], finding["message"]) for finding in project.check("-l", "en", "--select", "L20,T15")]
    assert ("T152", "the waiver of L201 waives nothing") in found
    assert ("T151", "the waiver of L112 gives no reason") in found
    assert "L202" not in {code for code, _ in found}


def test_what_a_leaflet_promises_is_found_in_its_own_language_and_can_be_waived(project: Project) -> None:
    project.edit(WRITTEN, "Your knee needs", "This treatment is painless. Your knee needs")
    [finding] = project.check("-l", "en", "--select", "R")
    assert (finding["code"], finding["line"]) == ("R101", project.line(WRITTEN, "painless"))
    assert pointed_at(Finding(**finding)) == "painless"
    above(project, "This treatment is", "<!-- polyleaf: allow R101 a quotation -->")
    assert project.check("-l", "en", "--select", "R,T15") == []


def test_what_cannot_be_published_for_any_reason_cannot_be_waived(project: Project) -> None:
    project.edit(WRITTEN, "[@nice]", "[@nise]")
    above(project, "- Rest. Length", "<!-- polyleaf: allow L203 I will name it -->")
    found = [finding["code"] for finding in project.check("-l", "en", "--select", "L203,T15")]
    assert sorted(found) == ["L203", "T151"]
    assert project.build("-f", "web", "-l", "en").exit_code == 1


# The repository's own leaflets ---------------------------------------------------------------------------------------


def test_the_repositorys_own_leaflets_have_no_errors(repository: Project) -> None:
    found = repository.check("-l", "en", *LEAFLETS, "--select", "L,T15")
    assert [finding for finding in found if finding["severity"] == "error"] == []
    assert {finding["code"] for finding in found} <= {"L201", "L223", "L301", "L303"}
