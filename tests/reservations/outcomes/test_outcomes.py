"""An organiser reads what became of each booking of a date that is another than was booked."""

from datetime import timedelta
from uuid import UUID

import pytest

from reservations.outcomes.outcomes import BookingOutcome, TouchedBooking, outcome_of
from tests.builders import Session, World
from tests.reservations.booking_list.evening import booked_by
from tests.reservations.choosing.dates import A_WEEK, choose_date, take_all_back, two_dates
from tests.reservations.dates import call_off, call_off_all, move, postpone
from tests.reservations.sessions.test_desk import page_of, text_of
from uit.core.seal import ChoiceSeal, seal_choice


async def link_of(world: World, session: Session, booking_id: UUID) -> str:
    """The link by which the holder of a booking chooses."""
    person_id = await world.value(
        "SELECT m.person_id FROM reservations.line AS l JOIN passes.membership AS m ON m.id = l.holder_id"
        " WHERE l.booking_id = $1",
        booking_id,
    )
    seal = ChoiceSeal(1, booking_id, session.id, person_id)
    return f"/dender/keuze/{seal_choice(world.services.secrets.signing, seal)}"


async def outcomes(world: World, session: Session, query: str = "") -> str:
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return text_of(await world.client.get(f"{page_of(session)}/geworden{query}"))


async def two_named_dates(world: World) -> tuple[Session, Session]:
    first, other = await two_dates(world)
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)
    await world.post_form(f"{page_of(first)}/activiteit", name="full")
    return first, other


async def test_each_is_counted_and_named_with_what_they_chose(world: World) -> None:
    first, other = await two_named_dates(world)
    ids = {name: await booked_by(world, first, name, "Claes", 2) for name in ("Anna", "Bo", "Cis", "Dré")}
    await world.execute(
        "UPDATE identity.person SET email = NULL, address_kind = NULL WHERE given_name = 'Dré'"
    )
    await call_off(world, first, choose=A_WEEK)
    await choose_date(world, await link_of(world, first, ids["Anna"]), other)
    await take_all_back(world, await link_of(world, first, ids["Bo"]))

    page = await outcomes(world, first)

    for said in ("Andere datum 1 boeking", "Alles terug 1 boeking", "Nog geen antwoord 1 boeking"):
        assert said in page
    assert "Kunnen we niet bereiken 1 boeking" in page
    assert page.index("Dré Claes") < page.index("Cis Claes") < page.index("Anna Claes")
    assert "andere datum vr 13 mrt, 10 u tot 12 u" in page
    assert "€" not in page


async def test_once_the_time_is_over_who_did_not_answer_has_all_of_it_back(world: World) -> None:
    first, _ = await two_named_dates(world)
    await booked_by(world, first, "Anna", "Claes")
    await call_off(world, first, choose=A_WEEK)
    world.clock.move(A_WEEK)
    await call_off_all(world.services)

    page = await outcomes(world, first)

    assert "Alles terug 1 boeking" in page
    assert "Nog geen antwoord" not in page


@pytest.mark.parametrize("verb", ["postponed", "moved"])
async def test_of_a_date_that_is_another_one_reads_who_keeps_it_and_who_went(world: World, verb: str) -> None:
    first, other = await two_named_dates(world)
    one, _ = await booked_by(world, first, "Anna", "Claes"), await booked_by(world, first, "Bo", "Maes")
    world.clock.move(timedelta(minutes=1))
    await (postpone(world, first) if verb == "postponed" else move(world, first, timedelta(hours=3)))
    await choose_date(world, await link_of(world, first, one), other)

    page = await outcomes(world, first)

    assert "Andere datum 1 boeking Houdt het ticket 1 boeking" in page


async def test_who_cancelled_before_is_not_among_them_and_a_date_as_it_was_has_nobody(world: World) -> None:
    first, _ = await two_named_dates(world)
    booking_id = await booked_by(world, first, "Anna", "Claes")
    assert "Aan deze datum veranderde niets" in await outcomes(world, first)
    await world.cancel(booking_id)
    world.clock.move(timedelta(minutes=1))

    await call_off(world, first)

    assert "Niemand had een ticket" in await outcomes(world, first)


async def test_a_long_list_goes_on_on_the_next_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = await two_named_dates(world)
    for name in ("Anna", "Bo", "Cis"):
        await booked_by(world, first, name, "Claes")
    await call_off(world, first, choose=A_WEEK)
    monkeypatch.setattr("reservations.outcomes.desk.PAGE", 2)

    start, rest = await outcomes(world, first), await outcomes(world, first, "?na=2")

    assert ("Bo Claes" in start, "Cis Claes" in start) == (True, False)
    assert ("Bo Claes" in rest, "Cis Claes" in rest) == (False, True)
    assert "Nog geen antwoord 3 boekingen" in rest


async def test_nobody_of_another_organiser_reads_it(world: World) -> None:
    first, _ = await two_named_dates(world)
    strange = await world.session()
    await call_off(world, strange)

    address = page_of(first).replace(str(first.id), str(strange.id))
    assert (await world.client.get(f"{address}/geworden")).status_code == 404
    assert (await world.client.get(f"{page_of(strange)}/geworden")).status_code == 403


def test_what_stands_comes_before_where_a_part_of_it_went() -> None:
    part = TouchedBooking(UUID(int=1), "Anna", 3, 1, None, None, None)

    assert outcome_of(part, is_missed=False, is_off=True) is BookingOutcome.UNANSWERED
    assert outcome_of(part, is_missed=True, is_off=True) is BookingOutcome.UNREACHED
    assert outcome_of(part, is_missed=False, is_off=False) is BookingOutcome.KEPT
