"""PDF/X-4 (ISO 15930-7) for a print shop: boxes, crop marks, inks, output intent and metadata."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pikepdf
from markupsafe import Markup
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, String

from polyleaf.press.imposition import impose
from polyleaf.press.inks import Inks
from polyleaf.press.recolour import compressed, recolour
from polyleaf.print_terms import PrintTerms

_PT_PER_MM = 72 / 25.4
_MARK_OFFSET_MM = 1
"""Between the bleed and a crop mark, so that no mark reaches into what is trimmed a little outside."""
_LONGEST_MARK_MM = 5
_MARK_WIDTH_PT = 0.25
_DASHED = "[2 1.5] 0 d\n"
_PDF_VERSION = "1.6"


@dataclass(frozen=True)
class _Box:
    """A rectangle on a page, in pt."""

    left: float
    bottom: float
    right: float
    top: float

    def grown(self, by: float) -> _Box:
        return _Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def array(self) -> Array:
        return Array([round(side, 3) for side in (self.left, self.bottom, self.right, self.top)])


def print_ready(
    data: bytes,
    terms: PrintTerms,
    published: date,
    brand: Collection[str] = (),
    folds: Sequence[Sequence[float]] = (),
) -> bytes:
    """A PDF as a print shop takes it, the same bytes every time.

    Its pages are laid out with the bleed of the terms, and their TrimBox says where they end. `brand` are colours, as
    `#rrggbb`, that keep their hue however near to grey they are. `folds` says of each page how far from its left edge,
    in mm, the paper is folded; it is empty where no page is.
    """
    with Pdf.open(BytesIO(data)) as pdf:
        recolour(pdf, Inks(terms, brand))
        for number, page in enumerate(pdf.pages):
            _frame(pdf, page, terms, folds[number] if folds else ())
        _drop_links(pdf)
        _declare_condition(pdf, terms)
        digest = hashlib.sha256(data + repr(terms).encode() + terms.icc).hexdigest()
        _describe(pdf, published, uuid5(NAMESPACE_URL, digest))
        return _saved(pdf)


def on_sheets(data: bytes, terms: PrintTerms, published: date, direction: str) -> bytes:
    """A booklet that is ready for print, page by page, laid on the sides of its sheets; the same bytes every time.

    Nothing of it is tagged any more, since nobody reads sheets in their order.
    """
    with Pdf.open(BytesIO(data)) as pdf:
        fold = impose(pdf, direction, terms.paper_thickness)
        for page in pdf.pages:
            _frame(pdf, page, terms, [fold])
        _describe(pdf, published, uuid5(NAMESPACE_URL, hashlib.sha256(data + direction.encode()).hexdigest()))
        return _saved(pdf)


def _saved(pdf: Pdf) -> bytes:
    written = BytesIO()
    pdf.save(
        written,
        force_version=_PDF_VERSION,
        deterministic_id=True,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=ObjectStreamMode.generate,
    )
    return written.getvalue()


# Pages ----------------------------------------------------------------------------------------------------------------


def _frame(pdf: Pdf, page: pikepdf.Page, terms: PrintTerms, folds: Sequence[float]) -> None:
    """Give a page its boxes and marks, and cut what it draws off at the end of its bleed."""
    trim = _Box(*(float(side) for side in page.trimbox))
    bleed = trim.grown(terms.bleed * _PT_PER_MM)
    media = bleed.grown(terms.slug * _PT_PER_MM)
    page.obj.TrimBox, page.obj.BleedBox, page.obj.MediaBox = trim.array(), bleed.array(), media.array()
    for box in ("/CropBox", "/ArtBox"):
        if box in page.obj:
            del page.obj[box]
    page.obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK, I=True)
    left, bottom, width, height = bleed.left, bleed.bottom, bleed.right - bleed.left, bleed.top - bleed.bottom
    before = f"q {left:.3f} {bottom:.3f} {width:.3f} {height:.3f} re W n\n"
    after = "\nQ\n" + (_marks(trim, terms, folds) if terms.marks else "")
    around = [compressed(pdf, part.encode()) for part in (before, after)]
    page.obj.Contents = Array([around[0], page.obj.Contents, around[1]])


def _marks(trim: _Box, terms: PrintTerms, folds: Sequence[float]) -> str:
    """Crop marks at the four corners, and dashes where paper is folded; to a screen reader, no part of the page."""
    begin = (terms.bleed + _MARK_OFFSET_MM) * _PT_PER_MM
    end = begin + min(_LONGEST_MARK_MM, terms.slug - _MARK_OFFSET_MM) * _PT_PER_MM
    lines = []
    for x, outwards in ((trim.left, -1), (trim.right, 1)):
        for y in (trim.bottom, trim.top):
            lines.append((x + outwards * begin, y, x + outwards * end, y))
    for y, outwards in ((trim.bottom, -1), (trim.top, 1)):
        for x in (trim.left, trim.right):
            lines.append((x, y + outwards * begin, x, y + outwards * end))
    dashes = [
        (x, y + outwards * begin, x, y + outwards * end)
        for x in (trim.left + fold * _PT_PER_MM for fold in folds)
        for y, outwards in ((trim.bottom, -1), (trim.top, 1))
    ]
    drawn = _drawn(lines) + (f"{_DASHED}{_drawn(dashes)}" if dashes else "")
    return f"/Artifact BMC\nq 0 0 0 1 K {_MARK_WIDTH_PT} w\n{drawn}Q\nEMC\n"


def _drawn(lines: Iterable[tuple[float, float, float, float]]) -> str:
    return "".join(f"{x:.3f} {y:.3f} m {to_x:.3f} {to_y:.3f} l S\n" for x, y, to_x, to_y in lines)


def _drop_links(pdf: Pdf) -> None:
    """Remove links and all else that lies on the pages, which PDF/X allows outside of them alone."""
    gone: set[int] = set()
    for page in pdf.pages:
        gone |= {int(lying.StructParent) for lying in page.obj.get("/Annots", []) if "/StructParent" in lying}
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
    for key in ("/OpenAction", "/AcroForm", "/AA"):
        if key in pdf.Root:
            del pdf.Root[key]
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return
    for element in _elements(root):
        _forget_annotations(element)
    parents = pikepdf.NumberTree(root.ParentTree)
    for number in gone & set(parents):
        del parents[number]


def _elements(root: Any) -> Iterator[Any]:
    """The elements of a structure tree, parents first."""
    left = [root]
    while left:
        element = left.pop()
        yield element
        kids = element.get("/K", [])
        left += [kid for kid in (kids if isinstance(kids, Array) else [kids]) if _is_element(kid)]


def _is_element(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and "/S" in kid


def _forget_annotations(element: Any) -> None:
    """What was a link is a stretch of text; its text stays."""
    if element.get("/S") == Name.Link:
        element.S = Name.Span
    kids = element.get("/K")
    if isinstance(kids, Array):
        left = [kid for kid in kids if not _is_annotation(kid)]
        if len(left) < len(kids):
            element.K = Array(left)
    elif _is_annotation(kids):
        del element["/K"]


def _is_annotation(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR


# The document ---------------------------------------------------------------------------------------------------------


def _declare_condition(pdf: Pdf, terms: PrintTerms) -> None:
    """Say which printing condition the inks are for, and enclose its profile."""
    profile = pdf.make_stream(_packed(terms.icc), Filter=Name.FlateDecode, N=4)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(terms.condition),
        RegistryName=String(terms.registry),
        Info=String(terms.condition),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


@lru_cache(maxsize=2)
def _packed(icc: bytes) -> bytes:
    return zlib.compress(icc, 9)  # takes as long as all else


_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<dc:format>application/pdf</dc:format>
{said}
<pdf:Trapped>False</pdf:Trapped>
{access}<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
<xmp:CreateDate>{time}</xmp:CreateDate>
<xmp:MetadataDate>{time}</xmp:MetadataDate>
<xmp:ModifyDate>{time}</xmp:ModifyDate>
<xmpMM:DocumentID>uuid:{uuid}</xmpMM:DocumentID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>1</xmpMM:VersionID>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
_ACCESS = Markup("<pdfuaid:part>1</pdfuaid:part>\n")
_TITLE = '<{0}><rdf:Alt><rdf:li xml:lang="x-default">{1}</rdf:li></rdf:Alt></{0}>'
_NAMES = "<{0}><rdf:Seq><rdf:li>{1}</rdf:li></rdf:Seq></{0}>"
_TEXT = "<{0}>{1}</{0}>"
_SAID = {
    "Title": ("dc:title", _TITLE),
    "Author": ("dc:creator", _NAMES),
    "Subject": ("dc:description", _TITLE),
    "Creator": ("xmp:CreatorTool", _TEXT),
    "Producer": ("pdf:Producer", _TEXT),
}
"""What the information dictionary says, with the property of XMP that says the same, and its form."""


def _describe(pdf: Pdf, published: date, uuid: UUID) -> None:
    """Metadata that say the same in both places that PDF has for it. What is printed has one date: the leaflet's."""
    said = {name: str(pdf.docinfo[f"/{name}"]) for name in _SAID if f"/{name}" in pdf.docinfo}
    moment = String(f"D:{published:%Y%m%d}000000Z")
    info = Dictionary(CreationDate=moment, ModDate=moment, Trapped=Name("/False"))
    for name, text in said.items():
        info[f"/{name}"] = String(text)
    pdf.trailer.Info = pdf.make_indirect(info)
    properties = (Markup(_SAID[name][1]).format(_SAID[name][0], text) for name, text in said.items())
    time = f"{published.isoformat()}T00:00:00Z"
    access = _ACCESS if "/StructTreeRoot" in pdf.Root else ""
    xmp = Markup(_XMP).format(said=Markup("\n").join(properties), access=access, time=time, uuid=uuid)
    pdf.Root.Metadata = pdf.make_stream(xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)
