"""A mail from its two templates, which say the same: `.txt`, whose first line is the subject, and `.html`."""

from uit.services.mail import Mail, XmlFile
from uit.web.view import render


def written_mail(to: str, template: str, attached: XmlFile | None = None, **facts: object) -> Mail:
    """The mail of `template`, a path without its ending.

    A subject is broken at any space, and a space that does not break would be lost there.
    """
    subject, _, text = render(f"{template}.txt", **facts).partition("\n")
    subject = subject.replace("\N{NO-BREAK SPACE}", " ")
    return Mail(to, subject, text.strip() + "\n", render(f"{template}.html", **facts), attached)
