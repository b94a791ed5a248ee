"""Which name an organiser sees of who booked: one rule, wherever somebody is named."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from reservations.absences.rule import read_absences
from reservations.booking.tickets import read_tickets
from reservations.booking_list.booking_list import list_bookings
from reservations.halls.dates.sitting import read_sitting
from reservations.outcomes.outcomes import read_outcomes
from tests.builders import Session, World
from tests.conftest import A_MONDAY
from tests.reservations.booking_list.evening import booked_by
from tests.reservations.seats.world import seated
from tests.reservations.sessions.test_desk import page_of
from tests.test_sql import sql_files
from uit.database.statements import Executor

Names = Mapping[UUID, str]
STAYED_AWAY = (
    "INSERT INTO reservations.absence"
    " (region_id, booking_id, session_id, organiser_id, membership_id, ended_at)"
    " SELECT region_id, booking_id, session_id, $1, holder_id, $2 FROM reservations.line"
)


async def on_the_list(tx: Executor, session: Session, _: UUID) -> Names:
    found = await list_bookings(tx, 1, session.organiser_id, session.id, None, "", "", 10)
    return {each.booking_id: each.name for each in found}


async def of_outcomes(tx: Executor, session: Session, _: UUID) -> Names:
    found = await read_outcomes(tx, 1, session.organiser_id, session.id)
    return {each.booking_id: each.name for each in found}


async def in_the_hall(tx: Executor, session: Session, _: UUID) -> Names:
    found = await read_sitting(tx, 1, session.id)
    return {each.booking_id: each.first_name or "" for each in found}


async def of_who_stayed_away(tx: Executor, session: Session, _: UUID) -> Names:
    found = await read_absences(tx, 1, session.organiser_id, A_MONDAY)
    return {each.booking_id: each.first_name or "" for each in found}


async def on_a_ticket(tx: Executor, _: Session, booking_id: UUID) -> Names:
    [shown] = await read_tickets(tx, 1, booking_id, 10, 0, None)
    return {booking_id: shown.first_name or ""}


BY_ALL_THAT_IS_ASKED = (on_the_list, of_outcomes)
BY_A_FIRST_NAME = (in_the_hall, of_who_stayed_away, on_a_ticket)
Reader = Callable[[Executor, Session, UUID], Awaitable[Names]]


async def ask(world: World, session: Session, name: str) -> None:
    """Ask this name from now on, and let a minute pass before and after."""
    world.clock.move(timedelta(minutes=1))
    saved = await world.post_form(f"{page_of(session)}/activiteit", name=name)
    assert saved.status_code == 303
    world.clock.move(timedelta(minutes=1))


async def seen_by(world: World, read: Reader, session: Session, booking_ids: Sequence[UUID]) -> list[str]:
    async with world.services.database.reading() as tx:
        return [(await read(tx, session, each))[each] for each in booking_ids]


@pytest.mark.parametrize("read", [*BY_ALL_THAT_IS_ASKED, *BY_A_FIRST_NAME])
async def test_each_is_named_as_they_read_that_they_would_be(world: World, read: Reader) -> None:
    session = await seated(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    booking_ids = [await booked_by(world, session, "Anna", "Zola")]
    await ask(world, session, "first")
    booking_ids.append(await booked_by(world, session, "Bilal", "Amrani"))
    await ask(world, session, "full")
    booking_ids.append(await booked_by(world, session, "Cis", "Claes"))
    await world.execute("UPDATE reservations.session SET told_at = $1", A_MONDAY)
    await world.execute(STAYED_AWAY, session.organiser_id, A_MONDAY)

    seen = await seen_by(world, read, session, booking_ids)
    await ask(world, session, "")

    assert seen == ["", "Bilal", "Cis Claes" if read in BY_ALL_THAT_IS_ASKED else "Cis"]
    assert await seen_by(world, read, session, booking_ids) == ["", "", ""]


def test_no_statement_says_the_rule_again() -> None:
    written = [f"{origin}.sql" for origin, path in sql_files() if "names_asked_at" in path.read_text()]

    assert written == ["organisers/event.sql"]
