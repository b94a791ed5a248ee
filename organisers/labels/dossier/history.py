"""What happened to a dossier, in order. An entry holds the digest of the one before, the dossier the last.

An entry that was changed, added in between or taken away, shows: see `first_wrong`.
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

BEGINNING = bytes(32)

Facts = Mapping[str, str | int | bool | None]
"""What the history keeps of an act, by name."""


class Actor(Struct, frozen=True):
    """Who acts, in which role (municipality, assessor or tourism_officer), and when."""

    staff_id: UUID
    role: str
    at: datetime


class Act(Struct, frozen=True):
    """What is done, why, and in which state the dossier is afterwards."""

    act: str
    state: State
    reason: str = ""
    facts: Facts = {}


class Head(Struct, frozen=True):
    """The last entry of a chain."""

    dossier_id: UUID
    no: int
    digest: bytes


class Entry(Struct, frozen=True):
    """`facts` is JSON as it was written, letter by letter: the digest is taken over it."""

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
    """An entry for the eye: with the name of whoever acted, and what was decided where something was."""

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
read_told = SQL.many("read_told", HistoryLine)


async def append(tx: Executor, head: Head, by: Actor, act: Act) -> Head:
    """Write what was done, and bring the dossier in its state. The dossier is locked; `head` is its head."""
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
        BEGINNING,
    )
    entry = msgspec.structs.replace(entry, digest=digest(head.dossier_id, entry))
    await write_entry(tx, head.dossier_id, *msgspec.structs.astuple(entry))
    return Head(head.dossier_id, entry.no, entry.digest)


def digest(dossier_id: UUID, entry: Entry) -> bytes:
    """SHA-256 over all of an entry but its own digest, and over the dossier that it belongs to."""
    *content, _own = msgspec.structs.astuple(entry)
    written = [each.hex() if isinstance(each, bytes) else each for each in content]
    return hashlib.sha256(msgspec.json.encode([dossier_id, *written])).digest()


def first_wrong(head: Head, entries: Sequence[Entry]) -> int | None:
    """The number of the first entry that is not as it was written, or is gone; None when all is whole."""
    previous = BEGINNING
    for no, entry in enumerate(entries, 1):
        if entry.no != no or entry.previous != previous or entry.digest != digest(head.dossier_id, entry):
            return no
        previous = entry.digest
    return None if (head.no, head.digest) == (len(entries), previous) else len(entries) + 1


async def check(tx: Executor, dossier_id: UUID) -> int | None:
    """`first_wrong` of a dossier as it is stored; None as well when there is no such dossier."""
    head = await read_head(tx, dossier_id)
    return None if head is None else first_wrong(head, await read_entries(tx, dossier_id))
