"""The Markdown that leaflets and translations may use: blocks of a leaflet, and the inline marks of one message.

HTML, code, images and unknown link schemes are not part of it: in a message they come out as the text they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from polyleaf.model import Message

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# Whatever stands in single braces is meant as a placeholder, so that a mistyped one is found. Doubled braces and those
# with % or # are template syntax of some other language.
_PLACEHOLDER = re.compile(r"(?<!\{)\{(?![%#])([^{}]*)\}(?!\})")
_CITATION = re.compile(r"\[@([A-Za-z0-9_-]+)\]")

CITED = Message(
    "web", "Source {number}", comment="Read aloud in place of a small raised number that leads to a publication."
)
"""The theme's message that names a citation for a screen reader."""


@dataclass(frozen=True)
class Text:
    """Characters, nothing else."""

    text: str


@dataclass(frozen=True)
class Placeholder:
    """Where a value stands."""

    name: str


@dataclass(frozen=True)
class Citation:
    """A reference to a source by its key."""

    source: str


@dataclass(frozen=True)
class Strong:
    """Text of strong importance."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Emphasis:
    """Stressed text."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Link:
    """A link whose scheme is one of `LINK_SCHEMES`."""

    href: str
    children: tuple[Inline, ...]


Inline = Text | Placeholder | Citation | Strong | Emphasis | Link


@lru_cache(maxsize=8192)  # a text is read for each thing that is asked of it, the source once a locale
def parse_inline(text: str) -> tuple[Inline, ...]:
    """Read the inline marks of one message; whatever is no mark stays text."""
    tokens = _inline_parser().parseInline(text)[0].children or []
    nodes, _ = _tree(tokens, 0)
    return nodes


def placeholders(text: str) -> list[str]:
    """The names of the placeholders that a message shows, in order, doubled ones twice."""
    return [node.name for node in _walk(parse_inline(text)) if isinstance(node, Placeholder)]


def citations(text: str) -> list[str]:
    """The keys of the sources that a message cites, in order."""
    return [node.source for node in _walk(parse_inline(text)) if isinstance(node, Citation)]


def marks(text: str) -> list[str]:
    """The strong text and the links of a message, these by their address."""
    found = []
    for node in _walk(parse_inline(text)):
        if isinstance(node, Strong):
            found.append("**")
        elif isinstance(node, Link):
            found.append(f"({node.href})")
    return found


def is_blank(text: str) -> bool:
    """Whether a message would show nothing: spaces, invisible characters, marks around nothing."""
    return not any(
        isinstance(node, Placeholder)
        or (isinstance(node, Text) and any(unicodedata.category(char)[0] not in "ZC" for char in node.text))
        for node in _walk(parse_inline(text))
    )


def _walk(nodes: Sequence[Inline]) -> Iterator[Inline]:
    for node in nodes:
        yield node
        if isinstance(node, (Strong, Emphasis, Link)):
            yield from _walk(node.children)


def parse_blocks(text: str) -> list[Token]:
    """Read a leaflet's blocks. Tokens carry their lines, counted from 0, in `map`."""
    return _block_parser().parse(text)


@cache
def _block_parser() -> MarkdownIt:
    # Code, quotes and rules are read so that they can be reported, not because a leaflet may have them.
    return MarkdownIt("zero").enable(["heading", "list", "table", "blockquote", "code", "fence", "hr"])


@cache
def _inline_parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["emphasis", "link", "escape"])
    parser.inline.ruler.before("escape", "placeholder", _placeholder_rule)
    parser.inline.ruler.before("link", "citation", _citation_rule)
    parser.validateLink = _is_harmless  # type: ignore[method-assign]
    return parser


def _is_harmless(url: str) -> bool:
    if "{" in url or "%7b" in url.lower():  # a value in an address would be out of sight
        return False
    try:
        return urlsplit(url.strip()).scheme.lower() in LINK_SCHEMES
    except ValueError:
        return False


def _placeholder_rule(state: StateInline, silent: bool) -> bool:
    return _match_rule(state, silent, _PLACEHOLDER, "placeholder")


def _citation_rule(state: StateInline, silent: bool) -> bool:
    return _match_rule(state, silent, _CITATION, "citation")


def _match_rule(state: StateInline, silent: bool, pattern: re.Pattern[str], kind: str) -> bool:
    match = pattern.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push(kind, "", 0).content = match[1]
    state.pos = match.end()
    return True


def _tree(tokens: Sequence[Token], start: int) -> tuple[tuple[Inline, ...], int]:
    nodes: list[Inline] = []
    position = start
    while position < len(tokens):
        token = tokens[position]
        if token.nesting == -1:
            break
        if token.nesting == 1:
            children, position = _tree(tokens, position + 1)
            nodes.append(_element(token, children))
        elif token.type == "placeholder":
            nodes.append(Placeholder(token.content))
        elif token.type == "citation":
            nodes.append(Citation(token.content))
        elif token.type in ("softbreak", "hardbreak"):
            nodes.append(Text(" "))
        elif token.content:
            nodes.append(Text(token.content))
        position += 1
    return tuple(nodes), position


def _element(token: Token, children: tuple[Inline, ...]) -> Inline:
    if token.type == "strong_open":
        return Strong(children)
    if token.type == "em_open":
        return Emphasis(children)
    return Link(str(token.attrs["href"]), children)
