"""The rule for how a message reaches a person: by mail, text message or letter, or at the counter."""

from collections.abc import Iterator
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from uit.core.phone import takes_texts
from uit.identity.message.kind import MessageKind
from uit.identity.person.change import ADDRESSES


class Way(StrEnum):
    """`COUNTER`: nothing is sent, and a counter shows it. `OFF`: somebody does without."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    COUNTER = "counter"
    OFF = "off"


class Reachable(Struct, frozen=True):
    """How somebody can be reached, and how they want to be.

    `chosen` is for this kind of message; `reached_by` for all others. The values are those of `Way`.
    """

    person_id: UUID
    email: str | None = None
    phone: str | None = None
    address_kind: str | None = None
    reached_by: str | None = None
    chosen: str | None = None


def way_to(who: Reachable, kind: MessageKind, *, texts: bool) -> Way:
    """How a message of a kind reaches somebody. `texts`: whether we can send text messages at all.

    The first that can be done of: what they chose for this kind, how they want to be reached, mail, and a
    letter. Nobody switches off what may not be. What is for now is a text message or a mail, or it is OFF.
    """
    if who.chosen == Way.OFF and kind.may_be_off:
        return Way.OFF
    return next(each for each in wishes(who, kind) if can_be_done(who, each, texts=texts))


def wishes(who: Reachable, kind: MessageKind) -> Iterator[Way]:
    wished = [Way(each) for each in (who.chosen, who.reached_by) if each and each != Way.OFF]
    if kind.is_for_now:
        yield from (each for each in wished if each in {Way.EMAIL, Way.SMS})
        yield from (Way.SMS, Way.EMAIL, Way.OFF)
    yield from wished
    yield Way.EMAIL
    if kind.is_posted:
        yield Way.LETTER
    yield Way.COUNTER


def can_be_done(who: Reachable, way: Way, *, texts: bool) -> bool:
    match way:
        case Way.EMAIL:
            return who.email is not None
        case Way.SMS:
            return texts and who.phone is not None and takes_texts(who.phone)
        case Way.LETTER:
            return who.address_kind in ADDRESSES
        case _:
            return True
