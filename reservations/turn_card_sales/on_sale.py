"""Cards of turns as the page of an activity shows them: those for it, or what it is itself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import Holder
from reservations.catalogue.agenda import TariffOnSale, may_have, read_tariffs
from reservations.turn_card.turn_card import TurnCardRules
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class TurnCardOnSale(TurnCardRules, frozen=True):
    """A card that is sold as tickets of an activity of its own, `event_id`."""

    event_id: UUID
    name: str


class CoveredActivity(Struct, frozen=True):
    id: UUID
    name: str


class TurnCardOffer(Struct, frozen=True):
    """A card with what it costs whoever looks; None where it is not for them."""

    card: TurnCardOnSale
    price_cents: int | None


class ShownAsCard(Struct, frozen=True):
    """What an activity is that is a card itself, and for which others its turns are."""

    card: TurnCardOnSale
    covers: Sequence[CoveredActivity]


read_on_sale = SQL.many("read_on_sale", TurnCardOnSale)
read_of_organiser = SQL.many("read_of_organiser", TurnCardOnSale)
read_as_card = SQL.maybe("read_as_card", TurnCardOnSale)
read_covered = SQL.many("read_covered", CoveredActivity)


async def read_offers(  # noqa: PLR0913  of what, for whom, when, in which language
    tx: Executor, region_id: int, event_id: UUID, member: Holder | None, now: datetime, *, language: str
) -> list[TurnCardOffer]:
    """The cards for an activity that can be bought now; who shows no pass sees the price of all others."""
    cards = await read_on_sale(tx, region_id, event_id, now, language)
    tariffs = await read_tariffs(tx, region_id, [each.session_id for each in cards]) if cards else []
    return [TurnCardOffer(each, price_of(each, tariffs, member, now)) for each in cards]


def price_of(
    card: TurnCardOnSale, tariffs: Sequence[TariffOnSale], member: Holder | None, now: datetime
) -> int | None:
    own = [each for each in tariffs if each.session_id == card.session_id]
    if member:
        theirs = [each for each in own if may_have(each, member, day_in_flanders(now))]
    else:
        theirs = [each for each in own if each.eligibility != "social"]
    return min((each.price_cents for each in theirs), default=None)


async def shown_as_card(
    tx: Executor, region_id: int, session_id: UUID | None, now: datetime, *, language: str
) -> ShownAsCard | None:
    """What a date is sold as; None where it is a date as any."""
    card = await read_as_card(tx, region_id, session_id, language) if session_id else None
    if card is None:
        return None
    return ShownAsCard(card, await read_covered(tx, region_id, card.session_id, now, language))
