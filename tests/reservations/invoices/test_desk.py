"""The desk of a seller for its invoices."""

import re
from typing import Any
from uuid import UUID

from reservations.invoices.requesting import request_invoice
from tests.builders import World
from tests.credits.invoice.rules import problems_of
from tests.credits.invoice.test_reading_back import give_up
from tests.reservations.invoices.customers import an_invoice


async def at_the_desk(world: World) -> tuple[str, UUID]:
    """The address of the invoices of a seller, whose own staff looks; and one that it has to make."""
    session, _, invoice_id = await an_invoice(world)
    await request_invoice(world.services, 1, invoice_id)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return f"/dender/organisaties/{session.organiser_id}/facturen", invoice_id


async def page(world: World, address: str) -> str:
    answer = await world.client.get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", answer.text)


def said(answer: Any, words: str) -> bool:
    return words in re.sub(r"\s+", " ", answer.text)


async def test_the_list_says_what_is_to_be_made_for_whom_and_by_when(world: World) -> None:
    home, invoice_id = await at_the_desk(world)

    shown = await page(world, home)

    assert "Factuur te maken" in shown
    assert "Basisschool De Klimop" in shown
    assert "€ 10,00" in shown
    assert "1 april 2026" in shown
    assert f"{home}/{invoice_id}" in shown


async def test_one_invoice_has_all_that_goes_on_it(world: World) -> None:
    home, invoice_id = await at_the_desk(world)

    shown = await page(world, f"{home}/{invoice_id}")

    for words in (
        "Schoolstraat 1",
        "0876.543.270",
        "0123.456.749",
        "+++",
        "Uitstap 3B",
        "De kleine prins",
        "Vrij van btw",
    ):
        assert words in shown
    assert "Er zijn geen kosten voor een herinnering" in shown


async def test_the_request_can_be_downloaded(world: World) -> None:
    home, invoice_id = await at_the_desk(world)

    answer = await world.client.get(f"{home}/{invoice_id}/aanvraag.xml")

    assert answer.headers["content-type"].startswith("application/xml")
    assert 'attachment; filename="invoice-' in answer.headers["content-disposition"]
    assert problems_of(answer.content) == []


async def test_a_number_a_payment_and_then_nothing_is_open(world: World) -> None:
    home, invoice_id = await at_the_desk(world)
    own = f"{home}/{invoice_id}"

    await world.post_form(f"{own}/nummer", number="2026/14", issued_on="2026-03-02")
    answer = await world.post_form(
        f"{own}/betaling", amount="10,00", paid_on="2026-03-02", reference="VB 12/001"
    )

    assert (answer.status_code, answer.headers["location"]) == (303, f"{own}?gedaan=genoteerd")
    shown = await page(world, own)
    assert "Er staat niets meer open." in shown
    assert "VB 12/001" in shown
    assert "Betaald" in await page(world, home)


async def test_a_form_that_is_wrong_comes_back_with_what_was_typed(world: World) -> None:
    home, invoice_id = await at_the_desk(world)
    own = f"{home}/{invoice_id}"

    answer = await world.post_form(f"{own}/nummer", number="2026/14", issued_on="gisteren")

    assert answer.status_code == 422
    assert said(answer, "Vul een dag in")
    assert 'value="2026/14"' in answer.text


async def test_a_day_to_come_is_said_at_the_field_of_each_form(world: World) -> None:
    home, invoice_id = await at_the_desk(world)
    refund_id = await give_up(world, invoice_id, 1)
    own, numbered = f"{home}/{invoice_id}", {"number": "2026/14", "issued_on": "2026-03-03"}
    line = {"amount": "5,00", "paid_on": "2026-03-03", "reference": "VB 1"}
    await world.post_form(f"{own}/nummer", **numbered | {"issued_on": "2026-03-02"})

    answers = [
        await world.post_form(f"{own}/nummer", **numbered),
        await world.post_form(f"{own}/betaling", **line),
        await world.post_form(f"{own}/creditnota/{refund_id}", **numbered),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert all(said(answer, "Kies vandaag of een dag die voorbij is.") for answer in answers)
    assert all('value="2026-03-03"' in answer.text for answer in answers)


async def test_too_much_is_refused_in_words(world: World) -> None:
    home, invoice_id = await at_the_desk(world)
    own = f"{home}/{invoice_id}"
    await world.post_form(f"{own}/nummer", number="2026/14", issued_on="2026-03-02")

    answer = await world.post_form(f"{own}/betaling", amount="12", paid_on="2026-03-02", reference="VB 1")

    assert answer.status_code == 409
    assert said(answer, "Er staat € 10,00 open, en je vulde € 12,00 in.")


async def test_a_payment_on_the_wrong_invoice_is_taken_back_with_why(world: World) -> None:
    home, invoice_id = await at_the_desk(world)
    own = f"{home}/{invoice_id}"
    await world.post_form(f"{own}/nummer", number="2026/14", issued_on="2026-03-02")
    await world.post_form(f"{own}/betaling", amount="10,00", paid_on="2026-03-02", reference="VB 1")
    assert "Verkeerd genoteerd?" in await page(world, own)

    without = await world.post_form(f"{own}/betaling/terug", line="VB 1", reason=" ")
    done = await world.post_form(f"{own}/betaling/terug", line="VB 1", reason="Was van factuur 13")

    assert without.status_code == 422
    assert said(without, "Vul in wat er misging.")
    assert (done.status_code, done.headers["location"]) == (303, f"{own}?gedaan=genoteerd")
    shown = await page(world, own)
    assert "Teruggenomen" in shown
    assert "Op 2 maart 2026: Was van factuur 13" in shown
    assert "Nog € 10,00 open." in shown
    assert "Verkeerd genoteerd?" not in shown
    act = await world.rows(
        "SELECT facts::text, subject_id FROM uit.audit WHERE act = 'invoice.payment_reversal'"
    )
    assert [tuple(row) for row in act] == [("{}", str(invoice_id))]


async def test_what_was_given_up_is_to_be_credited_and_then_is(world: World) -> None:
    home, invoice_id = await at_the_desk(world)
    refund_id = await give_up(world, invoice_id, 1)
    own = f"{home}/{invoice_id}/creditnota/{refund_id}"
    assert "Creditnota te maken: € 5,00" in await page(world, home)

    document = await world.client.get(f"{own}/aanvraag.xml")
    wrong = await world.post_form(own, number="", issued_on="2026-03-02")
    done = await world.post_form(own, number="CN 3", issued_on="2026-03-02")

    assert problems_of(document.content) == []
    assert b"CreditNote" in document.content
    assert (wrong.status_code, done.status_code) == (422, 303)
    assert "Creditnota CN 3: € 5,00" in await page(world, f"{home}/{invoice_id}")


async def test_an_invoice_of_another_seller_is_not_shown(world: World) -> None:
    _, invoice_id = await at_the_desk(world)
    home, _ = await at_the_desk(world)

    shown = await world.client.get(f"{home}/{invoice_id}")
    posted = await world.post_form(f"{home}/{invoice_id}/nummer", number="1", issued_on="2026-03-02")

    assert shown.status_code in {303, 404}
    assert posted.status_code in {303, 404}
    assert await world.value("SELECT count(*) FROM credits.invoice WHERE number IS NOT NULL") == 0


async def test_each_act_leaves_its_author_in_the_trail(world: World) -> None:
    home, invoice_id = await at_the_desk(world)

    for _ in range(2):
        await world.post_form(f"{home}/{invoice_id}/nummer", number="2026/14", issued_on="2026-03-02")

    acts = await world.rows("SELECT act, subject_id FROM uit.audit WHERE act LIKE 'invoice.%'")
    assert [tuple(row) for row in acts] == [("invoice.number", str(invoice_id))] * 2
