"""The words of the product as frozen values. Nothing here reads a file or knows a library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

Kind = Literal["duration", "frequency", "count", "length", "temperature", "mass", "volume", "money", "date"]


@dataclass(frozen=True)
class Bounds:
    """What a clinic may set a value to, both ends included, in the value's own unit."""

    min: Decimal
    max: Decimal


@dataclass(frozen=True)
class Value:
    """A typed quantity or a range of one.

    `unit` is a CLDR unit name without its category ("day", "millimeter"), or an ISO 4217 code for money. `of` is
    the whole of a frequency. `one` and `other` are the counted noun of a count, in the source language, each with
    `{count}`. `high` is None unless the value is a range. `bounds` is set where clinics may choose.
    """

    kind: Kind
    low: Decimal | date
    high: Decimal | date | None = None
    unit: str = ""
    of: Decimal | None = None
    one: str = ""
    other: str = ""
    bounds: Bounds | None = None


@dataclass(frozen=True)
class Message:
    """One translatable text with its gettext key and the place it came from."""

    msgctxt: str
    msgid: str
    msgid_plural: str = ""
    comment: str = ""
    file: Path | None = field(default=None, compare=False)
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What a catalog finds the message by."""
        return self.msgctxt, self.msgid


def each_once(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The messages in their order, each where it first comes."""
    first: dict[tuple[str, str], Message] = {}
    for message in messages:
        first.setdefault(message.key, message)
    return tuple(first.values())


@dataclass(frozen=True)
class Paragraph:
    """A block of running text."""

    text: Message


@dataclass(frozen=True)
class ListBlock:
    """A bulleted or numbered list; every item is one message."""

    items: tuple[Message, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a heading row; the first cell of every row heads it."""

    header: tuple[Message, ...]
    rows: tuple[tuple[Message, ...], ...]


Block = Paragraph | ListBlock | Table


@dataclass(frozen=True)
class Section:
    """A part with a standard key. `heading` is set where the leaflet has its own instead of the theme's."""

    key: str
    blocks: tuple[Block, ...]
    parts: tuple[Section, ...] = ()
    heading: Message | None = None
    line: int = 0


@dataclass(frozen=True)
class Source:
    """A work that the leaflet's statements rest on."""

    key: str
    title: str
    publisher: str = ""
    year: int | None = None
    doi: str = ""
    url: str = ""

    @property
    def href(self) -> str:
        """Where to read it; empty where only a title is known."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True)
class Waiver:
    """A line that lets a finding stand. `code` is empty where the line names none. `line` is its own, where known."""

    code: str
    reason: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class ReadingTarget:
    """How hard a text may be: words of a sentence, and the grade (school years, as in the US) that understands it.

    Grade 6 is an age of 11, the upper end of what the NHS service manual asks for.
    """

    sentence: int = 20
    grade: float = 6


@dataclass(frozen=True)
class Leaflet:
    """The content of one leaflet in its source language.

    `waivers` are those of its front matter, `waivers_at` those above its blocks, by the line of the block. `lines` are
    those of the front matter's fields. `left_out` has by format the sections that are left out of it; "sources" is the
    list of them.
    """

    name: str
    path: Path
    title: Message
    summary: Message | None
    kind: str
    purpose: str
    version: str
    published: date
    review_by: date
    authors: tuple[str, ...]
    sources: tuple[Source, ...]
    values: dict[str, Value]
    sections: tuple[Section, ...]
    messages: tuple[Message, ...]
    waivers: tuple[Waiver, ...]
    waivers_at: dict[int, tuple[Waiver, ...]]
    lines: Mapping[tuple[str, ...], int]
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class OpeningHours:
    """Days (ISO 8601 numbers, 1 is Monday) that share their hours, as "HH:MM" on a 24-hour clock."""

    days: tuple[int, ...]
    opens: str
    closes: str


@dataclass(frozen=True)
class Phone:
    """A validated number in E.164 form, or a short code of the clinic's territory."""

    number: str
    territory: str
    short: bool = False


@dataclass(frozen=True)
class Logo:
    """A picture: an SVG file, or a PNG file in sRGB with 8 bits a channel, by its media type.

    `inks` is the same picture as a JPEG file in CMYK, where the clinic gave one: its very inks, for a print shop.
    """

    data: bytes
    media_type: str
    inks: bytes = b""


@dataclass(frozen=True)
class Clinic:
    """An imprint: who gives the leaflet out. `lines` are those of its file's fields."""

    name: str
    path: Path
    title: str
    territory: str
    address: tuple[str, ...]
    phone: Phone
    emergency: Phone
    primary: str
    accent: str
    logo: Logo
    website: str
    out_of_hours: Phone | None = None
    urgent: Phone | None = None
    email: str = ""
    hours: tuple[OpeningHours, ...] = ()
    values: dict[str, dict[str, Value]] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Approval:
    """A named person's sign-off of one leaflet in one locale.

    `read` is the SHA-256 of `record`: exactly what was read. It is good until the end of the day `expires`, if that is
    set.
    """

    leaflet: str
    version: str
    by: str
    role: str
    on: date
    read: str
    expires: date | None = None
    record: bytes = field(default=b"", repr=False)


def is_export(format_: str) -> bool:
    """Whether a format is an exporter's, whose name is the ending of its files; a theme's has no dot."""
    return "." in format_


def is_paged(format_: str) -> bool:
    """Whether a format is laid out in pages."""
    return format_ != "web" and not is_export(format_)


@dataclass(frozen=True, order=True)
class Edition:
    """The unit of work: one leaflet in one locale for one clinic in one format for one profile."""

    leaflet: str
    locale: str
    clinic: str
    format: str
    profile: str

    @property
    def label(self) -> str:
        """How messages name the edition."""
        return f"{self.leaflet} · {self.locale} · {self.clinic} · {self.format} · {self.profile}"

    @property
    def is_export(self) -> bool:
        """Whether an exporter writes it."""
        return is_export(self.format)

    @property
    def is_paged(self) -> bool:
        """Whether it is laid out in pages."""
        return is_paged(self.format)

    @property
    def is_for_press(self) -> bool:
        """Whether it is made for a print shop."""
        return self.profile in ("print", "imposed")

    @property
    def path(self) -> str:
        """Where the edition lies below the output folder, with forward slashes."""
        ending = {"web": "html"}.get(self.format, f"{self.format}.pdf")
        if self.is_export:
            ending = self.format
        elif self.is_for_press:
            ending = f"{self.format}.{self.profile}.pdf"
        return f"{self.clinic}/{self.locale}/{self.leaflet}.{ending}"
