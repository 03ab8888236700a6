"""What a screen reader is told of a PDF, beyond what WeasyPrint tells it (ISO 14289-1, PDF/UA-1).

WeasyPrint builds the structure tree from the boxes of the pages. This goes over it: each part gets its language, what
is repeated on every page is left out as an artifact, header cells say what they head, links say where they lead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from polyleaf.actual_text import spoken

_HIDDEN = "aria-hidden"
"""The attribute of elements that are there to be seen alone."""
_PT_PER_PX = 0.75
_RUNNING = ("/P", "/Span", "/NonStruct", "/LBody", "/Lbl", "/Link", "/TH", "/TD", "/H1", "/H2", "/H3", "/Caption")
"""Tags of what holds running text."""


@dataclass
class TaggedPage:
    """A page that was painted: its box, its height in CSS px, its stream, and boxes by their numbers (MCID) in it."""

    box: Any
    height: float
    stream: Any
    boxes: Mapping[int, Any]
    reversed: set[int]
    """The ids of the boxes whose text is drawn from right to left."""
    shifts: Mapping[int, float]
    """How far to the right of their own place pictures are painted, in CSS px, by the ids of their boxes."""
    hidden: set[int] = field(default_factory=set)
    """The ids of the boxes that a screen reader passes over."""


class Structure:
    """The structure tree of one PDF, as pydyf's objects."""

    def __init__(self, pdf: Any, pages: Sequence[TaggedPage]) -> None:
        self._pdf = pdf
        self._pages = pages
        root = self._at(pdf.catalog["StructTreeRoot"])
        self._document = self._at(root["K"][0])
        numbers = self._at(root["ParentTree"])["Nums"]
        self._parents: list[list[Any]] = numbers[1 : 2 * len(pages) : 2]

    def complete(self, lang: str) -> None:
        """Make it what PDF/UA asks for. `lang` is the language of the document."""
        langs: dict[int, str] = {}
        for page, parents in zip(self._pages, self._parents, strict=True):
            page.hidden |= {id(box) for box in _hidden(page.box)}
            for number, box in page.boxes.items():
                element = self._at(parents[number])
                if id(box) in page.hidden:
                    self._remove(element)
                    parents[number] = "null"
                    continue
                if not getattr(box, "text", "-").strip():
                    self._keep_space(element)
                    continue
                langs[element.number] = box.style["lang"] or lang
                self._describe(element, box, page)
            self._mark_artifacts(page)
            for box in _boxes(page.box):
                _describe_cell_and_link(box)
        self._tell_languages(self._document, langs, lang)
        self._pair_terms(self._document)

    def _at(self, reference: bytes) -> Any:
        return self._pdf.objects[int(reference.split()[0])]

    def _children(self, element: Any) -> list[Any]:
        """The structure elements in one, without the contents of pages."""
        found = (self._at(kid) for kid in element.get("K", ()) if isinstance(kid, bytes))
        return [kid for kid in found if kid.get("Type") == "/StructElem"]

    def _remove(self, element: Any) -> None:
        """Take an element out, with all above it that nothing is left in."""
        parent = self._at(element["P"])
        kids = parent["K"]
        if element.reference in kids:
            kids.remove(element.reference)
        element.clear()
        if not kids and parent is not self._document and "P" in parent:
            self._remove(parent)

    def _keep_space(self, element: Any) -> None:
        """A space that is not drawn parts words in running text; between blocks it is nothing."""
        import pydyf

        if self._at(element["P"])["S"] in _RUNNING:
            element["ActualText"] = pydyf.String(" ")
        else:
            self._at(element["P"])["K"].remove(element.reference)

    def _mark_artifacts(self, page: TaggedPage) -> None:
        """Say in what is drawn that hidden boxes are no content; they may be in a group of their own."""
        for stream in self._pdf.objects:
            if getattr(stream, "_tags", None) is not page.stream._tags:
                continue
            for at, part in enumerate(stream.stream):
                if isinstance(part, dict) and "MCID" in part and id(page.boxes[part["MCID"]]) in page.hidden:
                    del part["MCID"]
                    part["Type"] = "/Pagination"
                    stream.stream[at - 1] = "/Artifact"

    def _describe(self, element: Any, box: Any, page: TaggedPage) -> None:
        import pydyf

        if element["S"] == "/Figure":
            left, top = box.content_box_x() + page.shifts.get(id(box), 0), page.height - box.content_box_y()
            area = (left, top - box.height, left + box.width, top)
            element["A"]["BBox"] = pydyf.Array([round(side * _PT_PER_PX, 2) for side in area])
        elif id(box) in page.reversed:
            element["ActualText"] = pydyf.String(spoken(box.text))

    def _tell_languages(self, element: Any, langs: Mapping[int, str], around: str) -> None:
        """Write a language to the outermost elements that are wholly in it."""
        import pydyf

        found = set(self._languages(element, langs))
        if len(found) == 1 and found != {around}:
            [around] = found
            element["Lang"] = pydyf.String(around)
        if found - {around}:
            for child in self._children(element):
                self._tell_languages(child, langs, around)

    def _languages(self, element: Any, langs: Mapping[int, str]) -> Iterator[str]:
        if element.number in langs:
            yield langs[element.number]
        for child in self._children(element):
            yield from self._languages(child, langs)

    def _pair_terms(self, element: Any) -> None:
        """A term and what is said of it are one item of a list: WeasyPrint makes them two, in a division."""
        for child in self._children(element):
            items = self._children(child)
            if element["S"] == "/L" and child["S"] == "/Div" and all(item["S"] == "/LI" for item in items):
                child["S"] = "/LI"
                for item, tag in zip(items, ["/Lbl", *["/LBody"] * len(items)], strict=False):
                    item["S"] = tag
                    for body in self._children(item):
                        body["S"] = "/NonStruct"
            else:
                self._pair_terms(child)


Link = tuple[str, str, tuple[float, float, float, float], Any]
"""A link as WeasyPrint keeps it: its kind, where it leads, its rectangle in CSS px, and its box."""


def reachable(link: Link) -> Link | None:
    """A link with a rectangle that can be pointed at; None for one that another box has already.

    WeasyPrint takes the height of the line, which is nothing for a raised number.
    """
    kind, target, (left, top, right, bottom), box = link
    if not box.link:
        return None
    texts = [inner for inner in _boxes(box) if hasattr(inner, "text")]
    if texts:
        top = min(top, *(text.position_y + text.baseline - text.style["font_size"] for text in texts))
        bottom = max(bottom, *(text.position_y + text.baseline + text.style["font_size"] / 4 for text in texts))
    return kind, target, (left, top, right, bottom), box


def _boxes(box: Any) -> Iterator[Any]:
    """A box and all that is in it."""
    box = getattr(box, "_box", box)  # where one was taken out of the flow
    yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


def _hidden(box: Any) -> Iterator[Any]:
    """The boxes that a screen reader passes over: those in margins, and those that the template hides."""
    box = getattr(box, "_box", box)
    element = box.element
    if type(box).__name__ == "MarginBox" or (element is not None and element.get(_HIDDEN) == "true"):
        yield from _boxes(box)
        return
    for child in getattr(box, "children", ()):
        yield from _hidden(child)


def _describe_cell_and_link(box: Any) -> None:
    import pydyf

    mark, link = getattr(box, "mark", None), box.link_annotation
    if mark is not None and box.element is not None and box.element.tag == "th":
        mark["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"
    if link is not None and box.element is not None:
        text = box.element.get("aria-label") or " ".join("".join(box.element.itertext()).split())
        if text:
            link["Contents"] = pydyf.String(spoken(text))
