"""Values come out as CLDR writes them, in every locale that Babel has."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from babel import Locale, localedata

from polyleaf import cldr
from polyleaf.errors import PolyleafError
from polyleaf.model import Value
from polyleaf.values import format_number, format_value, parse_value

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "data/cldr-units.json").read_text(encoding="utf-8"))
NUMBERS = [Decimal(n) for n in ("0", "1", "2", "3", "5", "11", "21", "100", "1.5")]
UNITS = ("second", "minute", "hour", "day", "week", "month", "year")

# Babel 2.18 carries an older CLDR than the oracle's 48.2. In these languages single words or abbreviations changed
# between the two releases, so only the form of the text is held to account.
CHANGED_WORDS = {"be_TARASK", "bn", "cv", "en_Shaw", "kn", "kok", "kok_Deva", "rm", "ta", "ti", "vo", "ks_Deva", "ak"}
# Babel has no unit patterns for these, or has them where the oracle's packages do not: symbols of the SI stand in.
NO_PATTERNS = {
    *("az_Arab", "az_Cyrl", "ba", "bew", "frr", "gaa", "ha_Arab", "ie", "kab", "kl", "lij", "ln", "mn_Mong", "pa_Arab"),
    *("sd_Deva", "shn", "szl", "trw", "uz_Arab"),
}


def _listed(name: str, languages: set[str]) -> bool:
    return any(parent in languages for parent in cldr.parents(name))


def _oracle(name: str) -> Any:
    return next(ORACLE[parent] for parent in (*cldr.parents(name), "und") if parent in ORACLE)


@pytest.mark.parametrize("name", sorted(localedata.locale_identifiers()))
def test_every_duration_reads_as_in_cldr(name: str) -> None:
    locale = Locale.parse(name)
    for unit in UNITS:
        for number in NUMBERS:
            text = format_value(Value("duration", number, unit=unit), locale).replace("\u00a0", " ")
            assert text.strip()
            assert f"duration-{unit}" not in text
            assert "{" not in text
            if _listed(name, CHANGED_WORDS | NO_PATTERNS):
                assert format_number(number, locale) in text or len(text) > 1
                continue
            forms = _oracle(name)["long"][unit]
            category = locale.plural_form(number)
            pattern = forms.get(category) or forms["other"]
            if number == Decimal("1.5") and "{0}" not in pattern:
                pattern = forms["other"]
            expected = pattern.replace("{0}", format_number(number, locale)).replace("\u00a0", " ")
            assert text == expected, (unit, number, category)


@pytest.mark.parametrize("name", sorted(localedata.locale_identifiers()))
def test_a_range_shows_both_ends_and_never_a_word_for_one_number(name: str) -> None:
    locale = Locale.parse(name)
    for unit in ("day", "week", "hour"):
        for low, high in ((0, 1), (1, 2), (2, 3), (15, 20)):
            text = format_value(Value("duration", Decimal(low), Decimal(high), unit), locale)
            assert format_number(Decimal(low), locale) in text
            assert format_number(Decimal(high), locale) in text


@pytest.mark.parametrize(
    ("mapping", "locale", "expected"),
    [
        ({"duration": [1, 2], "unit": "week"}, "ru", "1–2 недели"),
        ({"duration": [1, 2], "unit": "week"}, "ar", "1–2 أسبوع"),
        ({"duration": 2, "unit": "week"}, "ar", "أسبوعان"),
        ({"duration": [3, 7], "unit": "day"}, "pl", "3–7 dni"),
        ({"duration": [3, 7], "unit": "day"}, "bn", "৩–৭ দিন"),
        ({"duration": [15, 20], "unit": "minute"}, "zh_Hans", "15-20分钟"),
        ({"duration": 1.5, "unit": "hour"}, "fr", "1,5 heure"),
        ({"duration": 21, "unit": "day"}, "uk", "21 день"),
        ({"frequency": [10, 30], "of": 100}, "en", "10–30 in 100"),
        ({"frequency": 1, "of": 1000}, "en", "1 in 1,000"),
        ({"frequency": 1, "of": 1000}, "es", "1 / 1000"),
        ({"count": 3632, "one": "{count} person", "other": "{count} people"}, "en", "3,632 people"),
        ({"count": 1, "one": "{count} person", "other": "{count} people"}, "en", "1 person"),
        ({"count": [2, 4]}, "hi", "2–4"),
        ({"length": [1, 3], "unit": "millimeter"}, "de", "1–3 mm"),
        ({"temperature": 40, "unit": "celsius"}, "en", "40°C"),
        ({"temperature": -5, "unit": "celsius"}, "de", "-5 °C"),
        ({"mass": 2.5, "unit": "milligram"}, "tr", "2,5 mg"),
        ({"volume": [5, 10], "unit": "milliliter"}, "vi", "5-10 mL"),
        ({"money": 1200, "currency": "GBP"}, "en", "£1,200.00"),
        ({"money": [100, 150], "currency": "EUR"}, "de", "100,00 €–150,00 €"),
        ({"date": "2026-11-24"}, "en", "November 24, 2026"),
        ({"date": "2026-11-24"}, "bn", "২৪ নভেম্বর, ২০২৬"),
        ({"date": ["2026-11-24", "2026-12-01"]}, "de", "24. November 2026 – 1. Dezember 2026"),
    ],
)
def test_every_kind_is_formatted_for_the_reader(mapping: dict[str, Any], locale: str, expected: str) -> None:
    text = format_value(parse_value(mapping), Locale.parse(locale))
    assert text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ") == expected


def test_a_number_is_never_torn_from_its_unit() -> None:
    value = Value("duration", Decimal(15), Decimal(20), "minute")
    assert format_value(value, Locale("en")) == "15–20\u00a0minutes"


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"unit": "day"}, "a value needs a kind"),
        ({"duration": 3, "length": 2, "unit": "day"}, "exactly one kind"),
        ({"duration": 3}, "needs 'unit'"),
        ({"duration": 3, "unit": "dya"}, "unknown unit 'dya'"),
        ({"duration": [7, 3], "unit": "day"}, "must rise"),
        ({"duration": [1, 2, 3], "unit": "day"}, "two ends"),
        ({"duration": "three", "unit": "day"}, "not a number"),
        ({"duration": -3, "unit": "day"}, "not a quantity"),
        ({"duration": float("nan"), "unit": "day"}, "not a quantity"),
        ({"duration": True, "unit": "day"}, "not a number"),
        ({"duration": 3, "unit": "day", "colour": "red"}, "unknown field 'colour'"),
        ({"frequency": 3}, "needs 'of'"),
        ({"frequency": 30, "of": 10}, "more than its whole"),
        ({"count": 3, "one": "a visit", "other": "visits"}, "each with {count}"),
        ({"money": 3, "currency": "QQQ"}, "unknown currency"),
        ({"money": 1.5, "currency": "JPY"}, "JPY has 0 decimals"),
        ({"count": 3, "one": "{count} {foo}", "other": "{count} {foo}s"}, "each with {count}"),
        ({"date": "24.11.2026"}, "not a date"),
        ({"duration": 9, "unit": "day", "clinic": {"min": 1, "max": 7}}, "outside its own bounds"),
        ({"duration": 3, "unit": "day", "clinic": {"min": 1}}, "needs its bounds"),
    ],
)
def test_a_wrong_value_says_what_is_wrong(mapping: dict[str, Any], message: str) -> None:
    with pytest.raises(PolyleafError, match=message):
        parse_value(mapping)


def test_dates_can_be_given_as_yaml_reads_them() -> None:
    assert parse_value({"date": date(2026, 11, 24)}).low == date(2026, 11, 24)
