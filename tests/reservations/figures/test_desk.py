"""The sheet of an evening, and the figures by tariff on the page of its session."""

from datetime import timedelta

from reservations.booking.answers import Booked
from reservations.settlement.earning import settle_earned
from tests.builders import Session, World
from tests.reservations.booking_list.evening import an_evening, booked_by
from tests.reservations.choosing.dates import A_WEEK
from tests.reservations.dates import call_off
from tests.reservations.sessions.test_desk import page_of, text_of


async def sell(world: World, session: Session, ordinary: int, social: int) -> None:
    for _ in range(ordinary):
        await booked_by(world, session, "Anna", "Claes")
    until = world.clock.now().date() + timedelta(days=90)
    for _ in range(social):
        who = await world.resident(credit_cents=500, social_until=until)
        assert isinstance(await world.book(who, session, tariff="kansentarief"), Booked)


async def settled(world: World, session: Session) -> None:
    world.clock.move(timedelta(days=2))
    await settle_earned(world.services, world.clock.now())
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)


async def sheet(world: World, session: Session) -> str:
    return text_of(await world.client.get(f"{page_of(session)}/avondblad"))


async def test_figures_of_few_are_hidden_until_all_is_settled_and_amounts_as_well(world: World) -> None:
    session = await an_evening(world)
    await sell(world, session, 6, 2)
    before = await sheet(world, session)
    page = text_of(await world.client.get(page_of(session)))
    await settled(world, session)

    after = await sheet(world, session)

    assert "base – kansentarief –" in before  # noqa: RUF001  as the page has it
    assert "base € 5,00 – kansentarief € 1,00 –" in page  # noqa: RUF001  as the page has it
    assert "Krediet" not in before
    assert "base 6 0 € 0,00 € 30,00 kansentarief 2 0 € 0,00 € 2,00" in after
    assert "Krediet € 32,00" in after


async def test_the_sheet_of_one_who_paid_less_is_that_of_one_who_did_not(world: World) -> None:
    sheets = []
    for ordinary, social in ((1, 0), (0, 1)):
        evening = await an_evening(world)
        await sell(world, evening, ordinary, social)
        sheets.append(await sheet(world, evening))

    assert "base – kansentarief –" in sheets[0]  # noqa: RUF001  as the page has it
    assert sheets[0] == sheets[1]


async def test_what_many_paid_is_told_and_who_is_in_by_tariff_is_not_before_the_end(world: World) -> None:
    session = await an_evening(world)
    await sell(world, session, 5, 5)

    shown = await sheet(world, session)

    assert "Tarief Verkocht base 5 kansentarief 5" in shown


async def test_vat_is_reckoned_of_the_sum_by_its_code(world: World) -> None:
    session = await an_evening(world)
    await world.execute("UPDATE reservations.tariff SET vat_code = 'reduced-6'")
    await sell(world, session, 3, 0)
    await settled(world, session)

    assert "Btw 6 % € 15,00 € 0,85" in await sheet(world, session)


async def test_the_sheet_of_another_organiser_is_not_there(world: World) -> None:
    other, session = await an_evening(world), await an_evening(world)
    strange = page_of(session).replace(str(session.id), str(other.id))

    assert (await world.client.get(f"{strange}/avondblad")).status_code == 404


async def test_of_a_date_that_was_called_off_nobody_is_expected(world: World) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Anna", "Claes")
    await call_off(world, session, choose=A_WEEK)

    said = await sheet(world, session)

    assert "Deze datum is afgelast. Niemand komt binnen." in said
    assert "Nog geboekt 1" in said
    assert "Verwacht" not in said
