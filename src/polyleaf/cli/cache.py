"""polyleaf cache"""

from __future__ import annotations

import click

from polyleaf.build import Cache
from polyleaf.errors import PolyleafError, Problem

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def _size(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A number of bytes from a text such as 500MiB or 2G."""
    if value is None:
        return None
    text = value.strip().upper().removesuffix("B").removesuffix("I")
    power = "KMGT".find(text[-1:]) + 1 if text else 0
    digits = text[:-1] if power else text
    if not digits.isdecimal():
        raise click.BadParameter(f"{value!r} is no size: write 500MiB or 2GiB", ctx, param)
    size: int = int(digits) * 1024**power
    return size


@click.group("cache", epilog="Example: polyleaf cache prune --size 1GiB")
def command() -> None:
    """See or shrink the cache, in which builds keep what they made.

    It is shared by all projects and checkouts. POLYLEAF_CACHE_DIR names another folder, POLYLEAF_CACHE_LIMIT another
    size in bytes. It can always be deleted: all it costs is to build again.
    """


@command.command("info", epilog="Example: polyleaf cache info")
def info() -> None:
    """Say where the cache is and how much it holds."""
    cache = Cache()
    usage = cache.usage()
    _refuse(cache)
    click.echo(f"folder     {usage.folder}")
    click.echo(f"editions   {usage.editions}")
    click.echo(f"artifacts  {usage.artifacts}, {_readable(usage.bytes)} of at most {_readable(usage.limit)}")


@command.command("prune", epilog="Example: polyleaf cache prune --size 500MiB")
@click.option("--size", metavar="SIZE", callback=_size, help="How much may stay; else the cache's limit.")
@click.option("--all", "everything", is_flag=True, help="Keep nothing.")
def prune(size: int | None, everything: bool) -> None:
    """Remove what was not used for longest."""
    cache = Cache()
    freed = cache.prune(0 if everything else size)
    _refuse(cache)
    click.echo(f"{_readable(freed)} freed", err=True)


def _refuse(cache: Cache) -> None:
    if cache.fault:
        raise PolyleafError(Problem(f"the cache cannot be used: {cache.fault}", hint="set POLYLEAF_CACHE_DIR"))


def _readable(size: int) -> str:
    amount, unit = float(size), _UNITS[0]
    for larger in _UNITS[1:]:
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
