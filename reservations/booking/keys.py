"""What a batch locks and reads, as the arguments that its SQL takes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from reservations.booking.commands import (
    Book,
    CardProof,
    Command,
    GiveUp,
    MembershipProof,
    Pay,
    PayAtDesk,
    Resize,
    Swap,
)


class Keys(NamedTuple):
    """Ids of one region. Of the `bookings` only those of `closing`, which give something back, are locked.

    `tills` are sessions at a till, in which `receipts` and `payments` would be written.
    """

    region_id: int
    sessions: list[UUID]
    bookings: list[UUID]
    closing: list[UUID]
    cards: list[UUID]
    members: list[UUID]
    cancellations: list[UUID]
    customers: Sequence[UUID] = ()
    tills: Sequence[UUID] = ()
    receipts: Sequence[UUID] = ()
    payments: Sequence[UUID] = ()


def keys_of(commands: Sequence[Command]) -> Keys:
    """The keys of commands that are all about the region of the first."""
    sessions: dict[UUID, None] = {}
    cards: dict[UUID, None] = {}
    members: dict[UUID, None] = {}
    customers: dict[UUID, None] = {}
    keys = Keys(commands[0].region_id, [], [], [], [], [], [])
    for command in parts_of(commands):
        if isinstance(command, Resize):
            sessions[command.session_id] = None
            continue
        keys.bookings.append(command.booking_id)
        if isinstance(command, Book):
            if command.invoice_customer_id:
                customers[command.invoice_customer_id] = None
            for line in command.lines:
                sessions[line.session_id] = None
                if isinstance(line.holder, CardProof):
                    cards[line.holder.card_id] = None
                elif isinstance(line.holder, MembershipProof):
                    members[line.holder.membership_id] = None
            continue
        keys.closing.append(command.booking_id)
        if isinstance(command, Pay):
            members |= dict.fromkeys(command.wallets)
        if isinstance(command, GiveUp) and command.cancellation:
            keys.cancellations.append(command.cancellation.id)
    sales = [each.sale for each in parts_of(commands) if isinstance(each, Book | PayAtDesk) and each.sale]
    swaps = [each.till_session_id for each in commands if isinstance(each, Swap)]
    return keys._replace(
        sessions=list(sessions),
        cards=list(cards),
        members=list(members),
        customers=list(customers),
        tills=list({*swaps, *(sale.till_session_id for sale in sales)}),
        receipts=[sale.id for sale in sales],
        payments=[sale.payment_id for sale in sales if sale.payment_id],
    )


def parts_of(commands: Sequence[Command]) -> Iterator[Command]:
    """The commands, and in the place of a swap what it is made of."""
    for command in commands:
        yield from (command.give_up, command.book) if isinstance(command, Swap) else (command,)
