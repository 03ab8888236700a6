"""`polyleaf preflight`: a good file passes, and each fault is found by the rule that is about it."""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pdfs
import pikepdf
import pytest
from click.testing import CliRunner, Result
from conftest import Project, bound_by_modes
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageCms, ImageMath

from polyleaf import preflight
from polyleaf.checks import rules
from polyleaf.cli import main
from polyleaf.preflight import Expectations, Expected
from polyleaf.preflight.apart import Apart
from polyleaf.preflight.completeness import bare, logical, missing, out_of_order, page_texts
from polyleaf.preflight.document import Document
from polyleaf.preflight.typeface import font_of


@dataclass(frozen=True)
class Fault:
    """A way to spoil a good file, and what is to be found then.

    `witness` is an independent program that finds the same: a command whose output has `word`, or `page-validation` or
    `pdfua`, whose rule has `word` in its name.
    """

    code: str
    spoil: Callable[[bytes], bytes]
    told: str = ""
    profile: str = "print"
    format: str = "a4"
    witness: tuple[str, ...] = ()
    word: str = ""


def change(edit: Callable[[Pdf], object], **options: object) -> Callable[[bytes], bytes]:
    return lambda data: pdfs.edited(data, edit, **options)


def drawn(text: str, **resources: Dictionary) -> Callable[[bytes], bytes]:
    """The file with more drawn on its first page, in points from the bottom left."""

    def edit(pdf: Pdf) -> None:
        page = pdf.pages[0]
        for kind, made in resources.items():
            held = resources_of(page, kind)
            for key, value in made.items():
                held[key] = pdf.make_indirect(value) if isinstance(value, Dictionary | Stream) else value
        begin, end = pdf.make_stream(b"q\n"), pdf.make_stream(b"\nQ\n" + text.encode("latin-1"))
        held_contents = page.Contents
        parts = list(held_contents) if isinstance(held_contents, Array) else [held_contents]
        page.Contents = Array([begin, *parts, end])

    return change(edit)


def resources_of(page: pikepdf.Page, kind: str) -> Dictionary:
    if f"/{kind}" not in page.Resources:
        page.Resources[f"/{kind}"] = Dictionary()
    return page.Resources[f"/{kind}"]


def first_page(edit: Callable[[pikepdf.Page], object]) -> Callable[[bytes], bytes]:
    return change(lambda pdf: edit(pdf.pages[0]))


def box(name: str, *millimetres: float) -> Callable[[bytes], bytes]:
    return first_page(lambda page: page.obj.__setitem__(name, Array([side * pdfs.MM for side in millimetres])))


def without(name: str) -> Callable[[bytes], bytes]:
    return first_page(lambda page: page.obj.__delitem__(name))


def root(edit: Callable[[Dictionary, Pdf], object]) -> Callable[[bytes], bytes]:
    return change(lambda pdf: edit(pdf.Root, pdf))


def with_image(width: int, height: int, across_mm: float, data: bytes, **entries: object) -> Callable[[bytes], bytes]:
    """An image in the middle of the page; `data` are its samples."""

    def spoil(file: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(file)) as pdf:
            image = pdf.make_stream(data, Subtype=Name.Image, Width=width, Height=height, **entries)
            size = across_mm * pdfs.MM
            placed = f"q {size:.2f} 0 0 {size * height / width:.2f} 200 400 cm /Fault Do Q"
            page = pdf.pages[0]
            resources_of(page, "XObject")["/Fault"] = image
            page.contents_add(pdf.make_stream(placed.encode()))
            page.contents_coalesce()
            out = io.BytesIO()
            pdf.save(out)
            return out.getvalue()

    return spoil


def text_in(size: float = 12, before: str = "0 0 0 1 k") -> str:
    """Text of the file's own body font, as an operator of it shows it already."""
    return f"{before} BT /{{font}} {size} Tf 200 400 Td <0035004800560057> Tj ET"


def set_text(size: float = 12, before: str = "0 0 0 1 k", **resources: Dictionary) -> Callable[[bytes], bytes]:
    def spoil(data: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            [name, *_] = pdf.pages[0].Resources.Font.keys()
        return drawn(text_in(size, before).format(font=name[1:]), **resources)(data)

    return spoil


def unembedded(pdf: Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        for key in ("/FontFile2", "/FontFile3"):
            if key in descriptor:
                del descriptor[key]


def without_characters(pdf: Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        del font.ToUnicode


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """The file with other operators on its first page."""

    def edit(pdf: Pdf) -> None:
        page = pdf.pages[0]
        content = page.Contents.read_bytes()
        assert old in content
        page.Contents = pdf.make_stream(content.replace(old, new))

    return change(edit)


def in_metadata(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def edit(pdf: Pdf) -> None:
        metadata = pdf.Root.Metadata.read_bytes()
        assert old in metadata
        pdf.Root.Metadata = pdf.make_stream(metadata.replace(old, new))

    return change(edit)


def profile_of(data: bytes, **entries: object) -> Callable[[bytes], bytes]:
    def edit(pdf: Pdf) -> None:
        pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(data, **entries)

    return change(edit)


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
BEEP = Dictionary(S=Name.JavaScript, JS="app.beep()")
RICH = "0.7 0.6 0.6 0.9 k"
WHITE_OVER = Dictionary(White=Dictionary(OP=True, op=True, OPM=1))
SPOT = Dictionary(Fault=Array([Name.Separation, Name("/HKS 13"), Name.DeviceCMYK, Dictionary(
    FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 1, 1, 0], N=1)]))  # fmt: skip
TOO_MUCH = bytes((255, 230, 230, 204))
PALETTE = Array([Name.Indexed, Name.DeviceCMYK, 0, pikepdf.String(TOO_MUCH)])

FAULTS = [
    Fault(
        "P202",
        change(lambda pdf: None, encryption=pikepdf.Encryption(owner="x", user="")),
        "encrypted",
        witness=("pdfinfo",),
        word="Encrypted:       yes",
    ),
    Fault("P203", root(lambda root, pdf: root.__setitem__("/OpenAction", BEEP)), "a script", "screen"),
    Fault(
        "P203",
        root(
            lambda root, pdf: root.__setitem__("/Names", Dictionary(JavaScript=Dictionary(Names=Array(["beep", BEEP]))))
        ),
        "a script",
        witness=("pdfinfo",),
        word="JavaScript:      yes",
    ),
    Fault(
        "P203",
        root(lambda root, pdf: root.__setitem__("/OpenAction", Dictionary(S=Name.Launch, F="calc.exe"))),
        "starts a program",
        profile="screen",
    ),
    Fault(
        "P204",
        change(lambda pdf: pdf.attachments.__setitem__("names.csv", b"a,b")),
        "a file is embedded",
        witness=("pdfdetach", "-list"),
        word="1 embedded files",
    ),
    Fault(
        "P205",
        lambda data: data.replace(b"startxref\n", b"startxref\n9"),
        "damaged",
        "screen",
        witness=("pdfinfo",),
        word="Syntax",
    ),
    Fault("P211", without("/TrimBox"), "no TrimBox"),
    Fault("P212", box("/TrimBox", -5, 0, 210, 297), "reaches beyond its BleedBox"),
    Fault("P212", box("/ArtBox", 0, 0, 210, 297), "a TrimBox and an ArtBox"),
    Fault("P212", box("/BleedBox", -9, -9, 219, 306), "reaches beyond its MediaBox"),
    Fault(
        "P213",
        box("/BleedBox", -1, -1, 211, 298),
        "1.0 mm of bleed",
        witness=("pdfinfo", "-box"),
        word="BleedBox:           -2.83",
    ),
    Fault(
        "P214",
        lambda data: data,
        "a5-booklet is 148 × 210",
        format="a5-booklet",
        witness=("pdfinfo",),
        word="612.283 x 858.898",
    ),
    Fault(
        "P215",
        first_page(lambda page: page.obj.__setitem__("/Rotate", 90)),
        "page 2 is 210 × 297 mm",
        witness=("pdfinfo",),
        word="Page rot:        90",
    ),
    Fault(
        "P216",
        change(lambda pdf: pdf.pages.append(pdf.pages[0])),
        "3 pages",
        witness=("pdfinfo",),
        word="Pages:           3",
    ),
    Fault("P217", drawn("0.5 0 0 0 k 0 300 100 100 re f"), "ends at the edge"),
    Fault("P218", set_text(before="0 0 0 1 k 1 0 0 1 -195 0 cm"), "near the edge"),
    Fault("P221", change(unembedded), "not embedded", witness=("pdffonts",), word="Identity-H       no"),
    Fault(
        "P222",
        replaced(b"<0057>", b"<0000>"),
        "no glyph",
        profile="screen",
        witness=("page-validation",),
        word="NOTDEF",
    ),
    Fault("P223", set_text(6), "type of 6.0 pt in Polyleaf-Latin"),
    Fault(
        "P231",
        with_image(100, 100, 25.4, bytes(40_000), ColorSpace=Name.DeviceCMYK, BitsPerComponent=8),
        "100 × 100 pixels has 100 ppi",
        witness=("pdfimages", "-list"),
        word="100   100",
    ),
    Fault(
        "P232",
        with_image(400, 400, 25.4, bytes(20_000), ImageMask=True, BitsPerComponent=1),
        "400 ppi",
        witness=("pdfimages", "-list"),
        word="400   400",
    ),
    Fault("P241", drawn("1 0 0 rg 200 400 50 50 re f"), "an area in DeviceRGB"),
    Fault(
        "P241",
        with_image(400, 400, 25.4, bytes(480_000), ColorSpace=Name.DeviceRGB, BitsPerComponent=8),
        "an image in DeviceRGB",
        witness=("pdfimages", "-list"),
        word="rgb",
    ),
    Fault("P242", drawn("/Fault cs 1 scn 200 400 50 50 re f", ColorSpace=SPOT), "HKS"),
    Fault("P243", drawn("1 0.9 0.9 0.8 k 200 400 50 50 re f"), "360 % of ink"),
    Fault(
        "P243",
        with_image(400, 400, 25.4, TOO_MUCH * 160_000, ColorSpace=Name.DeviceCMYK, BitsPerComponent=8),
        "an image takes 360 % of ink",
    ),
    Fault(
        "P243",
        with_image(400, 400, 25.4, bytes(160_000), ColorSpace=PALETTE, BitsPerComponent=8),
        "an image takes 360 % of ink",
    ),
    Fault("P244", set_text(before=RICH), "C70 M60 Y60 K90"),
    Fault("P245", drawn("/White gs 0 0 0 0 k 200 400 50 50 re f", ExtGState=WHITE_OVER), "white area overprints"),
    Fault("P246", drawn("0 0 0 1 K 0.1 w 200 400 m 300 400 l S"), "a line of 0.10 pt"),
    Fault("P246", drawn("0 0 0 1 K 0 w 200 400 m 300 400 l S"), "a line of 0.00 pt"),
    Fault("P246", drawn("0 0 0 1 k 200 400 90 0.1 re f"), "a line of 0.10 pt"),
    Fault("P247", first_page(lambda page: page.obj.Group.__setitem__("/CS", Name.DeviceRGB)), "in DeviceRGB"),
    Fault(
        "P247",
        lambda data: drawn("/Thin gs 0 0 0 1 k 200 400 50 50 re f", ExtGState=Dictionary(Thin=Dictionary(ca=0.5)))(
            without("/Group")(data)
        ),
        "an opacity below 1",
    ),
    Fault(
        "P248",
        with_image(400, 400, 25.4, bytes(320_000), ColorSpace=Name.DeviceCMYK, BitsPerComponent=4),
        "the ink of an image in DeviceCMYK could not be measured",
        witness=("pdfimages", "-list"),
        word="cmyk    4   4",
    ),
    Fault("P251", root(lambda root, pdf: root.__delitem__("/OutputIntents")), "no output intent"),
    Fault(
        "P252", root(lambda root, pdf: root.OutputIntents[0].__delitem__("/DestOutputProfile")), "no profile embedded"
    ),
    Fault("P253", profile_of(SRGB, N=3), "not that of an output device"),
    Fault("P253", profile_of(pdfs.PROFILE.read_bytes()[:5000], N=4), "cut off: 5,000 of"),
    Fault("P253", profile_of(b"no profile" * 50, N=4), "no ICC profile"),
    Fault("P255", root(lambda root, pdf: root.__delitem__("/Metadata")), "does not say that it is PDF/X"),
    Fault("P255", change(lambda pdf: pdf.trailer.Info.__delitem__("/Trapped")), "whether it is trapped"),
    Fault(
        "A104",
        root(lambda root, pdf: root.__delitem__("/StructTreeRoot")),
        "not tagged",
        "screen",
        witness=("pdfua",),
        word="UA-01",
    ),
    Fault(
        "A105",
        in_metadata(b"dc:title", b"dc:format"),
        "none in its metadata",
        "screen",
        witness=("page-validation",),
        word="TITLE",
    ),
    Fault(
        "A105",
        root(lambda root, pdf: root.__delitem__("/ViewerPreferences")),
        "does not show the title",
        "screen",
        witness=("pdfua",),
        word="UA-07-002",
    ),
    Fault(
        "A106",
        root(lambda root, pdf: root.__delitem__("/Lang")),
        "does not say its language",
        "screen",
        witness=("pdfua",),
        word="UA-06",
    ),
    Fault("A106", root(lambda root, pdf: root.__setitem__("/Lang", "the English one")), "is no language", "screen"),
    Fault(
        "A108", change(without_characters), "stand for no character", "screen", witness=("pdffonts",), word="yes yes no"
    ),
]


def ident(fault: Fault) -> str:
    return f"{fault.code} {fault.told}"


@pytest.mark.parametrize("profile", preflight.PROFILES)
def test_nothing_is_found_in_a_good_file(profile: preflight.Profile) -> None:
    looked = preflight.look_at(pdfs.good(profile), Expectations(format="a4"))
    assert (looked.findings, looked.profile, looked.pages) == ((), profile, 2)


@pytest.mark.parametrize("fault", FAULTS, ids=ident)
def test_a_fault_is_found_and_nothing_is_made_up_beside_it(fault: Fault) -> None:
    data = fault.spoil(pdfs.good(fault.profile))
    found = preflight.findings(data, Expectations(profile=fault.profile, format=fault.format))  # type: ignore[arg-type]
    messages = [finding.message for finding in found if finding.code == fault.code]
    assert any(fault.told in message for message in messages), [(f.code, f.message) for f in found]
    assert {finding.code for finding in found} <= {fault.code, *BESIDE.get(fault.code, ())}


BESIDE = {
    "P205": ("A101",),
    "P212": ("P213", "P214", "P215"),  # the page has another size then
    "P214": ("P216",),
    "P215": ("P214",),
    "P222": ("A108",),
}
"""What a fault brings with it by its nature."""


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.witness], ids=ident)
def test_an_independent_program_agrees(fault: Fault, tmp_path: Path) -> None:
    good, bad = pdfs.good(fault.profile), fault.spoil(pdfs.good(fault.profile))
    assert fault.word in said_by(fault.witness, bad, tmp_path)
    if good != bad:
        assert fault.word not in said_by(fault.witness, good, tmp_path)


def said_by(witness: tuple[str, ...], data: bytes, folder: Path) -> str:
    """What an independent program says of a file."""
    path = folder / "file.pdf"
    path.write_bytes(data)
    if witness == ("page-validation",):
        import page

        return " ".join(failure.rule_id for failure in page.validate_pdf_bytes(data, profile="ua1").failures)
    if witness == ("pdfua",):
        import pdfua

        return " ".join(finding.rule_id for finding in pdfua.validate(str(path)).findings)
    run = subprocess.run([witness[0], *witness[1:], str(path)], check=False, capture_output=True)
    return (run.stdout + run.stderr).decode("utf-8", "replace")


OVER_THE_LIMIT = [fault.spoil for fault in FAULTS if fault.code == "P243"]


@pytest.mark.parametrize("spoil", [lambda data: data, *OVER_THE_LIMIT])
def test_ghostscript_separates_as_much_ink(spoil: Callable[[bytes], bytes], tmp_path: Path) -> None:
    data = spoil(pdfs.good("print"))
    found = preflight.findings(data, Expectations(profile="print", ink_limit=160))
    told = [re.search(r"takes (\d+) % of ink", finding.message) for finding in found]
    assert max(int(of[1]) for of in told if of) == pytest.approx(separated(data, tmp_path), abs=1)


def separated(data: bytes, folder: Path) -> float:
    """The most ink that a pixel of the first page takes, in percent, as Ghostscript prints it."""
    source, plates = folder / "file.pdf", folder / "plates.tif"
    source.write_bytes(data)
    options = ["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiff32nc", "-r72", "-dLastPage=1"]
    subprocess.run(["gs", *options, f"-sOutputFile={plates}", source], check=True, capture_output=True)
    with Image.open(plates) as image:
        inks = dict(zip("cmyk", image.split(), strict=True))
        total = ImageMath.lambda_eval(lambda of: of["c"] + of["m"] + of["y"] + of["k"], **inks)
    return total.getextrema()[1] / 2.55


def test_every_rule_has_a_fault_that_it_finds() -> None:
    elsewhere = {"P201", "P206", "P254", "P261", "P262", "A101", "A102", "A103", "A107"}  # in the tests below
    assert {fault.code for fault in FAULTS} == {rule.code for rule in preflight.RULES} - elsewhere


@pytest.mark.parametrize("rule", preflight.RULES, ids=lambda rule: rule.code)
def test_every_rule_is_explained(rule: preflight.Rule) -> None:
    assert rules()[rule.code] == rule
    assert [part.partition(":")[0] for part in rule.text.split("\n\n")][-3:] == ["Why", "Instead", "Source"]


def test_the_rules_can_be_had_without_what_reads_pdfs() -> None:
    heavy = "{'pikepdf', 'PIL', 'page', 'pdfua', 'fontTools'}"
    code = f"import sys; from polyleaf.checks import rules; rules(); assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# What is agreed ------------------------------------------------------------------------------------------------------


def codes(data: bytes, **terms: object) -> set[str]:
    return {finding.code for finding in preflight.findings(data, Expectations(**terms))}  # type: ignore[arg-type]


@pytest.mark.parametrize(("condition", "found"), [("", set()), ("FOGRA51", {"P254"})])
def test_the_output_intent_is_for_the_agreed_condition(condition: str, found: set[str]) -> None:
    assert codes(pdfs.good("print"), profile="print", condition=condition) == found


def test_terms_can_be_other_ones() -> None:
    good = pdfs.good("print")
    assert codes(good, profile="print", bleed_mm=5) == {"P213"}
    assert codes(good, profile="print", hairline_pt=1) == {"P246"}
    assert codes(good, profile="print", ink_limit=150) == {"P243"}
    assert codes(good, profile="print", image_ppi=400) == {"P231"}
    spoiled = drawn("/Fault cs 1 scn 200 400 50 50 re f", ColorSpace=SPOT)(good)
    assert codes(spoiled, profile="print", spots=("HKS 13",)) == set()


def test_what_is_held_to_pdf_a_need_not_claim_it() -> None:
    assert codes(pdfs.good("screen")) == set()
    assert codes(pdfs.good("screen"), pdfa="2a") == {"A103"}


def test_a_claim_of_pdf_a_is_held_to() -> None:
    claimed = b"<pdfaid:part xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/'>2</pdfaid:part><pdfaid:conformance xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/'>A</pdfaid:conformance>"
    data = in_metadata(b"<dc:title>", claimed + b"<dc:title>")(pdfs.good("screen"))
    assert "A103" in codes(data)


def test_a_long_document_has_bookmarks() -> None:
    html = pdfs.SCREEN.replace("h2>", "p>").replace("h1>", "p>") + "<div>More.</div>" * 3
    found = preflight.findings(pdfs.set_screen(html), Expectations())
    assert [(finding.code, finding.severity) for finding in found] == [("A107", "warning")]


def test_a_table_whose_heads_belong_to_nothing_is_told_as_another_programs_finding() -> None:
    table = "<table><tr><th>Risk<th>How many<tr><td>Bruises<td>1 in 10</table><ul>"
    found = preflight.findings(pdfs.set_screen(**{"<ul>": table}), Expectations())
    assert any(finding.message.startswith(("pdfua, UA-15", "page-validation, PDF/UA-1")) for finding in found)
    assert {finding.code for finding in found} <= {"A101", "A102"}


def test_type_is_as_small_as_it_looks() -> None:
    """Noto Sans has an x-height of 0.536: 7.6 pt of it look as large as 9 pt Times."""
    assert codes(set_text(7.6)(pdfs.good("print")), profile="print") == set()
    assert codes(set_text(7.2)(pdfs.good("print")), profile="print") == {"P223"}


# What is made out ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "profile", "because"),
    [
        (lambda data: data, "print", "it says that it is PDF/X-4"),
        (in_metadata(b"GTS_PDFX", b"GTS_NONE"), "print", "its output intent is CMYK"),
        (lambda data: pdfs.good("screen"), "screen", "it is tagged"),
    ],
)
def test_the_profile_is_found_out(spoil: Callable[[bytes], bytes], profile: str, because: str) -> None:
    looked = preflight.look_at(spoil(pdfs.good("print")), Expectations())
    assert (looked.profile, looked.because) == (profile, because)


def test_a_finding_says_where_it_is() -> None:
    data = drawn(f"1 0 0 rg {20 * pdfs.MM} {297 * pdfs.MM - 60 * pdfs.MM} {30 * pdfs.MM} {10 * pdfs.MM} re f")(
        pdfs.good("print")
    )
    [finding] = preflight.findings(data, Expectations(profile="print"))
    assert finding.page == 1
    assert "page 1, 30 × 10 mm at 20 mm from the left and 50 mm from the top" in finding.message


def test_what_is_alike_on_a_page_is_told_once() -> None:
    data = drawn("1 0 0 rg 200 400 50 50 re f 300 400 50 50 re f 1 1 0 rg 400 400 50 50 re f")(pdfs.good("print"))
    [finding] = preflight.findings(data, Expectations(profile="print"))
    assert "and 2 more like it" in finding.message


def test_what_is_inside_of_forms_patterns_and_annotations_is_looked_at() -> None:
    def edit(pdf: Pdf) -> None:
        red = pdf.make_stream(b"1 0 0 rg 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
        outer = pdf.make_stream(b"/Red Do", Subtype=Name.Form, BBox=[0, 0, 9, 9], Matrix=[5, 0, 0, 5, 200, 400],
                                Resources=Dictionary(XObject=Dictionary(Red=red)))  # fmt: skip
        page = pdf.pages[0]
        resources_of(page, "XObject")["/Outer"] = outer
        tile = pdf.make_stream(b"0 1 0 rg 0 0 9 9 re f", PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 9, 9],
                               XStep=9, YStep=9, Resources=Dictionary())  # fmt: skip
        resources_of(page, "Pattern")["/Tile"] = tile
        page.contents_add(pdf.make_stream(b"q /Outer Do /Pattern cs /Tile scn 300 200 40 40 re f Q"))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[400, 100, 450, 150], AP=Dictionary(N=red))
        page.Annots = pdf.make_indirect(Array([pdf.make_indirect(note)]))

    with Document(pdfs.edited(pdfs.good("print"), edit)) as document:
        found = [mark.box for _, mark in document.marks if mark.colour.space.family == "RGB"]
    assert [(round(box.left), round(box.width)) for box in found] == [(200, 45), (300, 40), (400, 50)]


def test_a_form_leaves_the_state_of_the_page_as_it_was() -> None:
    def edit(pdf: Pdf) -> None:
        form = pdf.make_stream(b"Q Q 1 0 0 rg q q", Subtype=Name.Form, BBox=[0, 0, 99, 99])
        resources_of(pdf.pages[0], "XObject")["/Odd"] = form
        pdf.pages[0].contents_add(pdf.make_stream(b"q 0 1 0 0 k q /Odd Do 200 400 50 50 re f Q Q"))

    with Document(pdfs.edited(pdfs.good("print"), edit)) as document:
        *_, mark = document.pages[0].paint.marks
    assert str(mark.colour) == "C0 M100 Y0 K0"


@pytest.mark.parametrize("adobe", [False, True])
def test_the_ink_of_an_image_is_that_of_its_pixels(adobe: bool) -> None:
    """JPEGs of Photoshop hold CMYK the wrong way round, and PDFs say so by /Decode."""
    data = pdfs.jpeg(colour=(204, 204, 204, 204))
    assert (b"Adobe" in data) is True
    entries = {"Filter": Name.DCTDecode, "ColorSpace": Name.DeviceCMYK, "BitsPerComponent": 8}
    decode = {"Decode": Array([1, 0] * 4)} if adobe else {}
    found = preflight.findings(
        with_image(480, 480, 25.4, data, **entries, **decode)(pdfs.good("print")), Expectations(profile="print")
    )
    assert ["an image takes 320 % of ink" in finding.message for finding in found] == ([True] if adobe else [])


# The leaflet's texts -------------------------------------------------------------------------------------------------

TEXTS = [
    Expected("about", "Rest your knee for 2 to 3 days."),
    Expected("warning-signs", "if it swells"),
    Expected("warning-signs", "if it hurts"),
    Expected("follow-up", "Come back after two weeks."),
]


def test_every_text_of_the_leaflet_is_found_on_the_pages() -> None:
    assert preflight.findings(pdfs.good("screen"), Expectations(texts=TEXTS)) == ()


def test_a_text_that_is_lost_is_told() -> None:
    data = pdfs.set_screen(**{"Come back after two weeks.": "Come back after two"})
    [finding] = preflight.findings(data, Expectations(texts=TEXTS))
    assert (finding.code, finding.severity) == ("P261", "error")
    assert "'follow-up'" in finding.message
    assert "'Come back after two weeks.'" in finding.message


@pytest.mark.parametrize("style", ["position: absolute; left: -90mm", "color: red; position: absolute; top: 400mm"])
def test_a_text_outside_of_the_page_is_lost(style: str) -> None:
    data = pdfs.set_screen(**{"<p>Rest": f'<p style="{style}; width: 80mm">Rest'})
    assert codes(data, texts=tuple(TEXTS)) >= {"P261"}


def test_steps_in_another_order_are_told() -> None:
    data = pdfs.set_screen(**{"swells": "X", "hurts": "swells", "if it X": "if it hurts"})
    assert codes(data, texts=tuple(TEXTS)) == {"P262"}


def test_texts_are_compared_without_spaces_and_marks_that_nobody_sees() -> None:
    pages = ("Restyour", "knee.10–30")
    texts = [Expected("a", "Rest your\u00ad knee."), Expected("a", "\u206610\u2060–30\u2069"), Expected("a", "ﬁve")]
    assert [expected.text for expected in missing(pages, texts)] == ["ﬁve"]
    assert list(out_of_order("".join(pages), texts)) == []


@pytest.mark.parametrize(
    ("pages", "texts", "lost"),
    [
        (["Rest.Call us.", ""], ["Rest.", "Call us."], []),
        (["Rest. Call", "us."], ["Call us."], []),
        (["Rest. Call foot 1", "head us."], ["Call us."], []),
        (["Rest. Call", "head", "us."], ["Call us."], ["Call us."]),
        (["Call", "us."], ["Call us.", "us."], ["us."]),
        (["Rest."], ["Rest.", "Rest."], ["Rest."]),
        (["Rest. Rest."], ["Rest.", "Rest."], []),
        (["Rest the knee."], ["Rest the knee.", "knee."], ["knee."]),
        (["Rest the"], ["Rest the knee."], ["Rest the knee."]),
    ],
)
def test_a_text_is_there_in_full_or_it_is_lost(pages: list[str], texts: list[str], lost: list[str]) -> None:
    expected = [Expected("about", text) for text in texts]
    assert [each.text for each in missing([bare(page) for page in pages], expected)] == lost


def test_a_paragraph_may_go_on_below_the_head_of_the_next_page() -> None:
    long = " ".join(f"Step {number} of many." for number in range(300))
    style = "@top-center { content: 'Hill Clinic' } @bottom-center { content: 'Page ' counter(page) } margin: 30mm }"
    data = pdfs.set_screen(**{"margin: 15mm }": style, "<p>Rest": f"<p>{long}</p><p>Rest"})
    with Document(data) as document:
        texts = page_texts(document)
        assert list(missing(texts, [Expected("about", long), *TEXTS])) == []
        assert list(missing(texts, [Expected("about", f"{long} And more.")])) != []


def test_actual_text_stands_for_what_is_shown() -> None:
    data = replaced(b"/Span\n<</MCID 1>>\nBDC", b"/Span\n<</MCID 1 /ActualText (Ruhe)>>\nBDC")(pdfs.good("screen"))
    with Document(data) as document:
        assert "Ruhe" in page_texts(document)[0]
        assert "2to3days" not in page_texts(document)[0]


@pytest.mark.parametrize(
    ("in_form", "on_page"), [("EMC", ""), ("/Span BMC", ""), ("", "/Span <</MCID (one)>> BDC EMC")]
)
def test_marked_content_ends_where_it_began_whatever_stands_inside(in_form: str, on_page: str) -> None:
    def add_form(pdf: Pdf) -> None:
        form = pdf.make_stream(in_form.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 99, 99]))
        resources_of(pdf.pages[0], "XObject")["/Inner"] = form

    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    word = "BT /Simple 12 Tf 200 400 Td (xyz) Tj ET"
    text = f"/Span <</ActualText (seen)>> BDC /Inner Do {on_page} {word} EMC /Span <</ActualText (too)>> BDC {word} EMC"
    with Document(drawn(text, Font=Dictionary(Simple=font))(change(add_form)(pdfs.good("print")))) as document:
        read = page_texts(document)[0]
    assert ("seen" in read, "too" in read, "xyz" in read) == (True, True, False)


# Fonts of others -----------------------------------------------------------------------------------------------------


def in_a_simple_font(shown: str, **entries: object) -> Document:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, **entries)
    text = f"BT /Simple 12 Tf 200 400 Td <{shown}> Tj ET"
    return Document(drawn(text, Font=Dictionary(Simple=font))(pdfs.good("print")))


@pytest.mark.parametrize(
    ("shown", "encoding", "text"),
    [
        ("e974e9", Name.WinAnsiEncoding, "été"),
        ("8e748e", Name.MacRomanEncoding, "été"),
        ("4142", Dictionary(Differences=Array([65, Name.lessequal, Name.mu])), "≤µ"),
    ],
)
def test_text_in_a_simple_font_is_read_by_its_encoding(shown: str, encoding: pikepdf.Object, text: str) -> None:
    with in_a_simple_font(shown, Encoding=encoding) as document:
        *_, mark = document.pages[0].paint.marks
    assert (mark.text, mark.missing, mark.unknown) == (text, 0, 0)


def test_a_glyph_that_an_encoding_calls_notdef_is_missing() -> None:
    with in_a_simple_font("4142", Encoding=Dictionary(Differences=Array([66, Name("/.notdef")]))) as document:
        *_, mark = document.pages[0].paint.marks
    assert mark.missing == 1


ARABIC = [
    (["ﻢ", "ﻠ", "ﻗ"], "قلم"),
    (["ﻡ", "ﻮ", "ﻳ", " ", "1", "0", "–", "3", "0"], "10–30 يوم"),
    (["ﻡ", "ﻮ", "ﻳ", " ", "2", "0"], "20 يوم"),
    (["ﻦ", "ﻣ", " ", "U", "V", " ", "A", " ", "ﻉ", "ﻮ", "ﻧ"], "نوع UV A من"),
]


@pytest.mark.parametrize(("painted", "read"), ARABIC)
def test_text_that_runs_from_the_right_is_read_from_there(painted: list[str], read: str) -> None:
    """It is painted from the left; numbers and Latin words in it run their own way."""
    pages = (bare("".join(logical(painted))),)
    assert list(missing(pages, [Expected("about", read)])) == []


# The command line ----------------------------------------------------------------------------------------------------


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["preflight", *map(str, args)])


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with good files and a bad one, and the person in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    for profile in preflight.PROFILES:
        (tmp_path / f"{profile}.pdf").write_bytes(pdfs.good(profile))
    (tmp_path / "red.pdf").write_bytes(drawn("1 0 0 rg 200 400 50 50 re f")(pdfs.good("print")))
    return tmp_path


def test_good_files_pass_and_what_they_were_held_to_is_said(files: Path) -> None:
    ran = run("print.pdf", "screen.pdf", "-f", "a4")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr.splitlines() == [
        "print.pdf: held to the profile print, since it says that it is PDF/X-4",
        "screen.pdf: held to the profile screen, since it is tagged",
        "0 errors, 0 warnings, 0 notes in 4 pages of 2 files",
    ]


def test_a_bad_file_fails(files: Path) -> None:
    ran = run("red.pdf", "-p", "print")
    assert ran.exit_code == 1
    assert ran.stdout.startswith("error[P241 no-press-colour] red.pdf: an area in DeviceRGB (page 1, 18 × 18 mm at")
    assert "hint: turn it into CMYK" in ran.stdout


def test_a_warning_alone_does_not_fail(files: Path) -> None:
    (files / "near.pdf").write_bytes(set_text(before="0 0 0 1 k 1 0 0 1 -195 0 cm")(pdfs.good("print")))
    ran = run("near.pdf")
    assert (ran.exit_code, ran.stdout[:12]) == (0, "warning[P218")


def test_the_profile_that_is_asked_for_counts(files: Path) -> None:
    found = json.loads(run("screen.pdf", "-p", "print", "--output-format", "json").stdout)["findings"]
    assert {"P213", "P241", "P251", "P255"} <= {finding["code"] for finding in found}
    assert not any(finding["code"].startswith("A") for finding in found)


def test_findings_are_told_in_every_format(files: Path) -> None:
    found = json.loads(run("red.pdf", "--output-format", "json").stdout)["findings"]
    assert [(each["code"], each["file"], each["page"]) for each in found] == [("P241", "red.pdf", 1)]
    [sarif] = json.loads(run("red.pdf", "--output-format", "sarif").stdout)["runs"]
    assert [(each["ruleId"], each["properties"]) for each in sarif["results"]] == [("P241", {"page": 1})]
    junit = ET.fromstring(run("red.pdf", "--output-format", "junit").stdout)
    assert [suite.get("name") for suite in junit] == ["red.pdf"]
    assert junit.find(".//failure") is not None
    assert run("red.pdf", "--output-format", "github").stdout.startswith("::error file=red.pdf,title=P241")


def put(holder: pikepdf.Object, key: str, value: object) -> None:
    holder[f"/{key}"] = value


def a_bomb(pdf: Pdf) -> Stream:
    """Two megabytes of spaces."""
    return pdf.make_stream(zlib.compress(b" " * 2**21), Filter=Name.FlateDecode)


def with_a_billion_areas(pdf: Pdf) -> None:
    """Nine forms, each of which draws the one before ten times."""
    with_forms_in_forms(pdf, 9, times=10)


def with_forms_in_forms(pdf: Pdf, count: int, times: int = 1) -> None:
    inner = pdf.make_stream(b"0 0 9 9 re f", Subtype=Name.Form, BBox=[0, 0, 99, 99])
    for _ in range(count):
        held = Dictionary(XObject=Dictionary(In=inner))
        inner = pdf.make_stream(b"/In Do " * times, Subtype=Name.Form, BBox=[0, 0, 99, 99], Resources=held)
    resources_of(pdf.pages[0], "XObject")["/Out"] = inner
    pdf.pages[0].contents_add(pdf.make_stream(b"/Out Do"))


def in_a_loop(pdf: Pdf) -> None:
    form = pdf.make_stream(
        b"/Me Do", Subtype=Name.Form, BBox=[0, 0, 99, 99], Resources=Dictionary(XObject=Dictionary())
    )
    form.Resources.XObject.Me = form
    resources_of(pdf.pages[0], "XObject")["/Me"] = form
    pdf.pages[0].contents_add(pdf.make_stream(b"/Me Do"))


def with_itself_as_pattern(pdf: Pdf) -> None:
    paints = b"/Pattern cs /Me scn 0 0 99 99 re f"
    pattern = pdf.make_stream(paints, PatternType=1, PaintType=1, TilingType=1, XStep=9, YStep=9, BBox=[0, 0, 9, 9])
    pattern.Resources = Dictionary(Pattern=Dictionary(Me=pattern))
    resources_of(pdf.pages[0], "Pattern")["/Me"] = pattern
    pdf.pages[0].contents_add(pdf.make_stream(paints))


def with_itself_as_structure(pdf: Pdf) -> None:
    """An element that holds itself twice: who goes through it goes on for ever."""
    element = pdf.make_indirect(Dictionary(S=Name.Div))
    element.K = [element, element]
    pdf.Root.StructTreeRoot.K = element


HOPELESS: dict[str, tuple[Callable[[bytes], bytes], str, str]] = {
    "empty": (lambda good: b"", "P201", "the file is empty"),
    "text": (lambda good: b"Rest your knee.", "P201", "the file is no PDF"),
    "head alone": (lambda good: b"%PDF-1.7\n", "P201", "the file is damaged"),
    "half": (lambda good: good[: len(good) // 2], "P201", "the file is damaged"),
    "without its end": (lambda good: good[:-9], "P205", "the file is damaged"),
    "zeros": (lambda good: good[:1000] + bytes(len(good) - 1000), "P201", "the file is damaged"),
    "locked": (change(lambda _: None, encryption=pikepdf.Encryption("a", "b")), "P202", "opens with a password only"),
    "locked against changes": (change(lambda _: None, encryption=pikepdf.Encryption("a", "")), "P202", "encrypted"),
    "without pages": (change(lambda pdf: pdf.pages.__delitem__(slice(None))), "P201", "the file has no pages"),
    "pages in a loop": (change(lambda pdf: pdf.Root.Pages.Kids.append(pdf.Root.Pages)), "P201", "Loop detected"),
    "pages that are none": (change(lambda pdf: pdf.Root.Pages.Kids.append(5)), "P205", "non-dictionary object"),
    "laughs": (change(with_a_billion_areas), "P205", "more is drawn than can be looked at"),
    "loop": (change(in_a_loop), "P205", "forms are nested without end"),
    "pattern in itself": (change(with_itself_as_pattern), "P205", "forms are nested without end"),
    "deep": (change(lambda pdf: with_forms_in_forms(pdf, 2000)), "P205", "forms are nested without end"),
    "structure in itself": (change(with_itself_as_structure), "P205", "a part of its structure"),
    "no structure": (
        change(lambda pdf: put(pdf.Root.StructTreeRoot, "K", Dictionary(Pg=5, K=0))),
        "P205",
        "a part of its structure is broken",
    ),
    "much content": (drawn(" " * 600_000), "P205", "more is drawn than can be looked at"),
    "bomb": (change(lambda pdf: pdf.pages[0].contents_add(a_bomb(pdf))), "P205", "memory limit exceeded"),
    "bomb in metadata": (
        change(lambda pdf: put(pdf.Root, "Metadata", a_bomb(pdf))),
        "A105",
        "a title in its old information, none in its metadata",
    ),
    "unknown operator": (drawn("0 0 9 9 rf"), "P205", "no operator is called 'rf'"),
    "unreadable operator": (
        change(lambda pdf: pdf.pages[0].contents_add(b"\xff\xfe")),
        "P205",
        "no operator is called",
    ),
    "no number": (drawn("nan 0 0 9 re f"), "P205", "no operator is called 'nan'"),
    "enormous number": (drawn("1" * 400 + " 0 0 9 re f"), "P205", "re: TypeError"),
}
"""Files that cannot be looked at, or not in full: how they are spoilt, and what is told."""


@pytest.mark.parametrize("name", HOPELESS)
def test_what_cannot_be_read_is_a_finding(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polyleaf.preflight.document._MOST_MEMORY", 2**20)
    monkeypatch.setattr("polyleaf.preflight.content._LONGEST", 2**19)
    spoil, code, told = HOPELESS[name]
    found = preflight.findings(spoil(pdfs.good("screen")), Expectations())
    assert any(finding.code == code and told in finding.message for finding in found), found
    assert not any("could not be looked at" in finding.message for finding in found), found


def test_an_image_that_is_damaged_is_told_since_its_ink_is_not_known() -> None:
    data = pdfs.jpeg()
    spoil = with_image(480, 480, 10, data[: len(data) // 2], Filter=Name.DCTDecode, ColorSpace=Name.DeviceCMYK)
    [finding] = preflight.findings(spoil(pdfs.good("print")), Expectations(profile="print"))
    assert finding.code == "P243"
    assert finding.message.startswith("an image is damaged, or too large to be looked at (page 1, 10 × 10 mm at ")


def test_tables_of_a_font_are_read_as_far_as_a_font_has_codes() -> None:
    with pikepdf.new() as pdf:
        ranges = b"".join(b"<%06x> <ffffff> <0041> " % (n << 16) for n in range(99))
        table = pdf.make_stream(b"beginbfrange " + ranges + b"endbfrange")
        widths = Array([part for n in range(99) for part in (n << 16, 0xFFFFFF, 500)])
        font = font_of(Dictionary(Subtype=Name.Type0, ToUnicode=table, DescendantFonts=Array([Dictionary(W=widths)])))
    assert len(font.texts) == len(font.widths) == 2 * 0x10000


def test_a_last_digit_that_a_table_of_a_font_leaves_out_is_0() -> None:
    with pikepdf.new() as pdf:
        table = pdf.make_stream(b"beginbfchar <01> <0041> <02> <0042 003> endbfchar")
        assert font_of(Dictionary(Subtype=Name.Type1, ToUnicode=table)).texts == {1: "A", 2: "B0"}


def mangled(data: bytes, seed: int) -> bytes:
    """The file with a few bytes changed, lost, or put in, at random places."""
    chance = random.Random(seed)
    spoilt = bytearray(data)
    for _ in range(chance.choice([1, 3, 30])):
        at = chance.randrange(len(spoilt))
        length = chance.choice([1, 4, 200])
        spoilt[at : at + chance.choice([0, length])] = chance.choice([b"", chance.randbytes(length), b"-99999999999"])
    return bytes(spoilt)


@pytest.mark.parametrize("profile", preflight.PROFILES)
def test_no_damage_is_too_much(profile: preflight.Profile) -> None:
    bare = pdfs.edited(
        pdfs.good(profile), lambda _: None, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all
    )
    unread = set()
    for seed in range(40):
        looked = preflight.look_at(mangled(bare, seed), Expectations())
        unread |= {seed for finding in looked.findings if "could not be looked at" in finding.message}
        assert all(finding.message and finding.hint for finding in looked.findings if finding.code.startswith("P2"))
    assert not unread


# In a process of its own ---------------------------------------------------------------------------------------------


def breaking(data: bytes, expectations: Expectations, *answers: Any) -> preflight.Looked:
    """Looks at a file, and does what it says: `check` begins, and then ends the process or takes endless memory."""
    *_, begin = answers
    check, what = data.decode().split()
    if expectations.judged or check not in preflight.JUDGES:
        begin(check)
        if what == "memory":
            raise MemoryError
        os._exit(1)
    return preflight.Looked((), "print", pages=7)


@pytest.mark.parametrize(
    ("file", "told", "pages"),
    [
        (b"P205 end", "looking at the file ends the program, or takes more memory than 4 GiB", 0),
        (b"P205 memory", "looking at the file takes more memory than 4 GiB", 0),
        (b"A101 end", "A101 (another program) ends the program, or takes more memory than 4 GiB and was left out", 7),
    ],
)
def test_a_file_that_breaks_what_reads_it_is_a_finding(file: bytes, told: str, pages: int, tmp_path: Path) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(file)
    with Apart(look=breaking) as apart:
        for _ in range(2):  # and the next file is looked at
            looked = apart.look_at(path, Expectations())
            assert [(finding.code, finding.message) for finding in looked.findings] == [("P206", told)]
            assert looked.pages == pages


def test_a_file_that_takes_too_long_is_a_finding(files: Path) -> None:
    ran = run("screen.pdf", "print.pdf", "--time-limit", "0.001")
    assert ran.exit_code == 1
    for name in ("screen.pdf", "print.pdf"):
        assert f"P206 beyond-limits] {name}: looking at the file takes longer than 0.001 s" in ran.stdout
    assert "or allow more with --time-limit" in ran.stdout


@pytest.mark.parametrize(
    ("limit", "told"), [("inf", "0<x<=86400"), ("0", "0<x<=86400"), ("nan", "no number of seconds")]
)
def test_a_time_limit_is_a_number_of_seconds(files: Path, limit: str, told: str) -> None:
    ran = run("screen.pdf", "--time-limit", limit)
    assert ran.exit_code == 2
    assert told in ran.stderr


def test_a_file_larger_than_any_leaflet_is_not_read(files: Path) -> None:
    with (files / "large.pdf").open("wb") as file:
        file.truncate(2**31)  # takes no room on the disk
    assert "large.pdf: the file is larger than 1,024 MB" in run("large.pdf").stdout


def test_a_file_that_this_person_may_not_read_is_told(files: Path) -> None:
    (files / "mine.pdf").write_bytes(b"")
    (files / "mine.pdf").chmod(0)
    command = [sys.executable, "-m", "polyleaf", "preflight", "mine.pdf", "print.pdf"]
    ran = subprocess.run(bound_by_modes(command), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: mine.pdf: this file may not be read\n  hint: ")


def test_a_bad_file_does_not_keep_others_from_being_looked_at(files: Path) -> None:
    (files / "bad.pdf").write_bytes(b"")
    ran = run("bad.pdf", "red.pdf", "screen.pdf")
    assert ran.exit_code == 1
    assert "bad.pdf: cannot be looked at" in ran.stderr
    assert "screen.pdf: held to" in ran.stderr
    assert "P241" in ran.stdout


def test_folders_and_missing_files_are_told_all_at_once(files: Path) -> None:
    (files / "folder").mkdir()
    ran = run("folder", "gone.pdf", "print.pdf")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "folder: this is a folder" in ran.stderr
    assert "hint: name the PDFs in it: folder/*.pdf" in ran.stderr
    assert "gone.pdf: there is no such file" in ran.stderr


def test_check_sends_to_preflight_who_asks_for_its_rules(project: Project) -> None:
    ran = project.run("check", "--select", "P213")
    assert (ran.exit_code, "`polyleaf preflight`" in ran.stderr) == (2, True)


def test_without_a_file_the_usage_is_told() -> None:
    assert run().exit_code == 2


def test_five_hundred_pages_are_looked_at(files: Path) -> None:
    def edit(pdf: Pdf) -> None:
        for _ in range(249):
            for page in list(pdf.pages)[:2]:
                pdf.pages.append(page)

    (files / "long.pdf").write_bytes(pdfs.edited(pdfs.good("print"), edit))
    ran = run("long.pdf", "-f", "a4")
    assert "it has 500 pages, and a4 has 2 or 4" in ran.stdout
    assert "in 500 pages of 1 file" in ran.stderr
