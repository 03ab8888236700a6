"""Reads one PO file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import c2py  # the standard library's reader of plural expressions
from pathlib import Path

import polib
from babel import Locale

from polyleaf.catalog.plurals import categories, plural_forms_header
from polyleaf.config import read_text
from polyleaf.errors import PolyleafError, Problem, Problems

ORIGIN_HEADER = "X-Polyleaf-Origin"
"""The header of a catalog that says how it came about; one that begins with "machine-drafted" is said on the page."""

_STRING = r'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(rf"(?:#.*|(?:msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d+\])\s*{_STRING}|{_STRING})?")


@dataclass(frozen=True)
class Entry:
    """One translation. `forms` is keyed by plural category; a message without a plural has "other" alone."""

    forms: Mapping[str, str]
    fuzzy: bool
    line: int


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
    _check_lines(text, path)
    try:
        parsed = polib.pofile(text if text.strip() else "\n")
    except (OSError, ValueError, UnicodeDecodeError) as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else None
        # polib says "Syntax error in po file (line 7)" where a line is sound and stands in the wrong place.
        told = re.sub(r"^Syntax error in po file[^(]*|\(?line \d+\)?", "", str(error)).strip(" ():")
        reason = told or "a message goes msgctxt, msgid, msgid_plural, msgstr, and this line comes at another place"
        hint = "mend the line, or fetch the file from your translation tool again"
        raise PolyleafError(Problem(f"the catalog does not parse: {reason}", path, line, hint)) from None
    problems = Problems()
    entries: dict[tuple[str, str], Entry] = {}
    for entry in parsed:
        if entry.obsolete:
            continue
        key = (entry.msgctxt or "", entry.msgid)
        if key in entries:
            problems.add("the same message is there twice", path, entry.linenum, "keep one of the two")
        forms = _forms(entry, path, locale, problems)
        entries[key] = Entry(forms, "fuzzy" in entry.flags, entry.linenum or 1)
    if any(entry.msgstr_plural and any(entry.msgstr_plural.values()) for entry in parsed if not entry.obsolete):
        _check_plurals(parsed.metadata.get("Plural-Forms", ""), path, locale, problems)
    problems.raise_if_any()
    return Catalog(path, entries, parsed.metadata.get(ORIGIN_HEADER, "").startswith("machine-drafted"))


def _check_lines(text: str, path: Path) -> None:
    """Refuse a line that no PO file has: polib passes over some of them, and a message would be gone."""
    problems = Problems()
    for number, line in enumerate(text.split("\n"), start=1):
        if not _LINE.fullmatch(line.strip()):
            hint = "mend the line, or fetch the file from your translation tool again"
            problems.add(f"the catalog does not parse: {line.strip()[:60]}", path, number, hint)
    problems.raise_if_any()


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


def _forms(entry: polib.POEntry, path: Path, locale: Locale, problems: Problems) -> dict[str, str]:
    if not entry.msgid_plural:
        return {"other": entry.msgstr}
    expected = categories(locale)
    given = {int(index): text for index, text in entry.msgstr_plural.items()}
    if any(given.values()) and sorted(given) != list(range(len(expected))):
        problems.add(
            f"{len(given)} plural forms where {locale} has {len(expected)}: {', '.join(expected)}",
            path,
            entry.linenum,
            f"set the header Plural-Forms: {plural_forms_header(locale)}",
        )
    return {category: given.get(index, "") for index, category in enumerate(expected)}
