"""The desk of who runs a region: its colleagues, its organisers, and the clients of the API."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from organisers.office.form import (
    ClientForm,
    Known,
    OrganiserForm,
    StaffForm,
    client_labels,
    organiser_labels,
    scope_words,
    staff_labels,
)
from organisers.organiser import add_organiser, read_lines
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, authenticator_of, author_here, region_here, staff
from uit.identity.client.client import (
    NewClient,
    read_clients,
    register_client,
    revoke_client,
    rotate_secret,
)
from uit.identity.partner.partner import read_partners
from uit.identity.staff.ending import Ending, end_roles
from uit.identity.staff.inviting import Invited, invite_again, invite_here
from uit.identity.staff.mail import invitation_mail
from uit.identity.staff.role import GIVEN_IN_REGION, REGION_OFFICER, titles
from uit.identity.staff.roster import by_member, read_roster
from uit.identity.staff.staff import Colleague
from uit.passes.membership.membership import read_towns
from uit.services.region import Region
from uit.services.services import Services
from uit.web.form import Errors, required_id
from uit.web.view import form_status, page, see_other

OFFICER: Final = staff(REGION_OFFICER)
GivenServices = NamedDependency[Services]


def notice_after(act: str) -> str | None:
    return {
        "gestopt": _("Gestopt. Deze collega kan hier niet meer binnen."),
        "organisator": _("Toegevoegd. Wie voor deze organisator werkt, nodig je uit bij Collega's."),
        "koppeling": _("Gestopt. Deze koppeling doet niets meer."),
    }.get(act)


def office_page(template: str, region: Region, problem: Errors | Refusal | None, **facts: object) -> Template:
    """A page of this desk, with what was wrong: in the fields of its form, or with what was asked."""
    refusal = problem if isinstance(problem, Refusal) else None
    errors = problem if isinstance(problem, dict) else {}
    status = form_status(refusal, errors)
    own = f"/{region.slug}/beheer"
    return page(
        f"organisers/office/{template}.html",
        status,
        region=region,
        own=own,
        refusal=refusal,
        errors=errors,
        **facts,
    )


# Colleagues


@get("/", opt=OFFICER)
async def show_staff(request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = "") -> Template:
    return await staff_page(request, services, StaffForm(mail="true"), flash=notice_after(gedaan))


async def staff_page(
    request: StaffRequest,
    services: Services,
    typed: StaffForm,
    problem: Errors | Refusal | None = None,
    flash: str | None = None,
) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        rows = await read_roster(connection, region.id, services.clock.now())
        towns = await read_towns(connection, region.id)
        organisers = await read_lines(connection, region.id)
        partners = await read_partners(connection, region.id)
    return office_page(
        "staff",
        region,
        problem,
        members=by_member(rows),
        titles=titles(),
        roles=[(role, titles()[role]) for role in GIVEN_IN_REGION],
        towns=[(town.refnis, town.name) for town in towns],
        organisers=[(str(each.id), each.name) for each in organisers],
        partners=[(str(each.id), each.name) for each in partners],
        labels=staff_labels(),
        typed=typed,
        me=request.user.staff_id,
        flash=flash,
    )


@post("/collegas", opt=OFFICER)
async def invite(request: StaffRequest, data: URLEncodedBody[StaffForm], services: GivenServices) -> Template:
    """Give somebody a role here, and show or mail what lets them in. A repeat gives the role once."""
    author = await author_here(request)
    async with services.database.transaction() as tx:
        known = Known(
            {each.id for each in await read_lines(tx, author.region_id)},
            {each.id for each in await read_partners(tx, author.region_id)},
            {town.refnis for town in await read_towns(tx, author.region_id)},
        )
        wanted = data.read(author.region_id, known)
        invited = await invite_here(tx, author, wanted) if isinstance(wanted, Colleague) else wanted
    if not isinstance(invited, Invited):
        return await staff_page(request, services, data, invited)
    return await invited_page(request, services, invited, by_mail=data.mail == "true")


@post("/collegas/{staff_id:uuid}/uitnodigen", opt=OFFICER)
async def send_again(request: StaffRequest, staff_id: FromPath[UUID], services: GivenServices) -> Template:
    """Another invitation, by mail; who never signed in gets it by hand as well."""
    author = await author_here(request)
    async with services.database.transaction() as tx:
        invited = await invite_again(tx, author, staff_id)
    if isinstance(invited, Refusal):
        return await staff_page(request, services, StaffForm(mail="true"), invited)
    return await invited_page(request, services, invited, by_mail=True)


async def invited_page(
    request: StaffRequest, services: Services, invited: Invited, *, by_mail: bool
) -> Template:
    """What was done, with a link that may be handed over. It stands here only, and in the mail.

    What only the mailbox of its owner may get is mailed in any case.
    """
    region, address = await region_here(request), services.settings.address
    is_mailed = by_mail or (invited.path is not None and not invited.may_show)
    failed = None
    if is_mailed:
        failed = await services.mailer.send(invitation_mail(invited, region.name, address))
    link = f"{address}{invited.path}" if invited.path and invited.may_show else None
    shown = office_page(
        "invited", region, None, invited=invited, link=link, is_mailed=is_mailed, failed=failed
    )
    shown.headers["Cache-Control"] = "no-store"
    return shown


@post("/collegas/{staff_id:uuid}/stoppen", opt=OFFICER)
async def end_colleague(
    request: StaffRequest, staff_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    """End all that somebody does in this region, at once. What they do elsewhere stays."""
    author = await author_here(request)
    async with services.database.transaction() as tx:
        done = await end_roles(tx, author, Ending(staff_id, region_id=author.region_id))
    if isinstance(done, Refusal):
        return await staff_page(request, services, StaffForm(mail="true"), done)
    await authenticator_of(request).forget(*done.digests)
    return see_other(f"/{(await region_here(request)).slug}/beheer?gedaan=gestopt")


# Organisers


@get("/organisatoren", opt=OFFICER)
async def show_organisers(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    typed = OrganiserForm(str(services.ids.new()))
    return await organisers_page(request, services, typed, flash=notice_after(gedaan))


async def organisers_page(
    request: StaffRequest,
    services: Services,
    typed: OrganiserForm,
    problem: Errors | None = None,
    flash: str | None = None,
) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        lines = await read_lines(connection, region.id)
    labels = organiser_labels()
    return office_page("organisers", region, problem, lines=lines, typed=typed, labels=labels, flash=flash)


@post("/organisatoren", opt=OFFICER)
async def create_organiser(
    request: StaffRequest, data: URLEncodedBody[OrganiserForm], services: GivenServices
) -> Template | Redirect:
    """Add an organiser. Sent again, it adds nothing."""
    author, wanted = await author_here(request), data.read()
    organiser_id = required_id({"organiser_id": data.organiser_id}, "organiser_id")
    if isinstance(wanted, dict):
        return await organisers_page(request, services, data, wanted)
    async with services.database.transaction() as tx:
        found = await add_organiser(tx, author, organiser_id, wanted)
    if found.id != organiser_id:
        return await organisers_page(request, services, data, {"name": _("Deze naam staat al in de lijst.")})
    return see_other(f"/{(await region_here(request)).slug}/beheer/organisatoren?gedaan=organisator")


# Clients of the API


@get("/koppelingen", opt=OFFICER)
async def show_clients(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    return await clients_page(request, services, ClientForm(), flash=notice_after(gedaan))


async def clients_page(
    request: StaffRequest,
    services: Services,
    typed: ClientForm,
    problem: Errors | None = None,
    flash: str | None = None,
) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        clients = await read_clients(connection, region.id)
        organisers = await read_lines(connection, region.id)
    return office_page(
        "clients",
        region,
        problem,
        clients=clients,
        organisers=organisers,
        scopes=scope_words(),
        labels=client_labels(),
        typed=typed,
        flash=flash,
    )


@post("/koppelingen", opt=OFFICER)
async def create_client(
    request: StaffRequest, data: URLEncodedBody[dict[str, str]], services: GivenServices
) -> Template:
    """Add a client, and show its secret this once."""
    author, typed = await author_here(request), ClientForm.of_fields(data)
    made = None
    async with services.database.transaction() as tx:
        organisers = [each.id for each in await read_lines(tx, author.region_id)]
        wanted = typed.read(author.region_id, organisers)
        if isinstance(wanted, NewClient):
            made = await register_client(tx, author, wanted)
    if made is None:
        assert isinstance(wanted, dict)
        return await clients_page(request, services, typed, wanted)
    return await secret_page(request, *made)


def as_client_id(text: str) -> str:
    """The part of an address that names a client. Raises NotFound for what names none."""
    if not text.isprintable():
        raise RefusalError(NotFound())
    return text


@post("/koppelingen/{client_id:str}/sleutel", opt=OFFICER)
async def change_secret(request: StaffRequest, client_id: FromPath[str], services: GivenServices) -> Template:
    """Give a client another secret, and show it this once. The old one stops at once."""
    author = await author_here(request)
    async with services.database.transaction() as tx:
        done = await rotate_secret(tx, author, as_client_id(client_id))
    if done is None:
        raise RefusalError(NotFound())
    await authenticator_of(request).forget(*done.ended, kind="bearer")
    return await secret_page(request, client_id, done.secret)


async def secret_page(request: StaffRequest, client_id: str, secret: str) -> Template:
    """The one time that a secret is shown."""
    shown = office_page("secret", await region_here(request), None, client_id=client_id, secret=secret)
    shown.headers["Cache-Control"] = "no-store"
    return shown


@post("/koppelingen/{client_id:str}/stoppen", opt=OFFICER)
async def end_client(request: StaffRequest, client_id: FromPath[str], services: GivenServices) -> Redirect:
    """End a client of the region at once. A repeat changes nothing."""
    author = await author_here(request)
    async with services.database.transaction() as tx:
        ended = await revoke_client(tx, author, as_client_id(client_id))
    if ended is None:
        raise RefusalError(NotFound())
    await authenticator_of(request).forget(*ended, kind="bearer")
    return see_other(f"/{(await region_here(request)).slug}/beheer/koppelingen?gedaan=koppeling")


DESK: Final = (
    show_staff,
    invite,
    send_again,
    end_colleague,
    show_organisers,
    create_organiser,
    show_clients,
    create_client,
    change_secret,
    end_client,
)
ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/beheer", route_handlers=DESK, include_in_schema=False)
]
