"""In which script a translation is written, and characters that do not belong in it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from polyleaf import cldr
from polyleaf.translation.pair import Pair, Text
from polyleaf.translation.sentences import sentences

_WRITTEN_WITH = {
    "Hans": ("Han",),
    "Hant": ("Han", "Bopo"),
    "Jpan": ("Han", "Hira", "Kana"),
    "Kore": ("Hang", "Han"),
}
"""ISO 15924 names several scripts together (UAX #24, 2.1)."""

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:[-'’.][\p{L}\p{M}]+)*")
_NAMES = (
    "Latn",
    "Cyrl",
    "Arab",
    "Hebr",
    "Grek",
    "Deva",
    "Beng",
    "Guru",
    "Gujr",
    "Taml",
    "Telu",
    "Knda",
    "Mlym",
    "Thai",
    "Han",
    "Hira",
    "Kana",
    "Hang",
    "Armn",
    "Geor",
    "Ethi",
    "Khmr",
    "Laoo",
    "Mymr",
    "Sinh",
    "Tibt",
    "Bopo",
)
_SCRIPT = {name: regex.compile(rf"\p{{Script={name}}}") for name in _NAMES}
# Letters that look like others (UTS #39, confusables), of the two scripts that are mixed up on keyboards.
_LATIN_LIKE_CYRILLIC = frozenset("aceopxyijsABCEHIKMOPTXYSJ")
_CYRILLIC_LIKE_LATIN = frozenset("асеорхуіјѕАВСЕНІКМОРТХУЅЈ")
_ISOLATES, _EMBEDDINGS = "\u2066\u2067\u2068", "\u202a\u202b\u202d\u202e"
_JOINERS = frozenset(
    {
        "Arab",
        "Deva",
        "Beng",
        "Guru",
        "Gujr",
        "Taml",
        "Telu",
        "Knda",
        "Mlym",
        "Orya",
        "Sinh",
        "Mymr",
        "Khmr",
        "Tibt",
        "Mong",
        "Syrc",
        "Thaa",
    }
)
_INVISIBLE = regex.compile(
    "[\u200b\u2060-\u2064\ufeff\u115f\u1160\u3164\u034f\u180e\ufff9-\ufffb\U000e0000-\U000e007f\ue000-\uf8ff\ufffd\u00ad]|(?P<joiner>[\u200c\u200d])"
)
_BREAKS = frozenset({"km", "lo", "my", "th"})


@lru_cache(maxsize=256)
def expected(locale: str) -> tuple[str, ...]:
    """The scripts that a locale is written in, by their codes in ISO 15924."""
    script = cldr.script(locale)
    return _WRITTEN_WITH.get(script, (script,))


@lru_cache(maxsize=8192)
def script_of(char: str) -> str:
    """The script of a letter; "Zyyy" for those of many scripts and of none."""
    return next((name for name, pattern in _SCRIPT.items() if pattern.match(char)), "Zyyy")


def words(text: Text) -> list[tuple[str, int, int]]:
    """The words of a text, outside placeholders and tags."""
    return [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text.masked)]


@dataclass(frozen=True)
class Foreign:
    """A stretch that is not in the locale's script. `whole` says that nothing in the translation is."""

    script: str
    start: int
    end: int
    whole: bool


@lru_cache(maxsize=4096)
def foreign_script(pair: Pair) -> Foreign | None:
    """A stretch of the translation in another script than the locale's, other than names that the source has too."""
    wanted = expected(str(pair.target.locale))
    if "Zzzz" in wanted:
        return None
    known = {word.lower() for word, _, _ in words(pair.source)}
    counts = Counter(script_of(char) for word, _, _ in words(pair.target) for char in word)
    own = sum(counts[name] for name in wanted)
    strange = [
        (script, start, end)
        for word, start, end in words(pair.target)
        if (script := _strange(word, wanted)) and not (script == "Latn" and _is_name(word, known))
    ]
    if not strange:
        return None
    if not own:
        return Foreign(strange[0][0], strange[0][1], strange[-1][2], True)
    other = [found for found in strange if found[0] not in ("Latn", "Grek")]
    if other:
        return Foreign(*other[0], False)
    return _sentence_of(pair, wanted, strange)


def _strange(word: str, wanted: tuple[str, ...]) -> str:
    """The script of a word that has no letter of the wanted ones; empty if it has. Of syllables two are enough, which
    stand among Han in Japanese and Korean.
    """
    letters = Counter(script_of(char) for char in word if unicodedata.category(char)[0] == "L")
    syllables = [name for name in ("Hira", "Kana", "Hang") if name not in wanted and letters[name] > 1]
    if syllables:
        return syllables[0]
    found = set(letters) - {"Zyyy"}
    return "" if not found or found & set(wanted) else sorted(found)[0]


def _is_name(word: str, known: set[str]) -> bool:
    """Whether a word in Latin letters can stand in any text: an abbreviation, a unit, or a name that the source has."""
    return len(word) <= 2 or word.isupper() or (word.lower() in known and (word[0].isupper() or not word.isalpha()))


def _sentence_of(pair: Pair, wanted: tuple[str, ...], strange: list[tuple[str, int, int]]) -> Foreign | None:
    """A whole sentence in another script, among others that are in the locale's."""
    for start, end in sentences(pair.target):
        inside = [found for found in strange if start <= found[1] < end]
        own = any(script_of(char) in wanted for char in pair.target.masked[start:end])
        all_words = [word for word in words(pair.target) if start <= word[1] < end]
        if inside and len(all_words) >= 3 and not own:
            return Foreign(inside[0][0], inside[0][1], inside[-1][2], False)
    return None


@lru_cache(maxsize=4096)
def other_chinese(pair: Pair) -> str:
    """The characters that the other way of writing Chinese has, if the translation has more of those; else nothing.

    A character is of one of them alone if only one of the two national sets has it (GB 2312, Big5).
    """
    script = cldr.script(str(pair.target.locale))
    if script not in ("Hans", "Hant"):
        return ""
    simplified = [char for char in pair.target.masked if _has("gb2312", char) and not _has("big5", char)]
    traditional = [char for char in pair.target.masked if _has("big5", char) and not _has("gb2312", char)]
    own, other = (simplified, traditional) if script == "Hans" else (traditional, simplified)
    return "".join(dict.fromkeys(other)) if len(other) >= 2 and len(other) > len(own) else ""


@lru_cache(maxsize=8192)
def _has(encoding: str, char: str) -> bool:
    if script_of(char) != "Han":
        return False
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def look_alikes(pair: Pair) -> Iterator[tuple[str, int, int]]:
    """Words with letters of two scripts that look alike: a Latin "a" in a Cyrillic word."""
    for word, start, end in words(pair.target):
        latin = {char for char in word if script_of(char) == "Latn"}
        cyrillic = {char for char in word if script_of(char) == "Cyrl"}
        if (
            latin
            and cyrillic
            and "-" not in word
            and (latin <= _LATIN_LIKE_CYRILLIC or cyrillic <= _CYRILLIC_LIKE_LATIN)
        ):
            yield word, start, end


def invisible(pair: Pair) -> Iterator[tuple[str, int]]:
    """Characters that nobody sees: each with its place. Joiners are part of writing in some scripts."""
    joins = bool(_JOINERS & set(expected(str(pair.target.locale))))
    for match in _INVISIBLE.finditer(pair.target.text):
        char = match.group()
        if match["joiner"]:
            emoji = match.start() and ord(pair.target.text[match.start() - 1]) > 0x2000
            if joins or emoji:
                continue
        if char in pair.source.text or (char == "\u200b" and pair.language in _BREAKS):
            continue
        yield char, match.start()


def unbalanced(text: str) -> str:
    """The directional control that has no end, or ends nothing; nothing if all are balanced (UAX #9, 3.3.2)."""
    for line in text.split("\n"):
        stack: list[str] = []
        for char in line:
            if char in _ISOLATES or char in _EMBEDDINGS:
                stack.append(char)
            elif char in "\u2069\u202c":
                openers = _ISOLATES if char == "\u2069" else _EMBEDDINGS
                if not stack or stack.pop() not in openers:
                    return char
        if stack:
            return stack[-1]
    return ""
