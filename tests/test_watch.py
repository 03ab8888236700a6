"""Building again whenever a file is saved."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from conftest import CLINIC, Project, signals

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
    watching.until(lambda: watching.told().count("1 built, 1 up to date") == 2)
    assert f"saved: {CATALOG}" in watching.told()


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
