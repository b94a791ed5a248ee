"""Places that sessions of several organisers share: each sees how full it is, and nobody whose bookings."""

from asyncio import gather
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from reservations.errors import BelowTaken, SoldOut
from reservations.places.errors import NotShared
from reservations.places.shared.sharing import (
    NewSharing,
    change_places,
    end_part,
    hang,
    share,
    shared_with,
    take_part,
)
from tests.builders import Session, World
from tests.reservations.places.test_parts import author_in, book, faults, taken
from tests.reservations.sessions.test_desk import text_of


async def shared(world: World, mine: Session, theirs: Session, places: int = 6) -> UUID:
    """Made by the organiser of one session, agreed to by that of the other, with both under it."""
    pool_id = uuid4()
    async with world.services.database.transaction() as tx:
        author, ours = author_in(world), mine.organiser_id
        await share(tx, author, ours, NewSharing(pool_id, "Festival", places, [theirs.organiser_id]))
        await take_part(tx, author, theirs.organiser_id, pool_id)
    for session in (mine, theirs):
        assert await put(world, session, pool_id) is None
    return pool_id


async def put(world: World, session: Session, pool_id: UUID, *, under: bool = True) -> NotShared | None:
    async with world.services.database.transaction() as tx:
        return await hang(tx, author_in(world), session.organiser_id, session.id, pool_id, under=under)


async def test_a_ticket_of_either_organiser_counts_in_what_they_share(world: World) -> None:
    mine, theirs = await world.session(10), await world.session(10)
    pool_id = await shared(world, mine, theirs)

    assert isinstance(await book(world, mine, 4), Booked)

    assert await book(world, theirs, 3) == SoldOut(theirs.id, 3, 2)
    assert isinstance(await book(world, theirs, 2), Booked)
    assert await taken(world, pool_id) == 6
    assert await faults(world) == []


async def test_nobody_hangs_a_date_under_places_that_they_did_not_agree_to_share(world: World) -> None:
    mine, theirs, stranger = [await world.session(10) for _ in range(3)]
    pool_id = uuid4()
    async with world.services.database.transaction() as tx:
        author = author_in(world)
        await share(tx, author, mine.organiser_id, NewSharing(pool_id, "Festival", 6, [theirs.organiser_id]))
        await take_part(tx, author, stranger.organiser_id, pool_id)

    assert await put(world, theirs, pool_id) == NotShared(pool_id)
    assert await put(world, stranger, pool_id) == NotShared(pool_id)


async def test_what_was_sold_before_and_after_stays_where_it_counted(world: World) -> None:
    mine, theirs = await world.session(10), await world.session(10)
    await book(world, mine, 3)
    pool_id = await shared(world, mine, theirs)
    await book(world, mine, 2)

    await put(world, mine, pool_id, under=False)
    await book(world, mine, 1)

    assert await taken(world, pool_id) == 2
    assert await taken(world, mine.pool_id) == 6
    assert await faults(world) == []


async def test_who_made_them_says_how_many_there_are_and_never_fewer_than_are_taken(world: World) -> None:
    mine, theirs = await world.session(10), await world.session(10)
    pool_id = await shared(world, mine, theirs)
    await book(world, theirs, 4)

    async def change(session: Session, places: int) -> object:
        async with world.services.database.transaction() as tx:
            return await change_places(tx, author_in(world), session.organiser_id, pool_id, places)

    assert await change(theirs, 9) == NotShared(pool_id)
    assert await change(mine, 3) == BelowTaken(3, 4)
    assert await change(mine, 5) is None
    assert await book(world, mine, 2) == SoldOut(mine.id, 2, 1)


async def test_the_last_of_what_is_shared_goes_to_one_whoever_sells_it(world: World) -> None:
    mine, theirs = await world.session(40), await world.session(40)
    people = [await world.resident(credit_cents=500) for _ in range(16)]
    pool_id = await shared(world, mine, theirs, 5)

    answers = await gather(*(world.book(each, (mine, theirs)[no % 2]) for no, each in enumerate(people)))

    assert sum(isinstance(each, Booked) for each in answers) == await taken(world, pool_id) == 5
    assert await faults(world) == []


async def test_both_see_how_full_it_is(world: World) -> None:
    mine, theirs = await world.session(10), await world.session(10)
    await shared(world, mine, theirs)
    await book(world, mine, 4)

    async with world.services.database.reading() as connection:
        now = world.clock.now()
        [ours] = await shared_with(connection, 1, mine.organiser_id, now)
        [seen] = await shared_with(connection, 1, theirs.organiser_id, now)
    assert (ours.is_ours, ours.taken, ours.dates) == (True, 4, 1)
    assert (seen.is_ours, seen.taken, seen.dates, seen.maker) == (False, 4, 1, "De Werf")


async def test_a_region_shares_places_of_a_building_among_its_organisers(world: World) -> None:
    session, pool_id = await world.session(10), uuid4()
    typed = {"pool_id": pool_id, "name": "De Werf", "places": "3", f"with_{session.organiser_id}": "true"}
    await world.sign_in_staff("programme_officer")
    await world.post_form("/dender/samen", **typed)
    shown = text_of(await world.client.get("/dender/samen"))
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    home = f"/dender/organisaties/{session.organiser_id}"

    asked = text_of(await world.client.get(f"{home}/samen"))
    await world.post_form(f"{home}/samen/{pool_id}/meedoen")
    refused = await world.post_form(f"{home}/samen/{pool_id}/aantal", capacity="9")
    await world.post_form(f"{home}/sessies/{session.id}/samen/{pool_id}/telt")

    assert "Gemaakt door De regio" in shown
    assert "De regio vraagt of jij meedoet." in asked
    assert refused.status_code == 404
    assert await book(world, session, 4) == SoldOut(session.id, 4, 3)


async def test_desks_ask_agree_and_let_a_date_count(world: World) -> None:
    mine, theirs = await world.session(10), await world.session(10)
    homes = [f"/dender/organisaties/{each.organiser_id}" for each in (mine, theirs)]
    pool_id = uuid4()
    typed = {"pool_id": pool_id, "name": "Festival", "places": "6", f"with_{theirs.organiser_id}": "true"}
    await world.sign_in_staff("organiser", organiser_id=mine.organiser_id)
    for _ in range(2):
        await world.post_form(f"{homes[0]}/samen", **typed)
    wrong = await world.post_form(f"{homes[0]}/samen", pool_id=uuid4(), name="", places="veel")
    few = await world.post_form(f"{homes[0]}/samen/{pool_id}/aantal", capacity="")
    more = await world.post_form(f"{homes[0]}/samen/{pool_id}/aantal", capacity="8")

    await world.sign_in_staff("organiser", organiser_id=theirs.organiser_id)
    asked = text_of(await world.client.get(f"{homes[1]}/samen"))
    await world.post_form(f"{homes[1]}/samen/{pool_id}/meedoen")
    date = f"{homes[1]}/sessies/{theirs.id}/samen"
    counted = await world.post_form(f"{date}/{pool_id}/telt")

    assert (wrong.status_code, few.status_code, more.status_code) == (422, 422, 303)
    assert "De Werf vraagt of jij meedoet." in asked
    assert counted.headers["location"] == f"{date}?gedaan=telt"
    assert "Festival Bezet 0 / 8" in text_of(await world.client.get(date))


async def test_who_stops_sharing_counts_there_no_more_and_what_is_sold_stays(world: World) -> None:
    mine, theirs = await world.session(10), await world.session(10)
    pool_id = await shared(world, mine, theirs)
    assert isinstance(await book(world, theirs, 2), Booked)

    for _ in range(2):
        async with world.services.database.transaction() as tx:
            await end_part(tx, author_in(world), theirs.organiser_id, pool_id)
    assert isinstance(await book(world, theirs, 5), Booked)
    assert isinstance(await book(world, mine, 4), Booked)

    assert await book(world, mine, 1) == SoldOut(mine.id, 1, 0)
    assert await taken(world, pool_id) == 6
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'sharing.end_part'") == 1
    assert await faults(world) == []


async def test_who_stopped_may_take_part_again_and_who_made_it_cannot_stop(world: World) -> None:
    mine, theirs = await world.session(10), await world.session(10)
    pool_id = await shared(world, mine, theirs)
    address = f"/dender/organisaties/{theirs.organiser_id}/samen"
    await world.sign_in_staff("organiser", organiser_id=theirs.organiser_id)

    await world.post_form(f"{address}/{pool_id}/stoppen")
    asked = text_of(await world.client.get(address))
    await world.post_form(f"{address}/{pool_id}/meedoen")
    again = text_of(await world.client.get(address))
    async with world.services.database.transaction() as tx:
        await end_part(tx, author_in(world), mine.organiser_id, pool_id)

    assert "Doe mee met Festival" in asked
    assert "Stop met delen" in again
    assert (await put(world, mine, pool_id), await put(world, theirs, pool_id)) == (None, None)
