"""The desk that prints what somebody has, for who never signs in."""

from typing import Final
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from reservations.printed_sheet.printed_sheet import print_sheet, read_sheet
from uit.identity.authentication import StaffRequest
from uit.passes.permission.in_person import need_in_person
from uit.passes.registration.counter_desk import CLERK, counter_desk_here, open_member
from uit.services.services import Services

FILE_NAME: Final = "overzicht.pdf"
HEADERS: Final = {"Content-Disposition": f'inline; filename="{FILE_NAME}"', "Cache-Control": "no-store"}


@get("/{region:str}/balie/personen/{membership_id:uuid}/overzicht.pdf", opt=CLERK, include_in_schema=False)
async def show_sheet(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Response[bytes]:
    """Credit, bookings and the codes of their tickets on paper, for who is there: the trail keeps it.

    Raises PermissionNeeded, also by telephone.
    """
    desk = await counter_desk_here(request)
    now = desk.counter.now
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await need_in_person(request, tx, desk, membership_id, FILE_NAME)
        await desk.counter.note(tx, "person.print", "person", member.person.id)
        sheet = await read_sheet(tx, member, desk.region, services.secrets.signing, now)
    return Response(await print_sheet(sheet, now), media_type="application/pdf", headers=HEADERS)


ROUTES: list[ControllerRouterHandler] = [show_sheet]
