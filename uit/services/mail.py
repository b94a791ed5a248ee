"""Mail over SMTP. Mails are sent after a commit or by the worker, never inside a transaction."""

import asyncio
from email import policy
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

import aiosmtplib
from msgspec import Struct

from uit.core.email_address import is_email, wire_address
from uit.core.errors import Refusal
from uit.core.one_line import one_line

SECONDS_TO_SEND = 15
"""For a whole mail: a server that says one letter a second is as good as none."""
SECONDS_AWAY = 30
"""So long nobody is sent to a server that did not answer, and what is not mail is not held up by it."""
SMTP_FOR_GOOD = 500
CANNOT_SEND = (aiosmtplib.SMTPException, OSError)


class XmlFile(Struct, frozen=True):
    """A document that goes with a mail."""

    name: str
    content: bytes


class Mail(Struct, frozen=True):
    """`text` is the complete message in plain text; `html` is the same message with layout.

    `reply_to`: who reads an answer, where that is not the sender.
    """

    to: str
    subject: str
    text: str
    html: str | None = None
    attachment: XmlFile | None = None
    reply_to: str | None = None


class MailAway(Refusal, code="ground.mail_away", status=503):
    """The mail server does not take our mail at this moment: it may later."""

    retry_after_seconds: int


class MailRefused(Refusal, code="ground.mail_refused", status=422):
    """This mail is never taken: its address is none, or the server said no for good (RFC 5321, 5yz).

    `reply` is the server's code alone: its words may hold the address.
    """

    reply: int | None


AWAY = MailAway(retry_after_seconds=60)
NO_ADDRESS = MailRefused(reply=None)


class Mailer:
    """Sends through `smtp://user:password@host:port` or `smtps://…`; STARTTLS where the server offers it.

    A server that could not be reached, or did not answer in time, is left alone for `away_seconds`.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        send_seconds: float = SECONDS_TO_SEND,
        away_seconds: float = SECONDS_AWAY,
    ) -> None:
        self._url, self._sender = urlsplit(url), sender
        self._send_seconds, self._away_seconds = send_seconds, away_seconds
        self._away_until = 0.0

    async def send(self, mail: Mail) -> MailAway | MailRefused | None:
        """Hand a mail to the server; None when it took it.

        A refusal of the server is an answer, not a bug. Only what it says of the recipient or of the content
        is of this mail alone: of what else it refuses, such as our password, all mail waits until that is
        mended.
        """
        to = wire_address(mail.to) if is_email(mail.to) else None
        if to is None:
            return NO_ADDRESS
        now = asyncio.get_running_loop().time
        if not self._url.hostname or now() < self._away_until:
            return AWAY
        try:
            async with asyncio.timeout(self._send_seconds):
                await self._hand_over(as_message(mail, to, self._sender))
        except CANNOT_SEND as failure:
            if isinstance(failure, OSError):
                self._away_until = now() + self._away_seconds
            return as_answer(failure)
        self._away_until = 0.0
        return None

    async def greet(self) -> bool:
        """Say who we are, as before every mail; whether nobody on the way can read what follows.

        Raises what CANNOT_SEND names.
        """
        async with asyncio.timeout(self._send_seconds), self._server() as server:
            return server.get_transport_info("sslcontext") is not None

    async def _hand_over(self, message: EmailMessage) -> None:
        async with self._server() as server:
            await server.send_message(message)

    def _server(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._url.hostname,
            port=self._url.port or (465 if self._url.scheme == "smtps" else 25),
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            use_tls=self._url.scheme == "smtps",
            timeout=self._send_seconds,
        )


def as_answer(failure: Exception) -> MailAway | MailRefused:
    match failure:
        case aiosmtplib.SMTPNotSupported():
            return NO_ADDRESS
        case aiosmtplib.SMTPRecipientsRefused():
            reply = failure.recipients[0].code
        case aiosmtplib.SMTPDataError():
            reply = failure.code
        case _:
            return AWAY
    return MailRefused(reply) if reply >= SMTP_FOR_GOOD else AWAY


def as_message(mail: Mail, to: str, sender: str) -> EmailMessage:
    """The mail as it is sent. A line end in its subject, which may hold names of others, ends no header."""
    message = EmailMessage(policy.SMTP if to.isascii() else policy.SMTPUTF8)
    message["From"], message["To"], message["Subject"] = sender, to, one_line(mail.subject)
    if mail.reply_to and is_email(mail.reply_to):
        message["Reply-To"] = mail.reply_to
    message["Message-ID"] = make_msgid(domain="uit.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.attachment:
        message.add_attachment(
            mail.attachment.content,
            maintype="application",
            subtype="xml",
            filename=mail.attachment.name,
        )
    return message
