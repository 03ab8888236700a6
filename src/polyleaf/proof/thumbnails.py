"""Pages of PDFs in frames on the pages of another: drawn by themselves, as small as the frames are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Name, Pdf

from polyleaf.pdf import Place

_MM_PER_PT = 25.4 / 72
_CLAIMS = ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part", "pdfaExtension:schemas")


Frames = Sequence[tuple[int, Place]]
"""The pages of a file, counted from 0, and where each goes."""


def sizes_mm(data: bytes) -> tuple[tuple[float, float], ...]:
    """The width and height of each page after cutting. Raises `ValueError` for what is no PDF."""
    try:
        with Pdf.open(BytesIO(data)) as pdf:
            boxes = [[float(side) for side in page.trimbox] for page in pdf.pages]
    except pikepdf.PdfError as error:
        raise ValueError(f"{error}") from None
    return tuple(((right - left) * _MM_PER_PT, (top - bottom) * _MM_PER_PT) for left, bottom, right, top in boxes)


def framed(sheet: bytes, files: Iterable[tuple[bytes, Frames]]) -> bytes:
    """The sheet with the pages of files in its frames: what is left of each after cutting, and nothing around it.

    What the pages of a file share, they share here: fonts come along once. The sheet does not claim any more to conform
    to PDF/A or PDF/UA: what it shows need not. The same bytes every time.
    """
    with ExitStack() as opened:
        pdf = opened.enter_context(Pdf.open(BytesIO(sheet)))
        drawn: dict[int, list[str]] = defaultdict(list)
        for data, frames in files:
            source = opened.enter_context(Pdf.open(BytesIO(data)))  # what is copied is read when it is written
            for page, place in frames:
                form = pdf.copy_foreign(source.pages[page].as_form_xobject())
                name = f"/Proof{sum(map(len, drawn.values())) + 1}"
                pdf.pages[place.page].add_resource(form, Name.XObject, Name(name))
                drawn[place.page].append(_painted(name, form, place, float(pdf.pages[place.page].mediabox[3])))
        for number, painted in drawn.items():
            pdf.pages[number].contents_add(b"q\n", prepend=True)
            pdf.pages[number].contents_add(f"\nQ\n/Artifact BMC\n{''.join(painted)}EMC\n".encode())
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            for claim in _CLAIMS:
                xmp.pop(claim, None)
        written = BytesIO()
        pdf.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _painted(name: str, form: Any, place: Place, top: float) -> str:
    """What paints a page into its frame on a page that ends at `top`."""
    left, bottom, right, _ = (float(side) for side in form.BBox)
    scale = place.width / (right - left)
    x, y = place.left - scale * left, top - place.top - place.height - scale * bottom
    return f"q {scale:.5f} 0 0 {scale:.5f} {x:.3f} {y:.3f} cm {name} Do Q\n"
