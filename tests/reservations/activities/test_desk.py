"""An organiser makes an activity by hand: a draft, its parts, and then everybody can book."""

import json
from datetime import timedelta
from uuid import uuid4

from reservations.booking.answers import Booked
from tests.builders import Session, World
from tests.reservations.activities.making import EVENING, begin, event_of, fill_in, home_of, published
from tests.reservations.dates import call_off
from tests.reservations.sessions.test_desk import text_of

PRICES = "SELECT code, price_cents, eligibility::text FROM reservations.tariff ORDER BY rank"


async def its_session(world: World, this: str) -> Session:
    [row] = await world.rows(
        "SELECT id, organiser_id FROM reservations.session WHERE event_id = $1", event_of(this)
    )
    return Session(1, row["id"], row["organiser_id"], event_of(this), row["id"])


async def test_a_draft_says_what_is_missing_and_nobody_sees_it(world: World) -> None:
    organiser_id = await world.organiser()
    this = await begin(world, organiser_id)

    shown = text_of(await world.client.get(this))
    refused = await world.post_form(f"{this}/publiceren")
    public = await world.client.get(f"/dender/evenementen/{event_of(this)}")

    assert "Ontwerp: niemand ziet het" in shown
    assert "Nog 4 delen in te vullen." in shown
    assert refused.status_code == 422
    assert "Zeg hoeveel plaatsen er zijn." in refused.text
    assert public.status_code == 404


async def test_the_list_counts_no_date_that_was_called_off(world: World) -> None:
    organiser_id = await world.organiser()
    this = await published(world, organiser_id)
    before = text_of(await world.client.get(home_of(organiser_id)))

    await call_off(world, await its_session(world, this))
    after = text_of(await world.client.get(home_of(organiser_id)))

    assert ["Nog 1 datum" in page for page in (before, after)] == [True, False]


async def test_what_is_published_is_in_the_agenda_and_can_be_booked(world: World) -> None:
    organiser_id = await world.organiser()
    this = await published(world, organiser_id)
    anna = await world.resident(credit_cents=2000)
    await world.session(organiser_id=organiser_id)

    agenda = text_of(await world.client.get("/dender/agenda?waar=harmonie"))
    event = text_of(await world.client.get(f"/dender/evenementen/{event_of(this)}"))
    answer = await world.book(anna, await its_session(world, this), 2)

    assert "Quiz van de harmonie" in agenda
    assert "Zaal De Kring" in event
    assert "Tot 12 jaar" in event
    assert isinstance(answer, Booked)
    assert await world.available_cents(anna) == 400


async def test_the_social_tariff_is_the_part_that_the_distribution_key_says(world: World) -> None:
    await published(world, await world.organiser())

    found = await world.rows(PRICES)

    assert [tuple(row) for row in found] == [
        ("base", 800, "anyone"),
        ("tot-12-jaar", 450, "anyone"),
        ("kansentarief", 160, "social"),
    ]


async def test_publishing_twice_makes_each_date_once(world: World) -> None:
    this = await published(world, await world.organiser())

    again = await world.post_form(f"{this}/publiceren")

    assert again.status_code == 303
    assert await world.value("SELECT count(*) FROM reservations.session") == 1
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'activity.publish'") == 1


async def test_what_nobody_booked_is_hidden_again_and_what_somebody_booked_is_not(world: World) -> None:
    organiser_id = await world.organiser()
    this, other = [await published(world, organiser_id, title) for title in ("Quiz", "Bal")]
    await world.session(organiser_id=organiser_id)
    await world.book(await world.resident(credit_cents=2000), await its_session(world, other))

    hidden = await world.post_form(f"{this}/verbergen")
    refused = await world.post_form(f"{other}/verbergen")

    assert hidden.headers["location"] == f"{this}?gedaan=verborgen"
    assert refused.status_code == 409
    assert "Er is al één plaats geboekt." in text_of(refused)
    assert (await world.client.get(f"/dender/evenementen/{event_of(this)}")).status_code == 404
    assert (await world.client.get(f"/dender/evenementen/{event_of(other)}")).status_code == 200


async def test_what_is_hidden_cannot_be_booked_until_it_is_published_again(world: World) -> None:
    organiser_id = await world.organiser()
    this = await published(world, organiser_id)
    await world.session(organiser_id=organiser_id)
    anna, session = await world.resident(credit_cents=5000), await its_session(world, this)

    await world.post_form(f"{this}/verbergen")
    refused = await world.book(anna, session)
    await world.post_form(f"{this}/publiceren")
    booked = await world.book(anna, session)

    assert not isinstance(refused, Booked)
    assert isinstance(booked, Booked)


async def test_a_copy_has_all_but_dates_or_has_them_weeks_later(world: World) -> None:
    organiser_id = await world.organiser()
    this, bare, later = await published(world, organiser_id), uuid4(), uuid4()

    await world.post_form(f"{this}/kopieren", event_id=bare, title="Nog een quiz", weeks="")
    await world.post_form(f"{this}/kopieren", event_id=later, title="Quiz in april", weeks="4")
    await world.post_form(f"{this}/kopieren", event_id=later, title="Quiz in april", weeks="4")

    dates = await world.rows("SELECT event_id, starts_at::text FROM reservations.event_date")
    assert [tuple(row) for row in dates] == [(later, "2026-04-17 18:00:00+00")]
    assert "Nog 1 deel in te vullen." in text_of(await world.client.get(f"{home_of(organiser_id)}/{bare}"))
    assert "Alles is ingevuld." in text_of(await world.client.get(f"{home_of(organiser_id)}/{later}"))


async def test_dates_at_one_moment_are_one_in_a_copy(world: World) -> None:
    organiser_id = await world.organiser()
    this, later = await published(world, organiser_id), uuid4()
    await world.post_form(f"{this}/wanneer/eenmalig", **EVENING | {"day": "2026-03-27", "stap": "maak"})
    await world.execute(
        "UPDATE reservations.session SET starts_at = (SELECT min(starts_at) FROM reservations.session)"
    )
    assert await world.value("SELECT count(*) FROM reservations.session") == 2

    await world.post_form(f"{this}/kopieren", event_id=later, title="Quiz in april", weeks="4")

    dates = await world.rows("SELECT event_id, starts_at::text FROM reservations.event_date")
    assert [tuple(row) for row in dates] == [(later, "2026-04-17 18:00:00+00")]


async def test_what_is_asked_for_a_price_comes_along_in_a_copy(
    world: World,
) -> None:
    organiser_id = await world.organiser()
    this, copied = await published(world, organiser_id), uuid4()
    asked = f"/dender/organisaties/{organiser_id}/tarieven/{event_of(this)}/base/voorwaarden"

    linked = asked in (await world.client.get(this)).text
    opened = await world.client.get(asked)
    await world.execute(
        "INSERT INTO reservations.tariff_condition"
        " (region_id, event_id, code, most_per_person, decided_at, decided_by)"
        " VALUES (1, $1, 'base', 4, '2026-03-01', $2)",
        event_of(this), uuid4(),
    )  # fmt: skip
    await world.post_form(f"{this}/kopieren", event_id=copied, title="Nog een quiz")

    most = "SELECT most_per_person FROM reservations.tariff_condition WHERE event_id = $1"
    assert linked
    assert opened.status_code == 200
    assert await world.value(most, copied) == 4


async def test_a_copy_asks_the_same_name_and_is_called_as_its_form_says(world: World) -> None:
    organiser_id = await world.organiser()
    this, copied = await published(world, organiser_id), uuid4()
    await world.execute(
        "UPDATE organisers.event SET asks_first_name = true, asks_full_name = true, waiting_rule = 'keep',"
        " names_asked_at = '2026-03-01', name_translations = $1, description_translations = $2",
        '{"nl": "Quiz", "fr": "Quiz en famille", "en": "Family quiz", "it": "Il quiz"}',
        '{"nl": "Kom.", "fr": "Venez."}',
    )

    form = await world.client.get(f"{this}/kopieren")
    typed = {"event_id": str(copied), "title": "Quiz in april", "title_en": "Quiz in April"}
    missing = await world.post_form(f"{this}/kopieren", **typed)
    await world.post_form(f"{this}/kopieren", **typed, title_fr="Quiz en avril")

    assert 'value="Quiz en famille"' in form.text
    assert missing.status_code == 422
    assert "Titel in het Frans: De tekst in die taal komt mee. Schrijf ook de titel." in text_of(missing)
    [row] = await world.rows(
        "SELECT name_translations, asks_first_name, asks_full_name, waiting_rule, names_asked_at"
        " FROM organisers.event WHERE id = $1",
        copied,
    )
    titles = {"nl": "Quiz in april", "fr": "Quiz en avril", "en": "Quiz in April", "it": "Il quiz"}
    assert json.loads(row["name_translations"]) == titles
    assert tuple(row)[1:] == (True, True, "keep", None)


async def test_another_organiser_reaches_no_page_of_it_and_changes_nothing(world: World) -> None:
    organiser_id, other = await world.organiser(), await world.organiser(name="Elders")
    this = await begin(world, organiser_id)
    await fill_in(world, this)
    theirs = f"{home_of(other)}/{event_of(this)}"
    await world.sign_in_staff("organiser", organiser_id=other)

    pages = [await world.client.get(f"{theirs}{part}") for part in ("", "/wat", "/waar", "/prijzen")]
    sent = [await world.post_form(f"{theirs}{part}") for part in ("/publiceren", "/verbergen")]
    copied = await world.post_form(f"{theirs}/kopieren", event_id=uuid4(), title="Van mij")

    assert [each.status_code for each in (*pages, *sent, copied)] == [404] * 7
    assert await world.value("SELECT count(*) FROM organisers.event WHERE published") == 0


async def test_the_list_has_what_changed_last_first(world: World) -> None:
    organiser_id = await world.organiser()
    await published(world, organiser_id, "Quiz")
    world.clock.move(timedelta(minutes=1))
    await begin(world, organiser_id, "Bal")

    shown = text_of(await world.client.get(home_of(organiser_id)))

    assert shown.index("Bal") < shown.index("Quiz")
    assert "Nog 1 datum, op vr 20 mrt, 20 u" in shown


async def test_a_new_activity_asks_for_a_title_and_what_it_is(world: World) -> None:
    organiser_id = await world.organiser()
    await world.sign_in_staff("organiser", organiser_id=organiser_id)

    answer = await world.post_form(f"{home_of(organiser_id)}/nieuw", event_id=uuid4(), title=" ", domain="")

    assert answer.status_code == 422
    assert "Geef het een titel." in answer.text
    assert "Kies wat het is." in answer.text
