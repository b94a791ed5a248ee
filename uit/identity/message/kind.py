"""The kinds of messages to a person: which of them may be switched off, and which are worth a letter."""

from typing import Final

from msgspec import Struct

from uit.core.translation import gettext as _


class MessageKind(Struct, frozen=True):
    """`name` is how it is stored.

    `may_be_off`: whether somebody can do without. `is_posted`: whether it goes by letter to who has no other
    way and did not ask for letters; else it waits at the counter. `is_for_now`: it is worth nothing later,
    so it goes over a wire or not at all.
    """

    name: str
    may_be_off: bool
    is_posted: bool
    is_for_now: bool = False


BOOKED: Final = MessageKind("booked", may_be_off=True, is_posted=False)
CANCELLED: Final = MessageKind("cancelled", may_be_off=True, is_posted=False)
CHANGED: Final = MessageKind("changed", may_be_off=False, is_posted=True)
CALLED_OFF: Final = MessageKind("called_off", may_be_off=False, is_posted=True)
MONEY_BACK: Final = MessageKind("money_back", may_be_off=False, is_posted=True)
HELP: Final = MessageKind("help", may_be_off=False, is_posted=True)
MEMBERSHIP: Final = MessageKind("membership", may_be_off=False, is_posted=True)
OFFER: Final = MessageKind("offer", may_be_off=False, is_posted=True)
"""Places for who waits: they asked for it, and it is theirs for a while only."""
WRITTEN: Final = MessageKind("written", may_be_off=True, is_posted=True)
"""What an organiser wrote to all who booked a date."""
TURN_CARD: Final = MessageKind("turn_card", may_be_off=True, is_posted=True)
"""That a card of turns ends soon, while there are turns left on it."""
COUNTER_CODE: Final = MessageKind("counter_code", may_be_off=False, is_posted=False, is_for_now=True)
"""A code that its reader says at a counter: no paper, and nothing that waits where a clerk reads it."""
WAITING_ROOM: Final = MessageKind("waiting_room", may_be_off=False, is_posted=False, is_for_now=True)
"""That it is somebody's turn to book: worth nothing after some minutes."""
KINDS: Final = {
    each.name: each
    for each in (
        BOOKED,
        CANCELLED,
        CHANGED,
        CALLED_OFF,
        WRITTEN,
        MONEY_BACK,
        OFFER,
        TURN_CARD,
        HELP,
        MEMBERSHIP,
    )
}
"""A message about safety, about money or about a date that is another never stops: see decision 0044."""


def kind_words() -> dict[str, str]:
    """Each kind that somebody can choose a way for, as they read it. A sign-in goes where one asks."""
    return {
        BOOKED.name: _("Je boekt iets"),
        CANCELLED.name: _("Je annuleert iets"),
        CHANGED.name: _("Een datum, uur of stoel verandert"),
        CALLED_OFF.name: _("Iets gaat niet door"),
        WRITTEN.name: _("Een organisator schrijft over wat je boekte"),
        MONEY_BACK.name: _("Je krijgt geld of krediet terug"),
        OFFER.name: _("Er is plaats voor jou, na de wachtlijst"),
        TURN_CARD.name: _("Je beurtenkaart loopt bijna af"),
        HELP.name: _("Iemand helpt je, of mag dat niet meer"),
        MEMBERSHIP.name: _("Je lidmaatschap"),
    }
