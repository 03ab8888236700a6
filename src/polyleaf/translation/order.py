"""Whether the numbers of a translation stand where those of the source stand: ranges and numbers that were swapped."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from polyleaf.translation.numbers import Number, compare, in_digits, is_of_date, numbers
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
_TIMES = regex.compile(
    r"[\s-‑]*(?:times|x|×|mal|fois|veces|vez|volte|vezes|keer|maal|gånger|gange|ganger|kertaa|krát|razy|raz|раза?|рази|разів"
    r"|kez|kere|defa|مرات|مرة|बार|বার|lần|次|回|번|회|פעמים|بار|φορές|ori|alkalommal|puta|kali)(?![\p{Latin}\p{Cyrillic}])",
    regex.IGNORECASE,
)
_LONGEST_GAP = 24


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
    same = [(a, b) for a, b in compare(pair).same if (a.digits or b.digits) and not a.named]
    known = Counter(a.value for a, _ in same)
    once = sorted(((a, b) for a, b in same if known[a.value] == 1), key=lambda found: found[0].start)
    found = [*_of_bounds(pair), *_of_units(once, pair)]
    return tuple(found or _of_order([(a, b) for a, b in once if a.digits and b.digits], pair))


def _of_bounds(pair: Pair) -> Iterator[Swap]:
    """Ranges whose ends rise in the source and fall in the translation."""
    there = [(a, b) for a, b in pairwise(in_digits(pair.target)) if _is_range(a, b, pair.target)]
    known = Counter((a.value, b.value) for a, b in there)
    for low, high in pairwise(in_digits(pair.source)):
        if low.value is None or high.value is None or low.value >= high.value or not _is_range(low, high, pair.source):
            continue
        falling = next(((a, b) for a, b in there if (a.value, b.value) == (high.value, low.value)), None)
        if falling and not known[low.value, high.value]:
            yield Swap((low, high), falling, bounds=True)


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
    """The unit of each number by its place; "times" is one here."""
    times = {number.start: "times" for number in numbers(text) if _TIMES.match(text.masked, number.end)}
    return times | {number.start: unit.name for unit in units(text) for number in unit.of}


def _of_order(once: Sequence[tuple[Number, Number]], pair: Pair) -> Iterator[Swap]:
    """Numbers that nothing tells apart but their order."""
    mine, theirs = _unit_of(pair.source), _unit_of(pair.target)
    for (a, a_there), (b, b_there) in itertools.pairwise(once):
        if mine.get(a.start) != mine.get(b.start) and theirs.get(a_there.start) == mine.get(a.start):
            continue  # each has its own unit still
        if any(_is_year(number) or is_of_date(number, pair.source) for number in (a, b)):
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
