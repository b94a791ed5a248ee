"""Who may have which tariff: a member, on the day of the session."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from reservations.booking.commands import RequestedLine
from reservations.booking.facts import Holder, Session, Tariff
from reservations.errors import NotForYou, OnePlaceEach
from uit.core.age import age_fits
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal

BASE: Final = "base"
# As organisers.price spells names: `kind-3-12-jaar` for "Kind 3-12 jaar", `min-26-jaar` for "-26 jaar".
# Without a word for people or years, a number may be a discount or a group.
_PEOPLE: Final = "kind|kinderen|jongeren?|jeugd|volwassenen?|senior|senioren"
_YEARS: Final = "[0-9]{1,2}"
_AGES: Final = tuple(
    re.compile(f"(?=(?:{_PEOPLE})-|.*(?:jaar|plus)$)(?:(?:{_PEOPLE})-)?(?:{ages})(?:-jaar)?")
    for ages in (
        f"(?P<first>{_YEARS})-(?:tot-en-met-|tem-|min-)?(?P<last>{_YEARS})",
        f"(?:(?P<first>{_YEARS})-)?(?:min|onder|tot)-(?P<below>{_YEARS})",
        f"(?:tot-en-met|tem)-(?P<last>{_YEARS})",
        f"(?:plus|vanaf)-(?P<first>{_YEARS})",
        "(?P<first>[5-9][0-9])-plus",
    )
)


def tariff_refusal(
    session: Session, tariff: Tariff, holder: Holder, together: Sequence[RequestedLine]
) -> Refusal | None:
    """Whether this member may have this tariff on the session's day. A social tariff is personal: one place.

    `together` are all lines of this holder in the booking, so that two do not get what one may not.
    """
    if tariff.is_for_all:
        return None
    if tariff.eligibility == "social" and social_places(session, together) > 1:
        return OnePlaceEach(session.id, tariff.code)
    day = day_in_flanders(session.starts_at)
    return None if is_for(tariff, holder, day) else NotForYou(session.id, tariff.code)


def guest_refusal(session: Session, tariff: Tariff) -> Refusal | None:
    """A guest shows nothing, so they get what is for anybody of any age."""
    is_open = tariff.eligibility == "anyone" and tariff.is_for_all
    return None if is_open else NotForYou(session.id, tariff.code)


def is_for(tariff: Tariff, holder: Holder, day: date) -> bool:
    """Whether a member may have a tariff on a day: what a page offers and what a booking checks."""
    entitled = tariff.eligibility != "social" or (
        holder.social_until is not None and holder.social_until >= day
    )
    return entitled and age_fits(holder.born_on, tariff.age_from, tariff.age_to, day)


def is_own(tariff: Tariff, holder: Holder, day: date) -> bool:
    """Whether a tariff that a member may have is meant for themselves: what a page calls "for you".

    Who books may take a child along at a child's price: no age in a name holds them back. Their own price
    it is only at that age. A name that says something else ("Lid van de bib") is a condition that we do not
    know.
    """
    if not is_for(tariff, holder, day):
        return False
    if tariff.code == BASE or tariff.eligibility != "anyone" or not tariff.is_for_all:
        return True
    ages = ages_named(tariff.code)
    return ages is not None and age_fits(holder.born_on, *ages, day)


def ages_named(code: str) -> tuple[int | None, int | None] | None:
    """The ages that the code of a tariff names, both included; None when it names something else, or more.

    "Tot 12 jaar" is read as until the twelfth birthday: what is promised must hold at every door.
    """
    found = next((match for pattern in _AGES if (match := pattern.fullmatch(code))), None)
    if found is None:
        return None
    named = {name: int(years) for name, years in found.groupdict().items() if years}
    last = named["below"] - 1 if "below" in named else named.get("last")
    return named.get("first"), last


def social_places(session: Session, together: Sequence[RequestedLine]) -> int:
    tariffs = (
        (wanted.places, session.tariff(wanted.tariff))
        for wanted in together
        if wanted.session_id == session.id
    )
    return sum(places for places, tariff in tariffs if tariff and tariff.eligibility == "social")
