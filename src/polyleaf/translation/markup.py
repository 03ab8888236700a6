"""What a translation has to take over as it is: placeholders, citations, links and tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import regex

from polyleaf import markdown
from polyleaf.translation.pair import Pair, Text

_TAG_NAME = regex.compile(r"</?([A-Za-z][\w:-]*)")
_VOID = frozenset({"br", "hr", "img", "wbr", "input", "p"})


def placeholders(text: Text) -> list[str]:
    """The placeholders as they are written; in a leaflet those that it shows."""
    if text.syntax.markdown:
        return [f"{{{name}}}" for name in markdown.placeholders(text.text)]
    return [written for written, _, _ in text.placeholders]


def citations(text: Text) -> list[str]:
    """The citations of sources as they are written."""
    if text.syntax.markdown:
        return [f"[@{key}]" for key in markdown.citations(text.text)]
    return [written for written, _, _ in text.found("citation")]


def differences(source: Sequence[str], translation: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is lost, added or doubled, each with words that say so."""
    wanted, found = Counter(source), Counter(translation)
    for name in dict.fromkeys([*source, *translation]):
        if found[name] < wanted[name]:
            yield name, "was lost"
        elif name not in wanted:
            yield name, "is not in the source"
        elif found[name] > wanted[name]:
            yield name, "is there too often"


def marks(text: Text) -> list[str]:
    """The links and tags of a text by their names and targets; in a leaflet strong text and links."""
    if text.syntax.markdown:
        return list(markdown.marks(text.text))
    tags = [tag for tag, _, _ in text.found("tag")]
    names = [match[1].lower() for tag in tags if (match := _TAG_NAME.match(tag))]
    return [f"<{name}>" for name in names if name not in _VOID]


def addresses(text: Text) -> list[str]:
    """The web and mail addresses that a text says."""
    return [written.rstrip(".,;:)") for written, _, _ in text.found("address")]


def unclosed(pair: Pair) -> str:
    """A tag that has no other half in the translation, though all have one in the source."""
    if pair.target.syntax.markdown or _open_tag(pair.source):
        return ""
    return _open_tag(pair.target)


def _open_tag(text: Text) -> str:
    stack: list[str] = []
    for tag, _, _ in text.found("tag"):
        match = _TAG_NAME.match(tag)
        if not match or match[1].lower() in _VOID or tag.endswith("/>"):
            continue
        name = match[1].lower()
        if not tag.startswith("</"):
            stack.append(name)
        elif not stack or stack.pop() != name:
            return tag
    return f"<{stack[-1]}>" if stack else ""
