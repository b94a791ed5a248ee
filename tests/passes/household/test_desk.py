"""A household at the counter: a mother and her children registered in one go, and who else may see them."""

from asyncio import gather
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.builders import World
from tests.passes.counter import AALST, acts, changed_details, insz, open_counter, register

PARTNER = {"given_name-1": "Tom", "family_name-1": "Claes", "born_on-1": "1989-01-02", "role-1": "adult"}
CHILDREN = ("Noor", "2018-03-05"), ("Sam", "2020-11-30")


def household(*children: tuple[str, str], **fields: object) -> dict[str, object]:
    """The form of a mother, possibly her partner, and her children."""
    adults = 2 if "given_name-1" in fields else 1
    filled: dict[str, object] = {
        "form_id": uuid4(), "household_id": uuid4(), "volwassenen": adults, "kinderen": len(children),
        "address_kind": "home", "street": "Kerkstraat", "house_number": "12", "postcode": "9300",
        "place": "Aalst", "refnis": AALST, "proof": "attest gezinssamenstelling 12/02/2026", "passes": "true",
        "given_name-0": "Els", "family_name-0": "Vermeiren", "born_on-0": "1991-08-14", "role-0": "parent",
        "email-0": "", "phone-0": "0470 12 34 56", "document_kind": "", "reference": "", "until": "",
    }  # fmt: skip
    for at, (name, born_on) in enumerate(children, adults):
        filled |= {f"given_name-{at}": name, f"family_name-{at}": "", f"born_on-{at}": born_on}
    return filled | fields


async def send(world: World, form: dict[str, object]) -> Any:
    return await world.post_form("/dender/balie/gezin", **form)


async def registered(world: World, form: dict[str, object]) -> str:
    """The page of the household that this form makes."""
    answer = await send(world, form)
    assert answer.status_code == 303, answer.text
    page: str = (await world.client.get(answer.headers["location"])).text
    return page


async def count(world: World, table: str) -> int:
    return int(await world.value(f"SELECT count(*) FROM {table}"))


async def member_named(world: World, name: str) -> UUID:
    found: UUID = await world.value(
        "SELECT m.id FROM passes.membership AS m JOIN identity.person AS p ON p.id = m.person_id"
        " WHERE p.given_name = $1",
        name,
    )
    return found


async def powers(world: World) -> set[tuple[str, str]]:
    """Who may act for whom, as parents."""
    rows = await world.rows(
        "SELECT parent.given_name AS parent, child.given_name AS child FROM identity.representation AS r"
        " JOIN identity.person AS parent ON parent.id = r.representative_id"
        " JOIN identity.person AS child ON child.id = r.person_id WHERE r.kind = 'parental'"
    )
    return {(row["parent"], row["child"]) for row in rows}


async def test_the_page_asks_how_many_and_has_a_block_for_each(world: World) -> None:
    await open_counter(world)

    first = (await world.client.get("/dender/balie/gezin")).text
    form = (await world.client.get("/dender/balie/gezin?volwassenen=1&kinderen=2")).text
    wrong = await world.client.get("/dender/balie/gezin?volwassenen=1&kinderen=99")

    assert "Hoeveel kinderen?" in first
    assert [f'name="given_name-{at}"' in form for at in range(4)] == [True, True, True, False]
    assert wrong.status_code == 422


async def test_a_mother_and_two_children_have_three_passes_after_one_form(world: World) -> None:
    await open_counter(world)
    form = household(*CHILDREN)

    page = await registered(world, form)

    for name in ("Els Vermeiren", "Noor Vermeiren", "Sam Vermeiren"):
        assert name in page
    assert await count(world, "passes.card") == 3
    assert await powers(world) == {("Els", "Noor"), ("Els", "Sam")}
    printed = await world.client.get(f"/dender/balie/gezinnen/{form['household_id']}/passen.pdf")
    assert b"/Type/Pages/Count 3/" in printed.content
    streets = await world.rows("SELECT DISTINCT street, house_number FROM identity.person")
    assert [tuple(row) for row in streets] == [("Kerkstraat", "12")]


async def test_what_a_parent_may_do_ends_the_day_before_the_child_is_of_age(world: World) -> None:
    await open_counter(world)

    await registered(world, household(("Noor", "2018-03-05"), ("Jonas", "2008-01-01"), **PARTNER))

    rows = await world.rows("SELECT ends_on::text, proof, powers FROM identity.representation")
    ends = [(row["ends_on"], row["proof"], row["powers"]) for row in rows]
    assert ends == [("2036-03-04", "attest gezinssamenstelling 12/02/2026", ["see", "book", "pay"])]


async def test_a_form_that_is_sent_twice_registers_once(world: World) -> None:
    await open_counter(world)
    social: dict[str, object] = {
        "social-0": "true", "document_kind": "ocmw", "reference": "brief", "until": "30/04/2027",
    }  # fmt: skip
    form = household(*CHILDREN, **social)

    answers = await gather(*(send(world, form) for _ in range(2)))
    again = await send(world, form)

    assert [each.status_code for each in (*answers, again)] == [303] * 3
    tables = "identity.person", "passes.membership", "passes.card", "passes.attestation"
    assert [await count(world, each) for each in tables] == [3, 3, 3, 1]
    assert await count(world, "identity.representation") == 2
    assert (await acts(world)).count("household.join") == 3


async def test_the_social_tariff_is_for_who_has_the_right_and_needs_its_proof(world: World) -> None:
    await open_counter(world)
    form = household(*CHILDREN, **{"social-1": "true"})

    missing = await send(world, form)
    proof = {"document_kind": "ocmw", "reference": "brief", "until": "30/04/2027"}
    await registered(world, {**form, **proof})

    assert missing.status_code == 422
    rows = await world.rows(
        "SELECT p.given_name FROM passes.membership AS m JOIN identity.person AS p ON p.id = m.person_id"
        " WHERE m.social_until = '2027-04-30'"
    )
    assert [row["given_name"] for row in rows] == ["Noor"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ({"given_name-1": ""}, "given_name-1"),
        ({"born_on-2": ""}, "born_on-2"),
        ({"proof": ""}, "proof"),
        ({"street": ""}, "street"),
        ({"refnis": ""}, "refnis"),
        ({"role-0": "child"}, "role-0"),
        ({"phone-0": "1"}, "phone-0"),
        ({"insz-1": "123"}, "insz-1"),
    ],
    ids=str,
)
async def test_nobody_is_registered_when_something_is_wrong(
    world: World, field: dict[str, object], wrong: str
) -> None:
    await open_counter(world)

    answer = await send(world, household(*CHILDREN, **field))

    assert answer.status_code == 422
    assert f'href="#{wrong}"' in answer.text
    assert await count(world, "identity.person") == 0


async def test_who_is_like_a_member_is_asked_about_and_joins_as_they_are(world: World) -> None:
    """A child may belong to two: the father registers his household, and the child is there already."""
    await open_counter(world)
    await registered(world, household(*CHILDREN))
    noor = await member_named(world, "Noor")
    father: dict[str, object] = {"given_name-0": "Jan", "family_name-0": "Maes", "family_name-1": "Vermeiren"}
    form = household(CHILDREN[0], street="Nieuwstraat", **father)

    asked = await send(world, form)
    assert asked.status_code == 422
    assert f'value="{noor}"' in asked.text
    assert f'href="/dender/balie/personen/{noor}"' in asked.text
    assert "Zelfde naam en geboortedatum" in asked.text
    assert 'value="Nieuwstraat"' in asked.text
    await registered(world, {**form, "same-1": noor})

    assert await count(world, "identity.person") == 4
    assert ("Jan", "Noor") in await powers(world)
    assert ("Jan", "Sam") not in await powers(world)
    assert (
        await world.value("SELECT count(*) FROM passes.household_member WHERE membership_id = $1", noor) == 2
    )
    streets = await world.rows("SELECT DISTINCT street FROM identity.person WHERE given_name = 'Noor'")
    assert [row["street"] for row in streets] == ["Kerkstraat"]


async def test_who_is_another_person_is_registered(world: World) -> None:
    await open_counter(world)
    await registered(world, household(*CHILDREN))
    form = household(CHILDREN[0], **{"given_name-0": "Jan", "born_on-0": "1990-01-01"})

    assert (await send(world, form)).status_code == 422
    await registered(world, {**form, "same-1": "new"})

    assert await world.value("SELECT count(*) FROM identity.person WHERE given_name = 'Noor'") == 2


async def test_the_same_person_twice_in_a_form_registers_nobody(world: World) -> None:
    await open_counter(world)

    answer = await send(world, household(CHILDREN[0], CHILDREN[0]))

    assert answer.status_code == 409
    assert "Kind 2" in answer.text
    assert await count(world, "identity.person") == 0


async def test_what_was_ended_between_parent_and_child_is_not_given_again(world: World) -> None:
    await open_counter(world)
    await registered(world, household(*CHILDREN))
    await world.execute("UPDATE identity.representation SET revoked_at = $1", world.clock.now())
    els, noor = [await member_named(world, name) for name in ("Els", "Noor")]

    again = household(CHILDREN[0], **{"same-0": els, "same-1": noor})
    await registered(world, again)

    assert await world.value("SELECT count(*) FROM identity.representation WHERE revoked_at IS NULL") == 0


async def test_a_newborn_joins_a_household_that_is_there(world: World) -> None:
    await open_counter(world)
    first = household(CHILDREN[0])
    await registered(world, first)
    page = f"/dender/balie/gezin?volwassenen=0&kinderen=1&bij={first['household_id']}"
    form = (await world.client.get(page)).text
    assert f'value="{first["household_id"]}"' in form
    assert "Iemand bij het gezin van Els Vermeiren" in form

    baby = household(household_id=first["household_id"], volwassenen=0, kinderen=1)
    baby |= {"given_name-0": "Lou", "born_on-0": "2026-02-01"}
    told = await registered(world, baby)

    assert "Els Vermeiren" in told
    assert ("Els", "Lou") in await powers(world)
    assert ("Els", "Noor") in await powers(world)


async def test_the_page_of_a_person_leads_to_the_others_until_they_leave(world: World) -> None:
    await open_counter(world)
    form = household(*CHILDREN, **PARTNER)
    await registered(world, form)
    els, tom = [await member_named(world, name) for name in ("Els", "Tom")]
    address = f"/dender/balie/personen/{els}"

    assert f'href="/dender/balie/personen/{tom}"' in (await world.client.get(address)).text
    left = f"/dender/balie/gezinnen/{form['household_id']}/leden/{tom}/weg"
    assert [(await world.post_form(left)).status_code for _ in range(2)] == [303, 303]

    assert f"personen/{tom}" not in (await world.client.get(address)).text
    assert (await acts(world)).count("household.leave") == 1
    assert ("Tom", "Noor") not in await powers(world)


async def test_a_protected_mother_and_her_children_stand_on_no_page_of_the_other_parent(world: World) -> None:
    await open_counter(world)
    form = household(*CHILDREN, **PARTNER)
    await registered(world, form)
    els, tom, noor = [await member_named(world, name) for name in ("Els", "Tom", "Noor")]

    await world.post_form(f"/dender/balie/personen/{els}/beschermen", protected="ja")

    his = (await world.client.get(f"/dender/balie/personen/{tom}")).text
    theirs = (await world.client.get(f"/dender/balie/gezinnen/{form['household_id']}")).text
    for page in (his, theirs):
        assert "Els" not in page
        assert "Noor" not in page
    hers = (await world.client.get(f"/dender/balie/personen/{els}")).text
    assert f'href="/dender/balie/personen/{noor}"' in hers
    assert await world.value("SELECT count(*) FROM identity.person WHERE is_protected") == 3


async def test_a_child_of_a_protected_parent_is_protected_from_the_first(world: World) -> None:
    await open_counter(world)
    els = await register(world, given_name="Els", family_name="Vermeiren", born_on="1991-08-14", insz=insz(4))
    await world.post_form(f"/dender/balie/personen/{els}/beschermen", protected="ja")

    answer = await send(world, household(CHILDREN[0], **{"same-0": els}))

    assert answer.status_code == 303
    assert await world.value("SELECT is_protected FROM identity.person WHERE given_name = 'Noor'") is True
    found = await world.post_form("/dender/balie", wie="Noor")
    assert "Niemand gevonden" in found.text


async def test_a_household_of_another_town_is_not_found(world: World) -> None:
    await open_counter(world)
    form = household(*CHILDREN)
    await registered(world, form)
    ninove = await world.municipality("41048", "Ninove")
    await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1)", ninove)
    await world.sign_in_staff("clerk", refnis=ninove)
    page = f"/dender/balie/gezinnen/{form['household_id']}"

    assert [(await world.client.get(each)).status_code for each in (page, f"{page}/passen.pdf")] == [404, 404]
    joining = household(("Lou", "2024-01-01"), household_id=form["household_id"], refnis=ninove)
    assert (await send(world, joining)).status_code == 404


@pytest.mark.parametrize(("ticked", "moved"), [("true", "Dorp"), ("", "Kerkstraat")])
async def test_a_new_address_of_a_parent_counts_for_the_children_at_home_when_that_is_ticked(
    world: World, ticked: str, moved: str
) -> None:
    await open_counter(world)
    await registered(world, household(*CHILDREN, **PARTNER))
    await world.execute("UPDATE identity.person SET is_protected = given_name = 'Sam'")
    els = await member_named(world, "Els")
    address = f"/dender/balie/personen/{els}/wijzigen"
    form = (await world.client.get(address)).text
    fields = changed_details(given_name="Els", family_name="Vermeiren", email="", street="Dorp")

    for _ in range(2):
        assert (await world.post_form(address, **fields, children=ticked)).status_code == 303

    assert "geldt ook voor Noor" in form
    assert "Sam" not in form.partition("geldt ook voor")[2].partition("<")[0]
    streets = dict(await world.rows("SELECT given_name, street FROM identity.person"))
    assert streets == {"Els": "Dorp", "Noor": moved, "Sam": "Kerkstraat", "Tom": "Kerkstraat"}
    changes = await world.value(
        "SELECT count(*) FROM identity.person_change AS c JOIN identity.person AS p ON p.id = c.person_id"
        " WHERE p.given_name = 'Noor' AND c.field = 'address'"
    )
    assert changes == (1 if ticked else 0)


async def test_the_proof_of_a_tariff_does_not_say_that_it_may_be_empty(world: World) -> None:
    await open_counter(world)

    page = (await world.client.get("/dender/balie/gezin?volwassenen=1&kinderen=1")).text

    proof = page.partition('for="document_kind"')[2]
    assert 'name="until"' in proof
    assert "mag leeg" not in proof
