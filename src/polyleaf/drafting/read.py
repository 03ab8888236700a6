"""Reads a file of any kind that can be imported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from polyleaf.drafting.block import Page
from polyleaf.drafting.decode import decoded
from polyleaf.errors import PolyleafError, Problem

LARGEST = 20 * 2**20
"""Bytes: a file that is larger is no page of text."""

_HTML = frozenset({".html", ".htm", ".xhtml"})
_MARKDOWN = frozenset({".md", ".markdown"})
SUFFIXES = (".html", ".htm", ".xhtml", ".docx", ".md", ".markdown", ".txt", ".text")
"""The kinds of file that can be read."""


def read_page(path: Path, encoding: str = "") -> Page:
    """The blocks of a file, whose name says of what kind it is. `encoding` is that of text; else it is found out.

    Raises `PolyleafError` for what cannot be read. Nothing that the file refers to is fetched.
    """
    suffix = path.suffix.lower()
    data = _bytes(path, suffix)
    if suffix == ".docx":
        from polyleaf.drafting.docx_file import read_docx

        return read_docx(data, path)
    text, unsure = decoded(data, path, encoding, declares=suffix in _HTML)
    if not text.strip():
        raise PolyleafError(Problem("the file is empty", path, hint="name a file that has text"))
    page = _read_text(text, suffix, path)
    return replace(page, unsure=(*unsure, *page.unsure))


def _read_text(text: str, suffix: str, path: Path) -> Page:
    if suffix in _HTML:
        from polyleaf.drafting.html_page import read_html

        return read_html(text, path)
    if suffix in _MARKDOWN:
        from polyleaf.drafting.markdown_text import read_markdown

        return read_markdown(text, path)
    from polyleaf.drafting.plain_text import read_plain

    return read_plain(text)


def _bytes(path: Path, suffix: str) -> bytes:
    if path.is_dir():
        raise PolyleafError(Problem("this is a folder", path, hint="name one file in it"))
    try:
        size = path.stat().st_size
        if suffix not in SUFFIXES:
            hint = f"known are: {', '.join(SUFFIXES)}; rename the file, or save it as one of these"
            kind = f"a {suffix} file" if suffix else "a file whose name has no ending"
            raise PolyleafError(Problem(f"{kind} cannot be imported", path, hint=hint))
        if size > LARGEST:
            message = f"the file has {size >> 20} MB, and at most {LARGEST >> 20} MB are read"
            raise PolyleafError(Problem(message, path, hint="save the page's text alone, without what is around it"))
        if not path.is_file():
            raise PolyleafError(Problem("this is no file that can be read at once", path, hint="name a file on disk"))
        data = path.read_bytes()
    except OSError as error:
        raise PolyleafError(Problem(f"cannot be read: {error.strerror}", path, hint="look at its name")) from None
    if not data:
        raise PolyleafError(Problem("the file is empty", path, hint="name a file that has text"))
    return data
