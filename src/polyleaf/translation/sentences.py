"""The sentences of a text."""

from __future__ import annotations

from functools import lru_cache

import regex

from polyleaf.translation.pair import Text

# A full stop between digits or after a single letter ends no sentence; the marks of CJK, Arabic and Indic scripts do.
_END = regex.compile(
    r"(?:(?<!(?:^|[^\p{L}\p{M}°])\p{L})(?<!\p{Nd})\.|(?<=\p{Nd})\.(?!\p{Nd})|[!?؟۔।॥։።…])+[\"'”’»)\]]*(?=\s|$|\p{Lo})|[。！？；]+[」』”’）]*|\n+"
)
_LETTER = regex.compile(r"\p{L}")


@lru_cache(maxsize=4096)
def sentences(text: Text) -> tuple[tuple[int, int], ...]:
    """Where each sentence starts and ends; what has no letter is none."""
    found, start = [], 0
    for match in _END.finditer(text.masked):
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text.masked)))
    return tuple((a, b) for a, b in found if _LETTER.search(text.masked[a:b]) or "\ufffc" in text.masked[a:b])
