"""What is refused about cards of turns. The words stand in `templates/refusals/`."""

from datetime import date
from uuid import UUID

from uit.core.errors import Refusal


class TurnCardUnknown(Refusal, code="reservations.turn_card_unknown", status=404):
    """No such card, or it is not paid yet, was given back, or is not of who comes."""

    booking_id: UUID


class TurnCardNotForThis(Refusal, code="reservations.turn_card_not_for_this", status=409):
    """Its turns are for other activities than that of this session, or it is a course that is sold whole."""

    session_id: UUID


class TurnCardNotForPrice(Refusal, code="reservations.turn_card_not_for_price", status=409):
    """A turn is for one person, at a price like that of the card: this one is paid otherwise."""

    session_id: UUID
    tariff: str


class TurnCardOver(Refusal, code="reservations.turn_card_over", status=409):
    """The session is on a day after the last one on which the card is good."""

    session_id: UUID
    good_until: date


class TooFewTurns(Refusal, code="reservations.too_few_turns", status=409):
    """A place takes a turn, and the card has fewer left."""

    turns: int
    left: int


class OneTurnEach(Refusal, code="reservations.one_turn_each", status=409):
    """The card is for its holder alone, who comes to a date once."""

    session_id: UUID


class TurnCardUsed(Refusal, code="reservations.turn_card_used", status=409):
    """A card is given back as long as no turn of it is taken; `taken` are."""

    booking_id: UUID
    taken: int


class TurnCardNotYours(Refusal, code="reservations.turn_card_not_yours", status=409):
    """The id of a new card is that of something of another organiser."""

    card_id: UUID


class SoldAsTurnCard(Refusal, code="reservations.sold_as_turn_card", status=409):
    """What is sold as cards takes place at no moment: it is sold and stopped where cards are."""

    session_id: UUID
