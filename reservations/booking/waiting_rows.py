"""What a batch writes of lines: who stands in one, what became of who did, and how each was gone through."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.actor import ByStaff
from reservations.booking.answers import Accepted, Answer, Ended, InWaitingList, LeftWaitingList
from reservations.booking.commands import AcceptOffer, Command, DeclineOffer
from reservations.booking.rows import OutboxRow, act_row
from reservations.booking.serving import WaitingLists
from reservations.waiting_line.entry import STANDS, State, WaitingEntry, WantedPlaces
from reservations.waiting_line.rule import LineFacts, Outcome
from uit.core.ids import Ids
from uit.database.statements import Statements, as_json
from uit.services.audit import ActRow

SQL = Statements(__name__)
write_waiting = SQL.command("write_waiting")
JOINED, OFFERED, EXPIRED = "waiting.joined", "waiting.offered", "waiting.expired"
CALLED_OFF: Final = "waiting.called_off"


class WaitingEntryRow(Struct, frozen=True):
    id: UUID
    event_id: UUID
    session_ids: tuple[UUID, ...]
    pool_ids: tuple[UUID, ...]
    lines: tuple[WantedPlaces, ...]
    membership_id: UUID | None
    name: str | None
    email: str | None
    channel: str
    made_by: UUID | None
    joined_at: datetime
    ends_at: datetime
    person_id: UUID | None
    client_id: str | None
    digest: str | None
    course_id: UUID | None


class StateRow(Struct, frozen=True):
    id: UUID
    state: State
    booking_id: UUID | None
    answer_by: datetime | None
    kept_booking_id: UUID | None


class CreditRow(Struct, frozen=True):
    """What credit pays of a line, once it was accepted."""

    booking_id: UUID
    no: int
    credit_cents: int


class PassRow(Struct, frozen=True):
    id: UUID
    event_id: UUID
    known: LineFacts
    outcomes: list[Outcome]


class WaitingRows(Struct, frozen=True):
    entries: list[WaitingEntryRow]
    states: list[StateRow]
    credit: list[CreditRow]
    passes: list[PassRow]

    def __bool__(self) -> bool:
        return bool(self.entries or self.states or self.credit or self.passes)

    def in_order(self) -> Iterator["WaitingRows"]:
        """Who stands in a line no longer before who comes to stand there: nobody stands in one twice."""
        new = {each.id for each in self.entries}
        gone = [each for each in self.states if each.id not in new and each.state not in STANDS]
        if self.entries and gone:
            yield WaitingRows([], gone, [], [])
            yield replace(self, states=[each for each in self.states if each not in gone])
        else:
            yield self

    def as_json(self) -> tuple[str, ...]:
        return as_json(self.entries), as_json(self.states), as_json(self.credit), as_json(self.passes)


def waiting_rows_of(answers: Iterable[Answer], lists: WaitingLists, ids: Ids) -> WaitingRows:
    return WaitingRows(
        [entry_row(each) for each in lists.new],
        [
            StateRow(each.id, each.state, each.booking_id, each.answer_by, each.kept_booking_id)
            for each in lists.changed
        ],
        [
            CreditRow(answer.booking.id, line.no, line.credit_cents)
            for answer in answers
            if isinstance(answer, Accepted) and answer.new
            for line in answer.booking.lines
        ],
        [PassRow(ids.new(), each.event_id, each.known, each.outcomes) for each in lists.passes],
    )


def entry_row(entry: WaitingEntry) -> WaitingEntryRow:
    return WaitingEntryRow(**{name: getattr(entry, name) for name in WaitingEntryRow.__struct_fields__})


def messages_of(answers: Iterable[Answer], lists: WaitingLists) -> Iterator[OutboxRow]:
    """Who stands in a line is told, and whose offer was not answered; an offer is told with its booking."""
    for answer in answers:
        if isinstance(answer, InWaitingList) and answer.new:
            yield OutboxRow(JOINED, answer.entry.id)
    for entry in lists.changed:
        if entry.state == "expired":
            yield OutboxRow(EXPIRED, entry.id)


def acts_of(commands: Sequence[Command], answers: Sequence[Answer], ids: Ids) -> Iterator[ActRow]:
    """What a member of staff did for who waits, for the audit trail."""
    for command, answer in zip(commands, answers, strict=True):
        match command, answer:
            case AcceptOffer(by=ByStaff(staff_id)), Accepted(booking=booking, new=True):
                yield act_row(booking, "waiting.accept", staff_id, ids)
            case DeclineOffer(by=ByStaff(staff_id)), Ended(booking=booking) if answer.tickets:
                yield act_row(booking, "waiting.decline", staff_id, ids)
            case _, InWaitingList(entry=entry, new=True) if entry.made_by:
                yield entry_act(command.region_id, entry, "waiting.join", entry.made_by, ids)
            case _, LeftWaitingList(entry=entry, left_by=UUID() as staff_id):
                yield entry_act(command.region_id, entry, "waiting.leave", staff_id, ids)
            case _:
                continue


def entry_act(region_id: int, entry: WaitingEntry, act: str, staff_id: UUID, ids: Ids) -> ActRow:
    return ActRow(
        id=ids.new(),
        region_id=region_id,
        actor_kind="staff",
        actor_id=str(staff_id),
        act=act,
        subject_kind="waiting_entry",
        subject_id=str(entry.id),
    )


def known_again(known: str, outcomes: str) -> tuple[LineFacts, list[Outcome]]:
    """A pass as it was stored: what was known, and what came of it."""
    return msgspec.json.decode(known, type=LineFacts), msgspec.json.decode(outcomes, type=list[Outcome])
