"""Who may have which tariff: a member, on the day of the session."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from reservations.booking.commands import RequestedLine
from reservations.booking.facts import Group, Holder, Session
from reservations.booking.tariff import Tariff
from reservations.errors import NotForYou, OnePlaceEach
from uit.core.age import age_fits, born_between
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal

BASE: Final = "base"


def tariff_refusal(
    session: Session, tariff: Tariff, holder: Holder, together: Sequence[RequestedLine], places_taken: int
) -> Refusal | None:
    """Whether this member may have this tariff on the session's day. A social tariff is personal: one place.

    `together` are all lines of this holder in the booking, so that two do not get what one may not;
    `places_taken` is what their other bookings have of the session at such a price.
    """
    if tariff.is_for_all:
        return None
    if tariff.is_personal and places_taken + personal_places(session, together) > 1:
        return OnePlaceEach(session.id, tariff.code)
    day = day_in_flanders(session.starts_at)
    return None if is_for(tariff, holder, day) else not_for(session, tariff)


def guest_refusal(session: Session, tariff: Tariff) -> Refusal | None:
    """Who comes without a pass gets what needs none. How old they are is seen at the desk or at the door."""
    return None if is_for_anybody(tariff) else not_for(session, tariff, asks_pass=True)


def group_refusal(session: Session, tariff: Tariff, group: Group) -> Refusal | None:
    """A group has the social tariff for as many as come, while its pass gives that.

    Its worker knows how old they are. How many in a year is said by `yearly.py`.
    """
    entitled = not tariff.is_personal or is_entitled(group, day_in_flanders(session.starts_at))
    return None if entitled else not_for(session, tariff)


def is_entitled(holder: Holder, day: date) -> bool:
    """Whether somebody has the social tariff on a day."""
    return holder.social_until is not None and holder.social_until >= day


def not_for(session: Session, tariff: Tariff, *, asks_pass: bool = False) -> NotForYou:
    ages = tariff.age_from, tariff.age_to, tariff.born_from, tariff.born_to
    return NotForYou(session.id, tariff.code, *ages, asks_pass)


def is_for_anybody(tariff: Tariff) -> bool:
    """Whether it needs no pass, apart from how old somebody is."""
    return not tariff.asks_pass


def is_for(tariff: Tariff, holder: Holder, day: date) -> bool:
    """Whether a member may have a tariff on a day: what a page offers and what a booking checks."""
    return (
        (tariff.eligibility != "social" or is_entitled(holder, day))
        and age_fits(holder.born_on, tariff.age_from, tariff.age_to, day)
        and born_between(holder.born_on, tariff.born_from, tariff.born_to)
    )


def is_own(tariff: Tariff, holder: Holder, day: date) -> bool:
    """Whether a tariff that a member may have is meant for themselves: what a page calls "for you".

    That is what is for one person: the base price, one that goes by their pass, or one for their age. A name
    that says something else ("Lid van de bib") is a condition that we do not know, also where the whole event
    is for who was born in some years.
    """
    if not is_for(tariff, holder, day) or tariff.weight > 1 or tariff.least > 1:
        return False
    if tariff.is_for_companion or tariff.asks_code:
        return False
    is_for_an_age = tariff.age_from is not None or tariff.age_to is not None
    return tariff.code == BASE or tariff.asks_pass or is_for_an_age


def personal_places(session: Session, together: Sequence[RequestedLine]) -> int:
    tariffs = (
        (wanted.places, session.tariff(wanted.tariff))
        for wanted in together
        if wanted.session_id == session.id
    )
    return sum(places for places, tariff in tariffs if tariff and tariff.is_personal)
