"""A social worker sees whom their service helps, gives and books for them; nobody else can tell."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Response

from reservations.booking.actor import ByPartner, MembershipProof
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, GiveUp, RequestedLine, bound_to
from reservations.errors import BookingUnknown, MayNotAct
from tests.builders import Resident, Session, World
from tests.credits.books import a_programme
from tests.identity.person.helpers import entrust
from tests.passes.counter import open_counter
from tests.reservations.groups.groups import a_group, a_partner, a_service
from tests.test_access import REGIONAL, rows_of_table

DOSSIER = "OCMW-2026-0077"
SERVICE = "Sociaal Huis Zevenhoek"
SECRETS = (DOSSIER, SERVICE, "oorlopig")


async def served(world: World, service: UUID, who: Resident) -> UUID:
    """The service helps somebody already."""
    made = uuid4()
    await world.execute(
        "INSERT INTO identity.service_client (region_id, id, partner_id, person_id, dossier, started_at)"
        " VALUES (1, $1, $2, $3, $4, $5)",
        made, service, who.person_id, DOSSIER, world.clock.now(),
    )  # fmt: skip
    return made


def home_of(service: UUID) -> str:
    return f"/dender/partners/{service}/mensen"


def page_of(service: UUID, who: Resident) -> str:
    return f"{home_of(service)}/{who.membership_id}"


async def at_service(world: World, service: UUID) -> UUID:
    return await world.sign_in_staff("social_worker", partner_id=service)


async def order(world: World, address: str, **fields: object) -> Any:
    shown = await world.post_form(address, **fields)
    seen = re.search(r'name="gezien" value="([^"]+)"', shown.text)
    return await world.post_form(address, **fields, gezien=seen[1], stap="boek") if seen else shown


async def begin(world: World, service: UUID, shown: str, **fields: object) -> Response:
    typed = {"client_id": uuid4(), "pas": shown, "dossier": DOSSIER, **fields}
    return await world.post_form(home_of(service), **typed)  # type: ignore[no-any-return]


async def social_until(world: World, who: Resident) -> Any:
    return await world.value("SELECT social_until FROM passes.membership WHERE id = $1", who.membership_id)


async def subjects(world: World, act: str) -> list[str]:
    """About what the trail has an act."""
    return [
        each["subject_id"]
        for each in await world.rows("SELECT subject_id FROM uit.audit WHERE act = $1", act)
    ]


async def test_a_service_begins_to_help_somebody_whose_pass_it_saw(world: World) -> None:
    service, anna = await a_service(world), await world.resident()
    await at_service(world, service)

    answers = [await begin(world, service, anna.token) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert await world.value("SELECT count(*) FROM identity.service_client") == 1
    page = (await world.client.get(home_of(service))).text
    assert "Yasmine Peeters" in page
    assert DOSSIER in page
    acts = await world.rows("SELECT act, subject_kind, subject_id, facts FROM uit.audit")
    assert [tuple(each) for each in acts] == [
        ("client.start", "dossier", DOSSIER, f'{{"partner": "{service}"}}')
    ]


@pytest.mark.parametrize(("field", "typed"), [("pas", ""), ("pas", "0900100000104, 1990"), ("dossier", " ")])
async def test_what_names_nobody_comes_back(world: World, field: str, typed: str) -> None:
    service, anna = await a_service(world), await world.resident()
    await at_service(world, service)
    fields: dict[str, Any] = {"shown": anna.token}
    fields["shown" if field == "pas" else field] = typed

    answer = await begin(world, service, **fields)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert await world.rows("SELECT id FROM identity.service_client") == []


async def test_a_number_with_a_birth_year_makes_nobody_a_client(world: World) -> None:
    """It stands on a list or a letter; a pass that is shown says that its holder is there."""
    service, anna = await a_service(world), await world.resident()
    await world.execute(
        "UPDATE passes.card SET number = '0900100009001', kind = 'paper' WHERE id = $1", anna.card_id
    )
    await at_service(world, service)

    answers = [await begin(world, service, typed) for typed in ("0900100009001, 1990", "0900100009001")]

    assert [each.status_code for each in answers] == [422, 422]
    assert all("Een nummer alleen volstaat niet" in each.text for each in answers)
    assert await world.rows("SELECT id FROM identity.service_client") == []


async def test_whom_another_service_helps_is_not_there(world: World) -> None:
    service, other, anna = (
        await a_service(world),
        await a_service(world, "OCMW Ninove"),
        await world.resident(),
    )
    await served(world, other, anna)
    await at_service(world, service)

    assert "Peeters" not in (await world.client.get(home_of(service))).text
    assert (await world.client.get(page_of(service, anna))).status_code == 404
    assert (await world.client.get(page_of(other, anna))).status_code == 403


async def test_who_works_with_groups_does_not_see_whom_the_service_helps(world: World) -> None:
    service, anna = await a_service(world), await world.resident()
    await served(world, service, anna)
    await world.sign_in_staff("group_worker", partner_id=service)

    assert "Peeters" not in (await world.client.get(home_of(service))).text
    assert (await world.client.get(page_of(service, anna))).status_code == 404


async def test_a_partner_that_is_no_service_helps_nobody(world: World) -> None:
    school, anna = await a_partner(world, "School", "school"), await world.resident()
    await world.sign_in_staff("social_worker", partner_id=school)

    assert (await begin(world, school, anna.token)).status_code == 403


async def test_a_worker_books_for_them_with_their_credit_and_gives_it_back(world: World) -> None:
    service, anna, session = await a_service(world), await world.resident(2000), await world.session()
    await served(world, service, anna)
    await at_service(world, service)
    address = f"{page_of(service, anna)}/boeken/{session.id}/{uuid4()}"

    answer = await order(world, address, **{"plaatsen-base": "2"})

    page = (await world.client.get(answer.headers["location"])).text
    assert "Geboekt voor Yasmine." in page
    assert await world.available_cents(anna) == 1000
    assert "De kleine prins" in (await world.client.get(page_of(service, anna))).text
    cancel = f"{answer.headers['location']}/annuleren"
    await world.post_form(cancel, cancellation_id=uuid4(), aanbod="1.1 1.2", aantal="1")
    assert await world.available_cents(anna) == 1500


async def test_a_place_that_they_took_themselves_is_told_to_no_worker(world: World) -> None:
    service, anna = await a_service(world), await world.resident(2000, social_until=date(2030, 1, 1))
    session = await world.session()
    await served(world, service, anna)
    assert isinstance(await world.book(anna, session, tariff="kansentarief"), Booked)
    await at_service(world, service)
    address = f"{page_of(service, anna)}/boeken/{session.id}/{uuid4()}"

    answer = await order(world, address, **{"plaatsen-kansentarief": "1"})

    assert answer.status_code == 403
    assert "Je kan dit niet voor deze persoon doen" in answer.text
    assert "Eén plaats voor deze prijs" not in answer.text


async def test_who_is_stopped_in_that_moment_books_nothing_more(world: World) -> None:
    service, anna, session = await a_service(world), await world.resident(2000), await world.session()
    given_id = await served(world, service, anna)
    by = ByPartner(given_id, service, anna.membership_id, uuid4())
    booked = await world.services.turnstile.answer(command(by, session, anna))
    assert isinstance(booked, Booked)
    await at_service(world, service)

    for _ in range(2):
        await world.post_form(f"{page_of(service, anna)}/stoppen")

    assert await world.services.turnstile.answer(command(by, session, anna)) == MayNotAct()
    assert await world.services.turnstile.answer(GiveUp(1, booked.booking.id, by)) == MayNotAct()
    assert (await world.client.get(page_of(service, anna))).status_code == 404
    assert await world.available_cents(anna) == 1500


def command(by: ByPartner, session: Session, who: Resident) -> Book:
    lines = (RequestedLine(session.id, "base", 1, MembershipProof(who.membership_id)),)
    return Book(1, uuid4(), bound_to("test"), by, lines, "page")


async def test_what_one_was_given_for_another_opens_nothing(world: World) -> None:
    service, session = await a_service(world), await world.session()
    other = await a_service(world, "OCMW Ninove")
    anna, bilal = await world.resident(2000), await world.resident(2000)
    given_id = await served(world, service, anna)
    mine = ByPartner(given_id, service, anna.membership_id, uuid4())
    booked = await world.services.turnstile.answer(command(mine, session, anna))
    assert isinstance(booked, Booked)
    tried = [
        (ByPartner(given_id, other, anna.membership_id, uuid4()), anna),
        (ByPartner(given_id, service, bilal.membership_id, uuid4()), bilal),
        (ByPartner(uuid4(), service, anna.membership_id, uuid4()), anna),
        (mine, bilal),
    ]

    answers = [await world.services.turnstile.answer(command(by, session, who)) for by, who in tried]

    assert answers == [MayNotAct()] * 4
    stranger = ByPartner(uuid4(), service, anna.membership_id, uuid4())
    gone = BookingUnknown(booked.booking.id)
    assert await world.services.turnstile.answer(GiveUp(1, booked.booking.id, stranger)) == gone


async def test_a_tariff_is_given_for_sixty_days_and_what_was_booked_then_stands(world: World) -> None:
    service, anna = await a_service(world), await world.resident(2000)
    session = await world.session(starts_in=timedelta(days=50))
    await served(world, service, anna)
    await at_service(world, service)
    page, given_id = page_of(service, anna), uuid4()

    for _ in range(2):
        await world.post_form(f"{page}/voorlopig", given_id=given_id)
    shown = (await world.client.get(page)).text
    booked = await order(world, f"{page}/boeken/{session.id}/{uuid4()}", **{"plaatsen-kansentarief": "1"})

    assert "Voorlopig, tot en met" in shown
    assert await social_until(world, anna) == world.clock.now().date() + timedelta(days=60)
    assert booked.status_code == 303
    world.clock.move(timedelta(days=61))
    await at_service(world, service)
    again = await world.post_form(f"{page}/voorlopig", given_id=uuid4())
    assert again.status_code == 409
    assert "Er was al een voorlopig recht" in again.text
    assert await world.value("SELECT price_cents FROM reservations.line") == 100
    assert await world.value("SELECT status::text FROM reservations.ticket") == "confirmed"


async def test_a_proof_makes_it_final_and_an_auditor_sees_a_dossier(world: World) -> None:
    service, anna = await a_service(world), await world.resident()
    await served(world, service, anna)
    worker = await at_service(world, service)
    page, proof = page_of(service, anna), {"proof_id": uuid4(), "kind": "ocmw", "until": "2027-04-30"}
    await world.post_form(f"{page}/voorlopig", given_id=uuid4())

    answers = [await world.post_form(f"{page}/bewijs", **proof) for _ in range(2)]

    assert "Voorlopig" not in (await world.client.get(answers[1].headers["location"])).text
    assert str(await social_until(world, anna)) == "2027-04-30"
    rows = await world.rows("SELECT reference, document_kind, officer_id FROM passes.attestation")
    assert [tuple(each) for each in rows] == [(DOSSIER, "ocmw", worker)]
    acts = await world.rows("SELECT DISTINCT act, subject_id FROM uit.audit ORDER BY act")
    assert [tuple(each) for each in acts] == [
        ("attestation.write", DOSSIER),
        ("provisional.give", DOSSIER),
        ("service.read", DOSSIER),
    ]
    partners = await world.rows("SELECT DISTINCT facts ->> 'partner' FROM uit.audit")
    assert [each[0] for each in partners] == [str(service)]


async def test_a_proof_at_the_counter_makes_it_final_as_well(world: World) -> None:
    service, anna = await a_service(world), await world.resident()
    await served(world, service, anna)
    await at_service(world, service)
    await world.post_form(f"{page_of(service, anna)}/voorlopig", given_id=uuid4())
    await open_counter(world)
    proof = {"attestation_id": uuid4(), "document_kind": "ocmw", "reference": "x", "until": "2026-03-31"}

    await world.post_form(f"/dender/balie/personen/{anna.membership_id}/kansentarief", **proof)

    assert await world.value("SELECT proven_at IS NOT NULL FROM passes.provisional_right")
    world.clock.move(timedelta(days=61))
    await at_service(world, service)
    again = await world.post_form(f"{page_of(service, anna)}/voorlopig", given_id=uuid4())
    assert again.status_code == 303


async def test_a_proof_that_holds_less_long_is_a_decision_and_the_trail_names_a_dossier(world: World) -> None:
    service, anna = await a_service(world), await world.resident(social_until=date(2027, 4, 30))
    await served(world, service, anna)
    await at_service(world, service)
    proof = {"proof_id": uuid4(), "kind": "ocmw", "until": "2026-10-31"}

    for _ in range(2):
        await world.post_form(f"{page_of(service, anna)}/bewijs", **proof)

    rows = await world.rows("SELECT what, from_on FROM passes.decision")
    assert [tuple(each) for each in rows] == [("social_tariff_ended", date(2026, 11, 1))]
    assert await subjects(world, "decision.make") == [DOSSIER]


async def test_credit_that_is_refused_here_is_a_decision_and_a_task_as_at_the_counter(world: World) -> None:
    service, anna = await a_service(world), await world.resident()
    programme_id = await a_programme(world)
    await world.execute("UPDATE credits.programme_version SET social_only = true")
    await served(world, service, anna)
    await at_service(world, service)
    form = {"grant_id": uuid4(), "programme_id": programme_id}

    answers = [await world.post_form(f"{page_of(service, anna)}/krediet", **form) for _ in range(2)]

    assert [each.status_code for each in answers] == [409, 409]
    assert await world.value("SELECT array_agg(what) FROM passes.decision") == ["grant_refused"]
    assert await world.value("SELECT count(*) FROM credits.refused_grant") == 1
    assert await subjects(world, "decision.make") == [DOSSIER]


async def test_credit_that_is_given_here_stands_in_the_trail_by_its_dossier(world: World) -> None:
    service, anna = await a_service(world), await world.resident()
    form = {"grant_id": uuid4(), "programme_id": await a_programme(world)}
    await served(world, service, anna)
    await at_service(world, service)

    for _ in range(2):
        await world.post_form(f"{page_of(service, anna)}/krediet", **form)

    assert await world.value("SELECT count(*) FROM credits.purse") == 1
    assert await subjects(world, "grant.give") == [DOSSIER]


@pytest.mark.parametrize(("field", "typed"), [("kind", ""), ("until", "gisteren"), ("until", "2026-03-01")])
async def test_a_proof_of_nothing_comes_back(world: World, field: str, typed: str) -> None:
    service, anna = await a_service(world), await world.resident()
    await served(world, service, anna)
    await at_service(world, service)
    proof = {"proof_id": uuid4(), "kind": "ocmw", "until": "2027-04-30", field: typed}

    answer = await world.post_form(f"{page_of(service, anna)}/bewijs", **proof)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert await social_until(world, anna) is None


async def everywhere(world: World, ids: dict[str, str]) -> dict[str, str]:
    """All pages that whoever is signed in can open, with these ids in their addresses."""
    pages = {}
    for method, path, _ in rows_of_table():
        if method == "GET" and not path.startswith(("/health", "/metrics", "/schema", "/assets")):
            address = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], str(uuid4())), path)
            answer = await world.client.get(address)
            if answer.status_code == 200:
                pages[address] = answer.text
    return pages


async def test_nobody_but_the_service_can_tell_that_somebody_is_helped(world: World) -> None:
    """The link, that a tariff is provisional, and by whom: by value, on every page of every role."""
    service = await a_service(world, SERVICE)
    group = await a_group(world)
    anna = await world.resident(5000)
    session = await world.session(starts_in=timedelta(hours=20))
    await served(world, service, anna)
    await at_service(world, service)
    page, booking_id = page_of(service, anna), uuid4()
    await world.post_form(f"{page}/voorlopig", given_id=uuid4())
    await order(world, f"{page}/boeken/{session.id}/{booking_id}", **{"plaatsen-kansentarief": "1"})
    assert DOSSIER in (await world.client.get(page)).text
    ids = {
        "region": "dender", "membership_id": str(anna.membership_id), "booking_id": str(booking_id),
        "session_id": str(session.id), "organiser_id": str(session.organiser_id),
        "partner_id": str(group.partner_id), "event_id": str(session.event_id), "group_id": str(group.id),
    }  # fmt: skip
    told: dict[str, str] = {}
    looked = 0
    for role in (*REGIONAL, "organiser", "box_office", "group_worker"):
        await open_counter(world)
        await world.sign_in_staff(
            role,
            organiser_id=session.organiser_id if role in {"organiser", "box_office"} else None,
            partner_id=group.partner_id if role == "group_worker" else None,
        )
        for address, text in (await everywhere(world, ids)).items():
            looked += 1
            # Which partners and refusals there are is no secret: whom they are for is.
            if address.startswith(("/dender/beheer", "/dender/groepen", "/problems")):
                continue
            told |= {f"{role} {address}": secret for secret in SECRETS if secret in text}

    assert looked > 60
    assert told == {}
    about_anna = await world.rows("SELECT act FROM uit.audit WHERE subject_id = $1", str(anna.person_id))
    assert not [act for (act,) in about_anna if act.startswith(("client.", "provisional."))]
    made_by = await world.value("SELECT actor_id FROM reservations.booking")
    assert str(service) not in made_by


async def test_who_sees_where_somebody_goes_does_not_see_what_their_service_booked(world: World) -> None:
    service, anna, bilal = await a_service(world), await world.resident(2000), await world.resident()
    given_id = await served(world, service, anna)
    by = ByPartner(given_id, service, anna.membership_id, uuid4())
    await entrust(world, anna, bilal, powers=("see",))
    await world.services.turnstile.answer(command(by, await world.session(), anna))
    await world.sign_in(bilal)

    shown = await world.client.get(f"/dender/wie-help-ik/{anna.membership_id}")

    assert shown.status_code == 200
    assert "De kleine prins" not in shown.text
