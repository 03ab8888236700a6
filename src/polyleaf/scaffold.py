"""Begins projects and leaflets."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from polyleaf.errors import PolyleafError, Problem, nearest
from polyleaf.files import write_atomically
from polyleaf.project import CONFIG, NAME, THEME_DOMAIN, starter
from polyleaf.sections import KINDS, PURPOSES, required_sections

_CONFIG_TEXT = """\
# A Polyleaf project: templates/ holds leaflets, clinics and themes, locales/ their translations.
source_locale = "en"
locales = [{locales}]
formats = ["web", "a4"]
"""
_IGNORED = "/output/\n/locales/.approvals.lock\n"

_FRONT_MATTER = """\
---
title: "{title}"
summary: One sentence that says what this is about.
kind: {kind}
purpose: {purpose}
version: "0.1"
published: {published}
review_by: {review_by}
authors:
  - Your name
sources:
  example:
    title: Where the statements come from
    publisher: Its publisher
    year: {year}
values:
  rest: {{duration: [2, 3], unit: day}}
---
"""


def init_project(folder: Path) -> list[Path]:
    """Write a project with the example leaflets into a new or empty folder; all of it or nothing. Returns its files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        hint = "name a folder that does not exist yet or is empty"
        what = "the folder is not empty" if folder.is_dir() else "this is a file"
        raise PolyleafError(Problem(f"{what}, and nothing was touched", folder, hint=hint))
    source = starter()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    except OSError as error:
        raise PolyleafError(Problem(f"the folder cannot be made: {error.strerror}", folder)) from None
    try:
        shutil.copytree(source / "templates", staging / "templates", ignore=shutil.ignore_patterns("__pycache__"))
        # What somebody approved here, nobody has approved in a project of another's.
        approvals = shutil.ignore_patterns("approvals.toml", "approved", ".*")
        shutil.copytree(source / "locales", staging / "locales", ignore=approvals)
        locales = sorted(path.name for path in (staging / "locales").iterdir() if path.is_dir())
        config = _CONFIG_TEXT.format(locales=", ".join(f'"{locale}"' for locale in locales))
        write_atomically(staging / CONFIG, config.encode())
        write_atomically(staging / ".gitignore", _IGNORED.encode())
        _move_into(staging, folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _move_into(staging: Path, folder: Path) -> None:
    """Put what was prepared in its place. A folder that is there stays the same one: somebody may be in it."""
    if not folder.exists():
        staging.chmod(0o755)
        staging.replace(folder)
        return
    moved: list[Path] = []
    try:
        for path in sorted(staging.iterdir()):
            moved.append(path.rename(folder / path.name))
    except OSError:
        for path in moved:
            path.rename(staging / path.name)
        raise
    staging.rmdir()


def new_leaflet(root: Path, name: str, kind: str, purpose: str, today: date) -> Path:
    """Write a leaflet with every section that its kind and purpose ask for. Returns its path."""
    path = root / "templates/leaflets" / f"{name}.md"
    if not NAME.fullmatch(name):
        hint = "use small letters, digits and hyphens: compression-stockings"
        raise PolyleafError(Problem(f"{name!r} cannot name a leaflet", hint=hint))
    if name == THEME_DOMAIN:
        raise PolyleafError(Problem(f"{name!r} is the theme's name in the catalogs", hint="choose another name"))
    if path.exists():
        raise PolyleafError(Problem("the leaflet is there already", path, hint="choose another name"))
    for what, word, known in (("kind", kind, KINDS), ("purpose", purpose, PURPOSES)):
        if word not in known:
            raise PolyleafError(Problem(f"unknown {what} {word!r}", hint=nearest(word, known)))
    front = _FRONT_MATTER.format(
        title=name.replace("-", " ").capitalize(),
        kind=kind,
        purpose=purpose,
        published=today.isoformat(),
        review_by=today.replace(year=today.year + 2, day=min(today.day, 28)).isoformat(),
        year=today.year,
    )
    body = "".join(f"\n## {key}\n\n{_first_line(key)}\n" for key in required_sections(kind, purpose))
    write_atomically(path, (front + body).encode())
    return path


def _first_line(key: str) -> str:
    if key == "aftercare":
        return "- Rest after treatment. Length of rest: {rest}. [@example]"
    if key == "warning-signs":
        return "### warning-signs.emergency\n\n- Write down what needs an ambulance."
    return "- Write this section."
