"""A leaflet as its checks see it, and the register of the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from babel import Locale

from polyleaf import markdown
from polyleaf.catalog.verify import LEAFLET
from polyleaf.checks.leaflets.words import Words
from polyleaf.finding import Finding, Severity
from polyleaf.leaflet import block_messages
from polyleaf.model import Block, Leaflet, Message, ReadingTarget, Section, Table, Value
from polyleaf.rule import Rule, rule_of
from polyleaf.translation.jargon import Jargon
from polyleaf.translation.pair import Text
from polyleaf.translation.sentences import sentences
from polyleaf.values import format_value


@dataclass(frozen=True)
class Said:
    """One text of a leaflet where it stands. `row` is the whole row of a table that it is a cell of, else itself."""

    message: Message
    text: Text
    section: str
    row: tuple[Message, ...]

    @property
    def sentences(self) -> Iterator[tuple[int, int]]:
        """Where each sentence starts and ends, without the spaces around it."""
        for start, end in sentences(self.text):
            part = self.text.masked[start:end]
            yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())


@dataclass(frozen=True)
class Subject:
    """A leaflet with what it is held against."""

    leaflet: Leaflet
    locale: Locale
    today: date
    reading: ReadingTarget
    words: Words
    jargon: Jargon | None = None

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Every section, each followed by its parts."""
        return tuple(part for section in self.leaflet.sections for part in (section, *section.parts))

    @cached_property
    def texts(self) -> tuple[Said, ...]:
        """The texts of the sections in reading order, without headings."""
        return tuple(
            said for section in self.sections for block in section.blocks for said in self.said(section, block)
        )

    @cached_property
    def headings(self) -> tuple[Said, ...]:
        """The title, the summary, and the leaflet's own headings."""
        own = (section.heading for section in self.sections)
        found = (self.leaflet.title, self.leaflet.summary, *own)
        return tuple(self._said(message, message.msgctxt, (message,)) for message in found if message is not None)

    def within(self, *keys: str) -> Iterator[Said]:
        """The texts of some sections and of their parts."""
        return (said for said in self.texts if said.section in keys or said.section.partition(".")[0] in keys)

    def said(self, section: Section, block: Block) -> tuple[Said, ...]:
        """The texts of a block."""
        rows = (block.header, *block.rows) if isinstance(block, Table) else [(text,) for text in block_messages(block)]
        return tuple(self._said(message, section.key, row) for row in rows for message in row)

    def _said(self, message: Message, section: str, row: Sequence[Message]) -> Said:
        return Said(message, self.text(message.msgid), section, tuple(row))

    def text(self, msgid: str) -> Text:
        """A text as the modules about language read it."""
        return Text(msgid, self.locale, LEAFLET)

    def plain(self, msgid: str) -> str:
        """The characters that a reader sees: values are formatted, and citations left out."""
        return "".join(self._plain(markdown.parse_inline(msgid))).strip()

    def _plain(self, nodes: Sequence[markdown.Inline]) -> Iterator[str]:
        for node in nodes:
            match node:
                case markdown.Text(text):
                    yield text
                case markdown.Placeholder(name):
                    yield format_value(self.leaflet.values[name], self.locale)
                case markdown.Strong(children) | markdown.Emphasis(children) | markdown.Link(_, children):
                    yield from self._plain(children)

    def values_in(self, text: Text) -> Iterator[tuple[Value, int, int]]:
        """The values that a text shows, each with where its placeholder starts and ends."""
        for written, start, end in text.placeholders:
            if value := self.leaflet.values.get(written[1:-1]):
                yield value, start, end

    def line(self, *field: str) -> int:
        """The line of a field of the front matter; that of the title where there is none."""
        return self.leaflet.lines.get(field) or self.leaflet.title.line


@dataclass(frozen=True)
class Remark:
    """What a check says of a leaflet: at a line, or of a text, with the stretch of it that is meant."""

    message: str
    hint: str
    line: int = 0
    said: Said | None = None
    span: tuple[int, int] | None = None


Check = Callable[[Subject], Iterator[Remark]]


@dataclass(frozen=True)
class LeafletRule:
    """A rule about a leaflet in its own language. What a `blocks` rule finds is refused by a build."""

    rule: Rule
    check: Check
    blocks: bool = False

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """What it finds."""
        for remark in self.check(subject):
            yield finding_of(subject, self.rule, remark)


LEAFLET_RULES: list[LeafletRule] = []


def rule(code: str, name: str, severity: Severity, blocks: bool = False) -> Callable[[Check], Check]:
    """Register a check; its docstring explains the rule."""

    def register(check: Check) -> Check:
        LEAFLET_RULES.append(LeafletRule(rule_of(code, name, severity, check.__doc__ or ""), check, blocks))
        return check

    return register


def finding_of(subject: Subject, of: Rule, remark: Remark) -> Finding:
    """A remark as a finding, with its place."""
    message = remark.said.message if remark.said else None
    return Finding(
        of.code,
        of.severity,
        remark.message,
        remark.hint,
        subject.leaflet.path.as_posix(),
        message.line if message else remark.line,
        subject.leaflet.name,
        str(subject.locale),
        msgctxt=message.msgctxt if message else "",
        msgid=message.msgid if message else "",
        msgid_span=remark.span if message else None,
    )
