"""A guest who has a pass later claims a booking with the number and the code of its mail."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID

import pytest

from reservations.guest.claim import CLAIMS_PER_NUMBER, CLAIMS_PER_PERSON, NUMBER_SHARE
from tests.builders import Resident, Session, World
from tests.reservations.booking.test_giving_up import words
from tests.reservations.booking.test_notifications import html_of, text_of
from tests.reservations.dates import deliver, move, statuses
from tests.reservations.guest.guests import EMAIL, choice_in, claim_in, guest_books, link_in, link_of
from uit.database.outbox import Deliverer
from uit.entrypoints.topics import topics

ADD = "/dender/mijn-boekingen/toevoegen"


async def mailed(
    world: World, session: Session | None = None, *, opened: bool = True
) -> tuple[UUID, dict[str, str]]:
    """A guest's booking, and the number and code of its mail, of which the link was opened."""
    booking_id = await guest_books(world, session or await world.session(price_cents=0), places=2)
    [mail] = await deliver(world)
    if opened:
        await world.client.get(link_in(text_of(mail)))
    return booking_id, claim_in(text_of(mail))


async def signed_in(world: World) -> Resident:
    anna = await world.resident()
    await world.sign_in(anna)
    return anna


async def claims(world: World) -> int:
    return int(await world.value("SELECT count(*) FROM reservations.claimed_booking"))


async def test_a_claimed_booking_stands_in_my_bookings_and_is_given_up_there(world: World) -> None:
    booking_id, typed = await mailed(world)
    await signed_in(world)

    page = (await world.client.get(ADD)).text
    done = await world.post_form(ADD, **typed)

    assert "Voeg een boeking toe" in words(page)
    own = f"/dender/boekingen/{booking_id}"
    assert (done.status_code, done.headers["location"]) == (303, f"{own}?gedaan=toegevoegd")
    added = words((await world.client.get(done.headers["location"])).text)
    assert "Deze boeking staat nu bij je boekingen." in added
    assert own in (await world.client.get("/dender/mijn-boekingen")).text
    assert (await world.client.get(own)).text.count("QR-code van ticket") == 2
    gone = await world.post_form(f"{own}/annuleren", **{"ticket-1.2": "true"})
    assert gone.status_code == 303
    assert await statuses(world, booking_id) == ["confirmed", "cancelled"]


async def test_a_claim_changes_no_line_and_no_price_and_the_link_still_works(world: World) -> None:
    booking_id, typed = await mailed(world)
    before = await world.rows("SELECT * FROM reservations.line")
    await signed_in(world)
    unclaimed = words((await world.client.get(link_of(world, booking_id))).text)

    await world.post_form(ADD, **typed)

    assert await world.rows("SELECT * FROM reservations.line") == before
    page = await world.client.get(link_of(world, booking_id))
    assert page.status_code == 200
    offer = "Zet deze boeking bij je boekingen"
    assert (offer in unclaimed, offer in words(page.text)) == (True, False)
    assert "Deze boeking staat bij de boekingen van een pas." in words(page.text)


async def test_a_claim_that_is_sent_twice_is_one_and_somebody_else_comes_too_late(world: World) -> None:
    booking_id, typed = await mailed(world)
    await signed_in(world)
    twice = [(await world.post_form(ADD, **typed)).status_code for _ in range(2)]
    await signed_in(world)

    late = await world.post_form(ADD, **typed)

    assert twice == [303, 303]
    assert (late.status_code, await claims(world)) == (409, 1)
    assert "staat al bij iemand anders" in words(late.text)
    assert (await world.client.get(f"/dender/boekingen/{booking_id}")).status_code == 404


async def test_of_two_who_claim_at_once_one_gets_it(world: World) -> None:
    _, typed = await mailed(world)
    await signed_in(world)

    answers = await gather(*(world.post_form(ADD, **typed) for _ in range(4)))

    assert ({each.status_code for each in answers}, await claims(world)) == ({303}, 1)


async def test_before_the_link_of_the_mail_was_opened_nothing_is_joined(world: World) -> None:
    booking_id, typed = await mailed(world, opened=False)
    await world.client.get(link_of(world, booking_id))
    await signed_in(world)

    refused = await world.post_form(ADD, **typed)

    assert (refused.status_code, await claims(world)) == (409, 0)
    assert "Open eerst de link in je mail" in words(refused.text)
    assert "/boekingen/" not in (await world.client.get("/dender/mijn-boekingen")).text


async def test_the_same_mail_address_joins_nothing_by_itself(world: World) -> None:
    await mailed(world)
    anna = await signed_in(world)
    await world.execute("UPDATE reservations.contact SET email = $1", anna.email)

    assert "De kleine prins" not in (await world.client.get("/dender/mijn-boekingen")).text


async def test_each_booking_of_one_mailbox_is_claimed_with_its_own_code(world: World) -> None:
    first, its = await mailed(world)
    second, other = await mailed(world)
    await signed_in(world)

    crossed = await world.post_form(ADD, number=its["number"], code=other["code"])
    await world.post_form(ADD, **other)

    assert (crossed.status_code, await claims(world)) == (404, 1)
    assert (await world.client.get(f"/dender/boekingen/{first}")).status_code == 404
    assert (await world.client.get(f"/dender/boekingen/{second}")).status_code == 200


@pytest.mark.parametrize("way", ["lower", "spaces", "bare"])
async def test_a_code_is_read_however_it_was_typed(world: World, way: str) -> None:
    _, typed = await mailed(world)
    await signed_in(world)
    changed = {
        name: {
            "lower": text.lower(),
            "spaces": f" {text.replace('-', ' - ')} ",
            "bare": text.replace("-", ""),
        }[way]
        for name, text in typed.items()
    }

    assert (await world.post_form(ADD, **changed)).status_code == 303


@pytest.mark.parametrize(
    "spoiled", [{"code": ""}, {"number": ""}, {"code": "AAAAA-AAAAA"}, {"code": "é\x00"}]
)
async def test_what_does_not_belong_together_is_refused_and_asked_again(
    world: World, spoiled: dict[str, str]
) -> None:
    _, typed = await mailed(world)
    await signed_in(world)

    refused = await world.post_form(ADD, **{**typed, **spoiled})

    assert (refused.status_code, await claims(world)) == (404, 0)
    assert "Nummer en code horen niet samen" in words(refused.text)


async def test_codes_cannot_be_tried_without_end(world: World) -> None:
    _, typed = await mailed(world)
    await signed_in(world)
    wrong = {**typed, "code": "AAAAA-AAAAA"}

    answers = [(await world.post_form(ADD, **wrong)).status_code for _ in range(CLAIMS_PER_PERSON.times)]
    right = await world.post_form(ADD, **typed)

    assert set(answers) == {404}
    assert (right.status_code, await claims(world)) == (429, 0)
    world.clock.move(timedelta(hours=1))
    assert (await world.post_form(ADD, **typed)).status_code == 303


async def test_many_who_try_one_number_get_few_tries_each_and_do_not_keep_its_owner_away(
    world: World,
) -> None:
    _, typed = await mailed(world)
    wrong = {**typed, "code": "AAAAA-AAAAA"}
    for _ in range(CLAIMS_PER_NUMBER.times // CLAIMS_PER_PERSON.times):
        await signed_in(world)
        for _ in range(CLAIMS_PER_PERSON.times):
            await world.post_form(ADD, **wrong)
    await signed_in(world)
    tried = [(await world.post_form(ADD, **wrong)).status_code for _ in range(NUMBER_SHARE.times + 1)]
    await signed_in(world)

    assert tried == [404] * NUMBER_SHARE.times + [429]
    assert (await world.post_form(ADD, **typed)).status_code == 303


async def test_a_code_of_one_region_opens_nothing_in_another(world: World) -> None:
    _, typed = await mailed(world)
    await world.sign_in(await world.resident(region_id=2))

    assert (await world.post_form("/kust/mijn-boekingen/toevoegen", **typed)).status_code == 404
    for answer in (await world.client.get(ADD), await world.post_form(ADD, **typed)):
        assert answer.status_code == 409
        assert "Je hebt hier geen pas" in words(answer.text)


async def test_a_booking_that_was_claimed_and_is_over_stands_among_what_was(world: World) -> None:
    booking_id, typed = await mailed(world)
    anna = await signed_in(world)
    await world.post_form(ADD, **typed)
    world.clock.move(timedelta(days=30))
    await world.sign_in(anna)

    listed = (await world.client.get("/dender/mijn-boekingen")).text

    assert "Voorbij" in listed
    assert f"/dender/boekingen/{booking_id}" in listed


# Who is told


async def claimed(world: World, session: Session | None = None) -> tuple[Resident, UUID]:
    """A booking that Lotte made as a guest, and who claimed it."""
    booking_id, typed = await mailed(world, session)
    anna = await signed_in(world)
    assert (await world.post_form(ADD, **typed)).status_code == 303
    return anna, booking_id


async def test_who_claimed_a_booking_is_told_of_it_as_well_each_with_their_own_way_in(world: World) -> None:
    anna, booking_id = await claimed(world)
    await world.cancel(booking_id)

    mails = {str(mail["To"]): mail for mail in await deliver(world)}

    assert set(mails) == {EMAIL, anna.email}
    assert all(str(mail["Subject"]).startswith("Geannuleerd") for mail in mails.values())
    assert "omdat je met dit e-mailadres plaatsen boekte" in html_of(mails[EMAIL])
    assert "omdat je deze boeking bij je boekingen zette" in html_of(mails[str(anna.email)])


async def test_the_link_of_a_guest_is_not_mailed_to_who_claimed_and_the_code_to_nobody(world: World) -> None:
    session = await world.session(price_cents=0)
    anna, booking_id = await claimed(world, session)
    await move(world, session, timedelta(days=1))

    mails = {str(mail["To"]): text_of(mail) for mail in await deliver(world)}

    links = [choice_in(mails[each]) for each in (EMAIL, str(anna.email))]
    of_guest, of_anna = [(await world.client.get(each)).text for each in links]
    assert "/dender/gast/" in of_guest
    assert f"/dender/boekingen/{booking_id}" in of_anna
    assert "/gast/" not in mails[str(anna.email)] + of_anna
    assert not any("toevoegen" in words for words in mails.values())


async def test_who_claims_their_own_booking_is_told_once_and_at_their_own_page(world: World) -> None:
    session = await world.session(price_cents=0)
    _, booking_id = await claimed(world, session)
    await world.execute("UPDATE identity.person SET email = $1", EMAIL)
    await world.execute("UPDATE reservations.contact SET email = $1", EMAIL.capitalize())
    await move(world, session, timedelta(days=1))

    [mail] = await deliver(world)

    assert mail["To"] == EMAIL
    assert f"/dender/boekingen/{booking_id}" in (await world.client.get(choice_in(text_of(mail)))).text


async def test_a_guest_who_was_forgotten_is_told_nothing_and_who_claimed_still_is(world: World) -> None:
    anna, booking_id = await claimed(world)
    await world.execute("DELETE FROM reservations.contact")
    await world.cancel(booking_id)

    assert [mail["To"] for mail in await deliver(world)] == [anna.email]


async def test_an_address_that_takes_no_mail_keeps_nothing_from_the_other(world: World) -> None:
    anna, booking_id = await claimed(world)
    await world.execute("UPDATE reservations.contact SET email = 'lotte'")
    await world.cancel(booking_id)
    services = world.services
    outbox = Deliverer(services.database, world.clock, services.ids, topics(services))

    while (await outbox.deliver_due()).more:
        pass

    told = [mail["To"] for mail in world.mails if str(mail["Subject"]).startswith("Geannuleerd")]
    assert told == [anna.email]
    failed = await world.rows("SELECT payload ->> 'to' FROM uit.outbox WHERE failed_at IS NOT NULL")
    assert [row[0] for row in failed] == ["guest"]
