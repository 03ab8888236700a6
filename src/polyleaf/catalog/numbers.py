"""The numbers that a text says in digits, by their value, whatever digits and marks its language writes them with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from babel import Locale

_NO_TEXT = re.compile(r"\{\w+\}|\[@[^\]]*\]|\]\([^)]*\)|https?://\S+")
_SPACES = "\u00a0\u202f\u2009"
_NUMBER = re.compile(rf"\d+(?:[.,٫٬'’{_SPACES}]\d+)*")
_ENGLISH = re.compile(
    r"\b(?:once|twice|thrice|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|half|both|"
    r"single|double|first|second|third|daily|hourly|weekly|monthly|dozen|each|every|a|an)\b",
    re.IGNORECASE,
)


def numbers(text: str, locale: Locale) -> list[Decimal]:
    """The values of the numbers in a message's text, in their order; placeholders, citations and addresses have none.

    "1,000.5" is one number in English, and "1.000,5" is the same one in German (CLDR, number symbols).
    """
    return list(_values(text, locale))


def says_numbers_in_words(text: str, locale: Locale) -> bool:
    """Whether a text may mean a number without a digit, so that a translation can have one more; True if unknown."""
    return locale.language != "en" or _ENGLISH.search(text) is not None


def _values(text: str, locale: Locale) -> Iterator[Decimal]:
    for found in _NUMBER.findall(_NO_TEXT.sub(" ", text)):
        decimal_mark, group_mark = _marks(locale, found[0])
        digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in found)
        whole, _, fraction = digits.rpartition(decimal_mark) if digits.count(decimal_mark) == 1 else (digits, "", "")
        groups = re.split(r"\D", whole)
        grouped = all(mark in (group_mark, *_SPACES, "'", "’") for mark in re.findall(r"\D", whole))
        grouped &= all(len(group) == 3 for group in groups[1:])
        if grouped and (fraction.isdecimal() or not fraction):
            yield Decimal(f"{''.join(groups)}.{fraction or 0}")
        else:  # no number of this language: each part counts by itself
            yield from (Decimal(part) for part in re.split(r"\D", digits))


def _marks(locale: Locale, digit: str) -> tuple[str, str]:
    """The decimal and the grouping mark that a language writes with such digits.

    CLDR has marks of their own for the two Arabic sets of digits; with all others go those of Latin digits.
    """
    system = "arab" if "\u0660" <= digit <= "\u0669" else "arabext" if "\u06f0" <= digit <= "\u06f9" else "latn"
    known = locale.number_symbols[system]
    return known["decimal"], known["group"]
