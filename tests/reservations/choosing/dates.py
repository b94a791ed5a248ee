"""An activity with two dates, the first of which is called off, and the links by which people choose."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from reservations.booking.commands import PayWith
from tests.builders import Resident, Session, World
from tests.reservations.booking.test_giving_up import hidden
from tests.reservations.dates import deliver

A_WEEK = timedelta(days=7)


async def two_dates(world: World, price_cents: int = 500, **other: Any) -> tuple[Session, Session]:
    """Two dates of one activity at the same price, a day apart. `other`: what the second has besides."""
    first = await world.session(10, price_cents)
    second = await world.session(10, price_cents, organiser_id=first.organiser_id, **other)
    await world.execute(
        "UPDATE reservations.session SET event_id = $1, starts_at = starts_at + interval '1 day',"
        " ends_at = ends_at + interval '1 day' WHERE id = $2",
        first.event_id, second.id,
    )  # fmt: skip
    return first, second


async def booked_two(world: World, session: Session, credit_cents: int = 5000) -> tuple[Resident, UUID]:
    """Somebody with two places; what they were mailed is gone."""
    who = await world.resident(credit_cents)
    answer = await world.book(who, session, 2)
    assert isinstance(answer, Booked), answer
    await deliver(world)
    return who, answer.booking.id


async def unpaid_two(world: World, session: Session, means: PayWith) -> tuple[Resident, UUID]:
    """Somebody with two places that wait for money, at the desk or by card; no mail of it is left."""
    await world.seller(session.organiser_id, desk_hours=48)
    who = await world.resident()
    command = world.command(who, [(session, "base", 2)], pay_with=means, payment_id=uuid4())
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked), answer
    await deliver(world)
    return who, answer.booking.id


async def link_in_mail(world: World) -> str:
    """The link of the last mail that there is now."""
    mail = (await deliver(world))[-1]
    body = mail.get_body(("plain",))
    found = re.search(r"http://testserver\.local(/\w+/keuze/[\w-]+)", body.get_content())
    assert found, body.get_content()
    return found[1]


async def choose_date(world: World, link: str, to: Session) -> Any:
    """Another date by a link: the price is shown, and they say yes."""
    asked = {"naar": str(to.id), "stap": "bekijk"}
    shown = (await world.client.get(f"{link}/wijzigen", params=asked)).text
    return await world.post_form(f"{link}/wijzigen", **hidden(shown[: shown.index('method="get"')]))


async def take_all_back(world: World, link: str) -> Any:
    return await world.post_form(f"{link}/terug", **hidden((await world.client.get(link)).text))
