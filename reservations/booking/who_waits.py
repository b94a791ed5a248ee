"""What who waits is answered, in a batch of the turnstile. Pure."""

from reservations.booking.accepting import accept, decline
from reservations.booking.answers import Answer, ServedWaitingList
from reservations.booking.commands import (
    AcceptOffer,
    DeclineOffer,
    JoinWaitingList,
    LeaveWaitingList,
    ServeWaitingList,
    WaitingCommand,
)
from reservations.booking.joining import join, leave
from reservations.booking.remaining import Remaining


def answer_who_waits(remaining: Remaining, command: WaitingCommand) -> Answer:
    match command:
        case JoinWaitingList():
            return join(remaining, command)
        case LeaveWaitingList():
            return leave(remaining, command)
        case AcceptOffer():
            return accept(remaining, command)
        case DeclineOffer():
            return decline(remaining, command)
        case ServeWaitingList():
            return ServedWaitingList()
