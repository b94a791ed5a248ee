"""A membership that nobody uses: its holder is told, it ends, and erasing begins."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from reservations.own_data.unused import end_what_is_unused
from tests.builders import Resident, World
from tests.identity.access.test_desk import deliver
from tests.passes.counter import acts, open_counter, register
from tests.passes.membership.test_ending import TWO_YEARS, end, page_of, person_of, rows_of
from tests.reservations.sessions.test_desk import text_of
from uit.database.retention import erase_due
from uit.identity.sign_in.browser import Browser
from uit.identity.sign_in.session import open_for_person
from uit.identity.visitor import Authenticator

THREE_YEARS = timedelta(days=3 * 365 + 1)
NOTICE = timedelta(days=60)
Use = Callable[[World, Resident], Awaitable[None]]
TOLD = "Wil je lid blijven?"


async def look(world: World) -> int:
    services = world.services
    apart = Authenticator(services.database, services.cache, world.clock)
    return await end_what_is_unused(services.database, apart, world.clock, services.ids)


async def state(world: World, who: Resident) -> tuple[str, bool]:
    """Its status, and whether they were told that it ends."""
    (row,) = await world.rows(
        "SELECT status::text, warned_on IS NOT NULL AS told FROM passes.membership WHERE id = $1",
        who.membership_id,
    )
    return row["status"], row["told"]


async def told(world: World) -> list[str]:
    await deliver(world)
    return [mail["To"] for mail in world.mails if mail["Subject"] == TOLD]


async def test_who_uses_nothing_for_three_years_is_told_and_ends_two_months_later(world: World) -> None:
    anna = await world.resident()
    world.clock.move(THREE_YEARS - timedelta(days=3))
    before = await look(world)
    world.clock.move(timedelta(days=3))

    seen = [await look(world), await look(world)]
    mails = await told(world)
    first = await state(world, anna)
    world.clock.move(NOTICE - timedelta(days=1))
    too_early = [await look(world), await look(world)], await state(world, anna)
    world.clock.move(timedelta(days=1))
    last = await look(world)

    assert (before, seen, mails) == (0, [1, 0], [anna.email])
    assert (first, too_early) == (("active", True), ([1, 0], ("active", True)))
    assert (last, (await person_of(world, anna.membership_id))["ended_why"]) == (1, "unused")
    assert (await person_of(world, anna.membership_id))["ended"] is True


async def test_two_years_after_that_they_are_erased(world: World, dsn: str) -> None:
    anna = await world.resident()
    world.clock.move(THREE_YEARS)
    await look(world)
    world.clock.move(NOTICE)
    await look(world)
    world.clock.move(TWO_YEARS)

    await erase_due(dsn, world.clock.now())

    assert await rows_of(world, anna) == (0, 0, 0, 0)


async def books(world: World, who: Resident) -> None:
    await world.book(who, await world.session(price_cents=0, starts_in=timedelta(hours=1)))


async def signs_in(world: World, who: Resident) -> None:
    browser = Browser("known", "", "")
    async with world.services.database.transaction() as tx:
        await open_for_person(tx, who.person_id, world.clock.now(), browser)


async def is_given_credit(world: World, who: Resident) -> None:
    await world.purse(1, who.membership_id, 500)


async def is_given_the_social_tariff(world: World, who: Resident) -> None:
    await open_counter(world)
    await world.post_form(
        f"{page_of(who.membership_id)}/kansentarief",
        attestation_id=UUID(int=7), document_kind="ocmw", reference="17", until="2028-04-30",
    )  # fmt: skip


@pytest.mark.parametrize("use", [books, signs_in, is_given_credit, is_given_the_social_tariff])
async def test_who_used_it_meanwhile_is_told_three_years_after_that(world: World, use: Use) -> None:
    anna = await world.resident()
    world.clock.move(timedelta(days=365))
    await use(world, anna)
    world.clock.move(THREE_YEARS - timedelta(days=365))
    first = await look(world), await look(world), await state(world, anna)
    world.clock.move(timedelta(days=366))

    assert first == (1, 0, ("active", False))
    assert (await look(world), await state(world, anna)) == (1, ("active", True))


async def test_who_signs_in_after_the_mail_stays(world: World) -> None:
    anna = await world.resident()
    world.clock.move(THREE_YEARS)
    await look(world)
    world.clock.move(timedelta(days=30))
    await signs_in(world, anna)
    world.clock.move(timedelta(days=30))

    assert (await look(world), await look(world)) == (1, 0)
    assert await state(world, anna) == ("active", False)


async def test_who_uses_it_after_the_mail_is_warned_no_more_the_next_day(world: World) -> None:
    anna = await world.resident()
    world.clock.move(THREE_YEARS)
    await look(world)
    await signs_in(world, anna)
    world.clock.move(timedelta(days=1))
    await look(world)
    await open_counter(world)

    page = text_of(await world.client.get(page_of(anna.membership_id)))

    assert await state(world, anna) == ("active", False)
    assert "Lang niet gebruikt" not in page


async def test_who_has_a_booking_still_to_come_is_not_told(world: World) -> None:
    anna = await world.resident()
    session = await world.session(starts_in=timedelta(days=4 * 365), price_cents=0)
    await world.book(anna, session)
    world.clock.move(THREE_YEARS)

    await look(world)

    assert await state(world, anna) == ("active", False)


async def test_who_is_only_looked_up_did_not_use_it(world: World) -> None:
    anna = await world.resident()
    world.clock.move(THREE_YEARS)
    await open_counter(world)
    await world.client.get(page_of(anna.membership_id))

    await look(world)

    assert await state(world, anna) == ("active", True)


async def test_the_term_is_data(world: World) -> None:
    anna = await world.resident()
    await world.execute("UPDATE uit.retention_class SET keep = interval '1 year' WHERE name = 'unused'")
    world.clock.move(timedelta(days=367))

    assert (await look(world), await state(world, anna)) == (1, ("active", True))


async def test_whom_no_mail_reaches_stands_in_a_list_until_a_clerk_lets_it_go_on(world: World) -> None:
    await open_counter(world)
    mailed, zoe = await world.resident(), await register(world)
    world.clock.move(THREE_YEARS)
    await look(world)
    await open_counter(world)

    listed = text_of(await world.client.get("/dender/balie/ongebruikt"))
    page = text_of(await world.client.get(page_of(zoe)))
    kept = await world.post_form(f"{page_of(zoe)}/houden")
    after = text_of(await world.client.get("/dender/balie/ongebruikt"))
    world.clock.move(NOTICE)
    await look(world)

    assert ("Zoë D'Hondt" in listed, "Yasmine" in listed) == (True, False)
    assert "Lang niet gebruikt" in page
    assert (kept.status_code, "Zoë D'Hondt" in after) == (303, False)
    assert (await person_of(world, zoe))["status"] == "active"
    assert (await person_of(world, mailed.membership_id))["status"] == "ended"
    assert "membership.keep" in await acts(world)


async def test_a_protected_person_lies_face_down_in_that_list(world: World) -> None:
    anna = await world.resident()
    await world.execute(
        "UPDATE identity.person SET email = NULL, phone = '0470 00 00 01', is_protected = true WHERE id = $1",
        anna.person_id,
    )
    await world.execute("UPDATE passes.membership SET warned_on = $1", world.clock.now().date())
    await world.sign_in_staff("clerk")

    page = await world.client.get("/dender/balie/ongebruikt")

    listed = text_of(page)
    assert "Beschermde persoon" in listed
    assert "Stopt ten vroegste op" in listed
    assert f"/dender/balie/personen/{anna.membership_id}" in page.text
    assert not [words for words in ("Yasmine", "0470", "Geboren", "Gemeente") if words in listed]


async def test_whose_address_takes_no_mail_stands_in_that_list_too(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await world.execute("UPDATE identity.person SET email = 'anna' WHERE id = $1", anna.person_id)
    world.clock.move(THREE_YEARS)
    await look(world)
    mails = await told(world)
    await open_counter(world)

    page = (await world.client.get("/dender/balie/ongebruikt")).text

    assert mails == [bilal.email]
    assert [str(who.membership_id) in page for who in (anna, bilal)] == [True, False]


@pytest.mark.parametrize(
    ("ends_on", "subjects", "is_listed"),
    [(date(2030, 1, 1), ["Moet Zoë lid blijven?"], [False]), (date(2027, 1, 1), [], [True])],
)
async def test_a_parent_is_told_for_a_child_without_an_address(
    world: World, ends_on: date, subjects: list[str], is_listed: list[bool]
) -> None:
    await open_counter(world)
    parent, child = await world.resident(), await register(world, born_on="2018-05-17")
    await world.execute(
        "INSERT INTO identity.representation"
        " (id, kind, person_id, representative_id, powers, proof, starts_on, ends_on, created_at)"
        " SELECT gen_random_uuid(), 'parental', person_id, $2, '{see}', '', '2026-01-01', $3, now()"
        " FROM passes.membership WHERE id = $1",
        child, parent.person_id, ends_on,
    )  # fmt: skip
    await world.execute("UPDATE passes.membership SET used_on = '2029-01-01' WHERE id <> $1", child)
    world.clock.move(THREE_YEARS)
    await look(world)
    await deliver(world)
    await open_counter(world)

    page = text_of(await world.client.get("/dender/balie/ongebruikt"))

    assert [mail["Subject"] for mail in world.mails if mail["To"] == parent.email] == subjects
    assert ["Zoë D'Hondt" in page] == is_listed


async def test_what_ended_meanwhile_is_not_said_to_go_on(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    await end(world, anna.membership_id)

    kept = await world.post_form(f"{page_of(anna.membership_id)}/houden")

    assert (kept.status_code, "eerst weer lid zijn" in kept.text) == (409, True)
    assert (await person_of(world, anna.membership_id))["status"] == "ended"


async def test_what_ended_so_can_be_taken_back_and_is_not_ended_again_at_once(world: World) -> None:
    anna = await world.resident()
    world.clock.move(THREE_YEARS)
    await look(world)
    world.clock.move(NOTICE)
    await look(world)
    await open_counter(world)

    await world.post_form(f"{page_of(anna.membership_id)}/einde/hervatten")

    assert await look(world) == 0
    assert await state(world, anna) == ("active", False)


async def test_nobody_is_mailed_who_ended_meanwhile(world: World) -> None:
    anna = await world.resident()
    world.clock.move(THREE_YEARS)
    await look(world)
    await open_counter(world)
    await end(world, anna.membership_id)

    assert await told(world) == []
