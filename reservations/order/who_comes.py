"""Who comes: whoever looks, others for whom they may book, or several of them together."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.acting import HelpedMember
from reservations.errors import MayNotAct
from uit.core.errors import RefusalError
from uit.core.translation import gettext as _
from uit.web.form import Errors

WHO: Final = "voor"
"""The field of an address that says who comes: ids of members, between commas."""
MYSELF: Final = "ik"
TICK: Final = "komt-"
ASKED: Final = "kiest"
"""The field of a form that asks who comes: where no box is ticked, nobody does."""


class Comer(Struct, frozen=True):
    """Somebody who comes, by the pass whose price and credit are theirs; `helped` is another than who looks.

    `key` tells their fields from those of others; it is empty where they come alone. `own_name`: what who
    books is called, where somebody else looks.
    """

    membership_id: UUID
    helped: HelpedMember | None = None
    key: str = ""
    own_name: str | None = None

    @property
    def name(self) -> str | None:
        """What they are called, where that is another than who looks."""
        return self.helped.given_name if self.helped else self.own_name

    @property
    def value(self) -> str:
        """By what an address names them."""
        return str(self.membership_id) if self.helped else MYSELF


class Choosable(Struct, frozen=True):
    """Somebody who may come, and whether they were chosen."""

    value: str
    name: str
    is_chosen: bool

    @property
    def field(self) -> str:
        """The name of their box."""
        return TICK + self.value


def comers(
    own_id: UUID | None, others: Sequence[HelpedMember], who: str, own_name: str | None = None
) -> list[Comer]:
    """Who comes, whoever looks first; without a choice they come themselves, if they have a pass.

    Raises MayNotAct for somebody for whom they may not book.
    """
    asked = {each for each in who.split(",") if each} or {MYSELF}
    known: dict[str, Comer] = {MYSELF: Comer(own_id, own_name=own_name)} if own_id else {}
    known |= {str(each.membership_id): Comer(each.membership_id, each) for each in others}
    if asked - {*known, MYSELF}:
        raise RefusalError(MayNotAct())
    found = [comer for value, comer in known.items() if value in asked]
    return found if len(found) == 1 else [each_with_key(comer) for comer in found]


def all_who_may_come(own_id: UUID | None, others: Sequence[HelpedMember]) -> list[Comer]:
    """Whoever looks, if they have a pass, and all for whom they may book."""
    found = [*([Comer(own_id)] if own_id else []), *(Comer(each.membership_id, each) for each in others)]
    return found if len(found) == 1 else [each_with_key(comer) for comer in found]


def each_with_key(comer: Comer) -> Comer:
    return replace(comer, key=comer.membership_id.hex)


def encode_who(found: Iterable[Comer]) -> str:
    """The value of WHO; empty for who looks alone."""
    values = [each.value for each in found]
    return "" if values in ([], [MYSELF]) else ",".join(values)


def who_fields(found: Iterable[Comer]) -> dict[str, str]:
    """The field of an address that says who comes, where that is not who looks alone."""
    who = encode_who(found)
    return {WHO: who} if who else {}


def ticked(typed: Mapping[str, str]) -> str | None:
    """Who was ticked in a form that asked; None where it asked nobody, and empty where nobody was ticked."""
    if ASKED not in typed:
        return None
    return ",".join(name.removeprefix(TICK) for name in typed if name.startswith(TICK))


def choosable(
    own_id: UUID | None,
    others: Sequence[HelpedMember],
    found: Sequence[Comer],
    own_name: str | None = None,
) -> list[Choosable]:
    """All who may come, where there is something to choose."""
    chosen = {each.membership_id for each in found}
    mine = [Choosable(MYSELF, own_name or _("Jij"), own_id in chosen)] if own_id else []
    theirs = [
        Choosable(str(each.membership_id), each.given_name, each.membership_id in chosen) for each in others
    ]
    return [*mine, *theirs] if theirs else []


def nobody(asked: Sequence[Choosable]) -> Errors:
    """What is said where nobody was ticked."""
    return {asked[0].field: _("Kies wie er komt.")}
