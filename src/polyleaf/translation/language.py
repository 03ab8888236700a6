"""In which language a translation is written, by a statistical model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import regex
from babel import Locale

from polyleaf.translation.pair import Pair
from polyleaf.translation.scripts import expected, words

if TYPE_CHECKING:
    from lingua import LanguageDetector  # whose models take seconds and hundreds of megabytes

FEWEST_WORDS = 5
_FEWEST_LETTERS = 24
_SURE, _OUT_OF_QUESTION = 0.9, 0.02
# The languages that a text is most likely pasted from, by script; more would only make the models slower to load.
_LIKELY = {
    "Latn": (
        "en",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "pl",
        "cs",
        "ro",
        "hu",
        "tr",
        "vi",
        "id",
        "sv",
        "da",
        "nb",
        "fi",
        "hr",
    ),
    "Cyrl": ("ru", "uk", "bg", "sr"),
    "Arab": ("ar", "fa", "ur"),
    "Deva": ("hi", "mr"),
}
_OTHER_CODES = {"no": "nb", "fil": "tl", "sh": "hr"}
_SPACES = regex.compile(r"[^\p{L}\p{M}'’-]+")


@dataclass(frozen=True)
class Guess:
    """The language that a text is in for all that the model knows, as an ISO 639-1 code."""

    language: str
    confidence: float


@lru_cache(maxsize=4096)
def other_language(pair: Pair) -> Guess | None:
    """The language of a translation, where it is surely another one than it should be; None for short texts."""
    found = words(pair.target)
    if len(found) < FEWEST_WORDS or sum(len(word) for word, _, _ in found) < _FEWEST_LETTERS:
        return None
    wanted = _code(pair.target.locale)
    scripts = expected(str(pair.target.locale))
    candidates = {*_LIKELY.get(scripts[0], ()), wanted, _code(pair.source.locale)}
    detector = _detector(frozenset(candidates), wanted)
    if detector is None:
        return None
    values = detector.compute_language_confidence_values(_SPACES.sub(" ", pair.target.masked))
    sure = {value.language.iso_code_639_1.name.lower(): value.value for value in values}
    best = max(sure, key=lambda code: sure[code])
    if best != wanted and sure[best] >= _SURE and sure[wanted] <= _OUT_OF_QUESTION:
        return Guess(best, sure[best])
    return None


def _code(locale: Locale) -> str:
    if locale.language == "sr" and expected(str(locale)) == ("Latn",):
        return "hr"  # the model knows Serbian in Cyrillic letters only
    return _OTHER_CODES.get(locale.language, str(locale.language))


@lru_cache(maxsize=32)
def _detector(candidates: frozenset[str], wanted: str) -> LanguageDetector | None:
    """A detector of some languages; None where the wanted one is none that the model knows, or has no rivals."""
    from lingua import Language, LanguageDetectorBuilder

    known = {language.iso_code_639_1.name.lower(): language for language in Language.all()}
    chosen = [known[code] for code in sorted(candidates) if code in known]
    if wanted not in known or len(chosen) < 2:
        return None
    return LanguageDetectorBuilder.from_languages(*chosen).build()
