"""Marks in a page what differs from clinic to clinic, so that clinics can share a layout of the rest."""

from __future__ import annotations

import re

MARK = "data-imprint"
"""The attribute of the element around an imprint, with the imprint's place in the page."""

IMPRINT = re.compile(rf'<div {MARK}="(\d+)">(.*?)</div><!--imprint-->', re.DOTALL)
_METADATA = re.compile(r"<meta\b[^>]*>|<title>.*?</title>", re.DOTALL)


def imprint(number: int, markup: str) -> str:
    """Markup that differs from clinic to clinic, marked; `number` is its place in the page."""
    return f'<div {MARK}="{number}">{markup}</div><!--imprint-->'


def outside(html: str) -> str:
    """A page without its imprints and metadata. Pages that agree in this can share a layout."""
    return _METADATA.sub("", IMPRINT.sub(r"<\1>", html))
