"""translate-toolkit's pofilter, run as a program of its own on the same pairs."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from polyleaf.catalog.document import PoEntry, parse_document, read_document

_TEST = re.compile(r"\(pofilter\) (\w+)")
_HEADER = """msgid ""
msgstr ""
"Language: {}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def flagged(cases: Sequence[Any], locale: str, program: Path) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """The names of the tests that each case fails, for untouched ones and for changed ones, by their index."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = parse_document(_HEADER.format(locale), folder / "in.po")
        for index, case in enumerate(cases):
            document.append(_entry(index, case))
        document.path.write_bytes(document.data())
        command = [str(program), f"--language={locale}", "--progress=none", str(document.path), str(folder / "out.po")]
        subprocess.run(command, check=True, capture_output=True)
        out = folder / "out.po"
        found = (
            {}
            if not out.exists()
            else {
                int(entry.msgctxt or 0): set(_TEST.findall("\n".join(entry.comments)))
                for entry in read_document(out, strict=False).entries
            }
        )
    plain = {index: tests for index, tests in found.items() if not cases[index].kind}
    return plain, {index: tests for index, tests in found.items() if cases[index].kind}


def _entry(index: int, case: Any) -> PoEntry:
    sample = case.sample
    flags = (("python-format",) if sample.syntax.percent else ()) + (
        ("python-brace-format",) if sample.syntax.markdown else ()
    )
    return PoEntry(sample.source, {0: sample.target}, msgctxt=str(index), flags=flags)
