"""People come in: at the desk, and at the doors of volunteers, as browsers without script use them."""

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

from httpx import Response

from reservations.booking.answers import Booked
from reservations.checkin.checkin import CheckedIn
from tests.builders import Session, World
from tests.reservations.booking.test_tickets import child_tariff
from tests.reservations.conditions import ask
from tests.reservations.dates import show
from tests.reservations.guest.guests import guest_books
from tests.reservations.sessions.test_desk import SOON, organised, page_of, text_of, ticket
from uit.core.seal import PartySeal, TicketSeal, seal_party, seal_ticket


async def test_a_ticket_is_checked_in_at_the_desk_once(world: World) -> None:
    session = await organised(world)
    shown = await ticket(world, session, places=3)

    first = await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=uuid4())
    again = await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=uuid4())

    assert "Welkom, 1 persoon 1 van 3 van deze boeking Was dit een vergissing?" in text_of(first)
    assert "Binnen 1 / 3" in text_of(first)
    assert (again.status_code, "Al binnen om 10 u" in text_of(again)) == (409, True)


async def test_who_is_already_in_has_a_way_to_the_booking_at_the_desk_and_not_at_a_door(world: World) -> None:
    session = await organised(world)
    shown = await ticket(world, session)
    link = await make_link(world, session)
    booking_id = await world.value("SELECT id FROM reservations.booking")
    party = f'href="{page_of(session)}/boekingen/{booking_id}"'
    await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=uuid4())

    at_the_desk = await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=uuid4())
    await world.post_form(link)
    at_a_door = await world.post_form("/deur", ticket=shown, checkin_id=uuid4())

    assert (at_the_desk.status_code, at_a_door.status_code) == (409, 409)
    assert [party in answer.text for answer in (at_the_desk, at_a_door)] == [True, False]
    assert str(booking_id) not in at_a_door.text


async def test_a_ticket_of_another_session_has_no_way_to_its_booking(world: World) -> None:
    session = await organised(world)
    sister = await world.session(organiser_id=session.organiser_id, starts_in=SOON, cancel_before=SOON)
    shown = await ticket(world, sister)

    answer = await world.post_form(f"{page_of(session)}/binnen", ticket=shown)

    assert answer.status_code == 409
    assert not re.search(r"/boekingen/[0-9a-f-]{36}", answer.text)


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


async def make_link(world: World, session: Session, door_id: UUID | None = None) -> str:
    answer = await world.post_form(f"{page_of(session)}/deuren", door_id=door_id or uuid4())
    found = re.search(r"<code>http://[^/]+(/deur/[^<]+)</code>", answer.text)
    return found[1] if found else ""


async def test_a_new_door_link_stands_in_sight_to_copy_and_to_pass_on(world: World) -> None:
    session = await organised(world)

    made = (await world.post_form(f"{page_of(session)}/deuren", door_id=uuid4())).text
    later = (await world.client.get(page_of(session))).text

    link = re.search(r"<code>(http[^<]+)</code>", made)
    assert link
    assert made.index(link[1]) < made.index("<h1>")
    assert f'data-share="{link[1]}"' in made
    assert "share.js" in made
    assert "share.js" not in later


async def test_a_door_that_is_closed_says_so(world: World) -> None:
    session = await organised(world)
    await make_link(world, session)
    asks = (await world.client.get(page_of(session))).text
    closing = re.search(r'action="([^"]+/sluiten)"', asks)
    assert closing

    closed = await world.post_form(closing[1])

    assert "laat dan niemand meer binnen" in asks
    assert "De deur is dicht." in (await world.client.get(closed.headers["location"])).text


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
    assert "Klaar De kleine prins, 11 u tot 13 u Binnen 0 / 2" in text_of(ready)
    assert "Welkom, 1 persoon 1 van 2 van deze boeking Binnen 1 / 2" in text_of(welcome)
    assert 'data-kind="stop"' in again.text
    assert await world.value("SELECT actor_kind FROM uit.audit WHERE act = 'ticket.check_in'") == "door"


async def test_a_door_hears_for_what_age_a_ticket_is_and_never_who_pays_less(world: World) -> None:
    session = await organised(world)
    who = await world.resident(social_until=date(2027, 1, 1), credit_cents=5000)
    await child_tariff(world, session)
    said = []

    for tariff in ("kind-3-12-jaar", "kansentarief", "base"):
        booked = await world.book(who, session, tariff=tariff)
        assert isinstance(booked, Booked)
        shown = seal_ticket(world.services.secrets.signing, TicketSeal(1, booked.booking.id, 1, 1))
        said.append(text_of(await world.post_form(f"{page_of(session)}/binnen", ticket=shown)))

    assert "Welkom, 1 persoon Kind 3-12 jaar Was dit" in said[0]
    assert all("Welkom, 1 persoon Was dit" in each for each in said[1:])


async def test_a_ticket_of_another_hour_is_told_its_hour(world: World) -> None:
    session = await organised(world)
    evening = await world.session(
        organiser_id=session.organiser_id, starts_in=timedelta(hours=10), cancel_before=timedelta()
    )
    shown = await ticket(world, evening)
    await world.post_form(await make_link(world, session))

    answer = await world.post_form("/deur", ticket=shown)

    assert answer.status_code == 409
    assert "Ander uur: 20 u tot 22 u De kleine prins" in text_of(answer)


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


async def test_a_pass_is_let_in_at_the_desk_and_taken_back_whole(world: World) -> None:
    session = await organised(world)
    anna, checkin_id = await world.resident(credit_cents=5000), uuid4()
    await ticket(world, session, places=2, who=anna)
    await ticket(world, session, who=anna)

    welcome = await world.post_form(f"{page_of(session)}/binnen", ticket=anna.token, checkin_id=checkin_id)
    undone = await world.post_form(f"{page_of(session)}/terug", checkin_id=checkin_id)
    after = text_of(await world.client.get(undone.headers["location"]))

    assert "Welkom, 3 personen Was dit een vergissing? Neem alles terug" in text_of(welcome)
    assert "Bekijk boeking 1 van 2 Bekijk boeking 2 van 2" in text_of(welcome)
    assert f'name="checkin_id" value="{checkin_id}"' in welcome.text
    assert "De check-in is teruggenomen." in after
    assert "Binnen 0 / 3" in after


async def test_a_part_of_a_pass_is_let_in_and_a_number_that_cannot_be_read_lets_nobody_in(
    world: World,
) -> None:
    session = await organised(world)
    anna = await world.resident(credit_cents=5000)
    await ticket(world, session, places=3, who=anna)
    link = await make_link(world, session)
    await world.post_form(link)

    for address in (f"{page_of(session)}/binnen", "/deur"):
        wrong = await world.post_form(address, ticket=anna.token, places="twee")
        assert (wrong.status_code, "Vul een aantal in" in text_of(wrong)) == (422, True)
        assert (await world.post_form(address, ticket=anna.token, places="0")).status_code == 422
    part = await world.post_form("/deur", ticket=anna.token, places=" 2 ")

    assert "Welkom, 2 personen 2 van 3 op deze pas Binnen 2 / 3" in text_of(part)


async def test_a_volunteer_takes_back_what_was_let_in_by_mistake(world: World) -> None:
    session = await organised(world)
    anna, checkin_id = await world.resident(credit_cents=5000), uuid4()
    await ticket(world, session, places=2, who=anna)
    await world.post_form(await make_link(world, session))
    await leave_desk(world)
    welcome = await world.post_form("/deur", ticket=anna.token, checkin_id=checkin_id)

    undone = await world.post_form("/deur/terug", checkin_id=checkin_id)
    again = await world.post_form("/deur", ticket=anna.token, checkin_id=checkin_id)

    assert "Vergissing? Neem terug" in text_of(welcome)
    assert "Teruggenomen Wie zo binnenkwam, kan opnieuw binnen. Binnen 0 / 2" in text_of(undone)
    assert "Vergissing?" not in text_of(undone)
    assert (again.status_code, "Binnen 0 / 2" in text_of(again)) == (409, True)
    assert await world.value("SELECT actor_kind FROM uit.audit WHERE act = 'ticket.take_back'") == "door"


async def test_after_the_doors_closed_the_desk_takes_nothing_back_and_says_so(world: World) -> None:
    session = await organised(world)
    anna, checkin_id = await world.resident(credit_cents=5000), uuid4()
    await ticket(world, session, who=anna)
    await world.post_form(f"{page_of(session)}/binnen", ticket=anna.token, checkin_id=checkin_id)
    world.clock.move(SOON + timedelta(hours=2 + 4))
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    refused = await world.post_form(f"{page_of(session)}/terug", checkin_id=checkin_id)

    assert refused.status_code == 409
    assert "Binnen 1 / 1" in text_of(refused)


async def test_a_door_says_for_what_else_a_pass_has_tickets_and_names_nobody(world: World) -> None:
    session, other = await organised(world), await world.session()
    sister = await world.session(organiser_id=session.organiser_id)
    anna = await world.resident(credit_cents=5000)
    await ticket(world, sister, who=anna)
    await ticket(world, other, who=anna)
    await world.post_form(await make_link(world, session))

    answer = await world.post_form("/deur", ticket=anna.token)

    assert answer.status_code == 404
    assert "Hiervoor is er niets op deze pas Wel voor De kleine prins, do 12 mrt, 10 u. Binnen" in text_of(
        answer
    )
    assert not {"Yasmine", "Peeters"} & set(text_of(answer).split())


async def test_who_is_in_by_a_pass_has_a_way_to_the_booking_at_the_desk(world: World) -> None:
    session = await organised(world)
    anna = await world.resident(credit_cents=5000)
    await ticket(world, session, who=anna)
    await world.post_form(f"{page_of(session)}/binnen", ticket=anna.token)

    again = await world.post_form(f"{page_of(session)}/binnen", ticket=anna.token)

    booking_id = await world.value("SELECT id FROM reservations.booking")
    assert again.status_code == 409
    assert f'href="{page_of(session)}/boekingen/{booking_id}"' in again.text


HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
INSIDE = "SELECT count(*) FROM reservations.ticket WHERE status = 'attended'"


async def for_children(world: World) -> tuple[Session, str]:
    """A session with a price for an age, and the ticket of two children whose guest showed no pass."""
    session = await organised(world)
    await world.tariff(session, "kind", 0, name="Kind", age_to=11)
    booking_id = await guest_books(world, session, places=2, tariff="kind")
    return session, seal_party(world.services.secrets.signing, PartySeal(1, booking_id, 1))


def confirming(answer: Response) -> dict[str, str]:
    """What the form sends by which somebody says that they looked."""
    forms = [dict(HIDDEN.findall(each)) for each in answer.text.split("<form")]
    return next((each for each in forms if "gezien" in each), {})


async def test_what_has_to_be_shown_is_looked_at_before_anybody_is_in(world: World) -> None:
    session, shown = await for_children(world)
    link = await make_link(world, session)

    at_the_desk = await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=uuid4())
    await world.post_form(link)
    at_a_door = await world.post_form("/deur", ticket=shown, places="1", checkin_id=uuid4())
    before = await world.value(INSIDE)
    sent = confirming(at_a_door)
    first = await world.post_form("/deur", **sent)
    again = await world.post_form("/deur", **sent)
    rest = await world.post_form(f"{page_of(session)}/binnen", **confirming(at_the_desk))

    for page, people in ((at_the_desk, "2 personen"), (at_a_door, "1 persoon")):
        assert page.status_code == 409
        assert "Kijk eerst Kind · toon je leeftijd" in text_of(page)
        assert f"Het klopt: laat {people} binnen" in text_of(page)
    assert before == 0
    assert [each.status_code for each in (first, again, rest)] == [200, 200, 200]
    assert "Welkom, 1 persoon Kind · toon je leeftijd · 1 van 2 van deze boeking" in text_of(first)
    assert confirming(first) == {}
    assert await world.value(INSIDE) == 2


async def test_who_shows_something_beside_others_is_counted_apart_and_a_pass_needs_no_age(
    world: World,
) -> None:
    session = await organised(world)
    await ask(world, session, "base", shows="Toon je lidkaart")
    await world.tariff(session, "kind", 0, name="Kind", age_to=11)
    child = await world.resident(credit_cents=5000, born_on=date(2020, 1, 1))
    both = await world.services.turnstile.answer(
        world.command(child, [(session, "kind", 1), (session, "base", 2)])
    )
    assert isinstance(both, Booked), both
    shown = seal_party(world.services.secrets.signing, PartySeal(1, both.booking.id, 1))

    answer = await world.post_form(f"{page_of(session)}/binnen", ticket=shown)

    assert "Kijk eerst 2 van 3: Toon je lidkaart" in text_of(answer)
    assert "laat 3 personen binnen" in text_of(answer)


async def test_of_who_has_the_social_tariff_nothing_is_looked_at(world: World) -> None:
    session = await organised(world)
    await ask(world, session, "kansentarief", shows="Toon je kaart")
    until = world.clock.now().date() + timedelta(days=90)
    social = await world.resident(credit_cents=500, social_until=until)
    answer = await world.book(social, session, tariff="kansentarief")
    assert isinstance(answer, Booked)
    shown = seal_ticket(world.services.secrets.signing, TicketSeal(1, answer.booking.id, 1, 1))

    let_in = await world.post_form(f"{page_of(session)}/binnen", ticket=shown)

    assert (let_in.status_code, "Welkom, 1 persoon" in text_of(let_in)) == (200, True)


async def test_a_program_looks_by_itself_and_lets_in_at_once(world: World) -> None:
    session, _ = await for_children(world)
    booking_id = await world.value("SELECT id FROM reservations.booking")

    assert isinstance(await show(world, session, booking_id), CheckedIn)
