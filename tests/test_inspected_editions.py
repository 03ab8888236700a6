"""Preflight of every PDF when it is built: one with an error goes to nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Project

from polyleaf.build.fingerprint import programs

STYLE = "templates/themes/default/a4.css"
PAPER = "templates/themes/default/_paper.css"


LOST = "\nsection h2 { position: absolute; inset-inline-start: -150mm !important; width: 100mm }"
"""What moves headings off the page."""


@pytest.fixture
def themed(project: Project) -> Project:
    project.own_theme()
    return project


def built(project: Project, *args: str) -> dict[str, dict[str, Any]]:
    """The editions of the manifest in English, by their paths, after a build."""
    ran = project.build("-l", "en", "-f", "a4", *args)
    editions = json.loads(project.output("manifest.json"))["editions"]
    assert ran.exit_code == any(edition["outcome"] == "failed" for edition in editions), ran.stderr
    return {edition["path"]: edition for edition in editions}


def codes(edition: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in edition["findings"]}


def add(project: Project, style: str) -> None:
    project.write(STYLE, project.path(STYLE).read_text(encoding="utf-8") + style)


def test_an_edition_without_fault_is_built_and_has_nothing_to_say(project: Project) -> None:
    found = built(project, "-p", "screen", "-p", "print")
    assert {edition["outcome"] for edition in found.values()} == {"built"}
    assert {code for edition in found.values() for code in codes(edition)} == set()


@pytest.mark.parametrize(
    "style",
    [
        "\nsection li:last-child { display: none }",
        LOST,
        "\nsection li { height: 1.2em; width: 20mm; overflow: hidden }",
    ],
)
def test_a_style_that_loses_text_fails_the_edition(themed: Project, style: str) -> None:
    add(themed, style)
    [edition] = built(themed).values()
    assert (edition["outcome"], codes(edition)) == ("failed", {"P261"})
    assert edition["findings"][0]["severity"] == "error"
    assert list(themed.files()) == ["manifest.json"]


def test_what_fails_is_taken_away_from_the_output(themed: Project) -> None:
    assert "hill/en/knee.a4.pdf" in built(themed) and "hill/en/knee.a4.pdf" in themed.files()
    add(themed, LOST)
    built(themed)
    assert "hill/en/knee.a4.pdf" not in themed.files()


def test_a_fault_of_print_leaves_the_file_for_the_screen(themed: Project) -> None:
    add(
        themed,
        "\nbody::before { content: ''; position: absolute; inset: -30mm 0 auto -30mm; height: 40mm; width: 60mm }",
    )
    add(themed, "\n@page { @left-middle { content: ''; background: #123456; width: 100%; height: 40mm } }")
    found = built(themed, "-p", "screen", "-p", "print")
    assert found["hill/en/knee.a4.pdf"]["outcome"] == "built"
    assert codes(found["hill/en/knee.a4.print.pdf"]) == {"P217"}


@pytest.mark.parametrize(
    ("terms", "code"),
    [("smallest_hairline_pt = 5", "P246"), ("safe_area = 30", "P218")],
)
def test_files_for_print_are_held_to_the_project_s_own_terms(project: Project, terms: str, code: str) -> None:
    project.write("polyleaf.toml", f'locales = ["de"]\n[print]\n{terms}\n')
    found = built(project, "-p", "screen", "-p", "print")
    assert code in codes(found["hill/en/knee.a4.print.pdf"])
    assert codes(found["hill/en/knee.a4.pdf"]) == set()


def test_pages_have_the_size_of_the_clinic_s_territory(themed: Project) -> None:
    themed.edit(PAPER, "size: {{ page.paper }}", "size: Letter")
    [edition] = built(themed).values()
    assert codes(edition) == {"P214"}
    assert "215.9 × 279.4 mm, and a4 is 210 × 297 mm" in edition["findings"][0]["message"]


def test_a_pseudo_locale_shows_its_faults(themed: Project) -> None:
    add(themed, LOST)
    ran = themed.build("-l", "en_XA", "-f", "a4")
    assert ran.exit_code == 0, ran.stderr
    assert "warning[P261]" in ran.stderr
    assert "hill/en_XA/knee.a4.pdf" in themed.files()


def test_a_warning_is_told_again_when_nothing_had_to_be_built(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["de"]\n[print]\nsafe_area = 30\n')
    [first] = built(project, "-p", "print").values()
    ran = project.build("-l", "en", "-f", "a4", "-p", "print")
    assert "1 up to date" in ran.stderr and "warning[P218]" in ran.stderr
    assert first["outcome"] == "built"


def test_another_version_of_a_judge_has_editions_built_again() -> None:
    assert {"page-validation", "pdfua", "pikepdf"} <= set(programs())
