"""At the counter: a paper that both signed, an order of a court, checked every year, and its end."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.builders import Resident, World
from tests.identity.person.helpers import a_child
from tests.reservations.helping.test_pages import THEIRS, page_of
from tests.reservations.sessions.test_desk import text_of

NUMBER = "0900100009001"
PAPER = {"soort": "trusted", "see": "true", "tot": "2026-06-30"}
ORDER = {"soort": "administrator", "vonnis": "26B123", "dag": "2026-01-15", "tot": ""}


async def at_the_counter(world: World) -> tuple[Resident, Resident, str]:
    """Somebody, their helper with a pass, and the address of the page; a clerk is signed in."""
    anna, bilal = await world.resident(credit_cents=2000), await world.resident()
    await world.execute("UPDATE passes.card SET number = $2 WHERE id = $1", bilal.card_id, NUMBER)
    await world.sign_in_staff("clerk")
    return anna, bilal, f"/dender/balie/personen/{anna.membership_id}/hulp"


async def send(world: World, address: str, **fields: str) -> Any:
    return await world.post_form(address, **{"given_id": str(uuid4()), "pas": NUMBER} | fields)


async def test_a_signed_paper_gives_what_it_says_for_a_year_at_most(world: World) -> None:
    anna, bilal, address = await at_the_counter(world)

    too_long = await send(world, address, **PAPER | {"tot": "2027-03-03"})
    written = await send(world, address, **PAPER)
    page = await world.client.get(address)

    assert (too_long.status_code, written.status_code) == (422, 303)
    assert "Yasmine Peeters" in text_of(page)
    assert "€ 20,00" in await page_of(world, bilal, f"{THEIRS}/{anna.membership_id}")
    acts = await world.rows("SELECT act, facts FROM uit.audit WHERE act = 'help.witness'")
    assert len(acts) == 1


async def test_an_order_without_powers_shows_the_amounts_alone_and_for_a_year(world: World) -> None:
    anna, bilal, address = await at_the_counter(world)
    await world.book(anna, await world.session())
    await send(world, address, **ORDER)
    hers = f"{THEIRS}/{anna.membership_id}"
    given_id: UUID = await world.value("SELECT id FROM identity.representation")

    seen = await page_of(world, bilal, hers)
    world.clock.move(timedelta(days=366))
    await world.sign_in(bilal)
    later = await world.client.get(hers)
    await world.sign_in_staff("clerk")
    await world.post_form(f"{address}/{given_id}/nagekeken")
    checked = await page_of(world, bilal, hers)

    assert "€ 15,00" in seen
    assert "De kleine prins" not in seen
    assert later.status_code == 404
    assert "Krediet dat er nog is" in checked


async def test_a_clerk_ends_it_and_not_what_a_parent_may_do(world: World) -> None:
    anna, bilal, address = await at_the_counter(world)
    await send(world, address, **PAPER)
    given_id: UUID = await world.value("SELECT id FROM identity.representation")
    lotte = await a_child(world, bilal)
    parental: UUID = await world.value("SELECT id FROM identity.representation WHERE kind = 'parental'")

    await world.post_form(f"{address}/{given_id}/stoppen")
    await world.post_form(f"/dender/balie/personen/{lotte.membership_id}/hulp/{parental}/stoppen")

    await world.sign_in(bilal)
    assert (await world.client.get(f"{THEIRS}/{anna.membership_id}")).status_code == 404
    assert (await world.client.get(f"{THEIRS}/{lotte.membership_id}")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (PAPER | {"pas": "0900100009999"}, "Vul het nummer van de pas in."),
        (PAPER | {"pas": "0900100001008"}, "Met dit nummer is er geen andere pas die werkt."),
        (PAPER | {"see": ""}, "Kies minstens één ding"),
        (PAPER | {"pay": "true", "bedrag": "5"}, "Wie betaalt, moet ook mogen boeken."),
        (PAPER | {"pay": "true", "book": "true"}, "Schrijf een bedrag in euro"),
        (ORDER | {"vonnis": ""}, "Vul het nummer in."),
        (ORDER | {"dag": "2026-03-03"}, "Kies vandaag of een dag die voorbij is."),
        ({"soort": "ouder", "tot": "2026-06-30", "see": "true"}, "Kies een van de twee."),
    ],
)
async def test_what_is_wrong_comes_back(world: World, fields: dict[str, str], says: str) -> None:
    _, _, address = await at_the_counter(world)

    page = await send(world, address, **fields)

    assert page.status_code == 422
    assert says in text_of(page)
    assert await world.value("SELECT count(*) FROM identity.representation") == 0


async def test_the_same_form_twice_is_one_and_an_order_may_have_an_end(world: World) -> None:
    _, _, address = await at_the_counter(world)
    for _ in range(2):
        await send(world, address, **ORDER | {"given_id": str(UUID(int=9)), "tot": "2026-12-31"})

    (given,) = await world.rows("SELECT proof, ends_on, checked_on FROM identity.representation")

    assert tuple(given) == ("26B123, 2026-01-15", date(2026, 12, 31), date(2026, 3, 2))


async def test_the_name_of_a_protected_helper_shows_to_no_clerk_who_typed_their_number(world: World) -> None:
    _anna, bilal, address = await at_the_counter(world)
    await world.execute(
        "UPDATE identity.person SET is_protected = true, given_name = 'Verborgen' WHERE id = $1",
        bilal.person_id,
    )

    written = await send(world, address, **PAPER)
    page = text_of(await world.client.get(address))

    assert written.status_code == 303
    assert "Beschermde persoon" in page
    assert "Verborgen" not in page
