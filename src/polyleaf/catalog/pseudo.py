"""The catalogs of pseudo-locales, which are in no file: every text is made of its source when it is asked for."""

from __future__ import annotations

from pathlib import Path

from babel import Locale

from polyleaf import cldr
from polyleaf.catalog.lookup import Catalogs, Translation
from polyleaf.catalog.plurals import categories
from polyleaf.catalog.read import Entry
from polyleaf.catalog.verify import Subject
from polyleaf.finding import Finding
from polyleaf.model import Message
from polyleaf.translation.pseudo import pseudo


class PseudoCatalogs(Catalogs):
    """Any domain's messages in a pseudo-locale: whole, drafted by a machine, and never to be approved."""

    def __init__(self, name: str, source: Locale) -> None:
        self._name = name
        self._source = source
        self.asked = set()

    @property
    def machine_drafted(self) -> bool:
        """Always, so that every edition says it."""
        return True

    def find(self, message: Message) -> tuple[Translation, list[Finding]]:
        """The text that stands for a translation; there is one of every message."""
        self.asked.add(message.key)
        return Translation(pseudo_forms(message, self._name), file=message.file, line=message.line), []

    def subject(self, message: Message) -> Subject:
        """A message with the entry that a catalog would have for it."""
        entry = Entry(pseudo_forms(message, self._name), fuzzy=False, line=0)
        return Subject(message, entry, Path(f"{self._name}.po"), cldr.locale_of(self._name), self._source)

    def content(self, key: tuple[str, str]) -> str:
        """What is made of a message, as text to compare."""
        return pseudo(key[1], self._name)


def pseudo_forms(message: Message, name: str) -> dict[str, str]:
    """What a pseudo-locale has for a message, by plural category."""
    if not message.msgid_plural:
        return {"other": pseudo(message.msgid, name)}
    singular, plural = pseudo(message.msgid, name), pseudo(message.msgid_plural, name)
    return {category: singular if category == "one" else plural for category in categories(cldr.locale_of(name))}
