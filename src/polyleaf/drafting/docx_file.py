"""Word documents as blocks: mammoth reads the running text; what it does not take for that is told of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from polyleaf.drafting.block import Block, Page, Remark, clean, key_of
from polyleaf.drafting.html_page import read_fragment
from polyleaf.errors import PolyleafError, Problem
from polyleaf.package import check_package

_LARGEST = 200 * 2**20  # bytes unpacked, pictures included
_DOCUMENT = "word/document.xml"
_READABLE = 'save it as "Word document (.docx)" without a password'
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""
_BESIDE = {
    "header": "in the header of the document's pages",
    "footer": "in the footer of the document's pages",
    "comments": "a comment in the document",
}


def read_docx(data: bytes, path: Path) -> Page:
    """The blocks of a document. Places are paragraphs, counted from 1. Raises `PolyleafError`."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        message = "this is an old Word file (.doc) or one with a password"
        raise PolyleafError(Problem(message, path, hint=_READABLE))
    check_package(data, path, "document", _LARGEST, _READABLE)
    try:
        with ZipFile(BytesIO(data)) as package:
            if _DOCUMENT not in package.namelist():
                raise PolyleafError(Problem(f"this is no Word document: it has no {_DOCUMENT}", path, hint=_READABLE))
            beside = tuple(_beside(package))
            paragraphs = list(_paragraphs(package.read(_DOCUMENT)))
        page = read_fragment(_as_html(data), path, numbered=True)
    except PolyleafError:
        raise
    except Exception as error:  # whatever mammoth and the parsers meet in a broken file
        message = f"the document cannot be read: {type(error).__name__}: {error}"
        raise PolyleafError(Problem(message, path, hint=_READABLE)) from None
    missed = tuple(_missed(paragraphs, page))
    return replace(page, dropped=(*page.dropped, *beside, *missed), unit="paragraph")


def _as_html(data: bytes) -> str:
    import mammoth
    from mammoth import documents, transforms

    numbers = count(1)

    def numbered(paragraph: Any) -> Any:
        mark = documents.bookmark(f"paragraph-{next(numbers)}")
        return paragraph.copy(children=[mark, *paragraph.children])

    result = mammoth.convert_to_html(
        BytesIO(data),
        style_map=_STYLES,
        transform_document=transforms.paragraph(numbered),
        convert_image=mammoth.images.img_element(lambda image: {"src": ""}),
        include_embedded_style_map=False,
        external_file_access=False,
    )
    return str(result.value)


def _paragraphs(data: bytes) -> Iterator[Remark]:
    """Every paragraph of a part with its number: all text that Word shows, with that of boxes inside it."""
    from defusedxml.ElementTree import fromstring

    for number, paragraph in enumerate(_outermost(fromstring(data)), start=1):
        if text := clean("".join(_shown(paragraph))):
            yield Remark(number, "", text)


def _outermost(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == f"{_WORD}p":
            yield child
        else:
            yield from _outermost(child)


def _shown(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter():
        if element.tag == f"{_WORD}t":
            yield element.text or ""
        elif element.tag in (f"{_WORD}tab", f"{_WORD}br"):
            yield " "


def _beside(package: ZipFile) -> Iterator[Remark]:
    """What stands in headers, footers and comments."""
    for name in sorted(package.namelist()):
        kind = next((kind for kind in _BESIDE if name.startswith(f"word/{kind}") and name.endswith(".xml")), "")
        for paragraph in _paragraphs(package.read(name)) if kind else ():
            yield Remark(0, _BESIDE[kind], paragraph.text)


def _missed(paragraphs: list[Remark], page: Page) -> Iterator[Remark]:
    """The paragraphs that have words which no block has: in shapes, fields or boxes that mammoth passes by."""
    words = {word for block in page.blocks for word in key_of(_all_text(block)).split()}
    for paragraph in paragraphs:
        if not set(key_of(paragraph.text).split()) <= words:
            yield replace(paragraph, reason="no running text: it stands in a shape, a field or a box")


def _all_text(block: Block) -> str:
    return " ".join((block.text, *block.cells))
