"""Sets HTML as PDF. The only module that imports WeasyPrint, and it does so when it is first used."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from polyleaf import fonts

_PX_PER_MM = 96 / 25.4
_LOGGER = logging.getLogger("weasyprint")


@dataclass(frozen=True)
class Layout:
    """A document set in pages and not written yet. `complaints` is what WeasyPrint warned of, which must be nothing."""

    document: Any
    source: str
    complaints: tuple[str, ...]

    @property
    def pages(self) -> int:
        """How many pages it takes."""
        return len(self.document.pages)

    @property
    def free_mm(self) -> float:
        """How much of the last page is left below its text."""
        page = self.document.pages[-1]._page_box
        [body] = [box for box in page.children if box.element_tag == "html"]
        bottom = page.content_box_y() + page.height
        return float(bottom - _lowest_text(body)) / _PX_PER_MM


def _lowest_text(box: Any) -> float:
    if hasattr(box, "text"):
        return float(box.position_y + box.height)
    return max((_lowest_text(child) for child in getattr(box, "children", ())), default=0)


def set_pages(html: str, locale: str, folders: Sequence[Path]) -> Layout:
    """Lay HTML out in the fonts of a locale. It may read files in `folders`, and nothing else: no network."""
    from weasyprint import HTML

    config, faces = _font_setup(locale)
    with _complaints() as complaints:
        source = HTML(string=html, base_url=folders[0].as_uri() + "/", url_fetcher=_fetcher(tuple(folders)))
        document = source.render(stylesheets=[faces], font_config=config)
    return Layout(document, html, tuple(complaints))


def write_pdf(layout: Layout) -> tuple[bytes, tuple[str, ...]]:
    """The PDF/UA-1 file of a layout, the same bytes every time, with what WeasyPrint had to say."""
    digest = hashlib.sha256(layout.source.encode()).hexdigest()[:32]
    with _complaints() as complaints:
        data = layout.document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=digest.encode("ascii"))
    return data, (*layout.complaints, *complaints)


@cache
def _font_setup(locale: str) -> tuple[Any, Any]:
    """The fonts of a locale, loaded once a process. The machine's own fonts are hidden before any is looked for."""
    fonts.isolate_from_system()
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    config = FontConfiguration()
    folder = fonts.cache_folder()
    with _complaints() as complaints:
        faces = CSS(string=fonts.font_faces(locale), font_config=config, url_fetcher=_fetcher((folder,)))
    if complaints:
        raise RuntimeError(f"the fonts of {locale} cannot be loaded: {complaints[0]}")
    return config, faces


@cache
def _fetcher(folders: tuple[Path, ...]) -> Any:
    from weasyprint.urls import URLFetcher

    class _ProjectFiles(URLFetcher):  # type: ignore[misc]
        """Reads data URIs and the files below some folders."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme == "file":
                path = Path(url2pathname(parts.path)).resolve()
                if parts.netloc or not any(path.is_relative_to(folder.resolve()) for folder in folders):
                    raise ValueError(f"{url} lies outside the project and its theme")
            return super().fetch(url, headers)

    return _ProjectFiles(allowed_protocols=("data", "file"), allow_redirects=False)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what WeasyPrint logs as a warning or worse, in place of printing it."""
    found: list[str] = []

    class _Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    handler = _Collect(logging.WARNING)
    before, propagate = list(_LOGGER.handlers), _LOGGER.propagate
    _LOGGER.handlers, _LOGGER.propagate = [handler], False
    try:
        yield found
    finally:
        _LOGGER.handlers, _LOGGER.propagate = before, propagate
