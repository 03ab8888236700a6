"""How what was found is told: one module a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from polyleaf.finding import Finding
from polyleaf.report import as_json, github, junit, sarif
from polyleaf.rule import Rule

__all__ = ["FORMATS", "Writer"]

# Makes a report of findings, the rules by their codes, and the version of the program; it ends its last line.
Writer = Callable[[Sequence[Finding], Mapping[str, Rule], str], str]

FORMATS: Mapping[str, Writer] = {
    "json": as_json.write,
    "sarif": sarif.write,
    "junit": junit.write,
    "github": github.write,
}
