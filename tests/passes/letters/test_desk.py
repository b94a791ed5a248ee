"""Letters and codes on paper at a counter."""

from typing import Any
from uuid import uuid4

from httpx import Response

from tests.builders import Resident, World
from tests.passes.counter import AALST, open_counter
from tests.passes.letters.letters import a_letter, a_message, letters_to_post, live
from uit.identity.message.kind import CALLED_OFF
from uit.identity.message.setting import read_reachable
from uit.identity.message.way import Way, way_to

DESK = "/dender/balie/brieven"


async def at_home(world: World, kind: str = "home") -> Resident:
    await open_counter(world)
    anna = await world.resident()
    await live(world, anna, kind, AALST)
    await world.execute("UPDATE identity.person SET email = NULL WHERE id = $1", anna.person_id)
    return anna


async def states(world: World) -> list[tuple[Any, ...]]:
    rows = await world.rows(
        "SELECT batch_id IS NOT NULL, posted_at IS NOT NULL, returned_at IS NOT NULL, dropped_at IS NOT NULL"
        " FROM identity.letter ORDER BY written_at"
    )
    return [tuple(each) for each in rows]


async def way_of(world: World, anna: Resident) -> Way:
    async with world.services.database.reading() as connection:
        who = await read_reachable(connection, anna.person_id, "called_off")
    assert who
    return way_to(who, CALLED_OFF, texts=False)


async def test_letters_are_printed_together_posted_and_one_comes_back(world: World) -> None:
    anna = await at_home(world)
    letter_id, batch_id = await a_letter(world, anna.person_id), uuid4()

    before = await world.client.get(DESK)
    for _ in range(2):
        assert (await world.post_form(DESK, batch_id=batch_id)).status_code == 303
    printed = await world.client.get(f"{DESK}/{batch_id}/brieven.pdf")
    assert await states(world) == [(True, False, False, False)]
    await world.post_form(f"{DESK}/{batch_id}/gepost")
    assert await way_of(world, anna) is Way.LETTER
    await world.post_form(f"{DESK}/{letter_id}/kwam-terug")

    assert "Gaat niet door" in before.text
    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
    assert b"/Type/Pages/Count 1/" in printed.content
    assert printed.headers["cache-control"] == "no-store"
    assert await states(world) == [(True, True, True, False)]
    assert await way_of(world, anna) is Way.COUNTER


async def test_nothing_goes_to_a_doubted_address_until_it_is_trusted_or_changed(world: World) -> None:
    anna = await at_home(world)
    page = f"/dender/balie/personen/{anna.membership_id}"
    for address, fields in await letters_to_post(world, anna.person_id):
        await world.post_form(f"{DESK}{address}", **fields)
    await a_letter(world, anna.person_id)

    await world.post_form(DESK, batch_id=uuid4())
    assert (False, False, False, False) in await states(world)
    assert "Adres niet zeker" in (await world.client.get(page)).text
    assert "Geen adres, of niet zeker" in (await world.client.get(DESK)).text
    await world.post_form(f"{page}/adres-klopt")
    assert "Adres niet zeker" not in (await world.client.get(page)).text
    assert await way_of(world, anna) is Way.LETTER


async def test_an_address_that_went_after_the_batch_was_made_is_not_printed_nor_posted(world: World) -> None:
    anna, batch_id = await at_home(world), uuid4()
    bilal = await world.resident()
    await live(world, bilal, "home", AALST)
    await a_letter(world, anna.person_id)
    stays = await a_letter(world, bilal.person_id)
    await world.post_form(DESK, batch_id=batch_id)
    await world.execute(
        "UPDATE identity.person SET address_kind = 'none', street = NULL, house_number = NULL,"
        " postcode = NULL, place = NULL WHERE id = $1",
        bilal.person_id,
    )

    printed = await world.client.get(f"{DESK}/{batch_id}/brieven.pdf")
    page = (await world.client.get(DESK)).text
    await world.post_form(f"{DESK}/{batch_id}/gepost")
    await world.execute("UPDATE identity.person SET address_doubted_at = now() WHERE id = $1", anna.person_id)
    none_left = await world.client.get(f"{DESK}/{batch_id}/brieven.pdf")
    await world.post_form(f"{DESK}/{stays}/weg")

    assert b"/Type/Pages/Count 1/" in printed.content
    assert "Deze brief wordt niet gedrukt" in page
    assert none_left.status_code == 409
    assert sorted(await states(world)) == [(True, False, False, True), (True, True, False, False)]


async def test_another_address_is_no_longer_doubted_and_another_name_changes_nothing_of_that(
    world: World,
) -> None:
    anna = await at_home(world)
    page = f"/dender/balie/personen/{anna.membership_id}/wijzigen"
    await world.execute("UPDATE identity.person SET address_doubted_at = now()")
    same = {
        "given_name": "Anna", "family_name": "Peeters", "born_on": "1990-05-17", "address_kind": "home",
        "street": "Kerkstraat", "house_number": "12", "postcode": "9300", "place": "Aalst", "refnis": AALST,
        "language": "nl", "reached_by": "letter", "email": "", "phone": "",
    }  # fmt: skip
    doubted = "SELECT address_doubted_at IS NOT NULL FROM identity.person WHERE id = $1"

    assert (await world.post_form(page, change_id=uuid4(), **same)).status_code == 303
    assert await world.value(doubted, anna.person_id) is True
    moved = same | {"house_number": "14"}
    assert (await world.post_form(page, change_id=uuid4(), **moved)).status_code == 303
    assert await world.value(doubted, anna.person_id) is False


async def test_a_clerk_of_another_town_sees_prints_and_changes_none_of_them(world: World) -> None:
    anna = await at_home(world)
    letter_id, batch_id = await a_letter(world, anna.person_id), uuid4()
    await world.municipality("41048")
    await world.sign_in_staff("clerk", region_id=1, refnis="41048")

    page = await world.client.get(DESK)
    answers = [
        await world.post_form(DESK, batch_id=batch_id),
        await world.client.get(f"{DESK}/{batch_id}/brieven.pdf"),
        await world.post_form(f"{DESK}/{letter_id}/weg"),
        await world.post_form(f"{DESK}/{letter_id}/kwam-terug"),
    ]

    assert "Gaat niet door" not in page.text
    assert [each.status_code for each in answers] == [303, 404, 404, 404]
    assert await states(world) == [(False, False, False, False)]


async def test_an_address_for_letters_alone_is_printed_and_stands_on_no_page(world: World) -> None:
    anna, batch_id = await at_home(world, "reference"), uuid4()
    await a_letter(world, anna.person_id)

    pages = [await world.client.get(DESK)]
    await world.post_form(DESK, batch_id=batch_id)
    pages += [
        await world.client.get(DESK),
        await world.client.get(f"/dender/balie/personen/{anna.membership_id}"),
    ]

    assert [each.status_code for each in pages] == [200, 200, 200]
    assert not [each for each in pages if "Kerkstraat" in each.text]
    assert (await world.client.get(f"{DESK}/{batch_id}/brieven.pdf")).status_code == 200


async def test_a_letter_that_is_not_sent_is_gone_from_the_list(world: World) -> None:
    anna = await at_home(world)
    letter_id = await a_letter(world, anna.person_id)

    await world.post_form(f"{DESK}/{letter_id}/weg")

    assert await states(world) == [(False, False, False, True)]
    assert "Geen brieven om af te drukken" in (await world.client.get(DESK)).text


async def test_what_could_not_be_sent_is_said_at_the_counter_and_never_printed(world: World) -> None:
    anna = await at_home(world)
    page = f"/dender/balie/personen/{anna.membership_id}"
    message_id = await a_message(world, anna.person_id)

    shown, letters = await world.client.get(page), await world.client.get(DESK)
    await world.post_form(DESK, batch_id=uuid4())
    answers = [await world.post_form(f"{page}/berichten/{message_id}/gezegd") for _ in range(2)]

    assert "Nog te zeggen" in shown.text
    assert "Dit gaat niet door." in shown.text
    assert "Gaat niet door" not in letters.text
    assert await states(world) == [(False, False, False, False)]
    assert [each.status_code for each in answers] == [303, 303]
    assert "Nog te zeggen" not in (await world.client.get(page)).text
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'message.tell'") == 1


# Codes to sign in


async def code_of(world: World, anna: Resident, kind: str, **fields: str) -> Response:
    answer: Response = await world.post_form(
        f"/dender/balie/personen/{anna.membership_id}/aanmeldcode", kind=kind, **fields
    )
    return answer


async def test_a_code_is_printed_on_a_slip_or_in_a_letter_and_the_last_one_works(world: World) -> None:
    anna = await at_home(world)
    await world.post_form("/dender/balie", wie=anna.token)

    slip, letter = await code_of(world, anna, "slip"), await code_of(world, anna, "letter")

    assert [each.headers["content-type"] for each in (slip, letter)] == ["application/pdf"] * 2
    assert all(b"/Type/Pages/Count 1/" in each.content for each in (slip, letter))
    rows = await world.rows(
        "SELECT purpose::text, used_at IS NULL FROM identity.link ORDER BY created_at, purpose"
    )
    assert sorted(map(tuple, rows)) == [("letter", True), ("slip", False)]
    acts = await world.rows("SELECT id FROM uit.audit WHERE act = 'code.give'")
    assert len(acts) == 2


async def test_no_letter_goes_to_who_has_no_address_and_no_code_to_who_is_no_member(world: World) -> None:
    anna = await at_home(world, "none")

    no_address, odd = await code_of(world, anna, "letter"), await code_of(world, anna, "fax")
    await world.execute("UPDATE passes.membership SET status = 'ended', ends_on = '2026-03-01'")
    ended = await code_of(world, anna, "slip")

    assert (no_address.status_code, odd.status_code, ended.status_code) == (409, 404, 409)
    assert "Er is geen adres" in no_address.text
    assert await world.value("SELECT count(*) FROM identity.link") == 0


async def test_a_slip_is_for_who_is_there_and_a_letter_needs_no_more_than_an_address(world: World) -> None:
    """Who calls, or whom a clerk found by name, gets no code on the desk of that clerk."""
    anna = await at_home(world)
    asked = f"/dender/balie/personen/{anna.membership_id}/toestemming"
    await world.execute("UPDATE identity.person SET phone = '+32470123456' WHERE id = $1", anna.person_id)

    unasked = await code_of(world, anna, "slip")
    called = await world.post_form(asked, permission_id=uuid4(), soort="callback")
    by_telephone = await code_of(world, anna, "slip")
    assert await world.value("SELECT count(*) FROM identity.link") == 0
    letter = await code_of(world, anna, "letter")
    shown = await world.post_form(asked, permission_id=uuid4(), soort="known", verder="persoon")
    slip = await code_of(world, anna, "slip")

    assert [each.headers["location"] for each in (unasked, by_telephone)] == [f"{asked}?verder=persoon"] * 2
    assert called.status_code == 303
    assert shown.headers["location"] == asked.replace("/toestemming", "?gedaan=toegelaten")
    assert [each.headers["content-type"] for each in (letter, slip)] == ["application/pdf"] * 2


async def test_a_code_goes_in_no_letter_to_a_doubted_address(world: World) -> None:
    anna = await at_home(world)
    await world.execute("UPDATE identity.person SET address_doubted_at = now()")

    page = await world.client.get(f"/dender/balie/personen/{anna.membership_id}")
    answer = await code_of(world, anna, "letter")

    assert "Code in een brief" not in page.text
    assert (answer.status_code, "een brief kwam terug" in answer.text) == (409, True)
    assert await world.value("SELECT count(*) FROM identity.link") == 0


async def test_a_child_below_thirteen_gets_a_code_once_a_parent_agrees_at_the_counter(world: World) -> None:
    lotte = await at_home(world)
    await world.execute("UPDATE identity.person SET born_on = '2019-05-01'")

    alone = [await code_of(world, lotte, kind) for kind in ("slip", "letter")]
    codes = await world.value("SELECT count(*) FROM identity.link")
    asked = f"/dender/balie/personen/{lotte.membership_id}/toestemming"
    await world.post_form(asked, permission_id=uuid4(), soort="known", verder="persoon")
    agreed = await code_of(world, lotte, "slip", consent="true")

    assert ([each.status_code for each in alone], codes) == ([403, 403], 0)
    assert "Een ouder gaat eerst akkoord" in alone[0].text
    assert 'name="consent"' in alone[0].text
    assert agreed.headers["content-type"] == "application/pdf"
    facts = await world.value("SELECT facts::text FROM uit.audit WHERE act = 'code.give'")
    assert "parent" in facts


async def test_the_short_address_on_paper_leads_to_the_page_for_codes(world: World) -> None:
    answer = await world.client.get("/code")

    assert answer.headers["location"] == "/aanmelden/met-code"
