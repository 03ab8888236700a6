"""Family R: what a text promises or advertises, in its own language, by the lists in `data/promotion/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from polyleaf.rule import Rule, rule_of
from polyleaf.translation.assertions import Sentence
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


def _of_sentence(text: Text, start: int, end: int, book: Phrasebook) -> Iterator[Match]:
    """The claims between two places of a text."""
    denying = tuple(_moved(match, -start) for match in _denials(text) if start <= match.start < end)
    sentence = Sentence(text.masked[start:end].translate(_EMPHASIS), denying, book)
    asserted = [] if _QUESTION.search(sentence.said) else sentence.asserted()
    for match in sentence.wordings:
        if match in asserted or _is_name(match):
            yield _moved(match, start)


def _is_name(match: Match) -> bool:
    """Whether it names a medicine, which is named in a question and in a denial too."""
    return any(wording.rule == MEDICINE.name for wording in match.labels)


def _denials(text: Text) -> tuple[Match, ...]:
    known = denials(text)
    return known.strict if known else ()


def _moved(match: Match, by: int) -> Match:
    return Match(match.start + by, match.end + by, match.labels)
