"""Who becomes a member, who is one already, and who may pay less."""

from asyncio import gather
from datetime import date
from uuid import UUID, uuid4

import pytest

from tests.builders import World
from tests.passes.counter import AALST, acts, insz, open_counter, person_fields, register
from uit.passes.membership.membership import membership_of, regions_of
from uit.passes.membership.social_tariff import usual_social_end


async def people(world: World) -> int:
    return int(await world.value("SELECT count(*) FROM identity.person"))


async def refuse(world: World, **fields: str) -> str:
    """Send the form with these fields, which must be refused; what the page says."""
    answer = await world.post_form("/dender/balie/nieuw", **(person_fields() | fields))
    assert answer.status_code in {409, 422}, answer.status_code
    return str(answer.text)


async def test_a_form_that_is_sent_twice_registers_once(world: World) -> None:
    await open_counter(world)
    form = person_fields()

    first, second = await gather(*(register(world, **form) for _ in range(2)))

    assert first == second == UUID(form["membership_id"])
    assert await people(world) == 1
    assert await acts(world) == ["membership.register"]


async def test_the_same_national_register_number_shows_who_is_a_member_already(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world, insz=insz())

    page = await refuse(world, given_name="Zoe", family_name="Dhondt", insz=insz())

    assert f"/dender/balie/personen/{membership_id}" in page
    assert await people(world) == 1


async def test_a_namesake_of_the_same_age_is_asked_about_and_then_registered(world: World) -> None:
    await open_counter(world)
    known, form = await register(world), person_fields()

    assert f"/dender/balie/personen/{known}" in await refuse(world, **form)
    assert await register(world, **form, sure="true") == UUID(form["membership_id"])

    assert await people(world) == 2


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"insz": insz()},
        {"insz": insz(), "given_name": "Z.", "family_name": "Hondt"},
        {"email": "zoe@example.org"},
        {"given_name": "zoe", "family_name": "d hondt"},
    ],
    ids=["name", "number", "number under another name", "address", "spelling"],
)
async def test_six_registrations_of_one_person_at_once_make_one(world: World, same: dict[str, str]) -> None:
    """Six forms, each with ids of its own: one registers, and five are shown who is there."""
    await open_counter(world)
    forms = [person_fields() | {key: same[key] for key in same.keys() & {"insz", "email"}} for _ in range(6)]
    forms[1:] = [form | same for form in forms[1:]]

    answers = await gather(*(world.post_form("/dender/balie/nieuw", **form) for form in forms))

    (made,) = [each for each in answers if each.status_code == 303]
    page_of_member = made.headers["location"].partition("?")[0]
    others = [each for each in answers if each is not made]
    # Who comes when the first one is there already is asked whether this is the same person.
    assert {each.status_code for each in others} <= {409, 422}
    assert all(page_of_member in each.text for each in others)
    assert await people(world) == 1
    assert await acts(world) == ["membership.register"]


async def test_two_regions_that_register_one_person_at_once_make_one_person(world: World) -> None:
    await open_counter(world)
    officer_id = await open_counter(world, region_id=2)
    await world.execute(
        "INSERT INTO identity.role (region_id, id, staff_id, role, starts_at)"
        " VALUES (1, $1, $2, 'clerk', $3)",
        uuid4(), officer_id, world.clock.now(),
    )  # fmt: skip
    form = {"insz": insz()}

    await gather(register(world, **form), register(world, "kust", **form))

    assert await people(world) == 1
    assert await world.value("SELECT count(*) FROM passes.membership") == 2


async def test_who_is_known_in_another_region_joins_and_stays_one_person(
    world: World,
) -> None:
    await open_counter(world, region_id=2)
    await register(world, "kust", insz=insz())
    await open_counter(world)

    membership_id = await register(world, insz=insz())

    person_id = await world.value("SELECT person_id FROM passes.membership WHERE id = $1", membership_id)
    async with world.services.database.reading() as connection:
        assert await regions_of(connection, person_id) == [1, 2]
        assert await membership_of(connection, 1, person_id) is not None
    assert await people(world) == 1


async def test_a_number_with_another_birth_date_joins_nobody(world: World) -> None:
    await open_counter(world, region_id=2)
    await register(world, "kust", insz=insz())
    await open_counter(world)

    page = await refuse(world, insz=insz(), born_on="1991-05-17")

    assert "hoort bij iemand anders" in page
    assert await world.value("SELECT count(*) FROM passes.membership") == 1


async def test_an_address_finds_the_same_person_only_with_the_same_name_and_birth_date(world: World) -> None:
    await open_counter(world, region_id=2)
    await register(world, "kust", email="zoe@example.org")
    await open_counter(world)

    await refuse(world, email="Zoe@example.org", given_name="Lena", born_on="2015-01-02")
    await register(world, email="Zoe@example.org", given_name="ZOE")

    assert await people(world) == 1


async def test_what_is_wrong_stands_next_to_its_field_and_nothing_is_lost(world: World) -> None:
    await open_counter(world)

    page = await refuse(world, given_name="", born_on="1990-02-31", insz="123", email="zoe@", refnis="99999")

    for field in ("given_name", "born_on", "insz", "email", "refnis"):
        assert f'id="{field}-error"' in page
    assert "D&#39;Hondt" in page
    assert await people(world) == 0


async def test_signs_that_no_database_takes_are_refused(world: World) -> None:
    await open_counter(world)

    for odd in ("a\x00b", "\u202e", "x" * 101):
        await refuse(world, given_name=odd)

    assert await people(world) == 0


async def test_the_number_itself_is_nowhere(world: World) -> None:
    await open_counter(world)
    await register(world, insz=insz(7))
    await world.post_form("/dender/balie", wie=insz(7))

    everything = await all_that_is_kept(world)
    assert insz(7) not in everything
    assert "D'Hondt" in everything


async def all_that_is_kept(world: World) -> str:
    """Every row of every table of ours, as text."""
    tables = await world.rows(
        "SELECT table_schema, table_name FROM information_schema.tables"
        " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    texts = [
        await world.value(f'SELECT string_agg(t::text, chr(10)) FROM "{schema}"."{name}" AS t')
        for schema, name in tables
    ]
    return "".join(text for text in texts if text)


async def allow(world: World, membership_id: UUID, attestation_id: UUID, **fields: str) -> int:
    form = {"document_kind": "ocmw", "reference": "2026/17", "until": "2027-04-30"} | fields
    address = f"/dender/balie/personen/{membership_id}/kansentarief"
    answer = await world.post_form(address, attestation_id=attestation_id, **form)
    return int(answer.status_code)


async def test_the_social_tariff_is_set_on_proof_that_is_kept_once(world: World) -> None:
    officer_id = await open_counter(world)
    membership_id, attestation_id = await register(world), uuid4()

    assert [await allow(world, membership_id, attestation_id) for _ in range(2)] == [303, 303]

    (kept,) = await world.rows("SELECT source, reference, officer_id, until FROM passes.attestation")
    assert tuple(kept) == ("clerk", "2026/17", officer_id, date(2027, 4, 30))
    assert await world.value("SELECT social_until FROM passes.membership") == date(2027, 4, 30)
    assert (await acts(world)).count("attestation.write") == 1


async def test_a_social_worker_has_no_counter(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    await open_counter(world, "social_worker")

    issued = await world.post_form(
        f"/dender/balie/personen/{membership_id}/passen", card_id=uuid4(), kind="digital"
    )

    assert issued.status_code == 403
    assert await allow(world, membership_id, uuid4()) == 403


async def test_a_day_that_is_over_or_far_away_is_refused(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)

    for day in ("2026-03-01", "2031-04-30", ""):
        assert await allow(world, membership_id, uuid4(), until=day) == 422

    assert await world.value("SELECT count(*) FROM passes.attestation") == 0


def test_the_social_tariff_usually_ends_on_30_april_of_the_next_year() -> None:
    assert usual_social_end(date(2026, 3, 2)) == date(2027, 4, 30)
    assert usual_social_end(date(2026, 12, 31)) == date(2027, 4, 30)


async def test_the_application_cannot_read_an_attestation_back(world: World) -> None:
    async with world.services.database.reading() as connection:
        assert not await connection.fetchval("SELECT has_table_privilege('passes.attestation', 'SELECT')")


async def test_a_town_of_another_region_is_not_offered(world: World) -> None:
    await open_counter(world)
    await world.municipality("35013", "Oostende")

    form = await world.client.get("/dender/balie/nieuw")

    assert AALST in form.text
    assert "Oostende" not in form.text
