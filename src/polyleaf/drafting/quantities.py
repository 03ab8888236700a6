"""Finds the quantities of a text, proposes them as values, and says of which it is not sure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import regex

from polyleaf.catalog.verify import LEAFLET
from polyleaf.drafting.words import Words
from polyleaf.translation.numbers import Number, numbers
from polyleaf.translation.pair import Text
from polyleaf.translation.units import RANGE, Unit, units
from polyleaf.values import UNITS

_KIND = {unit: kind for kind, names in UNITS.items() for unit in names}
_LARGEST = Decimal(10**9)
# What makes one number of it and the next, or gives it another meaning: 5 mg/ml, 2 x 10 mg, ±2 mm, 5 mm², 5 mg per kg.
_BEFORE = re.compile(r"(?:\w|(?:[/×±~+^−]|\d\s?[x*]|(?<![\w\s])-|(?:^|\s)[-–]|\d[\s-])\s?)$")
_AFTER = re.compile(r"\w|\s?[/×²³^]|\s?[x*]\s?\d|\s?per\b|-\w|\s?[-–]\s?\d")
_MONEY = regex.compile(r"(?:\p{Nd}[\p{Nd}.,]*\s?)?\p{Sc}(?:\s?\p{Nd}[\p{Nd}.,]*(?<![.,]))?")
_HYPHEN = re.compile(r"[-‐‑]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_SENTENCE_END = re.compile(r"[.?!]\s")
_LONGEST_NAME = 20


@dataclass(frozen=True)
class Quantity:
    """A quantity at `start:end` of a text, as a value: its kind, one number or two, and its unit or its whole."""

    start: int
    end: int
    kind: str
    numbers: tuple[Decimal, ...]
    unit: str = ""
    of: Decimal | None = None

    def written(self) -> str:
        """As the front matter has it."""
        low, *high = (f"{number.normalize():f}" for number in self.numbers)
        given = f"[{low}, {high[0]}]" if high else low
        companion = f"of: {self.of.normalize():f}" if self.of is not None else f"unit: {self.unit}"
        return f"{{{self.kind}: {given}, {companion}}}"


@dataclass(frozen=True)
class Doubt:
    """Something in a text that may be a quantity: the words, and why it is left as it is."""

    words: str
    reason: str


def read_quantities(written: str, words: Words) -> tuple[list[Quantity], list[Doubt]]:
    """The quantities of a text in their order, without overlaps, and what is left as it stands."""
    text = Text(written, words.locale, LEAFLET)
    found: list[Quantity] = []
    doubts: list[Doubt] = []
    for one in [*_proportions(text, words), *_measures(text, words)]:
        if isinstance(one, Doubt):
            doubts.append(one)
        elif all(one.end <= other.start or other.end <= one.start for other in found):
            found.append(one)
    doubts += [*_vague(text, words), *_money(written)]
    return sorted(found, key=lambda quantity: quantity.start), doubts


# Proportions ---------------------------------------------------------------------------------------------------------


def _proportions(text: Text, words: Words) -> Iterator[Quantity]:
    """ "1 in 10", "1 to 10 out of 1,000": of people, if no unit follows."""
    found = [number for number in numbers(text) if _usable(number)]
    measured = {number.start for unit in units(text) for number in unit.of}
    between = {phrase.casefold() for phrase in words.words("of")}
    for low, whole in pairwise(found):
        joined = " ".join(text.text[low.end : whole.start].split()).casefold()
        if joined not in between or whole.start in measured or low.start in measured:
            continue
        ends = _with_range(low, found, text.text)
        of = whole.values[0]
        glued = _BEFORE.search(text.text[: ends[0].start]) or _AFTER.match(text.text[whole.end :])
        if all(end.values[0] <= of for end in ends) and of >= 2 and not glued:
            values = tuple(end.values[0] for end in ends)
            yield Quantity(ends[0].start, whole.end, "frequency", values, of=of)


def _usable(number: Number) -> bool:
    known = number.value is not None and number.value < _LARGEST
    return known and not number.parts and not number.named and (number.sure or number.value == 1)


def _with_range(number: Number, found: Sequence[Number], text: str) -> tuple[Number, ...]:
    """The number with the one that begins a range which it ends."""
    before = next((one for one in reversed(found) if one.end <= number.start), None)
    if before is None or not _usable(before) or not RANGE.match(text[before.end : number.start]):
        return (number,)
    return (before, number) if before.values[0] < number.values[0] else (number,)


# Measures ------------------------------------------------------------------------------------------------------------


def _measures(text: Text, words: Words) -> Iterator[Quantity | Doubt]:
    """Numbers with a unit."""
    for unit in units(text):
        if not unit.of:
            continue
        ends = _with_range(unit.of[-1], numbers(text), text.text) if len(unit.of) == 1 else unit.of
        start, end = ends[0].start, unit.end
        said = text.text[start:end]
        if doubt := _doubt(unit, ends, text, words):
            yield from ([Doubt(said, doubt)] if any(end.digits or end.sure for end in ends) else [])
        elif unit.name == "percent":
            yield _share(unit, ends, text, words)
        elif unit.name in _KIND:
            yield Quantity(start, end, _KIND[unit.name], tuple(one.values[0] for one in ends), unit.name)
        elif ends[0].digits:
            yield Doubt(said, f"no value has the unit {unit.name}")


def _doubt(unit: Unit, ends: Sequence[Number], text: Text, words: Words) -> str:
    """Why a number with its unit cannot be told to be one quantity that a placeholder can stand for."""
    start = ends[0].start
    written = text.text
    one = words.words("one")
    if not all(_usable(end) and (end.sure or written[end.start : end.end].casefold() in one) for end in ends):
        return "the number can mean several things"
    if _BEFORE.search(written[:start]) or _AFTER.match(written[unit.end :]):
        return "it may be part of another quantity"
    joint = written[ends[-1].end : unit.start]
    if _HYPHEN.search(joint) or _singular(unit, ends, written):
        return "a value would not fit into the words around it"
    return "the range does not rise" if len(ends) == 2 and ends[0].values[0] >= ends[1].values[0] else ""


def _singular(unit: Unit, ends: Sequence[Number], text: str) -> bool:
    """Whether a number stands before a unit in the singular as in "a 5 day course": CLDR's plural would not fit."""
    spelt = text[unit.start : unit.end].casefold()
    one = len(ends) == 1 and ends[0].values[0] <= 1
    return unit.dimension == "duration" and spelt == unit.name and not one


def _share(unit: Unit, ends: Sequence[Number], text: Text, words: Words) -> Quantity | Doubt:
    """A percentage of people is a frequency; another may be a strength, or a part of anything."""
    start = ends[0].start
    behind = re.match(r"\s+of\s+(?:all\s+|the\s+|our\s+)?", text.text[unit.end :])
    people = re.match(r"\w+", text.text[unit.end + behind.end() :]) if behind else None
    if behind is None or people is None or people[0].casefold() not in words.words("people"):
        return Doubt(text.text[start : unit.end], "a percentage: a frequency of people, or of something else")
    values = tuple(end.values[0] for end in ends)
    # "10 in 100 people": the words "of" and "the" go, since the value says "in".
    return Quantity(start, unit.end + behind.end() - 1, "frequency", values, of=Decimal(100))


# What is left as it stands -------------------------------------------------------------------------------------------


def _vague(text: Text, words: Words) -> Iterator[Doubt]:
    """ "a few days": a duration without a number."""
    vague = words.words("vague")
    for unit in units(text):
        before = re.findall(r"\w+", text.text[: unit.start])[-3:]
        if unit.dimension == "duration" and not unit.counted and vague & {word.casefold() for word in before}:
            start = max(text.text.rfind(word, 0, unit.start) for word in before if word.casefold() in vague)
            yield Doubt(text.text[start : unit.end], "a duration without a number: ask for one")


def _money(text: str) -> Iterator[Doubt]:
    """Prices, which are no values, and signs of money that stand alone."""
    for match in _MONEY.finditer(text):
        price = any(char.isdigit() for char in match[0])
        reason = "a price: leaflets state none" if price else "a sign of money without a number"
        yield Doubt(match[0].strip(), reason)


# Names ---------------------------------------------------------------------------------------------------------------


def name_of(quantity: Quantity, text: str, section: str, words: Words) -> str:
    """A name for a value: what its text speaks of most, or what its sentence names nearest to it, and its unit."""
    before = _topics(_SENTENCE_END.split(text[: quantity.start])[-1], words)
    amount = quantity.kind in ("mass", "volume")  # which come before what they are of: 400 mg of ibuprofen
    behind = _topics(_SENTENCE_END.split(text[quantity.end :])[0], words) if amount else []
    spoken = _topics(text[: quantity.start], words)
    often = [word for word in spoken if spoken.count(word) > 1]
    named = [*often, *reversed(before), *behind, _ascii(section.partition(".")[0].partition("-")[0])]
    return f"{named[0][:_LONGEST_NAME]}_{f'{quantity.unit}s' if quantity.kind == 'duration' else quantity.kind}"


def _topics(text: str, words: Words) -> list[str]:
    """The words of a text that can name a value."""
    taken = {text[unit.start : unit.end].casefold() for unit in units(Text(text, words.locale, LEAFLET))}
    return [
        plain
        for word in _WORD.findall(text)
        if (plain := _ascii(word)) and plain not in words.words("unnamed") and word.casefold() not in taken
    ]


def _ascii(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(char for char in plain if char.isascii() and char.isalpha())
