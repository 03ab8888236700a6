"""Beginning a project and a leaflet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Project

from polyleaf.cli import main


def polyleaf(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "polyleaf", *args]
    return subprocess.run(command, check=False, cwd=cwd, capture_output=True, text=True)


def test_a_new_project_builds_at_once(tmp_path: Path) -> None:
    made = polyleaf("init", "leaflets", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "polyleaf -C leaflets build" in made.stderr
    run = polyleaf("-C", "leaflets", "build", "-l", "en", "-l", "ar", "-j", "1", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert len(list((tmp_path / "leaflets/output").rglob("*.pdf"))) == 12


def test_the_folder_that_one_stands_in_stays_the_same(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    before = tmp_path.stat()
    made = polyleaf("init", cwd=tmp_path)
    assert made.returncode == 0
    assert "Next: polyleaf build" in made.stderr
    after = tmp_path.stat()
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
    assert polyleaf("build", "-l", "en", "-f", "web", "-j", "1", cwd=tmp_path).returncode == 0


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    run = polyleaf("init", ".", cwd=tmp_path)
    assert run.returncode == 2
    assert "not empty, and nothing was touched" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    script = f"cd {gone} && rmdir {gone} && {sys.executable} -m polyleaf build"
    gone.mkdir()
    run = subprocess.run(["sh", "-c", script], check=False, capture_output=True, text=True)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("name", ["123", "null", "yes", "foam-sclerotherapy"])
@pytest.mark.parametrize("kind", [["--kind", "aftercare", "--purpose", "aftercare"], []])
def test_a_new_leaflet_builds_at_once(project: Project, name: str, kind: list[str]) -> None:
    made = project.run("new", name, *kind)
    assert made.exit_code == 0, made.output
    assert made.stdout.strip().endswith(f"templates/leaflets/{name}.md")
    run = project.build(name, "-l", "en", "-f", "web")
    assert run.exit_code == 0, run.output


def test_a_catalog_that_is_missing_does_not_fill_the_screen(project: Project) -> None:
    project.run("new", "foam")
    run = project.build("foam", "-l", "de", "-f", "web")
    assert run.exit_code == 1
    lines = run.stderr.splitlines()
    assert sum("not translated" in line for line in lines) == 5
    told = json.loads(project.output("manifest.json"))["editions"][0]["findings"]
    assert f"  and {len(told) - 5} more [T101] in locales/de/LC_MESSAGES/foam.po: see manifest.json" in lines


@pytest.mark.parametrize("name", ["Foam", "../x", "polyleaf", "knee", "a b", ""])
def test_a_name_that_cannot_be_used_is_refused(project: Project, name: str) -> None:
    before = sorted(project.root.rglob("*"))
    assert project.run("new", name).exit_code == 2
    assert sorted(project.root.rglob("*")) == before


@pytest.mark.parametrize("command", [[], ["build"], ["init"], ["new"]])
def test_help_has_an_example(command: list[str]) -> None:
    run = CliRunner().invoke(main, [*command, "--help"])
    assert run.exit_code == 0
    assert "polyleaf" in run.stdout
