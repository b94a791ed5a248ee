"""What somebody may take of a date: each of its prices, for how many, and what it is called."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.condition import Condition
from reservations.booking.counted import PersonalPlaces
from reservations.booking.entitlement import BASE, is_for, is_for_anybody, is_own, may_be_own
from reservations.booking.facts import Holder, Session
from reservations.catalogue.agenda import TariffOnSale, may_have
from reservations.most_places import MOST_OF_GROUP, most_at_once
from reservations.order.seat_choice import Comers
from uit.core.age import is_for_minors
from uit.core.clock import day_in_flanders
from uit.core.translation import gettext as _

FIELD: Final = "plaatsen-"


class AgeBand(Struct, frozen=True):
    """For whom a price is by how old they are; both ends count, and None is no bound."""

    age_from: int | None
    age_to: int | None
    born_from: date | None
    born_to: date | None


class Choice(Struct, frozen=True):
    """A tariff that a visitor may have, for at most `most` tickets, and no fewer than `least`.

    `personal`: the social tariff, for one place. `own`: the tariff is meant for a member themselves, and not
    for companions. `label` says for whom a place is, and never names the reason for a personal price.
    `weight` is how many places a ticket takes. `had`: it is one each, and the member has theirs.
    Where several come, `comer` tells of whom it is, by their pass `holder_id`. `has_place`: who comes has a
    place of this session already, and who books for them may know that.
    `ages` are seen at the door of all, or but for one `is_proven` by a pass; None where they are not asked.
    `along`: it is for who comes along, beside a place of their own. `at_desk`: who sells sees how old
    they are.
    """

    code: str
    label: str
    price_cents: int
    personal: bool
    most: int
    own: bool = False
    least: int = 1
    weight: int = 1
    had: bool = False
    has_place: bool = False
    holder_id: UUID | None = None
    comer: str = ""
    condition: Condition | None = None
    ages: AgeBand | None = None
    is_proven: bool = False
    along: bool = False
    at_desk: bool = False

    @property
    def asks_code(self) -> bool:
        return self.condition is not None and self.condition.code_digest is not None

    @property
    def is_for_anyone_alone(self) -> bool:
        """Whether one ticket of it is for one person, who needs nobody and no code."""
        return self.least == self.weight == 1 and not self.is_for_companion and not self.asks_code

    @property
    def is_for_companion(self) -> bool:
        return self.condition is not None and self.condition.for_companion

    def comers(self, places: int) -> Comers:
        """Who comes by so many tickets of it."""
        return Comers(places * self.weight, self.is_for_companion)

    @property
    def is_to_show(self) -> bool:
        """Whether who comes shows something at the door, so that nobody has it who did not choose it."""
        shows = self.condition is not None and bool(self.condition.shows)
        return shows or (self.is_for_an_age_to_show and self.code != BASE)

    @property
    def is_for_an_age_to_show(self) -> bool:
        """Whether nobody saw yet how old they are."""
        return self.ages is not None and not self.is_proven and not self.at_desk

    @property
    def key(self) -> str:
        """What tells it from the others of a form."""
        return f"{self.comer}.{self.code}" if self.comer else self.code

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return FIELD + self.key

    @property
    def is_common(self) -> bool:
        """Whether it is the price for everybody, under no name of its own."""
        return self.code == BASE and not self.personal

    @property
    def limit(self) -> int:
        """How many of it one may ask for at once, whatever is left."""
        return most_at_once(self.least)


class ClosedPrice(Struct, frozen=True):
    """A price that asks an age which nobody showed: `for_children`, or for others of some age."""

    code: str
    label: str
    price_cents: int
    age_from: int | None
    age_to: int | None
    born_from: date | None
    born_to: date | None
    for_children: bool


def people_of(choices: Iterable[Choice], places: Mapping[str, int]) -> int:
    """How many come by so many places of each choice: one for a family is for several."""
    return sum(places.get(choice.key, 0) * choice.weight for choice in choices)


def for_who_comes_along(
    session: Session, tariffs: Sequence[TariffOnSale], holders: Sequence[Holder]
) -> list[str]:
    """The prices for an age that none of those who come has: for others, who show it at the door."""
    day = day_in_flanders(session.starts_at)
    return [
        tariff.code
        for tariff in tariffs
        if is_for_anybody(tariff) and not any(is_for(tariff, each, day) for each in holders)
    ]


def choices(  # noqa: PLR0913, PLR0917  whose, at which date, and who else comes
    session: Session,
    tariffs: Sequence[TariffOnSale],
    member: Holder | None,
    personal: Sequence[PersonalPlaces],
    name: str | None = None,
    along: Sequence[str] = (),
) -> list[Choice]:
    """The tariffs that somebody may have, the personal one first.

    `personal` is what members have of these sessions at prices that are one each. `name`: see `read_offer`.
    `along`: the codes of those for who comes along, where they may have a place themselves.
    """
    day = day_in_flanders(session.starts_at)
    comes = member is not None and any(may_be_own(tariff, member, day) for tariff in tariffs)
    theirs = [
        tariff for tariff in tariffs if is_theirs(tariff, member, day) or (comes and tariff.code in along)
    ]
    has_own_price = any(is_personal(tariff) for tariff in theirs)
    has_theirs = member is not None and any(
        each.session_id == session.id and each.holder_id == member.id and each.places for each in personal
    )
    found = [
        replace(
            as_choice(
                tariff,
                label_of(tariff, has_own_price=has_own_price, name=name, is_card=session.is_turn_card),
                own=member is not None and is_own(tariff, member, day),
                had=has_theirs and is_personal(tariff),
            ),
            ages=ages_at_door(tariff),
            is_proven=member is not None and is_for(tariff, member, day),
            along=not is_theirs(tariff, member, day),
        )
        for tariff in theirs
    ]
    return sorted(found, key=lambda choice: not choice.personal)


def choices_at_desk(tariffs: Sequence[TariffOnSale]) -> list[Choice]:
    """What a seller gives to who has no pass: they see how old somebody is."""
    return [
        replace(
            as_choice(tariff, label_of(tariff, has_own_price=False), own=False),
            ages=ages_at_door(tariff),
            at_desk=True,
        )
        for tariff in tariffs
        if is_for_anybody(tariff)
    ]


def closed(session: Session, tariffs: Sequence[TariffOnSale], member: Holder | None) -> list[ClosedPrice]:
    """The prices for another age, which are for whoever else comes along. A social one is not among them."""
    day = day_in_flanders(session.starts_at)
    return [
        ClosedPrice(
            tariff.code,
            label_of(tariff, has_own_price=False),
            tariff.price_cents,
            tariff.age_from,
            tariff.age_to,
            tariff.born_from,
            tariff.born_to,
            is_for_minors(tariff.age_to, tariff.born_from, day),
        )
        for tariff in tariffs
        if is_for_anybody(tariff) and not is_theirs(tariff, member, day)
    ]


def ages_at_door(tariff: TariffOnSale) -> AgeBand | None:
    """What a door looks at of each whose pass did not show it."""
    if not tariff.asks_age:
        return None
    return AgeBand(tariff.age_from, tariff.age_to, tariff.born_from, tariff.born_to)


def is_theirs(tariff: TariffOnSale, member: Holder | None, day: date) -> bool:
    return is_for_anybody(tariff) if member is None else may_have(tariff, member, day)


def is_personal(tariff: TariffOnSale) -> bool:
    return tariff.eligibility == "social"


def label_of(
    tariff: TariffOnSale, *, has_own_price: bool, name: str | None = None, is_card: bool = False
) -> str:
    if is_personal(tariff):
        return name or _("Jij")
    if tariff.code == BASE and is_card:
        return _("Nog een kaart") if has_own_price else _("Beurtenkaart")
    if tariff.code == BASE:
        if has_own_price and name:
            return _("Wie met %(name)s meekomt", name=name)
        return _("Wie met je meekomt") if has_own_price else _("Gewone plaats")
    return tariff.name


def as_choice(tariff: TariffOnSale, label: str, *, own: bool, had: bool = False) -> Choice:
    personal = is_personal(tariff)
    choice = Choice(tariff.code, label, tariff.price_cents, personal, 0, own, tariff.least, tariff.weight)
    limit = choice.limit if tariff.condition is None else min(choice.limit, most_at_all(tariff.condition))
    room = limit if tariff.places_left is None else min(limit, tariff.places_left)
    most = 0 if had else min(room, 1) if personal else room
    return replace(choice, most=most, had=had, condition=tariff.condition)


def most_at_all(condition: Condition) -> int:
    """The most of a price that anybody may have."""
    asked = (condition.most_per_person, condition.most_per_household)
    return min((each for each in asked if each), default=MOST_OF_GROUP)
