"""A sheet of paper with all that somebody has, for who never signs in."""

from uuid import UUID, uuid4

from reservations.printed_sheet.printed_sheet import Sheet, print_sheet, read_sheet
from tests.builders import Resident, World
from tests.passes.counter import AALST, open_counter
from tests.reservations.dates import booked
from tests.reservations.seats.world import seated, seats_taken
from uit.core.seat_format import seat
from uit.passes.counter import Counter
from uit.passes.registration.counter_desk import CounterDesk, open_member


async def sheet_of(world: World, who: Resident) -> Sheet:
    region = await world.services.regions.by_id(1)
    assert region
    now = world.clock.now()
    desk = CounterDesk(region, Counter(1, "staff", "x", now, world.services.ids), may_issue=True)
    async with world.services.database.reading() as tx:
        member = await open_member(tx, desk, who.membership_id)
        return await read_sheet(tx, member, region, world.services.secrets.signing, now)


def address(membership_id: UUID) -> str:
    return f"/dender/balie/personen/{membership_id}/overzicht.pdf"


async def test_it_has_credit_with_its_end_and_bookings_with_a_code_for_each_ticket(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session(price_cents=300)
    await world.execute("UPDATE uit.region SET help_phone = '053 12 34 56' WHERE id = 1")
    await booked(world, anna, session, places=2)

    sheet = await sheet_of(world, anna)

    assert (sheet.total, len(sheet.credit), sheet.help_phone) == ("€\xa044,00", 1, "053 12 34 56")
    [outing] = sheet.outings
    assert outing.name == "De kleine prins"
    assert outing.facts[1] == "2 plaatsen, €\xa06,00"
    assert [code.words for code in outing.codes] == ["1 persoon", "1 persoon"]
    assert len({code.drawing for code in outing.codes}) == 2
    assert any("Annuleren kan tot" in fact for fact in outing.facts)


async def test_each_code_says_the_seat_that_it_is_for(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await seated(world, price_cents=300)
    await booked(world, anna, session, places=2)

    [outing] = (await sheet_of(world, anna)).outings

    assert [code.words for code in outing.codes] == [
        f"1 persoon · {seat(each)}" for each in await seats_taken(world, session)
    ]


async def test_what_was_given_up_and_what_others_booked_is_not_on_it(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=5000), await world.resident(credit_cents=5000)
    session = await world.session(price_cents=300)
    given_up = await booked(world, anna, session)
    await world.cancel(given_up)
    await booked(world, bilal, session)

    sheet = await sheet_of(world, anna)

    assert (sheet.outings, sheet.total) == ([], "€\xa050,00")


async def test_however_much_there_is_prints(world: World) -> None:
    anna = await world.resident(credit_cents=5000)
    for _ in range(4):
        await booked(world, anna, await world.session(price_cents=100), places=5)

    sheet = await sheet_of(world, anna)
    printed = await print_sheet(sheet, world.clock.now())

    assert printed.startswith(b"%PDF")
    assert sum(len(each.codes) for each in sheet.outings) == 20


async def test_a_word_on_the_telephone_prints_nothing(world: World) -> None:
    await open_counter(world)
    anna = await world.resident(credit_cents=100)
    await world.execute("UPDATE identity.person SET phone = '+32470123456' WHERE id = $1", anna.person_id)
    asked = f"/dender/balie/personen/{anna.membership_id}/toestemming"
    called = await world.post_form(asked, permission_id=uuid4(), soort="callback", verder="overzicht.pdf")

    answer = await world.client.get(address(anna.membership_id), follow_redirects=False)

    assert called.headers["location"] == address(anna.membership_id)
    assert answer.headers["location"] == f"{asked}?verder=overzicht.pdf"
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'person.print'") == 0


async def test_a_clerk_prints_it_and_one_of_another_town_does_not(world: World) -> None:
    await open_counter(world)
    anna = await world.resident(credit_cents=100)
    await world.execute("UPDATE passes.membership SET refnis = $1", AALST)

    unasked = await world.client.get(address(anna.membership_id), follow_redirects=False)
    await world.post_form("/dender/balie", wie=anna.token)
    printed = await world.client.get(address(anna.membership_id))
    await world.municipality("41048")
    await world.sign_in_staff("clerk", region_id=1, refnis="41048")
    elsewhere = await world.client.get(address(anna.membership_id))

    assert unasked.headers["location"] == (
        f"/dender/balie/personen/{anna.membership_id}/toestemming?verder=overzicht.pdf"
    )
    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
    assert printed.headers["cache-control"] == "no-store"
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'person.print'") == 1
    assert elsewhere.status_code == 404
