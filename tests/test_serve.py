"""`make run`: opens, tells who to sign in as, keeps its data, and leaves nothing behind."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import sleep

import httpx
import pytest
from structlog.testing import capture_logs

from tests.conftest import free_port
from tests.town import (
    ROOT,
    a_home,
    alive,
    children,
    environment,
    open_town,
    start,
    wait_until_gone,
    wait_until_open,
)
from uit.core.settings import Settings
from uit.embedded.stores import Addresses
from uit.entrypoints.serve import SECONDS_BEFORE_ANOTHER_WORKER, restart_worker


def test_a_first_start_opens_and_the_next_one_keeps_its_data() -> None:
    port = free_port()
    with a_home() as home:
        with open_town(port, home) as town:
            first = town.example
            booking = book_one(first)
            pages = (home / "stripe.port").read_text()
        with open_town(port, home) as again:
            assert (home / "stripe.port").read_text() == pages
            assert again.example["api_client"] == first["api_client"]
            kept = httpx.get(booking, headers=bearer(again.example))
    assert kept.status_code == 200


def test_the_example_names_what_the_issue_asks_for() -> None:
    with a_home() as home, open_town(free_port(), home) as town:
        example = town.example
        printed = "\n".join(town.lines)
        pages = [httpx.get(address, follow_redirects=True) for address in example["sign_in"].values()]
    assert len(example["passes"]) >= 40
    assert set(example["passes"][0]) == {"number", "pass_token", "holder_token", "available_cents"}
    assert any(
        session["places_left"] == 50 and {"code": "base", "price_cents": 100} in session["tariffs"]
        for session in example["sessions"]
    )
    assert {"resident", "organiser", "clerk", "programme_officer", "tourism_officer"} <= set(
        example["sign_in"]
    )
    assert all(address in printed for address in example["sign_in"].values())
    assert {page.status_code for page in pages} == {200}


def test_the_booking_in_the_readme_works_as_it_is_copied() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first, last = readme.index("    of_example() {"), readme.index("`.uit/example.json` has")
    with a_home() as home, open_town(free_port(), home):
        said = subprocess.run(
            ["bash", "-eu", "-c", readme[first:last]],
            env=environment(home),
            capture_output=True,
            text=True,
            check=True,
        )

    booking = json.loads(said.stdout)
    assert (booking["status"], booking["price_cents"]) == ("confirmed", 100)


def test_killing_it_leaves_no_server_behind() -> None:
    with a_home() as home:
        process = start(home, free_port())
        wait_until_open(process)
        family = children(process.pid)

        process.kill()
        process.wait()

        assert len(family) >= 4
        assert wait_until_gone(family) == set()


def test_a_stop_ends_everything_in_order() -> None:
    with a_home() as home:
        process = start(home, free_port())
        wait_until_open(process)
        family = children(process.pid)

        process.send_signal(signal.SIGINT)

        assert process.wait(30) == 0
        assert wait_until_gone(family) == set()


def test_a_taken_port_is_said_in_one_clear_line() -> None:
    with a_home() as home, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(home, port)
        said, _ = process.communicate(timeout=30)

    assert process.returncode == 2
    assert said.strip() == f"Port {port} is in use. Set another, such as PORT={port + 1}."


def test_the_port_of_another_worker_is_refused_before_ours_fails_on_it_again_and_again(
    dsn: str, addresses: Addresses, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stores = {"DATABASE_URL": dsn, "REDIS_URL": addresses.redis_url, "WORKER_PORT": str(port)}
        said, _ = (process := start(tmp_path, free_port(), **stores)).communicate(timeout=30)

    assert process.returncode == 2
    assert said.startswith(f"WORKER_PORT {port} is in use. ")
    assert "WITH_WORKER=0" in said


def test_it_leaves_the_work_to_a_worker_of_its_own_where_it_is_told_so(
    dsn: str, addresses: Addresses, tmp_path: Path
) -> None:
    """With the port of that worker among its settings, as where both have one environment."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        worker_port = str(taken.getsockname()[1])
        stores = {"DATABASE_URL": dsn, "REDIS_URL": addresses.redis_url, "WORKER_PORT": worker_port}
        process = start(tmp_path, free_port(), **stores, WITH_WORKER="0")
        assert process.stdout is not None
        while not (line := process.stdout.readline()).startswith("uit is open"):
            assert line, "it ended"
        family = children(process.pid)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)

    assert family == set()
    assert process.returncode == 0, said


async def test_a_worker_that_cannot_start_as_it_was_told_to_is_not_started_again_at_once() -> None:
    cannot = Settings(database_url="postgresql://uit@127.0.0.1/uit", stop_seconds=0)
    before = children(os.getpid())
    with capture_logs() as logs:
        restarting = asyncio.create_task(restart_worker(cannot))
        while not logs:  # noqa: ASYNC110  the log has no event
            await asyncio.sleep(0.01)
        await asyncio.sleep(2 * SECONDS_BEFORE_ANOTHER_WORKER)
        started = {pid for pid in children(os.getpid()) - before if alive(pid)}
        restarting.cancel()

    assert [(each["event"], each["status"]) for each in logs] == [("worker_ended", 2)]
    assert started == set()


def test_a_second_one_in_the_same_folder_is_refused_and_the_first_goes_on() -> None:
    with a_home() as home, open_town(free_port(), home) as town:
        said, _ = (second := start(home, free_port())).communicate(timeout=30)
        still = httpx.get(f"{town.base}/health/ready")

    assert second.returncode == 2
    assert said.startswith(f"uit is already running at {town.base}. ")
    assert said.count("\n") == 1
    assert still.status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_start_that_waits_for_what_never_answers_can_be_stopped(number: signal.Signals) -> None:
    with a_home() as home, socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        database = f"postgresql://uit@127.0.0.1:{silent.getsockname()[1]}/uit"
        process = start(home, free_port(), DATABASE_URL=database, REDIS_URL="redis://127.0.0.1:1")
        caller, _ = silent.accept()

        with caller:
            process.send_signal(number)
            said, _ = process.communicate(timeout=10)

    assert (process.returncode, said) == (0, "")


def test_a_stop_while_the_stores_open_says_nothing_and_leaves_nothing() -> None:
    with a_home() as home:
        process = start(home, free_port())
        while len(family := children(process.pid)) < len(("postgres", "valkey")):
            sleep(0.01)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)

        assert wait_until_gone(family) == set()
        assert (process.returncode, said) == (128 + signal.SIGINT, "")


def test_a_port_that_cannot_be_is_refused_before_anything_is_started() -> None:
    with a_home() as home:
        said, _ = (process := start(home, 0)).communicate(timeout=30)
        assert not home.exists()

    assert (process.returncode, said) == (2, "PORT is wrong: 0 is not a number from 1 to 65535.\n")


def test_the_example_refuses_to_listen_to_the_world() -> None:
    with a_home() as home:
        process = start(home, free_port(), HOST="0.0.0.0")
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "only listens on 127.0.0.1" in said


def bearer(example: dict[str, object]) -> dict[str, str]:
    """A token for the example's own client, as an integrator gets it."""
    client = example["api_client"]
    assert isinstance(client, dict)
    answer = httpx.post(
        f"{example['base_url']}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(client["client_id"], client["client_secret"]),
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def book_one(example: dict[str, object]) -> str:
    """One place with credit; returns the booking's address."""
    passes, sessions = example["passes"], example["sessions"]
    assert isinstance(passes, list)
    assert isinstance(sessions, list)
    cheap = next(session for session in sessions if session["places_left"] == 50)
    address = f"{example['base_url']}/api/v1/bookings/00000000-0000-4000-8000-000000000001"
    line = {"session_id": cheap["id"], "tariff": "base", "places": 1}
    content = {"lines": [line], "pass_token": passes[0]["pass_token"], "pay_with": "credit"}
    answer = httpx.put(address, content=json.dumps(content), headers=bearer(example))
    assert answer.status_code == 201, answer.text
    return address


DIE = """
import asyncio, sys
from uit.core.settings import read_settings
from uit.entrypoints.log import set_up_logs
from uit.entrypoints.serve import serve

async def serve_and_die():
    serving = asyncio.create_task(serve(read_settings()))
    while not (turnstile := [task for task in asyncio.all_tasks() if task.get_name() == "turnstile"]):
        await asyncio.sleep(0.01)
    turnstile[0].cancel()
    return await serving

set_up_logs()
sys.exit(asyncio.run(serve_and_die()))
"""


def test_a_turnstile_that_dies_takes_the_process_out_with_a_clear_line(
    dsn: str, addresses: Addresses, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": dsn, "REDIS_URL": addresses.redis_url, "PORT": str(free_port())}

    ended = subprocess.run(
        [sys.executable, "-c", DIE],
        cwd=ROOT,
        env=environment(tmp_path, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    said = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("{")]
    assert ended.returncode == 1, ended.stderr
    assert [(line["event"], line["task"], line["level"]) for line in said] == [
        ("vital_task_died", "turnstile", "critical")
    ]
