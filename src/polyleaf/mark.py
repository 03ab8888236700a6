"""The mark on what must not be given to a patient yet. The program makes it, and no theme can leave it out or hide it:
in a PDF it is painted last on every page (`pdf.write_pdf`), in a web page it is put into the finished markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser

from markupsafe import Markup, escape

from polyleaf.model import Message

DRAFT = Message("status", "Draft, not yet approved by a clinician", comment="Stands on every page of a leaflet.")
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
_SAFE_MM = 5  # from where the page is cut, as print shops ask for

_DEPTH_EM = 0.27  # how far below its lines a script may reach, as Arabic does

_END = re.compile(r"</body\s*>\s*(?:</html\s*>\s*)?\Z", re.IGNORECASE)
"""How a page ends. Of one that does not, a browser takes what follows for a part of its body."""
_PAGE = f"html:not({'#polyleaf' * 20})"
"""Selects the page with more weight than any rule of a theme's."""
_GUARD = f"""\
<meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<style>
{_PAGE}::before, {_PAGE}::after, {_PAGE} body::before, {_PAGE} body::after {{ content: none !important }}
{_PAGE} .not-for-patients {{
  all: initial !important; display: block !important; inset: 0 0 auto !important; z-index: 2147483647 !important;
  box-sizing: border-box !important; width: 100% !important; padding: .5em 1em !important;
  background: {_GROUND} !important; border-bottom: 2px solid {_EDGE} !important; color: {_INK} !important;
  font: 700 16px/1.4 system-ui, sans-serif !important; text-align: center !important;
}}
{_PAGE} .not-for-patients[aria-hidden] {{ position: fixed !important }}
@media print {{ {_PAGE} .not-for-patients[aria-hidden] {{ display: none !important }} }}
</style>"""


def on_web_page(html: str, text: str, lang: str, direction: str) -> str:
    """A web page with the mark at its top, where it stays as one reads on, and before its title.

    It is there twice: first on the page, for its place and for screen readers, and last, so that nothing covers it. No
    script of the theme's takes it away. Raises `ValueError` where the page has no head or no body to put it in.
    """
    kept = Markup(' lang="{}" dir="{}">{}</div>').format(lang, direction, text)
    first = Markup('<div class="not-for-patients" role="note"') + kept
    above_all = Markup('<div class="not-for-patients" aria-hidden="true"') + kept
    places = _places(html)
    end = _END.search(html, places["body"])
    inserted = {places["head"]: _GUARD, places["body"]: first, end.start() if end else len(html): above_all}
    if "title" in places:
        inserted[places["title"]] = escape(text) + " · "
    return _with_insertions(html, inserted)


def _with_insertions(html: str, inserted: Mapping[int, str]) -> str:
    parts, at = [], 0
    for place in sorted(inserted):
        parts += [html[at:place], inserted[place]]
        at = place
    return "".join((*parts, html[at:]))


@dataclass(frozen=True)
class Form:
    """How the mark stands on paper: beside itself in each of so many parts of the page, in a type, and so far from the
    sides of its part.
    """

    parts: int = 1
    size_pt: float = 8.3
    side_mm: float = 14


_FORMS = {
    "a5-booklet": Form(side_mm=6),
    "trifold": Form(parts=3, size_pt=8, side_mm=6),
    "large-print": Form(size_pt=16),
}


def form_of(format_: str) -> Form:
    """The form of the mark in a format; each has to leave the foot of its pages free for it."""
    return _FORMS.get(format_, Form())


def page_of_its_own(
    text: str,
    lang: str,
    direction: str,
    fonts: str,
    size_mm: tuple[float, float],
    bleed_mm: float = 0,
    form: Form | None = None,
) -> str:
    """A page with nothing but the mark at its foot, to be painted over another one of its width and height.

    Its strip is as high as the text needs, so in most languages lower than what themes keep free. The ground reaches
    beyond the page's edges by the bleed.
    """
    width, height = size_mm
    form = form or Form()
    style = Markup(
        "@page {{ size: {}mm {}mm; margin: 0 }} html {{ font-family: {} }} body {{ margin: 0 }}"
        " div {{ position: absolute; left: -{}mm; right: -{}mm; bottom: -{}mm; display: flex;"
        " padding: 0 {}mm calc({}mm + {}em); font-size: {}pt; background: {}; border-top: .25mm solid {} }}"
        " p {{ flex: 1 1 0; margin: 0; padding: 0 {}mm; color: {}; line-height: 1.1; font-weight: 700;"
        " text-align: center }}"
    ).format(
        *(width, height, Markup(fonts), bleed_mm, bleed_mm, bleed_mm),
        *(bleed_mm, bleed_mm + _SAFE_MM, _DEPTH_EM, form.size_pt, _GROUND, _EDGE, form.side_mm, _INK),
    )
    strips = Markup("<p>{}</p>").format(text) * form.parts
    page = Markup('<!doctype html><html lang="{}" dir="{}"><style>{}</style><body><div>{}</div></body></html>')
    return str(page.format(lang, direction, style, strips))


def _places(html: str) -> dict[str, int]:
    """Where the insides of the head, its title and the body begin, as a browser reads the page: not in a comment."""
    finder = _Starts(html)
    with suppress(_FoundAllError):
        finder.feed(html)
    if "head" not in finder.found or "body" not in finder.found:
        raise ValueError("the page has no <head> and <body> tags")
    return finder.found


class _FoundAllError(Exception):
    """Nothing more is looked for."""


class _Starts(HTMLParser):
    """Finds where the first head, title and body begin, outside of what a browser does not show."""

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
        elif tag in ("head", "title", "body") and not self._hidden and tag not in self.found:
            line, column = self.getpos()
            self.found[tag] = self._lines[line - 1] + column + len(self.get_starttag_text() or "")
            if tag == "body":
                raise _FoundAllError

    def handle_endtag(self, tag: str) -> None:
        if tag in ("template", "noscript") and self._hidden:
            self._hidden -= 1
