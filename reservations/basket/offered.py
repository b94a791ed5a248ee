"""What may be had of what is in a basket, by the keys of its lines, and what is cheaper than a line."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from uuid import UUID

from reservations.basket.owner import BasketOwner
from reservations.booking.facts import Facts, Holder
from reservations.catalogue.agenda import TariffOnSale
from reservations.kept_basket import ChosenPlaces
from reservations.order.choice import Choice, choices
from reservations.order.course_order import CourseOrder
from reservations.order.seat_step import STEP as STEP_TO_HALL
from reservations.order.who_comes import WHO


def choices_by_key(
    facts: Facts, tariffs: Sequence[TariffOnSale], owner: BasketOwner, orders: Sequence[CourseOrder]
) -> Mapping[str, Choice]:
    """What may be had, by the key of a line in a basket, for whose it is and for all others in it."""
    of_session = {key: list(own) for key, own in groupby(tariffs, key=lambda tariff: tariff.session_id)}
    sold = [(each.id, each.id, of_session.get(each.id, [])) for each in facts.sessions]
    for order in orders:
        theirs = [each for each in tariffs if each.session_id in order.chosen]
        sold += [(order.course.id, each, order.tariffs(theirs)) for each in order.chosen[:1]]
    sessions = {each.id: each for each in facts.sessions}
    others = {each.membership_id: each.given_name for each in owner.others}
    who: list[tuple[Holder | None, UUID | None]] = [(owner.member, None)]
    who += [(each, each.id) for each in facts.holders if each.id in others]
    return {
        ChosenPlaces(subject_id, choice.code, 1, 1, holder_id).key: choice
        for subject_id, session_id, sold_at in sold
        if session_id in sessions
        for holder, holder_id in who
        for choice in choices(
            sessions[session_id],
            sold_at,
            holder,
            facts.personal,
            others[holder_id] if holder_id else None,
        )
    }


def hall_fields(
    chosen: ChosenPlaces, offered: Mapping[str, Choice], lines: Sequence[ChosenPlaces]
) -> Mapping[str, str]:
    """The numbers of all that is chosen of a date for the same who comes; none but for the last of them."""
    same = [each for each in lines if is_beside(each.key, chosen) and each.key in offered]
    if not same or same[-1] != chosen:
        return {}
    who = {WHO: str(chosen.holder_id)} if chosen.holder_id else {}
    return {offered[each.key].field: str(each.places) for each in same} | who | STEP_TO_HALL


def cheaper_than(
    chosen: ChosenPlaces, offered: Mapping[str, Choice], lines: Sequence[ChosenPlaces]
) -> Choice | None:
    """The lowest own price of a session, where it is below that of this line and nobody chose it yet."""
    own = {
        key: choice
        for key, choice in offered.items()
        if choice.own and choice.most and is_beside(key, chosen)
    }
    lowest = min(own, key=lambda key: own[key].price_cents, default=None)
    choice = offered.get(chosen.key)
    if lowest is None or any(line.key == lowest for line in lines):
        return None
    return own[lowest] if choice is None or own[lowest].price_cents < choice.price_cents else None


def is_beside(key: str, chosen: ChosenPlaces) -> bool:
    """Whether a key is of the same session or course, for the same who comes."""
    subject_id, _tariff, *holder = key.split("/")
    return subject_id == str(chosen.subject_id) and holder == (
        [chosen.holder_id.hex] if chosen.holder_id else []
    )
