"""What a clerk changes of a member: kept with who did it, shown to who looks, and undone by nothing."""

from asyncio import gather
from typing import Any
from uuid import UUID

import pytest

from tests.builders import World
from tests.passes.counter import AALST, acts, changed_details, open_counter, register

STREET = "Verborgenstraat"


def home(membership_id: UUID) -> str:
    return f"/dender/balie/personen/{membership_id}"


async def change(world: World, membership_id: UUID, **fields: object) -> Any:
    return await world.post_form(f"{home(membership_id)}/wijzigen", **changed_details(**fields))


async def history(world: World, membership_id: UUID) -> str:
    page: str = (await world.client.get(f"{home(membership_id)}/wijzigen")).text
    return page.partition("Wat er veranderde")[2]


async def test_what_is_changed_stands_on_the_page_of_the_person_and_in_their_history(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)

    assert (await change(world, membership_id)).status_code == 303

    page = (await world.client.get(home(membership_id))).text
    for said in (
        "Kerkstraat 12 bus 3, 9300 Aalst",
        "0470 12 34 56",
        "zoe@example.org",
        "Français",
        "Met een sms",
    ):
        assert said in page
    told = await history(world, membership_id)
    assert "Nu: Kerkstraat 12 bus 3, 9300 Aalst. Voordien stond er niets." in told
    assert "Was Nederlands, is nu Français." in told
    assert "An Claes" in told
    assert "person.change" in await acts(world)


async def test_a_name_and_a_birth_date_are_changed_too(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)

    await change(world, membership_id, family_name="Peeters", born_on="18/05/1990")

    told = await history(world, membership_id)
    assert "Was Zoë D&#39;Hondt, is nu Zoë Peeters." in told
    assert "Was 17\N{NO-BREAK SPACE}mei 1990, is nu 18\N{NO-BREAK SPACE}mei 1990." in told


async def test_a_form_that_is_sent_twice_changes_once_and_takes_nothing_later_back(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    first = changed_details(street="Oudestraat")

    address = f"{home(membership_id)}/wijzigen"
    await gather(*(world.post_form(address, **first) for _ in range(2)))
    await change(world, membership_id, street="Nieuwstraat")
    await world.post_form(address, **first)

    assert await world.value("SELECT street FROM identity.person") == "Nieuwstraat"
    assert (await acts(world)).count("person.change") == 2


async def test_a_reference_address_is_on_no_page_but_its_own_form_and_in_no_history(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    await change(world, membership_id)

    await change(world, membership_id, address_kind="reference", street=STREET)
    await change(world, membership_id, address_kind="reference", street=f"{STREET} Noord")

    page = (await world.client.get(home(membership_id))).text
    assert STREET not in page
    assert "Heeft een referentieadres" in page
    assert STREET not in await history(world, membership_id)
    kept = await world.rows("SELECT c::text FROM identity.person_change AS c")
    assert STREET not in str(kept)
    assert len(kept) == 9
    assert f'value="{STREET} Noord"' in (await world.client.get(f"{home(membership_id)}/wijzigen")).text


async def test_who_stays_here_without_an_address_keeps_none_of_its_parts(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)

    await change(world, membership_id, address_kind="none")

    row = await world.rows("SELECT street, postcode, refnis FROM identity.person")
    assert tuple(row[0]) == (None, None, AALST)
    assert "Verblijft hier, zonder adres" in (await world.client.get(home(membership_id))).text


async def test_who_moves_inside_the_region_keeps_pass_and_membership(world: World) -> None:
    await open_counter(world)
    membership_id, ninove = await register(world), await world.municipality("41048", "Ninove")
    await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1)", ninove)

    await change(world, membership_id, refnis=ninove)

    assert await world.value("SELECT refnis FROM passes.membership WHERE id = $1", membership_id) == ninove
    assert "Was Aalst, is nu Ninove." in await history(world, membership_id)
    await world.sign_in_staff("clerk", refnis=AALST)
    assert (await world.client.get(home(membership_id))).status_code == 404


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ({"given_name": ""}, "given_name"),
        ({"street": ""}, "street"),
        ({"postcode": "93000"}, "postcode"),
        ({"phone": "12"}, "phone"),
        ({"phone": "", "reached_by": "sms"}, "reached_by"),
        ({"email": "", "reached_by": "email"}, "reached_by"),
        ({"address_kind": "none", "reached_by": "letter"}, "reached_by"),
        ({"language": "xx"}, "language"),
        ({"refnis": "11001"}, "refnis"),
    ],
    ids=str,
)
async def test_what_is_wrong_is_said_and_changes_nothing(
    world: World, field: dict[str, object], wrong: str
) -> None:
    await open_counter(world)
    membership_id = await register(world)

    answer = await change(world, membership_id, **field)

    assert answer.status_code == 422
    assert f'href="#{wrong}"' in answer.text
    assert await world.value("SELECT count(*) FROM identity.person_change") == 0


async def test_the_address_of_somebody_else_is_refused(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    await register(world, given_name="An", family_name="Baert", email="zoe@example.org")

    assert (await change(world, membership_id)).status_code == 409


async def test_a_link_in_the_mailbox_of_before_signs_in_no_more(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world, email="vroeger@example.org")
    await world.execute(
        "INSERT INTO identity.link (digest, purpose, person_id, created_at, expires_at)"
        " SELECT 'x', 'sign_in', person_id, $1::timestamptz, $1::timestamptz + interval '15 minutes'"
        " FROM passes.membership",
        world.clock.now(),
    )

    await change(world, membership_id, phone="", reached_by="counter", email="vroeger@example.org")
    assert await world.value("SELECT used_at FROM identity.link") is None
    await change(world, membership_id)

    assert await world.value("SELECT used_at FROM identity.link") is not None


async def test_a_social_worker_changes_nothing(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    await world.sign_in_staff("social_worker")

    assert (await change(world, membership_id)).status_code == 403


async def test_a_code_on_its_way_to_an_old_number_or_address_signs_in_no_more(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world, email="vroeger@example.org")
    await change(world, membership_id, email="vroeger@example.org")
    await world.execute(
        "INSERT INTO identity.link (digest, purpose, person_id, created_at, expires_at)"
        " SELECT p::text::bytea, p, person_id, $1::timestamptz, $1::timestamptz + interval '15 minutes'"
        " FROM passes.membership, unnest(ARRAY['sms', 'letter', 'slip']::identity.link_purpose[]) AS p",
        world.clock.now(),
    )
    left = (
        "SELECT string_agg(purpose::text, ' ' ORDER BY purpose::text) FROM identity.link"
        " WHERE used_at IS NULL"
    )

    await change(world, membership_id, email="vroeger@example.org", phone="0470 99 99 99")
    assert await world.value(left) == "letter slip"
    moved = {"phone": "0470 99 99 99", "house_number": "14"}
    await change(world, membership_id, email="vroeger@example.org", **moved)
    assert await world.value(left) == "slip"
