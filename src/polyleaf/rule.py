"""What a finding's code stands for: the text that explains it, to people and to the tools that they read it in."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from polyleaf.finding import Severity


@dataclass(frozen=True)
class Rule:
    """One kind of finding. `text` is paragraphs such as "Why: ...", "Instead: ..." and "Source: ...", or empty."""

    code: str
    name: str
    severity: Severity
    summary: str
    text: str

    @property
    def family(self) -> str:
        """What it is about: the letter that its code begins with."""
        return self.code[:1]


def rule_of(code: str, name: str, severity: Severity, docstring: str) -> Rule:
    """The rule that a check's docstring tells of: its first line (which may begin with the code), and the rest."""
    summary, _, text = inspect.cleandoc(docstring).partition("\n")
    return Rule(code, name, severity, summary.removeprefix(f"{code}: ").strip(), text.strip())
