"""Whether a clinic's colours can be read, on a screen and on paper."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import REPOSITORY, Project

from polyleaf.colour import _ciede2000, _oklab, contrast, difference, shades
from polyleaf.palette import NEEDED, ORIGINS, STAND_INS, palette_of
from polyleaf.paper import printed, profile
from polyleaf.theme import load_theme

HILL = "templates/clinics/hill.toml"
THEME = "templates/themes/default/theme.toml"
PAIRS = load_theme(REPOSITORY / "templates/themes/default").pairs


def colours(project: Project, *args: str) -> list[dict[str, Any]]:
    return project.check("--select", "A2", *args)


def with_primary(project: Project, primary: str) -> Project:
    project.edit(HILL, "#0b5563", primary)
    return project


# What a person is told -----------------------------------------------------------------------------------------------


def test_colours_that_can_be_read_are_not_talked_about(project: Project) -> None:
    assert colours(project) == []


def test_a_middling_colour_on_which_neither_white_nor_ink_can_be_read_is_found(project: Project) -> None:
    [found] = [finding for finding in colours(with_primary(project, "#7b868c")) if finding["code"] == "A201"]
    assert found["severity"] == "warning"
    assert (found["file"], found["line"]) == (HILL, project.line(HILL, "primary"))
    assert found["clinic"] == "hill"
    assert (
        "title and name in the band: on-primary #1c2b30 on primary #7b868c has a contrast of 3.91:1" in found["message"]
    )
    assert found["message"].endswith("text needs 4.5:1")


def test_the_proposal_is_of_the_same_hue_and_passes_and_is_not_taken(project: Project) -> None:
    before = with_primary(project, "#4d8fa3").path(HILL).read_text()
    [found] = [finding for finding in colours(project) if finding["code"] == "A201"]
    assert project.path(HILL).read_text() == before
    proposed = found["hint"].split('"')[1]
    assert difference(proposed, "#4d8fa3") < 12
    assert hue(proposed) == pytest.approx(hue("#4d8fa3"), abs=0.03)
    project.edit(HILL, "#4d8fa3", proposed)
    assert not {finding["code"] for finding in colours(project)} & {"A201", "A202"}


def test_a_colour_that_just_fails_is_not_rounded_up(project: Project) -> None:
    assert f"{contrast('#959595', '#ffffff'):.1f}" == "3.0"
    project.edit(HILL, "#c8573b", "#959595")
    [found] = [finding for finding in colours(project) if finding["code"] == "A201"]
    assert "has a contrast of 2.99:1, and a sign or line needs 3:1" in found["message"]
    assert found["line"] == project.line(HILL, "accent")


def test_a_pale_colour_gives_way_to_ink_in_headings_and_the_clinic_hears_of_it(project: Project) -> None:
    [found] = [finding for finding in colours(with_primary(project, "#ffe08a")) if finding["code"] == "A204"]
    assert found["severity"] == "note"
    assert "headings are set in dark ink, not in #ffe08a" in found["message"]
    proposed = found["hint"].split('"')[1]
    project.edit(HILL, "#ffe08a", proposed)
    assert "A204" not in {finding["code"] for finding in colours(project)}


def test_a_colour_that_ink_cannot_show_is_told_with_what_it_becomes(project: Project) -> None:
    [found] = [finding for finding in colours(with_primary(project, "#0000ff")) if finding["code"] == "A203"]
    becomes = printed(["#0000ff"], profile())["#0000ff"]
    assert found["severity"] == "note"
    assert f"on paper #0000ff becomes {becomes}, which looks different (CIEDE2000 " in found["message"]
    assert difference("#0000ff", becomes) > 5


def test_a_colour_that_can_be_read_on_a_screen_alone_is_found(project: Project) -> None:
    primary = next(
        shade
        for start in ("#00a000", "#ff00ff", "#0080ff", "#e05000", "#008080")
        for shade in shades(start)
        if passes(shade) and not passes(shade, on_paper=True)
    )
    found = colours(with_primary(project, primary))
    assert "A201" not in {finding["code"] for finding in found}
    [first, *_] = [finding for finding in found if finding["code"] == "A202"]
    assert first["message"].startswith("on paper, ")
    assert passes(first["hint"].split('"')[1], on_paper=True)


def passes(primary: str, on_paper: bool = False) -> bool:
    page = palette_of(primary, "#c8573b")
    pairs = [(page.get(p.colour, p.colour), page.get(p.background, p.background), NEEDED[p.use]) for p in PAIRS]
    seen = printed((colour for pair in pairs for colour in pair[:2]), profile()) if on_paper else {}
    return all(contrast(seen.get(a, a), seen.get(b, b)) >= needed for a, b, needed in pairs)


def hue(colour: str) -> float:
    """In radians."""
    from math import atan2

    _, a, b = _oklab(colour)
    return atan2(b, a)


# Where it is asked ---------------------------------------------------------------------------------------------------


def test_clinics_can_be_looked_at_one_by_one(project: Project) -> None:
    project.write("templates/clinics/lake.toml", project.path(HILL).read_text().replace("#0b5563", "#7b868c"))
    assert {finding["clinic"] for finding in colours(project)} == {"lake"}
    assert colours(project, "-c", "hill") == []
    assert {finding["clinic"] for finding in colours(project, "-c", "lake", "-c", "hill")} == {"lake"}
    run = project.run("check", "-c", "lakk")
    assert run.exit_code == 2
    assert "unknown clinic 'lakk'\n  hint: did you mean 'lake'?" in run.stderr


def test_who_asks_for_a_leaflet_hears_of_colours_where_a_clinic_is_asked_for(project: Project) -> None:
    with_primary(project, "#7b868c")
    assert colours(project, "knee") == colours(project, "-l", "de") == []
    assert colours(project, "knee", "-c", "hill") != []
    catalog = str(project.path("locales/de/LC_MESSAGES/knee.po"))
    assert project.run("check", catalog, "-c", "hill", "--select", "A2").stderr.endswith("of 1 catalog\n")


def test_a_build_warns_of_each_edition_and_says_it_once(project: Project) -> None:
    with_primary(project, "#7b868c")
    run = project.build("-f", "web")
    assert run.exit_code == 0
    assert run.stderr.count("warning[A201]") == 1
    editions = json.loads(project.output("manifest.json"))["editions"]
    assert [[finding["code"] for finding in edition["findings"]] for edition in editions] == [["A201"], ["A201"]]
    assert "A201" in project.build("-f", "web").stderr  # also of what was built before


def test_a_theme_that_asks_for_more_contrast_renders_anew(own_theme: Project) -> None:
    assert own_theme.build("-l", "en", "-f", "web").exit_code == 0
    own_theme.edit(THEME, 'use = "decoration"', 'use = "graphic"')
    run = own_theme.build("-l", "en", "-f", "web")
    assert "warning[A201]" in run.stderr
    assert "1 built" in run.stderr


# Themes --------------------------------------------------------------------------------------------------------------


def test_a_theme_is_held_to_its_own_colours_too(own_theme: Project) -> None:
    own_theme.edit(THEME, 'colour = "#4b5a5e"', 'colour = "#a9b4b7"')
    found = colours(own_theme)
    assert [finding["code"] for finding in found if finding["file"] == THEME] == ["A201"]
    assert found[0]["line"] == own_theme.line(THEME, "#a9b4b7") - 1
    assert contrast(found[0]["hint"].split('"')[1], "#ffffff") >= 4.5


def test_a_theme_that_says_nothing_of_its_colours_is_told_so(own_theme: Project) -> None:
    text = own_theme.path(THEME).read_text()
    own_theme.write(THEME, text[: text.index("[[pairs]]")])
    [found] = colours(own_theme)
    assert (found["code"], found["severity"], found["file"]) == ("A205", "warning", THEME)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('on = ["primary"]', 'on = ["primari"]', "unknown colour 'primari'\n  hint: did you mean 'primary'?"),
        ('on = ["primary"]', "on = []", "pairs.0.on"),
        ('use = "graphic"', 'use = "sign"', "unknown 'sign'"),
        ('where = "line below the band"', "", "the field 'pairs.1.where' is missing"),
    ],
)
def test_mistakes_in_pairs_are_told_with_their_line(own_theme: Project, old: str, new: str, expected: str) -> None:
    own_theme.edit(THEME, old, new)
    run = own_theme.run("check")
    assert run.exit_code == 2
    assert expected in run.stderr
    assert f"{THEME}:" in run.stderr


def test_the_default_theme_says_of_every_colour_what_it_stands_on() -> None:
    assert {name for pair in PAIRS for name in (pair.colour, pair.background)} >= set(STAND_INS)
    assert set(ORIGINS) == set(STAND_INS)


def test_the_default_theme_says_of_every_fixed_colour_of_its_texts_what_it_stands_on() -> None:
    import re

    folder = REPOSITORY / "templates/themes/default"
    said = {pair.colour for pair in PAIRS} | {"#fff"}
    for name in ("a4.css", "web.css"):
        assert set(re.findall(r"(?<![-\w])color: (#[0-9a-f]+)", (folder / name).read_text())) <= said


# Numbers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (58, 24, 15), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_colours_differ_as_the_published_test_data_says(
    one: tuple[float, float, float], other: tuple[float, float, float], expected: float
) -> None:
    """Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula", table 1."""
    assert _ciede2000(one, other) == pytest.approx(expected, abs=5e-5)
    assert _ciede2000(other, one) == pytest.approx(expected, abs=5e-5)


def test_the_shades_of_a_colour_go_from_black_to_white_and_come_by_it() -> None:
    found = list(shades("#c8573b"))
    assert (found[0], found[-1]) == ("#000000", "#ffffff")
    assert min(difference(shade, "#c8573b") for shade in found) < 0.5
    assert sorted(found, key=lambda shade: contrast(shade, "#000000")) == found


def test_on_paper_white_is_white_and_dark_ink_is_dark() -> None:
    seen = printed(["#ffffff", "#1c2b30", "#00ff00"], profile())
    assert seen["#ffffff"] == "#ffffff"
    assert contrast(seen["#1c2b30"], "#ffffff") > 10
    assert difference(seen["#00ff00"], "#00ff00") > 10
    assert printed([], profile()) == {}
