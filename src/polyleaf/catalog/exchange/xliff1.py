"""XLIFF 1.2, written by its strict schema, and read as translation tools give it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from polyleaf.catalog.exchange.inline import Code, InlineReader, Numbering
from polyleaf.catalog.exchange.markup import Node, element
from polyleaf.catalog.exchange.notes import notes
from polyleaf.catalog.exchange.row import Returned, Row
from polyleaf.catalog.exchange.unit import MISSING, NEEDS_REVIEW, TRANSLATED, Parcel, Unit
from polyleaf.errors import Problems

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
_STATES = {TRANSLATED: "translated", NEEDS_REVIEW: "needs-review-translation", MISSING: "new"}
_CONFIRMED = {"translated", "final", "signed-off"}
_CONTEXT = "x-polyleaf-"


def document(parcels: Sequence[Parcel]) -> Node:
    """One `file` a domain, one `trans-unit` a text; the forms of a plural are a group."""
    return element("xliff", {"xmlns": NAMESPACE, "version": "1.2"}, *map(_file, parcels))


def _file(parcel: Parcel) -> Node:
    attributes = {
        "original": parcel.origin.domain,
        "source-language": parcel.origin.locale.replace("_", "-"),
        "target-language": parcel.locale.replace("_", "-"),
        "datatype": "plaintext",
        "tool-id": "polyleaf",
    }
    tool = element("tool", {"tool-id": "polyleaf", "tool-name": "Polyleaf", "tool-version": version("polyleaf")})
    return element("file", attributes, element("header", {}, tool), element("body", {}, *_body(parcel.units)))


def _body(units: Sequence[Unit]) -> Iterator[Node]:
    forms: list[Node] = []
    for unit, following in zip(units, (*units[1:], None), strict=True):
        if not unit.form:
            yield _trans_unit(unit)
            continue
        forms.append(_trans_unit(unit))
        if following is None or following.message != unit.message:
            yield element("group", {"restype": "x-gettext-plurals"}, *forms)
            forms = []


def _trans_unit(unit: Unit) -> Node:
    numbering = Numbering()
    source = element("source", {}, *_inline(unit, unit.shown, numbering))
    target = element("target", {"state": _STATES[unit.state]}, *_inline(unit, unit.target, numbering))
    contexts = [element("context", {"context-type": _CONTEXT + name}, text) for name, text in unit.facts.items()]
    return element(
        "trans-unit",
        {"id": unit.id, "resname": unit.section, "xml:space": "preserve"},
        source,
        *([target] if unit.target.strip() else []),
        element("context-group", {"purpose": "information"}, *contexts),
        *(element("note", {"from": kind}, text) for kind, text in notes(unit)),
    )


def _inline(unit: Unit, text: str, numbering: Numbering) -> Iterator[Node | str]:
    for part in numbering.split(text):
        yield part if isinstance(part, str) else _ph(unit, part)


def _ph(unit: Unit, code: Code) -> Node:
    attributes = {
        "id": str(code.number),
        "ctype": "x-polyleaf-value" if code.placeholder else "x-polyleaf-citation",
        "equiv-text": unit.examples.get(code.placeholder),
    }
    return element("ph", attributes, code.text)


# Reading -------------------------------------------------------------------------------------------------------------


def returned(root: Node, path: Path) -> Returned:
    """The rows of a file, and the problems of those that cannot be understood."""
    problems = Problems()
    rows: list[Row] = []
    files = list(root.below("file"))
    for file in files:
        for unit in file.below("trans-unit"):
            with problems.collect():
                rows.append(_row(unit, file, path))
    return Returned(path, files[0].attributes.get("target-language", "") if files else "", rows, problems.found)


def _row(unit: Node, file: Node, path: Path) -> Row:
    reader = InlineReader(path, {}, {})
    source, target = unit.first("source"), unit.first("target")
    shown = reader.text(source) if source else ""
    told = {
        context.attributes["context-type"].removeprefix(_CONTEXT): context.text
        for group in unit.all("context-group")
        for context in group.all("context")
        if context.attributes.get("context-type", "").startswith(_CONTEXT)
    }
    return Row(
        line=(target or unit).line,
        id=unit.attributes.get("id", ""),
        target=reader.text(target) if target else "",
        fuzzy=_fuzzy(unit, target),
        exported=told.get("exported"),
        locale=file.attributes.get("target-language"),
        domain=file.attributes.get("original"),
        section=told.get("section"),
        source=told.get("source", shown if told and "form" not in told else None),
        plural=told.get("plural"),
        form=told.get("form"),
        shown=shown,
    )


def _fuzzy(unit: Node, target: Node | None) -> bool | None:
    """Whether the file says that the translation is to be confirmed; a state weighs more than an approval."""
    state = target.attributes.get("state", "") if target else ""
    if state.startswith("needs-"):
        return True
    return False if state in _CONFIRMED or unit.attributes.get("approved") == "yes" else None
