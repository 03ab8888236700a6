"""Finds the translatable texts of a theme: those of its templates and its standard headings."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from jinja2 import TemplateSyntaxError
from jinja2.ext import babel_extract as _babel_extract

from polyleaf.errors import PolyleafError, Problem
from polyleaf.markdown import CITED
from polyleaf.model import Message, each_once
from polyleaf.theme import Theme
from polyleaf.values import FREQUENCY

_METHOD: Any = _babel_extract  # its annotations and Babel's do not agree
_KEYWORDS: Any = {"pgettext": ((1, "c"), 2), "plain_pgettext": ((1, "c"), 2)}


def theme_messages(theme: Theme) -> tuple[Message, ...]:
    """The messages of the domain `polyleaf` for a theme, each once, in the order of files and lines."""
    found = [FREQUENCY, CITED, *theme.headings.values()]
    for name in theme.templates:
        found.extend(_template_messages(theme.folder / name, theme.files[name]))
    return each_once(found)


def _template_messages(path: Path, data: bytes) -> list[Message]:
    file = BytesIO(data)
    try:
        found = extract(_METHOD, file, _KEYWORDS, ["translators:"], {"silent": "false"}, strip_comment_tags=True)
        results = list(found)
    except TemplateSyntaxError as error:
        raise PolyleafError(Problem(f"template error: {error.message}", path, error.lineno)) from None
    return [
        Message(context or "", text if isinstance(text, str) else text[0], "", " ".join(comments), path, line)
        for line, text, comments, context in results
    ]
