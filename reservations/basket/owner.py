"""Whose basket it is, for whom they may book, and what their browser keeps of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.acting import HelpedMember
from reservations.booking.actor import Actor, ByGuest, ByHolder, ByRepresentative, MembershipProof
from reservations.booking.member import Member
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, read_others
from reservations.kept_basket import ChosenPlaces, KeptBasket, date_letters, owner_of
from reservations.order.choice import Choice
from reservations.order.course_order import CourseOrder
from reservations.order.form import LONGEST_NAME, Form
from reservations.order.seat_choice import shared_out
from reservations.order.who_comes import Comer
from uit.core.one_line import one_line
from uit.database.statements import Executor

LONGEST_EMAIL: Final = 254


class BasketOwner(Struct, frozen=True):
    """Whose basket it is: who looks, by their pass if they have one here, and all for whom they may book."""

    person_id: UUID | None
    member: Member | None
    others: list[HelpedMember] = []

    def other(self, line: ChosenPlaces) -> HelpedMember | None:
        """Who comes, where that is another for whom they may book."""
        return next((each for each in self.others if each.membership_id == line.holder_id), None)

    def holder_of(self, line: ChosenPlaces) -> MembershipProof | None:
        own_id = self.member.id if self.member else None
        holder_id = line.holder_id or own_id
        return MembershipProof(holder_id) if holder_id else None

    def actor(self, booking_id: UUID, lines: Sequence[ChosenPlaces]) -> Actor:
        """As whom they book these lines. Who is no longer among the others is refused."""
        own_id = self.member.id if self.member else None
        if self.person_id and any(line.holder_id for line in lines):
            helped = {each.membership_id: None for line in lines if (each := self.other(line))}
            return ByRepresentative(self.person_id, tuple(helped), own_id)
        return ByHolder(own_id) if own_id else ByGuest(str(booking_id))


def chosen_places(  # noqa: PLR0913  what was chosen of which dates, for whom, by what was typed
    session_id: UUID,
    found: Sequence[Comer],
    choices: Sequence[Choice],
    form: Form,
    code_digest: str | None = None,
    *,
    course: CourseOrder | None = None,
) -> list[ChosenPlaces]:
    """The lines for these numbers of places, each for who comes. `code_digest`: of a code that was typed.

    Of a `course` the session is the first date that was chosen.
    """
    of_course: dict[str, Any] = {}
    if course:
        some = "" if course.has_all else "".join(map(date_letters, course.chosen))
        session_id, of_course = course.chosen[0], {"course_id": course.course.id, "dates": some}
    others = {each.membership_id for each in found if each.helped}
    chosen = [choice for choice in choices if form.places.get(choice.key)]
    by_price = [choice.comers(form.places[choice.key]) for choice in chosen]
    return [
        ChosenPlaces(
            session_id,
            choice.code,
            form.places[choice.key],
            choice.least,
            choice.holder_id if choice.holder_id in others else None,
            code_digest if choice.asks_code else None,
            *of_seats,
            **of_course,
        )
        for choice, of_seats in zip(chosen, shared_out(by_price, form.seats, form.wheelchairs), strict=True)
    ]


async def owner_here(tx: Executor, here: Visit, now: datetime) -> BasketOwner:
    """Whose basket it is, with all for whom they may book."""
    return BasketOwner(here.person_id, here.member, await read_others(tx, here, now))


async def owner_of_basket(tx: Executor, here: Visit, basket: KeptBasket, now: datetime) -> BasketOwner:
    """The same; what others may have is read where something is for them."""
    if not basket.is_for_others:
        return BasketOwner(here.person_id, here.member)
    return await owner_here(tx, here, now)


def kept(services: BookingServices, here: Visit, typed: Mapping[str, str] | None = None) -> KeptBasket:
    """What the browser keeps, or an empty basket; from now on it is of who is signed in.

    What a guest typed of who they are goes along; who is signed in leaves none of it there.
    """
    basket = here.basket or KeptBasket(here.region.id, services.ids.new())
    basket = replace(basket, owner=owner_of(services.secrets.signing, here.person_id))
    if here.person_id:
        return replace(basket, name="", email="")
    typed = typed or {}
    name, email = (
        one_line(typed.get("naam", "")) or basket.name,
        typed.get("email", "").strip() or basket.email,
    )
    return replace(basket, name=name[:LONGEST_NAME], email=email[:LONGEST_EMAIL])


def is_for_guest(here: Visit, basket: KeptBasket) -> bool:
    """Whether who books has to say who they are."""
    return here.member is None and not basket.is_for_others
