"""The link by which somebody chooses what becomes of a date that is another than they booked."""

from typing import Final
from uuid import UUID

from reservations.booking.contact import Recipient
from uit.core.seal import ChoiceSeal, seal_choice

PATH: Final = "keuze"
"""The first part of its address, below that of the region."""


def choice_path(key: bytes, region_id: int, booking_id: UUID, session_id: UUID, to: Recipient) -> str:
    """The address of the choice of one of those who are told; who has it chooses for them."""
    seal = ChoiceSeal(region_id, booking_id, session_id, to.person_id, to.link_version)
    return f"{PATH}/{seal_choice(key, seal)}"
