"""How an activity is sold, as its organiser fills it in; what is booked keeps its price and its place."""

from uuid import UUID

from reservations.booking.answers import Booked
from tests.builders import World
from tests.reservations.activities.making import FORTY, TWO_PRICES, begin, event_of, published
from tests.reservations.activities.test_desk import its_session
from tests.reservations.sessions.test_desk import text_of

PRICES = "SELECT code, price_cents, active FROM reservations.tariff ORDER BY code"


async def booked(world: World, this: str, places: int = 1) -> Booked:
    session = await its_session(world, this)
    await world.session(organiser_id=session.organiser_id)
    answer = await world.book(await world.resident(credit_cents=9000), session, places)
    assert isinstance(answer, Booked), answer
    return answer


async def test_another_price_is_for_who_books_from_now_on(world: World) -> None:
    this = await published(world, await world.organiser())
    await booked(world, this)

    await world.post_form(f"{this}/prijzen", **TWO_PRICES | {"price_0": "10", "name_1": "", "price_1": ""})

    found = await world.rows(
        f"{PRICES.replace(' ORDER', ' WHERE session_id = $1 ORDER')}", (await its_session(world, this)).id
    )
    assert [tuple(row) for row in found] == [
        ("base", 1000, True), ("kansentarief", 200, True), ("tot-12-jaar", 450, False),
    ]  # fmt: skip
    assert await world.value("SELECT price_cents FROM reservations.line") == 800


async def test_a_price_keeps_its_code_when_it_gets_another_name(world: World) -> None:
    this = await published(world, await world.organiser())

    await world.post_form(f"{this}/prijzen", **TWO_PRICES | {"code_1": "tot-12-jaar", "name_1": "Kinderen"})

    names = await world.rows("SELECT code, name FROM reservations.event_tariff ORDER BY rank")
    assert [tuple(row) for row in names] == [("base", "Gewone prijs"), ("tot-12-jaar", "Kinderen")]


async def test_an_own_social_tariff_goes_before_the_part_of_the_region(world: World) -> None:
    this = await published(world, await world.organiser())

    own = {"name_2": "Kansentarief", "price_2": "1", "whom_2": "social"}
    await world.post_form(f"{this}/prijzen", **TWO_PRICES, **own)

    cents = "SELECT price_cents FROM reservations.tariff WHERE eligibility = 'social'"
    assert await world.value(cents) == 100


async def test_what_who_has_the_social_tariff_pays_stands_with_the_prices(world: World) -> None:
    this = await begin(world, await world.organiser())
    before = text_of(await world.client.get(f"{this}/prijzen"))
    await world.post_form(f"{this}/prijzen", **TWO_PRICES)

    prices, overview = [text_of(await world.client.get(each)) for each in (f"{this}/prijzen", this)]
    own = {"name_2": "Kansentarief", "price_2": "1", "whom_2": "social"}
    await world.post_form(f"{this}/prijzen", **TWO_PRICES, **own)
    with_own = text_of(await world.client.get(this))

    assert "betaalt wie kansentarief heeft €" not in before
    assert "betaalt wie kansentarief heeft € 1,60." in prices
    assert "Kansentarief: € 1,60 · volgt uit de gewone prijs" in overview
    assert "Kansentarief: € 1,00 · kansentarief" in with_own
    assert "volgt uit de gewone prijs" not in with_own


async def test_conditions_of_a_price_are_found_at_the_prices_of_a_draft(world: World) -> None:
    this = await begin(world, await world.organiser())
    await world.post_form(f"{this}/prijzen", **TWO_PRICES)
    home, event_id = this.partition("/activiteiten")[0], event_of(this)
    conditions = f"{home}/tarieven/{event_id}/tot-12-jaar/voorwaarden"

    prices, form = await world.client.get(f"{this}/prijzen"), await world.client.get(conditions)
    answer = await world.post_form(conditions, most_per_person="2", shows="Toon je kaart")

    assert f'href="{conditions}"' in prices.text
    assert "Tot 12 jaar" in text_of(form)
    assert answer.headers["location"] == f"{this}?gedaan=bewaard"
    assert await world.value("SELECT most_per_person FROM reservations.tariff_condition") == 2


async def test_what_is_wrong_with_prices_is_said_at_once_and_stays_typed(world: World) -> None:
    this = await begin(world, await world.organiser())

    answer = await world.post_form(
        f"{this}/prijzen",
        **TWO_PRICES | {"price_0": "gratis", "name_1": "", "age_to_1": "oud", "weight_1": "0"},
    )

    shown = text_of(answer)
    assert answer.status_code == 422
    assert "Prijs in euro bij prijs 1: Schrijf een bedrag in euro, zoals 125,50." in shown
    assert "Naam bij prijs 2: Geef de prijs een naam." in shown
    assert 'value="oud"' in answer.text


async def test_fewer_places_never_go_below_what_is_taken(world: World) -> None:
    this = await published(world, await world.organiser())
    await booked(world, this, 3)

    await world.post_form(f"{this}/plaatsen", **FORTY | {"places": "2"})

    pool = await world.rows(
        "SELECT licensed_capacity, capacity, taken FROM reservations.pool WHERE taken > 0"
    )
    assert [tuple(row) for row in pool] == [(3, 3, 3)]


async def test_a_date_with_places_of_its_own_keeps_them(world: World) -> None:
    this = await published(world, await world.organiser())
    session = await its_session(world, this)
    await world.execute("UPDATE reservations.pool SET capacity = 30 WHERE id = $1", session.id)

    await world.post_form(f"{this}/plaatsen", **FORTY | {"places": "60"})

    [pool] = await world.rows("SELECT licensed_capacity, capacity FROM reservations.pool")
    assert tuple(pool) == (60, 30)


async def test_until_when_one_cancels_stays_where_somebody_booked(world: World) -> None:
    organiser_id = await world.organiser()
    this, other = [await published(world, organiser_id, title) for title in ("Quiz", "Bal")]
    await booked(world, this)
    before = "SELECT (starts_at - cancel_until)::text FROM reservations.session WHERE id = $1"

    for each in (this, other):
        await world.post_form(f"{each}/plaatsen", **FORTY | {"cancel": "48"})

    assert await world.value(before, (await its_session(world, this)).id) == "1 day"
    assert await world.value(before, (await its_session(world, other)).id) == "2 days"


async def test_the_sale_opens_and_closes_when_its_organiser_says(world: World) -> None:
    this = await published(world, await world.organiser())
    opens = {"opens_day": "2026-03-10", "opens_hour": "9:00"}

    await world.post_form(f"{this}/plaatsen", **FORTY | {"closes": "3"}, **opens)

    [sale] = await world.rows(
        "SELECT sale_opens_at::text, (starts_at - sale_closes_at)::text FROM reservations.session"
    )
    assert tuple(sale) == ("2026-03-10 08:00:00+00", "03:00:00")
    assert "tot 3 u voor het begint, vanaf di 10 mrt, 9 u" in text_of(await world.client.get(this))


async def test_what_is_wrong_with_places_is_said_at_once(world: World) -> None:
    this = await begin(world, await world.organiser())

    answer = await world.post_form(
        f"{this}/plaatsen", places="50", licensed="40", closes="x", cancel="", opens_hour="9:00"
    )

    shown = text_of(answer)
    assert answer.status_code == 422
    assert "Je verkoopt niet meer plaatsen dan er mensen in de zaal mogen. Zet dit hoger." in shown
    assert "Kies ook een dag." in shown
    assert shown.count("Vul een getal in van 0 tot 1440.") == 4


async def test_how_many_people_the_hall_holds_is_raised_where_every_page_says(world: World) -> None:
    """Left empty it is as many as are sold, and stays that number."""
    this = await published(world, await world.organiser())
    session = await its_session(world, this)
    date = f"{this.partition('/activiteiten')[0]}/sessies/{session.id}/plaatsen/{session.pool_id}"

    form, one_date = await world.client.get(f"{this}/plaatsen"), await world.client.get(date)
    overview = text_of(await world.client.get(this))

    assert "zet het hier hoger als er meer mensen binnen mogen" in text_of(form)
    assert "Mogen er meer dan 40 mensen in de zaal?" in text_of(one_date)
    assert f'href="{this}/plaatsen"' in one_date.text
    assert "In de zaal mogen 40 mensen: dat pas je hier aan" in overview


async def test_who_may_not_change_an_activity_is_not_led_to_it_from_a_date(world: World) -> None:
    this = await published(world, await world.organiser())
    session = await its_session(world, this)
    await world.sign_in_staff("box_office", organiser_id=UUID(this.split("/")[3]))

    shown = await world.client.get(
        f"{this.partition('/activiteiten')[0]}/sessies/{session.id}/plaatsen/{session.pool_id}"
    )

    assert shown.status_code == 200
    assert f'href="{this}/plaatsen"' not in shown.text


async def test_a_copy_says_which_places_it_takes_over(world: World) -> None:
    this = await published(world, await world.organiser())

    await world.post_form(f"{this}/plaatsen", **FORTY | {"licensed": "60"})

    shown = text_of(await world.client.get(f"{this}/kopieren"))
    assert "40 te koop, en 60 mensen mogen in de zaal" in shown
