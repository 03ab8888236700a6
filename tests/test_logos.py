"""Logos of every kind that a clinic has, and those that no leaflet should carry."""

from __future__ import annotations

import re
import struct
import sys
import zlib
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import LOGO, Project
from PIL import Image, ImageCms, ImageDraw, ImageFile

from polyleaf import paper
from polyleaf.colour import channels, difference, of_channels
from polyleaf.logo import LogoFaultError, read_logo
from polyleaf.svg import with_view_box

TEAL = (11, 85, 99)
CORAL = (200, 87, 59)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def a_picture(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Teal on the left and coral on the right."""
    image = Image.new("RGB", size, TEAL)
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, size[0], size[1]), fill=CORAL)
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png(image: Image.Image, **options: Any) -> bytes:
    return saved(image, "PNG", **options)


def jpeg(image: Image.Image, **options: Any) -> bytes:
    return saved(image, "JPEG", quality=95, **options)


def shown(name: str, data: bytes) -> Image.Image:
    """What pages show of a logo."""
    logo = read_logo(name, data)
    assert logo.media_type == "image/png"
    image = Image.open(BytesIO(logo.data))
    image.load()
    return image


def at(image: Image.Image, x: float, y: float) -> str:
    """The colour at a place, in parts of the width and height."""
    pixel = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))
    assert isinstance(pixel, tuple)
    return of_channels(*map(int, pixel))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_16_bit(colour_type: int, pixel: bytes, size: int = 200) -> bytes:
    """A PNG file of one colour with 16 bits a channel, which Pillow cannot write for all colour types."""
    header = struct.pack(">IIBBBBB", size, size, 16, colour_type, 0, 0, 0)
    rows = zlib.compress((b"\0" + pixel * size) * size)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def png_of_size(width: int, height: int) -> bytes:
    """A PNG file that says that it is of a size, with hardly any data."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


# Kinds that are taken ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("logo.png", png(a_picture())),
        ("logo.PNG", png(a_picture().quantize(4))),
        ("logo.jpg", jpeg(a_picture())),
        ("logo.jpeg", jpeg(a_picture(), progressive=True)),
        ("logo.jpg", jpeg(a_picture()) + b"what a camera adds" * 99),
        ("logo.png", png(a_picture()) + b"what a program adds" * 99),
    ],
)
def test_a_logo_of_pixels_shows_its_colours(name: str, data: bytes) -> None:
    image = shown(name, data)
    assert image.mode == "RGB"
    assert difference(at(image, 0.2, 0.5), of_channels(*TEAL)) < 3
    assert difference(at(image, 0.8, 0.5), of_channels(*CORAL)) < 3


def test_a_transparent_logo_stays_transparent() -> None:
    image = a_picture("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 150, 200))
    seen = shown("logo.png", png(image))
    assert seen.mode == "RGBA"
    assert [seen.getpixel((10, 100))[3], seen.getpixel((290, 100))[3]] == [0, 255]  # type: ignore[index]


def test_a_logo_in_grey_keeps_its_greys() -> None:
    assert at(shown("logo.png", png(Image.new("L", (200, 200), 97))), 0.5, 0.5) == "#616161"
    seen = shown("logo.png", png(Image.new("LA", (200, 200), (97, 128))))
    assert seen.getpixel((5, 5)) == (97, 97, 97, 128)


@pytest.mark.parametrize(
    ("colour_type", "pixel", "expected"),
    [
        (0, b"\x61\xff", (97, 97, 97)),
        (2, b"\x0b\xff\x55\x80\x63\x01", TEAL),
        (4, b"\x61\xff\x80\x01", (97, 97, 97, 128)),
        (6, b"\x0b\xff\x55\x80\x63\x01\x80\x01", (*TEAL, 128)),
    ],
)
def test_sixteen_bits_become_eight_and_are_not_cut_off(
    colour_type: int, pixel: bytes, expected: tuple[int, ...]
) -> None:
    assert shown("logo.png", png_16_bit(colour_type, pixel)).getpixel((9, 9)) == expected


def test_inks_are_shown_by_their_profile_and_kept_for_print() -> None:
    inks = Image.new("CMYK", (200, 200), (255, 0, 0, 0))
    bare = jpeg(inks)
    profiled = jpeg(inks, icc_profile=paper.profile())
    assert read_logo("logo.jpg", bare).inks == bare
    assert read_logo("logo.jpg", profiled).inks == profiled
    assert read_logo("logo.jpg", jpeg(a_picture())).inks == b""
    seen = at(shown("logo.jpg", bare), 0.5, 0.5)
    assert seen == at(shown("logo.jpg", profiled), 0.5, 0.5)
    assert difference(seen, "#009fe3") < 5  # printed cyan as the trade shows it; without a profile it would be #00ffff


def test_a_colour_profile_is_put_into_effect() -> None:
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, blue = swapped.index(b"rXYZ"), swapped.index(b"bXYZ")
    table = bytearray(swapped)
    table[red : red + 4], table[blue : blue + 4] = b"bXYZ", b"rXYZ"
    seen = at(shown("logo.png", png(a_picture(), icc_profile=bytes(table))), 0.2, 0.5)
    red_of, _, blue_of = channels(seen)
    assert red_of > blue_of  # what the profile calls red is blue


def test_a_grey_picture_with_a_profile_of_colours_is_taken() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert at(shown("logo.png", png(Image.new("L", (200, 200), 97), icc_profile=profile)), 0.5, 0.5) == "#616161"


def test_a_photo_that_lies_on_its_side_is_set_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = shown("logo.jpg", jpeg(a_picture(), exif=exif))
    assert image.height > image.width
    assert difference(at(image, 0.5, 0.2), of_channels(*TEAL)) < 3


def test_the_same_logo_gives_the_same_bytes_without_what_else_was_in_the_file() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at the director's home"
    plain = read_logo("logo.jpg", jpeg(a_picture()))
    assert plain == read_logo("logo.jpg", jpeg(a_picture(), exif=exif, comment=b"a remark"))
    assert plain == read_logo("other.jpeg", jpeg(a_picture()))


def test_pages_carry_no_more_pixels_than_can_be_seen() -> None:
    image = shown("logo.png", png(a_picture(size=(4000, 3000))))
    assert image.height == 295  # 12.5 mm at 600 pixels an inch
    assert image.width == pytest.approx(393, abs=1)


def test_weasyprint_does_not_make_up_what_is_missing_of_a_logo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(LogoFaultError, match="cut off"):
        read_logo("logo.jpg", jpeg(a_picture())[:-2000])
    assert ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_drawing_without_a_view_box_is_drawn_whole() -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="90px" height="40">\n</svg>'
    assert b'<svg viewBox="0 0 90 40" xmlns' in with_view_box(drawing)
    assert with_view_box(LOGO.encode()) == LOGO.encode()
    assert with_view_box(b"<svg\n/>") == b"<svg\n/>"


# Kinds that are refused ----------------------------------------------------------------------------------------------


def animated() -> bytes:
    return png(a_picture(), save_all=True, append_images=[Image.new("RGB", (300, 200), "white")])


def entities(count: int) -> str:
    """A drawing with an entity that stands for ten times the one before it, and so on."""
    declared = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(count))
    return f'<!DOCTYPE svg [<!ENTITY e0 "lol">{declared}]>' + SVG.format(f'<path id="&e{count};"/>')


def compressed_bomb() -> bytes:
    """A picture with a remark of a gigabyte."""
    picture = png(a_picture())
    return picture[:33] + chunk(b"zTXt", b"remark\0\0" + zlib.compress(bytes(2**30), 9)) + picture[33:]


ENDLESS = "it draws more than 20,000 elements, or more than 100 within one another or themselves"
NO_LOGOS: dict[str, tuple[str, Callable[[], str | bytes], str]] = {
    "of 40 pixels": ("logo.png", lambda: png(a_picture(size=(40, 40))), "save it with 148 x 148 pixels or more"),
    "flat and small": ("logo.png", lambda: png(a_picture(size=(400, 40))), "save it with 532 x 54 pixels or more"),
    "of 400 megapixels": ("logo.png", lambda: png_of_size(20_000, 20_000), "20,000 x 20,000 pixels, and 25 million"),
    "animated": ("logo.png", animated, "is animated"),
    "cut off PNG": ("logo.png", lambda: png(a_picture())[:-30], "is damaged or cut off"),
    "PNG without its end": ("logo.png", lambda: png(a_picture())[:-12], "is damaged or cut off"),
    "cut off JPEG": ("logo.jpg", lambda: jpeg(a_picture())[:-2000], "is damaged or cut off"),
    "damaged PNG": ("logo.png", lambda: png(a_picture()).replace(b"IDAT", b"IDAX"), "is damaged or cut off"),
    "wrong suffix": ("logo.png", lambda: jpeg(a_picture()), "is a JPEG image, but its name has '.png'"),
    "PNG as SVG": ("logo.svg", lambda: png(a_picture()), "rename it to 'logo.png'"),
    "SVG as JPEG": ("logo.jpg", lambda: LOGO, "is a SVG image, but its name has '.jpg'"),
    "no suffix": ("logo", lambda: png(a_picture()), "but its name has no ending\n  hint: rename it to 'logo.png'"),
    "GIF": ("logo.gif", lambda: saved(a_picture(), "GIF"), "is a GIF image\n  hint: save it as SVG, PNG or JPEG"),
    "WebP": ("logo.webp", lambda: saved(a_picture(), "WEBP"), "is a WebP image\n  hint: save it as SVG, PNG or JPEG"),
    "TIFF": ("logo.tif", lambda: saved(a_picture(), "TIFF"), "is a TIFF image\n  hint: save it as SVG, PNG or JPEG"),
    "BMP": ("logo.bmp", lambda: saved(a_picture(), "BMP"), "is a BMP image\n  hint: save it as SVG, PNG or JPEG"),
    "PDF": ("logo.pdf", lambda: saved(a_picture(), "PDF"), "is a PDF image\n  hint: save it as SVG, PNG or JPEG"),
    "nothing known": ("logo.dat", lambda: "hello", "is no image that is known"),
    "broken profile": ("logo.png", lambda: png(a_picture(), icc_profile=b"none"), "colour profile"),
    "profile of inks": ("logo.png", lambda: png(a_picture(), icc_profile=paper.profile()), "colour profile"),
    "script": ("logo.svg", lambda: SVG.format("<script>alert(1)</script>"), "<script> on line 1"),
    "reference": ("logo.svg", lambda: SVG.format('<use href="other.svg#a"/>'), "an address outside the file: other"),
    "style sheet": (
        "logo.svg",
        lambda: f'<?xml-stylesheet href="x.css"?>\n{LOGO}',
        "a style sheet outside the file on line 1",
    ),
    "text": (
        "logo.svg",
        lambda: SVG.format('<g style="font-family: Gotham, sans-serif"><text y="5"><tspan>Hill</tspan></text></g>'),
        'the text "Hill" in a font that readers may not have (Gotham, sans-serif) on line 1\n  hint: turn text into',
    ),
    "huge": ("logo.svg", lambda: SVG.format("<!--" + "a" * 1_000_000 + "-->"), "1 MB are allowed"),
    "endless": ("logo.svg", lambda: SVG.format('<g id="a"><use href="#a"/></g>'), ENDLESS),
    "clipped by itself": (
        "logo.svg",
        lambda: SVG.format('<clipPath id="c"><path clip-path="url(#c)"/></clipPath><path clip-path="url(#c)"/>'),
        ENDLESS,
    ),
    "masked by itself in a style": (
        "logo.svg",
        lambda: SVG.format('<style>g > .a, b {mask: url("#m")}</style><mask id="m"><path class="b a"/></mask>'),
        ENDLESS,
    ),
    "filled with itself": (
        "logo.svg",
        lambda: SVG.format('<pattern id="p"><path style="stroke:URL( #p )"/></pattern>'),
        ENDLESS,
    ),
    "deep": ("logo.svg", lambda: SVG.format("<g>" * 5000 + "</g>" * 5000), ENDLESS),
    "deep by what it repeats": (
        "logo.svg",
        lambda: SVG.format("".join(f'<g id="a{n + 1}"><use href="#a{n}"/></g>' for n in range(60))),
        ENDLESS,
    ),
    "marker": (
        "logo.svg",
        lambda: SVG.format('<path style="marker-end: url(#m)"/>'),
        "a marker on line 1\n  hint: turn it into paths",
    ),
    "marker of a group": ("logo.svg", lambda: SVG.format('<g marker-mid="url(#m)"/>'), "a marker on line 1"),
    "marker in a style": ("logo.svg", lambda: SVG.format("<style>.a {marker:url(#m)}</style>"), "a marker on line 1"),
    "no size": (
        "logo.svg",
        lambda: LOGO.replace("viewBox", 'width="0" viewBox'),
        "the width '0' is no size on line 1\n  hint: save it anew",
    ),
    "no area": (
        "logo.svg",
        lambda: LOGO.replace("0 0 9 9", "0 0 9 nan"),
        "the viewBox '0 0 9 nan' is no area on line 1",
    ),
    "half an area": ("logo.svg", lambda: LOGO.replace("0 0 9 9", "0 0 9"), "the viewBox '0 0 9' is no area on line 1"),
    "empty": ("logo.png", lambda: b"", "is empty\n  hint: export it or copy it once more"),
    "empty SVG": ("logo.svg", lambda: b"", "is empty"),
    "PDF as PNG": (
        "logo.png",
        lambda: saved(a_picture(), "PDF"),
        "is a PDF image\n  hint: save it as SVG, PNG or JPEG",
    ),
    "compressed bomb": ("logo.png", compressed_bomb, "is damaged or cut off"),
    "JPEG of 4,000 megapixels": (
        "logo.jpg",
        lambda: jpeg(a_picture()).replace(struct.pack(">HH", 200, 300), struct.pack(">HH", 65_500, 65_500)),
        "has 65,500 x 65,500 pixels, and 25 million are allowed",
    ),
    "picture from the web": (
        "logo.svg",
        lambda: SVG.format('<image href="https://hill.example/a.png"/>'),
        "an address outside the file: https://hill.example",
    ),
    "file beside it": (
        "logo.svg",
        lambda: SVG.format('<image xmlns:x="http://www.w3.org/1999/xlink" x:href="file:///etc/passwd"/>'),
        "an address outside the file: file:///etc/passwd on line 1",
    ),
    "imported style": (
        "logo.svg",
        lambda: SVG.format("<style>\n@import 'a.css';</style>"),
        "an address outside the file on line 2",
    ),
    "entity": ("logo.svg", lambda: entities(1), "an entity on line 1"),
    "entity from a file": (
        "logo.svg",
        lambda: '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG.format("<desc>&a;</desc>"),
        "an entity on line 1",
    ),
    "a billion laughs": ("logo.svg", lambda: entities(9), "limit on input amplification factor"),
    "unknown encoding": (
        "logo.svg",
        lambda: f'<?xml version="1.0" encoding="klingon"?>{LOGO}',
        "its encoding is unknown on line 1\n  hint: save it in UTF-8",
    ),
    "encoding of several bytes": (
        "logo.svg",
        lambda: f'<?xml version="1.0" encoding="shift_jis"?>{LOGO}',
        "its encoding is unknown on line 1",
    ),
    "no colour": ("logo.svg", lambda: SVG.format('<path fill="#12345"/>'), "fill: '#12345' is no colour on line 1"),
    "no colour in a style": (
        "logo.svg",
        lambda: SVG.format("<style>/* a */\n.a { stroke: tealish; }</style>"),
        "stroke: 'tealish' is no colour on line 2",
    ),
    "moving": ("logo.svg", lambda: SVG.format("<path><animate/></path>"), "it moves (<animate>)"),
    "SVG in SVG": (
        "logo.svg",
        lambda: SVG.format('<image href="data:image/svg+xml,&lt;svg/>"/>'),
        "a picture that is no PNG or JPEG",
    ),
    "bomb in SVG": (
        "logo.svg",
        lambda: SVG.format(f'<image href="data:image/png;base64,{b64encode(png_of_size(30_000, 30_000)).decode()}"/>'),
        "a picture inside it has 30,000 x 30,000 pixels",
    ),
    "inks in SVG": (
        "logo.svg",
        lambda: SVG.format(
            f'<image href="data:image/jpeg;base64,{b64encode(jpeg(Image.new("CMYK", (9, 9)))).decode()}"/>'
        ),
        "a picture inside it is in inks (CMYK)",
    ),
    "no namespace": ("logo.svg", lambda: "<svg/>", 'hint: write <svg xmlns="http://www.w3.org/2000/svg"'),
}


@pytest.mark.parametrize("kind", NO_LOGOS)
def test_what_cannot_be_a_logo_is_refused_with_its_place_and_a_way_out(project: Project, kind: str) -> None:
    name, make, expected = NO_LOGOS[kind]
    data = make()
    project.write(f"templates/clinics/hill/{name}", data)
    project.edit("templates/clinics/hill.toml", "hill/logo.svg", f"hill/{name}")
    run = project.run("check", "--select", "A2")
    assert run.exit_code == 2
    assert f"templates/clinics/hill.toml:3: the logo 'hill/{name}' " in run.stderr
    assert expected in run.stderr
    assert "hint: " in run.stderr


def test_a_drawing_that_repeats_itself_too_often_is_refused_at_once() -> None:
    levels = "".join(f'<g id="a{n + 1}">' + f'<use href="#a{n}"/>' * 10 + "</g>" for n in range(30))
    with pytest.raises(LogoFaultError, match="20,000 elements"):
        read_logo("logo.svg", SVG.format(f'<defs><path id="a0"/>{levels}</defs><use href="#a30"/>').encode())


@pytest.mark.parametrize(
    "inside",
    [
        '<path fill="none" stroke="currentColor"/>',
        '<path fill="rgb(1, 2, 3)" stroke="url(#a) #123"/>',
        '<path style="fill: #12345678; stroke: hsl(120 50% 50%) !important; stop-color: Teal"/>',
        '<path style="fill:#0b5563 icc-color(FOGRA39, 1, 0, 0, 0)"/>',
        "<style>.a { fill: red; font-family: Gotham } /* fill: what? */</style><title>Hill Clinic</title>",
        '<text y="5"> </text>',
        '<path style="marker: none; clip-path: url(#c)"/><clipPath id="c"><path/></clipPath>',
        '<style>.a {fill: url( "#g" )}</style><linearGradient id="g">'
        + "<stop/>" * 20
        + "</linearGradient>"
        + '<path class="a"/>' * 1500,
        "<g>" * 90 + "</g>" * 90,
        f'<image href="data:image/png;base64,{b64encode(png(a_picture(size=(4, 4)))).decode()}"/>',
    ],
)
def test_drawings_of_common_programs_are_taken(inside: str) -> None:
    data = SVG.format(inside).encode()
    assert read_logo("logo.svg", data).data == data


# On pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [("logo.png", png(a_picture("RGBA"))), ("logo.jpg", jpeg(Image.new("CMYK", (600, 200), (0, 200, 200, 0))))],
)
def test_pages_show_a_logo_of_pixels_in_its_shape(project: Project, name: str, data: bytes) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    project.write(f"templates/clinics/hill/{name}", data)
    project.edit("templates/clinics/hill.toml", "hill/logo.svg", f"hill/{name}")
    assert project.build("-l", "en").exit_code == 0
    logo = read_logo(name, data)
    assert f"data:image/png;base64,{b64encode(logo.data).decode()}" in project.output("hill/en/knee.html")
    with pikepdf.open(project.path("output/hill/en/knee.a4.pdf")) as pdf:
        drawn = re.findall(rb"([\d.]+) 0 0 -?([\d.]+) [\d. -]+ cm\s+/\S+ Do", pdf.pages[0].Contents.read_bytes())
        assert pdf.pages[0].Resources.XObject
    picture = Image.open(BytesIO(logo.data))
    assert any(float(w) / float(h) == pytest.approx(picture.width / picture.height, rel=0.01) for w, h in drawn)


def test_a_logo_that_cannot_be_drawn_fails_the_build_without_being_quoted(project: Project) -> None:
    project.write("templates/clinics/hill/logo.svg", SVG.format('<path opacity="x" d="M0 0h4v4z"/>'))
    run = project.build("-l", "en", "-f", "a4")
    assert run.exit_code == 1
    assert "Failed to render SVG image of the type image/svg+xml\n  hint: mend the theme or the logo" in run.stderr


def test_pillow_is_not_imported_for_a_drawing(project: Project) -> None:
    import subprocess

    code = (
        "import sys; from pathlib import Path; from polyleaf.clinic import load_clinic;"
        "load_clinic(Path(sys.argv[1]), {}); print('PIL' in sys.modules)"
    )
    path: Path = project.path("templates/clinics/hill.toml")
    run = subprocess.run([sys.executable, "-c", code, path], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "False"
