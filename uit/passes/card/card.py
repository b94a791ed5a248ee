"""Cards: issued, replaced and blocked at a counter; a resident can renew the QR code of their own card.

Every change of the cards of a member is decided under the lock of the membership. The id of a new card comes
from the form, so that a form that is sent twice has one effect.
"""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from uit.core.seal import PassSeal, open_pass, seal_pass
from uit.database.directory import list_in_directory, lives_elsewhere
from uit.database.statements import Executor, Statements
from uit.passes.card.number import take_number
from uit.passes.counter import Counter
from uit.passes.errors import HasCard, PassNotActive, PassUnknown
from uit.passes.membership.membership import lock_membership

SQL = Statements(__name__)


class Card(Struct, frozen=True):
    """`kind` is digital, paper or nfc; `state` is active, blocked or replaced."""

    region_id: int
    id: UUID
    membership_id: UUID
    number: str
    kind: str
    state: str
    token_version: int
    replaced_by: UUID | None
    issued_at: datetime

    @property
    def is_active(self) -> bool:
        return self.state == "active"

    def token(self, signing_key: bytes) -> str:
        """The token in the QR code of the card."""
        return seal_pass(signing_key, PassSeal(self.region_id, self.id, self.token_version))


class PassHolder(Struct, frozen=True):
    """The holder of a pass that was shown, with the facts that decide whether the pass works."""

    region_id: int
    membership_id: UUID
    person_id: UUID
    card_id: UUID
    token_version: int
    is_active: bool
    ends_on: date | None

    def works_on(self, day: date) -> bool:
        return self.is_active and (self.ends_on is None or day <= self.ends_on)


read_card = SQL.maybe("read_card", Card)
read_holder = SQL.maybe("read_holder", PassHolder)
read_holder_of_number = SQL.maybe("read_holder_of_number", PassHolder)
cards_of = SQL.many("cards_of", Card)
insert_card = SQL.command("insert_card")
end_card = SQL.command("end_card")
resume_card = SQL.command("resume_card")
raise_token_version = SQL.command("raise_token_version")


async def card_of(tx: Executor, region_id: int, membership_id: UUID) -> Card | None:
    """The card that a member shows: active before others, then digital before paper, then the newest."""
    return next(iter(await cards_of(tx, region_id, membership_id)), None)


async def holder_by_pass(
    tx: Executor, signing_key: bytes, token: str, day: date
) -> PassHolder | PassUnknown | PassNotActive:
    """The holder of the pass with this token, when it works on this day. Refused: PassUnknown, PassNotActive.

    The token names its region.
    """
    holder = await recognise_pass(tx, signing_key, token)
    if holder is None:
        return PassUnknown()
    return holder if holder.works_on(day) else PassNotActive()


async def holder_by_number(
    tx: Executor, region_id: int, number: str, birth_year: int, day: date
) -> PassHolder | None:
    """The holder of the pass with this number, born in this year, when it works on this day.

    A number and a year are no proof: who asks limits how often, and never spends by them.
    """
    holder = await read_holder_of_number(tx, region_id, number, birth_year)
    return holder if holder and holder.works_on(day) else None


async def recognise_pass(tx: Executor, signing_key: bytes, token: str) -> PassHolder | None:
    """The holder of a pass, also when the pass does not work; None for an unknown or renewed token."""
    seal = open_pass(signing_key, token)
    holder = await read_holder(tx, seal.region_id, seal.card_id) if seal else None
    return holder if seal and holder and holder.token_version == seal.version else None


async def issue(
    tx: Executor, counter: Counter, membership_id: UUID, card_id: UUID, kind: str
) -> Card | HasCard | PassNotActive | PassUnknown:
    """Give a member a card. Refused: HasCard with an active card of this kind, PassNotActive, PassUnknown.

    PassUnknown is also the refusal for a `card_id` that belongs to another region.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    stored = await read_card(tx, counter.region_id, card_id)
    if stored:
        return stored if stored.membership_id == membership_id else PassNotActive()
    if await lives_elsewhere(tx, "card", counter.region_id, card_id):
        return PassUnknown()
    if membership is None or not membership.is_active(counter.today):
        return PassNotActive()
    if any(
        card.is_active and card.kind == kind for card in await cards_of(tx, counter.region_id, membership_id)
    ):
        return HasCard(kind)
    return await _insert(tx, counter, membership_id, card_id, kind)


async def replace(
    tx: Executor, counter: Counter, membership_id: UUID, card_id: UUID, new_card_id: UUID
) -> Card | PassUnknown | PassNotActive:
    """Replace a lost or worn card by a new one of the same kind, with a new number.

    Refused: PassUnknown, PassNotActive.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    old = await read_card(tx, counter.region_id, card_id)
    if membership is None or old is None or old.membership_id != membership_id:
        return PassUnknown()
    if old.replaced_by is not None:
        new = await read_card(tx, counter.region_id, old.replaced_by)
        return new if new and new.id == new_card_id else PassNotActive()
    if not membership.is_active(counter.today) or await read_card(tx, counter.region_id, new_card_id):
        return PassNotActive()
    if await lives_elsewhere(tx, "card", counter.region_id, new_card_id):
        return PassUnknown()
    await end_card(tx, counter.region_id, card_id, "replaced", new_card_id, counter.now)
    await counter.note(tx, "card.replace", "card", card_id, replaced_by=str(new_card_id))
    return await _insert(tx, counter, membership_id, new_card_id, old.kind)


async def block(tx: Executor, counter: Counter, membership_id: UUID, card_id: UUID) -> Card | PassUnknown:
    """Block a card. A card that was blocked or replaced before keeps its state. Refused: PassUnknown."""
    await lock_membership(tx, counter.region_id, membership_id)
    card = await read_card(tx, counter.region_id, card_id)
    if card is None or card.membership_id != membership_id:
        return PassUnknown()
    if card.is_active:
        await end_card(tx, counter.region_id, card_id, "blocked", None, counter.now)
        await counter.note(tx, "card.block", "card", card_id)
    return card


async def unblock(
    tx: Executor, counter: Counter, membership_id: UUID, card_id: UUID
) -> Card | HasCard | PassUnknown | PassNotActive:
    """Let a blocked card work again: its code is the one of before. An active card stays as it is.

    Refused: PassUnknown; PassNotActive for a replaced card or an ended membership; HasCard when another
    active card of this kind was given meanwhile.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    stored = await cards_of(tx, counter.region_id, membership_id)
    card = next((each for each in stored if each.id == card_id), None)
    if membership is None or card is None:
        return PassUnknown()
    if card.is_active:
        return card
    if card.state != "blocked" or not membership.is_active(counter.today):
        return PassNotActive()
    if any(each.is_active and each.kind == card.kind for each in stored):
        return HasCard(card.kind)
    await resume_card(tx, counter.region_id, card_id)
    await counter.note(tx, "card.unblock", "card", card_id)
    return card


async def renew_token(tx: Executor, card: Card) -> bool:
    """Invalidate all earlier QR codes of a card; False when that was done since the card was read."""
    return await raise_token_version(tx, card.region_id, card.id, card.token_version) > 0


async def _insert(tx: Executor, counter: Counter, membership_id: UUID, card_id: UUID, kind: str) -> Card:
    number = await take_number(tx, counter.region_id)
    await insert_card(tx, counter.region_id, card_id, membership_id, number, kind, counter.now)
    await list_in_directory(tx, "card", counter.region_id, {card_id: membership_id})
    await counter.note(tx, "card.issue", "card", card_id, kind=kind)
    made = await read_card(tx, counter.region_id, card_id)
    assert made is not None
    return made
