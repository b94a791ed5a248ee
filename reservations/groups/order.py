"""What a worker may book for a group or a member, the form that says how many, and what it comes to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.acting import ServedGivenFor, as_helped
from reservations.booking.actor import ByGroup, ByPartner, GroupProof, MembershipProof
from reservations.booking.commands import Book, PayWith, RequestedLine, bound_to
from reservations.booking.counting import uses_of
from reservations.booking.course_facts import with_courses_of
from reservations.booking.entitlement import BASE, group_refusal
from reservations.booking.facts import Facts, Group, Session
from reservations.booking.group import with_group
from reservations.booking.lines import lines_for
from reservations.booking.member import Member
from reservations.booking.quote import Quote, quote
from reservations.booking.remaining import Remaining
from reservations.catalogue.agenda import SessionCard, TariffOnSale, read_cards, read_tariffs
from reservations.errors import SessionUnknown
from reservations.most_places import MOST_OF_GROUP
from reservations.order.choice import FIELD
from reservations.order.offer import read_facts, read_offer
from reservations.order.who_comes import Comer
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import DUTCH
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.passes.errors import PassUnknown
from uit.web.form import Errors, Labels, number_wanted, read_number

SEEN: Final = "gezien"
WAYS: Final = (PayWith.CREDIT, PayWith.DESK)
"""How places of a group are paid: from its purse, or what that leaves at the desk of the organiser."""


class PartnerChoice(Struct, frozen=True):
    """A tariff that a group or a member may have, for `most` tickets at once.

    `counts`: its places count for the number that the group has in a year.
    """

    code: str
    label: str
    price_cents: int
    counts: bool = False
    most: int = MOST_OF_GROUP

    @property
    def field(self) -> str:
        return FIELD + self.code


class PartnerOrder(Struct, frozen=True):
    """A date as a worker may book it, for whom and as whom, with the facts that decide what it comes to."""

    region_id: int
    by: ByGroup | ByPartner
    holder: GroupProof | MembershipProof
    booking_id: UUID
    card: SessionCard
    facts: Facts
    choices: Sequence[PartnerChoice]

    @property
    def session(self) -> Session:
        return self.facts.sessions[0]

    @property
    def labels(self) -> Labels:
        return {each.field: each.label for each in self.choices}

    def command(self, places: Mapping[str, int]) -> Book:
        """The booking of these places, bound to its id: the same form sent twice books once."""
        lines = tuple(
            RequestedLine(self.session.id, code, number, self.holder)
            for code, number in sorted(places.items())
            if number
        )
        return Book(
            region_id=self.region_id,
            booking_id=self.booking_id,
            digest=bound_to("POST", "partner", self.region_id, self.booking_id, lines),
            by=self.by,
            lines=lines,
            channel="page",
        )

    def total(self, places: Mapping[str, int], now: datetime) -> "PartnerTotal | None":
        """What these places come to; None without any."""
        command = self.command(places)
        if not command.lines:
            return None
        quoted = quote(self.facts, command, now)
        way = next((each for each in WAYS if each in quoted.pay_with), None)
        return PartnerTotal(quoted, way, self.too_many(command, now))

    def too_many(self, command: Book, now: datetime) -> Refusal | None:
        """Whether a group would have more in a year than its pass gives."""
        remaining = Remaining(self.facts, now)
        lines = lines_for(remaining, command)
        if isinstance(lines, Refusal):
            return None
        return remaining.yearly.refusal(uses_of(command.booking_id, lines, remaining))

    @property
    def year_left(self) -> tuple[int, int] | None:
        """The year of the date and how many tickets the group has left in it; None for a member."""
        if not self.facts.groups:
            return None
        group, year = self.facts.groups[0], day_in_flanders(self.session.starts_at).year
        taken = sum(each.people for each in self.facts.group_use if each.year == year)
        return year, max(0, group.tickets_a_year - taken)


class PartnerTotal(Struct, frozen=True):
    """`way`: how it is paid; None where neither the purse nor a desk can pay it.

    `too_many`: why it is more than a group has in a year.
    """

    quote: Quote
    way: PayWith | None
    too_many: Refusal | None = None

    @property
    def refusal(self) -> Refusal | None:
        return self.quote.refusal or self.too_many

    @property
    def seen(self) -> str:
        """The hidden field by which the form tells which total was shown."""
        return f"{self.quote.price_cents} {self.quote.remaining_cents}"

    def bound(self, command: Book, payment_id: UUID) -> Book:
        """The command for what was shown: another price, or another rest, is refused."""
        return replace(
            command,
            price_seen_cents=self.quote.price_cents,
            remaining_seen_cents=self.quote.remaining_cents,
            pay_with=self.way or PayWith.CREDIT,
            payment_id=payment_id,
        )


async def read_group_order(  # noqa: PLR0913, PLR0917  which date, for which group, and who asks
    tx: Executor, region_id: int, by: ByGroup, session_id: UUID, booking_id: UUID, now: datetime
) -> PartnerOrder:
    """Raises SessionUnknown, and PassUnknown where there is no such group."""
    document = await read_facts(tx, region_id, [session_id], [by.group_id])
    facts = await with_courses_of(tx, msgspec.json.decode(document, type=Facts), region_id)
    facts = await with_group(tx, facts, region_id, by.group_id)
    if not facts.groups:
        raise RefusalError(PassUnknown())
    cards = await read_cards(tx, region_id, [session_id], facts.groups[0], now, language=DUTCH)
    if not cards or not facts.sessions:
        raise RefusalError(SessionUnknown(session_id))
    tariffs = await read_tariffs(tx, region_id, [session_id])
    found, holder = choices(facts.sessions[0], tariffs, facts.groups[0]), GroupProof(by.group_id)
    return PartnerOrder(region_id, by, holder, booking_id, cards[0], facts, found)


async def read_member_order(  # noqa: PLR0913, PLR0917  which date, for which member, by what, and who asks
    tx: Executor,
    region_id: int,
    by: ByPartner,
    given: Sequence[ServedGivenFor],
    member: Member,
    session_id: UUID,
    booking_id: UUID,
    now: datetime,
) -> PartnerOrder:
    """Raises SessionUnknown."""
    cards = await read_cards(tx, region_id, [session_id], member, now, language=DUTCH)
    if not cards:
        raise RefusalError(SessionUnknown(session_id))
    comes = Comer(member.id, as_helped(given, day_in_flanders(now)))
    offer, holder = await read_offer(tx, region_id, [comes], session_id), MembershipProof(member.id)
    found = [
        PartnerChoice(each.code, each.label, each.price_cents, most=each.limit)
        for each in offer.open
        if not each.asks_code and not each.along
    ]
    return PartnerOrder(region_id, by, holder, booking_id, cards[0], offer.facts, found)


def choices(session: Session, tariffs: Sequence[TariffOnSale], group: Group) -> list[PartnerChoice]:
    """The tariffs that a group may have, the one of its right first."""
    found = [
        PartnerChoice(each.code, label_of(each), each.price_cents, each.is_personal)
        for each in tariffs
        if group_refusal(session, each, group) is None and not each.asks_code
    ]
    return sorted(found, key=lambda each: not each.counts)


def label_of(tariff: TariffOnSale) -> str:
    if tariff.is_personal:
        return _("Met de groepspas")
    return _("Gewone plaats") if tariff.code == BASE else tariff.name


class HowManyForm(Struct, frozen=True):
    """How many of each, as typed and as read; `is_booking`: the button that books was pressed."""

    typed: Mapping[str, str]
    places: Mapping[str, int]
    errors: Errors
    is_booking: bool = False

    def value(self, choice: PartnerChoice) -> str:
        return self.typed.get(choice.field, "0")


def read_how_many(typed: Mapping[str, str], found: Sequence[PartnerChoice]) -> HowManyForm:
    """The form as it was sent: whole numbers, and at least one place."""
    places: dict[str, int] = {}
    errors: Errors = {}
    for choice in found:
        number = read_number(typed.get(choice.field) or "0", choice.most)
        if number is None:
            errors[choice.field] = number_wanted(0, choice.most)
        else:
            places[choice.code] = number
    if found and not errors and not any(places.values()):
        errors[found[0].field] = _("Kies minstens één plaats.")
    return HowManyForm(typed, places, errors, typed.get("stap") == "boek")
