"""The example: what a first start leaves behind works, and a second start leaves it as it was."""

import re
import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec import Struct
from msgspec.structs import replace

from credits.anchors.anchoring import Anchoring
from credits.anchors.store import AnchorFolder
from credits.check import check_ledger
from reservations.booking.services import open_services
from tests import copies as database
from tests.builders import World
from tests.conftest import A_MONDAY, Letterbox
from uit.core.clock import SetClock
from uit.embedded.stores import Addresses
from uit.entrypoints.prepare import prepare
from uit.example import add_past, fill_example
from uit.example.handout import Handout, Session, path_of, read
from uit.example.people import RESIDENTS, YASMINE
from uit.example.season import SEASON_AGE
from uit.identity.authentication import SESSION_COOKIE

NAME = "example"
ROLES = {
    "resident",
    "young",
    "box_office",
    "clerk",
    "organiser",
    "programme_officer",
    "financial_director",
    "region_officer",
    "group_worker",
    "tourism_officer",
    "assessor",
    "municipality",
}


class Filled(Struct, frozen=True):
    """A database that the example filled, with the folder of its keys and its file."""

    dsn: str
    home: Path


@pytest.fixture(scope="module")
async def filled(template_dsn: str, addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Filled once; every test has a copy of it."""
    made = Filled(await database.copy(template_dsn, NAME), tmp_path_factory.mktemp("home"))
    settings = database.settings_of(made.dsn, redis_url=addresses.redis_url, home=str(made.home))
    await prepare(settings)
    await fill_example(settings, SetClock(A_MONDAY))
    return made


@pytest.fixture
async def copied(template_dsn: str, filled: Filled, tmp_path: Path) -> AsyncIterator[Filled]:
    async with database.copied(template_dsn, NAME) as dsn:
        yield Filled(dsn, shutil.copytree(filled.home, tmp_path / "home"))


@pytest.fixture
async def world(
    copied: Filled, addresses: Addresses, clock: SetClock, post: tuple[str, Letterbox]
) -> AsyncIterator[World]:
    """The world of the example, in which one click signs in."""
    smtp_url, _ = post
    async with World.open(
        copied.dsn, addresses.redis_url, smtp_url, clock, copied.home, example=True
    ) as made:
        yield made


async def start(world: World) -> Handout:
    """Start the example; what is in its file."""
    await fill_example(world.services.settings, world.clock)
    handout = read(world.services.settings)
    assert handout is not None
    return handout


async def as_client(world: World, handout: Handout) -> dict[str, str]:
    """The headers of the example's API client."""
    client = handout.api_client
    asked = {
        "grant_type": "client_credentials",
        "client_id": client.client_id,
        "client_secret": client.client_secret,
    }
    answer = await world.client.post("/oauth/token", data=asked)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def book(world: World, handout: Handout, headers: dict[str, str], number: int) -> int:
    """One place at 1 euro, with the pass of that number in the file; the status of the answer."""
    line = {"session_id": str(handout.sessions[0].id), "tariff": "base", "places": 1}
    asked = {"lines": [line], "pass_token": handout.passes[number].pass_token, "pay_with": "credit"}
    answer = await world.client.put(f"/api/v1/bookings/{uuid4()}", json=asked, headers=headers)
    return answer.status_code


async def test_the_file_has_all_that_one_needs_and_is_for_its_owner_alone(world: World) -> None:
    handout = await start(world)

    fifty = handout.sessions[0]
    assert (fifty.places_left, fifty.tariffs[0].price_cents) == (50, 100)
    assert len(handout.passes) >= 40
    assert path_of(world.services.settings).stat().st_mode & 0o777 == 0o600


async def test_every_pass_of_the_file_books_through_the_api(world: World) -> None:
    handout = await start(world)
    headers = await as_client(world, handout)

    answers = [await book(world, handout, headers, number) for number in range(len(handout.passes))]

    assert set(answers) == {201}


async def test_every_session_of_the_file_is_one_that_the_client_finds(world: World) -> None:
    handout = await start(world)
    headers = await as_client(world, handout)

    answer = await world.client.get("/api/v1/sessions", params={"limit": 200}, headers=headers)

    found = {each["session_id"]: each["places_left"] for each in answer.json()["sessions"]}
    assert {str(each.id): each.places_left for each in handout.sessions}.items() <= found.items()


async def test_the_holder_of_a_pass_reads_what_the_file_says_is_available(world: World) -> None:
    handout = await start(world)

    for each in handout.passes[:5]:
        headers = {"Authorization": f"Bearer {each.holder_token}"}
        answer = await world.client.get("/api/v1/me/statement", headers=headers)
        assert answer.json()["available_cents"] == each.available_cents


async def test_each_role_signs_in_with_one_click(world: World) -> None:
    handout = await start(world)

    assert set(handout.sign_in) == ROLES
    for address in handout.sign_in.values():
        world.client.cookies.clear()
        answer = await world.client.get(address, follow_redirects=False)
        assert answer.is_redirect
        assert world.client.cookies[SESSION_COOKIE]


async def test_a_course_is_on_sale_for_all_of_its_dates(world: World) -> None:
    handout = await start(world)
    await world.client.get(handout.sign_in["young"], follow_redirects=False)
    event_id = await world.value("SELECT event_id FROM reservations.course")

    page = await world.client.get(f"/dender/evenementen/{event_id}")

    assert "Vier zaterdagen" in page.text
    assert "Schrijf in voor alle 4 keer" in page.text


async def test_yasmine_has_been_out_and_looks_forward_to_more(world: World) -> None:
    await start(world)

    rows = await world.rows(
        "SELECT t.status::text FROM reservations.ticket AS t"
        " JOIN reservations.line AS l"
        " ON l.region_id = t.region_id AND l.booking_id = t.booking_id AND l.no = t.line_no"
        " JOIN reservations.session AS s ON s.region_id = t.region_id AND s.id = t.session_id"
        " WHERE l.holder_id IN (SELECT id FROM passes.membership WHERE person_id = $1)"
        " ORDER BY s.starts_at",
        YASMINE.person_id,
    )
    statuses = [row["status"] for row in rows]
    assert statuses[0] == "attended"
    assert statuses[-1] == "confirmed"


async def test_the_ledger_of_the_example_is_right_to_the_cent(world: World) -> None:
    await start(world)

    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
    assert await world.value("SELECT count(*) FROM credits.transfer WHERE kind = 'settle'") > 0


async def test_the_figures_of_the_dossiers_can_be_true(world: World) -> None:
    """A year has no 500 days, and the nights per 1,000 people go with the nights."""
    for table in ("claim", "finding"):
        said = await world.rows(
            f"SELECT s.dossier_id, s.code, s.figure, c.most FROM labels.{table} AS s"
            " JOIN labels.dossier AS d ON d.id = s.dossier_id"
            " JOIN labels.criterion AS c ON (c.version, c.code) = (d.criteria_version, s.code)"
        )
        figures = {(row["dossier_id"], row["code"]): row["figure"] for row in said}

        assert said
        assert [row["code"] for row in said if row["most"] is not None and row["figure"] > row["most"]] == []
        for (dossier_id, code), nights in figures.items():
            if code == "nights":
                people = 1000 * nights / figures[dossier_id, "nights_per_thousand"]
                assert 11_000 < people < 13_000


async def test_a_label_stands_in_the_register_and_dossiers_wait_at_each_step(world: World) -> None:
    await start(world)

    states = await world.rows("SELECT d.state::text FROM labels.dossier AS d ORDER BY d.state")
    assert [row["state"] for row in states] == ["draft", "submitted", "assessed", "decided"]
    assert await world.value("SELECT count(*) FROM labels.award") == 2


async def test_a_ticket_for_tonight_is_booked_and_checked_in_right_after_the_start(world: World) -> None:
    handout = await start(world)

    assert await book_and_enter(world, handout) == (201, 201)


async def test_tonight_is_booked_and_checked_in_until_it_starts(world: World) -> None:
    handout = await start(world)
    assert handout.tonight
    starts_at = await when(world, handout.tonight)

    world.clock.set(starts_at - timedelta(seconds=1))
    assert await book_and_enter(world, handout) == (201, 201)
    world.clock.set(starts_at)
    assert await book_and_enter(world, handout) == (409, None)


async def book_and_enter(world: World, handout: Handout) -> tuple[int, int | None]:
    """Book a place tonight and check in at once, over the API; how both were answered."""
    headers = await as_client(world, handout)
    assert handout.tonight
    line = {"session_id": str(handout.tonight.id), "tariff": "base", "places": 1}
    asked = {"lines": [line], "pass_token": handout.passes[0].pass_token}
    booked = await world.client.put(f"/api/v1/bookings/{uuid4()}", json=asked, headers=headers)
    if booked.is_error:
        return booked.status_code, None
    ticket = booked.json()["lines"][0]["tickets"][0]["ticket"]
    entered = await world.client.post("/api/v1/checkins", json={"ticket": ticket}, headers=headers)
    return booked.status_code, entered.status_code


async def when(world: World, session: Session) -> datetime:
    starts_at = await world.value("SELECT starts_at FROM reservations.session WHERE id = $1", session.id)
    assert isinstance(starts_at, datetime)
    return starts_at


async def test_who_clicks_books_for_tonight_and_lets_themselves_in_at_the_desk(world: World) -> None:
    handout = await start(world)
    assert handout.tonight
    session, booking_id = handout.tonight.id, uuid4()
    await world.client.get(handout.sign_in["resident"])
    form = f"/dender/sessies/{session}/boeken/{booking_id}"
    [mark] = re.findall(r'name="gezien" value="([^"]+)"', (await world.client.get(form)).text)
    fields = dict(
        re.findall(r'name="(plaatsen-[^"]+)"[^>]* value="(\d+)"', (await world.client.get(form)).text)
    )
    booked = await world.post_form(form, stap="boek", gezien=mark, **fields)

    await world.client.get(handout.sign_in["organiser"])
    organiser = await world.value("SELECT organiser_id FROM reservations.session WHERE id = $1", session)
    desk = f"/dender/organisaties/{organiser}/sessies/{session}"
    entered = await world.post_form(f"{desk}/binnen", ticket=booking_id.hex[-8:], checkin_id=uuid4())

    assert (booked.status_code, entered.status_code) == (303, 200)
    assert "Welkom, 1 persoon" in entered.text


async def test_a_start_shortly_before_the_stage_sets_the_next(world: World) -> None:
    first = await start(world)
    assert first.tonight
    world.clock.set(await when(world, first.tonight) - timedelta(minutes=29))
    headers = await as_client(world, first)

    later = await start(world)

    assert later.tonight
    assert await when(world, later.tonight) >= world.clock.now() + timedelta(minutes=30)
    found = await world.client.get("/api/v1/sessions", params={"limit": 200}, headers=headers)
    assert str(later.tonight.id) in {each["session_id"] for each in found.json()["sessions"]}


async def test_the_start_of_another_day_finds_a_stage_again(world: World) -> None:
    first, again = await start(world), await start(world)
    world.clock.move(timedelta(days=2))
    later = await start(world)

    assert first.tonight
    assert first.tonight == again.tonight
    assert later.tonight
    assert later.tonight.id != first.tonight.id


async def test_a_second_start_keeps_the_secrets_and_says_what_is_left_now(world: World) -> None:
    first = await start(world)
    await book(world, first, await as_client(world, first), 0)

    again = await start(world)

    assert again.api_client == first.api_client
    assert [each.holder_token for each in again.passes] == [each.holder_token for each in first.passes]
    assert again.passes[0].available_cents == first.passes[0].available_cents - 100
    assert again.sessions[0].places_left == 49


async def test_a_second_start_on_another_port_says_so(world: World) -> None:
    await start(world)

    await fill_example(replace(world.services.settings, base_url="", port=8123), world.clock)

    handout = read(world.services.settings)
    assert handout
    assert handout.base_url == "http://127.0.0.1:8123"
    assert handout.sign_in["clerk"].startswith("http://127.0.0.1:8123/")


async def test_without_its_file_the_example_gets_new_keys_and_nobody_twice(world: World) -> None:
    first = await start(world)
    people = await world.value("SELECT count(*) FROM identity.person")
    bookings = await world.value("SELECT count(*) FROM reservations.booking")
    path_of(world.services.settings).unlink()

    again = await start(world)

    assert again.api_client.client_secret != first.api_client.client_secret
    assert [each.number for each in again.passes] == [each.number for each in first.passes]
    assert await world.value("SELECT count(*) FROM identity.person") == people
    assert await world.value("SELECT count(*) FROM reservations.booking") == bookings


async def test_a_start_that_was_cut_short_is_finished_by_the_next(
    dsn: str, addresses: Addresses, clock: SetClock, tmp_path: Path
) -> None:
    settings = database.settings_of(dsn, redis_url=addresses.redis_url, home=str(tmp_path))
    await prepare(settings)
    past = SetClock(clock.now() - SEASON_AGE)
    async with open_services(settings, past) as services:
        await add_past(services, past)
        past.set(clock.now() - SEASON_AGE)
        await add_past(services, past)

    await fill_example(settings, clock)

    handout = read(settings)
    assert handout
    assert (
        len({each.number for each in handout.passes}) == len(handout.passes) == len(RESIDENTS["dender"]) - 1
    )


async def test_a_database_with_regions_of_its_own_is_left_alone(
    dsn: str, addresses: Addresses, clock: SetClock, tmp_path: Path
) -> None:
    async with World.open(dsn, addresses.redis_url, "", clock, tmp_path) as world:
        await world.execute(
            "INSERT INTO uit.region (id, slug, name) VALUES (3, 'meetjesland', 'Meetjesland')"
        )

        await fill_example(world.services.settings, world.clock)

        assert read(world.services.settings) is None
        assert await world.value("SELECT count(*) FROM identity.person") == 0


async def test_a_worker_finds_no_day_of_the_past_without_its_anchor(
    filled: Filled, addresses: Addresses
) -> None:
    """It would call all of them late, though nobody stood still: there was no installation before."""
    settings = database.settings_of(filled.dsn, redis_url=addresses.redis_url, home=str(filled.home))
    async with open_services(settings, SetClock(A_MONDAY)) as services:
        anchoring = Anchoring(
            services.database, AnchorFolder(settings.anchors_path), services.secrets.signing
        )
        regions = await services.regions.every()
        verified = await anchoring.verify(regions, A_MONDAY)

        assert await anchoring.write_missing(regions, A_MONDAY) == 0
    assert verified.days > 2 * 30
    assert (verified.differences, verified.late) == ([], [])
