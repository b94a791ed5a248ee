"""The cards of a member at the counter: given, replaced, blocked, let work again, and printed."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.errors import NotFound, Refusal, RefusalError
from uit.identity.authentication import StaffRequest
from uit.passes.card import card as cards
from uit.passes.card.paper import paper_of, print_paper
from uit.passes.registration.counter_desk import CLERK, CounterDesk, counter_desk_here, open_member
from uit.passes.registration.form import IssueForm, ReplaceForm
from uit.passes.registration.person_page import KINDS, person_again
from uit.services.services import Services
from uit.web.form import read_id
from uit.web.view import see_other


@post("/{region:str}/balie/personen/{membership_id:uuid}/passen", opt=CLERK, include_in_schema=False)
async def issue_card(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[IssueForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    if data.kind not in KINDS:
        raise RefusalError(NotFound())
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.issue(tx, desk.counter, membership_id, data.card_id, data.kind)
    return await card_response(services, desk, membership_id, answer, "pas")


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/passen/{card_id:uuid}/vervangen",
    opt=CLERK,
    include_in_schema=False,
)
async def replace_card(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    card_id: FromPath[UUID],
    data: URLEncodedBody[ReplaceForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.replace(tx, desk.counter, membership_id, card_id, data.new_card_id)
    return await card_response(services, desk, membership_id, answer, "vervangen")


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/passen/{card_id:uuid}/blokkeren",
    opt=CLERK,
    include_in_schema=False,
)
async def block_card(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    card_id: FromPath[UUID],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.block(tx, desk.counter, membership_id, card_id)
    return await card_response(services, desk, membership_id, answer, "geblokkeerd")


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/passen/{card_id:uuid}/deblokkeren",
    opt=CLERK,
    include_in_schema=False,
)
async def unblock_card(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    card_id: FromPath[UUID],
    services: NamedDependency[Services],
) -> Template | Redirect:
    """Undo a block, for who has the card in their hand again."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await cards.unblock(tx, desk.counter, membership_id, card_id)
    return await card_response(services, desk, membership_id, answer, "gedeblokkeerd")


async def card_response(
    services: Services, desk: CounterDesk, membership_id: UUID, answer: cards.Card | Refusal, done: str
) -> Template | Redirect:
    if isinstance(answer, Refusal):
        return await person_again(services, desk, membership_id, answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan={done}"))


@get("/{region:str}/balie/passen/{document:str}", opt=CLERK, include_in_schema=False)
async def print_card(
    request: StaffRequest, document: FromPath[str], services: NamedDependency[Services]
) -> Response[bytes]:
    """`<card id>.pdf`: an active card on paper."""
    desk = await counter_desk_here(request)
    card_id = read_document(document)
    async with services.database.transaction() as tx:
        card = await cards.read_card(tx, desk.region.id, card_id) if card_id else None
        if card is None or not card.is_active or card.kind != "paper":
            raise RefusalError(NotFound())
        member = await open_member(tx, desk, card.membership_id)
        await desk.counter.note(tx, "card.print", "card", card.id)
    paper = paper_of(card, member.person, desk.region, services.secrets.signing)
    headers = {"Content-Disposition": 'inline; filename="pas.pdf"'}
    return Response(await print_paper(paper, card.issued_at), media_type="application/pdf", headers=headers)


def read_document(name: str) -> UUID | None:
    stem, _, ending = name.partition(".")
    return read_id(stem) if ending == "pdf" else None


ROUTES: list[ControllerRouterHandler] = [issue_card, replace_card, block_card, unblock_card, print_card]
