"""What is kept of somebody, as they ask for it at a desk: a page, and a file."""

from typing import Any

import msgspec

from tests.builders import Resident, World
from tests.passes.counter import acts, open_counter
from tests.passes.membership.test_ending import page_of
from tests.reservations.guest.guests import EMAIL
from tests.reservations.guest.test_claim import ADD, mailed
from tests.reservations.own_data.test_unused import signs_in
from tests.reservations.sessions.test_desk import text_of


async def stage(world: World) -> Resident:
    anna = await world.resident(credit_cents=1500)
    await world.book(anna, await world.session(price_cents=500))
    await open_counter(world)
    return anna


async def copy_of(world: World, who: Resident) -> Any:
    return await world.post_form(f"{page_of(who.membership_id)}/gegevens")


async def test_a_page_says_who_they_are_and_what_they_booked(world: World) -> None:
    anna = await stage(world)

    page = text_of(await world.client.get(f"{page_of(anna.membership_id)}/gegevens"))

    for word in ("Yasmine Peeters", str(anna.email), "Krediet over € 10,00", "Met krediet"):
        assert word in page


async def test_a_file_has_all_of_it_and_leaves_a_trace(world: World) -> None:
    anna = await stage(world)
    await signs_in(world, anna)

    answer = await copy_of(world, anna)
    own = msgspec.json.decode(answer.content)

    assert answer.headers["content-disposition"] == 'attachment; filename="gegevens.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert (own["person"]["email"], own["signed_in_on"]) == (anna.email, "2026-03-02")
    assert [(each["price_cents"], each["statuses"]) for each in own["bookings"]] == [(500, ["confirmed"])]
    assert [(each["granted_cents"], each["held_cents"]) for each in own["purses"]] == [(1500, 500)]
    assert [each["act"] for each in own["acts"]] == ["person.copy"]
    assert await acts(world) == ["person.copy"]


async def test_what_they_booked_as_a_guest_and_claimed_is_in_it(world: World) -> None:
    booking_id, typed = await mailed(world)
    anna = await world.resident()
    await world.sign_in(anna)
    await world.post_form(ADD, **typed)
    await open_counter(world)

    [line] = msgspec.json.decode((await copy_of(world, anna)).content)["bookings"]

    assert (line["booking_id"], line["places"]) == (str(booking_id), 2)


async def test_sign_ins_guest_names_and_numbers_elsewhere_are_in_it_without_a_secret(world: World) -> None:
    booking_id, typed = await mailed(world)
    anna = await world.resident()
    await world.sign_in(anna)
    await world.post_form(ADD, **typed)
    await world.execute(
        "INSERT INTO uit.foreign_id (region_id, kind, source, foreign_id, owner)"
        " VALUES (1, 'card', 'oud', '17', $1)",
        anna.card_id,
    )
    await world.execute(
        "INSERT INTO passes.household_member (region_id, household_id, membership_id, starts_on, role)"
        " VALUES (1, gen_random_uuid(), $1, '2026-03-02', 'parent')",
        anna.membership_id,
    )
    await open_counter(world)

    answer = await copy_of(world, anna)
    own = msgspec.json.decode(answer.content)

    assert own["contacts"] == [{"booking_id": str(booking_id), "name": "Lotte Maes", "email": EMAIL}]
    assert "session" in [each["kind"] for each in own["sign_ins"]]
    assert own["foreign_ids"] == [{"kind": "card", "source": "oud", "foreign_id": "17"}]
    assert [each["role"] for each in own["households"]] == ["parent"]
    assert "digest" not in answer.text


async def test_a_page_says_what_is_not_in_the_file(world: World) -> None:
    anna = await stage(world)

    page = text_of(await world.client.get(f"{page_of(anna.membership_id)}/gegevens"))

    assert "Niet in het bestand: het rijksregisternummer" in page


async def test_nothing_of_another_is_in_it(world: World) -> None:
    anna = await stage(world)
    bilal = await world.resident(credit_cents=500)
    await world.book(bilal, await world.session(price_cents=300))

    answer = await copy_of(world, anna)

    assert str(bilal.membership_id) not in answer.text
    assert str(bilal.email) not in answer.text
    assert len(msgspec.json.decode(answer.content)["bookings"]) == 1


async def test_only_a_clerk_gives_it(world: World) -> None:
    anna = await stage(world)
    await open_counter(world, "social_worker")

    answers = [
        await world.client.get(f"{page_of(anna.membership_id)}/gegevens"),
        await copy_of(world, anna),
    ]

    assert [each.status_code for each in answers] == [403, 403]
