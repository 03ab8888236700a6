"""Finds the translatable texts of a theme: those of its templates and its standard headings.

Also the extractors that Babel's own `pybabel extract` finds by their names, with the same messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.extract import extract
from jinja2 import TemplateSyntaxError
from jinja2.ext import babel_extract as _babel_extract

from polyleaf import mark
from polyleaf.errors import PolyleafError, Problem
from polyleaf.leaflet import load_leaflet
from polyleaf.markdown import CITED
from polyleaf.model import Message, each_once
from polyleaf.texts import TEXTS
from polyleaf.theme import Theme, load_theme
from polyleaf.values import FREQUENCY

_METHOD: Any = _babel_extract  # its annotations and Babel's do not agree
_KEYWORDS: Any = {"pgettext": ((1, "c"), 2), "plain_pgettext": ((1, "c"), 2)}


def theme_messages(theme: Theme) -> tuple[Message, ...]:
    """The messages of the domain `polyleaf` for a theme, each once, in the order of files and lines.

    Those that only the program shows, and a template may show too, come last.
    """
    found = [FREQUENCY, CITED, *mark.MESSAGES, *theme.headings.values()]
    for name in theme.templates:
        found.extend(_template_messages(theme.folder / name, theme.files[name]))
    return each_once([*found, *TEXTS])


Extracted = tuple[int, str, tuple[str, ...], list[str]]
"""A message as Babel's extractors give it: line, function, its arguments, and comments."""


def extract_leaflet(file: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[Extracted]:
    """Babel's extractor `polyleaf-leaflet`, for `templates/leaflets/*.md`."""
    for message in load_leaflet(Path(file.name)).messages:
        yield _extracted(message)


def extract_theme(file: IO[bytes], keywords: object, comment_tags: object, options: object) -> Iterator[Extracted]:
    """Babel's extractor `polyleaf-theme`, for a theme's `theme.toml`, `*.html` and `*.css`."""
    path = Path(file.name)
    if path.name == "theme.toml":
        headings = load_theme(path.parent).headings.values()
        found: Sequence[Message] = (FREQUENCY, CITED, *mark.MESSAGES, *headings, *TEXTS)
    else:
        found = _template_messages(path, file.read())
    for message in found:
        yield _extracted(message)


def _extracted(message: Message) -> Extracted:
    comments = message.comment.split("\n") if message.comment else []
    if message.msgid_plural:
        return message.line, "npgettext", (message.msgctxt, message.msgid, message.msgid_plural), comments
    return message.line, "pgettext", (message.msgctxt, message.msgid), comments


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
