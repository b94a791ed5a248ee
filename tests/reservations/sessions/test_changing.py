"""A date is postponed, moved, called off or goes on after all, at the desk of its organiser."""

import re
from asyncio import create_task, gather, shield, wait_for
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from reservations.booking.actor import ByHolder
from reservations.booking.answers import Ended
from reservations.booking.commands import Command, GiveUp, PayWith
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scan, Scope, check_in
from reservations.checkin.errors import TooEarlyToCheckIn
from reservations.errors import NotOnSale, SessionCancelled, SessionPostponed
from reservations.sessions import calling_off
from tests.builders import TONIGHT, Resident, Session, World
from tests.credits.books import figures
from tests.reservations.dates import (
    LATER,
    booked,
    call_off,
    call_off_all,
    come,
    deliver,
    earning,
    faults,
    move,
    payable_cents,
    plain,
    postpone,
    restore,
    settle,
    show,
    start_of,
    status_of,
    statuses,
)
from tests.reservations.guest.guests import guest_books, takes_money
from tests.reservations.sessions.test_desk import desk, page_of, text_of
from uit.core.errors import Busy
from uit.core.seal import TicketSeal

VERBS = ("afgelasten", "uitstellen", "verplaatsen", "hervatten")
NEW_TIME = {"day": "2026-03-14", "starts": "20:00", "ends": "22:30"}


async def with_guest(world: World, places: int = 2, **when: Any) -> tuple[Session, Resident, Any]:
    """A session, somebody who booked it, and the id of that booking. What they were mailed is gone."""
    session, anna = await world.session(price_cents=300, **when), await world.resident(credit_cents=1000)
    booking_id = await booked(world, anna, session, places=places)
    await deliver(world)
    return session, anna, booking_id


async def leave(world: World, who: Resident, booking_id: Any) -> object:
    return await world.services.turnstile.answer(GiveUp(1, booking_id, ByHolder(who.membership_id)))


# Postponed


@pytest.mark.parametrize("rule", ["attendance", "cancellation_limit", "session_end"])
async def test_when_the_old_end_of_a_postponed_date_passes_nothing_is_earned_and_nobody_is_absent(
    world: World, rule: str
) -> None:
    session, anna, booking_id = await with_guest(world)
    await earning(world, rule)
    await postpone(world, session)

    await settle(world, timedelta(days=10) + LATER)

    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]
    assert await payable_cents(world, session) == 0
    assert await figures(world, anna) == (400, 600, 0, 0, 0)
    assert await faults(world) == []


@pytest.mark.parametrize("status", ["postponed", "suspended", "cancelled"])
async def test_of_two_dates_the_one_that_does_not_take_place_earns_nothing_when_the_other_does(
    world: World, status: str
) -> None:
    off = await world.session(price_cents=300)
    other = await world.session(price_cents=400, starts_in=timedelta(days=12))
    booking_id = await booked(world, await world.resident(credit_cents=1000), off, other)
    await earning(world, "session_end")
    await world.execute("UPDATE reservations.session SET status = $2 WHERE id = $1", off.id, status)

    await settle(world, timedelta(days=12) + LATER)

    assert (await payable_cents(world, off), await payable_cents(world, other)) == (0, 400)
    assert await statuses(world, booking_id) == ["confirmed", "no_show"]


async def test_nobody_is_let_in_to_a_postponed_date(world: World) -> None:
    session, _, booking_id = await with_guest(world, **TONIGHT)
    await postpone(world, session)

    assert await show(world, session, booking_id) == SessionPostponed(session.id)
    world.clock.set(await start_of(world, session))
    assert await show(world, session, booking_id) == SessionPostponed(session.id)
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]


async def test_a_client_that_checks_in_a_postponed_date_is_told_so_with_a_code(world: World) -> None:
    session, anna = await world.session(**TONIGHT), await world.resident(credit_cents=500)
    headers = await world.api_client(session.organiser_id)
    line = {"session_id": str(session.id), "tariff": "base", "places": 1}
    made = await world.client.put(
        "/api/v1/bookings/019c0000-0000-7000-8000-000000000001",
        json={"lines": [line], "pass_token": anna.token},
        headers=headers,
    )
    await postpone(world, session)

    ticket = made.json()["lines"][0]["tickets"][0]["ticket"]
    answer = await world.client.post("/api/v1/checkins", json={"ticket": ticket}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "reservations.session_postponed")


@pytest.mark.parametrize("days", [0, 9.5, 12, 400])
async def test_a_postponed_date_can_be_left_for_free_at_any_time(world: World, days: float) -> None:
    session, anna, booking_id = await with_guest(world)
    await postpone(world, session)
    world.clock.move(timedelta(days=days))

    assert isinstance(await leave(world, anna, booking_id), Ended)

    assert await world.value("SELECT array_agg(DISTINCT ending::text) FROM reservations.ticket") == [
        "moved_away"
    ]
    assert await figures(world, anna) == (1000, 0, 0, 0, 0)
    assert await world.places_left(session) == 10
    assert await faults(world) == []


async def test_a_postponed_date_that_was_settled_can_be_left_too(world: World) -> None:
    session, anna, booking_id = await with_guest(world)
    await earning(world, "cancellation_limit")
    await settle(world, timedelta(days=9))
    await postpone(world, session)

    assert isinstance(await leave(world, anna, booking_id), Ended)

    assert (await payable_cents(world, session), await world.available_cents(anna)) == (0, 1000)


async def test_a_postponed_date_is_not_sold(world: World) -> None:
    session, _, _ = await with_guest(world)
    await postpone(world, session)

    assert isinstance(await world.book(await world.resident(credit_cents=500), session), NotOnSale)


async def test_the_page_of_a_postponed_ticket_says_so_also_after_its_old_end(world: World) -> None:
    session, anna, booking_id = await with_guest(world)
    await postpone(world, session, "De acteur is ziek.")

    for days in (0, 11):
        world.clock.move(timedelta(days=days))
        await world.sign_in(anna)
        page = text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))
        assert "Dit is uitgesteld" in page
        assert "Er is nog geen nieuwe datum. Je ticket blijft geldig" in page
        assert "De acteur is ziek." in page
        assert "Je kan altijd annuleren." in page
        assert "De kleine prins" in text_of(await world.client.get("/dender/mijn-boekingen"))


async def test_a_postponed_date_goes_on_again_and_is_earned_as_ever(world: World) -> None:
    session, _, booking_id = await with_guest(world, places=1)
    await postpone(world, session)
    world.clock.move(timedelta(days=3))

    await restore(world, session)

    assert await status_of(world, session) == "scheduled"
    await come(world, session, booking_id)
    await settle(world)
    assert await payable_cents(world, session) == 300
    assert await faults(world) == []


async def test_a_postponed_date_gets_a_new_time_after_its_old_one_has_passed(world: World) -> None:
    session, _, booking_id = await with_guest(world, places=1)
    await postpone(world, session)
    world.clock.move(timedelta(days=15))

    await move(world, session, timedelta(days=20))

    assert (await status_of(world, session), await statuses(world, booking_id)) == (
        "scheduled",
        ["confirmed"],
    )
    await come(world, session, booking_id)
    await settle(world)
    assert await payable_cents(world, session) == 300


# Moved


async def test_who_was_let_in_before_a_date_moved_is_let_in_again_at_its_new_time(world: World) -> None:
    session, _, booking_id = await with_guest(world, places=1, **TONIGHT)
    assert isinstance(await show(world, session, booking_id), CheckedIn)

    await move(world, session, timedelta(days=1))

    assert await statuses(world, booking_id) == ["confirmed"]
    await come(world, session, booking_id)


async def test_a_date_that_moved_shows_its_new_hour_and_what_it_was(world: World) -> None:
    session, anna, booking_id = await with_guest(world)
    world.clock.move(timedelta(minutes=1))
    await move(world, session, timedelta(minutes=30))

    await world.sign_in(anna)
    page = text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))

    assert "Ander moment" in page
    assert "Eerst was dit do 12 mrt, 10 u." in page
    assert "do 12 mrt, 10.30 u" in page


# Called off, and on again


async def test_who_got_their_credit_back_is_told_that_it_goes_on_and_has_to_book_anew(world: World) -> None:
    session, anna, booking_id = await with_guest(world)
    await call_off(world, session)
    await deliver(world)

    await restore(world, session)

    [mail] = await deliver(world)
    assert mail["Subject"].startswith("Gaat toch door: De kleine prins")
    assert "Wil je toch komen? Boek dan opnieuw." in plain(mail)
    assert await statuses(world, booking_id) == ["cancelled", "cancelled"]
    await booked(world, anna, session)


async def test_a_date_called_off_lets_nobody_in_before_the_worker_came_by(world: World) -> None:
    session, _, booking_id = await with_guest(world, **TONIGHT)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    await world.post_form(f"{page_of(session)}/wijzigen/afgelasten")

    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]
    assert await show(world, session, booking_id) == SessionCancelled(session.id)
    await call_off_all(world.services)
    assert await statuses(world, booking_id) == ["cancelled", "cancelled"]


async def test_a_booking_that_cannot_end_holds_up_none_of_a_date_that_is_called_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pool says that fewer places are taken than it has: a fault of ours, found by a named constraint."""
    monkeypatch.setattr(calling_off, "AT_ONCE", 1)
    session, anna = await world.session(price_cents=100), await world.resident(credit_cents=1000)
    torn, whole = sorted([await booked(world, anna, session) for _ in range(2)])
    await world.execute("UPDATE reservations.ticket SET weight = 5 WHERE booking_id = $1", torn)

    await call_off(world, session)

    assert await statuses(world, torn) == ["confirmed"]
    assert await statuses(world, whole) == ["cancelled"]
    due_at = await world.value("SELECT due_at FROM reservations.session")
    assert due_at == world.clock.now() + timedelta(hours=1)


async def test_what_the_turnstile_had_no_time_for_is_called_off_a_minute_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _, booking_id = await with_guest(world)

    async def busy(_command: Command) -> Busy:
        return Busy(retry_after_seconds=1)

    with monkeypatch.context() as patch:
        patch.setattr(world.services.turnstile, "answer", busy)
        await call_off(world, session)
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]

    world.clock.move(timedelta(minutes=1))
    await call_off_all(world.services)

    assert await statuses(world, booking_id) == ["cancelled", "cancelled"]


# At the desk


@pytest.mark.parametrize("verb", VERBS)
async def test_a_page_first_shows_whom_a_change_touches_and_changes_nothing(world: World, verb: str) -> None:
    session, _, _ = await with_guest(world)
    nameless = await world.resident(credit_cents=1000)
    await booked(world, nameless, session)
    await world.execute("UPDATE identity.person SET email = NULL WHERE id = $1", nameless.person_id)
    await takes_money(world, session)
    await guest_books(world, session, pay_with=PayWith.DESK, payment_id=uuid4())
    if verb == "hervatten":
        await postpone(world, session)
    before = await status_of(world, session)
    await deliver(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    shown = text_of(await world.client.get(f"{page_of(session)}/wijzigen/{verb}"))

    assert "Boekingen 3 Mensen 4 Zo horen ze het 2 per mail, 1 niet bereikt" in shown
    assert await status_of(world, session) == before
    assert await deliver(world) == []


async def test_the_page_of_a_change_that_makes_no_sense_leads_back_to_the_date(world: World) -> None:
    session, _, _ = await with_guest(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    odd = await world.client.get(f"{page_of(session)}/wijzigen/hervatten")

    assert (odd.status_code, odd.headers["location"]) == (303, page_of(session))


@pytest.mark.parametrize(
    ("verb", "typed", "status", "subject"),
    [
        ("afgelasten", {"reason": "De zaal is beschadigd."}, "cancelled", "Gaat niet door"),
        ("uitstellen", {"reason": "De zaal is beschadigd."}, "postponed", "Uitgesteld"),
        ("verplaatsen", NEW_TIME, "scheduled", "Nieuwe datum"),
    ],
)
async def test_a_change_that_is_sent_twice_happens_once_and_everybody_is_told_once(
    world: World, verb: str, typed: dict[str, str], status: str, subject: str
) -> None:
    session, _, _ = await with_guest(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    answers = [await world.post_form(f"{page_of(session)}/wijzigen/{verb}", **typed) for _ in range(2)]
    await call_off_all(world.services)

    assert [each.headers.get("location") for each in answers] == [f"{page_of(session)}?gedaan={verb}"] * 2
    assert await status_of(world, session) == status
    [mail] = await deliver(world)
    assert mail["Subject"].startswith(subject)
    assert await world.value("SELECT count(*) FROM uit.audit WHERE subject_kind = 'session'") == 1
    assert await faults(world) == []


async def test_a_date_that_moved_at_the_desk_keeps_what_it_was_before(world: World) -> None:
    session, _, _ = await with_guest(world)
    before = await start_of(world, session)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    for _ in range(2):
        await world.post_form(f"{page_of(session)}/wijzigen/verplaatsen", **NEW_TIME)

    assert await world.value("SELECT moved_from FROM reservations.session") == before
    assert (await start_of(world, session)).isoformat() == "2026-03-14T19:00:00+00:00"


async def test_what_goes_on_after_all_does_so_at_the_desk_once(world: World) -> None:
    session, _, _ = await with_guest(world)
    await postpone(world, session)
    await deliver(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    address = f"{page_of(session)}/wijzigen/hervatten"

    done, again = [await world.post_form(address) for _ in range(2)]

    assert (done.status_code, again.status_code) == (303, 409)
    assert await status_of(world, session) == "scheduled"
    assert len(await deliver(world)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "", "starts": "20:00", "ends": "22:00"}, "Kies een dag."),
        ({"day": "2026-03-14", "starts": "laat", "ends": "22:00"}, "Vul een uur in, zoals 20:00."),
        ({"day": "2026-03-01", "starts": "20:00", "ends": "22:00"}, "Dit moment is al voorbij."),
        ({"day": "2199-12-31", "starts": "20:00", "ends": "22:00"}, "Dat is te ver."),
        ({"day": "9999-12-31", "starts": "23:00", "ends": "1:00"}, "Kies een dag."),
    ],
)
async def test_a_moment_that_is_none_is_asked_again_and_nothing_moves(
    world: World, typed: dict[str, str], said: str
) -> None:
    session, _, _ = await with_guest(world)
    before = await start_of(world, session)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    again = await world.post_form(f"{page_of(session)}/wijzigen/verplaatsen", **typed)

    assert again.status_code == 422
    assert said in text_of(again)
    assert await start_of(world, session) == before


async def test_the_moment_that_it_has_is_no_other_moment(world: World) -> None:
    session, _, _ = await with_guest(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    address = f"{page_of(session)}/wijzigen/verplaatsen"
    form = (await world.client.get(address)).text
    fields = dict(re.findall(r'name="(shown|day|starts|ends)"[^>]*?value="([^"]*)"', form))

    again = await world.post_form(address, **fields)

    assert set(fields) == {"shown", "day", "starts", "ends"}
    assert again.status_code == 422
    assert "er verandert niets" in text_of(again)
    assert await deliver(world) == []


async def test_a_date_does_not_move_to_where_its_activity_has_one_already(world: World) -> None:
    session, _, _ = await with_guest(world)
    other = await world.session(organiser_id=session.organiser_id)
    await world.execute(
        "UPDATE reservations.session SET event_id = $1, starts_at = $2, ends_at = $3 WHERE id = $4",
        session.event_id, datetime(2026, 3, 14, 19, tzinfo=UTC), datetime(2026, 3, 14, 21, tzinfo=UTC),
        other.id,
    )  # fmt: skip
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    before = await start_of(world, session)

    again = await world.post_form(f"{page_of(session)}/wijzigen/verplaatsen", **NEW_TIME)

    assert again.status_code == 422
    assert "Deze activiteit heeft op dat moment al een datum." in text_of(again)
    assert await start_of(world, session) == before


@pytest.mark.parametrize("verb", ["afgelasten", "uitstellen", "verplaatsen"])
async def test_what_took_place_is_not_changed_any_more(world: World, verb: str) -> None:
    session, _, _ = await with_guest(world)
    world.clock.move(timedelta(days=11))
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    typed = NEW_TIME | {"day": "2026-04-01"}

    refused = await world.post_form(f"{page_of(session)}/wijzigen/{verb}", **typed)

    assert refused.status_code == 409
    assert await status_of(world, session) == "scheduled"


@pytest.mark.parametrize("verb", ["uitstellen", "verplaatsen"])
async def test_what_was_called_off_first_has_to_go_on(world: World, verb: str) -> None:
    session, _, _ = await with_guest(world)
    await call_off(world, session)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    refused = await world.post_form(f"{page_of(session)}/wijzigen/{verb}", **NEW_TIME)

    assert refused.status_code == 409
    assert await status_of(world, session) == "cancelled"


async def test_an_unknown_change_is_not_there(world: World) -> None:
    session, _, _ = await with_guest(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    for ask in (world.client.get, world.post_form):
        assert (await ask(f"{page_of(session)}/wijzigen/vernietigen")).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
async def test_another_organiser_changes_nothing(world: World, verb: str) -> None:
    session, _, _ = await with_guest(world)
    own = await world.session()
    await world.sign_in_staff("organiser", organiser_id=own.organiser_id)
    theirs, through_own_desk = page_of(session), f"{desk(own)}/sessies/{session.id}"

    for address, status in ((theirs, 403), (through_own_desk, 404)):
        assert (await world.client.get(f"{address}/wijzigen/{verb}")).status_code == status
        assert (await world.post_form(f"{address}/wijzigen/{verb}", **NEW_TIME)).status_code == status
    assert await status_of(world, session) == "scheduled"
    assert await deliver(world) == []


@pytest.mark.parametrize("role", ["box_office", "programme_officer"])
async def test_a_box_office_and_an_officer_change_no_date_on_their_own(world: World, role: str) -> None:
    session, _, _ = await with_guest(world)
    organiser_id = session.organiser_id if role == "box_office" else None
    await world.sign_in_staff(role, organiser_id=organiser_id)

    answer = await world.post_form(f"{page_of(session)}/wijzigen/afgelasten")

    assert answer.status_code == 403
    assert await status_of(world, session) == "scheduled"
    assert not re.search(r"wijzigen", (await world.client.get(page_of(session))).text)


async def test_a_date_called_off_while_it_is_settled_and_left_gives_everything_back_once(
    world: World,
) -> None:
    session = await world.session(seats=40, price_cents=300)
    people = [await world.resident(credit_cents=600) for _ in range(8)]
    made = [await booked(world, who, session, places=2) for who in people]
    await earning(world, "cancellation_limit")
    world.clock.move(timedelta(days=9))

    await gather(
        *(settle(world) for _ in range(2)),
        call_off(world, session),
        *(leave(world, who, booking_id) for who, booking_id in zip(people[:4], made, strict=False)),
    )
    await call_off_all(world.services)

    assert {status for each in made for status in await statuses(world, each)} == {"cancelled"}
    assert await payable_cents(world, session) == 0
    assert await world.available_cents(*people) == 8 * 600
    assert await world.places_left(session) == 40
    assert await faults(world) == []


async def test_a_date_moved_while_people_book_and_leave_counts_its_places_right(world: World) -> None:
    session = await world.session(seats=12, price_cents=300)
    people = [await world.resident(credit_cents=600) for _ in range(16)]
    made = [await booked(world, who, session) for who in people[:6]]

    await gather(
        move(world, session, timedelta(minutes=30)),
        *(leave(world, who, booking_id) for who, booking_id in zip(people[:3], made, strict=False)),
        *(world.book(who, session) for who in people[6:]),
        postpone(world, session),
    )

    live = await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'confirmed'")
    assert await world.places_left(session) == 12 - live
    assert live <= 12
    assert await faults(world) == []


async def test_a_check_in_that_is_under_way_while_its_date_moves_is_not_one_for_the_new_hour(
    world: World,
) -> None:
    session, anna = await world.session(**TONIGHT), await world.resident(credit_cents=5000)
    booking_id = await booked(world, anna, session)
    scope = Scope(1, frozenset({session.organiser_id}))
    scan = Scan(TicketSeal(1, booking_id, 1, 1), scope, CheckinActor("staff", "an"), uuid4())
    async with world.services.database.transaction() as door:
        assert isinstance(await check_in(door, scan, world.clock, world.services.ids), CheckedIn)
        moving = create_task(move(world, session, timedelta(days=7)))
        with pytest.raises(TimeoutError):
            await wait_for(shield(moving), 0.3)
    await moving

    assert await statuses(world, booking_id) == ["confirmed"]
    assert isinstance(await show(world, session, booking_id), TooEarlyToCheckIn)
    assert await faults(world) == []
