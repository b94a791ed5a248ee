"""A mail from its two templates, which say the same: `.txt`, whose first line is the subject, and `.html`.

A letter says what the text says. Nobody presses a link on paper, so a template knows by `on_paper` to say
where to go instead, and a line that is a link alone is left out.
"""

import re
from typing import Final

from msgspec import Struct

from uit.services.mail import Mail, XmlFile
from uit.web.view import render

LINK_ALONE: Final = re.compile(r"^https?://\S+\n?", re.MULTILINE)
EMPTY_LINES: Final = re.compile(r"\n{3,}")


class LetterText(Struct, frozen=True):
    subject: str
    text: str


def written_mail(to: str, template: str, attached: XmlFile | None = None, **facts: object) -> Mail:
    """The mail of `template`, a path without its ending."""
    subject, text = subject_and_text(template, on_paper=False, **facts)
    return Mail(to, subject, text, render(f"{template}.html", **facts), attached)


def written_letter(template: str, **facts: object) -> LetterText:
    """The same on paper."""
    subject, text = subject_and_text(template, on_paper=True, **facts)
    return LetterText(subject, EMPTY_LINES.sub("\n\n", LINK_ALONE.sub("", text)).strip() + "\n")


def written_text(template: str, **facts: object) -> str:
    """The same as a text message, on one line: `.sms.txt`."""
    return " ".join(render(f"{template}.sms.txt", **facts).split())


def subject_and_text(template: str, **facts: object) -> tuple[str, str]:
    """A subject is broken at any space, and a space that does not break would be lost there."""
    subject, _, text = render(f"{template}.txt", **facts).partition("\n")
    return subject.replace("\N{NO-BREAK SPACE}", " "), text.strip() + "\n"
