"""A resident changes numbered seats on the page of their booking: kept, chosen by themselves, or the best."""

from uuid import UUID

from reservations.seats.plan import PlanLine
from tests.builders import Resident, Session, World
from tests.reservations.booking.test_giving_up import words
from tests.reservations.changes.test_pages import chosen, said_yes
from tests.reservations.changes.town import booked, line
from tests.reservations.dates import call_off, faults
from tests.reservations.guest.guests import guest_books, link_of
from tests.reservations.seats.world import block, seated, seats_taken


async def two_evenings(world: World, *lines: PlanLine) -> tuple[Session, Session]:
    """Two dates of one activity, both with the same hall."""
    first = await seated(world, *lines, best_row="B")
    second = await seated(world, *lines, best_row="B", organiser_id=first.organiser_id)
    await world.execute(
        "UPDATE reservations.session SET event_id = $1, starts_at = starts_at + interval '1 day',"
        " ends_at = ends_at + interval '1 day' WHERE id = $2",
        first.event_id, second.id,
    )  # fmt: skip
    return first, second


async def with_two_seats(world: World, first: Session, *seats: str) -> tuple[Resident, str, dict[str, int]]:
    """Somebody who is signed in and has these seats: the address of their change, and their field."""
    anna, headers = await world.resident(credit_cents=5000), await world.api_client(first.organiser_id)
    booking = await booked(world, headers, line(first, len(seats), anna) | {"seats": list(seats)})
    await world.sign_in(anna)
    await claim(world, UUID(booking["booking_id"]), anna)
    return anna, f"/dender/boekingen/{booking['booking_id']}/wijzigen", field(anna, len(seats))


async def claim(world: World, booking_id: UUID, who: Resident) -> None:
    await world.execute(
        "UPDATE reservations.booking SET actor_kind = 'holder', actor_id = $2 WHERE id = $1",
        booking_id, str(who.membership_id),
    )  # fmt: skip


def field(who: Resident, places: int) -> dict[str, int]:
    return {f"base.{who.membership_id.hex}": places}


async def test_two_seats_are_changed_for_two_that_one_chooses_on_another_day(world: World) -> None:
    first, second = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "A-1", "A-2")
    asked = {**chosen(first, second, **places), "stap": "stoelen"}

    hall = (await world.client.get(page, params=asked)).text
    ticked = {"stoel-B-5": "B-5", "stoel-B-6": "B-6", "stoelen-voor": str(second.id), "klaar": "ja"}
    shown = (await world.client.get(page, params=asked | ticked)).text
    done = await world.post_form(page, **said_yes(shown))

    assert "Kies 2 stoelen" in hall
    assert hall.count('type="checkbox"') == 18
    assert "Nieuw: 2 plaatsen" in words(shown)
    assert "rij B, stoel 5 en 6" in words(shown)
    assert done.status_code == 303
    assert (await seats_taken(world, first), await seats_taken(world, second)) == ([], ["B-5", "B-6"])
    assert await faults(world) == []


async def test_without_a_choice_the_best_seats_of_the_other_day_are_shown_and_taken(world: World) -> None:
    first, second = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "A-1", "A-2")

    shown = (await world.client.get(page, params=chosen(first, second, **places))).text
    await world.post_form(page, **said_yes(shown))

    assert "rij B, stoel 3 en 4" in words(shown)
    assert await seats_taken(world, second) == ["B-3", "B-4"]


async def test_on_the_same_day_one_keeps_ones_seats_and_who_joins_sits_beside(world: World) -> None:
    first, _ = await two_evenings(world)
    anna, page, _ = await with_two_seats(world, first, "C-5", "C-6")

    shown = (await world.client.get(page, params=chosen(first, first, **field(anna, 3)))).text
    await world.post_form(page, **said_yes(shown))

    assert "Je hebt nu rij C, stoel 5 en 6. Die houd je." in words(shown)
    assert await seats_taken(world, first) == ["C-4", "C-5", "C-6"]


async def test_in_the_hall_ones_own_seats_are_free_and_ticked_and_those_of_others_are_not(
    world: World,
) -> None:
    first, _ = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "A-1", "A-2")
    await block(world, first, "A-3")

    hall = (await world.client.get(page, params=chosen(first, first, **places) | {"stap": "stoelen"})).text

    assert hall.count(" checked") == 2
    assert 'name="stoel-A-3"' not in hall
    assert "Je hebt nu rij A, stoel 1 en 2." in words(hall)


async def test_who_keeps_one_seat_and_changes_the_other_gets_one_new_ticket(world: World) -> None:
    first, _ = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "A-1", "A-2")
    ticked = {"stoelen": "A-2,A-3", "stoelen-voor": str(first.id)}

    shown = (await world.client.get(page, params=chosen(first, first, **places) | ticked)).text
    await world.post_form(page, **said_yes(shown))

    assert "1 plaats op" in words(shown)
    assert await seats_taken(world, first) == ["A-2", "A-3"]


async def test_too_few_seats_are_said_in_the_hall_with_what_was_ticked(world: World) -> None:
    first, second = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "A-1", "A-2")
    asked = {**chosen(first, second, **places), "stap": "stoelen", "klaar": "ja"}

    answer = await world.client.get(page, params=asked | {"stoel-B-1": "B-1", "stoelen-voor": str(second.id)})

    assert answer.status_code == 422
    assert "Kies 2 stoelen. Je koos er 1." in answer.text
    assert 'href="#stoel"' in answer.text
    assert answer.text.count(" checked") == 1


async def test_seats_that_were_chosen_of_one_day_mean_nothing_for_another(world: World) -> None:
    first, second = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "A-1", "A-2")
    of_first = {"stoelen": "C-5,C-6", "stoelen-voor": str(first.id)}

    shown = (await world.client.get(page, params=chosen(first, second, **places) | of_first)).text

    assert "rij B, stoel 3 en 4" in words(shown)


async def test_a_wheelchair_goes_along_to_the_other_day_with_who_sits_beside_it(world: World) -> None:
    first, second = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "C-1", "C-2")

    shown = (await world.client.get(page, params=chosen(first, second, **places))).text
    await world.post_form(page, **said_yes(shown))

    assert "Hoeveel daarvan met een rolstoel?" in shown
    assert await seats_taken(world, second) == ["C-1", "C-2"]


async def test_where_nobody_can_sit_beside_the_wheelchair_it_is_said_before_anything_is_confirmed(
    world: World,
) -> None:
    first, second = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "C-1", "C-2")
    await block(world, second, "C-2")
    apart = {"stoelen": "C-1,C-3", "stoelen-voor": str(second.id)}

    asked = await world.client.get(page, params=chosen(first, second, **places))
    chosen_so = (await world.client.get(page, params=chosen(first, second, **places) | apart)).text
    await world.post_form(page, **said_yes(chosen_so))

    assert asked.status_code == 409
    assert "Wie meekomt, kan hier niet naast de rolstoel zitten." in words(asked.text)
    assert "Ja, wijzig de boeking" not in asked.text
    assert "Kies zelf je stoelen" in asked.text
    assert "Zo zit wie meekomt niet naast de plaats voor een rolstoel." in words(chosen_so)
    assert await seats_taken(world, second) == ["C-1", "C-3"]


async def test_who_joins_a_wheelchair_on_the_same_day_sits_beside_it_or_hears_that_they_cannot(
    world: World,
) -> None:
    first, _ = await two_evenings(world)
    anna, page, _ = await with_two_seats(world, first, "C-1")
    asked = chosen(first, first, **field(anna, 2))
    await block(world, first, "C-2")
    refused = await world.client.get(page, params=asked)
    await world.execute("DELETE FROM reservations.blocked_seat")

    shown = (await world.client.get(page, params=asked)).text
    await world.post_form(page, **said_yes(shown))

    assert refused.status_code == 409
    assert await seats_taken(world, first) == ["C-1", "C-2"]


async def test_a_wheelchair_goes_along_from_a_date_that_was_called_off(world: World) -> None:
    first, second = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "C-1", "C-2")
    await call_off(world, first)

    shown = (await world.client.get(page, params=chosen(first, second, **places))).text
    await world.post_form(page, **said_yes(shown))

    assert await seats_taken(world, second) == ["C-1", "C-2"]


async def test_a_change_with_a_wheelchair_that_is_sent_twice_is_done_once(world: World) -> None:
    first, second = await two_evenings(world)
    _, page, places = await with_two_seats(world, first, "C-1", "C-2")
    shown = (await world.client.get(page, params=chosen(first, second, **places))).text

    answers = [await world.post_form(page, **said_yes(shown)) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert await seats_taken(world, second) == ["C-1", "C-2"]


async def test_a_guest_chooses_other_seats_by_their_link(world: World) -> None:
    session = await seated(world, price_cents=0, best_row="A")
    link = link_of(world, await guest_books(world, session, places=2))
    asked = chosen(session, session, base=2) | {"stoelen": "B-1,B-2", "stoelen-voor": str(session.id)}

    shown = (await world.client.get(f"{link}/wijzigen", params=asked)).text
    await world.post_form(f"{link}/wijzigen", **said_yes(shown))

    assert await seats_taken(world, session) == ["B-1", "B-2"]
