"""When an activity is, as its organiser fills it in: shown first, and made then."""

from tests.builders import World
from tests.reservations.activities.making import EVENING, begin, event_of, made, published
from tests.reservations.sessions.test_desk import text_of

FRIDAYS = {
    "weekday_4": "true",
    "starts": "20:00",
    "ends": "22:00",
    "first": "2026-04-10",
    "last": "2026-05-15",
    "every": "1",
    "holidays": "true",
    "except": "17/4/2026",
}
SWIMMING = {
    "first": "2026-04-11",
    "last": "2026-04-12",
    "opens_5": "10:00",
    "closes_5": "12:00",
    "minutes": "60",
}
SERIES = "00000000-0000-4000-8000-000000000001"
TICKED = {"op_20260411T0800": "true", "op_20260411T0900": "true"}
COUNT = "SELECT count(*) FROM reservations.event_date"


async def test_a_series_is_shown_before_it_is_made(world: World) -> None:
    this = await begin(world, await world.organiser())

    preview = text_of(await world.post_form(f"{this}/wanneer/reeks", **FRIDAYS))
    before = await world.value(COUNT)
    sent = await made(world, this, "reeks", FRIDAYS)

    assert "Dit worden 4 datums" in preview
    assert "Niet op: vr 17 apr; vr 1 mei" in preview
    assert before == 0
    assert sent.headers["location"] == f"{this}/wanneer?gedaan=gemaakt&nieuw=4&anders=0&al=0"
    assert await world.value(COUNT) == 4


async def test_a_date_that_is_unticked_is_not_made(world: World) -> None:
    this = await begin(world, await world.organiser())

    await made(world, this, "reeks", FRIDAYS, "20260424T1800")

    days = await world.rows("SELECT starts_at::date::text AS day FROM reservations.event_date ORDER BY 1")
    assert [each["day"] for each in days] == ["2026-04-10", "2026-05-08", "2026-05-15"]


async def test_with_nothing_ticked_the_dates_come_back_as_they_were(world: World) -> None:
    this = await begin(world, await world.organiser())

    answer = await world.post_form(f"{this}/wanneer/reeks", **FRIDAYS, reeks=SERIES, stap="maak")

    assert answer.status_code == 422
    assert "Kruis minstens één datum aan." in text_of(answer)
    assert "checked" not in answer.text
    assert f'name="reeks" value="{SERIES}"' in answer.text
    assert await world.value(COUNT) == 0


async def test_one_goes_back_from_the_dates_to_what_was_typed(world: World) -> None:
    this = await begin(world, await world.organiser())

    form = await world.post_form(f"{this}/wanneer/reeks", **FRIDAYS, reeks=SERIES, stap="terug")

    assert 'value="2026-04-10"' in form.text
    assert await world.value(COUNT) == 0


async def test_made_twice_each_date_is_there_once(world: World) -> None:
    this = await begin(world, await world.organiser())

    await made(world, this, "tijdvakken", SWIMMING)
    shown = text_of(await world.post_form(f"{this}/wanneer/tijdvakken", **SWIMMING))
    again = await world.post_form(
        f"{this}/wanneer/tijdvakken", **SWIMMING | TICKED, reeks=SERIES, stap="maak"
    )
    said = text_of(await world.client.get(again.headers["location"]))

    assert "Hier komt geen datum bij" in shown
    assert "Die staan er al" in shown
    assert "Er kwam geen datum bij 2 datums stonden er al, en blijven zoals ze waren." in said
    assert await world.value(COUNT) == 2
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'activity.dates'") == 1


async def test_what_comes_is_told_apart_from_what_is_there(world: World) -> None:
    this = await published(world, await world.organiser())
    session = await world.value("SELECT id FROM reservations.session")
    longer = FRIDAYS | {"first": "2026-03-20", "last": "2026-04-10", "ends": "23:00", "except": ""}

    shown = await world.post_form(f"{this}/wanneer/reeks", **longer)
    sent = await made(world, this, "reeks", longer)
    said = text_of(await world.client.get(sent.headers["location"]))

    assert "Dit worden 3 datums" in text_of(shown)
    assert f"/sessies/{session}" in shown.text
    assert "Er staan 3 datums bij" in said
    assert await world.value(
        "SELECT ends_at::time::text FROM reservations.session WHERE id = $1", session
    ) == ("21:30:00")


async def test_a_date_that_was_called_off_is_named_so_and_not_made_again(world: World) -> None:
    this = await published(world, await world.organiser())
    await world.execute("UPDATE reservations.session SET status = 'cancelled'")

    shown = await world.post_form(f"{this}/wanneer/eenmalig", **EVENING)
    sent = await world.post_form(f"{this}/wanneer/eenmalig", **EVENING, stap="maak")

    assert "Die staan er al" in text_of(shown)
    assert "Afgelast" in text_of(shown)
    assert sent.headers["location"].endswith("&nieuw=0&anders=0&al=1")


async def test_a_date_of_a_draft_gets_another_end_and_is_told_so(world: World) -> None:
    this = await begin(world, await world.organiser())
    await world.post_form(f"{this}/wanneer/eenmalig", **EVENING, stap="maak")

    shown = await world.post_form(f"{this}/wanneer/eenmalig", **EVENING | {"ends": "23:00"})
    sent = await world.post_form(f"{this}/wanneer/eenmalig", **EVENING | {"ends": "23:00"}, stap="maak")
    said = text_of(await world.client.get(sent.headers["location"]))

    assert "Staat er al, en krijgt dit einde." in text_of(shown)
    assert "1 datum kreeg een ander einde." in said
    assert await world.value("SELECT ends_at::time::text FROM reservations.event_date") == "22:00:00"


async def test_hours_that_end_before_they_begin_are_refused_and_midnight_is_an_end(world: World) -> None:
    this = await begin(world, await world.organiser())

    backwards = await world.post_form(
        f"{this}/wanneer/tijdvakken", **SWIMMING | {"opens_5": "12:00", "closes_5": "10:00"}
    )
    too_short = await world.post_form(f"{this}/wanneer/tijdvakken", **SWIMMING | {"minutes": "150"})
    same = await world.post_form(f"{this}/wanneer/eenmalig", **EVENING | {"ends": "20:00"})
    midnight = await world.post_form(
        f"{this}/wanneer/tijdvakken", **SWIMMING | {"opens_5": "22:00", "closes_5": "0:00"}
    )

    assert "Zaterdag tot: Je sluit voor je opent. Middernacht is 0:00." in text_of(backwards)
    assert "Zaterdag tot: Hier past geen tijdvak van 150 minuten in." in text_of(too_short)
    assert "Eindigt om: Dit is hetzelfde uur als het begin." in text_of(same)
    assert [each.status_code for each in (backwards, too_short, same)] == [422] * 3
    assert "Dit worden 2 datums" in text_of(midnight)


async def test_days_off_that_change_nothing_and_days_that_are_over_are_said(world: World) -> None:
    this = await begin(world, await world.organiser())
    wanted = FRIDAYS | {"first": "2026-02-20", "except": "17/4/2026, 18/4/2026"}

    shown = text_of(await world.post_form(f"{this}/wanneer/reeks", **wanted))

    assert "Niet op: vr 17 apr; vr 1 mei" in shown
    assert "Op deze dagen was er toch niets. Bedoelde je een andere? za 18 apr" in shown
    assert "zijn al voorbij, en komen er niet bij." in shown


async def test_a_date_of_a_draft_is_taken_out(world: World) -> None:
    this = await begin(world, await world.organiser())
    await world.post_form(f"{this}/wanneer/eenmalig", **EVENING, stap="maak")
    starts = await world.value("SELECT starts_at FROM reservations.event_date")

    listed = (await world.client.get(f"{this}/wanneer")).text.replace("\N{NO-BREAK SPACE}", " ")
    answer = await world.post_form(f"{this}/wanneer/weg", starts=starts.isoformat())

    assert 'aria-label="Haal weg: vr 20 mrt, 20 u"' in listed
    assert answer.headers["location"] == f"{this}/wanneer?gedaan=weg"
    assert await world.value(COUNT) == 0


async def test_a_date_that_is_added_to_what_is_published_is_sold_at_once(world: World) -> None:
    this = await published(world, await world.organiser())

    for _ in range(2):
        await made(world, this, "tijdvakken", SWIMMING)

    rows = await world.rows(
        "SELECT s.status::text, p.capacity, count(t.code)"
        " FROM reservations.session AS s JOIN reservations.pool AS p ON p.id = s.id"
        " JOIN reservations.tariff AS t ON t.session_id = s.id"
        " WHERE s.event_id = $1 GROUP BY s.id, s.status, p.capacity",
        event_of(this),
    )
    assert [tuple(row) for row in rows] == [("scheduled", 40, 3)] * 3


async def test_what_is_over_or_too_much_is_refused_in_words(world: World) -> None:
    this = await begin(world, await world.organiser())

    over = await world.post_form(f"{this}/wanneer/eenmalig", day="2026-02-01", starts="20:00", ends="22:00")
    many = await world.post_form(
        f"{this}/wanneer/tijdvakken", first="2026-04-01", last="2027-03-31", minutes="30", opens_5="9:00",
        closes_5="17:00",
    )  # fmt: skip
    far = await world.post_form(f"{this}/wanneer/eenmalig", day="2199-12-31", starts="23:00", ends="1:00")
    backwards = await world.post_form(f"{this}/wanneer/reeks", **FRIDAYS | {"last": "2026-04-01"})

    assert "Deze dag is al voorbij." in text_of(over)
    assert "Dat zijn 832 datums. Maak er hoogstens 366 tegelijk." in text_of(many)
    assert "De laatste dag komt niet voor de eerste." in text_of(backwards)
    assert "Dat is te ver." in text_of(far)
    assert [each.status_code for each in (over, many, far, backwards)] == [422] * 4


async def test_an_empty_form_says_all_that_is_missing(world: World) -> None:
    this = await begin(world, await world.organiser())

    series = text_of(await world.post_form(f"{this}/wanneer/reeks"))
    slots = text_of(await world.post_form(f"{this}/wanneer/tijdvakken", opens_2="tien"))

    assert "Kies minstens één dag." in series
    assert "Begint om: Vul een uur in, zoals 20:00." in series
    assert "Woensdag tot: Vul een uur in, zoals 20:00." in slots


async def test_another_kind_is_no_page(world: World) -> None:
    this = await begin(world, await world.organiser())

    assert (await world.client.get(f"{this}/wanneer/altijd")).status_code == 404


async def test_dates_within_hours_are_found_by_their_former_address(world: World) -> None:
    """A series that was made then says that name too, and more dates are added to it."""
    this = await begin(world, await world.organiser())

    former = await world.client.get(f"{this}/wanneer/sloten")

    assert f'action="{this}/wanneer/tijdvakken"' in former.text
    assert "Hoelang duurt één tijdvak, in minuten?" in text_of(former)
