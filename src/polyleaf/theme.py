"""Reads a theme: the form that it gives to leaflets, as templates, style sheets, icons and standard headings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from polyleaf.config import Strict, line_of, load_toml, read_text, validate
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.model import Message
from polyleaf.sections import STANDARD_KEYS


class _ThemeFields(Strict):
    headings: dict[str, str]


@dataclass(frozen=True)
class Theme:
    """A theme's folder with its standard headings, keyed by section."""

    folder: Path
    headings: Mapping[str, Message]


def load_theme(folder: Path) -> Theme:
    """Read a theme and compile its templates. Raises `PolyleafError` with every mistake in them."""
    path = folder / "theme.toml"
    data, lines = load_toml(path)
    problems = Problems()
    fields = validate(_ThemeFields, data, path, lines, problems)
    headings: dict[str, Message] = {}
    given = getattr(fields, "headings", None)
    for key, text in (given or {}).items():
        line = line_of(lines, ("headings", key)) or 1
        if key not in STANDARD_KEYS:
            problems.add(f"a heading for the unknown section {key!r}", path, line, nearest(key, STANDARD_KEYS))
        headings[key] = Message(key, text, "", "A standard heading.", path, line)
    for key in sorted(STANDARD_KEYS - set(headings)) if given is not None else ():
        problems.add(f"no heading for the section {key!r}", path, 1, "add it below [headings]")
    theme = Theme(folder, headings)
    _compile(theme, problems)
    problems.raise_if_any()
    return theme


def environment_of(folder: Path) -> Environment:
    """A Jinja2 environment over a theme's own folder, where every text is escaped and every name must exist."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template_files(folder: Path) -> list[Path]:
    """The theme's templates in a steady order, which is that of their messages in the catalog."""
    return sorted([*folder.glob("*.html"), *folder.glob("*.css")])


def _compile(theme: Theme, problems: Problems) -> None:
    environment = environment_of(theme.folder)
    for path in template_files(theme.folder):
        with problems.collect():
            text = read_text(path)
        try:
            environment.parse(text, filename=str(path))
        except TemplateSyntaxError as error:
            problems.add(f"template error: {error.message}", path, error.lineno, "mend the template")


def template_error(error: Exception, folder: Path, template: str) -> PolyleafError | None:
    """A mistake that showed while a template ran, with the line of the template that it happened in.

    None where the error did not come from a template.
    """
    place: tuple[Path, int | None] | None = None
    if isinstance(error, TemplateError):
        place = (folder / template, getattr(error, "lineno", None))
    traceback = error.__traceback__
    while traceback is not None:
        file = Path(traceback.tb_frame.f_code.co_filename)
        if file.is_relative_to(folder):
            place = (file, traceback.tb_lineno)
        traceback = traceback.tb_next
    if place is None:
        return None
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return PolyleafError(Problem(f"template error: {reason}", *place, hint="mend the template"))
