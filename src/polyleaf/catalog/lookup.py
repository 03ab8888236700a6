"""Looks messages up for one locale, and says what keeps a translation from being published."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from polyleaf import cldr
from polyleaf.catalog.read import Catalog, Entry, read_catalog
from polyleaf.catalog.verify import Subject, verify
from polyleaf.finding import Finding
from polyleaf.model import Message


@dataclass(frozen=True)
class Translation:
    """A message's text in a locale by plural category, or its source text with `translated` false.

    `file` and `line` say where it stands, as far as that is known.
    """

    forms: dict[str, str]
    translated: bool = True
    file: Path | None = None
    line: int = 0

    def text(self, category: str = "other") -> str:
        """The form of a plural category (CLDR's)."""
        return self.forms.get(category) or self.forms["other"]


class Catalogs:
    """One domain's messages in one locale, with the locales that it inherits from in CLDR and never another script.

    `source` is what the messages are written in; `is_source` says that this is the locale's own language, so that no
    catalog is needed. `asked` gathers the keys of the messages that were looked up in a catalog; it may be cleared at
    any time.

    Raises `PolyleafError` where a file is broken.
    """

    def __init__(
        self, folders: Sequence[Path], domain: str, locale: Locale, source: Locale, is_source: bool = False
    ) -> None:
        self._locale = locale
        self._source = source
        self._is_source = is_source
        candidates = [
            folder / name / "LC_MESSAGES" / f"{domain}.po"
            for name in _same_script_parents(locale)
            for folder in folders
        ]
        # A folder or a broken link in a catalog's place is told when it is read: it is not as if none were there.
        paths = [] if is_source else [path for path in candidates if os.path.lexists(path)]
        self._chain = [read_catalog(path, locale) for path in paths] or [Catalog(candidates[0])]
        self.asked: set[tuple[str, str]] = set()

    @property
    def machine_drafted(self) -> bool:
        """Whether a catalog in use says that a machine drafted it."""
        return not self._is_source and any(catalog.machine_drafted for catalog in self._chain)

    def find(self, message: Message) -> tuple[Translation, list[Finding]]:
        """The translation of a message; the source text, with the findings that say why, where there is none."""
        if self._is_source:
            return _source(message, translated=True), []
        self.asked.add(message.key)
        subject = self.subject(message)
        findings = verify(subject)
        if findings or subject.entry is None:
            return _source(message, translated=False), list(findings)
        return Translation(dict(subject.entry.forms), file=subject.path, line=subject.entry.line), []

    def subject(self, message: Message) -> Subject:
        """A message with its entry, as checks want it."""
        catalog, entry = self._entry(message.key)
        return Subject(message, entry, catalog.path, self._locale, self._source)

    def content(self, key: tuple[str, str]) -> str:
        """All that a lookup takes from the files for a message, as text to compare; the same where it is the same."""
        _, entry = self._entry(key)
        if entry is None:
            return ""
        return repr((sorted(entry.forms.items()), entry.line if entry.fuzzy else 0, entry.waivers))

    def _entry(self, key: tuple[str, str]) -> tuple[Catalog, Entry | None]:
        for catalog in self._chain:
            entry = catalog.entries.get(key)
            if entry is not None and any(entry.forms.values()):
                return catalog, entry
        first = self._chain[0]
        return first, first.entries.get(key)


def _source(message: Message, translated: bool) -> Translation:
    forms = {"one": message.msgid, "other": message.msgid_plural} if message.msgid_plural else {"other": message.msgid}
    return Translation(forms, translated, message.file, message.line)


def _same_script_parents(locale: Locale) -> Iterator[str]:
    script = cldr.script(str(locale))
    return (name for name in cldr.parents(str(locale)) if cldr.script(name) == script)
