"""The price of one ticket: for whom it is, and what it draws on."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import force_setattr

from reservations.booking.condition import Condition
from uit.core.age import asks_age


class Tariff(Struct, frozen=True):
    """The price of one ticket, which draws its `weight` on every pool; fewer than `least` are not sold.

    Both ends of the ages and of the dates of birth are included; None is no bound.
    """

    code: str
    price_cents: int
    eligibility: str
    age_from: int | None
    age_to: int | None
    pool_ids: tuple[UUID, ...]
    rank: int
    vat_code: str
    weight: int
    least: int
    born_from: date | None
    born_to: date | None
    condition: Condition | None = None

    def __post_init__(self) -> None:
        """With a condition, `least` stands there: an application of before reads one that nobody reaches."""
        if self.condition:
            force_setattr(self, "least", self.condition.least)

    @property
    def is_for_companion(self) -> bool:
        return self.condition is not None and self.condition.for_companion

    @property
    def asks_code(self) -> bool:
        return self.condition is not None and self.condition.code_digest is not None

    @property
    def shows(self) -> str:
        """What somebody shows at the door to have it; empty where that is nothing."""
        return self.condition.shows if self.condition else ""

    @property
    def asks_pass(self) -> bool:
        """Whether it is for members alone, of whatever age."""
        return self.eligibility != "anyone" or (self.condition is not None and self.condition.for_members)

    @property
    def is_personal(self) -> bool:
        """Whether it is one each: a holder has one place at most of it in a session, over all bookings."""
        return self.eligibility == "social"

    @property
    def asks_age(self) -> bool:
        """Whether it is only for some, by how old they are."""
        return asks_age(self.age_from, self.age_to, self.born_from, self.born_to)

    @property
    def is_for_all(self) -> bool:
        """Every member may have it, whatever their age."""
        return self.eligibility != "social" and not self.asks_age
