"""XLIFF 2.1, with what a text belongs to in its metadata module; 2.0 is read alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from polyleaf.catalog.exchange.inline import Code, InlineReader, Numbering
from polyleaf.catalog.exchange.markup import Node, element
from polyleaf.catalog.exchange.notes import notes
from polyleaf.catalog.exchange.row import Returned, Row
from polyleaf.catalog.exchange.unit import MISSING, NEEDS_REVIEW, TRANSLATED, Parcel, Unit
from polyleaf.errors import PolyleafError, Problem, Problems

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
_REVIEW = "polyleaf:needs-review"
_STATES = {
    TRANSLATED: {"state": "translated"},
    NEEDS_REVIEW: {"state": "initial", "subState": _REVIEW},
    MISSING: {"state": "initial"},
}
_CONFIRMED = {"translated", "reviewed", "final"}


def document(parcels: Sequence[Parcel]) -> Node:
    """One `file` a domain, one `unit` a text. Raises `PolyleafError` where the sources are in two languages."""
    sources = {parcel.origin.locale for parcel in parcels}
    if len(sources) > 1:
        message = f"XLIFF 2.1 has one source language a file, and here are {', '.join(sorted(sources))}"
        raise PolyleafError(Problem(message, hint="name the leaflets to export, or use --xliff-version 1.2"))
    attributes = {
        "xmlns": NAMESPACE,
        "xmlns:mda": METADATA,
        "version": "2.1",
        "srcLang": sources.pop().replace("_", "-"),
        "trgLang": parcels[0].locale.replace("_", "-"),
    }
    return element("xliff", attributes, *map(_file, parcels))


def _file(parcel: Parcel) -> Node:
    domain = parcel.origin.domain
    return element("file", {"id": domain, "original": domain, "xml:space": "preserve"}, *map(_unit, parcel.units))


def _unit(unit: Unit) -> Node:
    numbering = Numbering()
    source = element("source", {}, *_inline(unit, unit.shown, numbering))
    target = element("target", {}, *_inline(unit, unit.target, numbering))
    told = [element("note", {"category": kind}, text) for kind, text in notes(unit)]
    data = [element("data", {"id": f"d{number}"}, text) for number, text in numbering.codes.items()]
    return element(
        "unit",
        {"id": unit.id, "name": unit.section},
        _metadata(unit),
        *([element("notes", {}, *told)] if told else []),
        *([element("originalData", {}, *data)] if data else []),
        element("segment", _STATES[unit.state], source, *([target] if unit.target.strip() else [])),
    )


def _metadata(unit: Unit) -> Node:
    metas = [element("mda:meta", {"type": name}, text) for name, text in unit.facts.items()]
    return element("mda:metadata", {}, element("mda:metaGroup", {"category": "polyleaf"}, *metas))


def _inline(unit: Unit, text: str, numbering: Numbering) -> Iterator[Node | str]:
    for part in numbering.split(text):
        yield part if isinstance(part, str) else _ph(unit, part)


def _ph(unit: Unit, code: Code) -> Node:
    attributes = {
        "id": str(code.number),
        "dataRef": f"d{code.number}",
        "equiv": code.text,
        "disp": unit.examples.get(code.placeholder),
        "canCopy": "no",
        "canDelete": "no",
    }
    return element("ph", attributes)


# Reading -------------------------------------------------------------------------------------------------------------


def returned(root: Node, path: Path) -> Returned:
    """The rows of a file, and the problems of those that cannot be understood."""
    problems = Problems()
    rows: list[Row] = []
    for file in root.below("file"):
        for unit in file.below("unit"):
            with problems.collect():
                rows.append(_row(unit, file, path))
    return Returned(path, root.attributes.get("trgLang", ""), rows, problems.found)


def _row(unit: Node, file: Node, path: Path) -> Row:
    data = {node.attributes.get("id", ""): node.text for part in unit.all("originalData") for node in part.all("data")}
    reader = InlineReader(path, data, {})
    parts = unit.all("segment", "ignorable")
    shown = "".join(reader.text(source) for part in parts for source in part.all("source"))
    targets = [target for part in parts for target in part.all("target")]
    told = {
        meta.attributes.get("type", ""): meta.text
        for metadata in unit.all("mda:metadata")
        for group in metadata.all("mda:metaGroup")
        if group.attributes.get("category") == "polyleaf"
        for meta in group.all("mda:meta")
    }
    return Row(
        line=targets[0].line if targets else unit.line,
        id=unit.attributes.get("id", ""),
        target=_target(unit, parts, reader),
        fuzzy=_fuzzy(unit.all("segment")),
        exported=told.get("exported"),
        domain=file.attributes.get("id"),
        section=told.get("section"),
        source=told.get("source", shown if told and "form" not in told else None),
        plural=told.get("plural"),
        form=told.get("form"),
        shown=shown,
    )


def _target(unit: Node, parts: Sequence[Node], reader: InlineReader) -> str:
    """The targets of all segments in the order that they want; what lies between them is taken over."""
    placed: list[tuple[int, str]] = []
    missing = 0
    for position, part in enumerate(parts, start=1):
        source, target = part.first("source"), part.first("target")
        text = reader.text(target) if target else ""
        between = reader.text(source) if source else ""
        if not text and part.tag == "segment" and between.strip():
            missing += 1
        order = target.attributes.get("order", "") if target else ""
        placed.append((int(order) if order.isdecimal() else position, text or (between if not between.strip() else "")))
    joined = "".join(text for _, text in sorted(placed, key=lambda pair: pair[0]))
    if missing and joined.strip():
        hint = "translate every segment, or none"
        raise PolyleafError(Problem("only a part of the text is translated", reader.path, unit.line, hint))
    return joined


def _fuzzy(segments: Sequence[Node]) -> bool | None:
    """Whether the file says that the translation is to be confirmed: one segment that is, is enough."""
    said = {_segment_fuzzy(segment.attributes) for segment in segments}
    return True if True in said else False if said == {False} else None


def _segment_fuzzy(attributes: Mapping[str, str]) -> bool | None:
    if attributes.get("state") in _CONFIRMED:
        return False
    return True if attributes.get("subState") == _REVIEW else None
