"""Findings as SARIF, which editors and code hosts read.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0 with errata 01, whose sections are named below. What
GitHub's code scanning asks for beyond it is from GitHub Docs, SARIF support for code scanning.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from polyleaf.finding import Finding
from polyleaf.project import CONFIG
from polyleaf.report.as_json import dump
from polyleaf.report.plain import advice
from polyleaf.rule import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"
_LONGEST = 1024  # characters of a description, GitHub
_ABOUT = ("leaflet", "locale", "clinic", "msgctxt", "msgid", "page")


def write(findings: Sequence[Finding], rules: Mapping[str, Rule], version: str) -> str:
    """A log of one run with every rule, so that reports of two runs differ in their results alone."""
    known = [rules[code] for code in sorted(rules)]
    index = {rule.code: number for number, rule in enumerate(known)}
    marked = zip(findings, _fingerprints(findings), strict=True)
    run = {
        "tool": {"driver": {"name": "Polyleaf", "version": version, "rules": [_descriptor(rule) for rule in known]}},
        # Without its URI (3.14.14), because that would tell where somebody keeps the project.
        "originalUriBaseIds": {_ROOT: {"description": _text("The folder of the project's configuration.")}},
        "columnKind": "unicodeCodePoints",  # asked for although no column is told (3.14.27)
        "results": [_result(finding, index.get(finding.code), mark) for finding, mark in marked],
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _descriptor(rule: Rule) -> dict[str, Any]:
    """A rule as a reportingDescriptor (3.49). GitHub wants no description empty, or longer than it shows."""
    summary = rule.summary or rule.name
    text = rule.text or summary
    return {
        "id": rule.code,
        "name": "".join(word[:1].upper() + word[1:] for word in re.split(r"[\W_]+", rule.name)),
        "shortDescription": _text(_shortened(summary)),
        "fullDescription": _text(_shortened(text)),
        "help": _text(text),
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, rule_index: int | None, fingerprint: str) -> dict[str, Any]:
    about = {key: value for key, value in finding.as_dict().items() if key in _ABOUT}
    return {
        "ruleId": finding.code,
        **({} if rule_index is None else {"ruleIndex": rule_index}),
        "level": finding.severity,
        "message": _text(advice(finding)),
        "locations": [{"physicalLocation": _location(finding)}],
        # GitHub takes the first alone; the second is named as 3.27.17 advises.
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "findingHash/v1": fingerprint},
        **({"properties": about} if about else {}),
    }


def _text(text: str) -> dict[str, str]:
    """A message. Its braces are doubled, or they would be placeholders (3.11.5)."""
    return {"text": text.replace("{", "{{").replace("}", "}}")}


def _shortened(text: str) -> str:
    room = _LONGEST - text.count("{") - text.count("}")
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _location(finding: Finding) -> dict[str, Any]:
    """Where it is (3.29).

    What has no file is put at the project's configuration: GitHub refuses a whole report for one result without a file,
    a folder such as "." can be shown by nothing, and a file that is not there does no harm.
    """
    region = {"region": {"startLine": finding.line}} if finding.file and finding.line else {}
    return {"artifactLocation": _artifact(finding.file or CONFIG), **region}


def _artifact(file: str) -> dict[str, str]:
    """A file as a URI, relative to the project where its path is (3.4.3, 3.4.4)."""
    # A name that is not UTF-8 keeps its bytes.
    path = quote(file, errors="surrogateescape")
    if file.startswith("//"):  # a server of Windows and its share
        return {"uri": f"file:{path}"}
    if file.startswith("/"):
        return {"uri": f"file://{path}"}
    if re.match("[A-Za-z]:/", file):
        return {"uri": f"file:///{path.replace('%3A', ':', 1)}"}
    return {"uri": path, "uriBaseId": _ROOT}


def _fingerprints(findings: Sequence[Finding]) -> Iterator[str]:
    """What tells each finding from the others of its file, and stays when lines move.

    Those that are alike are numbered in the order of their lines in the report; one that several editions have is one.
    """
    lines: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for finding in findings:
        digest = _digest(finding)
        alike = lines[finding.file, digest]
        yield f"{digest}:{alike.setdefault(finding.line, len(alike) + 1)}"


def _digest(finding: Finding) -> str:
    words = [finding.code, finding.locale, finding.msgctxt, finding.msgid, finding.message]
    if not finding.file:
        words += [finding.leaflet, finding.clinic]  # the edition is then all the place it has
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:32]
