"""Quotes as an integrator meets them: what places cost, and nothing more than that."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import Response
from msgspec.structs import replace
from structlog.testing import capture_logs

from reservations.booking.answers import Booked
from reservations.booking.commands import PayWith
from reservations.quotes.quotes import OF_ADDRESS, OF_CLIENT, OF_PASS
from tests.builders import Resident, Session, World
from tests.reservations.booking.test_conditions import guest_command
from tests.reservations.conditions import ask as tell_most
from tests.reservations.sessions.test_desk import text_of
from uit.services.limit import Limit

Headers = dict[str, str]


def line(session: Session, places: int = 1, tariff: str = "base", **more: object) -> dict[str, object]:
    return {"session_id": str(session.id), "tariff": tariff, "places": places, **more}


async def ask(
    world: World, headers: Headers, *lines: dict[str, object], who: Resident | None = None, **more: str
) -> Response:
    body = {"lines": list(lines), **({"pass_token": who.token} if who else {}), **more}
    return await world.client.post("/api/v1/quotes", json=body, headers=headers)


async def stage(
    world: World, credit_cents: int = 300, *, seats: int = 10, card: bool = True
) -> tuple[Session, Resident, Headers]:
    """A session of a seller, somebody with some credit, and a client of the organiser."""
    session = await world.session(seats)
    if card:
        await world.seller(session.organiser_id, desk_hours=48, fee_cents=50)
    return session, await world.resident(credit_cents), await world.api_client(session.organiser_id)


async def test_a_quote_says_the_price_what_credit_pays_and_how_the_rest_can_be_paid(world: World) -> None:
    session, anna, headers = await stage(world)

    answer = await ask(world, headers, line(session, 2), who=anna)

    assert answer.status_code == 200
    assert answer.json() == {
        "lines": [
            {
                "session_id": str(session.id),
                "tariff": "base",
                "places": 2,
                "price_cents": 1000,
                "credit_cents": 300,
                "cancel_fee_cents": 50,
            }
        ],
        "price_cents": 1000,
        "credit_cents": 300,
        "remaining_cents": 700,
        "cancel_until": "2026-03-11T09:00:00Z",
        "pay_with": ["credit_then_card", "card", "desk"],
        "remaining_by": {"credit_then_card": 700, "card": 1000, "desk": 700},
        "bookings": [
            {
                "lines": [1],
                "seller": {"name": "De Werf", "enterprise_number": None},
                "price_cents": 1000,
                "credit_cents": 300,
                "remaining_cents": 700,
                "pay_with": ["credit_then_card", "card", "desk"],
                "remaining_by": {"credit_then_card": 700, "card": 1000, "desk": 700},
            }
        ],
    }


async def test_places_of_two_organisers_cannot_be_paid_at_a_desk_also_where_one_agent_sells_them(
    world: World,
) -> None:
    own, anna, _ = await stage(world)
    other = await world.session(10)
    await world.seller(other.organiser_id, desk_hours=48)
    await world.execute(
        "UPDATE credits.seller SET agent_id = $1, mandate_id = $2 WHERE organiser_id = $3",
        own.organiser_id, uuid4(), other.organiser_id,
    )  # fmt: skip
    headers = await world.api_client(own.organiser_id, other.organiser_id)

    both, one = [
        await ask(world, headers, *lines, who=anna)
        for lines in ([line(own), line(other)], [line(own), line(own)])
    ]

    assert both.json()["pay_with"] == ["credit_then_card", "card"]
    assert both.json()["remaining_cents"] == 700
    assert one.json()["pay_with"] == ["credit_then_card", "card", "desk"]


async def test_a_quote_changes_nothing_and_holds_nothing(world: World) -> None:
    session, anna, headers = await stage(world)

    await ask(world, headers, line(session, 2), who=anna)

    assert (await world.places_left(session), await world.available_cents(anna)) == (10, 300)
    assert await world.value("SELECT count(*) FROM uit.directory WHERE kind = 'booking'") == 0


async def test_credit_is_said_only_as_far_as_it_pays(world: World) -> None:
    session, anna, headers = await stage(world, credit_cents=123_456)

    answer = await ask(world, headers, line(session), who=anna)

    assert (answer.json()["credit_cents"], answer.json()["remaining_cents"]) == (500, 0)
    assert answer.json()["pay_with"] == ["credit", "card"]
    assert "1234" not in answer.text


async def test_where_places_are_gone_no_credit_is_said(world: World) -> None:
    session, anna, headers = await stage(world, credit_cents=5000, seats=1)

    quote = (await ask(world, headers, line(session, 2), who=anna)).json()

    (refused,) = quote["lines"]
    assert refused["refusal"]["code"] == "reservations.sold_out"
    assert refused["refusal"]["facts"]["places_left"] == 1
    assert set(refused["refusal"]) == {"code", "title", "detail", "next", "facts"}
    assert (refused["price_cents"], refused["credit_cents"], quote["credit_cents"]) == (0, 0, 0)
    assert (quote["pay_with"], quote["cancel_until"]) == ([], None)
    assert "refusal" not in quote


async def test_the_sums_are_over_the_lines_that_can_be_had(world: World) -> None:
    session, anna, headers = await stage(world, credit_cents=700)

    answer = await ask(world, headers, line(session), line(session, tariff="kansentarief"), who=anna)

    fine, refused = answer.json()["lines"]
    assert refused["refusal"]["code"] == "reservations.not_for_you"
    assert "refusal" not in fine
    assert (answer.json()["price_cents"], answer.json()["credit_cents"]) == (500, 500)


async def test_without_a_pass_it_is_a_quote_for_a_guest(world: World) -> None:
    session, _, headers = await stage(world)

    answer = await ask(world, headers, line(session), line(session, tariff="kansentarief"))

    assert (answer.json()["price_cents"], answer.json()["credit_cents"]) == (500, 0)
    assert answer.json()["lines"][1]["refusal"]["code"] == "reservations.not_for_you"
    assert answer.json()["pay_with"] == ["card", "desk"]


async def test_each_line_may_be_for_another_whose_own_credit_pays(world: World) -> None:
    session, anna, headers = await stage(world)
    bilal = await world.resident(credit_cents=100)

    answer = await ask(world, headers, line(session), line(session, pass_token=bilal.token), who=anna)

    assert [each["credit_cents"] for each in answer.json()["lines"]] == [300, 100]
    assert answer.json()["remaining_cents"] == 600


async def test_several_sellers_cannot_be_paid_at_once_and_the_quote_says_so(world: World) -> None:
    session, anna, _ = await stage(world)
    other = await world.session()
    await world.seller(other.organiser_id)
    headers = await world.api_client(session.organiser_id, other.organiser_id)

    quote = (await ask(world, headers, line(session), line(other), who=anna)).json()

    assert (quote["price_cents"], quote["remaining_cents"], quote["pay_with"]) == (1000, 700, [])
    assert quote["refusal"]["code"] == "reservations.several_sellers"
    assert set(quote["refusal"]["facts"]["organiser_ids"]) == {
        str(session.organiser_id),
        str(other.organiser_id),
    }


async def test_a_quote_over_several_sellers_says_which_bookings_it_becomes(world: World) -> None:
    session, anna, _ = await stage(world)
    other = await world.session(price_cents=800, organiser_id=await world.organiser(name="De Ster"))
    await world.seller(other.organiser_id)
    await world.execute(
        "UPDATE organisers.organiser SET enterprise_number = '0417497106' WHERE id = $1", other.organiser_id
    )
    headers = await world.api_client(session.organiser_id, other.organiser_id)
    gone = line(session, tariff="kansentarief")

    lines = [line(session), gone, line(other), line(session)]
    first, second = (await ask(world, headers, *lines, who=anna)).json()["bookings"]

    assert (first["lines"], first["seller"]["name"]) == ([1, 4], "De Werf")
    assert (first["price_cents"], first["credit_cents"], first["remaining_cents"]) == (1000, 300, 700)
    assert first["pay_with"] == ["credit_then_card", "card", "desk"]
    assert (second["lines"], second["seller"]) == (
        [3],
        {"name": "De Ster", "enterprise_number": "0417497106"},
    )
    assert (second["price_cents"], second["credit_cents"], second["remaining_cents"]) == (800, 0, 800)
    assert (second["pay_with"], second["remaining_by"]) == (["card"], {"card": 800})


async def test_what_credit_pays_over_several_sellers_is_one_booking(world: World) -> None:
    session, anna, _ = await stage(world, credit_cents=1200)
    other = await world.session(price_cents=800)
    await world.seller(other.organiser_id)
    headers = await world.api_client(session.organiser_id, other.organiser_id)

    all_credit = (await ask(world, headers, line(session), line(other, tariff="base"), who=anna)).json()
    (booking,) = all_credit["bookings"]

    assert (booking["lines"], booking["remaining_cents"]) == ([1, 2], 100)
    await world.purse(1, anna.membership_id, 100)
    (booking,) = (await ask(world, headers, line(session), line(other), who=anna)).json()["bookings"]
    assert (booking["lines"], booking["remaining_cents"], booking["seller"]) == ([1, 2], 0, None)
    assert booking["pay_with"] == ["credit"]


async def test_a_booking_that_nothing_can_pay_says_why_and_does_not_stop_the_other(world: World) -> None:
    session, anna, _ = await stage(world)
    other = await world.session()
    headers = await world.api_client(session.organiser_id, other.organiser_id)

    bookings = (await ask(world, headers, line(session), line(other), who=anna)).json()["bookings"]

    assert [(each["lines"], each["pay_with"] != []) for each in bookings] == [([2], False), ([1], True)]
    assert bookings[0]["refusal"]["code"] == "reservations.cannot_pay_with"
    assert bookings[1]["credit_cents"] == 300


async def test_where_only_credit_pays_too_little_of_it_is_no_way(world: World) -> None:
    session, anna, headers = await stage(world, card=False)

    quote = (await ask(world, headers, line(session), who=anna)).json()

    assert (quote["pay_with"], quote["refusal"]["code"]) == ([], "reservations.cannot_pay_with")


async def test_what_costs_nothing_is_paid_with_nothing(world: World) -> None:
    session = await world.session(price_cents=0)
    headers = await world.api_client(session.organiser_id)

    answer = await ask(world, headers, line(session))

    assert (answer.json()["remaining_cents"], answer.json()["pay_with"]) == (0, ["credit"])


async def test_a_quote_is_refused_as_a_booking_would_be(world: World) -> None:
    session, anna, headers = await stage(world)
    elsewhere = await world.resident(region_id=2)
    unknown = Session(1, uuid4(), session.organiser_id, uuid4(), uuid4())

    async def refused(*lines: dict[str, object], who: Resident | None = None) -> tuple[int, str]:
        answer = await ask(world, headers, *lines, who=who)
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]

    assert await refused(line(unknown), who=anna) == (404, "reservations.session_unknown")
    assert await refused(line(session), who=elsewhere) == (409, "reservations.other_region")
    wrong = line(session, pass_token=f"{anna.token}A")
    assert await refused(wrong, who=anna) == (404, "passes.pass_unknown")


async def test_a_session_of_another_organiser_or_region_is_refused_by_line(world: World) -> None:
    session, anna, headers = await stage(world)
    foreign, far = await world.session(), await world.session(region_id=2)

    answer = await ask(world, headers, line(session), line(foreign), line(far), who=anna)

    codes = [each.get("refusal", {}).get("code") for each in answer.json()["lines"]]
    assert codes == [None, "reservations.not_your_session", "reservations.session_unknown"]


async def test_a_pass_is_quoted_only_so_often_and_each_client_keeps_a_share(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reservations.quotes.quotes.OF_PASS", Limit(OF_PASS.name, 2, 3600))
    session, anna, headers = await stage(world)
    bilal, other = await world.resident(), await world.api_client(session.organiser_id)
    monkeypatch.setattr("reservations.quotes.quotes.SHARE_OF_CLIENT", Limit("share", 2, 3600))
    for each in (headers, headers, other):
        assert (await ask(world, each, line(session), who=anna)).status_code == 200

    refused = await ask(world, headers, line(session), line(session), who=anna)

    assert (refused.status_code, refused.json()["code"]) == (429, "ground.too_often")
    assert int(refused.headers["retry-after"]) > 0
    assert (await ask(world, headers, line(session), who=bilal)).status_code == 200
    assert (await ask(world, other, line(session), who=anna)).status_code == 200


async def test_a_client_asks_only_so_often(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reservations.quotes.quotes.OF_CLIENT", Limit(OF_CLIENT.name, 1, 60))
    session, _, headers = await stage(world)
    await ask(world, headers, line(session))

    refused = await ask(world, headers, line(session))

    assert (refused.status_code, refused.json()["code"]) == (429, "ground.too_often")


async def test_who_asked_for_what_is_logged_without_a_pass_or_an_amount(world: World) -> None:
    session, anna, headers = await stage(world)

    with capture_logs() as logs:
        await ask(world, headers, line(session), who=anna)

    (entry,) = [each for each in logs if each["event"] == "quoted"]
    assert set(entry) == {"event", "log_level", "client", "sessions"}
    assert entry["sessions"] == [str(session.id)]
    assert entry["client"].startswith("kassa-")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"lines": []},
        {"lines": [{"session_id": str(uuid4()), "tariff": "base", "places": 0}]},
        {"lines": [{"session_id": str(uuid4()), "tariff": "base", "places": 1, "pass_token": None}]},
        {"lines": [{"session_id": str(uuid4()), "tariff": "base", "places": 1}], "pass_token": None},
        {"lines": [{"session_id": str(uuid4()), "tariff": "base", "places": 1}], "guest": {}},
    ],
)
async def test_a_body_that_is_not_a_quote_is_a_clear_no(world: World, body: dict[str, Any]) -> None:
    headers = await world.api_client(await world.organiser())

    answer = await world.client.post("/api/v1/quotes", json=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "ground.not_understood")


async def test_that_a_program_asked_a_price_for_a_pass_is_told_to_its_holder_once_a_day(world: World) -> None:
    session, anna, headers = await stage(world)
    for who in (anna, anna, None):
        await ask(world, headers, line(session), who=who)
    await world.sign_in(anna)

    page = text_of(await world.client.get("/dender/mijn-gegevens"))

    rows = await world.rows("SELECT person_id, service, purpose FROM uit.look")
    assert [tuple(row) for row in rows] == [(anna.person_id, "client", "price")]
    assert "Om te zeggen wat een plaats voor jou kost" in page


async def book_for(world: World, session: Session, email: str) -> None:
    command = replace(guest_command(session, email), pay_with=PayWith.CARD, payment_id=uuid4())
    assert isinstance(await world.services.turnstile.answer(command), Booked)


async def test_a_quote_for_a_guest_counts_what_their_address_has_already(world: World) -> None:
    session, _, headers = await stage(world)
    await tell_most(world, session, "base", most_per_person=2)
    await book_for(world, session, "lies@example.org")

    of_lies = await ask(world, headers, line(session, 2), guest_email="Lies@Example.org")
    of_an = await ask(world, headers, line(session, 2), guest_email="an@example.org")
    of_anybody = await ask(world, headers, line(session, 2))

    [quoted] = of_lies.json()["lines"]
    assert quoted["refusal"]["code"] == "reservations.most_per_person"
    assert quoted["refusal"]["facts"] == {"session_id": str(session.id), "tariff": "base", "most": 2}
    assert [each.json()["price_cents"] for each in (of_lies, of_an, of_anybody)] == [0, 1000, 1000]


async def test_a_quote_tells_of_an_address_no_more_than_a_booking_would(world: World) -> None:
    """In the same words, and nothing of a date of another organiser."""
    session, _, headers = await stage(world)
    others = await world.session(organiser_id=await world.organiser())
    await world.seller(others.organiser_id)
    for each in (session, others):
        await tell_most(world, each, "base", most_per_person=1)
        await book_for(world, each, "lies@example.org")

    quoted = await ask(world, headers, line(session), line(others), guest_email="lies@example.org")
    of_stranger = await ask(world, headers, line(others), guest_email="an@example.org")
    guest = {"name": "Lies", "email": "lies@example.org"}
    booking = {"lines": [line(session)], "guest": guest, "pay_with": "card"}
    booked = await world.client.put(f"/api/v1/bookings/{uuid4()}", json=booking, headers=headers)

    own, other = (each["refusal"] for each in quoted.json()["lines"])
    assert (own["code"], own["detail"]) == (booked.json()["code"], booked.json()["detail"])
    assert other == of_stranger.json()["lines"][0]["refusal"]


async def test_an_address_is_asked_for_so_often_and_each_program_keeps_a_share(world: World) -> None:
    session, _, headers = await stage(world)
    other = await world.api_client(session.organiser_id)
    asked = [
        await ask(world, headers, line(session), guest_email="lies@example.org")
        for _ in range(OF_ADDRESS.times + 1)
    ]

    assert [each.status_code for each in asked] == [200] * OF_ADDRESS.times + [429]
    assert (await ask(world, other, line(session), guest_email="lies@example.org")).status_code == 200
    assert (await ask(world, headers, line(session), guest_email="an@example.org")).status_code == 200


async def test_who_shows_a_pass_is_no_guest(world: World) -> None:
    session, anna, headers = await stage(world)

    answer = await ask(world, headers, line(session), who=anna, guest_email="lies@example.org")

    assert answer.status_code == 422
    assert "guest_email" in answer.text
