"""Who may have which tariff: a member, on the day of the session."""

from collections.abc import Sequence
from datetime import date

from reservations.ask import Wanted
from reservations.errors import NotForYou, OnePlaceEach
from reservations.facts import Holder, Session, Tariff
from uit.ground.age import age_fits
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
    return entitled and age_fits(holder.born_on, tariff.age_from, tariff.age_to, day)


def social_places(session: Session, together: Sequence[Wanted]) -> int:
    tariffs = (
        (wanted.places, session.tariff(wanted.tariff))
        for wanted in together
        if wanted.session_id == session.id
    )
    return sum(places for places, tariff in tariffs if tariff and tariff.eligibility == "social")
