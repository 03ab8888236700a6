"""Findings as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from polyleaf.finding import Finding
from polyleaf.rule import Rule


def write(findings: Sequence[Finding], rules: Mapping[str, Rule], version: str) -> str:
    """An object whose `findings` are objects with the fields that apply."""
    return dump({"findings": [finding.as_dict() for finding in findings]})


def dump(value: Any) -> str:
    """JSON that a person can read too, and that UTF-8 can hold."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    # A file name that is not UTF-8 has halves of surrogate pairs. JSON escapes them as Python does: \udc80.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
