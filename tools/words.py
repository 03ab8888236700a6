"""Makes src/polyleaf/data/words.json, the words of numbers and units, from CLDR's own data.

Run from the repository's root with the folder that holds the npm packages cldr-rbnf and cldr-units-full, both of
release 48.2.0, in an environment that has PyICU 2.17 (it reads CLDR's rules; the program does not need it):

    npm install --prefix /tmp/cldr cldr-rbnf@48.2.0 cldr-units-full@48.2.0
    python tools/words.py /tmp/cldr/node_modules

Numbers are those of the spellout rules, in all their genders and cases, cardinal and ordinal (UTS #35 part 3,
rule-based number formatting). Units are those of the unit patterns, in all lengths and plural categories (part 2).
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from icu import ICUError, Locale, RuleBasedNumberFormat  # type: ignore[import-not-found]

NUMBERS = (*range(101), 1000)
IN_ALL_FORMS = 31  # above it the cardinals in their first form will do
UNITS = {
    **{f"duration-{name}": name for name in ("second", "minute", "hour", "day", "week", "month", "year")},
    **{f"mass-{name}": name for name in ("microgram", "milligram", "gram", "kilogram")},
    **{f"volume-{name}": name for name in ("milliliter", "liter")},
    **{f"length-{name}": name for name in ("millimeter", "centimeter", "meter", "kilometer")},
    "temperature-celsius": "celsius",
    "concentr-percent": "percent",
    "concentr-millimole-per-liter": "millimole-per-liter",
    "energy-kilocalorie": "kilocalorie",
    "energy-kilojoule": "kilojoule",
}
# Forms that say a number in another way than with words, or that only other rules use.
_UNWANTED_RULES = re.compile(r"numbering(?!-verbose)|private|digits|2d-year|-lenient|year|%%")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2066-\u2069]")


def numbers(path: Path) -> dict[str, list[str]]:
    """The words for each number."""
    language = path.name.partition("-")[0]
    try:
        spellout = RuleBasedNumberFormat(path.read_text(encoding="utf-8"), Locale(language))
    except ICUError:
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    for index in range(spellout.getNumberOfRuleSetNames()):
        name = spellout.getRuleSetName(index)
        if _UNWANTED_RULES.search(name):
            continue
        plain = "ordinal" not in name and not re.search(
            r"genitive|dative|accusative|locative|instrumental|prepos", name
        )
        for number in (number for number in NUMBERS if plain or number <= IN_ALL_FORMS):
            word = _word(spellout.format(number, name))
            if word and not re.search(r"[\d#=,.−]", word):
                found[str(number)].add(word)
    return {number: sorted(words) for number, words in found.items()}


def units(path: Path) -> dict[str, list[str]]:
    """The words of each unit, without the number."""
    data = json.loads(path.read_text(encoding="utf-8"))["main"][path.parent.name]["units"]
    found: dict[str, set[str]] = defaultdict(set)
    for length in ("long", "short", "narrow"):
        for unit, name in UNITS.items():
            forms = data[length].get(unit, {})
            found[name] |= {_word(text) for key, text in forms.items() if "unitPattern" in key or key == "displayName"}
    kept = {
        name: {word for word in words if (len(word) > 1 or not word.isalpha()) and word.strip("॰.") != "से"}
        for name, words in found.items()
    }
    return {name: sorted(words) for name, words in kept.items() if words}


# A letter alone, and the Hindi "से" (a second, and "from"), say a unit too rarely. CJK units have a file of their own.
def _word(pattern: str) -> str:
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", pattern.replace("{0}", ""))).strip().lower()


def main(packages: Path) -> None:
    words: dict[str, dict[str, Any]] = defaultdict(dict)
    for path in sorted((packages / "cldr-rbnf/rbnf").glob("*-SpelloutRules.txt")):
        language = path.name.removesuffix("-SpelloutRules.txt")
        if language != "root" and (found := numbers(path)):
            words[language]["numbers"] = found
    root = units(packages / "cldr-units-full/main/und/units.json")
    for path in sorted((packages / "cldr-units-full/main").glob("*/units.json")):
        language = path.parent.name.replace("-", "_")
        if re.fullmatch(r"[a-z]{2,3}|zh_Hant|sr_Latn", language) and (found := units(path)) and found != root:
            words[language]["units"] = found
    data = {"release": "48.2.0", "languages": dict(sorted(words.items()))}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).replace('},"', '},\n"')
    Path("src/polyleaf/data/words.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
