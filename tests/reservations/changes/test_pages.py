"""A resident and a guest change their booking on its page: they choose, read the price, and say yes."""

from datetime import timedelta
from uuid import UUID

from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from tests.reservations.booking.test_giving_up import hidden, words
from tests.reservations.dates import call_off, faults, statuses
from tests.reservations.guest.guests import guest_books, link_of


async def stage(world: World, credit_cents: int = 5000) -> tuple[Session, Session, Resident, UUID]:
    """Two dates of one activity, at 5 and at 7 euro, and who is signed in has two places of the first."""
    first = await world.session(10, 500)
    other = await world.session(10, 700, organiser_id=first.organiser_id)
    await world.execute(
        "UPDATE reservations.session SET event_id = $1, starts_at = starts_at + interval '1 day',"
        " ends_at = ends_at + interval '1 day' WHERE id = $2",
        first.event_id, other.id,
    )  # fmt: skip
    await world.seller(first.organiser_id)
    anna = await world.resident(credit_cents)
    await world.sign_in(anna)
    made = await world.book(anna, first, 2)
    assert isinstance(made, Booked)
    return first, other, anna, made.booking.id


def chosen(first: Session, to: Session, **places: int) -> dict[str, str]:
    return {
        "sessie": str(first.id),
        "naar": str(to.id),
        "stap": "bekijk",
        **{f"aantal-{code}": str(n) for code, n in places.items()},
    }


def said_yes(page: str) -> dict[str, str]:
    """What the form of the second step sends."""
    return hidden(page[: page.index('method="get"')])


async def test_the_page_shows_what_one_has_and_the_other_dates(world: World) -> None:
    _, other, anna, booking_id = await stage(world)
    page = (await world.client.get(f"/dender/boekingen/{booking_id}/wijzigen")).text

    assert "nog 10 plaatsen" in words(page)
    assert f'value="{other.id}"' in page
    assert f'name="aantal-base.{anna.membership_id.hex}"' in page
    assert "Dit wordt het" not in page


async def test_the_price_is_said_before_anything_changes_and_then_it_is_done(world: World) -> None:
    first, other, anna, booking_id = await stage(world)
    own = f"/dender/boekingen/{booking_id}"
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})

    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    assert "Er gaat € 4,00 krediet meer af." in words(shown)
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]
    done = await world.post_form(f"{own}/wijzigen", **said_yes(shown))

    assert (done.status_code, done.headers["location"]) == (303, f"{own}?gedaan=gewijzigd")
    assert await statuses(world, booking_id) == ["cancelled", "cancelled", "confirmed", "confirmed"]
    assert await world.available_cents(anna) == 5000 - 1400
    again = await world.post_form(f"{own}/wijzigen", **said_yes(shown))
    assert again.status_code == 303
    assert await world.available_cents(anna) == 5000 - 1400
    assert await faults(world) == []


async def test_a_date_that_was_changed_for_another_is_not_said_to_be_cancelled(world: World) -> None:
    first, other, anna, booking_id = await stage(world)
    own = f"/dender/boekingen/{booking_id}"
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})
    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text

    await world.post_form(f"{own}/wijzigen", **said_yes(shown))
    page = words((await world.client.get(own)).text)

    assert ["2 · Gewijzigd" in page, "2 · Geboekt" in page, "eannuleerd" in page] == [True, True, False]


async def test_what_is_sent_twice_is_done_once_also_where_the_booking_has_another_date(world: World) -> None:
    first, other, anna, _ = await stage(world)
    between = await world.session(10, 500, organiser_id=first.organiser_id)
    command = world.command(anna, [(first, "base", 1), (between, "base", 1)])
    await world.services.turnstile.answer(command)
    own = f"/dender/boekingen/{command.booking_id}"
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 1})
    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text

    answers = [await world.post_form(f"{own}/wijzigen", **said_yes(shown)) for _ in range(2)]
    another = said_yes(shown) | {f"aantal-base.{anna.membership_id.hex}": "2"}
    refused = await world.post_form(f"{own}/wijzigen", **another)

    assert [each.headers.get("location") for each in answers] == [f"{own}?gedaan=gewijzigd"] * 2
    assert await statuses(world, command.booking_id) == ["cancelled", "confirmed", "confirmed"]
    assert refused.status_code == 409


async def test_a_repeat_after_all_was_given_up_leads_to_what_stands_and_nothing_else_changes(
    world: World,
) -> None:
    first, other, anna, booking_id = await stage(world)
    own = f"/dender/boekingen/{booking_id}"
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})
    sent = said_yes((await world.client.get(f"{own}/wijzigen", params=asked)).text)
    await world.post_form(f"{own}/wijzigen", **sent)
    await world.cancel(booking_id)

    repeated = await world.post_form(f"{own}/wijzigen", **sent)
    page = await world.client.get(f"{own}/wijzigen")

    assert (repeated.status_code, repeated.headers["location"]) == (303, f"{own}?gedaan=gewijzigd")
    assert page.status_code == 409
    assert "Bekijk wat het kost" not in page.text
    assert await faults(world) == []


async def test_what_comes_next_is_the_new_date_and_no_list_shows_the_old_one(world: World) -> None:
    first, other, anna, booking_id = await stage(world)
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})
    shown = (await world.client.get(f"/dender/boekingen/{booking_id}/wijzigen", params=asked)).text
    await world.post_form(f"/dender/boekingen/{booking_id}/wijzigen", **said_yes(shown))

    for address in ("/dender", "/dender/mijn-boekingen"):
        page = words((await world.client.get(address)).text)
        assert page.count("2 plaatsen Geboekt") == 1
        assert "Geannuleerd" not in page


async def test_what_credit_does_not_pay_is_paid_by_card_while_the_old_tickets_stand(world: World) -> None:
    first, other, anna, booking_id = await stage(world, credit_cents=1000)
    own = f"/dender/boekingen/{booking_id}"
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})

    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    assert "Nog te betalen: € 4,00, met Bancontact of kaart." in words(shown)
    await world.post_form(f"{own}/wijzigen", **said_yes(shown))

    page = (await world.client.get(own)).text
    assert "Je wijziging wacht op je betaling. Tot dan blijven je oude tickets geldig." in words(page)
    assert "QR-code van ticket 2" in page
    assert "QR-code van ticket 3" not in page
    assert "Ticket 1 van" not in page
    await world.post_form(f"{own}/wijziging-laten-vallen")
    assert await statuses(world, booking_id) == ["confirmed", "confirmed", "lapsed", "lapsed"]
    assert await faults(world) == []


async def test_who_paid_for_a_change_or_left_that_page_comes_back_to_their_booking(world: World) -> None:
    first, other, anna, booking_id = await stage(world, credit_cents=1000)
    own = f"/dender/boekingen/{booking_id}"
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})
    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    await world.post_form(f"{own}/wijzigen", **said_yes(shown))
    payment_id = await world.value(
        "SELECT id FROM credits.payment WHERE booking_id = $1 ORDER BY made_at DESC LIMIT 1", booking_id
    )

    back = await world.client.get(f"/dender/betalingen/{payment_id}/terug")
    page = await world.client.get(back.headers["location"])

    assert back.headers["location"].partition("?")[0] == own
    assert "Tot dan blijven je oude tickets geldig." in words(page.text)
    assert "Laat de wijziging vallen" in words(page.text)


async def test_credit_that_paid_the_other_date_at_once_is_not_told_as_returned(world: World) -> None:
    """Of a date that is dearer nothing came back; of two places that became one, one of the dearer did."""
    first, other, anna, booking_id = await stage(world)
    own, field = f"/dender/boekingen/{booking_id}", f"base.{anna.membership_id.hex}"
    said = []
    for date, to, count in ((first, other, 2), (other, other, 1)):
        world.clock.move(timedelta(minutes=1))
        shown = (await world.client.get(f"{own}/wijzigen", params=chosen(date, to, **{field: count}))).text
        await world.post_form(f"{own}/wijzigen", **said_yes(shown))
        said.append(words((await world.client.get(own)).text))

    assert "krediet terug" not in said[0]
    assert "Betaald met krediet € 14,00" in said[0]
    assert "Je kreeg € 3,00 krediet terug." in said[1]
    assert "Betaald met krediet € 7,00" in said[1]


async def test_what_is_typed_wrong_comes_back_with_what_is_wrong_first(world: World) -> None:
    first, other, anna, booking_id = await stage(world)
    field = f"base.{anna.membership_id.hex}"
    asked = chosen(first, other) | {f"aantal-{field}": "veel"}

    page = await world.client.get(f"/dender/boekingen/{booking_id}/wijzigen", params=asked)
    none = await world.client.get(
        f"/dender/boekingen/{booking_id}/wijzigen", params=chosen(first, other, **{field: 0})
    )

    assert (page.status_code, none.status_code) == (422, 422)
    assert 'value="veel"' in page.text
    assert "Kies minstens één plaats." in words(none.text)


async def test_a_price_that_rose_since_it_was_shown_is_refused_and_shown_anew(world: World) -> None:
    first, other, anna, booking_id = await stage(world)
    own = f"/dender/boekingen/{booking_id}/wijzigen"
    shown = (
        await world.client.get(own, params=chosen(first, other, **{f"base.{anna.membership_id.hex}": 2}))
    ).text
    await world.execute("UPDATE reservations.tariff SET price_cents = 800 WHERE session_id = $1", other.id)

    answer = await world.post_form(own, **said_yes(shown))

    assert answer.status_code == 409
    assert "Er gaat € 6,00 krediet meer af." in words(answer.text)
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]


async def test_a_booking_of_somebody_else_is_not_there(world: World) -> None:
    _, _, _, booking_id = await stage(world)
    await world.sign_in(await world.resident())

    for address in ("wijzigen", "wijziging-laten-vallen"):
        answer = await world.post_form(f"/dender/boekingen/{booking_id}/{address}")
        assert answer.status_code == 404


async def test_a_date_that_was_called_off_is_changed_for_another_by_its_page(world: World) -> None:
    first, other, anna, booking_id = await stage(world)
    await call_off(world, first)
    own = f"/dender/boekingen/{booking_id}"
    assert "Kies een andere datum" in (await world.client.get(own)).text

    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})
    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    await world.post_form(f"{own}/wijzigen", **said_yes(shown))

    assert await statuses(world, booking_id) == ["cancelled", "cancelled", "confirmed", "confirmed"]
    assert await world.available_cents(anna) == 5000 - 1400
    assert await faults(world) == []


async def test_a_guest_takes_fewer_places_by_their_link(world: World) -> None:
    session = await world.session(price_cents=0)
    booking_id = await guest_books(world, session, places=2)
    link = link_of(world, booking_id)

    shown = (await world.client.get(f"{link}/wijzigen", params=chosen(session, session, base=1))).text
    done = await world.post_form(f"{link}/wijzigen", **said_yes(shown))

    assert done.headers["location"] == f"{link}?gedaan=gewijzigd"
    assert await statuses(world, booking_id) == ["confirmed", "cancelled"]


async def test_a_ticket_for_a_family_is_said_in_places_and_with_its_rules(world: World) -> None:
    session = await world.session(20, 500)
    await world.tariff(session, "gezin", 1500, name="Gezin", weight=4)
    await world.tariff(session, "groep", 300, name="Groep", least=10)
    anna = await world.resident(credit_cents=9000)
    made = await world.book(anna, session, tariff="gezin")
    assert isinstance(made, Booked)
    await world.sign_in(anna)
    own = f"/dender/boekingen/{made.booking.id}/wijzigen"
    three = chosen(session, session, **{f"gezin.{anna.membership_id.hex}": 3})

    page = words((await world.client.get(own)).text)
    shown = words((await world.client.get(own, params=three)).text)

    assert "€ 15,00 · neemt 4 plaatsen" in page
    assert "€ 3,00 · vanaf 10 plaatsen" in page
    assert "4 plaatsen op" in shown
    assert "Nieuw: 8 plaatsen op" in shown
