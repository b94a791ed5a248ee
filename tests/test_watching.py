"""What an operator watches: every figure that a rule or a dashboard names is there, and names nobody."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from reservations.booking.answers import Booked
from tests.builders import World
from uit.database.pool import Database
from uit.entrypoints.topics import topics
from uit.entrypoints.worker import show_waiting, working

ROOT = Path(__file__).parent.parent
RULES: list[dict[str, Any]] = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())["groups"][
    0
]["rules"]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/uit.json").read_text())
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
LABELS = {
    "asked", "batcher", "duty", "generation", "implementation", "le", "major", "method", "minor",
    "patchlevel", "pool", "reason", "route", "state", "status", "topic", "version", "why",
}  # fmt: skip
OF_A_PERSON = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|@|\d{6,}")
DURATION = re.compile(r"\d+[smh]")


def figure(name: str, **labels: str) -> float:
    found = REGISTRY.get_sample_value(name, labels)
    assert found is not None, name
    return found


async def families(world: World) -> dict[str, Any]:
    """What `/metrics` says, by the name that a query asks for."""
    text = (await world.client.get("/metrics")).text
    found = {}
    for family in text_string_to_metric_families(text):
        for suffix in {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(
            family.type, [""]
        ):
            found[family.name + suffix] = family
    return found


@pytest.mark.parametrize("expression", [*QUERIES, *(rule["expr"] for rule in RULES)])
async def test_every_figure_that_is_asked_for_is_there(world: World, expression: str) -> None:
    asked = set(re.findall(r"\buit_\w+", expression))

    assert asked
    assert asked <= set(await families(world))
    assert [expression.count(each) for each in "([{"] == [expression.count(each) for each in ")]}"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_a_rule_says_how_bad_it_is_in_words_and_the_runbook_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert set(rule["labels"]) == {"severity"}
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith((".", "?"))
    assert DURATION.fullmatch(rule.get("for", "1m"))
    assert f"| `{rule['alert']}` |" in RUNBOOK


def test_the_runbook_names_no_rule_that_is_not_there() -> None:
    watched = RUNBOOK.partition("## What to watch")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", watched, re.MULTILINE)) == {rule["alert"] for rule in RULES}


async def test_no_label_holds_an_id_or_a_person(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    booked = await world.book(anna, session)
    assert isinstance(booked, Booked)
    await world.client.get(f"/dender/sessies/{session.id}")
    await world.client.get(f"/api/v1/bookings/{booked.booking.id}")
    samples = [sample for family in (await families(world)).values() for sample in family.samples]

    assert {label for sample in samples for label in sample.labels} <= LABELS
    assert [sample for sample in samples if any(map(OF_A_PERSON.search, sample.labels.values()))] == []


async def test_what_waits_is_counted_by_topic_with_the_age_of_the_oldest(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    assert isinstance(await world.book(anna, session), Booked)
    await world.execute("UPDATE uit.outbox SET created_at = now() - interval '1 hour'")
    outbox = await Database.open(world.services.settings.database_url, connections=1)

    await show_waiting(world.services, outbox)
    await outbox.close()

    assert figure("uit_outbox_waiting", topic="booking.made") == 1
    assert 3590 < figure("uit_outbox_oldest_seconds", topic="booking.made") < 3700
    assert {figure("uit_outbox_waiting", topic=each) for each in topics(world.services)} == {0, 1}


async def test_what_is_to_be_paid_and_to_go_back_is_counted(world: World) -> None:
    outbox = await Database.open(world.services.settings.database_url, connections=1)
    await world.seller((await world.session()).organiser_id)
    await show_waiting(world.services, outbox)
    assert (figure("uit_payments_open"), figure("uit_refunds_open")) == (0, 0)
    await world.execute(
        "INSERT INTO credits.payment"
        " (region_id, id, booking_id, seller_id, means, amount_cents, line_cents, made_at)"
        " SELECT 1, uuidv7(), uuidv7(), s.organiser_id, means::credits.payment_means, 100, '{100}',"
        " now() - interval '1 hour'"
        " FROM credits.seller AS s CROSS JOIN unnest('{card,card,invoice}'::text[]) AS means"
    )

    await show_waiting(world.services, outbox)
    await outbox.close()

    assert figure("uit_payments_open") == 2
    assert 3590 < figure("uit_payments_open_oldest_seconds") < 3700


async def test_pools_and_batches_are_counted(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    before = figure("uit_batch_seconds_count", batcher="turnstile")
    await world.book(anna, session)
    async with world.services.database.reading():
        await world.services.watch.look()
        in_use = figure("uit_pool_connections", pool="main", state="in_use")
    await world.services.watch.look()

    assert in_use == 1
    assert figure("uit_pool_connections", pool="main", state="in_use") == 0
    assert figure("uit_pool_most_connections", pool="turnstile") == 2
    assert figure("uit_batch_seconds_count", batcher="turnstile") == before + 1
    assert figure("uit_database_up", asked="write") == 1


async def test_a_worker_shows_its_pools_and_readiness(world: World) -> None:
    async with working(world.services):
        await world.services.watch.look()
        assert figure("uit_pool_most_connections", pool="outbox") == 4
    await world.client.get("/metrics")

    assert figure("uit_ready") == 0
