"""L21x and L22x: whether numbers are values, and words for how often have their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel import Locale

from polyleaf.checks.leaflets.subject import Remark, Said, Subject, rule
from polyleaf.finding import shortened
from polyleaf.model import Table, Value
from polyleaf.translation.lexicon import Match
from polyleaf.translation.numbers import Number, numbers
from polyleaf.translation.units import units
from polyleaf.values import format_number, format_value

Span = tuple[int, int]

BANDS = {
    "very-common": (Fraction(1, 10), Fraction(1)),
    "common": (Fraction(1, 100), Fraction(1, 10)),
    "uncommon": (Fraction(1, 1000), Fraction(1, 100)),
    "rare": (Fraction(1, 10_000), Fraction(1, 1000)),
    "very-rare": (Fraction(0), Fraction(1, 10_000)),
}
"""From which share of people on, and below which, a word is right (European Commission, SmPC guideline 2009, 4.8)."""
_LARGEST = 100
"""People of whom a reader can think at once: a share of more of them is written so where it is small."""
_NOT_OF_RISKS = ("about", "indications", "contraindications", "questions", "checklist")


# How often -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Frequency:
    """A word for how often, and the value that says the number; `typed` where the number is typed instead."""

    said: Said
    match: Match
    band: str
    value: Value | None = None
    upper: bool = False
    typed: bool = False

    @property
    def word(self) -> str:
        return self.said.text.text[self.match.start : self.match.end]

    @property
    def span(self) -> Span:
        return self.match.start, self.match.end


@rule("L211", "frequency-without-number", "error")
def frequency_without_number(subject: Subject) -> Iterator[Remark]:
    """A word such as "common" or "rare" stands without the number that it means.

    Why: readers take "common" for half of all people, and "rare" for never; with the number they do not.

    Instead: add the number as a value: "Rare: fewer than {rare} people", with `rare: {frequency: 1, of: 1000}`.

    Source: European Commission, readability guideline (2009) and SmPC guideline (2009), 4.8; NHS service manual.
    """
    for found in _frequencies(subject):
        if found.band in BANDS and found.value is None and not found.typed:
            text = f'"{found.word}" without its number: {shortened(found.said.message.msgid)}'
            yield Remark(text, "add a value of the kind frequency to it", said=found.said, span=found.span)


@rule("L212", "frequency-band", "error")
def frequency_band(subject: Subject) -> Iterator[Remark]:
    """The number beside a word such as "common" or "rare" is not one that the word stands for.

    Very common is 1 in 10 or more, common 1 in 100 or more, uncommon 1 in 1,000 or more, rare 1 in 10,000 or more, and
    very rare below that. Both ends of a range have to fit, and what a clinic may set.

    Why: one of the two is wrong, and a reader cannot know which.

    Instead: correct the word or the value. "Rare: fewer than 1 in 1,000" is right.

    Source: European Commission, SmPC guideline (2009), 4.8.
    """
    for found in _frequencies(subject):
        if found.band in BANDS and found.value is not None and not _fits(found.band, found.value, found.upper):
            number = format_value(found.value, subject.locale).replace("\u00a0", " ")
            right = ", ".join(band.replace("-", " ") for band in BANDS if _fits(band, found.value, found.upper))
            hint = f"{number} is {right}" if right else "give each part of the range its own word"
            text = f'"{found.word}" is not {number}: {shortened(found.said.message.msgid)}'
            yield Remark(text, hint, said=found.said, span=found.span)


@rule("L213", "vague-frequency", "warning")
def vague_frequency(subject: Subject) -> Iterator[Remark]:
    """A risk happens "often", "sometimes" or the like, without a number.

    Why: everybody means another number by such a word.

    Instead: give the number as a value. Where nobody knows it, say so.

    Source: European Commission, readability guideline (2009); NHS service manual.
    """
    for found in _frequencies(subject):
        if found.band == "vague" and found.said.section == "risks" and found.value is None and not found.typed:
            text = f'"{found.word}" without a number: {shortened(found.said.message.msgid)}'
            yield Remark(text, "give a number, or say that nobody knows it", said=found.said, span=found.span)


def _frequencies(subject: Subject) -> Iterator[_Frequency]:
    """The words for how often, each with the number that belongs to it."""
    for said in (*subject.headings, *subject.texts):
        if said.section.partition(".")[0] in _NOT_OF_RISKS:
            continue
        found = subject.words.find("frequency", said.text.masked, *BANDS, "vague")
        for before, match, after in zip([None, *found], found, [*found[1:], None], strict=False):
            start = before.end if before else None
            yield _with_number(subject, said, match, start, after.start if after else len(said.text.text))


def _with_number(subject: Subject, said: Said, match: Match, start: int | None, end: int) -> _Frequency:
    """The number is the next one behind the word, else one before it, else one of another cell of its row.

    `start` is where the word for how often before it ends, which has the first number behind itself, and `end` where
    the one after it begins.
    """
    band = min(match.labels)
    shown = [(at, value) for value, at, _ in subject.values_in(said.text) if value.kind == "frequency"]
    typed = [(at, None) for at, _ in _proportions(subject, said, numbers(said.text))] + [
        (match.start, None) for match in subject.words.find("numbers", said.text.masked, "percent")
    ]
    numbered = sorted([*shown, *typed], key=lambda found: found[0])
    behind = [found for found in numbered if match.end <= found[0] < end]
    before = [found for found in numbered if (start or 0) <= found[0] < match.start][0 if start is None else 1 :]
    if not behind and not before:
        return _of_row(subject, said, match, band)
    at, value = behind[0] if behind else before[-1]
    return _Frequency(said, match, band, value, value is not None and _is_upper(subject, said, at), value is None)


def _of_row(subject: Subject, said: Said, match: Match, band: str) -> _Frequency:
    """A word with the number of another cell of its row, if that has no word itself."""
    for cell in said.row:
        other = Said(cell, subject.text(cell.msgid), said.section, said.row)
        if cell is said.message or subject.words.find("frequency", other.text.masked, *BANDS):
            continue
        for value, at, _ in subject.values_in(other.text):
            if value.kind == "frequency":
                return _Frequency(said, match, band, value, _is_upper(subject, other, at))
    return _Frequency(said, match, band)


def _is_upper(subject: Subject, said: Said, start: int) -> bool:
    """Whether what stands before a number says that it is less: "fewer than {rare}"."""
    found = subject.words.find("frequency", said.text.masked, "below")
    return any(match.end <= start and not said.text.masked[match.end : start].strip(" \u00a0*") for match in found)


def _fits(band: str, value: Value, upper: bool) -> bool:
    """Whether a word is right for a number, and for what a clinic may set it to."""
    ends = [value.low] if value.high is None else [value.low, value.high]
    if value.bounds is not None:
        ends = [value.bounds.min, value.bounds.max]
    assert value.of is not None
    shares = [Fraction(Decimal(str(end))) / Fraction(value.of) for end in ends]
    least, most = BANDS[band]
    if len(shares) == 2:
        return least <= shares[0] and shares[1] <= most
    return least < shares[0] <= most if upper else least <= shares[0] < most or shares[0] == most == 1


# Numbers that are typed ----------------------------------------------------------------------------------------------


@rule("L221", "typed-number", "error")
def typed_number(subject: Subject) -> Iterator[Remark]:
    """A number is typed into a text where a value belongs.

    Why: it is typed again in every translation, no check knows what it means, and no clinic can set it.

    Instead: write it once under `values`, and its name in the text: "Wear it for {stocking}". Names and numbers of no
    weight (type 2, COVID-19, "call 111") are not meant.

    Source: this program's values; NHS service manual (numerals).
    """
    for said in (*subject.headings, *subject.texts):
        for start, end in _typed(subject, said):
            written = said.text.text[start:end]
            text = f'"{written}" is typed: {shortened(said.message.msgid)}'
            yield Remark(text, "write it under `values:`, and {its_name} here", said=said, span=(start, end))


def _typed(subject: Subject, said: Said) -> list[Span]:
    """Where a number stands with what it counts or measures: "3 days", "two tablets", "1 in 10", "twice a day"."""
    text, found = said.text, [number for number in numbers(said.text) if not number.named]
    spans = [*_measured(said), *_proportions(subject, said, found)]
    for match in subject.words.find("numbers", text.masked, "counted"):
        spans += [
            (number.start, match.end) for number in found if _weighs(number) and _touch(text.masked, number, match)
        ]
    apart: list[Span] = []
    for span in sorted(spans):
        if apart and span[0] < apart[-1][1]:
            apart[-1] = apart[-1][0], max(apart[-1][1], span[1])
        else:
            apart.append(span)
    return apart


def _measured(said: Said) -> Iterator[Span]:
    """Numbers with a unit; also those of "twice a day", where the unit has a number that says nothing."""
    found = numbers(said.text)
    for unit in units(said.text):
        counting = list(unit.of)
        if counting and not any(map(_weighs, counting)):
            first = counting[0].start
            counting = [number for number in found if 0 < first - number.end + 1 <= 2] + counting
        if any(_weighs(number) and not number.named for number in counting):
            ends = [*(number.start for number in counting), unit.start, *(number.end for number in counting), unit.end]
            yield min(ends), max(ends)


def _proportions(subject: Subject, said: Said, found: Sequence[Number]) -> Iterator[Span]:
    """Two numbers with a word such as "in" between them: "1 in 10", "one in ten"; in words only where it is no "of"."""
    for match in subject.words.find("frequency", said.text.masked, "proportion", "share"):
        for part in (number for number in found if _touch(said.text.masked, number, match)):
            for whole in (number for number in found if 0 <= number.start - match.end <= 1):
                sure = (part.digits and whole.digits) or ("share" in match.labels and _weighs(whole))
                if sure and (whole.value or 0) > (part.value or 0):
                    yield part.start, whole.end


def _touch(text: str, number: Number, match: Match) -> bool:
    """Whether nothing but a space or a hyphen stands between a number and the word behind it."""
    between = text[number.end : match.start] if number.end <= match.start else "x"
    return len(between) <= 1 and not between.strip("-‐‑ \u00a0\u202f")


def _weighs(number: Number) -> bool:
    """Whether it is surely a number: in digits, or a word for two or more that means nothing else."""
    return number.digits or number.sure


@rule("L222", "mixed-formats", "warning")
def mixed_formats(subject: Subject) -> Iterator[Remark]:
    """A leaflet says some shares of people as percentages, and others as "1 in 10".

    Why: readers compare 5 % with 1 in 10 wrongly.

    Instead: write every share as a value of the kind frequency.

    Source: NHS service manual ("1 in 7", not 14.3 %; one format throughout).
    """
    texts = (*subject.headings, *subject.texts)
    typed = (span for said in texts for span in _proportions(subject, said, numbers(said.text)))
    if not any(value.kind == "frequency" for value in subject.leaflet.values.values()) and not any(typed):
        return
    for said in texts:
        for match in subject.words.find("numbers", said.text.masked, "percent"):
            text = f"a percentage among shares such as {_example(subject)}: {shortened(said.message.msgid)}"
            yield Remark(text, "write it as a value of the kind frequency", said=said, span=(match.start, match.end))


def _example(subject: Subject) -> str:
    shares = [value for value in subject.leaflet.values.values() if value.kind == "frequency"]
    return format_value(shares[0], subject.locale).replace("\u00a0", " ") if shares else "1 in 10"


@rule("L223", "mixed-wholes", "note")
def mixed_wholes(subject: Subject) -> Iterator[Remark]:
    """A table counts its shares out of different numbers of people without need.

    Why: 7 in 10 and 99 in 100 cannot be compared at a glance; 70 in 100 and 99 in 100 can.

    Instead: give the value with the same `of` as the others. Where that would be no whole number, let it stand.

    Source: NHS service manual (one format throughout); CDC Clear Communication Index, 18 (same denominator).
    """
    for section in subject.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from _of_other_wholes(subject, subject.said(section, block))


def _of_other_wholes(subject: Subject, cells: Sequence[Said]) -> Iterator[Remark]:
    shown = [
        (said, value, (start, end))
        for said in cells
        for value, start, end in subject.values_in(said.text)
        if value.kind == "frequency"
    ]
    counts = Counter(value.of for _, value, _ in shown if value.of is not None and value.of <= _LARGEST)
    if not counts:
        return
    usual = max(counts, key=lambda of: (counts[of], of))
    for said, value, span in shown:
        if value.of != usual and (ends := _out_of(value, usual)):
            written, wanted = (_number(number, subject.locale) for number in (value.of, usual))
            text = f"{written} in a table that counts out of {wanted}: {shortened(said.message.msgid)}"
            yield Remark(f"out of {text}", f"write {{frequency: {ends}, of: {usual}}}", said=said, span=span)


def _out_of(value: Value, whole: Decimal) -> str:
    """The share as it is written out of another whole; empty where that takes a fraction of a person."""
    assert value.of is not None
    ends = [
        Fraction(Decimal(str(end))) * Fraction(whole) / Fraction(value.of) for end in (value.low, value.high) if end
    ]
    if any(end.denominator != 1 for end in ends):
        return ""
    return str(ends[0]) if len(ends) == 1 else f"[{', '.join(map(str, ends))}]"


def _number(number: Decimal | None, locale: Locale) -> str:
    return format_number(number or Decimal(1), locale)
