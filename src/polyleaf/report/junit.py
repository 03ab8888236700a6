"""Findings as JUnit's XML, which servers of continuous integration show as tests.

There is no standard; these are the elements and attributes that Jenkins, GitLab and Azure Pipelines read alike, with
the `file` and `line` of a test case as pytest wrote them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from polyleaf.finding import Finding
from polyleaf.report.plain import advice, plain
from polyleaf.rule import Rule


def write(findings: Sequence[Finding], rules: Mapping[str, Rule], version: str) -> str:
    """A suite a file, or a locale for what has no file. An error fails its test; a warning or note does not."""
    suites: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        suites[finding.file or finding.locale or "project"].append(finding)
    root = ET.Element("testsuites", {"name": "polyleaf", **_counts(findings)})
    for name, found in suites.items():
        suite = _suite(root, name, found, version)
        for finding in found:
            _add_case(suite, finding, rules.get(finding.code))
    if not findings:  # a report without a test is taken for a run that broke
        suite = _suite(root, "project", findings, version)
        ET.SubElement(suite, "testcase", classname="polyleaf", name="no findings")
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _counts(findings: Sequence[Finding]) -> dict[str, str]:
    failures = sum(finding.severity == "error" for finding in findings)
    return {"tests": str(len(findings) or 1), "failures": str(failures), "errors": "0", "skipped": "0"}


def _suite(root: ET.Element, name: str, findings: Sequence[Finding], version: str) -> ET.Element:
    suite = ET.SubElement(root, "testsuite", {"name": plain(name), **_counts(findings)})
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="version", value=plain(version))
    return suite


def _add_case(suite: ET.Element, finding: Finding, rule: Rule | None) -> None:
    kind = f"{finding.code} {rule.name}" if rule else finding.code
    classname = f"polyleaf.{finding.locale}" if finding.locale else "polyleaf"
    # Without the line: a server follows a test from run to run by its name.
    name = " ".join(plain(f"{kind}: {finding.message}").split())
    case = ET.SubElement(suite, "testcase", classname=plain(classname), name=name)
    if finding.file:
        case.set("file", plain(finding.file))
        if finding.line:
            case.set("line", str(finding.line))
    if finding.severity == "error":
        told = ET.SubElement(case, "failure", message=plain(finding.message), type=plain(kind))
    else:
        told = ET.SubElement(case, "system-out")
    told.text = plain(_story(finding))


def _story(finding: Finding) -> str:
    """All of a finding as text, because servers show little but that."""
    place = {"at": finding.place, "leaflet": finding.leaflet, "clinic": finding.clinic, "in": finding.msgid}
    known = (f"{key}: {value}" for key, value in place.items() if value)
    return "\n".join((f"{finding.severity}: {advice(finding)}", *known))
