"""Booking at a counter as a clerk does: the pass is scanned, and the form is sent as its page shows it."""

import re
from typing import Any
from uuid import UUID, uuid4

from tests.builders import Resident, Session, World
from tests.reservations.order.test_one_each import value_of
from tests.reservations.order.test_tariffs import fields_in

COUNTER = "/dender/balie"
HIDDEN = r'type="hidden"\s+name="(receipt_id|payment_id|due)"\s+value="([^"]*)"'


def of(who: Resident, *parts: object) -> str:
    return "/".join([COUNTER, "personen", str(who.membership_id), *map(str, parts)])


async def scan(world: World, who: Resident) -> Any:
    """The pass is scanned in the one box of the counter."""
    return await world.post_form(COUNTER, wie=who.token)


async def at_the_counter(world: World, who: Resident) -> UUID:
    """A clerk has this member in front, with a pass that was scanned."""
    staff_id = await world.sign_in_staff("clerk")
    await scan(world, who)
    return staff_id


async def order_page(world: World, who: Resident, session: Session, **query: str) -> Any:
    return await world.client.get(of(who, "boeken", session.id, uuid4()), params=query)


async def book_on(world: World, page: Any, **fields: object) -> Any:
    """Press the button that books, with what the page shows."""
    numbers = {name: value_of(page, name) for name in fields_in(page)}
    hidden = dict(re.findall(HIDDEN, page.text))
    shown = {"stap": "boek", "gezien": value_of(page, "gezien")}
    return await world.post_form(page.url.raw_path.decode(), **numbers | hidden | shown | fields)


def booking_of(page: Any) -> UUID:
    return UUID(page.url.path.rpartition("/")[2])
