"""One box that finds who stands at the counter."""

from datetime import date

import pytest
from httpx import Response

from tests.builders import World
from tests.passes.counter import acts, insz, issue, open_counter, person_fields, register
from tests.rows import counting_rows
from uit.passes.registration.search import find_by_name, read_name

MOST_READ = 20


async def search(world: World, typed: str, region: str = "dender") -> Response:
    answer = await world.post_form(f"/{region}/balie", wie=typed)
    assert isinstance(answer, Response)
    return answer


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("zoe", "Zoë"),
        ("amr zo", "Zoë"),
        ("EL AMRANI", "Zoë"),
        ("dhondt", "Zita"),
        ("D'Ho zi", "Zita"),
        ("hondt", "Zita"),
        ("  ZOË   el  amrani ", "Zoë"),
        ("elamrani, zoe", "Zoë"),
        ("lukasz lodz", "Łukasz"),
        ("Łuk", "Łukasz"),
    ],
)
async def test_a_name_is_found_by_the_start_of_its_words(world: World, typed: str, name: str) -> None:
    await open_counter(world)
    await register(world, given_name="Zoë", family_name="El-Amrani")
    await register(world, given_name="Zita", family_name="D\N{RIGHT SINGLE QUOTATION MARK}Hondt")
    await register(world, given_name="Łukasz", family_name="Łódzki")

    page = (await search(world, typed)).text

    assert [each for each in ("Zoë", "Zita", "Łukasz") if f"<strong>{each}" in page] == [name]


async def test_a_birth_date_tells_namesakes_apart(world: World) -> None:
    await open_counter(world)
    await register(world)
    await register(world, born_on="2001-12-24")

    page = (await search(world, "Hondt, Zoë 24/12/2001")).text

    assert "<span>2001</span>" in page
    assert "<span>1990</span>" not in page


async def test_signs_with_a_meaning_in_a_pattern_are_only_signs(world: World) -> None:
    await open_counter(world)
    await register(world)

    for typed in ("%", "_oe", "\\", "zo%e", "' OR true --", "\x00", " "):
        page = await search(world, typed)
        assert page.status_code == 200
        assert "Niemand gevonden" in page.text, typed


@pytest.mark.parametrize("typed", ["z", "Z. E.", "É", "z 17/05/1990"])
async def test_a_name_of_single_letters_asks_for_more(world: World, typed: str) -> None:
    await open_counter(world)
    await register(world)

    page = await search(world, typed)

    assert page.status_code == 422
    assert "Typ minstens twee letters van de naam." in page.text
    assert 'value="' + typed in page.text


async def test_nobody_opens_by_themselves_however_exact_the_search(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    membership_id = await register(world, insz=insz(3), email="zoe@example.org")
    await issue(world, membership_id, "digital")
    number = await world.value("SELECT number FROM passes.card WHERE membership_id = $1", membership_id)

    for typed in (number, f"{number[:4]} {number[4:]}", insz(3), "ZOE@example.org"):
        found = await search(world, typed)
        assert (found.status_code, found.text.count('<details class="person"')) == (200, 1), typed
        assert f"/dender/balie/personen/{membership_id}" in found.text
        assert '<details class="person" open' not in found.text
    found = await search(world, anna.token)
    assert f"/dender/balie/personen/{anna.membership_id}" in found.text
    assert "person.read" not in await acts(world)


async def protect(world: World, membership_id: object, answer: str = "ja") -> None:
    page = f"/dender/balie/personen/{membership_id}/beschermen"
    assert (await world.post_form(page, protected=answer)).status_code == 303


async def test_who_is_protected_is_found_by_pass_or_number_alone_and_not_named(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world, insz=insz(3), email="zoe@example.org")
    card_id = await issue(world, membership_id)
    await protect(world, membership_id)
    number = await world.value("SELECT number FROM passes.card WHERE id = $1", card_id)

    for typed in ("zoe hondt", "17/05/1990", "zoe@example.org"):
        assert "Niemand gevonden" in (await search(world, typed)).text, typed
    for typed in (number, insz(3)):
        page = (await search(world, typed)).text
        assert "Beschermde persoon" in page
        assert f"/dender/balie/personen/{membership_id}" in page
        for told in ("Zoë", "Hondt", "1990", "<span>Aalst"):
            assert told not in page, told
    likely = await world.post_form("/dender/balie/nieuw/gelijkenis", **person_fields())
    assert "Zelfde naam" not in likely.text
    await register(world)


async def test_who_is_not_protected_any_more_is_found_again_and_the_trail_says_no_more(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    await protect(world, membership_id)
    await protect(world, membership_id)
    await protect(world, membership_id, "nee")

    assert "<strong>Zoë" in (await search(world, "zoe")).text
    kept = await world.rows("SELECT facts::text AS facts FROM uit.audit WHERE act = 'person.protect'")
    assert sorted(row["facts"] for row in kept) == ['{"protected": false}', '{"protected": true}']


async def test_a_number_with_a_slip_says_so(world: World) -> None:
    await open_counter(world)

    page = await search(world, "0900 1000 0010 1")

    assert page.status_code == 422
    assert "klopt niet" in page.text


async def test_a_renewed_or_foreign_qr_opens_nobody(world: World) -> None:
    await open_counter(world)
    anna, elsewhere = await world.resident(), await world.resident(region_id=2)
    await world.execute("UPDATE passes.card SET token_version = 2 WHERE id = $1", anna.card_id)

    for token in (anna.token, elsewhere.token):
        assert (await search(world, token)).status_code == 404


async def test_the_clerk_of_another_region_finds_and_opens_nobody(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world, insz=insz(), email="zoe@example.org")
    await open_counter(world, region_id=2)

    for typed in ("zoe", insz(), "zoe@example.org"):
        assert "Niemand gevonden" in (await search(world, typed, "kust")).text
    assert (await world.client.get(f"/kust/balie/personen/{membership_id}")).status_code == 404
    assert (await search(world, "zoe", "dender")).status_code == 403


async def test_who_works_for_one_municipality_sees_only_who_lives_there(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    ninove = await world.municipality("41048", "Ninove")
    await world.sign_in_staff("clerk", refnis=ninove)

    assert "Niemand gevonden" in (await search(world, "zoe")).text
    assert (await world.client.get(f"/dender/balie/personen/{membership_id}")).status_code == 404


async def test_a_search_is_written_down_without_what_was_typed(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()

    await search(world, "yasmine")

    facts = await world.value("SELECT facts::text FROM uit.audit")
    assert await acts(world) == ["person.search"]
    assert str(anna.person_id) in facts
    assert "asmine" not in facts


def test_words_and_a_birth_date_are_told_apart() -> None:
    assert read_name("Peeters, Anna 17.05.1990") == ("Peeters, Anna", date(1990, 5, 17))
    assert read_name("31/02/1990") == ("31/02/1990", None)


MANY = """
INSERT INTO identity.person (id, given_name, family_name, created_at)
SELECT gen_random_uuid(), 'Inwoner', 'Nummer' || n, $1 FROM generate_series(1, 20000) AS n
"""
MEMBERS = """
INSERT INTO passes.membership (region_id, id, person_id, starts_on, created_at)
SELECT 1, gen_random_uuid(), id, $1::timestamptz, $1 FROM identity.person WHERE given_name = 'Inwoner'
"""


@pytest.mark.own_database
@pytest.mark.parametrize("plan", ["force_generic_plan", "force_custom_plan"])
async def test_a_name_among_many_is_found_by_its_index(world: World, plan: str) -> None:
    anna = await world.resident()
    await world.execute(MANY, world.clock.now())
    await world.execute(MEMBERS, world.clock.now())
    await world.execute("ANALYZE")

    async with counting_rows(world, plan) as (tx, read):
        found = await find_by_name(tx, 1, None, "peet  YAS", None, 20)

    assert found == [anna.membership_id]
    assert 0 < read["identity.person"] < MOST_READ
    assert read["passes.membership"] < MOST_READ


async def test_who_is_protected_is_not_told_by_their_address_when_somebody_registers(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world, email="zoe@example.org")
    await protect(world, membership_id)

    answer = await world.post_form("/dender/balie/nieuw", **person_fields(), email="zoe@example.org")

    assert answer.status_code == 409
    assert str(membership_id) not in answer.text


async def test_who_was_not_found_is_looked_for_by_names_that_begin_so(world: World) -> None:
    await open_counter(world)
    await register(world, given_name="Miriam", family_name="Verlinden")

    page = (await search(world, "miryam verlinde")).text
    one_name = (await search(world, "miryam")).text

    assert "Niemand gevonden" in page
    assert "Of is het een van deze?" in page
    assert "<strong>Miriam Verlinden" in page
    assert "Miriam" not in one_name
    assert "likeness" in await world.value("SELECT string_agg(facts::text, ' ') FROM uit.audit")


async def test_who_was_not_found_is_registered_with_what_was_typed(world: World) -> None:
    await open_counter(world)

    name = await world.post_form("/dender/balie", wie="miryam verlinde 17/05/1990", nieuw="ja")
    address = await world.post_form("/dender/balie", wie="miryam@example.org", nieuw="ja")
    number = await world.post_form("/dender/balie", wie="0900 1000 0200", nieuw="ja")

    for typed in ('value="Miryam"', 'value="Verlinde"', 'value="1990-05-17"'):
        assert typed in name.text
    assert 'value="miryam@example.org"' in address.text
    assert "0900" not in number.text


async def test_who_has_no_pass_gets_one_before_they_are_protected(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    page = f"/dender/balie/personen/{anna.membership_id}"

    with_pass = (await world.client.get(page)).text
    await world.execute("UPDATE passes.card SET state = 'blocked'")
    without = (await world.client.get(page)).text

    assert ("Geef eerst een pas." in with_pass, "Geef eerst een pas." in without) == (False, True)
