"""`python -m uit check`: what an installation stands on, and the next step where something is not right."""

import asyncio
import re
import ssl
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import asyncpg
import httpx
from msgspec import Struct
from msgspec.structs import replace

from uit.core.clock import Clock, SystemClock
from uit.core.email_address import is_email
from uit.core.settings import Settings
from uit.database.address import database_in, login_in
from uit.database.connecting import NotConnected, connected, setting_of
from uit.database.migrate import MigrationProblem, read_applied, read_migrations, waiting_of
from uit.database.standby import Position, follows, read_position
from uit.database.statements import Statements
from uit.entrypoints.indented_json import indented_json
from uit.entrypoints.refused import WRONG, CommandRefused
from uit.entrypoints.terminal import as_table
from uit.services.cache import Cache
from uit.services.clock_check import is_too_far, read_apart
from uit.services.mail import CANNOT_SEND, Mail, Mailer
from uit.services.text_message import SERVER_FAULT, Texter

SQL = Statements(__name__)

SECONDS_TO_ANSWER: Final = 10
LEAST_VERSION: Final = 180000
MAJOR: Final = 10000
APART_UNNOTICED: Final = timedelta(seconds=5)
DAYS_LEFT: Final = 14
TLS_PORT: Final = 443
EXTENSION: Final = re.compile(r"^CREATE EXTENSION IF NOT EXISTS (\w+)", re.MULTILINE)
LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}

Level = Literal["ok", "warning", "fault"]


class Finding(Struct, frozen=True):
    """`words` say how it is and, where it is not right, what to do next."""

    about: str
    level: Level
    words: str


class Rights(Struct, frozen=True):
    """What the login of DATABASE_URL may do."""

    login: str
    is_superuser: bool
    may_change_ledger: bool


class Extension(Struct, frozen=True):
    name: str


read_version = SQL.value("read_version", int)
read_rights = SQL.one("read_rights", Rights)
read_extensions = SQL.many("read_extensions", Extension)


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--mail-to", default="", metavar="ADDRESS", help="send a mail there as well")
    parser.add_argument("--json", action="store_true", help="the findings, for a program")


async def run(settings: Settings, given: Namespace) -> int:
    """Print what was found. Returns 1 where something is at fault."""
    if given.mail_to and not is_email(given.mail_to):
        raise CommandRefused(
            f"{given.mail_to!r} is no e-mail address. Give one such as an@dender.example.", WRONG
        )
    findings = await check_all(settings, SystemClock(), given.mail_to)
    if given.json:
        print(indented_json(findings))
    else:
        heads = ("about", "level", "what was found")
        print(as_table(heads, [(each.about, each.level, each.words) for each in findings]))
    return 1 if any(each.level == "fault" for each in findings) else 0


async def check_all(settings: Settings, clock: Clock, mail_to: str = "") -> list[Finding]:
    """Everything, each by itself: what is at fault in one does not hide the others."""
    outside = await asyncio.gather(
        check_certificate(settings, clock),
        check_mail(settings, mail_to),
        check_texts(settings),
        check_cache(settings),
    )
    database = await check_database(settings, clock)
    logins = [await check_login(settings, *each) for each in other_logins(settings)]
    return [*check_settings(settings), *database, *logins, *outside, check_card(settings)]


def check_settings(settings: Settings) -> Iterator[Finding]:
    host = urlsplit(settings.address).hostname or ""
    if settings.secure or host in LOOPBACK:
        yield Finding("settings", "ok", f"People reach us at {settings.address}.")
    else:
        words = f"{settings.address} is not over TLS. Set BASE_URL to an https address."
        yield Finding("settings", "warning", words)
    if settings.is_example:
        yield Finding("settings", "warning", "This is the example, where anybody signs in. Set EXAMPLE=0.")
    path = settings.secrets_path
    if not path.exists():
        yield Finding("keys", "warning", f"{path} is not there: the first start makes it. Then back it up.")
    elif path.stat().st_mode & 0o077:
        yield Finding("keys", "fault", f"Others can read {path}. Run `chmod 600` on it.")
    else:
        yield Finding("keys", "ok", f"Only the owner reads {path}. Back it up apart from the database.")


async def check_database(settings: Settings, clock: Clock) -> list[Finding]:
    try:
        async with connected(settings.database_url) as connection:
            return [
                await check_server(connection),
                clock_finding(await read_apart(connection, clock)),
                await check_rights(connection),
                await check_extensions(connection),
                await check_schema(connection),
                *await check_standby(settings, connection),
            ]
    except NotConnected as none:
        return [Finding("database", "fault", none.words("DATABASE_URL"))]


async def check_server(connection: "asyncpg.Connection[Any]") -> Finding:
    version = await read_version(connection)
    if version < LEAST_VERSION:
        words = f"PostgreSQL {version // MAJOR} is too old. Take {LEAST_VERSION // MAJOR} or later."
        return Finding("database", "fault", words)
    return Finding("database", "ok", f"PostgreSQL {version // MAJOR}.{version % MAJOR} answers.")


def clock_finding(apart: timedelta) -> Finding:
    """`apart`: how far our clock is ahead of the database's."""
    words = f"The database's clock and ours differ by {abs(apart).total_seconds():.1f} seconds."
    if abs(apart) <= APART_UNNOTICED:
        return Finding("clock", "ok", words)
    level: Level = "fault" if is_too_far(apart) else "warning"
    return Finding("clock", level, f"{words} Let both machines take their time from NTP.")


async def check_rights(connection: "asyncpg.Connection[Any]") -> Finding:
    rights = await read_rights(connection)
    next_step = "Give the application a login of its own, which is member of uit_app and owns nothing."
    if rights.is_superuser:
        return Finding("roles", "fault", f"{rights.login} is a superuser. {next_step}")
    if rights.may_change_ledger:
        return Finding("roles", "fault", f"{rights.login} may change the ledger. {next_step}")
    return Finding("roles", "ok", f"{rights.login} is no superuser, and cannot change the ledger.")


async def check_extensions(connection: "asyncpg.Connection[Any]") -> Finding:
    wanted = {name for each in read_migrations() for name in EXTENSION.findall(each.text)}
    missing = wanted - {each.name for each in await read_extensions(connection)}
    if missing:
        words = f"Missing: {', '.join(sorted(missing))}. Run `python -m uit migrate` as the owner."
        return Finding("extensions", "fault", words)
    return Finding("extensions", "ok", ", ".join(sorted(wanted)))


async def check_schema(connection: "asyncpg.Connection[Any]") -> Finding:
    every, applied = read_migrations(), await read_applied(connection)
    try:
        waiting = waiting_of(every, applied)
    except MigrationProblem as problem:
        return Finding("schema", "fault", f"{problem} Is this the right version?")
    if waiting:
        words = f"{len(waiting)} migrations wait, the first {waiting[0]}. Run `python -m uit migrate`."
        return Finding("schema", "fault", words)
    if applied[-1]["number"] > every[-1].number:
        words = f"It is of a later version than this one: {applied[-1]['number']:04} {applied[-1]['name']}."
        return Finding("schema", "warning", f"{words} Bring the application up to date as well.")
    return Finding("schema", "ok", f"Up to date, with {every[-1]} as the last.")


async def check_standby(settings: Settings, primary: "asyncpg.Connection[Any]") -> list[Finding]:
    """Where strangers read; nothing is said without a READ_DATABASE_URL."""
    if not settings.read_database_url:
        return []
    try:
        async with connected(settings.read_database_url) as standby:
            found = standby_finding(await read_position(primary), await read_position(standby))
            all_found = found, await check_rights(standby), await check_schema(standby)
    except NotConnected as none:
        words = f"Nobody reads there: {none.words('READ_DATABASE_URL')}"
        return [Finding("standby", "warning", words)]
    return [replace(next((each for each in all_found if each.level == "fault"), found), about="standby")]


def standby_finding(ours: Position, theirs: Position) -> Finding:
    if not follows(theirs, ours):
        words = "READ_DATABASE_URL is no standby of DATABASE_URL, so nobody reads there. Correct it."
        return Finding("standby", "fault", words)
    if not theirs.is_standby:
        words = "READ_DATABASE_URL is the primary itself. Strangers read there all the same."
        return Finding("standby", "ok", words)
    behind = max(0, ours.bytes - theirs.bytes)
    return Finding("standby", "ok", f"It follows the primary, {behind} bytes behind.")


def other_logins(settings: Settings) -> Iterator[tuple[str, str]]:
    """What else reaches the database, where its address is given: of whom, and the address."""
    if settings.owner_database_url:
        yield "owner", settings.owner_database_url
    if settings.report_database_url:
        yield "reports", settings.report_database_url


async def check_login(settings: Settings, about: str, address: str) -> Finding:
    try:
        async with connected(address):
            return Finding(about, "ok", f"{login_in(address)[0]} reaches {database_in(address)}.")
    except NotConnected as none:
        return Finding(about, "fault", none.words(setting_of(settings, address)))


async def check_certificate(settings: Settings, clock: Clock) -> Finding:
    address = urlsplit(settings.address)
    if not settings.secure:
        return Finding("certificate", "ok", f"None is needed for {settings.address}.")
    host, port = address.hostname or "", address.port or TLS_PORT
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            ends_at = await read_end_of_certificate(host, port)
    except ssl.SSLError as wrong:
        reason = getattr(wrong, "verify_message", "") or wrong.reason or "TLS fails"
        words = f"No browser will trust {host}: {reason}. Renew the certificate, or look at the proxy."
        return Finding("certificate", "fault", words)
    except (OSError, TimeoutError):
        words = f"{host}:{port} cannot be reached from here, so it was not read. Try it from outside."
        return Finding("certificate", "warning", words)
    return certificate_finding(host, (ends_at - clock.now()).days)


def certificate_finding(host: str, days: int) -> Finding:
    if days < DAYS_LEFT:
        words = f"That of {host} ends in {days} days. See in the log of the proxy why it is not renewed."
        return Finding("certificate", "warning", words)
    return Finding("certificate", "ok", f"That of {host} is good for {days} days.")


async def read_end_of_certificate(host: str, port: int) -> datetime:
    """Until when the certificate at this address is good. Raises SSLError for one that no browser trusts."""
    _, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
    try:
        certificate = writer.get_extra_info("peercert")
    finally:
        writer.close()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)


async def check_mail(settings: Settings, mail_to: str) -> Finding:
    """Greet the mail server as we do for every mail; one is sent only where an address is given."""
    url = urlsplit(settings.smtp_url)
    if not url.hostname:
        return Finding(
            "mail", "warning", "None is sent: SMTP_URL is not set. Residents cannot sign in by mail."
        )
    mailer = Mailer(settings.smtp_url, settings.mail_from, send_seconds=SECONDS_TO_ANSWER)
    try:
        is_safe = await mailer.greet()
    except CANNOT_SEND as wrong:
        words = f"{url.hostname} does not take our mail ({type(wrong).__name__}). Look at SMTP_URL."
        return Finding("mail", "fault", words)
    if mail_to and await mailer.send(trial_mail(settings, mail_to)):
        return Finding("mail", "fault", f"{url.hostname} greets us, and refused the mail. Look at MAIL_FROM.")
    how = "by TLS" if is_safe else "without TLS"
    sent = " A mail is on its way." if mail_to else ""
    return Finding("mail", "ok", f"{url.hostname} greets us, {how}.{sent}")


async def check_texts(settings: Settings) -> Finding:
    """Ask the gateway for text messages, without sending one."""
    if not settings.sms_url:
        return Finding("texts", "ok", "Nobody gets text messages: SMS_URL is not set. Mail and letters work.")
    texter, host = Texter(settings.sms_url, settings.sms_from), urlsplit(settings.sms_url).hostname
    try:
        status = await texter.greet()
    except httpx.HTTPError as wrong:
        words = f"{host} does not answer ({type(wrong).__name__}). Look at SMS_URL."
        return Finding("texts", "fault", words)
    finally:
        await texter.close()
    if status in {401, 403} or status >= SERVER_FAULT:
        return Finding("texts", "fault", f"{host} answers {status}. Look at SMS_URL.")
    return Finding("texts", "ok", f"{host} answers.")


def trial_mail(settings: Settings, to: str) -> Mail:
    words = f"{settings.address} sends mail, and you asked it to show so.\n"
    return Mail(to, "A trial of uit", words)


async def check_cache(settings: Settings) -> Finding:
    cache = Cache(settings.redis_url)
    try:
        if await cache.alive():
            return Finding("cache", "ok", "Valkey answers.")
    finally:
        await cache.close()
    words = "Valkey does not answer. uit works without it, slower and without limits. Look at REDIS_URL."
    return Finding("cache", "warning", words)


def check_card(settings: Settings) -> Finding:
    if not settings.stripe_secret_key:
        words = "Nobody pays by card: STRIPE_SECRET_KEY is not set. Credit and the box office work."
        return Finding("card", "ok", words)
    if not settings.stripe_webhook_secret:
        words = "STRIPE_WEBHOOK_SECRET is not set, so nobody hears that somebody paid. Set it."
        return Finding("card", "fault", words)
    is_live = "_live_" in settings.stripe_secret_key
    return Finding(
        "card", "ok", f"STRIPE_SECRET_KEY is set, a key of the {'live' if is_live else 'test'} mode."
    )
