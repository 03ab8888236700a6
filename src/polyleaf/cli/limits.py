"""How long a part of the work may take."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import click

_A_DAY = 24 * 60 * 60


class _Seconds(click.FloatRange):
    """Seconds within a range, in which Click takes `nan` to be."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value} is no number of seconds.", param, ctx)
        return seconds


def time_limit(default: float, what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--time-limit`, which a command gets as `seconds`."""
    return click.option(
        "--time-limit",
        "seconds",
        metavar="SECONDS",
        type=_Seconds(0, _A_DAY, min_open=True),
        default=default,
        show_default=True,
        help=f"How long {what} may take.",
    )
