"""What the tests of guests share: a booking without a pass, its links, and what was mailed about it."""

import re
from typing import Any
from uuid import UUID, uuid4

from credits.payments.seller import Ways, open_books, write_ways
from reservations.booking.actor import ByGuest
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, GuestContact, PayWith, RequestedLine, bound_to
from reservations.booking.contact import guest_path
from tests.builders import Session, World

EMAIL = "lotte@example.org"


def as_guest(*sessions: Session, places: int = 1, email: str = EMAIL, **more: Any) -> Book:
    booking_id = more.pop("booking_id", None) or uuid4()
    tariff = more.pop("tariff", "base")
    lines = tuple(RequestedLine(session.id, tariff, places, None) for session in sessions)
    by, guest = more.pop("by", None) or ByGuest(str(booking_id)), GuestContact("Lotte Maes", email)
    digest = bound_to("test", booking_id, lines)
    return Book(sessions[0].region_id, booking_id, digest, by, lines, "page", guest=guest, **more)


async def guest_books(world: World, *sessions: Session, places: int = 1, **more: Any) -> UUID:
    """Lotte books without a pass; the id of her booking."""
    answer = await world.services.turnstile.answer(as_guest(*sessions, places=places, **more))
    assert isinstance(answer, Booked), answer
    return answer.booking.id


def link_of(
    world: World, booking_id: UUID, *, region: str = "dender", mailed: bool = False, version: int = 1
) -> str:
    """The address of a guest's booking: what the browser got, or with `mailed` what the mail has."""
    region_id = {"dender": 1, "kust": 2}[region]
    key = world.services.secrets.signing
    return f"/{region}/{guest_path(key, region_id, booking_id, version, mailed=mailed)}"


def link_in(text: str) -> str:
    """The first link of a guest in a mail, without the host."""
    found = re.search(r"http://testserver\.local(/\w+/gast/[\w-]+)", text)
    assert found, text
    return found[1]


def choice_in(text: str) -> str:
    """The link in a mail by which one chooses what becomes of a date, without the host."""
    found = re.search(r"http://testserver\.local(/\w+/keuze/[\w-]+)", text)
    assert found, text
    return found[1]


def claim_in(text: str) -> dict[str, str]:
    """The number and the code of a mail, as one types them."""
    found = re.search(r"Nummer van je boeking: ([0-9A-F-]+)\s+Code: ([A-Z2-7-]+)", text)
    assert found, text
    return {"number": found[1], "code": found[2]}


async def takes_money(world: World, session: Session, **ways: Any) -> None:
    """The organiser of a session sells at its desk, on an invoice, and by card on our own account."""
    async with world.services.database.transaction() as tx:
        await open_books(tx, session.region_id, session.organiser_id, world.services.ids)
        chosen = Ways(**{"desk_hours": 48, "invoices": True, **ways})
        await write_ways(
            tx, session.region_id, session.organiser_id, chosen.desk_hours, chosen.desk_before_minutes,
            chosen.invoices, chosen.cancel_fee_cents,
        )  # fmt: skip
    await world.execute(
        "UPDATE credits.seller SET card_account = '', card_open = true WHERE organiser_id = $1",
        session.organiser_id,
    )


async def guest_pays(world: World, session: Session, **more: Any) -> Book:
    """A guest who is to pay what they book by card; the command that was answered."""
    command = as_guest(session, pay_with=PayWith.CARD, payment_id=uuid4(), **more)
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked), answer
    return command
