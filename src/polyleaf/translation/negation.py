"""Whether a translation denies where its source denies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from polyleaf.translation.lexicon import Match, lexicon
from polyleaf.translation.pair import Pair, Text
from polyleaf.translation.sentences import sentences

_NEAR = 18  # characters between two words of one denial, where a language says it with two: "никогда не", "no ... nada"
_IN_LISTS = {"en": {"no", "nor", "neither"}, "fr": {"ni"}, "es": {"ni"}, "ca": {"ni"}, "it": {"né"}, "pt": {"nem"}}
"""Words of which a whole list is one denial: "no fever, no cough"."""
_CONCORD = frozenset(
    [
        "ru",
        "uk",
        "be",
        "pl",
        "cs",
        "sk",
        "sl",
        "hr",
        "sr",
        "bg",
        "mk",
        "es",
        "pt",
        "it",
        "ro",
        "ca",
        "fr",
        "el",
        "hu",
        "fa",
    ]
)


@dataclass(frozen=True)
class Denials:
    """The words of a text that deny, and those that may stand for a denial."""

    strict: tuple[Match, ...]
    loose: tuple[Match, ...]

    @property
    def any(self) -> bool:
        """Whether there is either."""
        return bool(self.strict or self.loose)


@lru_cache(maxsize=4096)
def denials(text: Text) -> Denials | None:
    """The denials of a text; None where the language's are not known."""
    cues = lexicon(text.locale).cues
    if cues is None:
        return None
    found = [match for match in cues.find(text.masked) if not match.labels & {"plain", "never"}]
    strict = tuple(match for match in found if "strict" in match.labels)
    return Denials(strict, tuple(match for match in found if "strict" not in match.labels))


@dataclass(frozen=True)
class Difference:
    """A denial without a counterpart: lost, if it is of the source, else added."""

    lost: bool
    match: Match


@lru_cache(maxsize=4096)
def compare(pair: Pair) -> Difference | None:
    """Hold the denials of a translation against those of its source, sentence by sentence where these are as many."""
    mine, theirs = denials(pair.source), denials(pair.target)
    if mine is None or theirs is None:
        return None
    stretches = _stretches(pair)
    for here, there in stretches:
        a, b = _within(mine, here), _within(theirs, there)
        if a.strict and not b.any:
            return Difference(True, a.strict[0])
        if b.strict and not a.any:
            return Difference(False, b.strict[0])
    if len(stretches) == 1:
        fewer = _count(theirs.strict, pair.target) + len(theirs.loose) < _count(mine.strict, pair.source)
        if fewer and _count(mine.strict, pair.source) > 1:
            return Difference(True, mine.strict[-1])
    return None


def _stretches(pair: Pair) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    mine, theirs = sentences(pair.source), sentences(pair.target)
    if len(mine) == len(theirs):
        return list(zip(mine, theirs, strict=True))
    return [((0, len(pair.source.text)), (0, len(pair.target.text)))]


def _within(found: Denials, stretch: tuple[int, int]) -> Denials:
    start, end = stretch
    strict, loose = (tuple(m for m in group if start <= m.start < end) for group in (found.strict, found.loose))
    return Denials(strict, loose)


def _count(found: tuple[Match, ...], text: Text) -> int:
    """How often a text denies; words of one denial that stand near each other count once."""
    near = _NEAR if text.locale.language in _CONCORD else 3
    lists = [
        match
        for match in found
        if text.masked[match.start : match.end].lower() in _IN_LISTS.get(text.locale.language, ())
    ]
    counted = [match for match in found if match not in lists[1:]]
    return sum(1 for a, b in zip((None, *counted), counted, strict=False) if a is None or b.start - a.end > near)
