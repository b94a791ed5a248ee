"""The example: two invented regions, filled at the first start by the functions that the desks use.

A first start that was interrupted is finished by the next one, which does not repeat what was done.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from credits.anchors.anchor import AFTER
from credits.anchors.anchoring import A_DAY, Anchoring
from credits.anchors.store import AnchorFolder
from reservations.booking.services import BookingServices, open_services
from reservations.settlement.earning import settle_earned
from uit.core.clock import Clock, SetClock, day_in_flanders, start_of_day
from uit.core.settings import Settings
from uit.database.pool import Database
from uit.example import handout
from uit.example.course import sell_course
from uit.example.enrol import (
    add_staff_members,
    admit_organisers,
    create_regions,
    give_roles,
    register_residents,
)
from uit.example.group import add_group
from uit.example.hall import hang_hall
from uit.example.label import add_dossiers
from uit.example.season import (
    PAST_EVENT,
    SEASON_AGE,
    add_session_starting_soon,
    book_upcoming_sessions,
    import_example_events,
    replay_past_sessions,
)
from uit.example.selling import open_sellers
from uit.example.town import DENDER, TOWNS
from uit.services.region import read_regions

# How long credit was granted before the first booking.
GRANTS_BEFORE_BOOKINGS: Final = timedelta(hours=1)


async def fill_example(settings: Settings, clock: Clock) -> None:
    """Fill an empty database and write `example.json`; when it was filled before, update that file.

    The database must be migrated and have the municipalities. A database with other regions is not changed.
    """
    database = await Database.open(settings.database_url, connections=1)
    try:
        async with database.reading() as connection:
            slugs = {region.slug for region in await read_regions(connection)}
            known = await handout.refresh(connection, settings, clock.now()) if slugs else None
    finally:
        await database.close()
    if known is None and slugs <= {town.slug for town in TOWNS}:
        known = await fill(settings, clock)
    if known is not None:
        handout.write(settings, await with_session_starting_soon(settings, clock, known))


async def with_session_starting_soon(
    settings: Settings, clock: Clock, known: handout.Handout
) -> handout.Handout:
    """Add a session that begins soon, to try a check-in, and put it in the content of `example.json`."""
    async with open_services(settings, clock) as services:
        organisers = await organisers_of(services)
        await add_session_starting_soon(services, organisers)
        async with services.database.reading() as connection:
            return await handout.with_tonight(connection, known, organisers.values(), clock.now())


async def fill(settings: Settings, clock: Clock) -> handout.Handout:
    """Fill the database: first with the clock six weeks back, then with the present time."""
    now = clock.now()
    past = SetClock(now - SEASON_AGE)
    async with open_services(settings, past) as services:
        async with services.database.reading() as connection:
            done = await handout.read_progress(connection, DENDER.region_id)
        if done.events <= 1:
            await add_past(services, past)
        past.set(now)
        if not done.dossiers:
            await add_present(services)
        await anchor_past(services, now)
        async with services.database.transaction() as tx:
            return await handout.make(tx, settings, now)


async def add_past(services: BookingServices, clock: SetClock) -> None:
    await create_regions(services)
    await add_staff_members(services)
    await import_example_events(services, [PAST_EVENT])
    await admit_all(services)
    await register_residents(services)
    clock.move(GRANTS_BEFORE_BOOKINGS)
    await replay_past_sessions(services, clock, await organisers_of(services))


async def add_present(services: BookingServices) -> None:
    await import_example_events(services)
    await admit_all(services)
    organisers = await organisers_of(services)
    await give_roles(services, organisers)
    await open_sellers(services)
    await add_group(services)
    await hang_hall(services, organisers)
    await sell_course(services, organisers)
    await book_upcoming_sessions(services, organisers)
    await settle_earned(services, services.clock.now())
    await add_dossiers(services)


async def anchor_past(services: BookingServices, now: datetime) -> None:
    """Say of each day of the past what it was, as a worker would have in the night after it: none is late."""
    store = AnchorFolder(services.settings.anchors_path)
    anchoring = Anchoring(services.database, store, services.secrets.signing)
    regions, today = await services.regions.every(), day_in_flanders(now)
    for ago in range(SEASON_AGE.days, -1, -1):
        night = start_of_day(today - ago * A_DAY) + AFTER
        if night <= now:
            await anchoring.write_missing(regions, night)


async def admit_all(services: BookingServices) -> None:
    for town in TOWNS:
        async with services.database.reading() as connection:
            organisers = await handout.read_organisers(connection, town.region_id)
        await admit_organisers(services, town, organisers.values())


async def organisers_of(services: BookingServices) -> dict[str, UUID]:
    async with services.database.reading() as connection:
        return await handout.read_organisers(connection, DENDER.region_id)
