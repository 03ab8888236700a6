"""What colours become on paper: turned into inks by the printer's profile, and looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from polyleaf.colour import channels, of_channels


@cache
def profile() -> bytes:
    """The ICC profile of offset on coated paper (FOGRA39) with at most 300 % of ink; see `data/icc/README.md`."""
    return (files("polyleaf") / "data/icc/fogra39-300.icc").read_bytes()


def printed(colours: Iterable[str], inks: bytes) -> dict[str, str]:
    """Colours as they look when they are printed, by what they were; both as `#rrggbb`. `inks` is an ICC profile.

    The white of the paper counts as white, as eyes take it.
    """
    from PIL import Image

    wanted = list(dict.fromkeys(colours))
    if not wanted:
        return {}
    to_inks, to_light = _transforms(inks)
    strip = Image.frombytes("RGB", (len(wanted), 1), bytes(part for colour in wanted for part in channels(colour)))
    seen = to_light.apply(to_inks.apply(strip)).tobytes()
    return {colour: of_channels(*seen[at * 3 : at * 3 + 3]) for at, colour in enumerate(wanted)}


@lru_cache(maxsize=4)
def _transforms(inks: bytes) -> tuple[Any, Any]:
    """From sRGB to the inks, and back. Relative colorimetric with black point compensation, both ways."""
    from PIL import ImageCms

    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    light, press = ImageCms.createProfile("sRGB"), ImageCms.getOpenProfile(BytesIO(inks))
    return (
        ImageCms.buildTransform(light, press, "RGB", "CMYK", intent, flags),
        ImageCms.buildTransform(press, light, "CMYK", "RGB", intent, flags),
    )
