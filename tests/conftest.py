"""Small projects to build, and the driver that builds them as a user would."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polib
import pytest
from babel import Locale
from click.testing import CliRunner, Result
from leaflets import Built

from polyleaf.catalog.extract import theme_messages
from polyleaf.catalog.plurals import plural_forms_header
from polyleaf.cli import main
from polyleaf.files import cache_root
from polyleaf.fonts import cache_folder
from polyleaf.leaflet import load_leaflet
from polyleaf.project import load_project
from polyleaf.theme import load_theme

FONTS = cache_folder().resolve()
REPOSITORY = Path(__file__).resolve().parents[1]
LOCALES = ("ar", "bn", "de", "es", "fr", "hi", "pl", "ru", "tr", "uk", "vi", "zh_Hans")
LEAFLETS = ("compression-stockings", "endovenous-laser-treatment", "microsclerotherapy")

LEAFLET = """\
---
title: Resting your knee
kind: aftercare
purpose: aftercare
version: "1.0"
published: 2026-11-24
review_by: 2028-11-24
sources:
  nice: {title: A guideline, year: 2020}
values:
  rest: {duration: [2, 3], unit: day, clinic: {min: 1, max: 7}}
  visits: {count: 2, one: "{count} visit", other: "{count} visits"}
---

## key-points

- Rest. Length of rest: {rest}. [@nice]

## about

Your knee needs **rest** after treatment.

## aftercare

- Come back: {visits}.

## warning-signs

### warning-signs.emergency

- You find it hard to breathe.
"""

CLINIC = """\
name = "Hill Clinic"
territory = "GB"
logo = "hill/logo.svg"
address = ["1 Hill Road", "London"]
website = "https://hill.example/leaflets"

[colours]
primary = "#0b5563"
accent = "#c8573b"

[phones]
main = "+44 20 7946 0123"
urgent = "111"
"""

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#0b5563"/></svg>\n'


signals = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows cannot send Ctrl-C or SIGTERM to a single process or group, as this does"
)


def in_capitals(text: str) -> str:
    """What stands for a translation into German: capitals, and German where the source denies."""
    for english, german in (("NOT", "NICHT"), ("NO", "KEIN"), ("NEVER", "NIE"), ("WITHOUT", "OHNE")):
        text = re.sub(rf"\b{english}\b", german, text.upper())
    return text


APART = ("test_build", "test_check", "test_faults", "test_incremental", "test_preflight", "test_safety", "test_watch")
"""Modules of long tests that share nothing: each of them goes to whoever is free."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that share what takes long to make stand together, and go to one process; those `APART` come last.

    Other modules are handed out whole, since to hand out a test takes longer than most tests do.
    """
    for item in items:
        module = Path(item.path).stem
        if not group_of(item) and module not in APART:
            item.add_marker(pytest.mark.xdist_group(module))
        if config.getoption("loadgroup", False) and group_of(item) and hasattr(item, "_id"):
            # pytest-xdist 3.8 writes the group where pytest 9.2 no longer looks for the name of a test.
            item._id = type(item._id).parse(f"{item.nodeid}@{group_of(item)}")
    items.sort(key=lambda item: (not group_of(item), group_of(item)))


def group_of(item: pytest.Item) -> str:
    """The group of tests that one process runs; empty where it is alone."""
    group = item.get_closest_marker("xdist_group")
    return str(group.args[0]) if group else ""


@dataclass(frozen=True)
class Project:
    """A project on disk, with the command line pointed at it."""

    root: Path

    def path(self, name: str) -> Path:
        return self.root / name

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def line(self, name: str, text: str) -> int:
        """The number of the first line that holds a text."""
        lines = (self.root / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    def own_theme(self) -> None:
        """Give it a copy of the default theme, to be edited."""
        shutil.copytree(REPOSITORY / "templates/themes/default", self.root / "templates/themes/default")

    def run(self, *args: str) -> Result:
        return CliRunner().invoke(main, ["-C", str(self.root), *args])

    def build(self, *args: str) -> Result:
        """Build in this process, which is quickest for a few editions."""
        return self.run("build", "--executor", "inline", *args)

    def check(self, *args: str) -> list[dict[str, Any]]:
        """What `polyleaf check` finds, as its JSON tells it."""
        ran = self.run("check", "--output-format", "json", *args)
        assert ran.exit_code in (0, 1), ran.stderr
        found: list[dict[str, Any]] = json.loads(ran.stdout)["findings"]
        return found

    def output(self, path: str) -> str:
        return (self.root / "output" / path).read_text(encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """All of the output folder, but what a build is making aside at the moment."""
        folder = self.root / "output"
        found = []
        for at, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if not name.startswith(".building-")]
            found += [Path(at, name) for name in names]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(found)}

    def translate(self, locale: str, translate: Callable[[str], str] = in_capitals) -> None:
        """Write complete catalogs of the leaflet and the theme; placeholders and citations stay as they are."""
        theme = self.root / "templates/themes/default"
        if not theme.is_dir():
            theme = REPOSITORY / "templates/themes/default"
        domains = {"polyleaf": theme_messages(load_theme(theme))}
        for path in (self.root / "templates/leaflets").glob("*.md"):
            domains[path.stem] = load_leaflet(path).messages
        for domain, messages in domains.items():
            catalog = polib.POFile(wrapwidth=0)
            header = plural_forms_header(Locale.parse(locale))
            catalog.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": locale, "Plural-Forms": header}
            for message in messages:
                entry = polib.POEntry(msgctxt=message.msgctxt, msgid=message.msgid, msgid_plural=message.msgid_plural)
                text = _outside_marks(message.msgid, translate)
                if message.msgid_plural:
                    forms = int(header.split("=")[1].split(";")[0])
                    entry.msgstr_plural = dict.fromkeys(range(forms), text)
                else:
                    entry.msgstr = text
                catalog.append(entry)
            self.write(f"locales/{locale}/LC_MESSAGES/{domain}.po", str(catalog))


def _outside_marks(text: str, translate: Callable[[str], str]) -> str:
    parts = re.split(r"(\{\w+\}|\[@\w+\])", text)
    return "".join(part if n % 2 else translate(part) for n, part in enumerate(parts))


def a_cache(folder: Path) -> Path:
    """An empty cache of builds. Fonts are shared by all tests: to make their faces takes seconds."""
    folder.mkdir()
    (folder / "fonts").symlink_to(FONTS, target_is_directory=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def no_test_uses_the_cache_of_the_person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    FONTS.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POLYLEAF_CACHE_DIR", str(a_cache(tmp_path_factory.mktemp("caches") / "session")))
        yield


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """One leaflet, one clinic, English and a complete German; nothing was built before."""
    monkeypatch.setenv("POLYLEAF_CACHE_DIR", str(a_cache(tmp_path / "cache")))
    made = Project(tmp_path / "project")
    made.write("polyleaf.toml", 'locales = ["de"]\n')
    made.write("templates/leaflets/knee.md", LEAFLET)
    made.write("templates/clinics/hill.toml", CLINIC)
    made.write("templates/clinics/hill/logo.svg", LOGO)
    made.translate("de")
    return made


@pytest.fixture(scope="session")
def repository_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """The repository's leaflets in a locale, built once for all the tests that look at them one after another."""
    project = load_project(REPOSITORY / "pyproject.toml")
    return lru_cache(maxsize=1)(lambda locale: Built(project, locale, tmp_path_factory.mktemp(locale)))


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def first_build(project: Project, kept: Path) -> Path:
    """The folder with the `output` and the `builds` of the cache that the project's first build leaves. Made once."""
    if not (kept / "output").exists():
        elsewhere = Project(project.root.parent / "elsewhere")
        shutil.copytree(project.root, elsewhere.root)
        assert elsewhere.build("--force").exit_code == 0
        shutil.move(cache_root() / "builds", kept / "builds")
        shutil.move(elsewhere.path("output"), kept / "output")
    return kept


@pytest.fixture
def built_before(project: Project, first_build: Path) -> None:
    """The project is as it is after its first build."""
    shutil.copytree(first_build / "builds", cache_root() / "builds")
    shutil.copytree(first_build / "output", project.path("output"))


@pytest.fixture
def own_theme(project: Project) -> Project:
    """The same with a copy of the default theme, to be edited."""
    project.own_theme()
    return project


@pytest.fixture
def repository(tmp_path: Path) -> Project:
    """The repository's own project, to be built into a temporary folder with `-o`."""
    return Project(REPOSITORY)


@pytest.fixture
def ctrl_c_works() -> Iterator[None]:
    """A shell's background jobs ignore Ctrl-C, and so would all that these tests start there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def bound_by_modes(command: list[str]) -> list[str]:
    """The command as a person's process, which may not write where modes forbid it, even where tests run as root."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command] if as_root else command


FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
    "--allow-file-access-from-files",
    "--font-render-hinting=none",
    "--disable-lcd-text",
]


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser of Playwright's."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "make test installs Chromium"
    with sync_playwright() as playwright:
        # A process that has rendered a PDF hides the machine's fonts; a reader's browser has some.
        environment = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, env=environment)
        yield browser
        browser.close()


def pdf_text(path: Path) -> str:
    """All text of a PDF, by an independent reader."""
    run = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True)
    return run.stdout.decode()


def pdf_pages(path: Path) -> list[str]:
    """The text of each page."""
    return pdf_text(path).split("\f")[:-1]
