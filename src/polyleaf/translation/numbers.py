"""The numbers that a text says, in digits of any script and in words, and how those of a translation differ.

"1,000.5" is one number in English, and "1.000,5" is the same one in German (CLDR, number symbols).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, zip_longest

import regex
from babel import Locale

from polyleaf.translation.dates import has_months_in_digits, is_late, months, months_of_dates, weekdays
from polyleaf.translation.lexicon import Match, lexicon
from polyleaf.translation.pair import PLACE, Pair, Text

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
_TIMES = regex.compile(r"\s*[回次회]")
_ROUND_THE_CLOCK = regex.compile(r"(?<!\d)(7|24)\s?\p{L}+\.?\s?(?:sur|su|/)\s?(?P<again>\1)(?!\d)")
_ROMAN = regex.compile(r"(?<![\p{L}\p{Nd}])(?=[IVX])(?:X{0,3})(?:IX|IV|V?I{0,3})(?![\p{L}\p{Nd}])")
_CJK = regex.compile(r"[零〇一二三四五六七八九十百千两兩]{2,}")
_CJK_DIGITS = dict(zip("零〇一二三四五六七八九两兩", map(int, "0012345678922"), strict=True))
_CJK_SCALES = {"十": 10, "百": 100, "千": 1000}
_NUMBER_WEEKDAYS = frozenset({"vi", "pt"})
_BEFORE_MINUTES = frozenset(":.h時时시")
_AND = regex.compile(r"[-‐ ]?|\s(?:and|و)\s?", regex.IGNORECASE)  # "forty-eight", "forty and eight"
_DUAL = frozenset({"ar", "he", "sl"})  # which say "two" by the ending of any noun
_CLOCK = regex.compile(r"(?:[01]?\d|2[0-4])\.[0-5]\d")
_FULL_HOUR = regex.compile(r"(?:[01]?\d|2[0-4])\.00")
_FOREIGN_MARKS = ((".", f",{_SPACES}'’٬"), (",", f".{_SPACES}'’"), ("٫", "٬,،"), ("·", ","), ("،", ""), (".", "،"))
_SCALES = (Decimal(100), Decimal(1000), Decimal(10_000), Decimal(100_000))  # and all above


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
            over, under = (Decimal(_ascii(part)) for part in regex.split("[/⁄]", match["fraction"]))
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
    digits = _ascii(written) if written[0] not in ".٫" else f"0{_ascii(written)}"
    parts = tuple(Decimal(part) for part in regex.split(r"\D+", digits))
    decimal_mark, group_mark = _marks(locale, written[-1])
    strict = _reading(digits, decimal_mark, f"{group_mark}{_SPACES}'’٬")
    if strict is not None:
        clock = len(parts) == 2 and _CLOCK.fullmatch(digits) is not None
        return Number(start, end, (strict,), parts if clock else ())
    readings = (_reading(digits, mark, groups) for mark, groups in _FOREIGN_MARKS)
    loose = tuple(dict.fromkeys(value for value in readings if value is not None))
    return Number(start, end, loose, parts, sure=False)


def _ascii(written: str) -> str:
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
            if value >= _SCALES[0]
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
        return (Decimal(_ascii(before[1])) * 100 + number.value,)
    return (number.value % 100,) if _is_decade(number, text) else ()


def _is_decade(number: Number, text: str) -> bool:
    return number.value is not None and number.value >= 1000 and text[number.end : number.end + 1] == "s"


# Comparing -----------------------------------------------------------------------------------------------------------


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
    foreign = [
        b for _, b in rest.match(lambda a, b: not b.sure and a.value in b.values) if not _is_clock(b, pair.target)
    ]
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
    return _FULL_HOUR.fullmatch(_ascii(text.masked[number.start : number.end])) is not None


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
        free += weekdays(other) if own.locale.language in _NUMBER_WEEKDAYS else []
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
        if not number.digits and number.sure and min(number.values) >= least and max(number.values) < _SCALES[0]:
            yield number


def _other_words(rest: _Rest) -> Iterator[tuple[Number, Number]]:
    """A sure word of the source that became another one: each is the only one left."""
    source = [number for number in rest.source if not number.digits and number.sure]
    target = [number for number in rest.target if not number.digits and number.sure]
    if len(source) == 1 and len(target) == 1:
        yield source[0], target[0]


def has_number_before(text: str, place: int, found: Sequence[Number]) -> Number | None:
    """The number that stands right before a place in a text, with a space or hyphen between at most."""
    for number in found:
        if 0 <= place - number.end <= 2 and not text[number.end : place].strip("-‐‑ \u00a0\u202f個个ヶか"):
            return number
    return None


def placeholder_before(text: str, place: int) -> bool:
    """Whether a placeholder stands right before a place."""
    return text[:place].rstrip("-‐‑ \u00a0\u202f個个ヶか").endswith(PLACE)
