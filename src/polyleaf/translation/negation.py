"""Whether a translation denies where its source denies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from polyleaf.translation.lexicon import Match, lexicon
from polyleaf.translation.pair import Pair, Text
from polyleaf.translation.sentences import sentences

_ALONE = 3  # words: in an answer as short as this, a word that goes with a denial is one by itself
_NEAR = 18  # characters between two words of one denial, where a language says it with two: "no ... nada"
_CONCORD = frozenset(["es", "pt", "it", "ro", "ca", "fr", "el", "hu", "fa"])
_IN_LISTS = {"en": {"no", "nor", "neither"}, "fr": {"ni"}, "es": {"ni"}, "ca": {"ni"}, "it": {"né"}, "pt": {"nem"}}
"""Words of which a whole list is one denial: "no fever, no cough"."""
_WITHOUT = frozenset(["sin", "sem", "senza", "fără", "sense", "sans", "χωρίς", "nélkül", "بدون"])


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
    strict = tuple(match for match in found if "strict" in match.labels or _denies_alone(match, text))
    return Denials(strict, tuple(match for match in found if "loose" in match.labels and match not in strict))


def _denies_alone(match: Match, text: Text) -> bool:
    """Whether a word that goes with a denial is one by itself: in a short answer, and at the start of a sentence."""
    if "accompany" not in match.labels:
        return False
    starts = (start for start, end in sentences(text) if start <= match.start < end)
    before = text.masked[next(starts, 0) : match.start].rpartition(":")[2]
    first = not before.strip()
    return first or len(text.masked.split()) <= _ALONE


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
        # A word such as "unless" that the source has as well stands for itself, and for no denial.
        excuses = max(len(b.loose) - len(a.loose), 0)
        least, most = _count(a.strict, pair.source)
        found = _count(b.strict, pair.target)[1] + excuses
        if least > found or 2 < found < most:
            return Difference(True, a.strict[-1])
        if b.strict and not a.any:
            return Difference(False, b.strict[0])
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


def _count(found: tuple[Match, ...], text: Text) -> tuple[int, int]:
    """How often a text denies, at least and at most: a list such as "no fever, no cough" can be said with one denial.
    Words of one denial that stand near each other count once.
    """
    concord = text.locale.language in _CONCORD
    said = [text.masked[match.start : match.end].lower() for match in found]
    apart = [
        match
        for before, match, word in zip((None, *found), found, said, strict=False)
        if before is None or not concord or word in _WITHOUT or match.start - before.end > _NEAR
    ]
    of_lists = _IN_LISTS.get(text.locale.language, ())
    listed = [match for match in apart if text.masked[match.start : match.end].lower() in of_lists]
    return len(apart) - max(len(listed) - 1, 0), len(apart)
