"""The installation in docker-compose.yml, held against the specification and our own rules.

Nothing is started: there is no container engine where these tests run.
"""

import re
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from uit.core.settings import Settings, networks_in, read_settings
from uit.database.address import database_in, login_in
from uit.database.login import OWNER, REPORT_ROLE
from uit.database.pool import APPLICATION_ROLE
from uit.web.address import first_untrusted_address
from uit.web.server import FILES_OF_OUR_OWN, MOST_CONNECTIONS

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("logins", "migrate", "app", "worker")
ONCE = {"logins", "migrate"}
SECONDS_TO_CLOSE = 5


def test_it_is_what_the_specification_describes() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]

    forwarded = subprocess.run(
        [*check, "docker-compose.yml"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert forwarded.returncode == 0, forwarded.stdout


def test_nothing_is_missing() -> None:
    assert set(SERVICES) == {
        "postgres", "valkey", "logins", "migrate", "app", "worker", "mail", "caddy",
    }  # fmt: skip


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_names_its_whole_version(name: str) -> None:
    """PostgreSQL has no third number."""
    numbers = 2 if name == "postgres" else 3

    assert re.fullmatch(rf"[a-z/]+:v?\d+(\.\d+){{{numbers - 1}}}", SERVICES[name]["image"])


def test_the_image_is_made_of_a_whole_version() -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)

    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+", bases[0])


@pytest.mark.parametrize("name", SERVICES)
def test_none_takes_all_of_the_machine_or_writes_where_it_should_not(name: str) -> None:
    service = SERVICES[name]

    assert service.keys() >= {"mem_limit", "cpus", "pids_limit"}
    assert service["read_only"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["app", "worker"])
def test_who_is_told_to_stop_may_end_what_it_does(name: str) -> None:
    seconds = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))

    assert seconds >= Settings().stop_seconds + SECONDS_TO_CLOSE


def test_the_app_may_have_as_many_connections_as_it_wants() -> None:
    assert SERVICES["app"]["ulimits"]["nofile"] >= MOST_CONNECTIONS + FILES_OF_OUR_OWN


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))
def test_what_stays_up_is_watched_and_started_again(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert "healthcheck" in SERVICES[name]


@pytest.mark.parametrize(("name", "setting"), [("app", "PORT"), ("worker", "WORKER_PORT")])
def test_our_own_are_asked_whether_they_are_ready_where_they_listen(name: str, setting: str) -> None:
    asked = SERVICES[name]["healthcheck"]["test"][-1]

    assert f'"http://127.0.0.1:{SERVICES[name]["environment"][setting]}/health/ready"' in asked


def test_the_app_leaves_the_work_to_the_worker() -> None:
    assert read_settings({"WITH_WORKER": SERVICES["app"]["environment"]["WITH_WORKER"]}).with_worker is False


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_what_it_needs_to_be_healthy_or_done(name: str) -> None:
    for needed, wait in SERVICES[name].get("depends_on", {}).items():
        done = SERVICES[needed]["restart"] == "no"
        assert wait == {"condition": "service_completed_successfully" if done else "service_healthy"}


def test_only_caddy_is_open_to_the_world() -> None:
    published = {name: ports for name, service in SERVICES.items() if (ports := service.get("ports"))}

    caught_mail = published.pop("mail")

    assert set(published) == {"caddy"}
    assert all(port.startswith("127.0.0.1:") for port in caught_mail)


def test_the_app_takes_the_word_of_the_front_network_alone_for_where_a_visitor_comes_from() -> None:
    """Without it all visitors are one address, and share one limit."""
    front = COMPOSE["networks"]["front"]["ipam"]["config"]
    visitor, caddy = "203.0.113.7", str(ip_network(front[0]["subnet"])[2])

    trusted = networks_in(SERVICES["app"]["environment"]["TRUSTED_PROXIES"])

    assert list(trusted) == [ip_network(each["subnet"]) for each in front]
    assert SERVICES["caddy"]["networks"] == ["front"]
    assert first_untrusted_address(caddy, visitor, trusted) == ip_address(visitor)
    assert first_untrusted_address(visitor, "198.51.100.9", trusted) == ip_address(visitor)


def test_the_stores_are_on_a_network_without_a_way_out() -> None:
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["back"]


@pytest.mark.parametrize("name", OURS)
def test_our_own_containers_can_change_nothing_and_gain_nothing(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", OURS)
def test_our_own_containers_are_told_only_what_is_a_setting(name: str) -> None:
    settings = {name.upper() for name in Settings.__struct_fields__}

    assert set(SERVICES[name]["environment"]) <= settings


@pytest.mark.parametrize(
    ("name", "others"),
    [
        (
            "logins",
            {"ADMIN_DATABASE_URL": "uit", "OWNER_DATABASE_URL": OWNER, "REPORT_DATABASE_URL": REPORT_ROLE},
        ),
        ("migrate", {"OWNER_DATABASE_URL": OWNER}),
        ("worker", {"OWNER_DATABASE_URL": OWNER}),
        ("app", {}),
    ],
)
def test_each_reaches_the_database_with_the_least_that_it_needs(name: str, others: dict[str, str]) -> None:
    """What serves pages knows neither the owner nor the administrator."""
    addresses = {
        setting: re.sub(r"\$\{(\w+)[^}]*\}", r"\1", value)
        for setting, value in SERVICES[name]["environment"].items()
        if setting.endswith("DATABASE_URL")
    }

    logins = {setting: login_in(address)[0] for setting, address in addresses.items()}

    assert logins == {"DATABASE_URL": APPLICATION_ROLE} | others
    assert len({login_in(address)[1] for address in addresses.values()}) == len(addresses)
    assert {database_in(address) for address in addresses.values()} == {"uit"}


def test_the_image_does_not_run_as_root() -> None:
    last_user = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[
        -1
    ]

    assert last_user == "uit"


def test_the_database_keeps_its_data_where_its_image_looks() -> None:
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_no_secret_is_written_down() -> None:
    secrets = re.findall(r"(?:PASSWORD|SECRET|KEYS?): (.*)", TEXT)

    assert secrets
    assert all(secret.startswith("${") for secret in secrets)


def test_the_example_names_everything_that_has_to_be_filled_in() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    example = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")

    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == asked


def test_caddy_sends_visitors_to_the_app() -> None:
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")

    assert f"reverse_proxy {{$UPSTREAM:app:{SERVICES['app']['environment']['PORT']}}}" in caddyfile
    assert "./deploy/Caddyfile:/etc/caddy/Caddyfile:ro" in SERVICES["caddy"]["volumes"]
