"""Who works with a group hears by mail that a date it booked is called off, moved, postponed or goes on."""

from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from tests.builders import Resident, Session, World
from tests.identity.access.test_desk import deliver
from tests.reservations.dates import call_off, move, plain, postpone, restore
from tests.reservations.groups.groups import Group, a_group, a_partner, booked, give_up


async def worker_of(world: World, partner_id: UUID, role: str = "group_worker") -> str:
    return f"{(await world.sign_in_staff(role, partner_id=partner_id)).hex}@example.org"


async def told(world: World) -> dict[str, EmailMessage]:
    """By address the mails for all that waits; each address once."""
    world.mails.clear()
    await deliver(world)
    found = {str(mail["To"]): mail for mail in world.mails}
    assert len(found) == len(world.mails)
    return found


def html(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert isinstance(body, EmailMessage)
    return " ".join(unescape(str(body.get_content())).replace("\N{NO-BREAK SPACE}", " ").split())


async def change(world: World, session: Session, how: str) -> None:
    if how == "off":
        await call_off(world, session, reason="De regisseur is ziek.")
    elif how == "choose":
        await call_off(world, session, reason="De regisseur is ziek.", choose=timedelta(days=7))
    elif how == "moved":
        await move(world, session, timedelta(days=2))
    else:
        await postpone(world, session)
        if how == "restored":
            await told(world)
            await restore(world, session)


async def a_booking(world: World, session: Session, partner_id: UUID) -> tuple[Group, UUID]:
    group = await a_group(world, credit_cents=2000, partner_id=partner_id)
    return group, await booked(world, group, session, 8)


@pytest.mark.parametrize(
    ("how", "subject", "says"),
    [
        ("off", "Gaat niet door", "Het krediet en de tickets van het jaar zijn terug bij de groep."),
        ("choose", "Gaat niet door", "Kies op de pagina van de boeking wat het wordt, voor ma 9 mrt, 10 u."),
        ("moved", "Nieuwe datum", "De tickets blijven geldig, op het nieuwe moment."),
        ("postponed", "Uitgesteld", "Er is nog geen nieuwe datum."),
        ("restored", "Gaat toch door", "De tickets blijven geldig."),
    ],
)
async def test_each_worker_is_told_once_and_nobody_else(
    world: World, how: str, subject: str, says: str
) -> None:
    home, other, session = (
        await a_partner(world),
        await a_partner(world, "Ander huis"),
        await world.session(20),
    )
    workers = {await worker_of(world, home) for _ in range(2)}
    await worker_of(world, other)
    await worker_of(world, home, "social_worker")
    group, booking_id = await a_booking(world, session, home)

    await change(world, session, how)
    mails = await told(world)

    assert mails.keys() == workers
    for mail in mails.values():
        assert str(mail["Subject"]).startswith(f"{subject}: De kleine prins, ")
        for words in (plain(mail), html(mail)):
            assert says in words
            assert "Dit is geboekt voor Woensdaggroep." in words
            assert f"{group.own}/boekingen/{booking_id}" in words
            assert ("De regisseur is ziek." in words) == (how in {"off", "choose"})


async def test_who_stopped_working_there_is_not_told(world: World) -> None:
    home, session = await a_partner(world), await world.session(20)
    await worker_of(world, home)
    stays = await worker_of(world, home)
    await a_booking(world, session, home)
    await world.execute(
        "UPDATE identity.role SET ends_at = $1 FROM identity.staff AS s"
        " WHERE s.id = role.staff_id AND s.email <> $2",
        world.clock.now(), stays,
    )  # fmt: skip

    await call_off(world, session)

    assert (await told(world)).keys() == {stays}


async def test_what_is_no_longer_so_is_not_told(world: World) -> None:
    home, session = await a_partner(world), await world.session(20)
    await worker_of(world, home)
    await a_booking(world, session, home)

    await postpone(world, session)
    await restore(world, session)

    assert [str(mail["Subject"])[:14] for mail in (await told(world)).values()] == ["Gaat toch door"]


async def test_what_they_gave_back_themselves_and_what_others_booked_is_not_told(world: World) -> None:
    home, session = await a_partner(world), await world.session(20)
    await worker_of(world, home)
    group, booking_id = await a_booking(world, session, home)
    anna: Resident = await world.resident(5000)
    await world.book(anna, session)
    await told(world)

    await give_up(world, group, booking_id)
    await call_off(world, session)

    assert (await told(world)).keys() == {anna.email}


async def test_a_discreet_activity_is_not_named(world: World) -> None:
    home, session = await a_partner(world), await world.session(20)
    worker = await worker_of(world, home)
    await a_booking(world, session, home)
    await world.execute("UPDATE organisers.event SET is_discreet = true")

    await call_off(world, session)

    mail: Any = (await told(world))[worker]
    assert "kleine prins" not in f"{mail['Subject']}{plain(mail)}{html(mail)}"
