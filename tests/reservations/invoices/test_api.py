"""The software of a seller reads what to invoice, and says what became of it."""

from asyncio import gather
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from credits.check import check_ledger
from reservations.invoices.api import read_documents
from reservations.invoices.requesting import request_invoice
from tests.builders import World
from tests.credits.invoice.rules import problems_of
from tests.credits.invoice.test_reading_back import give_up
from tests.reservations.invoices.customers import agreed, an_invoice, booked
from uit.identity.visitor import Client

NUMBER = {"invoice": {"number": "2026/14", "issued_on": "2026-03-02"}}
A_NOTE = {"id": str(UUID(int=7)), "number": "CN-1"}


async def software(world: World) -> tuple[UUID, dict[str, str]]:
    """An invoice, and the headers of the software of its seller."""
    session, _, invoice_id = await an_invoice(world)
    await request_invoice(world.services, 1, invoice_id)
    return invoice_id, await world.api_client(session.organiser_id)


async def say(world: World, headers: dict[str, str], invoice_id: UUID, what: dict[str, Any]) -> Any:
    return await world.client.post(f"/api/v1/invoices/{invoice_id}", json=what, headers=headers)


async def test_it_reads_what_is_to_be_invoiced(world: World) -> None:
    invoice_id, headers = await software(world)

    answer = await world.client.get("/api/v1/invoices", headers=headers)

    [found] = answer.json()["invoices"]
    assert (found["id"], found["status"], found["open_cents"]) == (str(invoice_id), "to_invoice", 1000)
    assert (found["customer"], found["order_reference"]) == ("Basisschool De Klimop", "Uitstap 3B")
    assert found["communication"].startswith("+++")


async def test_more_invoices_of_more_sellers_take_no_more_queries(world: World) -> None:
    sellers, counted = [], []
    async with world.services.database.reading() as connection:
        await read_documents(connection, Client("kassa", 1, frozenset()), date(2026, 3, 2))  # asks for types
    for times in (1, 2):
        for _ in range(times):
            session, _, invoice_id = await an_invoice(world)
            await give_up(world, invoice_id, 1)
            sellers.append(session.organiser_id)
        asked: list[object] = []
        async with world.services.database.reading() as connection:
            with connection.query_logger(asked.append):
                client = Client("kassa", 1, frozenset(sellers))
                found = await read_documents(connection, client, date(2026, 3, 2))
        assert [len(each.credit_notes) for each in found] == [1] * len(sellers)
        counted.append(len(asked))

    assert counted == [2, 2]


async def test_the_most_urgent_invoice_of_all_sellers_comes_first(world: World) -> None:
    due: dict[date, str] = {}
    sellers = []
    for term_days in (30, 10, 20):
        session = await world.session(price_cents=500)
        school = await agreed(world, session.organiser_id, term_days=term_days)
        made = (await booked(world, session, school)).json()
        sellers.append(session.organiser_id)
        due[world.clock.now().date() + timedelta(days=term_days)] = made["payment"]["id"]

    answer = await world.client.get("/api/v1/invoices", headers=await world.api_client(*sellers))

    assert [each["id"] for each in answer.json()["invoices"]] == [due[day] for day in sorted(due)]


async def test_the_request_is_ubl(world: World) -> None:
    invoice_id, headers = await software(world)

    answer = await world.client.get(f"/api/v1/invoices/{invoice_id}/request", headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    assert problems_of(answer.content) == []


async def test_a_number_and_a_bank_line_are_read_back_and_a_repeat_changes_nothing(world: World) -> None:
    invoice_id, headers = await software(world)
    line = {"payment": {"amount_cents": 1000, "paid_on": "2026-03-02", "reference": "VB-1"}}

    answers = [await say(world, headers, invoice_id, what) for what in (NUMBER, NUMBER, line, line)]

    assert [answer.status_code for answer in answers] == [200] * 4
    last = answers[-1].json()
    assert (last["number"], last["status"], last["open_cents"]) == ("2026/14", "paid", 0)


async def test_what_is_read_back_many_times_at_once_is_written_once(world: World) -> None:
    invoice_id, headers = await software(world)
    line = {"payment": {"amount_cents": 600, "paid_on": "2026-03-02", "reference": "VB-1"}}

    numbered = await gather(*(say(world, headers, invoice_id, NUMBER) for _ in range(4)))
    paid = await gather(*(say(world, headers, invoice_id, line) for _ in range(4)))

    assert {each.status_code for each in (*numbered, *paid)} == {200}
    assert {each.json()["open_cents"] for each in paid} == {400}
    assert await world.value("SELECT count(*) FROM credits.transfer WHERE kind = 'invoice_paid'") == 1
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []


async def test_a_bank_line_of_another_invoice_is_taken_back(world: World) -> None:
    invoice_id, headers = await software(world)
    line = {"payment": {"amount_cents": 1000, "paid_on": "2026-03-02", "reference": "VB-1"}}
    back = {"payment_reversal": {"reference": "VB-1", "reason": "Other invoice"}}

    answers = [await say(world, headers, invoice_id, what) for what in (NUMBER, line, back, back, line)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 409]
    assert [answer.json()["open_cents"] for answer in answers[:4]] == [1000, 0, 1000, 1000]
    assert answers[3].json()["status"] == "invoiced"
    assert answers[4].json()["code"] == "credits.bank_line_taken_back"


async def test_a_credit_note_is_read_back_by_the_id_that_the_invoice_names(world: World) -> None:
    invoice_id, headers = await software(world)
    await give_up(world, invoice_id, 1)
    before = (await world.client.get(f"/api/v1/invoices/{invoice_id}", headers=headers)).json()
    [note] = before["credit_notes"]

    what = {"credit_note": {"id": note["id"], "number": "CN-1", "issued_on": "2026-03-02"}}
    after = (await say(world, headers, invoice_id, what)).json()

    assert (note["status"], note["amount_cents"]) == ("due", 500)
    assert (after["credited_cents"], after["credit_notes"][0]["status"]) == (500, "done")


async def test_a_booking_says_that_its_credit_note_is_done(world: World) -> None:
    invoice_id, headers = await software(world)
    refund_id = await give_up(world, invoice_id, 1)
    what = {"credit_note": {"id": str(refund_id), "number": "CN-1", "issued_on": "2026-03-02"}}
    await say(world, headers, invoice_id, what)

    status = await world.value("SELECT status::text FROM credits.refund WHERE id = $1", refund_id)

    assert status == "done"


async def test_software_of_another_organiser_knows_nothing_of_it(world: World) -> None:
    invoice_id, _ = await software(world)
    headers = await world.api_client(await world.organiser())

    answers = [
        await world.client.get(f"/api/v1/invoices/{invoice_id}", headers=headers),
        await world.client.get(f"/api/v1/invoices/{invoice_id}/request", headers=headers),
        await say(world, headers, invoice_id, NUMBER),
    ]

    assert {(each.status_code, each.json()["code"]) for each in answers} == {(404, "credits.invoice_unknown")}
    assert (await world.client.get("/api/v1/invoices", headers=headers)).json() == {"invoices": []}


async def test_one_thing_is_said_at_a_time(world: World) -> None:
    invoice_id, headers = await software(world)
    line = {"payment": {"amount_cents": 1000, "paid_on": "2026-03-02", "reference": "VB-1"}}

    answers = [await say(world, headers, invoice_id, what) for what in ({}, NUMBER | line)]

    assert [answer.status_code for answer in answers] == [422, 422]


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("invoice.issued_on", {"invoice": {"number": "2026/14", "issued_on": "2026-03-03"}}),
        ("payment.paid_on", {"payment": {"amount_cents": 1, "paid_on": "2026-03-03", "reference": "VB-1"}}),
        ("credit_note.issued_on", {"credit_note": {**A_NOTE, "issued_on": "2026-03-03"}}),
    ],
)
async def test_a_day_to_come_is_refused_at_its_field(world: World, where: str, what: dict[str, Any]) -> None:
    invoice_id, headers = await software(world)
    await say(world, headers, invoice_id, NUMBER)
    world.clock.set(datetime(2026, 3, 2, 22, 59, tzinfo=UTC))
    before = await say(world, headers, invoice_id, what)
    world.clock.set(datetime(2026, 3, 2, 23, 0, tzinfo=UTC))  # midnight in Flanders

    after = await say(world, headers, invoice_id, what)

    told = before.json()
    assert (before.status_code, told["where"], told["why"]) == (422, where, "in_the_future")
    assert "nog moet komen" in told["detail"]
    assert after.json().get("why") is None


async def test_what_does_not_fit_is_refused_with_a_code(world: World) -> None:
    invoice_id, headers = await software(world)
    line = {"payment": {"amount_cents": 5000, "paid_on": "2026-03-02", "reference": "VB-1"}}
    unknown = {"credit_note": {"id": str(uuid4()), "number": "CN-1", "issued_on": "2026-03-02"}}

    answers = [await say(world, headers, invoice_id, what) for what in (line, NUMBER, line, unknown)]

    assert [each.json().get("code") for each in answers] == [
        "credits.not_invoiced",
        None,
        "credits.more_than_open",
        "credits.credit_note_unknown",
    ]
