"""The database cannot write: its disk is full, or it only reads. All hear so in words, and it passes."""

import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from reservations.booking.answers import Booked
from tests.builders import TONIGHT, Resident, Session, World
from tests.copies import install
from tests.faults.stopped import main_process
from tests.faults.test_hanging import base, until_ready
from tests.reservations.booking.fleet import Fleet, open_fleet
from tests.town import a_home, children
from uit.core.clock import SetClock, SystemClock
from uit.core.seal import TicketSeal, seal_ticket
from uit.embedded.home import SystemAccount
from uit.embedded.stores import Store, open_postgres, open_valkey

SEATS = 40
SECONDS_TO_COME_BACK = 12
BOOKED, STORED, AWAY = httpx.codes.CREATED, httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE
NOT_A_BYTE_MORE = 17 * 2**20
"""Files of the log have 16 MB; a table that has more cannot grow."""


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Store, Fleet]]:
    with a_home() as home, open_postgres(home) as database, open_valkey(home) as cache:
        await install(database.url)
        folder, clock = tmp_path_factory.mktemp("full"), SetClock(SystemClock().now())
        async with (
            World.open(database.url, cache.url, "", clock, folder) as world,
            open_fleet(world, 1) as fleet,
        ):
            yield database, fleet


@pytest.fixture
async def visitor(opened: tuple[Store, Fleet]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base(opened[1]), timeout=30) as client:
        await until_ready(client)
        yield client


@pytest.fixture
async def session(opened: tuple[Store, Fleet]) -> Session:
    fleet = opened[1]
    made = await fleet.world.session(seats=SEATS, price_cents=100)
    await fleet.admit(made.organiser_id)
    return made


@pytest.fixture
async def wanted(opened: tuple[Store, Fleet]) -> list[tuple[UUID, Resident]]:
    people = [await opened[1].world.resident(credit_cents=SEATS * 100) for _ in range(2)]
    return [(uuid4(), people[n % 2]) for n in range(SEATS)]


@contextmanager
def limited(database: Store) -> Iterator[None]:
    """No process of the server may make a file larger than that, as on a disk that is full.

    What is there already can be written: see `fill_outbox`.
    """
    limit(database, f"{NOT_A_BYTE_MORE}:")
    try:
        yield
    finally:
        limit(database, "unlimited:")


def limit(database: Store, most_bytes: str) -> None:
    """As the account of the server: root may not, where it has not all of its rights."""
    account = SystemAccount.for_folder(database.folder).popen_options
    pid = main_process(database)
    for each in (pid, *children(pid)):
        command = ["prlimit", f"--fsize={most_bytes}", "--pid", str(each)]
        done = subprocess.run(command, check=False, cwd="/", **account)
        assert done.returncode == 0 or each not in children(pid)  # one that has ended by itself meanwhile


async def fill_outbox(database: Store) -> None:
    """It then has more than a file may have, and room for one row on a page, so the next row needs a page."""
    admin = await asyncpg.connect(database.url)
    await admin.execute("ALTER TABLE uit.outbox SET (fillfactor = 10)")
    await admin.execute(
        "INSERT INTO uit.outbox (region_id, id, topic, key, payload, created_at, due_at, delivered_at)"
        " SELECT 1, uuidv7(), 'filler', uuidv7(), jsonb_build_object('x', repeat(md5(n::text), 50)),"
        " now(), now(), now() FROM generate_series(1, 3000) AS n"
    )
    await admin.close()


async def test_a_disk_that_is_full_is_said_in_words_and_passes_by_itself(
    opened: tuple[Store, Fleet],
    visitor: httpx.AsyncClient,
    session: Session,
    wanted: list[tuple[UUID, Resident]],
) -> None:
    database, fleet = opened
    await fill_outbox(database)
    with limited(database):
        answers = [await fleet.ask(fleet.apps[0], *each, session) for each in wanted[:5]]
        ready = await visitor.get("/health/ready")
        alive = await visitor.get("/health/live")
        read = await visitor.get("/dender")

    assert Counter(answer.status_code for answer in answers) == {AWAY: 5}
    assert {answer.json()["code"] for answer in answers} == {"ground.database_away"}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
    assert (ready.status_code, ready.json()["database"], alive.status_code) == (AWAY, False, 200)
    assert read.status_code == 200
    assert await until_ready(visitor) < SECONDS_TO_COME_BACK
    assert set(await fleet.ask_all(wanted, session)) <= {BOOKED, STORED}
    assert await fleet.world.places_left(session) == 0
    assert await fleet.broken() == []


async def test_a_database_that_only_reads_is_said_in_words_and_passes_by_itself(
    opened: tuple[Store, Fleet],
    visitor: httpx.AsyncClient,
    session: Session,
    wanted: list[tuple[UUID, Resident]],
) -> None:
    database, fleet = opened
    admin = await asyncpg.connect(database.url)
    end_all = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'uit_app'"
    await admin.execute("ALTER ROLE uit_app SET default_transaction_read_only = on")
    await admin.execute(end_all)
    try:
        answer = await fleet.ask(fleet.apps[0], *wanted[0], session)
        ready, read = await visitor.get("/health/ready"), await visitor.get("/dender")
    finally:
        await admin.execute("ALTER ROLE uit_app RESET default_transaction_read_only")
        await admin.execute(end_all)
        await admin.close()

    assert (answer.status_code, answer.json()["code"]) == (AWAY, "ground.database_away")
    assert (ready.status_code, ready.json()["database"], read.status_code) == (AWAY, False, 200)
    assert await until_ready(visitor) < SECONDS_TO_COME_BACK
    assert set(await fleet.ask_all(wanted, session)) <= {BOOKED, STORED}
    assert await fleet.broken() == []


# What else a server says that can do no more, to a page


FAILURES = {
    "out_of_memory": ("53200", "ground.database_away"),
    "disk_full": ("53100", "ground.database_away"),
    "io_error": ("58030", "ground.database_away"),
    "too_many_connections": ("53300", "ground.database_away"),
    "read_only": ("25006", "ground.database_away"),
    "statement_timeout": ("57014", "ground.busy"),
    "idle_in_transaction": ("25P03", "ground.busy"),
    "lock_timeout": ("55P03", "ground.busy"),
}


@pytest.mark.own_database
@pytest.mark.parametrize(("state", "code"), FAILURES.values(), ids=FAILURES)
async def test_what_a_server_cannot_do_is_an_answer_and_no_bug(
    world: World, dsn: str, state: str, code: str
) -> None:
    """The server itself raises it, at the last thing that a check-in writes; then it goes well again."""
    session = await world.session(**TONIGHT)
    booked = await world.book(await world.resident(credit_cents=5000), session)
    assert isinstance(booked, Booked)
    ticket = seal_ticket(world.services.secrets.signing, TicketSeal(1, booked.booking.id, 1, 1))
    headers = await world.api_client(session.organiser_id)
    await fail_at_the_audit_trail(dsn, state)
    with capture_logs() as logs:
        answer = await world.client.post("/api/v1/checkins", json={"ticket": ticket}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (503, code)
    assert int(answer.headers["retry-after"]) >= 1
    assert [each for each in logs if each["event"] == "unexpected"] == []
    assert await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'attended'") == 0


async def fail_at_the_audit_trail(dsn: str, state: str) -> None:
    admin = await asyncpg.connect(dsn)
    await admin.execute(
        "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE SQLSTATE '{state}'; END $$;"
        "CREATE TRIGGER fail BEFORE INSERT ON uit.audit FOR EACH ROW EXECUTE FUNCTION public.fail()"
    )
    await admin.close()
