"""A price that asks a code, in a booking that changes: what was proven stays so, and for more it is asked."""

from datetime import timedelta

from reservations.booking.answers import Booked
from reservations.booking.price_code import code_digest
from tests.builders import Session, World
from tests.reservations.booking.test_giving_up import hidden, words
from tests.reservations.changes.test_changes import stage as api_stage
from tests.reservations.changes.test_pages import chosen, said_yes, stage
from tests.reservations.changes.town import booked, change, line, refused, tickets
from tests.reservations.conditions import ask
from tests.reservations.counter.helpers import at_the_counter
from tests.reservations.dates import call_off, faults, statuses
from tests.reservations.guest.guests import guest_books, link_of
from uit.core.clock import day_in_flanders

TYPED = "hop zolder"


async def with_code(world: World, *sessions: Session, **more: object) -> str | None:
    """Makes the base price of these dates, of one activity, ask a code: what is kept of it."""
    digest = code_digest(world.services.secrets.signing, 1, TYPED)
    await ask(world, sessions[0], "base", code_digest=digest, **more)
    return digest


async def as_one_activity(world: World, first: Session, other: Session) -> None:
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = $2", first.event_id, other.id
    )


async def test_a_ticket_that_was_booked_with_a_code_goes_to_another_date_without_asking_it(
    world: World,
) -> None:
    first, other, anna, booking_id = await stage(world)
    yesterday = day_in_flanders(world.clock.now()) - timedelta(days=1)
    await with_code(world, first, code_until=yesterday)
    asked = chosen(first, other, **{f"base.{anna.membership_id.hex}": 2})
    own = f"/dender/boekingen/{booking_id}/wijzigen"

    shown = (await world.client.get(own, params=asked)).text
    done = await world.post_form(own, **said_yes_of(shown))

    assert "Nieuw: 2 plaatsen" in words(shown)
    assert done.status_code == 303, done.text
    assert await statuses(world, booking_id) == ["cancelled", "cancelled", "confirmed", "confirmed"]
    assert await faults(world) == []


def said_yes_of(page: str) -> dict[str, str]:
    """What the form of the second step sends; the form below it is sent as a post as well."""
    return hidden(page[: page.index('name="sessie"', page.index("Ja, wijzig"))])


async def test_for_one_more_the_code_is_typed_on_the_page_and_stands_in_no_address(world: World) -> None:
    first, _, anna, booking_id = await stage(world)
    await with_code(world, first, code_uses=10)
    asked = chosen(first, first, **{f"base.{anna.membership_id.hex}": 3})
    own = f"/dender/boekingen/{booking_id}/wijzigen"

    without = await world.post_form(own, **asked)
    in_address = await world.client.get(own, params={**asked, "code": TYPED})
    wrong = await world.post_form(own, **asked, code="something else")
    shown = await world.post_form(own, **asked, code=TYPED)
    assert shown.status_code == 200, words(shown.text)
    yes = said_yes_of(shown.text)
    unsaid = await world.post_form(own, **{**yes, "code": ""})
    done = await world.post_form(own, **yes)

    for answer in (without, in_address, unsaid):
        assert answer.status_code == 422
        assert "vraagt een code" in words(answer.text)
        assert 'name="code"' in answer.text
    assert (wrong.status_code, 'value="something else"' in wrong.text) == (422, True)
    assert (done.status_code, len(await statuses(world, booking_id))) == (303, 3)
    assert TYPED not in in_address.text
    assert await faults(world) == []


async def test_trying_codes_in_a_change_is_limited(world: World) -> None:
    first, _, anna, booking_id = await stage(world)
    await with_code(world, first)
    asked = chosen(first, first, **{f"base.{anna.membership_id.hex}": 3})
    own = f"/dender/boekingen/{booking_id}/wijzigen"

    tries = [await world.post_form(own, **asked, code=f"guess {n:03}") for n in range(31)]

    assert [each.status_code for each in tries] == [422] * 30 + [429]


async def test_a_guest_moves_what_they_booked_with_a_code(world: World) -> None:
    first, other = await world.session(price_cents=0), await world.session(price_cents=0)
    await as_one_activity(world, first, other)
    booking_id = await guest_books(world, first, places=2)
    await with_code(world, first)
    own = link_of(world, booking_id) + "/wijzigen"

    page = (await world.client.get(own)).text
    shown = (await world.client.get(own, params=chosen(first, other, base=2))).text
    done = await world.post_form(own, **said_yes_of(shown))

    assert "met een code van de organisator" in words(page)
    assert done.status_code == 303, done.text
    assert await statuses(world, booking_id) == ["cancelled", "cancelled", "confirmed", "confirmed"]


async def test_who_chooses_another_date_for_one_that_was_called_off_has_their_code_still(
    world: World,
) -> None:
    first, other = await world.session(price_cents=0), await world.session(price_cents=0)
    await as_one_activity(world, first, other)
    booking_id = await guest_books(world, first, places=2)
    await with_code(world, first)
    await call_off(world, first)
    own = link_of(world, booking_id) + "/wijzigen"

    shown = (await world.client.get(own, params=chosen(first, other, base=2))).text
    done = await world.post_form(own, **said_yes_of(shown))
    more = await world.post_form(own, **chosen(other, other, base=3))

    assert done.status_code == 303, done.text
    assert (more.status_code, "vraagt een code" in words(more.text)) == (422, True)
    assert (await statuses(world, booking_id))[2:] == ["confirmed", "confirmed"]


async def test_a_program_moves_them_too_and_gives_the_code_for_one_more(world: World) -> None:
    first, other, anna, headers = await api_stage(world)
    before = await booked(world, headers, line(first, 2, anna))
    await as_one_activity(world, first, other)
    await with_code(world, first)

    more = await change(world, headers, before, line(other, 3, anna))
    with_it = await change(world, headers, before, {**line(other, 3, anna), "code": TYPED})
    back = await change(world, headers, before, line(first, 3, anna))

    assert refused(more) == (422, "reservations.code_asked")
    assert with_it.status_code == back.status_code == 200, with_it.text + back.text
    assert [each[2] for each in tickets(back.json())].count("confirmed") == 3


async def test_another_price_or_another_code_is_not_what_was_proven(world: World) -> None:
    first, other, anna, headers = await api_stage(world)
    await world.tariff(first, "vriend", 100)
    before = await booked(world, headers, line(first, 1, anna))
    await with_code(world, other)
    await ask(world, first, "vriend", code_digest=code_digest(world.services.secrets.signing, 1, "another"))

    elsewhere = await change(world, headers, before, line(other, 1, anna))
    cheaper = await change(world, headers, before, line(first, 1, anna, "vriend"))

    assert refused(elsewhere) == refused(cheaper) == (422, "reservations.code_asked")


async def test_a_clerk_sees_the_code_and_types_nothing(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=500)
    await at_the_counter(world, anna)
    made = await world.book(anna, session)
    assert isinstance(made, Booked)
    booking_id = made.booking.id
    await with_code(world, session)
    own = f"/dender/balie/personen/{anna.membership_id}/boekingen/{booking_id}/wijzigen"
    asked = {"stap": "bekijk", f"aantal-base.{anna.membership_id.hex}": "3"}

    shown = (await world.client.get(own, params=asked)).text
    done = await world.post_form(own, **said_yes(shown))

    assert 'name="code"' not in shown
    assert done.status_code == 303, done.text
    assert len(await statuses(world, booking_id)) == 3
