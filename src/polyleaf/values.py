"""Values: quantities written once as data, and formatted for each locale by CLDR."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Literal, Protocol

from babel import Locale, localedata
from babel.dates import format_date
from babel.localedata import LocaleDataDict
from babel.numbers import (
    UnsupportedNumberingSystemError,
    format_currency,
    format_decimal,
    get_currency_precision,
    is_currency,
)

from polyleaf import cldr
from polyleaf.errors import Problems, nearest
from polyleaf.markdown import placeholders
from polyleaf.model import Bounds, Kind, Message, Value

NBSP = "\u00a0"

UNITS: dict[str, tuple[str, ...]] = {
    "duration": ("second", "minute", "hour", "day", "week", "month", "year"),
    "length": ("millimeter", "centimeter", "meter", "kilometer", "inch", "foot"),
    "mass": ("microgram", "milligram", "gram", "kilogram"),
    "volume": ("milliliter", "liter"),
    "temperature": ("celsius", "fahrenheit"),
}
"""The CLDR units that a leaflet may use, by kind of value."""

_KINDS: tuple[Kind, ...] = (
    "duration",
    "frequency",
    "count",
    "length",
    "temperature",
    "mass",
    "volume",
    "money",
    "date",
)
_COMPANIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(UNITS, ("unit",)),
    "frequency": ("of",),
    "count": ("one", "other"),
    "money": ("currency",),
    "date": (),
}
_CATEGORIES = {"zero", "one", "two", "few", "many", "other"}
_REQUIRED = {"unit", "of", "currency"}

FREQUENCY = Message("value", "{count} in {total}", comment="A proportion of people: 10–30 in 100.")
"""The theme's message that a frequency is written by."""


class Phrases(Protocol):
    """The words around numbers, which a catalog holds and CLDR does not."""

    def pattern(self, message: Message, category: str, locale: Locale) -> str:
        """The text of a message in the plural category (CLDR's) of the number that goes into it."""


class SourcePhrases:
    """The words as the source has them, for where there is no catalog."""

    def pattern(self, message: Message, category: str, locale: Locale) -> str:
        """English as it stands; a bare fraction in other languages, rather than English words among them."""
        if message.key == FREQUENCY.key:
            return message.msgid if locale.language == "en" else f"{{count}}{NBSP}/{NBSP}{{total}}"
        return message.msgid if category == "one" or not message.msgid_plural else message.msgid_plural


# Reading -------------------------------------------------------------------------------------------------------------


def parse_value(mapping: Mapping[str, Any]) -> Value:
    """Read a value as it stands in a leaflet's front matter, for example `{"duration": [15, 20], "unit": "minute"}`.

    Raises `PolyleafError` with everything that is wrong with it.
    """
    problems = Problems()
    kinds = [kind for kind in _KINDS if kind in mapping]
    if len(kinds) != 1:
        problems.add(
            "a value has exactly one kind" if kinds else "a value needs a kind", hint=f"one of {', '.join(_KINDS)}"
        )
        problems.raise_if_any()
    kind = kinds[0]
    allowed = {kind, "clinic", *_COMPANIONS[kind]}
    for key in mapping:
        if key not in allowed:
            problems.add(f"unknown field {key!r} in a value of kind {kind}", hint=nearest(str(key), allowed))
    for key in _COMPANIONS[kind]:
        if key in _REQUIRED and key not in mapping:
            problems.add(f"a {kind} needs {key!r}", hint=_companion_hint(kind))
    with problems.collect():
        value = _checked(kind, mapping)
    problems.raise_if_any()
    return value


def _companion_hint(kind: str) -> str:
    if kind in UNITS:
        return f"one of {', '.join(UNITS[kind])}"
    return {"frequency": "of: 100, say", "money": "currency: EUR, say"}[kind]


def _checked(kind: Kind, mapping: Mapping[str, Any]) -> Value:
    problems = Problems()
    read = _date if kind == "date" else partial(_decimal, negative=kind == "temperature")
    given = mapping[kind]
    ends = list(given) if isinstance(given, (list, tuple)) else [given]
    if not 1 <= len(ends) <= 2:
        problems.add("a range has two ends", hint=f"{kind}: [from, to]")
    numbers = [_end(read, end, problems) for end in ends]
    unit = _unit(kind, mapping, problems)
    of = _end(_decimal, mapping["of"], problems) if kind == "frequency" and "of" in mapping else None
    one, other = (str(mapping.get(name, "")) for name in ("one", "other"))
    if bool(one) != bool(other) or any(placeholders(noun) != ["count"] for noun in (one, other) if noun):
        problems.add(
            "a counted noun needs both forms, each with {count}", hint='one: "{count} visit", other: "{count} visits"'
        )
    bounds = _bounds(mapping["clinic"], problems) if "clinic" in mapping else None
    problems.raise_if_any()
    low, high = numbers[0], numbers[1] if len(numbers) == 2 else None
    value = Value(kind, low, high, unit, of, one, other, bounds)
    _check_order(value, problems)
    problems.raise_if_any()
    return value


def _end(read: Callable[[Any], Any], given: Any, problems: Problems) -> Any:
    with problems.collect():
        return read(given)
    return None


def _decimal(given: Any, negative: bool = False) -> Decimal:
    problems = Problems()
    if isinstance(given, bool) or not isinstance(given, (int, float, Decimal)):
        problems.add(f"{given!r} is not a number", hint="write digits, with a point before decimals: 1.5")
        problems.raise_if_any()
    number = Decimal(str(given))
    if not number.is_finite() or (number < 0 and not negative):
        problems.add(f"{given!r} is not a quantity", hint="write a number of zero or more")
        problems.raise_if_any()
    return number


def _date(given: Any) -> date:
    problems = Problems()
    try:
        return given if type(given) is date else date.fromisoformat(given)
    except (TypeError, ValueError):
        problems.add(f"{given!r} is not a date", hint="write year-month-day: 2026-11-24")
        problems.raise_if_any()
        raise


def _unit(kind: str, mapping: Mapping[str, Any], problems: Problems) -> str:
    if kind == "money":
        code = str(mapping.get("currency", ""))
        if code and not is_currency(code):
            problems.add(f"unknown currency {code!r}", hint="write an ISO 4217 code such as GBP")
        return code
    unit = str(mapping.get("unit", ""))
    if kind in UNITS and unit and unit not in UNITS[kind]:
        problems.add(f"unknown unit {unit!r} of a {kind}", hint=nearest(unit, UNITS[kind]))
    return unit


def _bounds(given: Any, problems: Problems) -> Bounds | None:
    if not isinstance(given, Mapping) or set(given) != {"min", "max"}:
        problems.add("a value that clinics may set needs its bounds", hint="clinic: {min: 2, max: 21}")
        return None
    low, high = (_end(_decimal, given[end], problems) for end in ("min", "max"))
    if low is None or high is None:
        return None
    return Bounds(low, high)


def _check_order(value: Value, problems: Problems) -> None:
    if value.kind == "money" and value.unit and is_currency(value.unit):
        digits = get_currency_precision(value.unit)
        if any(end is not None and _decimals(end) > digits for end in (value.low, value.high)):
            problems.add(f"{value.unit} has {digits} decimals", hint="write an amount that can be paid")
    top = value.low if value.high is None else value.high
    if value.high is not None and not value.low < value.high:  # type: ignore[operator]
        problems.add("the ends of a range must rise", hint="write the smaller one first")
    if value.kind == "frequency" and value.of is not None and (value.of <= 0 or top > value.of):  # type: ignore[operator]
        problems.add(f"a frequency cannot be more than its whole ({value.of})")
    if value.bounds is not None and value.kind == "date":
        problems.add("clinics cannot set a date")
    elif value.bounds is not None and not within(value, value.bounds):
        problems.add("the value lies outside its own bounds for clinics", hint="widen clinic: {min: ..., max: ...}")


def _decimals(number: Decimal | date) -> int:
    assert isinstance(number, Decimal)
    return -int(number.normalize().as_tuple().exponent)


def within(value: Value, bounds: Bounds) -> bool:
    """Whether both ends of a value lie in the bounds."""
    top = value.low if value.high is None else value.high
    return bounds.min <= value.low and top <= bounds.max  # type: ignore[operator]


def noun_message(value: Value) -> Message | None:
    """The plural message of a count's noun, or None where it has none."""
    if not value.one:
        return None
    comment = "Shown in place of the number: {count} becomes the number or range, in your language's digits."
    return Message("value", value.one, value.other, comment)


# Formatting ----------------------------------------------------------------------------------------------------------

_SOURCE_PHRASES = SourcePhrases()


def format_value(value: Value, locale: Locale, phrases: Phrases = _SOURCE_PHRASES) -> str:
    """Write a value in a locale: its digits, plural category, unit, range pattern, with no break inside a quantity.

    `phrases` gives the words of frequencies and counted nouns; without it they are the source's.
    Follows CLDR by way of Babel (UTS #35 parts 2 and 3).
    """
    if value.kind == "date":
        return _format_dates(value, locale)
    if value.kind == "money":
        return _range(value, locale, partial(_format_money, currency=value.unit, locale=locale))
    number = _range(value, locale, partial(format_number, locale=locale))
    if value.kind == "frequency":
        assert value.of is not None
        text = phrases.pattern(FREQUENCY, _category(value, locale), locale)
        return text.replace("{count}", number).replace("{total}", format_number(value.of, locale))
    if value.kind == "count":
        noun = noun_message(value)
        if noun is None:
            return number
        return phrases.pattern(noun, _category(value, locale), locale).replace("{count}", number)
    return _join(_unit_pattern(value, locale), number)


def format_number(number: Decimal | date, locale: Locale) -> str:
    """Write a number in the locale's own digits, grouped only where CLDR groups a number of that size."""
    assert isinstance(number, Decimal)
    grouped = abs(number) >= 10 ** (2 + cldr.minimum_grouping_digits(locale))
    write = partial(format_decimal, number, locale=locale, decimal_quantization=False, group_separator=grouped)
    return _in_default_digits(write, locale)


def format_day(day: date, locale: Locale) -> str:
    """Write a date with its month in full, in the locale's own digits."""
    return cldr.localize_digits(format_date(day, format="long", locale=locale), locale)


def _range(value: Value, locale: Locale, write: Callable[[Any], str]) -> str:
    low = write(value.low)
    if value.high is None:
        return low
    return cldr.range_pattern(locale).replace("{0}", low).replace("{1}", write(value.high)).replace(" ", NBSP)


def _category(value: Value, locale: Locale) -> str:
    assert isinstance(value.low, Decimal)
    low = locale.plural_form(value.low)
    if not isinstance(value.high, Decimal):
        return low
    return cldr.range_category(locale, low, locale.plural_form(value.high))


def _unit_pattern(value: Value, locale: Locale) -> str:
    """The locale's pattern for the value's unit, always one that shows every number of the value."""
    forms = _unit_forms(f"{value.kind}-{value.unit}", locale, "long" if value.kind == "duration" else "short")
    pattern = forms.get(_category(value, locale)) or forms["other"]
    # Arabic writes "two weeks" as one word without a number. That word must not stand for a range or for 2.5.
    exact = value.high is None and value.low in (0, 1, 2)
    return pattern if "{0}" in pattern or exact else forms["other"]


def _unit_forms(unit: str, locale: Locale, length: Literal["long", "short"]) -> dict[str, str]:
    """The plural forms of a unit's pattern. Babel lacks `long` where CLDR aliases it to `short`."""
    data = LocaleDataDict(localedata.load(str(locale)))  # type: ignore[arg-type]
    lengths = data["unit_patterns"].get(unit, {})
    for name in (length, "short", "long", "narrow"):
        forms = {key: form for key, form in lengths.get(name, {}).items() if key in _CATEGORIES}
        if "other" in forms:
            return forms
    # No data at all: the root's, which are symbols of the international system.
    return _unit_forms(unit, Locale("en"), "short")


def _join(pattern: str, number: str) -> str:
    """Put the number into its pattern, and hold it and its unit together."""
    return re.sub(r" (?=\{0\})|(?<=\{0\}) ", NBSP, pattern).replace("{0}", number)


def _format_money(amount: Decimal, currency: str, locale: Locale) -> str:
    text = _in_default_digits(partial(format_currency, amount, currency, locale=locale), locale)
    return text.replace(" ", NBSP)


def _in_default_digits(write: Callable[..., str], locale: Locale) -> str:
    """Format with the symbols of the locale's numbering system, and put its digits in."""
    try:
        text = write(numbering_system="default")
    except UnsupportedNumberingSystemError:  # a few locales have digits of their own and no symbols for them
        text = write(numbering_system="latn")
    return cldr.localize_digits(text, locale)


def _format_dates(value: Value, locale: Locale) -> str:
    assert isinstance(value.low, date)
    if value.high is None:
        return format_day(value.low, locale)
    assert isinstance(value.high, date)
    # CLDR's own interval patterns shorten the month, which a patient should read in full (NHS service manual).
    pattern = str(locale.interval_formats[None])
    return pattern.replace("{0}", format_day(value.low, locale)).replace("{1}", format_day(value.high, locale))
