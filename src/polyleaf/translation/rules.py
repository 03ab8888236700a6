"""What is asked of one translation: each check yields its faults, and its docstring is the rule's documentation."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from polyleaf.finding import Severity, shortened
from polyleaf.rule import Rule, rule_of
from polyleaf.translation import agreement, markup, negation, order, scripts, shape, units
from polyleaf.translation.lexicon import Match
from polyleaf.translation.numbers import Number
from polyleaf.translation.pair import Fault, Pair, Text

Check = Callable[[Pair], Iterator[Fault]]

SAFETY_SECTIONS = ("contraindications", "aftercare", "warning-signs")
"""The sections in which a denial that is lost can do harm at once."""


@dataclass(frozen=True)
class PairRule:
    """A rule about one translation by itself. A build refuses what it finds at error level, if it `blocks` the pair."""

    rule: Rule
    check: Check
    blocks: Callable[[Pair], bool]


PAIR_RULES: list[PairRule] = []


def _never(pair: Pair) -> bool:
    return False


def _always(pair: Pair) -> bool:
    return True


def _with_digits(pair: Pair) -> bool:
    """Whether there are digits: of numbers in words there are only warnings."""
    return any(char.isdecimal() for text in (pair.source, pair.target) for char in text.masked)


def _in_safety_section(pair: Pair) -> bool:
    return pair.context.partition(".")[0] in SAFETY_SECTIONS


def _rule(
    code: str, name: str, severity: Severity, blocks: Callable[[Pair], bool] = _never
) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        PAIR_RULES.append(PairRule(rule_of(code, name, severity, check.__doc__ or ""), check, blocks))
        return check

    return register


def faults(pair: Pair, alternative: Pair | None, rules: Iterable[PairRule]) -> Iterator[tuple[PairRule, Fault]]:
    """Everything that the rules find in a pair. With an alternative, as the singular is one of the plural, only what is
    wrong by both.
    """
    for rule in rules:
        found = list(rule.check(pair))
        if found and alternative is not None and not list(rule.check(alternative)):
            continue
        yield from ((rule, fault) for fault in found)


# What has to be taken over as it is ----------------------------------------------------------------------------------


@_rule("T103", "placeholder", "error", blocks=_always)
def _placeholder(pair: Pair) -> Iterator[Fault]:
    """A placeholder was lost, added, doubled or misspelled.

    Why: a placeholder is where a value of the leaflet stands: "{walk}" becomes "15–20 minutes". Where it is lost the
    reader is given no number, and where it is another one a wrong number.

    Instead: keep each placeholder of the source once, in its spelling, wherever the sentence needs it.

    Source: GNU gettext manual, "Translators for other Languages", c-format and python-brace-format.
    """
    source, target = markup.placeholders(pair.source), markup.placeholders(pair.target)
    for name, change in markup.differences(source, target):
        may_be_left_out = pair.plural and change == "was lost" and not pair.target.syntax.markdown
        severity: Severity | None = "warning" if may_be_left_out else None
        yield Fault(f"placeholder {name} {change}", "keep each placeholder as the source has it", severity)


@_rule("T104", "citation", "error", blocks=_always)
def _citation(pair: Pair) -> Iterator[Fault]:
    """A citation of a source was lost, added or doubled.

    Why: [@uip2023] says what a statement rests on. A statement without it seems to rest on nothing.

    Instead: keep each citation at the end of the sentence that it belongs to.

    Source: PIF TICK, criterion 3 (evidence is named).
    """
    for name, change in markup.differences(markup.citations(pair.source), markup.citations(pair.target)):
        yield Fault(f"citation {name} {change}", "keep each citation as the source has it")


_STYLES = frozenset(
    {
        "**",
        *(
            f"<{name}>"
            for name in [
                "b",
                "i",
                "u",
                "em",
                "strong",
                "small",
                "sup",
                "sub",
                "span",
                "font",
                "mark",
                "abbr",
                "code",
                "q",
                "cite",
            ]
        ),
    }
)


@_rule("T106", "markup", "error", blocks=_always)
def _markup(pair: Pair) -> Iterator[Fault]:
    """A link or a tag was lost, added or left open, or strong text is marked differently.

    Why: a link that is lost takes away a phone number or an address; a tag that is left open makes the rest of a page
    look wrong.

    Instead: keep links and tags of the source with their addresses. Strong text may be marked differently where the
    language asks for it; that is a warning only.

    Source: W3C, Internationalization Tag Set 2.0, elements within text.
    """
    tag = markup.unclosed(pair)
    if tag:
        yield Fault(f"{tag} is not closed, or closes nothing", "pair the tags as the source does")
    for name, change in markup.differences(markup.marks(pair.source), markup.marks(pair.target)):
        yield Fault(
            f"{name} {change}", "mark the text as the source does", "warning" if name in _STYLES or tag else None
        )
    for name, change in markup.differences(markup.addresses(pair.source), markup.addresses(pair.target)):
        yield Fault(f"the address {name} {change}", "keep addresses as they are", "warning")


# Numbers and units ---------------------------------------------------------------------------------------------------


@_rule("T105", "number", "error", blocks=_with_digits)
def _number(pair: Pair) -> Iterator[Fault]:
    """A number is another one, was lost, or was added.

    Why: a wrong number of days, tablets or milligrams harms the patient who follows it.

    Instead: say each number of the source. Numbers are compared by value: 2.5, 2,5 and ٢٫٥ are the same, as are "twice"
    and "2 times", 1日3回 and "three times a day". A quantity is best a value of the leaflet, which nobody retypes.

    Source: CLDR, number symbols and spellout rules; ISMP, list of error-prone abbreviations and dose designations.
    """
    found = agreement.compare(pair)
    hint = "say each number as the source does; a quantity is best a value of the leaflet"
    rest = list(found.added)
    for number in found.lost:
        other = rest.pop(0) if rest else None
        if other is not None:
            text = f"the number {_written(number, pair.source)} became {_written(other, pair.target)}"
            yield Fault(text, hint, None, _span(number), _span(other))
        else:
            yield Fault(
                f"the number {_written(number, pair.source)} is not in the translation", hint, None, _span(number)
            )
    for number in rest:
        yield Fault(f"the number {_written(number, pair.target)} is not in the source", hint, None, None, _span(number))
    for a, b in found.words:
        text = f'"{_written(a, pair.source)}" became "{_written(b, pair.target)}"'
        yield Fault(text, hint, "warning", _span(a), _span(b))
    for number in found.unsaid:
        text = f'the number "{_written(number, pair.source)}" is not in the translation'
        yield Fault(text, hint, "warning", _span(number))


@_rule("T107", "number-marks", "warning")
def _number_marks(pair: Pair) -> Iterator[Fault]:
    """A number is written with the decimal or grouping mark of another language.

    Why: "1.500" is one and a half in English and one thousand five hundred in German. Where only one reading is
    possible it is a blemish; where two are, T105 reports a wrong number.

    Instead: write the marks of the language: 2,5 in German, ٢٫٥ in Arabic.

    Source: CLDR, number symbols.
    """
    for number in agreement.compare(pair).foreign:
        text = f"{_written(number, pair.target)} is not how {pair.target.locale.english_name} writes a number"
        yield Fault(text, "write the marks of the language", None, None, _span(number))


@_rule("T108", "range-bounds", "error", blocks=_with_digits)
def _bounds(pair: Pair) -> Iterator[Fault]:
    """The two ends of a range are the wrong way round.

    Why: "10 to 5 mg" is read as nonsense, or as a dose that falls.

    Instead: write the smaller number first; the program adds what right-to-left scripts need.

    Source: CLDR, number range patterns (UTS #35 part 3).
    """
    for swap in order.swaps(pair):
        if swap.bounds:
            yield _swapped(swap, "the ends of the range {} to {} are swapped", pair)


@_rule("T109", "numbers-swapped", "error", blocks=_with_digits)
def _swap(pair: Pair) -> Iterator[Fault]:
    """Two numbers have changed places.

    Why: "5 mg for 3 days" and "3 mg for 5 days" hold the same numbers and are different treatments.

    Instead: put each number back to its unit and its noun. Languages that name the whole before its part (10人中3人 for
    "3 of 10 people") are allowed for. Where phrases may have changed places as a whole it is a warning.

    Source: ISMP, list of error-prone abbreviations, symbols, and dose designations.
    """
    for swap in order.swaps(pair):
        if not swap.bounds:
            one = swap.source[0] == swap.source[1]
            text = "{} stands at another place of the date" if one else "{} and {} have changed places"
            yield _swapped(swap, text, pair, None if swap.sure else "warning")


def _swapped(swap: order.Swap, text: str, pair: Pair, severity: Severity | None = None) -> Fault:
    written = (_written(number, pair.source) for number in swap.source)
    spans = [(numbers_[0].start, numbers_[1].end) for numbers_ in (swap.source, swap.target)]
    return Fault(text.format(*written), "put each number where the source has it", severity, *spans)


@_rule("T110", "unit", "error", blocks=_always)
def _unit(pair: Pair) -> Iterator[Fault]:
    """A unit became another one, or a dose lost its unit.

    Why: milligrams that become grams are a thousandfold dose; days that become weeks are a stocking worn for a month.

    Instead: translate the unit, and do not convert: a converted number is no longer the one that was checked.

    Source: CLDR, units (UTS #35 part 2, in all plural forms and cases); ISMP, error-prone dose designations.
    """
    found = units.compare(pair)
    hint = "name the unit of the source"
    for a, b in found.changed:
        text = f"{_said(a, pair.source)} became {_said(b, pair.target)}: {a.name} is not {b.name}"
        yield Fault(text, hint, None, (a.start, a.end), (b.start, b.end))
    for unit in found.lost:
        yield Fault(f"the unit {_said(unit, pair.source)} was lost", hint, None, (unit.start, unit.end))


@_rule("T111", "unit-apart", "warning")
def _unit_apart(pair: Pair) -> Iterator[Fault]:
    """A unit stands apart from its number.

    Why: "5 of the medicine, milligrams" is read wrong. A symbol such as "mg" without a number is lost (T110).

    Instead: write the unit right after its number, with a no-break space.

    Source: BIPM, SI brochure, 9th edition, 5.4.3.
    """
    for a, b in units.compare(pair).torn:
        text = f"{_said(b, pair.target)} stands apart from its number"
        yield Fault(text, "write it right after its number", None, (a.start, a.end), (b.start, b.end))


# Meaning -------------------------------------------------------------------------------------------------------------


@_rule("T112", "negation", "warning", blocks=_in_safety_section)
def _negation(pair: Pair) -> Iterator[Fault]:
    """A denial ("do not", "never", "no") was lost or gained.

    It is an error in contraindications, aftercare and warning signs, and a warning elsewhere.

    Why: "do not drive" without its "not" tells the patient to drive.

    Instead: deny where the source denies. If the language says it without a word of denial ("avoid", "free of"), waive
    the finding with a reason.

    Source: the words of each language are data of the program (docs/languages.md).
    """
    found = negation.compare(pair)
    if found is None:
        return
    severity: Severity | None = "error" if _in_safety_section(pair) else None
    if found.lost:
        text = f'the source denies ("{_text_of(found.match, pair.source)}") and the translation does not'
        yield Fault(text, "deny where the source denies", severity, (found.match.start, found.match.end))
    else:
        text = f'the translation denies ("{_text_of(found.match, pair.target)}") and the source does not'
        yield Fault(text, "deny only where the source denies", severity, None, (found.match.start, found.match.end))


@_rule("T113", "copied", "error", blocks=_always)
def _copied(pair: Pair) -> Iterator[Fault]:
    """The translation is the source, copied. A word that can be the same in both languages is a warning.

    Why: a patient who does not read the source language is told nothing.

    Instead: translate it. Where it is the same in both languages, leave it, and waive the finding with a reason.

    Source: common to all tools for translators.
    """
    if pair.source.text.strip() != pair.target.text.strip():
        return
    words = [word for word, _, _ in scripts.words(pair.source) if len(word) > 1 and not _is_code(word)]
    if words:
        ordinary = len(words) > 1 and any(word.islower() and len(word) > 2 for word in words)
        other_script = not set(scripts.expected(str(pair.target.locale))) & {scripts.script_of(words[0][0])}
        severity: Severity | None = None if ordinary or other_script else "warning"
        yield Fault("this is the source text, copied", "translate it", severity)


def _is_code(word: str) -> bool:
    return word.isupper() or not word.isalpha() or (word[1:] != word[1:].lower())


@_rule("T114", "script", "error", blocks=_always)
def _script(pair: Pair) -> Iterator[Fault]:
    """The translation, or a part of it, is in another script than the language is written in.

    Why: it is the text of another language, or a stretch that nobody translated.

    Instead: translate it. Names, abbreviations and units that the source has too may stay in Latin letters.

    Source: CLDR, likely subtags; Unicode Standard Annex #24, script names.
    """
    if pair.source.text.strip() == pair.target.text.strip():
        return
    found = scripts.foreign_script(pair)
    if found is not None:
        shown = pair.target.text[found.start : found.end]
        what = "the translation" if found.whole else f'"{shortened(shown)}"'
        wanted = " and ".join(scripts.expected(str(pair.target.locale)))
        text = f"{what} is in the script {found.script}, and {pair.target.locale.english_name} is written in {wanted}"
        yield Fault(text, "translate it", None, None, (found.start, found.end))
    other = scripts.other_chinese(pair)
    if other:
        text = f"characters of the other way of writing Chinese: {other[:12]}"
        yield Fault(text, f"write it in {pair.target.locale.english_name}", "warning")


# Form ----------------------------------------------------------------------------------------------------------------


@_rule("T116", "sentences", "warning")
def _sentences(pair: Pair) -> Iterator[Fault]:
    """The translation has fewer sentences than the source, and is shorter for it.

    Why: a sentence may have been left out, such as the last one: "If it bleeds again, call us."

    Instead: compare sentence by sentence. Two sentences that were joined are no fault; waive the finding.

    Source: Unicode Standard Annex #29, sentence boundaries, simplified.
    """
    fewer = shape.lost_sentences(pair)
    if fewer:
        yield Fault(f"{fewer} fewer sentence{'s' if fewer > 1 else ''} than the source", "compare sentence by sentence")


@_rule("T117", "length", "warning")
def _length(pair: Pair) -> Iterator[Fault]:
    """The translation is far shorter or longer than usual for the language.

    Why: something was left out, or two messages got into one.

    Instead: compare both texts.

    Source: lengths are those of letters, in proportion to what is usual for the script.
    """
    ratio = shape.length_ratio(pair)
    if ratio is not None and not 0.45 <= ratio <= 2.4:
        yield Fault(
            f"{ratio:.1f} times as long as is usual for {pair.target.locale.english_name}", "compare both texts"
        )


@_rule("T118", "repeated-word", "warning")
def _repeated(pair: Pair) -> Iterator[Fault]:
    """A word stands twice in a row.

    Why: it is a slip of editing, and sometimes the word that should stand there is missing.

    Instead: delete one. Languages that double words on purpose are left alone.

    Source: common to all spelling checkers.
    """
    for word, start, end in shape.repeated_words(pair):
        yield Fault(f'"{word}" stands twice in a row', "delete one", None, None, (start, end))


@_rule("T119", "brackets", "warning")
def _brackets(pair: Pair) -> Iterator[Fault]:
    """A bracket is not closed, or there are fewer of them than in the source.

    Why: what stands in brackets is often the plain word for a term, or a dose.

    Instead: pair the brackets, in the forms that the language uses: (…) or （…）.

    Source: Unicode Character Database, Bidi_Paired_Bracket.
    """
    found = shape.unbalanced_bracket(pair.target)
    if found and not shape.unbalanced_bracket(pair.source):
        char, place = found
        yield Fault(f"the bracket {char} has no other half", "pair the brackets", None, None, (place, place + 1))
    elif (theirs := shape.brackets(pair.target)) < (mine := shape.brackets(pair.source)):
        text = f"{theirs.total()} pairs of round brackets where the source has {mine.total()}"
        yield Fault(text, "keep what stands in brackets", "note")


@_rule("T120", "end-mark", "warning")
def _end_mark(pair: Pair) -> Iterator[Fault]:
    """The mark at the end is of another kind than the source's.

    Why: a question that lost its mark is read as a statement; a label that gained a full stop looks wrong among others.

    Instead: end as the source does, with the language's own mark: 。 in Chinese, ؟ in Arabic, । in Hindi.

    Source: CLDR and the Unicode Standard, sentence terminals.
    """
    if not shape.has_end_marks(pair.language):
        return
    mine, theirs = shape.end_mark(pair.source), shape.end_mark(pair.target)
    if mine != theirs and {mine, theirs} != {"full stop", "ellipsis"}:
        text = f"it ends with {_article(theirs)}, and the source with {_article(mine)}"
        asks = "question mark" in (mine, theirs)
        yield Fault(text, "end as the source does", None if asks else "note")


@_rule("T121", "outer-spaces", "warning")
def _outer_spaces(pair: Pair) -> Iterator[Fault]:
    """Spaces or line breaks at the start or end differ from the source's.

    Why: words run together, or stand apart, where the text is put to others.

    Instead: begin and end as the source does.

    Source: GNU gettext manual, msgfmt --check (line breaks at both ends).
    """
    mine, theirs = shape.outer_spaces(pair.source.text), shape.outer_spaces(pair.target.text)
    if mine != theirs and pair.target.text.strip():
        yield Fault("white space at the start or end is not the source's", "begin and end as the source does")


@_rule("T122", "bidi-controls", "error", blocks=_always)
def _bidi(pair: Pair) -> Iterator[Fault]:
    """A directional control is not closed, or closes nothing.

    Why: all text after it can run the wrong way, numbers too.

    Instead: delete it. The program isolates numbers, phone numbers and names by itself.

    Source: Unicode Standard Annex #9, 3.3.2; W3C, Unicode controls vs. markup for bidi support.
    """
    char = scripts.unbalanced(pair.target.text)
    if char:
        yield Fault(f"U+{ord(char):04X} ({unicodedata.name(char)}) has no other half", "delete it")


@_rule("T123", "invisible", "warning")
def _invisible(pair: Pair) -> Iterator[Fault]:
    """A character that nobody sees, or that has no meaning of its own.

    Why: it splits words for searching and reading aloud, or comes out as a box.

    Instead: delete it. Joiners in Indic and Arabic scripts are left alone.

    Source: Unicode Technical Standard #39, 5.2 (default ignorable characters).
    """
    for char, place in scripts.invisible(pair):
        name = unicodedata.name(char, "private use")
        yield Fault(f"U+{ord(char):04X} ({name}) in the text", "delete it", None, None, (place, place + 1))


@_rule("T124", "look-alike", "warning")
def _look_alike(pair: Pair) -> Iterator[Fault]:
    """A word has letters of two scripts that look alike.

    Why: a Latin "a" in a Cyrillic word is read aloud wrong, is not found, and can have another face.

    Instead: type the word anew with one keyboard.

    Source: Unicode Technical Standard #39, mixed-script confusables.
    """
    for word, start, end in scripts.look_alikes(pair):
        yield Fault(f'"{word}" has Latin and Cyrillic letters', "type it anew", None, None, (start, end))


def _written(number: Number, text: Text) -> str:
    return text.text[number.start : number.end]


def _span(number: Number) -> tuple[int, int]:
    return number.start, number.end


def _said(unit: units.Unit, text: Text) -> str:
    start = unit.of[0].start if unit.of else unit.start
    return f'"{shortened(text.text[min(start, unit.start) : max(unit.end, *(n.end for n in unit.of), unit.end)])}"'


def _text_of(match: Match, text: Text) -> str:
    return text.text[match.start : match.end]


def _article(mark: str) -> str:
    return f"{'an' if mark[:1] in 'ae' else 'a'} {mark}" if mark else "none"
