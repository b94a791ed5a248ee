"""Which rule on paper answers which command, and what follows from it for who waits."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from reservations.booking.actor import CardProof, HolderProof, MembershipProof
from reservations.booking.commands import (
    AcceptOffer,
    Book,
    CallOff,
    ChangeBooking,
    Command,
    DeclineOffer,
    Expire,
    GiveUp,
    JoinWaitingList,
    LeaveWaitingList,
    Lengthen,
    Pay,
    RequestedLine,
    Resize,
    ServeWaitingList,
    StopPayment,
)
from tests.reservations.all_verbs import paper_booking, paper_change, paper_line
from tests.reservations.all_verbs.paper import Paper
from tests.reservations.all_verbs.records import Wanted
from tests.reservations.all_verbs.seen import Seen


def answer(paper: Paper, command: Command, seen: Seen, cards: Mapping[UUID, UUID]) -> str:
    """What is right: the kind of answer, or the code of a refusal. `cards`: whose each is."""
    before = paper.all_free()
    said = decide(paper, command, seen, cards)
    if not isinstance(command, Book | Lengthen):
        asked = command.event_id if isinstance(command, ServeWaitingList) else None
        paper_line.serve(paper, before, asked, seen)
    return said


def catch_up(paper: Paper, commands: Sequence[Command], seen: Seen) -> None:
    """Before who comes now, who waits gets what came free beside the turnstile."""
    books = [each for each in commands if isinstance(each, Book | ChangeBooking)]
    drawn = {key for each in books for line in each.lines for key in pools_of_date(paper, line.session_id)}
    only_books = all(isinstance(each, Book | Lengthen) for each in commands)
    if not books or (only_books and not any(paper.free(key) > 0 for key in drawn)):
        return
    paper_line.follow(paper)
    for event_id in dict.fromkeys(each.event_id for each in paper.line if each.state == "waiting"):
        if paper_line.pools_of(paper, event_id) & drawn:
            paper_line.go_through(paper, event_id, seen)


def pools_of_date(paper: Paper, session_id: UUID) -> Iterable[UUID]:
    return paper.dates[session_id].pool_ids if session_id in paper.dates else ()


def adopt_kept(paper: Paper, seen: Seen) -> None:
    """By which id places are kept for somebody, so that it can be let go."""
    ids = {each.id: each.kept_booking_id for each in seen.waiting}
    for each in paper.line:
        if each.kept:
            each.kept.id = ids[each.id] or each.id
            paper.kept_ids.add(each.kept.id)


def decide(  # noqa: C901, PLR0912  one for each command
    paper: Paper, command: Command, seen: Seen, cards: Mapping[UUID, UUID]
) -> str:
    match command:
        case Book():
            return paper_booking.book(paper, command, [wanted(each, cards) for each in command.lines], seen)
        case GiveUp():
            return paper_booking.give_up(paper, command)
        case ChangeBooking():
            return paper_change.change(paper, command, [wanted(each, cards) for each in command.lines], seen)
        case CallOff():
            return paper_booking.call_off(paper, command)
        case Expire():
            return paper_booking.expire(paper, command)
        case Resize():
            return paper_booking.resize(paper, command)
        case Pay():
            return paper_booking.pay(paper, command, seen)
        case Lengthen():
            return paper_booking.lengthen(paper, command)
        case StopPayment():
            return paper_booking.stop_payment(paper, command)
        case JoinWaitingList():
            return paper_line.join(paper, command)
        case LeaveWaitingList():
            return paper_line.leave(paper, command)
        case ServeWaitingList():
            return "ServedWaitingList"
        case AcceptOffer():
            return paper_line.accept(paper, command, seen)
        case DeclineOffer():
            return paper_line.decline(paper, command)
        case _:
            raise AssertionError(command)


def wanted(line: RequestedLine, cards: Mapping[UUID, UUID]) -> Wanted:
    return Wanted(line.session_id, line.tariff, line.places, holder_of(line.holder, cards), line.seats)


def holder_of(proof: HolderProof | None, cards: Mapping[UUID, UUID]) -> UUID | None:
    match proof:
        case CardProof(card_id):
            return cards[card_id]
        case MembershipProof(membership_id):
            return membership_id
        case _:
            return None
