"""Checks: functions that yield findings. `rules` tells what each finding's code stands for."""

from __future__ import annotations

from functools import cache

from polyleaf import preflight
from polyleaf.rule import Rule


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code, in the order of the codes."""
    from polyleaf.catalog import verify
    from polyleaf.checks import contrast, glyphs, layout, leaflets, pseudo, translations
    from polyleaf.translation import promotion

    of_pages = (glyphs.GLYPH, layout.COMPLAINT, layout.TOO_LONG, pseudo.UNTRANSLATABLE)
    known = (*verify.RULES, *translations.RULES, *leaflets.RULES, *promotion.RULES, *contrast.RULES, *of_pages)
    return {rule.code: rule for rule in sorted((*known, *preflight.RULES), key=lambda rule: rule.code)}
