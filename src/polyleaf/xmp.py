"""The metadata packet of a PDF (XMP, ISO 16684-1), which says whose it is and what it conforms to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
PDF_A_2A = {"pdfaid:part": "2", "pdfaid:conformance": "A"}
PDF_UA_1 = {"pdfuaid:part": "1"}


@dataclass(frozen=True)
class Description:
    """What a packet says of a document. Dates are as W3C's profile of ISO 8601 has them."""

    title: str
    lang: str
    authors: Sequence[str]
    summary: str
    created: str
    modified: str
    creator_tool: str
    producer: str


def packet(described: Description, claims: Mapping[str, str]) -> bytes:
    """The packet of a document that claims to conform to something, such as `PDF_A_2A | PDF_UA_1`.

    PDF/A asks that a property which XMP itself does not know be described: that is done for PDF/UA's.
    """
    spaces = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items() if prefix != "rdf")
    parts = [*_simple(described, claims), *_structured(described)]
    if any(name.startswith("pdfuaid:") for name in claims):
        parts.append(_extension("PDF/UA identification schema", "pdfuaid", "part", "Part of ISO 14289 conformed to"))
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{NAMESPACES["rdf"]}">'
        f'<rdf:Description rdf:about=""{spaces}>\n' + "\n".join(parts) + "\n</rdf:Description></rdf:RDF></x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    ).encode()


def _simple(described: Description, claims: Mapping[str, str]) -> list[str]:
    values = {
        **claims,
        "xmp:CreateDate": described.created,
        "xmp:ModifyDate": described.modified,
        "xmp:CreatorTool": described.creator_tool,
        "pdf:Producer": described.producer,
    }
    return [f"<{name}>{escape(value)}</{name}>" for name, value in values.items() if value]


def _structured(described: Description) -> list[str]:
    found = [_in_language("dc:title", described.title)]
    if described.summary:
        found.append(_in_language("dc:description", described.summary))
    for name, kind, values in (("dc:creator", "Seq", described.authors), ("dc:language", "Bag", [described.lang])):
        items = "".join(f"<rdf:li>{escape(value)}</rdf:li>" for value in values)
        if items:
            found.append(f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>")
    return found


def _in_language(name: str, text: str) -> str:
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt></{name}>'


def _extension(schema: str, prefix: str, name: str, meaning: str) -> str:
    """The description of a whole number's property (ISO 19005-2, 6.6.2.3)."""
    about = {"name": name, "valueType": "Integer", "category": "internal", "description": meaning}
    properties = "".join(f"<pdfaProperty:{key}>{text}</pdfaProperty:{key}>" for key, text in about.items())
    return (
        '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>{schema}</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{NAMESPACES[prefix]}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">{properties}</rdf:li></rdf:Seq>'
        "</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
    )
