"""The numbers that a text says, in digits of any script and in words.

"1,000.5" is one number in English, and "1.000,5" is the same one in German (CLDR, number symbols).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest

import regex
from babel import Locale

from polyleaf.translation.lexicon import Match, lexicon
from polyleaf.translation.pair import PLACE, Text

_SPACES = "\u00a0\u202f\u2009 "
_NUMBER = regex.compile(
    rf"(?<![\p{{Nd}}])(?:(?P<half>\p{{Nd}}*)\s?(?P<vulgar>[¼-¾⅐-⅞])"
    rf"|(?P<fraction>\p{{Nd}}{{1,2}}[/⁄]\p{{Nd}}{{1,3}})(?![/⁄.\p{{Nd}}])"
    rf"|(?<![\p{{Nd}}\p{{L}}.,])[.٫]\p{{Nd}}+(?![.\p{{Nd}}])"
    rf"|\p{{Nd}}{{1,3}}(?:[{_SPACES}'’]\p{{Nd}}{{3}})+(?:[.,٫·]\p{{Nd}}+)?(?!\p{{Nd}})"
    rf"|\p{{Nd}}+(?:[.,٫٬'’·،]\p{{Nd}}+)*)"
)
_NAME = regex.compile(r"(?:\p{Lu}\p{L}*|\p{L}+\p{Nd}\p{L}*)[-‐‑]?$")
_YEAR_BEFORE = regex.compile(r"(?<!\p{Nd})(\p{Nd}{2})\p{Nd}{2}[-‐‑–—/]$")
_CJK = regex.compile(r"[零〇一二三四五六七八九十百千两兩]{2,}")
_CJK_DIGITS = dict(zip("零〇一二三四五六七八九两兩", map(int, "0012345678922"), strict=True))
_CJK_SCALES = {"十": 10, "百": 100, "千": 1000}
_AND = regex.compile(r"[-‐ ]?|\s(?:and|و)\s?", regex.IGNORECASE)  # "forty-eight", "forty and eight"
_CLOCK = regex.compile(r"(?:[01]?\d|2[0-4])\.[0-5]\d")
_FOREIGN_MARKS = ((".", f",{_SPACES}'’٬"), (",", f".{_SPACES}'’"), ("٫", "٬,،"), ("·", ","), ("،", ""), (".", "،"))
SCALE = Decimal(100)
"""From here on a word is one that multiplies: a hundred, a thousand, 万."""


@dataclass(frozen=True)
class Number:
    """One number of a text.

    `values` are what it can mean, `scaled` the same with a word such as "million" behind it, `parts` what it falls into
    where it may be a date, a time, a fraction or a version. `digits` says that it is not written in words, `named` that
    it is part of a name such as COVID-19. `sure` says of digits that they are a number by the rules of their language,
    and of a word that it means nothing else.
    """

    start: int
    end: int
    values: tuple[Decimal, ...]
    parts: tuple[Decimal, ...] = ()
    digits: bool = True
    sure: bool = True
    scaled: tuple[Decimal, ...] = ()
    named: bool = False

    @property
    def value(self) -> Decimal | None:
        """What it most likely means; None where it is no number in any language, as a date is none."""
        return self.values[0] if self.values else None


@lru_cache(maxsize=4096)
def numbers(text: Text) -> tuple[Number, ...]:
    """The numbers of a text in their order; placeholders, citations, tags and addresses have none."""
    digits = list(_in_digits(text))
    taken = {place for number in digits for place in range(number.start, number.end)}
    words = [number for number in _in_words(text) if number.start not in taken]
    return tuple(sorted([*_scaled(digits, words, text.masked), *words], key=lambda number: number.start))


def in_digits(text: Text) -> list[Number]:
    """The numbers that are written in digits."""
    return [number for number in numbers(text) if number.digits]


def _in_digits(text: Text) -> Iterator[Number]:
    for match in _NUMBER.finditer(text.masked):
        start, end = match.span()
        if match["vulgar"]:
            yield Number(start, end, (Decimal(match["half"] or 0) + _vulgar(match["vulgar"]),))
        elif match["fraction"]:
            over, under = (Decimal(as_ascii(part)) for part in regex.split("[/⁄]", match["fraction"]))
            yield _fraction(over, under, start, end, text.locale)
        else:
            number = _plain(match.group(), start, end, text.locale)
            yield replace(number, named=_NAME.search(text.masked[:start]) is not None)


def _fraction(over: Decimal, under: Decimal, start: int, end: int, locale: Locale) -> Number:
    """Two numbers with a slash; in Persian it can be a decimal mark too."""
    value = (over / under,) if under else ()
    decimal = (over + under.scaleb(-len(str(under))),) if locale.language in ("fa", "ur") else ()
    return Number(start, end, value, (over, under), scaled=decimal)


def _vulgar(char: str) -> Decimal:
    return Decimal(unicodedata.numeric(char)).quantize(Decimal("0.001")).normalize()


def _plain(written: str, start: int, end: int, locale: Locale) -> Number:
    digits = as_ascii(written) if written[0] not in ".٫" else f"0{as_ascii(written)}"
    parts = tuple(Decimal(part) for part in regex.split(r"\D+", digits))
    decimal_mark, group_mark = _marks(locale, written[-1])
    strict = _reading(digits, decimal_mark, f"{group_mark}{_SPACES}'’٬")
    if strict is not None:
        clock = len(parts) == 2 and _CLOCK.fullmatch(digits) is not None
        return Number(start, end, (strict,), parts if clock else ())
    readings = (_reading(digits, mark, groups) for mark, groups in _FOREIGN_MARKS)
    loose = tuple(dict.fromkeys(value for value in readings if value is not None))
    return Number(start, end, loose, parts, sure=False)


def as_ascii(written: str) -> str:
    """The digits of any script as those of ASCII, with all else as it is."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in written)


def _reading(digits: str, decimal_mark: str, group_marks: str) -> Decimal | None:
    """The number, if it is written with these marks: groups of three, or of two before the last (as in India)."""
    whole, mark, fraction = digits.rpartition(decimal_mark)
    if not mark:
        whole, fraction = digits, ""
    groups = regex.split(r"\D", whole)
    if any(char not in group_marks for char in regex.findall(r"\D", whole)) or (mark and not fraction.isdecimal()):
        return None
    if len(groups) > 1 and (len(groups[-1]) != 3 or len({len(group) for group in groups[1:-1]} | {3}) > 2):
        return None
    if any(len(group) not in (2, 3) for group in groups[1:]):
        return None
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or groups[0].startswith("0")):
        return None
    return Decimal(f"{''.join(groups)}.{fraction or 0}") if all(groups) else None


@lru_cache(maxsize=1024)
def _marks(locale: Locale, digit: str) -> tuple[str, str]:
    """The decimal and the grouping mark that a language writes with such digits.

    CLDR has marks of their own for the two Arabic sets of digits; with all others go those of Latin digits.
    """
    system = "arab" if "\u0660" <= digit <= "\u0669" else "arabext" if "\u06f0" <= digit <= "\u06f9" else "latn"
    known = locale.number_symbols.get(system) or locale.number_symbols["latn"]
    return known["decimal"], known["group"]


def _in_words(text: Text) -> Iterator[Number]:
    language = lexicon(text.locale)
    found = language.numbers.find(text.masked)
    if language.language in ("zh", "ja", "yue", "ko"):
        yield from (_cjk(match.group(), *match.span()) for match in _CJK.finditer(text.masked))
        runs = {place for match in _CJK.finditer(text.masked) for place in range(*match.span())}
        found = [match for match in found if match.start not in runs]
    yield from _joined([_word(match) for match in found if match.labels != {None}], text.masked)


def _word(match: Match) -> Number:
    values = tuple(sorted(label for label in match.labels if label is not None))
    sure = None not in match.labels and bool(values) and max(values) >= 2
    return Number(match.start, match.end, values, digits=False, sure=sure)


def _cjk(written: str, start: int, end: int) -> Number:
    total, digit = 0, 0
    for char in written:
        if char in _CJK_SCALES:
            total, digit = total + (digit or 1) * _CJK_SCALES[char], 0
        else:
            digit = digit * 10 + _CJK_DIGITS[char] if not total else _CJK_DIGITS[char]
    return Number(start, end, (Decimal(total + digit),), digits=False)


def _joined(words: Sequence[Number], text: str) -> Iterator[Number]:
    """Tens and ones that stand together, as in "forty-eight", are one number."""
    skip = False
    for word, after in zip_longest(words, words[1:]):
        if skip:
            skip = False
            continue
        if after is not None and _adds(word, after) and _AND.fullmatch(text[word.end : after.start]):
            skip = True
            values = tuple(a + b for a in word.values for b in after.values)
            yield Number(word.start, after.end, (*values, *word.values), digits=False, sure=word.sure)
        else:
            yield word


def _adds(word: Number, after: Number) -> bool:
    tens = any(20 <= value <= 90 and value % 10 == 0 for value in word.values)
    return tens and any(1 <= value <= 9 for value in after.values)


def _scaled(digits: Sequence[Number], words: Sequence[Number], text: str) -> Iterator[Number]:
    """A number before a word such as "million" or 万 can mean that many of them."""
    for number in digits:
        scales = {
            value
            for word in words
            if 0 <= word.start - number.end <= 2 and not text[number.end : word.start].strip()
            for value in word.values
            if value >= SCALE
        }
        more = tuple(value * scale for scale in sorted(scales) for value in number.values)
        parts = number.parts
        if number.value is not None and _is_decade(number, text):  # the sixties of the 20th century
            parts = (number.value // 100 + 1, number.value % 100)
        yield replace(number, scaled=(*number.scaled, *more, *_as_year(number, text)), parts=parts)


def _as_year(number: Number, text: str) -> tuple[Decimal, ...]:
    """What stands for a year or a decade: "20" of "2019–20", and the sixties of "1960s"."""
    if number.value is None:
        return ()
    before = _YEAR_BEFORE.search(text[: number.start])
    if before and number.end - number.start == 2:
        return (Decimal(as_ascii(before[1])) * 100 + number.value,)
    return (number.value % 100,) if _is_decade(number, text) else ()


def _is_decade(number: Number, text: str) -> bool:
    return number.value is not None and number.value >= 1000 and text[number.end : number.end + 1] == "s"


def has_number_before(text: str, place: int, found: Sequence[Number]) -> Number | None:
    """The number that stands right before a place in a text, with a space or hyphen between at most."""
    for number in found:
        if 0 <= place - number.end <= 2 and not text[number.end : place].strip("-‐‑ \u00a0\u202f個个ヶか"):
            return number
    return None


def placeholder_before(text: str, place: int) -> bool:
    """Whether a placeholder stands right before a place."""
    return text[:place].rstrip("-‐‑ \u00a0\u202f個个ヶか").endswith(PLACE)
