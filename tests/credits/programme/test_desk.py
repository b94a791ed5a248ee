"""The desks: a programme officer opens programmes, a clerk gives credit and takes a mistake back."""

import re
from asyncio import gather
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from asyncpg import ExclusionViolationError
from httpx import Response

from tests.builders import Resident, World
from tests.credits.books import a_programme, check, figures, granted, held, left_to_give

FILLED = {
    "name": "Jong in Aalst",
    "funder": "Stad Aalst",
    "enterprise_number": "0207.437.468",
    "budget": "60.000",
    "amount": "50",
    "age_from": "12",
    "age_to": "25",
    "refnis": "",
    "culture": "true",
    "valid_months": "12",
    "earning": "attendance",
    "on_moving": "stop",
    "on_leaving": "keep",
}
PROGRAMMES = "/dender/programmas"
NOWHERE = "Er doet nu geen organisator mee. Dit krediet is nergens te gebruiken."


async def open_programme(world: World, **other: str) -> Response:
    fields = {"programme_id": uuid4(), **FILLED, **other}
    answer: Response = await world.post_form(f"{PROGRAMMES}/nieuw", **fields)
    return answer


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    inputs: list[str] = re.findall(r"<input[^>]*>", page)
    field = next(each for each in inputs if f'name="{name}"' in each)
    return field.partition('value="')[2].partition('"')[0]


def credit_page(who: Resident) -> str:
    return f"/dender/balie/personen/{who.membership_id}/krediet"


async def test_what_becomes_of_credit_of_who_moves_stands_with_the_rules(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    await world.municipality("41002")
    await world.execute("INSERT INTO uit.region_municipality VALUES (1, '41002')")

    answer = await open_programme(world, refnis="41002", on_moving="keep", on_leaving="return")

    text = (await world.client.get(answer.headers["location"])).text
    assert "krijgt het nog tot het einde van het programmajaar" in text
    assert "geeft terug wat over is" in text
    row = await world.rows("SELECT on_moving, on_leaving FROM credits.programme_version")
    assert tuple(row[0]) == ("keep", "return")


async def test_an_officer_opens_a_programme_and_sees_its_figures(world: World) -> None:
    await world.sign_in_staff("programme_officer")

    answer = await open_programme(world)

    assert answer.status_code == 303
    text = (await world.client.get(answer.headers["location"])).text
    assert "Het programma is open." in text
    assert "€ 60.000,00" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "van 12 tot en met 25 jaar" in text
    assert "Jong in Aalst" in (await world.client.get(PROGRAMMES)).text
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'programme.open'") == 1
    assert await check(world) == []


async def test_a_form_that_is_sent_twice_opens_one_programme(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    programme_id = str(uuid4())

    answers = [await open_programme(world, programme_id=programme_id) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert await world.value("SELECT count(*) FROM credits.programme") == 1
    assert await left_to_give(world, UUID(programme_id)) == 6_000_000


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "  "),
        ("name", "x" * 81),
        ("funder", ""),
        ("enterprise_number", "0207437469"),
        ("budget", "veel"),
        ("budget", "0"),
        ("budget", "-5"),
        ("budget", "9999999999999"),
        ("amount", "60.001"),
        ("amount", ""),
        ("age_from", "26"),
        ("age_to", "121"),
        ("age_from", "½"),
        ("refnis", "11002"),
        ("valid_months", "0"),
        ("valid_months", "61"),
        ("earning", "never"),
        ("on_moving", "never"),
        ("on_leaving", "stop"),
    ],
)
async def test_a_wrong_field_is_said_and_nothing_that_was_typed_is_lost(
    world: World, field: str, typed: str
) -> None:
    await world.sign_in_staff("programme_officer")

    answer = await open_programme(world, **{"funder": "Stad Ninove", field: typed})

    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert "Stad Ninove" in answer.text or field == "funder"
    assert await world.value("SELECT count(*) FROM credits.programme") == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("veel", "Schrijf een bedrag in euro, zoals 60.000."),
        ("12,345", "Schrijf hoogstens 2 cijfers na de komma, zoals 12,50."),
        ("0", "Kies een bedrag van € 0,01 tot € 100.000.000,00."),
    ],
)
async def test_what_is_wrong_begins_with_the_label_of_its_field_and_leads_to_it(
    world: World, typed: str, told: str
) -> None:
    await world.sign_in_staff("programme_officer")

    text = (await open_programme(world, budget=typed, amount="")).text.replace("\N{NO-BREAK SPACE}", " ")

    assert f'<a href="#budget">Budget in euro: {told}</a>' in text
    assert '<a href="#amount">Bedrag per persoon in euro: Schrijf een bedrag in euro, zoals 50.</a>' in text


async def test_organisers_are_admitted_one_by_one_or_all_at_once(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    programme_id = await a_programme(world)
    werf, *_ = [await world.organiser(name=name) for name in ("De Werf", "Het Bad", "Netwerk")]
    address = f"{PROGRAMMES}/{programme_id}/organisatoren"

    await world.post_form(address, organiser=werf)
    assert await world.value("SELECT count(*) FROM credits.agreement") == 1
    for _ in range(2):
        await world.post_form(address, organiser="all")

    assert await world.value("SELECT count(*) FROM credits.agreement") == 3
    assert "3 organisatoren doen mee" in (await world.client.get(f"{PROGRAMMES}/{programme_id}")).text


async def test_of_two_officers_at_once_one_admits_and_the_other_hears_that_it_was_done(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    programme_id, *_ = (
        await a_programme(world),
        await world.organiser(),
        await world.organiser(name="Het Bad"),
    )
    address = f"{PROGRAMMES}/{programme_id}/organisatoren"
    await world.client.get("/hulp")

    answers = await gather(*(world.post_form(address, organiser="all") for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert "Die doet al mee" in next(answer.text for answer in answers if answer.status_code == 409)
    assert await world.value("SELECT count(*) FROM credits.agreement") == 2
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'programme.admit'") == 1


async def test_the_database_keeps_no_two_agreements_for_a_day(world: World) -> None:
    await world.session()
    today = world.clock.now().date()
    again = (
        "INSERT INTO credits.agreement (region_id, id, programme_id, organiser_id, starts_on)"
        " SELECT region_id, gen_random_uuid(), programme_id, organiser_id, $1 FROM credits.agreement"
    )

    with pytest.raises(ExclusionViolationError, match="one_agreement_at_a_time"):
        await world.execute(again, today)
    await world.execute("UPDATE credits.agreement SET ends_on = $1", today)
    await world.execute(again, today + timedelta(days=1))


async def test_who_chooses_nobody_is_asked_whom(world: World) -> None:
    await world.sign_in_staff("programme_officer")
    programme_id, _ = await a_programme(world), await world.organiser()

    for chosen in ("", uuid4()):
        answer = await world.post_form(f"{PROGRAMMES}/{programme_id}/organisatoren", organiser=chosen)
        assert (answer.status_code, "Kies een organisator." in answer.text) == (422, True)
    assert await world.value("SELECT count(*) FROM uit.audit") == 0


async def test_a_programme_that_nobody_takes_says_so_to_the_officer_until_somebody_does(
    world: World,
) -> None:
    await world.sign_in_staff("programme_officer")
    werf, address = await world.organiser(), (await open_programme(world)).headers["location"].split("?")[0]

    alone = (await world.client.get(address)).text, (await world.client.get(PROGRAMMES)).text
    await world.post_form(f"{address}/organisatoren", organiser=werf)
    taken = (await world.client.get(address)).text, (await world.client.get(PROGRAMMES)).text

    assert all(NOWHERE in text for text in alone)
    assert not any(NOWHERE in text for text in taken)


async def test_a_programme_whose_only_organiser_stopped_is_taken_by_nobody(world: World) -> None:
    programme_id, _ = await world.programme()
    await world.session()
    await world.sign_in_staff("programme_officer")
    assert NOWHERE not in (await world.client.get(f"{PROGRAMMES}/{programme_id}")).text

    await world.execute("UPDATE credits.agreement SET ends_on = '2026-03-01'")

    assert NOWHERE in (await world.client.get(f"{PROGRAMMES}/{programme_id}")).text


async def test_who_takes_a_programme_from_tomorrow_is_counted_nowhere_today(world: World) -> None:
    programme_id, _ = await world.programme()
    await world.session()
    await world.sign_in_staff("programme_officer")

    await world.execute("UPDATE credits.agreement SET starts_on = $1", date(2026, 3, 3))

    shown = (await world.client.get(f"{PROGRAMMES}/{programme_id}")).text
    assert (NOWHERE in shown, "0 organisatoren doen mee" in shown) == (True, True)


async def test_the_counter_offers_last_and_with_a_warning_what_nobody_takes(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    await world.session()
    await world.execute(
        "UPDATE credits.programme SET name = 'Zeker te besteden' WHERE id <> $1", programme_id
    )
    await world.sign_in_staff("clerk")

    offered = (await world.client.get(credit_page(anna))).text

    assert offered.index("Zeker te besteden") < offered.index("Jong in Aalst")
    assert offered.index("Jong in Aalst") < offered.index(NOWHERE)
    assert offered.count(NOWHERE) == 1
    buttons = re.findall(r'button-(\w+) full"\s+type="submit"\s+(data-key="\w+")?', offered)
    assert buttons[-2:] == [("main", 'data-key="F8"'), ("quiet", "")]


async def test_a_programme_of_another_region_is_not_shown_here(world: World) -> None:
    await world.programme(2)
    elsewhere, _ = world.programmes[2]
    await world.sign_in_staff("programme_officer")

    assert (await world.client.get(f"{PROGRAMMES}/{elsewhere}")).status_code == 404


@pytest.mark.parametrize("role", ["financial_director", "auditor"])
async def test_who_only_reads_sees_programmes_and_changes_nothing(world: World, role: str) -> None:
    programme_id, _ = await a_programme(world), await world.organiser()
    await world.sign_in_staff(role)

    text = (await world.client.get(f"{PROGRAMMES}/{programme_id}")).text

    assert "Nog te geven" in text
    assert "Laat toe" not in text
    assert (await open_programme(world)).status_code == 403


async def test_a_clerk_gives_what_a_programme_offers_once(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    await world.sign_in_staff("clerk")
    text = (await world.client.get(credit_page(anna))).text
    grant_id = hidden(text, "grant_id")

    answers = [
        await world.post_form(credit_page(anna), grant_id=grant_id, programme_id=programme_id)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    shown = (await world.client.get(answers[0].headers["location"])).text
    assert "Het krediet is gegeven." in shown
    assert "Er is vandaag geen programma" in shown
    assert await figures(world, anna) == (5000, 0, 0, 0, 0)
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'grant.give'") == 1


async def test_a_second_grant_is_refused_on_the_same_page(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    await granted(world, programme_id, anna)
    await world.sign_in_staff("clerk")

    answer = await world.post_form(credit_page(anna), grant_id=uuid4(), programme_id=programme_id)

    assert answer.status_code == 409
    assert "Dit krediet is al gegeven" in answer.text


async def take_back(world: World, who: Resident, grant_id: UUID) -> Response:
    fields = {"reversal_id": uuid4(), "release_id": uuid4(), "reason": "verkeerde persoon"}
    answer: Response = await world.post_form(f"{credit_page(who)}/{grant_id}/terugnemen", **fields)
    return answer


async def test_a_mistake_of_today_is_taken_back_with_a_reason(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    mistake = await granted(world, programme_id, anna)
    await world.sign_in_staff("clerk")

    answer = await take_back(world, anna, mistake.purse_id)

    assert answer.status_code == 303
    assert await figures(world, anna) == (0, 0, 0, 0, 5000)
    assert (
        await world.value("SELECT reason FROM credits.transfer WHERE kind = 'reversal'")
        == "verkeerde persoon"
    )
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'grant.reverse'") == 1
    assert "Jong in Aalst" in (await world.client.get(credit_page(anna))).text


async def test_a_grant_of_yesterday_is_not_taken_back_at_the_counter(world: World) -> None:
    programme_id, anna = await a_programme(world), await world.resident()
    mistake = await granted(world, programme_id, anna)
    world.clock.move(timedelta(days=1))
    await world.sign_in_staff("clerk")

    answer = await take_back(world, anna, mistake.purse_id)

    assert answer.status_code == 409
    assert "Dit kan aan de balie niet meer" in answer.text
    assert await figures(world, anna) == (5000, 0, 0, 0, 0)


async def test_credit_in_a_booking_is_not_taken_back(world: World) -> None:
    programme_id, anna, session = await a_programme(world), await world.resident(), await world.session()
    mistake = await granted(world, programme_id, anna)
    await world.execute("UPDATE credits.agreement SET programme_id = $1", programme_id)
    await held(world, anna, session)
    await world.sign_in_staff("clerk")

    answer = await take_back(world, anna, mistake.purse_id)

    assert (answer.status_code, "Dit kan je niet meer terugnemen" in answer.text) == (409, True)


async def test_a_grant_is_taken_back_only_on_the_page_of_its_person(world: World) -> None:
    programme_id, anna, bilal = await a_programme(world), await world.resident(), await world.resident()
    mistake = await granted(world, programme_id, anna)
    await world.sign_in_staff("clerk")

    assert (await take_back(world, bilal, mistake.purse_id)).status_code == 404
    assert await figures(world, anna) == (5000, 0, 0, 0, 0)


async def test_a_clerk_of_another_region_sees_no_credit_here(world: World) -> None:
    anna = await world.resident(credit_cents=500)
    await world.sign_in_staff("clerk", region_id=2)

    assert (await world.client.get(credit_page(anna))).status_code == 403
    elsewhere = credit_page(anna).replace("dender", "kust")
    assert (await world.client.get(elsewhere)).status_code == 404


async def test_looking_at_somebodys_credit_is_written_down(world: World) -> None:
    anna, staff_id = await world.resident(), await world.sign_in_staff("clerk")

    await world.client.get(credit_page(anna))

    row = (await world.rows("SELECT actor_id, subject_id FROM uit.audit WHERE act = 'credit.read'"))[0]
    assert (row["actor_id"], row["subject_id"]) == (str(staff_id), str(anna.person_id))
