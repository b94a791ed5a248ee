"""Below 13 a parent agrees to an e-mail address, at a counter where that is written down."""

from datetime import date
from typing import Any
from uuid import uuid4

from msgspec import structs

from tests.builders import Resident, World
from tests.passes.counter import AALST, acts, changed_details, open_counter, person_fields
from tests.passes.household.test_desk import household, send
from tests.passes.membership.test_ending import page_of
from uit.identity.errors import ConsentNeeded
from uit.identity.person.change import change as change_person
from uit.identity.person.change import read_details
from uit.identity.person.person import Person
from uit.passes.counter import Counter
from uit.passes.membership.membership import Applicant, register

CHILD, TEEN = "2013-03-03", "2013-03-02"
"""The day in a test is 2 March 2026."""


async def change(world: World, who: Resident, **fields: str) -> Any:
    form = changed_details(born_on=CHILD) | fields
    return await world.post_form(f"{page_of(who.membership_id)}/wijzigen", **form)


async def consents(world: World) -> list[date]:
    rows = await world.rows("SELECT email_consent_on FROM identity.person WHERE email_consent_on IS NOT NULL")
    return [row[0] for row in rows]


async def test_a_clerk_asks_the_parent_before_a_child_has_an_address(world: World) -> None:
    lotte = await world.resident(born_on=date.fromisoformat(CHILD))
    await open_counter(world)

    asked = await change(world, lotte)
    before = await consents(world)
    agreed = await change(world, lotte, consent="true")

    assert (asked.status_code, before, agreed.status_code) == (422, [], 303)
    assert 'href="#consent"' in asked.text
    assert 'value="zoe@example.org"' in asked.text
    assert await consents(world) == [date(2026, 3, 2)]
    assert (await acts(world)).count("email.consent") == 1


async def test_what_is_else_changed_of_a_child_asks_nothing(world: World) -> None:
    lotte = await world.resident(born_on=date.fromisoformat(CHILD))
    await open_counter(world)

    answers = [await change(world, lotte, email=email) for email in (lotte.email, "")]

    assert [each.status_code for each in answers] == [303, 303]
    assert await consents(world) == []


async def test_from_thirteen_on_nobody_is_asked(world: World) -> None:
    noor = await world.resident(born_on=date.fromisoformat(TEEN))
    await open_counter(world)

    assert (await change(world, noor, born_on=TEEN)).status_code == 303
    assert await consents(world) == []


async def test_who_is_registered_with_an_address_below_thirteen_is_asked_too(world: World) -> None:
    await open_counter(world)
    form = person_fields() | {"born_on": CHILD, "email": "lotte@example.org"}

    asked = await world.post_form("/dender/balie/nieuw", **form)
    agreed = await world.post_form("/dender/balie/nieuw", **form, consent="true")
    without = await world.post_form("/dender/balie/nieuw", **person_fields() | {"born_on": "2014-01-01"})

    assert (asked.status_code, agreed.status_code, without.status_code) == (422, 303, 303)
    assert 'href="#consent"' in asked.text
    assert await consents(world) == [date(2026, 3, 2)]


async def test_the_verbs_refuse_an_address_to_which_no_parent_agreed(world: World) -> None:
    lotte = await world.resident(born_on=date.fromisoformat(CHILD))
    noor = Person(uuid4(), "Noor", "Claes", date(2018, 3, 5), "noor@example.org", refnis=AALST)
    counter = Counter(1, "staff", str(uuid4()), world.clock.now(), world.services.ids)

    async with world.services.database.transaction() as tx:
        known = await read_details(tx, lotte.person_id)
        assert known
        wanted = structs.replace(known, email="lotte@example.org")
        changed = await change_person(tx, counter, uuid4(), wanted)
        registered = await register(tx, counter, Applicant(uuid4(), noor))

    assert (changed, registered) == (ConsentNeeded(), ConsentNeeded())


async def test_a_young_child_in_the_place_of_an_adult_is_asked_without_an_address(world: World) -> None:
    await open_counter(world)

    answer = await send(world, household(**{"born_on-0": "2018-03-05", "email-0": "noor@example.org"}))

    assert answer.status_code == 422
    assert 'id="email-0-error"' in answer.text
    assert await world.value("SELECT count(*) FROM passes.membership") == 0
