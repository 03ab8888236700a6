"""What CLDR knows and Babel has no interface for: digits, number ranges, plural ranges, paper sizes.

The figures are in data/cldr.json, which tools/cldr.py makes from CLDR's own JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

from babel import Locale, localedata
from babel.core import get_global

PSEUDO_LOCALES = MappingProxyType({"en_XA": "en", "ar_XB": "ar"})
"""CLDR's pseudo-locales, each with the locale whose data it is formatted by: of their own Babel has none."""


def locale_of(name: str) -> Locale:
    """The locale that has the data for a name; every name, that of a pseudo-locale too, becomes a `Locale` here."""
    return Locale.parse(PSEUDO_LOCALES.get(name, name))


@cache
def _data() -> dict[str, Any]:
    text = files("polyleaf").joinpath("data/cldr.json").read_text(encoding="utf-8")
    return cast(dict[str, Any], json.loads(text))


def parents(locale: str) -> Iterator[str]:
    """Yield the locale and what it inherits from, nearest first, without the root (UTS #35 part 1, 4.1).

    A pseudo-locale inherits nothing: English on its pages would be what it is there to find.
    """
    if locale in PSEUDO_LOCALES:
        yield locale
        return
    exceptions = get_global("parent_exceptions")
    while locale and locale != "root":
        yield locale
        locale = exceptions.get(locale) or locale.rpartition("_")[0]


def _inherited(table: str, locale: Locale) -> Any:
    entries = _data()[table]
    return next((entries[name] for name in parents(str(locale)) if name in entries), entries["und"])


def localize_digits(text: str, locale: Locale) -> str:
    """Put ASCII digits into the locale's default numbering system; Babel formats with its symbols only."""
    digits = _data()["digits"].get(locale.default_numbering_system)
    return text.translate({ord("0") + n: digit for n, digit in enumerate(digits)}) if digits else text


def range_pattern(locale: Locale) -> str:
    """The locale's pattern of a number range, with {0} and {1} (UTS #35 part 3, miscPatterns)."""
    return cast(str, _inherited("range", locale))


def minimum_grouping_digits(locale: Locale) -> int:
    """How many digits must stand before the first separator for a number to be grouped (UTS #35 part 3)."""
    return cast(int, _inherited("minimum_grouping_digits", locale))


def range_category(locale: Locale, start: str, end: str) -> str:
    """The plural category of a range from those of its ends; the end's where CLDR is silent (UTS #35 part 3)."""
    for name in parents(str(locale)):
        rules = _data()["plural_ranges"].get(name)
        if rules is not None:
            return cast(str, rules.get(f"{start} {end}", end))
    return end


def paper_size(territory: str) -> str:
    """The paper that a territory prints on, as CSS names it: "A4" or "Letter" (UTS #35 part 6)."""
    return "Letter" if territory in _data()["letter_territories"] else "A4"


def script(locale: str) -> str:
    """The ISO 15924 code of the script that a locale is written in, by CLDR's likely subtags; "Zzzz" if unknown."""
    parsed = locale_of(locale)
    if parsed.script:
        return parsed.script
    likely = get_global("likely_subtags")
    for key in (str(parsed), parsed.language):
        if key in likely:
            return str(likely[key].split("_")[1])
    return "Zzzz"


def in_territory(locale: Locale, territory: str) -> Locale:
    """The locale as it is written in a territory, where CLDR has data for that; else the locale itself.

    A reader of English in the US is given US dates. Digits and script never change: `en` becomes `en_US`, and an
    Arabic leaflet of a British clinic stays `ar`.
    """
    name = f"{locale}_{territory}"
    if locale.territory or not localedata.exists(name):
        return locale
    local = Locale.parse(name)
    same = script(name) == script(str(locale)) and local.default_numbering_system == locale.default_numbering_system
    return local if same else locale
