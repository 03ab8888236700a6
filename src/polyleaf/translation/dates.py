"""The months, days of the week and times of day that a text names (CLDR, dates)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import regex
from babel import Locale
from babel.dates import get_day_names, get_month_names, get_period_names

from polyleaf.translation.pair import Text

_AFTERNOON = regex.compile(r"p\.?\s?m\b|afternoon|evening|night", regex.IGNORECASE)
_LATE = ("pm", "afternoon1", "evening1", "night1")
_BESIDE = regex.compile(r"\.?,?\s\p{Nd}{1,4}(?!\p{Nd})|(?<=\p{Nd}(?:st|nd|rd|th)?\s)$")
_CJK = regex.compile(r"\s*([年月日号號년월일])(?![间間程常份龄齡])")
_PARTS = {"년": "年", "월": "月", "일": "日", "号": "日", "號": "日"}
_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_NEAR = 14  # characters between a number and the name of a month, at most


@dataclass(frozen=True)
class _Names:
    """Names with their numbers, sought together."""

    numbers: dict[str, int]
    pattern: Any = field(compare=False)

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """The numbers of the names in a text in small letters, each with where it starts and ends."""
        for match in self.pattern.finditer(text):
            yield self.numbers[match.group()], *match.span()


def _names(pairs: Iterable[tuple[int, str]]) -> _Names:
    numbers = {name.lower().rstrip("."): number for number, name in sorted(pairs, reverse=True)}
    numbers = {name: number for name, number in numbers.items() if len(name) > 2 and not regex.search(r"\p{Nd}", name)}
    longest = sorted(numbers, key=lambda name: (-len(name), name))
    return _Names(numbers, regex.compile(rf"(?<!\w)(?:{'|'.join(map(regex.escape, longest)) or '(?!)'})(?!\w)"))


@lru_cache(maxsize=256)
def _month_names(locale: Locale) -> _Names:
    contexts: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
    return _names(
        pair for width in _WIDTHS for context in contexts for pair in get_month_names(width, context, locale).items()
    )


@lru_cache(maxsize=256)
def _day_names(locale: Locale) -> _Names:
    return _names(
        ((day + 1) % 7 + 1, name) for width in _WIDTHS for day, name in get_day_names(width, "format", locale).items()
    )


@lru_cache(maxsize=4096)
def months(text: Text) -> tuple[Decimal, ...]:
    """The numbers of the months that a text names."""
    return tuple(Decimal(number) for number, _, _ in _month_names(text.locale).find(text.masked.lower()))


@lru_cache(maxsize=4096)
def weekdays(text: Text) -> tuple[Decimal, ...]:
    """The days of the week that a text names, as Vietnamese and Portuguese number them: Monday is the second."""
    return tuple(Decimal(number) for number, _, _ in _day_names(text.locale).find(text.masked.lower()))


def months_of_dates(text: Text) -> Iterator[tuple[Decimal, int, int]]:
    """The months whose names stand beside a number or by themselves, each with where it starts and ends."""
    folded = text.masked.lower()
    for number, start, end in _month_names(text.locale).find(folded):
        is_verb = text.locale.language == "en" and text.masked[start].islower()  # "may" and "march"
        alone = folded.strip(" .") == folded[start:end]
        if not is_verb and (alone or _BESIDE.search(folded[:start]) or _BESIDE.match(folded, end)):
            yield Decimal(number), start, end


@lru_cache(maxsize=256)
def has_months_in_digits(locale: Locale) -> bool:
    """Whether a language writes months as numbers in running text, as Chinese and Vietnamese do."""
    names = (get_month_names(width, "format", locale)[3] for width in _WIDTHS)
    return any(regex.search(r"\p{Nd}", name) for name in names)


def is_late(text: Text) -> bool:
    """Whether a text says that an hour is after noon."""
    if _AFTERNOON.search(text.masked):
        return True
    folded = text.masked.lower()
    return any(name in folded for name in _late_names(text.locale))


@lru_cache(maxsize=256)
def _late_names(locale: Locale) -> tuple[str, ...]:
    names = get_period_names(width="wide", context="format", locale=locale)
    return tuple(name.lower() for key, name in names.items() if key in _LATE)


def is_beside_month(text: Text, start: int, end: int) -> bool:
    """Whether a stretch of a text is part of a date: beside the name of a month, or before the words of CJK."""
    around = text.masked[max(0, start - _NEAR) : end + _NEAR].lower()
    return part_of_date(text, end) != "" or next(_month_names(text.locale).find(around), None) is not None


def part_of_date(text: Text, end: int) -> str:
    """What the number that ends here is by the word behind it, as CJK write dates: 年, 月 or 日, or nothing."""
    match = _CJK.match(text.masked, end)
    return _PARTS.get(match[1], str(match[1])) if match else ""
