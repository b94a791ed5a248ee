"""Measures, as browsers without script take them."""

from typing import Any
from uuid import uuid4

from reservations.booking.answers import Booked
from tests.builders import World
from tests.reservations.sessions.test_desk import text_of

REGION = "/dender/maatregelen"


def half(**others: str) -> dict[str, Any]:
    typed = {"measure_id": str(uuid4()), "scope": "region:", "way": "percent", "number": "50"}
    days = {"from_on": "2026-03-01", "to_on": "2026-04-30", "reason": "De trap wordt hersteld."}
    return typed | days | others


async def test_an_officer_sees_whom_it_touches_before_it_holds(world: World) -> None:
    session = await world.session(10)
    await world.execute("UPDATE reservations.pool SET licensed_capacity = 10")
    answer = await world.book(await world.resident(credit_cents=100_00), session, 7)
    assert isinstance(answer, Booked)
    await world.sign_in_staff("programme_officer")
    typed = half()

    seen = await world.post_form(REGION, **typed)

    assert "Datums 1 Daarvan met te veel mensen 1 Mensen te veel 2" in text_of(seen)
    assert text_of(seen).index("Neem deze maatregel") < text_of(seen).index("Dit raakt het")
    assert await world.value("SELECT count(*) FROM reservations.measure") == 0
    for _ in range(2):
        taken = await world.post_form(REGION, **typed, seen="true")
        assert taken.headers["location"] == f"{REGION}?gedaan=genomen"
    shown = text_of(await world.client.get(REGION))
    assert "Te veel verkocht" in shown
    assert "In de hele regio: 50 % van de zaal" in shown
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'measure.take'") == 1


async def test_one_that_says_all_the_same_is_taken_once_and_again_after_it_ended(world: World) -> None:
    await world.session(10)
    await world.sign_in_staff("programme_officer")

    for _ in range(2):
        taken = await world.post_form(REGION, **half(), seen="true")
        assert taken.headers["location"] == f"{REGION}?gedaan=genomen"
    once = await world.value("SELECT count(*) FROM reservations.measure")
    first = await world.value("SELECT id FROM reservations.measure")
    await world.post_form(f"{REGION}/{first}/stoppen")
    await world.post_form(REGION, **half(), seen="true")
    await world.post_form(REGION, **half(number="40"), seen="true")

    assert once == 1
    assert await world.value("SELECT count(*) FROM reservations.measure WHERE ended_at IS NULL") == 2


async def test_an_organiser_takes_one_for_its_own_and_ends_none_of_the_region(world: World) -> None:
    session = await world.session(10)
    await world.sign_in_staff("programme_officer")
    await world.post_form(REGION, **half(), seen="true")
    of_region = await world.value("SELECT id FROM reservations.measure")
    own = f"/dender/organisaties/{session.organiser_id}/maatregelen"
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    await world.post_form(own, **half(scope=f"organiser:{session.organiser_id}"), seen="true")
    await world.post_form(f"{own}/{of_region}/stoppen")

    shown = text_of(await world.client.get(own))
    assert "De regio nam deze maatregel." in shown
    assert await world.value("SELECT count(*) FROM reservations.measure WHERE ended_at IS NULL") == 2


async def test_what_was_typed_comes_back_with_what_is_wrong(world: World) -> None:
    await world.session(10)
    await world.sign_in_staff("programme_officer")

    answer = await world.post_form(REGION, **half(number="120", to_on="2026-02-01", scope="organiser:x"))

    assert answer.status_code == 422
    shown = text_of(answer)
    assert "Vul een getal in van 0 tot 100." in shown
    assert "Kies een dag na de eerste." in shown
    assert "De trap wordt hersteld." in answer.text
