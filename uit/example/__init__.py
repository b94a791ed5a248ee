"""The example: two invented regions, filled at the first start through the verbs that a town uses.

A first start that was cut short is finished by the next: what was done before is not done again.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from reservations.booking.services import BookingServices, open_services
from reservations.settlement.earning import settle_earned
from uit.core.clock import Clock, SetClock
from uit.core.settings import Settings
from uit.database.pool import Database
from uit.example import handout
from uit.example.enrol import admit_organisers, enrol_residents, found_regions, give_roles, hire
from uit.example.label import hand_in_dossiers
from uit.example.season import BEGAN_BEFORE, OPENED_WITH, book_ahead, bring_in, relive, set_the_stage
from uit.example.town import DENDER, TOWNS
from uit.services.region import read_regions

# What was given comes before what is spent of it.
A_WHILE: Final = timedelta(hours=1)


async def fill_example(settings: Settings, clock: Clock) -> None:
    """Fill an empty database and write `example.json`; at a warm start, bring that file up to date.

    The database is migrated and knows the municipalities. One that has other regions is left as it is.
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
        handout.write(settings, await with_a_stage(settings, clock, known))


async def with_a_stage(settings: Settings, clock: Clock, known: handout.Handout) -> handout.Handout:
    """At every start something begins soon, for who wants to check a ticket in."""
    async with open_services(settings, clock) as services:
        organisers = await organisers_of(services)
        await set_the_stage(services, organisers)
        async with services.database.reading() as connection:
            return await handout.tell_tonight(connection, known, organisers.values(), clock.now())


async def fill(settings: Settings, clock: Clock) -> handout.Handout:
    """Six weeks ago the regions opened; some went out since, and there is more to come."""
    now = clock.now()
    past = SetClock(now - BEGAN_BEFORE)
    async with open_services(settings, past) as services:
        async with services.database.reading() as connection:
            done = await handout.read_progress(connection, DENDER.region_id)
        if done.events <= 1:
            await open_season(services, past)
        past.set(now)
        if not done.dossiers:
            await go_on(services)
        async with services.database.transaction() as tx:
            return await handout.make(tx, settings, now)


async def open_season(services: BookingServices, clock: SetClock) -> None:
    await found_regions(services)
    await hire(services)
    await bring_in(services, [OPENED_WITH])
    await admit_all(services)
    await enrol_residents(services)
    clock.move(A_WHILE)
    await relive(services, clock, await organisers_of(services))


async def go_on(services: BookingServices) -> None:
    await bring_in(services)
    await admit_all(services)
    organisers = await organisers_of(services)
    await give_roles(services, organisers)
    await book_ahead(services, organisers)
    await settle_earned(services, services.clock.now())
    await hand_in_dossiers(services)


async def admit_all(services: BookingServices) -> None:
    for town in TOWNS:
        async with services.database.reading() as connection:
            organisers = await handout.read_organisers(connection, town.region_id)
        await admit_organisers(services, town, organisers.values())


async def organisers_of(services: BookingServices) -> dict[str, UUID]:
    async with services.database.reading() as connection:
        return await handout.read_organisers(connection, DENDER.region_id)
