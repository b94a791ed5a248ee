"""What happens beside the turnstile: time goes by, and desks change dates, measures and seats."""

from dataclasses import replace
from datetime import timedelta

from reservations.booking.commands import CallOff, Command
from reservations.halls.dates import moving, sitting
from reservations.measures import measure
from reservations.measures.measure import MeasureScope, NewMeasure
from reservations.places.apart.set_apart import release as release_apart
from reservations.sessions import changing
from reservations.sessions.changing import NewTime, lock_sessions
from tests.reservations.all_verbs.paper import Paper
from tests.reservations.all_verbs.play import Numbers, Play, name_of
from tests.reservations.all_verbs.town import DAY, HOUR, SEATS


async def wait(play: Play, dice: Numbers) -> None:
    """Minutes, hours, a day, or until the first sale is about to close; no date begins."""
    closes_at = play.paper.dates[play.town.dates[0].session.id].sale_closes_at
    step = dice.one_of([timedelta(minutes=11), 5 * HOUR, 26 * HOUR, timedelta()])
    soon = closes_at - timedelta(minutes=20)
    at = play.paper.now + step if step else max(play.paper.now, soon)
    last = min(each.starts_at for each in play.paper.dates.values()) - HOUR
    play.pass_time(min(at, last) - play.paper.now)
    play.told.append(f"it is {play.paper.now}")


async def call_off(play: Play, dice: Numbers) -> None:
    session = dice.one_of(play.town.dates).session
    play.told.append(f"called off or going on after all: {session.id}")
    async with play.town.world.services.database.transaction() as tx:
        author = play.town.author(play.region_id)
        locked = await lock_sessions(tx, play.region_id, [session.id])
        if session.id in play.paper.called_off:
            await changing.restore(tx, author, locked)
            play.paper.called_off.remove(session.id)
        else:
            await changing.call_off(tx, author, locked, {session.id: None})
            play.paper.called_off.add(session.id)
            end_in_vain(play.paper)


def end_in_vain(paper: Paper) -> None:
    """Who waits for nothing but what does not take place stands in a line no longer."""
    for each in paper.line:
        if each.state == "waiting" and paper.called_off.issuperset(each.session_ids):
            each.state = "over"


async def end_called_off(play: Play, dice: Numbers) -> Command | None:
    """As the worker does, of one booking."""
    found = [
        (booking.id, line.session_id)
        for booking in play.paper.every_booking()
        for line, _ in booking.standing
        if line.session_id in play.paper.called_off
    ]
    return CallOff(play.region_id, *dice.one_of(found)) if found else None


async def move(play: Play, dice: Numbers) -> None:
    session = dice.one_of(play.town.dates).session
    if session.id in play.paper.called_off:
        return
    play.told.append(f"a day later: {session.id}")
    date = play.paper.dates[session.id]
    later = replace(
        date,
        starts_at=date.starts_at + DAY,
        sale_closes_at=date.sale_closes_at + DAY,
        cancel_until=date.cancel_until + DAY,
    )
    async with play.town.world.services.database.transaction() as tx:
        locked = await lock_sessions(tx, play.region_id, [session.id])
        times = [NewTime(session.id, later.starts_at, later.starts_at + 2 * HOUR)]
        await changing.move(tx, play.town.author(play.region_id), locked, times)
    play.paper.dates[session.id], play.paper.moved_at[session.id] = later, play.paper.now


async def cap(play: Play, dice: Numbers) -> None:
    """A measure is taken, or ended."""
    author = play.town.author(play.region_id)
    async with play.town.world.services.database.transaction() as tx:
        ends: bool = dice.one_of([True, False])
        if play.paper.measures and ends:
            measure_id = dice.one_of(list(play.paper.measures))
            play.told.append(f"no measure any more: {measure_id}")
            del play.paper.measures[measure_id]
            await measure.end(tx, author, measure_id, None)
            return
        whose = dice.one_of([None, play.town.organisers[0]])
        how: tuple[int | None, int | None] = dice.one_of(
            [(3, None), (None, 50), (0, None), (5, None), (None, 90)]
        )
        new = NewMeasure(
            play.new_id(),
            MeasureScope("organiser", str(whose)) if whose else MeasureScope("region", ""),
            *how,
            play.town.began_at.date(),
            play.town.began_at.date() + 60 * DAY,
            "De trap wordt hersteld.",
        )
        play.told.append(f"a measure: {new}")
        play.paper.measures[new.id] = whose, *how
        await measure.take(tx, author, new)


async def release(play: Play, dice: Numbers) -> None:
    """What is set apart goes back on sale."""
    if play.paper.released:
        return
    pool_id, pool = next((key, each) for key, each in play.paper.pools.items() if each.kind == "allotment")
    session = next(each.session for each in play.town.dates if each.session.pool_id == pool.room_id)
    play.told.append("what is set apart is released")
    async with play.town.world.services.database.transaction() as tx:
        assert await release_apart(tx, play.town.author(play.region_id), session.id, pool_id)
    play.paper.released = True
    play.paper.capacities[pool_id] = 0


async def sit_elsewhere(play: Play, dice: Numbers) -> None:
    """A desk gives somebody another seat; where somebody sits, the two change places."""
    session = next(each.session for each in play.town.dates if each.seats)
    found = [
        (booking, line, ticket)
        for booking in play.paper.bookings.values()
        for line, ticket in booking.standing
        if ticket.seat
    ]
    if not found:
        return
    booking, line, ticket = dice.one_of(found)
    to = dice.one_of(SEATS)
    play.told.append(f"from {ticket.seat} to {to}")
    async with play.town.world.services.database.transaction() as tx:
        key = f"{booking.id}.{line.no}.{ticket.no}"
        given = await moving.move(tx, play.town.author(play.region_id), session.id, key, to)
    if to in play.paper.blocked:
        assert name_of(given) == "reservations.seats_taken"
    else:
        assert given is None
        for _, _, other in found:
            if other.seat == to:
                other.seat = ticket.seat
        ticket.seat = to


async def block(play: Play, dice: Numbers) -> None:
    """A seat is not sold any more, or again."""
    session = next(each.session for each in play.town.dates if each.seats)
    seat, author = dice.one_of(SEATS), play.town.author(play.region_id)
    play.told.append(f"blocked or not any more: {seat}")
    taken = {ticket.seat for each in play.paper.bookings.values() for _, ticket in each.standing}
    async with play.town.world.services.database.transaction() as tx:
        if seat in play.paper.blocked:
            play.paper.blocked.remove(seat)
            await sitting.unblock(tx, author, session.id, [seat])
            return
        given = await sitting.block(tx, author, session.id, [seat], "Techniek")
    assert (given is not None) == (seat in taken)
    if given is None:
        play.paper.blocked.add(seat)
