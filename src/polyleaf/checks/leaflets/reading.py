"""How hard a text is to read, by the formula that is known for its language."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from babel import Locale

if TYPE_CHECKING:
    from textstat.textstat import textstatistics

# Flesch's own table (The Art of Readable Writing, 1949): from which reading ease on which grade is enough. The formulas
# for other languages are set so that the table holds for them.
_GRADES = ((90, 5), (80, 6), (70, 7), (60, 9), (50, 12), (30, 16))
_HARDEST = 18
_OF_EASE = frozenset({"es", "fr", "it", "nl", "ru"})


def grade_of(text: str, locale: Locale) -> float | None:
    """The years of school, as in the US, that a text takes to read; None where no formula is known for its language.

    English is not measured by syllables, as Flesch's formula has it: textstat would fetch a dictionary of them from the
    network.
    """
    language = str(locale.language)
    if language == "en":
        return float(_measures(language).automated_readability_index(text))
    if language == "de":
        return float(_measures(language).wiener_sachtextformel(text, 1))
    if language in _OF_EASE:
        return grade_of_ease(float(_measures(language).flesch_reading_ease(text)))
    return None


def grade_of_ease(ease: float) -> float:
    """The grade for a reading ease, between those of Flesch's table."""
    if ease >= _GRADES[0][0]:
        return float(_GRADES[0][1])
    for (upper, easier), (lower, harder) in pairwise(_GRADES):
        if ease >= lower:
            return easier + (harder - easier) * (upper - ease) / (upper - lower)
    return float(_HARDEST)


@cache
def _measures(language: str) -> textstatistics:
    """textstat for one language: what the package offers by itself is shared by all."""
    from textstat.textstat import textstatistics

    made = textstatistics()
    made.set_lang(language)
    return made
