"""Reads one PO file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import c2py  # the standard library's reader of plural expressions
from pathlib import Path

from babel import Locale

from polyleaf.catalog.document import PoDocument, PoEntry, note_repeated, parse_document
from polyleaf.catalog.plurals import categories, plural_forms_header
from polyleaf.config import read_text
from polyleaf.errors import PolyleafError, Problem, Problems
from polyleaf.model import Waiver
from polyleaf.waivers import waivers_in

ORIGIN_HEADER = "X-Polyleaf-Origin"
"""The header of a catalog that says how it came about; one that begins with "machine-drafted" is said on the page."""


@dataclass(frozen=True)
class Entry:
    """One translation. `forms` is keyed by plural category; a message without a plural has "other" alone."""

    forms: Mapping[str, str]
    fuzzy: bool
    line: int
    waivers: tuple[Waiver, ...] = ()

    def __hash__(self) -> int:
        return hash((tuple(self.forms.items()), self.fuzzy, self.line))


@dataclass(frozen=True)
class Catalog:
    """The translations of one domain into one locale, keyed by `(msgctxt, msgid)`."""

    path: Path
    entries: Mapping[tuple[str, str], Entry] = field(default_factory=dict)
    machine_drafted: bool = False


def read_catalog(path: Path, locale: Locale) -> Catalog:
    """Read a PO file. Raises `PolyleafError` where it is not UTF-8, does not parse or miscounts its plurals."""
    return _parsed(path, read_text(path).replace("\r\n", "\n"), locale)


@lru_cache(maxsize=4096)  # a project that is watched is read again and again, and most of it stays the same
def _parsed(path: Path, text: str, locale: Locale) -> Catalog:
    document = parse_document(text, path)
    check_language(document, locale)
    problems = Problems()
    note_repeated(document, problems)
    entries: dict[tuple[str, str], Entry] = {}
    live = [entry for entry in document.entries if not entry.obsolete]
    for entry in live:
        forms = _forms(entry, path, locale, problems)
        entries[entry.key] = Entry(forms, entry.fuzzy, entry.line or 1, waivers_in(entry.comments))
    if any(entry.msgid_plural is not None and entry.translated for entry in live):
        _check_plurals(document.metadata.get("Plural-Forms", ""), path, locale, problems)
    problems.raise_if_any()
    return Catalog(path, entries, document.metadata.get(ORIGIN_HEADER, "").startswith("machine-drafted"))


def check_language(document: PoDocument, locale: Locale) -> None:
    """Raise `PolyleafError` for a catalog of another language, which would be put before patients as this one."""
    said = document.metadata.get("Language", "")
    if said and said.replace("-", "_").partition("_")[0].lower() != locale.language:
        text = f"the header says Language: {said}, in the folder of {locale}"
        line = document.header.line if document.header else 1
        hint = f"put the catalog of {locale} here, or correct its header"
        raise PolyleafError(Problem(text, document.path, line, hint))


def _check_plurals(header: str, path: Path, locale: Locale, problems: Problems) -> None:
    """The header must number the forms as CLDR does, or a form would stand for the wrong numbers."""
    expected = categories(locale)
    try:
        index = c2py(header.partition("plural=")[2].strip(" ;")) if header else None
        agrees = index is None or all(expected[index(n)] == locale.plural_form(n) for n in range(201))
    except (ValueError, IndexError):
        agrees = False
    if not agrees:
        hint = f"set the header Plural-Forms: {plural_forms_header(locale)}"
        problems.add(f"the header Plural-Forms does not number the forms of {locale} as CLDR does", path, 1, hint)


def _forms(entry: PoEntry, path: Path, locale: Locale, problems: Problems) -> dict[str, str]:
    if entry.msgid_plural is None:
        return {"other": entry.msgstr[0]}
    expected = categories(locale)
    if entry.translated and sorted(entry.msgstr) != list(range(len(expected))):
        problems.add(
            f"{len(entry.msgstr)} plural forms where {locale} has {len(expected)}: {', '.join(expected)}",
            path,
            entry.line,
            f"set the header Plural-Forms: {plural_forms_header(locale)}",
        )
    return {category: entry.msgstr.get(index, "") for index, category in enumerate(expected)}
