"""The mark on what must not be given to a patient yet. The program makes it, and no theme can leave it out or hide it:
in a PDF it is painted last on every page (`pdf.marked`), in a web page it is put into the finished markup.
"""

from __future__ import annotations

from html.parser import HTMLParser

from markupsafe import Markup

from polyleaf.model import Message

DRAFT = Message(
    "status", "Draft, not yet approved by a clinician", comment='Stands on every page. "It" is the leaflet.'
)
"""The theme's message on a leaflet in its source language."""
TRANSLATION = Message(
    "status",
    "Draft translation, not yet approved by a clinician",
    comment="Stands on every page of a translation.",
)
"""The theme's message on a translation."""
UNTRANSLATED = Message(
    "status",
    "Draft with untranslated text. Do not give it to patients.",
    comment="Stands across the page where a part of the leaflet is not translated yet.",
)
"""The theme's message on what is in two languages."""
MESSAGES = (DRAFT, TRANSLATION, UNTRANSLATED)

_INK, _GROUND, _EDGE = "#1c2b30", "#ffedb8", "#c98a00"
_STRIP_MM = 9  # of the page's foot, whose lower half some printers cannot print on

# Every property has a value that no style sheet can override: an inline style that is important beats all others.
_STYLE = {
    "all": "initial",
    "display": "block",
    "position": "sticky",
    "inset": "0 0 auto 0",
    "z-index": "2147483647",
    "box-sizing": "border-box",
    "width": "100%",
    "padding": ".5em 1em",
    "background": _GROUND,
    "border-bottom": f"2px solid {_EDGE}",
    "color": _INK,
    "font": "700 16px/1.4 system-ui, sans-serif",
    "text-align": "center",
    "opacity": "1",
    "visibility": "visible",
}
_NO_SCRIPTS = Markup('<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">')


def on_web_page(html: str, text: str, lang: str, direction: str) -> str:
    """A web page with the mark at its top, where it stays as one reads on. No script of the theme's takes it away.

    Raises `ValueError` where the page has no head or no body to put it in.
    """
    style = "; ".join(f"{name}: {value} !important" for name, value in _STYLE.items())
    strip = Markup('<div role="note" lang="{}" dir="{}" style="{}">{}</div>').format(lang, direction, style, text)
    head, body = _places(html)
    return f"{html[:head]}{_NO_SCRIPTS}{html[head:body]}{strip}{html[body:]}"


def page_of_its_own(text: str, lang: str, direction: str, fonts: str, size_mm: tuple[float, float]) -> str:
    """A page with nothing but the mark at its foot, to be painted over another one of its width and height."""
    width, height = size_mm
    style = Markup(
        "@page {{ size: {}mm {}mm; margin: 0 }} html {{ font-family: {} }} body {{ margin: 0 }}"
        " p {{ position: absolute; left: 0; right: 0; bottom: 0; margin: 0; height: {}mm; box-sizing: border-box;"
        " padding: 1.1mm 14mm 0; background: {}; border-top: .35mm solid {}; color: {}; font-size: 8.5pt;"
        " line-height: 1.25; font-weight: 700; text-align: center }}"
    ).format(width, height, Markup(fonts), _STRIP_MM, _GROUND, _EDGE, _INK)
    page = Markup('<!doctype html><html lang="{}" dir="{}"><style>{}</style><body><p>{}</p></body></html>')
    return str(page.format(lang, direction, style, text))


def _places(html: str) -> tuple[int, int]:
    """Where the insides of the head and the body begin, as a browser reads the page: not in a comment or a script."""
    finder = _Starts(html)
    finder.feed(html)
    if "head" not in finder.found or "body" not in finder.found:
        raise ValueError("the page has no <head> and <body> tags")
    return finder.found["head"], finder.found["body"]


class _Starts(HTMLParser):
    """Finds where the first head and the first body begin, outside of what a browser does not show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, int] = {}
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("template", "noscript"):
            self._hidden += 1
        elif tag in ("head", "body") and not self._hidden and tag not in self.found:
            line, column = self.getpos()
            text = self.get_starttag_text() or ""
            self.found[tag] = self._lines[line - 1] + column + len(text)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("template", "noscript"):
            self._hidden -= 1
