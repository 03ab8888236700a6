"""Measures the build engine and writes `benchmarks/RESULTS.md`. Everything is measured in one run, as ratios.

    make bench                     the whole table
    python benchmarks/bench.py cold warm        some measures, printed and not written

Sizes can be lowered for a quick look: POLYLEAF_BENCH_SCALE=0.1.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from types import GeneratorType
from typing import Any

import psutil
from project import LOCALES, REPOSITORY, make_project

SCALE = float(os.environ.get("POLYLEAF_BENCH_SCALE", "1"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure against its target. `met` is None where there is no target."""

    measure: str
    figure: str
    target: str
    met: bool | None


def scaled(count: int, least: int = 1) -> int:
    return max(round(count * SCALE), least)


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def polyleaf(root: Path, cache: Path, *args: str, watch: Callable[[psutil.Process], None] | None = None) -> float:
    """Run a build as a user does; the seconds that it took from beginning to end."""
    environment = {**os.environ, "POLYLEAF_CACHE_DIR": str(with_fonts(cache))}
    began = time.perf_counter()
    command = [sys.executable, "-m", "polyleaf", "-C", str(root), "build", *args]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as build:
        if watch is not None:
            threading.Thread(target=watch, args=(psutil.Process(build.pid),), daemon=True).start()
        assert build.stderr is not None
        told = build.stderr.read()
    if build.returncode != 0:
        raise SystemExit(f"the build failed:\n{told[-2000:]}")
    return time.perf_counter() - began


def with_fonts(cache: Path) -> Path:
    """A cache with the static faces in it: to make those takes seconds, once on a machine."""
    from polyleaf.fonts import cache_folder

    cache.mkdir(parents=True, exist_ok=True)
    link = cache / "fonts"
    if not link.exists():
        link.symlink_to(cache_folder().resolve())
    return cache


def outcomes(root: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in json.loads((root / "output/manifest.json").read_text(encoding="utf-8"))["editions"]:
        counts[entry["outcome"]] = counts.get(entry["outcome"], 0) + 1
    return counts


@dataclass
class Final:
    """The HTML that an edition was finally set from, with its locale."""

    html: str
    locale: str


def final_pages(root: Path) -> list[Final]:
    """Build in this process and keep what WeasyPrint was given for every PDF."""
    from polyleaf.build import Inline, Selection, planned_editions, render
    from polyleaf.palette import in_colours
    from polyleaf.project import load_project

    kept: list[Final] = []
    sound = render.write_pdf

    def keep(layout: Any, colours: dict[str, str], *over: Any) -> Any:
        kept.append(Final(in_colours(layout.source, colours), current[0]))
        return sound(layout, colours, *over)

    project = load_project(root / "polyleaf.toml")
    editions = planned_editions(project, Selection(formats=["a4"]))
    current = [""]
    render.write_pdf = keep
    try:
        for edition in editions:
            current[0] = edition.locale
            [result] = Inline().render_all(project, [edition], "checked")
            assert result.outcome == "built", result.findings
    finally:
        render.write_pdf = sound
    return kept


def bare(pages: Sequence[Final]) -> float:
    """Seconds that bare WeasyPrint takes for the same pages in this process, which is warm."""
    from weasyprint import HTML

    from polyleaf import pdf

    for page in pages:
        pdf._font_setup(page.locale)
    config, faces = pdf._font_setup(pages[0].locale)
    HTML(string=pages[0].html).render(stylesheets=[faces], font_config=config)
    began = time.perf_counter()
    for page in pages:
        config, faces = pdf._font_setup(page.locale)
        HTML(string=page.html).write_pdf(stylesheets=[faces], font_config=config, pdf_variant="pdf/ua-1")
    return time.perf_counter() - began


# The measures --------------------------------------------------------------------------------------------------------


def cold() -> list[Row]:
    """One worker against bare WeasyPrint, two workers against one, and the `weasyprint` command."""
    clinics = scaled(100, 4)
    with folder() as at:
        root = make_project(at / "project", 1, ("ar",), clinics)
        pages = final_pages(root)
        count, sample = len(pages), pages[:: scaled(10)]
        ours, theirs = [], []
        for _ in range(2):
            theirs.append(bare(sample) * count / len(sample))
            ours.append(polyleaf(root, at / f"cache{len(ours)}", "-f", "a4", "-j", "1"))
        two = min(polyleaf(root, at / f"two{n}", "-f", "a4", "-j", "2") for n in range(2))
        command = weasyprint_command(pages[:4], at)
        alone = make_project(at / "alone", 1, LOCALES, 1)
        alone_pages = final_pages(alone)
        alone_theirs = bare(alone_pages)
        alone_ours = polyleaf(alone, at / "alone-cache", "-f", "a4", "-j", "1")
    one, plain = min(ours), min(theirs)
    what = f"{count} PDFs of four pages, English and Arabic, {clinics} clinics"
    return [
        Row(
            f"cold build, one worker, whole command, against bare WeasyPrint in one warm process ({what})",
            f"{one / plain:.2f} times ({one / count:.2f} s against {plain / count:.2f} s an edition)",
            "at most 1.10",
            one / plain <= 1.10,
        ),
        Row(
            f"the same, where nothing can be shared: {len(alone_pages)} languages, one clinic, a sheet chosen for each",
            f"{alone_ours / alone_theirs:.2f} times",
            "at most 1.10",
            alone_ours / alone_theirs <= 1.10,
        ),
        Row(
            "two workers against one, whole command",
            f"{one / two:.2f} times as fast ({two / count:.2f} s an edition)",
            "at least 1.9",
            one / two >= 1.9,
        ),
        Row(
            "two workers against the weasyprint command, a process a leaflet",
            f"{command / (two / count):.1f} times as fast ({command:.2f} s a leaflet)",
            "at least 8",
            command / (two / count) >= 8,
        ),
    ]


def weasyprint_command(pages: Sequence[Final], at: Path) -> float:
    """Seconds a leaflet."""
    from polyleaf import fonts

    took = []
    for number, page in enumerate(pages):
        source, faces = at / f"{number}.html", at / "faces.css"
        source.write_text(page.html, encoding="utf-8")
        faces.write_text(fonts.font_faces(page.locale), encoding="utf-8")
        command = [str(Path(sys.executable).parent / "weasyprint"), "-s", str(faces), "--pdf-variant", "pdf/ua-1"]
        began = time.perf_counter()
        subprocess.run([*command, str(source), str(at / "out.pdf")], check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    return median(took)


def others() -> list[Row]:
    """Chromium printing the same HTML, Typst setting the same text; one leaflet, one language."""
    clinics, many = scaled(20, 4), scaled(200, 4)
    with folder() as at:
        root = make_project(at / "project", 1, (), clinics)
        pages = final_pages(root)
        few = min(polyleaf(root, at / f"cache{n}", "-f", "a4") for n in range(2)) / len(pages)
        large = make_project(at / "large", 1, (), many)
        ours = min(polyleaf(large, at / f"large{n}", "-f", "a4") for n in range(2)) / many
        chromium = chromium_time(pages) if CHROMIUM else None
        typst = typst_time(pages)
    rows = []
    if chromium:
        rows.append(
            Row(
                f"against headless Chromium, one warm page printing the same HTML; {many} clinics, the whole command",
                f"{chromium / ours:.2f} times as fast ({ours:.2f} s against {chromium:.2f} s an edition)",
                "at least 1",
                chromium >= ours,
            )
        )
    rows.append(
        Row(
            f"against Typst setting the same text, warm: {clinics} clinics, one leaflet, one language",
            f"{typst / few:.2f} times as fast ({few:.2f} s against {typst:.3f} s an edition)",
            "at least 1",
            typst >= few,
        )
    )
    return rows


def chromium_time(pages: Sequence[Final]) -> float:
    """Seconds an edition."""
    from playwright.sync_api import sync_playwright

    from polyleaf import fonts

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        html = [
            item.html.replace("</head>", f"<style>{fonts.font_faces(item.locale)}</style></head>") for item in pages
        ]
        page.set_content(html[0])
        page.pdf(prefer_css_page_size=True, tagged=True)
        began = time.perf_counter()
        for text in html:
            page.set_content(text)
            page.pdf(prefer_css_page_size=True, tagged=True)
        took = time.perf_counter() - began
        browser.close()
    return took / len(pages)


def typst_time(pages: Sequence[Final]) -> float:
    """Seconds an edition: the same paragraphs, lists and headings, without the pictures and boxes."""
    import typst

    from polyleaf import fonts

    sources = [typst_source(item.html) for item in pages]
    with folder() as at:
        path = at / "main.typ"
        path.write_text(sources[0], encoding="utf-8")
        compiler = typst.Compiler(str(path), font_paths=[str(fonts.cache_folder())])
        compiler.compile()
        began = time.perf_counter()
        for source in sources:
            path.write_text(source, encoding="utf-8")
            compiler.compile()
        return (time.perf_counter() - began) / len(sources)


def typst_source(html: str) -> str:
    import tinyhtml5

    marks = {"h1": "= ", "h2": "== ", "h3": "=== ", "li": "- "}
    lines = ['#set page(paper: "a4", margin: 14mm)', '#set text(font: "Noto Sans", size: 12pt)']
    for element in tinyhtml5.parse(html, namespace_html_elements=False).iter():
        if element.tag in ("h1", "h2", "h3", "p", "li", "td", "th", "dt", "dd"):
            text = " ".join("".join(element.itertext()).split())
            escaped = "".join(f"\\{char}" if char in "\\#$*_`<>@[]=-+/~" else char for char in text)
            lines.append(f"{marks.get(str(element.tag), '')}{escaped}\n")
    return "\n".join(lines)


def warm() -> list[Row]:
    """Nothing changed, and one message changed, in a project of 10,000 editions."""
    clinics = scaled(250, 2)
    with folder() as at:
        root = make_project(at / "project", 4, LOCALES[:9], clinics)
        total = 4 * 10 * clinics
        first = polyleaf(root, at / "cache", "-f", "web")
        assert sum(outcomes(root).values()) == total
        peak = [0]
        nothing = polyleaf(root, at / "cache", "-f", "web", watch=lambda process: _peak(process, peak))
        assert outcomes(root) == {"up-to-date": total}
        catalog = root / "locales/de/LC_MESSAGES/leaflet-1.po"
        text = catalog.read_text(encoding="utf-8")
        changed = text.replace("Krampfadern", "Krampfader", 1)
        assert changed != text
        catalog.write_text(changed, encoding="utf-8")
        one = polyleaf(root, at / "cache", "-f", "web")
        counts = outcomes(root)
        assert counts == {"built": clinics, "up-to-date": total - clinics}
        alone = polyleaf(root, at / "alone", "-f", "web", "-l", "de", "leaflet-1", "-o", str(at / "alone-output"))
    megabytes = peak[0] / 1e6
    return [
        Row(f"first build of {total} web pages", f"{first:.1f} s ({first / total * 1000:.1f} ms each)", "", None),
        Row(f"nothing changed, {total} editions", f"{nothing:.2f} s", "under 2 s", nothing < 2),
        Row("memory of that, all processes", f"{megabytes:.0f} MB", "under 300 MB", megabytes < 300),
        Row(
            f"one message changed, {total} editions: {clinics} rendered",
            f"{one:.2f} s, of which {one - alone:.2f} s for the rest (those editions alone take {alone:.2f} s)",
            "the rest under 2 s",
            one - alone < 2,
        ),
    ]


def _peak(process: psutil.Process, peak: list[int]) -> None:
    while True:
        try:
            family = [process, *process.children(recursive=True)]
            peak[0] = max(peak[0], sum(member.memory_info().rss for member in family))
        except psutil.Error:
            return
        time.sleep(0.02)


def watching() -> list[Row]:
    """From a saved translation to the files in the output, with all the workers of the machine warm."""
    web, paged = [], []
    with folder() as at:
        root = make_project(at / "project", 3, LOCALES, 2)
        environment = {**os.environ, "POLYLEAF_CACHE_DIR": str(with_fonts(at / "cache"))}
        command = [sys.executable, "-m", "polyleaf", "-C", str(root), "build", "--watch", "-l", "de"]
        catalog = root / "locales/de/LC_MESSAGES/leaflet-1.po"
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as build:
            targets = [root / f"output/clinic-0/de/leaflet-1.{ending}" for ending in ("html", "a4.pdf")]
            while not (root / "output/manifest.json").exists() or len(_entries(root)) < 12:
                time.sleep(0.1)
            time.sleep(3)
            for number in range(scaled(10, 3)):
                before = [target.read_bytes() for target in targets]
                text = catalog.read_text(encoding="utf-8")
                began = time.perf_counter()
                catalog.write_text(
                    text.replace("Besenreiser", f"Besenreiser{'abcdefghij'[number % 10]}", 1), encoding="utf-8"
                )
                for target, old, took in zip(targets, before, (web, paged), strict=True):
                    while target.read_bytes() == old:
                        time.sleep(0.005)
                    took.append(time.perf_counter() - began)
                time.sleep(6)  # until what fits best has been chosen too: the next save is looked at after that
            build.terminate()
    return [
        Row("watching: from saving to the web page, median", f"{median(web):.2f} s", "0.3 s", median(web) <= 0.3),
        Row("watching: from saving to the PDF, median", f"{median(paged):.2f} s", "1 s", median(paged) <= 1),
    ]


def _entries(root: Path) -> list[Any]:
    return list(json.loads((root / "output/manifest.json").read_text(encoding="utf-8"))["editions"])


def growth() -> list[Row]:
    """How the cost grows with the work, and the memory of a worker with what it has made."""
    rows = []
    each = {}
    for total in (scaled(100, 10), scaled(1000, 20), scaled(10000, 40)):
        with folder() as at:
            root = make_project(at / "project", 1, LOCALES[:1], total // 2)
            took = polyleaf(root, at / "cache", "-f", "web")
        each[total] = took / total
    told = ", ".join(f"{total}: {cost * 1000:.1f} ms" for total, cost in each.items())
    costs = list(each.values())
    rows.append(
        Row(
            "cost of an edition as the work grows (web pages, whole command)",
            told,
            "linear: the last at most 1.2 times the one before",
            costs[-1] <= 1.2 * costs[-2],
        )
    )
    rows.append(memory())
    return rows


def memory() -> Row:
    """Four web pages, then a PDF, again and again: as many as 5,000 editions, a fifth of them PDFs."""
    from polyleaf.build import Selection, Workers, planned_editions
    from polyleaf.project import load_project

    rounds, early = scaled(1000, 4), scaled(100, 10)
    with folder() as at:
        root = make_project(at / "project", 1, (), 4 * rounds, source="compression-stockings")
        project = load_project(root / "polyleaf.toml")
        pages = planned_editions(project, Selection(formats=["web"]))
        paged = planned_editions(project, Selection(formats=["a4"]))
        editions = [edition for n in range(rounds) for edition in (*pages[4 * n : 4 * n + 4], paged[n])]
        sizes = []
        with Workers(1) as workers:
            for number, _ in enumerate(workers.render_all(project, editions, "checked"), start=1):
                if number in (early, len(editions)):
                    [child] = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
                    sizes.append(child.memory_info().rss)
    ratio = sizes[1] / sizes[0]
    return Row(
        f"memory of a worker after {len(editions)} editions, a fifth of them PDFs, against after {early}",
        f"{ratio:.2f} times ({sizes[1] / 1e6:.0f} MB against {sizes[0] / 1e6:.0f} MB)",
        "at most 1.2",
        ratio <= 1.2,
    )


def where() -> list[Row]:
    """Where the time of a PDF goes, once its sheet is chosen."""
    import weasyprint
    from weasyprint import document

    from polyleaf.build import Selection, planned_editions, render, typeset
    from polyleaf.project import load_project

    spent: dict[str, float] = {}

    def timed(name: str, owner: Any, attribute: str) -> None:
        sound = getattr(owner, attribute)
        plain = sound.__func__ if hasattr(sound, "__func__") else sound

        def call(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                found = plain(*args, **kwargs)
                return list(found) if isinstance(found, GeneratorType) else found
            finally:
                spent[name] = spent.get(name, 0) + time.perf_counter() - began

        setattr(owner, attribute, classmethod(call) if hasattr(sound, "__func__") else call)

    with folder() as at:
        root = make_project(at / "project", 1, ("ar",), scaled(20, 2))
        project = load_project(root / "polyleaf.toml")
        renderer = render.Renderer(project)
        editions = planned_editions(project, Selection(formats=["a4"]))
        for edition in editions[:2]:
            renderer.render(edition)
        timed("catalog and values: the page's texts", typeset, "build_page")
        timed("templates", typeset.Templates, "render")
        timed("check of glyphs", render, "missing_glyphs")
        timed("parsing HTML", weasyprint.HTML, "__init__")
        timed("style sheets and styles", document.Document, "_build_layout_context")
        timed("boxes", document, "build_formatting_structure")
        timed("lines and pages", document, "layout_document")
        timed("fonts subset, drawing, tags, writing", render, "write_pdf")
        began = time.perf_counter()
        for edition in editions:
            renderer.render(edition)
        total = time.perf_counter() - began
    spent["the rest"] = total - sum(spent.values())
    told = "; ".join(f"{name} {part / total:.0%}" for name, part in spent.items())
    return [Row(f"where the {total / len(editions):.2f} s of a four-page PDF go", told, "", None)]


MEASURES: dict[str, Callable[[], list[Row]]] = {
    "where": where,
    "cold": cold,
    "others": others,
    "warm": warm,
    "watching": watching,
    "growth": growth,
}


def machine() -> str:
    memory_gb = psutil.virtual_memory().total / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return (
        f"{psutil.cpu_count()} cores ({platform.machine()}), {memory_gb:.0f} GiB, {system}, "
        f"Python {platform.python_version()}, WeasyPrint {version('weasyprint')}"
    )


def table(rows: Sequence[Row]) -> str:
    lines = ["| measure | figure | target | |", "|---|---|---|---|"]
    for row in rows:
        word = {True: "met", False: "**missed**", None: ""}[row.met]
        lines.append(f"| {row.measure} | {row.figure} | {row.target} | {word} |")
    return "\n".join(lines)


def main() -> None:
    asked = sys.argv[1:] or list(MEASURES)
    rows: list[Row] = []
    for name in asked:
        print(f"measuring: {name}", file=sys.stderr)
        rows += MEASURES[name]()
        print(table(rows), file=sys.stderr)
    if sys.argv[1:] or SCALE != 1:
        return
    about = "All of it measured in one run of `make bench`. More: [README.md](README.md)."
    text = f"# Results\n\n{about}\n\n{machine()}\n\n{table(rows)}\n"
    (REPOSITORY / "benchmarks/RESULTS.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
