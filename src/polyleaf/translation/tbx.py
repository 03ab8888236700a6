"""Termbases in TBX, as terminology tools write them: ISO 30042:2019 in both of its styles, and its edition of 2008.

A concept is `conceptEntry/langSec/termSec/term`, in 2008 `termEntry/langSet/tig/term` or `.../ntig/termGrp/term`. What
is said of a term is an element of that name in the style DCT (`<min:administrativeStatus>`), and else an element with
that name as its type (`<termNote type="administrativeStatus">`): both are its kind here.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import BinaryIO
from unicodedata import normalize
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from babel import Locale, UnknownLocaleError
from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from polyleaf import cldr
from polyleaf.config import unwanted
from polyleaf.errors import PolyleafError, Problem, Problems
from polyleaf.translation.glossary import SEPARATOR, Term, distinct

LARGEST = 50_000_000
"""The bytes that a file may have. The largest public termbases have less for any two languages."""

_CHUNK = 1 << 16
_DEEPEST = 100  # levels of elements; a termbase has about ten
_ROOTS = ("tbx", "martif")
_CONCEPTS = ("conceptEntry", "termEntry")
_LANGUAGES = ("langSec", "langSet")
_TERMS = ("termSec", "tig", "ntig")
_ADMINISTRATION = ("transacGrp", "adminGrp")  # who changed what: its notes are not about the concept
_APART = frozenset((*_LANGUAGES, *_TERMS, *_ADMINISTRATION))
_NOTES = ("note", "usageNote", "definition")
_STATUS = ("administrativeStatus", "normativeAuthorization")
_PREFERRED = frozenset({"preferredTerm", "preferred"})
_REFUSED = frozenset({"deprecatedTerm", "supersededTerm", "deprecated", "superseded", "forbidden", "obsolete"})
_MEND = "export it from your terminology tool again"


@dataclass(frozen=True)
class Termbase:
    """What a file says of two languages. `skipped` counts the concepts that lack a term in one of them.

    A term's line is that of the file.
    """

    terms: tuple[Term, ...]
    skipped: int


@dataclass
class _Element:
    name: str
    type: str
    language: str
    line: int
    parts: list[str | _Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, on one line."""
        return normalize("NFC", " ".join("".join(self._texts()).split()))

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield from part._texts()

    def find(self, *kinds: str) -> Iterator[_Element]:
        """The elements of these kinds inside, without looking into what stands for itself."""
        for part in self.parts:
            if isinstance(part, str):
                continue
            if part.name in kinds or part.type in kinds:
                yield part
            elif part.name not in _APART:
                yield from part.find(*kinds)


@dataclass(frozen=True)
class _Word:
    """A term in one language."""

    text: str
    status: str
    section: _Element

    @property
    def refused(self) -> bool:
        return self.status in _REFUSED


def read_tbx(path: Path, source: Locale, target: Locale) -> Termbase:
    """Read the terms of a source language with their translations. Raises `PolyleafError` with every mistake.

    A concept's other terms of the target language become forms, and those that are not to be used forbidden words.
    Where a term stands for several concepts, the translation of any of them does.
    """
    problems = Problems()
    found: dict[str, Term] = {}
    languages: Counter[str] = Counter()
    skipped = 0
    for concept in _concepts(path):
        languages.update({section.language for section in concept.find(*_LANGUAGES)})
        with problems.collect():
            terms = _terms(concept, source, target, path)
            skipped += not terms
            for term in terms:
                key = term.term.lower()
                found[key] = _either(found[key], term) if key in found else term
    problems.raise_if_any()
    if not found:
        raise PolyleafError(_nothing(languages, source, target, path))
    return Termbase(tuple(found.values()), skipped)


def _nothing(languages: Counter[str], source: Locale, target: Locale, path: Path) -> Problem:
    named = ", ".join(f"{name or 'no language'} ({count})" for name, count in sorted(languages.items()))
    there = f"its languages are {named}" if named else "it has no concepts"
    hint = "export it with both languages, or name another locale"
    return Problem(f"no concept has a term to use in both {source} and {target}: {there}", path, hint=hint)


# Concepts ------------------------------------------------------------------------------------------------------------


def _terms(concept: _Element, source: Locale, target: Locale, path: Path) -> list[Term]:
    """A row for each term of the source language; none where one of the languages has nothing."""
    sections = list(concept.find(*_LANGUAGES))
    ours, theirs = _nearest(sections, source), _nearest(sections, target)
    named = [word for word in _words(ours, path) if not word.refused]
    words = sorted(_words(theirs, path), key=lambda word: (word.refused, word.status not in _PREFERRED))
    if not words:
        return []
    allowed = distinct(word.text for word in words if not word.refused)
    forbidden = distinct((word.text for word in words if word.refused), allowed)
    translation, forms = (allowed[0], allowed[1:]) if allowed else ("", ())
    note = _note((words[0].section, *theirs, concept, *ours), path)
    return [Term(word.text, translation, forms, forbidden, note, word.section.line) for word in named]


def _words(sections: Iterable[_Element], path: Path) -> list[_Word]:
    found = []
    for section in (part for language in sections for part in language.find(*_TERMS)):
        text = next((_checked(term, path) for term in section.find("term")), "")
        status = next((element.text for element in section.find(*_STATUS)), "").removesuffix("-admn-sts")
        if SEPARATOR in text:
            hint = f'take it out: "{SEPARATOR}" stands between words of a glossary'
            raise PolyleafError(Problem(f'the term {text!r} has a "{SEPARATOR}"', path, section.line, hint))
        if text:
            found.append(_Word(text, status, section))
    return found


def _note(places: Iterable[_Element], path: Path) -> str:
    """The first note, or definition where there is none, of these places."""
    for place in places:
        for kind in _NOTES:
            found = next((text for element in place.find(kind) if (text := _checked(element, path))), "")
            if found:
                return found
    return ""


def _checked(element: _Element, path: Path) -> str:
    """The text of an element. Raises `PolyleafError` where a glossary could not hold it."""
    problems = Problems()
    for char in unwanted(element.text):
        problems.add(f"{char} does not belong in a text", path, element.line, "delete it")
    problems.raise_if_any()
    return element.text


def _either(first: Term, other: Term) -> Term:
    """The row of a term that stands for two concepts."""
    forms = distinct((*first.forms, other.translation, *other.forms), [first.translation])
    translation = first.translation
    if not translation and forms:
        translation, forms = forms[0], forms[1:]
    forbidden = distinct((*first.forbidden, *other.forbidden), (translation, *forms))
    return replace(
        first,
        translation=translation,
        forms=forms,
        forbidden=forbidden,
        note="; ".join(distinct((first.note, other.note))),
    )


# Languages -----------------------------------------------------------------------------------------------------------


def _nearest(sections: Sequence[_Element], locale: Locale) -> list[_Element]:
    """The sections of the language tag that is nearest to a locale."""
    near = [
        (distance, section) for section in sections if (distance := _distance(section.language, locale)) is not None
    ]
    least = min((distance for distance, _ in near), default=0)
    return [section for distance, section in near if distance == least]


@cache
def _distance(tag: str, locale: Locale) -> int | None:
    """How far a language tag (BCP 47) is from a locale; None where its language or script is another."""
    found = _parsed(tag)
    if found is None or cldr.script(str(found)) != cldr.script(str(locale)):
        return None
    parents = list(cldr.parents(str(locale)))
    if str(found) in parents:
        return parents.index(str(found))
    return len(parents) if found.language == locale.language else None


def _parsed(tag: str) -> Locale | None:
    """The locale of a tag, or of its language where CLDR does not know the rest."""
    for name in (tag.replace("_", "-"), tag.replace("_", "-").partition("-")[0]):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


# XML -----------------------------------------------------------------------------------------------------------------


def _concepts(path: Path) -> Iterator[_Element]:
    """The concepts of a file one by one: a termbase of all languages of a union would fill the memory."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > LARGEST:
            hint = "export the two languages alone, or a part of the termbase"
            raise PolyleafError(Problem(f"the file is larger than {LARGEST // 1_000_000} MB", path, hint=hint))
        yield from _Reader(path).concepts(file)


class _Reader(ContentHandler):
    """Builds concepts from the parser's events. A document type is refused, and with it all that it could declare."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._open: list[_Element] = []
        self._finished: list[_Element] = []
        self._parser = make_parser()
        self._parser.forbid_dtd = True
        self._parser.setContentHandler(self)

    def concepts(self, file: BinaryIO) -> Iterator[_Element]:
        """Each concept when it is read."""
        more = True
        while more:
            chunk = file.read(_CHUNK)
            more = bool(chunk)
            self._feed(chunk)
            yield from self._finished
            self._finished.clear()

    def _feed(self, chunk: bytes) -> None:
        try:
            self._parser.feed(chunk)
            if not chunk:
                self._parser.close()
        except DefusedXmlException:
            message = "a document type (<!DOCTYPE>) is not read: it can bring in other files, or grow without end"
            raise self._error(message, self._line, "take it out: no term is in it") from None
        except SAXParseException as error:
            raise self._error(f"broken XML: {error.getMessage()}", error.getLineNumber() or 1) from None
        except (LookupError, ValueError) as error:  # an encoding that Python or expat does not know
            raise self._error(f"broken XML: {error}", 1) from None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        """Open an element, of whatever namespace: the styles differ in that alone."""
        local = name.rpartition(":")[2]
        if not self._open and local not in _ROOTS:
            raise self._error(f"this is no TBX: it begins with <{local}>", self._line, _MEND)
        if len(self._open) > _DEEPEST:
            raise self._error(f"elements are nested more than {_DEEPEST} levels deep", self._line, _MEND)
        element = _Element(local, attrs.get("type", ""), attrs.get("xml:lang", ""), self._line)
        if self._open and local not in _CONCEPTS:
            self._open[-1].parts.append(element)
        self._open.append(element)

    def endElement(self, name: str) -> None:  # noqa: N802
        """Close an element; a concept is finished."""
        element = self._open.pop()
        if element.name in _CONCEPTS:
            self._finished.append(element)

    def characters(self, content: str) -> None:
        """Take in text."""
        self._open[-1].parts.append(content)

    @property
    def _line(self) -> int:
        return self._parser.getLineNumber() or 1

    def _error(self, message: str, line: int, hint: str = _MEND) -> PolyleafError:
        return PolyleafError(Problem(message, self._path, line, hint))
