"""The history of a dossier: a hash chain. Each entry has the digest of the one before, the dossier the last.

An entry that was changed, inserted or removed is detected by `first_broken_entry`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from organisers.labels.procedure.procedure import State
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

NO_DIGEST = bytes(32)

Facts = Mapping[str, str | int | bool | None]
"""The facts of an act, by name."""


class Actor(Struct, frozen=True):
    """The actor of an act, in one role (municipality, assessor or tourism_officer), at one time."""

    staff_id: UUID
    role: str
    at: datetime


class Act(Struct, frozen=True):
    """An act on a dossier; `state` is the state of the dossier after it."""

    act: str
    state: State
    reason: str = ""
    facts: Facts = {}


class Head(Struct, frozen=True):
    """The number and the digest of the last entry of a dossier."""

    dossier_id: UUID
    no: int
    digest: bytes


class Entry(Struct, frozen=True):
    """A stored entry. `facts` is the exact JSON text, because the digest is computed from it."""

    no: int
    at: datetime
    by_staff: UUID
    role: str
    act: str
    reason: str
    facts: str
    state: State
    previous: bytes
    digest: bytes


class HistoryLine(Struct, frozen=True):
    """An entry for the page: with the name of the actor and, for a decision, its kind and ruling."""

    at: datetime
    name: str
    role: str
    act: str
    reason: str
    kind: str | None
    ruling: str | None


write_entry = SQL.command("write_entry")
read_head = SQL.maybe("read_head", Head)
read_entries = SQL.many("read_entries", Entry)
read_history = SQL.many("read_history", HistoryLine)


async def append(tx: Executor, head: Head, by: Actor, act: Act) -> Head:
    """Append an act and set the state of the dossier, which the caller has locked; `head` is its head."""
    facts = msgspec.json.encode(dict(act.facts), order="sorted").decode()
    entry = Entry(
        head.no + 1,
        by.at,
        by.staff_id,
        by.role,
        act.act,
        act.reason,
        facts,
        act.state,
        head.digest,
        NO_DIGEST,
    )
    entry = msgspec.structs.replace(entry, digest=digest(head.dossier_id, entry))
    await write_entry(tx, head.dossier_id, *msgspec.structs.astuple(entry))
    return Head(head.dossier_id, entry.no, entry.digest)


def digest(dossier_id: UUID, entry: Entry) -> bytes:
    """The SHA-256 of the dossier id and all fields of an entry except its own digest."""
    *content, _own = msgspec.structs.astuple(entry)
    written = [each.hex() if isinstance(each, bytes) else each for each in content]
    return hashlib.sha256(msgspec.json.encode([dossier_id, *written])).digest()


def first_broken_entry(head: Head, entries: Sequence[Entry]) -> int | None:
    """The number of the first entry that was changed or is missing; None when the chain is intact."""
    previous = NO_DIGEST
    for no, entry in enumerate(entries, 1):
        if entry.no != no or entry.previous != previous or entry.digest != digest(head.dossier_id, entry):
            return no
        previous = entry.digest
    return None if (head.no, head.digest) == (len(entries), previous) else len(entries) + 1


async def check(tx: Executor, dossier_id: UUID) -> int | None:
    """`first_broken_entry` of a stored dossier; None as well when there is no such dossier."""
    head = await read_head(tx, dossier_id)
    return None if head is None else first_broken_entry(head, await read_entries(tx, dossier_id))
