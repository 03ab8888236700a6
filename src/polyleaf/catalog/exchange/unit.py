"""What is sent out to be translated: one text a unit, made from the messages of a project and their catalogs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from babel import Locale

from polyleaf import markdown
from polyleaf.catalog.document import PoDocument, PoEntry
from polyleaf.catalog.lookup import Catalogs
from polyleaf.catalog.plurals import categories
from polyleaf.config import unwanted
from polyleaf.errors import Problems
from polyleaf.model import Message, Value
from polyleaf.values import Phrases, SourcePhrases, format_value, noun_message

GlossaryHits = Callable[[str], Sequence[str]]
"""What a glossary has to say about a source text, one line a term."""

TRANSLATED, NEEDS_REVIEW, MISSING = "translated", "needs-review", "missing"


@dataclass(frozen=True)
class Origin:
    """Where the messages of one domain come from: their language, and what their placeholders stand for."""

    domain: str
    locale: str
    messages: Sequence[Message]
    values: Mapping[str, Value] = field(default_factory=dict)
    phrases: Phrases = field(default_factory=SourcePhrases)


@dataclass(frozen=True)
class Unit:
    """One text to translate: a message, or one plural form of it (`form`, by CLDR; `number`, that of its msgstr)."""

    domain: str
    message: Message
    form: str
    number: int
    target: str
    fuzzy: bool
    remarks: tuple[str, ...] = ()
    examples: Mapping[str, str] = field(default_factory=dict)
    glossary: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The same for as long as the message is the same, and another one as soon as its source changes."""
        return identity(self.domain, self.section, self.source, self.plural, self.form)

    @property
    def section(self) -> str:
        """Where in its leaflet the text stands: the message's context."""
        return self.message.msgctxt

    @property
    def source(self) -> str:
        """The message's text, in the singular where it has a plural."""
        return self.message.msgid

    @property
    def plural(self) -> str:
        """The message's plural, if it has one."""
        return self.message.msgid_plural

    @property
    def shown(self) -> str:
        """What this very form translates."""
        return self.source if self.form in ("", "one") else self.plural

    @property
    def state(self) -> str:
        """How far the translation is."""
        return MISSING if not self.target.strip() else NEEDS_REVIEW if self.fuzzy else TRANSLATED

    @property
    def exported(self) -> str:
        """What the catalog said when it was sent out, so that a change meanwhile is noticed."""
        return fingerprint(self.target, self.fuzzy)

    @property
    def facts(self) -> dict[str, str]:
        """What XLIFF has no place of its own for, and an import holds against the project; empty ones left out."""
        told = {
            "section": self.section,
            "form": self.form,
            "source": self.source if self.form else "",
            "plural": self.plural,
            "exported": self.exported,
        }
        return {name: text for name, text in told.items() if text}


@dataclass(frozen=True)
class Parcel:
    """All that is sent out of one domain in one locale."""

    origin: Origin
    locale: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class CatalogPhrases:
    """The words around numbers as a patient reads them: the leaflet's counted nouns, the theme's frequencies."""

    own: Catalogs
    theme: Catalogs

    def pattern(self, message: Message, category: str, locale: Locale) -> str:
        """The translated words, or the source's where there are none."""
        catalogs = self.own if message.msgid_plural else self.theme
        return catalogs.find(message)[0].text(category)


def identity(domain: str, section: str, source: str, plural: str, form: str) -> str:
    """The id of a text. It begins with a letter: a spreadsheet takes 123e4 for a number."""
    return "m" + _hash([domain, section, source, plural, form], 16)


def fingerprint(target: str, fuzzy: bool) -> str:
    """A short hash of a translation and of whether it is confirmed."""
    return "t" + _hash([target.strip(), fuzzy and bool(target.strip())], 10)


def _hash(parts: Sequence[object], length: int) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()[:length]


def units(origin: Origin, document: PoDocument, locale: Locale) -> Iterator[Unit]:
    """The units of a domain, from a catalog that is up to its messages."""
    live = {entry.key: entry for entry in document.entries if not entry.obsolete}
    forms = categories(locale)
    for message in origin.messages:
        for number, form in enumerate(forms if message.msgid_plural else ("",)):
            yield _unit(origin.domain, message, form, number, live[message.key])


def _unit(domain: str, message: Message, form: str, number: int, entry: PoEntry) -> Unit:
    remarks = tuple(comment.strip() for comment in entry.comments if comment.strip())
    return Unit(domain, message, form, number, entry.msgstr.get(number, ""), entry.fuzzy, remarks)


def parcel(
    origin: Origin, document: PoDocument, locale: Locale, glossary_hits: GlossaryHits = lambda source: ()
) -> Parcel:
    """The units of a domain with all that helps to translate them.

    Raises `PolyleafError` where a translation holds a character that no other format could carry.
    """
    _check(document)
    described = (
        replace(unit, examples=_examples(unit, origin, locale), glossary=tuple(glossary_hits(unit.shown)))
        for unit in units(origin, document, locale)
    )
    return Parcel(origin, str(locale), tuple(described))


def _check(document: PoDocument) -> None:
    problems = Problems()
    for entry in document.entries:
        for char in unwanted("".join(entry.msgstr.values())):
            problems.add(f"{char} does not belong in a text", document.path, entry.line, "delete it")
    problems.raise_if_any()


def _examples(unit: Unit, origin: Origin, locale: Locale) -> dict[str, str]:
    """What stands on a page in place of each placeholder, in the locale."""
    if unit.plural:
        return _counts(unit.message, origin, locale)
    names = dict.fromkeys(markdown.placeholders(unit.source))
    return {name: format_value(origin.values[name], locale, origin.phrases) for name in names if name in origin.values}


def _counts(noun: Message, origin: Origin, locale: Locale) -> dict[str, str]:
    """The numbers that are said with a counted noun."""
    numbers = [
        format_value(replace(value, one="", other=""), locale)
        for value in origin.values.values()
        if value.kind == "count" and (message := noun_message(value)) and message.key == noun.key
    ]
    return {"count": ", ".join(dict.fromkeys(numbers))} if numbers else {}
