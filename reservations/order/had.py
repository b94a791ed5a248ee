"""The places that those who come have already, and which of them may be known to who books for them."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.acting import HelpedMember, stored_as
from reservations.booking.condition_errors import MostPerHousehold, MostPerPerson
from reservations.booking.facts import PARTNER, REPRESENTATIVE, Facts
from reservations.errors import MayNotAct, OnePlaceEach
from reservations.turn_card.errors import OneTurnEach
from uit.core.errors import Refusal
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class PlaceHad(Struct, frozen=True):
    """That somebody comes to a session by a booking. `made_by`: the id of who made it, as it is stored."""

    session_id: UUID
    holder_id: UUID
    booking_id: UUID
    made_by: str
    is_discreet: bool


class PlacesHad(Struct, frozen=True):
    """`known` to who books for them; of `hidden` ones no page says anything, also not by a price."""

    known: Sequence[PlaceHad] = ()
    hidden: Sequence[PlaceHad] = ()

    def known_of(self, holder_id: UUID) -> bool:
        return any(each.holder_id == holder_id for each in self.known)

    def without_hidden(self, facts: Facts) -> Facts:
        """The facts as if what is hidden were not there: a booking that it stops is refused later."""
        hidden = {(each.holder_id, each.booking_id) for each in self.hidden}
        left = [each for each in facts.personal if (each.holder_id, each.booking_id) not in hidden]
        return replace(facts, personal=left)


NOTHING_HAD: Final = PlacesHad()

find_had = SQL.many("find_had", PlaceHad)


async def read_had(
    tx: Executor, region_id: int, session_ids: Sequence[UUID], helped: Sequence[HelpedMember]
) -> PlacesHad:
    """What others have of these sessions, for whom somebody books."""
    if not helped:
        return NOTHING_HAD
    by_id = {each.membership_id: each for each in helped}
    found = await find_had(tx, region_id, session_ids, list(by_id))
    return PlacesHad(
        [each for each in found if may_know(by_id[each.holder_id], each)],
        [each for each in found if not may_know(by_id[each.holder_id], each)],
    )


def may_know(helped: HelpedMember, place: PlaceHad) -> bool:
    """Whether who helps may know of a place: they booked it, or they see such outings of this member.

    Never what yet another booked for them.
    """
    by_them = {stored_as(each.representative_id) for each in helped.given}
    if place.made_by in by_them | {f"{PARTNER}{each.id}" for each in helped.given}:
        return True
    is_own = place.made_by == stored_as(helped.person_id)
    if place.made_by.startswith((REPRESENTATIVE, PARTNER)) and not is_own:
        return False
    return helped.powers.discreet if place.is_discreet else helped.powers.outings


async def without_hint(
    tx: Executor, region_id: int, helped: Sequence[HelpedMember], refusal: Refusal
) -> Refusal:
    """The refusal of a booking for others: where it would tell of a place that is hidden it says no more."""
    if not isinstance(refusal, OnePlaceEach | MostPerPerson | MostPerHousehold | OneTurnEach):
        return refusal
    had = await read_had(tx, region_id, [refusal.session_id], helped)
    return MayNotAct() if had.hidden else refusal
