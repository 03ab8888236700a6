"""Makes src/polyleaf/data/cldr.json and tests/data/cldr-units.json from CLDR's own JSON.

Run from the repository's root with the folder that holds the npm packages cldr-core, cldr-numbers-full and
cldr-units-full, all of release 48.2.0:

    npm install --prefix /tmp/cldr cldr-core@48.2.0 cldr-numbers-full@48.2.0 cldr-units-full@48.2.0
    python tools/cldr.py /tmp/cldr/node_modules

The first file holds what Babel has no interface for: digits, patterns of number ranges, the fewest digits that are
grouped, plural categories of ranges, paper sizes (UTS #35, parts 3 and 6). The second is the oracle of the tests.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TESTED_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")


def parent(locale: str, parents: dict[str, str]) -> str | None:
    if locale in parents:
        return parents[locale]
    return locale.rpartition("-")[0] or ("und" if locale != "und" else None)


def without_inherited(found: dict[str, Any], parents: dict[str, str]) -> dict[str, Any]:
    """Keep the entries that differ from what the locale inherits."""

    def inherited(locale: str) -> Any:
        above = parent(locale, parents)
        while above is not None and above not in found:
            above = parent(above, parents)
        return None if above is None else found[above]

    return {k.replace("-", "_"): v for k, v in sorted(found.items()) if v != inherited(k)}


def write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main(packages: Path) -> None:
    def load(name: str) -> Any:
        return json.loads((packages / name).read_text(encoding="utf-8"))

    core = "cldr-core/supplemental/"
    parents = load(core + "parentLocales.json")["supplemental"]["parentLocales"]["parentLocale"]
    ranges: dict[str, str] = {"und": "{0}–{1}"}
    grouping: dict[str, int] = {"und": 1}
    for folder in sorted((packages / "cldr-numbers-full/main").iterdir()):
        numbers = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))["main"][folder.name]["numbers"]
        system = numbers["defaultNumberingSystem"]
        misc = numbers.get(f"miscPatterns-numberSystem-{system}") or numbers["miscPatterns-numberSystem-latn"]
        ranges[folder.name] = misc["range"]
        grouping[folder.name] = int(numbers["minimumGroupingDigits"])
    systems = load(core + "numberingSystems.json")["supplemental"]["numberingSystems"]
    plural_ranges = load(core + "pluralRanges.json")["supplemental"]["plurals"]
    paper = load(core + "measurementData.json")["supplemental"]["measurementData"]["paperSize"]
    write(
        Path("src/polyleaf/data/cldr.json"),
        {
            "release": load("cldr-core/package.json")["version"],
            "digits": {k: v["_digits"] for k, v in systems.items() if v["_type"] == "numeric" and k != "latn"},
            "range": without_inherited(ranges, parents),
            "minimum_grouping_digits": without_inherited(grouping, parents),
            "plural_ranges": {
                language: {
                    key.removeprefix("pluralRange-start-").replace("-end-", " "): category
                    for key, category in rules.items()
                }
                for language, rules in plural_ranges.items()
            },
            "letter_territories": sorted(t for t, size in paper.items() if size == "US-Letter"),
        },
    )

    units: dict[str, Any] = {}
    for folder in sorted((packages / "cldr-units-full/main").iterdir()):
        data = json.loads((folder / "units.json").read_text(encoding="utf-8"))["main"][folder.name]["units"]
        units[folder.name] = {
            length: {
                unit: {
                    key.removeprefix("unitPattern-count-"): pattern
                    for key, pattern in data[length][f"duration-{unit}"].items()
                    if key.startswith("unitPattern-count-") and "-case-" not in key
                }
                for unit in TESTED_UNITS
            }
            for length in ("long", "short")
        }
    write(Path("tests/data/cldr-units.json"), without_inherited(units, parents))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
