"""The end of a session at a till: its drawer is counted, and then compared and closed."""

from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.till.counting.closing import close_till, count_drawer
from credits.till.form import ClosingForm, CountForm, labels, piece_fields
from credits.till.till_desk import (
    ADDRESS,
    TILL,
    note,
    owner_and_session_here,
    page_of,
    session_facts,
    till_desk_here,
)
from uit.core.errors import Refusal
from uit.identity.authentication import StaffRequest
from uit.services.services import Services
from uit.web.view import see_other

GivenServices = NamedDependency[Services]


@get("/{till_session_id:uuid}/tellen", opt=TILL)
async def show_count(
    request: StaffRequest, till_session_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, session = await owner_and_session_here(connection, desk, till_session_id)
    if session.counted_at is not None:
        return see_other(page_of(desk, session))
    facts = session_facts(desk, session) | count_facts(CountForm("", {}))
    return desk.page("counting/count", owner, **facts)


def count_facts(form: CountForm) -> dict[str, Any]:
    notes, coins = piece_fields(form)
    names = {field.name: field.label for field in [*notes, *coins]}
    return {"form": form, "notes": notes, "coins": coins, "labels": {**labels(), **names}}


@post("/{till_session_id:uuid}/tellen", opt=TILL)
async def count_one(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    desk, form = await till_desk_here(request), CountForm.of(data)
    counted = form.read(till_session_id)
    async with services.database.transaction() as tx:
        owner, session = await owner_and_session_here(tx, desk, till_session_id)
        facts = session_facts(desk, session) | count_facts(form)
        if isinstance(counted, dict):
            return desk.form_again("counting/count", owner, counted, **facts)
        answer = await count_drawer(tx, desk.worker, counted)
        if isinstance(answer, Refusal):
            return desk.form_again("counting/count", owner, answer, **facts)
        await note(tx, desk, "till.count", answer, counted_cents=counted.cents)
    return see_other(desk.address(session.id, "sluiten"))


@get("/{till_session_id:uuid}/sluiten", opt=TILL)
async def show_closing(
    request: StaffRequest, till_session_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, session = await owner_and_session_here(connection, desk, till_session_id)
    if session.counted_at is None or session.closed_at is not None:
        return see_other(desk.address(session.id, "verslag" if session.closed_at else "tellen"))
    return desk.page("counting/closing", owner, **session_facts(desk, session), form=ClosingForm())


@post("/{till_session_id:uuid}/sluiten", opt=TILL)
async def close_one(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    data: URLEncodedBody[ClosingForm],
    services: GivenServices,
) -> Template | Redirect:
    desk = await till_desk_here(request)
    async with services.database.transaction() as tx:
        owner, session = await owner_and_session_here(tx, desk, till_session_id)
        if session.counted_at is None or session.closed_at is not None:
            return see_other(page_of(desk, session))
        wanted, facts = data.read(session), session_facts(desk, session) | {"form": data}
        if isinstance(wanted, dict):
            return desk.form_again("counting/closing", owner, wanted, **facts)
        answer = await close_till(tx, desk.worker, wanted)
        if isinstance(answer, Refusal):
            return desk.form_again("counting/closing", owner, answer, **facts)
        difference_cents = session.difference_cents
        await note(tx, desk, "till.close", answer, difference_cents=difference_cents)
    return see_other(f"{desk.address(session.id, 'verslag')}?gedaan=gesloten")


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[show_count, count_one, show_closing, close_one],
        include_in_schema=False,
    )
]
