"""An event is deleted, refused or made a draft at its source while people have tickets for it."""

from datetime import timedelta
from typing import Any

import pytest

from reservations.booking.answers import Booked
from reservations.errors import NotOnSale
from tests.builders import Session, World
from tests.reservations.dates import (
    call_off,
    deliver,
    faults,
    move,
    payable_cents,
    postpone,
    restore,
    settle,
    status_of,
)
from tests.reservations.importing.events import Import, a_concert, concerts, guest, places, session_of

EVENING = "2026-03-13 20:00"


def withdrawn(status: str = "DELETED") -> dict[str, Any]:
    return concerts(EVENING, workflowStatus=status)


async def with_guests(town: World, take_in: Import) -> Session:
    """The concert, with three people for it who were told so."""
    await take_in(concerts(EVENING))
    session = await session_of(town)
    await guest(town, session, 3)
    await deliver(town)
    return session


async def open_tasks(town: World) -> int:
    return int(await town.value("SELECT count(*) FROM reservations.task WHERE decision IS NULL"))


@pytest.mark.parametrize("status", ["DELETED", "REJECTED", "DRAFT"])
async def test_its_sale_stops_and_its_organiser_is_asked(town: World, take_in: Import, status: str) -> None:
    session = await with_guests(town, take_in)

    report = await take_in(withdrawn(status))

    assert await status_of(town, session) == "suspended"
    assert isinstance(await town.book(await town.resident(500), session), NotOnSale)
    [task] = await town.rows("SELECT kind::text, session_id, organiser_id FROM reservations.task")
    assert tuple(task) == ("withdrawn_at_source", session.id, session.organiser_id)
    assert [note.endswith("3 places taken; its organiser decides.") for note in report.done.notes] == [True]


async def test_no_money_moves_when_its_old_end_passes(town: World, take_in: Import) -> None:
    session = await with_guests(town, take_in)
    await take_in(withdrawn())

    await settle(town, timedelta(days=30))

    assert await payable_cents(town, session) == 0
    assert await town.value("SELECT sum(held_cents) FROM credits.purse") == 300
    assert await town.value("SELECT count(*) FROM reservations.ticket WHERE status = 'confirmed'") == 3
    assert await faults(town) == []


async def test_nobody_is_mailed_until_somebody_decided(town: World, take_in: Import) -> None:
    await with_guests(town, take_in)

    await take_in(withdrawn())

    assert await deliver(town) == []


async def test_called_off_ends_the_task_and_pays_back(town: World, take_in: Import) -> None:
    session = await with_guests(town, take_in)
    await take_in(withdrawn())
    town.clock.move(timedelta(days=30))

    await call_off(town, session)

    assert await town.value("SELECT decision::text FROM reservations.task") == "called_off"
    assert await town.value("SELECT sum(available_cents) FROM credits.purse") == 5000
    [mail] = await deliver(town)
    assert mail["Subject"].startswith("Gaat niet door")
    assert await faults(town) == []


async def test_goes_on_ends_the_task_and_what_was_due_meanwhile_is_settled(
    town: World, take_in: Import
) -> None:
    session = await with_guests(town, take_in)
    await take_in(withdrawn())
    town.clock.move(timedelta(days=30))

    await restore(town, session)
    await settle(town)

    assert await town.value("SELECT decision::text FROM reservations.task") == "goes_on"
    assert await payable_cents(town, session) == 300
    assert await deliver(town) == []
    assert await faults(town) == []


async def test_what_its_organiser_decided_another_import_does_not_ask_again(
    town: World, take_in: Import
) -> None:
    session = await with_guests(town, take_in)
    await take_in(withdrawn())
    await restore(town, session)

    await take_in(withdrawn("REJECTED") | {"typicalAgeRange": "6-12"})

    assert await open_tasks(town) == 0
    assert await status_of(town, session) == "sold_elsewhere"
    await settle(town, timedelta(days=30))
    assert await payable_cents(town, session) == 300


async def test_a_task_is_asked_once_however_often_its_source_says_it(town: World, take_in: Import) -> None:
    await with_guests(town, take_in)

    for status in ("DELETED", "REJECTED", "DRAFT"):
        await take_in(withdrawn(status))

    assert await town.value("SELECT count(*) FROM reservations.task") == 1


async def test_when_its_source_has_it_again_it_goes_on_by_itself(town: World, take_in: Import) -> None:
    session = await with_guests(town, take_in)
    await take_in(withdrawn())

    await take_in(concerts(EVENING))

    assert await status_of(town, session) == "scheduled"
    assert await town.value("SELECT decision::text FROM reservations.task") == "back_at_source"
    assert await town.places_left(session) == 17


async def test_without_bookings_nobody_is_asked_and_nothing_is_sold(town: World, take_in: Import) -> None:
    await take_in(concerts(EVENING))

    await take_in(withdrawn())

    assert await open_tasks(town) == 0
    assert isinstance(await town.book(await town.resident(500), await session_of(town)), NotOnSale)


# Postponed and called off at the source


def says(status: str, why: str) -> dict[str, Any]:
    event = concerts(EVENING)
    event["subEvent"][0]["status"] = {"type": status, "reason": {"nl": why}}
    return event


async def test_a_date_that_its_source_postponed_is_told_with_its_reason_and_once(
    town: World, take_in: Import
) -> None:
    session = await with_guests(town, take_in)

    await take_in(says("TemporarilyUnavailable", "De zanger is ziek."))
    await take_in(says("TemporarilyUnavailable", "De zanger is nog ziek."))

    assert await status_of(town, session) == "postponed"
    [mail] = await deliver(town)
    assert mail["Subject"].startswith("Uitgesteld: Een euro voor een lied")


async def test_a_date_that_its_source_has_again_after_it_was_postponed_is_told_so(
    town: World, take_in: Import
) -> None:
    session = await with_guests(town, take_in)
    await take_in(says("TemporarilyUnavailable", "De zanger is ziek."))
    await deliver(town)

    await take_in(concerts(EVENING))

    assert await status_of(town, session) == "scheduled"
    [mail] = await deliver(town)
    assert mail["Subject"].startswith("Gaat toch door: Een euro voor een lied")


async def test_what_a_desk_postponed_an_import_does_not_put_on_sale_again(
    town: World, take_in: Import
) -> None:
    session = await with_guests(town, take_in)
    await postpone(town, session)

    await take_in(concerts(EVENING, typicalAgeRange="6-12"))

    assert await status_of(town, session) == "postponed"


@pytest.mark.parametrize(
    ("audience", "status"),
    [("members", "sold_elsewhere"), ("education", "sold_elsewhere"), ("everyone", "scheduled")],
)
async def test_what_its_source_has_again_is_sold_here_only_to_an_audience_that_is_everybody(
    town: World, take_in: Import, audience: str, status: str
) -> None:
    session = await with_guests(town, take_in)
    await take_in(says("Unavailable", "De zanger is ziek."))

    await take_in(concerts(EVENING, audience={"audienceType": audience}))

    assert await status_of(town, session) == status
    may_book = await town.book(await town.resident(500), session)
    assert isinstance(may_book, Booked if status == "scheduled" else NotOnSale)


async def test_what_was_for_members_from_the_start_is_not_on_sale_when_it_comes_back(
    town: World, take_in: Import
) -> None:
    members = concerts(EVENING, audience={"audienceType": "members"})
    await take_in(members)
    session = await session_of(town)
    await take_in(says("Unavailable", "De zanger is ziek.") | {"audience": members["audience"]})

    await take_in(members)

    assert await status_of(town, session) == "sold_elsewhere"
    assert isinstance(await town.book(await town.resident(500), session), NotOnSale)


async def test_what_comes_back_sold_out_is_full_and_not_sold_elsewhere(town: World, take_in: Import) -> None:
    full = a_concert(**places(None, kind="Unavailable"))
    await take_in(full)
    session = await session_of(town)
    await take_in(a_concert(**places(None, kind="Unavailable"), status={"type": "Unavailable"}))
    assert await status_of(town, session) == "cancelled"

    await take_in(full)

    assert await status_of(town, session) == "scheduled"
    assert await town.places_left(session) == 0


async def test_a_date_for_members_that_its_desk_gives_another_time_is_not_on_sale_then(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING, audience={"audienceType": "members"}))
    session = await session_of(town)
    await postpone(town, session)

    await move(town, session, timedelta(days=1))

    assert await status_of(town, session) == "sold_elsewhere"
