"""Texts of pseudo-locales: made of the source by a program, to see what a translation would do to a page.

Their names are those of ICU and Android; CLDR calls the territories Pseudo-Accents and Pseudo-Bidi.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from string import ascii_lowercase, ascii_uppercase

OPEN, CLOSE = "\u2045", "\u2046"
"""What a text of en_XA stands between. The fonts have it, Markdown gives it no meaning, and no leaflet uses it."""

# Placeholders, citations, targets of links, and addresses in running text.
_KEPT = re.compile(
    r"""(
    (?<!\{)\{[^{}]*\}(?!\})
    | \[@[\w-]+\]
    | (?<=\])\((?:[^()\\]|\\.|\([^()]*\))*\)
    | https?://[^\s()<>]+ | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    )""",
    re.VERBOSE,
)
_ACCENTED = dict(
    zip(
        map(ord, ascii_lowercase + ascii_uppercase),
        "åƀçðéƒĝĥîĵķļṁñöþɋŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ",
        strict=True,
    )
)
# One to one, and near in sound where there is one, so that a text can be told from another and read back.
_ARABIC = dict(zip(ascii_lowercase, "ابصدعفغهيجكلمنوضقرستثطشخظز", strict=True))


def pseudo(text: str, locale: str) -> str:
    """A text as a pseudo-locale has it. Placeholders, citations, targets of links, Markdown marks and digits stay.

    In en_XA letters have accents, texts are about 40 % longer, and each stands in brackets. In ar_XB letters are
    Arabic ones: they run from right to left by themselves, are joined and come from the fonts of Arabic. English
    letters under direction controls show none of that, and programs that read a PDF stumble over the controls.
    """
    if not text.strip():
        return text
    write = _WRITERS[locale]
    made = "".join(part if n % 2 else write(part) for n, part in enumerate(_KEPT.split(text)))
    return f"{OPEN}{made}{CLOSE}" if locale == "en_XA" else made


def _accented(text: str) -> str:
    return _longer(text).translate(_ACCENTED)


def _longer(text: str) -> str:
    """Two characters for every five, as more of a vowel: words get longer, as they do in other languages."""
    made, owed = [], 0
    for char in text:
        owed += 2
        more = min(owed // 5, 2) if char in "aeiouAEIOU" else 0
        made.append(char + char.lower() * more)
        owed -= 5 * more
    return "".join(made)


def _arabic(text: str) -> str:
    return "".join(_ARABIC.get(unicodedata.normalize("NFD", char)[0].lower(), char) for char in text)


_WRITERS: dict[str, Callable[[str], str]] = {"en_XA": _accented, "ar_XB": _arabic}
