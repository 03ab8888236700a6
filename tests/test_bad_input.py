"""Every mistake in a project is told with file, line and a way out, and leaves the output as it was."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import CLINIC, LEAFLET, LOGO, Project

LEAFLET_FILE = "templates/leaflets/knee.md"
CLINIC_FILE = "templates/clinics/hill.toml"
CATALOG = "locales/de/LC_MESSAGES/knee.po"
THEME = "templates/themes/default"

Mistake = tuple[Callable[[Project], object], str, str | None, str]


def edit(name: str, old: str, new: str) -> Callable[[Project], object]:
    return lambda project: project.edit(name, old, new)


def hours(day: str, opens: str, closes: str) -> str:
    return f'\n[[hours]]\ndays = ["{day}"]\nopens = "{opens}"\ncloses = "{closes}"\n'


MISTAKES: dict[str, Mistake] = {
    # what is done, the file, a text of the line that is named (None: any), a text of the message
    "broken YAML": (
        edit(LEAFLET_FILE, "title: Resting", "title: [Resting"),
        LEAFLET_FILE,
        None,
        "broken YAML",
    ),
    "no front matter": (
        lambda p: p.write(LEAFLET_FILE, "## about\n"),
        LEAFLET_FILE,
        "## about",
        "front matter is missing",
    ),
    "unknown section": (
        edit(LEAFLET_FILE, "## aftercare", "## aftercares"),
        LEAFLET_FILE,
        "## aftercares",
        "did you mean 'aftercare'?",
    ),
    "unknown part": (
        edit(LEAFLET_FILE, "### warning-signs.emergency", "### warning-signs.emergancy"),
        LEAFLET_FILE,
        "emergancy",
        "did you mean 'warning-signs.emergency'?",
    ),
    "unknown field": (
        edit(LEAFLET_FILE, "purpose: aftercare", "purpose: aftercare\nauthor: [Me]"),
        LEAFLET_FILE,
        "author:",
        "did you mean 'authors'?",
    ),
    "missing field": (edit(LEAFLET_FILE, 'version: "1.0"\n', ""), LEAFLET_FILE, None, "'version' is missing"),
    "wrong kind": (edit(LEAFLET_FILE, "kind: aftercare", "kind: operation"), LEAFLET_FILE, "kind:", "kind"),
    "section twice": (
        edit(LEAFLET_FILE, "## aftercare", "## about\n\nAgain.\n\n## aftercare"),
        LEAFLET_FILE,
        None,
        "there twice",
    ),
    "unknown value": (
        edit(LEAFLET_FILE, "rest: {rest}", "rest: {rust}"),
        LEAFLET_FILE,
        "{rust}",
        "did you mean 'rest'?",
    ),
    "unused value": (
        edit(LEAFLET_FILE, "- Come back: {visits}.", "- Come back."),
        LEAFLET_FILE,
        "visits:",
        "'visits' is never used",
    ),
    "wrong value": (edit(LEAFLET_FILE, "unit: day", "unit: dya"), LEAFLET_FILE, "dya", "unknown unit 'dya'"),
    "review before publication": (
        edit(LEAFLET_FILE, "review_by: 2028", "review_by: 2025"),
        LEAFLET_FILE,
        "review_by:",
        "later than published",
    ),
    "leaflet not UTF-8": (
        lambda p: p.write(LEAFLET_FILE, LEAFLET.encode() + "\nGrüße\n".encode("latin-1")),
        LEAFLET_FILE,
        None,
        "not UTF-8",
    ),
    "a dose in octal": (edit(LEAFLET_FILE, "[2, 3]", "010"), LEAFLET_FILE, "010", "'010' is not a number"),
    "a dose in base 60": (edit(LEAFLET_FILE, "[2, 3]", "1:30"), LEAFLET_FILE, "1:30", "'1:30' is not a number"),
    "a day that no calendar has": (
        edit(LEAFLET_FILE, "published: 2026-11-24", "published: 2026-13-45"),
        LEAFLET_FILE,
        "published:",
        "broken YAML",
    ),
    "a YAML alias": (edit(LEAFLET_FILE, "sources:", "x: &a [*a]\nsources:"), LEAFLET_FILE, "&a", "an alias"),
    "text beside a comment": (
        edit(LEAFLET_FILE, "Your knee", "<!-- translators: one --> Never.\n\n<!-- two -->\n\nYour knee"),
        LEAFLET_FILE,
        "Never.",
        "text beside a comment",
    ),
    "a comment without an end": (
        edit(LEAFLET_FILE, "Your knee", "<!-- translators: one\n\nYour knee"),
        LEAFLET_FILE,
        "<!-- translators",
        "text beside a comment",
    ),
    "a placeholder in capitals": (
        edit(LEAFLET_FILE, "{rest}", "{Rest}"),
        LEAFLET_FILE,
        "{Rest}",
        "unknown value {Rest}",
    ),
    "a placeholder by number": (edit(LEAFLET_FILE, "{rest}", "{0}"), LEAFLET_FILE, "{0}", "unknown value {0}"),
    "a table row with a cell too many": (
        edit(LEAFLET_FILE, "Your knee", "| a | b |\n|---|---|\n| 1 | 2 | lost |\n\nYour knee"),
        LEAFLET_FILE,
        "lost",
        "3 cells where the table's heading has 2",
    ),
    "a list that begins in the middle": (
        edit(LEAFLET_FILE, "Your knee", "3. three\n4. four\n\nYour knee"),
        LEAFLET_FILE,
        "3. three",
        "begins with 1",
    ),
    "a text that shows nothing": (
        edit(LEAFLET_FILE, "Your knee needs **rest** after treatment.", "[](https://a.example)"),
        LEAFLET_FILE,
        "[](https",
        "shows nothing",
    ),
    "text that runs backwards": (
        lambda p: p.write(CATALOG, p.path(CATALOG).read_text().replace("YOUR KNEE", "\u202eYOUR KNEE")),
        CATALOG,
        "YOUR KNEE",
        "U+202E (RIGHT-TO-LEFT OVERRIDE)",
    ),
    "plural forms numbered in another way": (
        edit(CATALOG, "nplurals=2; plural=", "nplurals=2; plural=n==2 ? 0 : n >= 0 || "),
        CATALOG,
        None,
        "as CLDR does",
    ),
    "no main phone": (edit(CLINIC_FILE, "+44 20 7946 0123", ""), CLINIC_FILE, "main =", "no phone number"),
    "phone with an extension": (
        edit(CLINIC_FILE, "+44 20 7946 0123", "+44 20 7946 0123 ext 5"),
        CLINIC_FILE,
        "main =",
        "no phone number",
    ),
    "short number with words": (edit(CLINIC_FILE, '"111"', '"1 1 1 x"'), CLINIC_FILE, "urgent =", "no phone number"),
    "broken TOML": (edit(CLINIC_FILE, "[colours]", "[colours"), CLINIC_FILE, None, "broken TOML"),
    "unknown clinic field": (
        edit(CLINIC_FILE, "website", "webside"),
        CLINIC_FILE,
        "webside",
        "did you mean 'website'?",
    ),
    "no phone": (edit(CLINIC_FILE, "+44 20 7946 0123", "+44 20 79"), CLINIC_FILE, "main =", "no phone number"),
    "phone of words": (edit(CLINIC_FILE, "+44 20 7946 0123", "call us"), CLINIC_FILE, "main =", "no phone number"),
    "no emergency number": (
        edit(CLINIC_FILE, 'urgent = "111"', 'emergency = "123"'),
        CLINIC_FILE,
        "emergency =",
        "no emergency number in GB",
    ),
    "unknown territory": (edit(CLINIC_FILE, '"GB"', '"UK "'), CLINIC_FILE, "territory", "unknown territory"),
    "no colour": (
        edit(CLINIC_FILE, "#0b5563", "teal"),
        CLINIC_FILE,
        "primary",
        "colours.primary: 'teal' is not written as it must be\n  hint: write six hexadecimal digits",
    ),
    "missing logo": (
        edit(CLINIC_FILE, "hill/logo.svg", "hill/lego.svg"),
        CLINIC_FILE,
        "logo",
        "is missing or cannot be read",
    ),
    "logo outside": (
        edit(CLINIC_FILE, "hill/logo.svg", "../../polyleaf.toml"),
        CLINIC_FILE,
        "logo",
        "outside the project",
    ),
    "logo that is no image": (
        lambda p: p.write("templates/clinics/hill/logo.svg", "hello"),
        CLINIC_FILE,
        "logo",
        "no SVG image to use",
    ),
    "clinic value out of bounds": (
        lambda p: p.write(CLINIC_FILE, CLINIC + '\n[values.knee]\nrest = {duration = 30, unit = "day"}\n'),
        CLINIC_FILE,
        "rest =",
        "knee.md:11",
    ),
    "clinic value that is closed": (
        lambda p: p.write(CLINIC_FILE, CLINIC + "\n[values.knee]\nvisits = {count = 3}\n"),
        CLINIC_FILE,
        "visits =",
        "clinics cannot set it",
    ),
    "clinic value in another unit": (
        lambda p: p.write(CLINIC_FILE, CLINIC + '\n[values.knee]\nrest = {duration = 3, unit = "week"}\n'),
        CLINIC_FILE,
        "rest =",
        "must be a duration in days",
    ),
    "clinic value of an unknown leaflet": (
        lambda p: p.write(CLINIC_FILE, CLINIC + '\n[values.nee]\nrest = {duration = 3, unit = "day"}\n'),
        CLINIC_FILE,
        "[values.nee]",
        "did you mean 'knee'?",
    ),
    "PO that does not parse": (
        edit(CATALOG, 'msgctxt "title"', 'msgctxt "title'),
        CATALOG,
        None,
        "does not parse",
    ),
    "PO that is not UTF-8": (lambda p: p.write(CATALOG, "# Grüße\n".encode("latin-1")), CATALOG, None, "not UTF-8"),
    "PO with a message twice": (
        lambda p: p.write(
            CATALOG, p.path(CATALOG).read_text() + '\nmsgctxt "title"\nmsgid "Resting your knee"\nmsgstr "A"\n'
        ),
        CATALOG,
        None,
        "there twice",
    ),
    "PO with a plural form too many": (
        edit(CATALOG, "msgstr[1]", 'msgstr[2] "{count}"\nmsgstr[1]'),
        CATALOG,
        None,
        "3 plural forms where de has 2",
    ),
    "unknown locale": (
        lambda p: p.write("polyleaf.toml", 'locales = ["de", "klingon"]\n'),
        "polyleaf.toml",
        "locales",
        "unknown locale 'klingon'",
    ),
    "unknown format": (
        lambda p: p.write("polyleaf.toml", 'locales = ["de"]\nformats = ["a3"]\n'),
        "polyleaf.toml",
        "formats",
        "known are: a4, a5-booklet, fhir.json, large-print, trifold, web",
    ),
    "unknown theme": (
        lambda p: p.write("polyleaf.toml", 'locales = ["de"]\ntheme = "fancy"\n'),
        "polyleaf.toml",
        "theme",
        "unknown theme 'fancy'",
    ),
    "version without quotes": (
        edit(LEAFLET_FILE, 'version: "1.0"', "version: 1.0"),
        LEAFLET_FILE,
        "version:",
        "version: expected text, found 1.0",
    ),
    "version of nothing": (
        edit(LEAFLET_FILE, 'version: "1.0"', 'version: ""'),
        LEAFLET_FILE,
        "version:",
        "version: expected some text",
    ),
    "mistyped kind": (
        edit(LEAFLET_FILE, "kind: aftercare", "kind: procedur"),
        LEAFLET_FILE,
        "kind:",
        "did you mean 'procedure'?",
    ),
    "year that is no number": (
        edit(LEAFLET_FILE, "year: 2020", "year: true"),
        LEAFLET_FILE,
        "year:",
        "sources.nice.year: expected a whole number",
    ),
    "address with a query": (
        edit(CLINIC_FILE, "hill.example/leaflets", "hill.example/?page=1"),
        CLINIC_FILE,
        "website",
        "without ? or #",
    ),
    "hours that end before they begin": (
        lambda p: p.write(CLINIC_FILE, CLINIC + hours("mon", "09:00", "17:00") + hours("tue", "19:00", "07:30")),
        CLINIC_FILE,
        None,
        "hill.toml:20: hours.1: closes at 07:30, before it opens",
    ),
    "a mistake in the second of two opening hours": (
        lambda p: p.write(CLINIC_FILE, CLINIC + hours("mon", "09:00", "17:00") + hours("tuesday", "09:00", "17:00")),
        CLINIC_FILE,
        '"tuesday"',
        "did you mean 'tue'?",
    ),
    "bounds in a clinic's own value": (
        lambda p: p.write(
            CLINIC_FILE,
            CLINIC + '\n[values.knee]\nrest = {duration = 3, unit = "day", clinic = {min = 0, max = 99}}\n',
        ),
        CLINIC_FILE,
        "rest =",
        "its bounds are the leaflet's to set",
    ),
    "PO with a line in the wrong place": (
        edit(CATALOG, 'msgctxt "title"', 'msgctxt "a"\nmsgctxt "title"'),
        CATALOG,
        None,
        "comes at another place",
    ),
    "locale with an encoding": (
        lambda p: p.write("polyleaf.toml", 'locales = ["de", "fr_FR.UTF-8"]\n'),
        "polyleaf.toml",
        "locales",
        "unknown locale 'fr_FR.UTF-8'",
    ),
    "unknown project field": (
        lambda p: p.write("polyleaf.toml", 'locals = ["de"]\n'),
        "polyleaf.toml",
        "locals",
        "did you mean 'locales'?",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_changes_nothing(project: Project, name: str) -> None:
    make, file, at, message = MISTAKES[name]
    project.write("output/hill/de/knee.html", "an older build")
    before = project.files()
    make(project)
    run = project.build()
    assert run.exit_code == 2, run.output
    assert message in run.stderr
    assert "Traceback" not in run.output
    assert run.stdout == ""
    places = [int(line) for line in re.findall(rf"{re.escape(file)}:(\d+): ", run.stderr)]
    assert places, run.stderr
    if at is not None:
        assert project.line(file, at) in places
    assert project.files() == before


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["kne"], "unknown leaflet 'kne'\n  hint: did you mean 'knee'?"),
        (["-l", "dee"], "unknown locale 'dee'\n  hint: did you mean 'de'?"),
        (["-c", "hil"], "unknown clinic 'hil'\n  hint: did you mean 'hill'?"),
        (["-f", "a44"], "unknown format 'a44'\n  hint: did you mean 'a4'?"),
        (["-p", "scren"], "unknown profile 'scren'\n  hint: did you mean 'screen'?"),
        (["--draft", "--release"], "exclude each other"),
        (["-j", "0"], "range"),
        (["--dract"], "--draft"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_known_one(project: Project, args: list[str], message: str) -> None:
    run = project.run("build", *args)
    assert run.exit_code == 2
    assert message in run.stderr
    assert project.files() == {}


def test_all_mistakes_are_told_at_once(project: Project) -> None:
    project.edit(LEAFLET_FILE, "## aftercare", "## aftercares")
    project.edit(LEAFLET_FILE, "rest: {rest}", "rest: {rust}")
    project.edit(CLINIC_FILE, "+44 20 7946 0123", "+44 20 79")
    project.edit(CLINIC_FILE, "hill/logo.svg", "hill/lego.svg")
    project.edit(CATALOG, 'msgctxt "title"', 'msgctxt "title')
    run = project.build("-l", "de")
    assert run.exit_code == 2
    for message in ("aftercares", "{rust}", "no phone number", "lego.svg", "does not parse"):
        assert message in run.stderr
    assert len(re.findall(r"^error: ", run.stderr, re.MULTILINE)) >= 5


def test_a_folder_in_a_catalogs_place_is_no_missing_catalog(project: Project) -> None:
    project.path(CATALOG).unlink()
    project.path(CATALOG).mkdir()
    run = project.build("--draft")
    assert run.exit_code == 2
    assert f"{CATALOG}: cannot be read: Is a directory" in run.stderr
    project.path(CATALOG).rmdir()
    project.path(CATALOG).symlink_to("gone.po")
    run = project.build("--draft")
    assert run.exit_code == 2
    assert f"{CATALOG}: cannot be read" in run.stderr


def test_one_wrong_field_hides_no_other_mistake(project: Project) -> None:
    project.edit(LEAFLET_FILE, 'version: "1.0"', "version: 1.0")
    project.edit(LEAFLET_FILE, "rest: {rest}", "rest: {rust}")
    project.edit(LEAFLET_FILE, "unit: day", "unit: dya")
    project.edit(CLINIC_FILE, "#0b5563", "teal")
    project.edit(CLINIC_FILE, "+44 20 7946 0123", "+44 20 79")
    project.write("polyleaf.toml", 'locales = ["de"]\nformats = "web"\n')
    run = project.build()
    assert run.exit_code == 2
    for message in ("version: expected", "{rust}", "'dya'", "colours.primary", "no phone number", "formats: expected"):
        assert run.stderr.count(message) == 1, run.stderr


@pytest.mark.parametrize("folder", ["", "templates/clinics", "locales", ".."])
def test_the_output_is_kept_apart_from_what_it_is_made_of(project: Project, folder: str) -> None:
    run = project.build("-o", str(project.path(folder)))
    assert run.exit_code == 2
    assert "the output folder" in run.stderr
    assert not list(project.root.rglob("knee.html"))


def test_several_unknown_names_are_told_at_once(project: Project) -> None:
    run = project.build("nee", "-l", "xx", "-c", "valley")
    for message in ("'nee'", "'xx'", "'valley'"):
        assert message in run.stderr


class TestTemplates:
    """A theme of the project's own, with a mistake in it."""

    @pytest.fixture(autouse=True)
    def _own_theme(self, project: Project) -> None:
        project.own_theme()

    def test_a_syntax_error_is_told_with_its_line(self, project: Project) -> None:
        project.edit(f"{THEME}/web.html", "{{ show.title() }}", "{{ show.title( }}")
        run = project.build()
        assert run.exit_code == 2
        line = project.line(f"{THEME}/web.html", "{{ show.title( }}")
        assert f"{THEME}/web.html:{line}: template error" in run.stderr
        assert project.files() == {}

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_an_unknown_name_is_told_with_its_line(self, project: Project, jobs: str) -> None:
        project.write("output/hill/en/knee.html", "an older build")
        before = project.files()
        project.edit(f"{THEME}/web.html", "{{ show.title() }}", "{{ rich(page.titel) }}")
        run = project.run("build", "-j", jobs)
        assert run.exit_code == 2, run.output
        line = project.line(f"{THEME}/web.html", "page.titel")
        assert f"{THEME}/web.html:{line}: template error" in run.stderr
        assert "Traceback" not in run.output
        assert project.files() == before

    @pytest.mark.parametrize(
        "mistake",
        [
            "{{ 1 / 0 }}",
            "{{ page.title + 5 }}",
            "{{ pgettext('x') }}",
            "{% for i in 5 %}{% endfor %}",
            "{{ icon('nope', '#000') }}",
        ],
    )
    def test_whatever_a_template_does_wrong_is_told_with_its_line(self, project: Project, mistake: str) -> None:
        project.edit(f"{THEME}/web.html", "{{ show.title() }}", mistake)
        run = project.build("-f", "web")
        assert run.exit_code == 2, run.output
        line = project.line(f"{THEME}/web.html", mistake)
        assert f"{THEME}/web.html:{line}: template error" in run.stderr
        assert project.files() == {}

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("headings = 5\n", "headings: expected names with their values"),
            ("", "the field 'headings' is missing"),
            ("[heading]\nrisks = 'Risks'\n", "did you mean 'headings'?"),
        ],
    )
    def test_a_mistake_in_its_settings_is_told(self, project: Project, text: str, message: str) -> None:
        project.write(f"{THEME}/theme.toml", text)
        run = project.build()
        assert run.exit_code == 2
        assert f"{THEME}/theme.toml:1: " in run.stderr
        assert message in run.stderr

    def test_a_missing_heading_is_told(self, project: Project) -> None:
        project.edit(f"{THEME}/theme.toml", 'risks = "What are the risks?"\n', "")
        run = project.build()
        assert run.exit_code == 2
        assert "no heading for the section 'risks'" in run.stderr


def test_no_project_is_told_with_a_way_out(tmp_path: object) -> None:
    run = Project(tmp_path).run("build")  # type: ignore[arg-type]
    assert run.exit_code == 2
    assert "no Polyleaf project" in run.stderr
    assert "polyleaf init" in run.stderr


def test_colours_are_left_out_where_nobody_sees_them(project: Project) -> None:
    project.write("templates/clinics/hill/logo.svg", "hello")
    assert "\x1b" not in project.build().output
    project.write("templates/clinics/hill/logo.svg", LOGO)
