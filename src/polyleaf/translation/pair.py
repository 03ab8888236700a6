"""A source and its translation, as the checks see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import regex
from babel import Locale

from polyleaf.finding import Severity

PLACE = "\ufffc"
"""Stands for each character of a placeholder in a masked text (U+FFFC, object replacement character)."""

_PERCENT = r"%(?:\d+\$)?(?:\([^)]*\))?[-#0+]*(?:\d+|\*)?(?:\.\d+)?(?:hh|h|ll|l|z|j|t)?[diouxXeEfFgGcrsaA@](?![a-z])"
_NAMED_PERCENT = r"%\([^)]*\)[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]"
_BRACE = r"(?<!\{)\{(?![%#])[^{}]*\}(?!\})"
_TEMPLATE = r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\$\{[^{}]*\}|%\{[^{}]*\}|\$t\([^)]*\)"
_NO_TEXT = regex.compile(
    r"(?P<citation>\[@[^\]\s]*\])|\]\((?P<link>[^)\s]*)\)|(?P<tag></?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>|<!--.*?-->)"
    r"|(?P<entity>&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]+\d*);)|(?P<address>https?://[^\s<>\"'）]+|[\w.+-]+@[\w-]+\.[\w.-]+)",
)


@dataclass(frozen=True)
class Syntax:
    """What stands for values in a message, by the flags of its entry (GNU gettext manual, "c-format Flag").

    `markdown` says that a text is a leaflet's, with emphasis and links; else it may have HTML tags.
    """

    percent: bool = False
    brace: bool = True
    markdown: bool = False

    @cached_property
    def placeholder(self) -> Any:
        """A regular expression for one placeholder, and `%%`."""
        parts = [_TEMPLATE, _PERCENT if self.percent else _NAMED_PERCENT, *([_BRACE] if self.brace else [])]
        return regex.compile(("%%|" if self.percent else "") + "|".join(parts))


def syntax_of(flags: tuple[str, ...], source: str) -> Syntax:
    """The syntax of an entry of anybody's catalog: as flagged, and where nothing is flagged what is unmistakable."""
    formats = [flag for flag in flags if flag.endswith("-format") and not flag.startswith("no-")]
    percent = any(flag != "python-brace-format" for flag in formats)
    if not formats:
        percent = "no-python-format" not in flags and regex.search(r"%(?:\d+\$)?[sd](?!\w)", source) is not None
    return Syntax(percent)


@dataclass(frozen=True)
class Fault:
    """What a check found in a pair, and where in each text. `severity` is set where it is not the rule's own."""

    message: str
    hint: str = ""
    severity: Severity | None = None
    source_span: tuple[int, int] | None = None
    target_span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Text:
    """One side of a pair."""

    text: str
    locale: Locale
    syntax: Syntax

    @cached_property
    def placeholders(self) -> list[tuple[str, int, int]]:
        """Every placeholder as it is written, with where it starts and ends."""
        found = self.syntax.placeholder.finditer(self.text)
        return [(match.group(), match.start(), match.end()) for match in found if match.group() != "%%"]

    @cached_property
    def masked(self) -> str:
        """The text without what no reader reads as language, of the same length: placeholders become `PLACE`, tags,
        citations, addresses and entities become spaces.
        """
        text = self.syntax.placeholder.sub(lambda match: PLACE * len(match.group()), self.text)
        return str(_NO_TEXT.sub(_blank, text))

    def found(self, kind: str) -> list[tuple[str, int, int]]:
        """The citations, links, tags, entities or addresses."""
        return [(match[kind], *match.span(kind)) for match in _NO_TEXT.finditer(self.text) if match[kind] is not None]


def _blank(match: Any) -> str:
    if match["link"] is not None:
        return "]" + " " * (len(match.group()) - 1)
    if match["entity"] in ("&nbsp;", "&#160;"):
        return "\u00a0" * len(match.group())
    return " " * len(match.group())


@dataclass(frozen=True)
class Pair:
    """A source text and its translation. `context` is the message's context, in a leaflet the key of its section."""

    source: Text
    target: Text
    context: str = ""
    plural: bool = field(default=False)

    @property
    def language(self) -> str:
        """The language of the translation."""
        return str(self.target.locale.language)
