"""How the numbers of a translation agree with those of its source, by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, zip_longest

import regex

from polyleaf.translation.dates import has_months_in_digits, is_late, months, months_of_dates, weekdays
from polyleaf.translation.lexicon import lexicon
from polyleaf.translation.numbers import SCALE, Number, as_ascii, numbers
from polyleaf.translation.pair import Pair, Text

_TIMES = regex.compile(r"\s*[回次회]")
_ROUND_THE_CLOCK = regex.compile(r"(?<!\d)(7|24)\s?\p{L}+\.?\s?(?:sur|su|/)\s?(?P<again>\1)(?!\d)")
_ROMAN = regex.compile(r"(?<![\p{L}\p{Nd}])(?=[IVX])(?:X{0,3})(?:IX|IV|V?I{0,3})(?![\p{L}\p{Nd}])")
_BEFORE_MINUTES = frozenset(":.h時时시")
_DUAL = frozenset({"ar", "he", "sl"})  # which say "two" by the ending of any noun
_FULL_HOUR = regex.compile(r"(?:[01]?\d|2[0-4])\.00")


@dataclass(frozen=True)
class Comparison:
    """How the numbers of a translation differ.

    Those in digits that it `lost` and `added`, the pairs that are the `same`, those among them that are written with
    marks of another language, `words` that say one number in place of another, and words of the source that are
    `unsaid`.
    """

    lost: tuple[Number, ...] = ()
    added: tuple[Number, ...] = ()
    same: tuple[tuple[Number, Number], ...] = ()
    foreign: tuple[Number, ...] = ()
    words: tuple[tuple[Number, Number], ...] = ()
    unsaid: tuple[Number, ...] = ()


@dataclass
class _Rest:
    """What has found no counterpart yet."""

    source: list[Number]
    target: list[Number]
    same: list[tuple[Number, Number]] = field(default_factory=list)
    hours: list[Number] = field(default_factory=list)

    def match(
        self,
        agree: Callable[[Number, Number], bool],
        source: Callable[[Number], bool] = lambda number: number.digits,
        target: Callable[[Number], bool] = lambda number: number.digits,
    ) -> list[tuple[Number, Number]]:
        """Pair off what agrees, in the order of the texts."""
        found = []
        for number in [number for number in self.source if source(number)]:
            other = next((one for one in self.target if target(one) and agree(number, one)), None)
            if other is not None:
                self.source.remove(number)
                self.target.remove(other)
                found.append((number, other))
        self.same += found
        return found


@lru_cache(maxsize=4096)
def compare(pair: Pair) -> Comparison:
    """Hold the numbers of a translation against those of its source, by value."""
    rest = _Rest(list(numbers(pair.source)), list(numbers(pair.target)))
    _match_parts(rest, pair)
    rest.match(lambda a, b: bool(a.scaled or b.scaled) and b.sure and bool(_meant(a) & _meant(b)))
    rest.match(lambda a, b: b.sure and a.value is not None and a.value == b.value)
    unsure = rest.match(lambda a, b: not b.sure and a.value in b.values)
    foreign = [b for _, b in unsure if not _is_clock(b, pair.target)]
    rest.match(_share)
    rest.match(_share, target=_is_sure_word)
    rest.match(_share, source=_is_word)
    unsaid_months = _match_months(rest, pair)
    _match_otherwise(rest, pair)
    _match_sums(rest)
    # An article is a number only where no article of the source answers for it.
    rest.match(_share, _is_word, _is_word)
    rest.match(_share, target=_is_word)
    hours = {number.end for found in (*rest.same, rest.hours) for number in found}
    for left, text in ((rest.source, pair.source), (rest.target, pair.target)):
        left[:] = [number for number in left if not _is_full_hour(number, hours, text.masked)]
    lost = tuple(number for number in (*rest.source, *unsaid_months) if number.digits)
    added = tuple(_without_idioms(rest, pair.target))
    if not lexicon(pair.target.locale).knows_numbers:
        lost = tuple(number for number in lost if not _small(number))
    if not lexicon(pair.source.locale).knows_numbers:
        added = tuple(number for number in added if not _small(number))
    words = tuple(_other_words(rest))
    unsaid = () if words or not lexicon(pair.target.locale).knows_numbers else tuple(_lost_words(rest, pair.language))
    return Comparison(lost, added, tuple(rest.same), tuple(foreign), words, unsaid)


def _without_idioms(rest: _Rest, text: Text) -> Iterator[Number]:
    """The numbers that were added, without those of idioms: one 1回 ("each time") where another number says how many
    times, as in 1回2錠、1日3回, and the second number of "24 heures sur 24".
    """
    again = {match.start("again") for match in _ROUND_THE_CLOCK.finditer(text.masked)}
    times = [number for number in numbers(text) if number.digits and _TIMES.match(text.masked, number.end)]
    free = len(times) > 1 and any(number.value == 1 for number in times)
    for number in rest.target:
        if number.digits and number.start not in again and not (free and number.value == 1):
            yield number
        elif number.digits and number.start not in again:
            free = False


def _is_clock(number: Number, text: Text) -> bool:
    """Whether it is written as 9.00, which is a full hour in many languages."""
    return _FULL_HOUR.fullmatch(as_ascii(text.masked[number.start : number.end])) is not None


def _meant(number: Number) -> set[Decimal]:
    """The likeliest meaning: with the word such as "million" behind it, if there is one."""
    return set(number.scaled or number.values)


def _share(source: Number, target: Number) -> bool:
    return bool({*source.values, *source.scaled} & {*target.values, *target.scaled})


def _is_word(number: Number) -> bool:
    return not number.digits


def _is_sure_word(number: Number) -> bool:
    return not number.digits and number.sure


def _small(number: Number) -> bool:
    """Whether a language whose words are unknown could well say the number in words."""
    return number.value is not None and number.value <= 12 and number.value == int(number.value)


def _match_parts(rest: _Rest, pair: Pair) -> None:
    """Let dates, times, fractions and versions agree part by part with numbers that stand by themselves."""
    for mine, far, other in ((rest.source, rest.target, pair.target), (rest.target, rest.source, pair.source)):
        for number in [number for number in mine if number.digits and number.parts]:
            found = _counterparts(number, far, other)
            if found is not None:
                mine.remove(number)
                for part in found:
                    far.remove(part)


def _counterparts(number: Number, far: Sequence[Number], other: Text) -> list[Number] | None:
    """The numbers on the other side that say the parts of one, in order where these are two; None if one is missing."""
    if len(number.parts) > 2:
        whole = next((n for n in far if n.digits and sorted(n.parts) == sorted(number.parts)), None)
        if whole:
            return [whole]
    found: list[Number] = []
    named = months(other)
    for part in number.parts:
        ahead = [n for n in far if n.digits and not n.parts and n not in found and n.value == part]
        if len(number.parts) == 2 and found:
            ahead = [n for n in ahead if n.start > found[-1].start]
        elif len(number.parts) == 2 and not ahead and 12 < part < 24 and is_late(other):  # 17.30 is 5:30 p.m.
            ahead = [n for n in far if n.digits and not n.parts and n.value == part - 12]
        if ahead:
            found.append(ahead[0])
        elif part not in named:
            return None
    return found


def _match_months(rest: _Rest, pair: Pair) -> list[Number]:
    """The months of the source's dates that a translation should have in digits, as Chinese has, and does not."""
    if not has_months_in_digits(pair.target.locale):
        return []
    lost = []
    named = Counter(months(pair.target))
    for value, start, end in months_of_dates(pair.source):
        month = Number(start, end, (value,))
        other = next((number for number in rest.target if month.value in number.values), None)
        if other is not None:
            rest.target.remove(other)
            rest.same.append((month, other))
        elif named[month.values[0]] > 0:
            named[month.values[0]] -= 1
        elif all(month.value != b.value for _, b in rest.same):
            lost.append(month)
    return lost


def _match_sums(rest: _Rest) -> None:
    """Let a number agree with two that add up to it, as 2 लाख 44 हज़ार do to 244,000."""
    for mine, far in ((rest.source, rest.target), (rest.target, rest.source)):
        for number in [number for number in mine if number.digits]:
            others = [other for other in far if other.digits]
            for a, b in pairwise(others):
                sums = {x + y for x in a.scaled for y in (*b.scaled, *b.values)}
                if number in mine and sums & {*number.values, *number.scaled}:
                    mine.remove(number)
                    far.remove(a)
                    far.remove(b)


def _match_otherwise(rest: _Rest, pair: Pair) -> None:
    """What languages write in digits or not as they please: months, hours of the afternoon, Roman numerals."""
    sides = ((rest.source, pair.source, pair.target, rest.target), (rest.target, pair.target, pair.source, rest.source))
    for mine, own, other, far in sides:
        # A month that both name has no digits on either side.
        named = Counter(months(other)) - Counter(months(own))
        free: list[Decimal | None] = [*named.elements(), *_roman(other)]
        free += weekdays(other) if own.locale.language in ("vi", "pt") else []
        for number in [number for number in mine if number.digits]:
            if number.value in free:
                free.remove(number.value)
                mine.remove(number)
        for number in [number for number in mine if number.digits]:
            twin = _afternoon(number, other, far)
            if twin is not None:
                mine.remove(number)
                far.remove(twin)
                rest.hours += [number, twin]


def _afternoon(number: Number, other: Text, far: Sequence[Number]) -> Number | None:
    """The number on the other side that says the same hour: 5 p.m. is 17 o'clock, and the other way round."""
    if number.value is None or not 0 <= number.value <= 24:
        return None
    if not is_late(other):
        return None
    return next((n for n in far if n.digits and n.value in (number.value - 12, number.value + 12)), None)


def _is_full_hour(number: Number, ends: set[int], text: str) -> bool:
    """6 a.m. is 6:00: the minutes are no number of their own. `ends` are where the known numbers end."""
    if number.value != 0 or number.end - number.start != 2:
        return False
    return text[number.start - 1 : number.start] in _BEFORE_MINUTES and number.start - 1 in ends


def _roman(text: Text) -> list[Decimal]:
    return [Decimal(_roman_value(match.group())) for match in _ROMAN.finditer(text.masked) if match.group()]


def _roman_value(written: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[char] for char in written]
    return sum(-a if a < b else a for a, b in zip_longest(values, values[1:], fillvalue=0))


def _lost_words(rest: _Rest, language: str) -> Iterator[Number]:
    """The sure words of the source that nothing in the translation says."""
    least = 3 if language in _DUAL else 2
    for number in rest.source:
        if not number.digits and number.sure and min(number.values) >= least and max(number.values) < SCALE:
            yield number


def _other_words(rest: _Rest) -> Iterator[tuple[Number, Number]]:
    """A sure word of the source that became another one: each is the only one left."""
    source = [number for number in rest.source if not number.digits and number.sure]
    target = [number for number in rest.target if not number.digits and number.sure]
    if len(source) == 1 and len(target) == 1:
        yield source[0], target[0]
