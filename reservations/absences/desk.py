"""The desk of an organiser for who stayed away: the rule, and whom they excuse."""

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.absences.form import RuleForm, labels, typed_of
from reservations.absences.rule import count_again, excuse_absence, read_absences, read_rule, set_rule
from reservations.booking.services import BookingServices
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, page, see_other

OWN: Final = staff("organiser")
GivenServices = NamedDependency[BookingServices]


def notice_after(act: str) -> str | None:
    return {
        "regel": _("Bewaard."),
        "verontschuldigd": _("Verontschuldigd. Dit telt niet meer mee."),
        "telt": _("Dit telt weer mee."),
    }.get(act)


@get("/", opt=OWN)
async def show_absences(
    request: StaffRequest, services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    """The rule, and who did not come in the last six months."""
    return await absences_page(services, await desk_here(request), flash=notice_after(gedaan))


@post("/", opt=OWN)
async def keep_rule(
    request: StaffRequest, data: URLEncodedBody[RuleForm], services: GivenServices
) -> Template | Redirect:
    desk, author = await desk_here(request), await author_here(request)
    rule = data.read()
    if isinstance(rule, dict):
        return await absences_page(services, desk, data, rule)
    async with services.database.transaction() as tx:
        await set_rule(tx, author, desk.organiser_id, rule)
    return see_other(f"{desk.home}/afwezigen?gedaan=regel")


@post("/{booking_id:uuid}/{absent_id:uuid}", opt=OWN)
async def excuse(
    request: StaffRequest, booking_id: FromPath[UUID], absent_id: FromPath[UUID], services: GivenServices
) -> Redirect:
    """Count an absence no more. `absent_id` is the date."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await excuse_absence(tx, author, desk.organiser_id, booking_id, absent_id)
    return see_other(f"{desk.home}/afwezigen?gedaan=verontschuldigd")


@post("/{booking_id:uuid}/{absent_id:uuid}/terug", opt=OWN)
async def take_excuse_back(
    request: StaffRequest, booking_id: FromPath[UUID], absent_id: FromPath[UUID], services: GivenServices
) -> Redirect:
    """Count an absence after all."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await count_again(tx, author, desk.organiser_id, booking_id, absent_id)
    return see_other(f"{desk.home}/afwezigen?gedaan=telt")


async def absences_page(
    services: BookingServices,
    desk: OrganiserDesk,
    typed: RuleForm | None = None,
    errors: Errors | None = None,
    flash: str | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        rule = await read_rule(connection, *desk.organiser_key)
        absences = await read_absences(connection, *desk.organiser_key, services.clock.now())
    return page(
        "reservations/absences/absences.html",
        UNPROCESSABLE if errors else 200,
        **facts,
        own=f"{desk.home}/afwezigen",
        typed=typed or typed_of(rule),
        absences=absences,
        labels=labels(),
        errors=errors or {},
        flash=flash,
    )


DESK: Final = (show_absences, keep_rule, excuse, take_excuse_back)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/afwezigen", route_handlers=DESK, include_in_schema=False)
]
