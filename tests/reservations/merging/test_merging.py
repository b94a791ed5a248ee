"""Two members who are one person are made one, and for thirty days it goes back exactly."""

from asyncio import gather
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from credits.check import check_ledger
from reservations.booking.answers import Booked, Ended
from tests.builders import Resident, World
from tests.identity.access.test_desk import deliver
from tests.identity.person.helpers import entrust
from tests.identity.steps import ask_link
from tests.passes.counter import acts, open_counter
from tests.passes.membership.test_death import elsewhere
from tests.passes.membership.test_ending import page_of, rows_of
from uit.database.retention import erase_due

MONTH = timedelta(days=30)


def side_by_side(left: Resident, right: Resident) -> str:
    return f"{page_of(left.membership_id)}/samenvoegen/{right.membership_id}"


async def merge(world: World, kept: Resident, gone: Resident, **fields: object) -> Any:
    filled: dict[str, object] = {"merge_id": uuid4(), "keep": kept.membership_id}
    return await world.post_form(side_by_side(kept, gone), **filled | fields)


async def undo(world: World, member: Resident, merge_id: UUID | None = None) -> Any:
    latest = "SELECT id FROM passes.merge WHERE region_id = 1 ORDER BY merged_at DESC"
    merge_id = merge_id or await world.value(latest)
    address = f"{page_of(member.membership_id)}/samengevoegd/{merge_id}/ongedaan"
    return await world.post_form(address, undo_id=uuid4())


async def test_a_merge_is_undone_on_a_page_of_the_two_and_on_no_other(world: World) -> None:
    """Else who may see one member of a town takes apart two of any other."""
    kept, gone, stranger = [await world.resident() for _ in range(3)]
    await open_counter(world)
    await merge(world, kept, gone)

    of_another, of_theirs = await undo(world, stranger), await undo(world, kept)

    assert (of_another.status_code, of_theirs.status_code) == (404, 303)
    assert (await acts(world)).count("person.unmerge") == 1


async def state(world: World) -> dict[str, object]:
    """All that a merge moves, by table."""
    queries = {
        "card": "SELECT id, membership_id, state::text FROM passes.card ORDER BY id",
        "purse": "SELECT id, wallet_id, available_cents, held_cents FROM credits.purse ORDER BY id",
        "line": "SELECT booking_id, no, holder_id, wallet_id FROM reservations.line ORDER BY booking_id, no",
        "booking": "SELECT id, actor_id FROM reservations.booking ORDER BY id",
        "claim": "SELECT booking_id, membership_id FROM reservations.claimed_booking ORDER BY booking_id",
        "waiting": "SELECT id, membership_id, person_id, lines FROM reservations.waiting_entry ORDER BY id",
        "household": "SELECT household_id, membership_id, starts_on, ends_on FROM passes.household_member"
        " ORDER BY household_id, membership_id",
        "given": "SELECT id, person_id, representative_id FROM identity.representation ORDER BY id",
        "history": "SELECT id, field, person_id FROM identity.person_change WHERE at < '2026-03-01'",
        "letter": "SELECT id, person_id FROM identity.letter ORDER BY id",
        "decision": "SELECT id, membership_id FROM passes.decision ORDER BY id",
        "insz": "SELECT key, owner FROM uit.directory WHERE kind = 'insz' ORDER BY key",
        "foreign": "SELECT foreign_id, owner FROM uit.foreign_id WHERE kind = 'person' ORDER BY foreign_id",
        "membership": "SELECT region_id, id, person_id, status::text, refnis, ends_on, given_until, "
        " ended_why, social_until, erase_on FROM passes.membership ORDER BY region_id, id",
        "person": "SELECT id, given_name, family_name, born_on, email, phone, merged_into, ended_at, erase_on"
        " FROM identity.person ORDER BY id",
    }
    return {name: [tuple(row) for row in await world.rows(query)] for name, query in queries.items()}


async def waits(world: World, entry_id: UUID, who: Resident, along: Resident, asked_by: Resident) -> None:
    """Two wait together, as one of them asked."""
    session, now = await world.session(), world.clock.now()
    lines = [{"tariff": "base", "places": 1, "membership_id": along.membership_id}]
    await world.execute(
        "INSERT INTO reservations.waiting_entry (region_id, id, event_id, session_ids, pool_ids, lines,"
        " membership_id, person_id, channel, joined_at, ends_at, state_at)"
        " VALUES (1, $1, $2, $3, $4, $5, $6, $7, 'page', $8, $8, $8)",
        entry_id, session.event_id, [session.id], [session.pool_id], msgspec.json.encode(lines).decode(),
        who.membership_id, asked_by.person_id, now,
    )  # fmt: skip


async def lived(world: World) -> tuple[Resident, Resident]:
    """Two members, the second with all that somebody can have."""
    anna, double, friend = [await world.resident(credit_cents=each) for each in (0, 1000, 0)]
    session = await world.session(price_cents=400)
    await world.book(double, session)
    await world.book(anna, await world.session(price_cents=0))
    guest = await world.session(price_cents=0)
    await world.book(friend, guest)
    own = "SELECT booking_id FROM reservations.line WHERE holder_id = $1"
    await world.execute(
        "INSERT INTO reservations.claimed_booking VALUES (1, $1, $2, $3)",
        await world.value(own, friend.membership_id),
        double.membership_id,
        world.clock.now(),
    )
    await entrust(world, double, friend)
    await entrust(world, friend, double)
    for number, (who, along, asked_by) in enumerate([(double, friend, double), (friend, double, friend)]):
        await waits(world, UUID(int=20 + number), who, along, asked_by)
    for member in (anna, double):
        await world.execute(
            "INSERT INTO passes.household_member VALUES (1, $1, $2, '2026-01-01', NULL, 'adult')",
            UUID(int=1), member.membership_id,
        )  # fmt: skip
    await world.execute(
        "INSERT INTO passes.household_member VALUES (1, $1, $2, '2026-01-01', NULL, 'adult')",
        UUID(int=2), double.membership_id,
    )  # fmt: skip
    await world.execute(
        "INSERT INTO uit.foreign_id (region_id, kind, source, foreign_id, owner)"
        " VALUES (1, 'person', 'uitpas', '17', $1)",
        double.person_id,
    )
    await world.execute(
        "INSERT INTO identity.letter (region_id, id, person_id, kind, subject, body, written_at)"
        " VALUES (1, $1, $2, 'account', 'Brief', 'Dag', '2026-01-01')",
        UUID(int=9), double.person_id,
    )  # fmt: skip
    await world.execute(
        "INSERT INTO passes.decision (region_id, id, membership_id, what, ground, rule, from_on, reviewer,"
        " complaints, actor_kind, actor_id, made_at)"
        " VALUES (1, $1, $2, 'credit', 'x', 'x', '2026-01-01', 'x', 'x', 'system', 'x', '2026-01-01')",
        UUID(int=10), double.membership_id,
    )  # fmt: skip
    await world.execute(
        "INSERT INTO identity.person_change (id, field, person_id, after, actor_kind, actor_id, at)"
        " VALUES ($1, 'phone', $2, '+3290', 'system', 'x', '2026-01-01')",
        UUID(int=8), double.person_id,
    )  # fmt: skip
    await world.execute(
        "INSERT INTO uit.directory (kind, key, region_id, owner) VALUES ('insz', $1, 0, $2)",
        UUID(int=5), double.person_id,
    )  # fmt: skip
    return anna, double


async def test_all_of_the_one_that_goes_is_of_the_one_that_stays(world: World) -> None:
    anna, double = await lived(world)
    await open_counter(world)

    answer = await merge(world, anna, double)

    assert answer.status_code == 303, answer.text
    after = await state(world)
    for name in (
        "card",
        "purse",
        "line",
        "claim",
        "waiting",
        "given",
        "insz",
        "foreign",
        "history",
        "letter",
        "decision",
    ):
        assert str(double.membership_id) not in str(after[name]), name
        assert str(double.person_id) not in str(after[name]), name
    assert "Passen" in (await world.client.get(answer.headers["location"])).text
    assert await world.value("SELECT held_cents FROM credits.purse") == 400
    assert (await acts(world)).count("person.merge") == 1
    async with world.services.database.reading() as connection:
        assert not await check_ledger(connection)


async def test_undone_it_is_exactly_as_it_was(world: World) -> None:
    anna, double = await lived(world)
    await open_counter(world)
    before = await state(world)

    await merge(world, anna, double, name=double.membership_id, email=double.membership_id)
    changed = await state(world)
    answer = await undo(world, anna)

    assert answer.status_code == 303, answer.text
    assert changed != before
    assert await state(world) == before


async def test_a_pass_of_the_one_that_went_goes_on_working(world: World) -> None:
    anna, double = await lived(world)
    await open_counter(world)
    await merge(world, anna, double)

    found = await world.post_form("/dender/balie", wie=double.token)

    assert f"personen/{anna.membership_id}" in found.text
    assert f"personen/{double.membership_id}" not in found.text


async def test_what_both_got_of_one_programme_in_one_period_is_listed_and_not_added(world: World) -> None:
    anna, double = await world.resident(credit_cents=500), await world.resident(credit_cents=700)
    await world.execute("UPDATE credits.purse SET period = '2026'")
    await open_counter(world)

    page = (await world.client.get(side_by_side(anna, double))).text
    await merge(world, anna, double)

    assert "Dubbel gekregen krediet" in page
    rows = await world.rows("SELECT wallet_id, available_cents FROM credits.purse ORDER BY available_cents")
    assert [tuple(row) for row in rows] == [(anna.membership_id, 500), (double.membership_id, 700)]


async def test_what_is_held_of_credit_that_stays_comes_back_to_it(world: World) -> None:
    anna, double = await world.resident(credit_cents=500), await world.resident(credit_cents=700)
    await world.execute("UPDATE credits.purse SET period = '2026'")
    booked = await world.book(double, await world.session(price_cents=300, cancel_before=timedelta()))
    assert isinstance(booked, Booked)
    await open_counter(world)

    await merge(world, anna, double)
    await world.sign_in(anna)
    page = await world.client.get(f"/dender/boekingen/{booked.booking.id}")
    ended = await world.cancel(booked.booking.id)

    assert page.status_code == 200
    assert isinstance(ended, Ended)
    rows = await world.rows("SELECT available_cents, held_cents FROM credits.purse ORDER BY 1")
    assert [tuple(row) for row in rows] == [(500, 0), (700, 0)]
    async with world.services.database.reading() as connection:
        assert not await check_ledger(connection)


async def test_what_differs_is_marked_and_what_was_chosen_stays(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    await world.execute(
        "UPDATE identity.person SET given_name = 'Jasmien', phone = '+32470123456' WHERE id = $1",
        double.person_id,
    )
    await open_counter(world)

    page = (await world.client.get(side_by_side(anna, double))).text
    await merge(world, anna, double, name=double.membership_id, phone=double.membership_id)

    assert page.count("Verschilt") == 3
    row = await world.rows(
        "SELECT given_name, email, phone FROM identity.person WHERE id = $1", anna.person_id
    )
    assert tuple(row[0]) == ("Jasmien", anna.email, "+32470123456")


async def test_the_mail_of_the_one_that_goes_signs_in_no_more_and_is_told(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    await world.sign_in(double)
    await open_counter(world)

    await merge(world, anna, double)
    await deliver(world)
    told = [mail["To"] for mail in world.mails]
    await ask_link(world, double.email)

    assert told == [double.email]
    assert len(world.mails) == 1
    inside = "SELECT count(*) FROM identity.session WHERE revoked_at IS NULL AND person_id IS NOT NULL"
    assert await world.value(inside) == 0


async def test_the_mail_that_was_chosen_signs_in_as_the_one_that_stays(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    await open_counter(world)

    await merge(world, anna, double, email=double.membership_id)
    await ask_link(world, double.email)

    assert [mail["To"] for mail in world.mails] == [double.email]
    assert await world.value("SELECT person_id FROM identity.link") == anna.person_id


async def test_a_membership_elsewhere_goes_along_and_comes_back(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    other = await elsewhere(world, double)
    await open_counter(world)

    await merge(world, anna, double)
    merged = await world.value("SELECT person_id FROM passes.membership WHERE id = $1", other)
    await undo(world, double)

    assert merged == anna.person_id
    assert (
        await world.value("SELECT person_id FROM passes.membership WHERE id = $1", other) == double.person_id
    )


async def test_two_who_are_members_of_two_regions_are_one_in_both(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    stays, goes = await elsewhere(world, anna), uuid4()
    await world.execute(
        "INSERT INTO passes.membership (region_id, id, person_id, starts_on, created_at)"
        " VALUES (9, $1, $2, '2026-01-01', $3)",
        goes, double.person_id, world.clock.now(),
    )  # fmt: skip
    await open_counter(world)
    before = await state(world)

    await merge(world, anna, double)
    statuses = await world.rows("SELECT id, status::text FROM passes.membership WHERE region_id = 9")
    await undo(world, anna)

    assert dict(map(tuple, statuses)) == {stays: "active", goes: "ended"}
    assert await state(world) == before


async def test_a_form_that_is_sent_twice_merges_once(world: World) -> None:
    anna, double = await world.resident(), await world.resident(credit_cents=500)
    await open_counter(world)
    form = uuid4()

    answers = await gather(*(merge(world, anna, double, merge_id=form) for _ in range(2)))
    again = await merge(world, anna, double, merge_id=form)

    assert [each.status_code for each in (*answers, again)] == [303] * 3
    assert await world.value("SELECT count(*) FROM passes.merge") == 1
    assert (await acts(world)).count("person.merge") == 1


async def test_who_stays_is_chosen_first(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    await open_counter(world)

    answer = await merge(world, anna, double, keep="")

    assert answer.status_code == 422
    assert 'href="#keep"' in answer.text


async def protects(world: World, double: Resident) -> None:
    await world.execute("UPDATE identity.person SET is_protected = true WHERE id = $1", double.person_id)


async def dies(world: World, double: Resident) -> None:
    await world.execute("UPDATE identity.person SET died_on = '2026-03-01' WHERE id = $1", double.person_id)


@pytest.mark.parametrize("happens", [protects, dies])
async def test_who_is_protected_or_died_is_not_merged(world: World, happens: Any) -> None:
    anna, double = await world.resident(), await world.resident(credit_cents=500)
    await happens(world, double)
    await open_counter(world)

    answer = await merge(world, anna, double)

    assert answer.status_code == 409
    assert "Deze twee kan je niet samenvoegen" in answer.text
    assert await world.value("SELECT wallet_id FROM credits.purse") == double.membership_id


async def test_who_helps_the_other_is_another(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    await entrust(world, anna, double)
    await open_counter(world)

    answer = await merge(world, anna, double)

    assert answer.status_code == 409
    assert "het zijn dus twee mensen" in answer.text


async def test_who_is_protected_is_never_suggested(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    await open_counter(world)
    address = f"{page_of(anna.membership_id)}/dubbels"

    shown = (await world.client.get(address)).text
    await protects(world, double)
    hidden = (await world.client.get(address)).text
    sought = (await world.post_form(address, typed=double.token)).text

    assert "Zelfde naam en geboortedatum" in shown
    assert str(double.membership_id) in shown
    assert str(double.membership_id) not in hidden + sought


async def test_one_that_was_merged_is_not_let_in_again_but_by_undoing(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    await open_counter(world)
    await merge(world, anna, double)

    answer = await world.post_form(f"{page_of(double.membership_id)}/einde/hervatten")
    page = (await world.client.get(page_of(double.membership_id))).text

    assert answer.status_code == 409
    assert "Maak het samenvoegen ongedaan" in page
    assert "Laat weer lid zijn" not in page


async def test_who_books_in_that_very_moment_books_or_is_refused_and_no_cent_is_lost(world: World) -> None:
    anna, double = await world.resident(credit_cents=1000), await world.resident(credit_cents=1000)
    sessions = [await world.session(price_cents=300) for _ in range(6)]
    await open_counter(world)

    *_, merged = await gather(
        *(world.book(each, session) for session in sessions for each in (anna, double)),
        merge(world, anna, double),
    )

    assert merged.status_code == 303
    held = await world.value("SELECT sum(held_cents) FROM credits.purse")
    assert held == await world.value("SELECT sum(credit_cents) FROM reservations.line")
    purses = "SELECT count(*) FROM credits.purse WHERE wallet_id = $1"
    assert await world.value(purses, double.membership_id) == 0
    async with world.services.database.reading() as connection:
        assert not await check_ledger(connection)


# What stands in the way of undoing


async def books(world: World, anna: Resident, _double: Resident) -> None:
    await world.book(anna, await world.session(price_cents=300))


async def time_passes(world: World, _anna: Resident, _double: Resident) -> None:
    world.clock.move(MONTH)
    await open_counter(world)


async def address_is_taken(world: World, _anna: Resident, double: Resident) -> None:
    other = await world.resident()
    await world.execute("UPDATE identity.person SET email = $2 WHERE id = $1", other.person_id, double.email)


async def stays_no_member(world: World, anna: Resident, _double: Resident) -> None:
    await world.post_form(f"{page_of(anna.membership_id)}/einde", why="moved")


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (books, "geboekt met krediet"),
        (time_passes, "langer dan dertig dagen"),
        (address_is_taken, "nu van iemand anders"),
        (stays_no_member, "geen lid meer"),
    ],
)
async def test_it_is_not_undone_when_something_since_stands_in_the_way(
    world: World, happens: Any, words: str
) -> None:
    anna, double = await world.resident(), await world.resident(credit_cents=1000)
    await open_counter(world)
    await merge(world, anna, double)
    world.clock.move(timedelta(minutes=1))
    await happens(world, anna, double)
    before = await state(world)

    answer = await undo(world, anna)

    assert answer.status_code == 409
    assert words in answer.text
    assert await state(world) == before


async def test_who_went_into_another_since_is_taken_out_of_that_first(world: World) -> None:
    anna, double, third = [await world.resident() for _ in range(3)]
    await open_counter(world)
    before = await state(world)
    await merge(world, anna, double)
    first = await world.value("SELECT id FROM passes.merge")
    world.clock.move(timedelta(minutes=1))
    await merge(world, third, anna)

    refused = await undo(world, anna, first)
    last = await undo(world, anna)
    done = await undo(world, anna, first)

    assert [each.status_code for each in (refused, last, done)] == [409, 303, 303]
    assert "zelf samengevoegd" in refused.text
    assert await state(world) == before


async def test_what_was_changed_since_stays_and_what_came_since_is_of_who_stayed(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    await open_counter(world)
    await merge(world, anna, double)
    await world.execute("UPDATE identity.person SET phone = '+3290' WHERE id = $1", anna.person_id)
    await world.book(anna, await world.session(price_cents=0))

    await undo(world, anna)

    assert await world.value("SELECT phone FROM identity.person WHERE id = $1", anna.person_id) == "+3290"
    assert await world.value("SELECT holder_id FROM reservations.line") == anna.membership_id


async def test_a_month_later_nothing_is_left_of_the_one_that_went(world: World, dsn: str) -> None:
    anna, double = await lived(world)
    await open_counter(world)
    await merge(world, anna, double)
    world.clock.move(MONTH + timedelta(days=9))

    await erase_due(dsn, world.clock.now())

    assert await world.value("SELECT count(*) FROM identity.person WHERE id = $1", double.person_id) == 0
    assert await rows_of(world, double) == (0, 0, 0, 0)
    assert await world.value("SELECT count(*) FROM passes.merge") == 0
    assert await world.value("SELECT count(*) FROM passes.merge_moved") == 0
    assert (await rows_of(world, anna))[0] == 1


async def test_a_clerk_of_another_town_merges_nobody(world: World) -> None:
    anna, double = await world.resident(), await world.resident()
    await open_counter(world)
    ninove = await world.municipality("41048", "Ninove")
    await world.sign_in_staff("clerk", refnis=ninove)

    assert (await merge(world, anna, double)).status_code == 404


async def test_the_page_of_the_one_that_went_leads_on_and_offers_nothing_to_change(world: World) -> None:
    anna, double = await lived(world)
    await open_counter(world)
    await merge(world, anna, double)

    page = (await world.client.get(page_of(double.membership_id))).text

    assert "Samengevoegd met een andere inschrijving." in page
    assert f'href="{page_of(anna.membership_id)}"' in page
    for act in ("krediet", "wijzigen", "beschermen"):
        assert f"{page_of(double.membership_id)}/{act}" not in page, act
