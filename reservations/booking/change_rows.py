"""What changes add to a batch: the ids and the plans that it reads under its locks, and its rows."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from reservations.booking.answers import Answer, Changed, Ended, MovedPayment, Paid, Swapped
from reservations.booking.commands import ChangeBooking, Command, Pay
from reservations.booking.facts import Booking, Facts, TicketStatus
from reservations.booking.planned import ChangePlan, PendingChange, StoredChange
from reservations.booking.rows import LineRow, TicketRow, line_row, ticket_rows
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class ChangeFound(Struct, frozen=True):
    """A change as it is stored: its `plan` is JSON text."""

    id: UUID
    booking_id: UUID
    digest: str
    plan: str | None
    payment_id: UUID | None


class LineCreditRow(Struct, frozen=True):
    """What credit pays by now of a line that was held."""

    booking_id: UUID
    no: int
    credit_cents: int


class ChangeRow(Struct, frozen=True):
    """A change that is made, or one that waited and was done or stopped."""

    id: UUID
    state: str
    is_new: bool
    booking_id: UUID | None = None
    digest: str | None = None
    plan: ChangePlan | None = None
    payment_id: UUID | None = None


class ChangeRows(Struct):
    """What is written after the rows of a batch; in the order of `reservations.write_changes`."""

    lines: list[LineRow] = field(default_factory=list)
    tickets: list[TicketRow] = field(default_factory=list)
    credit: list[LineCreditRow] = field(default_factory=list)
    payments: list[MovedPayment] = field(default_factory=list)
    changes: list[ChangeRow] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def as_json(self) -> Iterator[str]:
        for name in self.__struct_fields__:
            yield msgspec.json.encode(getattr(self, name)).decode()


find_changes = SQL.many("find_changes", ChangeFound)
write_changes = SQL.command("write_changes")


async def with_changes(tx: Executor, facts: Facts, commands: Sequence[Command]) -> Facts:
    """The facts of a batch with the changes that it is about; where it is about none, as they are."""
    asked = [each.change_id for each in commands if isinstance(each, ChangeBooking)]
    paid = {each.booking_id for each in commands if isinstance(each, Pay)}
    waiting = [
        each.id
        for each in facts.bookings
        if holds_beside(each) or (each.id in paid and has_others_than_held(each))
    ]
    if not asked and not waiting:
        return facts
    return with_found(facts, await find_changes(tx, commands[0].region_id, asked, waiting))


async def with_pending(tx: Executor, region_id: int, bookings: Sequence[Booking]) -> list[Booking]:
    """Bookings that are read for pages, each with the change that waits, if one does: one statement."""
    beside = [each.id for each in bookings if holds_beside(each)]
    if not beside:
        return list(bookings)
    changes = [as_stored(each) for each in await find_changes(tx, region_id, [], beside)]
    return [replace(each, change=pending_of(each.id, changes)) for each in bookings]


async def with_pending_of(tx: Executor, facts: Facts) -> Facts:
    """The facts of a page with what waits of the bookings in them."""
    if not facts.bookings:
        return facts
    return replace(facts, bookings=await with_pending(tx, facts.bookings[0].region_id, facts.bookings))


def with_found(facts: Facts, found: Iterable[ChangeFound]) -> Facts:
    changes = [as_stored(each) for each in found]
    bookings = [replace(each, change=pending_of(each.id, changes)) for each in facts.bookings]
    return replace(facts, bookings=bookings, changes=changes)


def as_stored(found: ChangeFound) -> StoredChange:
    plan = msgspec.json.decode(found.plan, type=ChangePlan) if found.plan else None
    return StoredChange(found.id, found.booking_id, found.digest, plan, found.payment_id)


def pending_of(booking_id: UUID, changes: Iterable[StoredChange]) -> PendingChange | None:
    """The change of a booking that waits to be paid: there is one at most."""
    return next(
        (
            PendingChange(each.id, each.plan)
            for each in changes
            if each.booking_id == booking_id and each.plan
        ),
        None,
    )


def holds_beside(booking: Booking) -> bool:
    """Whether it holds places beside others, as a change does: those may stand, or have been called off."""
    return booking.held_until is not None and has_others_than_held(booking)


def has_others_than_held(booking: Booking) -> bool:
    """Whether it has other tickets than such as are held: before a first payment nothing has changed."""
    return any(ticket.status is not TicketStatus.HELD for line in booking.lines for ticket in line.tickets)


def change_rows_of(answers: Iterable[Answer]) -> ChangeRows:
    """The rows of what was changed, and of what waited and does not any more."""
    rows = ChangeRows()
    for answer in answers:
        match answer:
            case Changed(new=True):
                add_change(rows, answer)
            case Ended():
                add_end(rows, answer)
            case Paid(ended=Ended() as ended):
                add_end(rows, ended)
            case Swapped():
                add_end(rows, answer.ended)
            case _:
                continue
    return rows


def add_change(rows: ChangeRows, answer: Changed) -> None:
    booking_id, change = answer.booking.id, answer.change
    for line in answer.lines:
        rows.lines.append(line_row(booking_id, line))
        rows.tickets += ticket_rows(booking_id, line, line.holder_id if line.no in answer.personal else None)
    if answer.ended:
        rows.payments += answer.ended.moved
    if change:
        state = "pending" if change.plan else "done"
        key = change.booking_id, change.digest, change.plan, change.payment_id
        rows.changes.append(ChangeRow(change.id, state, True, *key))  # noqa: FBT003


def add_end(rows: ChangeRows, answer: Ended) -> None:
    if answer.changed:
        rows.payments += answer.moved
        rows.credit += [
            LineCreditRow(answer.booking.id, no, cents) for no, cents in answer.changed.credit_cents.items()
        ]
        rows.changes.append(ChangeRow(answer.changed.id, "done", is_new=False))
    if answer.stopped_change:
        rows.changes.append(ChangeRow(answer.stopped_change, "stopped", is_new=False))
