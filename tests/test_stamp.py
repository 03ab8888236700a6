"""One layout for many clinics: a copy is what a full rendering would be, or it is a full rendering."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import CLINIC, REPOSITORY, Project
from screen_reader import structure

from polyleaf import stamp
from polyleaf.build import Selection, planned_editions, render, typeset
from polyleaf.build.handout import HandOut
from polyleaf.model import Edition
from polyleaf.palette import STAND_INS, painted
from polyleaf.pdf import Layout, set_pages, write_pdf
from polyleaf.project import load_project

SEAVIEW_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M1 7 4 1l3 6z" fill="#b5179e"/></svg>\n'
)


class Rendered:
    """All PDFs of a project, each with a full rendering of the same page. `full` counts layouts of whole pages."""

    def __init__(self, config: Path, locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = 0
        self.copies: dict[str, tuple[bytes, bytes]] = {}
        project = load_project(config)
        renderer = render.Renderer(project)
        written: list[tuple[Layout, Any]] = []

        def keep(layout: Layout, colours: Any, over: Any) -> Any:
            written.append((layout, over))
            return write_pdf(layout, colours, over)

        with monkeypatch.context() as patch:
            patch.setattr(render, "write_pdf", keep)
            for module in (typeset, stamp):
                patch.setattr(module, "set_pages", self._counted)
            for edition in planned_editions(project, Selection(locales=[locale], formats=["a4"])):
                result = renderer.render(edition)
                assert result.outcome == "built", result.findings
                layout, over = written[-1]
                plain = set_pages(layout.source, locale, project.theme.files)
                full, _ = write_pdf(plain, painted(project.clinics[edition.clinic]), over)
                self.copies[edition.clinic] = result.data, full

    def _counted(self, html: str, *rest: object) -> Layout:
        self.full += "(imprint" not in html and "<main" in html
        return set_pages(html, *rest)  # type: ignore[arg-type]


def tool(data: bytes, *command: str) -> bytes:
    """What a program of Poppler says to a PDF."""
    return subprocess.run(command, input=data, check=True, capture_output=True).stdout


def links(data: bytes) -> list[tuple[str, list[float]]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [annotation for page in pdf.pages for annotation in page.get("/Annots", [])]
        return [
            (str(link.get("/A", {}).get("/URI", link.get("/Dest"))), [round(float(side), 3) for side in link.Rect])
            for link in found
        ]


def assert_alike(copy: bytes, full: bytes) -> None:
    for command in ("pdftotext -raw - -", "pdfinfo -struct -", "pdftoppm -r 70 -"):
        assert tool(copy, *command.split()) == tool(full, *command.split()), command
    assert read_aloud(copy) == read_aloud(full)
    assert links(copy) == links(full)


def read_aloud(data: bytes) -> list[tuple[str, ...]]:
    """All structure elements in their order, with their language, what they show, and what is said in its place."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            (each.tag, each.lang, each.said, *(str(each.dictionary.get(key, "")) for key in ("/ActualText", "/Alt")))
            for each in structure(pdf).walk()
        ]


@pytest.fixture(scope="module", params=["en", "ar", "bn", "zh_Hans"])
def copies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rendered]:
    root = tmp_path_factory.mktemp("many")
    for folder in ("templates/themes", "locales"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    for file in ("leaflets/microsclerotherapy.md", "clinics/lakeside.toml", "clinics/lakeside/logo.svg"):
        (root / "templates" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / "templates" / file, root / "templates" / file)
    lakeside = (root / "templates/clinics/lakeside.toml").read_text(encoding="utf-8").partition("[values")[0]
    (root / "templates/clinics/lakeside.toml").write_text(lakeside, encoding="utf-8")
    seaview = lakeside.replace("Lakeside Vein Clinic", "Seaview Skin and Veins").replace("12 Harbour Road", "8 Pier")
    seaview = seaview.replace("lakeside", "seaview").replace("0123", "0987")
    lines = [line if not line.startswith("primary") else 'primary = "#6a1b4d"' for line in seaview.splitlines()]
    (root / "templates/clinics/seaview.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "templates/clinics/seaview").mkdir()
    (root / "templates/clinics/seaview/logo.svg").write_text(SEAVIEW_LOGO, encoding="utf-8")
    (root / "polyleaf.toml").write_text('locales = ["ar", "bn", "zh_Hans"]\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        yield Rendered(root / "polyleaf.toml", request.param, patch)


def test_a_further_clinic_takes_no_layout_of_its_own(copies: Rendered) -> None:
    assert set(copies.copies) == {"lakeside", "seaview"}
    shared = copies.full
    assert 3 <= shared <= 7, "layouts to choose the sheet, and one for both clinics"


@pytest.mark.parametrize("clinic", ["lakeside", "seaview"])
def test_a_copy_is_a_full_rendering_to_the_eye_to_a_reader_and_in_its_tags(copies: Rendered, clinic: str) -> None:
    assert_alike(*copies.copies[clinic])


def test_nothing_of_one_clinic_is_in_the_copy_of_another(copies: Rendered) -> None:
    text = tool(copies.copies["seaview"][0], "pdftotext", "-", "-")
    assert b"Seaview" in text
    assert b"Lakeside" not in text
    assert b"Harbour" not in text
    assert "lakeside" not in str(links(copies.copies["seaview"][0]))


def small(project: Project, monkeypatch: pytest.MonkeyPatch, **clinics: str) -> Rendered:
    for name, text in clinics.items():
        project.write(f"templates/clinics/{name}.toml", text)
    return Rendered(project.path("polyleaf.toml"), "en", monkeypatch)


def test_the_bytes_do_not_depend_on_who_came_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    dale = CLINIC.replace("Hill Clinic", "The Clinic in the Dale").replace("0b5563", "6a1b4d")
    after = small(project, monkeypatch, dale=dale).copies["hill"][0]
    project.path("templates/clinics/dale.toml").unlink()
    assert small(project, monkeypatch).copies["hill"][0] == after


def test_an_imprint_that_takes_more_room_gets_pages_that_leave_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = CLINIC.replace("1 Hill Road", "1 Hill Road, beside the old railway station, behind the market hall, " * 3)
    one = small(project, monkeypatch)
    both = small(project, monkeypatch, dale=long)
    assert both.full > one.full
    for copy in both.copies.values():
        assert_alike(*copy)


def with_css(project: Project, css: str) -> None:
    """More rules at the end of its own theme's style sheet."""
    project.own_theme()
    path = project.path("templates/themes/default/a4.css")
    path.write_text(path.read_text(encoding="utf-8") + css, encoding="utf-8")


def test_a_theme_that_marks_no_imprint_is_laid_out_in_full(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.own_theme()
    marked = re.compile(r"{% call imprint\(\) -?%}(.*?){%-? endcall %}", re.DOTALL)
    for name in ("_blocks.html", "a4.html"):
        path = project.path(f"templates/themes/default/{name}")
        path.write_text(marked.sub(r"\1", path.read_text(encoding="utf-8")), encoding="utf-8")
    both = small(project, monkeypatch, dale=CLINIC.replace("Hill", "Dale"))
    assert both.copies["dale"][0] == both.copies["dale"][1]


@pytest.mark.parametrize(
    "css",
    [
        ".same-day { display: table; }",  # as wide as what is in it, which is more than the imprint
        ".parts { counter-reset: n; } .parts h3 { counter-increment: n; } .call::before { content: counter(n); }",
        ".contact { position: relative; top: 2mm; } .card { float: left; }",
        ".contact { break-inside: auto; } .card p { break-after: page; } .cards { display: block; }",
    ],
)
def test_where_an_imprint_hangs_on_the_rest_pages_are_laid_out_in_full(
    project: Project, monkeypatch: pytest.MonkeyPatch, css: str
) -> None:
    with_css(project, css)
    for copy in small(
        project, monkeypatch, dale=CLINIC.replace("Hill Clinic", "The Clinic in the Dale")
    ).copies.values():
        assert_alike(*copy)


def test_a_clinics_colours_are_everywhere_in_gradients_too(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with_css(project, ".band { background: linear-gradient(90deg, var(--primary), var(--accent)); }")
    clinic = CLINIC.replace("0b5563", "00ff00").replace("c8573b", "0000ff")
    copy, _ = small(project, monkeypatch, hill=clinic).copies["hill"]
    ppm = tool(copy, "pdftoppm", "-r", "20", "-l", "1", "-")
    header, pixels = ppm.split(b"\n255\n", 1)
    width = int(header.split()[1])
    row = pixels[5 * width * 3 : 6 * width * 3]
    assert row[3:6] >= b"\x00\xf0\x00"
    assert row[-12:-9] < b"\x00\x10\x00"
    assert row[-10] >= 0xF0
    colours = {pixels[at : at + 3] for at in range(0, len(pixels), 3)}
    assert not colours & {bytes.fromhex(stand_in[1:]) for stand_in in STAND_INS.values()}


def test_editions_are_handed_out_in_runs_that_share_a_layout() -> None:
    editions = [Edition("knee", locale, f"c{n}", "a4", "screen") for locale in ("en", "de") for n in range(20)]
    waiting = HandOut(editions)
    first = [waiting.next("one") for _ in range(3)]
    assert first == [0, 1, 2]
    assert [waiting.next("two") for _ in range(20)] == list(range(20, 40))
    helped = waiting.next("two")
    assert helped == 12, "the second half of what the first has before it"
    assert len(waiting) == 40 - 3 - 20 - 1
    waiting.leave("one")
    rest = [waiting.next("three") for _ in range(9)]
    assert rest == list(range(3, 12))
    waiting.again(2)
    assert waiting.next("three") == 2
    while (at := waiting.next("two")) is not None:
        rest.append(at)
    assert len(waiting) == 0
