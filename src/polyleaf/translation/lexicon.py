"""The words with which a language says numbers, units and denials: docs/languages.md describes the files."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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
    "ar": regex.compile("[وف]?(?:لل|[بكل]?(?:ال)?|س)(?=..)"),
    "he": regex.compile("[ושהכלבמ]{1,3}(?=..)"),
}
_ELIDES = frozenset({"fr", "it", "ca"})  # l’heure, dell’aria, d’onze
_PARTICLES |= dict.fromkeys(_ELIDES, regex.compile(r"\p{L}{1,6}’(?=..)"))
_ENDINGS = {
    "tr": regex.compile(r"(.+?)’\p{L}+"),  # 5 kg’dan
    "az": regex.compile(r"(.+?)’\p{L}+"),
    "ko": regex.compile(r"(\p{Latin}+)\p{Hangul}+"),  # 5 mg을
}
_PERSIAN = str.maketrans("'يكى", "’یکی")
_ALIKE = str.maketrans("'ʼµşţ", "’’μșț")  # marks and letters for which keyboards have two characters
_ARABIC = _ALIKE | str.maketrans("ى", "ي")  # Egypt writes both without dots at the end of a word
_SPELLINGS = {"fa": _PERSIAN, "ur": _PERSIAN, "ar": _ARABIC}
_TOKEN = regex.compile(r"\p{Nd}+|[\p{L}\p{M}\p{Nl}’]+|[%٪％‰°º℃㎎㎍㎏㎖㎜㎝*]|\.{3}")
_GAP = "..."
_DIGITS = "#"
_LONGEST_GAP = 5  # words
_OPTIONAL = frozenset("\u0640\u200c\u200d\u00ad") | {
    chr(code) for code in (*range(0x64B, 0x660), *range(0x591, 0x5BE), *range(0x5BF, 0x5C8))
}


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
            small = _small(char, language)
            chars.append(small)
            places += [place] * len(small)
    return Folded("".join(chars), tuple(places))


def _small(char: str, language: str) -> str:
    if language in ("tr", "az") and char in "Iİ":
        return "ı" if char == "I" else "i"
    small = unicodedata.normalize("NFC", char.lower()[:1])  # which takes some letters of Indic scripts apart
    return small.translate(_SPELLINGS.get(language, _ALIKE))


@dataclass(frozen=True)
class Match:
    """A stretch of a text, and all that the patterns which match there stand for."""

    start: int
    end: int
    labels: frozenset[Any]


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int


class Patterns:
    """Labelled patterns of one language, sought together. Where several match, the one of most words is taken."""

    def __init__(self, labelled: Iterable[tuple[str, Any]], language: str) -> None:
        self._language = language
        self._exact: dict[str, set[Any]] = defaultdict(set)
        self._starts: dict[str, set[Any]] = defaultdict(set)
        self._ends: dict[str, set[Any]] = defaultdict(set)
        self._inside: dict[str, set[Any]] = defaultdict(set)
        self._phrases: dict[str, list[tuple[tuple[str, ...], Any]]] = defaultdict(list)
        self._begun_phrases: dict[str, list[tuple[tuple[str, ...], Any]]] = defaultdict(list)
        self._open_phrases: list[tuple[tuple[str, ...], Any]] = []
        self._known: dict[str, frozenset[Any]] = {}
        for pattern, label in labelled:
            self._add(fold(pattern, language).text, label)
        literals = sorted(self._exact, key=lambda text: (-len(text), text)) if language in WITHOUT_SPACES else ()
        self._literals = re.compile("|".join(map(re.escape, literals)) or "(?!)")

    def _add(self, pattern: str, label: Any) -> None:
        words = tuple(_pattern_words(pattern))
        if self._language in WITHOUT_SPACES:
            self._exact["".join(pattern.replace("*", "").split())].add(label)
        elif len(words) > 1:
            self._phrases_from(words[0]).append((words, label))
        elif words and "*" in words[0]:
            self._wild(words[0])[words[0].strip("*")].add(label)
        elif words:
            self._exact[words[0]].add(label)

    def _phrases_from(self, word: str) -> list[tuple[tuple[str, ...], Any]]:
        """The phrases that begin as this one does."""
        if word.startswith("*") or word == _DIGITS:
            return self._open_phrases
        return self._begun_phrases[word[:-1]] if word.endswith("*") else self._phrases[word]

    def _wild(self, word: str) -> dict[str, set[Any]]:
        if not word.startswith("*"):
            return self._starts
        return self._inside if word.endswith("*") else self._ends

    def find(self, text: str) -> list[Match]:
        """The matches in a text, in its order and without overlaps."""
        folded = fold(text, self._language)
        if self._language in WITHOUT_SPACES:
            found = [
                (m.start(), m.end(), frozenset(self._exact[m.group()])) for m in self._literals.finditer(folded.text)
            ]
        else:
            found = list(self._among(_tokens(folded.text)))
        return [Match(*folded.span(start, end), labels) for start, end, labels in found]

    def _among(self, tokens: list[_Token]) -> Iterator[tuple[int, int, frozenset[Any]]]:
        position = 0
        while position < len(tokens):
            after, labels = self._phrase_at(tokens, position)
            if not labels:
                after, labels = position + 1, self._labels(tokens[position].text)
            if labels:
                yield tokens[position].start, tokens[after - 1].end, labels
            position = after if labels else position + 1

    def _phrase_at(self, tokens: list[_Token], position: int) -> tuple[int, frozenset[Any]]:
        best, labels = position, frozenset[Any]()
        word = tokens[position].text
        forms = self._forms(word)
        begun = [found for form in forms for found in self._phrases.get(form, ())]
        if self._begun_phrases:
            stems = {form[:length] for form in forms for length in range(1, len(form) + 1)}
            begun += [found for stem in stems for found in self._begun_phrases.get(stem, ())]
        begun += [found for found in self._open_phrases if _fits(found[0][0], word, self._language)]
        for words, label in begun:
            after = self._after(words, tokens, position)
            if after > best:
                best, labels = after, frozenset({label})
            elif after == best > position:
                labels |= {label}
        return best, labels

    def _after(self, words: tuple[str, ...], tokens: list[_Token], position: int) -> int:
        """The position behind a phrase that begins here, or 0."""
        gap = 0
        for word in words:
            if word == _GAP:
                gap = _LONGEST_GAP
                continue
            ahead = range(position, min(position + gap + 1, len(tokens)))
            found = next((place for place in ahead if _fits(word, tokens[place].text, self._language)), None)
            if found is None:
                return 0
            position, gap = found + 1, 0
        return position

    def _forms(self, word: str) -> set[str]:
        return {word, *_bare(word, self._language)}

    def _labels(self, word: str) -> frozenset[Any]:
        if word not in self._known:
            bare = self._forms(word)
            self._known[word] = frozenset(label for form in bare for label in self._all_labels(form))
        return self._known[word]

    def _all_labels(self, word: str) -> Iterator[Any]:
        yield from self._exact.get(word, ())
        for length in range(1, len(word) + 1):  # there are more patterns than letters
            yield from self._starts.get(word[:length], ())
            yield from self._ends.get(word[-length:], ())
        for inner, labels in self._inside.items():
            if inner in word:
                yield from labels


def _pattern_words(pattern: str) -> Iterator[str]:
    """The words of a pattern; a star belongs to the word that it touches."""
    for part in pattern.split():
        if part in (_GAP, _DIGITS):
            yield part
            continue
        tokens = [match.group() for match in _TOKEN.finditer(part) if match.group() != "*"]
        if not tokens:
            yield "*"
            continue
        tokens[0] = f"*{tokens[0]}" if part.startswith("*") else tokens[0]
        tokens[-1] = f"{tokens[-1]}*" if part.endswith("*") else tokens[-1]
        yield from tokens


@lru_cache(maxsize=1024)
def _tokens(text: str) -> list[_Token]:
    return [_Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def _fits(pattern: str, word: str, language: str) -> bool:
    return any(_matches(pattern, form) for form in (word, *_bare(word, language)))


def _matches(pattern: str, word: str) -> bool:
    if pattern == _DIGITS:
        return word.isdecimal()
    inner = pattern.strip("*")
    if pattern.startswith("*"):
        return inner in word if pattern.endswith("*") else word.endswith(inner)
    return word.startswith(inner) if pattern.endswith("*") else word == inner


@lru_cache(maxsize=8192)
def _bare(word: str, language: str) -> tuple[str, ...]:
    """The word without what may be written to it: particles before it, an ending behind a symbol."""
    particles, endings = _PARTICLES.get(language), _ENDINGS.get(language)
    if endings is not None and (ended := endings.fullmatch(word)):
        return (ended[1],)
    if particles is None:
        return ()
    longest = particles.match(word)
    if longest and language in _ELIDES:
        return (word[longest.end() :],)
    ends = range(1, longest.end() + 1) if longest else ()
    return tuple(word[end:] for end in ends if _is_particles(word[:end], language))


def _is_particles(text: str, language: str) -> bool:
    """Whether a text is particles and nothing else; they stand before a word of two letters or more."""
    match = _PARTICLES[language].match(f"{text}..")
    return match is not None and match.end() == len(text)


@dataclass(frozen=True)
class Lexicon:
    """What is known of one language."""

    language: str
    words: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> Patterns:
        """Patterns labelled with the numbers that they can mean, and None where they often mean none."""
        given = self.own.get("numbers", {})
        labelled: list[tuple[str, Decimal | None]] = [
            (word, Decimal(value))
            for table in (self.words.get("numbers", {}), given)
            for value, words in table.items()
            if value != "maybe"
            for word in words
        ]
        return Patterns([*labelled, *((word, None) for word in given.get("maybe", ()))], self.language)

    @property
    def knows_numbers(self) -> bool:
        """Whether the language's words for numbers are known."""
        return bool(self.words.get("numbers") or self.own.get("numbers"))

    @cached_property
    def units(self) -> Patterns:
        """Patterns labelled with CLDR's units, and None where they carry a unit only right after a number."""
        given = self.own.get("units", {})
        letters = {word for table in (_SYMBOLS, given) for words in table.values() for word in words if len(word) == 1}
        labelled = [
            (word, unit)
            for table in (_SYMBOLS, self.words.get("units", {}), given)
            for unit, words in table.items()
            if unit != "maybe"
            for word in words
            # CLDR's "г." of a year would be read in 5 г, which is grams, and its "से॰" of a second in 10 से 20.
            if not (word.endswith("॰") or (word.endswith(".") and word[:-1] in letters))
        ]
        return Patterns([*labelled, *((word, None) for word in given.get("maybe", ()))], self.language)

    @cached_property
    def cues(self) -> Patterns | None:
        """Patterns labelled "strict", "loose", "plain" and "never"; None where the denials are not known."""
        given = self.own.get("negation")
        if not given:
            return None
        return Patterns([(word, name) for name, words in given.items() for word in words], self.language)


_SYMBOLS = {
    "microgram": ["µg", "mcg", "㎍"],
    "milligram": ["mg", "㎎"],
    "gram": ["g"],
    "kilogram": ["kg", "㎏"],
    "milliliter": ["ml", "㎖"],
    "liter": ["l"],
    "millimeter": ["mm", "㎜"],
    "centimeter": ["cm", "㎝"],
    "meter": ["m"],
    "kilometer": ["km"],
    "celsius": ["°c", "℃"],
    "percent": ["%", "٪", "％"],
    "international-unit": ["iu"],
    "millimole": ["mmol"],
}


@cache
def lexicon(locale: Locale) -> Lexicon:
    """What is known of a locale's language, of the nearest that there is (CLDR's parents)."""
    names = [*cldr.parents(str(locale)), locale.language]
    return Lexicon(
        str(locale.language),
        next((found for name in names if (found := _words().get(name))), {}),
        next((found for name in names if (found := _own(name))), {}),
    )


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(_data("words.json"))["languages"]
    return found


@cache
def _own(name: str) -> Mapping[str, Any]:
    path = f"languages/{name}.toml"
    return tomllib.loads(_data(path)) if files("polyleaf").joinpath("data", path).is_file() else {}


def _data(path: str) -> str:
    return files("polyleaf").joinpath("data", path).read_text(encoding="utf-8")
