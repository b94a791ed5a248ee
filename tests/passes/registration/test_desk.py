"""The counter, from a name that nobody knows to a pass in the hand."""

import logging
import re
from uuid import UUID, uuid4

import pytest

from tests.builders import Resident, World
from tests.passes.counter import (
    acts,
    changed_details,
    insz,
    issue,
    open_counter,
    person_fields,
    register,
)
from tests.passes.household.test_desk import household
from tests.test_audit import fits, forms_of_staff


async def test_somebody_is_searched_registered_given_a_pass_and_printed(world: World) -> None:
    await open_counter(world)
    assert "/dender/balie/nieuw" in (await world.post_form("/dender/balie", wie="zoe")).text

    membership_id = await register(world)
    card_id = await issue(world, membership_id)
    page = (await world.client.get(f"/dender/balie/personen/{membership_id}")).text
    printed = await world.client.get(f"/dender/balie/passen/{card_id}.pdf")

    assert f"/dender/balie/passen/{card_id}.pdf" in page
    assert printed.content.startswith(b"%PDF-")
    done = {"person.search", "membership.register", "card.issue", "person.read", "card.print"}
    assert set(await acts(world)) == done


async def test_who_loads_a_page_again_is_not_told_to_do_what_is_done(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    address = f"/dender/balie/personen/{membership_id}?gedaan=lid"

    before = (await world.client.get(address)).text
    await issue(world, membership_id)
    after = (await world.client.get(address)).text

    assert ["Geef nu een pas" in page for page in (before, after)] == [True, False]


def led_to(page: str) -> dict[str, str]:
    """Where each key of a page leads, of those that lead somewhere."""
    return {key: href for href, key in re.findall(r'href="([^"]+)" data-key="(F\d+)"', page)}


async def test_a_key_leads_to_the_same_place_from_every_page_of_the_counter(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    person = f"/dender/balie/personen/{membership_id}"

    found = led_to((await world.post_form("/dender/balie", wie="hondt")).text)
    opened = led_to((await world.client.get(person)).text)
    credit = led_to((await world.client.get(f"{person}/krediet")).text)

    book = {"F5": f"{person}/boeken"}
    assert found == {"F2": person, "F4": f"{person}/krediet", "F10": "/dender/balie"} | book
    assert opened == {"F4": f"{person}/krediet", "F10": "/dender/balie"} | book
    assert credit == {"F2": person, "F10": "/dender/balie"}


async def test_a_blocked_pass_is_not_printed_nor_one_of_another_region(world: World) -> None:
    await open_counter(world)
    membership_id = await register(world)
    blocked = await issue(world, membership_id)
    await world.post_form(f"/dender/balie/personen/{membership_id}/passen/{blocked}/blokkeren")
    working = await issue(world, membership_id)

    assert (await world.client.get(f"/dender/balie/passen/{blocked}.pdf")).status_code == 404
    await open_counter(world, region_id=2)
    for name in (f"{working}.pdf", "x.pdf", f"{working}"):
        assert (await world.client.get(f"/kust/balie/passen/{name}")).status_code == 404


# What the forms of the counter could change. A look at somebody's page is written down, and changes nothing.
KEPT = (
    "identity.person", "identity.person_change", "passes.membership", "passes.card", "passes.attestation",
    "credits.purse", "credits.transfer", "uit.directory", "passes.permission", "passes.spoken_word",
)  # fmt: skip


async def everything(world: World) -> dict[str, list[str]]:
    return {
        table: sorted(row["kept"] for row in await world.rows(f"SELECT t::text AS kept FROM {table} AS t"))
        for table in KEPT
    }


NO_ID_OF_ANOTHER = ["/{region}/balie/brieven", "/{region}/balie/nieuw/gelijkenis"]
"""One makes a batch of what waits here under a new id; the other uses no id, and writes nothing."""


def registered(membership_id: object = None, person_id: object = None) -> tuple[str, dict[str, object]]:
    ids = {"membership_id": membership_id or uuid4(), "person_id": person_id or uuid4()}
    return "nieuw", {**person_fields(), **ids}


def forged(
    anna: Resident, bea: Resident, programme_id: UUID, purse_id: UUID
) -> list[tuple[str, dict[str, object]]]:
    """Every form of the counter with an id of another region: a person, a membership, a card, a programme.

    Anna is of this region; Bea, the programme and the purse are of another.
    """
    ours, theirs = f"personen/{anna.membership_id}", f"personen/{bea.membership_id}"
    proof: dict[str, object] = {"document_kind": "ocmw", "reference": "brief van mei", "until": "30/04/2027"}
    decided = {"what": "grant_refused", "ground": "Al gekregen", "rule": "Artikel 2", "from_on": "2026-03-02"}
    undo: dict[str, object] = {"reversal_id": uuid4(), "release_id": uuid4()}
    return [
        registered(membership_id=bea.membership_id),
        registered(person_id=bea.person_id),
        (f"{ours}/passen", {"card_id": bea.card_id, "kind": "paper"}),
        (f"{theirs}/passen", {"card_id": uuid4(), "kind": "paper"}),
        (f"{ours}/passen/{bea.card_id}/vervangen", {"new_card_id": uuid4()}),
        (f"{ours}/passen/{anna.card_id}/vervangen", {"new_card_id": bea.card_id}),
        (f"{theirs}/passen/{bea.card_id}/vervangen", {"new_card_id": uuid4()}),
        (f"{ours}/passen/{bea.card_id}/blokkeren", {}),
        (f"{theirs}/passen/{bea.card_id}/blokkeren", {}),
        (f"{ours}/passen/{bea.card_id}/deblokkeren", {}),
        ("gezin", household(**{"same-0": bea.membership_id})),
        (f"gezinnen/{uuid4()}/leden/{bea.membership_id}/weg", {}),
        (f"{theirs}/beschermen", {"protected": "ja"}),
        (f"{theirs}/wijzigen", changed_details()),
        (f"{theirs}/einde", {"why": "moved"}),
        (f"{theirs}/laatste-dag", {"ends_on": "2027-06-30"}),
        (f"{theirs}/houden", {}),
        (f"{theirs}/aanmeldcode", {"kind": "slip"}),
        (f"{theirs}/adres-klopt", {}),
        (f"{theirs}/berichten/{uuid4()}/gezegd", {}),
        (f"brieven/{uuid4()}/gepost", {}),
        (f"brieven/{uuid4()}/kwam-terug", {}),
        (f"brieven/{uuid4()}/weg", {}),
        (f"werklijst/{bea.membership_id}", {"kind": "proof", "about": "2026-03-31"}),
        (f"{theirs}/hulp", {"given_id": uuid4(), "soort": "trusted", "see": "true", "tot": "2026-06-30"}),
        (f"{theirs}/hulp/{uuid4()}/nagekeken", {}),
        (f"{theirs}/hulp/{uuid4()}/stoppen", {}),
        (f"{theirs}/organisaties", {"mandate_id": uuid4(), "partner": uuid4(), "book": "true"}),
        (f"{theirs}/organisaties/{uuid4()}/stoppen", {}),
        *(
            (f"{theirs}/{path}", {"permission_id": uuid4(), "soort": "known"})
            for path in ("toestemming", "toestemming/sturen", "toestemming/woord", "toestemming/woord/weg")
        ),
        (f"{theirs}/boeken/{uuid4()}/{uuid4()}", {}),
        (f"{theirs}/boekingen/{uuid4()}/annuleren", {}),
        (f"{theirs}/boekingen/{uuid4()}/mailen", {"mail_id": uuid4()}),
        (f"{theirs}/boekingen/{uuid4()}/wijzigen", {"change_id": uuid4()}),
        (f"{theirs}/boekingen/{uuid4()}/wijziging-laten-vallen", {"change_id": uuid4()}),
        (f"{theirs}/boekingen/wachtlijst/{uuid4()}", {"entry_id": uuid4()}),
        *((f"{theirs}/boekingen/wachtlijst/{uuid4()}/{act}", {}) for act in ("ja", "nee", "weg")),
        (f"{theirs}/wachtkamer/{uuid4()}", {}),
        (f"{theirs}/gegevens", {}),
        (f"{theirs}/wissen", {}),
        (f"{theirs}/afmelden", {}),
        (f"{theirs}/berichten", {"booked": "letter"}),
        (f"{theirs}/beslissingen", {"decision_id": uuid4(), **decided}),
        (f"{ours}/beslissingen/{uuid4()}/antwoord", {"outcome": "kept", "answer": "Zo blijft het"}),
        (f"{theirs}/einde/hervatten", {}),
        (f"{theirs}/dubbels", {"typed": "peeters"}),
        (f"{theirs}/samenvoegen/{anna.membership_id}", {"merge_id": uuid4(), "keep": anna.membership_id}),
        (f"{ours}/samenvoegen/{bea.membership_id}", {"merge_id": uuid4(), "keep": bea.membership_id}),
        (f"{ours}/samengevoegd/{uuid4()}/ongedaan", {"undo_id": uuid4()}),
        (f"{theirs}/kansentarief", {"attestation_id": uuid4(), **proof}),
        (f"{ours}/krediet", {"grant_id": uuid4(), "programme_id": programme_id}),
        (f"{theirs}/krediet", {"grant_id": uuid4(), "programme_id": programme_id}),
        (f"{ours}/krediet/{purse_id}/terugnemen", undo),
        (f"{theirs}/krediet/{purse_id}/terugnemen", undo),
    ]


async def test_an_id_of_another_region_in_a_form_is_not_found_and_changes_nothing(world: World) -> None:
    await open_counter(world)
    anna, bea = await world.resident(), await world.resident(region_id=2)
    (programme_id, _), purse_id = await world.programme(2), await world.purse(2, bea.membership_id, 500)
    before, answers = await everything(world), {}

    for path, fields in forged(anna, bea, programme_id, purse_id):
        answer = await world.post_form(f"/dender/balie/{path}", **fields)
        answers[path, *fields.values()] = answer.status_code
    printed = await world.client.get(f"/dender/balie/passen/{bea.card_id}.pdf")
    opened = await world.client.get(f"/dender/balie/personen/{bea.membership_id}")

    assert {asked: status for asked, status in answers.items() if status != 404} == {}
    assert (printed.status_code, opened.status_code) == (404, 404)
    assert await everything(world) == before
    assert set(await acts(world)) <= {"person.read", "credit.read"}


async def test_every_form_of_the_counter_is_tried_with_a_foreign_id(world: World) -> None:
    anna, bea = await world.resident(), await world.resident(region_id=2)
    tried = {f"/x/balie/{path}" for path, _ in forged(anna, bea, uuid4(), uuid4())}

    forms = [form for form in forms_of_staff(world.app) if "/balie/" in form]

    assert [form for form in forms if not any(fits(form, each) for each in tried)] == NO_ID_OF_ANOTHER


@pytest.mark.parametrize("role", ["organiser", "programme_officer", "auditor"])
async def test_other_roles_do_not_enter(world: World, role: str) -> None:
    organiser_id = await world.organiser() if role == "organiser" else None
    await world.sign_in_staff(role, organiser_id=organiser_id)

    for address in ("/dender/balie", "/dender/balie/nieuw"):
        assert (await world.client.get(address)).status_code == 403


async def test_a_role_reaches_no_further_than_its_own_municipality(world: World) -> None:
    """Clerk of one town, and social worker of a service: the second opens no counter."""
    await open_counter(world)
    membership_id, ninove = await register(world), await world.municipality("41048", "Ninove")
    staff_id = await world.sign_in_staff("clerk", refnis=ninove)
    await world.execute(
        "INSERT INTO identity.role (region_id, id, staff_id, role, starts_at)"
        " VALUES (1, $1, $2, 'social_worker', $3)",
        uuid4(), staff_id, world.clock.now(),
    )  # fmt: skip
    address = f"/dender/balie/personen/{membership_id}"

    assert (await world.client.get(address)).status_code == 404
    assert (await world.post_form(f"{address}/passen", card_id=uuid4(), kind="paper")).status_code == 404


async def test_opening_a_person_is_written_down_with_who_looked(world: World) -> None:
    clerk_id = await open_counter(world)
    anna = await world.resident()

    await world.client.get(f"/dender/balie/personen/{anna.membership_id}")

    (row,) = await world.rows("SELECT act, actor_id, subject_id FROM uit.audit")
    assert tuple(row) == ("person.read", str(clerk_id), str(anna.person_id))


async def test_a_national_register_number_is_in_no_log_and_no_address(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    await open_counter(world)

    await register(world, insz=insz(5))
    found = await world.post_form("/dender/balie", wie=insz(5))

    out, err = capfd.readouterr()
    assert insz(5) not in caplog.text + out + err
    assert insz(5) not in found.text.replace(f'value="{insz(5)}"', "")
    assert not re.search(r'<form[^>]*method="get"', (await world.client.get("/dender/balie")).text)


async def test_a_form_keeps_what_was_filled_in_when_the_proof_misses(world: World) -> None:
    await open_counter(world)
    anna = await world.resident()
    address = f"/dender/balie/personen/{anna.membership_id}/kansentarief"

    page = await world.post_form(
        address, attestation_id=anna.card_id, document_kind="ocmw", reference="", until="30/04/2027"
    )

    assert page.status_code == 422
    assert 'id="reference-error"' in page.text
    assert re.search(r'value="ocmw"\s+selected', page.text)
