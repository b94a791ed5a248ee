"""Two persons who are one: what says who they are moves to the one that stays, and goes back when undone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

What = Literal[
    "card", "household", "household_ended", "purse", "line", "booking", "claim", "membership",
    "represented", "representing", "asked_help", "insz", "foreign_id", "history",
    "decision", "letter", "mandate", "service", "provisional", "waiting",
]  # fmt: skip


class Moved(Struct, frozen=True):
    """One thing that a merge moved. `detail`: what its key has besides an id."""

    what: What
    id: UUID
    detail: str = ""


class PersonState(Struct, frozen=True):
    """What decides whether somebody may be merged. `numbers`: how many national numbers find them."""

    id: UUID
    is_protected: bool
    has_died: bool
    is_merged: bool
    ended_at: datetime | None
    erase_on: date | None
    numbers: int


lock_persons = SQL.command("lock_persons")
read_state = SQL.one("read_state", PersonState)
acts_for_other = SQL.value("acts_for_other", bool)
move_numbers = SQL.value("move_numbers", list[UUID])
move_foreign_ids = SQL.value("move_foreign_ids", list[str])
move_represented = SQL.value("move_represented", list[UUID])
move_representing = SQL.value("move_representing", list[UUID])
move_asked_help = SQL.value("move_asked_help", list[UUID])
move_letters = SQL.value("move_letters", list[UUID])
move_mandates = SQL.value("move_mandates", list[UUID])
move_services = SQL.value("move_services", list[UUID])
end_new_emails = SQL.command("end_new_emails")
move_history = SQL.value("move_history", list[UUID])
clear_email = SQL.command("clear_email")
end_merged = SQL.command("end_merged")
restore_person = SQL.command("restore_person")


async def move_person(tx: Executor, gone: UUID, kept: UUID, own_change: UUID) -> list[Moved]:
    """Move national numbers, what was given to act for others or by others, asks that wait, and the history.

    `own_change`: what the merge itself changed of the one that goes is no history of the other.
    """
    return [
        *moved("insz", await move_numbers(tx, None, gone, kept)),
        *moved("represented", await move_represented(tx, None, gone, kept)),
        *moved("representing", await move_representing(tx, None, gone, kept)),
        *moved("asked_help", await move_asked_help(tx, None, gone, kept)),
        *moved("history", await move_history(tx, None, gone, kept, own_change)),
    ]


async def move_person_back(tx: Executor, things: Sequence[Moved], kept: UUID, gone: UUID) -> None:
    await move_numbers(tx, ids_of("insz", things), kept, gone)
    await move_represented(tx, ids_of("represented", things), kept, gone)
    await move_representing(tx, ids_of("representing", things), kept, gone)
    await move_asked_help(tx, ids_of("asked_help", things), kept, gone)
    await move_history(tx, ids_of("history", things), kept, gone, None)


async def move_in_region(tx: Executor, region_id: int, gone: UUID, kept: UUID) -> list[Moved]:
    """Move letters, what partners may do, and which service helps: what a region keeps of a person."""
    key = region_id, None, gone, kept
    return [
        *moved("letter", await move_letters(tx, *key)),
        *moved("mandate", await move_mandates(tx, *key)),
        *moved("service", await move_services(tx, *key)),
    ]


async def move_in_region_back(
    tx: Executor, region_id: int, things: Sequence[Moved], kept: UUID, gone: UUID
) -> None:
    await move_letters(tx, region_id, ids_of("letter", things), kept, gone)
    await move_mandates(tx, region_id, ids_of("mandate", things), kept, gone)
    await move_services(tx, region_id, ids_of("service", things), kept, gone)


def moved(what: What, ids: Iterable[UUID]) -> list[Moved]:
    return [Moved(what, each) for each in ids]


def ids_of(what: What, things: Iterable[Moved]) -> list[UUID]:
    return [each.id for each in things if each.what == what]


def details_of(what: What, things: Iterable[Moved]) -> list[str]:
    """In the order of `ids_of`."""
    return [each.detail for each in things if each.what == what]
