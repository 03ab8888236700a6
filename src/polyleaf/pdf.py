"""Sets HTML as PDF. The only module that imports WeasyPrint, and it does so when it is first used."""

from __future__ import annotations

import atexit
import hashlib
import logging
import mimetypes
import re
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import count
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from polyleaf import fonts
from polyleaf.actual_text import Wording
from polyleaf.palette import in_colours
from polyleaf.tags import Structure, TaggedPage, reachable
from polyleaf.xmp import PDF_A_2A, PDF_UA_1, Description, packet

_THEME = "file:///theme/"
"""What addresses in a page are relative to. There is no such folder: the theme's files are at hand as bytes."""

_MEDIA_TYPES = mimetypes.MimeTypes()  # the same on every machine, unlike the module's functions
_PX_PER_MM = 96 / 25.4
_PT_PER_PX = 72 / 96
_UNCLEAR_END = re.compile(rb"[\r\n]\nendstream")
"""A stream whose last byte can be taken for a part of the line end that follows: its length is in doubt (PDF/A)."""
_LOGGER = logging.getLogger("weasyprint")
_INLINE = re.compile(r"data:([\w/+.-]+)[;,]\S*")  # an address that is the file itself


@dataclass(frozen=True)
class Place:
    """Where an element is: on which page, counted from 0, and the box of its content, in pt from the top left."""

    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """A document set in pages and not written yet.

    `complaints` is what WeasyPrint warned of, which must be nothing; `files` are the theme's that the page named.
    `last` is how many elements at the end of the first page are read after those of all other pages.
    """

    document: Any
    source: str
    complaints: tuple[str, ...]
    files: frozenset[str] = frozenset()
    last: int = 0

    @property
    def pages(self) -> int:
        """How many pages it takes."""
        return len(self.document.pages)

    @property
    def size_mm(self) -> tuple[float, float]:
        """The width and height of its first page."""
        page = self.document.pages[0]
        return page.width / _PX_PER_MM, page.height / _PX_PER_MM

    @property
    def free_mm(self) -> float:
        """How much of the last page is left below its text."""
        page = self.document.pages[-1]._page_box
        [body] = [box for box in page.children if box.element_tag == "html"]
        bottom = page.content_box_y() + page.height
        return float(bottom - _lowest_text(body)) / _PX_PER_MM

    def places(self, attribute: str) -> dict[str, Place]:
        """Where the elements with an attribute are, by its values, of which no two are the same."""
        found: dict[str, Place] = {}
        for number, page in enumerate(self.document.pages):
            for box in page._page_box.descendants():
                value = None if box.element is None else box.element.get(attribute)
                if value is not None and value not in found:  # what is inside it has its element too
                    sides = box.content_box_x(), box.content_box_y(), box.width, box.height
                    found[value] = Place(number, *(side * _PT_PER_PX for side in sides))
        return found

    def lines(self, first: int, last: int) -> int:
        """How many lines of text are on some pages, counted from 0, the last one not included; not in their margins."""
        pages = [page._page_box.children for page in self.document.pages[first:last]]
        texts = [box for children in pages for box in children if box.element_tag == "html"]
        return sum(hasattr(box, "children") and _is_line(box) for text in texts for box in text.descendants())


def _is_line(box: Any) -> bool:
    return type(box).__name__ == "LineBox" and any(hasattr(child, "text") for child in box.descendants())


def _lowest_text(box: Any) -> float:
    if hasattr(box, "text"):
        return float(box.position_y + box.height)
    return max((_lowest_text(child) for child in getattr(box, "children", ())), default=0)


@cache
def warm_up() -> Any:
    """Import WeasyPrint, which takes most of a second, with the machine's own fonts hidden from it."""
    fonts.isolate_from_system()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it misses the fonts that were hidden
        import weasyprint
    return weasyprint


def set_pages(
    html: str, locale: str, files: Mapping[str, bytes], styles: Sequence[Any] = (), beside: Sequence[str] = ()
) -> Layout:
    """Lay HTML out in the fonts of a locale. It can name `files`, and reads nothing else: no disk, no network.

    `styles` are style sheets from `parsed_style` that count beside its own; `beside` are other locales whose fonts are
    at hand as well.
    """
    config, faces = _font_setup(locale, *beside)
    fetcher = _theme_fetcher()(files)
    with _complaints() as complaints:
        source = warm_up().HTML(string=html, base_url=_THEME, url_fetcher=fetcher)
        document = source.render(stylesheets=[faces, *styles], font_config=config)
    return Layout(document, html, tuple(complaints), frozenset(fetcher.named))


def parsed_style(css: str, locale: str, files: Mapping[str, bytes]) -> Any:
    """A style sheet that many pages use."""
    config, _ = _font_setup(locale)
    return warm_up().CSS(string=css, base_url=_THEME, url_fetcher=_theme_fetcher()(files), font_config=config)


def element_tree(html: str) -> Any:
    """HTML as WeasyPrint reads it: an `ElementTree` element."""
    return warm_up().HTML(string=html, base_url=_THEME, url_fetcher=_theme_fetcher()({})).etree_element


def pages_of(document: Any, metadata: Any) -> Any:
    """A document of the same pages, whose boxes were changed: links and bookmarks are gathered anew."""
    copy = document.copy([type(page)(page._page_box) for page in document.pages])
    copy.metadata = metadata
    return copy


def write_pdf(layout: Layout, colours: Mapping[str, str], over: Layout | None = None) -> tuple[bytes, tuple[str, ...]]:
    """The file of a layout, both PDF/A-2a and PDF/UA-1, the same bytes every time, with what WeasyPrint had to say.

    `colours` are what is painted in place of the colours that it was laid out with; both as `#rrggbb`. `over` is a
    layout of one page that is painted over every page, after all that is on it.
    """
    source = layout.source + (over.source if over else "")
    digest = hashlib.sha256(in_colours(source, colours).encode()).hexdigest()[:32]
    for spare in count():
        wording = Wording()
        document = _observed(layout.document, over.document.pages[0] if over else None, wording)
        with _complaints() as complaints:
            data = document.write_pdf(
                pdf_variant="pdf/a-2a",
                output_intent="",  # `_finish` sees to it
                pdf_identifier=digest.encode("ascii"),
                finisher=lambda document, pdf: _finish(document, pdf, wording, colours, spare, layout.last),  # noqa: B023
            )
        if not _UNCLEAR_END.search(data):
            break
    return data, (*layout.complaints, *complaints)


def _observed(document: Any, over: Any, wording: Wording) -> Any:
    """A document that notes what it paints, and paints `over` over each page if that is one.

    To a screen reader that is no part of the page: an artifact.
    """

    class _Page(type(document.pages[0])):  # type: ignore[misc]
        tagged: TaggedPage
        links: list[Any]
        shifts: Mapping[int, float] = MappingProxyType({})

        def __init__(self, page: Any) -> None:
            self.__dict__.update(page.__dict__)
            self._observed = page
            self.links = [link for link in map(reachable, page.links) if link]

        def paint(self, stream: Any, scale: float = 1) -> None:
            wording.watch(stream)
            self._observed.paint(stream, scale)
            boxes = {mark["mcid"]: box for box, mark in stream._tags.items()}
            self.tagged = TaggedPage(self._page_box, self.height, stream, boxes, wording.reversed, self.shifts)
            if over:
                with stream.artifact():
                    tags, stream._tags = stream._tags, None  # nothing inside an artifact is tagged
                    over.paint(stream, scale)
                    stream._tags = tags
            if self is pages[-1]:  # the fonts are written next
                wording.write_down()

    pages = [_Page(page) for page in document.pages]
    return document.copy(pages)


def _finish(document: Any, pdf: Any, wording: Wording, colours: Mapping[str, str], spare: int, last: int) -> None:
    """Complete tags and metadata, paint, and compress: pydyf would do that twice, for the digest in the file.

    `spare` objects, which nobody needs, change what pydyf compresses.
    """
    import pydyf

    described = document.metadata
    if last:
        _read_last(pdf, last)
    Structure(pdf, [page.tagged for page in document.pages]).complete(described.lang)
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream, metadata.compress = [packet(_description(described, pdf), PDF_A_2A | PDF_UA_1)], False
    for font in [item for item in pdf.objects if isinstance(item, dict) and "CIDToGIDMap" in item]:
        if font["BaseFont"] in wording.glyphs_of_codes:
            glyphs = pydyf.Stream([wording.glyphs_of_codes[font["BaseFont"]]], compress=True)
            pdf.add_object(glyphs)
            font["CIDToGIDMap"] = glyphs.reference
    _add_output_intent(pdf)
    _paint_over(pdf, colours)
    for item in [item for item in pdf.objects if isinstance(item, pydyf.Stream)]:
        _complete_stream(item)
        if "Interpolate" in item.extra:
            item.extra["Interpolate"] = "false"  # PDF/A forbids viewers to smooth
    for _ in range(spare):
        pdf.add_object(pydyf.Dictionary())


_LINE_ENDS = b"\r", b"\n"


def _complete_stream(stream: Any) -> None:
    """Compress a stream if it has to be, so that its last byte is none of a line end. Images are compressed already."""
    import pydyf

    parts = (part.data if isinstance(part, pydyf.Object) else part for part in stream.stream)
    data = b"\n".join(part if isinstance(part, bytes) else part.encode("ascii") for part in parts)
    coded = stream.extra.get("Filter")
    if coded == "/DCTDecode":
        stream.stream = [data.rstrip(b"".join(_LINE_ENDS))]  # it ends in a marker of its own
    elif stream.compress or (coded == "/FlateDecode" and data[-1:] in _LINE_ENDS):
        is_binary = coded or "Length1" in stream.extra  # an image or a font
        data, compressed = _compressed(zlib.decompress(data) if coded else data, b"\1" if is_binary else b"\n")
        stream.stream, stream.compress = [compressed], False
        stream.extra["Filter"] = "/FlateDecode"
        if "Length1" in stream.extra:
            stream.extra["Length1"] = len(data)


def _compressed(data: bytes, filler: bytes) -> tuple[bytes, bytes]:
    """What goes into a stream, and that compressed, which ends in no byte of a line end.

    The last byte is that of a sum of all bytes (RFC 1950, 2.2), so the filler, which nobody reads, is not zero.
    """
    while (compressed := zlib.compress(data, 9))[-1:] in _LINE_ENDS:
        data += filler
    return data, compressed


def _add_output_intent(pdf: Any) -> None:
    """Say what red, green and blue are meant: those of sRGB."""
    import pydyf

    profile = pydyf.Stream([_srgb()], pydyf.Dictionary({"N": 3}), compress=True)
    pdf.add_object(profile)
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pydyf.String("sRGB"),
        "RegistryName": pydyf.String("http://www.color.org"),
        "Info": pydyf.String("sRGB IEC61966-2.1"),
        "DestOutputProfile": profile.reference,
    }
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(intent)])


@cache
def _srgb() -> bytes:
    """The ICC profile of sRGB that WeasyPrint carries."""
    return (files("weasyprint") / "pdf" / "sRGB2014.icc").read_bytes()


def _description(metadata: Any, pdf: Any) -> Description:
    return Description(
        title=metadata.title or "",
        lang=metadata.lang or "",
        authors=metadata.authors,
        summary=metadata.description or "",
        created=metadata.created or "",
        modified=metadata.modified or "",
        creator_tool=metadata.generator or "",
        producer=pdf.info["Producer"].string,
    )


def _read_last(pdf: Any, number: int) -> None:
    """Move the last elements of the first page to the end of the tags, which are in the order of pages."""
    import pydyf

    [root] = [item for item in pdf.objects if isinstance(item, dict) and item.get("S") == "/Document"]
    elements = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and "Pg" in item]
    of_page = {item.reference: item["Pg"] for item in elements}
    first = [item for item in root["K"] if of_page[item] == of_page[root["K"][0]]]
    moved = first[-number:]
    root["K"][:] = [item for item in root["K"] if item not in moved] + moved


def _paint_over(pdf: Any, colours: Mapping[str, str]) -> None:
    """Change colours in all that is drawn, and in gradients."""
    import pydyf

    operators: dict[Any, bytes] = {}
    channels: dict[tuple[str, ...], list[float]] = {}
    for old, new in colours.items():
        for stroke in (False, True):
            pair = pydyf.Stream(), pydyf.Stream()
            for stream, colour in zip(pair, (old, new), strict=True):
                stream.set_color_rgb(*_channels(colour), stroke)
            operators[pair[0].stream[0]] = pair[1].stream[0]
        channels[tuple(f"{channel:f}" for channel in _channels(old))] = _channels(new)

    def gradient(part: Any) -> None:
        if isinstance(part, list) and len(part) == 3 and all(isinstance(channel, float) for channel in part):
            part[:] = channels.get(tuple(f"{channel:f}" for channel in part), part)
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            gradient(inner)

    for item in pdf.objects:
        if isinstance(item, pydyf.Stream):
            item.stream = [operators.get(part, part) if isinstance(part, bytes) else part for part in item.stream]
        elif isinstance(item, dict) and "ShadingType" in item:
            gradient(item)


def _channels(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


@cache
def _font_setup(*locales: str) -> tuple[Any, Any]:
    """The fonts of locales, loaded once a process."""
    css = warm_up().CSS
    from weasyprint.text.fonts import FontConfiguration

    config = FontConfiguration()
    with _complaints() as complaints:
        faces = css(string=fonts.font_faces(*locales), font_config=config)
    if complaints:
        raise RuntimeError(f"the fonts of {', '.join(locales)} cannot be loaded: {complaints[0]}")
    return config, faces


# At the very end of a process WeasyPrint could not tidy up after itself any more.
atexit.register(_font_setup.cache_clear)


@cache
def _theme_fetcher() -> Any:
    """The class is made late, since importing WeasyPrint takes most of a second."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class _ThemeFetcher(URLFetcher):  # type: ignore[misc]
        """Answers with data URIs and the theme's files, as if those lay in a folder by themselves."""

        def __init__(self, files: Mapping[str, bytes]) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)
            self._files = files
            self.named: set[str] = set()

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith(_THEME):
                return super().fetch(url, headers)
            name = unquote(urlsplit(url).path.removeprefix(urlsplit(_THEME).path))
            self.named.add(name)
            if name not in self._files:
                raise ValueError(f"the theme has no file {name}")
            media_type = _MEDIA_TYPES.guess_type(name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, self._files[name], {"Content-Type": media_type})

    return _ThemeFetcher


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what WeasyPrint logs as a warning or worse, in place of printing it."""
    found: list[str] = []

    class _Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(_INLINE.sub(r"of the type \1", record.getMessage()))

    handler = _Collect(logging.WARNING)
    before, propagate = list(_LOGGER.handlers), _LOGGER.propagate
    _LOGGER.handlers, _LOGGER.propagate = [handler], False
    try:
        yield found
    finally:
        _LOGGER.handlers, _LOGGER.propagate = before, propagate
