"""The mails and text messages that the catchers of the example stored, as files in order of arrival."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import msgspec
from msgspec import Struct

MOST_SHOWN = 50


class CaughtText(Struct, frozen=True):
    to: str
    text: str


def caught(folder: Path) -> list[tuple[str, EmailMessage]]:
    """The last mails, newest first, each with the name of its file."""
    paths = sorted(folder.glob("*.eml"), reverse=True)[:MOST_SHOWN]
    return [(path.stem, read_mail(path)) for path in paths]


def read_mail(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def caught_texts(folder: Path) -> list[CaughtText]:
    """The last text messages, newest first."""
    paths = sorted(folder.glob("*.json"), reverse=True)[:MOST_SHOWN]
    return [msgspec.json.decode(path.read_bytes(), type=CaughtText) for path in paths]
