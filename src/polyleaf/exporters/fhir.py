"""The exporter `fhir.json`: a page as a FHIR R5 document, shaped like HL7's electronic product information (ePI).

A Bundle of the type `document` holds a Composition, whose sections are the leaflet's with their text as XHTML, and the
clinic as an Organization (https://hl7.org/fhir/R5/documents.html; https://hl7.org/fhir/uv/emedicinal-product-info).
It claims no profile: ePI's are for medicines, and bind their sections to codes of medicines' regulators.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID, uuid5

from markupsafe import Markup

from polyleaf import texts
from polyleaf.exporters import marks, narrative
from polyleaf.model import Clinic, Phone
from polyleaf.page import Page, PageSection, PageSource, RichText

Element = dict[str, Any]

# Every identifier of ours is made in this name space, so that the same edition has the same one everywhere.
_NAMESPACE = UUID("cdb72bfe-9964-4aaa-93c9-f28a1e9bdea8")
_URI = "urn:ietf:rfc:3986"  # the system of identifiers that are URIs themselves
LEAFLETS = "urn:uuid:4b5e77f1-8945-4988-a443-5ef46816c6eb"
"""The system of leaflets' names."""
DOCUMENT_TYPES = "urn:uuid:8e200255-5a8e-4acb-8aec-55e096b9b0e6"
SECTIONS = "urn:uuid:fc69f135-e719-4511-8757-acf0c0d32142"
PURPOSES = "urn:uuid:59badf60-71db-4e3d-96ef-8e7646586a82"
KINDS = "urn:uuid:1fca4959-e3a5-4bb2-948e-402e997557d2"
"""Code systems: there is no published code for a leaflet about a procedure, nor for most of its sections."""
_LANGUAGE = "http://hl7.org/fhir/StructureDefinition/language"


def export(page: Page) -> bytes:
    """The page as a FHIR document in JSON. The same page gives the same bytes."""
    organization = _organization(page.clinic, page)
    composition = _composition(page, _reference(organization))
    entries = [{"fullUrl": _urn(resource["id"]), "resource": resource} for resource in (composition, organization)]
    identifier = _uuid("bundle", json.dumps(entries))
    bundle = {
        "resourceType": "Bundle",
        "id": identifier,
        "language": page.lang,
        "identifier": {"system": _URI, "value": _urn(identifier)},
        "type": "document",
        "timestamp": f"{page.published_iso}T00:00:00Z",
        "entry": entries,
    }
    return f"{json.dumps(bundle, ensure_ascii=False, indent=1)}\n".encode()


# Composition ---------------------------------------------------------------------------------------------------------


def _composition(page: Page, clinic: Element) -> Element:
    told = marks(page)
    edition = _uuid("edition", page.url, page.clinic.name)
    return {
        "resourceType": "Composition",
        "id": _uuid("composition", edition, page.version_id),
        "language": page.lang,
        "text": _narrative(page, narrative.header(page, told)),
        "identifier": [
            {"system": _URI, "value": _urn(edition)},
            {"system": LEAFLETS, "value": page.edition.leaflet},
        ],
        "version": page.version_id,
        "status": "final" if page.approved else "preliminary",
        "type": {
            **_coded(DOCUMENT_TYPES, "patient-information"),
            "text": page.texts.find(texts.PATIENT_INFORMATION).plain,
        },
        "category": [_coded(PURPOSES, page.purpose), _coded(KINDS, page.kind)],
        "date": page.published_iso,
        "author": [clinic, *({"display": author} for author in page.authors)],
        **_string("title", page.title),
        **_unless_empty("attester", list(_attesters(page))),
        "custodian": clinic,
        **_unless_empty("relatesTo", [_related(source) for source in page.sources]),
        "section": list(_sections(page, told)),
    }


def _sections(page: Page, told: Sequence[RichText]) -> Iterator[Element]:
    """What must be known first, the leaflet's own sections, and what the program adds."""
    if told:
        yield _section(page, "status", told[0], narrative.warnings(page, told))
    yield from (_leaflet_section(page, section) for section in page.sections)
    yield _section(page, "contact", page.texts.find(texts.REACH_US), narrative.contact(page))
    parts = []
    if page.sources:
        parts.append(_section(page, "sources", page.texts.find(texts.SOURCES), narrative.sources(page)))
    yield _section(page, "document", page.texts.find(texts.ABOUT_LEAFLET), narrative.document(page), parts)


def _leaflet_section(page: Page, section: PageSection) -> Element:
    parts = [_leaflet_section(page, part) for part in section.parts]
    return _section(page, section.key, section.heading, narrative.section(page, section), parts)


def _section(
    page: Page, key: str, heading: RichText, content: Iterable[Markup], parts: Sequence[Element] = ()
) -> Element:
    """A section with its heading as its title. A narrative would say nothing where a section has parts alone."""
    text = _narrative(page, content)
    return {
        "id": key.replace(".", "-"),
        **_string("title", heading),
        "code": {**_coded(SECTIONS, key), "text": heading.plain},
        **({"text": text} if text["div"] else {}),
        **_unless_empty("section", parts),
    }


def _attesters(page: Page) -> Iterator[Element]:
    """The clinician who approved the edition, if that holds."""
    if page.approval and page.approved:
        mode = _coded("http://hl7.org/fhir/composition-attestation-mode", "professional")
        party = {"display": f"{page.approval.by} ({page.approval.role})"}
        yield {"mode": mode, "time": page.approval.on.isoformat(), "party": party}


def _related(source: PageSource) -> Element:
    """A cited source under its number, as the text cites it."""
    document = {"document": {"url": source.href}} if source.href else {}
    return {"type": "citation", "label": source.number, "display": source.text, **document}


# Organization --------------------------------------------------------------------------------------------------------


def _organization(clinic: Clinic, page: Page) -> Element:
    telecom = [_number(clinic.phone)]
    if clinic.email:
        telecom.append({"system": "email", "value": clinic.email, "use": "work"})
    telecom.append({"system": "url", "value": clinic.website, "use": "work"})
    address = {"use": "work", "line": list(clinic.address), "country": clinic.territory}
    contact: list[Element] = [{"telecom": telecom, "address": address}]
    if clinic.out_of_hours:
        label = page.texts.find(texts.OUT_OF_HOURS).plain
        contact.append({"purpose": {"text": label}, "telecom": [_number(clinic.out_of_hours)]})
    return {
        "resourceType": "Organization",
        "id": _uuid("organization", clinic.website, clinic.name),
        "language": page.lang,
        "text": _narrative(page, narrative.contact(page)),
        "name": clinic.title,
        "contact": contact,
    }


def _number(phone: Phone) -> Element:
    return {"system": "phone", "value": phone.number, "use": "work"}


# Data types ----------------------------------------------------------------------------------------------------------


def _narrative(page: Page, parts: Iterable[Markup]) -> Element:
    """Text that people wrote, not one that is made from the resource's other elements."""
    return {"status": "additional", "div": narrative.division(page, parts)}


def _coded(system: str, code: str) -> Element:
    return {"coding": [{"system": system, "code": code}]}


def _string(name: str, text: RichText) -> Element:
    """A string, which says so where it is in another language than its resource."""
    element: Element = {name: text.plain}
    if text.lang:
        element[f"_{name}"] = {"extension": [{"url": _LANGUAGE, "valueCode": text.lang}]}
    return element


def _unless_empty(name: str, elements: Sequence[Element]) -> Element:
    """FHIR has no empty lists."""
    return {name: list(elements)} if elements else {}


def _reference(resource: Element) -> Element:
    return {"reference": _urn(resource["id"]), "display": resource["name"]}


def _uuid(*parts: str) -> str:
    return str(uuid5(_NAMESPACE, "\n".join(parts)))


def _urn(identifier: str) -> str:
    return f"urn:uuid:{identifier}"
