"""The mail with a sign-in link."""

from uit.core.translation import gettext as _
from uit.services.mail import Mail
from uit.web.view import render


def sign_in_mail(to: str, link: str) -> Mail:
    """The mail with the link as text and as a button."""
    return Mail(
        to=to,
        subject=_("Je link voor uit"),
        text=render("identity/sign_in/mail_sign_in.txt", link=link),
        html=render("identity/sign_in/mail_sign_in.html", link=link),
    )
