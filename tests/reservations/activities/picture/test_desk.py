"""An organiser gives its activity a picture, with words for who does not see it."""

from httpx import Response

from tests.builders import World
from tests.reservations.activities.making import begin, event_of, home_of, published
from tests.reservations.activities.picture.pictures import SECRET, jpeg, png
from tests.reservations.sessions.test_desk import text_of
from uit.web.form_token import FIELD

WORDS = {"alt": "Een volle zaal aan lange tafels", "credit": "Fotoclub Aalst"}


async def send(world: World, this: str, content: bytes = b"", **words: str) -> Response:
    files = {"picture": ("foto.jpg", content, "image/jpeg")}
    data = {FIELD: await world.form_token(), **(words or WORDS)}
    answer: Response = await world.client.post(f"{this}/foto", data=data, files=files, follow_redirects=False)
    return answer


async def test_everybody_sees_the_picture_of_what_is_published_with_its_words(world: World) -> None:
    this = await published(world, await world.organiser())

    answer = await send(world, this, jpeg())
    event = await world.client.get(f"/dender/evenementen/{event_of(this)}")
    version = await world.value("SELECT version FROM organisers.event_picture")
    picture = await world.client.get(f"/dender/evenementen/{event_of(this)}/foto/{version}")

    assert answer.headers["location"] == f"{this}?gedaan=bewaard"
    assert f'src="/dender/evenementen/{event_of(this)}/foto/{version}"' in event.text
    assert 'alt="Een volle zaal aan lange tafels"' in event.text
    assert "Foto: Fotoclub Aalst" in text_of(event)
    assert picture.headers["content-type"] == "image/jpeg"
    assert SECRET not in picture.content


async def test_the_picture_of_a_draft_is_for_its_organiser_alone(world: World) -> None:
    organiser_id, other = await world.organiser(), await world.organiser(name="Elders")
    this = await begin(world, organiser_id)
    await send(world, this, png())
    version = await world.value("SELECT version FROM organisers.event_picture")

    own = await world.client.get(f"{this}/foto/{version}")
    public = await world.client.get(f"/dender/evenementen/{event_of(this)}/foto/{version}")
    await world.sign_in_staff("organiser", organiser_id=other)
    theirs = await world.client.get(f"{home_of(other)}/{event_of(this)}/foto/{version}")
    sent = await send(world, f"{home_of(other)}/{event_of(this)}", png(700))

    assert [each.status_code for each in (own, public, theirs, sent)] == [200, 404, 404, 404]


async def test_what_is_no_picture_or_has_no_words_is_said_at_once(world: World) -> None:
    this = await begin(world, await world.organiser())

    answer = await send(world, this, b"%PDF-1.7", alt=" ", credit="")
    nothing = await send(world, this)

    shown = text_of(answer)
    assert answer.status_code == 422
    assert "Foto of affiche: Dit is geen JPEG, PNG of WebP, of het is niet heel." in shown
    assert "Wat staat erop? Zeg het voor wie de foto niet ziet." in shown
    assert "Zeg wie het maakte, ook als jij het was." in shown
    assert "Kies een bestand." in text_of(nothing)
    assert await world.value("SELECT count(*) FROM organisers.event_picture") == 0


async def test_words_change_without_sending_the_picture_again(world: World) -> None:
    this = await begin(world, await world.organiser())
    await send(world, this, png())

    await send(world, this, alt="Een lege zaal", credit="An Claes")

    [words] = await world.rows("SELECT alt, credit, width FROM organisers.event_picture")
    assert tuple(words) == ("Een lege zaal", "An Claes", 640)


async def test_who_chose_a_language_is_told_in_it_what_the_picture_shows(world: World) -> None:
    this = await published(world, await world.organiser())
    await send(world, this, png(), **WORDS | {"alt_fr": "Une salle comble", "alt_en": " "})
    page = f"/dender/evenementen/{event_of(this)}"

    in_dutch = await world.client.get(page)
    await world.client.get("/taal/fr")
    in_french = await world.client.get(page)
    form = await world.client.get(f"{this}/foto")
    await send(world, this, b"", **WORDS | {"alt_fr": "Une salle vide"})
    await world.client.get("/taal/en")
    in_english = await world.client.get(page)

    assert 'alt="Een volle zaal aan lange tafels"' in in_dutch.text
    assert 'alt="Une salle comble" lang="fr"' in " ".join(in_french.text.split())
    assert 'value="Une salle comble"' in form.text
    assert 'alt="Een volle zaal aan lange tafels"' in in_english.text
    words = await world.value("SELECT alt_translations FROM organisers.event_picture")
    assert words == '{"fr": "Une salle vide"}'


async def test_a_picture_is_taken_away(world: World) -> None:
    this = await begin(world, await world.organiser())
    await send(world, this, png())

    await world.post_form(f"{this}/foto/weg")

    assert await world.value("SELECT count(*) FROM organisers.event_picture") == 0


async def test_what_is_larger_than_a_picture_may_be_is_refused(world: World) -> None:
    this = await begin(world, await world.organiser())

    answer = await send(world, this, bytes(3_500_000))

    assert answer.status_code == 413
