"""A date is called off, postponed or moved, and who booked it chooses by one link."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from reservations.booking.answers import Booked
from tests.builders import World
from tests.passes.letters.letters import live
from tests.reservations.choosing.dates import (
    A_WEEK,
    booked_two,
    choose_date,
    link_in_mail,
    take_all_back,
    two_dates,
)
from tests.reservations.counter.helpers import at_the_counter
from tests.reservations.dates import (
    call_off,
    call_off_all,
    deliver,
    faults,
    move,
    plain,
    postpone,
    restore,
    statuses,
)
from tests.reservations.enrolment.world import enrolled, make_course
from tests.reservations.guest.guests import guest_books, link_of
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import buy, card_date, take, turns_left
from uit.core.seal import ChoiceSeal, seal_choice
from uit.web.written_mail import written_text


async def test_what_is_paid_waits_for_a_choice_and_is_told_until_when(world: World) -> None:
    first, _ = await two_dates(world)
    anna, booking_id = await booked_two(world, first)

    await call_off(world, first, reason="De zaal is beschadigd.", choose=A_WEEK)

    [mail] = await deliver(world)
    assert "Gaat niet door" in mail["Subject"]
    assert "Kies voor ma 9 mrt, 10 u. Kies je niets, dan krijg je daarna alles terug." in plain(mail)
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]
    assert await world.available_cents(anna) == 4000


async def test_without_a_choice_all_of_it_goes_back_when_the_time_is_over(world: World) -> None:
    first, _ = await two_dates(world)
    anna, booking_id = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)

    world.clock.move(A_WEEK - timedelta(minutes=1))
    await call_off_all(world.services)
    before = await statuses(world, booking_id)
    world.clock.move(timedelta(minutes=1))
    await call_off_all(world.services)

    assert (before, await statuses(world, booking_id)) == (["confirmed"] * 2, ["cancelled"] * 2)
    assert await world.available_cents(anna) == 5000
    assert "Dit gaat niet door" in plain((await deliver(world))[-1])
    assert await faults(world) == []


async def test_who_chooses_the_other_date_goes_there_and_pays_nothing_twice(world: World) -> None:
    first, other = await two_dates(world)
    anna, booking_id = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    link = await link_in_mail(world)

    shown = text_of(await world.client.get(link))
    done = await choose_date(world, link, other)

    assert "Een andere datum vr 13 mrt, 10 u tot 12 u nog 10 plaatsen Kies dit" in shown
    assert done.headers["location"].startswith(link)
    assert "Je komt op vr 13 mrt" in text_of(await world.client.get(link))
    assert await statuses(world, booking_id) == ["cancelled", "cancelled", "confirmed", "confirmed"]
    assert (await world.available_cents(anna), await world.places_left(other)) == (4000, 8)
    world.clock.move(A_WEEK)
    await call_off_all(world.services)
    assert await statuses(world, booking_id) == ["cancelled", "cancelled", "confirmed", "confirmed"]
    assert await faults(world) == []


async def test_who_takes_all_back_has_it_at_once_and_a_second_press_gives_no_more(world: World) -> None:
    first, _ = await two_dates(world)
    anna, booking_id = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    link = await link_in_mail(world)

    answers = [await take_all_back(world, link) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert await statuses(world, booking_id) == ["cancelled", "cancelled"]
    assert await world.available_cents(anna) == 5000
    assert "€ 10,00 krediet terug" in text_of(await world.client.get(link))
    assert await faults(world) == []


async def test_who_came_with_a_turn_reads_that_it_comes_back_or_goes_along(world: World) -> None:
    first, other = await two_dates(world)
    anna = await world.resident(4000)
    card = await buy(world, anna, await card_date(world, first))
    assert isinstance(await take(world, anna, first, card), Booked)
    await deliver(world)
    await call_off(world, first, choose=A_WEEK)
    link = await link_in_mail(world)

    shown = text_of(await world.client.get(link))
    await take_all_back(world, link)
    over = text_of(await world.client.get(link))
    again = await choose_date(world, link, other)

    assert "Je krijgt 1 beurt terug op je beurtenkaart, meteen." in shown
    assert "Dit was gratis" not in shown
    assert "Je kreeg 1 beurt terug op je beurtenkaart." in over
    assert again.status_code == 303
    assert (await turns_left(world, card), await world.available_cents(anna)) == (9, 0)
    assert await faults(world) == []


async def test_who_sits_at_home_chooses_the_screen(world: World) -> None:
    first, online = await two_dates(world)
    await world.execute("UPDATE reservations.session SET attendance = 'online' WHERE id = $1", online.id)
    _, booking_id = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    link = await link_in_mail(world)

    assert "Thuis op een scherm vr 13 mrt" in text_of(await world.client.get(link))
    await choose_date(world, link, online)

    assert (await statuses(world, booking_id))[2:] == ["confirmed", "confirmed"]
    assert "Je kijkt thuis mee op vr 13 mrt" in text_of(await world.client.get(link))


async def test_a_guest_chooses_by_the_link_of_their_mail_and_an_older_one_opens_nothing(world: World) -> None:
    first, other = await two_dates(world, price_cents=0)
    booking_id = await guest_books(world, first, places=2)
    await deliver(world)
    await call_off(world, first, choose=A_WEEK)
    link = await link_in_mail(world)

    await choose_date(world, link, other)
    assert f'href="{link_of(world, booking_id)}"' in (await world.client.get(link)).text
    assert (await statuses(world, booking_id))[2:] == ["confirmed", "confirmed"]
    await world.execute("UPDATE reservations.contact SET link_version = 2")

    assert (await world.client.get(link)).status_code == 404
    assert (await world.post_form(f"{link}/terug")).status_code == 404


async def test_a_full_date_is_not_offered_to_them(world: World) -> None:
    first, other = await two_dates(world)
    await booked_two(world, first)
    for _ in range(4):
        await world.book(await world.resident(5000), other, 2)
    await world.book(await world.resident(5000), other, 1)
    await call_off(world, first, choose=A_WEEK)

    shown = text_of(await world.client.get(await link_in_mail(world)))

    assert "Op andere datums is nu geen plaats voor jullie allemaal." in shown


async def test_what_was_never_paid_ends_at_once(world: World) -> None:
    first, _ = await two_dates(world)
    await world.seller(first.organiser_id, desk_hours=48)
    anna, booking_id = await booked_two(world, first)
    await world.execute("UPDATE reservations.ticket SET status = 'held' WHERE booking_id = $1", booking_id)

    await call_off(world, first, choose=A_WEEK)

    assert set(await statuses(world, booking_id)) == {"cancelled"}
    assert await world.available_cents(anna) == 5000


async def test_a_date_that_goes_on_after_all_leaves_nothing_to_choose(world: World) -> None:
    first, _ = await two_dates(world)
    _, booking_id = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    link = await link_in_mail(world)

    await restore(world, first)

    assert "Hier is niets meer te kiezen." in text_of(await world.client.get(link))
    world.clock.move(A_WEEK)
    await call_off_all(world.services)
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]


@pytest.mark.parametrize("verb", ["postponed", "moved"])
async def test_a_date_that_is_another_may_be_kept_changed_or_given_back(world: World, verb: str) -> None:
    first, other = await two_dates(world)
    (_, one), (bo, two) = await booked_two(world, first), await booked_two(world, first)
    world.clock.move(timedelta(minutes=1))
    await (postpone(world, first) if verb == "postponed" else move(world, first, timedelta(hours=3)))
    seals = [ChoiceSeal(1, one, first.id, None), ChoiceSeal(1, two, first.id, bo.person_id)]
    nobody, link = [f"/dender/keuze/{seal_choice(world.services.secrets.signing, each)}" for each in seals]

    assert "Je ticket blijft geldig" in text_of(await world.client.get(link))
    await choose_date(world, link, other)

    assert (await statuses(world, two))[2:] == ["confirmed", "confirmed"]
    assert await statuses(world, one) == ["confirmed", "confirmed"]
    assert (await world.client.get(nobody)).status_code == 404
    assert await faults(world) == []


async def test_their_own_page_says_until_when_they_choose(world: World) -> None:
    first, _ = await two_dates(world)
    anna, booking_id = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    await world.sign_in(anna)

    page = await world.client.get(f"/dender/boekingen/{booking_id}")
    mine = text_of(await world.client.get("/dender/mijn-boekingen"))

    assert "Gaat niet door: kies wat je wil" in mine
    assert "Kies voor ma 9 mrt, 10 u: een andere datum, of alles terug." in text_of(page)
    assert "Toon dit aan de deur" not in text_of(page)


async def test_a_link_of_somebody_else_or_of_another_region_opens_nothing(world: World) -> None:
    first, _ = await two_dates(world)
    _, booking_id = await booked_two(world, first)
    stranger = await world.resident()
    token = seal_choice(
        world.services.secrets.signing, ChoiceSeal(1, booking_id, first.id, stranger.person_id)
    )

    for address in (f"/dender/keuze/{token}", f"/kust/keuze/{token}", f"/dender/keuze/{token[:-1]}"):
        assert (await world.client.get(address)).status_code == 404
        assert (await world.post_form(f"{address}/terug")).status_code == 404
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]


async def test_who_has_no_mailbox_chooses_at_a_counter(world: World) -> None:
    first, other = await two_dates(world)
    anna, booking_id = await booked_two(world, first)
    await world.execute("UPDATE identity.person SET email = NULL")
    await live(world, anna)
    await call_off(world, first, choose=A_WEEK)
    await deliver(world)
    await at_the_counter(world, anna)
    own = f"/dender/balie/personen/{anna.membership_id}/boekingen/{booking_id}"

    letter = await world.value("SELECT body FROM identity.letter")
    page = text_of(await world.client.get(own))
    await choose_date(world, own, other)

    assert "Zeg aan een balie wat je kiest" in letter
    assert "keuze/" not in letter
    assert "Kies voor ma 9 mrt, 10 u: een andere datum, of alles terug." in page
    assert (await statuses(world, booking_id))[2:] == ["confirmed", "confirmed"]


async def test_a_text_message_has_the_link(world: World) -> None:
    first, _ = await two_dates(world)
    seal = ChoiceSeal(1, first.id, first.id, first.id, 32767)
    link = f"https://uit.voorbeeld.example/dender/keuze/{seal_choice(world.services.secrets.signing, seal)}"
    outing = SimpleNamespace(
        name="De kleine prins",
        starts_at=world.clock.now(),
        ends_at=world.clock.now(),
        choose_until=world.clock.now(),
    )

    text = written_text("reservations/booking/mail_choose", outing=outing, choice=link, questions="")

    assert link in text
    assert len(text) < 300


async def test_a_date_that_somebody_left_for_another_is_not_told_as_off(world: World) -> None:
    """It stands neither among what is coming nor as news on the page of the booking."""
    first, second = await two_dates(world)
    who, booking_id = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    await choose_date(world, await link_in_mail(world), second)
    await world.sign_in(who)

    pages = [text_of(await world.client.get(each)) for each in ("/dender/mijn-boekingen", "/dender")]
    own = text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))

    assert all("Geboekt" in each for each in pages)
    assert not any("Gaat niet door" in each for each in pages)
    assert ", gaat niet door." not in own


async def test_of_a_date_of_a_course_nobody_is_sent_to_dates_that_they_have(world: World) -> None:
    course = await make_course(world, count=3)
    anna = await world.resident(5000)
    booking_id = await enrolled(world, anna, course)
    await deliver(world)
    await world.sign_in(anna)

    await call_off(world, course.first, choose=timedelta(days=3))
    [mail] = await deliver(world)
    choice = re.search(r"http://testserver\.local(/\w+/keuze/[\w-]+)", plain(mail))
    assert choice
    page = await world.client.get(choice[1])
    own = await world.client.get(f"/dender/boekingen/{booking_id}")
    back = await take_all_back(world, choice[1])

    for said in (plain(mail), text_of(page), text_of(own)):
        assert "Voor deze keer krijg je alles terug" in said
        assert "andere datum" not in said
    assert "/wijzigen?naar=" not in page.text
    assert back.status_code == 303
    assert await statuses(world, booking_id) == ["cancelled", "confirmed", "confirmed"]
    assert await faults(world) == []
