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
from reservations.payment.sold_for import book_sold_for
from tests.builders import World
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
from tests.reservations.box_office.tills import address, paying, selling, swapping, waiting
from tests.reservations.customers.test_desk import FILLED as ORGANISATION
from tests.reservations.invoices.customers import an_invoice
from tests.reservations.payment.owed import owed
from tests.reservations.payment.under_mandate import an_agent, give_mandate, sold_together
from tests.reservations.sessions.test_desk import ticket
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


@dataclass(frozen=True)
class Deed:
    """A form that succeeds: who sends it, to which address, and what is in it.

    `till_session_id`: the session at a till in which they work.
    """

    role: str
    address: str
    fields: dict[str, object] = field(default_factory=dict)
    region_id: int = 1
    organiser_id: UUID | None = None
    refnis: str | None = None
    till_session_id: UUID | None = None


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
    yield Deed("social_worker", f"{page}/kansentarief", {"attestation_id": uuid4(), **proof})
    yield Deed("social_worker", f"{page}/krediet", {"grant_id": uuid4(), "programme_id": programme_id})
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
    order = await entrust(world, bilal, anna, kind="administrator", ends_on=None)
    yield Deed("clerk", f"{other}/hulp/{order}/nagekeken")
    yield Deed("clerk", f"{other}/hulp/{order}/stoppen")
    await world.execute("UPDATE passes.card SET number = '0900100009001' WHERE id = $1", carla.card_id)
    paper = {"soort": "trusted", "pas": "0900100009001", "see": "true", "tot": "2026-06-30"}
    yield Deed("clerk", f"{other}/hulp", {"given_id": uuid4(), **paper})
    yield Deed("clerk", f"{other}/einde", {"why": "moved"})
    yield Deed("clerk", f"{other}/einde/hervatten")
    yield Deed("clerk", f"{third}/gegevens")
    yield Deed("clerk", f"{third}/wissen")


async def of_an_organiser(world: World) -> AsyncIterator[Deed]:
    session = await world.session(starts_in=timedelta(hours=1), cancel_before=timedelta())
    page = f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}"
    shown, door_id, checkin_id, again_id = await ticket(world, session), uuid4(), uuid4(), uuid4()
    booking_id = await world.value("SELECT id FROM reservations.booking")
    forms: list[tuple[str, dict[str, object]]] = [
        (f"plaatsen/{session.pool_id}", {"places": 20}),
        ("binnen", {"ticket": shown, "checkin_id": checkin_id}),
        (f"boekingen/{booking_id}/terug", {"ticket": "1.1", "checkin_id": checkin_id}),
        ("binnen", {"ticket": shown, "checkin_id": again_id}),
        ("terug", {"checkin_id": again_id}),
        ("deuren", {"door_id": door_id}),
        (f"deuren/{door_id}/sluiten", {}),
        ("wijzigen/uitstellen", {"reason": "Storm op komst"}),
    ]
    for path, fields in forms:
        yield Deed("organiser", f"{page}/{path}", fields, organiser_id=session.organiser_id)
    await world.tariff(session, "gezin", 2400, active=False, waits=True)
    tariff = f"/dender/organisaties/{session.organiser_id}/tarieven/{session.event_id}/gezin"
    family: dict[str, object] = {"sold": "ja", "weight": 4, "least": 1}
    yield Deed("organiser", tariff, family, organiser_id=session.organiser_id)


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
    sold_id, number = uuid4(), {"nummer": number_of(booking.id)}
    forms: dict[str, dict[str, Any]] = {
        "boeking": number,
        "terugnemen": number,
        f"boeking/{booking.id}": paying(500),
        f"terugnemen/{booking.id}": {"ticket-1.1": "true", "cancellation_id": uuid4()},
        f"verkoop/{session.id}/{sold_id}": selling(1, 500),
        f"ruilen/{sold_id}/{session.id}/{uuid4()}": swapping(1, 500, 0),
    }
    for path, fields in forms.items():
        own: dict[str, Any] = {
            "organiser_id": session.organiser_id,
            "till_session_id": drawer.session_id,
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


async def of_who_runs_the_region(world: World) -> AsyncIterator[Deed]:
    page, role, somebody = "/dender/beheer", "region_officer", {"name": "Bo", "email": "bo@example.org"}
    yield Deed(role, f"{page}/collegas", {**somebody, "role": "clerk"})
    staff_id = await world.value("SELECT id FROM identity.staff WHERE email = 'bo@example.org'")
    yield Deed(role, f"{page}/collegas/{staff_id}/uitnodigen")
    yield Deed(role, f"{page}/collegas/{staff_id}/stoppen")
    yield Deed(role, f"{page}/organisatoren", {"organiser_id": uuid4(), "name": "De Kaai"})
    kaai = await world.value("SELECT id FROM organisers.organiser WHERE name = 'De Kaai'")
    yield Deed(role, f"{page}/koppelingen", {"name": "Kassa", f"organiser-{kaai}": "true", "read": "true"})
    client_id = await world.value("SELECT id FROM identity.client")
    yield Deed(role, f"{page}/koppelingen/{client_id}/sleutel")
    yield Deed(role, f"{page}/koppelingen/{client_id}/stoppen")


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
    of_a_seller,
    on_invoices,
    of_money_that_comes_back,
    of_what_is_remitted,
    at_a_till,
    at_the_box_office,
    of_programmes,
    of_sellers,
    of_a_municipality,
    of_who_judges,
)


async def sent(world: World) -> AsyncIterator[tuple[Deed, int]]:
    """Each deed done by somebody who did nothing yet, and how much they left in the trail."""
    for desk in DESKS:
        async for deed in desk(world):
            staff_id = await world.sign_in_staff(
                deed.role, region_id=deed.region_id, organiser_id=deed.organiser_id, refnis=deed.refnis
            )
            await world.execute(
                "UPDATE credits.till_session SET opened_by = $2 WHERE id = $1", deed.till_session_id, staff_id
            )
            answer = await world.post_form(deed.address, **deed.fields)
            assert answer.status_code in {200, 303}, f"{deed.address}: {answer.status_code} {answer.text}"
            yield deed, await world.value(WRITTEN, str(staff_id))


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
