"""Cards of turns in a batch: what is left of each, and what of a booking is a card. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.answers import Ended
from reservations.booking.commands import RequestedLine
from reservations.booking.ending import EndingLine
from reservations.booking.entitlement import is_for
from reservations.booking.facts import STANDING, Booking, Holder, Line, Session, Ticket, TicketEnd
from reservations.booking.tariff import Tariff
from reservations.turn_card.errors import (
    NoDateForTurns,
    OneTurnEach,
    TooFewTurns,
    TurnCardNotForPrice,
    TurnCardNotForThis,
    TurnCardOver,
    TurnCardUsed,
)
from reservations.turn_card.turn_card import TakenTurns, TurnCard, TurnCardFacts, TurnCardKey, TurnUse
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal


class TurnCards:
    """The cards that a batch is about; what is taken of them changes within it."""

    def __init__(self, facts: TurnCardFacts) -> None:
        self._rules = {each.session_id: each for each in facts.dates}
        self._uses = {(each.booking_id, each.line_no): each.card for each in facts.uses}
        self._cards = {each.key: each for each in facts.cards}
        self._for_turns = {each.session_id: each for each in facts.for_turns}

    def copy(self) -> "TurnCards":
        copied = TurnCards(TurnCardFacts())
        copied._rules, copied._uses, copied._cards = self._rules, {**self._uses}, {**self._cards}
        copied._for_turns = self._for_turns
        return copied

    def card(self, key: TurnCardKey) -> TurnCard | None:
        """A card that can be used; None where it is not paid, was given back, or is none."""
        card = self._cards.get(key)
        return card if card and card.is_good else None

    def as_sold(self, session: Session, now: datetime) -> Session:
        """A date that is sold as cards begins when one is bought: who may have which price is of that day."""
        if session.id not in self._rules:
            return session
        return replace(session, starts_at=now)

    def sale_refusal(self, session_id: UUID, now: datetime) -> NoDateForTurns | None:
        """Why no card is sold by this date: no turn of it could pay for anything."""
        found = self._for_turns.get(session_id)
        return None if found is None or found.can_be_used(now) else NoDateForTurns(session_id)

    def as_left(self, booking: Booking, session: Session) -> Session:
        """A date with the limit by which a card of it may be given back, which is of each sale."""
        rules = self._rules.get(session.id)
        return replace(session, cancel_until=rules.give_back_until(booking.made_at)) if rules else session

    def refusal(
        self,
        card: TurnCard,
        line: Line,
        session: Session,
        holder: Holder | None,
        beside: Iterable[Line] = (),
    ) -> Refusal | None:
        """Why a card does not pay for these places of a holder; `beside` are all lines booked with them."""
        if session.id not in card.covers or line.is_bound or session.is_turn_card:
            return TurnCardNotForThis(session.id)
        if day_in_flanders(session.starts_at) > card.good_until:
            return TurnCardOver(session.id, card.good_until)
        turns = len(line.tickets)
        if not card.rules.shared and turns + turns_of(card, session.id) > 1:
            return OneTurnEach(session.id)
        tariff = session.tariff(line.tariff_code)
        is_own = is_own_place(card, line, session, beside) and not is_for_another(holder, line, session)
        if tariff and not pays_for(card, tariff, is_own=is_own):
            return TurnCardNotForPrice(session.id, tariff.code)
        return TooFewTurns(turns, card.turns_left) if turns > card.turns_left else None

    def refuse_used(
        self, booking: Booking, tickets: Iterable[tuple[Line, Sequence[Ticket]]]
    ) -> Refusal | None:
        """Whether one of these tickets is a card of which a turn is taken."""
        for line, of_line in tickets:
            for ticket in of_line if line.session_id in self._rules else ():
                card = self._cards.get(TurnCardKey(booking.id, line.no, ticket.no))
                if card and card.turns_taken:
                    return TurnCardUsed(booking.id, card.turns_taken)
        return None

    def refuse_ending(self, booking: Booking, ending: Iterable[EndingLine]) -> Refusal | None:
        """The same of what ends otherwise than with its date."""
        return self.refuse_used(
            booking, [(each.line, each.tickets) for each in ending if each.end is not TicketEnd.CALLED_OFF]
        )

    def taken_by(
        self, booking: Booking, tickets: Iterable[tuple[Line, Sequence[Ticket]]]
    ) -> dict[TurnCardKey, int]:
        """How many turns of each card these tickets of a booking took."""
        taken: dict[TurnCardKey, int] = {}
        for line, of_line in tickets:
            key = self._uses.get((booking.id, line.no))
            if key and of_line:
                taken[key] = taken.get(key, 0) + len(of_line)
        return taken

    def refuse_beside(self, lines: Sequence[Line]) -> TooFewTurns | None:
        """Whether a card has too few turns for lines that are held beside those of which they were."""
        turns: dict[TurnCardKey, int] = {}
        for line in lines:
            if line.turn_card:
                turns[line.turn_card] = turns.get(line.turn_card, 0) + len(line.tickets)
        for key, asked in turns.items():
            left = self._cards[key].turns_left
            if asked > left:
                return TooFewTurns(asked, left)
        return None

    def has_paid(self, booking_id: UUID, line_no: int) -> bool:
        """Whether a turn was taken for a line when it was booked."""
        return (booking_id, line_no) in self._uses

    def take(self, booking_id: UUID, lines: Iterable[Line]) -> None:
        for line in lines:
            card = self._cards.get(line.turn_card) if line.turn_card else None
            if card and line.turn_card:
                taken = TakenTurns(booking_id, line.no, line.session_id, len(line.tickets))
                self._cards[card.key] = replace(card, taken=(*card.taken, taken))
                self._uses[booking_id, line.no] = line.turn_card

    def give_back(self, answer: Ended) -> None:
        """Let turns be taken again of places that ended, and none of cards that did."""
        for ticket in answer.tickets:
            ended = TurnCardKey(answer.booking.id, ticket.line_no, ticket.ticket_no)
            if ended in self._cards:
                self._cards[ended] = replace(self._cards[ended], is_good=False)
            key = self._uses.get((answer.booking.id, ticket.line_no))
            card = self._cards.get(key) if key else None
            if card and ticket.was in STANDING:
                self._cards[card.key] = replace(card, taken=without_one(card, ended))


def pays_for(card: TurnCard, tariff: Tariff, *, is_own: bool) -> bool:
    """Whether a turn pays a place at this price: a turn is for one person, who brings no code.

    `is_own`: it is the place of the card's holder. Others take a turn only of a card that is shared; of one
    that was bought at the social price only who has that price themselves.
    """
    if tariff.weight != 1 or tariff.least != 1 or tariff.asks_code:
        return False
    if is_own and not tariff.is_for_companion:
        return True
    return card.rules.shared and (tariff.is_personal or not card.is_social)


def is_own_place(card: TurnCard, line: Line, session: Session, beside: Iterable[Line]) -> bool:
    """Whether these places are that of a card's holder: one, where they took none, and ask none but it."""
    if line.holder_id != card.holder_id or len(line.tickets) != 1 or turns_of(card, session.id):
        return False
    theirs = [each for each in beside if (each.session_id, each.holder_id) == (session.id, card.holder_id)]
    return not any(each is not line and is_personal_at(each, session) for each in theirs)


def is_for_another(holder: Holder | None, line: Line | RequestedLine, session: Session) -> bool:
    """Whether a place at this price is for who comes along: its holder has a price there that is one each."""
    code = line.tariff_code if isinstance(line, Line) else line.tariff
    day, tariff = day_in_flanders(session.starts_at), session.tariff(code)
    if holder is None or tariff is None or tariff.is_personal:
        return False
    return any(each.is_personal and is_for(each, holder, day) for each in session.tariffs or ())


def is_personal_at(line: Line, session: Session) -> bool:
    tariff = session.tariff(line.tariff_code)
    return tariff is not None and tariff.is_personal


def turns_of(card: TurnCard, session_id: UUID) -> int:
    return sum(each.turns for each in card.taken if each.session_id == session_id)


def without_one(card: TurnCard, ticket: TurnCardKey) -> tuple[TakenTurns, ...]:
    return tuple(
        replace(each, turns=each.turns - 1)
        if (each.booking_id, each.line_no) == (ticket.booking_id, ticket.line_no) and each.turns
        else each
        for each in card.taken
    )


def uses_of_turns(booking_id: UUID, lines: Iterable[Line]) -> list[TurnUse]:
    """The turns that new lines take."""
    return [TurnUse(booking_id, line.no, line.turn_card) for line in lines if line.turn_card]


def turns_back(booking: Booking, uses: Iterable[TurnUse]) -> int:
    """How many turns came back by tickets that ended otherwise than for others in their stead."""
    took = {each.line_no for each in uses if each.booking_id == booking.id}
    return sum(
        ticket.status not in STANDING and ticket.end is not TicketEnd.MOVED_AWAY
        for line in booking.lines
        if line.no in took
        for ticket in line.tickets
    )
