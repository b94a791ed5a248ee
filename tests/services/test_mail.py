"""What a mail server says is told apart: it may take this mail later, or never."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import Letterbox, free_port
from uit.core.clock import SystemClock
from uit.services.mail import Mail, MailAway, Mailer, MailRefused

SENDER = "uit <noreply@example.org>"
TO_ANNA = Mail("anna@example.org", "Je ticket", "Tot dan.\n")


class Strict:
    """A mail server that answers as the tests say: `replies` is by command what it says instead of OK."""

    def __init__(self) -> None:
        self.replies: dict[str, str] = {}

    async def handle_MAIL(self, _server: SMTP, _session: Any, envelope: Envelope, sender: str, _: Any) -> str:  # noqa: N802  aiosmtpd's name
        envelope.mail_from = sender
        return self.replies.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Envelope, to: str, _: Any) -> str:  # noqa: N802  the same
        envelope.rcpt_tos.append(to)
        return self.replies.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: SMTP, _session: Any, _envelope: Envelope) -> str:  # noqa: N802  the same
        return self.replies.get("DATA", "250 OK")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Mailer, Strict]]:
    strict, port = Strict(), free_port()
    controller = Controller(strict, hostname="127.0.0.1", port=port)
    controller.start()
    yield Mailer(f"smtp://127.0.0.1:{port}", SENDER), strict
    controller.stop()


@pytest.mark.parametrize(
    ("command", "reply", "answer"),
    [
        ("RCPT", "550 5.1.1 <anna@example.org>: no such user", MailRefused(550)),
        ("RCPT", "553 5.1.3 bad address", MailRefused(553)),
        ("DATA", "554 5.7.1 this is spam", MailRefused(554)),
        ("RCPT", "450 4.2.1 greylisted, come back", MailAway(60)),
        ("DATA", "451 4.3.0 disk full", MailAway(60)),
    ],
)
async def test_what_the_server_says_for_good_is_final_and_the_rest_may_pass(
    server: tuple[Mailer, Strict], command: str, reply: str, answer: object
) -> None:
    mailer, strict = server
    strict.replies = {command: reply}

    assert await mailer.send(TO_ANNA) == answer


async def test_a_sender_that_is_refused_is_ours_to_mend_and_mails_wait_for_it(
    server: tuple[Mailer, Strict],
) -> None:
    mailer, strict = server
    strict.replies = {"MAIL": "550 5.7.1 who are you"}

    assert await mailer.send(TO_ANNA) == MailAway(60)


async def test_a_server_that_hangs_up_or_is_not_there_may_come_back(server: tuple[Mailer, Strict]) -> None:
    mailer, strict = server
    strict.replies = {"RCPT": "421 4.3.2 closing"}

    assert await mailer.send(TO_ANNA) == MailAway(60)
    assert await Mailer("smtp://127.0.0.1:9", SENDER).send(TO_ANNA) == MailAway(60)
    assert await Mailer("", SENDER).send(TO_ANNA) == MailAway(60)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "anna@",
        "a b@example.org",
        "anna@x.be, bob@x.be",
        "a:b@x",
        "a:b@x.be;",
        "a\N{LINE SEPARATOR}b@x.be",
        "anna@straße.example",
    ],
)
async def test_an_address_that_is_none_is_refused_before_anybody_is_asked(
    post: tuple[str, Letterbox], to: str
) -> None:
    smtp_url, box = post
    box.mails.clear()

    assert await Mailer(smtp_url, SENDER).send(Mail(to, "Je ticket", "Tot dan.\n")) == MailRefused(None)
    assert box.mails == []


@pytest.mark.parametrize("to", ["anna@example.org", "an.claes+uit@kunst.example.org", "o'hara@example.org"])
async def test_an_address_that_is_one_is_sent_to(post: tuple[str, Letterbox], to: str) -> None:
    smtp_url, box = post
    box.mails.clear()

    assert await Mailer(smtp_url, SENDER).send(Mail(to, "Je ticket", "Tot dan.\n")) is None
    assert [mail["To"] for mail in box.mails] == [to]


@pytest.mark.parametrize(
    ("to", "sent_to"),
    [("jan@münchen.example", "jan@xn--mnchen-3ya.example"), ("zoë@example.org", "zoë@example.org")],
)
async def test_an_address_of_another_script_arrives(
    post: tuple[str, Letterbox], to: str, sent_to: str
) -> None:
    smtp_url, box = post
    box.mails.clear()

    assert await Mailer(smtp_url, SENDER).send(Mail(to, "Je ticket", "Tot dan.\n")) is None
    assert [mail["To"] for mail in box.mails] == [sent_to]


async def test_a_line_end_in_a_name_ends_no_header(post: tuple[str, Letterbox]) -> None:
    smtp_url, box = post
    box.mails.clear()
    subject = "Je ticket voor Zomer\N{LINE SEPARATOR}bar\r\nBcc: bob@example.org"

    assert await Mailer(smtp_url, SENDER).send(Mail("anna@example.org", subject, "Tot dan.\n")) is None
    assert [(mail["Subject"], mail["Bcc"]) for mail in box.mails] == [
        ("Je ticket voor Zomer bar Bcc: bob@example.org", None)
    ]


def certificate_of_this_machine(path: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(pem))
    return path


async def test_a_greeting_says_whether_what_follows_can_be_read_on_the_way(
    server: tuple[Mailer, Strict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that went over to TLS does not offer it a second time."""
    certificate, port = certificate_of_this_machine(tmp_path / "mail.pem"), free_port()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    controller = Controller(Strict(), hostname="127.0.0.1", port=port, tls_context=tls)
    controller.start()

    by_tls = await Mailer(f"smtp://127.0.0.1:{port}", SENDER).greet()
    controller.stop()

    assert (by_tls, await server[0].greet()) == (True, False)
