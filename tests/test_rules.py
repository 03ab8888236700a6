"""Every rule about translations finds what it is for, and is silent about what a careful translator writes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale

from polyleaf.catalog import Entry
from polyleaf.catalog.document import parse_document
from polyleaf.catalog.verify import LEAFLET, Subject, examine, verify
from polyleaf.catalog.verify import RULES as CATALOG_RULES
from polyleaf.checks import rules
from polyleaf.checks.translations import RULES as FILE_RULES
from polyleaf.checks.translations import check_file, check_subject, inconsistent
from polyleaf.finding import Finding
from polyleaf.model import Message
from polyleaf.translation.glossary import Glossary, Term
from polyleaf.translation.pair import Syntax
from polyleaf.waivers import waivers_in

EN = Locale("en")
HTML = Syntax()
C_FORMAT = Syntax(percent=True)
PAIRS = tomllib.loads((Path(__file__).parent / "data/pairs.toml").read_text(encoding="utf-8"))["pair"]


def a_subject(
    locale: str,
    source: str,
    translation: str | dict[str, str],
    *,
    context: str = "about",
    plural: str = "",
    syntax: Syntax = LEAFLET,
    fuzzy: bool = False,
    comments: tuple[str, ...] = (),
) -> Subject:
    forms = {"other": translation} if isinstance(translation, str) else translation
    entry = Entry(forms, fuzzy, 7, waivers_in(comments))
    return Subject(Message(context, source, plural), entry, Path("x.po"), Locale.parse(locale), EN, syntax)


def errors(found: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in found if finding.severity == "error"]


def severities(code: str, subject: Subject) -> list[str]:
    """How grave what a rule says of a subject is; empty if it is silent."""
    return [finding.severity for finding in examine(subject) if finding.code == code]


def is_found(code: str, locale: str, source: str, translation: str, syntax: Syntax = LEAFLET) -> bool:
    return bool(severities(code, a_subject(locale, source, translation, syntax=syntax)))


# The rules themselves ------------------------------------------------------------------------------------------------

T_RULES = [rule for rule in rules().values() if rule.family == "T"]


def test_every_code_is_that_of_one_rule() -> None:
    codes = [rule.code for rule in (*CATALOG_RULES, *FILE_RULES)]
    assert len(codes) == len(set(codes))
    assert len({rule.name for rule in rules().values()}) == len(rules())
    assert {*codes, "T141"} == {rule.code for rule in T_RULES}


@pytest.mark.parametrize("rule", T_RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_it_finds_why_what_to_do_instead_and_where_that_is_from(rule: object) -> None:
    known = rules()[getattr(rule, "code", "")]
    assert known.summary.endswith(".")
    paragraphs = [paragraph.partition(":")[0] for paragraph in known.text.split("\n\n")]
    assert [name for name in paragraphs if name in ("Why", "Instead", "Source")] == ["Why", "Instead", "Source"]


# Sentences of leaflets in many languages -----------------------------------------------------------------------------


def right() -> Iterator[tuple[str, str, str]]:
    for pair in PAIRS:
        yield from ((locale, pair["source"], given[0]) for locale, given in pair.items() if locale != "source")


def changed(translation: str, change: str) -> tuple[str, str]:
    """The code that has to be found, and the translation as changed."""
    code, _, change = change.partition(" ")
    if " <=> " in change:
        one, other = change.split(" <=> ")
        assert one in translation
        assert other in translation
        return code, translation.replace(one, "\0").replace(other, one).replace("\0", other)
    old, _, new = f"{change} ".partition(" => ") if change.endswith("=>") else change.partition(" => ")
    assert old in translation
    return code, translation.replace(old, new, 1)


def wrong() -> Iterator[tuple[str, str, str, str]]:
    for pair in PAIRS:
        for locale, given in pair.items():
            if locale != "source":
                yield from ((locale, pair["source"], *changed(given[0], change)) for change in given[1:])


@pytest.mark.parametrize(("locale", "source", "translation"), list(right()))
def test_a_right_translation_has_no_error(locale: str, source: str, translation: str) -> None:
    assert errors(examine(a_subject(locale, source, translation, context="aftercare"))) == []


@pytest.mark.parametrize(("locale", "source", "code", "translation"), list(wrong()))
def test_a_dangerous_change_is_an_error(locale: str, source: str, code: str, translation: str) -> None:
    found = errors(examine(a_subject(locale, source, translation, context="aftercare")))
    assert code in [known for known, _ in found], translation


# T101 and T102, missing and fuzzy ------------------------------------------------------------------------------------


@pytest.mark.parametrize("translation", ["", " ", "\u00a0", "\u200b", "[](https://a.example)"])
def test_a_translation_that_shows_nothing_is_missing(translation: str) -> None:
    assert severities("T101", a_subject("de", "Rest.", translation)) == ["error"]


def test_a_message_without_an_entry_is_missing() -> None:
    subject = Subject(Message("about", "Rest."), None, Path("x.po"), Locale("de"), EN)
    assert [finding.code for finding in examine(subject)] == ["T101"]


def test_one_plural_form_that_is_empty_is_missing() -> None:
    forms = {"one": "{count} визит", "few": "", "many": "{count} визитов", "other": "{count} визита"}
    assert severities("T101", a_subject("ru", "{count} visit", forms, plural="{count} visits")) == ["error"]


def test_a_fuzzy_translation_is_an_error_and_nothing_else_is_said_of_it() -> None:
    found = list(examine(a_subject("de", "Rest for 3 days.", "Ruhen Sie 5 Tage.", fuzzy=True)))
    assert [(finding.code, finding.severity) for finding in found] == [("T102", "error")]


# T103, placeholders --------------------------------------------------------------------------------------------------

PLACEHOLDERS = [
    ("{rest} at home", "{rest} zu Hause", LEAFLET, False),
    ("{rest} at home", "zu Hause", LEAFLET, True),
    ("{rest} at home", "{ruhe} zu Hause", LEAFLET, True),
    ("{rest} at home", "{rest} {rest} zu Hause", LEAFLET, True),
    ("%s of %s", "%s von %s", C_FORMAT, False),
    ("%s of %s", "%s", C_FORMAT, True),
    ("%d tablets", "%s Tabletten", C_FORMAT, True),
    ("%(n)d tablets", "%(n)d Tabletten", HTML, False),
    ("%(n)d tablets", "%(n) Tabletten", HTML, True),
    ("%(n)d tablets", "%(zahl)d Tabletten", HTML, True),
    ("%1$s for %2$s", "%2$s: %1$s", C_FORMAT, False),
    ("{x} and {y}", "{y} und {x}", HTML, False),
    ("{x} and {y}", "{x} und {x}", HTML, True),
    ("{{ name }} is due", "{{ name }} steht an", HTML, False),
    ("{{ name }} is due", "{{ Name }} steht an", HTML, True),
    ("${dose} each", "je ${dose}", HTML, False),
    ("100% of patients", "100 % der Patienten", HTML, False),
    ("100%% of %s", "100 %% von %s", C_FORMAT, False),
]


@pytest.mark.parametrize(("source", "translation", "syntax", "found"), PLACEHOLDERS)
def test_a_placeholder_is_kept_once_in_its_spelling(source: str, translation: str, syntax: Syntax, found: bool) -> None:
    assert is_found("T103", "de", source, translation, syntax) == found


def test_a_form_for_one_number_alone_may_say_it_in_words() -> None:
    forms = {"one": "einen Tag", "other": "%d Tage"}
    subject = a_subject("de", "%d day", forms, plural="%d days", syntax=C_FORMAT)
    assert "error" not in severities("T103", subject)


# T104 and T106, citations and markup ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("translation", "found"),
    [
        ("Ruhen Sie. [@nice]", False),
        ("Ruhen Sie.", True),
        ("Ruhen Sie. [@nise]", True),
        ("Ruhen Sie. [@nice] [@nice]", True),
    ],
)
def test_a_citation_is_kept_once(translation: str, found: bool) -> None:
    assert is_found("T104", "de", "Rest. [@nice]", translation) == found


MARKUP = [
    ("Call [the ward](tel:111).", "Rufen Sie [die Station](tel:111) an.", LEAFLET, []),
    ("Call [the ward](tel:111).", "Rufen Sie die Station an.", LEAFLET, ["error"]),
    ("Call [the ward](tel:111).", "Rufen Sie [die Station](tel:112) an.", LEAFLET, ["error", "error"]),
    ("Rest **now**.", "Ruhen Sie **jetzt**.", LEAFLET, []),
    ("Rest **now**.", "Ruhen Sie jetzt.", LEAFLET, ["warning"]),
    ("Rest <b>now</b>.", "Ruhen Sie <b>jetzt</b>.", HTML, []),
    ("Rest <b>now</b>.", "Ruhen Sie <b>jetzt.", HTML, ["error", "warning"]),
    ('<a href="/x">Rest</a>', "Ruhe", HTML, ["error"]),
    ("Line<br>two", "Zeile<br/>zwei", HTML, []),
    ("See https://a.example now.", "Siehe jetzt https://a.example.", HTML, []),
    ("See https://a.example now.", "Siehe https://b.example.", HTML, ["warning", "warning"]),
    ("5 < 7 and 8 > 3", "5 < 7 und 8 > 3", HTML, []),
]


@pytest.mark.parametrize(("source", "translation", "syntax", "found"), MARKUP)
def test_links_and_tags_are_kept(source: str, translation: str, syntax: Syntax, found: list[str]) -> None:
    assert severities("T106", a_subject("de", source, translation, syntax=syntax)) == found


# T105 and T107, numbers ----------------------------------------------------------------------------------------------

SAME_NUMBERS = [
    ("de", "Take 2.5 mg.", "Nehmen Sie 2,5 mg ein."),
    ("ar", "Take 2.5 mg.", "تناول ٢٫٥ ملغ."),
    ("fa", "Take 2.5 mg.", "۲٫۵ میلی‌گرم مصرف کنید."),
    ("hi", "Take 2.5 mg.", "२.५ मि.ग्रा. लें।"),
    ("bn", "Take 2.5 mg.", "২.৫ মি.গ্রা. খান।"),
    ("ja", "Three times a day", "1日3回"),
    ("ja", "Take two tablets three times a day.", "1回2錠を1日3回服用してください。"),
    ("zh_Hans", "Three times a day", "每日三次"),
    ("ko", "Three times a day", "하루 세 번"),
    ("fr", "twice a day", "deux fois par jour"),
    ("ar", "twice a day", "مرتين يوميًا"),
    ("hi", "twice a day", "दिन में दो बार"),
    ("he", "twice a day", "פעמיים ביום"),
    ("de", "after 48 hours", "nach 48-stündiger Ruhe"),
    ("de", "half a tablet", "eine halbe Tablette"),
    ("ru", "half a tablet", "полтаблетки"),
    ("vi", "half a tablet", "nửa viên"),
    ("ja", "half a tablet", "半錠"),
    ("de", "one and a half tablets", "anderthalb Tabletten"),
    ("de", "24 November 2026, 5 p.m.", "24. November 2026, 17 Uhr"),
    ("zh_Hans", "24 November 2026", "2026年11月24日"),
    ("ja", "24 November 2026, 5 p.m.", "2026年11月24日午後5時"),
    ("vi", "24 November 2026", "ngày 24 tháng 11 năm 2026"),
    ("nl", "from 9 a.m. to 5:30 p.m.", "van 9.00 tot 17.30 uur"),
    ("tr", "from 9 a.m. to 5:30 p.m.", "9.00–17.30 arası"),
    ("fr", "24 hours a day, 7 days a week", "24 heures sur 24, 7 jours sur 7"),
    ("zh_Hans", "More than 10,000 people", "超过1万人"),
    ("hi", "More than 100,000 people", "1 लाख से अधिक लोग"),
    ("es", "COVID-19 in 2020", "COVID-19 en 2020"),
    ("de", "½ tablet", "0,5 Tabletten"),
]
OTHER_NUMBERS = [
    ("de", "Take 2.5 mg.", "Nehmen Sie 25 mg ein."),
    ("ar", "Take 2.5 mg.", "تناول ٢٥ ملغ."),
    ("bn", "Take 2.5 mg.", "৫.২ মি.গ্রা. খান।"),
    ("ja", "Three times a day", "1日5回"),
    ("ja", "twice a day", "1日1回"),
    ("de", "twice a day", "4-mal täglich"),
    ("de", "24 November 2026, 5 p.m.", "24. November 2026, 18 Uhr"),
    ("nl", "from 9 a.m. to 5:30 p.m.", "van 9.00 tot 18.30 uur"),
    ("zh_Hans", "5:30 p.m. on Friday", "周五下午6点30分"),
    ("zh_Hans", "More than 10,000 people", "超过10万人"),
    ("hi", "Rest for 5 days.", "आराम करें।"),
    ("tr", "Rest.", "3 gün dinlenin."),
]


@pytest.mark.parametrize(("locale", "source", "translation"), SAME_NUMBERS)
def test_a_number_is_the_same_however_a_language_writes_it(locale: str, source: str, translation: str) -> None:
    assert severities("T105", a_subject(locale, source, translation)) == []


@pytest.mark.parametrize(("locale", "source", "translation"), OTHER_NUMBERS)
def test_another_number_is_an_error(locale: str, source: str, translation: str) -> None:
    assert "error" in severities("T105", a_subject(locale, source, translation))


@pytest.mark.parametrize(
    ("locale", "translation", "found"),
    [
        ("de", "2,5 mg", False),
        ("de", "2.5 mg", True),
        ("en_GB", "2.5 mg", False),
        ("fr", "2,5 mg", False),
        ("ar", "٢٫٥ ملغ", False),
        ("ar", "2.5 ملغ", False),
        ("ru", "2.5 мг", True),
    ],
)
def test_a_decimal_mark_is_the_languages_own(locale: str, translation: str, found: bool) -> None:
    assert is_found("T107", locale, "2.5 mg", translation) == found


@pytest.mark.parametrize(("locale", "hours"), [("nl", "9.00 uur"), ("tr", "saat 9.00"), ("it", "ore 9.00")])
def test_a_full_hour_is_no_decimal(locale: str, hours: str) -> None:
    assert not is_found("T107", locale, "at 9 a.m.", hours)
    assert not is_found("T105", locale, "at 9 a.m.", hours)


# T108 and T109, numbers that changed places --------------------------------------------------------------------------

SHARES = [
    ("de", "3 von 10 Menschen"),
    ("de", "Von 10 Menschen 3"),
    ("fr", "3 personnes sur 10"),
    ("es", "3 de cada 10 personas"),
    ("ru", "3 из 10 человек"),
    ("ar", "٣ من كل ١٠ أشخاص"),
    ("fa", "از هر ۱۰ نفر ۳ نفر"),
    ("zh_Hans", "10人中有3人"),
    ("ja", "10人中3人"),
    ("ja", "10人に3人"),
    ("ko", "10명 중 3명"),
    ("tr", "10 kişiden 3'ü"),
    ("tr", "her 10 içinde 3 kişi"),
    ("hi", "10 में से 3 लोग"),
    ("bn", "প্রতি ১০ জনের মধ্যে ৩ জন"),
    ("bn", "প্রতি ১০-এর মধ্যে ৩ জন"),
]


def swapped(text: str, one: str, other: str) -> str:
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


@pytest.mark.parametrize(("locale", "translation"), SHARES)
def test_a_share_names_its_whole_first_or_last(locale: str, translation: str) -> None:
    assert severities("T109", a_subject(locale, "3 in 10 people", translation)) == []


@pytest.mark.parametrize(
    ("locale", "translation"), [share for share in SHARES if not share[1].startswith(("Von", "از"))]
)
def test_a_share_that_was_swapped_is_an_error(locale: str, translation: str) -> None:
    digits = next(pair for pair in (("10", "3"), ("١٠", "٣"), ("১০", "৩")) if pair[0] in translation)
    assert severities("T109", a_subject(locale, "3 in 10 people", swapped(translation, *digits))) == ["error"]


@pytest.mark.parametrize(
    ("locale", "translation", "code"),
    [
        ("de", "20 bis 10 mg", "T108"),
        ("fr", "20 à 10 mg", "T108"),
        ("ru", "20–10 мг", "T108"),
        ("ar", "٢٠–١٠ ملغ", "T108"),
        ("hi", "20 से 10 मि.ग्रा.", "T108"),
        ("ja", "20 mgから10 mg", "T108"),
        ("tr", "20-10 mg", "T108"),
        ("he", '20 עד 10 מ"ג', "T108"),
    ],
)
def test_the_ends_of_a_range_stand_in_the_order_of_the_source(locale: str, translation: str, code: str) -> None:
    assert severities(code, a_subject(locale, "10–20 mg", translation)) == ["error"]


@pytest.mark.parametrize("translation", ["1 personne sur 4 et 3 enfants sur 10", "1 persona su 4 e 3 bambini su 10"])
def test_a_word_for_and_makes_no_range_of_two_numbers(translation: str) -> None:
    found = examine(a_subject("fr", "1 in 4 people and 3 in 10 children", translation))
    assert "T108" not in [finding.code for finding in found]


@pytest.mark.parametrize(
    ("locale", "translation", "found"),
    [
        ("de", "3-mal täglich 2 Tabletten", []),
        ("de", "2-mal täglich 3 Tabletten", ["error"]),
        ("ru", "3 раза в день по 2 таблетки", []),
        ("ru", "2 раза в день по 3 таблетки", ["error"]),
        ("zh_Hans", "每日3次，每次2片", []),
        ("zh_Hans", "每日2次，每次3片", ["error"]),
    ],
)
def test_how_often_and_how_many_may_change_places_with_their_words(
    locale: str, translation: str, found: list[str]
) -> None:
    assert severities("T109", a_subject(locale, "2 tablets 3 times a day", translation)) == found


@pytest.mark.parametrize(
    ("locale", "translation", "found"),
    [
        ("de", "3 Tage lang 5 mg", []),
        ("de", "5 Tage lang 3 mg", ["error"]),
        ("ja", "3日間5 mg", []),
        ("ja", "5日間3 mg", ["error"]),
        ("tr", "3 gün 5 mg'lık doz", []),
        ("tr", "5 gün 3 mg'lık doz", ["error"]),
        ("ko", "3일 동안 5 mg을", []),
        ("ko", "5일 동안 3 mg을", ["error"]),
    ],
)
def test_a_number_keeps_its_unit(locale: str, translation: str, found: list[str]) -> None:
    assert severities("T109", a_subject(locale, "5 mg for 3 days", translation)) == found


# T110 and T111, units ------------------------------------------------------------------------------------------------

UNITS = [
    ("de", "5 mg", "5 mg", []),
    ("de", "5 mg", "5 g", ["error"]),
    ("de", "5 mg", "5 Tabletten", ["error"]),
    ("ru", "5 g", "5 г", []),
    ("ru", "5 g", "5 мг", ["error"]),
    ("ru", "2 litres for 1 year", "2 л в течение 1 года", []),
    ("pl", "2 litres for 1 year", "2 l przez 1 rok", []),
    ("fr", "1.5 litres", "1,5 litre", []),
    ("fr", "1.5 litres", "1,5 millilitre", ["error"]),
    ("zh_Hans", "1.5 litres", "1.5毫升", ["error"]),
    ("tr", "more than 100 kg", "100 kg'dan fazla", []),
    ("ko", "more than 5 kg", "5 kg보다 무거운", []),
    ("hi", "10 to 20 minutes", "10 से 20 मिनट", []),
    ("ru", "for 7 days", "в течение 7 дней", []),
    ("ru", "for 7 days", "в течение 7 недель", ["error"]),
    ("tr", "for 7 days", "7 gün", []),
    ("tr", "for 7 days", "7 hafta", ["error"]),
    ("ar", "for 7 days", "لمدة ٧ أيام", []),
    ("ar", "for 7 days", "لمدة ٧ أسابيع", ["error"]),
    ("ar", "for 2 weeks", "لمدة أسبوعين", []),
    ("ar", "for 2 weeks", "لمدة يومين", ["error"]),
    ("zh_Hans", "for 7 days", "7天", []),
    ("zh_Hans", "for 7 days", "7周", ["error"]),
    ("bn", "for 7 days", "৭ দিন ধরে", []),
    ("bn", "for 7 days", "৭ সপ্তাহ ধরে", ["error"]),
    ("de", "{rest} mg", "{rest} g", ["error"]),
    ("de", "once daily", "einmal täglich", []),
    ("de", "once daily", "einmal wöchentlich", ["error"]),
    ("uk", "by day for 2 weeks", "вдень протягом 2 днів", ["error"]),
]


@pytest.mark.parametrize(("locale", "source", "translation", "found"), UNITS)
def test_a_unit_stays_the_same_in_every_form_of_its_word(
    locale: str, source: str, translation: str, found: list[str]
) -> None:
    assert severities("T110", a_subject(locale, source, translation)) == found


def test_a_unit_stands_beside_its_number() -> None:
    assert is_found("T111", "de", "5 mg of the medicine", "5 des Arzneimittels in Milligramm")
    assert not is_found("T111", "de", "5 mg of the medicine", "5 Milligramm des Arzneimittels")


def test_a_symbol_apart_from_its_number_is_no_unit() -> None:
    assert severities("T110", a_subject("de", "5 mg of the medicine", "5 des Arzneimittels mg")) == ["error"]


# T112, denials -------------------------------------------------------------------------------------------------------

DO_NOT_DRIVE = {
    "de": ("Fahren Sie nicht Auto.", "Fahren Sie Auto."),
    "fr": ("Ne conduisez pas.", "Conduisez."),
    "es": ("No conduzca.", "Conduzca."),
    "pl": ("Nie prowadź samochodu.", "Prowadź samochód."),
    "ru": ("Не садитесь за руль.", "Садитесь за руль."),
    "uk": ("Не сідайте за кермо.", "Сідайте за кермо."),
    "tr": ("Araç kullanmayın.", "Araç kullanın."),
    "ar": ("لا تقد السيارة.", "قد السيارة."),
    "hi": ("गाड़ी न चलाएँ।", "गाड़ी चलाएँ।"),
    "bn": ("গাড়ি চালাবেন না।", "গাড়ি চালাবেন।"),
    "vi": ("Không lái xe.", "Lái xe."),
    "zh_Hans": ("不要开车。", "要开车。"),
    "zh_Hant": ("不要開車。", "要開車。"),
    "ja": ("運転しないでください。", "運転してください。"),
    "it": ("Non guidi.", "Guidi."),
    "pt": ("Não conduza.", "Conduza."),
    "nl": ("Rijd geen auto.", "Rijd auto."),
    "ko": ("운전하지 마십시오.", "운전하십시오."),
    "he": ("אין לנהוג.", "יש לנהוג."),
    "fa": ("رانندگی نکنید.", "رانندگی کنید."),
}
AVOID_DRIVING = {
    "de": "Vermeiden Sie das Autofahren.",
    "fr": "Évitez de conduire.",
    "es": "Evite conducir.",
    "pl": "Unikaj prowadzenia samochodu.",
    "ru": "Избегайте вождения.",
    "uk": "Уникайте керування автомобілем.",
    "tr": "Araç kullanmaktan kaçının.",
    "ar": "تجنب قيادة السيارة.",
    "hi": "गाड़ी चलाने से बचें।",
    "bn": "গাড়ি চালানো এড়িয়ে চলুন।",
    "vi": "Tránh lái xe.",
    "zh_Hans": "避免开车。",
    "ja": "運転は避けてください。",
}


@pytest.mark.parametrize("locale", DO_NOT_DRIVE)
def test_a_lost_denial_is_an_error_where_it_can_do_harm_and_a_warning_elsewhere(locale: str) -> None:
    kept, lost = DO_NOT_DRIVE[locale]
    for context in ("contraindications", "aftercare", "warning-signs.emergency"):
        assert severities("T112", a_subject(locale, "Do not drive.", kept, context=context)) == []
        assert severities("T112", a_subject(locale, "Do not drive.", lost, context=context)) == ["error"]
    assert severities("T112", a_subject(locale, "Do not drive.", lost, context="about")) == ["warning"]


@pytest.mark.parametrize("locale", DO_NOT_DRIVE)
def test_a_denial_that_the_source_does_not_have_is_found(locale: str) -> None:
    denied, said = DO_NOT_DRIVE[locale]
    assert severities("T112", a_subject(locale, "Drive.", said, context="aftercare")) == []
    assert severities("T112", a_subject(locale, "Drive.", denied, context="aftercare")) == ["error"]


@pytest.mark.parametrize("locale", AVOID_DRIVING)
def test_a_word_such_as_avoid_stands_for_a_denial(locale: str) -> None:
    for source in ("Do not drive.", "Avoid driving."):
        assert severities("T112", a_subject(locale, source, AVOID_DRIVING[locale], context="aftercare")) == []


def test_a_build_refuses_a_lost_denial_where_it_can_do_harm_alone() -> None:
    lost = DO_NOT_DRIVE["de"][1]
    assert [finding.code for finding in verify(a_subject("de", "Do not drive.", lost, context="aftercare"))] == ["T112"]
    assert verify(a_subject("de", "Do not drive.", lost, context="about")) == ()


# T113 to T115, another language or script ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "source", "found"),
    [
        ("de", "Rest your leg.", ["error"]),
        ("ar", "Rest your leg.", ["error"]),
        ("de", "Ultraschall", ["warning"]),
        ("fr", "Aspirin", ["warning"]),
        ("de", "{rest}", []),
        ("de", "112", []),
        ("de", "MRI", []),
        ("de", "https://a.example", []),
    ],
)
def test_a_copied_source_is_no_translation(locale: str, source: str, found: list[str]) -> None:
    assert severities("T113", a_subject(locale, source, source)) == found


SCRIPTS = [
    ("ar", "Rest your leg.", "أرح ساقك.", []),
    ("ar", "Rest your leg.", "Ruhen Sie Ihr Bein aus.", ["error"]),
    ("ar", "Rest your leg. Call us today.", "أرح ساقك. Call us today.", ["error"]),
    ("ar", "Take Aspirin.", "تناول Aspirin.", []),
    ("ar", "An MRI scan", "فحص MRI", []),
    ("ru", "Rest your leg.", "Дайте ноге отдохнуть.", []),
    ("ru", "Rest your leg.", "Dayte noge otdokhnut.", ["error"]),
    ("hi", "Rest your leg.", "अपने पैर को आराम दें।", []),
    ("hi", "Rest your leg.", "اپنی ٹانگ کو آرام دیں۔", ["error"]),
    ("ja", "Rest your leg.", "足を休めてください。", []),
    ("ko", "Rest your leg.", "다리를 쉬게 하십시오.", []),
    ("ko", "Rest your leg.", "足を休めてください。", ["error"]),
    ("ko", "A laser (EVLA)", "레이저(EVLA)", []),
    ("zh_Hans", "Rest your leg.", "足を休めてください。", ["error"]),
    ("ja", "Rest your leg.", "다리를 쉬게 하십시오.", ["error"]),
    ("he", "Rest your leg.", "יש לתת לרגל לנוח.", []),
    ("he", "Rest your leg.", "أرح ساقك.", ["error"]),
    ("zh_Hans", "Please rest your leg after treatment.", "治疗后请让腿休息。", []),
    ("zh_Hans", "Please rest your leg after treatment.", "治療後請讓腿休息。", ["warning"]),
    ("zh_Hant", "Please rest your leg after treatment.", "治疗后请让腿休息。", ["warning"]),
]


@pytest.mark.parametrize(("locale", "source", "translation", "found"), SCRIPTS)
def test_a_translation_is_in_the_script_of_its_language(
    locale: str, source: str, translation: str, found: list[str]
) -> None:
    assert severities("T114", a_subject(locale, source, translation)) == found


REST = "Please rest your leg for a few days after the treatment and call us if it hurts."
LANGUAGES = {
    "de": "Bitte schonen Sie Ihr Bein nach der Behandlung einige Tage und rufen Sie uns an, wenn es schmerzt.",
    "fr": "Veuillez reposer votre jambe quelques jours après le traitement et nous appeler si elle vous fait mal.",
    "es": "Descanse la pierna unos días después del tratamiento y llámenos si le duele.",
    "ru": "Пожалуйста, поберегите ногу несколько дней после процедуры и позвоните нам, если она болит.",
    "uk": "Будь ласка, побережіть ногу кілька днів після процедури та зателефонуйте нам, якщо вона болить.",
    "ar": "يرجى إراحة ساقك لبضعة أيام بعد العلاج والاتصال بنا إذا شعرت بالألم.",
    "fa": "لطفا چند روز پس از درمان به پای خود استراحت دهید و اگر درد داشت با ما تماس بگیرید.",
}


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("pasted", LANGUAGES)
def test_a_text_of_another_language_is_found(locale: str, pasted: str) -> None:
    codes = {finding.code for finding in check_subject(a_subject(locale, REST, LANGUAGES[pasted]))}
    assert bool(codes & {"T114", "T115"}) == (locale != pasted)


def test_a_short_text_is_not_judged_by_its_language() -> None:
    assert "T115" not in {finding.code for finding in check_subject(a_subject("de", "Rest now", "Reposez-vous"))}


# T116 to T121, the outer shape ---------------------------------------------------------------------------------------

TWO_SENTENCES = "Press on the wound for some time without a break. If it bleeds again, call us at once."
SENTENCES = [
    ("de", "Drücken Sie ohne Unterbrechung auf die Wunde. Wenn es wieder blutet, rufen Sie uns sofort an.", False),
    ("de", "Drücken Sie ohne Unterbrechung auf die Wunde.", True),
    ("hi", "कुछ समय तक बिना रुके घाव को दबाएँ। अगर फिर ख़ून बहे, तो तुरंत हमें फ़ोन करें।", False),
    ("hi", "कुछ समय तक बिना रुके घाव को दबाएँ।", True),
    ("zh_Hans", "持续按压伤口一段时间，中间不要松开。如果再次出血，请立即致电我们。", False),
    ("zh_Hans", "持续按压伤口一段时间。", True),
    ("ar", "اضغط على الجرح لبعض الوقت دون توقف. إذا نزف مرة أخرى، فاتصل بنا فورًا.", False),
    ("ja", "しばらくの間、休まずに傷口を押さえてください。再び出血した場合は、すぐにお電話ください。", False),
    ("ja", "しばらくの間、休まずに傷口を押さえてください。", True),
]


@pytest.mark.parametrize(("locale", "translation", "found"), SENTENCES)
def test_a_sentence_that_was_left_out_is_found(locale: str, translation: str, found: bool) -> None:
    assert is_found("T116", locale, TWO_SENTENCES, translation) == found


@pytest.mark.parametrize(
    ("locale", "translation", "found"),
    [
        ("de", LANGUAGES["de"], False),
        ("de", "Ruhen Sie.", True),
        ("de", LANGUAGES["de"] * 3, True),
        ("zh_Hans", "治疗后请让腿休息几天，如果疼痛请致电我们。", False),
        ("zh_Hans", "请休息。", True),
        ("ja", "治療後数日間は足を休め、痛む場合はお電話ください。", False),
    ],
)
def test_a_text_far_shorter_or_longer_than_usual_is_found(locale: str, translation: str, found: bool) -> None:
    assert is_found("T117", locale, REST, translation) == found


REPEATED = [
    ("de", "Rest your your leg.", "Ruhen Sie Ihr Ihr Bein aus.", False),  # as the source
    ("de", "Rest your leg.", "Schonen Sie Ihr linkes linkes Bein.", True),
    ("de", "Those who touch it, wash.", "Die, die die Wunde berühren, waschen sich.", False),
    ("fr", "You rest.", "Vous vous reposez.", False),
    ("fr", "Your leg", "Votre jambe jambe", True),
    ("ru", "A little warm", "Чуть чуть тёплый", False),
    ("ru", "Your leg", "Ваша нога нога", True),
    ("ar", "Your leg", "ساقك ساقك", True),
    ("vi", "Breathe slowly.", "Thở từ từ từ từ.", False),
    ("hi", "Walk slowly.", "धीरे धीरे चलें।", False),
    ("bn", "Walk slowly.", "ধীরে ধীরে হাঁটুন।", False),
    ("tr", "Walk slowly.", "Yavaş yavaş yürüyün.", False),
    ("id", "Slowly", "Pelan pelan", False),
]


@pytest.mark.parametrize(("locale", "source", "translation", "found"), REPEATED)
def test_a_word_stands_twice_only_where_a_language_doubles_words(
    locale: str, source: str, translation: str, found: bool
) -> None:
    assert is_found("T118", locale, source, translation) == found


BRACKETS = [
    ("de", "Stockings (tights)", "Strümpfe (Strumpfhosen)", []),
    ("zh_Hans", "Stockings (tights)", "长袜（连裤袜）", []),
    ("zh_Hans", "Stockings (tights)", "长袜（连裤袜)", []),
    ("de", "Stockings (tights)", "Strümpfe (Strumpfhosen", ["warning"]),
    ("de", "Stockings (tights)", "Strümpfe, Strumpfhosen", ["note"]),
    ("de", "a) Rest", "a) Ruhe", []),
    ("de", "Rest :-)", "Ruhe :-)", []),
    ("ar", "Stockings (tights)", "جوارب (طويلة)", []),
]


@pytest.mark.parametrize(("locale", "source", "translation", "found"), BRACKETS)
def test_brackets_come_in_pairs(locale: str, source: str, translation: str, found: list[str]) -> None:
    assert severities("T119", a_subject(locale, source, translation)) == found


END_MARKS = [
    ("de", "Rest now.", "Ruhen Sie jetzt.", []),
    ("zh_Hans", "Rest now.", "现在休息。", []),
    ("hi", "Rest now.", "अब आराम करें।", []),
    ("bn", "Rest now.", "এখন বিশ্রাম নিন।", []),
    ("ur", "Rest now.", "ابھی آرام کریں۔", []),
    ("ar", "Any questions?", "هل لديك أسئلة؟", []),
    ("el", "Any questions?", "Έχετε ερωτήσεις;", []),
    ("ja", "Any questions?", "ご質問は？", []),
    ("de", "Any questions?", "Fragen.", ["warning"]),
    ("de", "Rest now.", "Ruhen Sie jetzt", ["note"]),
    ("de", "Rest", "Ruhe.", ["note"]),
    ("de", "Rest:", "Ruhe:", []),
    ("th", "Rest now.", "พักผ่อนตอนนี้", []),
    ("de", "Rest. [@nice]", "Ruhe. [@nice]", []),
    ("de", "Rest ...", "Ruhe …", []),
]


@pytest.mark.parametrize(("locale", "source", "translation", "found"), END_MARKS)
def test_a_text_ends_with_its_languages_mark(locale: str, source: str, translation: str, found: list[str]) -> None:
    assert severities("T120", a_subject(locale, source, translation)) == found


@pytest.mark.parametrize(
    ("source", "translation", "found"),
    [("Rest", "Ruhe", False), ("Rest ", "Ruhe ", False), ("Rest ", "Ruhe", True), ("Rest", "\nRuhe", True)],
)
def test_spaces_at_the_ends_are_those_of_the_source(source: str, translation: str, found: bool) -> None:
    assert is_found("T121", "de", source, translation, HTML) == found


# T122 to T124, characters --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("translation", "found"),
    [
        ("اتصل على \u2066112\u2069 الآن", False),
        ("اتصل على \u202a112\u202c الآن", False),
        ("اتصل على 112\u200f الآن", False),
        ("اتصل على \u2066112 الآن", True),
        ("اتصل على 112\u2069 الآن", True),
        ("اتصل على \u2066112\u202c الآن", True),
        ("اتصل على \u202e112 الآن", True),
    ],
)
def test_a_directional_control_is_closed(translation: str, found: bool) -> None:
    assert is_found("T122", "ar", "Call 112 now", translation) == found


@pytest.mark.parametrize(
    ("locale", "translation", "found"),
    [
        ("de", "Ru\u200bhe", True),
        ("de", "Ru\u00adhe", True),
        ("de", "\ufeffRuhe", True),
        ("de", "Ru\u200dhe", True),
        ("de", "Ruhe \ue000", True),
        ("de", "Ruhe\u00a0jetzt", False),
        ("fa", "می\u200cخواهم", False),
        ("hi", "क्\u200dष", False),
        ("th", "พัก\u200bผ่อน", False),
        ("de", "Ruhe 👩\u200d⚕️", False),
    ],
)
def test_a_character_that_nobody_sees_is_found_where_it_has_no_meaning(
    locale: str, translation: str, found: bool
) -> None:
    assert is_found("T123", locale, "Rest", translation) == found


@pytest.mark.parametrize(
    ("locale", "translation", "found"),
    [
        ("ru", "Нога", False),
        ("ru", "Нoга", True),
        ("uk", "Cпокій", True),
        ("de", "Ruhе", True),
        ("ru", "УЗИ-scan", False),
        ("ru", "Витамин B", False),
    ],
)
def test_a_word_has_letters_of_one_script(locale: str, translation: str, found: bool) -> None:
    assert is_found("T124", locale, "Leg", translation) == found


# T125, T131 and T132, words ------------------------------------------------------------------------------------------


def test_one_source_in_two_translations_is_a_note() -> None:
    first, same, other = (a_subject("de", "Rest.", text) for text in ("Ruhen Sie.", "Ruhen Sie.", "Schonen Sie sich."))
    found = inconsistent([first, same, other])
    assert [finding.severity for finding in found[id(other)]] == ["note"]
    assert found.keys() == {id(other)}


def test_a_fuzzy_translation_is_compared_with_none() -> None:
    subjects = [a_subject("de", "Rest.", "Ruhen Sie."), a_subject("de", "Rest.", "Schonen Sie sich.", fuzzy=True)]
    assert inconsistent(subjects) == {}


@pytest.mark.parametrize(
    ("translation", "found"),
    [
        ("Die Vene wird verschlossen.", set()),
        ("Die Venen werden verschlossen.", set()),
        ("Die Ader wird verschlossen.", {"T131", "T132"}),
        ("Das Gefäß wird verschlossen.", {"T131"}),
    ],
)
def test_a_term_is_translated_as_the_glossary_says(translation: str, found: set[str]) -> None:
    glossary = Glossary(Path("glossary.csv"), (Term("vein", "Vene", ("Venen",), ("Ader",)),), Locale("de"), EN)
    subject = a_subject("de", "The vein is closed.", translation)
    assert {finding.code for finding in check_subject(subject, glossary)} == found


# T126, plural forms of a foreign catalog -----------------------------------------------------------------------------

RUSSIAN = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"


def codes_of_file(locale: str, header: str, *forms: str) -> list[str]:
    plural = f'"Plural-Forms: {header}\\n"\n' if header else ""
    strings = "\n".join(f'msgstr[{number}] "{form}"' for number, form in enumerate(forms))
    text = f'msgid ""\nmsgstr ""\n{plural}\n#, c-format\nmsgid "%d day"\nmsgid_plural "%d days"\n{strings}\n'
    document = parse_document(text, Path("x.po"))
    return [finding.code for checked in check_file(document, Locale(locale), EN) for finding in checked.findings]


@pytest.mark.parametrize(
    ("locale", "header", "forms", "found"),
    [
        ("ru", RUSSIAN, ("%d день", "%d дня", "%d дней"), False),
        ("ru", RUSSIAN, ("%d день", "%d дней"), True),
        ("ru", RUSSIAN, ("%d день", "%d дня", "%d дней", "%d дня"), True),
        ("de", "nplurals=2; plural=(n != 1);", ("%d Tag", "%d Tage"), False),
        ("de", "nplurals=2; plural=(n != 1);", ("%d Tage",), True),
        ("ja", "nplurals=1; plural=0;", ("%d日",), False),
        ("ja", "", ("%d日",), False),
        ("ja", "", ("%d日", "%d日"), True),
        ("tr", "nplurals=2; plural=(n > 1);", ("%d gün", "%d gün"), False),
    ],
)
def test_an_entry_has_as_many_plural_forms_as_its_catalog_asks_for(
    locale: str, header: str, forms: tuple[str, ...], found: bool
) -> None:
    assert ("T126" in codes_of_file(locale, header, *forms)) == found


def test_each_plural_form_is_checked() -> None:
    assert "T110" in codes_of_file("ru", RUSSIAN, "%d день", "%d недели", "%d дней")
    assert "T103" in codes_of_file("ru", RUSSIAN, "%d день", "%d дня", "%s дней")


# T151 and T152, waivers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "translation", "found"),
    [
        (" polyleaf: allow T112 the verb says it", "Lassen Sie das Auto stehen.", []),
        (" polyleaf: allow t112: the verb says it", "Lassen Sie das Auto stehen.", []),
        (" a note", "Lassen Sie das Auto stehen.", ["T112"]),
        (" polyleaf: allow T112", "Lassen Sie das Auto stehen.", ["T112", "T151"]),
        (" polyleaf: allow T112 ...", "Lassen Sie das Auto stehen.", ["T112", "T151"]),
        (" polyleaf: allow the verb says it", "Lassen Sie das Auto stehen.", ["T112", "T151"]),
        (" polyleaf: allow T105 the verb says it", "Lassen Sie das Auto stehen.", ["T112", "T152"]),
        (" polyleaf: allow T112 the verb says it", "Fahren Sie nicht Auto.", ["T152"]),
        (" polyleaf: allow T101 later", "", ["T101", "T151"]),
    ],
)
def test_a_waiver_needs_a_code_a_reason_and_something_to_waive(
    comment: str, translation: str, found: list[str]
) -> None:
    subject = a_subject("de", "Do not drive.", translation, context="aftercare", comments=(comment,))
    assert [finding.code for finding in examine(subject)] == found


def test_a_waived_error_does_not_keep_a_translation_from_being_published() -> None:
    lost, comment = "Lassen Sie das Auto stehen.", " polyleaf: allow T112 the verb says it"
    assert verify(a_subject("de", "Do not drive.", lost, context="aftercare", comments=(comment,))) == ()


def test_nothing_waives_a_fuzzy_translation() -> None:
    subject = a_subject("de", "Rest.", "Ruhe.", fuzzy=True, comments=(" polyleaf: allow T102 looked at",))
    assert [finding.code for finding in verify(subject)] == ["T102"]
