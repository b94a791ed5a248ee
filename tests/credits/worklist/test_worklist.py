"""The worklist of a counter: what is on it, for whom, and how it gets off."""

from datetime import timedelta
from uuid import UUID, uuid4

from httpx import Response

from tests.builders import Resident, World
from tests.credits.books import a_programme
from tests.passes.counter import AALST, open_counter
from tests.passes.decisions.test_decisions import GROUND, answer, ask, decided
from tests.passes.letters.letters import letters_to_post, live

PAGE = "/dender/balie/werklijst"
DESK = "/dender/balie/brieven"


async def named(world: World, given: str, family: str, born_on: str = "1990-05-17") -> Resident:
    who = await world.resident()
    await live(world, who, refnis=AALST)
    await world.execute(
        "UPDATE identity.person SET given_name = $2, family_name = $3, born_on = $4::text::date"
        " WHERE id = $1",
        who.person_id,
        given,
        family,
        born_on,
    )
    return who


async def shown(world: World) -> str:
    answer = await world.client.get(PAGE)
    assert answer.status_code == 200
    return str(answer.text).replace("\xa0", " ")


async def done(world: World, member_id: UUID, kind: str, about: str) -> Response:
    answer: Response = await world.post_form(f"{PAGE}/{member_id}", kind=kind, about=about)
    return answer


async def prove(world: World, who: Resident, until: str) -> None:
    await world.execute(
        "UPDATE passes.membership SET social_until = $2::text::date WHERE id = $1", who.membership_id, until
    )


async def test_proofs_that_end_this_month_stand_on_it_until_they_are_done_or_renewed(world: World) -> None:
    await open_counter(world)
    ends, later = await named(world, "Ella", "Nu"), await named(world, "Lars", "Later")
    await prove(world, ends, "2026-03-31")
    await prove(world, later, "2026-04-01")

    page = await shown(world)
    assert ("Ella Nu" in page, "Lars Later" in page) == (True, False)
    assert "31 maart 2026" in page
    assert (await done(world, ends.membership_id, "proof", "2026-03-31")).status_code == 303
    assert "Ella Nu" not in await shown(world)
    await prove(world, ends, "2026-03-30")
    assert "Ella Nu" in await shown(world)


async def test_near_names_with_one_birth_date_are_shown_once_and_never_again_once_they_are_two(
    world: World,
) -> None:
    await open_counter(world)
    first = await named(world, "Annelies", "Vermeiren")
    second = await named(world, "Annelies", "Vermeieren")
    await named(world, "Bilal", "Haddad")
    await named(world, "Annelies", "Vermeiren", "1991-05-17")
    await world.execute(
        "UPDATE passes.membership SET starts_on = '2026-03-02' WHERE id = $1", second.membership_id
    )
    await world.execute(
        "UPDATE passes.membership SET starts_on = '2026-03-01' WHERE id = $1", first.membership_id
    )

    page = await shown(world)
    assert page.count("lijkt op") == 1
    assert "lijkt op Annelies Vermeiren" in page
    await done(world, second.membership_id, "double", str(first.membership_id))
    assert "lijkt op" not in await shown(world)


async def test_who_is_protected_is_no_double_and_has_no_name_on_it(world: World) -> None:
    await open_counter(world)
    hidden = await named(world, "Annelies", "Vermeiren")
    await named(world, "Annelies", "Vermeieren")
    await prove(world, hidden, "2026-03-31")
    await world.execute("UPDATE identity.person SET is_protected = true WHERE id = $1", hidden.person_id)

    page = await shown(world)

    assert "lijkt op" not in page
    assert "Beschermde persoon" in page
    assert "Vermeiren" not in page


async def test_a_letter_that_came_back_stands_on_it_until_the_address_is_trusted(world: World) -> None:
    await open_counter(world)
    anna = await named(world, "Anna", "Peeters")
    for path, fields in await letters_to_post(world, anna.person_id):
        await world.post_form(f"{DESK}{path}", **fields)

    assert "Brief kwam terug" in await shown(world)
    await world.post_form(f"/dender/balie/personen/{anna.membership_id}/adres-klopt")
    assert "Brief kwam terug" not in await shown(world)


async def test_credit_that_was_refused_stands_on_it_until_it_is_given(world: World) -> None:
    await open_counter(world)
    anna = await named(world, "Anna", "Peeters")
    programme_id = await a_programme(world)
    address = f"/dender/balie/personen/{anna.membership_id}/krediet"
    await world.execute("UPDATE passes.membership SET status = 'blocked' WHERE id = $1", anna.membership_id)
    refused = await world.post_form(address, grant_id=uuid4(), programme_id=programme_id)
    await world.execute("UPDATE passes.membership SET status = 'active' WHERE id = $1", anna.membership_id)

    assert refused.status_code == 409
    assert "Krediet geweigerd" in await shown(world)
    world.clock.move(timedelta(hours=1))
    given = await world.post_form(address, grant_id=uuid4(), programme_id=programme_id)
    assert given.status_code == 303
    assert "Krediet geweigerd" not in await shown(world)
    again = await world.post_form(address, grant_id=uuid4(), programme_id=programme_id)
    assert again.status_code == 409
    assert "Krediet geweigerd" not in await shown(world)


async def test_a_clerk_of_another_town_has_none_of_it_and_ticks_none_off(world: World) -> None:
    await open_counter(world)
    anna, twin = await named(world, "Anna", "Peeters"), await named(world, "Anna", "Peeters")
    await prove(world, anna, "2026-03-31")
    await world.municipality("41048")
    await world.sign_in_staff("clerk", region_id=1, refnis="41048")

    page = await shown(world)
    answer = await done(world, anna.membership_id, "double", str(twin.membership_id))

    assert "Niets te doen" in page
    assert "Peeters" not in page
    assert answer.status_code == 404
    assert await world.value("SELECT count(*) FROM credits.worklist_mark") == 0


async def test_what_is_done_twice_is_done_once_and_what_is_no_task_is_unknown(world: World) -> None:
    await open_counter(world)
    anna = await named(world, "Anna", "Peeters")

    answers = [await done(world, anna.membership_id, "proof", "2026-03-31") for _ in range(2)]
    odd = [
        await done(world, anna.membership_id, kind, about) for kind, about in (("fax", "x"), ("proof", ""))
    ]

    assert [each.status_code for each in (*answers, *odd)] == [303, 303, 404, 404]
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'worklist.done'") == 1


async def test_who_asks_to_look_at_a_decision_again_stands_on_it_until_they_have_an_answer(
    world: World,
) -> None:
    await open_counter(world)
    anna = await named(world, "Anna", "Peeters")
    decision_id = await decided(world, anna)
    await ask(world, decision_id)
    await world.sign_in_staff("clerk", region_id=1, refnis=AALST)

    page = await shown(world)
    await answer(world, anna, decision_id)

    assert "Beslissing opnieuw bekijken" in page
    assert f"/dender/balie/personen/{anna.membership_id}/beslissingen" in page
    assert GROUND not in page
    assert "Beslissing opnieuw bekijken" not in await shown(world)
