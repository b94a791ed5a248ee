"""Who may have which tariff: a member, on the day of the session."""

from collections.abc import Sequence
from datetime import date

from reservations.ask import Wanted
from reservations.errors import NotForYou, OnePlaceEach
from reservations.facts import Holder, Session, Tariff
from uit.ground.clock import day_in_flanders
from uit.ground.errors import Refusal


def tariff_refusal(
    session: Session, tariff: Tariff, holder: Holder, together: Sequence[Wanted]
) -> Refusal | None:
    """Whether this member may have this tariff on the session's day. A social tariff is personal: one place.

    `together` are all lines of the ask, so that two lines do not get what one may not.
    """
    if tariff.is_for_all:
        return None
    if tariff.eligibility == "social" and social_places(session, together) > 1:
        return OnePlaceEach(session.id, tariff.code)
    day = day_in_flanders(session.starts_at)
    return None if is_for(tariff, holder, day) else NotForYou(session.id, tariff.code)


def is_for(tariff: Tariff, holder: Holder, day: date) -> bool:
    """Whether a member may have a tariff on a day: what a page offers and what a booking checks."""
    entitled = tariff.eligibility != "social" or (
        holder.social_until is not None and holder.social_until >= day
    )
    return entitled and age_fits(tariff, holder.born_on, day)


def social_places(session: Session, together: Sequence[Wanted]) -> int:
    tariffs = (
        (wanted.places, session.tariff(wanted.tariff))
        for wanted in together
        if wanted.session_id == session.id
    )
    return sum(places for places, tariff in tariffs if tariff and tariff.eligibility == "social")


def age_fits(tariff: Tariff, born_on: date | None, day: date) -> bool:
    """Both bounds are ages reached on the day, inclusive. An age tariff needs a date of birth."""
    if tariff.age_from is None and tariff.age_to is None:
        return True
    if born_on is None:
        return False
    age = day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
    return (tariff.age_from or 0) <= age <= (150 if tariff.age_to is None else tariff.age_to)
