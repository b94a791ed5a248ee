"""What comes back of an invoice: its number, money, and credit notes; and that the books tie after each."""

from asyncio import gather
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from credits.check import check_ledger
from credits.errors import (
    BankLineReturned,
    BankLineTaken,
    BankLineTakenBack,
    BankLineUnknown,
    CreditNoteNumbered,
    CreditNoteUnknown,
    InvoiceClosed,
    InvoiceNumberTaken,
    InvoiceUnknown,
    MoreThanOpen,
    NotInvoiced,
)
from credits.invoice.invoice import Invoice, InvoicePayment, InvoiceStatus, SellerBooks, read_invoice
from credits.invoice.reading_back import Credited, Numbered, PaymentReversal, ReadBack, read_back
from reservations.booking.actor import ByStaff
from reservations.booking.commands import ChosenTickets, GiveUp
from tests.builders import Session, World
from tests.reservations.invoices.customers import an_invoice, booked
from uit.core.errors import Refusal

DAY = date(2026, 3, 3)
NUMBER = Numbered("2026/14", DAY)


def mistaken(reference: str = "VB-1", reason: str = "Was van een andere factuur") -> PaymentReversal:
    return PaymentReversal(reference, reason)


def bank(cents: int, reference: str = "VB-1") -> InvoicePayment:
    return InvoicePayment(cents, DAY, reference)


async def say(world: World, session: Session, invoice_id: UUID, what: ReadBack) -> Invoice | Refusal:
    books = SellerBooks(1, session.organiser_id, world.clock.now())
    async with world.services.database.transaction() as tx:
        return await read_back(tx, books, invoice_id, what)


async def give_up(world: World, invoice_id: UUID, *tickets: int) -> UUID:
    """Tickets of the booking of an invoice go back; the refund that was decided."""
    booking_id = await world.value("SELECT booking_id FROM credits.invoice WHERE id = $1", invoice_id)
    await world.services.turnstile.answer(
        GiveUp(1, booking_id, ByStaff(uuid4()), (ChosenTickets(1, tickets),))
    )
    found = await world.value(
        "SELECT id FROM credits.refund WHERE payment_id = $1 ORDER BY decided_at DESC, id LIMIT 1", invoice_id
    )
    assert isinstance(found, UUID)
    return found


async def as_stored(world: World, invoice_id: UUID) -> Invoice:
    async with world.services.database.reading() as connection:
        found = await read_invoice(connection, 1, invoice_id)
    assert found
    return found


async def accounts(world: World) -> dict[str, int]:
    """What moved to each account of the seller that it has anything on."""
    rows = await world.rows(
        "SELECT a.kind::text, sum(e.amount_cents)::int AS cents FROM credits.entry AS e"
        " JOIN credits.account AS a ON a.id = e.account_id GROUP BY a.kind"
        " HAVING a.kind IN ('sale', 'invoice', 'bank')"
    )
    return {row["kind"]: row["cents"] for row in rows}


async def faults(world: World) -> list[Any]:
    async with world.services.database.reading() as connection:
        return await check_ledger(connection)


async def test_a_number_is_kept_with_its_day_and_a_repeat_changes_nothing(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)

    answers = [await say(world, session, invoice_id, NUMBER) for _ in range(2)]

    assert [isinstance(each, Invoice) and each.number for each in answers] == ["2026/14"] * 2
    assert (await as_stored(world, invoice_id)).status(DAY) is InvoiceStatus.INVOICED


async def test_a_wrong_number_is_mended_until_money_came_in_under_it(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, Numbered("2026/41", DAY))
    await say(world, session, invoice_id, NUMBER)
    await say(world, session, invoice_id, bank(400))

    answer = await say(world, session, invoice_id, Numbered("2026/15", DAY))

    assert answer == InvoiceClosed("2026/14")


async def test_a_number_is_of_one_invoice(world: World) -> None:
    session, school, first = await an_invoice(world)
    second = UUID((await booked(world, session, school)).json()["payment"]["id"])

    answers = await gather(*(say(world, session, each, NUMBER) for each in (first, second)))

    assert sorted(type(each).__name__ for each in answers) == ["Invoice", "InvoiceNumberTaken"]
    assert InvoiceNumberTaken("2026/14") in answers


async def test_money_in_parts_pays_an_invoice_when_nothing_is_open(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)

    half = await say(world, session, invoice_id, bank(400, "VB-1"))
    paid = await say(world, session, invoice_id, bank(600, "VB-2"))

    assert isinstance(half, Invoice)
    assert isinstance(paid, Invoice)
    assert (half.open_cents, paid.open_cents, paid.status(DAY)) == (600, 0, InvoiceStatus.PAID)
    assert await world.value("SELECT status::text FROM credits.payment") == "paid"
    assert await accounts(world) == {"sale": -1000, "invoice": 0, "bank": 1000}
    assert await faults(world) == []


async def test_a_bank_line_counts_once_and_has_one_amount(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)

    await gather(*(say(world, session, invoice_id, bank(400)) for _ in range(3)))
    other = await say(world, session, invoice_id, bank(300))

    assert other == BankLineTaken("VB-1")
    assert (await as_stored(world, invoice_id)).paid_cents == 400


async def test_no_more_comes_in_than_is_open_and_nothing_without_a_number(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)

    without = await say(world, session, invoice_id, bank(400))
    await say(world, session, invoice_id, NUMBER)
    answers = [await say(world, session, invoice_id, bank(cents)) for cents in (1001, -1)]

    assert without == NotInvoiced(invoice_id)
    assert answers == [MoreThanOpen(1001, 1000), MoreThanOpen(-1, 1000)]


async def test_what_is_given_up_waits_for_a_credit_note_and_is_done_by_its_number(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)
    refund_id = await give_up(world, invoice_id, 1)
    assert (await as_stored(world, invoice_id)).to_credit_cents == 500

    answers = [
        await say(world, session, invoice_id, Credited(refund_id, number, DAY))
        for number in ("CN-1", "CN-1", "CN-2")
    ]

    assert [isinstance(each, Invoice) and each.credited_cents for each in answers] == [500, 500, False]
    assert answers[2] == CreditNoteNumbered("CN-1")
    assert await world.value("SELECT status::text FROM credits.refund") == "done"
    assert await accounts(world) == {"sale": -500, "invoice": 500}
    assert await faults(world) == []


async def test_an_invoice_that_was_credited_in_part_is_paid_by_the_rest(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)
    await say(world, session, invoice_id, Credited(await give_up(world, invoice_id, 1), "CN-1", DAY))

    paid = await say(world, session, invoice_id, bank(500))

    assert isinstance(paid, Invoice)
    assert paid.status(DAY) is InvoiceStatus.PAID
    assert await world.value("SELECT status::text FROM credits.payment") == "paid"


async def test_all_of_it_credited_is_gone_from_the_books(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    refund_id = await give_up(world, invoice_id, 1, 2)

    gone = await say(world, session, invoice_id, Credited(refund_id, "2026/14", DAY))

    assert isinstance(gone, Invoice)
    assert gone.status(DAY) is InvoiceStatus.CREDITED
    assert await world.value("SELECT status::text FROM credits.payment") == "refunded"
    assert await accounts(world) == {"sale": 0, "invoice": 0}
    assert await faults(world) == []


async def test_what_was_paid_before_it_was_credited_goes_back_by_the_bank(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)
    await say(world, session, invoice_id, bank(1000))
    credited = await say(
        world, session, invoice_id, Credited(await give_up(world, invoice_id, 1), "CN-1", DAY)
    )
    too_much = await say(world, session, invoice_id, bank(-501, "VB-2"))

    back = await say(world, session, invoice_id, bank(-500, "VB-3"))

    assert isinstance(credited, Invoice)
    assert (credited.open_cents, credited.status(DAY)) == (-500, InvoiceStatus.TO_RETURN)
    assert too_much == MoreThanOpen(-501, -500)
    assert isinstance(back, Invoice)
    assert (back.open_cents, back.status(DAY)) == (0, InvoiceStatus.PAID)
    assert await accounts(world) == {"sale": -500, "invoice": 0, "bank": 500}
    assert await faults(world) == []


async def test_a_bank_line_of_another_invoice_is_taken_back_once_and_this_one_is_open_again(
    world: World,
) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)
    await say(world, session, invoice_id, bank(1000))

    answers = await gather(*(say(world, session, invoice_id, mistaken()) for _ in range(3)))

    assert [isinstance(each, Invoice) and each.open_cents for each in answers] == [1000] * 3
    assert (await as_stored(world, invoice_id)).status(DAY) is InvoiceStatus.INVOICED
    payment = await world.rows("SELECT status::text, paid_at FROM credits.payment")
    assert [tuple(row) for row in payment] == [("pending", None)]
    mirror = await world.rows(
        "SELECT r.reason, r.reference, r.debit_id = o.credit_id AND r.credit_id = o.debit_id AS is_mirror"
        " FROM credits.transfer AS r JOIN credits.transfer AS o ON o.id = r.reverses_id"
    )
    assert [tuple(row) for row in mirror] == [("Was van een andere factuur", "VB-1", True)]
    assert await accounts(world) == {"sale": -1000, "invoice": 1000, "bank": 0}
    assert await faults(world) == []


async def test_an_invoice_whose_line_was_taken_back_is_paid_by_the_right_one(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)
    await say(world, session, invoice_id, bank(1000))
    await say(world, session, invoice_id, mistaken())

    late_repeat = await say(world, session, invoice_id, bank(1000))
    right = await say(world, session, invoice_id, bank(1000, "VB-1 bis"))

    assert late_repeat == BankLineTakenBack("VB-1")
    assert isinstance(right, Invoice)
    assert right.status(DAY) is InvoiceStatus.PAID
    assert await world.value("SELECT status::text FROM credits.payment") == "paid"
    assert await faults(world) == []


async def test_money_that_went_back_is_taken_back_before_the_line_that_it_came_from(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)
    await say(world, session, invoice_id, bank(1000))
    await say(world, session, invoice_id, Credited(await give_up(world, invoice_id, 1), "CN-1", DAY))
    await say(world, session, invoice_id, bank(-500, "VB-2"))

    wrong_order = await say(world, session, invoice_id, mistaken("VB-1"))
    first = await say(world, session, invoice_id, mistaken("VB-2"))
    second = await say(world, session, invoice_id, mistaken("VB-1"))

    assert wrong_order == BankLineReturned("VB-1")
    assert isinstance(first, Invoice)
    assert isinstance(second, Invoice)
    assert (first.open_cents, second.open_cents) == (-500, 500)
    assert await world.value("SELECT status::text FROM credits.payment") == "pending"
    assert await faults(world) == []


async def test_only_what_was_noted_for_this_invoice_is_taken_back(world: World) -> None:
    session, school, invoice_id = await an_invoice(world)
    other = UUID((await booked(world, session, school)).json()["payment"]["id"])
    await say(world, session, other, Numbered("2026/15", DAY))
    await say(world, session, other, bank(1000))

    answer = await say(world, session, invoice_id, mistaken())

    assert answer == BankLineUnknown("VB-1")
    assert (await as_stored(world, other)).paid_cents == 1000


async def test_one_past_its_day_is_late_and_costs_nothing_more(world: World) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)

    late = await as_stored(world, invoice_id)

    assert late.status(late.due_on) is InvoiceStatus.INVOICED
    assert late.status(date(2027, 1, 1)) is InvoiceStatus.OVERDUE
    assert late.open_cents == 1000


async def test_an_invoice_of_another_seller_is_not_known(world: World) -> None:
    _, _, invoice_id = await an_invoice(world)
    elsewhere, _, _ = await an_invoice(world)

    answer = await say(world, elsewhere, invoice_id, NUMBER)

    assert answer == InvoiceUnknown(invoice_id)


async def test_a_credit_note_is_for_what_was_given_up_of_that_invoice(world: World) -> None:
    session, school, invoice_id = await an_invoice(world)
    other = UUID((await booked(world, session, school)).json()["payment"]["id"])
    refund_id = await give_up(world, other, 1)

    answer = await say(world, session, invoice_id, Credited(refund_id, "CN-1", DAY))

    assert answer == CreditNoteUnknown(refund_id)


async def test_what_is_paid_makes_room_under_the_limit(world: World) -> None:
    session, school, invoice_id = await an_invoice(world)
    await world.execute("UPDATE credits.customer SET limit_cents = 1000")
    above = await booked(world, session, school)
    await say(world, session, invoice_id, NUMBER)
    await say(world, session, invoice_id, bank(1000))

    again = await booked(world, session, school)

    assert (above.status_code, again.status_code) == (409, 201)


FAULTS = [
    ("invoices_unlike_transfers", "UPDATE credits.invoice SET paid_cents = paid_cents - 1"),
    ("invoices_unlike_transfers", "UPDATE credits.transfer SET amount_cents = 7 WHERE kind = 'credit_note'"),
    ("invoices_unlike_transfers", "DELETE FROM credits.transfer WHERE kind = 'invoice_paid'"),
    ("invoices_unlike_transfers", "DELETE FROM credits.transfer WHERE kind = 'reversal'"),
    ("invoice_accounts_unlike_invoices", "DELETE FROM credits.entry WHERE amount_cents = -500"),
]


@pytest.mark.own_database
@pytest.mark.parametrize(("invariant", "fault"), FAULTS)
async def test_a_planted_fault_is_found(world: World, invariant: str, fault: str) -> None:
    session, _, invoice_id = await an_invoice(world)
    await say(world, session, invoice_id, NUMBER)
    await say(world, session, invoice_id, bank(300))
    await say(world, session, invoice_id, bank(200, "VB-2"))
    await say(world, session, invoice_id, mistaken("VB-2"))
    await say(world, session, invoice_id, Credited(await give_up(world, invoice_id, 1), "CN-1", DAY))
    assert await faults(world) == []

    await world.execute(fault)

    assert invariant in {each.invariant for each in await faults(world)}
