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
COUNT = "SELECT count(*) FROM reservations.event_date"


async def test_a_series_is_shown_before_it_is_made(world: World) -> None:
    this = await begin(world, await world.organiser())

    preview = text_of(await world.post_form(f"{this}/wanneer/reeks", **FRIDAYS))
    before = await world.value(COUNT)
    sent = await made(world, this, "reeks", FRIDAYS)

    assert "Dit worden 4 datums" in preview
    assert "Niet op: vr 17 apr; vr 1 mei" in preview
    assert before == 0
    assert sent.headers["location"] == f"{this}/wanneer?gedaan=gemaakt"
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

    for _ in range(2):
        await made(world, this, "tijdvakken", SWIMMING)

    assert await world.value(COUNT) == 2


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
