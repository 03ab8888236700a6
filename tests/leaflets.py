"""The repository's own leaflets, built for tests that look at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from polyleaf import build as building
from polyleaf.build import Result, Selection, render
from polyleaf.page import Page
from polyleaf.pdf import Layout
from polyleaf.project import Project

FURTHER = ("large-print", "a5-booklet", "trifold")


class Built:
    """One locale of the repository, built in this process: web pages and A4 of all leaflets for both clinics.

    `layouts` are the pages that were set, by clinic and leaflet, and `over` what is painted over them.
    """

    def __init__(self, project: Project, locale: str, folder: Path) -> None:
        self.folder = folder
        self.layouts: dict[tuple[str, str], tuple[Page, Layout]] = {}
        self.over: dict[tuple[str, str], Layout] = {}
        self._project, self._locale = project, locale
        self._further: dict[tuple[str, str], tuple[Page, Layout]] = {}
        with _watched() as seen:
            self.report = building.build(project, Selection(locales=[locale]), output=folder, force=True)
        for page, layout, over in seen:
            key = page.edition.clinic, page.edition.leaflet
            self.layouts[key], self.over[key] = (page, layout), over

    def pdf(self, clinic: str, leaflet: str, locale: str) -> Path:
        return self.folder / clinic / locale / f"{leaflet}.a4.pdf"

    @property
    def further(self) -> dict[tuple[str, str], tuple[Page, Layout]]:
        """The pages of the longest leaflet, by clinic and further format; built when first asked for."""
        if not self._further:
            wanted = Selection(["microsclerotherapy"], [self._locale], formats=list(FURTHER))
            with _watched() as seen:
                report = building.build(self._project, wanted, output=self.folder, force=True)
            assert [result.findings for result in report.failed] == []
            self._further = {(page.edition.clinic, page.edition.format): (page, layout) for page, layout, _ in seen}
        return self._further


@contextmanager
def _watched() -> Iterator[list[tuple[Page, Layout, Layout]]]:
    """What is rendered meanwhile: each page, the pages of paper that it was set in, and what is painted over these."""
    seen: list[tuple[Page, Layout, Layout]] = []
    page: list[Page] = []

    class Watching(render.Renderer):
        def _pdf(self, shown: Page, findings: Any, fitted: Any) -> Result:
            page[:] = [shown]
            return super()._pdf(shown, findings, fitted)

    def keep(layout: Layout, colours: Any, over: Layout) -> Any:
        seen.append((page[0], layout, over))
        return write(layout, colours, over)

    write = render.write_pdf
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("polyleaf.build.execute.Renderer", Watching)
        patch.setattr(render, "write_pdf", keep)
        yield seen
