"""What a price asks of who waits: its code, once, and as many places as its tickets take."""

from uuid import UUID, uuid4

from reservations.booking.answers import Accepted
from reservations.waiting.join_form import date_field
from tests.builders import Session, World
from tests.reservations.changes.test_codes import TYPED, with_code
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.waiting.lines import accept, join, sold_out, state
from tests.reservations.waiting.test_api import asked, post
from tests.reservations.waiting.test_pages import asking, link

UNPROCESSABLE, CREATED = 422, 201


async def only_entry(world: World) -> UUID:
    found = await world.value("SELECT id FROM reservations.waiting_entry")
    assert isinstance(found, UUID)
    return found


def typed(session: Session, **more: str) -> dict[str, str]:
    guest = {"naam": "Lies", "email": "lies@example.org"}
    return {
        "entry_id": str(uuid4()), date_field(session.id): "true", "plaatsen-base": "1", **guest, **more
    }  # fmt: skip


async def test_a_code_is_typed_once_and_holds_for_the_offer(world: World) -> None:
    session, others = await sold_out(world)
    await with_code(world, session)
    page = (await world.client.get(asking(session))).text

    without = await world.post_form(asking(session), **typed(session))
    wrong = await world.post_form(asking(session), **typed(session, code="iets anders"))
    right = await world.post_form(asking(session), **typed(session, code=TYPED.upper()))
    await world.cancel(others[0])

    assert 'name="code"' in page
    assert [each.status_code for each in (without, wrong, right)] == [UNPROCESSABLE, UNPROCESSABLE, 303]
    assert "Deze prijs vraagt een code" in without.text
    assert 'value="iets anders"' in wrong.text
    assert await state(world, await only_entry(world)) == "offered"
    kept = await world.value("SELECT lines::text FROM reservations.waiting_entry")
    assert kept == '[{"places": 1, "tariff": "base", "has_code": true}]'


async def test_where_no_price_asks_a_code_no_field_does(world: World) -> None:
    session, _ = await sold_out(world)

    assert 'name="code"' not in (await world.client.get(asking(session))).text


async def test_a_program_gives_the_code_and_a_repeat_needs_it_no_more(world: World) -> None:
    session, _ = await sold_out(world)
    headers = await world.api_client(session.organiser_id)
    await with_code(world, session)
    document = asked(session)
    [line] = document["lines"]

    refused = await post(world, headers, document)
    taken = await post(world, headers, {**document, "lines": [{**line, "code": TYPED}]})
    again = await post(world, headers, document)

    assert refused.json()["code"] == "reservations.code_asked"
    assert (taken.status_code, again.status_code) == (CREATED, 200)


async def test_a_ticket_for_a_family_waits_for_as_many_places_as_it_takes(world: World) -> None:
    session, others = await sold_out(world)
    await world.execute("UPDATE reservations.tariff SET weight = 2 WHERE session_id = $1", session.id)
    anna = await world.resident()
    entry = await join(world, anna, session, places=2)

    page = text_of(await world.client.get(link(world, entry)))
    for each in others:
        await world.cancel(each)

    assert "Plaatsen 4" in page
    assert await state(world, entry) == "offered"
    assert isinstance(await accept(world, anna, entry), Accepted)
