"""How commands that look for faults tell what they found."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import click

from polyleaf.checks import rules
from polyleaf.finding import Finding
from polyleaf.report import FORMATS
from polyleaf.report.findings import console, show

with_output_format = click.option(
    "--output-format",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    show_default=True,
    help="How findings are told.",
)


def tell(found: Sequence[Finding], form: str) -> None:
    """Tell findings on stdout: as text for people, or in a form for programs."""
    if form == "text":
        show(found, rules(), console())
    else:  # as UTF-8, whatever the terminal's encoding is
        click.echo(FORMATS[form](found, rules(), version("polyleaf")).encode(), nl=False)
