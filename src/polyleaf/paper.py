"""What colours become on paper: turned into inks by the printer's profile, and looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from polyleaf.colour import channels, of_channels

CONDITION = "FOGRA39"
"""How leaflets are taken to be printed: offset on coated paper, at most 300 % of ink (`data/icc/README.md`)."""


@cache
def profile() -> bytes:
    """The ICC profile of the inks."""
    return (files("polyleaf") / "data/icc/fogra39-300.icc").read_bytes()


def printed(colours: Iterable[str]) -> dict[str, str]:
    """Colours as they look when they are printed, by what they were; both as `#rrggbb`.

    The white of the paper counts as white, as eyes take it.
    """
    from PIL import Image

    wanted = list(dict.fromkeys(colours))
    if not wanted:
        return {}
    to_inks, to_light = _transforms()
    strip = Image.frombytes("RGB", (len(wanted), 1), bytes(part for colour in wanted for part in channels(colour)))
    seen = to_light.apply(to_inks.apply(strip)).tobytes()
    return {colour: of_channels(*seen[at * 3 : at * 3 + 3]) for at, colour in enumerate(wanted)}


@cache
def _transforms() -> tuple[Any, Any]:
    """From sRGB to the inks, and back. Relative colorimetric with black point compensation, both ways."""
    from PIL import ImageCms

    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    light, inks = ImageCms.createProfile("sRGB"), ImageCms.getOpenProfile(BytesIO(profile()))
    return (
        ImageCms.buildTransform(light, inks, "RGB", "CMYK", intent, flags),
        ImageCms.buildTransform(inks, light, "CMYK", "RGB", intent, flags),
    )
