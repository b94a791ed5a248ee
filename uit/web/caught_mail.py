"""The mails that the mail catcher of the example stored, as files numbered in order of arrival."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

MOST_SHOWN = 50


def caught(folder: Path) -> list[tuple[str, EmailMessage]]:
    """The last mails, newest first, each with the name of its file."""
    paths = sorted(folder.glob("*.eml"), reverse=True)[:MOST_SHOWN]
    return [(path.stem, read_mail(path)) for path in paths]


def read_mail(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
