"""An organiser says for how many a tariff is that does not say it itself."""

from asyncio import create_task, shield, wait_for
from typing import Any

import pytest

from organisers.source import one_import_at_a_time
from reservations.booking.answers import Booked
from reservations.errors import TariffUnknown
from tests.builders import Session, World
from tests.reservations.sessions.test_desk import text_of

SAID = """
    SELECT active, waits, weight, least, age_from, age_to FROM reservations.tariff WHERE code = 'gezin'
"""
FAMILY_OF_FIVE: dict[str, object] = {"sold": "ja", "weight": "5", "least": "1", "age_from": "", "age_to": ""}


async def waiting(world: World) -> tuple[Session, str]:
    """A date with a tariff that waits, and the address of the tariffs of its organiser, who is signed in."""
    session = await world.session(seats=12)
    await world.tariff(session, "gezin", 2400, name="Gezin", active=False, waits=True)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return session, f"/dender/organisaties/{session.organiser_id}/tarieven"


async def say(world: World, session: Session, home: str, **typed: object) -> Any:
    return await world.post_form(f"{home}/{session.event_id}/gezin", **FAMILY_OF_FIVE | typed)


async def test_the_desk_says_what_waits_with_the_name_as_it_was_written(world: World) -> None:
    session, home = await waiting(world)

    start = await world.client.get(home.removesuffix("/tarieven"))
    today = await world.client.get(home.replace("/tarieven", "/vandaag"))
    listed = text_of(await world.client.get(home))

    for page in (start, today):
        assert "1 ding voor jou" in text_of(page)
        assert "“Gezin” wordt niet verkocht De kleine prins, " in text_of(page)
        assert f'href="{home}/{session.event_id}/gezin"' in page.text
    assert "Gezin, € 24,00" in listed
    assert "De kleine prins" in listed


async def test_many_that_wait_are_named_in_part_and_counted_all(world: World) -> None:
    session, home = await waiting(world)
    for number in range(6):
        await world.tariff(session, f"groep-{number}", 900, name=f"Groep {number}", active=False, waits=True)

    today = text_of(await world.client.get(home.replace("/tarieven", "/vandaag")))

    assert "7 dingen voor jou" in today
    assert today.count("” wordt niet verkocht") == 5
    assert "Nog 2 tarieven worden niet verkocht" in today


async def test_what_the_organiser_says_is_how_it_is_sold_from_then_on(world: World) -> None:
    session, home = await waiting(world)
    anna = await world.resident(credit_cents=3000)
    assert await world.book(anna, session, tariff="gezin") == TariffUnknown(session.id, "gezin")

    answer = await say(world, session, home)

    assert answer.headers["location"] == f"{home}?gedaan=verkocht"
    assert isinstance(await world.book(anna, session, tariff="gezin"), Booked)
    assert await world.places_left(session) == 7
    assert "wordt niet verkocht" not in text_of(await world.client.get(home.removesuffix("/tarieven")))
    assert "Eén ticket neemt 5 plaatsen" in text_of(await world.client.get(home))
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'tariff.rule'") == 1


async def test_what_is_not_sold_here_asks_no_more_and_can_still_be_sold_later(world: World) -> None:
    session, home = await waiting(world)

    await say(world, session, home, sold="nee")
    listed = text_of(await world.client.get(home))
    not_sold = [tuple(row) for row in await world.rows(SAID)]
    await say(world, session, home, weight="4", least="2", age_from="3", age_to="12")

    assert "Niets wacht op jou" in listed
    assert "Verkopen we hier niet" in listed
    assert not_sold == [(False, True, 1, 1, None, None)]
    assert [tuple(row) for row in await world.rows(SAID)] == [(True, False, 4, 2, 3, 12)]


async def test_what_is_said_while_an_import_runs_waits_for_it_and_reads_the_tariff_again(
    world: World,
) -> None:
    session, home = await waiting(world)

    async with world.services.database.transaction() as importing:
        await one_import_at_a_time(importing, session.region_id)
        saying = create_task(say(world, session, home))
        with pytest.raises(TimeoutError):
            await wait_for(shield(saying), 0.3)
        await importing.execute("UPDATE reservations.tariff SET waits = false WHERE code = 'gezin'")

    assert (await saying).status_code == 404
    assert await world.value("SELECT count(*) FROM reservations.tariff_rule") == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"sold": ""}, "Kies ja of nee."),
        ({"weight": ""}, "Vul een getal in van 1 tot 100."),
        ({"weight": "0"}, "Vul een getal in van 1 tot 100."),
        ({"least": "duizend"}, "Vul een getal in van 1 tot 1000."),
        ({"age_from": "jong"}, "Vul een leeftijd in, of laat dit leeg."),
        ({"age_from": "12", "age_to": "6"}, "De hoogste leeftijd is niet lager dan de laagste."),
    ],
)
async def test_what_is_wrong_comes_back_with_what_was_typed_and_nothing_is_sold(
    world: World, typed: dict[str, object], said: str
) -> None:
    session, home = await waiting(world)

    answer = await say(world, session, home, **typed)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert all(f'value="{text}"' in answer.text for text in typed.values() if text)
    assert await world.value("SELECT active FROM reservations.tariff WHERE code = 'gezin'") is False


async def test_a_tariff_that_is_clear_is_nobody_s_to_change_here(world: World) -> None:
    session, home = await waiting(world)

    assert (await world.client.get(f"{home}/{session.event_id}/base")).status_code == 404


async def test_another_organiser_neither_sees_nor_says_it(world: World) -> None:
    session, home = await waiting(world)
    other = await world.organiser(name="Ander huis")
    await world.sign_in_staff("organiser", organiser_id=other)

    theirs = home.replace(str(session.organiser_id), str(other))
    assert "Niets wacht op jou" in text_of(await world.client.get(theirs))
    assert (await world.client.get(f"{theirs}/{session.event_id}/gezin")).status_code == 404
    assert (await say(world, session, theirs)).status_code == 404
