"""The pages of the peer of Stripe, on a phone and on a desk; what they do is tested with the peer."""

import httpx

from credits.payments.stripe import StripeProvider
from tests.credits.payments.orders import A_SELLER, an_order
from tests.journeys.inspection import POLICY, Inspector
from uit.core.clock import SetClock
from uit.embedded.stripe_peer.peer import running_peer


async def test_who_pays_in_the_example_can_read_and_use_each_page(
    inspector: Inspector, clock: SetClock
) -> None:
    async with running_peer(clock) as peer, httpx.AsyncClient() as client:
        provider = StripeProvider(peer.secret_key, [], peer.url)
        account = (await provider.open_account(A_SELLER, "De Werf vzw", None)).id
        link = await provider.account_link(account, "https://example.org/a", "https://example.org/b")
        peer.control.enable_account(account)
        paid, over, open_one = [
            await provider.open_checkout(an_order(clock.now(), account=account)) for _ in range(3)
        ]
        peer.control.pay(paid.id)
        await provider.expire_checkout(over.id, account)
        pages = [await client.get(f"{peer.url}/pay/{each.id}") for each in (open_one, paid, over)]
        pages.append(await client.post(f"{peer.url}/pay/{open_one.id}/refuse"))
        pages += [await client.get(link), await client.get(f"{peer.url}/elsewhere")]

        faults = [
            fault
            for page in pages
            for fault in await inspector.faults(str(page.url), page.text, page.headers.get(POLICY, ""))
        ]
        await provider.close()

    assert faults == []
