"""The card of turns with which somebody books: which they have for a session, and which they chose."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.commands import RequestedLine
from reservations.booking.facts import Facts, Session
from reservations.booking.turn_cards import pays_for
from reservations.order.choice import Choice
from reservations.order.who_comes import Comer
from reservations.turn_card.turn_card import TurnCard, TurnCardKey
from uit.core.clock import day_in_flanders
from uit.core.formats import full_day
from uit.core.translation import gettext as _

CARD: Final = "beurtenkaart"
"""The field of an address or form that names the card; without it the first that they have is meant."""
SHOWN: Final = "beurtenkaart-getoond"
"""The field of a form with the card of which it shows the total."""
WITHOUT: Final = "nee"


class TurnCardOrder(Struct, frozen=True):
    """The cards that who comes may use for a session, and which one; None where it is paid otherwise."""

    cards: Sequence[TurnCard]
    chosen: TurnCard | None

    @property
    def fields(self) -> dict[str, str]:
        """What an address says of it."""
        return {CARD: self.value}

    @property
    def value(self) -> str:
        return value_of(self.chosen.key) if self.chosen else WITHOUT

    @property
    def options(self) -> list[tuple[str, str]]:
        """Each card in words, and to pay without one."""
        return [*((value_of(each.key), words_of(each)) for each in self.cards), without_card()]

    @property
    def options_at_desk(self) -> list[tuple[str, str]]:
        """The same, where somebody else reads it than who has the card."""
        found = ((value_of(each.key), words_at_desk(each)) for each in self.cards)
        return [*found, without_card()]

    def is_as_shown(self, typed: Mapping[str, str]) -> bool:
        """Whether a form shows the total of this card."""
        return typed.get(SHOWN, "") == self.value

    @property
    def is_of_one(self) -> bool:
        """Whether one of the cards is for its holder alone."""
        return any(not each.rules.shared for each in self.cards)

    def lines(
        self,
        lines: Sequence[RequestedLine],
        chosen: Sequence[Choice],
        session: Session,
        offered: Sequence[Choice],
    ) -> tuple[RequestedLine, ...]:
        """The lines, of which those take turns that the card pays for.

        `chosen` are the choices of these lines, of all that are `offered`. Of a card for its holder
        alone it is their own place.
        """
        card = self.chosen
        if card is None:
            return tuple(lines)
        own = own_place(card, chosen, offered)
        return tuple(
            replace(line, turn_card=card.key) if takes_turn(card, session, line, is_own=no == own) else line
            for no, line in enumerate(lines)
        )


def takes_turn(card: TurnCard, session: Session, line: RequestedLine, *, is_own: bool) -> bool:
    """Whether a card is asked to pay for a line: of one for its holder alone more places are refused."""
    tariff = session.tariff(line.tariff)
    is_one = is_own and (line.places == 1 or not card.rules.shared)
    return tariff is not None and pays_for(card, tariff, is_own=is_one)


def own_place(card: TurnCard, chosen: Sequence[Choice], offered: Iterable[Choice]) -> int | None:
    """Which of the `chosen` is the place of a card's holder: at the price that is most their own.

    Where one that is one each is `offered` to them, another price is for who comes along.
    """
    theirs = [no for no, each in enumerate(chosen) if each.holder_id == card.holder_id]
    has_own_price = any(each.personal for each in offered if each.holder_id == card.holder_id)
    alone = [
        no for no in theirs if chosen[no].is_for_anyone_alone and (chosen[no].personal or not has_own_price)
    ]
    return min(alone, key=lambda no: (not chosen[no].personal, not chosen[no].own), default=None)


def value_of(key: TurnCardKey) -> str:
    return f"{key.booking_id}.{key.line_no}.{key.ticket_no}"


def words_of(card: TurnCard) -> str:
    left, day = left_of(card), full_day(card.good_until)
    return _("Met je beurtenkaart: %(left)s, geldig tot en met %(day)s", left=left, day=day)


def words_at_desk(card: TurnCard) -> str:
    left, day = left_of(card), full_day(card.good_until)
    return _("Met de beurtenkaart: %(left)s, geldig tot en met %(day)s", left=left, day=day)


def left_of(card: TurnCard) -> str:
    left = card.turns_left
    return _("nog 1 beurt") if left == 1 else _("nog %(left)s beurten", left=left)


def without_card() -> tuple[str, str]:
    return WITHOUT, _("Zonder beurtenkaart")


def holders_of_cards(comers: Iterable[Comer]) -> list[UUID]:
    """Whose cards who books may see: their own, and those of whom they see where they go."""
    return [each.membership_id for each in comers if each.helped is None or each.helped.powers.outings]


def turn_card_order(
    facts: Facts, comers: Sequence[Comer], asked: Mapping[str, str], session: Session | None = None
) -> TurnCardOrder | None:
    """What an address or a form asks for, of the cards of who comes; None where nobody has one.

    It is for that session, or the first. A card that is named stays what was asked, whatever is left of it: a
    form that is sent twice is the same.
    """
    session, holders = session or facts.sessions[0], holders_of_cards(comers)
    theirs = [each for each in facts.turn_cards.cards if each.holder_id in holders]
    cards = usable_for(theirs, session.id, session.starts_at)
    named = next((each for each in theirs if value_of(each.key) == asked.get(CARD)), None)
    if named:
        return TurnCardOrder(cards if named in cards else [named, *cards], named)
    return TurnCardOrder(cards, None if CARD in asked else cards[0]) if cards else None


def own_cards(
    facts: Facts, own_ids: Collection[UUID | None], session: Session, now: datetime
) -> list[TurnCard]:
    """The cards with turns left of whoever looks: those that pay for a date, or of which it is the sale."""
    theirs = [each for each in facts.turn_cards.cards if each.holder_id in own_ids]
    if not session.is_turn_card:
        return usable_for(theirs, session.id, session.starts_at)
    good = [each for each in theirs if each.is_good and day_in_flanders(now) <= each.good_until]
    return [each for each in good if each.rules.session_id == session.id and each.turns_left]


def usable_for(cards: Iterable[TurnCard], session_id: UUID, starts_at: datetime) -> list[TurnCard]:
    """Those that pay for a session, the first to end first."""
    day = day_in_flanders(starts_at)
    found = [
        each
        for each in cards
        if each.is_good and session_id in each.covers and each.turns_left and day <= each.good_until
        and (each.rules.shared or not any(one.session_id == session_id for one in each.taken))
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.good_until)
