"""Glossaries: their file, what they find in a text and its translation, and what they take from termbases."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel import Locale
from conftest import Project

from polyleaf.errors import PolyleafError
from polyleaf.translation import tbx
from polyleaf.translation.glossary import Glossary, Term, glossary_of, load_glossary, merged, written
from polyleaf.translation.pair import Pair, Syntax, Text
from polyleaf.translation.tbx import Termbase, read_tbx

EN, DE = Locale("en"), Locale("de")
HEADER = "term,translation,forms,forbidden,note\n"


def a_glossary(folder: Path, text: str | bytes, locale: Locale = DE) -> Glossary:
    path = folder / "glossary.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_glossary(path, locale, EN)


def refused(folder: Path, text: str | bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(PolyleafError) as error:
        a_glossary(folder, text)
    assert all(problem.file == folder / "glossary.csv" and problem.hint for problem in error.value.problems)
    return [(problem.line, problem.message) for problem in error.value.problems]


def a_pair(source: str, target: str, locale: Locale = DE) -> Pair:
    return Pair(Text(source, EN, Syntax()), Text(target, locale, Syntax()))


# Its file ------------------------------------------------------------------------------------------------------------


def test_a_row_has_a_term_its_translation_forms_forbidden_words_and_a_note(tmp_path: Path) -> None:
    found = a_glossary(tmp_path, HEADER + "vein, Vene , Venen | Vene* ,Ader|,not an artery\n")
    assert found.terms == (Term("vein", "Vene", ("Venen", "Vene*"), ("Ader",), "not an artery", 2),)


def test_columns_may_stand_in_any_order_and_be_left_out(tmp_path: Path) -> None:
    assert a_glossary(tmp_path, "Translation,TERM\nVene,vein\n").terms == (Term("vein", "Vene", line=2),)


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_glossary_that_excel_saved_is_read(tmp_path: Path, start: bytes, end: str) -> None:
    text = f'term,translation,note{end}vein,Vene,"blue, ""thin"""{end}leg,Bein,{end}'
    vein, leg = a_glossary(tmp_path, start + text.encode()).terms
    assert (vein.translation, vein.note) == ("Vene", 'blue, "thin"')
    assert (leg.translation, leg.line) == ("Bein", 3)


def test_a_column_that_is_missing_or_unknown_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, "term,notes\nvein,blue\n") == [
        (1, "the glossary has no column 'translation'"),
        (1, "unknown column 'notes'"),
    ]
    assert [line for line, _ in refused(tmp_path, "")] == [1, 1]


def test_every_wrong_row_is_reported_at_once(tmp_path: Path) -> None:
    text = HEADER + "vein,Vene\nleg,,,,a limb\nVEIN,Ader\nfoot,Fuß,,,below, the ankle\n"
    assert refused(tmp_path, text) == [
        (3, "the row of 'leg' says nothing"),
        (4, "'VEIN' is there twice"),
        (5, "the row has more cells than there are columns"),
    ]


def test_a_quote_that_is_not_closed_swallows_no_rows(tmp_path: Path) -> None:
    found = refused(tmp_path, HEADER + 'vein,Vene\nleg,"Bein\nfoot,Fuß\n')
    assert found == [(3, "this is no row of a CSV file: unexpected end of data")]


def test_a_cell_that_is_absurdly_long_is_refused(tmp_path: Path) -> None:
    ((line, message),) = refused(tmp_path, HEADER + "vein," + "V" * 200_000 + "\n")
    assert line == 2
    assert "field larger than field limit" in message


def test_a_glossary_is_that_of_the_first_locale_that_has_one(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    a_glossary(tmp_path / "de", HEADER + "vein,Vene\n")
    found = glossary_of(tmp_path, ["de_AT", "de"], Locale("de", "AT"), EN)
    assert found is not None
    assert found.path == tmp_path / "de/glossary.csv"
    assert glossary_of(tmp_path, ["fr"], Locale("fr"), EN) is None


def test_what_is_written_reads_the_same(tmp_path: Path) -> None:
    terms = (
        Term("vein", "Vene", ("Venen", "Vene*"), ("Ader",), 'blue, "thin"\nand soft', 2),
        Term("", "", (), ("Krampfaderleiden",), "", 4),
    )
    data = written(terms)
    assert data.startswith(HEADER.encode())
    assert b"\r" not in data
    assert [term.line for term in terms] == [2, 4]
    assert written(a_glossary(tmp_path, data).terms) == data


# What it finds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["A vein.", "Two veins", "The Vein’s wall", "the vein's wall"])
def test_a_term_is_found_in_its_plural_and_possessive(tmp_path: Path, text: str) -> None:
    glossary = a_glossary(tmp_path, HEADER + "vein,Vene\n")
    assert [term.term for term in glossary.terms_in(text)] == ["vein"]
    assert glossary.terms_in("Veinlet") == []


def test_a_longer_term_hides_those_that_it_contains(tmp_path: Path) -> None:
    glossary = a_glossary(tmp_path, HEADER + "vein,Vene\nvaricose vein,Krampfader,Krampfadern\n")
    assert [term.term for term in glossary.terms_in("Varicose veins are veins.")] == ["varicose vein", "vein"]
    assert list(glossary.unused(a_pair("Varicose veins hurt.", "Krampfadern schmerzen."))) == []


def test_a_term_whose_translation_is_not_used_is_found_with_its_place(tmp_path: Path) -> None:
    glossary = a_glossary(tmp_path, HEADER + "vein,Vene,Venen,,\n")
    ((term, place),) = glossary.unused(a_pair("Your vein is blue.", "Ihre Ader ist blau."))
    assert (term.translation, place) == ("Vene", (5, 9))
    assert term.hint == 'write "Vene"'
    assert list(glossary.unused(a_pair("Your veins are blue.", "Ihre VENEN sind blau."))) == []


def test_wildcards_stand_for_any_letters(tmp_path: Path) -> None:
    glossary = a_glossary(tmp_path, HEADER + "vein,Vene,*vene|*venen*,,\n")
    for target in ("Hautvene", "Beinvenen", "Venenwand"):
        assert list(glossary.unused(a_pair("vein", target))) == []
    assert len(list(glossary.unused(a_pair("vein", "Venedig")))) == 1


def test_a_translation_in_chinese_is_found_between_other_characters(tmp_path: Path) -> None:
    glossary = a_glossary(tmp_path, HEADER + "varicose vein,静脉曲张,,曲张静脉,\n", Locale("zh", script="Hans"))
    assert list(glossary.unused(a_pair("Varicose veins", "下肢静脉曲张患者", glossary.locale))) == []
    ((term, match),) = glossary.forbidden(a_pair("Varicose veins", "下肢曲张静脉", glossary.locale))
    assert (term.term, match.start, match.end) == ("varicose vein", 2, 6)


@pytest.mark.parametrize("target", ["وريد", "الوريد", "والوريد", "بالوريد", "للوريد", "الوَرِيد"])
def test_a_translation_in_arabic_is_found_with_its_article_particles_and_vowels(tmp_path: Path, target: str) -> None:
    glossary = a_glossary(tmp_path, HEADER + "vein,وريد\n", Locale("ar"))
    assert list(glossary.unused(a_pair("the vein", f"{target} هنا", glossary.locale))) == []


def test_words_are_forbidden_only_where_their_term_is(tmp_path: Path) -> None:
    glossary = a_glossary(tmp_path, HEADER + "vein,Vene,,Ader*,\n")
    ((term, match),) = glossary.forbidden(a_pair("Two veins", "Zwei Adern"))
    assert (term.term, match.start, match.end) == ("vein", 5, 10)
    assert list(glossary.forbidden(a_pair("Two arteries", "Zwei Adern"))) == []


def test_a_word_is_not_forbidden_where_it_translates_another_term_of_the_source(tmp_path: Path) -> None:
    rows = "spider vein,Besenreiser,,Krampfader*,\nvaricose vein,Krampfader,Krampfadern,,\n"
    glossary = a_glossary(tmp_path, HEADER + rows)
    both = a_pair("Spider veins are no varicose veins.", "Besenreiser sind keine Krampfadern.")
    assert list(glossary.forbidden(both)) == []
    assert len(list(glossary.forbidden(a_pair("Spider veins", "Krampfadern")))) == 1


def test_words_of_a_row_without_a_term_are_forbidden_everywhere(tmp_path: Path) -> None:
    glossary = a_glossary(tmp_path, HEADER + ",,,Kunde|Kunden,call them patients\n")
    ((term, _),) = glossary.forbidden(a_pair("You", "Unsere Kunden"))
    assert term.hint == "write it with another word (call them patients)"


def test_placeholders_and_citations_hold_no_terms(tmp_path: Path) -> None:
    glossary = a_glossary(tmp_path, HEADER + "vein,Vene,,Ader,\n")
    pair = a_pair("{vein} [@vein]", "{Ader}")
    assert [*glossary.unused(pair), *glossary.forbidden(pair)] == []


# Termbases -----------------------------------------------------------------------------------------------------------

DCA = """\
<?xml version="1.0" encoding="UTF-8"?>
<tbx style="dca" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
 <tbxHeader><fileDesc><sourceDesc><p>Vascular terms</p></sourceDesc></fileDesc></tbxHeader>
 <text><body>
  <conceptEntry id="c1">
   <descrip type="subjectField">surgery</descrip>
   <transacGrp><transac type="transactionType">modification</transac><note>imported by the agency</note></transacGrp>
   <descripGrp><descrip type="definition">a vein that is wide and winding</descrip></descripGrp>
   <langSec xml:lang="en-GB">
    <termSec><term>varicose vein</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></termSec>
    <termSec><term>varix</term></termSec>
    <termSec><term>vein knot</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>
   </langSec>
   <langSec xml:lang="de">
    <termSec><term>Varize</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></termSec>
    <termSec>
     <term>Krampfader</term>
     <termNoteGrp>
      <termNote type="administrativeStatus">
       preferredTerm-admn-sts
      </termNote>
     </termNoteGrp>
    </termSec>
    <termSec><term>Aderknoten</term><termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></termSec>
   </langSec>
  </conceptEntry>
  <conceptEntry id="c2">
   <langSec xml:lang="en"><termSec><term>foam</term></termSec></langSec>
   <langSec xml:lang="fr"><termSec><term>mousse</term></termSec></langSec>
  </conceptEntry>
 </body></text>
</tbx>
"""

DCT = """\
<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
  xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
 <text><body>
  <conceptEntry id="c1">
   <langSec xml:lang="en"><termSec><term>varicose vein</term></termSec></langSec>
   <langSec xml:lang="de">
    <basic:definition>erweiterte Vene</basic:definition>
    <termSec><term>Aderknoten</term><min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec>
    <termSec>
     <term>Krampfader</term>
     <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus>
     <note>im Gespräch</note>
    </termSec>
   </langSec>
  </conceptEntry>
 </body></text>
</tbx>
"""

MARTIF = """\
<martif type="TBX" xml:lang="en">
 <text><body>
  <termEntry id="c1">
   <langSet xml:lang="EN"><tig><term>varicose vein</term></tig></langSet>
   <langSet xml:lang="de-DE">
    <ntig><termGrp><term>Varize</term>
     <termNote type="normativeAuthorization">admittedTerm</termNote></termGrp></ntig>
    <tig><term>Krampf<hi type="x">ader</hi></term><termNote type="administrativeStatus">preferredTerm</termNote></tig>
    <ntig><termGrp><term>Aderknoten</term>
     <termNote type="administrativeStatus">deprecatedTerm</termNote></termGrp></ntig>
   </langSet>
  </termEntry>
 </body></text>
</martif>
"""


def a_termbase(folder: Path, text: str | bytes, target: Locale = DE, source: Locale = EN) -> Termbase:
    path = folder / "terms.tbx"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_tbx(path, source, target)


def refused_termbase(folder: Path, text: str | bytes, target: Locale = DE) -> list[tuple[int | None, str]]:
    with pytest.raises(PolyleafError) as error:
        a_termbase(folder, text, target)
    assert all(problem.file == folder / "terms.tbx" and problem.hint for problem in error.value.problems)
    return [(problem.line, problem.message) for problem in error.value.problems]


def concept(*sections: tuple[str, str]) -> str:
    """A concept with a section for each language and term; a term may begin with the status `-` for deprecated."""
    text = ""
    for language, term in sections:
        status = "deprecatedTerm-admn-sts" if term.startswith("-") else "admittedTerm-admn-sts"
        note = f'<termNote type="administrativeStatus">{status}</termNote>'
        text += f'<langSec xml:lang="{language}"><termSec><term>{term.lstrip("-")}</term>{note}</termSec></langSec>'
    return f"<conceptEntry>{text}</conceptEntry>\n"


def tbx_of(*concepts: str) -> str:
    return f"<tbx>\n<text><body>\n{''.join(concepts)}</body></text></tbx>"


def test_a_termbase_in_style_dca_gives_translations_forms_and_forbidden_words(tmp_path: Path) -> None:
    found = a_termbase(tmp_path, DCA)
    definition = "a vein that is wide and winding"
    assert found.terms == (
        Term("varicose vein", "Krampfader", ("Varize",), ("Aderknoten",), definition, 10),
        Term("varix", "Krampfader", ("Varize",), ("Aderknoten",), definition, 11),
    )
    assert found.skipped == 1


def test_a_termbase_in_style_dct_says_the_same_with_elements(tmp_path: Path) -> None:
    (term,) = a_termbase(tmp_path, DCT).terms
    assert term == Term("varicose vein", "Krampfader", (), ("Aderknoten",), "im Gespräch", 5)


def test_a_termbase_of_version_2_is_read_with_and_without_groups(tmp_path: Path) -> None:
    (term,) = a_termbase(tmp_path, MARTIF).terms
    assert term == Term("varicose vein", "Krampfader", ("Varize",), ("Aderknoten",), "", 4)


def test_a_termbase_in_utf_16_is_read(tmp_path: Path) -> None:
    text = DCA.replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert a_termbase(tmp_path, text.encode("utf-16")).terms == a_termbase(tmp_path, DCA).terms


@pytest.mark.parametrize(
    ("languages", "locale", "taken"),
    [
        (("pt", "pt-BR", "pt-PT"), "pt_BR", "pt-BR"),
        (("pt-PT", "pt"), "pt_BR", "pt"),
        (("pt-PT",), "pt_BR", "pt-PT"),
        (("de-AT", "de"), "de", "de"),
        (("DE_ch",), "de", "DE_ch"),
        (("zh-TW", "zh-CN"), "zh_Hans", "zh-CN"),
        (("zh-Hans", "zh"), "zh_Hans", "zh-Hans"),
        (("sr-Latn", "sr"), "sr", "sr"),
        (("no",), "nb", "no"),
        (("x-none", "mul", "de-1901-XX"), "de", "de-1901-XX"),
    ],
)
def test_the_nearest_language_of_a_file_is_taken(
    tmp_path: Path, languages: tuple[str, ...], locale: str, taken: str
) -> None:
    text = tbx_of(concept(("en-GB", "vein"), *((language, f"word {language}") for language in languages)))
    (term,) = a_termbase(tmp_path, text, Locale.parse(locale)).terms
    assert (term.translation, term.forms) == (f"word {taken}", ())


def test_another_script_is_another_language(tmp_path: Path) -> None:
    text = tbx_of(concept(("en", "vein"), ("zh-Hant", "靜脈")))
    ((line, message),) = refused_termbase(tmp_path, text, Locale("zh", script="Hans"))
    assert line is None
    assert message.endswith("both en and zh_Hans: its languages are en (1), zh-Hant (1)")


def test_languages_that_a_file_lacks_are_an_error_that_names_those_it_has(tmp_path: Path) -> None:
    ((_, message),) = refused_termbase(tmp_path, DCA, Locale("pl"))
    assert message == (
        "no concept has a term to use in both en and pl: its languages are de (1), en (1), en-GB (1), fr (1)"
    )
    assert refused_termbase(tmp_path, tbx_of())[0][1].endswith("it has no concepts")


def test_a_term_of_which_only_wrong_translations_are_known_forbids_them(tmp_path: Path) -> None:
    (term,) = a_termbase(tmp_path, tbx_of(concept(("en", "vein"), ("de", "-Ader")))).terms
    assert (term.translation, term.forbidden) == ("", ("Ader",))


def test_a_term_of_two_concepts_may_be_translated_as_either(tmp_path: Path) -> None:
    text = tbx_of(
        concept(("en", "stocking"), ("de", "Strumpf"), ("de", "-Socke"), ("de", "-Vorrat")),
        concept(("en", "Stocking"), ("de", "Vorrat")),
    )
    (term,) = a_termbase(tmp_path, text).terms
    assert (term.translation, term.forms, term.forbidden) == ("Strumpf", ("Vorrat",), ("Socke",))


def test_a_word_that_differs_from_the_translation_in_capitals_is_not_forbidden(tmp_path: Path) -> None:
    (term,) = a_termbase(tmp_path, tbx_of(concept(("en", "vein"), ("de", "-vene"), ("de", "Vene")))).terms
    assert (term.translation, term.forbidden) == ("Vene", ())


def test_terms_that_a_glossary_cannot_hold_are_reported_at_once(tmp_path: Path) -> None:
    text = tbx_of(
        concept(("en", "vein"), ("de", "Ve|ne")),
        concept(("en", "leg"), ("de", "\u202eBein")),
        concept(("en", "foot"), ("de", "Fuß"), ("fr", "pi|ed")),
    )
    assert refused_termbase(tmp_path, text) == [
        (3, "the term 'Ve|ne' has a \"|\""),
        (4, "U+202E (RIGHT-TO-LEFT OVERRIDE) does not belong in a text"),
    ]


@pytest.mark.parametrize(
    "subset",
    [
        "[<!ENTITY x SYSTEM 'file:///etc/passwd'>]",
        "[<!ENTITY a 'ha'><!ENTITY x '&a;&a;&a;&a;'>]",
        "[<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x.dtd'> %x;]",
        "SYSTEM 'TBXcoreStructV02.dtd'",
    ],
)
def test_a_document_type_is_refused_and_no_entity_is_read(tmp_path: Path, subset: str) -> None:
    text = f'<?xml version="1.0"?>\n<!DOCTYPE martif {subset}>\n' + MARTIF.replace("varicose", "&x;")
    ((line, message),) = refused_termbase(tmp_path, text)
    assert line == 2
    assert message.startswith("a document type (<!DOCTYPE>) is not read")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (DCA.replace("</langSec>", "", 1), 26, "mismatched tag"),
        (DCA[: DCA.index("varix")], 11, "no element found"),
        (DCA.replace("varix", "&varix;"), 11, "undefined entity"),
        ("", 1, "no element found"),
        ("term,translation\n", 1, "syntax error"),
        (DCA.encode("utf-8").replace(b"varix", b"v\xffrix"), 11, "invalid token"),
        (DCA.replace("UTF-8", "klingon"), 1, "encoding"),
        (DCA.replace("UTF-8", "shift_jis"), 1, "multi-byte encodings"),
        ("<html>\n</html>", 1, "this is no TBX: it begins with <html>"),
        ("<tbx>" * 200, 1, "more than 100 levels"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, text: str | bytes, line: int, said: str) -> None:
    ((where, message),) = refused_termbase(tmp_path, text)
    assert where == line
    assert said in message


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tbx.LARGEST == 50_000_000
    monkeypatch.setattr(tbx, "LARGEST", 1_000_000)
    assert refused_termbase(tmp_path, " " * 1_000_001) == [(None, "the file is larger than 1 MB")]


# Merging -------------------------------------------------------------------------------------------------------------

FILE = Path("terms.tbx")


def conflicts(old: Term, new: Term) -> str:
    with pytest.raises(PolyleafError) as error:
        merged([old], [new], FILE)
    (problem,) = error.value.problems
    assert problem.place == f"terms.tbx:{new.line}"
    return problem.message


def test_new_terms_come_after_those_that_are_there(tmp_path: Path) -> None:
    old = [Term("vein", "Vene", line=2), Term("", "", (), ("Kunde",), line=3)]
    new = [Term("leg", "Bein", ("Beine",), (), "a limb", 9)]
    assert merged(old, new, FILE) == (*old, *new)


def test_a_term_that_is_there_keeps_its_row_and_gains_forbidden_words() -> None:
    old = Term("Vein", "Vene", ("Venen",), ("Ader",), "ours", 2)
    new = Term("vein", "vene", ("Blutader",), ("ADER", "Blutgefäß"), "theirs", 9)
    assert merged([old], [new], FILE) == (Term("Vein", "Vene", ("Venen",), ("Ader", "Blutgefäß"), "ours", 2),)


def test_a_form_of_the_translation_is_no_conflict() -> None:
    old = Term("vein", "Vene", ("Venen",), line=2)
    assert merged([old], [Term("vein", "Venen", line=9)], FILE) == (old,)


def test_a_term_with_forbidden_words_alone_gains_its_translation() -> None:
    old = Term("vein", "", (), ("Ader",), line=2)
    new = Term("vein", "Vene", ("Venen", "Ader"), line=9)
    assert merged([old], [new], FILE) == (Term("vein", "Vene", ("Venen",), ("Ader",), line=2),)


def test_another_translation_is_a_conflict() -> None:
    said = conflicts(Term("vein", "Vene", line=2), Term("vein", "Ader", line=9))
    assert said == '\'vein\' is "Ader" here, and "Vene" on line 2 of the glossary'


def test_a_word_that_one_uses_and_the_other_forbids_is_a_conflict() -> None:
    said = conflicts(Term("vein", "Vene", ("Venen",), line=2), Term("vein", "Vene", (), ("venen",), line=9))
    assert said == "\"Venen\" for 'vein' is forbidden here, and in use on line 2 of the glossary"
    said = conflicts(Term("vein", "", (), ("Ader",), line=2), Term("vein", "Ader", line=9))
    assert said == "\"Ader\" for 'vein' is in use here, and forbidden on line 2 of the glossary"


def test_all_conflicts_are_reported_at_once() -> None:
    old = [Term("vein", "Vene", line=2), Term("leg", "Bein", line=3)]
    new = [Term("leg", "Keule", line=20), Term("vein", "Ader", line=9), Term("foot", "Fuß", line=30)]
    with pytest.raises(PolyleafError) as error:
        merged(old, new, FILE)
    assert [problem.line for problem in error.value.problems] == [9, 20]


# The command ---------------------------------------------------------------------------------------------------------

GLOSSARY = "locales/de/glossary.csv"


def test_a_termbase_begins_a_glossary(project: Project) -> None:
    path = project.write("terms.tbx", DCA)
    run = project.run("catalog", "glossary", str(path), "-l", "de")
    assert run.exit_code == 0, run.output
    assert run.stdout == ""
    assert run.stderr == f"{GLOSSARY}: 2 added (1 without a term in both languages skipped)\n"
    assert project.path(GLOSSARY).read_text(encoding="utf-8") == HEADER + (
        "varicose vein,Krampfader,Varize,Aderknoten,a vein that is wide and winding\n"
        "varix,Krampfader,Varize,Aderknoten,a vein that is wide and winding\n"
    )


def test_a_termbase_that_brings_nothing_leaves_a_glossary_to_the_last_byte(project: Project) -> None:
    path = project.write("terms.tbx", MARTIF)
    data = "\ufefftranslation,term,forbidden\r\nKrampfader,varicose vein,Aderknoten\r\n".encode()
    project.write(GLOSSARY, data)
    run = project.run("catalog", "glossary", str(path), "-l", "de")
    assert (run.exit_code, run.stderr) == (0, f"{GLOSSARY}: nothing to change\n")
    assert project.path(GLOSSARY).read_bytes() == data


def test_check_writes_nothing_and_says_what_is_to_write(project: Project) -> None:
    path = project.write("terms.tbx", MARTIF)
    project.write(GLOSSARY, HEADER + "varicose vein,Krampfader\n")
    run = project.run("catalog", "glossary", str(path), "-l", "de", "--check")
    assert (run.exit_code, run.stderr) == (1, f"{GLOSSARY}: 1 extended\n")
    assert project.path(GLOSSARY).read_text(encoding="utf-8") == HEADER + "varicose vein,Krampfader\n"
    assert project.run("catalog", "glossary", str(path), "-l", "de").exit_code == 0
    assert project.run("catalog", "glossary", str(path), "-l", "de", "--check").exit_code == 0


def test_a_conflict_writes_nothing(project: Project) -> None:
    path = project.write("terms.tbx", DCA)
    project.write(GLOSSARY, HEADER + "varix,Varixknoten\n")
    run = project.run("catalog", "glossary", str(path), "-l", "de")
    assert run.exit_code == 2
    assert "terms.tbx:11: " in run.stderr
    assert project.path(GLOSSARY).read_text(encoding="utf-8") == HEADER + "varix,Varixknoten\n"


@pytest.mark.parametrize(
    ("locale", "said"), [("dd", "unknown locale 'dd'"), ("en", "there is nothing to translate into en")]
)
def test_a_locale_that_is_not_translated_into_has_no_glossary(project: Project, locale: str, said: str) -> None:
    path = project.write("terms.tbx", DCA)
    run = project.run("catalog", "glossary", str(path), "-l", locale)
    assert run.exit_code == 2
    assert said in run.stderr
