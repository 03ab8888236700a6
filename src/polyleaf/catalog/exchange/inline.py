"""Placeholders and citations as inline elements of XML, which a translation tool moves and does not change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from polyleaf.catalog.exchange.markup import Node
from polyleaf.errors import PolyleafError, Problem

_CODE = re.compile(r"((?<![{\\])\{(?![%#])[^{}]*\}(?!\})|\[@[A-Za-z0-9_-]+\])")
_AROUND_TEXT = {"mrk", "g", "pc"}
_MARKS_ONLY = {"sm", "em"}


@dataclass(frozen=True)
class Code:
    """A piece of a text that is not translated. The same `number` in source and target says that it is the same."""

    number: int
    text: str

    @property
    def placeholder(self) -> str:
        """The placeholder's name; empty for a citation."""
        return self.text[1:-1] if self.text.startswith("{") else ""


class Numbering:
    """Numbers the codes of a source and its target alike."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int], int] = {}

    def split(self, text: str) -> Iterator[str | Code]:
        """The parts of a text in their order; it begins and ends with characters, of which there may be none."""
        seen: Counter[str] = Counter()
        for position, part in enumerate(_CODE.split(text)):
            if position % 2 == 0:
                yield part
            else:
                seen[part] += 1
                yield Code(self._numbers.setdefault((part, seen[part]), len(self._numbers) + 1), part)

    @property
    def codes(self) -> dict[int, str]:
        """The text of every code that was split off so far."""
        return {number: text for (text, _), number in self._numbers.items()}


@dataclass(frozen=True)
class InlineReader:
    """Puts texts with inline elements together again, whatever a tool made of those.

    `data` is XLIFF 2's original data by id; `known` are the codes that were met so far, by the id of their element.
    """

    path: Path
    data: Mapping[str, str]
    known: dict[str, str]

    def text(self, node: Node) -> str:
        """The text of a `source` or `target`. Raises `PolyleafError` for an element that stands for nothing known."""
        return "".join(child if isinstance(child, str) else self._inside(child) for child in node.children)

    def _inside(self, node: Node) -> str:
        if node.attributes.get("mtype") == "x-sdl-deleted":
            raise self._error(node, "tracked changes are in the text", "accept or reject them first")
        if node.tag in _AROUND_TEXT:
            return self.text(node)
        if node.tag in _MARKS_ONLY:
            return ""
        found = self._code(node) if node.tag in ("ph", "x") else None
        if found is None:
            name = f"<{node.tag} id={node.attributes.get('id', '')!r}>"
            raise self._error(node, f"the inline element {name} stands for nothing that was exported", "take it out")
        return found

    def _code(self, node: Node) -> str | None:
        name = node.attributes.get("id", "")
        text = node.text or self.data.get(node.attributes.get("dataRef", "")) or self.known.get(name)
        text = text or node.attributes.get("equiv")
        if text is not None:
            self.known.setdefault(name, text)
        return text

    def _error(self, node: Node, message: str, hint: str) -> PolyleafError:
        return PolyleafError(Problem(message, self.path, node.line, hint))
