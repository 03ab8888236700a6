"""Markdown as blocks, HTML in it included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from polyleaf.drafting.block import Block, Page, Remark, clean, key_of
from polyleaf.drafting.html_page import LONGEST_HEADING, as_item, read_fragment

_FRONT = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_markdown(text: str, path: Path) -> Page:
    """The blocks of a text. Raises `PolyleafError` where HTML in it cannot be read."""
    front = _FRONT.match(text)
    reader = _Reader(path)
    # The lines keep their numbers.
    body = "\n" * front[0].count("\n") + text[front.end() :] if front else text
    reader.read(MarkdownIt("commonmark").enable("table").parse(body))
    title = _TITLE.search(front[1]) if front else None
    told = [Remark(1, "the front matter", clean(front[1]))] if front else []
    named = Remark(text[: title.start()].count("\n") + 2, "the title", title[1]) if title else None
    return Page(tuple(reader.blocks), named, None, (*told, *reader.dropped))


@dataclass
class _Reader:
    path: Path
    blocks: list[Block] = field(default_factory=list)
    dropped: list[Remark] = field(default_factory=list)
    _groups: int = 0
    _lists: list[Block] = field(default_factory=list)

    def read(self, tokens: Sequence[Token]) -> None:
        """Take in the blocks of a text in their order."""
        cells: list[str] = []
        level = 0
        in_row = False
        for token in tokens:
            if token.type == "heading_open":
                level = int(token.tag[1])
            elif token.type == "heading_close":
                level = 0
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                self._groups += 1
                ordered = token.type == "ordered_list_open"
                self._lists.append(Block("item", "", 0, group=self._groups, ordered=ordered))
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self._lists.pop()
            elif token.type == "table_open":
                self._groups += 1
            elif token.type == "tr_open":
                in_row, cells = True, []
            elif token.type == "tr_close":
                in_row = False
                self._row(cells, _line(token))
            elif token.type == "inline" and in_row:
                self._row_line = _line(token)
                cells.append(self._text(token).text)
            elif token.type == "inline":
                self._inline(token, level)
            elif token.type in ("fence", "code_block"):
                self._code(token)
            elif token.type == "html_block":
                self._html(token)

    def _row(self, cells: Sequence[str], line: int) -> None:
        if text := clean(" ".join(cells)):
            at = line if line > 1 else self._row_line
            self.blocks.append(Block("row", text, at, group=self._groups, cells=tuple(cells)))

    def _inline(self, token: Token, level: int) -> None:
        block = self._text(token)
        if not block.text:
            return
        if level:
            block = replace(block, kind="heading", level=level, may_head=False)
        elif self._lists:
            block = replace(self._lists[-1], text=block.text, line=block.line, links_only=block.links_only)
        else:
            block = as_item(block, self.blocks[-1] if self.blocks else None, self._groups + 1)
            self._groups = max(self._groups, block.group)
        self.blocks.append(block)

    def _code(self, token: Token) -> None:
        first = _line(token) + (token.type == "fence")
        for number, line in enumerate(token.content.split("\n")):
            if text := clean(line):
                self.blocks.append(Block("paragraph", text, first + number))

    def _html(self, token: Token) -> None:
        page = read_fragment(token.content, self.path, numbered=False, first_line=_line(token))
        shift = self._groups
        self.blocks += [replace(block, group=block.group + shift if block.group else 0) for block in page.blocks]
        self._groups = max([shift, *(block.group for block in self.blocks)])
        self.dropped += page.dropped

    def _text(self, inline: Token) -> Block:
        """The text of a token, and whether all of it is a link or strong."""
        parts: list[str] = []
        linked = strong = 0
        only_links = only_strong = True
        for token in inline.children or ():
            linked += token.nesting if token.type.startswith("link_") else 0
            strong += token.nesting if token.type.startswith("strong_") else 0
            if token.type == "image":
                told = token.content or token.attrs.get("alt")
                self.dropped += [Remark(_line(inline), "a picture, by its description", str(told))] if told else []
                continue
            text = " " if token.type in ("softbreak", "hardbreak") else token.content
            if token.type == "html_inline":
                text = " " if _BREAK.fullmatch(text) else ""
            parts.append(text)
            only_links &= not key_of(text) or linked > 0
            only_strong &= not text.strip() or strong > 0
        text = clean("".join(parts))
        may_head = only_strong and len(text.split()) <= LONGEST_HEADING and not text.endswith((".", ","))
        return Block("paragraph", text, _line(inline), links_only=only_links, may_head=may_head)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
