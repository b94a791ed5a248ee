"""Paying as an integrator meets it: ways to pay, guests, what is held for a payment, and what comes back."""

from asyncio import gather
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Response

from reservations.booking.answers import Paid
from reservations.booking.commands import Expire, Pay
from tests.builders import Resident, Session, World

Headers = dict[str, str]
SHOP = "https://tickets.example"
PAGE = "https://betaal.example/pagina"


async def stage(world: World, credit_cents: int = 300, **ways: Any) -> tuple[Session, Resident, Headers]:
    """A session at 5 euro of a seller, somebody with 3 euro of credit, and the client of a shop."""
    session = await world.session()
    await world.seller(session.organiser_id, **ways)
    headers = await world.api_client(session.organiser_id, origins=[SHOP])
    return session, await world.resident(credit_cents), headers


def body(session: Session, who: Resident | None, places: int = 1, **more: object) -> dict[str, object]:
    line = {"session_id": str(session.id), "tariff": "base", "places": places}
    return {"lines": [line], **({"pass_token": who.token} if who else {}), **more}


async def put(world: World, headers: Headers, document: object, booking_id: UUID | None = None) -> Response:
    return await world.client.put(f"/api/v1/bookings/{booking_id or uuid4()}", json=document, headers=headers)


async def get(world: World, headers: Headers, booking_id: object) -> dict[str, Any]:
    answer = await world.client.get(f"/api/v1/bookings/{booking_id}", headers=headers)
    assert answer.status_code == 200
    return dict(answer.json())


async def delete(world: World, headers: Headers, booking_id: object) -> dict[str, Any]:
    answer = await world.client.delete(f"/api/v1/bookings/{booking_id}", headers=headers)
    assert answer.status_code == 200
    return dict(answer.json())


async def open_page(world: World, booking: dict[str, Any]) -> None:
    """As the provider's answer is stored once its page is open."""
    await world.execute(
        "UPDATE credits.payment SET checkout_id = 'cs_1', checkout_url = $2, opened_at = $3 WHERE id = $1",
        UUID(booking["payment"]["id"]), PAGE, world.clock.now(),
    )  # fmt: skip


async def pay(world: World, booking: dict[str, Any]) -> None:
    """As the worker does when the provider confirms that it was paid."""
    payment = booking["payment"]
    ids = UUID(booking["booking_id"]), UUID(payment["id"])
    answer = await world.services.turnstile.answer(Pay(1, *ids, payment["amount_cents"], "pi_1"))
    assert isinstance(answer, Paid)


async def made(world: World, headers: Headers, document: object) -> dict[str, Any]:
    answer = await put(world, headers, document)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def refused(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


# Ways to pay


async def test_what_credit_does_not_pay_is_held_for_a_card(world: World) -> None:
    session, anna, headers = await stage(world)

    document = await made(world, headers, body(session, anna, pay_with="credit_then_card"))

    assert (document["status"], document["held_until"]) == ("held", "2026-03-02T09:10:00Z")
    assert (document["price_cents"], document["credit_cents"], document["remaining_cents"]) == (500, 300, 200)
    del document["payment"]["id"]
    assert document["payment"] == {
        "means": "card",
        "status": "pending",
        "amount_cents": 200,
        "expires_at": "2026-03-02T09:10:00Z",
    }
    assert await world.available_cents(anna) == 0


async def test_the_booking_says_where_to_pay_once_the_page_is_open(world: World) -> None:
    session, anna, headers = await stage(world)
    document = await made(world, headers, body(session, anna, pay_with="card"))
    await open_page(world, document)

    payment = (await get(world, headers, document["booking_id"]))["payment"]

    assert (payment["url"], payment["amount_cents"]) == (PAGE, 500)


async def test_a_booking_that_is_paid_is_confirmed_and_has_no_page_any_more(world: World) -> None:
    session, anna, headers = await stage(world)
    document = await made(world, headers, body(session, anna, pay_with="card"))
    await open_page(world, document)
    await pay(world, document)

    after = await get(world, headers, document["booking_id"])

    assert (after["status"], after["held_until"]) == ("confirmed", None)
    assert (after["payment"]["status"], after["payment"]["expires_at"]) == ("paid", None)
    assert "url" not in after["payment"]


async def test_where_credit_is_enough_nothing_is_left_to_pay(world: World) -> None:
    session, anna, headers = await stage(world, credit_cents=500)

    document = await made(world, headers, body(session, anna, pay_with="credit_then_card"))

    assert (document["status"], document["payment"], document["remaining_cents"]) == ("confirmed", None, 0)


async def test_who_pays_by_card_keeps_their_credit(world: World) -> None:
    session, anna, headers = await stage(world, credit_cents=500)

    document = await made(world, headers, body(session, anna, pay_with="card"))

    assert (document["credit_cents"], document["payment"]["amount_cents"]) == (0, 500)
    assert await world.available_cents(anna) == 500


async def test_who_pays_at_the_desk_has_the_hours_that_the_organiser_gives(world: World) -> None:
    session, anna, headers = await stage(world, desk_hours=48)

    document = await made(world, headers, body(session, anna, pay_with="desk"))

    assert (document["status"], document["payment"]["means"]) == ("held", "desk")
    assert document["payment"]["expires_at"] == document["held_until"] == "2026-03-04T09:00:00Z"


@pytest.mark.parametrize("way", ["card", "credit_then_card", "desk"])
async def test_a_way_that_the_organiser_does_not_take_is_refused(world: World, way: str) -> None:
    session, anna, headers = await stage(world, card=False)

    answer = await put(world, headers, body(session, anna, pay_with=way))

    assert refused(answer) == (409, "reservations.cannot_pay_with")
    assert (await world.places_left(session), await world.available_cents(anna)) == (10, 300)


async def test_several_sellers_each_want_a_booking_of_their_own(world: World) -> None:
    session, anna, _ = await stage(world)
    other = await world.session()
    await world.seller(other.organiser_id)
    headers = await world.api_client(session.organiser_id, other.organiser_id)
    lines = [{"session_id": str(each.id), "tariff": "base", "places": 1} for each in (session, other)]
    wanted = body(session, anna, pay_with="credit_then_card", lines=lines)

    answer = await put(world, headers, wanted)
    assert refused(answer) == (409, "reservations.several_sellers")
    sellers = {str(session.organiser_id), str(other.organiser_id)}
    assert set(answer.json()["organiser_ids"]) == sellers
    assert (await world.places_left(session), await world.places_left(other)) == (10, 10)
    for each in (session, other):
        await made(world, headers, body(each, anna, pay_with="credit_then_card"))


async def test_amounts_that_changed_since_the_quote_are_refused_and_nothing_is_held(world: World) -> None:
    session, anna, headers = await stage(world)
    asked = body(session, anna)
    quote = (await world.client.post("/api/v1/quotes", json=asked, headers=headers)).json()
    seen = {"price_seen_cents": quote["price_cents"], "remaining_seen_cents": quote["remaining_cents"]}
    await world.purse(1, anna.membership_id, 100)

    answer = await put(world, headers, body(session, anna, pay_with="credit_then_card", **seen))

    assert refused(answer) == (409, "reservations.remaining_changed")
    assert (answer.json()["remaining_seen_cents"], answer.json()["remaining_cents"]) == (200, 100)
    assert (await world.places_left(session), await world.available_cents(anna)) == (10, 400)


async def test_another_who_comes_along_pays_with_their_own_credit(world: World) -> None:
    session, anna, headers = await stage(world, credit_cents=500)
    bilal = await world.resident(credit_cents=500)
    line = {"session_id": str(session.id), "tariff": "base", "places": 1}

    document = await made(
        world, headers, body(session, anna, lines=[line, {**line, "pass_token": bilal.token}])
    )

    assert [each["credit_cents"] for each in document["lines"]] == [500, 500]
    assert (await world.available_cents(anna), await world.available_cents(bilal)) == (0, 0)


async def test_a_booking_to_pay_that_is_sent_many_times_at_once_is_one(world: World) -> None:
    session, anna, headers = await stage(world)
    booking_id, wanted = uuid4(), body(session, anna, pay_with="credit_then_card")

    answers = await gather(*(put(world, headers, wanted, booking_id) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.content for answer in answers}) == 1
    assert await world.value("SELECT count(*) FROM credits.payment") == 1
    other_way = await put(world, headers, {**wanted, "pay_with": "card"}, booking_id)
    assert refused(other_way) == (409, "reservations.id_taken")


# The way back


async def test_the_way_back_is_kept_with_the_payment(world: World) -> None:
    session, anna, headers = await stage(world)
    back = f"{SHOP}/terug?bestelling=7"

    await made(world, headers, body(session, anna, pay_with="card", return_url=back))

    assert await world.value("SELECT return_url FROM credits.payment") == back


@pytest.mark.parametrize(
    "back",
    [
        "https://elders.example/terug",
        "http://tickets.example/terug",
        "https://tickets.example:8443/terug",
        "https://tickets.example.elders.example/",
        "https://tickets.example@elders.example/",
        "https://tickets.example\\@elders.example/",
        "http://localhost/terug",
    ],
)
async def test_a_way_back_to_elsewhere_is_refused_and_nothing_changes(world: World, back: str) -> None:
    session, anna, headers = await stage(world)

    answer = await put(world, headers, body(session, anna, pay_with="card", return_url=back))

    assert refused(answer) == (403, "reservations.return_url_foreign")
    assert await world.places_left(session) == 10
    assert await world.value("SELECT count(*) FROM credits.payment") == 0


async def test_a_client_without_a_shop_leads_nobody_back(world: World) -> None:
    session, anna, _ = await stage(world)
    headers = await world.api_client(session.organiser_id)

    answer = await put(world, headers, body(session, anna, pay_with="card", return_url=f"{SHOP}/"))

    assert refused(answer) == (403, "reservations.return_url_foreign")


# Guests


async def test_a_guest_books_with_a_name_and_an_address(world: World) -> None:
    session, _, headers = await stage(world)
    guest = {"name": "Noor Claes ", "email": "Noor@Example.be"}

    document = await made(world, headers, body(session, None, 2, pay_with="card", guest=guest))

    assert (document["status"], document["payment"]["amount_cents"]) == ("held", 1000)
    assert "noor" not in str(document).lower()
    (contact,) = await world.rows("SELECT name, email, proven_at FROM reservations.contact")
    assert tuple(contact) == ("Noor Claes", "noor@example.be", None)


async def test_a_guest_gets_what_is_for_anybody_and_has_no_credit(world: World) -> None:
    session, _, headers = await stage(world)
    guest = {"name": "Noor", "email": "noor@example.be"}
    social = {"session_id": str(session.id), "tariff": "kansentarief", "places": 1}

    own_price = await put(world, headers, body(session, None, lines=[social], guest=guest))
    with_credit = await put(world, headers, body(session, None, guest=guest))

    assert refused(own_price) == (409, "reservations.not_for_you")
    assert refused(with_credit) == (409, "reservations.cannot_pay_with")
    assert await world.value("SELECT count(*) FROM reservations.contact") == 0


async def test_the_client_that_booked_for_a_guest_reads_and_cancels_it(world: World) -> None:
    session, _, headers = await stage(world)
    guest = {"name": "Noor", "email": "noor@example.be"}
    document = await made(world, headers, body(session, None, pay_with="card", guest=guest))

    assert (await get(world, headers, document["booking_id"]))["status"] == "held"
    assert (await delete(world, headers, document["booking_id"]))["status"] == "cancelled"
    assert await world.places_left(session) == 10


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"pass_token": "P", "guest": {"name": "Noor", "email": "noor@example.be"}},
        {"guest": None},
        {"guest": {"name": "Noor"}},
        {"guest": {"name": "", "email": "noor@example.be"}},
        {"guest": {"name": " ", "email": "noor@example.be"}},
        {"guest": {"name": "Noor\nClaes", "email": "noor@example.be"}},
        {"guest": {"name": "N" * 101, "email": "noor@example.be"}},
        {"guest": {"name": "Noor", "email": "noor"}},
        {"guest": {"name": "Noor", "email": "noor@example"}},
        {"guest": {"name": "Noor", "email": "noor@example.be,anna@example.be"}},
        {"guest": {"name": "Noor", "email": "noor\u0000@example.be"}},
        {"guest": {"name": "Noor", "email": f"{'n' * 65}@example.be"}},
        {"pass_token": "P", "return_url": "ftp://tickets.example/"},
        {"pass_token": "P", "return_url": f"https://tickets.example/{'x' * 1000}"},
        {"pass_token": "P", "pay_with": "cash"},
        {"pass_token": "P", "remaining_seen_cents": -1},
    ],
)
async def test_a_guest_or_a_way_to_pay_that_cannot_be_is_a_clear_no(
    world: World, more: dict[str, object]
) -> None:
    session, _, headers = await stage(world)

    answer = await put(world, headers, {**body(session, None), **more})

    assert refused(answer) == (422, "ground.not_understood")
    assert await world.places_left(session) == 10


async def test_who_books_is_a_holder_or_a_guest_and_the_refusal_names_the_field(world: World) -> None:
    session, anna, headers = await stage(world)
    guest = {"name": "Noor", "email": "noor@example.be"}

    neither = await put(world, headers, body(session, None))
    both = await put(world, headers, body(session, anna, guest=guest))

    assert (neither.json()["where"], neither.json()["why"]) == ("pass_token", "missing")
    assert (both.json()["where"], both.json()["why"]) == ("guest", "excluded")


async def test_the_description_says_that_it_is_one_of_both(world: World) -> None:
    document = (await world.client.get("/schema/openapi.json")).json()

    described = document["components"]["schemas"]["BookingRequest"]

    assert described["oneOf"] == [{"required": ["pass_token"]}, {"required": ["guest"]}]
    assert described["required"] == ["lines"]


# Taking longer


async def extend(world: World, headers: Headers, booking: dict[str, Any]) -> Response:
    return await world.client.post(f"/api/v1/bookings/{booking['booking_id']}/extension", headers=headers)


async def test_a_hold_is_lengthened_once_however_often_it_is_asked(world: World) -> None:
    session, anna, headers = await stage(world)
    document = await made(world, headers, body(session, anna, pay_with="card"))
    await open_page(world, document)

    first, again = await extend(world, headers, document), await extend(world, headers, document)

    assert (first.status_code, first.json()["held_until"]) == (200, "2026-03-02T09:24:00Z")
    assert first.json()["payment"]["expires_at"] == "2026-03-02T09:24:00Z"
    assert (again.status_code, again.json()) == (200, first.json())


async def test_what_is_not_held_for_a_page_or_not_yours_is_not_lengthened(world: World) -> None:
    session, anna, headers = await stage(world, desk_hours=2)
    stranger = await world.api_client(session.organiser_id)
    document = await made(world, headers, body(session, anna, pay_with="desk"))

    assert refused(await extend(world, headers, document)) == (409, "reservations.cannot_lengthen")
    assert refused(await extend(world, stranger, document)) == (404, "reservations.booking_unknown")


async def test_a_confirmed_booking_is_not_told_to_pay_when_it_is_not_lengthened(world: World) -> None:
    session, anna, headers = await stage(world, credit_cents=500)
    document = await made(world, headers, body(session, anna))

    problem = (await extend(world, headers, document)).json()

    assert problem["code"] == "reservations.cannot_lengthen"
    assert not problem["next"].startswith("Betaal nu")


async def test_what_is_still_to_be_paid_is_what_a_desk_asks_now(world: World) -> None:
    session, anna, headers = await stage(world, credit_cents=0, desk_hours=48)
    document = await made(world, headers, body(session, anna, places=2, pay_with="desk"))

    part = {"cancellation_id": str(uuid4()), "lines": [{"no": 1, "tickets": [1]}]}
    address = f"/api/v1/bookings/{document['booking_id']}/cancellations"
    after = (await world.client.post(address, json=part, headers=headers)).json()
    await pay(world, after)
    paid = await get(world, headers, document["booking_id"])

    assert (document["remaining_cents"], document["payment"]["amount_cents"]) == (1000, 1000)
    assert (after["remaining_cents"], after["payment"]["amount_cents"]) == (500, 500)
    assert (paid["remaining_cents"], paid["lines"][0]["remaining_cents"]) == (0, 0)


# What comes back


async def test_what_lapses_gives_the_credit_back_and_says_so(world: World) -> None:
    session, anna, headers = await stage(world)
    document = await made(world, headers, body(session, anna, pay_with="credit_then_card"))
    world.clock.move(timedelta(minutes=11))
    await world.services.turnstile.answer(Expire(1, UUID(document["booking_id"])))

    after = await get(world, headers, document["booking_id"])

    assert (after["status"], after["payment"]["status"], after["returned_cents"]) == (
        "lapsed",
        "expired",
        300,
    )
    assert after["lines"][0]["returns"] == [{"way": "credit", "cents": 300, "status": "done"}]


async def test_who_gives_a_ticket_back_gets_each_means_its_share(world: World) -> None:
    session, anna, headers = await stage(world)
    document = await made(world, headers, body(session, anna, 2, pay_with="credit_then_card"))
    await pay(world, document)
    part = {"cancellation_id": str(uuid4()), "lines": [{"no": 1, "tickets": [2]}]}
    address = f"/api/v1/bookings/{document['booking_id']}"

    after = (await world.client.post(f"{address}/cancellations", json=part, headers=headers)).json()

    assert after["lines"][0]["returns"] == [
        {"way": "credit", "cents": 150, "status": "done"},
        {"way": "card", "cents": 350, "status": "due"},
    ]
    assert after["returned_cents"] == after["lines"][0]["returned_cents"] == 500
    assert after["lines"][0]["tickets"][1]["returned_cents"] == 500
    assert after == await get(world, headers, document["booking_id"])


async def test_money_that_is_on_its_way_to_a_card_says_when_it_arrives(world: World) -> None:
    session, anna, headers = await stage(world)
    document = await made(world, headers, body(session, anna, pay_with="card"))
    await pay(world, document)
    await delete(world, headers, document["booking_id"])
    await world.execute("UPDATE credits.refund SET status = 'done', done_at = $1", world.clock.now())

    (line,) = (await get(world, headers, document["booking_id"]))["lines"]

    assert line["returns"] == [{"way": "card", "cents": 500, "status": "done", "arrives_by": "2026-03-12"}]


async def test_cash_goes_back_against_a_code_that_the_client_reads(world: World) -> None:
    session, anna, headers = await stage(world, desk_hours=48)
    document = await made(world, headers, body(session, anna, pay_with="desk"))
    await pay(world, document)

    after = await delete(world, headers, document["booking_id"])

    credit, cash = after["lines"][0]["returns"]
    assert (credit["way"], credit["cents"]) == ("credit", 300)
    assert (cash["way"], cash["cents"], cash["status"]) == ("cash", 200, "due")
    assert cash["code"] == await world.value("SELECT code FROM credits.refund")
    assert after == await get(world, headers, document["booking_id"])


async def test_money_that_comes_too_late_goes_back_and_counts_as_returned(world: World) -> None:
    session, anna, headers = await stage(world)
    document = await made(world, headers, body(session, anna, pay_with="credit_then_card"))
    world.clock.move(timedelta(minutes=11))
    await world.services.turnstile.answer(Expire(1, UUID(document["booking_id"])))
    await pay(world, document)

    after = await get(world, headers, document["booking_id"])

    assert [(each["way"], each["cents"], each.get("reason")) for each in after["lines"][0]["returns"]] == [
        ("credit", 300, None),
        ("card", 200, "too_late"),
    ]
    assert (after["status"], after["returned_cents"]) == ("lapsed", 500)


async def test_a_fee_of_the_organiser_is_not_in_what_comes_back(world: World) -> None:
    session, anna, headers = await stage(world, fee_cents=50)
    document = await made(world, headers, body(session, anna, pay_with="card"))
    await pay(world, document)
    world.clock.move(timedelta(minutes=1))

    after = await delete(world, headers, document["booking_id"])

    assert document["lines"][0]["cancel_fee_cents"] == 50
    assert (after["returned_cents"], after["payment"]["amount_cents"]) == (450, 500)
    assert (document["lines"][0]["kept_cents"], after["lines"][0]["kept_cents"]) == (0, 50)
