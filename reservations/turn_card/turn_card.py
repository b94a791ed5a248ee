"""A card of turns: what is left of it, until when it is good, and what it pays for. Pure.

A card is a ticket for a date that is sold as cards. A turn is taken for each ticket that was booked with it,
as long as that ticket stands.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec import Struct

from uit.core.clock import day_in_flanders


class TurnCardKey(Struct, frozen=True):
    """The ticket that is the card."""

    booking_id: UUID
    line_no: int
    ticket_no: int


class TurnCardRules(Struct, frozen=True):
    """What every ticket for a date is, where it is sold as cards.

    `months`: so long it is good. `shared`: whoever may book for its holder takes turns for others too. Within
    `give_back_days` it can be given back, while no turn is taken.
    """

    session_id: UUID
    turns: int
    months: int
    shared: bool
    give_back_days: int

    def good_until(self, sold_at: datetime) -> date:
        """The last day on which a card that was sold then is good."""
        return months_later(day_in_flanders(sold_at), self.months)

    def give_back_until(self, sold_at: datetime) -> datetime:
        return sold_at + timedelta(days=self.give_back_days)


class DatesForTurns(Struct, frozen=True):
    """Until when dates are on sale of what a card is for: by themselves, and in a course alone."""

    session_id: UUID
    alone_until: datetime | None
    in_course_until: datetime | None

    def can_be_used(self, now: datetime) -> bool:
        """Whether a turn can pay for a date, or may once there are dates: a course as a whole takes none."""
        if self.alone_until and now < self.alone_until:
            return True
        return self.in_course_until is None or self.in_course_until <= now


class TurnUse(Struct, frozen=True):
    """The line of a booking that took turns of a card."""

    booking_id: UUID
    line_no: int
    card: TurnCardKey


class TakenTurns(Struct, frozen=True):
    """How many turns a line took that still stand, and of which session."""

    booking_id: UUID
    line_no: int
    session_id: UUID
    turns: int


class TurnCard(Struct, frozen=True):
    """A card as it stands, read under its lock. `covers`: for which of the sessions of a batch its turns are.

    `is_good`: it is paid, and was not given back. `is_social`: it was bought at the social price.
    """

    key: TurnCardKey
    rules: TurnCardRules
    holder_id: UUID | None
    sold_at: datetime
    is_good: bool
    covers: frozenset[UUID]
    taken: tuple[TakenTurns, ...] = ()
    is_social: bool = False

    @property
    def good_until(self) -> date:
        return self.rules.good_until(self.sold_at)

    @property
    def turns_taken(self) -> int:
        return sum(each.turns for each in self.taken)

    @property
    def turns_left(self) -> int:
        return max(0, self.rules.turns - self.turns_taken)


class TurnCardFacts(Struct, frozen=True):
    """Of a batch: the dates that are sold as cards, the cards that it is about, and what its lines took.

    `for_turns`: what there is for the turns of such a card.
    """

    dates: tuple[TurnCardRules, ...] = ()
    uses: tuple[TurnUse, ...] = ()
    cards: tuple[TurnCard, ...] = ()
    for_turns: tuple[DatesForTurns, ...] = ()

    def sold_as(self, session_id: UUID) -> TurnCardRules | None:
        """What a ticket for a date is, where it is sold as cards."""
        return next((each for each in self.dates if each.session_id == session_id), None)


NO_TURN_CARDS = TurnCardFacts()


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
