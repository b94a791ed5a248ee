"""How a booking that is paid by card can end: each end stands in ledger, booking, mail and page.

Somebody books two places of five euro, with six euro of credit and four by card; or a guest pays ten by card.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest

from reservations.booking.answers import Booked
from tests.builders import World
from tests.reservations.dates import call_off, faults
from tests.reservations.guest.guests import EMAIL
from tests.reservations.payment.journey import Journey
from tests.reservations.payment.waiting import paid_by_peer

Return = tuple[str, int, str]
"""By which way, how much, and how far it came."""


@dataclass(frozen=True)
class End:
    """What is expected of an end.

    `cents`: what was sold by card, what the provider has of it, what a bank holds; `credit_cents` what can be
    spent again; `mails` how the ones of who booked begin, `told` those of the seller.
    """

    name: str
    reach: Callable[[Journey], Awaitable[None]]
    cents: tuple[int, int, int]
    credit_cents: int
    status: str
    payment: str
    returns: tuple[Return, ...] = ()
    mails: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    page: str = ""
    desk: str = "Je moet niemand terugbetalen"


async def held(on: Journey) -> None:
    await on.book()
    await on.works()


async def given_up(on: Journey) -> None:
    await held(on)
    await on.ask("DELETE")
    await on.works()
    await lapses(on)


async def lapses(on: Journey) -> None:
    """The page is closed a minute before, and then the places are let go, where they are still held."""
    for minutes in (14, 2):
        on.world.clock.move(timedelta(minutes=minutes))
        await on.works()


async def abandoned(on: Journey) -> None:
    await held(on)
    await lapses(on)


async def failed(on: Journey) -> None:
    on.peer.control.misbehave("refuse", code="account_invalid")
    await held(on)


async def paid(on: Journey) -> None:
    await held(on)
    on.world.clock.move(timedelta(minutes=1))
    await on.pay()
    await on.works()
    on.world.clock.move(timedelta(minutes=1))


async def paid_late(on: Journey) -> None:
    await abandoned(on)
    await on.pay(even_expired=True)
    await on.works()


async def paid_too_late(on: Journey) -> None:
    await abandoned(on)
    other = await on.world.book(await on.world.resident(credit_cents=1000), on.session, 1)
    assert isinstance(other, Booked)
    await on.pay(even_expired=True)
    await on.works()


async def refunded_in_part(on: Journey) -> None:
    await paid(on)
    wanted = {"cancellation_id": str(uuid4()), "lines": [{"no": 1, "tickets": [2]}]}
    await on.ask("POST", "/cancellations", json=wanted)
    await on.works()


async def refunded_whole(on: Journey) -> None:
    await paid(on)
    await on.ask("DELETE")
    await on.works()


async def called_off(on: Journey) -> None:
    await paid(on)
    await call_off(on.world, on.session, reason="De zaal is stuk.")
    await on.works()


async def disputed(on: Journey) -> None:
    await paid(on)
    reading = "SELECT reference FROM credits.payment WHERE booking_id = $1"
    intent_id = await on.world.value(reading, on.booking_id)
    on.dispute_id = on.peer.control.raise_dispute(intent_id)["id"]
    await on.report("charge.dispute.created", on.dispute_id)
    await on.works()


async def dispute_won(on: Journey) -> None:
    await disputed(on)
    on.peer.control.close_dispute(on.dispute_id, won=True)
    await on.report("charge.dispute.closed", on.dispute_id)
    await on.works()


async def dispute_lost(on: Journey) -> None:
    await disputed(on)
    on.peer.control.close_dispute(on.dispute_id, won=False)
    await on.report("charge.dispute.closed", on.dispute_id)
    await on.works()


CREDIT_BACK, MONEY_BACK = ("credit", 600, "done"), ("card", 400, "done")
NOTHING, ALL = (0, 0, 0), (400, 400, 0)
UNPAID = "Je plaatsen zijn weer vrij"
ENDS = [
    End(
        "given up while held", given_up, NOTHING, 600, "cancelled", "expired", (CREDIT_BACK,),
        ("Geannuleerd",), page="Je boeking is geannuleerd",
    ),
    End(
        "abandoned", abandoned, NOTHING, 600, "lapsed", "expired", (CREDIT_BACK,),
        (UNPAID,), page="Je betaalde niet op tijd. Daarom zijn je plaatsen weer vrij.",
    ),
    End(
        "failed", failed, NOTHING, 600, "lapsed", "failed", (CREDIT_BACK,),
        (UNPAID,), page="De betaalpagina ging niet open. Dat lag niet aan jou.",
    ),
    End("paid", paid, ALL, 0, "confirmed", "paid", (), ("Je ticket",), page="Ticket 1 van 2"),
    End(
        "paid late and booked anew", paid_late, ALL, 0, "confirmed", "paid", (),
        (UNPAID, "Je ticket"), page="Ticket 1 van 2",
    ),
    End(
        "paid late and sent back", paid_too_late, NOTHING, 600, "lapsed", "refunded",
        (CREDIT_BACK, MONEY_BACK), (UNPAID, "Je geld komt terug"),
        page="Je betaling kwam te laat: je plaatsen waren al weg.",
    ),
    End(
        "refunded in part", refunded_in_part, (200, 200, 0), 300, "confirmed", "paid",
        (("credit", 300, "done"), ("card", 200, "done")), ("Je ticket", "Deels geannuleerd"),
        page="Je kreeg € 2,00 terug op de rekening of kaart waarmee je betaalde.",
    ),
    End(
        "refunded whole", refunded_whole, NOTHING, 600, "cancelled", "refunded", (CREDIT_BACK, MONEY_BACK),
        ("Je ticket", "Geannuleerd"),
        page="Je kreeg € 4,00 terug op de rekening of kaart waarmee je betaalde.",
    ),
    End(
        "called off", called_off, NOTHING, 600, "cancelled", "refunded", (CREDIT_BACK, MONEY_BACK),
        ("Je ticket", "Gaat niet door"), page="Dit gaat niet door",
    ),
    End(
        "dispute opened", disputed, (400, 0, 400), 0, "confirmed", "paid", (), ("Je ticket",),
        ("Betwist: € 4,00",), page="Ticket 1 van 2", desk="Betwist: de bank houdt € 4,00 vast",
    ),
    End(
        "dispute won", dispute_won, ALL, 0, "confirmed", "paid", (), ("Je ticket",),
        ("Betwist: € 4,00", "Betwisting gewonnen: € 4,00"), page="Ticket 1 van 2",
        desk="Je kreeg gelijk: het geld is terug bij jou.",
    ),
    End(
        "dispute lost", dispute_lost, NOTHING, 0, "confirmed", "paid", (), ("Je ticket",),
        ("Betwist: € 4,00", "Betwisting verloren: € 4,00"), page="Ticket 1 van 2",
        desk="De klant kreeg gelijk: de bank gaf het geld terug.",
    ),
]  # fmt: skip


@pytest.fixture
async def journey(world: World) -> AsyncIterator[Journey]:
    async with paid_by_peer(world) as peer:
        yield await Journey.begun(world, peer)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.name)
async def test_each_end_stands_in_ledger_booking_mail_and_page(journey: Journey, end: End) -> None:
    await end.reach(journey)

    # The ledger
    assert await journey.cents() == end.cents
    assert await journey.world.available_cents(journey.anna) == end.credit_cents
    assert await faults(journey.world) == []
    # The booking
    booking = await journey.ask("GET")
    assert (booking["status"], booking["payment"]["status"]) == (end.status, end.payment)
    assert booking["remaining_cents"] == 0
    [line] = booking["lines"]
    returns = tuple((each["way"], each["cents"], each["status"]) for each in line["returns"])
    assert returns == end.returns
    assert booking["returned_cents"] == line["returned_cents"] == sum(cents for _, cents, _ in returns)
    # The mails
    mails = await journey.mails()
    assert begins(mails.pop(journey.anna.email, []), end.mails)
    assert begins(mails.pop(journey.els, []), end.told)
    # The pages
    page, desk = await journey.page(), await journey.desk()
    assert end.page in page
    assert "etwist" not in page
    assert end.desk in desk


def begins(said: list[str], expected: tuple[str, ...]) -> bool:
    """Whether these mails begin so, each with what it is about, and there are no others."""
    assert len(said) == len(expected), said
    return all(each.startswith(start) for each, start in zip(said, expected, strict=True))


AS_GUEST = str.maketrans({"2": "5", "4": "10"})
"""The euros that go by card, of a place and of two, where no credit pays."""


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.name)
async def test_a_guest_is_told_the_same_and_finds_it_under_their_link(journey: Journey, end: End) -> None:
    journey.by_guest = True
    await end.reach(journey)

    booking = await journey.ask("GET")
    assert (booking["status"], booking["payment"]["status"]) == (end.status, end.payment)
    mails = await journey.mails()
    assert begins(mails.pop(EMAIL, []), end.mails)
    assert begins(mails.pop(journey.els, []), tuple(each.translate(AS_GUEST) for each in end.told))
    page, desk = await journey.page(), await journey.desk()
    assert (end.page.translate(AS_GUEST) if "€" in end.page else end.page) in page
    assert (end.desk.translate(AS_GUEST) if "€" in end.desk else end.desk) in desk
    assert "krediet" not in page
    assert await faults(journey.world) == []


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.name)
async def test_an_end_that_comes_again_changes_nothing(journey: Journey, end: End) -> None:
    """The worker goes on, everything is reported once more, and the page is opened again."""
    await end.reach(journey)
    before = await journey.ask("GET"), await journey.cents(), len(journey.world.mails)

    reported = await journey.world.rows("SELECT type, object_id FROM credits.provider_event")
    for row in reported:
        await journey.report(row["type"], row["object_id"])
    await journey.works()

    assert (await journey.ask("GET"), await journey.cents(), len(journey.world.mails)) == before
    assert await faults(journey.world) == []
