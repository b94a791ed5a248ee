"""What an activity is, as its organiser fills it in."""

from tests.builders import World
from tests.reservations.activities.making import begin, event_of, published
from tests.reservations.sessions.test_desk import text_of

FILLED = {
    "title": "Quiz van de harmonie",
    "text": "Zes rondes.\n\nMet frietjes.",
    "domain": "culture",
    "kind": "Quiz",
    "age_from": "12",
    "age_to": "",
    "facility_0": "true",
    "more": "Lift tot in de zaal",
    "title_fr": "Quiz de l'harmonie",
    "text_fr": "Six manches.",
}


async def test_its_words_stand_in_the_languages_that_were_written(world: World) -> None:
    this = await begin(world, await world.organiser())

    answer = await world.post_form(f"{this}/wat", **FILLED)
    form = await world.client.get(f"{this}/wat")

    names = await world.value("SELECT name_translations FROM organisers.event")
    assert answer.headers["location"] == f"{this}?gedaan=bewaard"
    assert names == '{"fr": "Quiz de l\'harmonie", "nl": "Quiz van de harmonie"}'
    assert "Six manches." in form.text
    assert "Frans" in text_of(await world.client.get(this))


async def test_everybody_reads_what_it_is_and_what_its_place_has(world: World) -> None:
    this = await published(world, await world.organiser())

    await world.post_form(f"{this}/wat", **FILLED)
    shown = text_of(await world.client.get(f"/dender/evenementen/{event_of(this)}"))

    assert "Voorzieningen voor rolstoelgebruikers, Lift tot in de zaal" in shown
    assert "vanaf 12 jaar" in shown
    assert "Zes rondes. Met frietjes." in shown


async def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(world: World) -> None:
    this = await begin(world, await world.organiser())

    answer = await world.post_form(
        f"{this}/wat", **FILLED | {"title": "", "age_to": "8", "text_en": "Six rounds.", "domain": "x"}
    )

    shown = text_of(answer)
    assert answer.status_code == 422
    assert "Titel: Geef het een titel." in shown
    assert "De hoogste leeftijd is niet lager dan de laagste." in shown
    assert "Titel in het Engels: Schrijf ook de titel in die taal." in shown
    assert "Lift tot in de zaal" in answer.text


async def test_what_did_not_change_leaves_no_second_act(world: World) -> None:
    this = await begin(world, await world.organiser())

    for _ in range(2):
        await world.post_form(f"{this}/wat", **FILLED)

    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'activity.describe'") == 1


async def test_its_dates_follow_its_domain(world: World) -> None:
    this = await published(world, await world.organiser())

    await world.post_form(f"{this}/wat", **FILLED | {"domain": "youth"})

    assert await world.value("SELECT domain::text FROM reservations.session") == "youth"
