"""Asking for help, agreeing, stopping, and what a helper sees."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from reservations.helping.telling import notify_asked_for_help, notify_stopped
from tests.builders import Resident, World
from tests.identity.person.helpers import a_child, entrust
from tests.reservations.dates import plain
from tests.reservations.order.test_tariffs import order_page
from tests.reservations.order.test_who_comes import book_on, page_for, ticked
from tests.reservations.sessions.test_desk import text_of

MINE, THEIRS = "/dender/wie-helpt-mij", "/dender/wie-help-ik"
MAY = {"see": "true", "book": "true", "pay": "true"}
FILLED = {"naam": "Bilal Peeters", **MAY, "bedrag": "5", "tot": "2026-12-31"}


async def ask(world: World, who: Resident, reached: str, **fields: str) -> Any:
    await world.sign_in(who)
    return await world.post_form(MINE, **{"ask_id": str(uuid4()), "bereik": reached} | FILLED | fields)


async def answer(world: World, who: Resident, says: str) -> Any:
    """Somebody answers the first ask on their page."""
    await world.sign_in(who)
    page = await world.client.get(THEIRS)
    found = re.findall(r'action="(/dender/wie-help-ik/vragen/[^"]+)"', page.text)
    return await world.post_form(found[0], antwoord=says)


async def page_of(world: World, who: Resident, address: str) -> str:
    await world.sign_in(who)
    return text_of(await world.client.get(address))


async def test_a_helper_agrees_books_within_the_limit_and_is_stopped(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=2000), await world.resident()
    session, dear = await world.session(price_cents=500), await world.session(price_cents=501)

    asked = await ask(world, anna, bilal.email)
    before = await page_for(world, session, bilal, anna)
    agreed = await answer(world, bilal, "ja")
    booked = await book_on(world, await page_for(world, session, bilal, anna))
    too_dear = await page_for(world, dear, bilal, anna)
    seen = await page_of(world, anna, MINE)
    given_id = await world.value("SELECT id FROM identity.representation")
    await world.post_form(f"{MINE}/{given_id}/stoppen")
    after = await page_for(world, session, bilal, anna)
    await notify_stopped(world.services, 1, given_id, uuid4())

    assert asked.headers["location"] == f"{MINE}?gedaan=gevraagd"
    assert agreed.headers["location"] == f"{THEIRS}?gedaan=ja"
    assert (before.status_code, booked.status_code, after.status_code) == (403, 303, 403)
    assert 'value="boek"' not in too_dear.text
    assert "Yasmine Peeters, " in seen
    assert (world.mails[-1]["To"], "niets meer zien, boeken" in plain(world.mails[-1])) == (bilal.email, True)
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = 'help.stopped'") == 1
    assert "De kleine prins" in seen
    assert await world.available_cents(anna) == 1500
    acts = {each["act"] for each in await world.rows("SELECT act FROM uit.audit")}
    assert acts == {"help.ask", "help.accept", "booking.make_for", "help.stop"}


async def test_the_answer_is_the_same_for_an_address_that_nobody_has(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()

    known, unknown = [await ask(world, anna, email) for email in (bilal.email, "niemand@example.org")]

    assert (known.status_code, unknown.status_code) == (303, 303)
    assert known.headers["location"] == unknown.headers["location"]
    topics = await world.rows("SELECT topic FROM uit.outbox")
    assert [each["topic"] for each in topics] == ["help.asked", "help.asked"]
    page = await page_of(world, anna, MINE)
    assert page.count("Gevraagd via") == 2


async def test_by_the_number_of_a_pass_the_name_has_to_be_theirs(world: World) -> None:
    anna, bilal, carl = [await world.resident() for _ in range(3)]
    await world.execute("UPDATE identity.person SET given_name = 'Bilál' WHERE id = $1", bilal.person_id)
    await world.execute("UPDATE passes.card SET number = '0900100001008' WHERE id = $1", bilal.card_id)
    await world.execute("UPDATE passes.card SET number = '0900100002006' WHERE id = $1", carl.card_id)

    for number in ("0900 1000 0100 8", "0900 1000 0200 6"):
        assert (await ask(world, anna, number)).status_code == 303

    for each in await world.rows("SELECT key FROM uit.outbox ORDER BY id"):
        await notify_asked_for_help(world.services, 1, each["key"], uuid4())

    assert [each["To"] for each in world.mails] == [bilal.email]
    assert "vraagt of je wil helpen met de UiTPAS" in plain(world.mails[0])
    assert "vraagt je hulp" in await page_of(world, bilal, THEIRS)
    assert "vraagt je hulp" not in await page_of(world, carl, THEIRS)


async def test_nobody_answers_what_was_asked_of_another(world: World) -> None:
    anna, bilal, carl = [await world.resident() for _ in range(3)]
    await ask(world, anna, bilal.email)
    asked = await world.value("SELECT id FROM identity.asked_help")

    for who in (carl, anna):
        await world.sign_in(who)
        refused = await world.post_form(f"{THEIRS}/vragen/{asked}", antwoord="ja")
        assert refused.status_code == 404

    assert await world.value("SELECT count(*) FROM identity.representation") == 0


async def test_who_says_no_and_who_takes_it_back_leave_nothing(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await ask(world, anna, bilal.email)
    await answer(world, bilal, "nee")
    await ask(world, anna, bilal.email)
    asked = await world.value("SELECT id FROM identity.asked_help")

    await world.post_form(f"{MINE}/{asked}/stoppen")

    assert await world.value("SELECT count(*) FROM identity.asked_help") == 0
    assert await world.value("SELECT count(*) FROM identity.representation") == 0


async def test_an_ask_that_was_sent_twice_is_one_and_lapses(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    for _ in range(2):
        await ask(world, anna, bilal.email, ask_id=str(UUID(int=5)))

    assert await world.value("SELECT count(*) FROM identity.asked_help") == 1
    world.clock.move(timedelta(days=15))
    assert "vraagt je hulp" not in await page_of(world, bilal, THEIRS)


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("naam", "", "Vul de naam in."),
        ("bereik", "0900100001999", "Vul een e-mailadres of pasnummer in."),
        ("book", "", "Wie betaalt, moet ook mogen boeken."),
        ("bedrag", "", "Schrijf een bedrag in euro"),
        ("tot", "2027-03-03", "Kies een dag binnen de twaalf maanden."),
        ("tot", "2026-03-01", "Kies een dag binnen de twaalf maanden."),
    ],
)
async def test_what_is_wrong_comes_back_with_what_was_typed(
    world: World, field: str, typed: str, says: str
) -> None:
    anna = await world.resident()

    page = await ask(world, anna, "bilal@example.org", **{field: typed})

    assert page.status_code == 422
    assert says in text_of(page)
    assert await world.value("SELECT count(*) FROM identity.asked_help") == 0


async def test_nobody_asks_without_end(world: World) -> None:
    anna = await world.resident()

    answers = [await ask(world, anna, f"adres{n}@example.org") for n in range(11)]

    assert [each.status_code for each in answers] == [303] * 10 + [429]


async def test_a_parent_sees_what_is_left_and_never_what_the_other_booked(world: World) -> None:
    mother, father = await world.resident(), await world.resident()
    lotte, session = await a_child(world, mother, father, credit_cents=2000), await world.session()
    own = (await book_on(world, await page_for(world, session, mother, lotte))).headers["location"]

    hers, his = [await page_of(world, who, f"{THEIRS}/{lotte.membership_id}") for who in (mother, father)]

    assert "€ 15,00" in hers
    assert "€ 15,00" in his
    assert "De kleine prins" in hers
    assert "De kleine prins" not in his
    assert (await world.client.get(own)).status_code == 404


async def test_a_young_person_shares_where_they_go_and_takes_it_back(world: World) -> None:
    mother = await world.resident()
    lotte = await a_child(world, mother, credit_cents=2000, born_on=date(2009, 6, 1))
    await world.book(lotte, await world.session())
    hers = f"{THEIRS}/{lotte.membership_id}"
    given_id = await world.value("SELECT id FROM identity.representation")

    before = await page_of(world, mother, hers)
    await world.sign_in(lotte)
    await world.post_form(f"{MINE}/{given_id}/delen", deel="ja")
    shared = await page_of(world, mother, hers)
    by_mother = await world.post_form(f"{MINE}/{given_id}/delen", deel="ja")
    await world.sign_in(lotte)
    await world.post_form(f"{MINE}/{given_id}/delen", deel="nee")

    assert "€ 15,00" in before
    assert "De kleine prins" not in before
    assert "De kleine prins" in shared
    assert by_mother.status_code == 404
    assert "De kleine prins" not in await page_of(world, mother, hers)


async def test_a_child_who_turns_eighteen_is_helped_by_no_parent(world: World) -> None:
    mother = await world.resident()
    lotte = await a_child(world, mother, credit_cents=2000, born_on=date(2008, 3, 3))
    hers = f"{THEIRS}/{lotte.membership_id}"
    await world.sign_in(mother)
    before = (await world.client.get(hers)).status_code
    world.clock.move(timedelta(days=1))
    await world.sign_in(mother)

    assert before == 200
    assert (await world.client.get(hers)).status_code == 404
    assert "Je helpt nu niemand." in await page_of(world, mother, THEIRS)


async def test_a_helper_stops_by_themselves(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=2000), await world.resident()
    await entrust(world, anna, bilal)
    await world.sign_in(bilal)

    await world.post_form(f"{THEIRS}/{anna.membership_id}/stoppen")

    assert (await world.client.get(f"{THEIRS}/{anna.membership_id}")).status_code == 404


async def test_a_parent_does_not_stop_by_that_button(world: World) -> None:
    mother = await world.resident()
    lotte = await a_child(world, mother)
    await world.sign_in(mother)

    await world.post_form(f"{THEIRS}/{lotte.membership_id}/stoppen")

    assert (await world.client.get(f"{THEIRS}/{lotte.membership_id}")).status_code == 200


async def test_what_somebody_booked_for_themselves_and_another_is_their_own_outing(world: World) -> None:
    """A helper who sees where they go sees it, at what it cost them; they did not do it for themselves."""
    anna, bilal, session = await world.resident(5000), await world.resident(), await world.session()
    lotte = await a_child(world, anna, credit_cents=5000)
    await entrust(world, anna, bilal, powers=("see",))
    page = await ticked(world, await order_page(world, session, anna), lotte, myself=True)
    assert (await book_on(world, page)).status_code == 303

    seen = await page_of(world, bilal, f"{THEIRS}/{anna.membership_id}")
    hers, of_lotte = await page_of(world, anna, MINE), await page_of(world, lotte, MINE)

    assert "zelf naartoe De kleine prins" in seen
    assert "Dit boekten anderen voor jou" not in hers
    assert "Dit boekten anderen voor jou De kleine prins" in of_lotte
    assert "waar je naartoe gaat" in hers
    assert "waar die persoon naartoe gaat" not in hers


@pytest.mark.parametrize("born_on", [date(2019, 5, 1), date(2008, 3, 3)])
async def test_below_eighteen_nobody_asks_for_help_by_themselves(world: World, born_on: date) -> None:
    lotte = await world.resident(born_on=born_on)

    page = await page_of(world, lotte, MINE)
    refused = await ask(world, lotte, "iemand@example.org")

    assert "Tot je 18 jaar bent, doen je ouders dit voor jou." in page
    assert refused.status_code == 403
    assert "Doe dit samen met een ouder" in text_of(refused)
    assert await world.value("SELECT count(*) FROM identity.asked_help") == 0


async def test_no_field_says_that_it_may_be_empty_and_is_then_refused(world: World) -> None:
    assert "mag leeg" not in await page_of(world, await world.resident(), MINE)
