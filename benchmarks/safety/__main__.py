"""Measures what the checks of translations catch, and what they say of translations that are right.

make safety                                  the whole table, into benchmarks/safety/RESULTS.md
python benchmarks/safety --tmx FILE.tmx      another corpus; printed, and not written
python benchmarks/safety -l de -l ar --show "negation removed"       some locales, with what was missed
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from babel import Locale
from corpus import ENGLISH, Sample, django, leaflets, tmx
from mutations import MUTATIONS
from pofilter import flagged

from polyleaf.catalog.read import Entry
from polyleaf.catalog.verify import Subject
from polyleaf.checks.translations import check_subject
from polyleaf.model import Message
from polyleaf.translation.lexicon import lexicon

WRONG_LANGUAGE = "wrong language"
KINDS = (*MUTATIONS, WRONG_LANGUAGE)
TARGETS = dict.fromkeys(KINDS, 0.99) | {"negation removed": 0.9, "sentence dropped": None, WRONG_LANGUAGE: None}
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Case:
    """A pair, as it is or changed for the worse; `kind` is empty where it is as it is."""

    number: int
    kind: str
    sample: Sample


@dataclass
class Tally:
    """What was found, by kind: mutations tried, those with a new finding, and those with a new error."""

    tried: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)

    def add(self, more: Tally) -> None:
        for name in ("tried", "caught", "errors", "other"):
            getattr(self, name).update(getattr(more, name))


def cases(samples: Sequence[Sample], others: Sequence[Sample]) -> Iterator[Case]:
    """Each sample as it is, and changed in each way that applies; the same changes in every run."""
    by_source = defaultdict(list)
    for other in others:
        by_source[other.source].append(other)
    for number, sample in enumerate(samples):
        yield Case(number, "", sample)
        for kind, mutate in MUTATIONS.items():
            rng = random.Random(f"{number} {kind} {sample.locale}")
            target = mutate(sample, rng)
            if target is not None and target.strip() and target != sample.target:
                yield Case(number, kind, replace(sample, target=target))
        wrong = _in_another_language(sample, by_source[sample.source])
        if wrong is not None:
            yield Case(number, WRONG_LANGUAGE, replace(sample, target=wrong))


def _in_another_language(sample: Sample, others: Sequence[Sample]) -> str | None:
    """The same message's translation into another language."""
    language = Locale.parse(sample.locale).language
    found = [other.target for other in others if Locale.parse(other.locale).language != language]
    found = [text for text in found if text not in (sample.target, sample.source) and len(text.split()) >= 4]
    return random.Random(sample.source + sample.locale).choice(found) if found else None


def findings(sample: Sample) -> set[tuple[str, str, str]]:
    """What the program says: code, severity and message."""
    message = Message(sample.context, sample.source)
    entry = Entry({"other": sample.target}, False, 1)
    subject = Subject(message, entry, Path("x.po"), Locale.parse(sample.locale), ENGLISH, sample.syntax)
    found = check_subject(subject)
    return {(finding.code, finding.severity, finding.message.partition(": ")[0]) for finding in found}


def measure(job: tuple[list[Case], dict[int, set[str]], dict[int, set[str]], str]) -> tuple[Tally, list[str]]:
    """Check the cases of one locale."""
    all_cases, filter_plain, filter_changed, show = job
    tally, shown = Tally(), []
    plain: dict[int, set[tuple[str, str, str]]] = {}
    for index, case in enumerate(all_cases):
        found = {one for one in findings(case.sample) if one[1] != "note"}
        tally.tried[case.kind] += 1
        if not case.kind:
            plain[case.number] = found
            tally.caught[""] += bool(found)
            tally.errors[""] += any(severity == "error" for _, severity, _ in found)
            tally.other[""] += bool(filter_plain.get(index))
            if show == "untouched" and any(severity == "error" for _, severity, _ in found):
                shown.append(f"{case.sample.locale}: {case.sample.source} => {case.sample.target} {found}")
            continue
        new = found - plain[case.number]
        tally.caught[case.kind] += bool(new)
        tally.errors[case.kind] += any(severity == "error" for _, severity, _ in new)
        tally.other[case.kind] += bool(
            filter_changed.get(index, set()) - filter_plain.get(_first(all_cases, index), set())
        )
        if show == case.kind and not new:
            shown.append(f"{case.sample.locale}: {case.sample.source} => {case.sample.target}")
    return tally, shown


def _first(all_cases: Sequence[Case], index: int) -> int:
    """The index of the untouched case of the same sample."""
    while all_cases[index].kind:
        index -= 1
    return index


def table(title: str, tally: Tally, with_other: bool) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    other = " pofilter |" if with_other else ""
    yield f"| | tried | caught | at error level | target |{other}"
    yield f"|---|---|---|---|---|{'---|' if with_other else ''}"
    for kind in (*KINDS, ""):
        tried = tally.tried[kind]
        if tried:
            target = TARGETS.get(kind)
            goal = "" if target is None else f"{target:.0%}"
            name = kind or "*untouched, flagged*"
            goal = "2% at error level" if not kind else goal
            more = f" {tally.other[kind] / tried:.1%} |" if with_other else ""
            shares = f"{tally.caught[kind] / tried:.1%} | {tally.errors[kind] / tried:.1%}"
            yield f"| {name} | {tried} | {shares} | {goal} |{more}"
    yield ""


def by_locale(tallies: dict[str, Tally]) -> Iterator[str]:
    """The share caught in each locale."""
    kinds = [kind for kind in KINDS if any(tally.tried[kind] for tally in tallies.values())]
    yield f"| locale | {' | '.join(kinds)} | untouched at error level |"
    yield "|---" * (len(kinds) + 2) + "|"
    for name, tally in sorted(tallies.items()):
        shares = (f"{tally.caught[kind] / tally.tried[kind]:.0%}" if tally.tried[kind] else "" for kind in kinds)
        yield f"| {name} | {' | '.join(shares)} | {tally.errors[''] / tally.tried['']:.1%} |"
    yield ""


def is_known(locale: Locale) -> bool:
    """Whether the program has data of the language; of others it knows what CLDR says of all languages."""
    return locale.language != "en" and lexicon(locale).cues is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-l", "--locale", action="append", default=[])
    parser.add_argument("--tmx", action="append", type=Path, default=[])
    parser.add_argument("--show", default="", help='a kind, or "untouched": list what was missed, or flagged wrongly')
    parser.add_argument("--pofilter", type=Path, help="the program of translate-toolkit to compare with")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "polyleaf-safety")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    samples = [sample for path in options.tmx for sample in tmx(path)] or [*leaflets(), *django(options.cache)]
    samples = [sample for sample in samples if is_known(Locale.parse(sample.locale))]
    groups: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        if not options.locale or sample.locale in options.locale:
            groups[sample.corpus, sample.locale].append(sample)
    report(groups, samples, options)


def report(groups: dict[tuple[str, str], list[Sample]], samples: Iterable[Sample], options: argparse.Namespace) -> None:
    by_corpus = defaultdict(list)
    for sample in samples:
        by_corpus[sample.corpus].append(sample)
    jobs = []
    for (corpus, locale), group in groups.items():
        found = list(cases(group, by_corpus[corpus]))
        plain, changed = flagged(found, locale, options.pofilter) if options.pofilter else ({}, {})
        jobs.append((found, plain, changed, options.show))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = dict(zip(groups, pool.map(measure, jobs), strict=True))
    lines = []
    for corpus in dict.fromkeys(corpus for corpus, _ in groups):
        tallies = {locale: tally for (name, locale), (tally, _) in results.items() if name == corpus}
        whole = Tally()
        for tally in tallies.values():
            whole.add(tally)
        lines += [*table(f"{corpus}, {len(tallies)} locales", whole, bool(options.pofilter)), *by_locale(tallies)]
    text = "\n".join(lines)
    for _, shown in results.values():
        print("\n".join(shown)) if shown else None
    print(text)
    if options.pofilter and not options.tmx and not options.locale:
        RESULTS.write_text(f"{HEAD.format(version=version('polyleaf'))}\n{text}", encoding="utf-8")


HEAD = """# What the checks of translations catch

Written by `make safety` (Polyleaf {version}); README.md says what is measured.
"""

if __name__ == "__main__":
    main()
