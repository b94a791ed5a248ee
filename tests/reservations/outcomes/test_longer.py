"""An organiser gives longer to choose: once, with a reason, never shorter, and who chooses is told."""

from datetime import timedelta

import pytest

from tests.builders import Session, World
from tests.reservations.choosing.dates import A_WEEK, booked_two, take_all_back, two_dates
from tests.reservations.dates import call_off, call_off_all, deliver, faults, plain, statuses
from tests.reservations.groups.groups import a_group, a_partner, booked
from tests.reservations.groups.test_telling import told, worker_of
from tests.reservations.outcomes.test_outcomes import link_of
from tests.reservations.sessions.test_desk import page_of, text_of

WHY = "Er komt een derde avond bij."


async def called_off(world: World) -> Session:
    """A date that is called off on 2 March, so that one chooses until 9 March, 10 u."""
    first, _ = await two_dates(world)
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)
    return first


async def longer(
    world: World, session: Session, day: str = "20/3/2026", reason: str = WHY
) -> tuple[int, str]:
    answer = await world.post_form(f"{page_of(session)}/geworden/langer", day=day, reason=reason)
    return answer.status_code, text_of(answer)


async def test_who_still_chooses_has_longer_and_is_told_why_once(world: World) -> None:
    first = await called_off(world)
    _, stays = await booked_two(world, first)
    _, gone = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    await take_all_back(world, await link_of(world, first, gone))
    await deliver(world)

    answers = [await longer(world, first) for _ in range(2)]
    [mail] = await deliver(world)
    world.clock.move(A_WEEK + timedelta(hours=1))
    await call_off_all(world.services)

    assert [each[0] for each in answers] == [303, 303]
    assert WHY in plain(mail)
    assert "Dat kan nu voor vr 20 mrt, 23.59 u." in plain(mail)
    assert await statuses(world, stays) == ["confirmed", "confirmed"]
    page = text_of(await world.client.get(await link_of(world, first, stays)))
    assert WHY in page
    assert await faults(world) == []


async def test_once_the_longer_time_is_over_all_of_it_goes_back(world: World) -> None:
    first = await called_off(world)
    anna, booking_id = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    await longer(world, first)

    await call_off_all(world.services)
    world.clock.move(timedelta(days=19))
    await call_off_all(world.services)

    assert await statuses(world, booking_id) == ["cancelled", "cancelled"]
    assert await world.available_cents(anna) == 5000
    assert await faults(world) == []


@pytest.mark.parametrize(
    ("day", "reason", "says"),
    [
        ("8/3/2026", WHY, "Kies een dag van 9"),
        ("8/4/2026", WHY, "tot en met 7"),
        ("", WHY, "Kies een dag van 9"),
        ("20/3/2026", " ", "Schrijf waarom."),
    ],
)
async def test_shorter_than_promised_a_month_more_and_without_a_reason_is_refused(
    world: World, day: str, reason: str, says: str
) -> None:
    first = await called_off(world)
    await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    await deliver(world)

    status, page = await longer(world, first, day, reason)

    assert status == 422
    assert says in page
    assert await deliver(world) == []


async def test_it_can_be_longer_again_and_never_more_than_a_month_beyond_the_promise(world: World) -> None:
    first = await called_off(world)
    await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)

    found = [(await longer(world, first, day))[0] for day in ("20/3/2026", "7/4/2026", "8/4/2026")]

    assert found == [303, 303, 422]


async def test_what_is_over_or_goes_on_is_not_lengthened(world: World) -> None:
    first = await called_off(world)
    _, booking_id = await booked_two(world, first)
    await call_off(world, first, choose=A_WEEK)
    world.clock.move(A_WEEK)
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)

    status, page = await longer(world, first)

    assert status == 409
    assert "De tijd om te kiezen is voorbij." in page
    await call_off_all(world.services)
    assert await statuses(world, booking_id) == ["cancelled", "cancelled"]


async def test_who_works_with_a_group_is_told_too_and_a_box_office_cannot(world: World) -> None:
    first = await called_off(world)
    partner_id = await a_partner(world)
    worker = await worker_of(world, partner_id)
    await booked(world, await a_group(world, credit_cents=2000, partner_id=partner_id), first, 3)
    await call_off(world, first, choose=A_WEEK)
    await told(world)
    await world.sign_in_staff("box_office", organiser_id=first.organiser_id)
    refused, _ = await longer(world, first)
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)

    await longer(world, first)

    mail = (await told(world))[worker]
    assert refused == 403
    assert "Langer de tijd om te kiezen" in str(mail["Subject"])
    assert WHY in plain(mail)
