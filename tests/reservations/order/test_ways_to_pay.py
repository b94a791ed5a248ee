"""What the page of an order says of each way to pay: its amount, whose till it is, what the button does."""

from uuid import uuid4

from tests.builders import Session, World


def plainly(page: str) -> str:
    return " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())


async def order_of(world: World, session: Session) -> str:
    """The page of an order of one place."""
    address = f"/dender/sessies/{session.id}/boeken/{uuid4()}?plaatsen-base=1"
    return plainly((await world.client.get(address)).text)


async def test_each_way_says_its_own_amount_and_the_sum_says_that_it_is_after_credit(world: World) -> None:
    anna, session = await world.resident(credit_cents=300), await world.session(price_cents=500)
    await world.seller(session.organiser_id, account="", desk_hours=48, invoices=True)
    await world.sign_in(anna)

    page = await order_of(world, session)

    for words in (
        "€ 3,00 met krediet, € 2,00 met Bancontact of kaart",
        "€ 5,00 met Bancontact of kaart, zonder krediet",
        "€ 3,00 met krediet, € 2,00 aan de kassa",
        "€ 3,00 met krediet, € 2,00 op factuur",
        "Je betaalt, na je krediet",
    ):
        assert words in page
    assert "Gewone plaats" in page


async def test_where_every_way_costs_the_same_the_sum_is_what_one_pays(world: World) -> None:
    session = await world.session(price_cents=500)
    await world.seller(session.organiser_id, account="", desk_hours=48)

    page = await order_of(world, session)

    assert "Je betaalt" in page
    assert "krediet" not in page.partition("Je betaalt")[2].partition("Boek en betaal")[0]


async def test_the_button_of_an_only_way_says_when_one_pays(world: World) -> None:
    at_desk, by_card, on_invoice = [await world.session(price_cents=500) for _ in range(3)]
    await world.seller(at_desk.organiser_id, card=False, desk_hours=48)
    await world.seller(by_card.organiser_id, account="")
    await world.seller(on_invoice.organiser_id, card=False, invoices=True)

    buttons = [
        (await order_of(world, each)).rpartition('value="boek"')[2].partition("</button>")[0]
        for each in (at_desk, by_card, on_invoice)
    ]

    words = [each.rpartition(">")[2].strip() for each in buttons]
    assert words == ["Boek en betaal aan de kassa", "Boek en betaal", "Boek op factuur"]
