"""What a change of a booking waits to do until it is paid, as it is kept with the change."""

from uuid import UUID

from msgspec import Struct


class PlannedEnd(Struct, frozen=True):
    """Tickets of a line that make place: `moved` for others in their stead, `given_up` for nothing.

    `extends`: it is no doing of the holder, so that what comes back can be spent for longer.
    """

    line_no: int
    moved: tuple[int, ...]
    given_up: tuple[int, ...] = ()
    extends: bool = False

    @property
    def nos(self) -> frozenset[int]:
        return frozenset((*self.moved, *self.given_up))


class CreditHold(Struct, frozen=True):
    """Credit of a purse that is put aside for a line: anew for what stays of it, or for one in its stead."""

    line_no: int
    purse_id: UUID
    held_account_id: UUID
    payee_id: UUID
    cents: int


class MovedMoney(Struct, frozen=True):
    """Money of a payment that stays with the booking: it paid one line and pays for another."""

    payment_id: UUID
    from_line: int
    to_line: int
    cents: int


class ChangePlan(Struct, frozen=True):
    """What becomes of the old, and how much of the new it pays."""

    ending: tuple[PlannedEnd, ...] = ()
    holds: tuple[CreditHold, ...] = ()
    moves: tuple[MovedMoney, ...] = ()


class PendingChange(Struct, frozen=True):
    """A change whose new places are held until it is paid."""

    id: UUID
    plan: ChangePlan


class StoredChange(Struct, frozen=True):
    """A change that was made under an id. With a `plan` it waits to be paid, by `payment_id`."""

    id: UUID
    booking_id: UUID
    digest: str
    plan: ChangePlan | None
    payment_id: UUID | None = None
