"""Sheets that a person signs: templates with one style, and their layout in the fonts of all languages on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from polyleaf.errors import PolyleafError, Problem
from polyleaf.fonts import font_stack, missing_characters
from polyleaf.pdf import Layout, set_pages, write_pdf


def filled(template: str, locales: Sequence[str], **values: Any) -> str:
    """A sheet as a page of HTML, from a template of `data/`; its fonts are those of the locales."""
    return _environment().get_template(template).render(fonts=Markup(font_stack(*locales)), **values)


@cache
def _environment() -> Environment:
    loader = PackageLoader("polyleaf", "data")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def laid_out(html: str, locales: Sequence[str]) -> Layout:
    """The sheet in pages; of a character that no font of the locales has, its code."""
    for char in missing_characters([html], *locales):
        html = html.replace(char, f"[U+{ord(char):04X}]")
    return set_pages(html, locales[0], {}, beside=locales[1:])


def printed(layout: Layout) -> bytes:
    """The sheet as PDF. Raises `PolyleafError` where it cannot be set."""
    data, complaints = write_pdf(layout, {})
    if complaints:
        raise PolyleafError(*(Problem(f"the sheet cannot be set: {text}") for text in complaints))
    return data
