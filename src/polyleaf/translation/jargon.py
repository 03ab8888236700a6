"""A project's list of words that a patient need not know, each with plain words for it: `templates/jargon.csv`.

It has the columns `term` and `plain`. Several words of a cell are separated by "|", and "*" at either end of a word
stands for any letters, as in docs/languages.md. The first plain words are those that a writer is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from babel import Locale

from polyleaf.config import load_csv
from polyleaf.errors import PolyleafError, Problem, Problems
from polyleaf.translation.glossary import SEPARATOR
from polyleaf.translation.lexicon import Match, Patterns
from polyleaf.translation.pair import Text

COLUMNS = ("term", "plain")


@dataclass(frozen=True)
class Hard:
    """One row: the forms of a hard word, and plain words for it. `line` is that of the file."""

    terms: tuple[str, ...]
    plain: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True)
class Jargon:
    """The list of one project, in the language of its leaflets."""

    path: Path
    words: tuple[Hard, ...]
    locale: Locale

    def unexplained(self, text: Text) -> Iterator[tuple[Hard, Match]]:
        """The hard words of a text that does not say them in plain words too."""
        said = {label for match in self._plain.find(text.masked) for label in match.labels}
        for match in self._hard.find(text.masked):
            if not match.labels & said:
                yield min(match.labels, key=lambda word: word.line), match

    @cached_property
    def _hard(self) -> Patterns:
        return Patterns(((term, word) for word in self.words for term in word.terms), self.locale.language)

    @cached_property
    def _plain(self) -> Patterns:
        return Patterns(((text, word) for word in self.words for text in word.plain), self.locale.language)


def load_jargon(path: Path, locale: Locale) -> Jargon:
    """Read a list. Raises `PolyleafError` with every row that is wrong."""
    if path.is_dir():
        raise PolyleafError(Problem("a folder where the list of jargon should be", path, None, "move it away"))
    problems = Problems()
    words: list[Hard] = []
    with problems.collect():
        for row, line in load_csv(path, COLUMNS, COLUMNS, "list of jargon"):
            word = Hard(_several(row["term"]), _several(row["plain"]), line)
            if not word.terms or not word.plain:
                problems.add("a row without a term or its plain words", path, line, "write both, or delete the row")
            elif None in row:
                hint = "put a text with a comma in double quotes"
                problems.add("the row has more cells than there are columns", path, line, hint)
            words.append(word)
    problems.raise_if_any()
    return Jargon(path, tuple(words), locale)


def _several(cell: str | None) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, (cell or "").split(SEPARATOR))))
