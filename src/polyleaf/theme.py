"""Reads a theme: the form that it gives to leaflets, as templates, style sheets, icons and standard headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError
from pydantic import Field

from polyleaf.config import Lines, Strict, line_of, load_toml, read_text, validate
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.model import Message
from polyleaf.palette import STAND_INS, Pair, Use
from polyleaf.sections import STANDARD_KEYS

_COLOUR = re.compile(r"#[0-9a-f]{6}")


class _PairFields(Strict):
    colour: str
    on: list[str] = Field(min_length=1)
    use: Use
    where: str = Field(min_length=1)


class _ThemeFields(Strict):
    headings: dict[str, str]
    pairs: list[_PairFields] = []


@dataclass(frozen=True)
class Theme:
    """A theme with its standard headings, keyed by section, and its files by their path in its folder.

    `pairs` are the colours that stand on one another in it, which is what clinics' colours are held to. It holds the
    files' bytes: a page is made of what was checked, even where a file has changed since.
    """

    folder: Path
    headings: Mapping[str, Message]
    files: Mapping[str, bytes]
    pairs: tuple[Pair, ...] = ()

    @property
    def templates(self) -> list[str]:
        """The names of its templates in a steady order, which is that of their messages in the catalog."""
        return sorted(name for name in self.files if re.fullmatch(r"[^/]+\.(html|css)", name))


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
    pairs = _pairs(getattr(fields, "pairs", ()), path, lines, problems)
    theme = Theme(folder, headings, _read_files(folder, problems), pairs)
    _compile(theme, problems)
    problems.raise_if_any()
    return theme


def _pairs(given: Iterable[_PairFields], path: Path, lines: Lines, problems: Problems) -> tuple[Pair, ...]:
    """The pairs of an entry with several backgrounds are several."""
    found = []
    for number, entry in enumerate(given):
        line = line_of(lines, ("pairs", number)) or 1
        for colour in (entry.colour, *entry.on):
            if colour not in STAND_INS and not _COLOUR.fullmatch(colour):
                hint = nearest(colour, STAND_INS, f'write one of {", ".join(STAND_INS)}, or a colour such as "#1c2b30"')
                problems.add(f"unknown colour {colour!r}", path, line, hint)
        found += [Pair(entry.colour, background, entry.use, entry.where, line) for background in entry.on]
    return tuple(found)


def _read_files(folder: Path, problems: Problems) -> dict[str, bytes]:
    """Every file of the theme, without hidden ones and without what lies outside its folder."""
    found: dict[str, bytes] = {}
    inside = folder.resolve()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if f"/{name}".count("/.") or not path.is_file() or not path.resolve().is_relative_to(inside):
            continue
        try:
            found[name] = path.read_bytes()
        except OSError as error:
            problems.add(f"the file cannot be read: {error.strerror}", path)
    return found


class TemplateEnvironment(Environment):
    """Jinja2 over a theme's own files, where every text is escaped and every name must exist.

    `used` gathers the names that templates were asked for by; it may be cleared at any time.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            loader=FunctionLoader(lambda name: _source(theme, name)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.used: set[str] = set()

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """Jinja2's, noted: every include and import comes this way."""
        if isinstance(name, str):
            self.used.add(name)
        return super().get_template(name, parent, globals)

    def select_template(
        self,
        names: Iterable[str | Template],
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """Jinja2's, noted with those that are not there: it would matter if they were."""
        choices = list(names)
        self.used.update(name for name in choices if isinstance(name, str))
        return super().select_template(choices, parent, globals)


def _source(theme: Theme, name: str) -> tuple[str, str, Any] | None:
    data = theme.files.get(name)
    return None if data is None else (data.decode("utf-8-sig"), str(theme.folder / name), lambda: True)


def _compile(theme: Theme, problems: Problems) -> None:
    environment = TemplateEnvironment(theme)
    for name in theme.templates:
        path = theme.folder / name
        with problems.collect():
            try:
                environment.parse(read_text(path), filename=str(path))
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
