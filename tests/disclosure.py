"""What left the house during a test, and what in it only few may read: searched by value.

Each answer is kept with who got it, each mail, and what was logged. When the test is over, the values that
its database keeps secret are looked for in all of it. A page that shows what it should not is found whatever
the test was about.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Final, Protocol
from urllib.parse import unquote_plus

import structlog
from httpx import AsyncClient, Request, RequestNotRead, Response
from litestar.types import ASGIApp, Receive, Scope, Send

from uit.identity.person.insz import Insz, read_insz
from uit.identity.visitor import Staff

NUMBER: Final = re.compile(
    r"(?<![\d-])(?<!\d\.)(?:\d{2}[ .]?[67]\d[ .]?\d{2}|00[ .]?00[ .]?00)[ .-]?\d{3}[ .]?\d{2}(?![\d-])"
)
"""Eleven digits as a number of the register is written, with a birth date that only those of tests have; not
the fraction of a figure, which may have any digits."""
SHORTEST: Final = 6
"""A value of fewer characters stands in a page by chance."""
ASKED_BY: ContextVar[object] = ContextVar("asked_by", default=None)


LOGGED: Final[list[str]] = []
"""What was logged since a test began."""


class Handler(logging.Handler):
    """Keeps what libraries log."""

    def emit(self, record: logging.LogRecord) -> None:
        LOGGED.append(f"{record.getMessage()} {record.exc_info or ''}")


def keep_event(_logger: object, _method: str, event: Mapping[str, object]) -> Mapping[str, object]:
    LOGGED.append(str(structlog.processors.format_exc_info(None, "", dict(event))))
    return event


def listen_to_logs() -> None:
    """From now on, whatever is logged in this process is kept in LOGGED."""
    first, *others = structlog.get_config()["processors"]
    structlog.configure(processors=[first, keep_event, *others])
    logging.getLogger().addHandler(Handler())


class Database(Protocol):
    async def rows(self, statement: str, *args: object) -> list[Any]: ...


@dataclass(frozen=True)
class Secret:
    """A column that only these may read on a page; nobody reads it in a mail, a log or an address."""

    column: str
    readers: frozenset[str] = frozenset()

    @property
    def statement(self) -> str:
        table, _, column = self.column.rpartition(".")
        return f"SELECT DISTINCT {column} AS value FROM {table} WHERE length({column}) >= {SHORTEST}"


SECRETS: Final = (
    Secret("passes.attestation.reference", frozenset({"social_worker"})),
    Secret("passes.attestation.document_kind"),
    Secret("identity.representation.proof", frozenset({"clerk", "resident"})),
    Secret("identity.service_client.dossier", frozenset({"social_worker", "auditor"})),
    Secret("passes.decision.ground", frozenset({"clerk", "programme_officer", "resident"})),
    Secret("passes.decision.asked_why", frozenset({"clerk", "programme_officer", "resident"})),
)


@dataclass(frozen=True)
class Output:
    """What one recipient got: `to` is a role, `resident`, `client`, `door`, `anybody`, or `mail` and `log`.

    What they sent themselves may stand on the page that answers, so that nothing typed is lost.
    """

    to: frozenset[str]
    where: str
    address: str
    text: str
    sent: str = ""


@dataclass
class Disclosures:
    """All that left during a test."""

    outputs: list[Output] = field(default_factory=list)

    def watch(self, client: AsyncClient) -> None:
        client.event_hooks["response"].append(self._keep)

    def keep(self, to: str, *texts: str, address: str = "") -> None:
        """What somebody read in another way than from a client: a role, `log` or `mail`."""
        self.outputs.append(Output(frozenset({to}), address or to, address, "\n".join(texts)))

    async def _keep(self, answer: Response) -> None:
        await answer.aread()
        request = answer.request
        address = f"{request.url} {answer.headers.get('location', '')}"
        where = f"{request.method} {request.url.path} {answer.status_code}"
        shown = Output(recipients(ASKED_BY.get()), where, address, text_of(answer), sent_in(request))
        self.outputs.append(shown)

    def keep_mails(self, mails: Iterable[EmailMessage]) -> None:
        for mail in mails:
            parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
            self.keep("mail", str(mail["subject"]), *parts)

    async def found(self, database: Database, mails: Iterable[EmailMessage] = ()) -> list[str]:
        """What was read by who may not, in words; nothing when all is well."""
        self.keep_mails(mails)
        self.keep("log", *LOGGED)
        secrets = [(each, await values_of(each, database)) for each in SECRETS]
        return sorted({line for output in self.outputs for line in faults(output, secrets)})


def watched(app: ASGIApp) -> ASGIApp:
    """The application, noting who each request turned out to be from."""

    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        finally:
            ASKED_BY.set(scope.get("user"))

    return ask


def recipients(visitor: object) -> frozenset[str]:
    if visitor is None:
        return frozenset({"anybody"})
    if isinstance(visitor, Staff):
        return frozenset(each.role for each in visitor.roles) or frozenset({"staff"})
    return frozenset({type(visitor).__name__.lower()})


def sent_in(request: Request) -> str:
    """The form or document of a request; nothing of one that was streamed."""
    try:
        return unquote_plus(request.content.decode(errors="replace"))
    except RequestNotRead:
        return ""


def text_of(answer: Response) -> str:
    kind = answer.headers.get("content-type", "")
    return answer.text if kind.startswith(("text/", "application/json", "application/problem")) else ""


async def values_of(secret: Secret, database: Database) -> list[str]:
    return [row["value"] for row in await database.rows(secret.statement)]


def faults(output: Output, secrets: Iterable[tuple[Secret, list[str]]]) -> Iterator[str]:
    for number in numbers_in(f"{output.address} {output.text}"):
        if is_disclosed(number, output):
            yield f"{said(output)} has the INSZ {number}"
    for secret, values in secrets:
        for value in values:
            if is_disclosed(value, output, secret.readers):
                yield f"{said(output)} has {secret.column}: {value}"


def is_disclosed(value: str, output: Output, readers: frozenset[str] = frozenset()) -> bool:
    may_read = output.to & readers or value in output.sent
    return value in output.address or (value in output.text and not may_read)


def numbers_in(text: str) -> Iterator[str]:
    """The valid numbers of the register in a text, of the kinds that tests use."""
    return (found for found in NUMBER.findall(text) if isinstance(read_insz(found, mock=True), Insz))


def said(output: Output) -> str:
    return f"{output.where} for {', '.join(sorted(output.to))}"
