"""A locale's glossary: terms that a translation must use, and words that it must not.

`locales/LOCALE/glossary.csv` has the columns `term`, `translation`, `forms`, `forbidden` and `note`, in any order.
Several `forms` or `forbidden` words are separated by "|", and "*" at either end of a word stands for any letters, as in
docs/languages.md. A row without a term forbids its words everywhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from babel import Locale

from polyleaf.config import load_csv
from polyleaf.errors import PolyleafError, Problem, Problems
from polyleaf.translation.lexicon import Match, Patterns
from polyleaf.translation.pair import Pair

COLUMNS = ("term", "translation", "forms", "forbidden", "note")
_NEEDED = ("term", "translation")
SEPARATOR = "|"
"""Stands between the words of a cell that holds several."""


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

    def hits(self, text: str) -> list[str]:
        """The terms of a source text with what the glossary says of them, each in a line for a translator."""
        return [self._told(term) for term in self.terms_in(text)]

    @staticmethod
    def _told(term: Term) -> str:
        said = f"{term.term} = {term.translation}" if term.translation else term.term
        never = f", never {', '.join(term.forbidden)}" if term.forbidden else ""
        return f"{said}{never}{f' ({term.note})' if term.note else ''}"

    def unused(self, pair: Pair) -> Iterator[tuple[Term, tuple[int, int]]]:
        """The terms of the source whose translation is not used, with their places in the source."""
        used = {label for match in self._used.find(pair.target.masked) for label in match.labels}
        for match in self._sought.find(pair.source.masked):
            wanted = [term for term in match.labels if term.translation]
            if wanted and not used.intersection(wanted):
                yield min(wanted, key=lambda term: term.line), (match.start, match.end)

    def forbidden(self, pair: Pair) -> Iterator[tuple[Term, Match]]:
        """The words of a translation that must not be used; those of a term only where the source has it.

        A word that translates another term of the source is rightly there: "spider veins, not varicose veins".
        """
        terms = {term for match in self._sought.find(pair.source.masked) for term in match.labels}
        used = [match for match in self._used.find(pair.target.masked) if match.labels & terms]
        for match in self._forbidden.find(pair.target.masked):
            others = {
                term for use in used if use.start <= match.start and match.end <= use.end for term in use.labels & terms
            }
            meant = [term for term in match.labels if not term.term or (term in terms and others <= {term})]
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
    terms: dict[str, Term] = {}
    with problems.collect():
        for row, line in load_csv(path, COLUMNS, _NEEDED, "glossary"):
            term = _term(row, line)
            if not term.translation and not term.forbidden:
                hint = "give its translation, or a word that is forbidden"
                problems.add(f"the row of {term.term!r} says nothing", path, line, hint)
            elif None in row:
                hint = "put a text with a comma in double quotes"
                problems.add("the row has more cells than there are columns", path, line, hint)
            elif term.term and term.term.lower() in terms:
                problems.add(f"{term.term!r} is there twice", path, line, "keep one row of the two")
            terms[term.term.lower() or f"\0{line}"] = term
    problems.raise_if_any()
    return Glossary(path, tuple(terms.values()), locale, source)


def _term(row: dict[str, str | None], line: int) -> Term:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    forms, forbidden = (
        tuple(filter(None, map(str.strip, cells[name].split(SEPARATOR)))) for name in ("forms", "forbidden")
    )
    return Term(cells["term"], cells["translation"], forms, forbidden, cells["note"], line)


def written(terms: Iterable[Term]) -> bytes:
    """The glossary's file."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for term in terms:
        forms, forbidden = (SEPARATOR.join(words) for words in (term.forms, term.forbidden))
        writer.writerow((term.term, term.translation, forms, forbidden, term.note))
    return file.getvalue().encode("utf-8")


def merged(old: Sequence[Term], new: Iterable[Term], path: Path) -> tuple[Term, ...]:
    """The terms of a glossary, in their order, and those of another file (`path`) that it lacks.

    A term that is there keeps its row, and gains the file's forbidden words. Raises `PolyleafError` with every term of
    which the two say different things.
    """
    problems = Problems()
    terms = {term.term.lower() or f"\0{number}": term for number, term in enumerate(old)}
    for term in new:
        key = term.term.lower()
        with problems.collect():
            terms[key] = _united(terms[key], term, path) if key in terms else term
    problems.raise_if_any()
    return tuple(terms.values())


def _united(old: Term, new: Term, path: Path) -> Term:
    """The row of a term that both have. Raises `PolyleafError` where they contradict each other."""
    _refuse_conflict(old, new, path)
    if not old.translation:
        forms = distinct(new.forms, (*old.forms, *old.forbidden))
        old = replace(old, translation=new.translation, forms=(*old.forms, *forms))
    return replace(old, forbidden=(*old.forbidden, *distinct(new.forbidden, old.forbidden)))


def _refuse_conflict(old: Term, new: Term, path: Path) -> None:
    used = (old.translation, *old.forms)
    lost = [word for word in used if word and not distinct([word], new.forbidden)]
    if lost:
        what = f'"{lost[0]}" for {new.term!r} is forbidden here, and in use'
    elif new.translation and not distinct([new.translation], old.forbidden):
        what = f'"{new.translation}" for {new.term!r} is in use here, and forbidden'
    elif old.translation and distinct([new.translation], used):
        what = f'{new.term!r} is "{new.translation}" here, and "{old.translation}"'
    else:
        return
    hint = "decide for one, and correct the other"
    raise PolyleafError(Problem(f"{what} on line {old.line} of the glossary", path, new.line, hint))


def distinct(words: Iterable[str], besides: Iterable[str] = ()) -> tuple[str, ...]:
    """The words, each once, without those that are `besides`. Capitals make no difference, as in all patterns."""
    known = {"", *(word.lower() for word in besides)}
    found: dict[str, str] = {}
    for word in words:
        if word.lower() not in known:
            found.setdefault(word.lower(), word)
    return tuple(found.values())


def glossary_path(folder: Path, locale: str) -> Path:
    """Where the glossary of a locale is, below the folder of all locales."""
    return folder / locale / "glossary.csv"


def glossary_of(folder: Path, locales: Sequence[str], locale: Locale, source: Locale) -> Glossary | None:
    """The glossary of the first of these locales that has one; `folder` is that of all locales."""
    for name in locales:
        path = glossary_path(folder, name)
        if path.is_dir():
            raise PolyleafError(Problem("a folder where the glossary should be", path, None, "move it away"))
        if path.is_file():
            return load_glossary(path, locale, source)
    return None
