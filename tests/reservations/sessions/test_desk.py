"""The desk of an organiser, as browsers without script use it."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

from httpx import Response

from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from uit.core.seal import TicketSeal, seal_ticket

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
    return seal_ticket(world.services.secrets.signing, TicketSeal(1, answer.booking.id, 1, 1))


async def test_the_desk_shows_how_full_today_and_later_are(world: World) -> None:
    session = await organised(world, seats=120)
    await world.session(organiser_id=session.organiser_id, seats=40)
    await ticket(world, session, places=3)

    shown = text_of(await world.client.get(desk(session)))

    assert "Vandaag, ma 2 mrt" in shown
    assert "11 u tot 13 u · De kleine prins Bezet 3 / 120" in shown
    assert "do 12 mrt, 10 u tot 12 u · De kleine prins Bezet 0 / 40" in shown


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

    assert "base € 5,00 – kansentarief € 1,00 –" in shown  # noqa: RUF001  as the page has it
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

    assert (fewer.status_code, fewer.headers["location"]) == (303, f"{page_of(session)}?gedaan=plaatsen")
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


MONEY = ("betalen", "facturen", "klanten", "dagboek")


async def test_each_page_of_the_desk_leads_the_organiser_to_its_money(world: World) -> None:
    session = await organised(world)
    await world.seller(session.organiser_id, card=False)
    home = desk(session)

    for address in (home, page_of(session), *(f"{home}/{each}" for each in MONEY)):
        page = (await world.client.get(address)).text
        menu = page[page.index("<nav") : page.index("</nav>")]
        assert f'href="{home}/menu/geld"' in menu, address
        assert menu.count('aria-current="page"') == 1, address
    page = (await world.client.get(f"{home}/menu/geld")).text
    assert [each for each in MONEY if f'href="{home}/{each}"' not in page] == []


async def test_who_works_at_the_box_office_is_not_led_to_money_it_may_not_see(world: World) -> None:
    session = await world.session()
    await world.sign_in_staff("box_office", organiser_id=session.organiser_id)

    page = (await world.client.get(desk(session))).text

    assert f'href="{desk(session)}/kassa"' in page
    assert [each for each in MONEY if f'href="{desk(session)}/{each}"' in page[: page.index("</nav>")]] == []


async def test_a_date_that_is_over_says_who_came_and_lets_nobody_in(world: World) -> None:
    session = await organised(world)
    here = await ticket(world, session, places=2)
    await ticket(world, session, places=3)
    await world.post_form(f"{page_of(session)}/binnen", ticket=here, checkin_id=uuid4())

    async def shown(after: timedelta) -> str:
        world.clock.set(session_end + after)
        await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
        return text_of(await world.client.get(page_of(session)))

    session_end = await world.value("SELECT ends_at FROM reservations.session WHERE id = $1", session.id)
    tonight, later = await shown(timedelta(hours=1)), await shown(timedelta(hours=5))

    assert "Binnenlaten" in tonight
    assert "Deze datum is voorbij" not in tonight
    assert "Deze datum is voorbij Binnengekomen 1 / 5" in later
    assert "4 verwachte bezoekers werden niet ingecheckt." in later
    assert "5 van 10 plaatsen bezet" in later
    assert "Wie had een plaats?" in later
    for gone in ("Binnenlaten", "Pas het aantal plaatsen aan", "Verdeel de plaatsen", "Maak een deurlink"):
        assert gone not in later


async def test_letting_in_comes_first_on_the_day_itself_and_below_before_it(world: World) -> None:
    tonight = await organised(world)
    later = await world.session(organiser_id=tonight.organiser_id)

    first, below = [text_of(await world.client.get(page_of(each))) for each in (tonight, later)]

    assert first.index("Binnenlaten") < first.index("Pas het aantal plaatsen aan")
    assert below.index("Wie komt er?") < below.index("Verandert deze datum?") < below.index("Binnenlaten")
    assert "Inchecken kan vanaf" in below
