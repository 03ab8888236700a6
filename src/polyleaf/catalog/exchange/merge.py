"""Takes a translator's file into the catalogs: all of it, or nothing where anything in it is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from babel import Locale, UnknownLocaleError

from polyleaf import cldr, markdown
from polyleaf.catalog.document import PoDocument, PoEntry, Previous
from polyleaf.catalog.exchange.row import Returned, Row
from polyleaf.catalog.exchange.unit import Origin, Unit, fingerprint, identity, units
from polyleaf.catalog.plurals import categories
from polyleaf.catalog.read import Entry
from polyleaf.catalog.upkeep import Updated
from polyleaf.catalog.verify import Subject, verify
from polyleaf.config import unwanted
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.finding import shortened

_AGAIN = "export again, and translate the new file"
_CHECKED = ("domain", "section", "source", "plural", "form", "shown")
_CODES = {"T103", "T104"}


@dataclass
class Merged:
    """A catalog with what came in: how many messages were translated, and how many wait to be confirmed."""

    document: PoDocument
    created: bool
    translated: int = 0
    to_confirm: int = 0

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.translated or self.to_confirm)


def locale_of(returned: Returned, known: Sequence[str]) -> str:
    """The project's locale that a file is in: `pt-BR` is `pt_BR`, and a territory that the project lacks is let pass.

    Raises `PolyleafError` where there is none, or more than one.
    """
    said = returned.locale
    exact = [name for name in known if name.lower() == said.replace("-", "_").lower()]
    alike = exact or [name for name in known if _language(name) == _language(said)]
    if len(alike) == 1:
        return alike[0]
    if returned.problems and not said:
        raise PolyleafError(*returned.problems)
    message = f"unknown locale {said!r}" if said else "the file does not say what locale it is in"
    raise PolyleafError(Problem(message, returned.path, 1, nearest(said.replace("-", "_"), known)))


def _language(name: str) -> tuple[str, str] | None:
    try:
        return Locale.parse(name.replace("-", "_")).language, cldr.script(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def merge(returned: Returned, name: str, origins: Sequence[Origin], found: Sequence[Updated]) -> list[Merged]:
    """The catalogs of a locale with a file's rows in them; nothing is written yet.

    `found` are the catalogs of all `origins`, brought up to their messages. Raises `PolyleafError` with every row that
    is not of the project as it is now, or whose translation cannot be taken.
    """
    locale = Locale.parse(name)
    documents = {catalog.document.path.stem: catalog for catalog in found}
    known = {unit.id: unit for origin in origins for unit in units(origin, documents[origin.domain].document, locale)}
    problems = Problems()
    problems.extend(returned.problems)
    rows = _Rows(returned, known, problems).by_message()
    merged = {domain: Merged(catalog.document, catalog.created) for domain, catalog in documents.items()}
    sources = {origin.domain: Locale.parse(origin.locale) for origin in origins}
    entries = {domain: _live(catalog.document) for domain, catalog in documents.items()}
    for (domain, key), group in rows.items():
        with problems.collect():
            arrival = _Arrival(returned, group, entries[domain][key], locale, sources[domain])
            _take(arrival, merged[domain])
    problems.raise_if_any()
    return list(merged.values())


def _live(document: PoDocument) -> dict[tuple[str, str], PoEntry]:
    return {entry.key: entry for entry in document.entries if not entry.obsolete}


Pair = tuple[Row, Unit]


class _Rows:
    """Finds the unit of each row, and notes every row that is not what was exported."""

    def __init__(self, returned: Returned, known: Mapping[str, Unit], problems: Problems) -> None:
        self._returned = returned
        self._known = known
        self._problems = problems

    def by_message(self) -> dict[tuple[str, tuple[str, str]], list[Pair]]:
        """The rows that are in order, with their units, by domain and key of the message."""
        if not self._returned.rows and not self._returned.problems:
            self._add(1, "there is nothing in the file", _AGAIN)
        groups: dict[tuple[str, tuple[str, str]], list[Pair]] = defaultdict(list)
        first: dict[str, int] = {}
        for row in self._returned.rows:
            if row.id in first:
                self._add(row.line, f"id: {row.id} is in line {first[row.id]} already", "keep one of the two")
            elif row.locale is not None and row.locale != self._returned.locale:
                message = f"locale: {row.locale!r} in a file of {self._returned.locale!r}"
                self._add(row.line, message, "import each locale from a file of its own")
            elif (unit := self._known.get(row.id)) is None:
                self._unknown(row)
            elif self._same(row, unit):
                groups[unit.domain, unit.message.key].append((row, unit))
            first.setdefault(row.id, row.line)
        return groups

    def _same(self, row: Row, unit: Unit) -> bool:
        """Whether all that a row says of its text is so; white space does not count."""
        differing = [
            name
            for name in _CHECKED
            if (said := getattr(row, name)) is not None and said.split() != getattr(unit, name).split()
        ]
        for name in differing:
            column = {"plural": "source plural", "form": "plural form", "shown": "source"}.get(name, name)
            message = f"{column}: {shortened(getattr(row, name))!r} is not what was exported for {row.id}"
            self._add(row.line, message, f"it was {shortened(getattr(unit, name))!r}: put it back, or export again")
        return not differing

    def _unknown(self, row: Row) -> None:
        domain, section, source = row.domain or "", row.section or "", row.source or ""
        if row.id != identity(domain, section, source, row.plural or "", row.form or ""):
            self._add(row.line, f"id: {row.id!r} is not of this project, or its row was changed", _AGAIN)
            return
        there = [unit.source for unit in self._known.values() if (unit.domain, unit.section) == (domain, section)]
        now = get_close_matches(source, there, n=1)
        hint = f"it now says {shortened(now[0])!r}: {_AGAIN}" if now else _AGAIN
        self._add(row.line, f"source: the project does not say {shortened(source)!r} any more", hint)

    def _add(self, line: int, message: str, hint: str) -> None:
        self._problems.add(message, self._returned.path, line, hint)


@dataclass(frozen=True)
class _Arrival:
    """The rows of one message, and the catalog's entry that they are for."""

    returned: Returned
    rows: Sequence[Pair]
    entry: PoEntry
    locale: Locale
    source: Locale

    def said(self) -> list[Pair]:
        """The rows that a translator did something to."""
        return [(row, unit) for row, unit in self.rows if row.target.strip() and not _untouched(row)]

    def texts(self) -> dict[int, str]:
        """What comes in by the number of its form, where it is not what the catalog has."""
        return {
            unit.number: text
            for row, unit in self.said()
            if (text := _plain(row.target)) != self.entry.msgstr.get(unit.number, "").strip()
        }

    def fuzzy(self) -> bool:
        """Whether the entry is to be confirmed afterwards: where any of its forms is, or nothing says otherwise."""
        states = [row.fuzzy for row, _ in self.rows if row.target.strip()]
        if True in states:
            return True
        return self.entry.fuzzy and not self.texts() and states != [False] * len(states)


def _take(arrival: _Arrival, merged: Merged) -> None:
    """Change the entry as its rows say. Raises `PolyleafError` with everything that speaks against it."""
    if not arrival.said():
        return
    problems = Problems()
    for row, unit in arrival.said():
        problems.extend(_objections(row, unit, arrival))
    msgstr = arrival.entry.msgstr | arrival.texts()
    problems.extend(_missing_forms(arrival, msgstr))
    problems.raise_if_any()
    fuzzy = arrival.fuzzy()
    flags = tuple(flag for flag in arrival.entry.flags if flag != "fuzzy")
    changed = arrival.entry.change(
        msgstr=msgstr,
        flags=arrival.entry.flags if fuzzy == arrival.entry.fuzzy else ("fuzzy", *flags) if fuzzy else flags,
        previous=arrival.entry.previous if fuzzy else Previous(),
    )
    merged.translated += changed and not fuzzy
    merged.to_confirm += changed and fuzzy


def _objections(row: Row, unit: Unit, arrival: _Arrival) -> Iterator[Problem]:
    path, text = arrival.returned.path, _plain(row.target)
    for char in unwanted(text):
        yield Problem(f"target: {char} does not belong in a text", path, row.line, "delete it")
    if markdown.is_blank(text):
        yield Problem("target: nothing of it can be seen", path, row.line, "translate it, or leave it empty")
    if unit.target.strip() not in ("", text) and row.exported not in _fingerprints(unit.target):
        when = "after the export" if row.exported else "perhaps, for the file lost what was exported"
        message = f"target: the catalog was changed {when}: it says {shortened(unit.target)!r}"
        yield Problem(message, path, row.line, "choose one of the two in the catalog, or export again")
    entry = Entry({"other": text}, False, row.line)
    for finding in verify(Subject(unit.message, entry, path, arrival.locale, arrival.source)):
        if finding.code in _CODES:
            yield Problem(f"target: {finding.message}", path, row.line, finding.hint)


def _missing_forms(arrival: _Arrival, msgstr: Mapping[int, str]) -> Iterator[Problem]:
    """A message with a plural has all forms of the locale, or a number would find no words."""
    present = {unit.number for _, unit in arrival.rows}
    line, unit = arrival.rows[0][0].line, arrival.rows[0][1]
    for number, text in msgstr.items():
        if number not in present or not text.strip():
            what = "has no translation" if number in present else "is not in the file"
            message = f"target: plural form {categories(arrival.locale)[number]} of {shortened(unit.source)!r} {what}"
            yield Problem(message, arrival.returned.path, line, "translate all forms of a message together")


def _untouched(row: Row) -> bool:
    """Whether a row says what it was exported with; where it gives no state, with either."""
    text = _plain(row.target)
    return row.exported in (_fingerprints(text) if row.fuzzy is None else {fingerprint(text, row.fuzzy)})


def _fingerprints(text: str) -> set[str]:
    """Those of a translation that is confirmed, and of one that is not."""
    return {fingerprint(text, False), fingerprint(text, True)}


def _plain(text: str) -> str:
    """A translation as catalogs have it: its lines end plainly, and no white space is around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
