"""The form in which an organiser writes to who booked a session."""

from typing import Final

from msgspec import Struct

from reservations.writing.written import MessageWords
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, text_error

LONGEST_SUBJECT: Final = 100
LONGEST_BODY: Final = 2000


class MessageForm(Struct, frozen=True):
    """`stap`: what one does with it; anything but `stuur` shows it first."""

    message_id: str = ""
    subject: str = ""
    body: str = ""
    stap: str = ""

    @property
    def errors(self) -> Errors:
        return only_errors(
            {
                "subject": text_error(self.subject, _("Vul een onderwerp in."), LONGEST_SUBJECT),
                "body": body_error(self.body),
            }
        )

    @property
    def words(self) -> MessageWords:
        body = "\n".join(line.rstrip() for line in self.body.strip().splitlines())
        return MessageWords(one_line(self.subject), body)


def body_error(typed: str) -> str:
    if not typed.strip():
        return _("Schrijf een bericht.")
    if len(typed) > LONGEST_BODY:
        return _("Dit is te lang. Gebruik hoogstens %(most)s letters.", most=LONGEST_BODY)
    lines = typed.strip().splitlines()
    return (
        "" if all(map(str.isprintable, lines)) else _("Hier staat een teken in dat we niet kunnen bewaren.")
    )


def labels() -> Labels:
    return {"subject": _("Onderwerp"), "body": _("Bericht")}
