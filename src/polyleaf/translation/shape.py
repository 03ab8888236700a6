"""The outer shape of a translation: its length, sentences, brackets, end marks and spaces."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

import regex

from polyleaf import cldr
from polyleaf.translation.pair import PLACE, Pair, Text
from polyleaf.translation.sentences import sentences

_CLASSES = {
    "full stop": ".。｡।॥۔։።။។᙮",
    "question mark": "?？؟;՞፧⁇",
    "exclamation mark": "!！՜",
    "colon": ":：፥",
    "ellipsis": "…⋯",
    "comma": ",，、،՝፣",
}
_CLASS = {char: name for name, chars in _CLASSES.items() for char in chars}
_GREEK_QUESTION = ";\u037e"
_WITHOUT_STOPS = frozenset({"th", "lo", "km", "my"})
_CLOSERS = "\"'”’»›)]）」』】*_"
_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "【": "】", "｛": "｝", "〔": "〕"}
_AS_ROUND = str.maketrans("（）［］【】〔〕｛｝", "()[][][]{}")
_LIST_MARK = regex.compile(r"(?:^|[\s(（])(?:\p{Nd}{1,2}|\p{L})[)）]")
_EMOTICON = regex.compile(r"[:;]-?[()]")
_PER_SCRIPT = {"Hans": 0.36, "Hant": 0.36, "Jpan": 0.52, "Kore": 0.58, "Thai": 0.95, "Hebr": 0.82, "Arab": 0.88}
_USUAL = 1.12
_REDUPLICATES = frozenset(
    [
        "vi",
        "id",
        "ms",
        "fil",
        "th",
        "lo",
        "km",
        "my",
        "zh",
        "yue",
        "ja",
        "ko",
        "tr",
        "az",
        "hi",
        "bn",
        "ur",
        "pa",
        "mr",
        "gu",
        "te",
        "ta",
        "kn",
        "ml",
        "ne",
        "si",
        "sw",
        "so",
        "tl",
        "jv",
        "su",
        "ka",
        "hy",
    ]
)
_MAY_REPEAT = {
    "de": {"die", "der", "das", "sie", "den", "dem", "es", "ihr"},
    "fr": {"nous", "vous", "en", "se"},
    "nl": {"je", "het", "die", "dat", "ze"},
    "it": {"via", "man", "mano", "passo", "poco", "si"},
    "es": {"muy", "poco"},
    "pt": {"se", "pouco"},
    "en": {"had", "that"},
    "ru": {"чуть", "едва", "вот"},
    "uk": {"ледь", "ось"},
    "ar": {"شيئا", "جدا"},
    "el": {"σιγά"},
    "he": {"לאט", "מאוד"},
    "sv": {"det", "den"},
    "da": {"det"},
}
_REPEATED = regex.compile(
    r"(?<![\p{L}\p{M}\p{Nd}\-'’])([\p{L}\p{M}]{2,})[ \u00a0\n]+\1(?![\p{L}\p{M}\p{Nd}\-'’])", regex.IGNORECASE
)


def end_mark(text: Text) -> str:
    """The class of the mark at the end, such as "full stop"; empty where there is none."""
    bare = text.text.rstrip()
    cites = text.found("citation")
    while cites and bare.endswith(f"{cites[-1][0]}"):
        bare = bare[: -len(cites.pop()[0])].rstrip()
    bare = bare.rstrip(_CLOSERS).rstrip()
    if bare.endswith("..."):
        return "ellipsis"
    if not bare or text.masked[len(bare) - 1] in (PLACE, " "):
        return ""
    if text.locale.language == "el" and bare[-1] in _GREEK_QUESTION:
        return "question mark"
    return "" if bare[-1] == ";" else _CLASS.get(bare[-1], "")


def has_end_marks(language: str) -> bool:
    """Whether a language ends its sentences with marks."""
    return language not in _WITHOUT_STOPS


def unbalanced_bracket(text: Text) -> tuple[str, int] | None:
    """A bracket that is not closed or not opened, with its place; marks of lists such as "a)" are none."""
    masked = _EMOTICON.sub("  ", text.masked)
    marks = (
        {match.end() - 1 for match in _LIST_MARK.finditer(masked)}
        if "(" not in masked and "（" not in masked
        else set()
    )
    stack: list[tuple[str, int]] = []
    for place, char in enumerate(masked):
        if char in _BRACKETS:
            stack.append((char, place))
        elif char in _BRACKETS.values() and place not in marks:
            if not stack or _BRACKETS[stack[-1][0]].translate(_AS_ROUND) != char.translate(_AS_ROUND):
                return char, place
            stack.pop()
    return stack[-1] if stack else None


def brackets(text: Text) -> Counter[str]:
    """How many round brackets are opened."""
    return Counter(char for char in text.masked.translate(_AS_ROUND) if char == "(")


def length_ratio(pair: Pair) -> float | None:
    """The length of the translation in proportion to what is usual for its script; None for short texts."""
    mine, theirs = (_letters(text) for text in (pair.source, pair.target))
    if mine < 24 or not theirs:
        return None
    usual = _PER_SCRIPT.get(cldr.script(str(pair.target.locale)), _USUAL)
    of_source = _PER_SCRIPT.get(cldr.script(str(pair.source.locale)), 1.0)
    return theirs / mine / (usual / of_source)


def _letters(text: Text) -> int:
    return sum(1 for char in text.masked if unicodedata.category(char)[0] in "LMN")


def lost_sentences(pair: Pair) -> int:
    """How many sentences of the source a translation has fewer, where it is shorter for it as well."""
    if pair.language in _WITHOUT_STOPS:
        return 0
    fewer = len(sentences(pair.source)) - len(sentences(pair.target))
    ratio = length_ratio(pair)
    return fewer if fewer > 0 and ratio is not None and ratio < 0.86 else 0


def repeated_words(pair: Pair) -> Iterator[tuple[str, int, int]]:
    """Words that stand twice in a row, where that is no way of speaking of the language or of the source."""
    if pair.language in _REDUPLICATES or _REPEATED.search(pair.source.masked):
        return
    for match in _REPEATED.finditer(pair.target.masked):
        if match[1].lower() not in _MAY_REPEAT.get(pair.language, ()):
            yield match[1], match.start(), match.end()


def outer_spaces(text: str) -> tuple[str, str]:
    """The white space before and after a text."""
    bare = text.strip()
    start = text.find(bare) if bare else len(text)
    return text[:start], text[start + len(bare) :]
