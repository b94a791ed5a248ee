"""A booking without a pass is bound to the browser that made it.

Its id is known to others: to the payment provider and to who sells. Who sends the same form from elsewhere is
told that the id is taken, and never led to the link that manages the booking.
"""

from msgspec.structs import replace

from reservations.booking.commands import Book, bound_to
from uit.identity.authentication import AnyRequest
from uit.web.form_token import secret_of_browser


def bound_to_browser(command: Book, request: AnyRequest) -> Book:
    """The same booking, under a digest that only this browser can repeat; that of a member stays as it is."""
    if command.guest is None:
        return command
    return replace(command, digest=bound_to("browser", command.digest, secret_of_browser(request)))
