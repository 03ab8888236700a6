"""One change for the worse of a translation, of one kind at a time, as slips of translators and machines make them.

What a mutation changes is found without the program's own words: numbers by Unicode's digits, units by Babel's
patterns, denials by the short lists here. A kind that does not apply to a pair gives nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise

import regex
from babel import Locale, localedata
from corpus import Sample

Mutation = Callable[[Sample, random.Random], str | None]

_NO_TEXT = regex.compile(r"\{[^}]*\}|%\([^)]*\)\w|%\w|<[^>]*>|&\w+;|https?://\S+|\[@[^\]]*\]|\]\([^)]*\)")
_NUMBER = regex.compile(r"(?<![\p{L}\p{Nd}.,٫_/-])\p{Nd}+(?:[.,٫]\p{Nd}+)*(?![\p{Nd}_/]|[.,٫]\p{Nd})")
_DECIMAL = regex.compile(r"(?<![\p{Nd}.,٫])\p{Nd}+[.,٫]\p{Nd}{1,2}(?![\p{Nd}.,٫])")
_RANGE = regex.compile(r"(?<![\p{Nd}.,٫])(\p{Nd}+)(\s?[-–—~～至到]\s?)(\p{Nd}+)(?![\p{Nd}.,٫])")
_END = regex.compile(r"(?<=[.!?。！？؟।])\s*(?=\S)")
_GOES_ON = regex.compile(r"[\p{L}\p{M}]")
_YEAR = regex.compile(r"(?:1[89]|20)\p{Nd}{2}\W{0,2}$")
_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
_DOSES = {
    "mg": "g",
    "ml": "l",
    "µg": "mg",
    "мг": "г",
    "мл": "л",
    "毫克": "克",
    "毫升": "升",
    "mm": "cm",
    "cm": "m",
    "мм": "см",
    "مم": "سم",
    "毫米": "厘米",
}
_BEFORE_UNIT = regex.compile(r"[\p{Nd}}][\s\u00a0\u202f]?(?:\w{1,2}\s)?$")
DENIALS: Mapping[str, tuple[str, ...]] = {
    "de": ("nicht ", "kein ", "keine ", "keinen ", "nie ", "niemals ", "ohne "),
    "fr": (" pas", "n'", "n’", " jamais", "sans "),
    "es": ("no ", "nunca ", "sin "),
    "it": ("non ", "senza "),
    "pt": ("não ", "nunca ", "sem "),
    "nl": ("niet ", "geen ", "nooit "),
    "pl": ("nie ", "bez ", "nigdy "),
    "cs": ("není ", "bez "),
    "ru": ("не ", "нет ", "без ", "никогда не "),
    "uk": ("не ", "немає ", "без ", "ніколи не "),
    "tr": (" değil", " yok"),
    "ar": ("لا ", "لم ", "ليس ", "بدون ", "لن "),
    "hi": (" नहीं", "न ", "बिना "),
    "bn": (" না", " নয়", " নেই"),
    "vi": ("không ", "đừng ", "chưa "),
    "zh": ("不", "没有", "未", "无"),
    "ja": ("ない", "ません"),
    "ko": (" 않", " 없"),
    "id": ("tidak ", "jangan ", "tanpa "),
    "sv": ("inte ", "utan ", "ingen "),
}
_ELIDED = ("n'", "n’")
_ENGLISH_DENIAL = re.compile(r"\b(?:not|never|no|without|cannot|nor|neither)\b|n[’']t\b", re.IGNORECASE)


def digit_changed(sample: Sample, rng: random.Random) -> str | None:
    def change(found: str) -> str:
        place = rng.choice([at for at, char in enumerate(found) if char.isdecimal()])
        zero = ord(found[place]) - int(found[place])
        digit = (int(found[place]) + rng.randrange(1, 9)) % 10
        return found[:place] + chr(zero + digit) + found[place + 1 :]

    return _at_one(_NUMBER, change, sample, rng)


def digit_dropped(sample: Sample, rng: random.Random) -> str | None:
    def change(found: str) -> str:
        places = [at for at, char in enumerate(found) if char.isdecimal()]
        place = rng.choice(places)
        return found[:place] + found[place + 1 :] if len(places) > 1 else found

    return _at_one(_NUMBER, change, sample, rng, lambda found: len(found) > 1 and found.isdecimal())


def number_dropped(sample: Sample, rng: random.Random) -> str | None:
    return _at_one(_NUMBER, lambda found: "", sample, rng)


def digit_doubled(sample: Sample, rng: random.Random) -> str | None:
    return _at_one(_NUMBER, lambda found: found[0] + found, sample, rng, _is_not_zero)


def zero_added(sample: Sample, rng: random.Random) -> str | None:
    return _at_one(
        _NUMBER,
        lambda found: found + chr(ord(found[-1]) - int(found[-1])),
        sample,
        rng,
        lambda found: found.isdecimal() and _is_not_zero(found),
    )


def _is_not_zero(found: str) -> bool:
    return int(found[0]) != 0


def decimal_moved(sample: Sample, rng: random.Random) -> str | None:
    def change(found: str) -> str:
        whole, mark, rest = regex.split(r"([.,٫])", found)
        return f"{whole}{rest[0]}{mark}{rest[1:]}" if len(rest) > 1 else whole + rest

    return _at_one(_DECIMAL, change, sample, rng)


def unit_changed(sample: Sample, rng: random.Random) -> str | None:
    found = [(word, other) for word, other in _unit_words(sample.locale) if _placed(sample.target, word)]
    rng.shuffle(found)
    for word, other in sorted(found, key=lambda pair: -len(pair[0])):
        for place in _placed(sample.target, word):
            return sample.target[:place] + other + sample.target[place + len(word) :]
    return None


def bounds_swapped(sample: Sample, rng: random.Random) -> str | None:
    return _at_one(
        _RANGE,
        lambda found: _RANGE.sub(r"\3\2\1", found),
        sample,
        rng,
        lambda found: len(set(regex.findall(r"\p{Nd}+", found))) == 2,
    )


def numbers_swapped(sample: Sample, rng: random.Random) -> str | None:
    masked = _masked(sample.target)
    found = [
        match
        for match in _NUMBER.finditer(masked)
        if not _RANGE.search(masked[max(0, match.start() - 6) : match.end() + 6])
    ]
    pairs = [(a, b) for a in found for b in found if a.start() < b.start() and a.group() != b.group()]
    if not pairs or len({match.group() for match in found}) != len(found):
        return None
    a, b = rng.choice(pairs)
    text = sample.target
    return text[: a.start()] + b.group() + text[a.end() : b.start()] + a.group() + text[b.end() :]


def negation_removed(sample: Sample, rng: random.Random) -> str | None:
    if not _ENGLISH_DENIAL.search(sample.source):
        return None
    text, masked = sample.target, f" {_masked(sample.target).lower()} "
    words = DENIALS.get(Locale.parse(sample.locale).language, ())
    spaced = Locale.parse(sample.locale).language not in ("zh", "ja")
    for word in words:
        place = masked.find(f" {word}" if spaced and not word.startswith(" ") and word not in _ELIDED else word)
        if place >= 0 and (
            not spaced or word.endswith(" ") or not masked[place + len(word) : place + len(word) + 1].isalpha()
        ):
            start = place if spaced and not word.startswith(" ") and word not in _ELIDED else place - 1
            start = max(start, 0)
            return text[:start] + text[start + len(word) :]
    return None


def placeholder_dropped(sample: Sample, rng: random.Random) -> str | None:
    found = [match.span() for match in sample.syntax.placeholder.finditer(sample.target) if match.group() != "%%"]
    if not found:
        return None
    start, end = rng.choice(found)
    return sample.target[:start] + sample.target[end:]


def sentence_dropped(sample: Sample, rng: random.Random) -> str | None:
    parts = _END.split(sample.target)
    if len(parts) < 2 or min(map(len, parts)) < 12:
        return None
    place = rng.randrange(len(parts))
    return " ".join(part for at, part in enumerate(parts) if at != place)


def source_copied(sample: Sample, rng: random.Random) -> str | None:
    return sample.source if regex.search(r"\p{Ll}{2}", _NO_TEXT.sub(" ", sample.source)) else None


def _at_one(
    pattern: regex.Pattern,
    change: Callable[[str], str],
    sample: Sample,
    rng: random.Random,
    fits: Callable[[str], bool] = lambda found: True,
) -> str | None:
    found = [match for match in pattern.finditer(_masked(sample.target)) if fits(match.group())]
    if not found:
        return None
    match = rng.choice(found)
    return sample.target[: match.start()] + change(match.group()) + sample.target[match.end() :]


def _masked(text: str) -> str:
    return _NO_TEXT.sub(lambda match: " " * len(match.group()), text)


def _placed(text: str, word: str) -> list[int]:
    """Where a unit stands in a text: right after a number or a placeholder, as a word of its own."""
    places = (match.start() for match in re.finditer(re.escape(word), text))
    return [
        place
        for place in places
        if _BEFORE_UNIT.search(text[:place])
        and not _GOES_ON.match(text, place + len(word))
        and not _YEAR.search(text[:place])
    ]


@cache
def _unit_words(name: str) -> tuple[tuple[str, str], ...]:
    """Each form of a unit in a locale with the same form of the next larger or smaller one (Babel, unit patterns)."""
    patterns = localedata.load(name)["unit_patterns"]
    words = []
    for unit, other in [*pairwise(_UNITS), *zip(_UNITS[1:], _UNITS, strict=False)]:
        mine, theirs = (_forms(patterns.get(f"duration-{one}", {})) for one in (unit, other))
        words += [(mine[key], theirs[key]) for key in mine if key in theirs]
    return tuple(dict.fromkeys(pair for pair in [*words, *_DOSES.items()] if pair[0] and pair[0] != pair[1]))


def _forms(lengths: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The plural forms of a unit without the number; `short` where there is no `long`."""
    forms = lengths.get("long") or lengths.get("short") or {}
    return {key: str(form).replace("{0}", "").strip() for key, form in forms.items() if "{0}" in str(form)}


MUTATIONS: dict[str, Mutation] = {
    "digit changed": digit_changed,
    "digit dropped": digit_dropped,
    "digit doubled": digit_doubled,
    "number dropped": number_dropped,
    "zero added": zero_added,
    "decimal mark moved": decimal_moved,
    "unit changed": unit_changed,
    "bounds swapped": bounds_swapped,
    "numbers swapped": numbers_swapped,
    "negation removed": negation_removed,
    "placeholder dropped": placeholder_dropped,
    "sentence dropped": sentence_dropped,
    "source copied": source_copied,
}
"""Every kind but the wrong language, which needs another locale's translation."""
