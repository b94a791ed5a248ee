"""What the peer remembers, in SQLite: objects, answers under idempotency keys, and webhooks still to send."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

Object = dict[str, Any]

TABLES: Final = """
CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent TEXT,
    created INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS object_kind ON object (kind, account, seq);
CREATE INDEX IF NOT EXISTS object_parent ON object (parent);
CREATE INDEX IF NOT EXISTS object_open ON object (json_extract(body, '$.expires_at'))
    WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open';
CREATE TABLE IF NOT EXISTS kept_answer (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    made INTEGER NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    url TEXT NOT NULL
);
"""


class KeptAnswer(Struct, frozen=True):
    """What was answered under an idempotency key; `made` is in seconds since 1970."""

    fingerprint: str
    status: int
    body: str
    made: int


class Delivery(Struct, frozen=True):
    seq: int
    event: str
    url: str


class PeerStore:
    """One connection, for one event loop. A file keeps everything from one start to the next.

    `account` is that of a seller, or empty for the platform's own.
    """

    def __init__(self, path: Path | None) -> None:
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + TABLES)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or nothing of it when an exception ends it."""
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def add(self, account: str, body: Object, parent: str | None = None) -> Object:
        """Keep a new object. `parent` is the one by which it is found, such as the intent of a charge."""
        self._db.execute(
            "INSERT INTO object (id, account, kind, parent, created, body) VALUES (?, ?, ?, ?, ?, ?)",
            (body["id"], account, body["object"], parent, body["created"], json.dumps(body)),
        )
        return body

    def save(self, body: Object) -> Object:
        self._db.execute("UPDATE object SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def find(self, identifier: str, account: str | None = None) -> Object | None:
        """An object by its id, on one account or (None) on any."""
        row = self._db.execute(
            "SELECT body FROM object WHERE id = ?1 AND account = coalesce(?2, account)",
            (identifier, account),
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def account_of(self, identifier: str) -> str:
        row = self._db.execute("SELECT account FROM object WHERE id = ?", (identifier,)).fetchone()
        return str(row[0])

    def newest(self, account: str, kind: str, parent: str | None = None) -> Iterator[Object]:
        """The objects of a kind on an account, newest first."""
        rows = self._db.execute(
            "SELECT body FROM object WHERE kind = ?1 AND account = ?2 AND (?3 IS NULL OR parent = ?3)"
            " ORDER BY seq DESC",
            (kind, account, parent),
        )
        return (json.loads(body) for (body,) in rows.fetchall())

    def overdue_sessions(self, now: int) -> list[Object]:
        rows = self._db.execute(
            "SELECT body FROM object WHERE kind = 'checkout.session'"
            " AND json_extract(body, '$.status') = 'open' AND json_extract(body, '$.expires_at') <= ?",
            (now,),
        )
        return [json.loads(body) for (body,) in rows.fetchall()]

    def kept_answer(self, account: str, key: str) -> KeptAnswer | None:
        row = self._db.execute(
            "SELECT fingerprint, status, body, made FROM kept_answer WHERE account = ? AND key = ?",
            (account, key),
        ).fetchone()
        return None if row is None else KeptAnswer(*row)

    def keep_answer(self, account: str, key: str, answer: KeptAnswer) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO kept_answer VALUES (?, ?, ?, ?, ?, ?)",
            (account, key, answer.fingerprint, answer.status, answer.body, answer.made),
        )

    def add_delivery(self, event: str, url: str) -> None:
        self._db.execute("INSERT INTO delivery (event, url) VALUES (?, ?)", (event, url))

    def deliveries(self) -> list[Delivery]:
        rows = self._db.execute("SELECT seq, event, url FROM delivery ORDER BY seq")
        return [Delivery(*row) for row in rows.fetchall()]

    def end_delivery(self, seq: int) -> None:
        self._db.execute("DELETE FROM delivery WHERE seq = ?", (seq,))
