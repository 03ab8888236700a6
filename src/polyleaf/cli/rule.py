"""polyleaf rule"""

from __future__ import annotations

import click

from polyleaf.checks import rules
from polyleaf.errors import PolyleafError, Problem, nearest
from polyleaf.report.rules import as_markdown, as_text


@click.command("rule", epilog="Examples: polyleaf rule T105 · polyleaf rule --markdown > docs/rules.md")
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option("--markdown", is_flag=True, help="As a page of documentation.")
def command(codes: tuple[str, ...], markdown: bool) -> None:
    """Explain what a check means, why, how to put it right, and its source. Without a code, list them all."""
    known = rules()
    for code in codes:
        if code.upper() not in known:
            raise PolyleafError(Problem(f"unknown rule {code!r}", hint=nearest(code.upper(), known)))
    chosen = [known[code.upper()] for code in codes] or list(known.values())
    if markdown:
        click.echo(as_markdown(chosen), nl=False)
    elif codes:
        click.echo("\n".join(as_text(rule) for rule in chosen), nl=False)
    else:
        for rule in chosen:
            click.echo(f"{rule.code}  {rule.name:22} {rule.severity:8} {rule.summary}")
