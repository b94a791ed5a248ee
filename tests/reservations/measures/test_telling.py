"""A measure of the region is mailed to the organisers of the dates that it is for, once to each."""

from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

from reservations.measures.by_venue import by_venue
from reservations.measures.measure import MeasureScope, NewMeasure, end, touched_by
from tests.builders import Session, World
from tests.identity.access.test_desk import deliver
from tests.reservations.dates import plain
from tests.reservations.measures.test_measure import REGION, author_in, cap, sold
from tests.reservations.turn_card.world import card_date


async def worker_of(world: World, session: Session, role: str = "organiser") -> str:
    staff_id = await world.sign_in_staff(role, organiser_id=session.organiser_id)
    return f"{staff_id.hex}@example.org"


async def told(world: World) -> dict[str, EmailMessage]:
    world.mails.clear()
    await deliver(world)
    found = {str(mail["To"]): mail for mail in world.mails}
    assert len(found) == len(world.mails)
    return found


async def over(world: World, measure_id: UUID, times: int = 1) -> None:
    for _ in range(times):
        async with world.services.database.transaction() as tx:
            await end(tx, author_in(world), measure_id, None)


async def test_each_of_the_staff_reads_for_which_dates_it_is_set_and_ended(world: World) -> None:
    session, other = await world.session(100), await world.session(100)
    workers = {await worker_of(world, session), await worker_of(world, session)}
    await worker_of(world, session, "box_office")
    await worker_of(world, other)
    await sold(world, session, 18)
    await told(world)

    measure_id = await cap(world, MeasureScope("organiser", str(session.organiser_id)), percent=10)
    set_mails = await told(world)
    await over(world, measure_id, 2)
    ended = await told(world)

    assert set_mails.keys() == ended.keys() == workers
    for mail in set_mails.values():
        assert "Minder mensen in je zalen" in str(mail["Subject"])
        words = plain(mail)
        assert "do 12 mrt, 10 u tot 12 u, De kleine prins: 10 van 100 plaatsen" in words
        assert "18 geboekt, 8 te veel" in words
        assert "De trap wordt hersteld." in words
        assert f"/dender/organisaties/{session.organiser_id}/maatregelen" in words
    for mail in ended.values():
        assert "Een maatregel geldt niet meer" in str(mail["Subject"])
        assert "100 van 100 plaatsen, 18 geboekt" in plain(mail)


async def test_an_organiser_without_staff_is_told_at_its_own_address(world: World) -> None:
    await world.session(100)
    await world.execute("UPDATE organisers.organiser SET email = 'huis@example.org'")

    await cap(world, percent=50)

    assert (await told(world)).keys() == {"huis@example.org"}


async def test_what_ended_before_it_was_told_is_not_told_as_set(world: World) -> None:
    session = await world.session(100)
    worker = await worker_of(world, session)

    await over(world, await cap(world, percent=50))

    mails = await told(world)
    assert mails.keys() == {worker}
    assert "Een maatregel geldt niet meer" in str(mails[worker]["Subject"])


async def test_what_an_organiser_takes_for_itself_and_what_touches_nothing_is_not_told(world: World) -> None:
    session = await world.session(100)
    await worker_of(world, session)
    own = MeasureScope("organiser", str(session.organiser_id), session.organiser_id)

    await cap(world, own, percent=50)
    await world.execute("UPDATE reservations.session SET attendance = 'online'")
    await cap(world, percent=50)

    assert await told(world) == {}


async def test_a_card_of_turns_fills_no_room_and_is_neither_counted_nor_told_of(world: World) -> None:
    session, now = await world.session(100), world.clock.now()
    await card_date(world, session)
    worker, days = await worker_of(world, session), (now.date(), now.date() + timedelta(days=60))
    async with world.services.database.reading() as tx:
        touched = await touched_by(tx, 1, NewMeasure(uuid4(), REGION, None, 50, *days, "Te warm."), now)

    await cap(world, percent=50)
    about_the_date = plain((await told(world))[worker])
    await world.execute("UPDATE reservations.session SET attendance = 'online' WHERE id = $1", session.id)
    await cap(world, percent=50)

    assert [each.id for each in touched] == [session.id]
    assert about_the_date.count("geboekt") == 1
    assert await told(world) == {}


class Somewhere:
    def __init__(self, venue: str, no: int) -> None:
        self.venue, self.no = venue, no


def test_the_name_of_a_place_stands_once_for_its_dates() -> None:
    dates = [Somewhere("Hal", 1), Somewhere("Kring", 2), Somewhere("Hal", 3)]

    found = [(venue, [each.no for each in there]) for venue, there in by_venue(dates)]

    assert found == [("Hal", [1, 3]), ("Kring", [2])]
