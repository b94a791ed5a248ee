"""The decisions about who is signed in, and asking that somebody else looks at one again."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import RESIDENT, ResidentRequest
from uit.passes.decisions.decision import ask_again, read_decisions, what_words
from uit.passes.decisions.form import AskAgainForm, labels_of_asking, outcomes
from uit.passes.membership.own_page import OwnPage, open_own, own_page_here
from uit.services.services import Services
from uit.web.form import Errors
from uit.web.view import form_status, see_other

HOME = "/{region:str}/mijn-gegevens/beslissingen"
Given = NamedDependency[Services]


class AskingAgain(Struct, frozen=True):
    """What was typed of why somebody else has to look again, what is wrong with it, or what was done."""

    why: str = ""
    errors: Errors = {}
    refusal: Refusal | None = None
    flash: str | None = None

    @property
    def status(self) -> int:
        return form_status(self.refusal, self.errors)


@get(HOME, opt=RESIDENT, include_in_schema=False)
async def show_own_decisions(request: ResidentRequest, services: Given) -> Template:
    own = await own_page_here(request)
    async with services.database.reading() as connection:
        membership = await open_own(connection, own)
        decisions = await read_decisions(connection, own.region.id, membership.id)
    return own.page("passes/decisions/own.html", decisions=decisions, words=what_words())


@get(f"{HOME}/{{decision_id:uuid}}", opt=RESIDENT, include_in_schema=False)
async def show_own_decision(
    request: ResidentRequest, decision_id: FromPath[UUID], services: Given, gedaan: FromQuery[str] = ""
) -> Template:
    """One decision: what, why, from when, who looks at it again and where to complain. Raises NotFound."""
    own = await own_page_here(request)
    flash = _("Je vraag is genoteerd. Je krijgt bericht van het antwoord.") if gedaan else None
    async with services.database.reading() as connection:
        return await decision_page(connection, own, decision_id, AskingAgain(flash=flash))


@post(f"{HOME}/{{decision_id:uuid}}/herbekijken", opt=RESIDENT, include_in_schema=False)
async def ask_to_look_again(
    request: ResidentRequest,
    decision_id: FromPath[UUID],
    data: URLEncodedBody[AskAgainForm],
    services: Given,
) -> Template | Redirect:
    own, errors = await own_page_here(request), data.errors()
    async with services.database.transaction() as tx:
        if errors:
            return await decision_page(tx, own, decision_id, AskingAgain(data.why, errors))
        answer = await ask_again(tx, own.author, await open_own(tx, own), decision_id, one_line(data.why))
        if isinstance(answer, NotFound):
            raise RefusalError(answer)
        if isinstance(answer, Refusal):
            return await decision_page(tx, own, decision_id, AskingAgain(data.why, refusal=answer))
    return see_other(own.address("beslissingen", f"{decision_id}?gedaan=gevraagd"))


async def decision_page(tx: Executor, own: OwnPage, decision_id: UUID, asking: AskingAgain) -> Template:
    membership = await open_own(tx, own)
    every = await read_decisions(tx, own.region.id, membership.id)
    decision = next((each for each in every if each.id == decision_id), None)
    if decision is None:
        raise RefusalError(NotFound())
    return own.page(
        "passes/decisions/one.html",
        asking.status,
        decision=decision,
        words=what_words(),
        outcomes=outcomes(),
        today=own.author.today,
        why=asking.why,
        errors=asking.errors,
        labels=labels_of_asking(),
        refusal=asking.refusal,
        flash=asking.flash,
    )


ROUTES: list[ControllerRouterHandler] = [show_own_decisions, show_own_decision, ask_to_look_again]
