"""Family R: what a text promises or advertises, in its own language, by the lists in `data/promotion/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from polyleaf.rule import Rule, rule_of
from polyleaf.translation.lexicon import Match
from polyleaf.translation.negation import denials
from polyleaf.translation.pair import Text
from polyleaf.translation.phrasebook import Phrasebook, phrasebook
from polyleaf.translation.sentences import sentences

PAINLESS = rule_of(
    "R101",
    "painless",
    "error",
    """A promise that nothing will hurt.

    Why: injections sting, and trials of sclerotherapy found more pain than with a dummy injection. Who was promised
    none feels deceived, or takes real pain for a complication.

    Instead: say what is felt, and for how long.

    Source: UK CAP Code, 12.1 (claims need evidence); GMC, guidance for doctors who offer cosmetic interventions (2016),
    "Communicating information about your services".
    """,
)
SAFE = rule_of(
    "R102",
    "safe",
    "error",
    """A promise that a treatment is safe or harmless.

    Why: no treatment is. A reader who believes it does not look for the warning signs.

    Instead: say what can happen, and how often.

    Source: GMC, guidance for doctors who offer cosmetic interventions (2016), "Communicating information about your
    services"; CAP, advice on non-surgical cosmetic procedures ("Safe and effective", rulings of 16 April 2025).
    """,
)
PERMANENT = rule_of(
    "R103",
    "permanent",
    "error",
    """A promise that the result is complete, lasts for ever or leaves no trace.

    Why: veins come back, and marks may stay. What was promised decides whether a patient consents.

    Instead: say how many people get how far, and what can come back.

    Source: UK CAP Code, 12.1 (claims need evidence); GMC, guidance for doctors who offer cosmetic interventions (2016):
    not to mislead about the results that are likely.
    """,
)
RISK_FREE = rule_of(
    "R104",
    "risk-free",
    "error",
    """A promise of no risks or no side effects.

    Why: every treatment has some, and consent without them is none.

    Instead: name the risks, each with its number.

    Source: GMC, guidance for doctors who offer cosmetic interventions (2016): not to claim that interventions are risk
    free; UK Human Medicines Regulations 2012, regulation 287(1)(c); Directive 2001/83/EC, article 90.
    """,
)
EFFORTLESS = rule_of(
    "R105",
    "effortless",
    "error",
    """A promise of no effort, no downtime or a quick recovery.

    Why: stockings, several visits and weeks of bruises are effort. Who was told of none makes no plans for it.

    Instead: say what a patient has to do, and how long it takes.

    Source: CAP, advice on non-surgical cosmetic procedures ("no downtime", rulings of 16 April 2025).
    """,
)
GUARANTEED = rule_of(
    "R106",
    "guaranteed",
    "error",
    """A promise that a treatment will work.

    Why: nobody can know it, and it may not be said of a medicine.

    Instead: say for how many people it works.

    Source: UK Human Medicines Regulations 2012, regulation 287(1)(a); Directive 2001/83/EC, article 90; GMC, guidance
    for doctors who offer cosmetic interventions (2016): not to imply that results are guaranteed.
    """,
)
NEW = rule_of(
    "R107",
    "new",
    "warning",
    """Newness, a miracle or a revolution as an argument.

    Why: new is not better. It often means that less is known, and sclerotherapy is old.

    Instead: say what is known of the treatment, and since when.

    Source: UK CAP Code, 12.1 (claims need evidence).
    """,
)
BEST = rule_of(
    "R108",
    "best",
    "warning",
    """A treatment or a clinic that is called the best, the leading one or highly effective.

    Why: a patient cannot check it, and compares no more.

    Instead: give the figures of trials, and name the alternatives.

    Source: UK Human Medicines Regulations 2012, regulation 287(1)(b); UK CAP Code, 12.1 (claims need evidence).
    """,
)
SIMPLE = rule_of(
    "R109",
    "simple",
    "warning",
    """A treatment that is called simple, gentle or available everywhere.

    Why: it makes a medical treatment with risks look like a small matter.

    Instead: tell step by step what is done.

    Source: GMC, guidance for doctors who offer cosmetic interventions (2016): not to minimise or trivialise the risks.
    """,
)
OFFER = rule_of(
    "R201",
    "limited-offer",
    "error",
    """An offer that ends, or that presses for a decision.

    Why: a decision about a treatment needs time to think.

    Instead: leave it out of the leaflet.

    Source: GMC, guidance for doctors who offer cosmetic interventions (2016): no promotional tactics that encourage an
    ill-considered decision; UK CAP Code, 1.3, and CAP, advice on social responsibility, "Time-Limited Offers".
    """,
)
PRICE = rule_of(
    "R202",
    "price",
    "warning",
    """A discount, or a price that is praised.

    Why: it makes a reader decide by the price, and soon.

    Instead: give the whole price without praise, or say whom to ask about it.

    Source: GMC, guidance for doctors who offer cosmetic interventions (2016), "Communicating information about your
    services"; CAP, advice on social responsibility in advertising cosmetic interventions.
    """,
)
MEDICINE = rule_of(
    "R203",
    "prescription-medicine",
    "error",
    """A prescription medicine is named in a leaflet whose purpose is marketing.

    Why: prescription medicines may not be advertised to the public; a doctor chooses them.

    Instead: offer a consultation about the complaint. The medicine is named in the leaflet for consent.

    Source: UK CAP Code, 12.12; UK Human Medicines Regulations 2012, regulation 284; Directive 2001/83/EC, article 88.
    """,
)
TESTIMONIAL = rule_of(
    "R204",
    "testimonial",
    "warning",
    """What patients are said to say, or their stars.

    Why: one happy patient proves nothing about the next, and makes light of the risks.

    Instead: say what trials found.

    Source: UK CAP Code, 12.1 (claims need evidence); CAP, advice on cosmetic interventions,
    "Endorsements & Testimonials".
    """,
)

PROMISES = (PAINLESS, SAFE, PERMANENT, RISK_FREE, EFFORTLESS, GUARANTEED, NEW, BEST, SIMPLE)
SALES = (OFFER, PRICE, MEDICINE, TESTIMONIAL)
RULES = (*PROMISES, *SALES)

_BY_NAME = {rule.name: rule for rule in RULES}
_EMPHASIS = str.maketrans("*_", "  ")
_QUESTION = regex.compile(r"[?؟？]\W*$")
_PAUSE = regex.compile(r"(?<!\p{Nd})[,،](?!\p{Nd})|(?<=\p{Nd})[,،](?!\p{Nd})|[;:()؛，、；：（）—]|\s[-–]\s")
_WORD = regex.compile(r"[\p{L}\p{M}\p{Nd}]+")
_NUMBER = regex.compile(r"\p{Nd}[\p{Nd}.,]*")
_SIGN_BEFORE, _SIGN_AFTER = regex.compile(r"\p{Sc}\s?$"), regex.compile(r"\s?\p{Sc}")
_JOINED = 2  # words between two claims of one list: "not safe, or even painless"
_NEAR = 12  # characters between a price and the words that praise it: "from as little as £99"


@dataclass(frozen=True)
class Claim:
    """Words of a text that promise or advertise, and from where to where they stand, in characters."""

    rule: Rule
    words: str
    span: tuple[int, int]
    hint: str = ""


@lru_cache(maxsize=4096)
def claims(text: Text, purpose: str = "") -> tuple[Claim, ...]:
    """The claims of a text in its order. `purpose` is that of its leaflet: some things are not said in `marketing`.

    What is denied, doubted or asked is no claim, but a medicine is named all the same. A language without a phrasebook
    has none.
    """
    book = phrasebook(text.locale)
    if book is None:
        return ()
    found = (match for start, end in sentences(text) for match in _of_sentence(text, start, end, book))
    claimed = [claim for match in found for claim in _claims_at(match, text)]
    return tuple(claim for claim in claimed if claim.rule is not MEDICINE or purpose == "marketing")


def _claims_at(match: Match, text: Text) -> Iterator[Claim]:
    grounds = {_BY_NAME[wording.rule]: wording.ground for wording in match.labels}
    span = match.start, match.end
    for rule in sorted(grounds, key=lambda rule: rule.code):
        yield Claim(rule, text.text[slice(*span)], span, f"{_instead(rule)} ({grounds[rule]})")


@lru_cache
def _instead(rule: Rule) -> str:
    """What the rule asks for, in one line."""
    told = regex.search(r"Instead: (.*?)(?:\n\n|$)", rule.text, regex.DOTALL)
    return " ".join(told[1].split()).rstrip(".") if told else ""


def _of_sentence(text: Text, start: int, end: int, book: Phrasebook) -> list[Match]:
    """The claims between two places of a text, if they are asserted."""
    said = text.masked[start:end].translate(_EMPHASIS)
    found = _wordings(said, book)
    if not found:
        return []
    denying = [_moved(match, -start) for match in _strict(text) if start <= match.start < end]
    asserted = [] if _QUESTION.search(said) else _asserted(said, found, denying, book)
    return [_moved(match, start) for match in found if match in asserted or _is_name(match)]


def _is_name(match: Match) -> bool:
    """Whether it names a medicine, which is named in a question and in a denial too."""
    return any(wording.rule == MEDICINE.name for wording in match.labels)


def _strict(text: Text) -> tuple[Match, ...]:
    known = denials(text)
    return known.strict if known else ()


def _moved(match: Match, by: int) -> Match:
    return Match(match.start + by, match.end + by, match.labels)


def _wordings(said: str, book: Phrasebook) -> list[Match]:
    """What a sentence says that could be a claim, without innocent phrases."""
    innocent = book.innocent.find(said)
    amounts = _amounts(said, book)
    found = []
    for match in book.claims.find(said):
        by_price = any(_distance(match, amount) <= _NEAR for amount in amounts)
        labels = frozenset(label for label in match.labels if by_price or not label.beside_price)
        if labels and not any(phrase.start <= match.start and match.end <= phrase.end for phrase in innocent):
            found.append(Match(match.start, match.end, labels))
    return found


def _amounts(said: str, book: Phrasebook) -> list[Match]:
    """Numbers with a currency: £99, 99 euros."""
    words = book.money.find(said)
    found = [Match(match.start(), match.end(), frozenset()) for match in _NUMBER.finditer(said)]
    return [
        number
        for number in found
        if _SIGN_BEFORE.search(said, 0, number.start)
        or _SIGN_AFTER.match(said, number.end)
        or any(_distance(number, word) <= 1 for word in words)
    ]


def _distance(one: Match, other: Match) -> int:
    """How many characters are between two stretches."""
    return max(one.start - other.end, other.start - one.end, 0)


# Denials -------------------------------------------------------------------------------------------------------------


def _asserted(said: str, found: list[Match], denying: Iterable[Match], book: Phrasebook) -> list[Match]:
    """The wordings that no word outside of them denies or doubts. "No side effects" does not deny itself."""
    words = (*denying, *book.doubts.find(said))
    outside = [word for word in words if not any(c.start <= word.start and word.end <= c.end for c in found)]
    starts = _clauses(said, book)
    denied = [any(_denies(word, match, starts, book) for word in outside) for match in found]
    _spread(denied, said, found, outside, book)
    return [match for match, is_denied in zip(found, denied, strict=True) if not is_denied]


def _denies(word: Match, claim: Match, starts: list[int], book: Phrasebook) -> bool:
    before = word.start < claim.start
    reaches = book.denial == "around" or before == (book.denial == "before")
    return reaches and _clause_of(word, starts) == _clause_of(claim, starts)


def _clause_of(match: Match, starts: list[int]) -> int:
    return sum(start <= match.start for start in starts)


def _clauses(said: str, book: Phrasebook) -> list[int]:
    """Where the clauses of a sentence start. One that a link begins ("that ...") belongs to the one before, or, at the
    start of a sentence, to the one behind it.
    """
    pauses = [match.end() for match in _PAUSE.finditer(said)]
    starts = sorted({0, *pauses, *(match.start for match in book.breaks.find(said))})
    linked = {match.start for match in book.links.find(said)}
    begins = {start: word.start() for start in starts if (word := _WORD.search(said, start))}
    kept = [start for start in starts if begins.get(start) not in linked or start == 0]
    return kept if begins.get(0) not in linked or len(kept) < 2 else [0, *kept[2:]]


def _spread(denied: list[bool], said: str, found: list[Match], outside: list[Match], book: Phrasebook) -> None:
    """What is denied of one claim is denied of those listed with it: "not safe, painless or permanent"."""
    joined = [_are_joined(said, *pair, outside, book) for pair in pairwise(found)]
    for place, together in enumerate(joined):
        denied[place + 1] |= together and denied[place] and book.denial != "after"
    for place in reversed(range(len(joined))):
        denied[place] |= joined[place] and denied[place + 1] and book.denial != "before"


def _are_joined(said: str, one: Match, other: Match, outside: list[Match], book: Phrasebook) -> bool:
    between = said[one.end : other.start]
    apart = any(one.end <= word.start < other.start for word in outside) or book.breaks.find(between)
    return not apart and len(_WORD.findall(between)) <= _JOINED
