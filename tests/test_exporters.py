"""Pages in forms that no theme makes: FHIR documents, and what other packages write."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import lxml.html
import polib
import pytest
from conftest import LEAFLETS, REPOSITORY, Project, in_capitals
from fhir.resources.bundle import Bundle
from lxml import etree

from polyleaf import plugins, texts
from polyleaf.catalog import extract
from polyleaf.exporters import exporter, fhir
from polyleaf.leaflet import load_leaflet
from polyleaf.model import Approval, Edition, ListBlock, Message, Paragraph, Section
from polyleaf.page import Page, build_page
from polyleaf.project import load_project
from polyleaf.theme import load_theme

LOCALES = ("en", "ar", "zh_Hans", "bn")
EVERY = pytest.mark.parametrize(("locale", "leaflet"), [(at, name) for at in LOCALES for name in LEAFLETS])
XHTML = "{http://www.w3.org/1999/xhtml}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# The elements of HTML 4.0, chapters 7 to 11 and 15, as far as they hold text; and their attributes.
ELEMENTS = {
    *("div", "h1", "h2", "h3", "h4", "h5", "h6", "address", "p", "br", "blockquote", "pre", "hr"),
    *("span", "em", "strong", "dfn", "code", "samp", "kbd", "var", "cite", "abbr", "acronym", "q", "sub", "sup"),
    *("b", "i", "tt", "big", "small", "bdo", "a", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tfoot", "tbody", "colgroup", "col", "tr", "th", "td"),
}
ATTRIBUTES = {"id", "class", "title", "style", "lang", "dir", XML_LANG, "href", "name", "scope", "rowspan", "colspan"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's leaflets of a clinic as FHIR documents and as web pages."""
    folder = tmp_path_factory.mktemp("built")
    asked = [word for locale in LOCALES for word in ("-l", locale)]
    run = Project(REPOSITORY).build(*asked, "-c", "lakeside", "-f", "fhir.json", "-f", "web", "-o", str(folder))
    assert run.exit_code == 0, run.output
    return folder / "lakeside"


def document(path: Path) -> Any:
    return json.loads(path.read_bytes())


def composition(bundle: Any) -> Any:
    return bundle["entry"][0]["resource"]


def sections(parent: Any) -> Iterator[Any]:
    """All sections in reading order, those with parts before their parts."""
    for section in parent.get("section", []):
        yield section
        yield from sections(section)


def narratives(bundle: Any) -> list[etree._Element]:
    holders = [*(entry["resource"] for entry in bundle["entry"]), *sections(composition(bundle))]
    return [etree.fromstring(holder["text"]["div"]) for holder in holders if "text" in holder]


def words(element: etree._Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def told(section: Any) -> str:
    """All that a reader of a section sees, its parts among it."""
    own = words(etree.fromstring(section["text"]["div"])) if "text" in section else ""
    return " ".join(part for part in (section["title"], own, *map(told, section.get("section", []))) if part)


# A FHIR document -----------------------------------------------------------------------------------------------------


@EVERY
def test_a_leaflet_becomes_a_valid_fhir_document(built: Path, locale: str, leaflet: str) -> None:
    data = document(built / f"{locale}/{leaflet}.fhir.json")
    bundle = Bundle.model_validate(data)
    assert bundle.type == "document"
    assert [entry.resource.get_resource_type() for entry in bundle.entry] == ["Composition", "Organization"]
    assert data["identifier"]["system"] and data["identifier"]["value"]  # bdl-9, which the models do not ask for
    for section in sections(composition(data)):
        assert "text" in section or section["section"]  # cmp-1


@EVERY
def test_its_ids_are_unique_and_what_refers_to_one_finds_it(built: Path, locale: str, leaflet: str) -> None:
    text = (built / f"{locale}/{leaflet}.fhir.json").read_text(encoding="utf-8")
    bundle = json.loads(text)
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert urls == [f"urn:uuid:{entry['resource']['id']}" for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    references = re.findall(r'"reference": "([^"]*)"', text)
    assert references
    assert set(references) <= set(urls)
    elements = [section["id"] for section in sections(composition(bundle))]
    anchors = [element.get("id") for div in narratives(bundle) for element in div.iter() if element.get("id")]
    assert len({*elements, *anchors}) == len(elements) + len(anchors)
    links = [link.get("href") for div in narratives(bundle) for link in div.iter(f"{XHTML}a")]
    inner = {link[1:] for link in links if link.startswith("#")}
    assert inner
    assert inner <= set(anchors)


@EVERY
def test_its_narratives_are_in_the_language_and_the_html_that_fhir_allows(
    built: Path, locale: str, leaflet: str
) -> None:
    bundle = document(built / f"{locale}/{leaflet}.fhir.json")
    lang = lxml.html.parse(built / f"{locale}/{leaflet}.html").getroot().get("lang")
    assert lang.startswith(locale.replace("_", "-"))
    assert bundle["language"] == composition(bundle)["language"] == lang
    for div in narratives(bundle):
        assert div.tag == f"{XHTML}div"
        assert (div.get("lang"), div.get(XML_LANG)) == (lang, lang)
        assert div.get("dir") == ("rtl" if locale == "ar" else "ltr")
        assert words(div)
        for element in div.iter():
            assert element.tag.removeprefix(XHTML) in ELEMENTS
            assert set(element.attrib) <= ATTRIBUTES


@EVERY
def test_each_section_says_what_the_web_page_says(built: Path, locale: str, leaflet: str) -> None:
    page = lxml.html.parse(built / f"{locale}/{leaflet}.html").getroot()
    own = ("status", "contact", "document")
    found = [s for s in composition(document(built / f"{locale}/{leaflet}.fhir.json"))["section"] if s["id"] not in own]
    assert {section["id"] for section in found} == {shown.get("id") for shown in page.find_class("section")}
    for section in found:
        assert told(section) == words(page.get_element_by_id(section["id"]))  # values, numbers to call and all


def in_order(section: Section) -> Iterator[Message]:
    if section.heading:
        yield section.heading
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, ListBlock):
            yield from block.items
        else:
            yield from block.header
            for row in block.rows:
                yield from row
    for part in section.parts:
        yield from in_order(part)


@EVERY
def test_every_text_of_the_leaflet_is_there_in_its_order(built: Path, locale: str, leaflet: str) -> None:
    source = load_leaflet(REPOSITORY / f"templates/leaflets/{leaflet}.md")
    known: dict[tuple[str | None, str], str] = {}
    if locale != "en":
        catalog = polib.pofile(str(REPOSITORY / f"locales/{locale}/LC_MESSAGES/{leaflet}.po"))
        known = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in catalog}
    text = " ".join(
        told(section) for section in composition(document(built / f"{locale}/{leaflet}.fhir.json"))["section"]
    )
    text = text.replace("\u2060", "")
    at = text.index(" ")
    for message in (message for section in source.sections for message in in_order(section)):
        shown = known.get(message.key, message.msgid)
        for piece in re.split(r"\{\w+\}|\[@[\w-]+\]|\*+", shown):
            begins = text.find(piece.strip(), at)
            assert begins >= 0, piece
            at = begins + len(piece.strip())


@EVERY
def test_a_reader_is_told_first_that_nobody_approved_it(built: Path, locale: str, leaflet: str) -> None:
    page = lxml.html.parse(built / f"{locale}/{leaflet}.html").getroot()
    found = composition(document(built / f"{locale}/{leaflet}.fhir.json"))
    [mark] = [words(note) for note in page.xpath("//div[@role='note']")]
    assert found["status"] == "preliminary"
    assert found["section"][0]["title"] == mark
    assert mark in words(etree.fromstring(found["text"]["div"]))
    machine = "This translation was drafted by a machine. No person has checked it yet."
    if locale != "en":
        catalog = polib.pofile(str(REPOSITORY / f"locales/{locale}/LC_MESSAGES/polyleaf.po"))
        machine = catalog.find(machine, msgctxt="status").msgstr
    assert (machine in told(found["section"][0])) == (locale != "en")


def test_sources_have_the_numbers_that_the_text_cites(built: Path) -> None:
    bundle = document(built / "bn/microsclerotherapy.fhir.json")
    cited = {
        (link.get("href").removeprefix("#source-"), words(link))
        for div in narratives(bundle)
        for link in div.iterfind(f".//{XHTML}sup/{XHTML}a")
    }
    [listed] = [section for section in sections(composition(bundle)) if section["id"] == "sources"]
    items = etree.fromstring(listed["text"]["div"]).findall(f".//{XHTML}li")
    assert {(item.get("id").removeprefix("source-"), words(item).partition(".")[0]) for item in items} == cited
    assert [related["label"] for related in composition(bundle)["relatesTo"]] == ["১", "২", "৩", "৪", "৫", "৬"]
    assert "https://doi.org/10.1177/02683555231151350" in [
        related.get("document", {}).get("url") for related in composition(bundle)["relatesTo"]
    ]


def test_whom_to_call_stands_with_the_warning_signs_and_in_the_organization(built: Path) -> None:
    bundle = document(built / "en/microsclerotherapy.fhir.json")
    found = {section["id"]: told(section) for section in sections(composition(bundle))}
    assert found["warning-signs-emergency"].endswith("999")
    for number in ("020 7946 0123", "020 7946 0456", "111"):
        assert number in found["warning-signs-same-day"]
    assert found["warning-signs-clinic"].endswith("020 7946 0123")
    assert "999" in found["contact"]
    organization = bundle["entry"][1]["resource"]
    assert organization["name"] == "Lakeside Vein Clinic"
    assert organization["contact"][0]["address"]["line"] == ["12 Harbour Road", "London SE1 0AA", "United Kingdom"]
    assert {"system": "phone", "value": "+442079460123", "use": "work"} in organization["contact"][0]["telecom"]
    assert organization["contact"][1]["telecom"][0]["value"] == "+442079460456"
    assert composition(bundle)["author"][0]["reference"] == bundle["entry"][1]["fullUrl"]


def test_it_says_which_version_of_which_leaflet_it_is(built: Path) -> None:
    found = composition(document(built / "ar/microsclerotherapy.fhir.json"))
    assert (found["version"], found["date"]) == ("1.0", "2026-11-24")
    assert {"system": fhir.LEAFLETS, "value": "microsclerotherapy"} in found["identifier"]
    assert [category["coding"][0]["code"] for category in found["category"]] == ["pre-consent", "procedure"]
    other = composition(document(built / "en/microsclerotherapy.fhir.json"))
    assert found["identifier"][0] != other["identifier"][0]


def page_of(project: Project, locale: str = "de") -> Page:
    loaded = load_project(project.path("polyleaf.toml"))
    return build_page(
        Edition("knee", locale, "hill", "fhir.json", "screen"),
        loaded.leaflets["knee"],
        loaded.clinics["hill"],
        loaded.leaflet_catalogs("knee", locale),
        loaded.theme_catalogs(locale),
        loaded.theme.headings,
        loaded.source_locale,
    )


def test_what_a_clinician_approved_is_final_and_says_who_did(project: Project) -> None:
    assert project.build("-f", "fhir.json", "-l", "en").exit_code == 0
    assert composition(document(project.path("output/hill/en/knee.fhir.json")))["status"] == "preliminary"
    signed = project.run("approve", "knee", "-l", "en", "--by", "Dr Amal Haddad", "--role", "Surgeon", "--yes")
    assert signed.exit_code == 0, signed.output
    assert project.build("-f", "fhir.json", "-l", "en", "--release").exit_code == 0
    bundle = document(project.path("output/hill/en/knee.fhir.json"))
    Bundle.model_validate(bundle)
    found = composition(bundle)
    assert found["status"] == "final"
    assert found["section"][0]["id"] == "key-points"
    assert "not yet approved" not in json.dumps(bundle)
    assert found["attester"][0]["mode"]["coding"][0]["code"] == "professional"
    assert found["attester"][0]["party"]["display"] == "Dr Amal Haddad (Surgeon)"
    assert "Approved by: Dr Amal Haddad" in told(found["section"][-1])


def test_an_approval_of_what_is_not_all_translated_counts_for_nothing(project: Project) -> None:
    approval = Approval("knee", "1.0", "Dr Amal Haddad", "Surgeon", date(2026, 11, 26), "0" * 64)
    page = replace(page_of(project), approval=approval, machine_drafted=True)
    whole = composition(json.loads(fhir.export(page)))
    assert (whole["status"], whole["section"][0]["id"]) == ("final", "key-points")
    assert "attester" in whole
    found = composition(json.loads(fhir.export(replace(page, incomplete=True))))
    assert (found["status"], found["section"][0]["id"]) == ("preliminary", "status")
    assert "attester" not in found
    assert "Haddad" not in json.dumps(found)


def test_a_text_cannot_become_markup(project: Project) -> None:
    project.edit("templates/leaflets/knee.md", "Your knee needs", 'A <b>"knee"</b> & needs')
    bundle = json.loads(fhir.export(page_of(project, "en")))
    assert 'A <b>"knee"</b> & needs rest after treatment.' in " ".join(map(words, narratives(bundle)))


CATALOG = "locales/nl/LC_MESSAGES/knee.po"


def test_a_missing_translation_fails_it_and_a_draft_marks_it(project: Project) -> None:
    project.write("polyleaf.toml", 'locales = ["nl"]\n')  # a language that the default theme does not come in
    project.translate("nl")
    project.edit("locales/nl/LC_MESSAGES/polyleaf.po", "KEY POINTS", "")
    project.edit(CATALOG, "YOUR KNEE NEEDS **REST** AFTER TREATMENT.", "")
    run = project.build("-f", "fhir.json", "-l", "nl")
    assert run.exit_code == 1
    assert f"{CATALOG}:{project.line(CATALOG, 'Your knee needs')}: " in run.stderr
    assert sorted(project.files()) == ["manifest.json"]
    assert project.build("-f", "fhir.json", "-l", "nl", "--draft").exit_code == 0
    bundle = json.loads(project.output("hill/nl/knee.fhir.json"))
    found = composition(bundle)
    assert found["status"] == "preliminary"
    assert in_capitals("Draft with untranslated text. Do not give it to patients.") in told(found["section"][0])
    spans = [span for div in narratives(bundle) for span in div.iter(f"{XHTML}span") if span.get("lang") == "en"]
    assert [words(span) for span in spans] == ["Your knee needs rest after treatment."]
    [heading] = [section for section in sections(found) if section["id"] == "key-points"]
    assert heading["title"] == "Key points"
    assert heading["_title"]["extension"][0]["valueCode"] == "en"
    Bundle.model_validate(bundle)


def run_apart(project: Project, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "polyleaf", "-C", str(project.root), "build", "--executor", "inline", *args]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def test_the_same_bytes_come_out_of_any_process(project: Project) -> None:
    made = []
    for seed in ("1", "2"):
        run = run_apart(project, "-f", "fhir.json", "--force", PYTHONHASHSEED=seed)
        assert run.returncode == 0, run.stderr
        made.append({path: data for path, data in project.files().items() if path.endswith(".fhir.json")})
    assert sorted(made[0]) == ["hill/de/knee.fhir.json", "hill/en/knee.fhir.json"]
    assert made[0] == made[1]


# Formats by entry point ----------------------------------------------------------------------------------------------


Offer = Callable[..., Path]


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offer]:
    """Install a package that offers an exporter, as pip would: a module, and its metadata beside it."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    before = set(sys.modules)

    def install(name: str, code: str, package: str = "leaflet-tools", version: str = "1.0") -> Path:
        module = package.replace("-", "_")
        for old in site.glob(f"{module}-*.dist-info"):
            old.rename(site / f"{module}-{version}.dist-info")
        metadata = site / f"{module}-{version}.dist-info"
        metadata.mkdir(exist_ok=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        (metadata / "entry_points.txt").write_text(f"[polyleaf.exporters]\n{name} = {module}:export\n")
        (site / f"{module}.py").write_text(code)
        return site

    yield install
    for module in set(sys.modules) - before:
        if str(site) in str(getattr(sys.modules[module], "__file__", "")):
            del sys.modules[module]
    exporter.cache_clear()
    plugins.code_of.cache_clear()


TITLE = "def export(page):\n    return page.title.plain.encode()\n"


def test_another_packages_exporter_is_a_format(project: Project, offer: Offer) -> None:
    offer("title.txt", TITLE)
    run = project.build("-f", "title.txt", "-f", "web")
    assert run.exit_code == 0, run.output
    assert project.output("hill/en/knee.title.txt") == "Resting your knee"
    assert project.output("hill/de/knee.title.txt") == "RESTING YOUR KNEE"
    [entry] = [
        e for e in json.loads(project.output("manifest.json"))["editions"] if e["path"] == "hill/en/knee.title.txt"
    ]
    assert (entry["format"], entry["profile"], entry["outcome"]) == ("title.txt", "screen", "built")
    assert (entry["pages"], entry["type_size_pt"]) == (None, None)
    assert "4 up to date" in project.build("-f", "title.txt", "-f", "web").stderr


def test_a_project_can_build_exports_by_itself(project: Project, offer: Offer) -> None:
    offer("title.txt", TITLE)
    project.write("polyleaf.toml", 'formats = ["web", "title.txt"]\n')
    assert project.build().exit_code == 0
    assert sorted(project.files()) == ["hill/en/knee.html", "hill/en/knee.title.txt", "manifest.json"]


def test_an_exporter_that_changed_writes_again(project: Project, offer: Offer) -> None:
    site = str(offer("title.txt", TITLE))
    asked = ("-f", "title.txt", "-l", "en")
    paths = os.pathsep.join([site, os.environ.get("PYTHONPATH", "")])
    assert "1 built" in run_apart(project, *asked, PYTHONPATH=paths).stderr
    assert "1 up to date" in run_apart(project, *asked, PYTHONPATH=paths).stderr
    offer("title.txt", TITLE.replace("plain", "plain.upper()"))
    told_why = run_apart(project, "--explain", "hill/en/knee.title.txt", PYTHONPATH=paths).stdout
    assert told_why.splitlines()[1:] == ["  the exporter title.txt, or the version of its package"]
    assert "1 built" in run_apart(project, *asked, PYTHONPATH=paths).stderr
    assert project.output("hill/en/knee.title.txt") == "RESTING YOUR KNEE"


def test_an_unknown_format_is_told_with_the_nearest(project: Project) -> None:
    run = project.build("-f", "fhir.jsn")
    assert run.exit_code == 2
    assert "unknown format 'fhir.jsn'" in run.stderr
    assert "did you mean 'fhir.json'?" in run.stderr
    project.write("polyleaf.toml", '\nformats = ["fhirjson"]\n')
    run = project.build()
    assert run.exit_code == 2
    assert f"{project.path('polyleaf.toml')}:2: unknown format 'fhirjson'" in run.stderr
    assert "did you mean 'fhir.json'?" in run.stderr


@pytest.mark.parametrize("name", ["pdf", "a4.pdf", "../up.txt", "Title.TXT", ".txt", "a b.txt"])
def test_an_exporter_whose_name_is_no_ending_of_its_own_is_no_format(project: Project, offer: Offer, name: str) -> None:
    offer(name, TITLE)
    assert f"unknown format {name!r}" in project.build("-f", name).stderr
    assert project.build("-f", "web").exit_code == 0


def test_a_broken_exporter_is_told_by_its_package_when_it_is_asked_for(project: Project, offer: Offer) -> None:
    offer("broken.txt", "import a_module_that_nobody_has\n", "broken-tools", "2.1")
    assert project.build("-f", "web").exit_code == 0
    run = project.build("-f", "broken.txt")
    assert run.exit_code == 2
    assert (
        "'broken.txt' of polyleaf.exporters cannot be loaded (broken_tools:export): ModuleNotFoundError" in run.stderr
    )
    assert "mend or uninstall the package broken-tools 2.1" in run.stderr


def test_an_exporter_that_is_no_function_is_told_by_its_package(project: Project, offer: Offer) -> None:
    offer("nothing.txt", "export = 3\n")
    run = project.build("-f", "nothing.txt")
    assert run.exit_code == 2
    assert "the exporter 'nothing.txt' is no function, but 3" in run.stderr
    assert "leaflet-tools 1.0" in run.stderr


def test_two_packages_with_one_name_are_told_when_it_is_asked_for(project: Project, offer: Offer) -> None:
    offer("title.txt", TITLE)
    offer("title.txt", TITLE, "other-tools", "3.0")
    assert project.build("-f", "web").exit_code == 0
    run = project.build("-f", "title.txt")
    assert run.exit_code == 2
    assert "offered more than once in polyleaf.exporters: by leaflet-tools 1.0, other-tools 3.0" in run.stderr


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def export(page):\n    return page.no_such_thing\n", "AttributeError at leaflet_tools.py:2"),
        ("def export(page):\n    return page.title.plain\n", "the exporter 'title.txt' gives str, not bytes"),
    ],
)
def test_a_failing_exporter_fails_its_editions_alone(project: Project, offer: Offer, code: str, reason: str) -> None:
    offer("title.txt", code)
    run = project.build("-f", "title.txt", "-f", "web", "-l", "en")
    assert run.exit_code == 1
    assert sorted(project.files()) == ["hill/en/knee.html", "manifest.json"]
    assert reason in run.stderr
    assert "report it to leaflet-tools 1.0" in run.stderr


def test_the_example_in_the_documentation_works(project: Project, offer: Offer) -> None:
    page = (REPOSITORY / "docs/exporters.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", page, re.S)
    [line] = re.findall(r'^"(.*)" = "leaflet_text:export"$', page, re.M)
    offer(line, code, "leaflet-text")
    assert project.build("-f", line).exit_code == 0
    lines = project.output(f"hill/de/knee.{line}").splitlines()
    assert lines[:2] == [in_capitals("Draft translation, not yet approved by a clinician"), "RESTING YOUR KNEE"]
    assert "- REST. LENGTH OF REST: 2–3\N{NO-BREAK SPACE}Tage." in [text.rstrip() for text in lines]
    assert "- YOU FIND IT HARD TO BREATHE." in lines


# Texts ---------------------------------------------------------------------------------------------------------------


def test_the_default_theme_says_all_that_exports_say_in_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    theme = load_theme(REPOSITORY / "templates/themes/default")
    everything = extract.theme_messages(theme)
    monkeypatch.setattr(extract, "TEXTS", ())
    assert extract.theme_messages(theme) == everything
    comments = {message.key: message.comment for message in everything}
    assert {message.key: message.comment for message in texts.TEXTS}.items() <= comments.items()
