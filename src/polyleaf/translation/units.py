"""The units that a text says, and how those of a translation differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from polyleaf.translation.lexicon import WITHOUT_SPACES, Match, lexicon
from polyleaf.translation.numbers import Number, has_number_before, numbers, placeholder_before
from polyleaf.translation.pair import Pair, Text

_DIMENSIONS = {
    "duration": ("second", "minute", "hour", "day", "week", "month", "year"),
    "mass": ("microgram", "milligram", "gram", "kilogram", "millimole", "international-unit"),
    "volume": ("milliliter", "liter"),
    "length": ("millimeter", "centimeter", "meter", "kilometer"),
    "temperature": ("celsius",),
    "share": ("percent",),
    "energy": ("kilocalorie", "kilojoule"),
}
_DIMENSION = {unit: dimension for dimension, units in _DIMENSIONS.items() for unit in units}
_DOSES = ("mass", "volume", "share")
_UNIT_FIRST = frozenset({"sw"})
_AFTER_MONTH = regex.compile(r"[月월]\s*$")
RANGE = regex.compile(
    r"^[^\d\p{L}]{0,3}(?:[-‐‑–—~〜～至到]|to|and|or|bis|und|oder|à|a|au|et|y|o|e|до|и|или|do|i|albo|lub|та|і|або|đến|hoặc|và|ile|ila|-|إلى|الى|و|حتى|से|থেকে|tot|até|till|til|עד|تا|から|부터)[^\d\p{L}]{0,3}$",
    regex.IGNORECASE,
)
"""What stands between the ends of a range."""


@dataclass(frozen=True)
class Unit:
    """A unit in a text, and the numbers that it belongs to; `counted` is also true after a placeholder."""

    name: str
    start: int
    end: int
    of: tuple[Number, ...] = ()
    counted: bool = False

    @property
    def dimension(self) -> str:
        """What it measures."""
        return _DIMENSION.get(self.name, self.name)


@lru_cache(maxsize=4096)
def units(text: Text) -> tuple[Unit, ...]:
    """The units of a text in their order."""
    known = lexicon(text.locale)
    matches = known.units.find(text.masked)
    adverbs = {match.start for match in matches}  # "daily" says its own number, and counts no unit behind it
    found = [number for number in numbers(text) if number.digits or number.start not in adverbs]
    result = []
    for match in matches:
        unit = _unit(match, text, found)
        names = {label for label in match.labels if label is not None}
        if unit.counted or not _needs_number(match, text, known.language):
            result += [unit] if len(names) == 1 and not _is_date(unit, text) else []
    return tuple(result)


def _unit(match: Match, text: Text, found: Sequence[Number]) -> Unit:
    name = min((label for label in match.labels if label is not None), default="")
    number = has_number_before(text.masked, match.start, found) or _number_after(
        text.masked, match.end, found, name, str(text.locale.language)
    )
    of = (*_range_before(number, text.masked, found), number) if number else ()
    counted = bool(of) or placeholder_before(text.masked, match.start)
    return Unit(name, match.start, match.end, of, counted)


def _is_date(unit: Unit, text: Text) -> bool:
    """Whether it is the year or the day of a date, as in 2020年3月23日."""
    number = unit.of[-1] if unit.of else None
    if unit.name == "year":
        return number is not None and number.digits and number.value is not None and 1500 <= number.value <= 2200
    return unit.name == "day" and number is not None and _AFTER_MONTH.search(text.masked[: number.start]) is not None


def _needs_number(match: Match, text: Text, language: str) -> bool:
    """Whether the word carries a unit only where a number stands before it: short and ambiguous ones."""
    written = text.masked[match.start : match.end]
    short = len(written) <= (1 if language in WITHOUT_SPACES else 2) and not written.startswith(("%", "٪", "％", "℃"))
    return None in match.labels or short


def _number_after(text: str, place: int, found: Sequence[Number], name: str, language: str) -> Number | None:
    """Turkish and others write the sign of a percentage in front, Swahili every unit."""
    if name != "percent" and language not in _UNIT_FIRST:
        return None
    return next((number for number in found if 0 <= number.start - place <= 1 and number.digits), None)


def _range_before(number: Number, text: str, found: Sequence[Number]) -> tuple[Number, ...]:
    """The number that begins a range whose other end has the unit: "10 to 15" of "10 to 15 mg"."""
    before = [n for n in found if n.digits and n.end <= number.start]
    if not before or not number.digits:
        return ()
    return (before[-1],) if RANGE.match(text[before[-1].end : number.start]) else ()


@dataclass(frozen=True)
class Comparison:
    """How the units of a translation differ: those that became another, and those that a number lost."""

    changed: tuple[tuple[Unit, Unit], ...] = ()
    lost: tuple[Unit, ...] = ()
    torn: tuple[tuple[Unit, Unit], ...] = ()


@lru_cache(maxsize=4096)
def compare(pair: Pair) -> Comparison:
    """Hold the units of a translation against those of its source, within what they measure."""
    mine, theirs = units(pair.source), units(pair.target)
    wanted, found = Counter(unit.name for unit in mine), Counter(unit.name for unit in theirs)
    more = _counted(theirs, pair.target) - _counted(mine, pair.source)
    gone = [unit for unit in mine if found[unit.name] < wanted[unit.name]]
    new = [unit for unit in theirs if wanted[unit.name] < found[unit.name] or _is_more(unit, more, pair.target)]
    changed = []
    for unit in gone:
        other = next((one for one in new if one.dimension == unit.dimension), None)
        if other is not None and (unit.counted or (_is_adverb(unit, pair.source) and not other.counted)):
            changed.append((unit, other))
    told = {id(unit) for unit, _ in changed}
    lost = [
        unit
        for unit in gone
        if id(unit) not in told
        and unit.dimension in _DOSES
        and any(number.digits for number in unit.of)
        and not found[unit.name]
    ]
    return Comparison(tuple(changed), tuple(lost), tuple(_torn(mine, theirs)))


def _is_more(unit: Unit, more: Counter[str], text: Text) -> bool:
    """Whether it has a number, and the translation has it with a number more often than the source."""
    return more[unit.name] > 0 and (unit.counted or _is_adverb(unit, text))


def _counted(found: Sequence[Unit], text: Text) -> Counter[str]:
    """How often each unit has a number; "the day" has none."""
    return Counter(unit.name for unit in found if unit.counted or _is_adverb(unit, text))


def _is_adverb(unit: Unit, text: Text) -> bool:
    """Whether a word says a number as well as a unit: "daily" is once a day."""
    return any(number.start == unit.start and not number.digits for number in numbers(text))


def _torn(mine: Sequence[Unit], theirs: Sequence[Unit]) -> list[tuple[Unit, Unit]]:
    """Units of a dose that are there and no longer beside a number."""
    doses = [unit for unit in mine if unit.dimension in _DOSES and unit.of]
    loose = [unit for unit in theirs if unit.dimension in _DOSES and not unit.counted]
    return [(unit, other) for unit in doses for other in loose if other.name == unit.name and other.of == ()][:1]
