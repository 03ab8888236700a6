"""Renders a `Page` to HTML by a theme's templates. Texts are escaped; markup comes from here and the theme alone."""

from __future__ import annotations

import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import segno
from babel import Locale
from jinja2 import TemplateNotFound
from markupsafe import Markup, escape

from polyleaf.fonts import font_stack
from polyleaf.formats import panel_widths_mm
from polyleaf.imprint import imprint
from polyleaf.markdown import CITED
from polyleaf.model import Edition, Message
from polyleaf.page import Group, Node, Page, PageSection, Quantity, Reference, RichText, direction
from polyleaf.palette import STAND_INS, palette
from polyleaf.theme import TemplateEnvironment, Theme, template_error
from polyleaf.values import NBSP

# A number with its separators, range dash or sign: it keeps its order in a right-to-left line.
_NUMERIC = re.compile(r"[+\-−]?\d(?:[\d.,:٫٬\u00a0\u202f\u2060/–—-]*\d)?")
_DASH = re.compile(r"([–—-])(?=\d)")
WORD_JOINER = "\u2060"
ONLINE = "online"
"""The id of what leads to the whole leaflet, in a format that leaves out the list of sources."""
_KEPT_WHOLE = 20  # characters of a quantity that a narrow column can hold on one line
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COUNTER_STYLES = {
    "arab": "arabic-indic",
    "arabext": "persian",
    "beng": "bengali",
    "deva": "devanagari",
    "gujr": "gujarati",
    "guru": "gurmukhi",
    "khmr": "khmer",
    "knda": "kannada",
    "laoo": "lao",
    "mlym": "malayalam",
    "mymr": "myanmar",
    "orya": "oriya",
    "tamldec": "tamil",
    "telu": "telugu",
    "thai": "thai",
    "tibt": "tibetan",
}
"""CSS counter styles by CLDR numbering system (W3C, Ready-made Counter Styles)."""


@dataclass(frozen=True)
class Sheet:
    """What copyfitting may vary.

    Type size in pt, line height and gap between sections in em; whether the first page is roomy, whether sections stay
    whole beside their headings or run on below them, whether the boxes of warning signs may stand on two pages, whether
    boxes of warnings may break over pages, whether the address begins a back page, how many lines there are for notes,
    and how many whole pages of them come before the last page.
    """

    size: float = 12
    leading: float = 1.4
    gap: float = 1
    roomy: bool = True
    whole: bool = True
    parted: bool = False
    broken: bool = False
    back_page: bool = False
    notes: int = 0
    spare: int = 0


@dataclass(frozen=True)
class Alternate:
    """The same leaflet in another language, for the web page's switcher."""

    lang: str
    name: str
    href: str
    direction: str


class Templates:
    """A theme's templates, compiled once. `used` gathers the names of the theme's files that pages were made of.

    `bleeds_mm` is how far beyond its edges a page is painted, by profile; without one it ends there.
    """

    def __init__(self, theme: Theme, bleeds_mm: Mapping[str, float] = MappingProxyType({})) -> None:
        self._theme = theme
        self._bleeds_mm = bleeds_mm
        self._environment = _environment(theme)
        self.used = self._environment.used

    def render(self, page: Page, sheet: Sheet | None = None, alternates: Sequence[Alternate] = ()) -> str:
        """The page in its edition's format. Raises `PolyleafError` for a mistake in a template.

        As templates ask for the theme's texts, what is wrong with those is noted in `page.texts.findings`.
        """
        name = f"{page.edition.format}.html"
        try:
            return self._environment.get_template(name).render(self._names(page, sheet, alternates))
        except MemoryError:
            raise
        except Exception as error:  # whatever else a template does wrong is a mistake in the project
            mistake = template_error(error, self._theme.folder, name)
            if mistake is None:
                raise
            raise mistake from None

    def bleed_mm(self, edition: Edition) -> float:
        """How far beyond its edges a page is painted."""
        return self._bleeds_mm.get(edition.profile, 0)

    def _names(self, page: Page, sheet: Sheet | None, alternates: Sequence[Alternate]) -> dict[str, Any]:
        """What a template can use."""
        texts = _Texts(page)
        paged = page.edition.is_paged
        return {
            "page": page,
            "sheet": sheet or Sheet(),
            "alternates": alternates,
            "pgettext": texts,
            "plain_pgettext": texts.plain,
            "rich": lambda text: rich(text, page),
            "name": name,
            "in_one_line": lambda text: ordered(text, "ltr"),
            "times_of_day": lambda text: ordered(text, page.direction),
            "icon": self._icon,
            "panels": panel_widths_mm(page.paper),
            "bleed": f"{self.bleed_mm(page.edition):g}mm",
            "palette": STAND_INS if paged else palette(page.clinic),
            "imprint": _Imprints() if paged else lambda caller: caller(),
            "logo": _logo(page),
            "qr": qr_code(page.url),
            "digits": _COUNTER_STYLES.get(page.locale.default_numbering_system, "decimal"),
            "font_stack": Markup(font_stack(page.edition.locale)),
            "source_lang": page.texts.source_lang,
            "json_ld": _json_ld,
        }

    def _icon(self, name: str, colour: str) -> Markup:
        """A picture of the theme in a colour, as a value of CSS."""
        file = f"icons/{name}.svg"
        self.used.add(file)
        if file not in self._theme.files:
            raise TemplateNotFound(file)
        svg = self._theme.files[file].decode("utf-8").replace("currentColor", colour)
        return Markup('url("{}")').format(_data_uri(svg.encode(), "image/svg+xml"))


_environments: dict[Path, tuple[Theme, TemplateEnvironment]] = {}


def _environment(theme: Theme) -> TemplateEnvironment:
    """The compiled templates of a theme; the same again as long as its files are the same."""
    known = _environments.get(theme.folder)
    if known is None or known[0].files != theme.files:
        known = _environments[theme.folder] = theme, TemplateEnvironment(theme)
    return known[1]


class _Imprints:
    """The `imprint` of templates: marks what differs from clinic to clinic, for `stamp`."""

    def __init__(self) -> None:
        self._count = self._depth = 0

    def __call__(self, caller: Callable[[], str]) -> Markup:
        self._depth += 1
        markup = caller()
        self._depth -= 1
        if self._depth:  # what is around it is marked
            return Markup(markup)
        self._count += 1
        return Markup(imprint(self._count, markup))


class _Texts:
    """The `pgettext` of templates: the theme's own texts in the page's language, always escaped."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def __call__(self, context: str, text: str, **values: object) -> Markup:
        """The translation as markup, with values in place of its `{placeholders}`."""
        return fixed_text(self._page, Message(context, text), **values)

    def plain(self, context: str, text: str) -> str:
        """The translation as bare text, for an attribute."""
        return self._page.texts.find(Message(context, text)).plain


def fixed_text(page: Page, message: Message, **values: object) -> Markup:
    """A text of the theme's domain in the page's language, with values in place of its `{placeholders}`."""
    found = page.texts.find(message)
    return _with_lang(_fill(found.plain, values), found.lang)


def _fill(text: str, values: Mapping[str, object]) -> Markup:
    parts = _PLACEHOLDER.split(text)
    return Markup("").join(escape(values.get(part, f"{{{part}}}") if n % 2 else part) for n, part in enumerate(parts))


def rich(text: RichText, page: Page, label: str = "aria-label") -> Markup:
    """A message's nodes as markup, marked with its language where that is not the page's.

    `label` is the attribute that says what the number of a source is.
    """
    return _with_lang(_nodes(text.nodes, page, label), text.lang)


def _with_lang(markup: Markup, lang: str) -> Markup:
    if not lang:
        return markup
    return Markup('<span class="untranslated" lang="{}" dir="{}">{}</span>').format(
        lang, direction(Locale.parse(lang, sep="-")), markup
    )


def _nodes(nodes: Sequence[Node], page: Page, label: str) -> Markup:
    parts: list[Markup] = []
    for position, node in enumerate(nodes):
        if isinstance(node, Reference) and parts:
            # The number of a source never begins a line: it stays with what it belongs to.
            between = position > 1 and nodes[position - 1] == " " and isinstance(nodes[position - 2], Reference)
            before = Markup('<sup class="ref">,</sup>') if between else Markup(str(parts[-1]).rstrip(" "))
            parts[-1] = before + WORD_JOINER
        parts.append(_node(node, page, label))
    return Markup("").join(parts)


def _node(node: Node, page: Page, label: str) -> Markup:
    match node:
        case str(text):
            return escape(text)
        case Quantity(text, lang):
            return _with_lang(ordered(text, page.direction), lang)
        case Reference(number, source, listed):
            cited = page.texts.find(CITED).plain.replace("{number}", number)
            anchor = f"source-{source}" if listed else ONLINE
            return Markup('<sup class="ref"><a href="#{}" {}="{}">{}</a></sup>').format(anchor, label, cited, number)
        case Group("link", children, href):
            return Markup('<a href="{}">{}</a>').format(href, _nodes(children, page, label))
        case Group(kind, children):
            tag = Markup("strong" if kind == "strong" else "em")
            return Markup("<{}>{}</{}>").format(tag, _nodes(children, page, label), tag)


def ordered(text: str, direction: str) -> Markup:
    """A quantity whose numbers are not torn apart and keep their order in a right-to-left line (UAX #9, isolates).

    It is done with characters: WeasyPrint knows no `<bdi>`, and an inline element can spoil its line breaks.
    """
    if len(text) <= _KEPT_WHOLE:
        text = text.replace(" ", NBSP)
    text = _DASH.sub(rf"\1{WORD_JOINER}", text)
    return escape(text if direction == "ltr" else _NUMERIC.sub("\u2066\\g<0>\u2069", text))


def name(text: str | Sequence[str]) -> Markup:
    """A name, an address or a list of names in its own direction, whatever the page's is."""
    joined = text if isinstance(text, str) else ", ".join(text)
    return Markup('<span dir="{}">{}</span>').format(direction_of(joined), joined)


def direction_of(text: str) -> str:
    """The direction of the first strong character (UAX #9, P2 and P3)."""
    classes = (unicodedata.bidirectional(char) for char in text)
    return "rtl" if next((c for c in classes if c in ("L", "R", "AL")), "L") != "L" else "ltr"


# Pictures ------------------------------------------------------------------------------------------------------------


def _logo(page: Page) -> str:
    """The clinic's logo; for a print shop in its own inks, where it has them."""
    logo = page.clinic.logo
    if page.edition.is_for_press and logo.inks:
        return _data_uri(logo.inks, "image/jpeg")
    return _data_uri(logo.data, logo.media_type)


@lru_cache(maxsize=100)
def _data_uri(picture: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{b64encode(picture).decode('ascii')}"


@lru_cache(maxsize=100)
def qr_code(url: str) -> str:
    """A QR code as a data URI, with its quiet zone (ISO/IEC 18004, error correction M)."""
    return str(segno.make(url, error="m", micro=False).svg_data_uri(border=2, xmldecl=False))


# Structured data -----------------------------------------------------------------------------------------------------


def _json_ld(page: Page) -> Markup:
    """The page as schema.org `MedicalWebPage`; safe inside a script element."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": page.title.plain,
        "url": page.url,
        "inLanguage": page.lang,
        "version": page.version_id,
        "datePublished": page.published_iso,
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "publisher": {
            "@type": "MedicalClinic",
            "name": page.clinic.title,
            "telephone": page.clinic.phone.number,
            "address": ", ".join(page.clinic.address),
            "url": page.clinic.website,
        },
        "citation": [source.text for source in page.sources],
    }
    if page.summary:
        data["description"] = page.summary.plain
    if page.kind == "procedure":
        data["about"] = _procedure(page)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _procedure(page: Page) -> dict[str, Any]:
    procedure: dict[str, Any] = {"@type": "MedicalProcedure", "name": page.title.plain}
    for key, field, kind in (
        ("indications", "indication", "MedicalIndication"),
        ("contraindications", "contraindication", "MedicalContraindication"),
    ):
        if section := page.section(key):
            procedure[field] = [{"@type": kind, "name": text} for text in _items(section)]
    for key, field in (("preparation", "preparation"), ("procedure", "howPerformed"), ("follow-up", "followup")):
        if section := page.section(key):
            procedure[field] = " ".join(_sentences(section))
    if "followup" not in procedure and (section := page.section("aftercare")):
        procedure["followup"] = " ".join(_sentences(section))
    return procedure


def _items(section: PageSection) -> list[str]:
    own = [item.plain for block in section.blocks if block.kind == "list" for item in block.items]  # type: ignore[union-attr]
    return own + [item for part in section.parts for item in _items(part)]


def _sentences(section: PageSection) -> list[str]:
    found: list[str] = []
    for block in section.blocks:
        match block.kind:
            case "paragraph":
                found.append(block.text.plain)  # type: ignore[union-attr]
            case "list":
                found += [item.plain for item in block.items]  # type: ignore[union-attr]
    return found + [text for part in section.parts for text in _sentences(part)]
