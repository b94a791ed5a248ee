"""The places of a date, as browsers without script divide them."""

from uuid import uuid4

from tests.builders import Session, World
from tests.reservations.sessions.test_desk import text_of


def address_of(session: Session) -> str:
    return f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}/plaatsen"


async def organised(world: World) -> Session:
    session = await world.session(10)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return session


async def make(world: World, session: Session, **others: str) -> str:
    part_id = str(uuid4())
    typed = {"part_id": part_id, "name": "Balkon", "kind": "part", "places": "4"}
    answer = await world.post_form(address_of(session), **typed | others)
    assert answer.headers["location"] == f"{address_of(session)}?gedaan=deel"
    return part_id


async def test_a_part_is_made_once_and_shown_with_how_full_it_is(world: World) -> None:
    session = await organised(world)
    typed = {"part_id": str(uuid4()), "name": "Balkon", "kind": "part", "places": "4", "tariff_base": "true"}
    for _ in range(2):
        await world.post_form(address_of(session), **typed)
    await world.book(await world.resident(credit_cents=5000), session, 3)

    shown = text_of(await world.client.get(address_of(session)))

    assert "Balkon Bezet 3 / 4" in shown
    assert "Zaal Bezet 3 / 10" in shown
    assert await world.value("SELECT count(*) FROM reservations.pool") == 2


async def test_a_tariff_is_put_in_a_part_and_back_in_the_room(world: World) -> None:
    session = await organised(world)
    await make(world, session)
    drawn = "SELECT cardinality(pool_ids) FROM reservations.tariff WHERE code = 'base'"

    await world.post_form(f"{address_of(session)}/indeling", tariff_base="Balkon")
    inside = await world.value(drawn)
    await world.post_form(f"{address_of(session)}/indeling", tariff_base="")

    assert (inside, await world.value(drawn)) == (2, 1)


async def test_a_part_of_all_dates(world: World) -> None:
    session = await organised(world)
    other = await world.session(10, organiser_id=session.organiser_id)
    await world.execute("UPDATE reservations.session SET event_id = $1", session.event_id)

    await make(world, session, dates="all")

    assert "Balkon" in text_of(await world.client.get(address_of(other)))


async def test_a_part_in_which_nothing_counts_is_taken_away(world: World) -> None:
    session = await organised(world)
    part_id = await make(world, session, tariff_base="true")

    kept = await world.post_form(f"{address_of(session)}/{part_id}/weghalen")
    await world.post_form(f"{address_of(session)}/indeling", tariff_base="")
    gone = await world.post_form(f"{address_of(session)}/{part_id}/weghalen")

    assert "Dit deel is nog in gebruik" in text_of(kept)
    assert gone.headers["location"] == f"{address_of(session)}?gedaan=weg"
    assert "Balkon Bezet" not in text_of(await world.client.get(address_of(session)))


async def test_what_was_typed_comes_back_with_what_is_wrong(world: World) -> None:
    session = await organised(world)
    await make(world, session)

    typed = {"part_id": str(uuid4()), "name": "Balkon", "kind": "part", "places": "400"}
    answer = await world.post_form(address_of(session), **typed)

    assert answer.status_code == 422
    assert "Er is al een deel dat zo heet." in text_of(answer)
    assert "Vul een getal in van 0 tot 100." in text_of(answer)


async def test_nobody_divides_the_places_of_another(world: World) -> None:
    mine, theirs = await organised(world), await world.session(10)
    address = f"/dender/organisaties/{mine.organiser_id}/sessies/{theirs.id}/plaatsen"

    answer = await world.post_form(address, part_id=str(uuid4()), name="Balkon", kind="part", places="4")

    assert answer.status_code == 404
    assert await world.value("SELECT count(*) FROM reservations.pool") == 2


async def test_a_part_that_is_larger_than_what_is_on_sale_is_said(world: World) -> None:
    session = await organised(world)
    await world.execute("UPDATE reservations.pool SET licensed_capacity = 100, capacity = 20")

    await make(world, session, places="30")
    await make(world, session, name="Loge", places="20")
    shown = text_of(await world.client.get(address_of(session)))

    assert "Dit deel telt 30 plaatsen, en in Zaal zijn er 20 te koop." in shown
    assert shown.count("verkoop je hier nooit") == 1
