"""A motivated decision: its person reads what and why, asks somebody else to look again, and is answered."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from tests.builders import Resident, World
from tests.credits.books import a_programme, granted
from tests.passes.counter import acts, open_counter
from tests.passes.membership.test_ending import page_of
from tests.reservations.sessions.test_desk import text_of
from uit.passes.decisions.telling import tell_decision

MINE = "/dender/mijn-gegevens/beslissingen"
GROUND = "Je bewijs van het ziekenfonds is van vorig jaar."
FILLED = {
    "what": "social_tariff_refused",
    "ground": GROUND,
    "rule": "Artikel 4 van het reglement",
    "from_on": "2026-03-02",
}


def address(who: Resident) -> str:
    return f"{page_of(who.membership_id)}/beslissingen"


async def note(world: World, who: Resident, **fields: object) -> Any:
    """A clerk notes a decision; the answer of the form."""
    await open_counter(world)
    return await world.post_form(address(who), **{"decision_id": uuid4(), **FILLED} | fields)


async def decided(world: World, who: Resident) -> UUID:
    """A decision about somebody, who is then signed in."""
    assert (await note(world, who)).status_code == 303
    await world.sign_in(who)
    return await world.value("SELECT id FROM passes.decision")  # type: ignore[no-any-return]


async def ask(world: World, decision_id: UUID, why: str = "Het is van dit jaar.") -> Any:
    return await world.post_form(f"{MINE}/{decision_id}/herbekijken", why=why)


async def answer(world: World, who: Resident, decision_id: UUID, **fields: str) -> Any:
    given = {"outcome": "changed", "answer": "Je hebt gelijk, we zagen het verkeerde blad."} | fields
    return await world.post_form(f"{address(who)}/{decision_id}/antwoord", **given)


async def mailed(world: World) -> str:
    """Deliver what waits about decisions; the last mail, as text."""
    for row in await world.rows(
        "SELECT id, key FROM uit.outbox WHERE topic LIKE 'decision.%' ORDER BY created_at"
    ):
        await tell_decision(world.services, 1, row["key"], row["id"])
    body = world.mails[-1].get_body(("plain",))
    assert body
    return str(world.mails[-1]["subject"]) + "\n" + str(body.get_content())


async def test_the_person_reads_why_who_looks_again_and_where_to_complain(world: World) -> None:
    anna = await world.resident()
    await world.sign_in_staff("region_officer")
    setting = {"reviewer": "An Claes, Grote Markt 1, Aalst", "complaints": "Ombudsdienst Aalst"}
    await world.post_form("/dender/beheer/beslissingen", **setting)
    decision_id = await decided(world, anna)

    every = text_of(await world.client.get(MINE))
    page = text_of(await world.client.get(f"{MINE}/{decision_id}"))

    assert "Je krijgt geen kansentarief" in every
    for word in (GROUND, "Artikel 4 van het reglement", "2 maart 2026", "1 april 2026", *setting.values()):
        assert word in page
    assert "vlaamseombudsdienst.be" in page


async def test_the_mail_says_that_there_is_one_and_neither_which_nor_why(world: World) -> None:
    anna = await world.resident()
    await note(world, anna)

    mail = await mailed(world)

    assert "Er is een beslissing over jou" in mail
    assert f"/aanmelden?next={MINE}" in mail
    trail = str(await world.rows("SELECT act, facts FROM uit.audit"))
    queue = str(await world.rows("SELECT topic, payload FROM uit.outbox"))
    for word in (GROUND, "kansentarief", "social_tariff"):
        assert word not in mail.lower() + mail + trail + queue


async def test_nobody_reads_the_decisions_about_another(world: World) -> None:
    anna, bilal = await world.resident(), await world.resident()
    decision_id = await decided(world, anna)
    await world.sign_in(bilal)

    answers = [await world.client.get(f"{MINE}/{decision_id}"), await ask(world, decision_id)]

    assert [each.status_code for each in answers] == [404, 404]
    assert "Er zijn geen beslissingen over jou" in text_of(await world.client.get(MINE))


async def test_somebody_else_looks_again_and_the_person_reads_the_answer(world: World) -> None:
    anna = await world.resident()
    decision_id = await decided(world, anna)
    asked, _ = [await ask(world, decision_id) for _ in range(2)]
    await world.sign_in_staff("clerk")
    waiting = text_of(await world.client.get("/dender/balie/herbekijken"))

    done, same = [await answer(world, anna, decision_id) for _ in range(2)]
    other = await answer(world, anna, decision_id, answer="Bij nader inzien toch niet.")
    mail = await mailed(world)
    await world.sign_in(anna)
    page = text_of(await world.client.get(f"{MINE}/{decision_id}"))

    assert asked.status_code == done.status_code == same.status_code == 303
    assert "Yasmine Peeters" in waiting
    assert other.status_code == 409
    assert (await acts(world)).count("decision.answer") == 1
    assert "Er is opnieuw gekeken naar een beslissing" in mail
    assert "waar je kan klagen" in mail
    assert "Lees ze" not in mail
    assert "verkeerde blad" not in mail
    for word in ("Het is van dit jaar.", "De beslissing verandert", "we zagen het verkeerde blad"):
        assert word in page
    told = {"decision.make", "decision.ask_again", "decision.answer"}
    assert told <= set(await acts(world))
    assert (await acts(world)).count("decision.ask_again") == 1


async def test_who_is_protected_lies_face_down_among_who_waits(world: World) -> None:
    """The term for an answer runs for them as for anybody, so that a counter has to see that one waits."""
    anna = await world.resident()
    await ask(world, await decided(world, anna))
    await world.execute("UPDATE identity.person SET is_protected = true")
    await world.sign_in_staff("clerk")

    page = await world.client.get("/dender/balie/herbekijken")

    assert "Beschermde persoon" in page.text
    assert f"{anna.membership_id}/beslissingen" in page.text
    for word in ("Peeters", "Je krijgt geen"):
        assert word not in page.text


async def test_who_decided_does_not_answer_and_what_was_typed_stays(world: World) -> None:
    anna = await world.resident()
    await note(world, anna)
    clerk = dict(world.client.cookies)
    await world.sign_in(anna)
    decision_id = await world.value("SELECT id FROM passes.decision")
    await ask(world, decision_id)
    world.client.cookies.clear()
    world.client.cookies.update(clerk)

    page = await world.client.get(f"/dender/balie/personen/{anna.membership_id}/beslissingen")
    refused = await answer(world, anna, decision_id)

    assert "Jij nam deze beslissing. Een collega kijkt opnieuw." in page.text
    assert "/antwoord" not in page.text
    assert refused.status_code == 403
    assert "Deze beslissing nam je zelf" in refused.text
    assert "we zagen het verkeerde blad" in refused.text


async def test_after_thirty_days_one_complains_and_asks_no_more(world: World) -> None:
    anna = await world.resident()
    decision_id = await decided(world, anna)
    world.clock.move(timedelta(days=31))
    await world.sign_in(anna)

    page = await world.client.get(f"{MINE}/{decision_id}")
    refused = await ask(world, decision_id)

    assert "Vraag om opnieuw te kijken" not in page.text
    assert (refused.status_code, "Je vraagt dit te laat" in refused.text) == (409, True)


@pytest.mark.parametrize("field", sorted(FILLED))
async def test_what_is_missing_is_said_and_the_rest_stays_typed(world: World, field: str) -> None:
    anna = await world.resident()

    refused = await note(world, anna, **{field: ""})

    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert (GROUND in refused.text) is (field != "ground")
    assert await world.value("SELECT count(*) FROM passes.decision") == 0


async def test_an_empty_question_or_answer_says_what_is_missing(world: World) -> None:
    anna = await world.resident()
    decision_id = await decided(world, anna)
    empty = await ask(world, decision_id, "")
    await ask(world, decision_id)
    await world.sign_in_staff("programme_officer")

    unanswered = await answer(world, anna, decision_id, outcome="", answer="")

    assert (empty.status_code, unanswered.status_code) == (422, 422)
    assert 'href="#outcome"' in unanswered.text


async def test_what_ends_the_social_tariff_ends_it_the_day_before(world: World) -> None:
    anna = await world.resident(social_until=date(2027, 4, 30))

    await note(world, anna, what="social_tariff_ended", from_on="2026-03-10")

    assert await world.value("SELECT social_until FROM passes.membership") == date(2026, 3, 9)
    assert (await acts(world)).count("social_tariff.end") == 1


async def test_a_grant_that_is_taken_back_is_a_decision_with_its_reason(world: World) -> None:
    anna = await world.resident()
    given = await granted(world, await a_programme(world), anna)
    await open_counter(world)
    ids = {"reversal_id": uuid4(), "release_id": uuid4()}

    for _ in range(2):
        reason = "Voor de verkeerde persoon"
        await world.post_form(
            f"{page_of(anna.membership_id)}/krediet/{given.purse_id}/terugnemen", **ids, reason=reason
        )

    rows = await world.rows("SELECT what, ground, subject FROM passes.decision")
    assert [row["what"] for row in rows] == ["grant_reversed"]
    assert rows[0]["ground"] == "Voor de verkeerde persoon"
    assert rows[0]["subject"]


@pytest.mark.parametrize(("why", "count"), [("moved", 1), ("asked", 0), ("died", 0)])
async def test_an_end_that_they_did_not_ask_for_is_a_decision(world: World, why: str, count: int) -> None:
    anna = await world.resident()
    await open_counter(world)

    await world.post_form(f"{page_of(anna.membership_id)}/einde", why=why)

    assert await world.value("SELECT count(*) FROM passes.decision WHERE what = 'membership_ended'") == count


async def test_it_is_in_the_copy_that_they_take_along(world: World) -> None:
    anna = await world.resident()
    await decided(world, anna)

    own = msgspec.json.decode((await world.post_form("/dender/mijn-gegevens/bestand")).content)

    assert [each["ground"] for each in own["decisions"]] == [GROUND]


async def test_who_runs_the_region_says_who_looks_again_and_nothing_is_empty(world: World) -> None:
    await world.sign_in_staff("region_officer")

    shown = await world.client.get("/dender/beheer/beslissingen")
    empty = await world.post_form("/dender/beheer/beslissingen", reviewer="", complaints="")

    assert "De klachtendienst van je gemeente" in shown.text
    assert empty.status_code == 422


async def test_a_proof_that_holds_less_long_than_the_one_before_is_a_decision(world: World) -> None:
    anna = await world.resident(social_until=date(2027, 4, 30))
    await open_counter(world)
    proof = {"document_kind": "ocmw", "reference": "brief van mei"}

    for until in ("2027-04-30", "2026-10-31"):
        form = {"attestation_id": uuid4(), **proof, "until": until}
        for _ in range(2):
            await world.post_form(f"{page_of(anna.membership_id)}/kansentarief", **form)

    rows = await world.rows("SELECT what, from_on FROM passes.decision")
    assert [tuple(row) for row in rows] == [("social_tariff_ended", date(2026, 11, 1))]


async def test_credit_that_is_refused_is_a_decision_once_for_the_form(world: World) -> None:
    anna = await world.resident()
    programme_id = await a_programme(world)
    await world.execute("UPDATE credits.programme_version SET social_only = true")
    await open_counter(world)
    form = {"grant_id": uuid4(), "programme_id": programme_id}

    answers = [await world.post_form(f"{page_of(anna.membership_id)}/krediet", **form) for _ in range(2)]

    assert [each.status_code for each in answers] == [409, 409]
    rows = await world.rows("SELECT what, subject <> '' FROM passes.decision")
    assert [tuple(row) for row in rows] == [("grant_refused", True)]
