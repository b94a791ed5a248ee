"""The example of two database machines, held against what uit counts on. No Patroni is started."""

from pathlib import Path
from typing import Any

import yaml

from uit.database.address import each_host, login_in
from uit.database.login import OWNER, REPORT_ROLE
from uit.database.pool import APPLICATION_ROLE, SECONDS_OF_A_STATEMENT

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "deploy" / "patroni"
PATRONI: dict[str, Any] = yaml.safe_load((FOLDER / "patroni.yml").read_text(encoding="utf-8"))
AGREED: dict[str, Any] = PATRONI["bootstrap"]["dcs"]
PARAMETERS: dict[str, Any] = AGREED["postgresql"]["parameters"]


def seconds(setting: str) -> int:
    return int(setting.removesuffix("s"))


def test_only_who_has_every_confirmed_booking_takes_over() -> None:
    assert AGREED["synchronous_mode"] is True
    assert PARAMETERS["synchronous_commit"] == "on"


def test_a_standby_that_is_gone_is_given_up_before_a_commit_is() -> None:
    """Else a commit stands on the primary alone and is confirmed all the same."""
    given_up = seconds(PARAMETERS["wal_sender_timeout"]) + AGREED["loop_wait"]

    assert given_up < SECONDS_OF_A_STATEMENT


def test_a_lease_lasts_longer_than_it_takes_to_renew_it() -> None:
    assert AGREED["ttl"] >= AGREED["loop_wait"] + 2 * AGREED["retry_timeout"]
    assert len(PATRONI["etcd3"]["hosts"].split(",")) == 3


def test_whoever_connects_over_the_network_does_so_with_tls_and_a_password() -> None:
    remote = [line.split() for line in PATRONI["postgresql"]["pg_hba"] if not line.startswith("local")]

    assert {(line[0], line[-1]) for line in remote} == {("hostssl", "scram-sha-256")}
    assert [OWNER, APPLICATION_ROLE, REPORT_ROLE] in [line[2].split(",") for line in remote]


def test_no_password_stands_in_the_example() -> None:
    given = [line for line in (FOLDER / "environment.example").read_text().splitlines() if "PASSWORD" in line]

    assert given
    assert all(line.endswith("PASSWORD=") for line in given)


def test_the_runbook_names_both_machines_in_one_address() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    (address,) = [line.strip() for line in runbook.splitlines() if line.startswith("       DATABASE_URL=")]
    address = address.removeprefix("DATABASE_URL=")

    assert login_in(address)[0] == APPLICATION_ROLE
    assert len(each_host(address)) == 2
    assert "target_session_attrs=read-write" in address


def test_the_runbook_lets_strangers_read_from_whichever_machine_follows() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    (line,) = [line.strip() for line in runbook.splitlines() if line.startswith("       READ_DATABASE_URL=")]
    address = line.removeprefix("READ_DATABASE_URL=")

    assert login_in(address)[0] == APPLICATION_ROLE
    assert len(each_host(address)) == 2
    assert "target_session_attrs=standby" in address
