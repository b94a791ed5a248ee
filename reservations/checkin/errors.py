"""What a check-in can be refused for. The words stand in `templates/refusals/`."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.core.errors import Refusal


class TicketUnknown(Refusal, code="reservations.ticket_unknown", status=404):
    """Not a ticket of ours: nothing that we sealed, or of a booking that is gone."""


class AlreadyIn(Refusal, code="reservations.already_in", status=409):
    """The ticket was used before. A second scan says when, so that a door can judge."""

    used_at: datetime


class ComingDate(Struct, frozen=True):
    """A date for which somebody has tickets."""

    session_id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime


class NothingHere(Refusal, code="reservations.nothing_here", status=404):
    """The holder of the pass has no ticket for this date.

    `coming`: for what else of the same organiser they have some, soonest first; never of another.
    """

    session_id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime
    coming: tuple[ComingDate, ...]


class NumberOpensNothing(Refusal, code="reservations.number_opens_nothing", status=404):
    """The number of a pass with a birth year opens nothing here, and which is wrong it does not say."""


class BirthYearMissing(Refusal, code="reservations.birth_year_missing", status=422):
    """The number of a pass was typed alone."""


class FewerLeft(Refusal, code="reservations.fewer_left", status=409):
    """More people are at the door than the tickets still let in."""

    places_asked: int
    places_left: int


class TicketNotSplit(Refusal, code="reservations.ticket_not_split", status=409):
    """No tickets let in exactly so many: one for several people is used once, for all of them.

    `places_below` and `places_above` are the nearest numbers that can come in.
    """

    places_asked: int
    places_below: int | None
    places_above: int


class CheckinIdTaken(Refusal, code="reservations.checkin_id_taken", status=409):
    """Under this id something else was checked in before, or another number of people."""

    checkin_id: UUID


class TicketNotValid(Refusal, code="reservations.ticket_not_valid", status=409):
    """Cancelled or lapsed. Says no more than that to whoever stands at the door."""


class NotPaidYet(Refusal, code="reservations.not_paid_yet", status=409):
    """Places that are held until they are paid, or who waited says yes. How much is not said."""


class TooEarlyToCheckIn(Refusal, code="reservations.checkin_too_early", status=409):
    """Whoever is checked in days before would stand before the door with a used ticket."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime


class CheckinTakenBack(Refusal, code="reservations.checkin_taken_back", status=409):
    """This check-in was a mistake and was taken back. Its repeat does not use the ticket again."""


class OtherCheckin(Refusal, code="reservations.other_checkin", status=409):
    """The check-in to take back is not the one by which the ticket is in, if it is in at all."""


class DoorsClosed(Refusal, code="reservations.doors_closed", status=409):
    """Who came is settled when the doors close."""

    closed_at: datetime


class CheckinEarned(Refusal, code="reservations.checkin_earned", status=409):
    """The organiser has earned credit because this ticket was used."""


class OtherSession(Refusal, code="reservations.other_session", status=409):
    """A good ticket at the wrong hour, or of something else by the same organiser."""

    session_id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime


class LookFirst(Refusal, code="reservations.look_first", status=409):
    """Nobody is in yet: something has to be shown for a price, and who lets in says that they looked.

    Of so many `people` who would come in, `shown` have such a price; `labels` say what to look at.
    """

    people: int
    shown: int
    labels: tuple[str, ...]
