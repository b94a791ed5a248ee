"""The desk for letters and for codes on paper: what a counter prints for who has no mailbox."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.identity.errors import SignInConsentNeeded
from uit.identity.message.letter import tell_waiting, trust_address
from uit.identity.one_time_code.one_time_code import CodeKind, give_on_paper
from uit.identity.person.consent import needs_consent
from uit.passes.counter import Counter
from uit.passes.errors import MembershipEnded, NoAddress
from uit.passes.letters.letters import (
    drop,
    list_letters,
    post_batch,
    read_batch,
    start_batch,
    take_returned,
)
from uit.passes.letters.paper import code_letter, code_slip, paper_of, print_letters, print_slip
from uit.passes.permission.in_person import PERSON, need_in_person
from uit.passes.registration.counter_desk import CLERK, OpenMember, counter_desk_here, open_member
from uit.passes.registration.person_page import person_again
from uit.services.services import Services
from uit.web.view import page, see_other

MOST_SHOWN: Final = 100


class BatchForm(Struct, frozen=True):
    batch_id: UUID


class PaperCodeForm(Struct, frozen=True):
    """`consent`: that a parent stands at the counter and agrees, which a child below 13 needs."""

    kind: str = ""
    consent: str = ""


# Letters


@get("/{region:str}/balie/brieven", opt=CLERK, include_in_schema=False)
async def show_letters(
    request: StaffRequest, services: NamedDependency[Services], gedaan: FromQuery[str] = ""
) -> Template:
    """The letters of this counter: to print, printed, and posted, of which some come back."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        found = await list_letters(tx, desk.counter, MOST_SHOWN)
        await desk.counter.note_search(tx, "letters", [each.person_id for each in found.to_print])
    done = {
        "afgedrukt": _("De brieven staan klaar. Open de pdf en druk ze af."),
        "gepost": _("De brieven zijn op de post."),
        "weg": _("De brief wordt niet verstuurd."),
        "terug": _("De brief kwam terug. Het adres staat nu als niet zeker."),
        "niets": _("Er zijn geen brieven om af te drukken."),
    }
    return page(
        "passes/letters/letters.html",
        region=desk.region,
        may_issue=desk.may_issue,
        letters=found,
        batch_id=services.ids.new(),
        flash=done.get(gedaan),
    )


@post("/{region:str}/balie/brieven", opt=CLERK, include_in_schema=False)
async def print_waiting(
    request: StaffRequest, data: URLEncodedBody[BatchForm], services: NamedDependency[Services]
) -> Redirect:
    """Put what waits in a batch. A repeat leads to the same one."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        count = await start_batch(tx, desk.counter, data.batch_id)
        is_there = count or await read_batch(tx, desk.region.id, data.batch_id, desk.counter.towns)
    return see_other(desk.address(f"brieven?gedaan={'afgedrukt' if is_there else 'niets'}"))


@get("/{region:str}/balie/brieven/{batch_id:uuid}/brieven.pdf", opt=CLERK, include_in_schema=False)
async def show_batch(
    request: StaffRequest, batch_id: FromPath[UUID], services: NamedDependency[Services]
) -> Response[bytes]:
    """A batch as one PDF, with the addresses of today, and a trace of the look at each.

    Raises NotFound, and NoAddress where no address of it is known or certain any more.
    """
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        batch = await read_batch(tx, desk.region.id, batch_id, desk.counter.towns)
        if not batch:
            raise RefusalError(NotFound())
        printed = [each for each in batch if each.has_address]
        if not printed:
            raise RefusalError(NoAddress())
        people = " ".join(str(each.person_id) for each in printed)
        await desk.counter.note(tx, "letter.read", "letter_batch", batch_id, people=people)
    papers = [paper_of(each, desk.region, desk.counter.now) for each in printed]
    return as_pdf(await print_letters(papers, desk.counter.now), "brieven")


@post("/{region:str}/balie/brieven/{batch_id:uuid}/gepost", opt=CLERK, include_in_schema=False)
async def post_printed(
    request: StaffRequest, batch_id: FromPath[UUID], services: NamedDependency[Services]
) -> Redirect:
    return await after(request, services, post_batch, batch_id, "gepost")


@post("/{region:str}/balie/brieven/{letter_id:uuid}/weg", opt=CLERK, include_in_schema=False)
async def leave_unsent(
    request: StaffRequest, letter_id: FromPath[UUID], services: NamedDependency[Services]
) -> Redirect:
    return await after(request, services, drop, letter_id, "weg")


@post("/{region:str}/balie/brieven/{letter_id:uuid}/kwam-terug", opt=CLERK, include_in_schema=False)
async def note_return(
    request: StaffRequest, letter_id: FromPath[UUID], services: NamedDependency[Services]
) -> Redirect:
    return await after(request, services, take_returned, letter_id, "terug")


async def after(
    request: StaffRequest,
    services: Services,
    verb: Callable[[Executor, Counter, UUID], Awaitable[object]],
    subject_id: UUID,
    done: str,
) -> Redirect:
    """Do one thing with a letter or a batch of them, and show the list again."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        answer = await verb(tx, desk.counter, subject_id)
    if isinstance(answer, NotFound):
        raise RefusalError(answer)
    return see_other(desk.address(f"brieven?gedaan={done}"))


# One person


@post("/{region:str}/balie/personen/{membership_id:uuid}/adres-klopt", opt=CLERK, include_in_schema=False)
async def trust(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Redirect:
    """Send letters to an address again from which one came back."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if await trust_address(tx, member.person.id):
            await desk.counter.note(tx, "address.trust", "person", member.person.id)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=adres"))


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/berichten/{message_id:uuid}/gezegd",
    opt=CLERK,
    include_in_schema=False,
)
async def note_told(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    message_id: FromPath[UUID],
    services: NamedDependency[Services],
) -> Redirect:
    """Write down that somebody was told at the counter what could not be sent."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if await tell_waiting(tx, desk.region.id, message_id, member.person.id, desk.counter.now):
            await desk.counter.note(tx, "message.tell", "person", member.person.id)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=gezegd"))


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/aanmeldcode",
    opt=CLERK,
    include_in_schema=False,
    status_code=200,
)
async def give_code(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[PaperCodeForm],
    services: NamedDependency[Services],
) -> Response[bytes] | Template:
    """A code to sign in, on a slip or in a letter. It is printed and stored nowhere; the one before stops.

    A slip is for who is there, and raises PermissionNeeded; a letter goes to the registered address.
    """
    desk = await counter_desk_here(request)
    now, kinds = (
        desk.counter.now,
        {CodeKind.SLIP.value: CodeKind.SLIP, CodeKind.LETTER.value: CodeKind.LETTER},
    )
    kind = kinds.get(data.kind)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if kind is None:
            raise RefusalError(NotFound())
        refusal = refused(member, desk.counter.today, kind, agrees=data.consent == "true")
        code, seen = "", {"consent": "parent"} if data.consent == "true" else {}
        if refusal is None:
            if kind is CodeKind.SLIP:
                await need_in_person(request, tx, desk, membership_id, PERSON)
            code = await give_on_paper(tx, member.person.id, kind, now)
            await desk.counter.note(tx, "code.give", "person", member.person.id, by=kind.value, **seen)
    if refusal:
        return await person_again(services, desk, membership_id, refusal)
    facts = member.details, desk.region, code, code_page(services), now
    if kind is CodeKind.SLIP:
        return as_pdf(await print_slip(code_slip(*facts), now), "code")
    return as_pdf(await print_letters([code_letter(*facts)], now), "code")


def refused(
    member: OpenMember, day: date, kind: CodeKind, *, agrees: bool
) -> MembershipEnded | NoAddress | SignInConsentNeeded | None:
    if not member.membership.is_active(day):
        return MembershipEnded()
    if needs_consent(member.person.born_on, day) and not agrees:
        return SignInConsentNeeded()
    has_address = member.details.has_address and not member.is_address_doubted
    return NoAddress() if kind is CodeKind.LETTER and not has_address else None


def code_page(services: Services) -> str:
    """The address of the page for codes, as somebody types it."""
    return f"{services.settings.address.partition('://')[2]}/code"


def as_pdf(printed: bytes, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(printed, media_type="application/pdf", headers=headers)


ROUTES: list[ControllerRouterHandler] = [
    show_letters,
    print_waiting,
    show_batch,
    post_printed,
    leave_unsent,
    note_return,
    trust,
    note_told,
    give_code,
]
