"""Whether the numbers of a translation stand where those of the source stand: ranges and numbers that were swapped."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex
from babel import Locale

from polyleaf.translation.agreement import compare
from polyleaf.translation.dates import is_beside_month, part_of_date
from polyleaf.translation.numbers import Number, in_digits
from polyleaf.translation.pair import Pair, Text
from polyleaf.translation.units import RANGE, units

WHOLE_FIRST = frozenset(
    {"zh", "yue", "ja", "ko", "tr", "hi", "bn", "ur", "pa", "mr", "te", "ta", "gu", "ne", "hu", "az", "kk"}
)
"""Languages that name the whole before its part: 10人中3人 for "3 of 10 people"."""

_WHOLE = regex.compile(
    r"^\s*(?:個|个|名|位|人|例|つ|명|kişi\w*|जनों?|लोगों|लोगो|জন\w*|মানুষ\w*|میں|افراد)?\s*"
    r"(?:に|の)?(?:中|当中|當中|之中|里|裡|分之|のうち|うち|につき|あたり|분의|중|명당|'?[dt][ea]n?\b|में\s*से|में|এর\s*মধ্যে|এর|র\s*মধ্যে|মধ্যে|میں\s*سے)"
)
_WHOLE_OF_SHARE = regex.compile(
    r"^[\s’'\-‑]*(?:[\p{L}\p{M}]+[\s’']+)?[\p{L}\p{M}]*?"
    r"(?:中|当中|當中|之中|里|裡|분의|중|[dt][ea]n\b|içinde|arasında|में\s*से|জনে|人に|名に|মধ্যে|میں\s*سے)"
)
"""The same where the source says a share and any noun may stand between: "her 100 çocuktan 3’ü"."""
_OF = regex.compile(
    r"(?<!\p{L})(?:of|von|sur|de|su|em|van|op|av|af|из|з|із|spośród|na|από|من|از|מתוך|trong)"
    r"(?:\s+(?:die|den|je|jeweils|cada|ogni|elke|de|каждых|кожних|każde|każdych|κάθε|بين|كل|بين\s+كل|هر|כל|số|mỗi))?\s*$",
    regex.IGNORECASE,
)
"""What stands before the whole where a language may name it first: "von 10 Menschen haben 3"."""
_LISTED = regex.compile(r"(?<!\p{L})(?:and|or|und|oder|et|ou|y|o|e|и|или|i|albo|lub|та|і|й|або|hoặc|và|و)(?!\p{L})")
"""What stands between the ends of a range only where the source has a range too."""
_LONGEST_GAP = 24
_MOST = {"月": 12, "日": 31}


@dataclass(frozen=True)
class Swap:
    """Two numbers of the source, and where the translation has them the other way round. It is not `sure` where whole
    phrases may have changed places.
    """

    source: tuple[Number, Number]
    target: tuple[Number, Number]
    bounds: bool = False
    sure: bool = True


@lru_cache(maxsize=4096)
def swaps(pair: Pair) -> tuple[Swap, ...]:
    """The numbers that changed places with each other."""
    both = [(a, b) for a, b in compare(pair).same if a.digits or b.digits]
    same = sorted(((a, b) for a, b in both if a.digits and b.digits), key=lambda found: found[0].start)
    known = Counter(a.value for a, _ in both)
    once = sorted(((a, b) for a, b in both if known[a.value] == 1 and not a.named), key=lambda found: found[0].start)
    found = [*_of_bounds(pair), *_of_units(once, pair), *_of_dates(same, pair)]
    in_digits_only = [(a, b) for a, b in once if a.digits and b.digits]
    return tuple(found or list(_of_order(in_digits_only, pair)) or _of_phrases(same, pair))


def _of_bounds(pair: Pair) -> Iterator[Swap]:
    """Ranges whose ends fall in the translation alone."""
    known = {b.start: a for a, b in compare(pair).same}
    falling_here = {(a.value, b.value) for a, b in pairwise(in_digits(pair.source)) if _falls(a, b, pair.source)}
    for a, b in pairwise(in_digits(pair.target)):
        if _falls(a, b, pair.target) and a.start in known and b.start in known:
            high, low = known[a.start], known[b.start]
            listed = _LISTED.search(pair.target.masked[a.end : b.start]) is not None
            if (high.value, low.value) not in falling_here and (not listed or _is_range(low, high, pair.source)):
                yield Swap((low, high), (a, b), bounds=True)


def _falls(a: Number, b: Number, text: Text) -> bool:
    """Whether two numbers are the ends of a range of which the first is the greater."""
    if a.value is None or b.value is None or not _is_range(a, b, text):
        return False
    return all(a.value > value for value in (*b.values, *b.scaled))  # "2007–08" does not fall


def _is_range(low: Number, high: Number, text: Text) -> bool:
    """Whether two numbers are the ends of a range, which may have its unit at both: "5 mg to 10 mg"."""
    gap = text.masked[low.end : high.start]
    unit = next((unit for unit in units(text) if unit.start >= low.end and unit.end <= high.start), None)
    bare = gap if unit is None else gap[: unit.start - low.end] + gap[unit.end - low.end :]
    return len(gap) <= _LONGEST_GAP and RANGE.match(bare) is not None


def _of_units(once: Sequence[tuple[Number, Number]], pair: Pair) -> Iterator[Swap]:
    """Numbers that have each other's units: 5 mg for 3 days became 3 mg for 5 days."""
    mine, theirs = _unit_of(pair.source), _unit_of(pair.target)
    for place, (a, a_there) in enumerate(once):
        for b, b_there in once[place + 1 :]:
            here = mine.get(a.start), mine.get(b.start)
            there = theirs.get(a_there.start), theirs.get(b_there.start)
            if here[0] != here[1] and there == (here[1], here[0]):
                yield Swap((a, b), (a_there, b_there))


def _unit_of(text: Text) -> dict[int, str]:
    """The unit of each number by its place."""
    return {number.start: unit.name for unit in units(text) for number in unit.of}


def _of_dates(same: Sequence[tuple[Number, Number]], pair: Pair) -> Iterator[Swap]:
    """A number of a date that stands where the year, the month or the day of the translation is, and is another."""
    often = Counter(b.value for _, b in same)
    for a, b in same:
        if often[b.value] > 1:
            continue  # on 3 March it does not matter which is which
        written = pair.source.masked[a.start : a.end]
        is_month = any(char.isalpha() for char in written)
        part = part_of_date(pair.target, b.end)
        wrong = part in ("年", "日") if is_month else a.value is not None and a.value > _MOST.get(part, a.value)
        if wrong:
            yield Swap((a, a), (b, b))


def _of_order(once: Sequence[tuple[Number, Number]], pair: Pair) -> Iterator[Swap]:
    """Numbers that nothing tells apart but their order."""
    mine, theirs = _unit_of(pair.source), _unit_of(pair.target)
    for (a, a_there), (b, b_there) in itertools.pairwise(once):
        if mine.get(a.start) != mine.get(b.start) and theirs.get(a_there.start) == mine.get(a.start):
            continue  # each has its own unit still
        if any(_is_year(number) or is_beside_month(pair.source, number.start, number.end) for number in (a, b)):
            continue  # dates are written in many orders, and at many places
        reversed_there = b_there.start < a_there.start
        if pair.language in WHOLE_FIRST:
            first, second = (b_there, a_there) if reversed_there else (a_there, b_there)
            whole_first = _WHOLE.match(pair.target.masked[first.end : second.start]) is not None
            gap = pair.target.masked[first.end : second.start]
            whole_of_share = whole_first or _WHOLE_OF_SHARE.match(gap) is not None
            if _is_share(a, b, pair) and whole_of_share and not reversed_there:
                yield Swap((a, b), (a_there, b_there))
            elif not reversed_there or whole_first or (_is_share(a, b, pair) and not _is_fraction(first, second, pair)):
                continue
        elif reversed_there and _is_share(a, b, pair) and _names_whole_first(b_there, a_there, pair.target.masked):
            continue
        if reversed_there:
            yield Swap((a, b), (b_there, a_there), sure=_are_close(b_there, a_there, pair))


def _names_whole_first(whole: Number, part: Number, text: str) -> bool:
    """Whether it is "of 10 people 3", in a language that more often says "3 of 10 people"."""
    return _OF.search(text[: whole.start]) is not None and _OF.search(text[whole.end : part.start]) is None


def _is_fraction(first: Number, second: Number, pair: Pair) -> bool:
    """Whether two numbers are written as 3 / 10, which has the part first in every language."""
    return pair.target.masked[first.end : second.start].strip(" \u00a0\u202f") in ("/", "⁄")


def _are_close(first: Number, second: Number, pair: Pair) -> bool:
    """Whether two numbers stand so near each other that no phrases can have changed places, in a language whose words
    go in the order of the source's.
    """
    gap = pair.target.masked[first.end : second.start]
    return pair.language not in WHOLE_FIRST and len(gap) <= _LONGEST_GAP and regex.search(r"[,.;:()،؛]", gap) is None


def _of_phrases(same: Sequence[tuple[Number, Number]], pair: Pair) -> Iterator[Swap]:
    """The first number that has another one in its place. Whole phrases may have moved, so that it is never sure."""
    left = list(_without_shares(_without_own_units(same, pair), pair))
    there = sorted(left, key=lambda found: found[1].start)
    for (a, a_there), (b, b_there) in zip(left, there, strict=True):
        if a.value != b.value and not _is_date_in_order(a, b, pair):
            yield Swap((a, b), (b_there, a_there) if b_there.start < a_there.start else (a_there, b_there), sure=False)
            return


def _without_own_units(same: Sequence[tuple[Number, Number]], pair: Pair) -> list[tuple[Number, Number]]:
    """The numbers without those that are told apart wherever they stand: years, and the only one with its unit."""
    mine, theirs = _unit_of(pair.source), _unit_of(pair.target)
    often = Counter(mine.get(a.start) for a, _ in same)
    return [
        (a, b)
        for a, b in same
        if not (_is_year(a) and a.digits)
        and (a.start not in mine or often[mine[a.start]] > 1 or theirs.get(b.start) != mine[a.start])
    ]


def _without_shares(same: Sequence[tuple[Number, Number]], pair: Pair) -> Iterator[tuple[Number, Number]]:
    """The numbers, of "3 in 10 people" the first alone where the two are together there as well, in either order."""
    place = {b.start: number for number, (_, b) in enumerate(sorted(same, key=lambda found: found[1].start))}
    before: tuple[Number, Number] | None = None
    for a, b in same:
        apart = before is None or abs(place[before[1].start] - place[b.start]) != 1
        if before is not None and not apart and _is_share(before[0], a, pair):
            before = None
        else:
            yield a, b
            before = a, b


def _is_date_in_order(a: Number, b: Number, pair: Pair) -> bool:
    """Whether two numbers are the day and the year of one date, which the translation writes as its language does."""
    first, second = sorted((a, b), key=lambda number: number.start)
    in_one = (
        all(is_beside_month(pair.source, number.start, number.end) for number in (a, b))
        and second.start - first.end <= _LONGEST_GAP
    )
    return in_one and _year_first(pair.source.locale) != _year_first(pair.target.locale)


@lru_cache(maxsize=256)
def _year_first(locale: Locale) -> bool:
    pattern = str(locale.date_formats["long"].pattern)
    return pattern.index("y") < pattern.index("d")


def _is_share(a: Number, b: Number, pair: Pair) -> bool:
    """Whether the source says how many there are of how many."""
    gap = pair.source.masked[a.end : b.start]
    rises = a.value is not None and b.value is not None and a.value < b.value
    return (
        rises
        and regex.match(r"\s*(?:\w+\s+){0,2}(?:in|of|out\s+of|per|from|/|among)(?:\s+\w+){0,2}\s*$", gap) is not None
    )


def _is_year(number: Number) -> bool:
    return number.value is not None and 1900 <= number.value <= 2100 and number.value == int(number.value)
