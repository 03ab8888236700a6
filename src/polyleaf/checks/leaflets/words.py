"""The words by which the checks know what a leaflet says, by language: `data/plain/LANGUAGE.toml`, which
docs/languages.md describes. A language without a file is not held against them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from babel import Locale

from polyleaf import cldr
from polyleaf.translation.lexicon import Match, Patterns

NONE = "none"
"""Labels what looks like a word of its table, and is none: "how often"."""


class Words:
    """The tables of one language: patterns, each labelled with the name of its list."""

    def __init__(self, tables: Mapping[str, Mapping[str, Sequence[str]]], language: str) -> None:
        self._tables = {
            name: Patterns([(word, label) for label, words in lists.items() for word in words], language)
            for name, lists in tables.items()
        }

    def knows(self, table: str) -> bool:
        """Whether there are words for a check that must find one."""
        return table in self._tables

    def find(self, table: str, text: str, *labels: str) -> list[Match]:
        """The words of a table that a text has, in its order; with labels those alone."""
        found = self._tables[table].find(text) if table in self._tables else []
        return [match for match in found if NONE not in match.labels and (not labels or match.labels & {*labels})]


@cache
def words_of(locale: Locale) -> Words:
    """What is known of a locale's language; nothing where it has no file."""
    for name in (*cldr.parents(str(locale)), locale.language):
        path = files("polyleaf").joinpath("data", "plain", f"{name}.toml")
        if path.is_file():
            return Words(tomllib.loads(path.read_text(encoding="utf-8")), locale.language)
    return Words({}, locale.language)
