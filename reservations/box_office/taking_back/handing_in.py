"""Tickets that are handed in at a till: by the rules of their organiser, or by a waiver that says why not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.actor import ByStaff
from reservations.booking.commands import CancellationKey, ChosenTickets, GiveUp, bound_to
from reservations.booking.facts import Facts
from reservations.booking.giving_up import GivableTicket, givable
from uit.core.translation import gettext as _

WAIVER: Final = "uitzondering"
"""The field of a form in which a waiver is chosen; nothing: by the rules."""


class HandedIn(Struct, frozen=True):
    """A ticket that can be handed in: what goes back of it by the rules, and what by a waiver.

    `by_rules` is None when its term is over.
    """

    by_rules: GivableTicket | None
    by_waiver: GivableTicket

    @property
    def needs_waiver(self) -> bool:
        """Whether a waiver gives more than the rules."""
        return self.by_rules is None or self.by_rules.returned_cents < self.by_waiver.returned_cents


def waivers() -> list[tuple[str, str]]:
    """Why a rule of an organiser may be left aside, by its code. No free text: that would name people."""
    return [
        ("our_fault", _("Alles: het is onze fout")),
        ("sold_wrong", _("Alles: er is net iets verkeerds verkocht")),
        ("goodwill", _("Alles: de organisator vindt het goed")),
    ]


def read_waiver(typed: Mapping[str, str]) -> str | None:
    """The code of the waiver that was chosen; None when it goes by the rules."""
    chosen = typed.get(WAIVER, "")
    return chosen if chosen in dict(waivers()) else None


def handed_in(facts: Facts, staff_id: UUID, now: datetime) -> list[HandedIn]:
    """The live tickets of a booking, with what goes back of each."""
    by_rules = {each.number: each for each in givable(facts, ByStaff(staff_id, by_rules=True), now)}
    every = givable(facts, ByStaff(staff_id), now)
    return [HandedIn(by_rules.get(each.number), each) for each in every]


def hand_in(
    where: tuple[int, UUID],
    chosen: tuple[ChosenTickets, ...],
    staff_id: UUID,
    waiver: str | None,
    act_id: UUID,
) -> GiveUp:
    """The command that ends these tickets of a booking in a region, once under the id of its form."""
    region_id, booking_id = where
    digest = bound_to("till", booking_id, chosen, waiver)
    key = CancellationKey(act_id, digest, staff_id, waiver)
    return GiveUp(region_id, booking_id, ByStaff(staff_id, by_rules=waiver is None), chosen, key)
