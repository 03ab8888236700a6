"""polyleaf rule"""

from __future__ import annotations

import click

from polyleaf.checks import rules
from polyleaf.errors import Problems
from polyleaf.report.rules import as_markdown, as_text
from polyleaf.rule import Rule


@click.command(
    "rule", epilog="Examples: polyleaf rule T105 · polyleaf rule T11 · polyleaf rule --markdown > docs/rules.md"
)
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option("--markdown", is_flag=True, help="As a page of documentation.")
def command(codes: tuple[str, ...], markdown: bool) -> None:
    """Explain what a check means, why, how to put it right, and its source. Without a code, list them all.

    A code's beginning stands for all that have it.
    """
    chosen = _chosen(codes) if codes else list(rules().values())
    if markdown:
        click.echo(as_markdown(chosen).encode(), nl=False)
    elif codes:
        click.echo("\n".join(as_text(rule) for rule in chosen), nl=False)
    else:
        for rule in chosen:
            click.echo(f"{rule.code}  {rule.name:22} {rule.severity:8} {rule.summary}")


def _chosen(codes: tuple[str, ...]) -> list[Rule]:
    """The rules that are named, each once."""
    found: dict[str, Rule] = {}
    problems = Problems()
    for code in codes:
        beginning = {known: rule for known, rule in rules().items() if known.startswith(code.upper())}
        if not beginning:
            problems.add(f"unknown rule {code!r}", hint="`polyleaf rule` lists them")
        found |= beginning
    problems.raise_if_any()
    return list(found.values())
