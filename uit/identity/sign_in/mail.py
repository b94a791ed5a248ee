"""The mails with a link: to sign in, and to make a device known."""

from typing import Final

from uit.core.translation import gettext as _
from uit.services.limit import Limit
from uit.services.mail import Mail
from uit.web.view import render

LINKS_PER_ADDRESS: Final = Limit("links from place", 30, 900)


def sign_in_mail(to: str, link: str) -> Mail:
    """The mail with the link as text and as a button."""
    return Mail(
        to=to,
        subject=_("Je link voor uit"),
        text=render("identity/sign_in/mail_sign_in.txt", link=link),
        html=render("identity/sign_in/mail_sign_in.html", link=link),
    )


def device_mail(to: str, link: str) -> Mail:
    """The mail to a member of staff whose device has to be known before it may try to sign in."""
    return Mail(
        to=to,
        subject=_("Je toestel voor uit"),
        text=render("identity/staff/mail_device.txt", link=link),
        html=render("identity/staff/mail_device.html", link=link),
    )
