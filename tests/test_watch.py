"""Building again whenever a file is saved."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from conftest import CLINIC, Project, signals

from polyleaf.build import Selection, Workers, build
from polyleaf.build.watch import parts
from polyleaf.project import load_project

CATALOG = "locales/de/LC_MESSAGES/knee.po"
PAGE = "hill/de/knee.html"


class Watching:
    def __init__(self, project: Project, build: subprocess.Popen[bytes]) -> None:
        self.project, self.build = project, build

    def told(self) -> str:
        return self.project.path("told.txt").read_text()

    def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(600):
            if holds():
                return
            time.sleep(0.05)
        raise AssertionError(self.told())

    def shows(self, text: str) -> None:
        self.until(lambda: text in self.project.output(PAGE))

    def save(self, name: str, old: str, new: str) -> None:
        """As editors do: a new file takes the place of the old one."""
        text = self.project.path(name).read_text()
        assert old in text
        self.project.write("saved.tmp", text.replace(old, new)).replace(self.project.path(name))


@pytest.fixture
def watching(project: Project, ctrl_c_works: None) -> Iterator[Watching]:
    command = [sys.executable, "-m", "polyleaf", "-C", str(project.root), "build", "--watch", "-j", "1"]
    with (
        project.path("told.txt").open("wb") as told,
        subprocess.Popen(command, stderr=told, start_new_session=True) as build,
    ):
        watching = Watching(project, build)
        watching.until(lambda: watching.told().count("2 built, 0 failed") == 2)
        yield watching
        build.kill()


def test_what_was_saved_is_built_and_nothing_else(watching: Watching) -> None:
    project = watching.project
    pdf = project.files()["hill/de/knee.a4.pdf"]
    english = project.files()["hill/en/knee.a4.pdf"]
    watching.save(CATALOG, "YOUR KNEE NEEDS", "DEIN KNIE BRAUCHT")
    watching.shows("DEIN KNIE BRAUCHT")
    watching.until(lambda: project.files()["hill/de/knee.a4.pdf"] != pdf)
    assert project.files()["hill/en/knee.a4.pdf"] == english
    watching.until(
        lambda: watching.told().count("1 built, 1 up to date") == 3
    )  # web, PDF, and PDF in the type that fits
    assert f"saved: {CATALOG}" in watching.told()


def test_a_pdf_is_there_in_the_old_type_and_then_in_the_one_that_fits(watching: Watching) -> None:
    project = watching.project
    pdf = project.files()["hill/de/knee.a4.pdf"]
    watching.save(CATALOG, "YOUR KNEE NEEDS", "YOUR KNEE NEEDS TIME. " * 2 + "YOUR KNEE NEEDS")
    watching.until(lambda: project.files()["hill/de/knee.a4.pdf"] != pdf)
    watching.until(lambda: watching.told().count("1 built, 1 up to date") == 3)
    watched = project.files()
    entries = json.loads(watched["manifest.json"])["editions"]
    assert all(entry["fingerprint"] for entry in entries)
    watching.build.kill()
    watching.build.wait()
    shutil.rmtree(project.path("output"))
    assert project.build("--force").exit_code == 0
    assert {name: data for name, data in project.files().items() if name.startswith("hill/")} == {
        name: data for name, data in watched.items() if name.startswith("hill/")
    }


def test_a_provisional_pdf_is_not_remembered(project: Project) -> None:
    loaded = load_project(project.path("polyleaf.toml"))
    selection = Selection(locales=["de"], formats=["a4"])
    with Workers(1) as workers:
        [first] = build(loaded, selection, executor=workers).results
        project.edit(CATALOG, "YOUR KNEE NEEDS", "YOUR KNEE NEEDS TIME. YOUR KNEE NEEDS")
        loaded = load_project(project.path("polyleaf.toml"))
        _, hurried = next(parts(loaded, selection, workers))
        [second] = build(loaded, selection, executor=hurried).results
        assert second.provisional
        assert second.outcome == "built"
        assert (second.pages, second.type_size_pt) == (first.pages, first.type_size_pt)
        assert not second.fingerprint
        [third] = build(loaded, selection, executor=workers).results
    assert third.outcome == "built"
    assert not third.provisional
    assert third.fingerprint


def test_what_is_no_pdf_does_not_wait_for_a_profile_of_pdfs(project: Project) -> None:
    loaded, formats = load_project(project.root / "polyleaf.toml"), ("web", "a5-booklet")
    workers = Workers(1)
    printed = parts(loaded, Selection(formats=formats, profiles=("print",)), workers)
    assert [part.formats for part, _ in printed] == [["a5-booklet"]]
    both = parts(loaded, Selection(formats=formats, impose=True), workers)
    assert [(part.formats, part.impose) for part, _ in both] == [(["web"], False), (["a5-booklet"], True)]


def test_a_mistake_is_told_and_the_next_change_mends_it(watching: Watching) -> None:
    watching.save(CATALOG, 'msgctxt "about"', 'msgctxt "about')
    watching.until(lambda: f"{CATALOG}:" in watching.told())
    watching.save(CATALOG, 'msgctxt "about\n', 'msgctxt "about"\n')
    watching.save(CATALOG, "YOUR KNEE NEEDS", "DEIN KNIE BRAUCHT")
    watching.shows("DEIN KNIE BRAUCHT")


def test_a_new_clinic_and_a_new_setting_are_seen(watching: Watching) -> None:
    watching.project.write("templates/clinics/dale.toml", CLINIC.replace("Hill", "Dale"))
    watching.until(lambda: watching.project.path("output/dale/en/knee.a4.pdf").is_file())
    watching.save("polyleaf.toml", 'locales = ["de"]', "locales = []")
    watching.until(lambda: not watching.project.path(f"output/{PAGE}").exists())


@signals
def test_ctrl_c_ends_it(watching: Watching) -> None:
    watching.build.send_signal(signal.SIGINT)
    assert watching.build.wait(timeout=20) == 0
    assert "no longer watching" in watching.told()
    assert "Traceback" not in watching.told()


@pytest.mark.parametrize("option", ["--release", "--executor=inline", "--executor=dask"])
def test_what_does_not_go_with_watching_is_refused(project: Project, option: str) -> None:
    assert project.run("build", "--watch", option).exit_code == 2
