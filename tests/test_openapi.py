"""The OpenAPI document is true: whatever is sent to its operations, the answer is one that it names."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from jsonschema_rs import Draft202012Validator

from reservations.booking.api import CancellationRequest
from reservations.booking.request import BookingRequest, ChangeRequest
from reservations.checkin.api import CheckinRequest
from reservations.quotes.api import QuoteRequest
from reservations.waiting.api import AcceptanceRequest
from reservations.waiting.asked import WaitingRequest
from tests.conftest import free_port
from tests.test_serve import bearer
from tests.town import Town, a_home, open_town

ROOT = Path(__file__).parents[1]
EXAMPLES_PER_OPERATION = 40


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with a_home() as home, open_town(free_port(), home) as running:
        yield running


def schemathesis(
    town: Town, folder: Path, headers: dict[str, str], *which: str
) -> subprocess.CompletedProcess[str]:
    """One run of the tool as its users know it: every check, on the loopback, bounded."""
    given = [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
    program = str(Path(sys.executable).with_name("st"))
    bounds = ["--max-examples", str(EXAMPLES_PER_OPERATION), "--seed", "1", "--no-color", "--workers", "1"]
    return subprocess.run(
        [program, "run", f"{town.base}/schema/openapi.json", *given, *which, *bounds],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.openapi_hooks"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_schemathesis_finds_nothing_as_an_integrator(town: Town, tmp_path: Path) -> None:
    said = schemathesis(town, tmp_path, bearer(town.example), "--exclude-path-regex", "/me/")
    assert said.returncode == 0, said.stdout[-6000:]


def test_schemathesis_finds_nothing_as_a_holder(town: Town, tmp_path: Path) -> None:
    holder = {"Authorization": f"Bearer {town.example['passes'][0]['holder_token']}"}
    said = schemathesis(town, tmp_path, holder, "--include-path-regex", "/me/")
    assert said.returncode == 0, said.stdout[-6000:]


SHOWN = {
    "placeBooking": BookingRequest,
    "changeBooking": ChangeRequest,
    "cancelPart": CancellationRequest,
    "quote": QuoteRequest,
    "joinWaitingList": WaitingRequest,
    "acceptOffer": AcceptanceRequest,
    "checkIn": CheckinRequest,
}


def test_the_bodies_that_are_shown_are_taken(town: Town) -> None:
    """By their schema, and by the struct that reads them."""
    document = httpx.get(f"{town.base}/schema/openapi.json").json()
    bodies = {
        operation["operationId"]: operation["requestBody"]["content"]["application/json"]["schema"]
        for item in document["paths"].values()
        for operation in item.values()
        if operation["operationId"] in SHOWN
    }

    for operation, struct in SHOWN.items():
        name = bodies[operation]["$ref"].rpartition("/")[2]
        shown = document["components"]["schemas"][name]["examples"]
        reader = Draft202012Validator({**document, "$ref": f"#/components/schemas/{name}"})
        assert shown, operation
        for body in shown:
            assert [fault.message for fault in reader.iter_errors(body)] == [], operation
            msgspec.convert(body, struct)


def test_every_operation_has_a_name_a_summary_and_says_how_to_come_in(town: Town) -> None:
    document = httpx.get(f"{town.base}/schema/openapi.json").json()
    operations = [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    open_to_all = ("/health/", "/api/v1/labels", "/oauth/token")

    assert len({operation["operationId"] for _, _, operation in operations}) == len(operations)
    assert [path for path, _, operation in operations if not operation.get("description")] == []
    assert [
        path
        for path, _, operation in operations
        if not path.startswith(open_to_all) and not operation.get("security")
    ] == []
