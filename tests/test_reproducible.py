"""The same versions make the same bytes, whatever else differs between two machines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY, Project, a_cache

FORMATS = ["web", "a4", "a5-booklet", "trifold", "large-print"]
WORDS = {
    "ar": {
        "Resting your knee": "إراحة الركبة",
        "Rest. Length of rest: ": "الراحة. مدة الراحة: ",
        "Your knee needs **rest** after treatment.": "تحتاج ركبتك إلى **الراحة** بعد العلاج.",
        "Come back: ": "العودة: ",
        " visit": " زيارة",
        "You find it hard to breathe.": "تجد صعوبة في التنفس.",
    },
    "bn": {
        "Resting your knee": "হাঁটুর বিশ্রাম",
        "Rest. Length of rest: ": "বিশ্রাম নিন। বিশ্রামের সময়: ",
        "Your knee needs **rest** after treatment.": "চিকিৎসার পর আপনার হাঁটুর **বিশ্রাম** প্রয়োজন।",
        "Come back: ": "আবার আসুন: ",
        " visit": " বার",
        "You find it hard to breathe.": "আপনার শ্বাস নিতে কষ্ট হয়।",
    },
    "zh_Hans": {
        "Resting your knee": "让膝盖休息",
        "Rest. Length of rest: ": "请休息。休息时间：",
        "Your knee needs **rest** after treatment.": "治疗后，您的膝盖需要**休息**。",
        "Come back: ": "复诊：",
        " visit": "次",
        "You find it hard to breathe.": "您感到呼吸困难。",
    },
}
OTHER_FONTS = """<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir><match target="pattern">
<edit name="family" mode="prepend_first" binding="strong"><string>Noto Sans</string></edit></match></fontconfig>"""


@pytest.fixture
def languages(project: Project) -> Project:
    """The project in four scripts, in all formats, for the screen and for print."""
    locales = ", ".join(f'"{locale}"' for locale in WORDS)
    formats = ", ".join(f'"{name}"' for name in FORMATS)
    project.write("polyleaf.toml", f'locales = [{locales}]\nformats = [{formats}]\nprofiles = ["screen", "print"]\n')
    for locale, words in WORDS.items():
        project.translate(locale, lambda text, words=words: words.get(text, text))  # type: ignore[misc]
        theme = f"locales/{locale}/LC_MESSAGES/polyleaf.po"
        project.write(theme, (REPOSITORY / theme).read_bytes())
    return project


def test_a_python_that_leaves_out_assertions_is_refused_since_its_pages_would_differ(project: Project) -> None:
    command = [sys.executable, "-O", "-m", "polyleaf", "-C", str(project.root), "build"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "unset PYTHONOPTIMIZE" in ran.stderr
    assert project.files() == {}


PARTS = (("-l", "en"), ("-l", "ar", "-l", "bn", "-l", "zh_Hans", "-f", "a4", "-f", "trifold", "-p", "print"))


def built(project: Path, output: Path, *how: str, day: str = "", umask: int, **around: str) -> dict[str, bytes]:
    """What fresh processes make in a folder, in two builds, and with nothing of this one's environment.

    English comes in all formats and profiles, the other scripts as whole pages and as narrow panels. `how` says of each
    build by what processes.
    """
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    environment = {**kept, "POLYLEAF_CACHE_DIR": str(a_cache(output.with_suffix(".cache"))), **around}
    for part, processes in zip(PARTS, how, strict=True):
        polyleaf = [sys.executable, "-m", "polyleaf", "-C", str(project), "build", *part, *processes.split()]
        command = [*(["faketime", day] if day else []), *polyleaf, "-o", str(output)]
        subprocess.run(command, check=True, cwd=output.parent, env=environment, umask=umask, capture_output=True)
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def test_the_same_bytes_come_out_whatever_the_machine(languages: Project, tmp_path: Path) -> None:
    """Other days, folders, homes, time zones, languages, fonts, seeds, permissions, and numbers of workers."""
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(OTHER_FONTS.format(fonts=Path(sys.prefix) / "lib", cache=tmp_path / "fontconfig"))
    elsewhere = tmp_path / "some where" / "größer"
    shutil.copytree(languages.root, elsewhere / "project")
    here = built(
        languages.root,
        tmp_path / "here",
        *("--executor inline", "-j 1"),
        umask=0o022,
        HOME="/nonexistent",
        TZ="UTC",
        LC_ALL="C",
        PYTHONHASHSEED="1",
        FONTCONFIG_FILE="/nonexistent",
        FONTCONFIG_SYSROOT="/nonexistent",
    )
    there = built(
        elsewhere / "project",
        elsewhere / "there",
        *("-j 2", "-j 2"),
        day="2031-02-03 04:05:06",
        umask=0o077,
        HOME=str(elsewhere),
        TZ="Pacific/Kiritimati",
        LC_ALL="tr_TR.UTF-8",
        LANGUAGE="ja",
        PANGO_LANGUAGE="ja",
        PYTHONHASHSEED="2",
        SOURCE_DATE_EPOCH="86400",
        FONTCONFIG_FILE=str(fonts),
        FREETYPE_PROPERTIES="truetype:interpreter-version=35",
    )
    assert len(here) == 9 + 3 * 2 + 1
    assert {name for name in here if here[name] != there.get(name)} == set()
    assert here.keys() == there.keys()
