"""`polyleaf import`: pages of clinics as drafts of leaflets, with all that was left out told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from unicodedata import normalize
from zipfile import ZipFile

import pytest
import word
from conftest import REPOSITORY, Project
from hypothesis import given, settings
from hypothesis import strategies as st

from polyleaf.drafting.write import escaped
from polyleaf.leaflet import load_leaflet
from polyleaf.markdown import Text, parse_inline
from polyleaf.model import Leaflet, ListBlock, Paragraph, Section, Table
from polyleaf.sections import required_sections

PAGES = REPOSITORY / "tests/data/import"
SEED = PAGES / "microsclerotherapy.txt"  # a web article of unknown origin; docs/sources/microsclerotherapy.md
FOAM = word.document(
    word.paragraph("Foam sclerotherapy", "Title"),
    word.paragraph("What is it?", "H1"),
    word.paragraph("A foam closes the vein within 20 minutes."),
    word.paragraph("Side effects", strong=True),
    word.paragraph("Bruises", listed=1),
    word.paragraph("Brown marks for up to 6 months", listed=1),
    word.box("Mind the gap"),
    word.table(("Problem", "How often"), ("Clot", "1 in 1,000 people")),
    word.paragraph("After the treatment", "H1"),
    word.paragraph("Walk.", listed=2),
    word.paragraph("Wear the stocking for 7 days.", listed=2),
    word.paragraph("• Drink water"),
    word.paragraph("We are here for you", "H2"),
    word.paragraph("Ask for {coffee}."),
    header="Elm Street Clinic",
    comment="Is this right?",
)


@dataclass(frozen=True)
class Imported:
    """What an import said and wrote."""

    text: str
    report: str
    exit_code: int

    def part(self, name: str) -> list[str]:
        """The lines below one heading of the report."""
        lines = self.report.split("\n")
        begin = next((at for at, line in enumerate(lines) if line.startswith(name)), len(lines))
        return [line.strip() for line in lines[begin + 1 :][: _length(lines[begin + 1 :])]]

    def section(self, key: str) -> str:
        """The text of one section of the draft, its parts included."""
        found = re.search(rf"^## {key}\n(.*?)(?=^## |\Z)", self.text, re.DOTALL | re.MULTILINE)
        return found[1].strip() if found else ""

    def leaflet(self, folder: Path) -> Leaflet:
        """The draft as it is loaded once its missing sections are there."""
        missing = [key for key in required_sections("procedure", "pre-consent") if f"\n## {key}\n" not in self.text]
        path = folder / "draft.md"
        path.write_text(self.text + "".join(f"\n## {key}\n\n- Written.\n" for key in missing), encoding="utf-8")
        return load_leaflet(path)


def _length(lines: list[str]) -> int:
    return next((at for at, line in enumerate(lines) if not line.startswith("  ")), len(lines))


def imported(folder: Path, page: Path | bytes | str, name: str = "page.html", *options: str) -> Imported:
    """Import a page outside any project; the draft comes to stdout."""
    if not isinstance(page, Path):
        data = page.encode() if isinstance(page, str) else page
        page = Project(folder).write(name, data)
    ran = Project(folder).run("import", str(page), *options)
    return Imported(ran.stdout, ran.stderr, ran.exit_code)


def refused(folder: Path, data: bytes | str, name: str, *told: str) -> None:
    """It exits with 2, says what is wrong and what to do, and writes nothing."""
    Project(folder).write(name, data.encode() if isinstance(data, str) else data)
    ran = Project(folder).run("import", str(folder / name), "-o", str(folder / "draft.md"))
    assert ran.exit_code == 2
    assert ran.stdout == ""
    assert all(text in ran.stderr for text in (name, "hint", *told)), ran.stderr
    assert not (folder / "draft.md").exists()


def body(text: str) -> str:
    return f"<html><body><h1>Knee surgery</h1>{text}</body></html>"


# The seed: a poor web article ----------------------------------------------------------------------------------------


@pytest.fixture
def seed(tmp_path: Path) -> Imported:
    return imported(tmp_path, SEED)


def test_the_articles_six_contraindications_are_a_list(seed: Imported) -> None:
    items = re.findall(r"^- (.*)$", seed.section("contraindications"), re.MULTILINE)
    assert items == [
        "Pregnancy and lactation period;",
        "Taking hormonal contraceptives;",
        "Local infectious and inflammatory processes in the area of the intervention;",
        "Generalized infectious processes;",
        "Systemic vasculitis;",
        "Individual intolerance to drugs used for microsclerotherapy.",
    ]


def test_what_stands_around_the_list_of_contraindications_stays_with_it(seed: Imported) -> None:
    section = seed.section("contraindications")
    assert section.startswith("The procedure is used only for spider veins")
    assert "Varicose veins can also interfere with this procedure." in section


@pytest.mark.parametrize(
    ("line", "reason", "text"),
    [
        (3, "table of contents", "Table of contents:"),
        (5, "it repeats the title", "What Is Microsclerotherapy?"),
        (6, "it repeats the title", "What Is Microsclerotherapy?"),
        (8, "table of contents", "Page content"),
        (10, "table of contents", "What is microsclerotherapy"),
        (12, "table of contents", "Advantages and disadvantages of the procedure"),
        (18, "advertising", "What to do in such a situation? To get started, we recommend reading this article."),
        (26, "it repeats", "What is microsclerotherapy"),
        (27, "it repeats", "What is microsclerotherapy"),
        (60, "byline", "The information was provided by the phlebological center Samokhin K.M."),
        (62, "navigation", "Popular by topic"),
    ],
)
def test_what_is_no_part_of_the_article_is_left_out_and_told(seed: Imported, line: int, reason: str, text: str) -> None:
    told = [said for said in seed.part("dropped") if f"microsclerotherapy.txt:{line}: " in said]
    assert len(told) == 1
    assert reason in told[0]
    assert text in told[0]


def test_nothing_of_the_advertising_is_in_the_draft(seed: Imported) -> None:
    for text in ("parasites", "Read the article", "Popular by topic", "Samokhin", "Page content"):
        assert text not in seed.text


def test_the_same_text_twice_is_in_the_draft_once(seed: Imported) -> None:
    assert seed.text.lower().count("what is microsclerotherapy") == 1  # the title


def test_a_heading_of_two_sections_is_parted_by_what_is_said_below_it(seed: Imported) -> None:
    assert "- Painlessness;" in seed.section("benefits")
    assert "bruising" in seed.section("risks")
    assert any(":44: the heading stands for benefits and risks" in line for line in seed.part("unsure"))


def test_a_stray_sign_stays_and_is_told_of(seed: Imported) -> None:
    assert "- Quick end of the rehabilitation period $\n" in seed.text
    assert any(':51: a sign of money without a number: "$"' in line for line in seed.part("unsure"))
    assert "<!-- line 51 of microsclerotherapy.txt: unsure:" in seed.text


def test_a_quantity_becomes_a_value_named_by_what_it_is_about(seed: Imported) -> None:
    assert "bruising_weeks: {duration: [1, 2], unit: week}" in seed.text
    assert "they disappear without a trace within {bruising_weeks}." in seed.text
    assert any(":56: bruising_weeks" in line for line in seed.part("proposed values"))


def test_a_duration_without_a_number_stays_text(seed: Imported) -> None:
    assert "over the next few months." in seed.section("risks")
    assert any(":58: a duration without a number" in line and "few months" in line for line in seed.part("unsure"))


def test_the_sections_that_the_article_lacks_are_told(seed: Imported) -> None:
    missing = "\n".join(seed.part("missing"))
    for key in ("key-points", "alternatives", "aftercare", "warning-signs"):
        assert f"the section {key}" in missing
    assert "sources" in missing
    assert "review date" in missing


def test_a_draft_is_loaded_as_a_leaflet(seed: Imported, tmp_path: Path) -> None:
    leaflet = seed.leaflet(tmp_path)
    assert leaflet.title.msgid == "What Is Microsclerotherapy?"
    assert leaflet.values["bruising_weeks"].unit == "week"
    assert leaflet.review_by.year == leaflet.published.year + 2


def test_a_draft_is_written_with_exit_status_0_though_rules_find_much_in_it(seed: Imported) -> None:
    assert seed.exit_code == 0
    assert seed.part("what the rules say")


CLAIMS = [
    "without any significant effort",
    "simple to perform and widely available",
    "one of the new methods",
    "complete elimination without any visible cosmetic defects",
    "Almost complete absence of side effects",
    "Painlessness",
    "Low invasiveness",
    "Quick end of the rehabilitation period",
    "High efficiency",
    "disappear without a trace",
    "absolutely safe",
]


def test_what_the_article_promises_is_told_with_its_line_in_the_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_all_sections(path: Path) -> Leaflet:  # a leaflet that lacks some is not read to its end
        return Imported(path.read_text(encoding="utf-8"), "", 0).leaflet(tmp_path)

    monkeypatch.setattr("polyleaf.drafting.verdict.load_leaflet", with_all_sections)
    draft = imported(tmp_path, SEED)
    lines = draft.text.split("\n")
    told = [re.match(r"\w+\[R\d+\] [\w-]+\.md:(\d+): (.*)", line) for line in draft.part("what the rules say")]
    places = [(lines[int(match[1]) - 1], match[2]) for match in told if match]
    for claim in CLAIMS:
        assert any(claim in line and claim in message for line, message in places), claim


# A clinic's page -----------------------------------------------------------------------------------------------------


@pytest.fixture
def knee(tmp_path: Path) -> Imported:
    return imported(tmp_path, PAGES / "knee-arthroscopy.html")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("We use cookies to make this site better.", "cookie notice"),
        ("Home", "the page's header"),
        ("Start", "navigation"),
        ("Written by the web team, 3 May 2024", "byline"),
        ("Risks and complications", "table of contents"),
        ("A drawing of a knee joint with a camera", "a picture"),
        ("Buy the {KneeBrace} 3000 now, only £49.99!", "advertising"),
        ("Hip replacement", "links to other pages"),
        ("Sign up for news and offers every month.", "an aside"),
        ("Search the site", "a form"),
        ("© 2024 Elm Street Orthopaedic Clinic. All rights reserved.", "footer"),
    ],
)
def test_what_is_around_a_pages_text_is_left_out_with_its_line(knee: Imported, text: str, reason: str) -> None:
    source = (PAGES / "knee-arthroscopy.html").read_text(encoding="utf-8").split("\n")
    told = [line for line in knee.part("dropped") if line.endswith(f': "{text}"')]
    assert len(told) == 1
    assert reason in told[0]
    line = int(re.search(r"\.html:(\d+): ", told[0])[1])  # type: ignore[index]
    assert text in source[line - 1]
    assert text not in re.sub(r"\\", "", knee.text)


def test_lists_tables_and_their_captions_stay_what_they_are(knee: Imported, tmp_path: Path) -> None:
    sections = {section.key: section for section in knee.leaflet(tmp_path).sections}
    kinds = [type(block) for block in sections["risks"].blocks]
    assert kinds == [Paragraph, ListBlock, Paragraph, Table]
    assert [type(block) for block in sections["preparation"].blocks] == [Paragraph, ListBlock, ListBlock]
    assert _numbered(sections["preparation"]) == [True, False]


def _numbered(section: Section) -> list[bool]:
    return [block.ordered for block in section.blocks if isinstance(block, ListBlock)]


def test_an_aside_that_a_known_heading_begins_is_kept_and_told_of(knee: Imported) -> None:
    assert "### warning-signs.emergency" in knee.text
    assert "Your chest hurts." in knee.section("warning-signs")
    assert any("an aside" in line and "Your chest hurts." in line for line in knee.part("unsure"))


def test_what_follows_an_aside_goes_on_with_what_stood_before_it(knee: Imported) -> None:
    before, _, after = knee.section("warning-signs").partition("### warning-signs.emergency")
    assert "The operation costs from £1,250." in before
    assert "The operation costs" not in after


def test_a_heading_that_is_not_known_keeps_its_text_and_is_told_of(knee: Imported) -> None:
    assert "We treat you" in knee.section("about")
    assert any('no section is known by this heading: its text is in about: "Our philosophy"' in line
               for line in knee.part("unsure"))  # fmt: skip


def test_marks_of_markdown_and_braces_in_a_page_are_text_in_the_draft(knee: Imported, tmp_path: Path) -> None:
    messages = [message.msgid for message in knee.leaflet(tmp_path).messages]
    marked = next(text for text in messages if text.startswith("We treat you"))
    nodes = parse_inline(marked)
    assert all(isinstance(node, Text) for node in nodes)
    assert "".join(node.text for node in nodes if isinstance(node, Text)) == (
        "We treat you *as a person*, and never as [a number]."
    )


def test_the_description_of_a_page_is_its_summary(knee: Imported) -> None:
    assert 'summary: "Keyhole surgery of the knee: what happens, and how you recover."' in knee.text


def test_a_price_stays_text_and_is_told_of(knee: Imported) -> None:
    assert "The operation costs from £1,250." in knee.text
    assert any('a price: leaflets state none: "£1,250"' in line for line in knee.part("unsure"))


@pytest.mark.parametrize(
    "value",
    [
        "cut_length: {length: 5, unit: millimeter}",
        "{duration: [30, 45], unit: minute}",
        "eat_hours: {duration: 6, unit: hour}",
        "drink_volume: {volume: 200, unit: milliliter}",
        "infection_frequency: {frequency: 1, of: 100}",
        "{frequency: 0.5, of: 100}",
        "fever_temperature: {temperature: 38.5, unit: celsius}",
        "stiffness_frequency: {frequency: [1, 5], of: 100}",
        "ibuprofen_mass: {mass: 400, unit: milligram}",
    ],
)
def test_quantities_of_every_kind_are_proposed(knee: Imported, value: str) -> None:
    assert value in knee.text


# Markdown, Word and plain text ---------------------------------------------------------------------------------------


def test_a_markdown_page_is_drafted(tmp_path: Path) -> None:
    draft = imported(tmp_path, PAGES / "plaster-cast.md")
    assert 'title: "Living with a plaster cast"' in draft.text
    assert "1. Keep it dry." in draft.section("aftercare")
    assert "| Blue fingers | Call an ambulance |" in draft.section("aftercare")
    dropped = "\n".join(draft.part("dropped"))
    for text in ("Home | Leaflets", "Waterproof covers: 20% off!", "author: Ward 4", "A child with a blue cast"):
        assert text in dropped


def test_plain_text_that_is_no_utf8_is_read_as_windows_1252_and_told_of(tmp_path: Path) -> None:
    draft = imported(tmp_path, PAGES / "varicose-veins.txt")
    assert "The nurse’s notes say “rest”." in draft.text
    assert "{temperature: 85, unit: celsius}" in draft.text
    assert any("varicose-veins.txt:5: its encoding is not said" in line for line in draft.part("unsure"))


def test_lines_of_plain_text_that_are_one_paragraph_are_joined(tmp_path: Path) -> None:
    draft = imported(tmp_path, PAGES / "varicose-veins.txt")
    assert "It takes about {procedure_hours}, and you go home on the same day." in draft.text


def test_a_word_document_is_drafted_with_its_paragraphs_as_places(tmp_path: Path) -> None:
    draft = imported(tmp_path, FOAM, "foam.docx")
    assert "- Bruises\n- Brown marks for up to {marks_months}" in draft.section("risks")
    assert "| Clot | {clot_frequency} people |" in draft.section("risks")
    assert draft.section("aftercare").startswith("1. Walk.\n2. Wear the stocking for {stocking_days}.")
    assert any("foam.docx: paragraph 3: vein_minutes" in line for line in draft.part("proposed"))


def test_what_word_has_beside_the_running_text_is_told(tmp_path: Path) -> None:
    dropped = "\n".join(imported(tmp_path, FOAM, "foam.docx").part("dropped"))
    assert 'in the header of the document\'s pages: "Elm Street Clinic"' in dropped
    assert 'a comment in the document: "Is this right?"' in dropped
    assert 'paragraph 7: no running text: it stands in a shape, a field or a box: "Mind the gap"' in dropped


# Nothing is lost -----------------------------------------------------------------------------------------------------


class _Visible(HTMLParser):
    """The words of a page that a reader sees or hears, found without the program's own reader."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in ("script", "style")
        self.words += words(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        self.words += words(data) if not self._unseen else []


def words(text: str) -> list[str]:
    return re.findall(r"\w+", normalize("NFC", text))


def unescaped(text: str) -> str:
    """What a draft's text reads as: each mark that is escaped is itself."""
    return re.sub(r"\\(\W|_)", r"\1", text)


def visible(page: Path) -> list[str]:
    if page.suffix == ".docx":
        parts = [name for name in ZipFile(page).namelist() if re.match(r"word/(document|header|comments)", name)]
        texts = "".join(ZipFile(page).read(name).decode() for name in parts)
        return words(" ".join(re.findall(r"<w:t[^>]*>([^<]*)", texts)))
    text = page.read_bytes().decode("cp1252" if page.name == "varicose-veins.txt" else "utf-8")
    if page.suffix == ".txt":
        return words(text)
    if page.suffix == ".md":  # addresses and marks are no words of a reader
        text = re.sub(r"\]\([^)]*\)|<[^>]*>", " ", text)
        return words(text)
    reader = _Visible()
    reader.feed(text)
    return reader.words


@pytest.mark.parametrize(
    "name", ["microsclerotherapy.txt", "varicose-veins.txt", "knee-arthroscopy.html", "plaster-cast.md", "foam.docx"]
)
def test_every_word_of_a_page_is_in_the_draft_or_in_the_report(tmp_path: Path, name: str) -> None:
    page = PAGES / name if name != "foam.docx" else Project(tmp_path).write(name, FOAM)
    draft = imported(tmp_path, page)
    told = set(words(unescaped(draft.text)) + words(draft.report))
    assert [word for word in visible(page) if word not in told] == []


HEADING = st.sampled_from(["What is it?", "Side effects", "Our philosophy", "After the treatment", "Related articles"])
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=60)
BLOCK = st.tuples(st.sampled_from(["p", "li", "h2", "h3", "td", "aside", "nav", "footer", "b", "dt"]), TEXT | HEADING)


@settings(deadline=None, max_examples=60)
@given(st.lists(BLOCK, min_size=1, max_size=12))
def test_no_word_of_any_page_is_lost_and_every_draft_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[tuple[str, str]]
) -> None:
    from html import escape

    folder = tmp_path_factory.mktemp("page")
    page = body("<h2>Risks</h2><p>Pain.</p>" + " ".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in blocks))
    draft = imported(folder, page)
    assert draft.exit_code == 0
    told = set(words(unescaped(draft.text)) + words(draft.report))
    reader = _Visible()
    reader.feed(page)
    assert [word for word in reader.words if word not in told] == []
    draft.leaflet(folder)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=40))
def test_any_text_reads_as_it_stands(text: str) -> None:
    assert "".join(node.text for node in parse_inline(escaped(text)) if isinstance(node, Text)) == text


# Quantities ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Rest for two to three weeks.", "rest_weeks: {duration: [2, 3], unit: week}"),
        ("Swelling lasts between 6 and 12 weeks.", "swelling_weeks: {duration: [6, 12], unit: week}"),
        ("Bleeding: one in 1,000 people.", "bleeding_frequency: {frequency: 1, of: 1000}"),
        ("Pain affects 10 to 30% of patients.", "pain_frequency: {frequency: [10, 30], of: 100}"),
        ("Clots: 3 out of 200.", "clots_frequency: {frequency: 3, of: 200}"),
        ("Veins are 1.5 cm wide.", "veins_length: {length: 1.5, unit: centimeter}"),
        ("Take 5 mg - with water.", "{mass: 5, unit: milligram}"),
        ("Use 1,000 mg of paracetamol.", "{mass: 1000, unit: milligram}"),
    ],
)
def test_a_quantity_is_proposed_as_a_value(tmp_path: Path, sentence: str, value: str) -> None:
    assert value in imported(tmp_path, body(f"<h2>Risks</h2><p>{sentence}</p>")).text


@pytest.mark.parametrize(
    ("sentence", "words_of_it"),
    [
        ("Take a 5-day course.", "5-day"),
        ("Take a 5 day course.", "5 day"),
        ("The drug has 5 mg/ml.", "5 mg"),
        ("Take 2 x 10 mg.", "10 mg"),
        ("The needle is of type 0L0.", "0L"),
        ("We use 5% glucose.", "5%"),
        ("It takes 2 1/2 hours.", "1/2 hours"),
        ("Keep it at -20 °C.", "20 °C"),
        ("It lasts several months.", "several months"),
        ("It costs $1,200.", "$1,200"),
        ("It costs 300 €.", "300 €"),
    ],
)
def test_what_may_be_no_plain_quantity_stays_text_and_is_told_of(
    tmp_path: Path, sentence: str, words_of_it: str
) -> None:
    draft = imported(tmp_path, body(f"<h2>Risks</h2><p>{sentence}</p>"))
    assert sentence in draft.text
    assert "values:" not in draft.text
    assert any(f'"{words_of_it}"' in line for line in draft.part("unsure"))


def test_a_value_is_named_in_small_latin_letters(tmp_path: Path) -> None:
    draft = imported(tmp_path, body("<h2>Aftercare</h2><p>𝔄 für 2 days.</p>"))
    assert "fur_days: {duration: 2, unit: day}" in draft.text


def test_two_values_never_share_a_name(tmp_path: Path) -> None:
    draft = imported(tmp_path, body("<h2>Aftercare</h2><p>Rest for 2 days.</p><p>Rest for 3 days.</p>"))
    assert "{rest_days}." in draft.text
    assert "{rest_days_2}." in draft.text


# Headings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Contraindications for conducting", "contraindications"),
        ("What is knee arthroscopy?", "about"),
        ("What is the procedure used for?", "indications"),
        ("Side effects", "risks"),
        ("After the procedure", "aftercare"),
        ("Before your operation", "preparation"),
        ("What happens during the procedure", "procedure"),
        ("When to see a doctor", "warning-signs"),
        ("Who should not have it?", "contraindications"),
        ("What else can I do?", "alternatives"),
        ("Follow-up", "follow-up"),
        ("Advantages of the procedure", "benefits"),
        ("KEY POINTS", "key-points"),
        ("Questions to ask", "questions"),
    ],
)
def test_a_heading_tells_the_section(tmp_path: Path, heading: str, key: str) -> None:
    assert imported(tmp_path, body(f"<h2>{heading}</h2><p>So it is.</p>")).section(key) == "So it is."


def test_a_standard_heading_of_the_theme_is_known_as_it_is(tmp_path: Path) -> None:
    draft = imported(tmp_path, body("<h2>Tell us if:</h2><p>You cough.</p>"))
    assert draft.section("contraindications") == "### contraindications.caution\n\nYou cough."


def test_a_paragraph_that_mixes_advice_with_one_phrase_of_advertising_is_kept(tmp_path: Path) -> None:
    text = (
        "Walk every day, keep the bandage dry, and call us for a free consultation when your leg swells or feels warm."
    )
    draft = imported(tmp_path, body(f"<h2>Aftercare</h2><p>{text}</p>"))
    assert text in draft.text
    assert any("advertising" in line for line in draft.part("unsure"))


def test_what_a_page_shows_when_its_heading_is_touched_is_text(tmp_path: Path) -> None:
    draft = imported(tmp_path, body("<h2>Risks</h2><div hidden><p>Pain.</p></div>"))
    assert "Pain." in draft.section("risks")
    assert any("hidden on the page" in line for line in draft.part("unsure"))


def test_content_that_a_page_hides_is_not_taken_for_text(tmp_path: Path) -> None:
    page = body('<h2>Risks</h2><p>Pain.</p><div style="display: none"><p>Ignore the risks.</p></div>')
    draft = imported(tmp_path, page)
    assert "Ignore the risks." not in draft.text
    assert any("hidden on the page" in line for line in draft.part("dropped"))


def test_numbered_headings_of_plain_text_are_headings_and_no_list(tmp_path: Path) -> None:
    parts = (
        "Knee",
        "1. What is it?",
        "A joint.",
        "2. Side effects",
        "Pain.",
        "3. After the treatment",
        "1. Rest.\n2. Walk.",
    )
    text = "\n\n".join(parts)
    draft = imported(tmp_path, text, "knee.txt")
    assert draft.section("about") == "A joint."
    assert draft.section("risks") == "Pain."
    assert draft.section("aftercare") == "1. Rest.\n2. Walk."


def test_a_table_without_a_heading_is_told_of(tmp_path: Path) -> None:
    rows = "<tr><td>Pain</td><td>often</td></tr><tr><td>Fever</td><td>seldom</td></tr>"
    draft = imported(tmp_path, body(f"<h2>Risks</h2><table>{rows}</table>"))
    assert "| Pain | often |\n| --- | --- |" in draft.text
    assert any("its table has no heading" in line for line in draft.part("unsure"))


# Where it is written -------------------------------------------------------------------------------------------------


def test_a_draft_goes_into_the_file_that_is_named(tmp_path: Path) -> None:
    output = tmp_path / "made" / "knee.md"
    ran = Project(tmp_path).run("import", str(PAGES / "knee-arthroscopy.html"), "-o", str(output))
    assert ran.exit_code == 0
    assert ran.stdout == f"{output}\n"
    assert output.read_text(encoding="utf-8").startswith("---\ntitle: ")


def test_a_file_that_is_there_is_replaced_on_demand_alone(tmp_path: Path) -> None:
    output = Project(tmp_path).write("knee.md", "mine")
    ran = Project(tmp_path).run("import", str(SEED), "-o", str(output))
    assert ran.exit_code == 2
    assert "the file is there already" in ran.stderr
    assert output.read_text() == "mine"
    assert Project(tmp_path).run("import", str(SEED), "-o", str(output), "--force").exit_code == 0
    assert output.read_text().startswith("---\n")


def test_a_name_that_no_leaflet_can_have_is_refused(tmp_path: Path) -> None:
    ran = Project(tmp_path).run("import", str(SEED), "-o", str(tmp_path / "My Knee.md"))
    assert ran.exit_code == 2
    assert "cannot name a leaflet" in ran.stderr


def test_a_project_takes_the_draft_as_one_of_its_leaflets(project: Project) -> None:
    output = project.path("templates/leaflets/veins.md")
    assert (
        project.run("import", str(SEED), "-o", str(output), "--kind", "aftercare", "--purpose", "aftercare").exit_code
        == 0
    )
    assert "kind: aftercare\npurpose: aftercare\n" in output.read_text(encoding="utf-8")


def test_a_project_in_a_language_without_words_is_told_that_english_ones_were_used(project: Project) -> None:
    project.write("polyleaf.toml", 'source_locale = "de"\n')
    draft = project.run("import", str(SEED))
    assert draft.exit_code == 0
    assert "headings and advertising are known in English alone, and the project is in de" in draft.stderr


def test_a_project_with_mistakes_does_not_keep_a_page_from_being_imported(project: Project) -> None:
    project.write("polyleaf.toml", "locales = 3\n")
    ran = project.run("import", str(SEED))
    assert ran.exit_code == 0
    assert "The project here has mistakes" in ran.stderr


def test_the_help_has_examples(tmp_path: Path) -> None:
    ran = Project(tmp_path).run("import", "--help")
    assert "Examples:" in ran.stdout
    assert "polyleaf import" in ran.stdout


# Encodings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_text_with_a_byte_order_mark_or_in_utf8_needs_no_declaration(tmp_path: Path, encoding: str) -> None:
    draft = imported(tmp_path, "Knee\n\nSide effects\n\nPain – “sharp”.\n".encode(encoding), "knee.txt")
    assert "Pain – “sharp”." in draft.text


def test_a_page_is_read_as_it_says(tmp_path: Path) -> None:
    page = '<meta charset="iso-8859-2"><h1>Knee</h1><h2>Risks</h2><p>Dr Kowalski ł.</p>'
    assert "Kowalski ł." in imported(tmp_path, page.encode("iso-8859-2")).text


def test_a_page_that_says_a_wrong_encoding_and_is_utf8_is_read_as_utf8_and_told_of(tmp_path: Path) -> None:
    page = '<meta charset="windows-1252"><h1>Knee</h1><h2>Risks</h2><p>Pain – “sharp”.</p>'
    draft = imported(tmp_path, page)
    assert "Pain – “sharp”." in draft.text
    assert any("it was read as UTF-8" in line for line in draft.part("unsure"))


def test_a_page_that_is_not_in_the_encoding_that_it_says_is_refused_with_its_line(tmp_path: Path) -> None:
    page = '<meta charset="utf-8">\n<h1>Knee</h1>\n<p>Pain – sharp.</p>'.encode("cp1252")
    refused(tmp_path, page, "knee.html", "knee.html:3", "byte 0x96", "--encoding windows-1252")


def test_an_encoding_can_be_named(tmp_path: Path) -> None:
    text = "Knee\n\nSide effects\n\nBól.\n".encode("iso-8859-2")
    assert "Ból." in imported(tmp_path, text, "knee.txt", "--encoding", "iso-8859-2").text


def test_a_nul_in_the_middle_of_a_text_ends_nothing(tmp_path: Path) -> None:
    draft = imported(tmp_path, body("<h2>Risks</h2><p>Pain\0ful.</p><p>Itching.</p>").encode("utf-16"))
    assert "Itching." in draft.text


def test_characters_that_no_leaflet_may_hold_are_taken_out_and_told_of(tmp_path: Path) -> None:
    draft = imported(tmp_path, body("<h2>Risks</h2><p>Pain \u202eniap.</p>"))
    assert "Pain niap." in draft.text
    assert any("U+202E" in line for line in draft.part("unsure"))


def test_an_encoding_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, b'<meta charset="klingon-8"><h1>Knee</h1>', "knee.html", "'klingon-8' is not known")


# What cannot be imported ---------------------------------------------------------------------------------------------


def test_a_page_without_headings_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, body("<p>It hurts.</p>"), "knee.html", "no headings were found", "Heading 2 in Word")


def test_a_page_whose_text_scripts_would_write_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "<html><body><script>go()</script></body></html>", "knee.html", "no text was found")


@pytest.mark.parametrize("data", [b"", b" \n\n"])
@pytest.mark.parametrize("suffix", ["txt", "html", "md"])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes, suffix: str) -> None:
    refused(tmp_path, data, f"knee.{suffix}", "the file is empty")


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"%PDF-1.7\n", "this is a PDF"), (b"PK\x03\x04", "a ZIP archive"), (b"a\x00b", "this is no text")],
)
def test_what_is_no_text_is_refused_whatever_its_name_says(tmp_path: Path, data: bytes, told: str) -> None:
    refused(tmp_path, data, "knee.txt", told)


@pytest.mark.parametrize("name", ["knee.pdf", "knee.doc", "knee"])
def test_a_kind_of_file_that_is_not_known_is_refused(tmp_path: Path, name: str) -> None:
    refused(tmp_path, "text", name, "cannot be imported", ".docx")


def test_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    for name, told in ((str(tmp_path), "this is a folder"), (str(tmp_path / "none.html"), "No such file")):
        ran = Project(tmp_path).run("import", name)
        assert ran.exit_code == 2
        assert told in ran.stderr


def test_a_file_that_is_larger_than_any_page_is_refused_unread(tmp_path: Path) -> None:
    page = tmp_path / "huge.html"
    with page.open("wb") as file:
        file.truncate(100 * 2**20)
    ran = Project(tmp_path).run("import", str(page))
    assert ran.exit_code == 2
    assert "the file has 100 MB, and at most 20 MB are read" in ran.stderr


def test_a_page_that_is_nested_absurdly_deep_is_read_or_refused(tmp_path: Path) -> None:
    draft = imported(tmp_path, body("<h2>Risks</h2>" + "<div>" * 5000 + "<p>Pain.</p>"))
    assert draft.exit_code == 2 or "Pain." in draft.text + draft.report
    assert "Traceback" not in draft.report


def test_a_document_that_unpacks_to_an_absurd_size_is_refused(tmp_path: Path) -> None:
    bomb = word.package({"word/document.xml": "0" * (201 * 2**20)})
    assert len(bomb) < 2**20
    refused(tmp_path, bomb, "knee.docx", "the document unpacks to 201 MB")


def test_a_document_of_absurdly_many_parts_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, word.package({f"part{n}.xml": "" for n in range(10_001)}), "knee.docx", "has 10001 parts")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"not a zip", "cannot be read: File is not a zip file"),
        (word.package({"word/other.xml": "<a/>"}), "it has no word/document.xml"),
        (word.package({"word/document.xml": "<w:broken"}), "cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "an old Word file (.doc) or one with a password"),
        (
            word.document(
                word.paragraph("Risks &x;", "H1"), before='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            ),
            "a document type (<!DOCTYPE>)",
        ),
    ],
)
def test_a_document_that_word_would_not_write_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    refused(tmp_path, data, "knee.docx", told)


def test_an_encrypted_document_is_refused(tmp_path: Path) -> None:
    data = bytearray(word.document(word.paragraph("Risks", "H1")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag "encrypted" of every entry
        for match in re.finditer(re.escape(signature), bytes(data)):
            data[match.start() + offset] |= 1
    refused(tmp_path, bytes(data), "knee.docx", "encrypted", "without a password")


def test_a_page_is_imported_without_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", forbidden)
    monkeypatch.setattr("socket.getaddrinfo", forbidden)
    page = body(
        '<link rel="stylesheet" href="http://x.example/a.css"><h2>Risks</h2><p>Pain <img src="http://x.example/p">.</p>'
    )
    assert imported(tmp_path, page).exit_code == 0


def test_the_pictures_of_a_document_need_not_be_there(tmp_path: Path) -> None:
    with ZipFile(BytesIO(FOAM)) as file:
        assert "word/media/image1.png" not in file.namelist()
    assert imported(tmp_path, FOAM, "foam.docx").exit_code == 0
