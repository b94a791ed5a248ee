"""Settings: environment variables with the upper-case name of each field. `docs/settings.md` lists them."""

import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

PROJECT = Path(__file__).parents[2]
HIGHEST_PORT = 65535
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
    """A setting that cannot be read, or a combination that is not allowed. The message is one line."""


class StoreProblem(Exception):
    """A store cannot be started or used. The message is one line, at times followed by the end of the log."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    given = {
        name: environment[name.upper()]
        for name in Settings.__struct_fields__
        if environment.get(name.upper())
    }
    given.pop("home", None)
    if folder := environment.get("UIT_HOME"):
        given["home"] = folder
    try:
        settings = msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$.")
        raise InvalidSetting(f"{where.strip('`').upper()} is wrong: {message}.") from None
    check_settings(settings)
    return settings


def check_settings(settings: Settings) -> None:
    """Refuse values that have the right type and are not allowed."""
    if not 1 <= settings.port <= HIGHEST_PORT:
        raise InvalidSetting(f"PORT is wrong: {settings.port} is not a number from 1 to {HIGHEST_PORT}.")
    if not 0 <= settings.worker_port <= HIGHEST_PORT:
        raise InvalidSetting(
            f"WORKER_PORT is wrong: {settings.worker_port} is not a number from 0 to {HIGHEST_PORT}."
        )
    if settings.stop_seconds < 1:
        raise InvalidSetting(f"STOP_SECONDS is wrong: {settings.stop_seconds} is not at least 1.")
    try:
        networks_in(settings.trusted_proxies)
    except ValueError as error:
        raise InvalidSetting(f"TRUSTED_PROXIES is wrong: {error}.") from None
    check_database_urls(settings)
    if settings.is_example and settings.host not in {"127.0.0.1", "localhost", "::1"}:
        raise InvalidSetting(
            "The example signs anybody in: it only listens on 127.0.0.1. Set HOST back, or EXAMPLE=0."
        )


def check_database_urls(settings: Settings) -> None:
    """The other addresses are those of a database that is given."""
    others = ("read_database_url", "owner_database_url", "report_database_url", "admin_database_url")
    given = [name.upper() for name in others if getattr(settings, name)]
    if given and not settings.database_url:
        raise InvalidSetting(f"{given[0]} needs a DATABASE_URL beside it: the same database, as uit_app.")
