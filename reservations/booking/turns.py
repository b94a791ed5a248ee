"""Turns of waiting rooms in a batch: what of them is looked up under its locks, and which were used."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.actor import Actor, ByPartner, ByRepresentative
from reservations.booking.answers import Answer, Booked, UsedTurn
from reservations.booking.commands import Book, ChangeBooking, Command
from reservations.booking.facts import Facts, Line
from reservations.booking.group import groups_in
from reservations.booking.turn import Turn, TurnFacts
from reservations.room_errors import NotYourTurn
from uit.core.one_line import one_line
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

Guarded = Container[tuple[int, UUID]]
"""The sessions, by region, for which one needs a turn."""
NOBODY_WAITS: Final[Guarded] = frozenset[tuple[int, UUID]]()

lock_turns = SQL.many("lock_turns", Turn)
write_used_turns = SQL.command("write_used_turns")


class Turns(Struct):
    """The turns of a batch, as they are after the commands that were decided so far."""

    guarded: frozenset[UUID]
    turns: list[Turn]

    @classmethod
    def of_batch(cls, facts: Facts) -> "Turns":
        return cls(facts.turns.guarded, [*facts.turns.turns])

    def refusal(self, command: Book, lines: Sequence[Line], now: datetime) -> NotYourTurn | None:
        """Why who books may not yet. A till sells to whoever stands at it, and a list waited already."""
        if not self.guarded or not needs_turn(command):
            return None
        for session_id in dict.fromkeys(line.session_id for line in lines):
            if session_id in self.guarded and self.turn(command, lines, session_id, now) is None:
                waiting = self.of(command, lines, session_id)
                return NotYourTurn(
                    session_id, min((each.place for each in waiting if each.place), default=None)
                )
        return None

    def refusal_of_change(self, lines: Sequence[Line]) -> NotYourTurn | None:
        """Why a booking does not change into this: places of a rush are booked, and not changed into."""
        return next(
            (NotYourTurn(each.session_id, None) for each in lines if each.session_id in self.guarded), None
        )

    def use(self, command: Book, lines: Sequence[Line], now: datetime) -> tuple[UsedTurn, ...]:
        """Use a turn for each session that needs one."""
        used = []
        for session_id in dict.fromkeys(line.session_id for line in lines):
            turn = self.turn(command, lines, session_id, now) if session_id in self.guarded else None
            if turn and needs_turn(command):
                self.turns.remove(turn)
                self.turns.append(replace(turn, booking_id=command.booking_id, standing=1))
                used.append(UsedTurn(session_id, turn.id, command.booking_id))
        return tuple(used)

    def turn(self, command: Book, lines: Sequence[Line], session_id: UUID, now: datetime) -> Turn | None:
        return next((each for each in self.of(command, lines, session_id) if each.is_open(now)), None)

    def of(self, command: Book, lines: Sequence[Line], session_id: UUID) -> list[Turn]:
        """Those of whoever comes, of who books for them, and of the address of a guest."""
        members = {line.holder_id for line in lines if line.holder_id} | members_of(command.by)
        email = email_of(command)
        return [
            each
            for each in self.turns
            if each.session_id == session_id
            and (each.holder_id in members or (email and each.email == email))
        ]


async def with_turns(tx: Executor, facts: Facts, commands: Sequence[Command], guarded: Guarded) -> Facts:
    """The facts of a batch with the turns of who books where one needs them; elsewhere as they are.

    They are locked, so that one turn is not used twice.
    """
    books = [each for each in commands if isinstance(each, Book)]
    asked = {
        line.session_id
        for each in commands
        if isinstance(each, Book | ChangeBooking)
        for line in each.lines
        if (each.region_id, line.session_id) in guarded
    }
    if not asked:
        return facts
    members = {each.id for each in facts.holders}.union(
        groups_in(books), *(members_of(each.by) for each in books)
    )
    emails = [email for each in books if (email := email_of(each))]
    turns = await lock_turns(tx, commands[0].region_id, [*asked], [*members], emails)
    return replace(facts, turns=TurnFacts(frozenset(asked), tuple(turns)))


def needs_turn(command: Book) -> bool:
    return command.sale is None and command.entry_id is None


def members_of(by: Actor) -> set[UUID]:
    if isinstance(by, ByRepresentative):
        return {*by.membership_ids, *([by.own_id] if by.own_id else [])}
    return {by.membership_id} if isinstance(by, ByPartner) else set()


def email_of(command: Book) -> str | None:
    return as_entered(command.guest.email) if command.guest else None


def as_entered(email: str) -> str:
    """An address as a waiting room knows it: capitals make no other mailbox."""
    return one_line(email).lower()


def used_turns_of(answers: Iterable[Answer]) -> list[UsedTurn]:
    return [turn for each in answers if isinstance(each, Booked) for turn in each.turns]
