"""*Mijn gegevens*: what somebody sees of themselves, who looked at them, and a copy to take along."""

import msgspec
import pytest

from tests.builders import Resident, World
from tests.identity.person.helpers import entrust
from tests.passes.counter import AALST, acts, changed_details, open_counter
from tests.passes.membership.test_ending import page_of
from tests.reservations.sessions.test_desk import text_of

MINE = "/dender/mijn-gegevens"


async def mine(world: World, who: Resident, rest: str = "") -> str:
    await world.sign_in(who)
    answer = await world.client.get(MINE + rest)
    assert answer.status_code == 200, answer.text
    return text_of(answer)


async def looks(world: World) -> list[tuple[str, str, str]]:
    rows = await world.rows("SELECT service, service_key, purpose FROM uit.look ORDER BY purpose, service")
    return [tuple(row) for row in rows]


async def test_who_is_signed_in_reads_who_they_are_to_us(world: World) -> None:
    anna = await world.resident()

    page = await mine(world, anna)

    for word in ("Yasmine Peeters", anna.email, "17 mei 1990", "Nog niemand."):
        assert word in page


async def test_who_has_no_pass_of_a_region_is_led_to_how_to_get_one(world: World) -> None:
    elsewhere = await world.resident(region_id=2)
    await world.sign_in(elsewhere)

    for rest in ("", "/alles"):
        answer = await world.client.get(MINE + rest, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/dender/mijn-pas")


async def test_each_look_of_a_desk_names_the_service_and_never_who_works_there(world: World) -> None:
    anna = await world.resident()
    page = page_of(anna.membership_id)
    await world.municipality(AALST)
    await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1)", AALST)
    await world.execute("UPDATE passes.membership SET refnis = $1", AALST)
    await world.sign_in_staff("clerk", refnis=AALST)
    await world.client.get(f"{page}/krediet")
    await world.sign_in_staff("clerk")
    await world.post_form("/dender/balie", wie=anna.token)
    for rest in ("", "", "/hulp", "/gegevens"):
        assert (await world.client.get(page + rest)).status_code == 200

    seen = await mine(world, anna)

    assert set(await looks(world)) == {
        ("counter", "", "copy"),
        ("counter", "", "details"),
        ("counter", "", "help"),
        ("counter", AALST, "credit"),
    }
    for word in (
        "Balie van de regio",
        "Balie van Aalst",
        "· 2 keer",
        "je krediet te bekijken",
    ):
        assert word in seen
    names = await world.rows("SELECT name FROM identity.staff")
    assert names
    assert not [name for (name,) in names if name in seen]


async def test_nobody_sees_who_looked_at_another(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await open_counter(world)
    await world.client.get(page_of(bilal.membership_id))

    assert "Nog niemand." in await mine(world, anna)
    assert "Om je te helpen aan de balie" in await mine(world, bilal)


@pytest.mark.parametrize("change", ["UPDATE uit.look SET purpose = 'x'", "DELETE FROM uit.look"])
async def test_the_application_writes_a_look_and_never_changes_it(world: World, change: str) -> None:
    anna = await world.resident()
    await open_counter(world)
    await world.client.get(page_of(anna.membership_id))

    may = await world.value("SELECT has_table_privilege('uit_app', 'uit.look', $1)", change.partition(" ")[0])

    assert may is False


async def test_a_file_has_all_of_it_with_whom_they_asked_and_who_looked(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    await entrust(world, anna, bilal)
    await open_counter(world)
    await world.client.get(page_of(anna.membership_id))
    await world.sign_in(anna)
    ask = {"ask_id": "00000000-0000-0000-0000-000000000005", "naam": "Carl", "bereik": "carl@example.org"}
    await world.post_form("/dender/wie-helpt-mij", **ask, see="true", tot="2026-12-31")

    answer = await world.post_form(f"{MINE}/bestand")
    own = msgspec.json.decode(answer.content)

    assert answer.headers["content-disposition"] == 'attachment; filename="gegevens.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert own["person"]["email"] == anna.email
    assert [each["reached_by"] for each in own["asked_help"]] == ["carl@example.org"]
    assert [(each["service"], each["purpose"]) for each in own["looks"]] == [("counter", "details")]
    assert "person.copy" in await acts(world)
    assert bilal.email not in answer.text


async def test_what_changed_says_whether_they_did_it_themselves(world: World) -> None:
    anna = await world.resident()
    await open_counter(world)
    await world.post_form(f"{page_of(anna.membership_id)}/wijzigen", **changed_details())

    page = await mine(world, anna)

    assert "Was Yasmine Peeters, is nu Zoë D" in page
    assert "Aan de balie" in page


async def test_all_is_there_to_read(world: World) -> None:
    anna = await world.resident(credit_cents=1500)
    await world.book(anna, await world.session(price_cents=500))

    page = await mine(world, anna, "/alles")

    for word in ("Krediet over € 10,00", "De kleine prins", "Niet in het bestand: je rijksregisternummer"):
        assert word in page
