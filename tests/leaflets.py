"""The repository's own leaflets, built for tests that look at them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from polyleaf import build as building
from polyleaf.build import Result, Selection, render
from polyleaf.page import Page
from polyleaf.pdf import Layout
from polyleaf.project import Project


class Built:
    """One locale of the repository, built in this process, with the pages that were set."""

    def __init__(self, project: Project, locale: str, folder: Path) -> None:
        self.folder = folder
        self.layouts: dict[tuple[str, str], tuple[Page, Layout]] = {}
        self.over: dict[tuple[str, str], Layout] = {}  # what is painted over their pages
        page: list[Page] = []

        class Watching(render.Renderer):
            def _pdf(self, shown: Page, findings: Any, fitted: Any) -> Result:
                page[:] = [shown]
                return super()._pdf(shown, findings, fitted)

        def keep(layout: Layout, colours: Any, over: Layout) -> Any:
            self.layouts[page[0].edition.clinic, page[0].edition.leaflet] = (page[0], layout)
            self.over[page[0].edition.clinic, page[0].edition.leaflet] = over
            return write(layout, colours, over)

        write = render.write_pdf
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("polyleaf.build.execute.Renderer", Watching)
            patch.setattr(render, "write_pdf", keep)
            self.report = building.build(project, Selection(locales=[locale]), output=folder, force=True)

    def pdf(self, clinic: str, leaflet: str, locale: str) -> Path:
        return self.folder / clinic / locale / f"{leaflet}.a4.pdf"
