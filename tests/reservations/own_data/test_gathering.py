"""What is kept of somebody, as they ask for it at a desk: a page, and a file."""

from typing import Any
from uuid import uuid4

import msgspec

from tests.builders import Resident, World
from tests.identity.steps import is_inside
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
    await shows_pass(world, anna)
    return anna


async def shows_pass(world: World, who: Resident) -> None:
    """At the counter, which permits the clerk there to read what is kept."""
    await world.post_form("/dender/balie", wie=who.token)


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
    assert await acts(world) == ["permission.give", "person.copy", "person.search"]


async def test_what_they_booked_as_a_guest_and_claimed_is_in_it(world: World) -> None:
    booking_id, typed = await mailed(world)
    anna = await world.resident()
    await world.sign_in(anna)
    await world.post_form(ADD, **typed)
    await open_counter(world)
    await shows_pass(world, anna)

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
    await world.execute(
        "INSERT INTO reservations.booking_note"
        " SELECT 1, $1, id, 'Komt later', $2 FROM organisers.organiser LIMIT 1",
        booking_id,
        world.clock.now(),
    )
    await open_counter(world)
    await shows_pass(world, anna)

    answer = await copy_of(world, anna)
    own = msgspec.json.decode(answer.content)

    assert [each["note"] for each in own["notes"]] == ["Komt later"]
    assert own["contacts"] == [{"booking_id": str(booking_id), "name": "Lotte Maes", "email": EMAIL}]
    assert "session" in [each["kind"] for each in own["sign_ins"]]
    assert own["foreign_ids"] == [{"kind": "card", "source": "oud", "foreign_id": "17"}]
    assert [each["role"] for each in own["households"]] == ["parent"]
    assert "digest" not in answer.text


async def test_without_somebody_who_is_there_nothing_kept_is_read_or_given(world: World) -> None:
    """A clerk may still sign them out and erase them: that shows nothing."""
    anna = await world.resident(credit_cents=1500)
    await world.book(anna, await world.session(price_cents=500))
    await open_counter(world)
    asked = f"{page_of(anna.membership_id)}/toestemming"

    page = text_of(await world.client.get(f"{page_of(anna.membership_id)}/gegevens"))
    file = await copy_of(world, anna)
    erasing = text_of(await world.post_form(f"{page_of(anna.membership_id)}/wissen"))

    for text in (page, erasing):
        assert str(anna.email) not in text
        assert "Met krediet" not in text
    assert "Vraag of dit mag" in page
    assert "Meld deze persoon overal af" in page
    assert file.headers["location"] == f"{asked}?verder=gegevens"
    assert "person.copy" not in await acts(world)


async def test_who_is_no_member_any_more_still_gets_a_copy(world: World) -> None:
    anna = await stage(world)
    await world.execute("DELETE FROM passes.permission")
    await world.execute("UPDATE passes.membership SET status = 'ended', ends_on = '2026-03-01'")
    asked = f"{page_of(anna.membership_id)}/toestemming"

    said = await world.post_form(asked, permission_id=uuid4(), soort="known", verder="gegevens")

    assert said.headers["location"] == f"{page_of(anna.membership_id)}/gegevens"
    assert (await copy_of(world, anna)).status_code == 200


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


async def test_who_lost_a_phone_is_signed_out_everywhere_at_a_counter(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)
    phone = dict(world.client.cookies)
    await open_counter(world)

    done = await world.post_form(f"{page_of(anna.membership_id)}/afmelden")
    world.client.cookies.clear()
    world.client.cookies.update(phone)

    assert (done.status_code, await is_inside(world)) == (303, False)
    assert await acts(world) == ["session.end_all"]


async def test_letters_and_what_is_sent_how_are_in_it(world: World) -> None:
    anna = await stage(world)
    await world.execute(
        "INSERT INTO identity.letter (region_id, id, person_id, kind, subject, body, written_at)"
        " VALUES (1, gen_random_uuid(), $1, 'called_off', 'Gaat niet door', 'Dag', $2)",
        anna.person_id, world.clock.now(),
    )  # fmt: skip
    await world.post_form(f"{page_of(anna.membership_id)}/berichten", booked="off")

    own = msgspec.json.decode((await copy_of(world, anna)).content)

    assert [each["subject"] for each in own["letters"]] == ["Gaat niet door"]
    assert own["message_settings"] == [{"kind": "booked", "way": "off"}]
    assert own["consent"] == {"email_consent_on": None}
