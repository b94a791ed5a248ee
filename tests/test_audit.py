"""Every act of staff is written down: each form of each desk is sent, and must leave its author's name."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from credits.payments.stripe import StripeProvider
from organisers.labels.decision.decide import decide
from reservations.booking.tickets import number_of
from reservations.order.form import SeenTotal, encode_seen_total
from reservations.payment.sold_for import book_sold_for
from reservations.waiting.join_form import date_field
from tests.builders import Resident, World
from tests.credits.books import a_programme
from tests.credits.books import granted as given
from tests.credits.invoice.test_reading_back import give_up as given_up
from tests.credits.programme.test_desk import FILLED
from tests.credits.till.drawers import a_drawer, a_refund, a_seller
from tests.credits.till.drawers import home as till_home
from tests.credits.till.test_desk import PAPER
from tests.identity.person.helpers import entrust
from tests.organisers.labels import dossiers
from tests.organisers.labels.dossiers import CLAIMED
from tests.passes.counter import AALST, changed_details, person_fields
from tests.passes.household.test_desk import household
from tests.passes.letters.letters import a_message, letters_to_post
from tests.reservations.activities.making import EVENING, FORTY, HALL, TWO_PRICES
from tests.reservations.box_office.tills import address, paying, selling, swapping, waiting
from tests.reservations.customers.test_desk import FILLED as ORGANISATION
from tests.reservations.enrolment.world import make_course
from tests.reservations.groups.groups import a_group, a_partner, a_service
from tests.reservations.invoices.customers import an_invoice
from tests.reservations.payment.owed import owed
from tests.reservations.payment.under_mandate import an_agent, give_mandate, sold_together
from tests.reservations.seats.world import plan_of, seated
from tests.reservations.sessions.test_desk import ticket
from tests.reservations.waiting.lines import join, sold_out
from tests.reservations.waiting_room.queue import a_room
from tests.reservations.waiting_room.test_desk import typed as typed_room
from tests.test_access import NINOVE
from uit.embedded.stripe_peer.peer import running_peer
from uit.identity.visitor import Staff

# The trail of a dossier is its own history, in which each entry seals the one before; what is typed and not
# sent keeps each of its versions.
WRITTEN = """
    SELECT (SELECT count(*) FROM uit.audit WHERE actor_kind = 'staff' AND actor_id = $1::text)
        + (SELECT count(*) FROM labels.history WHERE by_staff = $1::uuid)
        + (SELECT count(*) FROM labels.draft_answer WHERE by_staff = $1::uuid)
"""


OWN_ACCESS = "/team/toegang"
"""What somebody does to their own sessions and passkeys: `tests/identity` look that it is written down."""
CHANGE = {"stap": "bekijk", "prijs": "0", "te-betalen": "0", "betaal": "credit"}
"""What the form of a change says of a price that was shown, where all of it is free."""


@dataclass(frozen=True)
class Deed:
    """A form that succeeds: who sends it, to which address, and what is in it.

    `till_session_id`: the session at a till in which they work; `permission_id`: what permits it.
    """

    role: str
    address: str
    fields: dict[str, object] = field(default_factory=dict)
    region_id: int = 1
    organiser_id: UUID | None = None
    refnis: str | None = None
    partner_id: UUID | None = None
    till_session_id: UUID | None = None
    permission_id: UUID | None = None


def forms_of_staff(app: Litestar) -> Iterator[str]:
    """The address of every form behind a desk; who is on their way in has no desk yet."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            if route.path_format.startswith(OWN_ACCESS):
                continue
            doors = (each.opt["access"] for each in route.route_handlers if "POST" in each.http_methods)
            yield from (route.path_format for who in doors if Staff in who.kinds and not who.mfa_pending)


async def at_the_counter(world: World) -> AsyncIterator[Deed]:
    await world.municipality(AALST)
    await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1)", AALST)
    anna, bilal, carla = [await world.resident() for _ in range(3)]
    programme_id = await a_programme(world)
    mistake = await given(world, programme_id, bilal)
    page, other, third = (f"/dender/balie/personen/{each.membership_id}" for each in (anna, bilal, carla))
    proof = {"document_kind": "ocmw", "reference": "brief van mei", "until": "30/04/2027"}

    yield Deed("clerk", "/dender/balie", {"wie": "peeters"})
    yield Deed("clerk", "/dender/balie/nieuw", {**person_fields()})
    yield Deed("clerk", "/dender/balie/nieuw/gelijkenis", {**person_fields()})
    family = household(("Noor", "2018-03-05"))
    yield Deed("clerk", "/dender/balie/gezin", family)
    child_id = await world.value("SELECT membership_id FROM passes.household_member WHERE role = 'child'")
    yield Deed("clerk", f"/dender/balie/gezinnen/{family['household_id']}/leden/{child_id}/weg")
    yield Deed("clerk", f"{page}/kansentarief", {"attestation_id": uuid4(), **proof})
    yield Deed("clerk", f"{page}/krediet", {"grant_id": uuid4(), "programme_id": programme_id})
    ids: dict[str, object] = {"reversal_id": uuid4(), "release_id": uuid4()}
    yield Deed("clerk", f"{other}/krediet/{mistake.purse_id}/terugnemen", ids)
    yield Deed("clerk", f"{page}/passen", {"card_id": uuid4(), "kind": "paper"})
    yield Deed("clerk", f"{page}/passen/{anna.card_id}/vervangen", {"new_card_id": uuid4()})
    yield Deed("clerk", f"{other}/passen/{bilal.card_id}/blokkeren")
    yield Deed("clerk", f"{other}/passen/{bilal.card_id}/deblokkeren")
    yield Deed("clerk", f"{other}/houden")
    yield Deed("clerk", f"{other}/laatste-dag", {"ends_on": "2027-06-30"})
    yield Deed("clerk", f"{other}/beschermen", {"protected": "ja"})
    yield Deed("clerk", f"{other}/wijzigen", {**changed_details()})
    async for deed in of_what_is_sent(world, bilal):
        yield deed
    order = await entrust(world, bilal, anna, kind="administrator", ends_on=None)
    yield Deed("clerk", f"{other}/hulp/{order}/nagekeken")
    yield Deed("clerk", f"{other}/hulp/{order}/stoppen")
    await world.execute("UPDATE passes.card SET number = '0900100009001' WHERE id = $1", carla.card_id)
    paper = {"soort": "trusted", "pas": "0900100009001", "see": "true", "tot": "2026-06-30"}
    yield Deed("clerk", f"{other}/hulp", {"given_id": uuid4(), **paper})
    signed = {"mandate_id": uuid4(), "partner": await a_partner(world), "book": "true", "tot": "2026-06-30"}
    yield Deed("clerk", f"{other}/organisaties", {**signed})
    yield Deed("clerk", f"{other}/organisaties/{signed['mandate_id']}/stoppen")
    yield Deed("clerk", f"{other}/einde", {"why": "moved"})
    yield Deed("clerk", f"{other}/einde/hervatten")
    twin, merge_id = await world.resident(), uuid4()
    double = f"/dender/balie/personen/{twin.membership_id}"
    yield Deed("clerk", f"{double}/dubbels", {"typed": "peeters"})
    both: dict[str, object] = {"merge_id": merge_id, "keep": twin.membership_id}
    yield Deed("clerk", f"{double}/samenvoegen/{carla.membership_id}", both)
    yield Deed("clerk", f"{double}/samengevoegd/{merge_id}/ongedaan", {"undo_id": uuid4()})
    given_id = uuid4()
    yield Deed("clerk", f"{third}/toestemming", {"permission_id": given_id, "soort": "known"})
    yield Deed("clerk", f"{third}/gegevens", permission_id=given_id)
    yield Deed("clerk", f"{third}/afmelden")
    yield Deed("clerk", f"{third}/wissen")


async def of_a_booking_at_the_counter(world: World) -> AsyncIterator[Deed]:
    anna, session, booking_id, given_id = await world.resident(5000), await world.session(), uuid4(), uuid4()
    page, rush = f"/dender/balie/personen/{anna.membership_id}", await world.session()
    await a_room(world, rush)
    yield Deed("clerk", f"{page}/toestemming", {"permission_id": given_id, "soort": "known"})
    yield Deed("clerk", f"{page}/toestemming/sturen")
    seen = encode_seen_total(SeenTotal(500, 0, 0), {"base": 1})
    forms: dict[str, dict[str, object]] = {
        "toestemming/woord": {"nieuw_woord": "zonnebloem"},
        f"boeken/{session.id}/{booking_id}": {"plaatsen-base": "1", "stap": "boek", "gezien": seen},
        f"boekingen/{booking_id}/mailen": {"mail_id": uuid4()},
        f"boekingen/{booking_id}/wijzigen": {
            "change_id": uuid4(),
            f"aantal-base.{anna.membership_id.hex}": 2,
            "stap": "bekijk",
            "prijs": 1000,
            "te-betalen": 0,
            "betaal": "credit",
        },
        f"wachtkamer/{rush.id}": {},
        f"boekingen/{booking_id}/wijziging-laten-vallen": {},
        f"boekingen/{booking_id}/annuleren": {"ticket-1.1": "true", "cancellation_id": uuid4()},
    }
    forms["toestemming/woord/weg"] = {}
    forms |= await waiting_for_what_is_full(world, anna)
    for path, fields in forms.items():
        yield Deed("clerk", f"{page}/{path}", fields, permission_id=given_id)


async def waiting_for_what_is_full(world: World, who: Resident) -> dict[str, dict[str, object]]:
    """One stands in a line and leaves it, gets an offer and takes it, and gets one and declines it."""
    (full, _), entry_id = await sold_out(world), uuid4()
    lists, offers = "boekingen/wachtlijst", []
    for _ in range(2):
        session, booked = await sold_out(world)
        offers.append(await join(world, who, session))
        await world.cancel(booked[0])
    wanted = {"entry_id": entry_id, "plaatsen-base": 1, date_field(full.id): "true"}
    return {
        f"{lists}/{full.id}": wanted,
        f"{lists}/{entry_id}/weg": {},
        f"{lists}/{offers[0]}/ja": {},
        f"{lists}/{offers[1]}/nee": {},
    }


async def of_what_is_sent(world: World, bilal: Resident) -> AsyncIterator[Deed]:
    other = f"/dender/balie/personen/{bilal.membership_id}"
    for path, fields in await letters_to_post(world, bilal.person_id):
        yield Deed("clerk", f"/dender/balie/brieven{path}", fields)
    done: dict[str, object] = {"kind": "proof", "about": "2026-03-31"}
    yield Deed("clerk", f"/dender/balie/werklijst/{bilal.membership_id}", done)
    yield Deed("clerk", f"{other}/berichten/{await a_message(world, bilal.person_id)}/gezegd")
    yield Deed("clerk", f"{other}/adres-klopt")
    given_id = uuid4()
    yield Deed("clerk", f"{other}/toestemming", {"permission_id": given_id, "soort": "known"})
    yield Deed("clerk", f"{other}/aanmeldcode", {"kind": "slip"}, permission_id=given_id)
    yield Deed("clerk", f"{other}/berichten", {"booked": "letter"})
    decided = {"what": "grant_refused", "ground": "Al gekregen", "rule": "Artikel 2", "from_on": "2026-03-02"}
    yield Deed("clerk", f"{other}/beslissingen", {"decision_id": uuid4(), **decided})
    asked = await world.value("UPDATE passes.decision SET asked_again_at = now() RETURNING id")
    kept = {"outcome": "kept", "answer": "Zo staat het in het reglement"}
    yield Deed("programme_officer", f"{other}/beslissingen/{asked}/antwoord", {**kept})


async def of_an_organiser(world: World) -> AsyncIterator[Deed]:
    session = await world.session(starts_in=timedelta(hours=1), cancel_before=timedelta())
    page = f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}"
    shown, door_id = await ticket(world, session, places=2), uuid4()
    checkin_id, again_id, marked_id = uuid4(), uuid4(), uuid4()
    booking_id = await world.value("SELECT id FROM reservations.booking")
    forms: list[tuple[str, dict[str, object]]] = [
        (f"plaatsen/{session.pool_id}", {"places": 20}),
        (f"boekingen/{booking_id}/wijzigen", {"plaatsen-1": 1, "change_id": uuid4()}),
        ("binnen", {"ticket": shown, "checkin_id": checkin_id}),
        (f"boekingen/{booking_id}/terug", {"ticket": "1.1", "checkin_id": checkin_id}),
        ("boekingen", {"wie": "Peeters"}),
        ("berichten", {"message_id": uuid4(), "subject": "Andere zaal", "body": "Zaal 2", "stap": "stuur"}),
        (f"boekingen/{booking_id}/binnen", {"checkin_id": marked_id}),
        (f"boekingen/{booking_id}/terug", {"ticket": "1.1", "checkin_id": marked_id}),
        (f"boekingen/{booking_id}/notitie", {"note": "Komt later"}),
        (f"boekingen/{booking_id}/opsturen", {"mail_id": uuid4()}),
        ("binnen", {"ticket": shown, "checkin_id": again_id}),
        ("terug", {"checkin_id": again_id}),
        ("activiteit", {"discreet": "true"}),
        ("wachtlijst", {"rule": "keep"}),
        ("deuren", {"door_id": door_id}),
        (f"deuren/{door_id}/sluiten", {}),
        (f"boekingen/{booking_id}/annuleren", {"ticket-1.1": "true", "cancellation_id": uuid4()}),
        ("wijzigen/uitstellen", {"reason": "Storm op komst"}),
    ]
    for path, fields in forms:
        yield Deed("organiser", f"{page}/{path}", fields, organiser_id=session.organiser_id)
    off = await world.session(organiser_id=session.organiser_id)
    await world.execute(
        "UPDATE reservations.session"
        " SET status = 'cancelled', choose_until = uit.later($1, interval '7 days') WHERE id = $2",
        world.clock.now(), off.id,
    )  # fmt: skip
    longer = f"/dender/organisaties/{session.organiser_id}/sessies/{off.id}/geworden/langer"
    month: dict[str, object] = {"day": "20/3/2026", "reason": "Er komt een avond bij"}
    yield Deed("organiser", longer, month, organiser_id=session.organiser_id)
    later = await world.session(organiser_id=session.organiser_id)
    room = f"/dender/organisaties/{session.organiser_id}/sessies/{later.id}/wachtkamer"
    yield Deed("organiser", room, typed_room(world), organiser_id=session.organiser_id)
    yield Deed("organiser", f"{room}/sluiten", organiser_id=session.organiser_id)
    await world.tariff(session, "gezin", 2400, active=False, waits=True)
    tariff = f"/dender/organisaties/{session.organiser_id}/tarieven/{session.event_id}/gezin"
    family: dict[str, object] = {"sold": "ja", "weight": 4, "least": 1}
    yield Deed("organiser", tariff, family, organiser_id=session.organiser_id)
    asked: dict[str, object] = {"most_per_person": 2, "shows": "Toon je lidkaart"}
    yield Deed("organiser", f"{tariff}/voorwaarden", asked, organiser_id=session.organiser_id)
    absences = f"/dender/organisaties/{session.organiser_id}/afwezigen"
    rule: dict[str, object] = {"on": "ja", "after_times": 2, "hours_before": 4}
    yield Deed("organiser", absences, rule, organiser_id=session.organiser_id)
    absent, missed_id = await world.resident(), uuid4()
    await world.execute(
        "INSERT INTO reservations.absence VALUES (1, $1, $2, $3, $4, $5)",
        missed_id, session.id, session.organiser_id, absent.membership_id, world.clock.now(),
    )  # fmt: skip
    for act in ("", "/terug"):
        missed = f"{absences}/{missed_id}/{session.id}{act}"
        yield Deed("organiser", missed, organiser_id=session.organiser_id)


async def of_activities(world: World) -> AsyncIterator[Deed]:
    organiser_id, event_id, venue_id = await world.organiser(), uuid4(), uuid4()
    home = f"/dender/organisaties/{organiser_id}/activiteiten"
    this = f"{home}/{event_id}"
    forms: dict[str, dict[str, object]] = {
        f"{home}/nieuw": {"event_id": event_id, "title": "Quiz", "domain": "culture"},
        f"{this}/wat": {"title": "Grote quiz", "domain": "culture"},
        f"{this}/foto": {"alt": "Een volle zaal", "credit": "An Claes"},
        f"{this}/foto/weg": {},
        f"{this}/waar": {**HALL, "venue_id": venue_id},
        f"{this}/wanneer/eenmalig": {**EVENING, "stap": "maak"},
        f"{this}/prijzen": {**TWO_PRICES},
        f"{this}/plaatsen": {**FORTY},
        f"{this}/kopieren": {"event_id": uuid4(), "title": "Nog een quiz"},
        f"{this}/publiceren": {},
        f"{this}/verbergen": {},
    }
    for address_of_form, fields in forms.items():
        if address_of_form.endswith("/foto"):
            await world.execute(
                "INSERT INTO organisers.event_picture"
                " VALUES (1, $1, 'image/png', 640, 480, '', 'v1', 'Zaal', 'Bo', '2026-03-01')",
                event_id,
            )
        yield Deed("organiser", address_of_form, fields, organiser_id=organiser_id)
    series_id = uuid4()
    await world.execute(
        "INSERT INTO reservations.series VALUES (1, $1, $2, '{}', '2026-03-01')", series_id, event_id
    )
    await world.execute(
        "UPDATE reservations.session SET series_id = $1 WHERE event_id = $2", series_id, event_id
    )
    later: dict[str, object] = {"scope": "alle", "starts": "21:00", "ends": "23:00", "stap": "ja"}
    yield Deed("organiser", f"{this}/wanneer/reeksen/{series_id}", later, organiser_id=organiser_id)
    await world.execute(
        "INSERT INTO reservations.event_date VALUES (1, $1, '2026-04-01 18:00Z', '2026-04-01 20:00Z')",
        event_id,
    )
    imported = (await world.session(organiser_id=organiser_id)).event_id
    said = '{"type_label": "Quiz", "attendance": "mixed"}'
    await world.execute(
        "INSERT INTO organisers.event_here VALUES (1, $1, $2, $2, '2026-03-01')", imported, said
    )
    yield Deed("organiser", f"{home}/{imported}/wat/terug", {"veld": "kind"}, organiser_id=organiser_id)
    await world.execute(
        "INSERT INTO reservations.event_sale VALUES (1, $1, 40, 40, NULL, 0, 0, '2026-03-01')", imported
    )
    await world.execute(
        "INSERT INTO reservations.event_tariff VALUES (1, $1, 'base', 'Prijs', 800, 'anyone', 0, 1, 1)",
        imported,
    )
    for part in ("waar", "prijzen", "plaatsen"):
        yield Deed("organiser", f"{home}/{imported}/{part}/terug", {}, organiser_id=organiser_id)
    gone: dict[str, object] = {"starts": "2026-04-01T18:00:00+00:00"}
    yield Deed("organiser", f"{this}/wanneer/weg", gone, organiser_id=organiser_id)


async def of_turn_cards(world: World) -> AsyncIterator[Deed]:
    session, card_id = await world.session(), uuid4()
    home = f"/dender/organisaties/{session.organiser_id}/activiteiten/{session.event_id}/beurtenkaarten"
    until = (world.clock.now() + timedelta(days=90)).date().isoformat()
    typed: dict[str, object] = {
        "naam": "Zwemmen",
        "beurten": "10",
        "prijs": "45",
        "maanden": "12",
        "tot": until,
    }
    typed |= {"wie": "samen", "terug": "14"}
    yield Deed("organiser", f"{home}/{card_id}", typed, organiser_id=session.organiser_id)
    sold = await world.value("SELECT session_id FROM reservations.turn_card")
    yield Deed("organiser", f"{home}/{sold}/stoppen", {}, organiser_id=session.organiser_id)


async def of_courses(world: World) -> AsyncIterator[Deed]:
    course = await make_course(world, 3)
    home = f"/dender/organisaties/{course.first.organiser_id}/activiteiten/{course.first.event_id}/cursussen"
    typed: dict[str, object] = {f"datum-{each.id.hex}": "true" for each in course.dates}
    typed |= {"naam": "Yoga", "prijs-base": "35", "verkoop": "geheel", "laat": "no"}
    typed |= {"uitschrijven": "before_start"}
    for path, fields in ((f"{course.id}", typed), (f"{course.id}/stoppen", {})):
        yield Deed("organiser", f"{home}/{path}", fields, organiser_id=course.first.organiser_id)


async def of_places(world: World) -> AsyncIterator[Deed]:
    mine, theirs = await world.session(20), await world.session(20)
    part_id, apart_id, pool_id = uuid4(), uuid4(), uuid4()
    home = f"/dender/organisaties/{mine.organiser_id}"
    page, other = f"{home}/sessies/{mine.id}", f"/dender/organisaties/{theirs.organiser_id}"
    part: dict[str, object] = {"part_id": part_id, "name": "Balkon", "places": 5, "tariff_base": "true"}
    until: dict[str, object] = {"whom": "box_office", "places": 4, "until": "2026-03-09"}
    sharing: dict[str, object] = {"name": "Festival", "places": 30, f"with_{theirs.organiser_id}": "true"}
    forms: list[tuple[str, dict[str, object]]] = [
        (f"{page}/plaatsen", part),
        (f"{page}/plaatsen/indeling", {"tariff_base": ""}),
        (f"{page}/plaatsen/{part_id}/weghalen", {}),
        (f"{page}/apart", {"form_id": apart_id, **until}),
        (f"{page}/apart/{apart_id}/vrijgeven", {}),
        (f"{home}/samen", {"pool_id": pool_id, **sharing}),
        (f"{home}/samen/{pool_id}/aantal", {"capacity": 25}),
        (f"{page}/samen/{pool_id}/telt", {}),
    ]
    for form, fields in forms:
        yield Deed("organiser", form, fields, organiser_id=mine.organiser_id)
    for act in ("meedoen", "stoppen"):
        yield Deed("organiser", f"{other}/samen/{pool_id}/{act}", organiser_id=theirs.organiser_id)
    of_region: dict[str, object] = {**sharing, "pool_id": uuid4()}
    yield Deed("programme_officer", "/dender/samen", of_region)
    yield Deed("programme_officer", f"/dender/samen/{of_region['pool_id']}/aantal", {"capacity": 12})
    half: dict[str, object] = {"way": "percent", "number": 50, "reason": "De trap wordt hersteld."}
    days: dict[str, object] = {"from_on": "2026-03-02", "to_on": "2026-03-31", "seen": "true"}
    own, region = {"scope": f"organiser:{mine.organiser_id}"}, {"scope": "region:"}
    own_id, region_id = uuid4(), uuid4()
    taken = {"measure_id": own_id, **own, **half, **days}
    yield Deed("organiser", f"{home}/maatregelen", taken, organiser_id=mine.organiser_id)
    yield Deed("organiser", f"{home}/maatregelen/{own_id}/stoppen", organiser_id=mine.organiser_id)
    taken = {"measure_id": region_id, **region, **half, **days}
    yield Deed("programme_officer", "/dender/maatregelen", taken)
    yield Deed("programme_officer", f"/dender/maatregelen/{region_id}/stoppen")


async def of_a_hall(world: World) -> AsyncIterator[Deed]:
    session, anna = await seated(world, best_row="A"), await world.resident(credit_cents=500)
    await world.book(anna, session)
    key = await world.value(
        "SELECT booking_id || '.' || line_no || '.' || no FROM reservations.ticket WHERE seat IS NOT NULL"
    )
    own = f"/dender/organisaties/{session.organiser_id}"
    hall = {"naam": "Kleine zaal", "rij-0": "A-C", "van-0": "1", "tot-0": "6", "stap": "bewaar"}
    before, plan_id = await plan_of(world, session), uuid4()
    forms: list[tuple[str, dict[str, object]]] = [
        ("zaalplannen/nieuw", {**hall, "plan": plan_id}),
        (f"zaalplannen/{before}", {**hall, "plan": uuid4()}),
        (f"sessies/{session.id}/stoelen/plan", {"zaal": plan_id}),
        (f"sessies/{session.id}/stoelen", {"rij": "C", "waarom": "Techniek", "stap": "dicht"}),
        (f"sessies/{session.id}/stoelen/{key}", {"naar": "B-1"}),
        (
            f"sessies/{session.id}/stoelen/ontruimen",
            {"stoelen": "B-1", "waarom": "Een camera", f"naar-{key}": "A-1"},
        ),
    ]
    for path, fields in forms:
        yield Deed("organiser", f"{own}/{path}", fields, organiser_id=session.organiser_id)


async def of_a_seller(world: World) -> AsyncIterator[Deed]:
    organiser_id = await world.organiser()
    page = f"/dender/organisaties/{organiser_id}/betalen"
    yield Deed("organiser", page, {"desk": "ja", "desk_hours": 24, "fee": "1,50"}, organiser_id=organiser_id)
    numbered: dict[str, object] = {"enterprise_number": "0417.497.106"}
    yield Deed("organiser", f"{page}/nummer", numbered, organiser_id=organiser_id)
    async with running_peer(world.clock) as peer:
        provider = StripeProvider(peer.secret_key, [peer.webhook_secret], peer.url)
        world.pay_by(provider)
        two: dict[str, object] = {"first": "An Claes", "second": "Bo Maes"}
        yield Deed("organiser", f"{page}/kaart", two, organiser_id=organiser_id)
        await provider.close()


async def on_invoices(world: World) -> AsyncIterator[Deed]:
    session, school, invoice_id = await an_invoice(world)
    refund_id = await given_up(world, invoice_id, 1)
    home = f"/dender/organisaties/{session.organiser_id}"
    page, numbered = f"{home}/facturen/{invoice_id}", {"number": "2026/14", "issued_on": "2026-03-02"}
    line = {"amount": "5,00", "paid_on": "2026-03-02", "reference": "VB 1"}

    forms: dict[str, dict[str, object]] = {
        f"{home}/klanten": {"customer_id": uuid4(), **ORGANISATION},
        f"{home}/klanten/{school.id}": {**ORGANISATION},
        f"{home}/klanten/{school.id}/code": {},
        f"{page}/nummer": {**numbered},
        f"{page}/creditnota/{refund_id}": {**numbered, "number": "CN 3"},
        f"{page}/betaling": {**line},
        f"{page}/betaling/terug": {"line": line["reference"], "reason": "Andere factuur"},
    }
    for address_of_form, fields in forms.items():
        yield Deed("organiser", address_of_form, fields, organiser_id=session.organiser_id)


async def at_a_till(world: World) -> AsyncIterator[Deed]:
    seller, till_id, receipt_id = await a_seller(world), uuid4(), uuid4()
    home, drawer = till_home(seller), await a_drawer(world, seller_id=seller, name="Foyer")
    await drawer.sell(500, sale_id=receipt_id)
    await a_refund(world, seller, 500, "K7MP3ROI")
    opening = {"session_id": uuid4(), "found": "0", "added": "10"}

    yield Deed("organiser", home, {"till_id": till_id, "name": "Inkom"}, organiser_id=seller)
    await world.municipality(NINOVE)
    await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1)", NINOVE)
    yield Deed("organiser", f"{home}/plaats/{till_id}", {f"counter-{till_id}": NINOVE}, organiser_id=seller)
    yield Deed("box_office", f"{home}/openen/{till_id}", opening, organiser_id=seller)
    yield Deed("box_office", f"{home}/bonnen/{receipt_id}/afdrukken", {"no": 1}, organiser_id=seller)
    forms: dict[str, dict[str, object]] = {
        "afromen": {"movement_id": uuid4(), "amount": "40"},
        "terugbetalen": {"code": "K7MP3ROI", "payout_id": uuid4()},
        "papier": {"receipt_id": uuid4(), **PAPER, "day": world.clock.now().date()},
        "tellen": {"counted": "70,05"},
        "sluiten": {"to_safe": "0"},
    }
    for path, fields in forms.items():
        page, own = f"{home}/{drawer.session_id}/{path}", drawer.session_id
        yield Deed("box_office", page, fields, organiser_id=seller, till_session_id=own)


async def at_the_box_office(world: World) -> AsyncIterator[Deed]:
    session, anna = await world.session(10, price_cents=500), await world.resident()
    await world.seller(session.organiser_id, desk_hours=48)
    drawer = await a_drawer(world, seller_id=session.organiser_id)
    booking = await waiting(world, anna, session)
    sold_id, number, given_id, theirs = uuid4(), {"nummer": number_of(booking.id)}, uuid4(), uuid4()
    more = {"stap": "boek", "change_id": uuid4(), "verschil": 500}
    seen = {"prijs": 1000, "te-betalen": 500, "betaal": "desk"}
    forms: dict[str, dict[str, Any]] = {
        "boeking": number,
        "terugnemen": number,
        f"boeking/{booking.id}": paying(500),
        f"terugnemen/{booking.id}": {"ticket-1.1": "true", "cancellation_id": uuid4()},
        f"verkoop/{session.id}/{sold_id}": selling(1, 500),
        f"terugnemen/{sold_id}/wijzigen": {"aantal-base": 2} | more | seen | paying(500),
        f"ruilen/{sold_id}/{session.id}/{uuid4()}": swapping(1, 500, 0),
        "pas": {"permission_id": given_id, "token": anna.token},
        f"pas/{given_id}/{session.id}/{theirs}": selling(1, 500),
        f"pas/{given_id}/boekingen/{theirs}/wijzigen": {"plaatsen-1": 2, **more, "change_id": uuid4()}
        | paying(500),
    }
    for path, fields in forms.items():
        own: dict[str, Any] = {
            "organiser_id": session.organiser_id,
            "till_session_id": drawer.session_id,
            "permission_id": given_id,
        }
        yield Deed("box_office", address(drawer, path), fields, **own)


async def of_money_that_comes_back(world: World) -> AsyncIterator[Deed]:
    (seller_id, _, refund_id), difference_id = await owed(world), uuid4()
    page = f"/dender/organisaties/{seller_id}/betalen/terug/{refund_id}"
    paid = {"paid_on": "2026-03-02", "reference": "Uittreksel 12"}
    yield Deed("organiser", page, {**paid}, organiser_id=seller_id)
    await world.execute(
        "INSERT INTO credits.difference (region_id, id, seller_id, kind, external_id, expected_cents,"
        " found_cents, day, opened_at) VALUES (1, $1, $2, 'charge', 'pi_1', 0, 500, '2026-03-01', $3)",
        difference_id, seller_id, world.clock.now(),
    )  # fmt: skip
    yield Deed("financial_director", f"/dender/verschillen/{difference_id}", {"reason": "Eigen verkoop"})


async def of_what_is_remitted(world: World) -> AsyncIterator[Deed]:
    session = await world.session()
    await give_mandate(world, session.organiser_id, await an_agent(world))
    await sold_together(world, session)
    await book_sold_for(world.services)
    debt_id = await world.value("SELECT id FROM credits.account WHERE kind = 'owed'")
    paid = {"remittance_id": uuid4(), "amount": "4", "paid_on": "2026-03-01", "reference": "UIT 1"}
    yield Deed("financial_director", f"/dender/afdrachten/{debt_id}", paid)


async def of_programmes(world: World) -> AsyncIterator[Deed]:
    programme_id, _ = await a_programme(world), await world.organiser()
    yield Deed("programme_officer", "/dender/programmas/nieuw", {"programme_id": uuid4(), **FILLED})
    admit = f"/dender/programmas/{programme_id}/organisatoren"
    yield Deed("programme_officer", admit, {"organiser": "all"})
    yield Deed("programme_officer", "/dender/kassas", {"amount": "20"})
    yield Deed("programme_officer", "/dender/uitdatabank", {"counting": "ours_included"})
    computer_id, computers = uuid4(), "/dender/openbare-computers"
    library = {"computer_id": computer_id, "name": "Bib Utopia", "network": "193.190.10.20"}
    yield Deed("programme_officer", computers, library)
    yield Deed("programme_officer", f"{computers}/{computer_id}/weghalen")


async def of_groups(world: World) -> AsyncIterator[Deed]:
    group, programme_id = await a_group(world), await a_programme(world)
    page, terms = f"/dender/groepen/{group.id}", {"tickets": "80", "until": "2026-12-31"}
    named = {"group_id": uuid4(), "partner": group.partner_id, "name": "Kookgroep"}
    yield Deed("programme_officer", "/dender/groepen", {**named, **terms})
    yield Deed("programme_officer", page, {**terms})
    credit = {"grant_id": uuid4(), "programme": programme_id, "amount": "250"}
    yield Deed("programme_officer", f"{page}/krediet", credit)
    yield Deed("programme_officer", f"{page}/stoppen")


async def of_a_partner(world: World) -> AsyncIterator[Deed]:
    group, session, booking_id = await a_group(world, name="Reisgroep"), await world.session(20, 0), uuid4()
    own = group.partner_id
    order: dict[str, object] = {"plaatsen-kansentarief": "2", "gezien": "0 0", "stap": "boek"}
    yield Deed("group_worker", f"{group.own}/boeken/{session.id}/{booking_id}", order, partner_id=own)
    booked = f"{group.own}/boekingen/{booking_id}"
    more = {f"aantal-kansentarief.{group.id.hex}": 3, **CHANGE, "change_id": uuid4()}
    yield Deed("group_worker", f"{booked}/wijzigen", more, partner_id=own)
    back = {"cancellation_id": uuid4(), "aanbod": "1.1 1.2", "aantal": "1"}
    yield Deed("group_worker", f"{booked}/annuleren", {**back}, partner_id=own)
    rush = await world.session()
    await a_room(world, rush)
    yield Deed("group_worker", f"{group.own}/wachtkamer/{rush.id}", partner_id=own)


async def of_a_service(world: World) -> AsyncIterator[Deed]:
    programme_id, session = await a_programme(world), await world.session(20, 0)
    service, client, anna = await a_service(world), uuid4(), await world.resident()
    home, shown = f"/dender/partners/{service}/mensen", {"pas": anna.token, "dossier": "D-1"}
    page, booking_id = f"{home}/{anna.membership_id}", uuid4()
    proof = {"proof_id": uuid4(), "kind": "ocmw", "until": "2027-04-30"}
    back = {"cancellation_id": uuid4(), "aanbod": "1.1 1.2", "aantal": "1"}
    forms: dict[str, dict[str, object]] = {
        home: {"client_id": client, **shown},
        f"{page}/voorlopig": {"given_id": uuid4()},
        f"{page}/bewijs": {**proof},
        f"{page}/krediet": {"grant_id": uuid4(), "programme_id": programme_id},
        f"{page}/boeken/{session.id}/{booking_id}": {"plaatsen-base": "2", "gezien": "0 0", "stap": "boek"},
        f"{page}/boekingen/{booking_id}/wijzigen": {
            f"aantal-base.{anna.membership_id.hex}": 3,
            **CHANGE,
            "change_id": uuid4(),
        },
        f"{page}/boekingen/{booking_id}/annuleren": {**back},
        f"{page}/stoppen": {},
    }
    for address_of_form, fields in forms.items():
        yield Deed("social_worker", address_of_form, fields, partner_id=service)


async def of_who_runs_the_region(world: World) -> AsyncIterator[Deed]:
    page, role, somebody = "/dender/beheer", "region_officer", {"name": "Bo", "email": "bo@example.org"}
    yield Deed(role, f"{page}/collegas", {**somebody, "role": "clerk"})
    staff_id = await world.value("SELECT id FROM identity.staff WHERE email = 'bo@example.org'")
    yield Deed(role, f"{page}/collegas/{staff_id}/uitnodigen")
    yield Deed(role, f"{page}/collegas/{staff_id}/stoppen")
    yield Deed(role, f"{page}/partners", {"partner_id": uuid4(), "name": "De Kring", "kind": "school"})
    yield Deed(role, f"{page}/organisatoren", {"organiser_id": uuid4(), "name": "De Kaai"})
    kaai = await world.value("SELECT id FROM organisers.organiser WHERE name = 'De Kaai'")
    yield Deed(role, f"{page}/koppelingen", {"name": "Kassa", f"organiser-{kaai}": "true", "read": "true"})
    client_id = await world.value("SELECT id FROM identity.client")
    yield Deed(role, f"{page}/koppelingen/{client_id}/sleutel")
    yield Deed(role, f"{page}/koppelingen/{client_id}/stoppen")
    yield Deed(role, f"{page}/instellingen", {"own_outings_from": "15"})
    again = {"reviewer": "Het diensthoofd", "complaints": "De klachtendienst"}
    yield Deed(role, f"{page}/beslissingen", {**again})
    leave = {"number": "18/2024", "purposes": "Dubbels", "categories": "Inwoners", "starts_on": "2026-03-01"}
    yield Deed(role, f"{page}/rijksregister", {"authorisation_id": uuid4(), **leave})
    entered = await world.value("SELECT id FROM identity.insz_authorisation ORDER BY entered_at DESC LIMIT 1")
    yield Deed(role, f"{page}/rijksregister/{entered}/stoppen")


async def of_the_books(world: World) -> AsyncIterator[Deed]:
    """First, while the books have nothing in them that only a test puts there."""
    await a_programme(world)
    year = f"/dender/jaren/{await world.value('SELECT id FROM credits.legal_entity')}/2025"
    yield Deed("financial_director", f"{year}/afsluiten")
    yield Deed("auditor", f"{year}/bevestigen")


async def of_sellers(world: World) -> AsyncIterator[Deed]:
    organiser_id, agent_id = await world.organiser(), await world.organiser()
    texts = {"reference": "Raad van 12 mei", "legal_opinion": "advies 7", "procurement": "2026/14"}
    mandate = {"organiser": organiser_id, "agent": agent_id, "starts": "2026-03-01", **texts}
    yield Deed("programme_officer", "/dender/verkopers/mandaten", {"mandate_id": uuid4(), **mandate})
    yield Deed("programme_officer", f"/dender/verkopers/{organiser_id}/stoppen")


async def of_a_municipality(world: World) -> AsyncIterator[Deed]:
    await dossiers.adopt_example(world)
    home = f"/labels/gemeente/{await world.municipality(dossiers.KOKSIJDE)}"
    dossier_id = uuid4()
    forms: dict[str, dict[str, object]] = {
        "": {"dossier_id": dossier_id, "kinds": "both"},
        f"/dossiers/{dossier_id}/soort": {"kinds": "day"},
        f"/dossiers/{dossier_id}/veld": {"nights": "60000"},
        f"/dossiers/{dossier_id}/antwoorden/1": {**CLAIMED},
        f"/dossiers/{dossier_id}/indienen": {},
    }
    for path, fields in forms.items():
        yield Deed("municipality", f"{home}{path}", fields, region_id=0, refnis=dossiers.KOKSIJDE)


async def of_who_judges(world: World) -> AsyncIterator[Deed]:
    looked_at, asked = [
        await dossiers.submitted(world, refnis=refnis, name=refnis) for refnis in ("38008", "38016")
    ]
    ready, awarded = [
        await dossiers.assessed(world, refnis=refnis, name=refnis) for refnis in ("35011", "35013")
    ]
    async with world.services.database.transaction() as tx:
        await decide(tx, awarded.verdict("day", "granted"), awarded.by("tourism_officer"))
    told = {"stap": "ja", "day_reasons": "Nagekeken.", "day_notified_on": world.clock.now().date()}
    granted, withdrawn = (
        {**told, "decision_id": uuid4(), "day_ruling": each} for each in ("granted", "withdrawn")
    )
    found: dict[str, object] = {"nights": 52_000, "nights_ground": "Cijfers van Statbel."}

    yield Deed("assessor", f"{looked_at.address}/nakijken", found, region_id=0)
    yield Deed("assessor", f"{asked.address}/vraag", {"question": "Tel je de camping mee?"}, region_id=0)
    yield Deed("tourism_officer", f"{ready.address}/beslissen/day", granted, region_id=0)
    yield Deed("tourism_officer", f"{awarded.address}/intrekken/day", withdrawn, region_id=0)


DESKS = (
    of_the_books,
    at_the_counter,
    of_who_runs_the_region,
    of_an_organiser,
    of_a_hall,
    of_places,
    of_activities,
    of_courses,
    of_turn_cards,
    of_a_seller,
    on_invoices,
    of_money_that_comes_back,
    of_what_is_remitted,
    at_a_till,
    at_the_box_office,
    of_programmes,
    of_groups,
    of_a_partner,
    of_a_service,
    of_sellers,
    of_a_municipality,
    of_who_judges,
    of_a_booking_at_the_counter,
)


async def sent(world: World) -> AsyncIterator[tuple[Deed, int]]:
    """Each deed done by somebody who did nothing yet, and how much they left in the trail."""
    for desk in DESKS:
        async for deed in desk(world):
            staff_id = await world.sign_in_staff(
                deed.role,
                region_id=deed.region_id,
                organiser_id=deed.organiser_id,
                refnis=deed.refnis,
                partner_id=deed.partner_id,
            )
            await take_over(world, deed, staff_id)
            answer = await world.post_form(deed.address, **deed.fields)
            assert answer.status_code in {200, 303}, f"{deed.address}: {answer.status_code} {answer.text}"
            yield deed, await world.value(WRITTEN, str(staff_id))


async def take_over(world: World, deed: Deed, staff_id: UUID) -> None:
    """The till at which a deed is done, and what permits it, become theirs."""
    await world.execute(
        "UPDATE credits.till_session SET opened_by = $2 WHERE id = $1", deed.till_session_id, staff_id
    )
    await world.execute(
        "UPDATE passes.permission SET staff_id = $2 WHERE id = $1", deed.permission_id, staff_id
    )


async def test_every_form_that_staff_send_leaves_who_sent_it(world: World) -> None:
    done = {deed.address: rows async for deed, rows in sent(world)}

    forms = list(forms_of_staff(world.app))
    assert len(forms) > 20
    assert [form for form in forms if not any(fits(form, each) for each in done)] == [], (
        "add a deed for these"
    )
    assert [address for address, rows in done.items() if not rows] == [], "done, and not written down"


def fits(form: str, address: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", form), address) is not None


async def test_a_form_that_changed_nothing_writes_nothing_down(world: World) -> None:
    session = await world.session(10)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    page = f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}"

    await world.post_form(f"{page}/plaatsen/{session.pool_id}", places=10)
    await world.post_form(f"{page}/plaatsen/{session.pool_id}", places=1000)
    await world.post_form(f"{page}/deuren/{uuid4()}/sluiten")

    assert await world.value("SELECT count(*) FROM uit.audit") == 0


@pytest.mark.own_database
async def test_an_act_that_is_not_written_down_does_not_happen(world: World) -> None:
    session = await world.session(10)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    await world.execute("ALTER TABLE uit.audit ADD CHECK (act <> 'pool.resize' AND act <> 'door.make')")
    page = f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}"

    await world.post_form(f"{page}/plaatsen/{session.pool_id}", places=20)
    await world.post_form(f"{page}/deuren", door_id=uuid4())

    assert await world.value("SELECT capacity FROM reservations.pool") == 10
    assert await world.value("SELECT count(*) FROM identity.door_link") == 0
