"""What a build survives: workers that crash or never end, kills at any moment, full disks, damaged caches, company."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import Project, bound_by_modes, signals

from polyleaf import files
from polyleaf.build import cache as caching
from polyleaf.build import execute, worker
from polyleaf.files import cache_root

ALL = ["hill/de/knee.a4.pdf", "hill/de/knee.html", "hill/en/knee.a4.pdf", "hill/en/knee.html"]
BLOCKS = "templates/themes/default/_blocks.html"
LEAFLET_FILE = "templates/leaflets/knee.md"
FIRST = "{% macro block(part) -%}"


def command(project: Project, *args: str) -> list[str]:
    return [sys.executable, "-m", "polyleaf", "-C", str(project.root), "build", *args]


def run(project: Project, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(project, *args), check=False, capture_output=True, text=True, timeout=120)


def outcomes(project: Project) -> dict[str, str]:
    return {entry["path"]: entry["outcome"] for entry in json.loads(project.output("manifest.json"))["editions"]}


def codes(project: Project) -> dict[str, list[str]]:
    told = json.loads(project.output("manifest.json"))["editions"]
    return {entry["path"]: [finding["code"] for finding in entry["findings"]] for entry in told}


@pytest.fixture
def sound(first_build: Path) -> dict[str, bytes]:
    """The artifacts of the project, made by a build that nothing disturbs."""
    return {path: (first_build / "output" / path).read_bytes() for path in ALL}


def assert_right(project: Project, sound: dict[str, bytes]) -> None:
    """The next build ends right, and nothing is left lying about."""
    ended = project.build()
    assert ended.exit_code == 0, ended.stderr
    assert_there(project, sound)


def assert_there(project: Project, sound: dict[str, bytes]) -> None:
    """All artifacts are in the output, and nothing else."""
    found = project.files()
    assert set(outcomes(project)) == set(ALL)
    del found["manifest.json"]
    assert found == sound


@pytest.fixture
def theme(project: Project) -> Project:
    shutil.copytree(Path(__file__).parents[1] / "templates/themes/default", project.path("templates/themes/default"))
    project.translate("de")
    return project


class TestWorkers:
    def test_one_that_never_ends_fails_alone(self, theme: Project) -> None:
        endless = FIRST + "{% if page.lang == 'de' %}{% for n in range(10 ** 15) %}{% endfor %}{% endif %}"
        theme.edit(BLOCKS, FIRST, endless)
        ended = run(theme, "-j", "2", "--time-limit", "4", "-f", "web")
        assert ended.returncode == 1
        assert "error[B103]: it took longer than 4 s" in ended.stderr
        assert outcomes(theme) == {"hill/de/knee.html": "failed", "hill/en/knee.html": "built"}

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the memory of a process")
    def test_one_that_takes_all_memory_fails_alone(self, theme: Project) -> None:
        theme.edit(BLOCKS, FIRST, FIRST + "{% if page.lang == 'de' %}{{ ('x' * 10 ** 11) | length }}{% endif %}")
        ended = run(theme, "-j", "1", "-f", "web")
        assert ended.returncode == 1
        assert codes(theme) == {"hill/de/knee.html": ["B104"], "hill/en/knee.html": []}
        assert f"more memory than {worker.MEMORY_LIMIT >> 30} GiB" in ended.stderr

    @pytest.mark.skipif(sys.platform == "win32", reason="no process of Windows ends by SIGKILL")
    @pytest.mark.parametrize("times", [1, 9])
    def test_one_whose_worker_is_killed_is_tried_once_more(self, theme: Project, tmp_path: Path, times: int) -> None:
        """As by the kernel when memory runs out: the worker is gone without a word."""
        marks = tmp_path / "marks"
        marks.mkdir()
        plugin = tmp_path / "sitecustomize.py"
        plugin.write_text(
            f"""
import os, pathlib, signal
from polyleaf.build import render
sound = render.Renderer.render
def render_or_die(self, edition, assumed):
    marks = pathlib.Path({str(marks)!r})
    if edition.locale == "de" and len(list(marks.iterdir())) < {times}:
        (marks / str(os.getpid())).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return sound(self, edition, assumed)
render.Renderer.render = render_or_die
"""
        )
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        ended = subprocess.run(
            command(theme, "-j", "2", "-f", "web"), check=False, capture_output=True, text=True, env=environment
        )
        assert "Traceback" not in ended.stderr
        if times == 1:
            assert ended.returncode == 0, ended.stderr
            assert set(outcomes(theme).values()) == {"built"}
        else:
            assert ended.returncode == 1
            assert codes(theme) == {"hill/de/knee.html": ["B101"], "hill/en/knee.html": []}
            assert len(list(marks.iterdir())) == 2

    def test_one_that_does_not_come_up_ends_the_build(
        self, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "slow/weasyprint").mkdir(parents=True)
        (tmp_path / "slow/weasyprint/__init__.py").write_text("import time; time.sleep(1000)")
        monkeypatch.syspath_prepend(tmp_path / "slow")  # which workers inherit
        monkeypatch.setattr(execute, "_START_LIMIT", 3)
        ended = project.run("build", "-j", "2", "-f", "web")
        assert ended.exit_code == 2
        assert "a worker process could not start, or took longer than 3 s" in ended.stderr
        assert project.files() == {}

    def test_a_mistake_of_a_template_ends_the_build_and_leaves_the_output(self, theme: Project) -> None:
        assert theme.build("-f", "web").exit_code == 0
        before = theme.files()
        theme.edit(BLOCKS, FIRST, FIRST + "{{ page.nothing }}")
        ended = run(theme, "-j", "2", "-f", "web")
        assert ended.returncode == 2
        assert f"{BLOCKS}:" in ended.stderr
        assert theme.files() == before

    def test_none_goes_on_when_the_build_is_killed(self, theme: Project) -> None:
        theme.edit(BLOCKS, FIRST, FIRST + "{% for n in range(10 ** 15) %}{% endfor %}")
        with subprocess.Popen(command(theme, "-j", "2"), stderr=subprocess.DEVNULL) as build:
            workers = _workers_of(build.pid, 2)
            time.sleep(2)
            build.kill()
            _, alive = psutil.wait_procs(workers, timeout=10)
            assert alive == []


def _workers_of(pid: int, count: int) -> list[psutil.Process]:
    """The processes that a build started, once it has."""
    for _ in range(200):
        found = [child for child in psutil.Process(pid).children() if "spawn_main" in " ".join(child.cmdline())]
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError("no workers were started")


@pytest.mark.usefixtures("ctrl_c_works")
@signals
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_build_that_is_told_to_end_leaves_nothing_behind(project: Project, number: int, status: int) -> None:
    with subprocess.Popen(
        command(project, "-j", "2"), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as build:
        assert build.stderr is not None
        build.stderr.readline()  # the first edition is done, and others are being rendered
        os.killpg(build.pid, number) if number == signal.SIGINT else build.send_signal(number)
        told = build.stderr.read()  # ends when the last worker has
        assert build.wait(timeout=30) == status
    assert "Traceback" not in told
    assert not list(project.root.glob("output/*"))


@pytest.mark.usefixtures("ctrl_c_works")
@signals
@pytest.mark.parametrize("after", [0.3, 0.6, 0.9, 1.2, 1.6, 2.2, 3.0])
def test_ctrl_c_ends_a_build_within_a_second_and_leaves_nothing(project: Project, after: float) -> None:
    with subprocess.Popen(
        command(project, "-j", "2"), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as build:
        time.sleep(after)
        began = time.monotonic()
        if build.poll() is None:
            os.killpg(build.pid, signal.SIGINT)
        assert build.stderr is not None
        told = build.stderr.read()  # ends when the last worker has
        status = build.wait(timeout=30)
        took = time.monotonic() - began
    assert took < 1 or status == 0
    if status == 0 or "4 built, 0 failed" in told:  # it was done before, or done and Python was ending
        assert status in (0, -signal.SIGINT)
        assert set(project.files()) == {*ALL, "manifest.json"}
        assert "Traceback" not in told
        return
    if status == 130:
        assert "Traceback" not in told
    else:  # Python itself was still starting
        assert after < 1
        assert status in (1, -signal.SIGINT)
    assert project.files() == {}


def test_a_kill_at_any_moment_spoils_nothing(project: Project, sound: dict[str, bytes]) -> None:
    chance = random.Random(7)
    for _ in range(6):
        with subprocess.Popen(command(project, "-j", "2", "--force"), stderr=subprocess.DEVNULL) as build:
            time.sleep(chance.uniform(0.5, 5))
            build.kill()
        for path, data in project.files().items():
            if path in sound:
                assert data == sound[path], path
    assert_right(project, sound)


def _full_after(passing: int, below: str) -> Callable[[Path, bytes], int]:
    """Lets some writes pass, then says that the disk is full."""
    sound, left = Path.write_bytes, [passing]

    def write(path: Path, data: bytes) -> int:
        if below in str(path):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return sound(path, data)

    return write


@pytest.mark.parametrize("passing", [0, 1, 3])
def test_a_full_disk_under_the_output_leaves_it_as_it_was(
    project: Project, sound: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, passing: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", _full_after(passing, "/output/"))
        ended = project.build()
    assert ended.exit_code == 2
    assert "No space left on device" in ended.stderr
    assert project.files() == {}
    assert_right(project, sound)


def test_a_disk_that_is_really_full(project: Project, sound: dict[str, bytes], tmp_path: Path) -> None:
    """A file system of 48 KB, which the editions do not fit on; mounted where the tests run as root."""
    small = tmp_path / "small"
    small.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", small], check=False, capture_output=True)
    if mount.returncode != 0:
        pytest.skip("a small file system cannot be mounted here; the full disk is also tested without one")
    try:
        ended = run(project, "-j", "2", "-o", str(small))
        assert ended.returncode == 2
        assert "No space left on device" in ended.stderr
        assert list(small.iterdir()) == []
        full_cache = {**os.environ, "POLYLEAF_CACHE_DIR": str(small / "cache")}
        (small / "cache").mkdir()
        (small / "cache/fonts").symlink_to((cache_root() / "fonts").resolve())
        built = subprocess.run(command(project), check=False, capture_output=True, text=True, env=full_cache)
        assert built.returncode == 0, built.stderr
        assert "the cache cannot be used" in built.stderr
    finally:
        subprocess.run(["umount", small], check=True)
    assert_right(project, sound)


def test_a_full_disk_under_the_cache_is_no_obstacle(
    project: Project, sound: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        if "objects" in path.parts:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        files.write_atomically(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(caching, "write_atomically", full)
        ended = project.build()
    assert ended.exit_code == 0
    assert "the cache cannot be used, so all is built again next time: No space left on device" in ended.stderr
    assert_right(project, sound)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no modes there")
def test_an_output_that_cannot_be_written_is_told(project: Project) -> None:
    assert project.build("-f", "web").exit_code == 0
    before = project.files()
    project.edit("templates/clinics/hill.toml", "7946 0123", "7946 0124")
    folder = project.path("output")
    folder.chmod(0o500)
    ended = subprocess.run(bound_by_modes(command(project, "-f", "web")), check=False, capture_output=True, text=True)
    folder.chmod(0o700)
    assert ended.returncode == 2
    assert "the output folder cannot be written to" in ended.stderr
    assert project.files() == before


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux has file systems that nobody can write to")
def test_an_output_on_a_read_only_file_system_is_told(project: Project) -> None:
    for folder in ("/sys", "/proc/self"):
        ended = project.build("-o", f"{folder}/output")
        assert ended.exit_code == 2
        assert "the output folder cannot be written to" in ended.stderr


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 3, len(data), max(len(data) // 700, 1)):
        data[at] ^= 0x10
    path.write_bytes(bytes(data))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _fill(path: Path) -> None:
    path.write_bytes(b"nonsense " * 1000)


class TestADamagedCache:
    @pytest.mark.usefixtures("built_before")
    @pytest.mark.parametrize("damage", [_truncate, _flip, _empty, _fill, Path.unlink])
    @pytest.mark.parametrize("pattern", ["builds/objects/??/*", "builds/index-*.sqlite3"])
    def test_is_as_good_as_none(self, project: Project, sound: dict[str, bytes], damage: Any, pattern: str) -> None:
        shutil.rmtree(project.path("output"))
        for path in cache_root().glob(pattern):
            damage(path)
        assert_right(project, sound)
        again = project.build()
        assert "0 built, 4 up to date" in again.stderr, again.stderr

    @pytest.mark.usefixtures("built_before")
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE traces SET result = replace(result, '2', '3')",
            "UPDATE traces SET sets = '', sum = sum",
            "UPDATE traces SET sha256 = (SELECT max(sha256) FROM traces)",
            "UPDATE factsets SET facts = replace(facts, 'a', 'b')",
            "DELETE FROM factsets",
            "UPDATE factsets SET facts = 'no JSON'",
            "DROP TABLE traces",
            "PRAGMA user_version = 99",
        ],
    )
    def test_whose_database_says_something_else_is_not_believed(
        self, project: Project, sound: dict[str, bytes], change: str
    ) -> None:
        [path] = cache_root().glob("builds/index-*.sqlite3")
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(change)
        assert_right(project, sound)
        assert all(entry["pages"] in (2, None) for entry in json.loads(project.output("manifest.json"))["editions"])

    @pytest.mark.parametrize("damage", [_truncate, _flip, _empty])
    def test_of_fonts_is_made_anew(
        self, project: Project, sound: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Any
    ) -> None:
        fonts = tmp_path / "own fonts"
        shutil.copytree(cache_root() / "fonts", fonts / "fonts", ignore=shutil.ignore_patterns("fontconfig"))
        for face in (fonts / "fonts").glob("NotoSans-*.ttf"):
            damage(face)
        monkeypatch.setenv("POLYLEAF_CACHE_DIR", str(fonts))
        ended = run(project, "--executor", "inline")  # a process that has not loaded them
        assert ended.returncode == 0, ended.stderr
        assert_there(project, sound)


def test_a_clock_that_is_set_back_changes_nothing(project: Project, sound: dict[str, bytes]) -> None:
    assert project.build().exit_code == 0
    future = time.time() + 10 * 365 * 86400
    for path in (*project.root.rglob("*"), *cache_root().glob("builds/**/*")):
        if path.is_file():
            os.utime(path, (future, future))  # as if all had been made ten years from now
    assert "0 built, 4 up to date" in project.build().stderr
    project.edit("locales/de/LC_MESSAGES/knee.po", "YOUR KNEE NEEDS", "DEIN KNIE BRAUCHT")
    for path in project.root.rglob("*.po"):
        os.utime(path, (0, 0))
    assert "2 built, 2 up to date" in project.build().stderr
    project.edit("locales/de/LC_MESSAGES/knee.po", "DEIN KNIE BRAUCHT", "YOUR KNEE NEEDS")
    assert_right(project, sound)


def test_builds_of_one_project_at_once_do_not_disturb_each_other(project: Project, sound: dict[str, bytes]) -> None:
    parts = [["-l", "de"], ["-l", "en"], [], ["--force"], ["-f", "web"]]
    builds = [subprocess.Popen(command(project, "-j", "1", *part), stderr=subprocess.PIPE, text=True) for part in parts]
    for build in builds:
        _, told = build.communicate(timeout=120)
        assert build.returncode == 0, told
        assert not re.search("Traceback|warning", told)
    assert set(outcomes(project)) == set(ALL)
    found = project.files()
    del found["manifest.json"]
    assert found == sound
    assert "0 built, 4 up to date" in run(project).stderr


# Catalogs ------------------------------------------------------------------------------------------------------------


class TestCatalogs:
    """What translators wrote is never lost or cut short: each catalog is the old one or the new one."""

    @pytest.fixture(params=["update", "import"])
    def change(self, project: Project, request: pytest.FixtureRequest) -> list[str]:
        """`update` changes the catalogs of seventeen leaflets in two languages, `import` the German ones."""
        project.write("polyleaf.toml", 'locales = ["de", "uk"]\n')
        text = project.path(LEAFLET_FILE).read_bytes()
        for number in range(16):
            project.write(f"templates/leaflets/knee-{number}.md", text)
        for locale in ("de", "uk"):
            project.translate(locale)
        if request.param == "import":
            sent = project.root.parent / "sent.csv"
            assert project.run("catalog", "export", "--to", "csv", "-l", "de", "-o", str(sent)).exit_code == 0
            sent.write_bytes(sent.read_bytes().replace(b"YOUR KNEE NEEDS", b"DEIN KNIE BRAUCHT"))
            return ["catalog", "import", str(sent)]
        for path in project.path("templates/leaflets").iterdir():
            path.write_bytes(text.replace(b"Your knee needs", b"Your knee always needs"))
        return ["catalog", "update"]

    def test_a_kill_at_any_moment_leaves_each_whole(self, project: Project, change: list[str]) -> None:
        old, new, took = _both(project, change)
        chance = random.Random(7)
        for _ in range(12):
            _put(project, old)
            with subprocess.Popen(_polyleaf(project, *change), stderr=subprocess.DEVNULL) as running:
                time.sleep(took * chance.uniform(0.5, 1))
                running.kill()
            found = _catalogs(project)
            assert set(found) == set(old)
            assert all(data in (old[path], new[path]) for path, data in found.items())
        assert project.run(*change).exit_code == 0
        assert _catalogs(project) == new

    @pytest.mark.skipif(sys.platform == "win32", reason="no process of Windows ends by SIGKILL")
    @pytest.mark.parametrize("step", ["mkstemp", "chmod", "replace"])
    @pytest.mark.parametrize("number", [1, 5])
    def test_a_kill_in_the_middle_of_writing_leaves_each_whole(
        self, project: Project, change: list[str], tmp_path: Path, step: str, number: int
    ) -> None:
        old, new, _ = _both(project, change)
        _put(project, old)
        (tmp_path / "sitecustomize.py").write_text(
            f"""
import os, pathlib, signal, tempfile
of = tempfile if {step!r} == "mkstemp" else pathlib.Path
sound, done = getattr(of, {step!r}), []
def until_killed(*args, **options):
    if ".po" in str(options.get("prefix", args[0] if args else "")):
        done.append(args)
        if len(done) == {number}:
            os.kill(os.getpid(), signal.SIGKILL)
    return sound(*args, **options)
setattr(of, {step!r}, until_killed)
"""
        )
        environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
        killed = subprocess.run(_polyleaf(project, *change), check=False, capture_output=True, env=environment)
        assert killed.returncode == -signal.SIGKILL
        found = _catalogs(project)
        assert sum(found[path] != old[path] for path in old) == (number - 1 if step == "replace" else 0)
        assert all(data in (old[path], new[path]) for path, data in found.items())
        assert project.run(*change).exit_code == 0, "what was left beside the catalogs is in nobody's way"
        assert _catalogs(project) == new

    @pytest.mark.skipif(sys.platform == "win32", reason="folders have no modes there")
    def test_a_folder_that_cannot_be_written_to_is_told_and_all_stay_as_they_were(
        self, project: Project, change: list[str]
    ) -> None:
        folder = project.path("locales/de/LC_MESSAGES")
        before = _catalogs(project)
        folder.chmod(0o500)
        ended = subprocess.run(bound_by_modes(_polyleaf(project, *change)), check=False, capture_output=True, text=True)
        folder.chmod(0o700)
        assert ended.returncode == 2
        assert re.fullmatch(rf"error: {re.escape(str(folder))}/knee[-0-9]*\.po: Permission denied\n", ended.stderr)
        assert _catalogs(project) == before

    @pytest.mark.parametrize("passing", [0, 1, 20])
    def test_a_full_disk_leaves_all_as_they_were(
        self, project: Project, change: list[str], monkeypatch: pytest.MonkeyPatch, passing: int
    ) -> None:
        before = _catalogs(project)
        left = [passing if change[1] == "update" else passing // 2]
        sound = tempfile.mkstemp

        def full(*args: Any, **options: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return sound(*args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(tempfile, "mkstemp", full)
            ended = project.run(*change)
        assert ended.exit_code == 2
        assert re.fullmatch(r"error: .*knee[-0-9]*\.po: No space left on device\n", ended.stderr)
        assert _catalogs(project) == before
        assert not list(project.path("locales").rglob(".*"))

    def test_a_disk_that_is_really_full_leaves_all_as_they_were(self, project: Project, change: list[str]) -> None:
        """A file system that the catalogs fill to the last pages; mounted where the tests run as root."""
        before = _catalogs(project)
        folder = project.path("locales")
        mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder]
        if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
            pytest.skip("a small file system cannot be mounted here; the full disk is also tested without one")
        try:
            _put(project, before)
            filler = project.path("locales/filler")
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
            os.truncate(filler, filler.stat().st_size - 3 * 4096)
            ended = _run(project, *change)
            assert ended.returncode == 2
            assert re.fullmatch(r"error: .*knee[-0-9]*\.po: No space left on device\n", ended.stderr)
            assert _catalogs(project) == before
            filler.unlink()
            assert _run(project, *change).returncode == 0
        finally:
            subprocess.run(["umount", folder], check=True)


def _polyleaf(project: Project, *args: str) -> list[str]:
    return [sys.executable, "-m", "polyleaf", "-C", str(project.root), *args]


def _run(project: Project, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_polyleaf(project, *args), check=False, capture_output=True, text=True, timeout=120)


def _catalogs(project: Project) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.path("locales").rglob("[!.]*.po")}


def _put(project: Project, catalogs: dict[Path, bytes]) -> None:
    for path, data in catalogs.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _both(project: Project, change: list[str]) -> tuple[dict[Path, bytes], dict[Path, bytes], float]:
    """The catalogs before and after a change that nothing disturbs, and the seconds that it takes."""
    old = _catalogs(project)
    began = time.monotonic()
    assert _run(project, *change).returncode == 0
    took = time.monotonic() - began
    new = _catalogs(project)
    assert set(new) == set(old)
    assert sum(new[path] != old[path] for path in old) >= 16
    return old, new, took
