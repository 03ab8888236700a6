"""Finds the translatable texts of a theme: those of its templates and its standard headings."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract
from jinja2 import TemplateSyntaxError
from jinja2.ext import babel_extract

from polyleaf.markdown import CITED
from polyleaf.errors import PolyleafError, Problem
from polyleaf.model import Message
from polyleaf.theme import load_theme, template_files
from polyleaf.values import FREQUENCY

_KEYWORDS = {"pgettext": ((1, "c"), 2), "plain_pgettext": ((1, "c"), 2)}


def theme_messages(theme: Path) -> tuple[Message, ...]:
    """The messages of the domain `polyleaf` for a theme's folder, each once, in the order of files and lines."""
    found = [FREQUENCY, CITED, *load_theme(theme).headings.values()]
    for template in template_files(theme):
        found.extend(_template_messages(template))
    return tuple({message.key: message for message in reversed(found)}[key] for key in dict.fromkeys(m.key for m in found))


def _template_messages(path: Path) -> list[Message]:
    found = []
    with path.open("rb") as file:
        try:
            results = list(
                extract(babel_extract, file, _KEYWORDS, ["translators:"], {"silent": "false"}, strip_comment_tags=True)
            )
        except TemplateSyntaxError as error:
            raise PolyleafError(Problem(f"template error: {error.message}", path, error.lineno)) from None
    for line, message, comments, context in results:
        text = message if isinstance(message, str) else message[0]
        found.append(Message(context or "", text, "", " ".join(comments), path, line))
    return found
