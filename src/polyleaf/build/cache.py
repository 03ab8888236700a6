"""What earlier builds made, kept for all checkouts and branches of a person's projects.

An artifact lies in `objects/`, named by its SHA-256. An SQLite database tells which edition was made of which facts,
and what came out. Everything that is read back is held to its digest: what is damaged counts as absent, and is made
again. Many processes may use a cache at once. Nothing depends on a clock: what was used last is known by the number of
the build that used it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from polyleaf.build.fingerprint import FactSet
from polyleaf.files import cache_root, write_atomically

DEFAULT_LIMIT = 4 * 1024**3
"""How many bytes of artifacts are kept, unless `POLYLEAF_CACHE_LIMIT` says otherwise."""

_KEPT_TRACES = 8  # versions of one edition, such as those of branches
_SCHEMA = """
CREATE TABLE IF NOT EXISTS builds(number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS factsets(id TEXT PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS traces(
  edition TEXT, fingerprint TEXT, sets TEXT, result TEXT, sha256 TEXT, sum TEXT, used INTEGER,
  PRIMARY KEY(edition, fingerprint)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects(sha256 TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS traces_by_object ON traces(sha256);
"""
_VERSION = 1


@dataclass(frozen=True)
class Trace:
    """What one edition was made of, and what came of it. `result` is plain data; `sha256` is that of its file.

    `fresh` says that the last build before this one used it.
    """

    edition: str
    sets: tuple[str, ...]
    result: dict[str, Any]
    sha256: str
    fresh: bool = False

    @property
    def fingerprint(self) -> str:
        """The digest of all facts."""
        return combined(self.sets)


@dataclass(frozen=True)
class Usage:
    """How much a cache holds."""

    folder: Path
    editions: int
    artifacts: int
    bytes: int
    limit: int


def combined(sets: Sequence[str]) -> str:
    """The digest of an edition's facts, from the identifiers of their sets."""
    return hashlib.sha256("\n".join(sets).encode()).hexdigest()


def limit() -> int:
    """How many bytes of artifacts are kept."""
    given = os.environ.get("POLYLEAF_CACHE_LIMIT", "")
    return int(given) if given.isdecimal() else DEFAULT_LIMIT


class Cache:
    """The builds' cache. Where it cannot be used it is empty and keeps nothing, and `fault` says why."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_root() / "builds"
        self.fault = ""
        self._sets: dict[str, FactSet | None] = {}
        self._pending: list[tuple[Trace, tuple[FactSet, ...], int]] = []
        self._touched: list[Trace] = []
        self._build = 0

    def traces(self, editions: Iterable[str], newest: bool = False) -> dict[str, list[Trace]]:
        """What is known of some editions, what was used last first, or that alone. Marks nothing as used."""
        wanted = set(editions)
        found: dict[str, list[Trace]] = defaultdict(list)

        def read(database: sqlite3.Connection) -> None:
            found.clear()
            database.execute("CREATE TEMP TABLE wanted(edition TEXT PRIMARY KEY)")
            database.executemany("INSERT INTO wanted VALUES(?)", [(edition,) for edition in wanted])
            # Of a group SQLite gives the other columns of the row that has the maximum.
            last, order = (", max(used)", "GROUP BY edition") if newest else (", used", "ORDER BY used DESC")
            fields = "edition, fingerprint, sets, result, sha256, sum"
            rows = database.execute(f"SELECT {fields}{last} FROM traces JOIN wanted USING(edition) {order}")
            [last_build] = database.execute("SELECT coalesce(max(number), 0) FROM builds").fetchone()
            for edition, *columns, check, used in rows:
                if _row_sum(edition, *columns) == check:
                    _, sets, result, sha256 = columns
                    found[edition].append(
                        Trace(edition, tuple(sets.split()), json.loads(result), sha256, used == last_build)
                    )
            self._read_sets(database, {name for known in found.values() for trace in known for name in trace.sets})

        self._do(read)
        return found

    def factset(self, identifier: str) -> FactSet | None:
        """The facts of a set that a trace named, or None where the cache lost them."""
        return self._sets.get(identifier)

    def artifact(self, sha256: str) -> bytes | None:
        """The bytes of an artifact, or None where the cache has lost or damaged them."""
        try:
            data = self._object(sha256).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def keep(self, trace: Trace, sets: tuple[FactSet, ...], data: bytes) -> None:
        """Keep what an edition came to. It is on disk when `flush` returns."""
        if self.fault:
            return
        path = self._object(trace.sha256)
        try:
            if self.artifact(trace.sha256) is None:
                write_atomically(path, data)
        except OSError as error:
            self.fault = f"{error.strerror}: {path}"
            return
        self._pending.append((trace, sets, len(data)))
        if len(self._pending) >= 50:
            self.flush()

    def touch(self, trace: Trace) -> None:
        """Note that a trace was of use. One that is fresh stays so, as long as no other build comes between."""
        if not trace.fresh:
            self._touched.append(trace)

    def flush(self) -> None:
        """Write down what was kept and used since the last time."""
        if not self._pending and not self._touched:
            return

        def write(database: sqlite3.Connection) -> None:
            number = self._number(database)
            for trace, sets, size in self._pending:
                known = [(factset.id, factset.json()) for factset in sets]
                database.executemany("INSERT OR REPLACE INTO factsets VALUES(?, ?)", known)
                row = (trace.edition, trace.fingerprint, " ".join(trace.sets), _compact(trace.result), trace.sha256)
                database.execute("INSERT OR REPLACE INTO traces VALUES(?,?,?,?,?,?,?)", (*row, _row_sum(*row), number))
                database.execute("INSERT OR REPLACE INTO objects VALUES(?,?)", (trace.sha256, size))
            used = [(number, trace.edition, trace.fingerprint) for trace in self._touched]
            database.executemany("UPDATE traces SET used = ? WHERE edition = ? AND fingerprint = ?", used)

        self._do(write)
        self._pending.clear()
        self._touched.clear()

    def usage(self) -> Usage:
        """How much there is."""
        counts = [0]

        def read(database: sqlite3.Connection) -> None:
            [counts[0]] = database.execute("SELECT count(*) FROM traces").fetchone()

        self._do(read)
        sizes = [path.stat().st_size for path in self._objects()]
        return Usage(self.folder, counts[0], len(sizes), sum(sizes), limit())

    def prune(self, size: int | None = None) -> int:
        """Remove what was not used for longest, until at most `size` bytes are left; returns how many were freed.

        Traces that lead nowhere go as well, and files that no trace leads to.
        """
        allowed = limit() if size is None else size
        freed = [0]

        def drop(database: sqlite3.Connection) -> None:
            database.execute(
                "DELETE FROM traces WHERE (edition, fingerprint) IN (SELECT edition, fingerprint FROM (SELECT edition,"
                " fingerprint, row_number() OVER (PARTITION BY edition ORDER BY used DESC) AS age FROM traces)"
                " WHERE age > ?)",
                (_KEPT_TRACES,),
            )
            known = dict(database.execute("SELECT sha256, max(used) FROM traces GROUP BY sha256"))
            files = sorted(self._objects(), key=lambda path: known.get(path.name, -1), reverse=True)
            total = 0
            for path in files:
                with suppress(OSError):
                    weight = path.stat().st_size
                    if path.name in known and total + weight <= allowed:
                        total += weight
                        continue
                    path.unlink()
                    freed[0] += weight
                    database.execute("DELETE FROM traces WHERE sha256 = ?", (path.name,))
                    database.execute("DELETE FROM objects WHERE sha256 = ?", (path.name,))
            live = {name for (sets,) in database.execute("SELECT sets FROM traces") for name in sets.split()}
            dead = [(name,) for (name,) in database.execute("SELECT id FROM factsets") if name not in live]
            database.executemany("DELETE FROM factsets WHERE id = ?", dead)

        self._do(drop)
        return freed[0]

    def prune_if_large(self) -> None:
        """Prune to nine tenths once the limit is passed."""
        total = [0]

        def read(database: sqlite3.Connection) -> None:
            total[0] = database.execute("SELECT coalesce(sum(bytes), 0) FROM objects").fetchone()[0]

        self._do(read)
        if total[0] > limit():
            self.prune(limit() * 9 // 10)

    # The database ----------------------------------------------------------------------------------------------------

    def _read_sets(self, database: sqlite3.Connection, wanted: Iterable[str]) -> None:
        database.execute("CREATE TEMP TABLE named(id TEXT PRIMARY KEY)")
        database.executemany("INSERT INTO named VALUES(?)", [(name,) for name in wanted if name not in self._sets])
        for identifier, text in database.execute("SELECT id, facts FROM factsets JOIN named USING(id)"):
            with suppress(ValueError):
                parsed = FactSet.parse(text)
                if parsed.id == identifier:
                    self._sets[identifier] = parsed

    def _number(self, database: sqlite3.Connection) -> int:
        """The number of this build, later than that of any before it."""
        if not self._build:
            [last] = database.execute("SELECT coalesce(max(number), 0) FROM builds").fetchone()
            self._build = last + 1
            database.execute("DELETE FROM builds")
            database.execute("INSERT INTO builds VALUES(?)", (self._build,))
        return self._build

    def _do(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Work with the database in one transaction; begin a new one where it is damaged."""
        if self.fault:
            return
        try:
            try:
                self._transact(work)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError) and not _is_damage(error):
                    raise
                self._start_afresh()
                self._transact(work)
        except (OSError, sqlite3.Error) as error:
            self.fault = f"{error}: {self._path}"

    def _transact(self, work: Callable[[sqlite3.Connection], None]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=60, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = NORMAL")
            [version] = database.execute("PRAGMA user_version").fetchone()
            if version != _VERSION:
                database.executescript(_SCHEMA + f"PRAGMA user_version = {_VERSION};")
            with _transaction(database):
                work(database)

    def _start_afresh(self) -> None:
        """Put a damaged database out of the way. What is being built is written down again, the rest is made again."""
        self._sets.clear()
        self._build = 0
        for ending in ("", "-journal", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{self._path}{ending}").unlink()

    @property
    def _path(self) -> Path:
        return self.folder / f"index-{_VERSION}.sqlite3"

    def _object(self, sha256: str) -> Path:
        return self.folder / "objects" / sha256[:2] / sha256

    def _objects(self) -> Iterator[Path]:
        return (path for path in (self.folder / "objects").glob("??/*") if not path.name.startswith("."))


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _is_damage(error: sqlite3.OperationalError) -> bool:
    return any(words in str(error) for words in ("malformed", "not a database", "no such table", "no such column"))


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _row_sum(*columns: str) -> str:
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()[:16]
