"""The services in deploy/systemd, held against compose and our own rules, and the road that leads to them.

No systemd is started: commands and services run here with what it would give them.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from tests.conftest import free_port
from tests.copies import settings_of
from tests.test_compose import SECONDS_TO_CLOSE, SERVICES
from tests.town import ROOT, a_home, command, environment
from uit.core.settings import Settings, networks_in, read_settings
from uit.database.address import database_in, login_in, with_login
from uit.database.login import OWNER, REPORT_ROLE
from uit.database.pool import APPLICATION_ROLE
from uit.embedded.stores import Addresses

FOLDER = ROOT / "deploy" / "systemd"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
COMMON = "uit-.service.d/common.conf"
UNITS = ("uit-app.service", "uit-worker.service")
ADDRESS = re.compile(r"postgresql://\w+:([A-Z]+)_PASSWORD@127\.0\.0\.1/uit")
SECONDS_TO_START = 60


def lines_of(*files: str) -> list[tuple[str, str]]:
    """The settings of units, of the last file last; a name may stand there more than once."""
    texts = [(FOLDER / file).read_text(encoding="utf-8") for file in files]
    return [(key, value) for text in texts for key, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)]


def given(path: str) -> dict[str, str]:
    """What an environment file holds, by its path on the machine."""
    text = (FOLDER / "environment" / Path(path).name).read_text(encoding="utf-8")
    found = re.findall(r'^(\w+)=(?:"([^"]*)"|(.*))$', text, re.MULTILINE)
    return {name: quoted or bare for name, quoted, bare in found}


def environment_of(unit: str) -> dict[str, str]:
    """What a service finds in its environment: a file wins over what the unit says itself."""
    lines = lines_of(unit, COMMON)
    own = dict(word.split("=", 1) for key, value in lines if key == "Environment" for word in value.split())
    files = [given(value) for key, value in lines if key == "EnvironmentFile"]
    return {**own, **{name: value for file in files for name, value in file.items()}}


def words_of(unit: str) -> list[str]:
    """What it is told to do: `python -m uit` and the words after it."""
    (line,) = [value for key, value in lines_of(unit) if key == "ExecStart"]
    return shlex.split(line)


@pytest.fixture
def systemd_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of its name that prints what it is asked, a word a line."""
    program = tmp_path / "systemd-run"
    program.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")


def asked(*words: str) -> tuple[dict[str, str], list[str]]:
    """What `uit WORDS` runs: its environment, and the words after `python -m uit`."""
    said = subprocess.run([FOLDER / "uit", *words], capture_output=True, text=True, check=True)
    options = said.stdout.splitlines()
    files = [each.partition("EnvironmentFile=")[2] for each in options if "EnvironmentFile=" in each]
    assert "--uid=uit" in options
    return {name: value for file in files for name, value in given(file).items()}, options[
        options.index("uit") + 1 :
    ]


def logins_in(found: Mapping[str, str]) -> dict[str, str]:
    return {name: login_in(value)[0] for name, value in found.items() if name.endswith("DATABASE_URL")}


def test_a_service_is_given_and_forbidden_what_its_container_is() -> None:
    lines, container = dict(lines_of(COMMON)), SERVICES["app"]

    assert lines["User"] == "uit"
    assert lines["MemoryMax"].lower() == container["mem_limit"]
    assert lines["CPUQuota"] == f"{100 * container['cpus']}%"
    assert int(lines["TasksMax"]) == container["pids_limit"]
    assert int(lines["LimitNOFILE"]) == container["ulimits"]["nofile"]
    assert int(lines["TimeoutStopSec"]) >= Settings().stop_seconds + SECONDS_TO_CLOSE
    assert lines["CapabilityBoundingSet"] == ""
    assert lines["ProtectSystem"] == "strict"
    assert {lines[name] for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices")} == {
        "yes"
    }


def test_it_writes_where_systemd_lets_it() -> None:
    lines, found = dict(lines_of(COMMON)), given("uit.env")
    folders = {f"/var/lib/{name}" for name in lines["StateDirectory"].split()}

    assert {found["UIT_HOME"], found["ANCHOR_FOLDER"]} == folders
    assert lines["StateDirectoryMode"] == "0700"


@pytest.mark.parametrize("unit", UNITS)
def test_a_service_starts_again_and_with_the_machine(unit: str) -> None:
    lines = dict(lines_of(COMMON, unit))

    assert lines["Restart"] == "always"
    assert lines["StartLimitIntervalSec"] == "0"
    assert lines["WantedBy"] == "multi-user.target"
    assert Path(words_of(unit)[0]).is_relative_to(lines["WorkingDirectory"])


@pytest.mark.parametrize(
    ("unit", "others"), [("uit-app.service", {}), ("uit-worker.service", {"OWNER_DATABASE_URL": OWNER})]
)
def test_a_service_reaches_the_database_with_the_least_that_it_needs(
    unit: str, others: dict[str, str]
) -> None:
    assert logins_in(environment_of(unit)) == {"DATABASE_URL": APPLICATION_ROLE} | others


@pytest.mark.usefixtures("systemd_run")
def test_a_command_reaches_the_database_as_it_is_asked_to() -> None:
    app, owner = {"DATABASE_URL": APPLICATION_ROLE}, {"OWNER_DATABASE_URL": OWNER}
    rest = {"ADMIN_DATABASE_URL": "uit_admin", "REPORT_DATABASE_URL": REPORT_ROLE}

    found = [asked(*words) for words in (["check"], ["--as-owner", "check"], ["--as-admin", "check", "a b"])]

    assert [logins_in(each) for each, _ in found] == [app, app | owner, app | owner | rest]
    assert [words for _, words in found] == [["check"], ["check"], ["check", "a b"]]


def test_each_address_waits_for_a_password_of_its_own() -> None:
    addresses = [
        value
        for file in ("uit.env", "owner.env", "admin.env")
        for name, value in given(file).items()
        if name.endswith("DATABASE_URL")
    ]

    assert len({match[1] for each in addresses if (match := ADDRESS.fullmatch(each))}) == len(addresses) == 4
    assert {database_in(each) for each in addresses} == {"uit"}


def test_what_stands_in_a_file_is_a_setting() -> None:
    settings = {"UIT_HOME"} | {name.upper() for name in Settings.__struct_fields__}

    assert {name for file in ("uit.env", "owner.env", "admin.env") for name in given(file)} <= settings


def test_the_app_leaves_the_work_to_the_worker() -> None:
    assert read_settings(environment_of("uit-app.service")).with_worker is False


def test_caddy_finds_the_app_and_what_its_file_asks_for() -> None:
    found, app = given("caddy.env"), environment_of("uit-app.service")
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")

    assert set(re.findall(r"\{\$(\w+)\}", caddyfile)) <= found.keys()
    assert found["UPSTREAM"] == f"{app['HOST']}:{app['PORT']}"
    assert found["DOMAIN"] == app["BASE_URL"].removeprefix("https://")
    assert [str(each) for each in networks_in(app["TRUSTED_PROXIES"])] == [f"{app['HOST']}/32"]


@pytest.mark.usefixtures("systemd_run")
def test_the_road_leads_to_both_services(empty: str, addresses: Addresses) -> None:
    """The commands of the runbook in their order, and then the services, on an empty server."""
    section = RUNBOOK.split("## Without Docker")[1].split("\n## ")[0]
    before, after = section.split("enable --now uit-app uit-worker")
    port, worker_port = free_port(), free_port()
    with a_home() as home:
        here = installation(empty, addresses, home, port, worker_port)
        for line in re.findall(r"^    sudo uit (.+)$", before, re.MULTILINE):
            runs(line, home, here)
        services = [started(unit, home, here) for unit in UNITS]
        try:
            for each in (port, worker_port):
                wait_until_ready(f"http://127.0.0.1:{each}", services)
            for line in re.findall(r"^    sudo uit (.+)$", after, re.MULTILINE):
                runs(line, home, here)
        finally:
            for process in services:
                process.terminate()
            ended = [process.wait(SECONDS_TO_START) for process in services]
    assert ended == [0, 0]


def installation(empty: str, addresses: Addresses, home: Path, port: int, worker_port: int) -> dict[str, str]:
    """What an operator fills in."""
    own = settings_of(empty)
    return {
        "DATABASE_URL": own.database_url,
        "OWNER_DATABASE_URL": own.owner_database_url,
        "REPORT_DATABASE_URL": with_login(empty, REPORT_ROLE),
        "ADMIN_DATABASE_URL": empty,
        "REDIS_URL": addresses.redis_url,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "UIT_HOME": str(home),
        "ANCHOR_FOLDER": str(home / "anchors"),
        "PORT": str(port),
        "WORKER_PORT": str(worker_port),
    }


def filled_in(found: Mapping[str, str], here: dict[str, str]) -> dict[str, str]:
    return {name: here.get(name, value) for name, value in found.items()}


def runs(line: str, home: Path, here: dict[str, str]) -> None:
    found, words = asked(*shlex.split(line))
    said = command(home, *words, **filled_in(found, here))
    assert said.returncode == 0, f"{line}: {said.stdout}{said.stderr}"


def started(unit: str, home: Path, here: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, *words_of(unit)[1:]],
        cwd=ROOT,
        env=environment(home, **filled_in(environment_of(unit), here)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_until_ready(base: str, services: "list[subprocess.Popen[bytes]]") -> None:
    until = monotonic() + SECONDS_TO_START
    while not is_ready(base):
        assert [process.poll() for process in services] == [None, None]
        assert monotonic() < until
        sleep(0.1)


def is_ready(base: str) -> bool:
    try:
        return httpx.get(f"{base}/health/ready").status_code == 200
    except httpx.TransportError:
        return False
