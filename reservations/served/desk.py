"""For whom a partner acts: whom it sees, and at a social service what that gives them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.programme.grant import GrantRequest, read_offers
from credits.programme.grant import read_member as read_rules
from credits.wallet import giving
from credits.wallet.statement import read_credit
from reservations.booking.services import BookingServices
from reservations.groups.partner_desk import GROUP_WORKER, SOCIAL_WORKER, PartnerDesk, desk_here
from reservations.served.form import kinds, labels, read_dossier, read_proof
from reservations.served.open_served import OpenServed, open_served
from reservations.served.served import outings_coming, outings_made, served_members
from uit.core.errors import NotAllowed, Refusal, RefusalError
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, staff
from uit.identity.partner.served_person import NewServed, start_helping, stop_helping
from uit.passes.card.card import PassHolder, holder_by_pass
from uit.passes.card.number import is_valid, read_number_and_year, without_separators
from uit.passes.errors import PassUnknown
from uit.passes.membership.membership import read_membership
from uit.passes.membership.social_tariff import Proof, allow_social_tariff, usual_social_end
from uit.passes.provisional.provisional import give_provisionally, read_provisional
from uit.web.form import Errors, required_id
from uit.web.view import form_status, see_other

PARTNERS: Final = staff(GROUP_WORKER, SOCIAL_WORKER)
SERVICE: Final = staff(SOCIAL_WORKER)
LONGEST_SEARCH: Final = 60
GivenServices = NamedDependency[BookingServices]
Typed = URLEncodedBody[dict[str, str]]


def notice_after(act: str) -> str | None:
    return {
        "begonnen": _("Toegevoegd. Alleen jouw dienst ziet dat."),
        "gestopt": _("Gestopt. Je dienst ziet deze persoon niet meer."),
        "voorlopig": _("Het kansentarief geldt nu 60 dagen. Breng binnen die tijd een bewijs."),
        "bewijs": _("Bewaard. Het kansentarief geldt."),
        "krediet": _("Het krediet is gegeven."),
    }.get(act)


# Whom


@get("/", opt=PARTNERS)
async def show_people(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    async with services.database.reading() as tx:
        desk = await desk_here(request, tx)
        return await people_page(services, tx, desk, flash=notice_after(gedaan))


async def people_page(  # noqa: PLR0913  whose desk, and what was typed there
    services: BookingServices,
    tx: Executor,
    desk: PartnerDesk,
    typed: Mapping[str, str] | None = None,
    *,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
    flash: str | None = None,
) -> Template:
    people = await served_members(tx, desk)
    return desk.page(
        "served/people",
        form_status(refusal, errors),
        people=people,
        typed={"pas": "", "dossier": "", **(typed or {})},
        errors=errors or {},
        refusal=refusal,
        labels=labels(),
        client_id=services.ids.new(),
        flash=flash,
    )


@post("/", opt=SERVICE)
async def begin_helping(request: StaffRequest, services: GivenServices, data: Typed) -> Template | Redirect:
    """The service helps somebody from now on, whose pass it saw. A repeat changes nothing."""
    client_id, dossier = required_id(data, "client_id"), read_dossier(data)
    async with services.database.transaction() as tx:
        desk = await desk_here(request, tx)
        if not desk.helps:
            raise RefusalError(NotAllowed())
        holder = await find_holder(tx, services, desk, data.get("pas", ""))
        if isinstance(holder, PassHolder) and isinstance(dossier, str):
            client = NewServed(client_id, desk.partner.id, holder.person_id, dossier)
            await start_helping(tx, desk.author, client)
            return see_other(f"{desk.address('mensen')}?gedaan=begonnen")
        unknown = {} if isinstance(holder, PassHolder) else {"pas": not_scanned(data.get("pas", ""))}
        errors = unknown | (dossier if isinstance(dossier, dict) else {})
        return await people_page(services, tx, desk, data, errors=errors)


async def find_holder(
    tx: Executor, services: BookingServices, desk: PartnerDesk, shown: str
) -> PassHolder | Refusal:
    """Whose pass was scanned: of this region, and it works. A number is not permission, and finds nobody."""
    holder = await holder_by_pass(tx, services.secrets.signing, one_line(shown), desk.author.today)
    is_here = isinstance(holder, PassHolder) and holder.region_id == desk.region.id
    return holder if is_here else PassUnknown()


def not_scanned(shown: str) -> str:
    """Why what stands in the field is no pass that was shown, and what to do."""
    if read_number_and_year(shown) or is_valid(without_separators(shown)):
        return _("Een nummer alleen volstaat niet. Scan de pas. Geen pas bij? De balie geeft een nieuwe.")
    return _("Dit is geen pas die werkt. Scan de pas, of laat de balie een nieuwe geven.")


@post("/{membership_id:uuid}/stoppen", opt=SERVICE)
async def end_helping(
    request: StaffRequest, services: GivenServices, membership_id: FromPath[UUID]
) -> Redirect:
    """From now on the service sees and does nothing for them; what is booked stands."""
    async with services.database.transaction() as tx:
        desk = await desk_here(request, tx)
        people = await served_members(tx, desk)
        for each in people:
            if each.membership_id == membership_id and each.dossier:
                await stop_helping(tx, desk.author, desk.partner.id, each.given.id)
    return see_other(f"{desk.address('mensen')}?gedaan=gestopt")


# One of them


@get("/{membership_id:uuid}", opt=PARTNERS)
async def show_person(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    async with services.database.transaction() as tx:
        here = await open_served(request, tx)
        await here.note_read(tx)
        return await person_page(services, tx, here, flash=notice_after(gedaan))


async def person_page(  # noqa: PLR0913  whose page, and what was typed there
    services: BookingServices,
    tx: Executor,
    here: OpenServed,
    typed: Mapping[str, str] | None = None,
    *,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
    flash: str | None = None,
) -> Template:
    desk, served = here.desk, here.served
    region_id, now = desk.region.id, desk.author.now
    credit = await read_credit(tx, served.person_id, [region_id], now) if served.powers.amounts else None
    of_service = await service_facts(tx, here) if served.dossier else {}
    until = usual_social_end(desk.author.today).isoformat()
    return desk.page(
        "served/person",
        form_status(refusal, errors),
        served=served,
        address=here.address(),
        credit=credit,
        outings=await outings_made(tx, region_id, served),
        theirs=await outings_coming(tx, region_id, served, now),
        typed={"kind": "", "until": until, **(typed or {})},
        errors=errors or {},
        refusal=refusal,
        labels=labels(),
        kinds=list(kinds().items()),
        new_id=services.ids.new,
        flash=flash,
        **of_service,
    )


async def service_facts(tx: Executor, here: OpenServed) -> dict[str, Any]:
    """What a social worker sees besides: until when the tariff is, if that is provisional, and credit."""
    region_id, member_id, now = here.desk.region.id, here.served.membership_id, here.desk.author.now
    membership = await read_membership(tx, region_id, member_id)
    rules = await read_rules(tx, region_id, member_id)
    given = await read_provisional(tx, region_id, member_id)
    until, today = membership.social_until if membership else None, here.desk.author.today
    return {
        "social_until": until if until and until >= today else None,
        "provisional": next((each for each in given if each.is_open_on(today)), None),
        "offers": await read_offers(tx, region_id, rules, now) if rules else [],
    }


@post("/{membership_id:uuid}/voorlopig", opt=SERVICE)
async def give_tariff(request: StaffRequest, services: GivenServices, data: Typed) -> Template | Redirect:
    """The social tariff for 60 days, before there is a proof."""
    given_id = required_id(data, "given_id")
    async with services.database.transaction() as tx:
        here = await open_served(request, tx)
        refusal = await give_provisionally(tx, here.desk.author, here.of_service, given_id)
        if refusal:
            return await person_page(services, tx, here, refusal=refusal)
    return see_other(f"{here.address()}?gedaan=voorlopig")


@post("/{membership_id:uuid}/bewijs", opt=SERVICE)
async def bring_proof(request: StaffRequest, services: GivenServices, data: Typed) -> Template | Redirect:
    """The tariff is final by a proof that the worker saw."""
    async with services.database.transaction() as tx:
        here = await open_served(request, tx)
        service, today = here.of_service, here.desk.author.today
        proof = read_proof(data, service.dossier, request.user.staff_id, today)
        if not isinstance(proof, Proof):
            return await person_page(services, tx, here, data, errors=proof)
        await allow_social_tariff(tx, here.desk.author, await here.membership(tx), proof, service)
    return see_other(f"{here.address()}?gedaan=bewijs")


@post("/{membership_id:uuid}/krediet", opt=SERVICE)
async def give_credit(
    request: StaffRequest, services: GivenServices, membership_id: FromPath[UUID], data: Typed
) -> Template | Redirect:
    """Credit of a programme, by its own rules."""
    grant_id, programme_id = required_id(data, "grant_id"), required_id(data, "programme_id")
    async with services.database.transaction() as tx:
        here = await open_served(request, tx)
        service, member = here.of_service, await here.membership(tx)
        wanted = GrantRequest(here.desk.region.id, grant_id, programme_id, membership_id)
        answer = await giving.give_credit(
            tx, here.desk.author, services.ids, member, wanted, served_by=service
        )
        if isinstance(answer, Refusal):
            return await person_page(services, tx, here, refusal=answer)
    return see_other(f"{here.address()}?gedaan=krediet")


DESK: Final = (
    show_people,
    begin_helping,
    end_helping,
    show_person,
    give_tariff,
    bring_proof,
    give_credit,
)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/partners/{partner_id:uuid}/mensen", route_handlers=DESK, include_in_schema=False)
]
