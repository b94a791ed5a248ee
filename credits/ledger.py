"""Double entry: every cent moves from one account to another, once, and is never forgotten.

    fund → purse → hold → payable        and back:  hold → purse (release), purse → fund (lapse)

Purses and funds keep their balance next to them; organisers' accounts are hot, so what they earn is appended and
rolled up later. A transfer is never changed: a correction is a reversal with a reason.
"""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class HoldRow(Struct, frozen=True):
    """Credit put aside for one line, in the shape of `credits.write_holds`."""

    region_id: int
    id: UUID
    purse_id: UUID
    held_account_id: UUID
    amount_cents: int
    booking_id: UUID
    line_no: int
    payee_id: UUID
    earned_at: datetime | None = None


class ResolutionRow(Struct, frozen=True):
    """How a hold ends: what is settled goes to the payee's account, the rest back to the purse."""

    region_id: int
    hold_id: UUID
    settled_cents: int
    released_cents: int
    settle_id: UUID | None
    release_id: UUID | None
    payable_id: UUID | None

    @classmethod
    def release(cls, region_id: int, hold_id: UUID, cents: int, transfer_id: UUID) -> "ResolutionRow":
        return cls(region_id, hold_id, 0, cents, None, transfer_id, None)

    @classmethod
    def settle(
        cls, region_id: int, hold_id: UUID, cents: int, transfer_id: UUID, payable_id: UUID
    ) -> "ResolutionRow":
        return cls(region_id, hold_id, cents, 0, transfer_id, None, payable_id)
