"""Settings: environment variables with the upper-case name of each field. `docs/settings.md` lists them."""

import os
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import msgspec.structs
from msgspec import Struct

from uit.core.setting_form import FORMS, HIGHEST_PORT, fault_of_address, fault_of_sender, fault_of_text_sender

PROJECT = Path(__file__).parents[2]
STRIPE_PAGES = ("https://checkout.stripe.com", "https://connect.stripe.com")
"""Where one pays, and where a seller opens its account."""


class Settings(Struct, frozen=True):
    """The settings of an installation. The defaults suit `make run`.

    `database_url`, `redis_url`: empty means the embedded stores in `home`.
    `read_database_url`: its standby, from which strangers read; empty means from the primary.
    `owner_database_url`: who migrates and erases; `report_database_url`: who reads for reports;
    `admin_database_url`: who makes those logins, and restores. The service itself never needs the last two.
    `example`: fill and serve the example, with one-click sign-in; only on the loopback. It is on by itself
    with the embedded stores, and has to be asked for with a `database_url`.
    `worker_port`: where the worker says how it is doing; 0 means nowhere.
    `with_worker`: whether `serve` runs a worker beside it.
    `sms_url`: the root of the OneAPI of a gateway for text messages; without it nobody gets any.
    `stripe_secret_key`: without it nobody pays by card; the example brings a provider of its own.
    `stripe_webhook_secret`: one or more, with commas. `stripe_api_base`: empty means Stripe itself.
    `anchor_folder`: where what a day was is kept, outside the database; empty means in `home`.
    `stop_seconds`: how long a process that was told to stop may take to end what it does.
    `trusted_proxies`: networks (`10.0.0.0/8, ::1/128`) whose `X-Forwarded-For` we believe.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    database_url: str = ""
    read_database_url: str = ""
    owner_database_url: str = ""
    report_database_url: str = ""
    admin_database_url: str = ""
    redis_url: str = ""
    home: str = str(PROJECT / ".uit")
    secrets_file: str = ""
    smtp_url: str = ""
    mail_from: str = "uit <noreply@localhost>"
    sms_url: str = ""
    sms_from: str = "uit"
    example: bool | None = None
    bench: bool = False
    trusted_proxies: str = ""
    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api_base: str = ""
    worker_port: int = 0
    with_worker: bool = True
    stop_seconds: int = 20
    anchor_folder: str = ""

    @property
    def is_example(self) -> bool:
        return not self.database_url if self.example is None else self.example

    @property
    def owner_url(self) -> str:
        """Who migrates and erases: the owner, or the only login there is."""
        return self.owner_database_url or self.database_url

    @property
    def admin_url(self) -> str:
        """Who makes logins, copies the whole server and restores."""
        return self.admin_database_url or self.owner_url

    @property
    def address(self) -> str:
        """The public address of the installation, without a slash at the end."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def payment_pages(self) -> str:
        """Where a form may lead to pay, or to open a seller's account: the provider's origins, or none.

        They are separated by spaces, as the header takes them.
        """
        if not self.stripe_secret_key:
            return ""
        if not self.stripe_api_base:
            return " ".join(STRIPE_PAGES)
        address = urlsplit(self.stripe_api_base)
        return f"{address.scheme}://{address.netloc}"

    @property
    def secure(self) -> bool:
        """Whether the public address uses TLS, so that cookies get the attribute Secure."""
        return self.address.startswith("https://")

    @property
    def folder(self) -> Path:
        return Path(self.home)

    @property
    def anchors_path(self) -> Path:
        return Path(self.anchor_folder) if self.anchor_folder else self.folder / "anchors"

    @property
    def secrets_path(self) -> Path:
        return Path(self.secrets_file) if self.secrets_file else self.folder / "secrets.json"


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, for a subprocess."""
    given = {name: getattr(settings, name) for name in Settings.__struct_fields__}
    named = {"UIT_HOME" if name == "home" else name.upper(): value for name, value in given.items()}
    return {
        name: str(int(value) if isinstance(value, bool) else value)
        for name, value in named.items()
        if value is not None
    }


def networks_in(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks in a setting, separated by commas; ValueError for what is not a network."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


class InvalidSetting(Exception):
    """Settings that cannot be read, or a combination that is not allowed. The message is a line for each."""


class StoreProblem(Exception):
    """A store cannot be started or used. The message is one line, at times followed by the end of the log."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an environment. Raises `InvalidSetting`, which names all that are wrong at once."""
    given = {
        name: environment[name.upper()]
        for name in Settings.__struct_fields__
        if environment.get(name.upper())
    }
    given.pop("home", None)
    if folder := environment.get("UIT_HOME"):
        given["home"] = folder
    unread = [fault for name, text in given.items() if (fault := fault_of_type(name, text))]
    if unread:
        raise InvalidSetting("\n".join(unread))
    settings = msgspec.convert(given, Settings, strict=False)
    if wrong := list(faults_in(settings)):
        raise InvalidSetting("\n".join(wrong))
    return settings


def fault_of_type(name: str, text: str) -> str | None:
    """What a text should have been that is not of the type of its setting."""
    field = next(each for each in msgspec.structs.fields(Settings) if each.name == name)
    try:
        msgspec.convert(text, field.type, strict=False)
    except msgspec.ValidationError:
        wanted = f"a whole number, such as {field.default}" if field.type is int else "0 or 1"
        return f"{name.upper()} is wrong: {text!r} is not {wanted}."
    return None


def faults_in(settings: Settings) -> Iterator[str]:
    """A line for each value that has the right type and is not allowed."""
    if not 1 <= settings.port <= HIGHEST_PORT:
        yield f"PORT is wrong: {settings.port} is not a number from 1 to {HIGHEST_PORT}."
    if not 0 <= settings.worker_port <= HIGHEST_PORT:
        yield f"WORKER_PORT is wrong: {settings.worker_port} is not a number from 0 to {HIGHEST_PORT}."
    if settings.stop_seconds < 1:
        yield f"STOP_SECONDS is wrong: {settings.stop_seconds} is not at least 1."
    try:
        networks_in(settings.trusted_proxies)
    except ValueError as error:
        yield f"TRUSTED_PROXIES is wrong: {error}. It looks like 10.0.0.0/8, ::1/128."
    yield from faults_in_addresses(settings)
    if settings.is_example and settings.host not in {"127.0.0.1", "localhost", "::1"}:
        yield "The example signs anybody in: it only listens on 127.0.0.1. Set HOST back, or EXAMPLE=0."


def faults_in_addresses(settings: Settings) -> Iterator[str]:
    """What cannot be an address, and an address of a database that is not given."""
    for name in FORMS:
        text = getattr(settings, name.lower())
        if text and (fault := fault_of_address(name, text)):
            yield fault
    for fault in (fault_of_sender(settings.mail_from), fault_of_text_sender(settings.sms_from)):
        if fault:
            yield fault
    others = ("read_database_url", "owner_database_url", "report_database_url", "admin_database_url")
    given = [name.upper() for name in others if getattr(settings, name)]
    if given and not settings.database_url:
        yield f"{given[0]} needs a DATABASE_URL beside it: the same database, as uit_app."
