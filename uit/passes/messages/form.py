"""The form by which somebody, or a clerk for them, chooses what is told to them and how."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from uit.core.translation import gettext as _
from uit.identity.message.kind import KINDS
from uit.identity.message.way import Way
from uit.web.form import Errors

Options = Sequence[tuple[str, str]]


class KindRow(Struct, frozen=True):
    """A kind of message: its words, what can be chosen for it and what is; '' is as for all others."""

    kind: str
    words: str
    options: Options
    chosen: str


def options_of(kind: str, *, texts: bool) -> Options:
    """What can be chosen for a kind. `texts`: whether we can send text messages at all."""
    sms = [(Way.SMS.value, _("Met een sms"))] if texts else []
    ways = [
        ("", _("Zoals gewoonlijk")),
        (Way.EMAIL.value, _("Met een mail")),
        *sms,
        (Way.LETTER.value, _("Met een brief")),
        (Way.COUNTER.value, _("Niet sturen: ik vraag het aan de balie")),
    ]
    return [*ways, (Way.OFF.value, _("Niet nodig"))] if KINDS[kind].may_be_off else ways


def as_typed(rows: Sequence[KindRow], typed: Mapping[str, str]) -> list[KindRow]:
    return [KindRow(each.kind, each.words, each.options, typed.get(each.kind, "")) for each in rows]


def errors_of(rows: Sequence[KindRow], typed: Mapping[str, str]) -> Errors:
    """What cannot be chosen, by kind."""
    return {
        each.kind: _("Kies hoe.")
        for each in rows
        if typed.get(each.kind, "") not in {value for value, _words in each.options}
    }
