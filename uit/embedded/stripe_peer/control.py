"""Controls the peer: trouble on demand, and what people and banks do behind Stripe's back."""

from typing import Literal

from msgspec import Struct

from uit.embedded.stripe_peer import account, balance, checkout, dispute, refund
from uit.embedded.stripe_peer.payment import Method
from uit.embedded.stripe_peer.server import Request
from uit.embedded.stripe_peer.state import PeerState
from uit.embedded.stripe_peer.store import Object
from uit.embedded.stripe_peer.webhook import WebhookSender, WebhookTrouble

TroubleKind = Literal[
    "delay", "refuse", "rate_limit", "server_error", "server_error_after", "cut_before", "cut_after"
]


class Trouble(Struct):
    """What happens to the next `times` requests whose path begins with `path`.

    `delay` answers after `seconds`, and `refuse` with an error of that `code`. The kinds with `after` fail
    after they had their effect, others before.
    """

    kind: TroubleKind
    path: str
    method: str | None
    times: int
    seconds: float
    code: str

    def concerns(self, request: Request) -> bool:
        return self.times > 0 and request.path.startswith(self.path) and self.method in (None, request.method)


class Control:
    """Names objects by their ids, as Stripe does, on whichever account they are."""

    def __init__(self, state: PeerState, sender: WebhookSender) -> None:
        self._state, self._sender = state, sender
        self._troubles: list[Trouble] = []

    # Trouble with requests

    def misbehave(  # noqa: PLR0913  what goes wrong, where, and for how long
        self,
        kind: TroubleKind,
        path: str = "/v1/",
        method: str | None = None,
        *,
        times: int = 1,
        seconds: float = 0.0,
        code: str = "insufficient_funds",
    ) -> None:
        """Let the next `times` requests go wrong; several troubles are used up one after the other."""
        self._troubles.append(Trouble(kind, path, method, times, seconds, code))

    def behave(self) -> None:
        """End all trouble, with requests and with webhooks; what was held is sent."""
        self._troubles.clear()
        self._sender.trouble = WebhookTrouble()
        self._sender.wake()

    def trouble_for(self, request: Request) -> Trouble | None:
        """The trouble that a request meets, which is used up by it."""
        for trouble in self._troubles:
            if trouble.concerns(request):
                trouble.times -= 1
                return trouble
        return None

    # Trouble with webhooks

    def send_webhooks_to(self, *urls: str) -> None:
        """Send every event from now on to each of these addresses."""
        self._state.webhook_urls = list(urls)

    def duplicate_webhooks(self, times: int = 1) -> None:
        self._sender.trouble.duplicate = times

    def forge_webhooks(self, times: int = 1) -> None:
        """Sign the next ones with another secret; each that is refused comes again with the right one."""
        self._sender.trouble.forge = times

    def turn_webhooks_about(self, count: int = 2) -> None:
        """Wait for so many events and then send the last of them first, until `behave`."""
        self._sender.trouble.turn_about = count

    def hold_webhooks(self) -> None:
        """Send none until `behave`."""
        self._sender.trouble.hold = True

    async def until_delivered(self) -> None:
        """Wait until every webhook was answered with 2xx, other than those that are held."""
        await self._sender.until_delivered()

    # What people and banks do

    def pay(self, checkout_id: str, method: Method = "bancontact", *, even_expired: bool = False) -> Object:
        """Pay a page as its button does; `even_expired` also when it is closed, which Stripe never did."""
        with self._state.store.transaction():
            return checkout.pay(self._state, self._session(checkout_id, even_expired=even_expired), method)

    def pay_later(self, checkout_id: str) -> Object:
        """Complete a page with money that is still under way."""
        with self._state.store.transaction():
            return checkout.pay_later(self._state, self._session(checkout_id))

    def finish_later(self, checkout_id: str, *, succeeds: bool, method: Method = "bancontact") -> Object:
        """The money that was under way arrives, or does not."""
        with self._state.store.transaction():
            return checkout.finish_later(self._state, self._find(checkout_id), method, succeeds=succeeds)

    def refuse(self, checkout_id: str, method: Method = "card") -> Object:
        """The bank says no; the page stays open."""
        with self._state.store.transaction():
            return checkout.refuse(self._state, self._session(checkout_id), method)

    def let_refunds_take_time(self, *, take_time: bool = True) -> None:
        """Refunds from now on are pending until `finish_refund` or `fail_refund`."""
        self._state.refunds_take_time = take_time

    def finish_refund(self, refund_id: str) -> Object:
        with self._state.store.transaction():
            return refund.finish(self._state, self._find(refund_id))

    def fail_refund(self, refund_id: str, reason: str = "expired_or_canceled_card") -> Object:
        """The bank sends a refund back, also one that had succeeded."""
        with self._state.store.transaction():
            return refund.fail(self._state, self._find(refund_id), reason)

    def raise_dispute(self, intent_id: str, reason: str = "fraudulent") -> Object:
        with self._state.store.transaction():
            charge_id = self._find(intent_id)["latest_charge"]
            return dispute.raise_dispute(self._state, self._find(charge_id), reason)

    def close_dispute(self, dispute_id: str, *, won: bool) -> Object:
        with self._state.store.transaction():
            return dispute.close(self._state, self._find(dispute_id), won=won)

    def pay_out(self, account_id: str | None = None) -> Object:
        """Send what is on an account's balance to its bank."""
        with self._state.store.transaction():
            return balance.pay_out(self._state, account_id or "")

    def enable_account(self, account_id: str) -> Object:
        """Do what the button of the account's page does."""
        with self._state.store.transaction():
            return account.enable(self._state, self._find(account_id))

    def disable_account(
        self, account_id: str, reason: str = "requirements.past_due", missing: tuple[str, ...] = ()
    ) -> Object:
        """Stripe closes an account until `missing` is filled in."""
        with self._state.store.transaction():
            return account.disable(self._state, self._find(account_id), reason, missing)

    def revoke_access(self, account_id: str) -> Object:
        """The seller takes our access to its account away, as it may in Stripe's dashboard."""
        with self._state.store.transaction():
            return account.revoke(self._state, self._find(account_id))

    # What there is

    def count(self, kind: str, account_id: str | None = None) -> int:
        """How many objects of a kind, such as `refund`, an account has."""
        return sum(1 for _ in self._state.store.newest(account_id or "", kind))

    def _session(self, checkout_id: str, *, even_expired: bool = False) -> Object:
        """A session that can be paid at this moment. Raises ValueError when it is paid or over."""
        checkout.expire_overdue(self._state)
        session = self._find(checkout_id)
        if session["status"] == "open" or (even_expired and session["status"] == "expired"):
            return session
        raise ValueError(f"the session is {session['status']}")

    def _find(self, identifier: str) -> Object:
        found = self._state.store.find(identifier)
        if found is None:
            raise KeyError(identifier)
        return found
