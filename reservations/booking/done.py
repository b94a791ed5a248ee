"""What somebody did who comes to the page of their booking, and what that page says of it."""

from enum import StrEnum

from credits.payments.payment import PaymentMeans
from reservations.booking.to_pay import ToPay
from uit.core.formats import hour
from uit.core.translation import gettext as _


class Done(StrEnum):
    """What somebody did who comes to the page of their booking.

    `STOPPED`: the payment page was left unpaid. `UNSEEN`: the provider did not tell yet how it stands.
    """

    STOPPED = "gestopt"
    UNSEEN = "betaald"
    LENGTHENED = "langer"
    CLAIMED = "toegevoegd"
    CHANGED = "gewijzigd"
    GAVE_BACK = "teruggegeven"


def done_of(done: Done) -> str:
    """What is added to the address of a booking."""
    return f"?gedaan={done}"


def notice_after(  # noqa: PLR0911  one for each deed
    done: str, to_pay: ToPay | None, *, stands: bool
) -> str | None:
    """What that came to, as long as it is so: an address is opened again later.

    `stands`: some of the booking still does.
    """
    if done == Done.CLAIMED:
        return _("Deze boeking staat nu bij je boekingen.")
    if done == Done.CHANGED:
        return None if to_pay else _("Je boeking is gewijzigd. Wat wegviel, opent geen deur meer.")
    if done == Done.GAVE_BACK:
        return _("Dat deel is geannuleerd. Wat wegviel, opent geen deur meer.") if stands else None
    if to_pay is None or to_pay.means is not PaymentMeans.CARD:
        return None
    until = hour(to_pay.held_until)
    match done:
        case Done.STOPPED:
            return _("Je betaalde nog niets. Je plaatsen wachten op je tot %(until)s.", until=until)
        case Done.UNSEEN:
            return _(
                "We zien je betaling nog niet. Betaalde je? Betaal dan niet opnieuw: kijk over enkele minuten"
                " nog eens hier."
            )
        case Done.LENGTHENED:
            return _("Je hebt meer tijd. Je plaatsen wachten op je tot %(until)s.", until=until)
        case _:
            return None
