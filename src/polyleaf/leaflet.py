"""Reads a leaflet: YAML front matter and Markdown become a `Leaflet`, with the file and line of every message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it.token import Token
from pydantic import Field

from polyleaf import markdown
from polyleaf.config import Lines, Strict, line_of, load_yaml, read_text, validate
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.formats import ON_PAPER
from polyleaf.model import (
    Block,
    Leaflet,
    ListBlock,
    Message,
    Paragraph,
    Section,
    Source,
    Table,
    Value,
    Waiver,
    each_once,
)
from polyleaf.sections import NEVER_LEFT_OUT, SECTIONS, SOURCES, STANDARD_KEYS, LeafletKind, Purpose
from polyleaf.values import noun_message, parse_value
from polyleaf.waivers import waivers_in

_COMMENT = re.compile(r"^[ \t]*<!--((?:(?!-->).)*)-->[ \t]*$", re.DOTALL | re.MULTILINE)
_VALUE_NAME = re.compile(r"[a-z][a-z0-9_]*")
_UNSUPPORTED = {
    "fence": "a code block",
    "code_block": "an indented block",
    "blockquote_open": "a quotation",
    "hr": "a horizontal line",
}


class _SourceFields(Strict):
    title: str
    publisher: str = ""
    year: int | None = None
    doi: str = ""
    url: str = Field(default="", pattern=r"^(https?://.*)?$", description="begin it with https://")


class _FrontMatter(Strict):
    title: str = Field(min_length=1)
    summary: str = ""
    kind: LeafletKind
    purpose: Purpose
    version: str = Field(min_length=1)
    published: date
    review_by: date
    authors: list[str] = []
    sources: dict[str, _SourceFields] = {}
    headings: dict[str, str] = {}
    waivers: dict[str, str] = {}
    leave_out: dict[str, list[str]] = {}
    values: Any = None  # read by `values`, each with its own message


def load_leaflet(path: Path) -> Leaflet:
    """Read one leaflet file. Raises `PolyleafError` with every mistake in it."""
    return _parsed(path, read_text(path).replace("\r\n", "\n"))


@lru_cache(maxsize=1024)  # a project that is watched is read again and again, and most of it stays the same
def _parsed(path: Path, text: str) -> Leaflet:
    front, body, body_line = _split(text, path)
    data, lines = load_yaml(front, path, first_line=2)
    problems = Problems()
    fields = validate(_FrontMatter, data, path, lines, problems)
    values: dict[str, Value] = {}
    with problems.collect():
        values = _values(fields.values, path, lines)
    reader = _BodyReader(path, fields.headings, lines)
    sections = reader.read(body, body_line, problems)
    messages = _messages(fields, sections, values, path, lines)
    _check_headings(fields.headings, sections, path, lines, problems)
    # What is declared counts, in order or not: one mistake is told once.
    _check_names(messages, _names(data.get("values")), path, lines, problems)
    _check_dates(fields, path, lines, problems)
    _check_left_out(getattr(fields, "leave_out", {}), sections, path, lines, problems)
    problems.raise_if_any()
    return Leaflet(
        name=path.stem,
        path=path,
        title=messages[0],
        summary=messages[1] if fields.summary else None,
        kind=fields.kind,
        purpose=fields.purpose,
        version=fields.version,
        published=fields.published,
        review_by=fields.review_by,
        authors=tuple(fields.authors),
        sources=tuple(Source(key, **source.model_dump()) for key, source in fields.sources.items()),
        values=values,
        sections=sections,
        messages=messages,
        waivers=tuple(
            Waiver(code.upper(), reason.strip(), line_of(lines, ("waivers", code)) or 1)
            for code, reason in fields.waivers.items()
        ),
        waivers_at=reader.waivers_at,
        lines=lines,
        left_out={format_: tuple(keys) for format_, keys in fields.leave_out.items()},
    )


def _split(text: str, path: Path) -> tuple[str, str, int]:
    """The front matter, the body, and the line that the body starts on."""
    match = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|$)", text, re.DOTALL)
    if match is None:
        hint = "begin the file with ---, the fields, and --- again"
        raise PolyleafError(Problem("the front matter is missing", path, 1, hint))
    return match[1], text[match.end() :], text[: match.end()].count("\n") + 1


def _values(given: object, path: Path, lines: Lines) -> dict[str, Value]:
    problems = Problems()
    values: dict[str, Value] = {}
    if given is None:
        return values
    if not isinstance(given, dict):
        raise PolyleafError(Problem("values: expected names with their values", path, line_of(lines, ("values",))))
    for name, mapping in given.items():
        line = line_of(lines, ("values", str(name)))
        if not _VALUE_NAME.fullmatch(str(name)):
            problems.add(f"{name!r} cannot name a value", path, line, "use small letters, digits and _")
        if not isinstance(mapping, dict):
            problems.add(f"value {name!r}: expected fields", path, line, "such as {duration: 3, unit: day}")
            continue
        try:
            values[str(name)] = parse_value(mapping)
        except PolyleafError as error:
            for found in error.problems:
                problems.add(f"value {name!r}: {found.message}", path, line, found.hint)
    problems.raise_if_any()
    return values


# The body ------------------------------------------------------------------------------------------------------------


@dataclass
class _Heading:
    key: str
    level: int
    line: int


class _BodyReader:
    """Turns block tokens into sections. Lives for one file."""

    def __init__(self, path: Path, headings: dict[str, str], front_lines: Lines) -> None:
        self._path = path
        self._headings = headings
        self._front_lines = front_lines
        self._comments: dict[int, str] = {}
        self.waivers_at: dict[int, tuple[Waiver, ...]] = {}
        self._problems = Problems()
        self._key = ""

    def read(self, body: str, first_line: int, problems: Problems) -> tuple[Section, ...]:
        self._problems = problems
        self._first_line = first_line
        text = self._without_comments(body)
        self._source = text.split("\n")
        tokens = markdown.parse_blocks(text)
        found: list[tuple[_Heading, list[Block]]] = []
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if token.type == "heading_open":
                heading = self._heading(token, tokens[position + 1])
                self._key = heading.key
                found.append((heading, []))
                position += 3
                continue
            block, position = self._block(tokens, position)
            if block is None:
                continue
            if not found:
                self._add("text before the first section", token, "begin with a section, such as ## key-points")
                continue
            found[-1][1].append(block)
        return self._nest(found)

    def _without_comments(self, body: str) -> str:
        """Blank the comments out, so that they part no list, and keep what they say of the text below them."""
        below: dict[int, int] = {}  # where a comment starts, and the line that it and those below it stand above
        for match in reversed(list(_COMMENT.finditer(body))):
            start, after = body[: match.start()].count("\n"), body[: match.end()].count("\n") + 1
            below[start] = below.get(after, after)
            self._keep(" ".join(match[1].split()), start, below[start])
        without = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), body)
        for number, line in enumerate(without.split("\n")):
            if "<!--" in line:
                hint = "a comment stands on lines of its own, from <!-- to -->"
                self._problems.add("text beside a comment", self._path, self._first_line + number, hint)
        return without

    def _keep(self, comment: str, line: int, at: int) -> None:
        """Keep what translators are told, and the waivers; lines count from the first of the body."""
        if comment.startswith("translators:"):
            self._comments[at] = comment.removeprefix("translators:").strip()
        if found := waivers_in([comment], line + self._first_line):
            place = at + self._first_line
            self.waivers_at[place] = found + self.waivers_at.get(place, ())

    def _line(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + self._first_line

    def _add(self, message: str, token: Token, hint: str | None = None) -> None:
        self._problems.add(message, self._path, self._line(token), hint)

    def _heading(self, token: Token, inline: Token) -> _Heading:
        key = inline.content.strip()
        level = int(token.tag[1])
        heading = _Heading(key, level, self._line(token))
        if level not in (2, 3):
            self._add("a heading is ## for a section or ### for a part of one", token, f"## {key}")
        elif level == 2 and key not in SECTIONS:
            self._add(f"unknown section {key!r}", token, nearest(key, SECTIONS))
        elif level == 3 and key not in STANDARD_KEYS and key not in self._headings:
            parts = [known for known in STANDARD_KEYS if "." in known]
            below = [known for known in parts if known.endswith(f".{key}")]
            hint = f"did you mean {below[0]!r}?" if below else nearest(key, parts, "give it a heading in `headings:`")
            self._add(f"unknown part of a section {key!r}", token, hint)
        return heading

    def _block(self, tokens: Sequence[Token], position: int) -> tuple[Block | None, int]:
        token = tokens[position]
        if token.type == "paragraph_open":
            return Paragraph(self._message(tokens[position + 1])), position + 3
        if token.type in ("bullet_list_open", "ordered_list_open"):
            return self._list(tokens, position)
        if token.type == "table_open":
            return self._table(tokens, position)
        what = _UNSUPPORTED.get(token.type, token.type)
        self._add(f"{what} is not part of a leaflet", token, "use paragraphs, lists and tables")
        return None, _end_of(tokens, position)

    def _list(self, tokens: Sequence[Token], position: int) -> tuple[Block, int]:
        end = _end_of(tokens, position)
        items: list[Message] = []
        for token, inside in _pairs(tokens[position + 1 : end - 1]):
            kinds = [t.type for t in inside if t.nesting != -1]
            if kinds == ["paragraph_open", "inline"]:
                items.append(self._message(inside[1]))
            else:
                self._add("a list item holds one paragraph", token, "make it two items, or two lists")
        ordered = tokens[position].type == "ordered_list_open"
        if tokens[position].attrs.get("start", 1) != 1:
            self._add("a numbered list begins with 1", tokens[position], "write 1. first, or 1986\\. for a number")
        return ListBlock(tuple(items), ordered), end

    def _table(self, tokens: Sequence[Token], position: int) -> tuple[Block, int]:
        end = _end_of(tokens, position)
        rows: list[tuple[Message, ...]] = []
        for token in tokens[position:end]:
            if token.type == "tr_open":
                rows.append(())
                line = token
                self._check_row(token, tokens[position])
            elif token.type == "inline":
                if not token.content.strip():
                    self._add("an empty cell in a table", line, "say something in every cell")
                rows[-1] += (self._message(token, line),)
        if len(rows) == 1:
            self._add("a table without rows", tokens[position], "add a row, or remove the table")
        return Table(rows[0], tuple(rows[1:])), end

    def _check_row(self, row: Token, table: Token) -> None:
        """A row has as many cells as the heading: the parser would drop what is too much."""
        assert row.map is not None and table.map is not None
        cells, wanted = (_cells(self._source[token.map[0]]) for token in (row, table))  # type: ignore[index]
        if cells != wanted:
            hint = "write \\| for a bar inside a cell"
            self._add(f"{cells} cells where the table's heading has {wanted}", row, hint)

    def _message(self, inline: Token, at: Token | None = None) -> Message:
        token = at or inline
        line = self._line(token)
        comment = self._comments.get(line - self._first_line, "")
        return Message(self._key, " ".join(inline.content.split()), "", comment, self._path, line)

    def _nest(self, found: Sequence[tuple[_Heading, list[Block]]]) -> tuple[Section, ...]:
        sections: list[Section] = []
        seen: set[str] = set()
        for heading, blocks in found:
            if heading.key in seen:
                self._problems.add(f"section {heading.key!r} is there twice", self._path, heading.line, "join the two")
            seen.add(heading.key)
            section = Section(heading.key, tuple(blocks), (), self._own_heading(heading.key), heading.line)
            if heading.level != 3:
                sections.append(section)
                continue
            above = sections[-1] if sections else None
            if above is None or not heading.key.startswith(f"{above.key}."):
                self._problems.add(
                    f"part {heading.key!r} is not below its section", self._path, heading.line, "move it"
                )
                continue
            sections[-1] = Section(above.key, above.blocks, (*above.parts, section), above.heading, above.line)
        return tuple(sections)

    def _own_heading(self, key: str) -> Message | None:
        if key not in self._headings:
            return None
        line = line_of(self._front_lines, ("headings", key)) or 1
        return Message(key, " ".join(self._headings[key].split()), "", "A heading.", self._path, line)


def _cells(line: str) -> int:
    """How many cells a line of a table has."""
    inside = re.sub(r"^\||(?<!\\)\|$", "", line.strip())
    return len(re.findall(r"(?<!\\)\|", inside)) + 1


def _end_of(tokens: Sequence[Token], position: int) -> int:
    """The position after the block that opens at `position`."""
    depth = 0
    for at in range(position, len(tokens)):
        depth += tokens[at].nesting
        if depth == 0:
            return at + 1
    return len(tokens)


def _pairs(tokens: Sequence[Token]) -> Iterator[tuple[Token, Sequence[Token]]]:
    """Each opening token on the top level with what stands inside it."""
    position = 0
    while position < len(tokens):
        end = _end_of(tokens, position)
        yield tokens[position], tokens[position + 1 : end - 1]
        position = end


# Messages and checks -------------------------------------------------------------------------------------------------


def _messages(
    fields: _FrontMatter, sections: Sequence[Section], values: dict[str, Value], path: Path, lines: Lines
) -> tuple[Message, ...]:
    """Every translatable text in document order, each once."""
    found = []
    if hasattr(fields, "title"):
        comment = "The title of the leaflet."
        found.append(Message("title", fields.title, "", comment, path, line_of(lines, ("title",)) or 1))
    if fields.summary:
        comment = "The line below the title."
        found.append(Message("summary", fields.summary, "", comment, path, line_of(lines, ("summary",)) or 1))
    for section in sections:
        for part in (section, *section.parts):
            if part.heading is not None:
                found.append(part.heading)
            for block in part.blocks:
                found.extend(block_messages(block))
    for name, value in values.items():
        noun = noun_message(value)
        if noun is not None:
            line = line_of(lines, ("values", name)) or 1
            found.append(Message(noun.msgctxt, noun.msgid, noun.msgid_plural, noun.comment, path, line))
    return each_once(found)


def block_messages(block: Block) -> tuple[Message, ...]:
    """The messages of a block in reading order."""
    if isinstance(block, Paragraph):
        return (block.text,)
    if isinstance(block, ListBlock):
        return block.items
    return tuple(cell for row in (block.header, *block.rows) for cell in row)


def _check_headings(
    headings: dict[str, str], sections: Sequence[Section], path: Path, lines: Lines, problems: Problems
) -> None:
    present = {part.key for section in sections for part in (section, *section.parts)}
    for key in headings:
        if key not in present:
            problems.add(
                f"a heading for {key!r}, which the leaflet does not have",
                path,
                line_of(lines, ("headings", key)),
                nearest(key, present),
            )


def _check_left_out(
    left_out: dict[str, list[str]], sections: Sequence[Section], path: Path, lines: Lines, problems: Problems
) -> None:
    known = [*(section.key for section in sections if section.key not in NEVER_LEFT_OUT), SOURCES]
    for format_, keys in left_out.items():
        line = line_of(lines, ("leave_out", format_))
        if format_ not in ON_PAPER:
            hint = "a web page is whole" if format_ == "web" else nearest(format_, ON_PAPER)
            problems.add(f"nothing can be left out of {format_!r}", path, line, hint)
        for key in keys:
            if key in NEVER_LEFT_OUT:
                hint = f"remove it from the list; what can be left out: {', '.join(known)}"
                problems.add(
                    f"{key!r} can never be left out: patients need it to be safe or to decide", path, line, hint
                )
            elif key not in known:
                problems.add(f"the leaflet has no section {key!r} to leave out", path, line, nearest(key, known))


def _names(given: object) -> set[str]:
    return {str(name) for name in given} if isinstance(given, dict) else set()


def _check_dates(fields: _FrontMatter, path: Path, lines: Lines, problems: Problems) -> None:
    if hasattr(fields, "published") and hasattr(fields, "review_by") and fields.review_by <= fields.published:
        hint = "a leaflet is published before it is reviewed again"
        problems.add("review_by must be later than published", path, line_of(lines, ("review_by",)), hint)


def _check_names(
    messages: Sequence[Message],
    values: set[str],
    path: Path,
    lines: Lines,
    problems: Problems,
) -> None:
    """Every placeholder stands for something, and every value is shown."""
    used: set[str] = set()
    for message in messages:
        if markdown.is_blank(message.msgid):
            problems.add("a text that shows nothing", path, message.line, "write it, or remove it")
        if message.msgid_plural:
            continue
        for name in markdown.placeholders(message.msgid):
            used.add(name)
            if name not in values:
                hint = nearest(name, values, "add it to `values:`") if values else "add it to `values:`"
                problems.add(f"unknown value {{{name}}}", path, message.line, hint)
    for name in sorted(values - used):
        problems.add(
            f"the value {name!r} is never used",
            path,
            line_of(lines, ("values", name)),
            f"write {{{name}}}, or remove it",
        )
