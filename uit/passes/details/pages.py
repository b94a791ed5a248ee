"""What somebody changes of themselves; another e-mail address counts once it is confirmed."""

from typing import Any, Final

import structlog
from litestar import get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.identity.authentication import ANYBODY, RESIDENT, AnyRequest, ResidentRequest, open_page
from uit.identity.errors import LinkUsed
from uit.identity.person.change import PersonDetails, change, read_details
from uit.identity.person.consent import DECIDES_FROM, needs_consent, too_young
from uit.identity.person.new_email import (
    ASKED,
    ask_new_email,
    confirm_new_email,
    read_asked,
    read_waiting_email,
    token_of_form,
)
from uit.identity.person.person import lock_person
from uit.passes.details.own_form import OwnDetailsForm, own_filled_in, own_kinds, own_labels, own_ways
from uit.passes.membership.own_page import OwnPage, open_own, own_page_here
from uit.passes.registration.form import languages
from uit.services.services import Services
from uit.web.form import Errors, required_id
from uit.web.view import form_status, see_other
from uit.web.written_mail import written_mail

TEMPLATE: Final = "passes/details/own.html"
log = structlog.get_logger()
Given = NamedDependency[Services]


class FilledIn(Struct, frozen=True):
    """The form as it was sent, and what is wrong with it."""

    typed: dict[str, str]
    errors: Errors = {}
    refusal: Refusal | None = None

    @property
    def status(self) -> int:
        return form_status(self.refusal, self.errors)


@get("/{region:str}/mijn-gegevens/wijzigen", opt=RESIDENT, include_in_schema=False)
async def show_own_details(request: ResidentRequest, services: Given) -> Template:
    own = await own_page_here(request)
    async with services.database.reading() as connection:
        known = await known_details(connection, own)
        waiting = await read_waiting_email(connection, own.person_id, own.author.now)
    return form_page(own, known, FilledIn(own_filled_in(known)), waiting=waiting)


@post("/{region:str}/mijn-gegevens/wijzigen", opt=RESIDENT, include_in_schema=False)
async def change_own_details(
    request: ResidentRequest, data: URLEncodedBody[dict[str, str]], services: Given
) -> Template | Redirect:
    """Saves, and mails a link to another e-mail address: that counts once the link is used.

    What the form does not have is kept as it is under the lock. A repeat mails nothing more.
    """
    own, change_id = await own_page_here(request), required_id(data, "change_id")
    form = OwnDetailsForm(**{name: data[name] for name in own_labels() if name in data})
    async with services.database.reading() as connection:
        known = await known_details(connection, own)
    refusal = too_young(known.born_on, own.author.today, DECIDES_FROM)
    if refusal and "street" in data and form.changes_address(known):
        return form_page(own, known, FilledIn(data, refusal=refusal))
    keeps = refusal is not None
    if form.new_email(known) and isinstance(form.read(known, keeps_address=keeps), PersonDetails):
        too_often = await services.limiter.count(ASKED, str(own.person_id))
        if too_often:
            return form_page(own, known, FilledIn(data, refusal=too_often))
    asked_token = token_of_form(services.secrets, own.person_id, change_id)
    async with services.database.transaction() as tx:
        known = await known_details(tx, own, is_locked=True)
        wanted, email = form.read(known, keeps_address=keeps), form.new_email(known)
        if not isinstance(wanted, PersonDetails):
            return form_page(own, known, FilledIn(data, wanted))
        token = await ask_new_email(tx, own.author, known, email, asked_token) if email else None
        no_email = token if isinstance(token, Refusal) else None
        answer = no_email or await change(tx, own.author, change_id, wanted)
    if isinstance(answer, Refusal):
        return form_page(own, known, FilledIn(data, refusal=answer))
    if email is None:
        done = "niets" if answer == known else "gewijzigd"
        return see_other(own.address() + f"?gedaan={done}")
    sent = own.page("passes/details/email_sent.html", email=email)
    assert token is None or isinstance(token, str)
    sent.background = BackgroundTask(mail_new_email, services, email, token, answer)
    return sent


async def known_details(tx: Executor, own: OwnPage, *, is_locked: bool = False) -> PersonDetails:
    """What is stored of them; `is_locked`: until the end of the transaction nobody else changes it."""
    await open_own(tx, own)
    if is_locked:
        await lock_person(tx, own.person_id)
    known = await read_details(tx, own.person_id)
    assert known is not None
    return known


def form_page(own: OwnPage, known: PersonDetails, form: FilledIn, waiting: str | None = None) -> Template:
    facts: dict[str, Any] = {
        "known": known,
        "typed": form.typed,
        "errors": form.errors,
        "refusal": form.refusal,
        "labels": own_labels(),
        "kinds": list(own_kinds().items()),
        "languages": list(languages().items()),
        "ways": list(own_ways().items()),
        "has_reference": known.address_kind == "reference",
        "is_child": too_young(known.born_on, own.author.today, DECIDES_FROM) is not None,
        "needs_consent": needs_consent(known.born_on, own.author.today),
        "waiting": waiting,
        "change_id": own.author.ids.new(),
    }
    return own.page(TEMPLATE, form.status, **facts)


async def mail_new_email(services: Services, email: str, token: str | None, person: PersonDetails) -> None:
    """Mail the link; nothing where the address is somebody else's, of which the page says nothing."""
    if token is None:
        return
    link = f"{services.settings.address}/mijn/e-mailadres/{token}"
    mail = written_mail(email, "passes/details/mail_new_email", name=person.given_name, link=link)
    if await services.mailer.send(mail):
        log.warning("new_email_mail_not_sent")


@get("/mijn/e-mailadres/{token:str}", opt=ANYBODY, include_in_schema=False)
async def show_new_email(request: AnyRequest, token: FromPath[str], services: Given) -> Template:
    """A page with one button, so that programs that open the links in a mail do not use them up."""
    async with services.database.reading() as connection:
        asked = await read_asked(connection, token, services.clock.now())
    return await email_page(request, token, asked.email if asked else None, None if asked else LinkUsed())


@post("/mijn/e-mailadres/{token:str}", opt=ANYBODY, include_in_schema=False)
async def use_new_email(request: AnyRequest, token: FromPath[str], services: Given) -> Template:
    """The address becomes theirs, whoever is signed in here: who has the mail has the address."""
    async with services.database.transaction() as tx:
        answer = await confirm_new_email(tx, token, services.clock.now(), services.ids)
    if isinstance(answer, Refusal):
        return await email_page(request, token, None, answer)
    return await open_page(request, "passes/details/email_confirmed.html", email=answer.email)


async def email_page(request: AnyRequest, token: str, email: str | None, refusal: Refusal | None) -> Template:
    status = refusal.status if refusal else 200
    facts = {"token": token, "email": email, "refusal": refusal}
    return await open_page(request, "passes/details/email_link.html", status, **facts)


ROUTES: list[ControllerRouterHandler] = [
    show_own_details,
    change_own_details,
    show_new_email,
    use_new_email,
]
