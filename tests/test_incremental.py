"""Building only what changed: what an edition depends on, what the cache gives back, and what is taken away."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CLINIC, LEAFLET, LOGO, Project, bound_by_modes

from polyleaf.files import cache_root

THEME = "locales/de/LC_MESSAGES/polyleaf.po"
CATALOG = "locales/de/LC_MESSAGES/knee.po"
CONFIG = "polyleaf.toml"
ALL = {f"hill/{locale}/knee.{ending}" for locale in ("de", "en") for ending in ("a4.pdf", "html")}
GERMAN = {path for path in ALL if "/de/" in path}
WEB = {path for path in ALL if path.endswith(".html")}


def rendered(project: Project, *args: str) -> set[str]:
    """Build, and tell which editions were rendered; the others must be up to date."""
    run = project.build(*args)
    assert run.exit_code == 0, run.output
    outcomes = {entry["path"]: entry["outcome"] for entry in editions(project)}
    assert set(outcomes.values()) <= {"built", "up-to-date"}
    return {path for path, outcome in outcomes.items() if outcome == "built"}


def editions(project: Project) -> list[dict[str, object]]:
    return list(json.loads(project.output("manifest.json"))["editions"])


def test_nothing_changed_renders_nothing(project: Project) -> None:
    assert rendered(project) == ALL
    before = project.files()
    assert rendered(project) == set()
    assert {path: data for path, data in project.files().items() if path != "manifest.json"} == {
        path: data for path, data in before.items() if path != "manifest.json"
    }
    for entry in editions(project):
        assert entry["pages"] == (2 if str(entry["path"]).endswith("pdf") else None)
        assert len(str(entry["fingerprint"])) == 64


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (CATALOG, "YOUR KNEE NEEDS", "DEIN KNIE BRAUCHT", GERMAN),
        (CATALOG, 'msgctxt "about"', '# a remark\n#. a note\nmsgctxt "about"', set()),
        (CATALOG, '"Language: de', '"X-Poedit-Basepath: .\\n"\n"Language: de', set()),
        (CATALOG, '"Language: de', '"X-Polyleaf-Origin: machine-drafted\\n"\n"Language: de', GERMAN),
        (THEME, "READ THIS LEAFLET ONLINE", "ONLINE LESEN", {"hill/de/knee.a4.pdf"}),
        (THEME, "ON THIS PAGE", "AUF DIESER SEITE", {"hill/de/knee.html"}),
        (THEME, "HOW DO I PREPARE?", "SO BEREITEN SIE SICH VOR", set()),  # a heading that this leaflet has not
        (THEME, "KEY POINTS", "DAS WICHTIGSTE", GERMAN),
        ("templates/leaflets/knee.md", 'version: "1.0"', 'version: "1.1" # a remark', ALL),
        ("templates/leaflets/knee.md", "kind: aftercare\n", "kind: aftercare # a remark\n", set()),
        ("templates/leaflets/knee.md", "duration: [2, 3]", "duration: [2, 4]", ALL),
        ("templates/leaflets/knee.md", "duration: [2, 3]", "duration: [2,    3]", set()),
        ("templates/clinics/hill.toml", "7946 0123", "7946 0124", ALL),
        ("templates/clinics/hill.toml", "[phones]", "# a remark\n[phones]", set()),
        ("templates/clinics/hill/logo.svg", "0b5563", "0b5564", ALL),
        (CONFIG, 'locales = ["de"]', 'locales = ["de"]  # a remark', set()),
    ],
)
def test_a_change_renders_what_shows_it_and_nothing_else(
    project: Project, file: str, old: str, new: str, expected: set[str]
) -> None:
    before = project.files()
    project.edit(file, old, new)
    assert rendered(project) == expected
    changed = {path for path, data in project.files().items() if before[path] != data} - {"manifest.json"}
    assert changed == expected


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("_paper.css", "line-height: 1.35", "line-height: 1.36", {path for path in ALL if path.endswith("pdf")}),
        ("web.css", "margin", "/* a remark */ margin", WEB),
        ("icons/phone.svg", "<svg", "<svg ", ALL),
        ("theme.toml", "preparation", "preparation", set()),
    ],
)
def test_a_change_of_the_theme_renders_what_is_made_with_it(
    own_theme: Project, file: str, old: str, new: str, expected: set[str]
) -> None:
    own_theme.translate("de")
    rendered(own_theme)
    own_theme.edit(f"templates/themes/default/{file}", old, new)
    own_theme.write("templates/themes/default/unused.png", b"not used by any page")
    assert rendered(own_theme) == expected


def test_what_a_style_sheet_names_is_part_of_the_page(own_theme: Project) -> None:
    own_theme.write("templates/themes/default/paper.svg", LOGO)
    own_theme.edit(
        "templates/themes/default/a4.css", "main { background: #fff; }", 'main { background: url("paper.svg"); }'
    )
    rendered(own_theme, "-f", "a4", "-l", "en")
    own_theme.write("templates/themes/default/paper.svg", LOGO.replace("0b5563", "aaaaaa"))
    assert rendered(own_theme, "-f", "a4", "-l", "en") == {"hill/en/knee.a4.pdf"}


def test_a_value_of_a_clinic_concerns_its_own_leaflet_alone(project: Project) -> None:
    project.write("templates/leaflets/elbow.md", LEAFLET.replace("knee", "elbow"))
    project.translate("de")
    rendered(project, "-l", "en")
    project.write("templates/clinics/hill.toml", CLINIC + '\n[values.knee]\nrest = {duration = [5, 7], unit = "day"}\n')
    assert rendered(project, "-l", "en") == {"hill/en/knee.a4.pdf", "hill/en/knee.html"}


def test_a_language_that_becomes_complete_is_named_by_the_others(project: Project) -> None:
    project.edit(CATALOG, "YOUR KNEE NEEDS **REST** AFTER TREATMENT.", "")
    assert project.build().exit_code == 1
    assert "/de/knee.html" not in project.output("hill/en/knee.html")
    project.translate("de")
    assert rendered(project) == GERMAN | {"hill/en/knee.html"}
    assert "/de/knee.html" in project.output("hill/en/knee.html")


@pytest.mark.usefixtures("built_before")
def test_a_draft_is_no_checked_edition(project: Project) -> None:
    assert rendered(project, "--draft") == ALL
    assert rendered(project) == set()


def test_a_failed_edition_is_tried_again(project: Project) -> None:
    project.edit(CATALOG, "YOUR KNEE NEEDS **REST** AFTER TREATMENT.", "")
    assert project.build().exit_code == 1
    run = project.build()
    assert run.exit_code == 1
    assert "not translated" in run.stderr


@pytest.mark.usefixtures("built_before")
def test_force_renders_everything(project: Project) -> None:
    assert rendered(project, "--force") == ALL


@pytest.mark.usefixtures("built_before")
def test_another_checkout_is_served_from_the_cache(project: Project, tmp_path: Path) -> None:
    elsewhere = Project(tmp_path / "another name")
    shutil.copytree(project.root, elsewhere.root, ignore=shutil.ignore_patterns("output"))
    run = elsewhere.build()
    assert "0 built, 4 up to date, 0 failed (4 put back)" in run.stderr
    assert elsewhere.files() == {
        path: data if path != "manifest.json" else elsewhere.files()[path] for path, data in project.files().items()
    }


@pytest.mark.usefixtures("built_before")
def test_going_back_to_an_earlier_state_renders_nothing(project: Project) -> None:
    first = project.files()["hill/de/knee.html"]
    project.edit(CATALOG, "YOUR KNEE NEEDS", "DEIN KNIE BRAUCHT")
    assert rendered(project) == GERMAN
    project.edit(CATALOG, "DEIN KNIE BRAUCHT", "YOUR KNEE NEEDS")
    assert rendered(project) == set()
    assert project.files()["hill/de/knee.html"] == first


@pytest.mark.usefixtures("built_before")
@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("changed by hand")])
def test_a_file_of_the_output_that_was_changed_or_removed_is_put_back(project: Project, spoil: object) -> None:
    before = project.files()["hill/de/knee.a4.pdf"]
    spoil(project.path("output/hill/de/knee.a4.pdf"))  # type: ignore[operator]
    run = project.build()
    assert "0 built, 4 up to date, 0 failed (1 put back)" in run.stderr
    assert project.files()["hill/de/knee.a4.pdf"] == before


class TestPruning:
    def test_what_no_edition_makes_any_more_is_removed(self, project: Project) -> None:
        project.write("templates/clinics/dale.toml", CLINIC.replace("Hill", "Dale"))
        rendered(project)
        mine = project.write("output/dale/de/mine.txt", "mine")
        other = project.write("output/notes.html", "mine")
        project.path("templates/clinics/dale.toml").unlink()
        run = project.build()
        assert "(4 that nothing makes any more removed)" in run.stderr
        assert mine.read_text() == other.read_text() == "mine"
        assert sorted(project.files()) == sorted([*ALL, "dale/de/mine.txt", "manifest.json", "notes.html"])
        assert not project.path("output/dale/en").exists()
        assert {entry["path"] for entry in editions(project)} == ALL

    @pytest.mark.usefixtures("built_before")
    def test_a_part_of_a_build_leaves_the_rest(self, project: Project) -> None:
        project.build("-l", "en", "-f", "web")
        assert set(project.files()) == ALL | {"manifest.json"}

    @pytest.mark.usefixtures("built_before")
    @pytest.mark.parametrize(
        "field",
        [
            {"path": "../precious.txt"},
            {"path": "/etc/hostname"},
            {"clinic": "..", "path": "../de/knee.html"},
            {"clinic": "a/../..", "path": "a/../../de/knee.html"},
            {"path": 5},
            {"leaflet": None},
        ],
    )
    def test_a_manifest_leads_to_no_other_file(self, project: Project, field: dict[str, object]) -> None:
        precious = project.write("precious.txt", "precious")
        project.write("de/knee.html", "precious")
        told = json.loads(project.output("manifest.json"))
        told["editions"].append({**told["editions"][0], "clinic": "gone", **field})
        project.write("output/manifest.json", json.dumps(told))
        assert project.build().exit_code == 0
        assert precious.read_text() == project.path("de/knee.html").read_text() == "precious"

    def test_nor_does_a_link(self, project: Project, tmp_path: Path) -> None:
        project.write("templates/clinics/dale.toml", CLINIC.replace("Hill", "Dale"))
        rendered(project)
        project.path("templates/clinics/dale.toml").unlink()
        elsewhere = tmp_path / "elsewhere"
        project.path("output/dale").rename(elsewhere)
        project.path("output/dale").symlink_to(elsewhere, target_is_directory=True)
        project.build()
        assert (elsewhere / "de/knee.html").is_file()


class TestExplaining:
    def explained(self, project: Project, *args: str) -> str:
        run = project.build("--explain", *args)
        assert run.exit_code == 0, run.output
        return run.stdout

    def test_the_reasons(self, project: Project) -> None:
        assert "no earlier build of it is in the cache" in self.explained(project, "hill/de/knee.html")
        assert project.files() == {}
        rendered(project)
        assert self.explained(project, "hill/de/knee.html") == "hill/de/knee.html is up to date\n"
        project.edit(CATALOG, "YOUR KNEE NEEDS", "DEIN KNIE BRAUCHT")
        project.edit("templates/clinics/hill.toml", "7946 0123", "7946 0124")
        told = self.explained(project, "hill/de/knee.html")
        assert 'the translation into de of "Your knee needs **rest** after treatment." (knee, about)' in told
        assert "the phone of the clinic hill" in told
        assert len(told.splitlines()) == 3
        assert len(self.explained(project, "hill/en/knee.html").splitlines()) == 2

    @pytest.mark.usefixtures("built_before")
    def test_a_file_that_is_gone(self, project: Project) -> None:
        project.path("output/hill/de/knee.html").unlink()
        assert "would be put back" in self.explained(project, "hill/de/knee.html")

    def test_an_edition_that_there_is_not(self, project: Project) -> None:
        run = project.build("--explain", "hill/de/knees.html")
        assert run.exit_code == 2
        assert "did you mean 'hill/de/knee.html'?" in run.stderr


class TestCache:
    @pytest.mark.usefixtures("built_before")
    def test_what_it_holds_is_told(self, project: Project) -> None:
        told = project.run("cache", "info").stdout
        assert "editions   4" in told
        assert "artifacts  4, " in told
        assert str(cache_root()) in told

    @pytest.mark.usefixtures("built_before")
    def test_it_can_be_emptied(self, project: Project) -> None:
        assert "freed" in project.run("cache", "prune", "--all").stderr
        assert "artifacts  0, 0 B" in project.run("cache", "info").stdout
        assert rendered(project) == ALL

    def test_what_was_used_last_stays(self, project: Project) -> None:
        rendered(project, "-l", "de")
        rendered(project, "-l", "en")
        rendered(project, "-l", "de")
        kept = sum(len(data) for path, data in project.files().items() if "/de/" in path)
        assert project.run("cache", "prune", "--size", str(kept)).exit_code == 0
        assert rendered(project) == ALL - GERMAN

    def test_it_stays_within_its_limit(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("POLYLEAF_CACHE_LIMIT", "60000")
        rendered(project)
        objects = [path for path in (cache_root() / "builds/objects").rglob("*") if path.is_file()]
        assert 0 < sum(path.stat().st_size for path in objects) <= 60000

    @pytest.mark.parametrize("text", ["", "many", "-5", "1.5GiB"])
    def test_a_size_that_is_none(self, project: Project, text: str) -> None:
        assert project.run("cache", "prune", "--size", text).exit_code == 2

    def test_old_versions_of_an_edition_do_not_pile_up(self, project: Project) -> None:
        for number in range(12):
            project.edit(CATALOG, "YOUR KNEE", f"YOUR KNEE {chr(ord('A') + number)}")
            rendered(project, "-l", "de", "-f", "web")
        project.run("cache", "prune")
        assert "editions   8" in project.run("cache", "info").stdout

    @pytest.mark.skipif(sys.platform == "win32", reason="folders have no modes there")
    def test_a_cache_that_cannot_be_written_is_no_obstacle(self, project: Project) -> None:
        cache_root().chmod(0o500)
        command = [sys.executable, "-m", "polyleaf", "-C", str(project.root), "build", "-f", "web"]
        run = subprocess.run(bound_by_modes(command), check=False, capture_output=True, text=True)
        cache_root().chmod(0o700)
        assert run.returncode == 0, run.stderr
        assert "the cache cannot be used" in run.stderr
        assert set(project.files()) == WEB | {"manifest.json"}

    def test_a_cache_in_whose_place_there_is_a_file_is_no_obstacle(self, project: Project) -> None:
        project.write("../cache/builds", "in the way")
        run = project.build()
        assert run.exit_code == 0, run.output
        assert "the cache cannot be used" in run.stderr
        assert set(project.files()) == ALL | {"manifest.json"}
