"""Pseudo-locales: texts made by the program, to see what is not translatable and what longer or mirrored text does."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from conftest import LEAFLET, LEAFLETS, REPOSITORY, Project, pdf_text

from polyleaf import cldr, markdown
from polyleaf.catalog.plurals import categories
from polyleaf.catalog.pseudo import pseudo_forms
from polyleaf.catalog.read import read_catalog
from polyleaf.checks.pseudo import UNTRANSLATABLE
from polyleaf.fonts import missing_characters
from polyleaf.model import Message
from polyleaf.project import Project as Loaded
from polyleaf.project import load_project
from polyleaf.translation.pseudo import CLOSE, OPEN, pseudo

PSEUDO = tuple(cldr.PSEUDO_LOCALES)
THEME = "templates/themes/default"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_project(REPOSITORY / "pyproject.toml")


@pytest.fixture(scope="module")
def messages(loaded: Loaded) -> list[Message]:
    return [message for domain in loaded.domains().values() for message in domain]


def findings(project: Project) -> list[dict[str, str]]:
    manifest = json.loads(project.output("manifest.json"))
    return [finding for edition in manifest["editions"] for finding in edition["findings"]]


# Texts ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "accented", "arabic"),
    [
        ("Rest", "⁅Ŕéšţ⁆", "رعست"),
        ("Call 111 or 1.5 mg", "⁅Çåļļ 111 öööŕ 1.5 ṁĝ⁆", "صالل 111 ور 1.5 مغ"),
        ("Rest for {rest}. [@nice]", "⁅Ŕéšţ ƒöööŕ {rest}. [@nice]⁆", "رعست فور {rest}. [@nice]"),
        ("**Do** not \\*run\\*", "⁅**Ðöö** ñöööţ \\*ŕûûûñ\\*⁆", "**دو** نوت \\*رثن\\*"),
        (
            "[Site](https://a.example/b_(c)?d) or me@a.example",
            "⁅[Šîîţéé](https://a.example/b_(c)?d) öŕ me@a.example⁆",
            "[سيتع](https://a.example/b_(c)?d) ور me@a.example",
        ),
        ("Café ß Łódź", "⁅Çåƒé ß Łóðź⁆", "صافع ß Łودز"),
        ("", "", ""),
    ],
)
def test_letters_change_and_everything_else_stays(text: str, accented: str, arabic: str) -> None:
    assert pseudo(text, "en_XA") == accented
    assert pseudo(text, "ar_XB") == arabic


@pytest.mark.parametrize("locale", PSEUDO)
def test_no_message_loses_what_a_translation_must_keep(messages: list[Message], locale: str) -> None:
    for message in messages:
        for source in filter(None, (message.msgid, message.msgid_plural)):
            made = pseudo(source, locale)
            for kept in (
                markdown.placeholders,
                markdown.citations,
                markdown.marks,
                lambda text: re.findall(r"\d", text),
            ):
                assert kept(made) == kept(source)  # type: ignore[operator]
            assert not missing_characters([made], locale)


def test_texts_of_en_xa_are_about_40_percent_longer(loaded: Loaded) -> None:
    for domain in loaded.domains().values():
        texts = [message.msgid for message in domain if "{" not in message.msgid and "[@" not in message.msgid]
        made = [pseudo(text, "en_XA").strip(OPEN + CLOSE) for text in texts]
        assert 1.33 < sum(map(len, made)) / sum(map(len, texts)) < 1.47


def test_arabic_letters_run_from_right_to_left_without_controls(messages: list[Message]) -> None:
    made = "".join(pseudo(message.msgid, "ar_XB") for message in messages)
    assert not re.search(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", made)


def test_a_plural_has_every_form_of_the_locale() -> None:
    message = Message("value", "{count} visit", "{count} visits")
    assert pseudo_forms(message, "en_XA") == {"one": "⁅{count} ṽîîšîîţ⁆", "other": "⁅{count} ṽîîšîîţš⁆"}
    arabic = pseudo_forms(message, "ar_XB")
    assert set(arabic) == {"zero", "one", "two", "few", "many", "other"}
    assert arabic["one"] != arabic["two"] == arabic["other"]


# Editions ------------------------------------------------------------------------------------------------------------


def test_a_plain_build_makes_no_pseudo_locale(project: Project) -> None:
    assert project.build("-f", "web").exit_code == 0
    assert set(project.files()) == {"hill/de/knee.html", "hill/en/knee.html", "manifest.json"}


def test_a_pseudo_locale_is_built_when_it_is_asked_for(project: Project) -> None:
    run = project.build("-l", "en_XA", "-l", "ar_XB")
    assert run.exit_code == 0, run.output
    assert "4 of them are in a pseudo-locale, to test layouts: not for patients" in run.output
    accented, mirrored = (project.output(f"hill/{locale}/knee.html") for locale in ("en_XA", "ar_XB"))
    assert '<html lang="en-XA" dir="ltr">' in accented
    assert '<html lang="ar-XB" dir="rtl">' in mirrored
    assert not project.path("locales/en_XA").exists()


def test_numbers_and_dates_are_those_of_english_and_arabic(project: Project) -> None:
    project.build("-l", "en_XA", "-l", "ar_XB", "-f", "web")
    accented, mirrored = (project.output(f"hill/{locale}/knee.html") for locale in ("en_XA", "ar_XB"))
    assert "24\u00a0November\u00a02026" in accented
    assert "2–\u20603\u00a0days" in accented
    assert "نوفمبر" in mirrored
    assert "أيام" in mirrored


def test_a_pdf_of_ar_xb_is_set_in_the_fonts_of_arabic(project: Project) -> None:
    assert project.build("-l", "ar_XB", "-f", "a4").exit_code == 0
    path = project.path("output/hill/ar_XB/knee.a4.pdf")
    fonts = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout
    assert "Polyleaf-Arabic" in fonts
    assert re.search("[\u0600-\u06ff\ufe70-\ufeff]", pdf_text(path))


def test_every_edition_says_that_it_is_a_draft_by_a_machine_and_is_not_approved(project: Project) -> None:
    project.build("-l", "en_XA", "-l", "ar_XB", "-f", "web")
    for locale in PSEUDO:
        html = project.output(f"hill/{locale}/knee.html")
        assert pseudo("Draft translation, not yet approved by a clinician", locale) in html
        assert pseudo("This translation was drafted by a machine. No person has checked it yet.", locale) in html
    assert not any(edition["approved"] for edition in json.loads(project.output("manifest.json"))["editions"])


def test_a_release_has_no_pseudo_locale(project: Project) -> None:
    run = project.build("--release", "-l", "en_XA")
    assert run.exit_code == 1
    assert "not released: knee in en_XA" in run.output
    assert not project.path("output").exists()


def test_a_draft_shows_no_watermark_since_every_message_has_a_text(project: Project) -> None:
    run = project.build("--draft", "-l", "en_XA", "-f", "web")
    assert "watermark" not in run.output
    assert 'class="warning"' not in project.output("hill/en_XA/knee.html")


def test_what_is_up_to_date_stays_and_a_changed_source_is_built_again(project: Project) -> None:
    edition = "hill/en_XA/knee.html"
    assert "no earlier build" in project.build("--explain", edition).output
    project.build("-l", "en_XA", "-f", "web")
    assert "1 up to date" in project.build("-l", "en_XA", "-f", "web").output
    project.edit("templates/leaflets/knee.md", "You find it hard to breathe", "You cannot breathe")
    assert "the sections of the leaflet knee" in project.build("--explain", edition).output
    project.build("-l", "en_XA", "-f", "web")
    assert pseudo("You cannot breathe.", "en_XA") in project.output(edition)


def test_other_builds_leave_the_editions_of_pseudo_locales_where_they_are(project: Project) -> None:
    project.build("-l", "ar_XB", "-f", "web")
    assert project.build("-f", "web").exit_code == 0
    assert "hill/ar_XB/knee.html" in project.files()


def test_no_language_switcher_leads_to_a_pseudo_locale(project: Project) -> None:
    project.build("--draft", "-f", "web", "-l", "en", "-l", "en_XA")
    assert 'hreflang="de"' in project.output("hill/en/knee.html")
    for locale in ("en", "en_XA"):
        assert "/en_XA/" not in project.output(f"hill/{locale}/knee.html").partition("<nav")[2]


def test_a_pseudo_locale_is_told_from_the_language_that_it_is_made_of(project: Project) -> None:
    project.build("--draft", "-f", "web", "-l", "en_XA", "-l", "ar_XB")
    assert "<summary>English (Pseudo-Accents) ·" in project.output("hill/en_XA/knee.html")
    assert "<summary>العربية (" in project.output("hill/ar_XB/knee.html")


def test_a_leaflet_in_another_language_has_pseudo_locales_too(project: Project) -> None:
    project.write("polyleaf.toml", 'source_locale = "de"\n')
    assert project.build("-l", "en_XA", "-l", "ar_XB", "-f", "web").exit_code == 0
    assert pseudo("Draft translation, not yet approved by a clinician", "en_XA") in project.output(
        "hill/en_XA/knee.html"
    )


def test_a_leaflet_that_is_too_long_in_en_xa_is_shown_with_a_warning(project: Project) -> None:
    long = "\n".join(f"- {'Rest your knee and keep it warm. ' * 5}" for _ in range(60))
    project.edit("templates/leaflets/knee.md", "- Come back: {visits}.", f"- Come back: {{visits}}.\n{long}")
    run = project.build("-l", "en_XA", "-f", "a4")
    assert run.exit_code == 0, run.output
    assert "warning[P103]" in run.output
    assert "hill/en_XA/knee.a4.pdf" in project.files()


# What is not translatable --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaflet", LEAFLETS)
def test_all_that_the_leaflets_here_say_can_be_translated(repository: Project, tmp_path: Path, leaflet: str) -> None:
    run = repository.build(leaflet, "-l", "en_XA", "-f", "web", "-o", str(tmp_path / "output"))
    assert run.exit_code == 0
    assert "T141" not in run.output


def test_a_word_in_a_template_is_found_in_every_format_with_its_place(own_theme: Project) -> None:
    name = f"{THEME}/_blocks.html"
    heading = '<section class="document" id="document">'
    own_theme.edit(name, heading, f"{heading}\nHave a\n<b>nice</b> day, {{{{ page.clinic.title }}}}!")
    run = own_theme.build("-l", "en_XA")
    assert run.exit_code == 0, run.output
    assert (
        f"warning[T141]: {name}:{own_theme.line(name, 'Have a')}: it cannot be translated: Have a nice day"
        in run.output
    )
    assert len(findings(own_theme)) == 2
    assert {finding["severity"] for finding in findings(own_theme)} == {"warning"}
    again = own_theme.build("-l", "en_XA")
    assert "2 up to date" in again.output
    assert "warning[T141]" in again.output


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<img src="data:," alt="A knee">', "A knee"),
        ('<p aria-label="Important">5 %</p>', "Important"),
        ("<p>{{ rich(page.title) }} for <b>you</b></p>", "for you"),
        ("<p>For {{ rich(page.title) }}</p>", "For"),
        ("<p>{{ OPEN }}<p>Broken off</p>", "Broken off"),
        ("<p>{{ page.clinic.title }}s</p>", "Hill Clinics"),
    ],
)
def test_a_text_outside_brackets_is_found(own_theme: Project, markup: str, found: str) -> None:
    own_theme.edit(f"{THEME}/web.html", '<main id="text">', f'<main id="text">{markup.replace("{{ OPEN }}", OPEN)}')
    assert own_theme.build("-l", "en_XA", "-f", "web").exit_code == 0
    assert [finding["message"] for finding in findings(own_theme)] == [f"it cannot be translated: {found}"]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>{{ page.clinic.title }}, {{ page.clinic.address | join(', ') }} · {{ page.url }}</p>",
        "<p>{{ page.published }} – {{ page.review_by }}: {{ page.version }}, 5 / 7</p>",
        "<p>{{ page.language_name }}, {{ page.authors | join(', ') }}, {{ page.sources[0].text }}</p>",
        '<p>{{ pgettext("document", "Version: {version}", version=pgettext("document", "Sources")) }}</p>',
        '<p>{{ pgettext("document", "Sources") }} <strong>·</strong> {{ page.phone.text }}</p>',
        "<style>.section::after { content: 'x' }</style><script>let word</script>",
    ],
)
def test_names_numbers_and_what_cldr_writes_are_no_findings(own_theme: Project, markup: str) -> None:
    own_theme.edit("templates/leaflets/knee.md", "sources:", "authors: [Ann Ono, The knee team]\nsources:")
    own_theme.edit(f"{THEME}/web.html", '<main id="text">', f'<main id="text">{markup}')
    assert own_theme.build("-l", "en_XA", "-f", "web").exit_code == 0
    assert findings(own_theme) == []


def test_hours_phones_and_languages_are_no_findings(project: Project) -> None:
    hours = '\n[[hours]]\ndays = ["mon", "tue", "wed", "fri"]\nopens = "09:00"\ncloses = "17:30"\n'
    path = project.path("templates/clinics/hill.toml")
    project.write("templates/clinics/hill.toml", path.read_text(encoding="utf-8").replace('"GB"', '"US"') + hours)
    project.edit("templates/clinics/hill.toml", 'urgent = "111"', "")
    run = project.build("-l", "en_XA")
    assert run.exit_code == 0, run.output
    assert "PM" in project.output("hill/en_XA/knee.html")
    assert findings(project) == []


def test_other_locales_are_not_searched(own_theme: Project) -> None:
    own_theme.edit(f"{THEME}/web.html", '<main id="text">', '<main id="text">Hello')
    own_theme.build("-f", "web", "-l", "en", "-l", "ar_XB")
    assert findings(own_theme) == []


def test_the_rule_says_why_and_what_to_do_instead() -> None:
    assert UNTRANSLATABLE.severity == "warning"
    assert all(f"{part}: " in UNTRANSLATABLE.text for part in ("Why", "Instead", "Source"))


# Catalogs ------------------------------------------------------------------------------------------------------------


def test_the_catalogs_can_be_written_elsewhere(own_theme: Project) -> None:
    run = own_theme.run("catalog", "pseudo", "-o", str(own_theme.path("pseudo")))
    assert run.exit_code == 0, run.output
    for locale in PSEUDO:
        for domain in ("knee", "polyleaf"):
            path = own_theme.path(f"pseudo/{locale}/LC_MESSAGES/{domain}.po")
            subprocess.run(["msgfmt", "--check", "-o", "/dev/null", path], check=True)
            catalog = read_catalog(path, cldr.locale_of(locale))
            assert catalog.machine_drafted
            assert f"Language: {locale}\\n" in path.read_text(encoding="utf-8")
    visits = read_catalog(own_theme.path("pseudo/ar_XB/LC_MESSAGES/knee.po"), cldr.locale_of("ar_XB"))
    assert set(visits.entries["value", "{count} visit"].forms) == set(categories(cldr.locale_of("ar")))
    assert not own_theme.path("locales/en_XA").exists()


def test_one_leaflet_in_one_pseudo_locale_can_be_written(project: Project) -> None:
    project.write("templates/leaflets/hip.md", LEAFLET)
    run = project.run("catalog", "pseudo", "hip", "-l", "en_XA", "-o", str(project.path("pseudo")))
    assert run.exit_code == 0, run.output
    assert [path.name for path in project.path("pseudo").rglob("*.po")] == ["hip.po"]


@pytest.mark.parametrize("folder", ["locales", "locales/more", "templates/../locales"])
def test_the_catalogs_are_never_written_to_locales(project: Project, folder: str) -> None:
    run = project.run("catalog", "pseudo", "-o", str(project.path(folder)))
    assert run.exit_code == 2
    assert "do not go into locales/" in run.output
    assert {path.name for path in project.path("locales").iterdir()} == {"de"}


@pytest.mark.parametrize(
    "command",
    [["update", "-l", "en_XA"], ["status", "-l", "en_XA"], ["init", "en_XA"], ["update", "-l", "de", "-l", "en_XA"]],
)
def test_nobody_translates_into_a_pseudo_locale(project: Project, command: list[str]) -> None:
    run = project.run("catalog", *command)
    assert run.exit_code == 2
    assert "'en_XA' is a pseudo-locale" in run.output
    assert "polyleaf build -l en_XA" in run.output
    assert not project.path("locales/en_XA").exists()


@pytest.mark.parametrize("field", ['locales = ["de", "ar_XB"]', 'source_locale = "ar_XB"'])
def test_a_project_cannot_have_a_pseudo_locale_for_its_own(project: Project, field: str) -> None:
    project.write("polyleaf.toml", f"{field}\n")
    run = project.build()
    assert run.exit_code == 2
    assert "polyleaf.toml" in run.output
    assert "'ar_XB' is a pseudo-locale" in run.output
    assert "leave it out here" in run.output
