"""A label that is taken away leaves the register at once, and stays in the dossier."""

from uuid import uuid4

from organisers.labels.decision.decide import decide
from organisers.labels.decision.decision import Decision
from organisers.labels.decision.withdraw import withdraw
from organisers.labels.errors import AlreadyWithdrawn, AwardUnknown
from tests.builders import World
from tests.organisers.labels.dossiers import Town, assessed


async def granted(world: World) -> Town:
    town = await assessed(world)
    async with world.services.database.transaction() as tx:
        assert isinstance(
            await decide(tx, town.verdict("day", "granted"), town.by("tourism_officer")), Decision
        )
    return town


async def test_a_withdrawn_label_leaves_the_register_and_stays_in_the_dossier(world: World) -> None:
    town = await granted(world)
    today = world.clock.now().date().isoformat()
    fields = {"day_ruling": "withdrawn", "day_reasons": "Het infopunt sloot.", "day_notified_on": today}

    answer = await world.post_form(f"{town.address}/intrekken/day", decision_id=uuid4(), stap="ja", **fields)

    assert answer.status_code == 303
    assert (await world.client.get("/api/v1/labels")).json() == {"labels": [], "next": None}
    assert "heeft nu geen label" in (await world.client.get(f"/labels/{town.refnis}")).text
    shown = (await world.client.get(town.address)).text
    assert "Het infopunt sloot." in shown
    assert "besliste: dagtoerisme ingetrokken" in shown


async def test_withdrawing_is_once_and_only_what_was_given(world: World) -> None:
    town = await granted(world)
    verdict, by = town.verdict("day", "withdrawn"), town.by("tourism_officer")

    async with world.services.database.transaction() as tx:
        answers = [
            await withdraw(tx, each, by)
            for each in (
                verdict,
                verdict,
                town.verdict("day", "withdrawn"),
                town.verdict("stay", "withdrawn"),
            )
        ]

    assert isinstance(answers[0], Decision)
    assert answers[1] == answers[0]
    assert isinstance(answers[2], AlreadyWithdrawn)
    assert answers[3] == AwardUnknown()
