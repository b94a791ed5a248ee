"""What an organiser asks for a price, as a form of their desk has it; what is wrong comes back per field.

A page that makes a whole activity can hold the same fields, under these names.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from reservations.booking.condition import Condition
from reservations.booking.price_code import LEAST_LETTERS, MOST_LETTERS
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, number_error, only_errors, read_day, read_number, typed_number

MOST_EACH: Final = 1000
MOST_USES: Final = 100_000
LONGEST_SHOWS: Final = 100
Digest = Callable[[str], str | None]
"""How a code is kept: see `price_code.code_digest`."""


def labels() -> Labels:
    return {
        "for_companion": _("Dit is voor een begeleider"),
        "for_members": _("Alleen met een UiTPAS"),
        "most_per_person": _("Hoeveel hoogstens per persoon?"),
        "most_per_household": _("Hoeveel hoogstens per gezin?"),
        "code": _("Code"),
        "no_code": _("Vraag geen code meer"),
        "code_until": _("Tot en met welke dag geldt de code?"),
        "code_uses": _("Voor hoeveel tickets is de code goed?"),
        "shows": _("Wat toont men aan de deur?"),
    }


class ConditionForm(Struct, frozen=True):
    """What was typed. A code that is asked already stays, unless another is typed or none is wanted."""

    for_companion: str = ""
    for_members: str = ""
    most_per_person: str = ""
    most_per_household: str = ""
    code: str = ""
    no_code: str = ""
    code_until: str = ""
    code_uses: str = ""
    shows: str = ""

    def read(self, before: Condition, digest: Digest, *, is_personal: bool) -> Condition | Errors:
        """What is asked from now on, or what is wrong. Of a personal price nothing is shown at a door."""
        code = None if self.no_code else digest(self.code) or before.code_digest
        return self.errors(code, is_personal=is_personal) or Condition(
            before.least,
            bool(self.for_members),
            bool(self.for_companion),
            read_number(self.most_per_person, MOST_EACH),
            read_number(self.most_per_household, MOST_EACH),
            code,
            read_day(self.code_until) if code else None,
            read_number(self.code_uses, MOST_USES) if code else None,
            one_line(self.shows),
        )

    def errors(self, code: str | None, *, is_personal: bool) -> Errors:
        return only_errors(
            {
                "for_companion": self.companion_error(code),
                "most_per_person": count_error(self.most_per_person, MOST_EACH),
                "most_per_household": count_error(self.most_per_household, MOST_EACH),
                "code": self.code_error(),
                "code_until": day_error(self.code_until),
                "code_uses": count_error(self.code_uses, MOST_USES),
                "shows": self.shows_error(is_personal=is_personal),
            }
        )

    def companion_error(self, code: str | None) -> str:
        if self.for_companion and (self.for_members or code):
            return _("Een begeleider heeft geen pas of code nodig. Kies een van de twee.")
        return ""

    def code_error(self) -> str:
        letters = len("".join(self.code.split()))
        if not letters or LEAST_LETTERS <= letters <= MOST_LETTERS:
            return ""
        return _("Gebruik %(least)s tot %(most)s letters of cijfers.", least=LEAST_LETTERS, most=MOST_LETTERS)

    def shows_error(self, *, is_personal: bool) -> str:
        if is_personal and self.shows.strip():
            return _("Wie deze prijs heeft, toont niets: de deur mag die niet kennen.")
        if len(one_line(self.shows)) > LONGEST_SHOWS:
            return _("Dit is te lang. Gebruik hoogstens %(most)s letters.", most=LONGEST_SHOWS)
        return ""


def count_error(text: str, most: int) -> str:
    """Nothing, where no number is asked."""
    return number_error(text, 1, most) if text.strip() else ""


def day_error(text: str) -> str:
    good = not text.strip() or read_day(text)
    return "" if good else _("Vul een dag in, zoals 1/9/2026.")


def typed_of(condition: Condition) -> ConditionForm:
    """The form with what is asked now; a code is not shown again."""
    return ConditionForm(
        "true" if condition.for_companion else "",
        "true" if condition.for_members else "",
        typed_number(condition.most_per_person),
        typed_number(condition.most_per_household),
        code_until=condition.code_until.isoformat() if condition.code_until else "",
        code_uses=typed_number(condition.code_uses),
        shows=condition.shows,
    )
