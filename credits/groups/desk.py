"""Group passes of the partners of a region: given, changed, stopped, and filled with credit."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.groups.form import GroupForm, GroupGrantForm, TermsForm, labels
from credits.groups.granting import GroupGrant, grant_to_group, open_group, read_group_credit
from credits.ledger.ledger import Granted
from credits.programme.grant import read_terms
from credits.region_desk import OFFICER, region_facts
from uit.core.errors import NotAllowed, NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.identity.partner.partner import read_partners
from uit.passes.group.group import GroupTerms, NewGroup, change_terms, end_group, read_group, read_groups
from uit.services.audit import Author
from uit.services.services import Services
from uit.web.form import Errors, required_id
from uit.web.view import UNPROCESSABLE, form_status, page, see_other

WRITERS: Final = staff(OFFICER)
GivenServices = NamedDependency[Services]


def notice_after(act: str) -> str | None:
    return {
        "nieuw": _("De groep heeft een pas. Wie er werkt, ziet hem meteen."),
        "bewaard": _("Bewaard."),
        "krediet": _("Het krediet is gegeven."),
        "gestopt": _("Gestopt. Met deze pas boekt niemand nog; wat geboekt is, blijft."),
    }.get(act)


@get("/", opt=WRITERS)
async def show_groups(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    typed = GroupForm(group_id=str(services.ids.new()))
    return await groups_page(request, services, typed, flash=notice_after(gedaan))


@post("/", opt=WRITERS)
async def create_group(
    request: StaffRequest, data: URLEncodedBody[GroupForm], services: GivenServices
) -> Template | Redirect:
    """Give a group a pass. Sent again, it gives none.

    Raises NotAllowed for an id that is of somebody, which no form of ours makes.
    """
    author, group_id = await author_here(request), required_id({"group_id": data.group_id}, "group_id")
    async with services.database.transaction() as tx:
        partners = {each.id for each in await read_partners(tx, author.region_id)}
        wanted = data.read_new(partners, author.today)
        if isinstance(wanted, NewGroup):
            opened = await open_group(tx, author, group_id, wanted)
            if isinstance(opened, NotAllowed):
                raise RefusalError(opened)
    if not isinstance(wanted, NewGroup):
        return await groups_page(request, services, data, errors=wanted)
    return see_other(await address_of(request, group_id, "nieuw"))


async def groups_page(
    request: StaffRequest,
    services: Services,
    typed: GroupForm,
    errors: Errors | None = None,
    flash: str | None = None,
) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        groups = await read_groups(connection, region.id)
        partners = await read_partners(connection, region.id)
    return page(
        "credits/groups/groups.html",
        UNPROCESSABLE if errors else 200,
        **await region_facts(request),
        groups=groups,
        partners=[(str(each.id), each.name) for each in partners],
        typed=typed,
        errors=errors or {},
        labels=labels(),
        flash=flash,
    )


@get("/{group_id:uuid}", opt=WRITERS)
async def show_group(
    request: StaffRequest, group_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    return await group_page(request, services, group_id, {}, flash=notice_after(gedaan))


@post("/{group_id:uuid}", opt=WRITERS)
async def change_group(
    request: StaffRequest, group_id: FromPath[UUID], data: URLEncodedBody[TermsForm], services: GivenServices
) -> Template | Redirect:
    """Another number of tickets, or another last day. A repeat says the same."""
    author = await author_here(request)
    wanted = data.read(author.today)
    if not isinstance(wanted, GroupTerms):
        typed = {"tickets": data.tickets, "until": data.until}
        return await group_page(request, services, group_id, typed, errors=wanted)
    async with services.database.transaction() as tx:
        if not await change_terms(tx, author, group_id, wanted):
            raise RefusalError(NotFound())
    return see_other(await address_of(request, group_id, "bewaard"))


@post("/{group_id:uuid}/krediet", opt=WRITERS)
async def give_group_credit(
    request: StaffRequest,
    group_id: FromPath[UUID],
    data: URLEncodedBody[GroupGrantForm],
    services: GivenServices,
) -> Template | Redirect:
    """Credit from a programme, once under the id of the form."""
    author, grant_id = await author_here(request), required_id({"grant_id": data.grant_id}, "grant_id")
    typed, answer = {"programme": data.programme, "amount": data.amount}, None
    async with services.database.transaction() as tx:
        terms = await read_terms(tx, author.region_id, None, author.now)
        wanted = data.read({each.programme_id for each in terms})
        if not isinstance(wanted, dict):
            answer = await give(tx, author, GroupGrant(author.region_id, grant_id, group_id, *wanted))
    if isinstance(answer, Granted):
        return see_other(await address_of(request, group_id, "krediet"))
    errors = wanted if isinstance(wanted, dict) else {}
    return await group_page(request, services, group_id, typed, errors=errors, refusal=answer)


async def give(tx: Executor, author: Author, wanted: GroupGrant) -> Granted | Refusal:
    answer = await grant_to_group(tx, wanted, author.ids, author.now)
    if isinstance(answer, Granted) and answer.new:
        grant_id, cents = str(wanted.id), answer.amount_cents
        await author.note(tx, "grant.give", "group", wanted.group_id, grant_id=grant_id, cents=cents)
    return answer


@post("/{group_id:uuid}/stoppen", opt=WRITERS)
async def stop(request: StaffRequest, group_id: FromPath[UUID], services: GivenServices) -> Redirect:
    author = await author_here(request)
    async with services.database.transaction() as tx:
        await end_group(tx, author, group_id)
    return see_other(await address_of(request, group_id, "gestopt"))


async def address_of(request: StaffRequest, group_id: UUID, act: str) -> str:
    return f"/{(await region_here(request)).slug}/groepen/{group_id}?gedaan={act}"


async def group_page(  # noqa: PLR0913  whose page, and what was typed there
    request: StaffRequest,
    services: Services,
    group_id: UUID,
    typed: Mapping[str, str],
    *,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
    flash: str | None = None,
) -> Template:
    shared, now = await region_facts(request), services.clock.now()
    region_id = shared["region"].id
    async with services.database.reading() as connection:
        group = await read_group(connection, region_id, group_id)
        credit = next(iter(await read_group_credit(connection, region_id, [group_id])), None)
        terms = await read_terms(connection, region_id, None, now)
    if group is None:
        raise RefusalError(NotFound())
    first: dict[str, Any] = {"tickets": group.tickets_a_year, "until": group.social_until.isoformat()}
    return page(
        "credits/groups/group.html",
        form_status(refusal, errors),
        **shared,
        group=group,
        credit=credit,
        programmes=[(str(each.programme_id), each.programme) for each in terms],
        typed={**first, "programme": "", "amount": "", **typed},
        errors=errors or {},
        refusal=refusal,
        labels=labels(),
        grant_id=services.ids.new(),
        flash=flash,
    )


DESK: Final = (show_groups, create_group, show_group, change_group, give_group_credit, stop)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/groepen", route_handlers=DESK, include_in_schema=False)
]
