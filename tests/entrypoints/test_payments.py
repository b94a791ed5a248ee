"""Who runs an installation sees what money waits for somebody, and has events handled again."""

import json
from datetime import datetime

import pytest
from msgspec.structs import replace

from tests.reservations.payment.card_sale import CardSale
from tests.reservations.payment.conftest import peer, sale
from uit.core.clock import day_in_flanders
from uit.core.settings import Settings
from uit.entrypoints.payments import list_open, reconcile_day, replay

__all__ = ["peer", "sale"]
ELSEWHERE = "UPDATE credits.transfer SET reference = 'pi_x' WHERE kind = 'capture'"


@pytest.fixture
def settings(sale: CardSale) -> Settings:
    ours = sale.world.services.settings
    return replace(ours, stripe_secret_key=sale.peer.secret_key, stripe_api_base=sale.peer.url)


async def test_what_waits_is_listed_with_why(
    sale: CardSale, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    refund_id = await sale.refund()
    sale.peer.control.misbehave("refuse", "/v1/refunds", "POST", code="expired_card")
    await sale.send(refund_id)
    await sale.report("charge.refund.updated", "re_unknown")
    capsys.readouterr()

    await list_open(settings, as_json=False)
    refund, event = capsys.readouterr().out.splitlines()

    assert refund.endswith("dender  De Werf  €10.00 by transfer, due since 2026-03-02 (expired_card)")
    assert event.endswith("charge.refund.updated  2026-03-02 09:00  tried 1 times (resource_missing)")


async def test_the_list_is_also_for_a_program(
    sale: CardSale, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    refund_id = await sale.refund()

    await list_open(settings, as_json=True)

    found = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in found["refunds"]] == [str(refund_id)]
    assert (found["events"], found["differences"]) == ([], [])


async def test_nothing_to_list_is_said(
    sale: CardSale, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await list_open(settings, as_json=False)

    assert capsys.readouterr().out == "Nothing waits for anybody.\n"


async def test_events_are_handled_again_and_what_was_done_stays_done_once(
    sale: CardSale, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    dispute_id = await sale.dispute()
    due = "SELECT count(*) FROM credits.provider_event WHERE due_at IS NOT NULL"

    await replay(settings, datetime.fromisoformat("2026-04-01T00:00+00:00"))
    assert await sale.world.value(due) == 0
    await replay(settings, None)
    assert await sale.world.value(due) == 1
    sale.world.clock.set(datetime.fromisoformat("2040-01-01T00:00+00:00"))
    await sale.report("charge.dispute.updated", dispute_id)

    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Handled")]
    assert said == ["Handled again soon: 0.", "Handled again soon: 1."]
    assert await sale.world.value(due) == 0
    assert await sale.cents("disputed") == [1000]


async def test_a_day_that_differs_is_an_exit_code(
    sale: CardSale, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    day = day_in_flanders(sale.world.clock.now())
    assert await reconcile_day(settings, day, as_json=False) == 0
    assert capsys.readouterr().out == "Nothing differs.\n"

    await sale.world.execute(ELSEWHERE)

    assert await reconcile_day(settings, day, as_json=False) == 1
    assert "2026-03-02  charge pi_" in capsys.readouterr().out


async def test_an_account_that_cannot_be_read_is_said(
    sale: CardSale, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    sale.peer.control.misbehave("server_error")

    assert await reconcile_day(settings, None, as_json=False) == 1
    assert "Account of our own could not be read: answered 500" in capsys.readouterr().err


async def test_without_a_provider_there_is_nothing_to_compare(
    sale: CardSale, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await reconcile_day(replace(settings, stripe_secret_key=""), None, as_json=True) == 2
    assert "STRIPE_SECRET_KEY" in capsys.readouterr().err
