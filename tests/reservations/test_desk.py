"""The organiser's desk and the doors of volunteers, as browsers without script use them."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

from httpx import Response

from reservations.ask import Booked
from tests.builders import Resident, Session, World
from uit.ground.seal import TicketSeal, seal_ticket

SOON = timedelta(hours=1)


def desk(session: Session) -> str:
    return f"/dender/organisaties/{session.organiser_id}"


def page_of(session: Session) -> str:
    return f"{desk(session)}/sessies/{session.id}"


def text_of(answer: Response) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\N{NO-BREAK SPACE}", " ").split())


async def organised(world: World, seats: int = 10) -> Session:
    """A session within the hour, with its organiser signed in."""
    session = await world.session(seats, starts_in=SOON, cancel_before=timedelta())
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return session


async def ticket(world: World, session: Session, places: int = 1, who: Resident | None = None) -> str:
    answer = await world.book(who or await world.resident(credit_cents=5000), session, places)
    assert isinstance(answer, Booked), answer
    return seal_ticket(world.house.secrets.signing, TicketSeal(1, answer.booking.id, 1, 1))


async def test_the_desk_shows_how_full_today_and_later_are(world: World) -> None:
    session = await organised(world, seats=120)
    await world.session(organiser_id=session.organiser_id, seats=40)
    await ticket(world, session, places=3)

    shown = text_of(await world.client.get(desk(session)))

    assert "Vandaag, ma 2 mrt" in shown
    assert "11 u · De kleine prins Bezet 3 / 120" in shown
    assert "do 12 mrt, 10 u · De kleine prins Bezet 0 / 40" in shown


async def test_the_page_of_a_session_counts_and_names_nobody(world: World) -> None:
    session = await organised(world)
    social = await world.resident(
        credit_cents=500, social_until=world.clock.now().date() + timedelta(days=90)
    )
    await ticket(world, session, places=2)
    answer = await world.book(social, session, tariff="kansentarief")
    assert isinstance(answer, Booked)

    shown = text_of(await world.client.get(page_of(session)))
    parties = text_of(await world.client.get(f"{page_of(session)}/boekingen"))

    assert "base € 5,00 2 0 kansentarief € 1,00 1 0" in shown
    assert "Binnen 0 / 3" in shown
    assert answer.booking.id.hex[-4:].upper() in parties
    assert not {"Yasmine", "Peeters", "kansentarief"} & set(parties.split())


async def test_places_are_changed_but_never_below_what_is_taken(world: World) -> None:
    session = await organised(world, seats=10)
    await ticket(world, session, places=4)
    address = f"{page_of(session)}/plaatsen/{session.pool_id}"

    fewer = await world.post_form(address, places="4")
    too_few = await world.post_form(address, places="3")
    too_many = await world.post_form(address, places="101")

    assert (fewer.status_code, fewer.headers["location"]) == (303, page_of(session))
    assert (too_few.status_code, too_many.status_code) == (409, 409)
    assert 'value="3"' in too_few.text
    assert await world.value("SELECT capacity FROM reservations.pool") == 4


async def test_what_is_no_number_of_places_is_asked_again(world: World) -> None:
    session = await organised(world)
    address = f"{page_of(session)}/plaatsen/{session.pool_id}"

    for wrong in ("", "veel", "-1", "1.5", "٣", "1" * 30):
        again = await world.post_form(address, places=wrong)
        assert again.status_code == 422
        assert "Hoeveel plaatsen zijn er? Vul een getal in van 0 tot 100." in again.text
    assert await world.value("SELECT capacity FROM reservations.pool") == 10


async def test_a_ticket_is_checked_in_at_the_desk_once(world: World) -> None:
    session = await organised(world)
    shown = await ticket(world, session, places=3)

    first = await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=uuid4())
    again = await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=uuid4())

    assert "Welkom, 1 persoon 1 van 3 van deze boeking Was dit een vergissing?" in text_of(first)
    assert "Binnen 1 / 3" in text_of(first)
    assert (again.status_code, "Al binnen om 10 u" in text_of(again)) == (409, True)


async def test_days_before_the_desk_says_from_when_a_ticket_is_checked_in(world: World) -> None:
    session = await world.session()
    await world.sign_in_staff("box_office", organiser_id=session.organiser_id)

    looked = await world.client.get(page_of(session))
    answer = await world.post_form(f"{page_of(session)}/binnen", ticket=await ticket(world, session))

    assert "Binnenlaten Inchecken kan vanaf do 12 mrt, 5 u." in text_of(looked)
    assert answer.status_code == 409
    assert "Nog te vroeg Dit ticket is voor do 12 mrt, 10 u. Inchecken kan vanaf do 12 mrt, 5 u." in text_of(
        answer
    )
    assert await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'attended'") == 0


async def test_a_mistake_is_taken_back_from_the_page_of_its_booking(world: World) -> None:
    session = await organised(world)
    shown, checkin_id = await ticket(world, session, places=2), uuid4()
    scanned = await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=checkin_id)
    [booking] = re.findall(r'href="(/[^"]+/boekingen/[0-9a-f-]{36})"', scanned.text)
    before = text_of(await world.client.get(booking))

    answer = await world.post_form(f"{booking}/terug", ticket="1.1", checkin_id=checkin_id)
    after = text_of(await world.client.get(answer.headers["location"]))
    wrong = await world.post_form(f"{booking}/terug", ticket="2.9999", checkin_id=checkin_id)

    assert "Ticket 1.1 · 1 persoon Binnen om 10 u" in before
    assert "Ticket 1.2 · 1 persoon Nog niet binnen" in before
    assert "De check-in is teruggenomen. Het ticket is weer geldig." in after
    assert "Binnen om" not in after
    assert (wrong.status_code, "Dit is geen ticket van ons" in text_of(wrong)) == (404, True)
    acts = await world.rows("SELECT actor_kind, facts FROM uit.audit WHERE act = 'ticket.take_back'")
    assert [tuple(row) for row in acts] == [("staff", '{"line_no": 1, "ticket_no": 1}')]


async def test_a_desk_reaches_no_session_of_somebody_else(world: World) -> None:
    session, other = await organised(world), await world.session()
    strange = f"{desk(session)}/sessies/{other.id}"

    assert (await world.client.get(strange)).status_code == 404
    assert (await world.client.get(desk(other))).status_code == 403
    assert (await world.client.get(desk(session).replace("dender", "kust"))).status_code == 403
    for path in (f"plaatsen/{other.pool_id}", "deuren", "binnen", f"boekingen/{uuid4()}/terug"):
        assert (await world.post_form(f"{strange}/{path}", places="5")).status_code == 404
    pool = await world.post_form(f"{page_of(session)}/plaatsen/{other.pool_id}", places="5")
    assert pool.status_code == 404
    assert await world.value("SELECT count(*) FROM identity.door_link") == 0


async def make_link(world: World, session: Session, door_id: UUID | None = None) -> str:
    answer = await world.post_form(f"{page_of(session)}/deuren", door_id=door_id or uuid4())
    found = re.search(r"<code>http://[^/]+(/deur/[^<]+)</code>", answer.text)
    return found[1] if found else ""


async def leave_desk(world: World) -> None:
    """From here on the client is the volunteer's phone."""
    world.client.cookies.delete("uit_session")


async def test_a_volunteer_opens_the_door_and_lets_people_in(world: World) -> None:
    session = await organised(world)
    shown = await ticket(world, session, places=2)
    link = await make_link(world, session)
    await leave_desk(world)

    opened = await world.post_form(link)
    ready = await world.client.get("/deur")
    welcome = await world.post_form("/deur", ticket=shown, checkin_id=uuid4())
    again = await world.post_form("/deur", ticket=shown, checkin_id=uuid4())

    assert (opened.status_code, opened.headers["location"]) == (303, "/deur")
    assert "Klaar De kleine prins, 11 u Binnen 0 / 2" in text_of(ready)
    assert "Welkom, 1 persoon 1 van 2 van deze boeking Binnen 1 / 2" in text_of(welcome)
    assert 'data-kind="stop"' in again.text
    assert await world.value("SELECT actor_kind FROM uit.audit WHERE act = 'ticket.check_in'") == "door"


async def test_a_ticket_of_another_hour_is_told_its_hour(world: World) -> None:
    session = await organised(world)
    evening = await world.session(
        organiser_id=session.organiser_id, starts_in=timedelta(hours=10), cancel_before=timedelta()
    )
    shown = await ticket(world, evening)
    await world.post_form(await make_link(world, session))

    answer = await world.post_form("/deur", ticket=shown)

    assert answer.status_code == 409
    assert "Ander uur: 20 u De kleine prins" in text_of(answer)


async def test_looking_at_a_link_does_not_take_it(world: World) -> None:
    session = await organised(world)
    link = await make_link(world, session)

    previewed = await world.client.get(link)

    assert previewed.status_code == 200
    assert await world.value("SELECT device_digest FROM identity.door_link") is None


async def test_a_link_works_on_one_device(world: World) -> None:
    session = await organised(world)
    link = await make_link(world, session)
    await world.post_form(link)
    world.client.cookies.delete("uit_door")

    second = await world.post_form(link)

    assert second.status_code == 403
    assert (await world.client.get("/deur")).status_code == 403


async def test_a_link_that_is_closed_shuts_its_door_at_once(world: World) -> None:
    session, door_id = await organised(world), uuid4()
    await world.post_form(await make_link(world, session, door_id))
    assert (await world.client.get("/deur")).status_code == 200

    await world.post_form(f"{page_of(session)}/deuren/{door_id}/sluiten")

    assert (await world.client.get("/deur")).status_code == 403


async def test_a_link_lives_from_two_hours_before_to_four_after(world: World) -> None:
    session = await organised(world)
    link = await make_link(world, session)
    await world.post_form(link)

    hours = await world.rows("SELECT opens_at, closes_at FROM identity.door_link")
    world.clock.move(SOON + timedelta(hours=2 + 4))

    starts_at = await world.value("SELECT starts_at FROM reservations.session")
    assert tuple(hours[0]) == (starts_at - timedelta(hours=2), starts_at + timedelta(hours=6))
    assert (await world.client.get("/deur")).status_code == 403


async def test_a_form_sent_twice_makes_one_link_and_shows_it_once(world: World) -> None:
    session, door_id = await organised(world), uuid4()

    first, second = await make_link(world, session, door_id), await make_link(world, session, door_id)

    assert (bool(first), second) == (True, "")
    assert first not in (await world.client.get(page_of(session))).text
    assert await world.value("SELECT count(*) FROM identity.door_link") == 1
