"""What a batch locks and reads, as the arguments that its SQL takes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from reservations.booking.actor import CardProof, GroupProof, LineProof, MembershipProof
from reservations.booking.commands import (
    AcceptOffer,
    Book,
    ChangeBooking,
    Command,
    DeclineOffer,
    GiveUp,
    JoinWaitingList,
    LeaveWaitingList,
    MoneyCommand,
    Pay,
    PayAtDesk,
    PlacesCommand,
    Resize,
    ServeWaitingList,
    Swap,
)
from reservations.waiting_line.entry import holders_of


class Keys(NamedTuple):
    """Ids of one region. Of the `bookings` only those of `closing`, which give something back, are locked.

    `members` and groups are locked by their wallets. `tills` are sessions at a till, in which `receipts` and
    `payments` would be written.
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


OfBooking = PlacesCommand | MoneyCommand | AcceptOffer | DeclineOffer
OfLine = JoinWaitingList | LeaveWaitingList | ServeWaitingList
"""What is asked of a line, and of no booking: what else it needs is known when the line is read."""


def keys_of(commands: Sequence[Command]) -> Keys:  # noqa: C901  one for each kind of key
    """The keys of commands that are all about the region of the first."""
    joining = [each for each in commands if isinstance(each, JoinWaitingList)]
    sessions: dict[UUID, None] = dict.fromkeys(one for each in joining for one in each.session_ids)
    cards: dict[UUID, None] = {}
    members = dict.fromkeys(one for each in joining for one in holders_of(each.lines, each.membership_id))
    customers: dict[UUID, None] = {}
    keys = Keys(commands[0].region_id, [], [], [], [], [], [])
    for command in parts_of(commands):
        if isinstance(command, Resize):
            sessions[command.session_id] = None
            continue
        keys.bookings.append(command.booking_id)
        if isinstance(command, Book | ChangeBooking):
            if isinstance(command, Book) and command.invoice_customer_id:
                customers[command.invoice_customer_id] = None
            for line in command.lines:
                sessions[line.session_id] = None
                if isinstance(line.holder, CardProof):
                    cards[line.holder.card_id] = None
                elif line.holder and not isinstance(line.holder, LineProof):
                    members[wallet_of(line.holder)] = None
        if isinstance(command, Book):
            continue
        keys.closing.append(command.booking_id)
        if isinstance(command, Pay | AcceptOffer):
            members |= dict.fromkeys(command.wallets)
        if isinstance(command, GiveUp) and command.cancellation:
            keys.cancellations.append(command.cancellation.id)
    selling = [each for each in parts_of(commands) if isinstance(each, Book | PayAtDesk | ChangeBooking)]
    sales = [each.sale for each in selling if each.sale]
    tills = {*tills_of(commands), *(sale.till_session_id for sale in sales)}
    return keys._replace(
        sessions=list(sessions),
        cards=list(cards),
        members=list(members),
        customers=list(customers),
        tills=list(tills),
        receipts=[sale.id for sale in sales],
        payments=[sale.payment_id for sale in sales if sale.payment_id],
    )


def wallet_of(holder: MembershipProof | GroupProof) -> UUID:
    return holder.membership_id if isinstance(holder, MembershipProof) else holder.group_id


def tills_of(commands: Sequence[Command]) -> Iterator[UUID]:
    """The sessions at tills from which something may be given, also where nothing is sold."""
    for command in commands:
        if isinstance(command, Swap):
            yield command.till_session_id
        elif isinstance(command, ChangeBooking) and command.at_till:
            yield command.at_till.origin.till_session_id


def parts_of(commands: Sequence[Command]) -> Iterator[OfBooking]:
    """The commands of bookings and pools, and in the place of a swap what it is made of."""
    for command in commands:
        if isinstance(command, OfLine):
            continue
        yield from (command.give_up, command.book) if isinstance(command, Swap) else (command,)
