"""Mail over SMTP. Mails are sent after a commit or by the worker, never inside a transaction."""

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
SMTP_FOR_GOOD = 500


class XmlFile(Struct, frozen=True):
    """A document that goes with a mail."""

    name: str
    content: bytes


class Mail(Struct, frozen=True):
    """`text` is the complete message in plain text; `html` is the same message with layout."""

    to: str
    subject: str
    text: str
    html: str | None = None
    attachment: XmlFile | None = None


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
    """Sends through `smtp://user:password@host:port` or `smtps://…`; STARTTLS where the server offers it."""

    def __init__(self, url: str, sender: str) -> None:
        self._url, self._sender = urlsplit(url), sender

    async def send(self, mail: Mail) -> MailAway | MailRefused | None:
        """Hand a mail to the server; None when it took it.

        A refusal of the server is an answer, not a bug. Only what it says of the recipient or of the content
        is of this mail alone: of what else it refuses, such as our password, all mail waits until that is
        mended.
        """
        to = wire_address(mail.to) if is_email(mail.to) else None
        if not self._url.hostname or to is None:
            return AWAY if to else NO_ADDRESS
        try:
            await aiosmtplib.send(
                as_message(mail, to, self._sender),
                hostname=self._url.hostname,
                port=self._url.port or (465 if self._url.scheme == "smtps" else 25),
                username=unquote(self._url.username) if self._url.username else None,
                password=unquote(self._url.password) if self._url.password else None,
                use_tls=self._url.scheme == "smtps",
                timeout=SECONDS_TO_SEND,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return as_answer(refused.recipients[0].code)
        except aiosmtplib.SMTPDataError as refused:
            return as_answer(refused.code)
        except aiosmtplib.SMTPNotSupported:
            return NO_ADDRESS
        except (aiosmtplib.SMTPException, OSError):
            return AWAY
        return None


def as_answer(reply: int) -> MailAway | MailRefused:
    return MailRefused(reply) if reply >= SMTP_FOR_GOOD else AWAY


def as_message(mail: Mail, to: str, sender: str) -> EmailMessage:
    """The mail as it is sent. A line end in its subject, which may hold names of others, ends no header."""
    message = EmailMessage(policy.SMTP if to.isascii() else policy.SMTPUTF8)
    message["From"], message["To"], message["Subject"] = sender, to, one_line(mail.subject)
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
