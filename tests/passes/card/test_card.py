"""Cards that are given, replaced and blocked, and what they open afterwards."""

from asyncio import gather
from dataclasses import replace
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from tests.builders import Resident, World
from tests.passes.counter import acts, issue, open_counter, register
from uit.core.clock import day_in_flanders
from uit.passes.card.card import Card, PassHolder, card_of, cards_of, holder_by_pass
from uit.passes.card.number import is_valid
from uit.passes.errors import PassNotActive, PassUnknown


async def shown(world: World, resident: Resident) -> PassHolder | PassUnknown | PassNotActive:
    async with world.services.database.reading() as connection:
        day = day_in_flanders(world.clock.now())
        return await holder_by_pass(connection, world.services.secrets.signing, resident.token, day)


async def token_of(world: World, resident: Resident) -> str:
    (card,) = await cards(world, resident.membership_id)
    return card.token(world.services.secrets.signing)


async def cards(world: World, membership_id: UUID, region_id: int = 1) -> list[Card]:
    async with world.services.database.reading() as connection:
        return await cards_of(connection, region_id, membership_id)


async def test_a_form_that_is_sent_twice_makes_one_card(world: World) -> None:
    await open_counter(world)
    membership_id, card_id = await register(world), uuid4()

    await gather(*(issue(world, membership_id, "paper", card_id) for _ in range(2)))

    (card,) = await cards(world, membership_id)
    assert card.id == card_id
    assert is_valid(card.number)
    assert (await acts(world)).count("card.issue") == 1


async def test_a_card_is_in_the_directory_with_its_owner(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)

    card_id = await issue(world, membership_id)

    (found,) = await world.rows("SELECT region_id, owner FROM uit.directory WHERE key = $1", card_id)
    assert tuple(found) == (1, membership_id)


async def test_a_second_active_card_of_a_kind_is_refused(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    await issue(world, membership_id, "digital")

    address = f"/dender/balie/personen/{membership_id}/passen"
    answer = await world.post_form(address, card_id=uuid4(), kind="digital")

    assert answer.status_code == 409
    assert len(await cards(world, membership_id)) == 1


async def test_a_replaced_card_opens_nothing_and_its_successor_has_another_number(world: World) -> None:
    await open_counter(world)
    anna, new_card_id = await world.resident(), uuid4()
    address = f"/dender/balie/personen/{anna.membership_id}/passen/{anna.card_id}/vervangen"

    for _ in range(2):
        assert (await world.post_form(address, new_card_id=new_card_id)).status_code == 303

    assert await shown(world, anna) == PassNotActive()
    new, old = await cards(world, anna.membership_id)
    assert (new.id, new.kind, old.state, old.replaced_by) == (new_card_id, old.kind, "replaced", new_card_id)
    assert new.number != old.number


async def test_a_blocked_card_no_longer_books(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    assert isinstance(await world.book(anna, session), Booked)
    await open_counter(world)

    await world.post_form(f"/dender/balie/personen/{anna.membership_id}/passen/{anna.card_id}/blokkeren")

    assert await world.book(anna, session) == PassNotActive()
    assert await shown(world, anna) == PassNotActive()
    assert await acts(world) == ["card.block"]


async def test_a_qr_that_was_renewed_opens_nothing_and_the_new_one_does(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    await world.sign_in(anna)

    await world.post_form("/dender/mijn-pas/vernieuwen", token_version=1)

    assert await world.book(anna, session) == PassUnknown()
    assert await shown(world, anna) == PassUnknown()
    renewed = replace(anna, token=await token_of(world, anna))
    assert isinstance(await shown(world, renewed), PassHolder)


async def test_a_form_of_an_old_page_does_not_renew_again(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)

    for _ in range(2):
        await world.post_form("/dender/mijn-pas/vernieuwen", token_version=1)

    assert await world.value("SELECT token_version FROM passes.card WHERE id = $1", anna.card_id) == 2


async def test_who_has_several_cards_shows_the_active_digital_one(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    await issue(world, membership_id, "paper")
    digital_id = await issue(world, membership_id, "digital")

    async with world.services.database.reading() as connection:
        shown_card = await card_of(connection, 1, membership_id)

    assert shown_card is not None
    assert shown_card.id == digital_id


async def test_a_member_whose_time_is_over_gets_no_card(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    await world.execute("UPDATE passes.membership SET status = 'ended' WHERE id = $1", membership_id)

    address = f"/dender/balie/personen/{membership_id}/passen"
    answer = await world.post_form(address, card_id=uuid4(), kind="digital")

    assert answer.status_code == 409
    assert await cards(world, membership_id) == []


async def test_a_card_of_somebody_else_is_not_touched(world: World) -> None:
    await open_counter(world)
    anna, bilal = await world.resident(), await world.resident()

    for act in ("blokkeren", "vervangen"):
        address = f"/dender/balie/personen/{bilal.membership_id}/passen/{anna.card_id}/{act}"
        assert (await world.post_form(address, new_card_id=uuid4())).status_code == 404

    assert isinstance(await shown(world, anna), PassHolder)


async def test_a_blocked_pass_works_again_with_the_code_of_before(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    page = f"/dender/balie/personen/{anna.membership_id}/passen/{anna.card_id}"
    await world.post_form(f"{page}/blokkeren")

    first, second = [await world.post_form(f"{page}/deblokkeren") for _ in range(2)]

    assert (first.status_code, second.status_code) == (303, 303)
    assert await world.value("SELECT state::text FROM passes.card WHERE id = $1", anna.card_id) == "active"
    assert (await acts(world)).count("card.unblock") == 1


async def test_a_pass_that_was_replaced_stays_so_and_a_blocked_one_beside_another_too(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    page = f"/dender/balie/personen/{anna.membership_id}/passen"
    await world.post_form(f"{page}/{anna.card_id}/blokkeren")
    new = uuid4()
    await world.post_form(page, card_id=new, kind="digital")
    assert (await world.post_form(f"{page}/{anna.card_id}/deblokkeren")).status_code == 409

    await world.post_form(f"{page}/{new}/vervangen", new_card_id=uuid4())

    assert (await world.post_form(f"{page}/{new}/deblokkeren")).status_code == 409
