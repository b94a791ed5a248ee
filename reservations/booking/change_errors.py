"""What a change of a booking can be refused for. The words stand in `templates/refusals/`."""

from datetime import datetime
from uuid import UUID

from uit.core.errors import Refusal


class ChangeIdTaken(Refusal, code="reservations.change_id_taken", status=409):
    """Under this id another change was made before."""

    change_id: UUID


class ChangePending(Refusal, code="reservations.change_pending", status=409):
    """A change of the booking waits to be paid, so nothing else of it changes."""

    booking_id: UUID
    held_until: datetime


class DifferenceChanged(Refusal, code="reservations.difference_changed", status=409):
    """At a till another difference than the one that was seen. Below zero it goes to the customer."""

    due_seen_cents: int
    due_cents: int


class NothingToChange(Refusal, code="reservations.nothing_to_change", status=409):
    """No place of the booking stands any more that could become another."""

    booking_id: UUID


class OnInvoice(Refusal, code="reservations.on_invoice", status=409):
    """What is new of the booking costs something, and the invoice on which it stands takes nothing more.

    Fewer places are credited. `cents` is what would have to be paid otherwise.
    """

    booking_id: UUID
    cents: int


class PassToShow(Refusal, code="reservations.pass_to_show", status=409):
    """A place that is new, or at another price, asks the pass of who comes; who keeps theirs shows none."""


class TooManyChanges(Refusal, code="reservations.too_many_changes", status=409):
    """The booking has so many lines by now, with those that ended, that it takes no more."""

    booking_id: UUID
