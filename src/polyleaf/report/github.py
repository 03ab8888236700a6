"""Findings as workflow commands, which GitHub Actions shows beside the lines of a change.

Source: GitHub Docs, Workflow commands for GitHub Actions. The runner undoes the escapes that are made here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from polyleaf.finding import Finding
from polyleaf.report.plain import advice, plain
from polyleaf.rule import Rule

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = _IN_DATA | str.maketrans({":": "%3A", ",": "%2C"})


def write(findings: Sequence[Finding], rules: Mapping[str, Rule], version: str) -> str:
    """A line for each finding, and nothing where there is none."""
    return "".join(f"{_command(finding, rules.get(finding.code))}\n" for finding in findings)


def _command(finding: Finding, rule: Rule | None) -> str:
    properties = {
        "file": finding.file,
        "line": str(finding.line) if finding.file and finding.line else "",
        "title": f"{finding.code} {rule.name}" if rule else finding.code,
    }
    told = ",".join(f"{key}={plain(value).translate(_IN_PROPERTY)}" for key, value in properties.items() if value)
    return f"::{_COMMANDS[finding.severity]} {told}::{plain(advice(finding)).translate(_IN_DATA)}"
