"""Types of the fields of a booking, with what the description of the API says of them."""

from typing import Annotated, Final

from msgspec import Meta

from reservations.booking.commands import PayWith

MOST_CENTS: Final = 100_000_000
# The framework describes no limit of zero, and none of what may be null, unless it is said twice.
LIMITS: Final = {"extra": {"minimum": 0, "maximum": MOST_CENTS}}
Cents = Annotated[int, Meta(ge=0, le=MOST_CENTS)]
Url = Annotated[
    str,
    Meta(
        max_length=1000,
        pattern=r"^https?://",
        description="Where the payment page leads back to, at an origin that is registered for you. Who comes"
        " back may not have paid yet: read the booking, and again while its payment is `pending`.",
    ),
]
Ways = Annotated[PayWith, Meta(description="How what credit does not pay is paid.")]
PriceSeen = Annotated[
    Cents | None,
    Meta(
        extra_json_schema=LIMITS,
        description="The price that your visitor saw, in cents of a euro. Another price is refused.",
    ),
]
RemainingSeen = Annotated[
    Cents | None,
    Meta(
        extra_json_schema=LIMITS,
        description="What your visitor saw that is left to pay besides credit, in cents of a euro."
        " Another amount is refused.",
    ),
]
CashCode = Annotated[str, Meta(description="What its payer shows at a till, to be paid in cash.")]
