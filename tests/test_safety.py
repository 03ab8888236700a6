"""Nothing that a writer or translator types becomes markup, and no number is lost on its way."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from babel import Locale
from conftest import LOGO, Project, in_capitals, pdf_text

from polyleaf.build import render
from polyleaf.catalog import Entry
from polyleaf.catalog.verify import Subject, verify
from polyleaf.fonts import isolate_from_system
from polyleaf.model import Edition, Message
from polyleaf.pdf import Layout, set_pages, write_pdf
from polyleaf.project import load_project

CATALOG = "locales/de/LC_MESSAGES/knee.po"
LEAFLET_FILE = "templates/leaflets/knee.md"

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b>bold</b>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html,x)",
    "&lt;script&gt;",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{{ config }}",
    "`code`",
    "</style><script>alert(1)</script>",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", ["leaflet", "catalog"])
def test_markup_comes_out_as_text(project: Project, attack: str, where: str) -> None:
    locale = "en" if where == "leaflet" else "de"
    if where == "leaflet":
        project.edit(LEAFLET_FILE, "Your knee needs **rest** after treatment.", f"Rest {attack} now.")
    else:
        attack = re.sub(r"\d", "n", attack)  # a number that the source does not say is refused anyway
        project.edit(CATALOG, "YOUR KNEE NEEDS **REST** AFTER TREATMENT.", f"Rest {attack} now.".replace('"', '\\"'))
    run = project.build("-l", locale, "-f", "web")
    assert run.exit_code == 0, run.output
    html = project.output(f"hill/{locale}/knee.html")
    paragraph = re.search(r"<p>(Rest .*? now\.)</p>", html, re.DOTALL)
    assert paragraph
    assert unescape(paragraph[1]) == f"Rest {attack} now."
    assert "<" not in paragraph[1]
    assert "javascript:" not in " ".join(re.findall(r'(?:href|src)="([^"]*)"', html)).lower()


def test_markup_in_front_matter_and_clinic_is_text(project: Project) -> None:
    project.edit(LEAFLET_FILE, "title: Resting your knee", 'title: "Knee <script>alert(1)</script> {{ 7*7 }}"')
    project.edit("templates/clinics/hill.toml", '"Hill Clinic"', '"Hill </title><script>alert(2)</script>"')
    project.edit("templates/clinics/hill.toml", '"1 Hill Road"', '"1 <b>Hill</b> Road"')
    assert project.build("-l", "en").exit_code == 0
    html = project.output("hill/en/knee.html")
    assert html.count("<script") == 1  # the structured data
    assert "alert(1)</script>" not in html
    assert "<b>" not in html
    text = pdf_text(project.path("output/hill/en/knee.a4.pdf"))
    assert "Knee <script>alert(1)</script> {{ 7*7 }}" in " ".join(text.split())


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("LENGTH OF REST: {rest}.", "LENGTH OF REST.", "T103"),
        ("LENGTH OF REST: {rest}.", "LENGTH OF REST: {reste}.", "T103"),
        ("LENGTH OF REST: {rest}.", "LENGTH OF REST: {rest} {rest}.", "T103"),
        ("LENGTH OF REST: {rest}.", "LENGTH OF REST: {visits}.", "T103"),
        ("LENGTH OF REST: {rest}.", "LENGTH OF REST: {{rest}}.", "T103"),
        ("LENGTH OF REST: {rest}.", "LENGTH OF REST: { rest }.", "T103"),
        ("LENGTH OF REST: {rest}.", "LENGTH OF REST: \\\\{rest}.", "T103"),
        ("LENGTH OF REST: {rest}.", "LENGTH OF REST: {rest} {Foo}.", "T103"),
        ("LENGTH OF REST: {rest}.", "LENGTH OF REST: {rest} {0}.", "T103"),
        ("LENGTH OF REST: {rest}. [@nice]", "LENGTH OF REST: {rest}.", "T104"),
        ("LENGTH OF REST: {rest}. [@nice]", "LENGTH OF REST: {rest}. \\\\[@nice]", "T104"),
        ("YOU FIND IT HARD TO BREATHE.", " ", "T101"),
        ("YOU FIND IT HARD TO BREATHE.", "\u00a0\u200b", "T101"),
        ("YOU FIND IT HARD TO BREATHE.", "[](https://a.example)", "T101"),
        ('msgstr[1] "{count} VISIT"', 'msgstr[1] "TWO VISITS"', "T103"),
        ('msgstr[1] "{count} VISIT"', 'msgstr[1] ""', "T101"),
    ],
)
def test_a_lost_added_or_doubled_placeholder_fails_the_edition(project: Project, old: str, new: str, code: str) -> None:
    project.edit(CATALOG, old, new)
    run = project.build("-l", "de")
    assert run.exit_code == 1
    assert f"error[{code}]: {CATALOG}:" in run.stderr
    assert project.files().keys() == {"manifest.json"}


def test_a_theme_text_without_its_placeholder_fails_the_edition(project: Project) -> None:
    project.edit("locales/de/LC_MESSAGES/polyleaf.po", "NEXT REVIEW: {date}", "NEXT REVIEW")
    run = project.build("-l", "de")
    assert run.exit_code == 1
    assert "error[T103]" in run.stderr


NUMBERS = "Keep the bandage on for 2.5 days, then walk 1,000 steps 3 times."


@pytest.mark.parametrize(
    ("locale", "translation", "wrong"),
    [
        ("de", "Lassen Sie den Verband 2,5 Tage an, dann gehen Sie 3 Mal 1.000 Schritte.", ()),
        ("de", "Lassen Sie den Verband 2,5 Tage an, dann gehen Sie 3 Mal 1000 Schritte.", ()),
        # Of two readings only one is a number: not as German writes it (T107), and not to be misread.
        ("de", "Lassen Sie den Verband 2.5 Tage an, dann gehen Sie 3 Mal 1.000 Schritte.", ()),
        ("de", "Lassen Sie den Verband 25 Tage an, dann gehen Sie 3 Mal 1.000 Schritte.", ("2.5",)),
        ("de", "Lassen Sie den Verband 2,5 Tage an, dann gehen Sie 3 Mal 1,000 Schritte.", ("1000",)),
        ("de", "Lassen Sie den Verband 2,5 Tage an, dann gehen Sie 1.000 Schritte.", ("3",)),
        ("de", "Lassen Sie den Verband 2,5 Tage an, dann gehen Sie 3 Mal 10.000 Schritte.", ("1000",)),
        ("fr", "Gardez le bandage 2,5 jours, puis faites 3 fois 1\u202f000 pas.", ()),
        ("ar", "أبقِ الضمادة ٢٫٥ يوم، ثم امشِ ١٬٠٠٠ خطوة ٣ مرات.", ()),
        ("ar", "أبقِ الضمادة 2.5 يوم، ثم امشِ 1,000 خطوة 3 مرات.", ()),
        ("ar", "أبقِ الضمادة ٥٫٢ يوم، ثم امشِ ١٬٠٠٠ خطوة ٣ مرات.", ("2.5",)),
        ("hi", "पट्टी २.५ दिन रखें, फिर १,००० कदम ३ बार चलें।", ()),
        ("bn", "ব্যান্ডেজ ২.৫ দিন রাখুন, তারপর ১,০০০ পা ৪ বার হাঁটুন।", ("3",)),
        ("zh_Hans", "绷带保留2.5天，然后走1,000步，共3次。", ()),
        ("zh_Hans", "绷带保留2.5天，然后走100步，共3次。", ("1000",)),
    ],
)
def test_a_number_in_a_translation_is_that_of_the_source(locale: str, translation: str, wrong: tuple[str, ...]) -> None:
    message = Message("aftercare", NUMBERS)
    entry = Entry({"other": translation}, False, 7)
    found = verify(Subject(message, entry, Path("knee.po"), Locale.parse(locale), Locale("en")))
    lost = [finding for finding in found if "is not in the source" not in finding.message]
    assert [finding.code for finding in found] == ["T105"] * len(found)
    assert tuple(finding.message.split()[2].replace(",", "") for finding in lost) == wrong
    assert (not found) == (wrong == ())


@pytest.mark.parametrize(
    ("source", "translation", "found"),
    [
        ("Rest your leg.", "Schonen Sie Ihr Bein 3 Tage.", ["the number 3 is not in the source"]),
        ("Rest your leg twice, three times if it hurts.", "Schonen Sie Ihr Bein 2- bis 3-mal.", []),
        ("Length of rest: {rest}. [@nice2020]", "Dauer: {rest}. [@nice2020]", []),
        ("See [the 2020 guide](https://example.org/2020).", "Siehe [Leitlinie 2020](https://example.org/2020).", []),
    ],
)
def test_a_number_that_the_source_does_not_say(source: str, translation: str, found: list[str]) -> None:
    entry = Entry({"other": translation}, False, 7)
    findings = verify(Subject(Message("aftercare", source), entry, Path("knee.po"), Locale("de"), Locale("en")))
    assert [finding.message.partition(":")[0] for finding in findings] == found


def test_an_edition_with_another_number_is_not_built(project: Project) -> None:
    project.edit(LEAFLET_FILE, "Your knee needs **rest** after treatment.", "Do not drive for 12 hours.")
    project.translate("de", lambda text: in_capitals(text.replace("12", "21")))
    ran = project.build("-l", "de", "-f", "web")
    assert ran.exit_code == 1
    assert "T105" in ran.stderr
    assert "the number 12 became 21" in ran.stderr
    assert f"{CATALOG}:" in ran.stderr


def test_a_draft_never_shows_a_translation_that_lost_a_number(project: Project) -> None:
    project.edit(CATALOG, "LENGTH OF REST: {rest}.", "LENGTH OF REST: SOME DAYS.")
    assert project.build("-l", "de", "-f", "web", "--draft").exit_code == 0
    html = project.output("hill/de/knee.html")
    assert "SOME DAYS" not in html
    assert "Length of rest: 2–\u20603\u00a0days." in html


def test_a_value_in_an_address_is_shown_as_text(project: Project) -> None:
    project.edit(CATALOG, "LENGTH OF REST: {rest}.", "LENGTH OF [x](https://a.example/{rest}).")
    assert project.build("-l", "de", "-f", "web").exit_code == 0
    assert "[x](https://a.example/2–\u20603\u00a0Tage)" in project.output("hill/de/knee.html")


def test_nothing_on_a_page_lies_above_the_watermark_of_a_draft(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.edit(CATALOG, 'msgstr "RESTING YOUR KNEE"', 'msgstr ""')
    loaded = load_project(project.path("polyleaf.toml"))
    pages = []

    def keep(layout: Layout, *more: Any) -> tuple[bytes, tuple[str, ...]]:
        pages.extend(page._page_box for page in layout.document.pages)
        return write_pdf(layout, *more)

    monkeypatch.setattr(render, "write_pdf", keep)
    edition = Edition("knee", "de", "hill", "a4", "screen")
    assert render.Renderer(loaded, "draft").render(edition).outcome == "built"
    assert len(pages) == 2
    for page in pages:
        heights: dict[bool, list[int]] = {True: [], False: [0]}
        for box in page.descendants(placeholders=True):
            if box.element is not None and box.style["z_index"] != "auto":
                heights[box.element.get("class") == "watermark"].append(box.style["z_index"])
        assert min(heights[True]) > max(heights[False])
        assert any(box.element_tag == "div" and box.element.get("class") == "watermark" for box in page.descendants())


def test_a_draft_marks_a_counted_noun_that_is_not_translated(project: Project) -> None:
    project.edit(CATALOG, 'msgstr[1] "{count} VISIT"', 'msgstr[1] ""')
    assert project.build("-l", "de", "-f", "web", "--draft").exit_code == 0
    html = project.output("hill/de/knee.html")
    assert 'COME BACK: <span class="untranslated" lang="en" dir="ltr">2\u00a0visits</span>.' in html


def test_another_script_never_stands_in(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["zh_Hans", "zh_Hant"]\n')
    project.translate("zh_Hans")
    run = project.build("-f", "web")
    assert run.exit_code == 1
    assert sorted(project.files()) == ["hill/en/knee.html", "hill/zh_Hans/knee.html", "manifest.json"]


def test_a_regional_locale_takes_its_parents_catalog(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["de_AT"]\n')
    assert project.build("-f", "web").exit_code == 0
    assert 'lang="de-AT"' in project.output("hill/de_AT/knee.html")


def test_a_glyph_that_no_font_has_names_character_and_message(project: Project) -> None:
    project.edit(LEAFLET_FILE, "Your knee needs **rest** after treatment.", "Your knee 膝 needs rest.")
    project.translate("de")
    run = project.build()
    assert run.exit_code == 1
    assert "no font has a glyph for '膝' (U+819D CJK UNIFIED IDEOGRAPH-819D)" in run.stderr
    assert "about: Your knee 膝 needs rest." in run.stderr
    assert "hill/en/knee.a4.pdf" not in project.files()


def test_a_glyph_in_a_clinics_address_names_the_clinic(project: Project) -> None:
    project.edit("templates/clinics/hill.toml", '"1 Hill Road"', '"1 Hill ☃ Road"')
    run = project.build("-l", "en")
    assert run.exit_code == 1
    assert "templates/clinics/hill.toml: no font has a glyph for '☃' (U+2603 SNOWMAN)" in run.stderr


class TestReading:
    """WeasyPrint reads the project's and the theme's files, and nothing else."""

    @pytest.fixture
    def requests(self) -> list[str]:
        return []

    @pytest.fixture
    def address(self, requests: list[str]) -> object:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                requests.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()

    def test_no_network(self, project: Project, address: str, requests: list[str]) -> None:
        picture = LOGO.replace("<circle", f'<image href="{address}/logo.png" width="9" height="9"/><circle')
        project.write("templates/clinics/hill/logo.svg", picture)
        run = project.build("-l", "en", "-f", "a4")
        assert requests == []
        assert run.exit_code == 2
        assert "an address outside the file" in run.stderr

    @pytest.mark.parametrize("url", ["file:///etc/hostname", "../../../secret.png"])
    def test_no_path_outside(self, project: Project, tmp_path: Path, url: str) -> None:
        (tmp_path / "secret.png").write_bytes(b"secret")
        picture = LOGO.replace("<circle", f'<image href="{url}" width="9" height="9"/><circle')
        project.write("templates/clinics/hill/logo.svg", picture)
        run = project.build("-l", "en", "-f", "a4")
        assert run.exit_code == 2
        assert "an address outside the file" in run.stderr

    @pytest.mark.parametrize(
        "url",
        [
            "{address}/x.svg",
            "file:///etc/hostname",
            "file://{outside}",
            "../outside.svg",
            "%2e%2e/outside.svg",
            "a%252f/../../outside.svg",
        ],
    )
    def test_a_theme_reads_its_own_files_alone(
        self, tmp_path: Path, address: str, requests: list[str], url: str
    ) -> None:
        inside = {"own.svg": LOGO.encode()}
        outside = tmp_path / "outside.svg"
        outside.write_text(LOGO)
        page = '<!doctype html><html lang="en"><title>T</title><p>Text</p><img alt="" src="{}">'
        assert set_pages(page.format("own.svg"), "en", inside).complaints == ()
        tried = url.format(address=address, outside=outside)
        assert set_pages(page.format(tried), "en", inside).complaints != ()
        assert requests == []


@pytest.mark.parametrize(
    "svg",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><style>@import "https://evil.example/x.css";</style></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><path style="fill: url(https://evil.example/x)"/></svg>',
        '<!DOCTYPE svg [<!ENTITY x "y">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        "<svg <<<",
        "<!--a-->" * 5000 + "<html/>",
        "",
    ],
)
def test_a_logo_is_a_plain_picture_or_refused(project: Project, svg: str) -> None:
    project.write("templates/clinics/hill/logo.svg", svg)
    run = project.build()
    assert run.exit_code == 2
    assert "templates/clinics/hill.toml:3: the logo" in run.stderr
    assert project.files() == {}


@pytest.mark.parametrize(
    "svg",
    [
        "\ufeff" + LOGO,
        '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">\n' + LOGO,
        LOGO.replace("<circle", '<defs><linearGradient id="a"/></defs><circle style="fill:url(#a)"').replace(
            "fill=", "stroke="
        ),
    ],
)
def test_the_logos_of_common_programs_are_taken(project: Project, svg: str) -> None:
    project.write("templates/clinics/hill/logo.svg", svg)
    assert project.build("-l", "en").exit_code == 0


def test_a_machine_without_fonts_hears_nothing_of_it(project: Project, tmp_path: Path) -> None:
    bare = tmp_path / "fonts.conf"
    bare.write_text("<fontconfig/>")
    command = [sys.executable, "-m", "polyleaf", "-C", str(project.root), "build", "-l", "en", "-f", "a4"]
    environment = {**os.environ, "FONTCONFIG_FILE": str(bare)}
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    assert "ugly" not in run.stderr


def test_a_cache_may_lie_in_a_folder_of_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYLEAF_CACHE_DIR", str(tmp_path / "Q&A <1>"))
    monkeypatch.setenv("FONTCONFIG_FILE", "")
    isolate_from_system()
    config = ElementTree.parse(os.environ["FONTCONFIG_FILE"])
    assert config.findtext("cachedir") == str(tmp_path.resolve() / "Q&A <1>/fonts/fontconfig")
