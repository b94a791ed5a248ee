"""What a client of the API may do: its scopes, each of which opens some operations."""

from collections.abc import Mapping
from typing import Final

SCOPES: Final[Mapping[str, str]] = {
    "read": "Read sessions, and the bookings that it made.",
    "quote": "Ask what places would cost.",
    "book": "Book, and keep the places of a booking longer.",
    "cancel": "Cancel bookings that it made, all or a part.",
    "check_in": "Check tickets in, and take that back.",
    "invoice": "Read what its organisers have to invoice, and say what became of it.",
}
"""By name, what each opens, as the description of the API says it."""
EVERY_SCOPE: Final = tuple(SCOPES)
