"""Types of the fields of a booking, with what the description of the API says of them."""

from typing import Annotated

from msgspec import Meta

from reservations.booking.commands import PayWith

# The framework describes no limit of zero, unless it is said twice.
Cents = Annotated[int, Meta(ge=0, le=100_000_000, extra_json_schema={"extra": {"minimum": 0}})]
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
    Meta(description="The price that your visitor saw, in cents of a euro. Another price is refused."),
]
RemainingSeen = Annotated[
    Cents | None,
    Meta(
        description="What your visitor saw that is left to pay besides credit, in cents of a euro."
        " Another amount is refused."
    ),
]
CashCode = Annotated[str, Meta(description="What its payer shows at a till, to be paid in cash.")]
