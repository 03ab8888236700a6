"""What a page is before it is a leaflet: blocks in reading order, whatever kind of file they come from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row"]

_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphens and zero-width marks: where a line may break, or not


@dataclass(frozen=True)
class Place:
    """A region of a page that is no part of its text, such as navigation; `sure` where nothing else can be meant."""

    name: str
    sure: bool = True


HIDDEN = Place("hidden on the page", sure=False)
"""What a page shows on demand, or never."""


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, one item of a list, or a row of a table, as plain text.

    `line` counts from 1, in the file or, of a document without lines, in paragraphs. `group` tells the lists and tables
    of a page apart. `may_head` is set where a paragraph looks like a heading, `links_only` where every word is part of
    a link, `main` says what the extraction library thinks (None: it was not asked), and `notes` tell an editor why to
    look at it.
    """

    kind: BlockKind
    text: str
    line: int
    level: int = 0
    group: int = 0
    ordered: bool = False
    cells: tuple[str, ...] = ()
    place: Place | None = None
    may_head: bool = False
    links_only: bool = False
    main: bool | None = None
    notes: tuple[str, ...] = ()

    @property
    def heads(self) -> bool:
        """Whether it is a heading, or can be one."""
        return self.kind == "heading" or self.may_head

    @property
    def key(self) -> str:
        """What equal texts have in common: their letters and digits."""
        return key_of(self.text)


@dataclass(frozen=True)
class Remark:
    """Something that is told of a line of the file: why, and about what text."""

    line: int
    reason: str
    text: str = ""


@dataclass(frozen=True)
class Page:
    """What a reader made of a file. `unit` is what its places are counted in."""

    blocks: tuple[Block, ...]
    title: Remark | None = None
    summary: Remark | None = None
    dropped: tuple[Remark, ...] = ()
    unsure: tuple[Remark, ...] = ()
    unit: Literal["line", "paragraph"] = "line"


def clean(text: str) -> str:
    """The text in one line, without what no reader sees."""
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())


def key_of(text: str) -> str:
    """A text's letters and digits in small letters, in which two writings of it are equal."""
    return " ".join(re.findall(r"\w+", text.casefold()))
