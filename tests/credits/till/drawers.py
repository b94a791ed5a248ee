"""What the tests of the till share: a seller with accounts, and a day at a till by the real verbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from credits.check import check_ledger
from credits.payments.seller import open_books
from credits.till.counting.closing import DrawerCount, TillClosing, close_till, count_drawer
from credits.till.movement import Drop, drop
from credits.till.opening import TillOpened, TillOpening, open_till
from credits.till.sale import Paid, Sale, SaleLine, SaleOrigin, compose_sale, record_sale
from credits.till.till import TillDone, TillSession, TillWorker, make_till
from tests.builders import World
from uit.core.clock import day_in_flanders

EVENING = "exempt-44-2-9"


async def a_seller(world: World, seller_id: UUID | None = None) -> UUID:
    """An organiser that sells for money, in books of its own."""
    seller_id = seller_id or await world.organiser()
    async with world.services.database.transaction() as tx:
        await open_books(tx, 1, seller_id, world.services.ids)
    return seller_id


async def a_clerk(world: World, name: str = "An Claes") -> UUID:
    made = uuid4()
    await world.execute(
        "INSERT INTO identity.staff (id, name, email, created_at) VALUES ($1, $2, $3, $4)",
        made, name, f"{made.hex}@example.org", world.clock.now(),
    )  # fmt: skip
    return made


@dataclass(frozen=True)
class Drawer:
    """A till of a seller and the session in which somebody works at it."""

    world: World
    worker: TillWorker
    till_id: UUID
    session_id: UUID

    @property
    def now(self) -> TillWorker:
        """Who works there, at this moment."""
        return replace(self.worker, now=self.world.clock.now())

    async def run(self, verb: Any, *wanted: Any) -> Any:
        async with self.world.services.database.transaction() as tx:
            return await verb(tx, self.now, *wanted)

    def sale(
        self, cents: int, *, sale_id: UUID | None = None, vat_code: str = EVENING, paid: Paid | None = None
    ) -> Sale:
        today = day_in_flanders(self.world.clock.now())
        origin = SaleOrigin(self.worker.organiser_id, self.session_id, self.worker.staff_id, today)
        lines = [SaleLine(1, "De kleine prins", vat_code, cents)]
        return compose_sale(sale_id or uuid4(), origin, lines, paid or Paid(), self.worker.ids)

    async def sell(self, cents: int, **more: Any) -> Sale:
        sale = self.sale(cents, **more)
        await self.write(sale)
        return sale

    async def write(self, sale: Sale) -> None:
        async with self.world.services.database.transaction() as tx:
            await record_sale(tx, 1, sale, self.world.clock.now())

    async def drop(self, cents: int, drop_id: UUID | None = None) -> Any:
        return await self.run(drop, Drop(drop_id or uuid4(), self.session_id, cents, "zak 12"))

    async def count(self, cents: int) -> Any:
        return await self.run(count_drawer, DrawerCount(self.session_id, cents))

    async def close(self, to_safe_cents: int = 0, reason: str | None = None) -> Any:
        return await self.run(close_till, TillClosing(self.session_id, to_safe_cents, None, reason))

    async def end(self, counted_cents: int, to_safe_cents: int = 0, reason: str | None = None) -> TillSession:
        await self.count(counted_cents)
        closed = await self.close(to_safe_cents, reason)
        assert isinstance(closed, TillDone)
        return closed.session


def worker_of(world: World, seller_id: UUID, staff_id: UUID, *, leads: bool = False) -> TillWorker:
    return TillWorker(1, seller_id, staff_id, world.clock.now(), world.services.ids, leads)


async def a_till(world: World, seller_id: UUID, name: str = "Kassa inkom") -> UUID:
    till_id = uuid4()
    async with world.services.database.transaction() as tx:
        await make_till(tx, worker_of(world, seller_id, uuid4()), till_id, name)
    return till_id


async def try_to_open(
    world: World,
    seller_id: UUID,
    till_id: UUID,
    staff_id: UUID,
    *,
    found_cents: int = 0,
    float_cents: int = 0,
    reason: str | None = None,
    session_id: UUID | None = None,
    counted_before: bool = False,
    signs_to_no: int | None = None,
) -> Any:
    """Open a till; `counted_before`: they counted the same a first time, on another form."""
    wanted = TillOpening(
        session_id or uuid4(), till_id, found_cents, float_cents, "safe", reason, signs_to_no
    )
    forms = [replace(wanted, session_id=uuid4()), wanted] if counted_before else [wanted]
    async with world.services.database.transaction() as tx:
        worker = worker_of(world, seller_id, staff_id)
        return [await open_till(tx, worker, each) for each in forms][-1]


async def a_drawer(
    world: World,
    float_cents: int = 10_000,
    *,
    seller_id: UUID | None = None,
    till_id: UUID | None = None,
    staff_id: UUID | None = None,
    name: str = "Kassa inkom",
    **more: Any,
) -> Drawer:
    """A till with change in it, opened by somebody."""
    seller_id = seller_id or await a_seller(world)
    till_id = till_id or await a_till(world, seller_id, name)
    staff_id = staff_id or await a_clerk(world)
    opened = await try_to_open(world, seller_id, till_id, staff_id, float_cents=float_cents, **more)
    assert isinstance(opened, TillOpened), opened
    return Drawer(world, worker_of(world, seller_id, staff_id), till_id, opened.session_id)


async def a_refund(world: World, seller_id: UUID, cents: int, code: str = "K7MP3ROI") -> UUID:
    """Cash that waits to be fetched, of a payment that is in the books."""
    payment_id, refund_id, booking_id, now = uuid4(), uuid4(), uuid4(), world.clock.now()
    await world.execute(
        "INSERT INTO credits.payment (region_id, id, booking_id, seller_id, means, status, amount_cents,"
        " line_cents, made_at, paid_at)"
        " VALUES (1, $1, $2, $3, 'card', 'paid', $4::integer, ARRAY[$4], $5, $5)",
        payment_id, booking_id, seller_id, cents, now,
    )  # fmt: skip
    await world.execute(
        "SELECT credits.write_money(1, json_build_array(json_build_object('id', $1::uuid, 'kind', 'capture',"
        " 'debit_id', sale_account_id, 'credit_id', card_account_id, 'amount_cents', $2::integer,"
        " 'booking_id', $3::uuid, 'payment_id', $4::uuid, 'reference', 'pi_1')), $5)"
        " FROM credits.seller WHERE organiser_id = $6",
        uuid4(), cents, booking_id, payment_id, now, seller_id,
    )  # fmt: skip
    await world.execute(
        "INSERT INTO credits.refund (region_id, id, payment_id, booking_id, line_no, amount_cents, way,"
        " reason, code, decided_at) VALUES (1, $1, $2, $3, 1, $4, 'cash', 'called_off', $5, $6)",
        refund_id, payment_id, booking_id, cents, code, now,
    )  # fmt: skip
    return refund_id


async def account_cents(world: World, seller_id: UUID, name: str) -> int:
    """What came in an account of a seller, less what went out."""
    found = await world.value(
        f"SELECT sum(t.amount_cents * CASE WHEN t.credit_id = s.{name}_account_id THEN 1 ELSE -1 END)"
        f" FROM credits.seller AS s JOIN credits.transfer AS t"
        f" ON s.{name}_account_id IN (t.debit_id, t.credit_id) WHERE s.organiser_id = $1",
        seller_id,
    )
    return int(found or 0)


async def numbers(world: World, seller_id: UUID) -> Sequence[tuple[int, int]]:
    rows = await world.rows(
        "SELECT year, no FROM credits.receipt WHERE seller_id = $1 ORDER BY 1, 2", seller_id
    )
    return [(row["year"], row["no"]) for row in rows]


async def faults(world: World) -> list[str]:
    async with world.services.database.reading() as connection:
        return [str(each) for each in await check_ledger(connection)]


def home(seller_id: UUID) -> str:
    return f"/dender/organisaties/{seller_id}/kassa"


async def signed_in_drawer(world: World, float_cents: int = 10_000, **more: Any) -> tuple[Drawer, str]:
    """An open till whose clerk is signed in, and the address of its page."""
    seller = more.pop("seller_id", None) or await a_seller(world)
    clerk = await world.sign_in_staff("box_office", organiser_id=seller)
    drawer = await a_drawer(world, float_cents, seller_id=seller, staff_id=clerk, **more)
    return drawer, f"{home(seller)}/{drawer.session_id}"


async def read_page(world: World, address: str) -> str:
    """The text of a page, with the spaces that a reader sees."""
    answer = await world.client.get(address)
    assert answer.status_code == 200, (answer.status_code, answer.headers.get("location"))
    return answer.text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")
