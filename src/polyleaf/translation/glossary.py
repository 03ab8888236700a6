"""A locale's glossary: terms that a translation must use, and words that it must not.

`locales/LOCALE/glossary.csv` has the columns `term`, `translation`, `forms`, `forbidden` and `note`, in any order. Several
`forms` or `forbidden` words are separated by "|", and "*" at either end of a word stands for any letters, as in
docs/languages.md. A row without a term forbids its words everywhere.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from babel import Locale

from polyleaf.config import read_text
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.translation.lexicon import Match, Patterns
from polyleaf.translation.pair import Pair

COLUMNS = ("term", "translation", "forms", "forbidden", "note")
_NEEDED = ("term", "translation")


@dataclass(frozen=True)
class Term:
    """One row. `forms` are inflected forms of the translation that do as well, `forbidden` words that do not."""

    term: str
    translation: str
    forms: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    note: str = ""
    line: int = 0

    @property
    def hint(self) -> str:
        """What to write, for a person."""
        said = f'write "{self.translation}"' if self.translation else "write it with another word"
        return f"{said} ({self.note})" if self.note else said


@dataclass(frozen=True)
class Glossary:
    """The terms of one locale."""

    path: Path
    terms: tuple[Term, ...]
    locale: Locale
    source: Locale

    def terms_in(self, text: str) -> list[Term]:
        """The terms that a source text has, in its order; a longer term hides those that it contains."""
        found = (term for match in self._sought.find(text) for term in sorted(match.labels, key=lambda t: t.line))
        return list(dict.fromkeys(found))

    def unused(self, pair: Pair) -> Iterator[tuple[Term, tuple[int, int]]]:
        """The terms of the source whose translation is not used, with their places in the source."""
        used = {label for match in self._used.find(pair.target.masked) for label in match.labels}
        for match in self._sought.find(pair.source.masked):
            wanted = [term for term in match.labels if term.translation]
            if wanted and not used.intersection(wanted):
                yield min(wanted, key=lambda term: term.line), (match.start, match.end)

    def forbidden(self, pair: Pair) -> Iterator[tuple[Term, Match]]:
        """The words of a translation that must not be used; those of a term only where the source has it."""
        terms = {term for match in self._sought.find(pair.source.masked) for term in match.labels}
        for match in self._forbidden.find(pair.target.masked):
            meant = [term for term in match.labels if not term.term or term in terms]
            if meant:
                yield min(meant, key=lambda term: term.line), match

    @cached_property
    def _sought(self) -> Patterns:
        forms = ((form, term) for term in self.terms if term.term for form in _source_forms(term.term, self.source))
        return Patterns(forms, self.source.language)

    @cached_property
    def _used(self) -> Patterns:
        texts = ((text, term) for term in self.terms for text in (term.translation, *term.forms) if text)
        return Patterns(texts, self.locale.language)

    @cached_property
    def _forbidden(self) -> Patterns:
        return Patterns(((text, term) for term in self.terms for text in term.forbidden), self.locale.language)


def _source_forms(term: str, source: Locale) -> tuple[str, ...]:
    """The term, and in English its plural and possessive."""
    if source.language != "en" or term.endswith("*"):
        return (term,)
    return term, f"{term}s", f"{term}es", f"{term}’s"


def load_glossary(path: Path, locale: Locale, source: Locale) -> Glossary:
    """Read a glossary. Raises `PolyleafError` with every row that is wrong."""
    problems = Problems()
    reader = csv.DictReader(read_text(path).splitlines(keepends=True))
    given = [name.strip().lower() for name in reader.fieldnames or ()]
    _check_columns(given, path, problems)
    reader.fieldnames = given
    terms: dict[str, Term] = {}
    for row in reader:
        term = _term(row, reader.line_num)
        if not term.translation and not term.forbidden:
            hint = "give its translation, or a word that is forbidden"
            problems.add(f"the row of {term.term!r} says nothing", path, term.line, hint)
        elif None in row:
            problems.add(
                "the row has more cells than there are columns",
                path,
                term.line,
                "put a text with a comma in double quotes",
            )
        elif term.term and term.term.lower() in terms:
            problems.add(f"{term.term!r} is there twice", path, term.line, "keep one row of the two")
        terms[term.term.lower() or f"\0{term.line}"] = term
    problems.raise_if_any()
    return Glossary(path, tuple(terms.values()), locale, source)


def _check_columns(given: Sequence[str], path: Path, problems: Problems) -> None:
    for name in _NEEDED:
        if name not in given:
            problems.add(f"the glossary has no column {name!r}", path, 1, f"its columns are {', '.join(COLUMNS)}")
    for name in given:
        if name not in COLUMNS:
            problems.add(f"unknown column {name!r}", path, 1, nearest(name, COLUMNS))
    problems.raise_if_any()


def _term(row: dict[str, str | None], line: int) -> Term:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    forms, forbidden = (tuple(filter(None, map(str.strip, cells[name].split("|")))) for name in ("forms", "forbidden"))
    return Term(cells["term"], cells["translation"], forms, forbidden, cells["note"], line)


def glossary_of(folder: Path, locales: Sequence[str], locale: Locale, source: Locale) -> Glossary | None:
    """The glossary of the first of these locales that has one; `folder` is that of all locales."""
    for name in locales:
        path = folder / name / "glossary.csv"
        if path.is_dir():
            raise PolyleafError(Problem("a folder where the glossary should be", path, None, "move it away"))
        if path.is_file():
            return load_glossary(path, locale, source)
    return None
