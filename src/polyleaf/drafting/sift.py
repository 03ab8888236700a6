"""Leaves out what is no part of a page's text: navigation, advertising, repeats. Nothing goes without being told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from polyleaf.drafting.block import HIDDEN, Block, Page, Remark, key_of
from polyleaf.drafting.words import CONTENTS, Words

_SHORT = 12  # words: what is longer says more than one phrase
_LONG_COLON = 5  # words: what is longer and ends with a colon introduces a list
_REPEATED = 8  # words: shorter paragraphs, such as "Common:", may well come twice
_TITLE_MARKS = (" | ", " – ", " — ", " - ", " :: ", " » ")


@dataclass
class Sifted:
    """The blocks that are left, headings among them told from paragraphs, and what was left out."""

    title: str
    blocks: list[Block]
    dropped: list[Remark] = field(default_factory=list)
    unsure: list[Remark] = field(default_factory=list)

    def drop(self, reason_of: Callable[[Block], str]) -> None:
        """Leave out the blocks for which there is a reason."""
        kept = []
        for block in self.blocks:
            if reason := reason_of(block):
                self.dropped.append(Remark(block.line, reason, block.text))
            else:
                kept.append(block)
        self.blocks = kept


def sift(page: Page, words: Words, name: str) -> Sifted:
    """What a page says, without what is around it. `name` stands for the title where the page has none."""
    sifted = _titled(page, words, name)
    sifted.blocks = _numbered_headings(sifted.blocks, words)
    _drop_regions(sifted, words)
    contents = _drop_contents(sifted, words)
    _drop_links(sifted, words)
    _drop_below(sifted, words)
    sifted.drop(lambda block: _furniture(block, words))
    sifted.blocks = [_as_heading(block, words, contents, key_of(sifted.title)) for block in sifted.blocks]
    _drop_repeats(sifted, following={block.line: after.line for block, after in pairwise(page.blocks)})
    sifted.blocks = [_noted(block, words) for block in sifted.blocks]
    return sifted


# The title -----------------------------------------------------------------------------------------------------------


def _titled(page: Page, words: Words, name: str) -> Sifted:
    """The page with its title taken out of its blocks."""
    dropped, unsure = list(page.dropped), list(page.unsure)
    place = _title_at(page.blocks, words)
    if place is not None:
        title = page.blocks[place].text
    elif page.title is not None:
        title = _without_site(page.title.text)
    else:
        title = name
        unsure.append(Remark(1, "no title was found: the name of the file stands for it"))
    if page.title is not None and page.title.text != title:
        dropped.append(page.title)
    blocks = [block for at, block in enumerate(page.blocks) if at != place]
    return Sifted(title, blocks, dropped, unsure)


def _title_at(blocks: Sequence[Block], words: Words) -> int | None:
    """Where the title is: the only heading of the first level, or the first if it heads no section; or line one."""
    first = [at for at, block in enumerate(blocks) if block.level == 1 and not (block.place and block.place.sure)]
    if first and (len(first) == 1 or words.sections(blocks[first[0]].text) in ([], ["about"])):
        return first[0]
    has_headings = any(block.kind == "heading" for block in blocks)
    return 0 if blocks and blocks[0].may_head and not has_headings else None


def _without_site(title: str) -> str:
    """The title of a browser's window without the name of the web site behind it."""
    mark = next((mark for mark in _TITLE_MARKS if mark in title), None)
    return title.split(mark, maxsplit=1)[0].strip() or title if mark else title


# Regions, contents and links -----------------------------------------------------------------------------------------


def _drop_regions(sifted: Sifted, words: Words) -> None:
    """Leave out regions. One that may hold text is kept as a whole where its headings or the library speak for it."""
    kept: list[Block] = []
    below_heading = False
    for place, run in groupby(sifted.blocks, key=lambda block: block.place):
        blocks = list(run)
        if place is None:
            kept += blocks
        elif not place.sure and _speaks(blocks, words, below_heading):
            kept += [
                replace(block, notes=(*block.notes, f"it stands in a part of the page that is {place.name}"))
                for block in blocks
            ]
        else:
            sifted.dropped += [Remark(block.line, place.name, block.text) for block in blocks]
        below_heading = blocks[-1].heads and bool(words.sections(blocks[-1].text))
    sifted.blocks = kept


def _speaks(blocks: Sequence[Block], words: Words, below_heading: bool) -> bool:
    """Whether a region holds text of the page. The library does not know what a page hides."""
    if blocks[0].place == HIDDEN:
        return below_heading
    main = sum(len(block.text) for block in blocks if block.main)
    known = any(block.heads and words.sections(block.text) for block in blocks)
    return known or 2 * main > sum(len(block.text) for block in blocks)


def _drop_contents(sifted: Sifted, words: Words) -> set[str]:
    """Leave out tables of contents: lists of headings. Returns what they list, as keys."""
    headings = {block.key for block in sifted.blocks if block.heads}
    lists = defaultdict(list)
    for block in sifted.blocks:
        if block.kind == "item":
            lists[block.group].append(block.key)
    found = {group for group, keys in lists.items() if len(keys) > 1 and set(keys) <= headings}
    sifted.drop(lambda block: CONTENTS if block.kind == "item" and block.group in found else "")
    return {key for group in found for key in lists[group]}


def _drop_links(sifted: Sifted, words: Words) -> None:
    """Leave out lists of links, and headings and paragraphs that are links alone."""
    lists = defaultdict(list)
    for block in sifted.blocks:
        if block.kind == "item":
            lists[block.group].append(block.links_only)
    links = {group for group, linked in lists.items() if all(linked)}

    def reason(block: Block) -> str:
        alone = block.links_only and (block.kind == "paragraph" or (block.kind == "heading" and not block.main))
        known = block.heads and words.sections(block.text)
        listed = block.kind == "item" and block.group in links
        return "links to other pages" if listed or (alone and not known) else ""

    sifted.drop(reason)


def _drop_below(sifted: Sifted, words: Words) -> None:
    """Leave out what stands below a heading such as "Related articles", if the library does not take it for text."""
    head: Block | None = None
    kept: list[Block] = []
    for block in sifted.blocks:
        if block.kind == "heading" and (head is None or block.level <= head.level):
            head = block if _furniture(block, words) else None
        below = f'it stands below "{head.text}"' if head is not None and block is not head else ""
        if below and block.main is not True:
            sifted.dropped.append(Remark(block.line, below, block.text))
        else:
            kept.append(replace(block, notes=(*block.notes, below)) if below else block)
    sifted.blocks = kept


def _furniture(block: Block, words: Words) -> str:
    """Why a block is no part of the text by its phrases: one is enough in a short text. Rows of tables stay."""
    if block.kind == "row" or (block.kind == "heading" and words.sections(block.text)):
        return ""
    reasons = words.furniture(block.text)
    if not reasons or (len(reasons) < 2 and len(block.text.split()) > _SHORT):
        return ""
    return reasons[0]


# Headings and repeats ------------------------------------------------------------------------------------------------


def _numbered_headings(blocks: Sequence[Block], words: Words) -> list[Block]:
    """The blocks with "1. Side effects" as a heading, where no other item follows and its words are known."""
    count = Counter(block.group for block in blocks if block.kind == "item")

    def headed(block: Block) -> Block:
        alone = block.kind == "item" and block.ordered and count[block.group] == 1
        if not alone or len(block.text.split()) > _SHORT or not words.sections(block.text):
            return block
        return replace(block, kind="heading", text=f"1. {block.text}", level=2, group=0, ordered=False)

    return [headed(block) for block in blocks]


def _as_heading(block: Block, words: Words, contents: set[str], title: str) -> Block:
    """A short line is a heading where its words are known to head a section, or the table of contents has it."""
    if not block.may_head:
        return block
    introduces = block.text.endswith(":") and len(block.text.split()) > _LONG_COLON
    known = not introduces and words.sections(block.text)
    if known or block.key in contents or block.key == title:
        return replace(block, kind="heading", level=block.level or 2, may_head=False)
    looks = not block.text.endswith(":") and not words.furniture(block.text)
    notes = (*block.notes, "it may be a heading, of which section is not known") if looks else block.notes
    return replace(block, may_head=False, notes=notes)


def _drop_repeats(sifted: Sifted, following: Mapping[int, int]) -> None:
    """Leave out headings and paragraphs that were there before, and empty headings that come again."""
    title = key_of(sifted.title)
    headings = [block.key for block in sifted.blocks if block.kind == "heading"]
    filled = _filled(sifted.blocks, following)
    seen: dict[str, int] = {}

    def reason(block: Block) -> str:
        if block.kind == "heading":
            return _heading_repeats(block, block.line in filled)
        if block.kind == "paragraph" and len(block.text.split()) >= _REPEATED:
            first = seen.setdefault(block.key, block.line)
            return "" if first == block.line else f"it was said before, at {first}"
        return ""

    def _heading_repeats(block: Block, is_filled: bool) -> str:
        if block.key == title and not is_filled:
            return "it repeats the title"
        first = seen.get(f"# {block.key}")
        if first is not None:
            return f"it repeats the heading at {first}"
        if not is_filled and headings.count(block.key) > 1:
            return "it is a heading that comes again"
        seen[f"# {block.key}"] = block.line
        return ""

    sifted.drop(reason)


def _filled(blocks: Sequence[Block], following: Mapping[int, int]) -> set[int]:
    """The lines of the headings that had text below them, before anything was left out."""
    return {
        block.line
        for block, after in pairwise(blocks)
        if block.kind == "heading" and after.kind != "heading" and following.get(block.line) == after.line
    }


# What to look at -----------------------------------------------------------------------------------------------------


def _noted(block: Block, words: Words) -> Block:
    """The block with what an editor should know of it."""
    notes: Iterable[str] = [f"it may be {what}" for what in dict.fromkeys(words.doubtful(block.text))]
    one = list(dict.fromkeys(words.furniture(block.text))) if block.kind != "heading" else []
    notes = (*block.notes, *notes, *(f"it may be of the page and not of the text: {what}" for what in one))
    if block.main is False and not notes and block.kind == "paragraph" and not block.place:
        notes = ("the extraction library leaves it out",)
    return replace(block, notes=tuple(notes))
