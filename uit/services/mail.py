"""Mail over SMTP. Mails are sent after a commit or by the worker, never inside a transaction."""

from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

import aiosmtplib
from msgspec import Struct

from uit.core.errors import Refusal

SECONDS_TO_SEND = 15


class Mail(Struct, frozen=True):
    """`text` is the complete message in plain text; `html` is the same message with layout."""

    to: str
    subject: str
    text: str
    html: str | None = None


class MailAway(Refusal, code="ground.mail_away", status=503):
    """The mail server cannot be reached or refused the mail."""

    retry_after_seconds: int


class Mailer:
    """Sends through `smtp://user:password@host:port` or `smtps://…`; STARTTLS where the server offers it."""

    def __init__(self, url: str, sender: str) -> None:
        self._url, self._sender = urlsplit(url), sender

    async def send(self, mail: Mail) -> MailAway | None:
        """Send a mail; None when the server accepted it, MailAway when it refused it or cannot be reached."""
        if not self._url.hostname:
            return MailAway(retry_after_seconds=60)
        try:
            await aiosmtplib.send(
                as_message(mail, self._sender),
                hostname=self._url.hostname,
                port=self._url.port or (465 if self._url.scheme == "smtps" else 25),
                username=unquote(self._url.username) if self._url.username else None,
                password=unquote(self._url.password) if self._url.password else None,
                use_tls=self._url.scheme == "smtps",
                timeout=SECONDS_TO_SEND,
            )
        except (aiosmtplib.SMTPException, OSError):
            return MailAway(retry_after_seconds=60)
        return None


def as_message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Message-ID"] = make_msgid(domain="uit.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message
