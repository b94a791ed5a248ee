"""What an organiser says here of an imported activity goes before its source, until they let it go."""

import json
from typing import Any
from uuid import UUID, uuid4

from tests.builders import World
from tests.reservations.activities.making import HALL
from tests.reservations.importing.events import Import, a_concert
from tests.reservations.sessions.test_desk import text_of

EVERYTHING = (
    "SELECT e::text, h::text FROM organisers.event AS e JOIN organisers.event_here AS h ON h.event_id = e.id"
)
LINK = "https://meet.example/zingen"
PLACE = """
    SELECT v.name AS venue, e.attendance::text, s.attendance::text, e.online_url
    FROM organisers.event AS e
    JOIN organisers.venue AS v ON v.id = e.venue_id
    JOIN reservations.session AS s ON s.event_id = e.id
"""
COLUMNS = "SELECT name, description, type_label, facilities, age_from FROM organisers.event"


async def come_in(town: World, take_in: Import) -> str:
    """The page of an imported activity, with its organiser signed in."""
    await take_in(a_concert())
    [row] = await town.rows("SELECT id, organiser_id FROM organisers.event")
    await town.sign_in_staff("organiser", organiser_id=row["organiser_id"])
    return f"/dender/organisaties/{row['organiser_id']}/activiteiten/{row['id']}"


async def typed(town: World, **changed: str) -> dict[str, str]:
    """The form as it is shown, with some of it typed otherwise."""
    [row] = await town.rows(
        "SELECT name, description, type_label, domain::text, facilities FROM organisers.event"
    )
    shown = {
        "title": row["name"],
        "text": row["description"].replace("\n", "\r\n"),
        "kind": row["type_label"],
        "domain": row["domain"],
        "more": "\r\n".join(row["facilities"]),
    }
    return shown | changed


def renamed(name: str) -> dict[str, Any]:
    return a_concert() | {"name": {"nl": name}}


async def test_a_form_that_is_sent_as_it_was_shown_says_nothing(town: World, take_in: Import) -> None:
    this = await come_in(town, take_in)

    answer = await town.post_form(f"{this}/wat", **await typed(town))

    assert answer.status_code == 303
    assert await town.value("SELECT count(*) FROM organisers.event_here") == 0
    assert await town.value("SELECT count(*) FROM uit.audit WHERE act = 'activity.say'") == 0


async def test_what_is_said_here_stays_when_its_source_changes(town: World, take_in: Import) -> None:
    this = await come_in(town, take_in)
    await town.post_form(f"{this}/wat", **await typed(town, title="Samen zingen", more="Lift"))

    await take_in(renamed("Zingen in de zaal") | {"description": {"nl": "Nieuwe tekst."}})

    [row] = await town.rows(COLUMNS)
    assert (row["name"], row["description"], row["facilities"]) == ("Samen zingen", "Nieuwe tekst.", ["Lift"])
    page = text_of(await town.client.get(f"{this}/wat"))
    assert "In UiTdatabank staat: Zingen in de zaal" in page
    assert "Hier aangevuld: dat gaat voor op UiTdatabank" in text_of(await town.client.get(this))


async def test_importing_twice_changes_nothing_of_it(town: World, take_in: Import) -> None:
    this = await come_in(town, take_in)
    await town.post_form(f"{this}/wat", **await typed(town, title="Samen zingen", age_from="8"))
    await take_in(renamed("Zingen in de zaal"))
    before = await town.rows(EVERYTHING)

    again = await take_in(renamed("Zingen in de zaal"))

    assert again.done.unchanged == 1
    assert await town.rows(EVERYTHING) == before


async def test_what_is_let_go_is_as_its_source_has_it_at_once(town: World, take_in: Import) -> None:
    this = await come_in(town, take_in)
    await town.post_form(f"{this}/wat", **await typed(town, title="Samen zingen", kind="Zangstonde"))
    await take_in(renamed("Zingen in de zaal"))

    answer = await town.post_form(f"{this}/wat/terug", veld="title")

    [row] = await town.rows(COLUMNS)
    assert answer.headers["location"] == f"{this}/wat?gedaan=terug"
    assert (row["name"], row["type_label"]) == ("Zingen in de zaal", "Zangstonde")
    said = json.loads(await town.value("SELECT said FROM organisers.event_here"))
    assert said == {"type_label": "Zangstonde"}


async def test_what_is_typed_as_its_source_has_it_follows_the_source_again(
    town: World, take_in: Import
) -> None:
    this = await come_in(town, take_in)
    before = await typed(town)
    await town.post_form(f"{this}/wat", **before | {"title": "Samen zingen"})

    await town.post_form(f"{this}/wat", **before)
    await take_in(renamed("Zingen in de zaal"))

    assert await town.value("SELECT count(*) FROM organisers.event_here") == 0
    assert await town.value("SELECT name FROM organisers.event") == "Zingen in de zaal"


async def test_what_is_said_here_is_what_everybody_reads_and_finds(town: World, take_in: Import) -> None:
    this = await come_in(town, take_in)
    event_id = UUID(this.rpartition("/")[2])

    await town.post_form(f"{this}/wat", **await typed(town, title="Zangstonde voor iedereen"))

    assert "Zangstonde voor iedereen" in text_of(await town.client.get("/dender/agenda?waar=zangstonde"))
    assert "Zangstonde voor iedereen" in text_of(await town.client.get(f"/dender/evenementen/{event_id}"))


async def test_it_is_where_its_organiser_says_and_not_where_its_source_has_it(
    town: World, take_in: Import
) -> None:
    this = await come_in(town, take_in)

    await town.post_form(f"{this}/waar", **HALL | {"attendance": "mixed"}, venue_id=uuid4(), url=LINK)
    await take_in(renamed("Zingen in de zaal"))

    assert [tuple(row) for row in await town.rows(PLACE)] == [("Zaal De Kring", "mixed", "mixed", LINK)]
    page = text_of(await town.client.get(f"{this}/waar"))
    assert "In UiTdatabank staat: De Hopzolder, Aalst" in page


async def test_a_place_that_is_let_go_is_that_of_its_source_at_once(town: World, take_in: Import) -> None:
    this = await come_in(town, take_in)
    [before] = await town.rows(PLACE)
    await town.post_form(f"{this}/waar", **HALL | {"attendance": "mixed"}, venue_id=uuid4(), url=LINK)

    await town.post_form(f"{this}/waar/terug")

    assert [tuple(row) for row in await town.rows(PLACE)] == [tuple(before)]
    assert await town.value("SELECT count(*) FROM organisers.event_here") == 0


async def test_what_is_said_of_a_place_and_of_words_stand_beside_each_other(
    town: World, take_in: Import
) -> None:
    this = await come_in(town, take_in)

    await town.post_form(f"{this}/waar", **HALL, venue_id=uuid4())
    await town.post_form(f"{this}/wat", **await typed(town, title="Samen zingen"))

    [row] = await town.rows(PLACE)
    assert row["venue"] == "Zaal De Kring"
    assert await town.value("SELECT name FROM organisers.event") == "Samen zingen"


async def test_whether_it_is_published_its_source_says(town: World, take_in: Import) -> None:
    this = await come_in(town, take_in)

    sent = [await town.post_form(f"{this}/{part}") for part in ("publiceren", "verbergen")]

    assert [each.status_code for each in sent] == [404, 404]
