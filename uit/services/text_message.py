"""Text messages (SMS) through a gateway, by the OneAPI of the GSMA (`outbound/{sender}/requests`).

They are sent after a commit or by the worker, never inside a transaction. The id of a message goes along as
its `clientCorrelator`, by which a gateway sends once what it is handed twice.
"""

import asyncio
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from uuid import UUID

import httpx
from msgspec import Struct

from uit.core.errors import Refusal
from uit.core.one_line import one_line

SECONDS_TO_SEND: Final = 15
SECONDS_AWAY: Final = 30
"""So long nobody is sent to a gateway that did not answer."""
OF_THE_MESSAGE: Final = frozenset({400, 422})
"""What a gateway says of one message. All else, as a wrong password, holds up every one."""
SERVER_FAULT: Final = 500


class TextMessage(Struct, frozen=True):
    """`to` is a number as E.164 writes it."""

    id: UUID
    to: str
    text: str


class TextAway(Refusal, code="ground.text_away", status=503):
    """The gateway does not take our messages at this moment: it may later."""

    retry_after_seconds: int


class TextRefused(Refusal, code="ground.text_refused", status=422):
    """This message is never taken, as its number is none. `reply` is the status of the gateway's answer."""

    reply: int


AWAY: Final = TextAway(retry_after_seconds=60)


class Texter:
    """Sends through `https://login:password@host/path`, the root of the gateway's OneAPI."""

    def __init__(self, url: str, sender: str, *, send_seconds: float = SECONDS_TO_SEND) -> None:
        parts = urlsplit(url)
        login = (unquote(parts.username or ""), unquote(parts.password or "")) if parts.username else None
        self._root = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/")
        self._sender = f"tel:{sender}" if sender.startswith("+") else sender
        self._client = httpx.AsyncClient(auth=login, timeout=send_seconds)
        self._away_until = 0.0

    async def send(self, message: TextMessage) -> TextAway | TextRefused | None:
        """Hand a message to the gateway; None when it took it."""
        now = asyncio.get_running_loop().time
        if now() < self._away_until:
            return AWAY
        try:
            answer = await self._client.post(self._address(), json=as_request(message, self._sender))
        except httpx.HTTPError:
            self._away_until = now() + SECONDS_AWAY
            return AWAY
        if answer.is_success:
            return None
        return TextRefused(answer.status_code) if answer.status_code in OF_THE_MESSAGE else AWAY

    async def greet(self) -> int:
        """The status of its answer when nothing is sent. Raises what `httpx.HTTPError` names."""
        return (await self._client.get(self._address())).status_code

    async def close(self) -> None:
        await self._client.aclose()

    def _address(self) -> str:
        return f"{self._root}/outbound/{quote(self._sender, safe='')}/requests"


def as_request(message: TextMessage, sender: str) -> dict[str, object]:
    return {
        "outboundSMSMessageRequest": {
            "address": [f"tel:{message.to}"],
            "senderAddress": sender,
            "outboundSMSTextMessage": {"message": one_line(message.text)},
            "clientCorrelator": str(message.id),
        }
    }
