"""Which claims a sentence asserts: those that it neither denies nor doubts, by the phrasebook of its language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import regex

from polyleaf.translation.lexicon import WITHOUT_SPACES, Match
from polyleaf.translation.phrasebook import Phrasebook, Where

_PAUSE = regex.compile(r"(?<!\p{Nd})[,،]|[,،](?!\p{Nd})|[;:()؛、；：，（）—]|\s[-–]\s")
_WORD = regex.compile(r"[\p{L}\p{M}\p{Nd}]+")
_CHARACTER = regex.compile(r"[\p{L}\p{Nd}]")
_NUMBER = regex.compile(r"\p{Nd}[\p{Nd}.,]*")
_SIGN_BEFORE, _SIGN_AFTER = regex.compile(r"\p{Sc}\s?$"), regex.compile(r"\s?\p{Sc}")
_JOINED = 2  # words between two claims of one list: "not safe, or even painless"
_BESIDE = 1  # words between a claim and a word that denies the next words alone: "without any guarantee"
_NEAR = 12  # characters between a price and the words that praise it: "from as little as £99"


@dataclass(frozen=True)
class Sentence:
    """A sentence without its markup, with the words in it that deny, by the lexicon of the language."""

    said: str
    denials: tuple[Match, ...]
    book: Phrasebook

    def asserted(self) -> list[Match]:
        """The claims that no word outside of them denies or doubts."""
        return [match for match, denied in zip(self.wordings, self._denied(), strict=True) if not denied]

    @cached_property
    def wordings(self) -> list[Match]:
        """What could be a claim, labelled with its `Wording`s, without innocent phrases."""
        fitting = (self._fitting(match) for match in self.book.claims.find(self.said))
        found = [match for match in fitting if match.labels]
        innocent = self.book.innocent.find(self.said) if found else ()
        return [match for match in found if not any(_is_within(match, phrase) for phrase in innocent)]

    def _fitting(self, match: Match) -> Match:
        """The match with those labels alone that fit what stands beside it."""
        places: set[Where] = {"anywhere"}
        if any(_distance(match, amount) <= _NEAR for amount in self._amounts):
            places.add("beside-price")
        if not _WORD.search(self.said[: match.start] + self.said[match.end :]):
            places.add("alone")
        return Match(match.start, match.end, frozenset(one for one in match.labels if one.where in places))

    @cached_property
    def _amounts(self) -> list[Match]:
        """Numbers with a currency: £99, 99 euros."""
        words = self.book.money.find(self.said)
        numbers = (Match(*number.span(), frozenset()) for number in _NUMBER.finditer(self.said))
        return [
            number
            for number in numbers
            if _SIGN_BEFORE.search(self.said[: number.start])
            or _SIGN_AFTER.match(self.said, number.end)
            or any(_distance(number, word) <= 1 for word in words)
        ]

    def _denied(self) -> list[bool]:
        """Of each wording whether it is denied. What is denied of one is denied of those that are listed with it, as in
        "not safe, painless or permanent".
        """
        denied = [any(self._denies(word, match) for word in self._denying) for match in self.wordings]
        joined = [self._are_joined(*pair) for pair in pairwise(self.wordings)]
        for place, together in enumerate(joined):
            denied[place + 1] |= together and denied[place] and self.book.denial != "after"
        for place in reversed(range(len(joined))):
            denied[place] |= joined[place] and denied[place + 1] and self.book.denial != "before"
        return denied

    @cached_property
    def _denying(self) -> list[Match]:
        """Words that deny or doubt. Those of a claim itself, as in "no side effects", do not."""
        words = (*self.denials, *self.book.doubts.find(self.said))
        return [word for word in words if not any(_is_within(word, claim) for claim in self.wordings)]

    def _denies(self, word: Match, claim: Match) -> bool:
        before = word.start < claim.start
        if self.book.denial != "around" and before != (self.book.denial == "before"):
            return False
        if self._clause_of(word) != self._clause_of(claim):
            return False
        if not before and self.book.joins.find(self.said[claim.end : word.start]):
            return False  # "painless, and it needs no anaesthetic"
        return word.start not in self._short or self._words_between(word, claim) <= _BESIDE

    @cached_property
    def _short(self) -> set[int]:
        """Where words stand that deny the next words alone."""
        return {match.start for match in self.book.short.find(self.said)}

    def _words_between(self, one: Match, other: Match) -> int:
        first, second = sorted((one, other), key=lambda match: match.start)
        unit = _CHARACTER if self.book.language in WITHOUT_SPACES else _WORD
        return len(unit.findall(self.said, first.end, max(first.end, second.start)))

    def _are_joined(self, one: Match, other: Match) -> bool:
        between = self.said[one.end : other.start]
        apart = any(one.end <= word.start < other.start for word in self._denying) or self.book.breaks.find(between)
        return not apart and self._words_between(one, other) <= _JOINED

    def _clause_of(self, match: Match) -> int:
        return sum(start <= match.start for start in self._clauses)

    @cached_property
    def _clauses(self) -> list[int]:
        """Where the clauses start. One that a link begins ("that ...") belongs to the one before it, or, at the start
        of the sentence, to the one behind it.
        """
        pauses = (match.end() for match in _PAUSE.finditer(self.said))
        starts = sorted({0, *pauses, *self._breaking})
        links = {match.start for match in self.book.links.find(self.said)}
        linked = [start for start in starts if self._first_word(start) in links]
        kept = [start for start in starts if start == 0 or start not in linked]
        return [0, *kept[2:]] if 0 in linked else kept

    @cached_property
    def _breaking(self) -> list[int]:
        """Where words stand that begin a clause. The denial of a claim itself, as in "leaves no trace", begins none."""
        words = self.book.breaks.find(self.said)
        return [word.start for word in words if not self._is_own_denial(word)]

    def _is_own_denial(self, word: Match) -> bool:
        """Whether it denies and is part of a claim."""
        return any(_is_within(denial, word) for denial in self.denials) and any(
            _is_within(word, claim) for claim in self.wordings
        )

    def _first_word(self, start: int) -> int:
        """Where the first word behind a place is."""
        word = _WORD.search(self.said, start)
        return word.start() if word else len(self.said)


def _is_within(inner: Match, outer: Match) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _distance(one: Match, other: Match) -> int:
    """How many characters are between two stretches."""
    return max(one.start - other.end, other.start - one.end, 0)
