"""The desk of the tills: opening, the page of a till, drops, money back, and paper receipts."""

import re
from uuid import uuid4

import pytest

from tests.builders import World
from tests.credits.till.drawers import (
    a_drawer,
    a_refund,
    a_seller,
    a_till,
    account_cents,
    faults,
    home,
    numbers,
    read_page,
    signed_in_drawer,
)

PAPER = {
    "paper_no": "0042",
    "day": "28/02/2026",
    "words": "De kleine prins, 2 plaatsen",
    "vat_code": "reduced-6",
    "amount": "10,03",
    "means": "cash",
}


async def test_an_organiser_makes_a_till_and_opens_it_with_change(world: World) -> None:
    seller, till_id, session_id = await a_seller(world), uuid4(), uuid4()
    await world.sign_in_staff("organiser", organiser_id=seller)

    made = await world.post_form(home(seller), till_id=till_id, name="Kassa inkom")
    opened = await world.post_form(made.headers["location"], session_id=session_id, found="0", added="100")

    assert opened.headers["location"] == f"{home(seller)}/{session_id}?gedaan=open"
    assert "De kassa is open." in await read_page(world, opened.headers["location"])
    assert await account_cents(world, seller, "till") == 10_000


async def test_an_organiser_that_does_not_sell_reads_why_there_are_no_tills(world: World) -> None:
    organiser = await world.organiser()
    await world.sign_in_staff("organiser", organiser_id=organiser)

    assert "Hier is nog geen verkoop voor geld" in await read_page(world, home(organiser))
    answer = await world.post_form(home(organiser), till_id=uuid4(), name="Kassa")
    assert answer.status_code == 409


async def test_the_box_office_opens_tills_and_makes_none(world: World) -> None:
    seller = await a_seller(world)
    await world.sign_in_staff("box_office", organiser_id=seller)

    assert "Nieuwe kassa" not in await read_page(world, home(seller))
    assert (await world.post_form(home(seller), till_id=uuid4(), name="Kassa")).status_code == 403


async def test_a_till_of_a_colleague_is_refused_clearly(world: World) -> None:
    drawer = await a_drawer(world)
    seller = drawer.worker.organiser_id
    await world.sign_in_staff("box_office", organiser_id=seller)

    address = f"{home(seller)}/openen/{drawer.till_id}"
    asked = await world.client.get(address)
    opening = await world.post_form(address, session_id=uuid4(), found="0", added="0")
    page = await world.client.get(f"{home(seller)}/{drawer.session_id}")

    tills = f"{home(seller)}?bezet=ja"
    assert opening.status_code == 409
    assert "Iemand anders werkt aan deze kassa" in opening.text
    assert asked.headers["location"] == page.headers["location"] == tills
    assert "Die kassa is van een collega" in await read_page(world, tills)


async def test_the_page_of_a_till_says_what_it_is_not_and_never_what_should_be_in_it(world: World) -> None:
    drawer, address = await signed_in_drawer(world, float_cents=12_345)
    await drawer.sell(655)

    page = await read_page(world, address)

    assert "Dit is geen geregistreerde kassa: verkoop hier geen eten of drank." in page
    assert f'action="{address}/boeking"' in page
    assert "2026-000001" in page
    assert "123,45" not in page
    assert "130,00" not in page


async def test_a_difference_at_opening_is_said_and_then_written_with_its_reason(world: World) -> None:
    drawer = await a_drawer(world)
    await drawer.end(10_000)
    seller = drawer.worker.organiser_id
    await world.sign_in_staff("box_office", organiser_id=seller)
    address, form = f"{home(seller)}/openen/{drawer.till_id}", {"found": "95", "added": "0"}

    first = await world.post_form(address, session_id=uuid4(), **form, counted_before="1")
    asked_again = re.search(r'name="session_id" value="([0-9a-f-]+)"', first.text)
    assert asked_again
    second = await world.post_form(address, session_id=asked_again[1], **form)
    then = await world.post_form(address, session_id=asked_again[1], **form, reason="€ 5 te weinig")

    assert (first.status_code, second.status_code) == (409, 409)
    assert "100,00" not in first.text
    assert 'name="reason"' in second.text
    assert "100,00" in second.text
    assert then.status_code == 303
    assert await faults(world) == []


async def test_who_opens_their_own_closing_again_is_told_that_somebody_else_signs(world: World) -> None:
    drawer, _ = await signed_in_drawer(world)
    await drawer.end(10_000)

    page = await read_page(world, f"{home(drawer.worker.organiser_id)}/openen/{drawer.till_id}")

    assert "Zo teken je" not in page
    assert "iemand anders nog tekenen" in page


async def test_who_signs_for_two_closings_reads_their_sums_after_the_count(world: World) -> None:
    first = await a_drawer(world, float_cents=3055)
    await first.end(3000, reason="Verkeerd teruggegeven")
    seller, till_id, sam = first.worker.organiser_id, first.till_id, first.worker.staff_id
    second = await a_drawer(world, 0, seller_id=seller, till_id=till_id, staff_id=sam, found_cents=3000)
    await second.end(3000)
    await world.sign_in_staff("box_office", organiser_id=seller)
    address, form = f"{home(seller)}/openen/{till_id}", {"session_id": uuid4(), "found": "30", "added": "0"}

    before = await read_page(world, address)
    asked = await world.post_form(address, **form)
    signs = re.search(r'name="signs" value="(\d+)"', asked.text)
    assert signs
    opened = await world.post_form(address, **form, signs=signs[1])

    assert "2 vorige sluitingen" in before
    assert "30,00" not in before
    assert "Verkeerd teruggegeven" in asked.text
    assert "0,55" in asked.text
    assert (asked.status_code, opened.status_code) == (409, 303)
    assert await world.value("SELECT count(*) FROM credits.till_session WHERE signature = 'confirmed'") == 2


async def test_money_goes_to_the_safe_and_the_page_says_so(world: World) -> None:
    drawer, address = await signed_in_drawer(world)

    answer = await world.post_form(f"{address}/afromen", movement_id=uuid4(), amount="40", reference="zak 7")

    assert "Het geld is naar de kluis." in await read_page(world, answer.headers["location"])
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 6000


async def test_too_much_for_the_safe_is_refused_without_a_word_of_what_is_there(world: World) -> None:
    _, address = await signed_in_drawer(world)

    answer = await world.post_form(f"{address}/afromen", movement_id=uuid4(), amount="200")

    assert answer.status_code == 409
    assert "Dit bedrag kan niet uit de lade" in answer.text
    assert "Volgens de boeken" not in answer.text
    assert "100,00" not in answer.text
    assert (
        await world.value("SELECT facts ->> 'amount_cents' FROM uit.audit WHERE act = 'till.drop_refused'")
        == "20000"
    )


@pytest.mark.parametrize("amount", ["", "0", "veel", "12,345"])
async def test_an_amount_that_is_none_is_asked_again(world: World, amount: str) -> None:
    drawer, address = await signed_in_drawer(world)

    answer = await world.post_form(f"{address}/afromen", movement_id=uuid4(), amount=amount)

    assert answer.status_code == 422
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 10_000


async def test_cash_against_a_code_is_shown_first_and_then_given(world: World) -> None:
    drawer, address = await signed_in_drawer(world)
    await a_refund(world, drawer.worker.organiser_id, 1003)

    shown = await world.post_form(f"{address}/terugbetalen", code="k7mp 3roi")
    given = await world.post_form(f"{address}/terugbetalen", code="k7mp 3roi", payout_id=uuid4())
    again = await world.post_form(f"{address}/terugbetalen", code="k7mp 3roi", payout_id=uuid4())

    assert "10,05" in shown.text
    assert "Het geld is teruggegeven." in await read_page(world, given.headers["location"])
    assert "Dit geld is al teruggegeven" in again.text
    assert await faults(world) == []


async def test_a_form_that_gives_back_twice_leads_to_the_same_paper(world: World) -> None:
    drawer, address = await signed_in_drawer(world)
    await a_refund(world, drawer.worker.organiser_id, 500)
    form = {"code": "K7MP3ROI", "payout_id": uuid4()}

    answers = [await world.post_form(f"{address}/terugbetalen", **form) for _ in range(2)]

    [paper] = {each.headers["location"] for each in answers}
    assert "Bewijs van teruggave" in await read_page(world, paper)


async def test_a_paper_receipt_is_entered_once(world: World) -> None:
    drawer, address = await signed_in_drawer(world)

    first = await world.post_form(f"{address}/papier", receipt_id=uuid4(), **PAPER)
    again = await world.post_form(f"{address}/papier", receipt_id=uuid4(), **PAPER)

    assert "papier 0042" in await read_page(world, first.headers["location"])
    assert again.status_code == 409
    assert "2026-000001" in again.text
    assert await numbers(world, drawer.worker.organiser_id) == [(2026, 1)]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("paper_no", ""),
        ("paper_no", "nummer twee"),
        ("day", "03/03/2026"),
        ("day", "01/01/2020"),
        ("words", " "),
        ("vat_code", "unheard-of"),
        ("amount", "0"),
        ("amount", "10.000,01"),
        ("means", "cheque"),
    ],
)
async def test_what_is_wrong_on_paper_is_said_at_its_field(world: World, field: str, typed: str) -> None:
    drawer, address = await signed_in_drawer(world)

    answer = await world.post_form(f"{address}/papier", receipt_id=uuid4(), **PAPER | {field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text or f'id="{field}-all-error"' in answer.text
    assert await numbers(world, drawer.worker.organiser_id) == []


async def test_a_vat_code_holds_on_the_day_of_the_paper(world: World) -> None:
    drawer, address = await signed_in_drawer(world)
    await world.execute("UPDATE credits.vat_code SET starts_on = '2026-03-01' WHERE code = 'reduced-6'")

    before = await world.post_form(f"{address}/papier", receipt_id=uuid4(), **PAPER)
    after = await world.post_form(f"{address}/papier", receipt_id=uuid4(), **PAPER | {"day": "01/03/2026"})

    assert (before.status_code, after.status_code) == (422, 303)
    assert await numbers(world, drawer.worker.organiser_id) == [(2026, 1)]


@pytest.mark.parametrize("slip", ["", "4111 1111 1111 1111"])
async def test_a_card_payment_on_paper_needs_the_reference_of_its_slip(world: World, slip: str) -> None:
    _, address = await signed_in_drawer(world)

    answer = await world.post_form(
        f"{address}/papier", receipt_id=uuid4(), **PAPER | {"means": "terminal", "slip": slip}
    )

    assert answer.status_code == 422
    assert 'id="slip-error"' in answer.text


async def test_the_pages_of_a_counted_till_lead_to_its_closing(world: World) -> None:
    drawer, address = await signed_in_drawer(world)
    await drawer.count(10_000)

    for page in ("", "/afromen", "/terugbetalen", "/papier", "/tellen"):
        answer = await world.client.get(f"{address}{page}", headers={"accept": "text/html"})
        assert answer.headers.get("location") == f"{address}/sluiten", page


async def test_the_till_of_another_organiser_is_not_there(world: World) -> None:
    drawer, other = await a_drawer(world), await a_seller(world)
    await world.sign_in_staff("organiser", organiser_id=other)

    assert (await world.client.get(f"{home(other)}/{drawer.session_id}")).status_code == 404
    assert (await world.client.get(f"{home(other)}/openen/{drawer.till_id}")).status_code == 404


async def test_a_form_sent_twice_leaves_one_row_in_the_trail(world: World) -> None:
    _, address = await signed_in_drawer(world)
    movement_id = uuid4()

    for _ in range(2):
        await world.post_form(f"{address}/afromen", movement_id=movement_id, amount="40")

    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'till.drop'") == 1


async def test_under_a_mandate_a_till_is_kept_in_the_books_of_the_agent(world: World) -> None:
    seller, agent = await a_seller(world), await a_seller(world, await world.organiser(name="Regio Dender"))
    await world.execute(
        "UPDATE credits.seller SET agent_id = $2, mandate_id = $3 WHERE organiser_id = $1",
        seller,
        agent,
        uuid4(),
    )

    till = await a_till(world, seller)

    assert await world.value("SELECT seller_id FROM credits.till WHERE id = $1", till) == agent
    await a_drawer(world, seller_id=seller, till_id=till)
    assert await account_cents(world, agent, "till") == 10_000
    assert await faults(world) == []
