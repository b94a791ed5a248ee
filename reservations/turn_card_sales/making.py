"""Making a card of turns at the desk of an activity, and taking it off sale.

A card is sold as a ticket of an activity and a date of its own, so that it is bought, paid, given back and
settled as anything else. An agenda leaves it out: the pages of what it is for lead to it.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from organisers.activity import AboutActivity, as_text, copy_activity, mark_published, set_about
from reservations.activities.activity import Activity
from reservations.activities.dates.pattern import Slot
from reservations.activities.publishing import make_sessions
from reservations.activities.sale.sale import set_sale, set_tariffs
from reservations.event_settings.of_cards import follow_in_cards
from reservations.halls.usual import write_usual
from reservations.importing.plan import BASE
from reservations.importing.said import EventSale, EventTariff
from reservations.turn_card.errors import TurnCardNotYours, TurnCardWithoutDates
from reservations.turn_card.turn_card import months_later
from uit.core.clock import BRUSSELS, day_in_flanders
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)

MOST_CARDS: Final = 100_000
MOST_OTHERS: Final = 50


class NewTurnCard(Struct, frozen=True):
    """A card as its organiser wants it. `event_ids`: for which other activities its turns are as well.

    The rest is as in `turn_card.TurnCardRules`; the last day on which it is sold is `sold_until`.
    """

    id: UUID
    name: str
    turns: int
    months: int
    price_cents: int
    sold_until: date
    shared: bool
    give_back_days: int
    event_ids: Sequence[UUID] = ()


class CoverableActivity(Struct, frozen=True):
    id: UUID
    name: str


class Owner(Struct, frozen=True):
    organiser_id: UUID


class MadeCard(Struct, frozen=True):
    """A card for an activity: how many were sold and stand, and how many turns are left on all of them.

    `can_be_used`: there are dates for which a turn pays, or none are known yet.
    """

    session_id: UUID
    name: str
    turns: int
    months: int
    shared: bool
    give_back_days: int
    sale_closes_at: datetime
    sold: int
    turns_left: int
    can_be_used: bool


read_owner = SQL.maybe("read_owner", Owner)
fit_time = SQL.command("fit_time")
insert_card = SQL.command("insert_card")
insert_events = SQL.command("insert_events")
leave_agenda = SQL.command("leave_agenda")
mark_stopped = SQL.command("stop_selling")
takes_turns = SQL.value("takes_turns", bool)
read_others = SQL.many("read_others", CoverableActivity)
read_made = SQL.many("read_made", MadeCard)


async def make_turn_card(
    tx: Executor, author: Author, organiser_id: UUID, activity: Activity, new: NewTurnCard
) -> TurnCardNotYours | TurnCardWithoutDates | None:
    """Sell cards for an activity. Asked again under the same id, it is there and stays as it is.

    Refused where a turn could pay for nothing: every date to come is sold in a course alone.
    """
    region_id, card_id = author.region_id, new.id
    owner = await read_owner(tx, region_id, card_id)
    if owner:
        return None if owner.organiser_id == organiser_id else TurnCardNotYours(card_id)
    events = [activity.id, *new.event_ids]
    if not await takes_turns(tx, region_id, events, author.now):
        return TurnCardWithoutDates(card_id)
    titles = as_text({"nl": new.name})
    await copy_activity(tx, region_id, activity.id, card_id, new.name, author.now, titles)
    await set_about(tx, author, card_id, about_card(activity, new))
    await set_sale(tx, author, card_id, EventSale(MOST_CARDS, MOST_CARDS, None, 0, 0))
    await set_tariffs(tx, author, card_id, [tariff_of(new)])
    # In a place where halls have numbered seats a card has none.
    await write_usual(tx, region_id, organiser_id, "event", card_id, None, author.now)
    closes_at = end_of_day(new.sold_until)
    slot = Slot(author.now, end_of_day(months_later(new.sold_until, new.months)))
    (session_id,) = await make_sessions(tx, author, card_id, [slot])
    await fit_time(tx, region_id, session_id, closes_at, author.now + timedelta(days=1))
    await insert_card(
        tx, region_id, session_id, new.turns, new.months, new.shared, new.give_back_days, author.now
    )
    await insert_events(tx, region_id, session_id, organiser_id, events)
    await follow_in_cards(tx, region_id, activity.id, author.now)
    await leave_agenda(tx, region_id, card_id, day_in_flanders(author.now))
    await mark_published(tx, region_id, card_id, author.now)
    await author.note(tx, "turn_card.make", "session", session_id, turns=new.turns, months=new.months)
    return None


async def stop_selling(tx: Executor, author: Author, organiser_id: UUID, session_id: UUID) -> None:
    """Sell no more of a card. Who has one keeps it."""
    if await mark_stopped(tx, author.region_id, organiser_id, session_id, author.now):
        await author.note(tx, "turn_card.stop", "session", session_id)


def about_card(activity: Activity, new: NewTurnCard) -> AboutActivity:
    return AboutActivity({"nl": new.name}, {}, activity.domain, _("Beurtenkaart"), (), None, None)


def tariff_of(new: NewTurnCard) -> EventTariff:
    """Its price, for who has a pass: a card is of somebody."""
    return EventTariff(BASE, new.name, new.price_cents, "member", 0, 1, 1, None, None)


def end_of_day(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), tzinfo=BRUSSELS)
