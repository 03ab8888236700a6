"""Rules as text: for a terminal, and as the page docs/rules.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import click

from polyleaf.rule import Rule

_FAMILIES = {"T": "Translations", "P": "Print", "A": "Accessibility", "L": "Leaflets", "R": "Promotion"}
_TITLES = {"Instead": "Put it right"}
_HEAD = """# Rules

Written by `polyleaf rule --markdown` from the checks themselves; `polyleaf rule CODE` shows one.

A finding about a translation that is right as it is can be let stand in its catalog, with a reason:

    # polyleaf: allow T112 the verb says it

A finding in a leaflet can be let stand above the text or the heading that it is about, and one about the leaflet as a
whole in its front matter:

    <!-- polyleaf: allow L201 what everybody knows -->

    waivers: {L302: the names of the medicines are long}
"""


def as_text(rule: Rule) -> str:
    """One rule for a terminal."""
    head = f"{click.style(rule.code, bold=True)} {rule.name} ({rule.severity})"
    parts = [head, _wrapped(rule.summary), *(_wrapped(f"{title}: {text}") for title, text in _parts(rule))]
    return "\n\n".join(parts) + "\n"


def as_markdown(rules: Sequence[Rule]) -> str:
    """All rules as a page, one section a family."""
    lines = [_HEAD]
    for family, found in groupby(sorted(rules, key=lambda rule: rule.code), key=lambda rule: rule.family):
        lines += [f"## {_FAMILIES.get(family, family)}", ""]
        for rule in found:
            lines += _section(rule)
    return "\n".join(lines).rstrip() + "\n"


def _section(rule: Rule) -> Iterable[str]:
    yield from (f"### {rule.code} {rule.name}", "", f"*{rule.severity.capitalize()}.* {rule.summary}", "")
    for title, text in _parts(rule):
        yield from (f"**{title}.** {text}", "")


def _parts(rule: Rule) -> Iterator[tuple[str, str]]:
    """The paragraphs of a rule with their titles."""
    for paragraph in rule.text.split("\n\n"):
        start, _, rest = " ".join(paragraph.split()).partition(": ")
        if rest:
            yield _TITLES.get(start, start), rest[:1].upper() + rest[1:]


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 100, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
