"""An organiser keeps a rule for who stays away, and excuses whom they want."""

from datetime import timedelta
from uuid import UUID

from tests.builders import World
from tests.reservations.absences.test_asking import keep_rule, stay_away
from tests.reservations.sessions.test_desk import text_of


async def desk(world: World) -> tuple[UUID, str]:
    organiser_id = await world.organiser()
    await world.sign_in_staff("organiser", organiser_id=organiser_id)
    return organiser_id, f"/dender/organisaties/{organiser_id}/afwezigen"


async def test_it_is_off_until_the_organiser_says_so(world: World) -> None:
    _, home = await desk(world)
    before = text_of(await world.client.get(home))

    answer = await world.post_form(home, on="ja", after_times="3", hours_before="6")

    assert "houden we niet bij wie niet kwam" in before
    assert answer.headers["location"] == f"{home}?gedaan=regel"
    stored = await world.rows("SELECT is_on, after_times, hours_before FROM reservations.absence_rule")
    assert [tuple(row) for row in stored] == [(True, 3, 6)]


async def test_a_first_time_can_never_cost_anything(world: World) -> None:
    _, home = await desk(world)

    answer = await world.post_form(home, on="ja", after_times="1", hours_before="13")

    assert answer.status_code == 422
    assert "Vul een getal in van 2 tot 20." in text_of(answer)
    assert "Vul een getal in van 1 tot 12." in text_of(answer)


async def test_an_absence_is_excused_once_and_says_no_name(world: World) -> None:
    organiser_id, _ = await desk(world)
    await keep_rule(world, organiser_id)
    await stay_away(world, await world.resident(), organiser_id)
    home = f"/dender/organisaties/{organiser_id}/afwezigen"
    await world.sign_in_staff("organiser", organiser_id=organiser_id)
    row = (await world.rows("SELECT booking_id, session_id FROM reservations.absence"))[0]

    listed = text_of(await world.client.get(home))
    for _ in range(2):
        await world.post_form(f"{home}/{row[0]}/{row[1]}")

    assert "De kleine prins" in listed
    assert "Yasmine" not in listed
    assert "Verontschuldigd" in text_of(await world.client.get(home))
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'absence.excused'") == 1


async def test_an_excuse_is_taken_back_once(world: World) -> None:
    organiser_id, home = await desk(world)
    await keep_rule(world, organiser_id)
    await stay_away(world, await world.resident(), organiser_id)
    await world.sign_in_staff("organiser", organiser_id=organiser_id)
    [[booking_id, session_id]] = await world.rows("SELECT booking_id, session_id FROM reservations.absence")
    await world.post_form(f"{home}/{booking_id}/{session_id}")

    for _ in range(2):
        await world.post_form(f"{home}/{booking_id}/{session_id}/terug")

    assert await world.value("SELECT excused_at FROM reservations.absence") is None
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'absence.counted_again'") == 1


async def test_an_absence_is_no_business_of_another_organiser(world: World) -> None:
    theirs = await world.organiser()
    await keep_rule(world, theirs)
    await stay_away(world, await world.resident(), theirs)
    row = (await world.rows("SELECT booking_id, session_id FROM reservations.absence"))[0]
    _, home = await desk(world)

    listed = text_of(await world.client.get(home))
    await world.post_form(f"{home}/{row[0]}/{row[1]}")

    assert "De kleine prins" not in listed
    assert await world.value("SELECT excused_at FROM reservations.absence") is None


async def test_it_is_forgotten_after_half_a_year(world: World) -> None:
    organiser_id, _ = await desk(world)
    await keep_rule(world, organiser_id)
    await stay_away(world, await world.resident(), organiser_id)
    world.clock.move(timedelta(days=190))
    await world.sign_in_staff("organiser", organiser_id=organiser_id)

    listed = text_of(await world.client.get(f"/dender/organisaties/{organiser_id}/afwezigen"))

    assert "De kleine prins" not in listed
    assert await world.value("SELECT keep::text FROM uit.retention_class WHERE name = 'absence'") == "6 mons"
