"""HTML pages as blocks, each with its line and the region of the page that it stands in. Nothing is fetched or run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from polyleaf.drafting.block import HIDDEN, Block, Page, Place, Remark, clean, key_of
from polyleaf.errors import PolyleafError, Problem

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl"}
    | {"dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li"}
    | {"main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "section", "select", "summary", "table", "tbody"}
    | {"td", "tfoot", "th", "thead", "tr", "ul"}
)
_UNSEEN = frozenset({"script", "style", "template", "head", "title", "meta", "link", "svg", "math", "datalist"})
_FORM = Place("a form")
_TAGS = {
    "nav": Place("navigation"),
    "footer": Place("the page's footer"),
    "aside": Place("an aside", sure=False),
    "noscript": Place("shown without scripts alone"),
    "select": _FORM,
    "textarea": _FORM,
    "dialog": Place("a dialogue"),
    "iframe": Place("another page inside this one"),
    "object": Place("another page inside this one"),
    "video": Place("a film"),
    "audio": Place("a recording"),
}
_ROLES = {
    "navigation": Place("navigation"),
    "search": _FORM,
    "contentinfo": Place("the page's footer"),
    "dialog": Place("a dialogue"),
    "alertdialog": Place("a dialogue"),
    "complementary": Place("an aside", sure=False),
}
_CLASSES: dict[Place, str] = {
    Place("cookie notice"): "cookie cookies gdpr cmp cookiebar onetrust",
    Place("navigation"): "nav navbar menu breadcrumb breadcrumbs pagination pager skip skiplink sitemap toolbar",
    Place("table of contents"): "toc",
    Place("advertising"): "ad ads adv advert adverts advertisement adsense sponsor sponsored popup newsletter",
    Place("links to share it"): "share sharing social addthis",
    Place("comments of readers"): "comments comment respond testimonial testimonials reviews",
    Place("byline"): "byline author postmeta",
    Place("links to other pages", sure=False): "related recommended",
    Place("a banner", sure=False): "banner",
    Place("a box beside the text", sure=False): "sidebar promo promotion cta widget teaser",
}
_PLACE_OF_CLASS = {word: place for place, words in _CLASSES.items() for word in words.split()}
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_HEADING = "its table has no heading: this row stands for one"
_BULLET = re.compile(r"^\s*(?:[•◦▪▫●○■□‣⁃∙·✓✔➢➤►*]|[-–—](?=\s))\s*")
_NUMBERED = re.compile(r"^\s*\(?(\d{1,2})[.)]\s+(?=\D)")
_PARAGRAPH = re.compile(r"paragraph-(\d+)")
_LARGEST_JUDGED = 2**20  # characters; a longer page is no page that somebody wrote
LONGEST_HEADING = 10
"""Words: what is longer is no heading, whatever it looks like."""


@dataclass(frozen=True)
class _At:
    """Where the walk is: what a text there would be."""

    kind: Literal["heading", "paragraph", "item"] = "paragraph"
    level: int = 0
    group: int = 0
    ordered: bool = False
    place: Place | None = None
    may_head: bool = False
    linked: bool = False
    strong: bool = False


@dataclass
class _Piece:
    text: str
    line: int
    linked: bool
    strong: bool


@dataclass
class _Walker:
    """Collects the blocks of one page. `numbered`: places are paragraphs, marked by anchors, and not lines."""

    numbered: bool = False
    first_line: int = 1
    blocks: list[Block] = field(default_factory=list)
    dropped: list[Remark] = field(default_factory=list)
    _pieces: list[_Piece] = field(default_factory=list)
    _line: int = 1
    _groups: int = 0

    def walk(self, element: HtmlElement, at: _At) -> None:
        """Take in an element with all that is inside it, but not the text behind it."""
        self._arrive(element)
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSEEN:  # a comment, or what no reader sees
            self._pass_by(element)
        elif tag == "br":
            self._say("\n", at)
        elif tag == "img":
            self._image(element)
        elif tag == "table" and _is_data(element):
            self._flush(at)
            self._table(element, replace(at, place=at.place or _place_of(element)))
        elif tag in _BLOCKS or tag in _HEADINGS or tag in _TAGS or (tag == "button" and at.kind != "heading"):
            self._flush(at)
            inside = self._inside(element, at)
            self._content(element, inside)
            self._flush(inside)
        else:
            self._content(element, self._inline(element, at))

    def _arrive(self, element: HtmlElement) -> None:
        if not self.numbered:
            self._line = (element.sourceline or 1) + self.first_line - 1
        elif isinstance(element.tag, str) and (match := _PARAGRAPH.fullmatch(element.get("id", ""))):
            self._line = int(match[1])

    def _content(self, element: HtmlElement, at: _At) -> None:
        self._say(element.text or "", at)
        for child in element:
            self.walk(child, at)
            self._say(child.tail or "", at)

    def _pass_by(self, element: HtmlElement) -> None:
        if not self.numbered:
            seen = element.itertext() if isinstance(element.tag, str) else [element.text or ""]
            self._line += sum(str(text).count("\n") for text in seen)

    def _say(self, text: str, at: _At) -> None:
        if text == "\n":  # a line break that the page asks for
            self._pieces.append(_Piece("\n", self._line, at.linked, at.strong))
            return
        before = text[: len(text) - len(text.lstrip())].count("\n") if not self.numbered else 0
        words = " ".join(text.split())
        if words:
            spaced = f"{' ' * text[0].isspace()}{words}{' ' * text[-1].isspace()}"
            self._pieces.append(_Piece(spaced, self._line + before, at.linked, at.strong))
        elif text:
            self._pieces.append(_Piece(" ", self._line, at.linked, at.strong))
        self._line += text.count("\n") if not self.numbered else 0

    def _image(self, element: HtmlElement) -> None:
        if told := clean(element.get("alt") or ""):
            self.dropped.append(Remark(self._line, "a picture, by its description", told))

    def _inside(self, element: HtmlElement, at: _At) -> _At:
        """What a text inside a block element is."""
        tag = element.tag
        place = at.place if at.place and at.place.sure else _place_of(element) or at.place
        if tag in _HEADINGS:
            return replace(at, kind="heading", level=_HEADINGS[tag], place=place)
        if tag in ("ul", "ol", "menu"):
            self._groups += 1
            return replace(at, group=self._groups, ordered=tag == "ol", place=place)
        if tag == "li":
            return replace(at, kind="item", place=place)
        if tag == "button":
            return replace(at, place=place or Place("a button"))
        return replace(at, may_head=tag in ("dt", "summary") or at.may_head, place=place)

    def _inline(self, element: HtmlElement, at: _At) -> _At:
        linked = at.linked or (element.tag == "a" and element.get("href") is not None)
        return replace(at, linked=linked, strong=at.strong or element.tag in ("b", "strong"))

    def _flush(self, at: _At) -> None:
        """Make blocks of the text that was collected: one, or one for each line that is a paragraph or item itself."""
        pieces, self._pieces = self._pieces, []
        for run in _runs(pieces):
            text = clean("".join(piece.text for piece in run))
            if not text:
                continue
            words = [piece for piece in run if piece.text.strip()]
            short = len(text.split()) <= LONGEST_HEADING and at.kind == "paragraph" and not text.endswith((".", ","))
            block = Block(
                at.kind,
                text,
                words[0].line,
                at.level if at.kind == "heading" else 0,
                at.group if at.kind == "item" else 0,
                at.ordered and at.kind == "item",
                place=at.place,
                may_head=short and (at.may_head or all(piece.strong for piece in words)),
                links_only=all(piece.linked or not key_of(piece.text) for piece in words),
            )
            self.blocks.append(self._as_item(block) if at.kind == "paragraph" else block)

    def _as_item(self, block: Block) -> Block:
        """A paragraph that begins with a bullet or a number is an item, whatever the page calls it."""
        item = as_item(block, self.blocks[-1] if self.blocks else None, self._groups + 1)
        self._groups = max(self._groups, item.group)
        return item

    def _table(self, table: HtmlElement, at: _At) -> None:
        self._groups += 1
        group = self._groups
        caption = table.find("caption")
        if caption is not None:
            self.walk(caption, at)
        headed = table.find(".//th") is not None
        for row in table.iter("tr"):
            self._arrive(row)
            line = self._line
            cells = tuple(self._cell(cell, at) for cell in row if cell.tag in ("td", "th"))
            line = max(line, 1)
            text = clean(" ".join(cells))
            if text:
                linked = all(_is_linked(cell) for cell in row)
                block = Block("row", text, line, group=group, cells=cells, place=at.place, links_only=linked)
                self.blocks.append(block if headed else replace(block, notes=(_NO_HEADING,)))
                headed = True

    def _cell(self, cell: HtmlElement, at: _At) -> str:
        """A cell's text. What stands in it in several blocks is parted by spaces."""
        inner = _Walker(self.numbered, self.first_line, _line=self._line)
        inner.walk(cell, _At())
        self._line = inner._line
        self.dropped += inner.dropped
        return clean(" ".join(block.text for block in inner.blocks))


def as_item(block: Block, before: Block | None, new_group: int) -> Block:
    """The paragraph as an item of a list where it begins with a bullet or a number, in the list of the one before."""
    number = _NUMBERED.match(block.text)
    mark = number or _BULLET.match(block.text)
    if mark is None or not block.text[mark.end() :]:
        return block
    joins = before is not None and before.kind == "item" and before.ordered == bool(number)
    if number and not joins and number[1] != "1":
        return block
    group = before.group if joins and before is not None else new_group
    text = block.text[mark.end() :]
    return replace(block, kind="item", text=text, group=group, ordered=bool(number), may_head=False)


def _runs(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """The stretches of a text that its line breaks part: at an empty line, and before and behind a bullet."""
    lines: list[list[_Piece]] = [[]]
    for piece in pieces:
        if piece.text == "\n":
            lines.append([])
        else:
            lines[-1].append(piece)
    run: list[_Piece] = []
    for line in lines:
        text = "".join(piece.text for piece in line)
        begins = not text.strip() or _BULLET.match(text) or _is_title(line)
        if run and (begins or _BULLET.match("".join(p.text for p in run)) or _is_title(run)):
            yield run
            run = []
        run = [*run, *([_Piece(" ", line[0].line, True, True)] if line and run else []), *line]
    yield run


def _is_title(line: list[_Piece]) -> bool:
    words = [piece for piece in line if piece.text.strip()]
    return bool(words) and all(piece.strong for piece in words)


def _place_of(element: HtmlElement) -> Place | None:
    """The region that an element makes by its tag, its role or its class; none where it holds the page's own text."""
    own = element.tag in ("html", "body", "main", "article")
    if own or any(element.find(f".//{tag}") is not None for tag in ("h1", "main", "article")):
        return None
    names = re.findall(r"[a-z]+", f"{element.get('class', '')} {element.get('id', '')}".lower())
    hidden = element.get("hidden") is not None or _NO_DISPLAY.search(element.get("style", ""))
    found = (
        _TAGS.get(element.tag),
        _ROLES.get(element.get("role", "")),
        _FORM if element.tag == "form" and not _has_headings(element) else None,
        Place("the page's header") if element.tag == "header" and _is_top(element) else None,
        *(_PLACE_OF_CLASS.get(name) for name in names),
        HIDDEN if hidden else None,
    )
    return next((place for place in found if place is not None), None)


def _has_headings(element: HtmlElement) -> bool:
    return any(element.find(f".//{tag}") is not None for tag in ("h2", "h3"))


def _is_top(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "body"


def _is_data(table: HtmlElement) -> bool:
    """Whether a table holds data; many hold the parts of a page in place."""
    if any(table.find(f".//{tag}") is not None for tag in (*_HEADINGS, "table", "ul", "ol", "nav", "form")):
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    return len(rows) > 1 and max(len(row) for row in rows) > 1


def _is_linked(cell: HtmlElement) -> bool:
    texts = [text for text in cell.itertext() if text.strip()]
    return all(any(text.strip() == link.text_content().strip() for link in cell.iter("a")) for text in texts)


# Pages ---------------------------------------------------------------------------------------------------------------


def read_html(text: str, path: Path) -> Page:
    """The blocks of a page. Raises `PolyleafError` where there are none."""
    root = _parsed(text, path)
    walker = _Walker()
    _walk(walker, root, path)
    titles = [
        Remark(found.sourceline or 1, "the page's title", named)
        for found in root.iter("title")
        if (named := clean(found.text_content()))
    ]
    described = [
        Remark(found.sourceline or 1, "the page's description of itself", told)
        for found in root.iter("meta")
        if found.get("name", "").lower() == "description" and (told := clean(found.get("content", "")))
    ]
    blocks = _judged(walker.blocks, text)
    return Page(blocks, next(iter(titles), None), next(iter(described), None), tuple(walker.dropped))


def read_fragment(text: str, path: Path, numbered: bool, first_line: int = 1) -> Page:
    """The blocks of a piece of HTML. `numbered`: anchors `paragraph-N` say what the places are."""
    walker = _Walker(numbered, first_line)
    _walk(walker, _parsed(f"<div>{text}</div>", path), path)
    return Page(tuple(walker.blocks), dropped=tuple(walker.dropped))


def _walk(walker: _Walker, root: HtmlElement, path: Path) -> None:
    try:
        walker.walk(root, _At())
    except RecursionError:
        hint = "copy its text into a new document, and import that"
        raise PolyleafError(Problem("its elements are nested too deep to be read", path, walker._line, hint)) from None


def _parsed(text: str, path: Path) -> HtmlElement:
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    try:
        parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError) as error:
        message = f"the page cannot be read: {error}"
        raise PolyleafError(Problem(message, path, hint="save it as HTML in a browser")) from None


def _judged(blocks: list[Block], text: str) -> tuple[Block, ...]:
    """The blocks with what the extraction library thinks of each."""
    main = _main_text(text)
    if main is None:
        return tuple(blocks)
    return tuple(replace(block, main=block.key in main) for block in blocks)


def _main_text(text: str) -> str | None:
    """The letters and digits of what trafilatura takes for the main content; None where it finds none, or too much."""
    if len(text) > _LARGEST_JUDGED:
        return None
    import logging

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    from trafilatura import extract

    try:
        found = extract(text, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False)
    except Exception:  # it is one sign among others, and the page was read without it
        return None
    return key_of(found) if found else None
