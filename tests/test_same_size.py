"""The same type in all languages of a clinic, for projects that ask for it."""

from __future__ import annotations

import json
from typing import Any

import polib
import pytest
from conftest import Project, in_capitals

from polyleaf.fit import SPECS, Fitted, TooLong, fit
from polyleaf.html import Sheet
from polyleaf.project import load_project


@pytest.fixture
def uneven(project: Project) -> Project:
    """A German so long that its type has to be smaller than that of the English."""
    project.translate("de", lambda text: " ".join([in_capitals(text)] * 9))
    return project


def sizes(project: Project, *args: str) -> dict[str, Any]:
    ran = project.build(*args)
    assert ran.exit_code == 0, ran.stderr
    editions = json.loads(project.output("manifest.json"))["editions"]
    return {edition["locale"]: edition["type_size_pt"] for edition in editions if edition["type_size_pt"]}


def ask(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["de"]\nsame_size = true\n')


def test_each_language_has_the_largest_type_that_it_can_have(uneven: Project) -> None:
    found = sizes(uneven, "-f", "trifold")
    assert found["de"] < found["en"]


def test_all_languages_have_the_type_of_the_longest_where_that_is_asked_for(uneven: Project) -> None:
    smallest = sizes(uneven, "-f", "trifold")["de"]
    ask(uneven)
    assert sizes(uneven, "-f", "trifold") == {"en": smallest, "de": smallest}


def test_one_language_alone_is_built_in_the_type_of_all(uneven: Project) -> None:
    smallest = sizes(uneven, "-f", "trifold")["de"]
    ask(uneven)
    assert sizes(uneven, "-f", "trifold", "-l", "en") == {"en": smallest, "de": smallest}


def test_a_longer_text_in_one_language_changes_the_type_of_the_others(uneven: Project) -> None:
    ask(uneven)
    before = sizes(uneven, "-f", "trifold")
    assert "2 up to date" in uneven.build("-f", "trifold").stderr
    uneven.translate("de")
    after = sizes(uneven, "-f", "trifold", "-l", "en")
    assert after["en"] > before["en"]


def test_a_language_that_is_not_wholly_translated_holds_no_other_back(uneven: Project) -> None:
    alone = sizes(uneven, "-f", "trifold", "-l", "en")["en"]
    ask(uneven)
    held = sizes(uneven, "-f", "trifold", "-l", "en")["en"]
    path = uneven.path("locales/de/LC_MESSAGES/knee.po")
    catalog = polib.pofile(str(path))
    catalog[0].msgstr = ""
    catalog.save()
    assert held < sizes(uneven, "-f", "trifold", "-l", "en")["en"] == alone


class Pages:
    """A layout that is only counted: each point of type takes a page."""

    def __init__(self, pages: int) -> None:
        self.pages, self.free_mm = pages, 0.0

    def lines(self, first: int, last: int) -> int:
        return last - first


def fitted(format_: str, at_most: float, pages: int = 2) -> tuple[Fitted, list[Sheet]]:
    asked: list[Sheet] = []

    def lay(sheet: Sheet) -> Any:
        asked.append(sheet)
        return Pages(pages + sheet.spare)

    return fit(lay, format_, "en", at_most), asked


@pytest.mark.parametrize(
    ("format_", "at_most", "pages", "size"),
    [
        ("a4", 11.5, 4, 11.5),
        ("a4", 11.2, 4, 11.2),
        ("a4", 9, 4, 11),
        ("a5-booklet", 12, 8, 12),
        ("a5-booklet", 11, 8, 11),
        ("a5-booklet", 10.5, 8, 10.5),
        ("trifold", 9.3, 6, 9.3),
        ("trifold", 5, 6, SPECS["trifold"].sheets("en")[-1].size),
        ("large-print", 12, 30, 18),
    ],
)
def test_type_is_of_the_size_that_is_asked_for_or_the_smallest_allowed(
    format_: str, at_most: float, pages: int, size: float
) -> None:
    found, asked = fitted(format_, at_most, pages)
    assert not isinstance(found, TooLong)
    assert found[0].size == size
    assert len(asked) < 5


def test_what_it_is_asked_with_is_no_number_in_the_configuration(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["de"]\nsame_size = 9\n')
    ran = project.build()
    assert ran.exit_code == 2
    assert "polyleaf.toml:2" in ran.stderr and "same_size" in ran.stderr
    ask(project)
    assert load_project(project.path("polyleaf.toml")).same_size
