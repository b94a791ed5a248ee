"""Who may have which tariff: a member, on the day of the session.

A pass is of who comes, and shows the age of that one person. Whoever comes along shows theirs at the door:
see `reservations.shows_age` in the database, which a ticket and a door read.
"""

from collections.abc import Iterable, Sequence
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


def tariff_refusal(  # noqa: PLR0913, PLR0917  who wants what, beside what else
    session: Session,
    tariff: Tariff,
    holder: Holder,
    together: Sequence[RequestedLine],
    places_taken: int,
    beside: Sequence[RequestedLine],
) -> Refusal | None:
    """Whether this member may have this tariff on the session's day. A social tariff is personal: one place.

    `together` are all new lines of this holder in the booking, so that two do not get what one may not;
    `places_taken` is what else they have of the session at such a price. `beside`: all that the booking will
    be for them, with which somebody of another age comes along.
    """
    if tariff.is_for_all:
        return None
    if tariff.is_personal and places_taken + personal_places(session, together) > 1:
        return OnePlaceEach(session.id, tariff.code)
    day = day_in_flanders(session.starts_at)
    is_good = is_for(tariff, holder, day) or comes_along(session, tariff, holder, beside)
    return None if is_good else not_for(session, tariff)


def comes_along(session: Session, tariff: Tariff, holder: Holder, beside: Iterable[RequestedLine]) -> bool:
    """Whether a price for another age is for who comes along, beside a place that is the holder's own.

    Nobody showed how old they are, so they come as a guest does, and the door looks.
    """
    day = day_in_flanders(session.starts_at)
    others = (session.tariff(each.tariff) for each in beside if each.session_id == session.id)
    return is_for_anybody(tariff) and any(each and may_be_own(each, holder, day) for each in others)


def may_be_own(tariff: Tariff, holder: Holder, day: date) -> bool:
    """Whether a place at this price may be that of a holder: what is for a companion is somebody else's."""
    return is_for(tariff, holder, day) and not tariff.is_for_companion


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
    """Whether a member may have a tariff on a day themselves, as far as their pass shows."""
    return (
        (tariff.eligibility != "social" or is_entitled(holder, day))
        and age_fits(holder.born_on, tariff.age_from, tariff.age_to, day)
        and born_between(holder.born_on, tariff.born_from, tariff.born_to)
    )


def is_own(tariff: Tariff, holder: Holder, day: date) -> bool:
    """Whether a tariff that a member may have is meant for themselves: what a page calls "for you".

    That is what is for one person: the base price, one that goes by their pass, or one for their age. A name
    that says something else ("Lid van de bib") is a condition that we do not know, also where the whole event
    is for who was born in some years. What is shown at the door was not shown yet.
    """
    if not is_for(tariff, holder, day) or tariff.weight > 1 or tariff.least > 1:
        return False
    if tariff.is_for_companion or tariff.asks_code or tariff.shows:
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
