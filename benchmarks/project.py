"""Makes a project as large as one likes out of the repository's own leaflets."""

from __future__ import annotations

import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
LOCALES = ("ar", "bn", "de", "es", "fr", "hi", "pl", "ru", "tr", "uk", "vi", "zh_Hans")
_CLINIC = (REPOSITORY / "templates/clinics/lakeside.toml").read_text(encoding="utf-8")


def make_project(
    root: Path, leaflets: int, locales: tuple[str, ...], clinics: int, source: str = "microsclerotherapy"
) -> Path:
    """A project of `leaflets` x (`locales` and English) x `clinics`: copies of one leaflet under other names.

    Every clinic has a name, a phone and an address of its own. Returns the project's folder.
    """
    (root / "templates/leaflets").mkdir(parents=True)
    (root / "templates/clinics").mkdir(parents=True)
    text = (REPOSITORY / f"templates/leaflets/{source}.md").read_text(encoding="utf-8")
    for number in range(leaflets):
        (root / f"templates/leaflets/leaflet-{number}.md").write_text(text, encoding="utf-8")
    for name in locales:
        catalogs = REPOSITORY / "locales" / name / "LC_MESSAGES"
        target = root / "locales" / name / "LC_MESSAGES"
        target.mkdir(parents=True)
        shutil.copyfile(catalogs / "polyleaf.po", target / "polyleaf.po")
        for number in range(leaflets):
            shutil.copyfile(catalogs / f"{source}.po", target / f"leaflet-{number}.po")
    shutil.copytree(REPOSITORY / "templates/clinics/lakeside", root / "templates/clinics/lakeside")
    own = _CLINIC.partition("[values")[0]
    for number in range(clinics):
        made = own.replace("Lakeside Vein Clinic", f"Lakeside Vein Clinic {number}").replace(
            "12 Harbour Road", f"{number + 1} Harbour Road"
        )
        (root / f"templates/clinics/clinic-{number}.toml").write_text(made, encoding="utf-8")
    (root / "polyleaf.toml").write_text(f"locales = {list(locales)!r}\n".replace("'", '"'), encoding="utf-8")
    return root
