"""Reads a PDF as a screen reader does: along its structure tree, by pikepdf alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

_MAPPED = re.compile(r"<([0-9a-f]{4})> <([0-9a-f]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Element:
    """A structure element: its tag, its attributes, the language it is in, what is said of it, and those in it."""

    tag: str
    dictionary: pikepdf.Dictionary
    lang: str
    said: str
    children: tuple[Element, ...]

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def text(self) -> str:
        if "/ActualText" in self.dictionary:
            return str(self.dictionary.ActualText)
        return self.said + "".join(child.text for child in self.children)

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.walk() if element.tag == tag]


def structure(pdf: pikepdf.Pdf) -> Element:
    """The document's element."""
    contents = {page.objgen: marked_texts(page) for page in pdf.pages}

    def read(node: pikepdf.Dictionary, page: Any, lang: str) -> Element:
        page = node.get("/Pg", page)
        lang = str(node.get("/Lang", lang))
        said, children = "", []
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                said += contents[page.objgen][kid]
            elif kid.get("/Type") == "/StructElem":
                children.append(read(kid, page, lang))
        return Element(str(node.S)[1:], node, lang, said, tuple(children))

    [document] = pdf.Root.StructTreeRoot.K
    return read(document, None, str(pdf.Root.Lang))


def marked_texts(page: pikepdf.Page) -> dict[int, str]:
    """What a page shows, by the numbers of its marked content (MCID); artifacts under -1, what is unmarked under -2."""
    fonts = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
    found: dict[int, str] = defaultdict(str)
    stack: list[tuple[int, str | None]] = [(-2, None)]
    font: dict[bytes, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BMC" | "BDC":
                properties = operands[1] if len(operands) > 1 else {}
                number = -1 if operands[0] == "/Artifact" else int(properties.get("/MCID", stack[-1][0]))
                found[number] += ""
                actual = str(properties.ActualText) if "/ActualText" in properties else None
                if actual is not None:
                    found[number] += actual
                stack.append((number, actual if actual is not None else stack[-1][1]))
            case "EMC":
                stack.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "TJ" if stack[-1][1] is None:
                for part in operands[0]:
                    if isinstance(part, pikepdf.String):
                        codes = bytes(part)
                        found[stack[-1][0]] += "".join(font[codes[at : at + 2]] for at in range(0, len(codes), 2))
    return found


def _characters(font: pikepdf.Dictionary) -> dict[bytes, str]:
    """What the codes of a font stand for."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    return {bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be") for code, text in _MAPPED.findall(table)}
