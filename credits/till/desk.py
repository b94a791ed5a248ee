"""The desk of the tills: opening one, and what goes in and out of its drawer.

A sale itself is made by who holds the places: the page of a till leads there with the number of a booking.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from credits.errors import CountAgain, DrawerTooLow, FloatDiffers, SignEarlier
from credits.till.books.receipt import receipts_of_session
from credits.till.counter.counter import read_counters
from credits.till.form import CodeForm, DropForm, OpeningForm, PaperForm, TillForm, labels
from credits.till.giving_back import CashPayout, find_cash, give_back
from credits.till.movement import drop
from credits.till.opening import UnsignedClosing, open_till, read_unsigned, to_sign, who_is_there
from credits.till.paper import enter_paper, read_vat_codes
from credits.till.till import Till, find_till, make_till, tills_of
from credits.till.till_desk import (
    ADDRESS,
    LEAD,
    TILL,
    TillDesk,
    note,
    other_tills,
    owner_and_open_session_here,
    owner_and_session_here,
    owner_here,
    page_of,
    seller_here,
    session_facts,
    till_desk_here,
)
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.services.services import Services
from uit.web.form import read_day
from uit.web.view import see_other

MOST_RECENT: Final = 8

GivenServices = NamedDependency[Services]


def notice_after(act: str) -> str | None:
    """What the page of a till says after an act in it."""
    return {
        "open": _("De kassa is open."),
        "afgeroomd": _("Het geld is naar de kluis."),
        "papier": _("Het papieren bonnetje is ingevoerd."),
    }.get(act)


# The tills of an organiser


@get("/", opt=TILL)
async def show_tills(request: StaffRequest, services: GivenServices, bezet: FromQuery[str] = "") -> Template:
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner = await owner_here(connection, desk)
        facts = await tills_facts(connection, desk)
    return desk.page("tills", owner, **facts | {"of_colleague": bool(bezet)})


@post("/", opt=LEAD)
async def create_till(
    request: StaffRequest, data: URLEncodedBody[TillForm], services: GivenServices
) -> Template | Redirect:
    desk, name = await till_desk_here(request), data.read()
    async with services.database.transaction() as tx:
        owner = await seller_here(tx, desk)
        facts = await tills_facts(tx, desk) | {"name": data.name}
        if not isinstance(name, str):
            return desk.form_again("tills", owner, name, **facts)
        answer = await make_till(tx, desk.worker, data.till_id, name)
        if isinstance(answer, Refusal):
            return desk.form_again("tills", owner, answer, **facts)
        await desk.author.note(tx, "till.make", "till", data.till_id)
    return see_other(desk.address("openen", data.till_id))


async def tills_facts(tx: Executor, desk: TillDesk) -> dict[str, Any]:
    tills = await tills_of(tx, desk.worker)
    new = {
        "counters": await read_counters(tx, desk.region.id) if desk.worker.leads else [],
        "till_id": desk.author.ids.new(),
        "name": "",
        "errors": {},
        "labels": labels(),
        "of_colleague": False,
    }
    return {"tills": tills, "staff_id": desk.worker.staff_id, **new}


# Opening


@get("/openen/{till_id:uuid}", opt=TILL)
async def show_opening(
    request: StaffRequest, till_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, till = await seller_here(connection, desk), await till_here(connection, desk, till_id)
        unsigned = await read_unsigned(connection, desk.region.id, till_id)
    if till.is_open:
        there = who_is_there(till, desk.worker)
        if isinstance(there, Refusal):
            raise RefusalError(there, redirect_to=other_tills(desk))
        return see_other(desk.address(there.session_id))
    form = OpeningForm(desk.author.ids.new(), found="0" if till.session_id is None else "")
    return desk.page("opening", owner, **opening_facts(desk, till, form, unsigned))


@post("/openen/{till_id:uuid}", opt=TILL)
async def open_one(
    request: StaffRequest, till_id: FromPath[UUID], data: URLEncodedBody[OpeningForm], services: GivenServices
) -> Template | Redirect:
    desk, wanted = await till_desk_here(request), data.read(till_id)
    async with services.database.transaction() as tx:
        owner, till = await seller_here(tx, desk), await till_here(tx, desk, till_id)
        unsigned = await read_unsigned(tx, desk.region.id, till_id)
        facts = opening_facts(desk, till, data, unsigned)
        if isinstance(wanted, dict):
            return desk.form_again("opening", owner, wanted, **facts)
        answer = await open_till(tx, desk.worker, wanted)
        if isinstance(answer, CountAgain):
            await desk.author.note(tx, "till.count_again", "till", till_id, found_cents=wanted.found_cents)
            facts["form"] = replace(data, session_id=desk.author.ids.new(), found="")
        if isinstance(answer, FloatDiffers | SignEarlier):
            facts["sums"] = facts["theirs"]
        if isinstance(answer, Refusal):
            return desk.form_again("opening", owner, answer, **facts)
        if answer.new:
            amounts = {"found_cents": wanted.found_cents, "float_cents": wanted.float_cents}
            await desk.author.note(tx, "till.open", "till_session", answer.session_id, **amounts)
    return see_other(f"{desk.address(answer.session_id)}?gedaan=open")


async def till_here(tx: Executor, desk: TillDesk, till_id: UUID) -> Till:
    till = await find_till(tx, desk.worker, till_id)
    if not isinstance(till, Till):
        raise RefusalError(till)
    return till


def opening_facts(
    desk: TillDesk, till: Till, form: OpeningForm, unsigned: Sequence[UnsignedClosing]
) -> dict[str, Any]:
    """What the form shows. The `sums` of the closings to sign for are there once the drawer was counted."""
    theirs = to_sign(unsigned, desk.worker.staff_id)
    shared = {"theirs": theirs, "own": len(unsigned) - len(theirs), "sums": []}
    return {"till": till, "form": form, "labels": labels(), "errors": {}} | shared


# At work


@get("/{till_session_id:uuid}", opt=TILL)
async def show_till(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    services: GivenServices,
    gedaan: FromQuery[str] = "",
) -> Template | Redirect:
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, session = await owner_and_session_here(connection, desk, till_session_id)
        receipts = await receipts_of_session(
            connection, desk.region.id, desk.worker.organiser_id, session.id, MOST_RECENT
        )
    if session.counted_at is not None:
        return see_other(page_of(desk, session))
    facts = session_facts(desk, session) | {"receipts": receipts, "flash": notice_after(gedaan)}
    return desk.page("till", owner, **facts)


@get("/{till_session_id:uuid}/afromen", opt=TILL)
async def show_drop(
    request: StaffRequest, till_session_id: FromPath[UUID], services: GivenServices
) -> Template:
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, session = await owner_and_open_session_here(connection, desk, till_session_id)
    form = DropForm(desk.author.ids.new())
    return desk.page("drop", owner, **session_facts(desk, session), form=form)


@post("/{till_session_id:uuid}/afromen", opt=TILL)
async def drop_money(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    data: URLEncodedBody[DropForm],
    services: GivenServices,
) -> Template | Redirect:
    desk, wanted = await till_desk_here(request), data.read(till_session_id)
    async with services.database.transaction() as tx:
        owner, session = await owner_and_session_here(tx, desk, till_session_id)
        facts = session_facts(desk, session) | {"form": data}
        if isinstance(wanted, dict):
            return desk.form_again("drop", owner, wanted, **facts)
        answer = await drop(tx, desk.worker, wanted)
        if isinstance(answer, DrawerTooLow):
            cents = wanted.amount_cents
            await desk.author.note(tx, "till.drop_refused", "till_session", session.id, amount_cents=cents)
        if isinstance(answer, Refusal):
            return desk.form_again("drop", owner, answer, **facts)
        await note(tx, desk, "till.drop", answer, amount_cents=wanted.amount_cents)
    return see_other(f"{desk.address(session.id)}?gedaan=afgeroomd")


@get("/{till_session_id:uuid}/terugbetalen", opt=TILL)
async def show_giving_back(
    request: StaffRequest, till_session_id: FromPath[UUID], services: GivenServices
) -> Template:
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, session = await owner_and_open_session_here(connection, desk, till_session_id)
    return desk.page("giving_back", owner, **session_facts(desk, session), form=CodeForm(), waiting=None)


@post("/{till_session_id:uuid}/terugbetalen", opt=TILL, status_code=200)
async def give_money_back(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    data: URLEncodedBody[CodeForm],
    services: GivenServices,
) -> Template | Redirect:
    """First the amount under a code, then the money. The code stands in no address."""
    desk = await till_desk_here(request)
    async with services.database.transaction() as tx:
        owner, session = await owner_and_session_here(tx, desk, till_session_id)
        facts = session_facts(desk, session) | {"form": data, "waiting": None}
        if data.payout_id is None:
            waiting = await find_cash(tx, desk.region.id, session.seller_id, data.code)
            if isinstance(waiting, Refusal):
                return desk.form_again("giving_back", owner, waiting, **facts)
            shown = {"waiting": waiting, "payout_id": desk.author.ids.new()}
            return desk.page("giving_back", owner, **facts | shown)
        payout = CashPayout(data.payout_id, session.id, data.code)
        answer = await give_back(tx, desk.worker, payout)
        if isinstance(answer, Refusal):
            return desk.form_again("giving_back", owner, answer, **facts)
        await note(tx, desk, "till.refund", answer, movement=str(payout.id))
    return see_other(f"{desk.address('teruggaven', payout.id)}?gedaan=terugbetaald")


@get("/{till_session_id:uuid}/papier", opt=TILL)
async def show_paper(
    request: StaffRequest, till_session_id: FromPath[UUID], services: GivenServices
) -> Template:
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, session = await owner_and_open_session_here(connection, desk, till_session_id)
        codes = await read_vat_codes(connection, desk.author.today)
    form = PaperForm(desk.author.ids.new(), day=desk.author.today.isoformat())
    return desk.page("paper", owner, **session_facts(desk, session), form=form, codes=codes)


@post("/{till_session_id:uuid}/papier", opt=TILL)
async def enter_one_paper(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    data: URLEncodedBody[PaperForm],
    services: GivenServices,
) -> Template | Redirect:
    desk = await till_desk_here(request)
    async with services.database.transaction() as tx:
        owner, session = await owner_and_session_here(tx, desk, till_session_id)
        codes = await read_vat_codes(tx, read_day(data.day) or desk.author.today)
        wanted = data.read(session.id, codes, desk.author.today)
        facts = session_facts(desk, session) | {"form": data, "codes": codes}
        if isinstance(wanted, dict):
            return desk.form_again("paper", owner, wanted, **facts)
        answer = await enter_paper(tx, desk.worker, wanted)
        if isinstance(answer, Refusal):
            return desk.form_again("paper", owner, answer, **facts)
        await note(tx, desk, "till.paper", answer, paper=wanted.paper_no, amount_cents=wanted.amount_cents)
    return see_other(f"{desk.address(session.id)}?gedaan=papier")


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[
            show_tills,
            create_till,
            show_opening,
            open_one,
            show_till,
            show_drop,
            drop_money,
            show_giving_back,
            give_money_back,
            show_paper,
            enter_one_paper,
        ],
        include_in_schema=False,
    )
]
