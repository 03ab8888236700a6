"""What a leaflet promises or advertises is found in every language that has a phrasebook; plain words are let stand."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from babel import Locale
from conftest import LEAFLETS, LOCALES, REPOSITORY, Project

from polyleaf.catalog.document import read_document
from polyleaf.catalog.verify import LEAFLET
from polyleaf.errors import PolyleafError
from polyleaf.translation.assertions import Sentence
from polyleaf.translation.lexicon import lexicon
from polyleaf.translation.negation import denials
from polyleaf.translation.pair import Text
from polyleaf.translation.phrasebook import folder, phrasebook, read_file, read_phrasebook
from polyleaf.translation.promotion import MEDICINE, PROMISES, RULES, SALES, Claim, claims

DATA = Path(__file__).parent / "data"
SENTENCES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "promotion").glob("*.toml"))
}
"""By locale and by the name of a rule: sentences that it finds, and sentences that hold no claim at all."""
PHRASEBOOKS = sorted(path.stem for path in folder().glob("*.toml"))
NAMES = {rule.name for rule in RULES}

ARTICLE = (DATA / "microsclerotherapy-article.txt").read_text(encoding="utf-8")
"""The web article of unknown origin that docs/sources/microsclerotherapy.md accounts for."""


def claimed(sentence: str, locale: str = "en", purpose: str = "marketing") -> tuple[Claim, ...]:
    return claims(Text(sentence, Locale.parse(locale), LEAFLET), purpose)


def codes(sentence: str, locale: str = "en", purpose: str = "marketing") -> list[str]:
    return [claim.rule.code for claim in claimed(sentence, locale, purpose)]


def rules_of(sentence: str, locale: str) -> list[str]:
    return [claim.rule.name for claim in claimed(sentence, locale)]


def words(sentence: str, locale: str = "en") -> list[str]:
    return [claim.words for claim in claimed(sentence, locale)]


def listed(kind: str) -> list[tuple[str, str, str]]:
    return [
        (locale, rule, sentence)
        for locale, rules in SENTENCES.items()
        for rule, kinds in rules.items()
        for sentence in kinds[kind]
    ]


# Each language -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("locale", "rule", "sentence"), listed("found"))
def test_a_claim_is_found(locale: str, rule: str, sentence: str) -> None:
    assert rule in rules_of(sentence, locale)


@pytest.mark.parametrize(("locale", "rule", "sentence"), listed("silent"))
def test_plain_denied_and_asked_words_are_let_stand(locale: str, rule: str, sentence: str) -> None:
    assert words(sentence, locale) == []


@pytest.mark.parametrize("locale", PHRASEBOOKS)
def test_a_phrasebook_has_every_rule(locale: str) -> None:
    assert set(read_file(folder() / f"{locale}.toml").claims) == NAMES


@pytest.mark.parametrize("locale", PHRASEBOOKS)
def test_a_phrasebook_is_proved_by_sentences_for_every_rule(locale: str) -> None:
    proved = SENTENCES.get(locale, {})
    assert set(proved) == NAMES
    assert all(len(set(kinds[kind])) >= 8 for kinds in proved.values() for kind in ("found", "silent"))


@pytest.mark.parametrize("locale", PHRASEBOOKS)
def test_a_phrasebook_is_of_a_language_whose_denials_are_known(locale: str) -> None:
    assert lexicon(Locale.parse(locale)).cues is not None


@pytest.mark.parametrize("locale", PHRASEBOOKS)
def test_no_pattern_is_written_twice(locale: str) -> None:
    groups = [group for of_rule in read_file(folder() / f"{locale}.toml").claims.values() for group in of_rule]
    patterns = [(pattern.lower(), group.where) for group in groups for pattern in group.patterns]
    assert sorted({pattern for pattern in patterns if patterns.count(pattern) > 1}) == []


@pytest.mark.parametrize("locale", PHRASEBOOKS)
def test_every_wording_is_found_by_itself(locale: str) -> None:
    """A pattern that an innocent phrase hides, or that the tokens never match, says nothing."""
    file = read_file(folder() / f"{locale}.toml")
    plain = [
        (rule, pattern)
        for rule, groups in file.claims.items()
        for group in groups
        if group.where != "beside-price"
        for pattern in group.patterns
        if "..." not in pattern
    ]
    assert [pattern for rule, pattern in plain if rule not in rules_of(as_text(pattern), locale)] == []


def as_text(pattern: str) -> str:
    """A sentence that the pattern fits: a star by itself stands for some word."""
    words = ("x" if word == "*" else word.replace("*", "").replace("#", "20") for word in pattern.split())
    return " ".join(words) + "."


# English as the source: what is denied, asked or meant otherwise -----------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("without any significant effort", "R105"),
        ("simple to perform and widely available", "R109"),
        ("one of the new methods", "R107"),
        ("has worked well and found its niche", "R108"),
        ("complete elimination without any visible cosmetic defects", "R103"),
        ("Almost complete absence of side effects", "R104"),
        ("Painlessness", "R101"),
        ("Low invasiveness", "R109"),
        ("Quick end of the rehabilitation period", "R105"),
        ("High efficiency", "R108"),
        ("disappear without a trace", "R103"),
        ("absolutely safe", "R102"),
    ],
)
def test_each_claim_of_the_article_is_found_where_it_stands(said: str, code: str) -> None:
    place = ARTICLE.index(said), ARTICLE.index(said) + len(said)
    assert any(
        claim.rule.code == code and claim.span[0] <= place[0] and place[1] <= claim.span[1]
        for claim in claimed(ARTICLE)
    )


def test_what_the_article_says_soberly_is_let_stand() -> None:
    sober = [
        "In telangiectasia, a special drug is injected, which causes damage to the walls of small vessels.",
        "Varicose veins can also interfere with this procedure.",
        "People prone to hyperpigmentation of the skin may experience the formation of spots",
        "In some cases, the cost of microsclerotherapy becomes a problem.",
    ]
    assert all(sentence in ARTICLE and words(sentence) == [] for sentence in sober)


def test_a_claim_tells_its_words_and_their_place() -> None:
    text = "Walk every day. The veins are **gone for good**."
    claim = claimed(text)[0]
    assert claim.words == "gone for good"
    assert text[slice(*claim.span)] == claim.words


def test_a_claim_tells_what_to_write_and_on_what_ground() -> None:
    claim = claimed("It is painless.")[0]
    assert claim.hint.startswith("say what is felt, and for how long (")


def test_a_denial_of_one_clause_does_not_excuse_the_next() -> None:
    assert codes("It is not cheap, but it is painless.") == ["R101"]


def test_a_denial_after_a_claim_does_not_excuse_it_in_english() -> None:
    assert codes("Painless and not expensive.") == ["R101"]


def test_a_claim_that_is_a_denial_does_not_excuse_itself_or_its_neighbour() -> None:
    assert codes("No side effects, painless, no downtime.") == ["R104", "R101", "R105"]


def test_a_denial_reaches_all_of_a_list() -> None:
    assert codes("Nobody can promise that it is safe, painless or permanent.") == []


def test_several_claims_of_a_sentence_are_told_in_its_order() -> None:
    assert codes("Safe and painless, and the results last for life.") == ["R102", "R101", "R103"]


def test_emphasis_hides_no_claim() -> None:
    assert codes("It is *absolutely* **safe**.") == ["R102"]


def test_placeholders_and_citations_are_no_words() -> None:
    assert codes("Wear it for {painless}. [@painless]") == []


def test_a_medicine_may_be_named_where_consent_is_asked_for() -> None:
    assert codes("We inject polidocanol.", purpose="pre-consent") == []


def test_a_medicine_is_named_in_a_question_and_in_a_denial_too() -> None:
    assert codes("Is Botox for you? We do not use Botox.") == [MEDICINE.code] * 2


@pytest.mark.parametrize("sentence", ["Rated 5 stars.", "★★★★★ Painless!"])
def test_signs_beside_words_are_no_obstacle(sentence: str) -> None:
    assert codes(sentence)


def test_a_bare_word_is_a_claim_where_it_stands_alone() -> None:
    assert codes("Safe") == ["R102"]
    assert codes("Put on safe shoes") == []


def test_a_number_without_currency_is_no_price() -> None:
    assert codes("Only 99 people took part.") == []
    assert codes("Only 99 euros.") == ["R202"]


# Where a language puts its denials -----------------------------------------------------------------------------------


def asserted(said: str, locale: str, phrases: str, folder: Path) -> int:
    """How many of the claims of a sentence are asserted, by a phrasebook of a few phrases."""
    path = folder / f"{locale}.toml"
    path.write_text(phrases, encoding="utf-8")
    known = denials(Text(said, Locale.parse(locale), LEAFLET))
    assert known is not None
    return len(Sentence(said, known.strict, read_phrasebook(path, locale)).asserted())


TURKISH = """
denial = "after"
breaks = ["ama"]
joins = ["ve"]
[[claims.painless]]
ground = "x"
patterns = ["ağrısız*", "acısız*"]
"""
CHINESE = """
denial = "before"
breaks = ["而且"]
innocent = ["安全的地方"]
[[claims.painless]]
ground = "x"
patterns = ["无痛", "安全", "永久"]
"""


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("Tedavi ağrısızdır.", 1),
        ("Tedavi ağrısız değildir.", 0),
        ("Ağrısız olduğunu garanti edemeyiz.", 0),
        ("Ağrısız ama ucuz değil.", 1),
        ("Ucuz değil ama ağrısız.", 1),
        ("Ağrısız, acısız değildir.", 0),
        ("Ağrısız ve acısız değildir.", 0),
        ("Tedavi ağrısızdır ve ameliyat gerektirmez.", 1),
    ],
)
def test_a_denial_behind_the_claim_takes_it_back_in_turkish(said: str, count: int, tmp_path: Path) -> None:
    assert asserted(said, "tr", TURKISH, tmp_path) == count


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("治疗是无痛的。", 1),
        ("治疗并非无痛。", 0),
        ("治疗不安全。", 0),
        ("安全、无痛、永久。", 3),
        ("不能保证安全、无痛或永久。", 0),
        ("不是手术，而且无痛。", 1),
        ("放在安全的地方。", 0),
    ],
)
def test_a_language_without_spaces_is_searched_by_its_letters(said: str, count: int, tmp_path: Path) -> None:
    assert asserted(said, "zh", CHINESE, tmp_path) == count


def test_a_denial_of_the_next_word_leaves_the_rest_of_its_clause_alone() -> None:
    assert words("Without surgery your treatment is painless.") == ["painless"]
    assert words("Ohne Narkose ist die Behandlung schmerzfrei.", "de") == ["schmerzfrei"]
    assert words("We work without any guarantee.") == []


def test_a_subordinate_clause_is_denied_with_its_main_clause() -> None:
    assert words("Niemand kann versprechen, dass die Behandlung schmerzfrei ist.", "de") == []
    assert words("Dass die Behandlung schmerzfrei ist, kann niemand versprechen.", "de") == []
    assert words("Die Behandlung ist schmerzfrei und braucht keine Narkose.", "de") == ["schmerzfrei"]
    assert words("Niemand muss leiden, denn die Behandlung ist schmerzfrei.", "de") == ["schmerzfrei"]


def test_a_claim_that_begins_as_a_clause_does_is_denied_with_what_stands_before_it() -> None:
    """In Russian "не оставляет" begins a clause, so that its "не" does not deny what was said before it."""
    assert words("Безболезненная процедура не оставляет на коже пятен.", "ru") == ["Безболезненная"]
    assert words("Никто не может обещать, что лечение не оставляет следов.", "ru") == []
    assert words("Безболезненная процедура не оставляет следов.", "ru") == ["Безболезненная", "не оставляет следов"]


# Locales and files ---------------------------------------------------------------------------------------------------


def test_a_locale_takes_the_phrasebook_of_its_language() -> None:
    assert codes("It is painless.", "en_GB") == ["R101"]


def test_a_language_without_a_phrasebook_is_not_checked() -> None:
    assert phrasebook(Locale("fi")) is None
    assert codes("Täysin kivuton.", "fi") == []


def test_promises_and_sales_have_their_own_hundreds() -> None:
    assert all(rule.code.startswith("R1") for rule in PROMISES)
    assert all(rule.code.startswith("R2") for rule in SALES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_why_what_instead_and_by_which_source(rule: object) -> None:
    text = getattr(rule, "text", "")
    assert all(part in text for part in ("Why: ", "Instead: ", "Source: "))


def test_a_phrasebook_with_mistakes_names_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "en.toml"
    path.write_text('denial = "behind"\n[[claims.safe]]\nground = ""\npatterns = []\n', encoding="utf-8")
    with pytest.raises(PolyleafError) as caught:
        read_phrasebook(path, "en")
    assert {problem.line for problem in caught.value.problems} >= {1, 3, 4}


def test_a_language_without_spaces_has_no_wildcards(tmp_path: Path) -> None:
    path = tmp_path / "zh.toml"
    path.write_text('denial = "before"\n[[claims.safe]]\nground = "x"\npatterns = ["安全*"]\n', encoding="utf-8")
    with pytest.raises(PolyleafError, match="安全"):
        read_phrasebook(path, "zh")


CATALOG = """\
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "about"
msgid "The treatment is painless."
msgstr "Die Behandlung ist schmerzlos."
"""


# A project -----------------------------------------------------------------------------------------------------------


def test_a_check_finds_a_claim_in_the_source_and_in_its_translation(project: Project) -> None:
    project.edit(
        "templates/leaflets/knee.md", "Your knee needs **rest** after treatment.", "The treatment is painless."
    )
    project.write("locales/de/LC_MESSAGES/knee.po", CATALOG)
    found = [finding for finding in project.check("knee") if finding["code"] == "R101"]
    assert [(one["severity"], one["locale"], one["message"]) for one in found] == [
        ("error", "en", '"painless"'),
        ("error", "de", '"schmerzlos"'),
    ]
    assert found[0]["line"] == project.line("templates/leaflets/knee.md", "painless")
    assert found[1]["line"] == project.line("locales/de/LC_MESSAGES/knee.po", "The treatment")


@pytest.mark.parametrize("path", sorted((REPOSITORY / "templates/leaflets").glob("*.md")), ids=lambda path: path.stem)
def test_the_leaflets_of_the_repository_promise_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert words(text.partition("\n---\n")[2]) == []


@pytest.mark.parametrize("locale", [locale for locale in PHRASEBOOKS if locale in LOCALES])
@pytest.mark.parametrize("leaflet", [*LEAFLETS, "polyleaf"])
def test_the_translations_of_the_repository_promise_nothing(locale: str, leaflet: str) -> None:
    document = read_document(REPOSITORY / f"locales/{locale}/LC_MESSAGES/{leaflet}.po")
    texts = [text for entry in document.entries for text in entry.msgstr.values()]
    assert len(texts) > 30
    assert [found for text in texts for found in words(text, locale)] == []
