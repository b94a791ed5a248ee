"""Somebody changes their own details; another e-mail address counts once its link is used."""

from asyncio import create_task, sleep
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.builders import Resident, World
from tests.identity.steps import ask_link, is_inside, link_in_mail, link_of
from tests.passes.counter import acts
from tests.reservations.sessions.test_desk import text_of
from uit.identity.person.person import lock_person

MINE = "/dender/mijn-gegevens"
CHANGE = f"{MINE}/wijzigen"
CONFIRM = "/mijn/e-mailadres/"
NEW = "nieuw@example.org"


def filled(who: Resident, **fields: object) -> dict[str, object]:
    """The form as somebody sends it."""
    form: dict[str, object] = {
        "change_id": uuid4(),
        "address_kind": "home",
        "street": "Kerkstraat",
        "house_number": "12",
        "postcode": "9300",
        "place": "Aalst",
        "email": who.email,
        "phone": "0470 12 34 56",
        "language": "fr",
        "reached_by": "sms",
    }
    return form | fields


def without_address(who: Resident, **fields: object) -> dict[str, object]:
    """The form of somebody below 16."""
    address = ("address_kind", "street", "house_number", "postcode", "place")
    return {name: value for name, value in filled(who, **fields).items() if name not in address}


async def change(world: World, who: Resident, **fields: object) -> Any:
    await world.sign_in(who)
    return await world.post_form(CHANGE, **filled(who, **fields))


async def stored(world: World, who: Resident) -> dict[str, Any]:
    return dict((await world.rows("SELECT * FROM identity.person WHERE id = $1", who.person_id))[0])


async def test_what_needs_no_proof_they_change_themselves_with_its_history(world: World) -> None:
    anna = await world.resident()

    answer = await change(world, anna, given_name="Koningin")
    person = await stored(world, anna)
    page = text_of(await world.client.get(answer.headers["location"]))

    assert answer.headers["location"] == f"{MINE}?gedaan=gewijzigd"
    assert (person["street"], person["phone"], person["language"], person["reached_by"]) == (
        "Kerkstraat", "+32470123456", "fr", "sms",
    )  # fmt: skip
    assert (person["given_name"], person["refnis"]) == ("Yasmine", None)
    for word in ("Je gegevens zijn gewijzigd.", "Kerkstraat 12, 9300 Aalst", "Door jou"):
        assert word in page
    assert await acts(world) == ["person.change"]


async def test_a_new_address_that_waits_stands_with_what_is_known_and_a_number_reads_well(
    world: World,
) -> None:
    anna = await world.resident()

    await change(world, anna, email=NEW)
    page = text_of(await world.client.get(MINE))

    assert "Bevestig je nieuwe e-mailadres" in page
    assert f"We stuurden een mail naar {NEW}." in page
    assert "0470 12 34 56" in page
    assert "+32470123456" not in page
    assert "Was niets" not in page


async def test_a_form_that_was_sent_twice_changes_once(world: World) -> None:
    anna, change_id = await world.resident(), uuid4()

    for phone in ("0470 12 34 56", "0471 12 34 56"):
        await change(world, anna, change_id=change_id, phone=phone)

    assert (await stored(world, anna))["phone"] == "+32470123456"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", ""),
        ("email", "geen adres"),
        ("postcode", "930"),
        ("address_kind", "reference"),
        ("phone", "12"),
        ("language", "xx"),
        ("reached_by", "duif"),
    ],
)
async def test_what_is_wrong_is_said_and_the_rest_stays_typed(world: World, field: str, typed: str) -> None:
    answer = await change(world, await world.resident(), **{field: typed})

    assert answer.status_code == 422
    assert 'id="problems"' in answer.text
    assert 'value="Kerkstraat"' in answer.text


async def test_a_reference_address_is_not_shown_and_stays(world: World) -> None:
    anna = await world.resident()
    await world.execute(
        "UPDATE identity.person SET address_kind = 'reference', street = 'Stationsplein', house_number = '1',"
        " postcode = '9300', place = 'Aalst' WHERE id = $1",
        anna.person_id,
    )
    await world.sign_in(anna)
    page = await world.client.get(CHANGE)

    await change(world, anna)

    assert "Stationsplein" not in page.text
    assert "Dat wijzig je aan de balie" in page.text
    person = await stored(world, anna)
    assert (person["address_kind"], person["street"]) == ("reference", "Stationsplein")


async def test_another_address_counts_once_its_link_is_used(world: World) -> None:
    anna = await world.resident()
    waiting = await link_of(world, anna)

    sent = await change(world, anna, email=NEW)
    before = (await stored(world, anna))["email"]
    link = link_in_mail(world, CONFIRM)
    opened = await world.client.get(link)
    done = await world.post_form(link)
    again = await world.post_form(link)

    assert (sent.status_code, world.mails[-1]["to"], before) == (200, NEW, anna.email)
    assert NEW in text_of(opened)
    assert ("Gelukt" in text_of(done), again.status_code) == (True, 410)
    assert (await stored(world, anna))["email"] == NEW
    world.client.cookies.clear()
    await world.post_form(waiting)
    assert await is_inside(world) is False
    rows = await world.rows(
        "SELECT before, after, actor_kind FROM identity.person_change WHERE field = 'email'"
    )
    assert [tuple(row) for row in rows] == [(anna.email, NEW, "person")]


async def test_a_form_that_is_sent_again_with_another_address_leaves_the_first_link(world: World) -> None:
    """A double click, or a page that is opened again: what was mailed goes on, and nobody is mailed twice."""
    anna, change_id = await world.resident(), uuid4()
    await change(world, anna, email=NEW, change_id=change_id)
    link, mails = link_in_mail(world, CONFIRM), len(world.mails)

    again = [await change(world, anna, email=each, change_id=change_id) for each in (NEW, "x@example.org")]
    done = await world.post_form(link)

    assert [each.status_code for each in again] == [200, 200]
    assert len(world.mails) == mails
    assert "Gelukt" in text_of(done)
    assert (await stored(world, anna))["email"] == NEW


async def test_what_a_clerk_changes_in_that_moment_stays(world: World) -> None:
    """The name is not on the form; it is kept as it is under the lock, and not as it was read before."""
    anna = await world.resident()
    await world.sign_in(anna)
    async with world.services.database.transaction() as tx:
        await lock_person(tx, anna.person_id)
        sent = create_task(world.post_form(CHANGE, **filled(anna)))
        await sleep(0.5)
        await tx.execute("UPDATE identity.person SET family_name = 'Claes' WHERE id = $1", anna.person_id)
    await sent

    person = await stored(world, anna)
    assert (person["family_name"], person["street"]) == ("Claes", "Kerkstraat")


async def test_only_the_last_link_works_and_not_longer_than_a_day(world: World) -> None:
    anna = await world.resident()
    await change(world, anna, email="eerste@example.org")
    first = link_in_mail(world, CONFIRM)
    await change(world, anna, email=NEW)
    second = link_in_mail(world, CONFIRM)

    stopped = await world.client.get(first)
    world.clock.move(timedelta(hours=24))
    too_late = await world.post_form(second)

    assert (stopped.status_code, too_late.status_code) == (410, 410)
    assert (await stored(world, anna))["email"] == anna.email


async def test_the_page_tells_nobody_who_has_an_address(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()

    free = await change(world, anna, email=NEW)
    mailed = len(world.mails)
    taken = await change(world, anna, email=bilal.email)

    assert text_of(free).replace(NEW, "") == text_of(taken).replace(bilal.email, "")
    assert len(world.mails) == mailed


async def test_an_address_that_somebody_took_meanwhile_is_refused(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await change(world, anna, email=NEW)
    await world.execute("UPDATE identity.person SET email = $1 WHERE id = $2", NEW, bilal.person_id)

    answer = await world.post_form(link_in_mail(world, CONFIRM))

    assert answer.status_code == 409
    assert (await stored(world, anna))["email"] == anna.email


async def test_nobody_fills_mailboxes_with_it(world: World) -> None:
    anna = await world.resident()

    answers = [await change(world, anna, email=f"een{n}@example.org") for n in range(6)]

    assert [each.status_code for each in answers] == [200] * 5 + [429]
    assert len(world.mails) == 5


@pytest.mark.parametrize(("born_on", "status"), [(date(2013, 3, 3), 403), (date(2013, 3, 2), 200)])
async def test_below_thirteen_a_parent_has_to_agree(world: World, born_on: date, status: int) -> None:
    """The day in the test is 2 March 2026."""
    child = await world.resident(born_on=born_on)

    await world.sign_in(child)
    answer = await world.post_form(CHANGE, **without_address(child, email=NEW))

    assert answer.status_code == status
    assert ("Vraag het samen met een ouder" in answer.text) is (status == 403)
    assert len(world.mails) == (1 if status == 200 else 0)
    await ask_link(world, child.email)
    assert world.mails[-1]["to"] == child.email


async def test_below_sixteen_a_parent_changes_the_address_and_they_change_the_rest(world: World) -> None:
    lotte = await world.resident(born_on=date(2011, 5, 1))
    await world.sign_in(lotte)

    page = text_of(await world.client.get(CHANGE))
    refused = await world.post_form(CHANGE, **filled(lotte))
    saved = await world.post_form(CHANGE, **without_address(lotte))

    assert "wijzigt een ouder je adres" in page
    assert refused.status_code == 403
    assert "Doe dit samen met een ouder" in text_of(refused)
    assert saved.status_code == 303
    kept = await stored(world, lotte)
    assert (kept["street"], kept["phone"]) == (None, "+32470123456")
