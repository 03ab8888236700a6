"""With which words a language promises and advertises: docs/promotion.md describes the files in `data/promotion/`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from babel import Locale
from pydantic import Field

from polyleaf import cldr
from polyleaf.config import Strict, load_toml, validate
from polyleaf.errors import Problems
from polyleaf.translation.lexicon import WITHOUT_SPACES, Patterns

Denial = Literal["before", "after", "around"]
"""Where the words of a denial stand, seen from what they deny."""

Where = Literal["anywhere", "alone", "beside-price"]
"""Where words are a claim: in any sentence, as a sentence of their own, or beside an amount of money."""


class Group(Strict):
    """Wordings of one rule that are objected to on one ground."""

    ground: str = Field(min_length=1)
    patterns: list[str] = Field(min_length=1)
    where: Where = "anywhere"


class File(Strict):
    """A file of `data/promotion/`."""

    denial: Denial
    short: list[str] = []
    doubts: list[str] = []
    breaks: list[str] = []
    links: list[str] = []
    joins: list[str] = []
    money: list[str] = []
    innocent: list[str] = []
    claims: dict[str, list[Group]]


@dataclass(frozen=True)
class Wording:
    """What a pattern stands for."""

    rule: str
    ground: str
    where: Where


@dataclass(frozen=True)
class Phrasebook:
    """What is known of how one language promises. `claims` are labelled with their `Wording`."""

    language: str
    denial: Denial
    claims: Patterns
    short: Patterns
    doubts: Patterns
    breaks: Patterns
    links: Patterns
    joins: Patterns
    money: Patterns
    innocent: Patterns


@cache
def phrasebook(locale: Locale) -> Phrasebook | None:
    """The phrasebook of a locale, or of the nearest that there is (CLDR's parents); None where there is none."""
    paths = (folder() / f"{name}.toml" for name in cldr.parents(str(locale)))
    path = next((path for path in paths if path.is_file()), None)
    return None if path is None else read_phrasebook(path, str(locale.language))


def folder() -> Path:
    """Where the files are."""
    return Path(str(files("polyleaf").joinpath("data", "promotion")))


def read_phrasebook(path: Path, language: str) -> Phrasebook:
    """Read a file. Raises `PolyleafError` with every mistake in it."""
    file = read_file(path)
    labelled = [
        (pattern, Wording(rule, group.ground, group.where))
        for rule, groups in file.claims.items()
        for group in groups
        for pattern in group.patterns
    ]

    def plain(patterns: Iterable[str]) -> Patterns:
        return Patterns([(pattern, True) for pattern in patterns], language)

    lists = (file.short, file.doubts, file.breaks, file.links, file.joins, file.money, file.innocent)
    return Phrasebook(language, file.denial, Patterns(labelled, language), *map(plain, lists))


def read_file(path: Path) -> File:
    """Read a file as it is written. Raises `PolyleafError` with every mistake in it."""
    data, lines = load_toml(path)
    problems = Problems()
    file = validate(File, data, path, lines, problems)
    problems.raise_if_any()
    if path.stem.partition("_")[0] in WITHOUT_SPACES:
        _refuse_wildcards(file, path, problems)
    problems.raise_if_any()
    return file


def _refuse_wildcards(file: File, path: Path, problems: Problems) -> None:
    """In a language without spaces a pattern is sought anywhere, letter by letter."""
    lists = [file.short, file.doubts, file.breaks, file.links, file.joins, file.money, file.innocent]
    lists += [group.patterns for groups in file.claims.values() for group in groups]
    for pattern in (pattern for patterns in lists for pattern in patterns):
        if "*" in pattern or "..." in pattern or "#" in pattern:
            hint = "write out what stands there: this language has no spaces, and a pattern is sought anywhere"
            problems.add(f'"{pattern}" has a sign that stands for other words', path, None, hint)
