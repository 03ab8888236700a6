"""The words with which a language says numbers, units and denials: docs/languages.md describes the files."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

import regex
from babel import Locale

from polyleaf import cldr

WITHOUT_SPACES = frozenset({"zh", "ja", "th", "km", "lo", "my", "yue"})
"""Languages that are written without spaces between words."""

_PARTICLES = {
    "ar": "(?:[وف]?(?:[بكل]?(?:ال)?|لل|س))?",
    "he": "(?:[ושהכלבמ]{0,3})?",
}
_GAP = r"(?:\W+\w+){0,5}?\W+"
_OPTIONAL = frozenset("\u0640\u200c\u200d\u00ad") | {chr(code) for code in (*range(0x64B, 0x660), *range(0x591, 0x5C8))}


@dataclass(frozen=True)
class Folded:
    """A text in small letters without the marks that a writer may leave out; `places` lead back to the original."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text is in the original."""
        return self.places[start], self.places[end - 1] + 1


@lru_cache(maxsize=4096)
def fold(text: str, language: str) -> Folded:
    """Fold a text for comparison. It is expected in normalization form C, as nearly all text is."""
    chars, places = [], []
    for place, char in enumerate(text):
        if char not in _OPTIONAL:
            chars.append(_small(char, language))
            places.append(place)
    return Folded("".join(chars), tuple(places))


def _small(char: str, language: str) -> str:
    if language in ("tr", "az") and char in "Iİ":
        return "ı" if char == "I" else "i"
    return "’" if char == "'" else char.lower()[:1]


class Patterns:
    """Patterns of one language, sought together; the longest that begins at a place is taken."""

    def __init__(self, patterns: Iterable[str], language: str) -> None:
        self._language = language
        written = sorted(set(patterns), key=lambda pattern: (-len(pattern.strip("*")), pattern))
        self._regex = regex.compile("|".join(_as_regex(fold(p, language).text, language) for p in written) or r"(?!)")

    def find(self, text: str) -> list[tuple[int, int]]:
        """The stretches of a text that match, in its order and without overlaps."""
        return [(match.start(), match.end()) for match in self.matches(fold(text, self._language))]

    def matches(self, folded: Folded) -> Iterator[Any]:
        """The matches in a folded text."""
        return self._regex.finditer(folded.text)

    def matches_whole(self, word: str) -> bool:
        """Whether a word, folded already, is one of these."""
        return self._regex.fullmatch(word) is not None


def _as_regex(pattern: str, language: str) -> str:
    if language in WITHOUT_SPACES:
        return r"\s*".join(regex.escape(part) for part in pattern.replace("*", "").split())
    words = [_word(word) for word in pattern.split(" ")]
    text = r"\W+".join(words).replace(rf"\W+{_GAP}\W+", _GAP)
    return rf"(?<!\w){'' if pattern.startswith('*') else _PARTICLES.get(language, '')}{text}(?!\w)"


def _word(word: str) -> str:
    if word == "...":
        return _GAP
    before, after = (r"[\w’]*" if mark else "" for mark in (word.startswith("*"), word.endswith("*")))
    return before + regex.escape(word.strip("*")) + after


@dataclass(frozen=True)
class Cues:
    """The words that deny in a language, as docs/languages.md explains them."""

    strict: Patterns
    loose: Patterns
    plain: Patterns
    never: Patterns


@dataclass(frozen=True)
class Lexicon:
    """What is known of one language."""

    language: str
    words: Mapping[str, Any]
    own: Mapping[str, Any]

    @cached_property
    def number_words(self) -> Mapping[str, frozenset[Decimal]]:
        """What each pattern for a number can mean."""
        found: dict[str, set[Decimal]] = {}
        for value, words in self.words.get("numbers", {}).items():
            for word in words:
                found.setdefault(word, set()).add(Decimal(value))
        for value, patterns in self.own.get("numbers", {}).items():
            if value != "maybe":
                for pattern in patterns:
                    found.setdefault(pattern, set()).add(Decimal(value))
        return {pattern: frozenset(values) for pattern, values in found.items()}

    @cached_property
    def cues(self) -> Cues | None:
        """The words that deny; None where they are not known."""
        given = self.own.get("negation")
        if not given:
            return None
        return Cues(*(Patterns(given.get(name, ()), self.language) for name in ("strict", "loose", "plain", "never")))
