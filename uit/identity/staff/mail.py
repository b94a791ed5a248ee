"""The mail that invites a colleague, or says that they got a role."""

from uit.core.translation import gettext as _
from uit.identity.staff.inviting import Invited
from uit.services.mail import Mail
from uit.web.view import render


def invitation_mail(invited: Invited, region: str, address: str) -> Mail:
    """`region`: its name. `address`: that of the installation, without a slash at the end."""
    link = f"{address}{invited.path or '/team'}"
    facts = {"link": link, "region": region, "is_invitation": invited.path is not None}
    return Mail(
        to=invited.email,
        subject=_("Werken met uit in %(region)s", region=region),
        text=render("identity/staff/mail_invitation.txt", **facts),
        html=render("identity/staff/mail_invitation.html", **facts),
    )
