"""What somebody may take of a session: its tariffs, the facts they are sold by, and who sells them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.course_facts import with_courses_of
from reservations.booking.facts import Facts, Session
from reservations.booking.limit_facts import with_counted
from reservations.booking.seating import with_seats_of
from reservations.booking.to_pay import Vendor
from reservations.booking.turn_card_facts import with_cards_of
from reservations.catalogue.agenda import TariffOnSale, read_tariffs
from reservations.order.choice import (
    Choice,
    ClosedPrice,
    choices,
    choices_at_desk,
    closed,
    for_who_comes_along,
)
from reservations.order.course_order import CourseOrder
from reservations.order.had import PlacesHad, read_had
from reservations.order.who_comes import Comer
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
read_facts = SQL.value("read_facts", str)


read_vendor = SQL.one("read_vendor", Vendor)


class SessionOffer(Struct, frozen=True):
    """The facts and choices for booking one session, read without a lock, and who sells it.

    `closed` are the prices that are for another age than was shown.
    """

    facts: Facts
    choices: list[Choice]
    vendor: Vendor
    closed: list[ClosedPrice] = []

    @property
    def session(self) -> Session:
        return self.facts.sessions[0]

    @property
    def open(self) -> list[Choice]:
        """The choices but for what the member has already and cannot have twice."""
        return [choice for choice in self.choices if not choice.had]

    @property
    def in_order(self) -> list[Choice]:
        """The choices by who comes, and by code: so the same form makes the same booking."""
        order = list(dict.fromkeys(choice.comer for choice in self.choices))
        return sorted(self.choices, key=lambda choice: (order.index(choice.comer), choice.code))

    @property
    def had(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.had]


async def read_offer(  # noqa: PLR0913  who comes to what, and who asks
    tx: Executor,
    region_id: int,
    comers: Sequence[Comer],
    session_id: UUID,
    *,
    at_desk: bool = False,
    day: date | None = None,
) -> SessionOffer:
    """What those who come, or a guest, may take now of a session that is there; `at_desk` somebody sees them.

    All of them are read at once. With the `day` it is, what they had of a price counts of which only some is
    for each; not where others come, since that would tell of places which who books may not see.
    """
    facts = await read_facts_for(tx, region_id, comers, [session_id])
    tariffs = await read_tariffs(tx, region_id, [session_id])
    vendor = await read_vendor(tx, region_id, session_id)
    if at_desk:
        return SessionOffer(facts, choices_at_desk(tariffs), vendor)
    if day and not any(comer.helped for comer in comers):
        facts = await with_counted(tx, facts, region_id, (), day)
    return await offer_of(tx, region_id, comers, facts, tariffs, vendor)


async def read_course_offer(  # noqa: PLR0913  who may take what of which dates, and who sees them
    tx: Executor,
    region_id: int,
    comers: Sequence[Comer],
    course: CourseOrder,
    session_id: UUID,
    *,
    at_desk: bool = False,
) -> SessionOffer:
    """The same of the dates of a course that were chosen, together; the session leads."""
    dates = [*course.chosen] or [session_id]
    facts = await read_facts_for(tx, region_id, comers, dates)
    tariffs = course.tariffs(await read_tariffs(tx, region_id, dates))
    vendor = await read_vendor(tx, region_id, session_id)
    if at_desk:
        return SessionOffer(facts, choices_at_desk(tariffs), vendor)
    return await offer_of(tx, region_id, comers, facts, tariffs, vendor)


async def read_facts_for(
    tx: Executor, region_id: int, comers: Sequence[Comer], dates: Sequence[UUID]
) -> Facts:
    """What a booking of these dates would be decided on, the first of them first."""
    document = await read_facts(tx, region_id, dates, [each.membership_id for each in comers])
    facts = msgspec.json.decode(document, type=Facts)
    facts = replace(facts, sessions=sorted(facts.sessions, key=lambda each: dates.index(each.id)))
    facts = await with_courses_of(tx, await with_seats_of(tx, facts, region_id), region_id)
    return await with_cards_of(tx, facts, region_id, [each.membership_id for each in comers])


async def offer_of(  # noqa: PLR0913, PLR0917  who may take what, as it was read
    tx: Executor,
    region_id: int,
    comers: Sequence[Comer],
    facts: Facts,
    tariffs: Sequence[TariffOnSale],
    vendor: Vendor,
) -> SessionOffer:
    helped = [comer.helped for comer in comers if comer.helped]
    had = await read_had(tx, region_id, [each.id for each in facts.sessions], helped)
    facts = had.without_hidden(replace(facts, given=[each for one in helped for each in one.given]))
    return offer_for(facts, tariffs, vendor, comers, had)


def offer_for(
    facts: Facts,
    tariffs: Sequence[TariffOnSale],
    vendor: Vendor,
    comers: Sequence[Comer],
    had: PlacesHad,
) -> SessionOffer:
    """What each who comes may take; without anybody it is a guest."""
    session, holders = facts.sessions[0], {each.id: each for each in facts.holders}
    if not comers:
        of_guest = choices(session, tariffs, None, facts.personal)
        return SessionOffer(facts, of_guest, vendor, closed(session, tariffs, None))
    found: list[Choice] = []
    shut: dict[str, ClosedPrice] = {}
    along = for_who_comes_along(session, tariffs, list(holders.values()))
    for no, comer in enumerate(comers):
        holder = holders.get(comer.membership_id)
        found += [
            replace(
                choice,
                holder_id=comer.membership_id,
                comer=comer.key,
                has_place=had.known_of(comer.membership_id),
            )
            for choice in choices(session, tariffs, holder, facts.personal, comer.name, () if no else along)
        ]
        shut |= {each.code: each for each in closed(session, tariffs, holder)}
    open_to_some = {choice.code for choice in found}
    return SessionOffer(
        facts, found, vendor, [each for each in shut.values() if each.code not in open_to_some]
    )
