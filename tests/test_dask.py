"""Building on a real Dask scheduler with real workers, each in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import CLINIC, LEAFLET, Project

pytest.importorskip("distributed")
pytestmark = pytest.mark.xdist_group("dask")


class Cluster:
    """A scheduler and two workers, with caches of their own and no access to the project's folder but by chance."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack, self._count = folder, stack, 0
        folder.mkdir()
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._said(r"Scheduler at:\s+(tcp://\S+)")
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self, **surroundings: str) -> None:
        options = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(self._folder)]
        worker = self._start("worker", self.address, *options, **surroundings)
        self._said(r"Registered to:\s+(tcp://\S+)")
        self.workers.append(worker)

    def _start(self, *args: str, **surroundings: str) -> subprocess.Popen[bytes]:
        self._count += 1
        log = (self._folder / f"{self._count}.log").open("wb")
        command = [sys.executable, "-m", "dask.__main__", *args]
        environment = {**os.environ, **surroundings}
        process = subprocess.Popen(command, cwd=self._folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        self._stack.enter_context(log)
        self._stack.enter_context(process)
        self._stack.callback(process.kill)
        return process

    def _said(self, pattern: str) -> str:
        """What the process that was started last says, once it has."""
        for _ in range(600):
            text = (self._folder / f"{self._count}.log").read_text()
            if found := re.search(pattern, text):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(text)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(tmp_path / "cluster", stack)


@pytest.fixture
def cluster(scheduler: Cluster) -> Cluster:
    scheduler.add_worker()
    scheduler.add_worker()
    return scheduler


@pytest.fixture
def many(project: Project) -> Project:
    """Enough editions for two workers to be busy for a while."""
    for number in range(2):
        project.write(f"templates/clinics/dale{number}.toml", CLINIC.replace("Hill", f"Dale {number}"))
        project.write(f"templates/leaflets/elbow{number}.md", LEAFLET.replace("knee", "elbow"))
    project.translate("de")
    return project


def command(project: Project, *args: str) -> list[str]:
    return [sys.executable, "-m", "polyleaf", "-C", str(project.root), "build", *args]


def run(project: Project, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(project, *args), check=False, capture_output=True, text=True, timeout=300)


def artifacts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*") if path.suffix != ".json"}


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(many: Project, cluster: Cluster, tmp_path: Path) -> None:
    options = ("--executor", "dask", "--dask-address", cluster.address)
    with subprocess.Popen(command(many, *options), stderr=subprocess.PIPE, text=True) as build:
        assert build.stderr is not None
        told = [build.stderr.readline() for _ in range(5)]
        cluster.workers[0].kill()
        told += build.stderr.readlines()
        assert build.wait(timeout=300) == 0, "".join(told)
    total = len(artifacts(many.path("output")))
    assert f"{total} built, 0 failed" in told[-1]
    assert "Traceback" not in "".join(told)
    assert many.build("--force", "-o", str(tmp_path / "here")).exit_code == 0
    assert artifacts(many.path("output")) == artifacts(tmp_path / "here")
    assert f"0 built, {total} up to date" in run(many, *options).stderr


def test_an_edition_that_never_ends_fails_alone(project: Project, cluster: Cluster) -> None:
    blocks = "templates/themes/default"
    project.own_theme()
    project.translate("de")
    first = "{% macro block(part) -%}"
    endless = first + "{% if page.lang == 'de' %}{% for n in range(10 ** 15) %}{% endfor %}{% endif %}"
    project.edit(f"{blocks}/_blocks.html", first, endless)
    ended = run(project, "--executor", "dask", "--dask-address", cluster.address, "--time-limit", "5", "-f", "web")
    assert ended.returncode == 1
    assert "error[B103]: it took longer than 5 s" in ended.stderr
    told = json.loads(project.output("manifest.json"))["editions"]
    assert {entry["locale"]: entry["outcome"] for entry in told} == {"de": "failed", "en": "built"}


def test_a_worker_with_other_programs_is_refused(project: Project, scheduler: Cluster, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "from polyleaf.build import fingerprint\n"
        "sound = fingerprint.programs\n"
        "fingerprint.programs = lambda: {**sound(), 'weasyprint': '1.0'}\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    scheduler.add_worker(PYTHONPATH=path)
    ended = run(project, "--executor", "dask", "--dask-address", scheduler.address)
    assert ended.returncode == 2
    assert "a Dask worker has weasyprint 1.0 instead of" in ended.stderr
    assert project.files() == {}


def test_a_cluster_of_its_own(project: Project) -> None:
    began = time.monotonic()
    ended = run(project, "--executor", "dask", "-j", "2", "-f", "web")
    assert ended.returncode == 0, ended.stderr
    assert "2 built, 0 failed" in ended.stderr
    assert time.monotonic() - began < 100


def test_an_address_where_nobody_answers(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polyleaf.build.distribute._CONNECT_S", 2)
    for address in ("tcp://127.0.0.1:1", "nonsense://x", "127.0.0.1"):
        ended = project.run("build", "--executor", "dask", "--dask-address", address)
        assert ended.exit_code == 2, ended.stderr
        assert "no Dask scheduler answers at" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_an_address_without_dask(project: Project) -> None:
    assert run(project, "--dask-address", "tcp://127.0.0.1:1").returncode == 2
