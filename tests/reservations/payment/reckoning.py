"""What has to agree after payments: our books, our bookings, and what the provider says of itself."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx

from credits.check import check_ledger
from reservations.check import check_bookings
from tests.builders import World
from uit.embedded.stripe_peer.peer import StripePeer

OVERSOLD: Final = "SELECT id FROM reservations.pool WHERE taken + held > capacity"
UNENDED: Final = {
    "a payment waits for ever": """
        SELECT id FROM credits.payment WHERE status = 'pending' AND means <> 'invoice'""",
    "places are held for ever": "SELECT id FROM reservations.booking WHERE held_until IS NOT NULL",
    "money was not sent back": "SELECT id FROM credits.refund WHERE way = 'card' AND status = 'due'",
    "a report was not handled": """
        SELECT concat_ws(' ', type, attempts, outcome, due_at) FROM credits.provider_event
        WHERE due_at IS NOT NULL""",
    "a report was given up": """
        SELECT concat_ws(' ', type, outcome) FROM credits.provider_event
        WHERE outcome <> 'done' AND type NOT LIKE 'account%'""",
    "a message was not delivered": """
        SELECT concat_ws(' ', topic, attempts, failure, due_at) FROM uit.outbox
        WHERE delivered_at IS NULL AND topic LIKE 'payment.%'""",
}
CAPTURED: Final = """
SELECT reference, amount_cents FROM credits.payment WHERE means = 'card' AND paid_at IS NOT NULL"""
# But for what a bank gave back itself, by a dispute.
SENT_BACK: Final = """
SELECT id::text, amount_cents FROM credits.refund
WHERE external_id LIKE 're%' AND status IN ('sent', 'done')"""
# What stands on the card account of who is paid on an account of the provider, but for what is contested.
CLEARING: Final = """
SELECT sum(t.amount_cents * CASE WHEN t.credit_id = s.card_account_id THEN 1 ELSE -1 END)
FROM credits.seller AS s
JOIN credits.transfer AS t ON t.region_id = s.region_id AND s.card_account_id IN (t.debit_id, t.credit_id)
WHERE s.card_account = $1 AND t.kind::text NOT LIKE 'dispute%'"""
CONTESTED: Final = "adjustment"


async def broken(world: World) -> list[str]:
    """What does not hold at this moment, though it has to at any."""
    found = [f"a pool is oversold: {row[0]}" for row in await world.rows(OVERSOLD)]
    async with world.services.database.reading() as connection:
        found += await check_bookings(connection)
        return found + [str(each) for each in await check_ledger(connection)]


async def unended(world: World) -> list[str]:
    """What did not come to its end."""
    now = world.clock.now()
    return [
        f"{what}: {row[0]} (at {now:%H:%M:%S})"
        for what, query in UNENDED.items()
        for row in await world.rows(query)
    ]


async def differences(world: World, peer: StripePeer, accounts: list[str]) -> list[str]:
    """What we say and the provider says otherwise: of each charge, each refund, and in all."""
    ours = Counter({row[0]: row[1] for row in await world.rows(CAPTURED)})
    back = Counter({row[0]: row[1] for row in await world.rows(SENT_BACK)})
    theirs: Counter[str] = Counter()
    theirs_back: Counter[str] = Counter()
    found = []
    for account in accounts:
        theirs.update({
            each["payment_intent"]: each["amount"] async for each in everything(peer, account, "charges")
            if each["paid"]
        })  # fmt: skip
        async for each in everything(peer, account, "refunds"):
            theirs_back[each["metadata"]["refund_id"]] += each["amount"]
        lines = [
            each["net"] async for each in everything(peer, account, "balance_transactions")
            if each["type"] != CONTESTED
        ]  # fmt: skip
        standing = int(await world.value(CLEARING, account) or 0)
        if standing != sum(lines):
            found.append(f"{account or 'our own account'} stands at {standing} and not at {sum(lines)}")
    found += [f"captured {key}: {theirs[key]}, and by us {ours[key]}" for key in unlike(theirs, ours)]
    return found + [
        f"refunded {key}: {theirs_back[key]}, and by us {back[key]}" for key in unlike(theirs_back, back)
    ]


def unlike(one: Counter[str], other: Counter[str]) -> list[str]:
    return [key for key in {*one, *other} if one[key] != other[key]]


async def everything(peer: StripePeer, account: str, kind: str) -> AsyncIterator[dict[str, Any]]:
    """All objects of a kind on an account, as the provider lists them."""
    headers = {"Authorization": f"Bearer {peer.secret_key}"}
    if account:
        headers["Stripe-Account"] = account
    params: dict[str, Any] = {"limit": 100}
    async with httpx.AsyncClient(base_url=peer.url, headers=headers) as client:
        while True:
            page = (await client.get(f"/v1/{kind}", params=params)).json()
            for each in page["data"]:
                yield each
            if not page["has_more"]:
                return
            params["starting_after"] = page["data"][-1]["id"]
