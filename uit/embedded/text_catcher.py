"""The gateway for text messages of the example: it keeps each as a file for a page, and sends none."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from uit.embedded.stripe_peer.server import Request, Response, serving

PATH = "/smsmessaging/v1"


class Body(Struct):
    message: str


class Sms(Struct, rename="camel"):
    address: list[str]
    client_correlator: str
    text: Body = msgspec.field(name="outboundSMSTextMessage")


class Envelope(Struct):
    request: Sms = msgspec.field(name="outboundSMSMessageRequest")


class TextCatcher:
    """Stores messages in a folder, numbered in order of arrival; one that comes again is the same one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = [json.loads(path.read_bytes()) for path in folder.glob("*.json")]
        self._taken = {each["id"] for each in kept}

    async def answer(self, request: Request) -> Response:
        if request.method != "POST" or not request.path.startswith(f"{PATH}/outbound/"):
            return Response(404)
        try:
            sms = msgspec.json.decode(request.body, type=Envelope).request
        except msgspec.DecodeError:
            return Response(400)
        if sms.client_correlator not in self._taken:
            self._keep(sms)
        return Response(201, b"{}")

    def _keep(self, sms: Sms) -> None:
        self._taken.add(sms.client_correlator)
        kept = {
            "id": sms.client_correlator,
            "to": sms.address[0].removeprefix("tel:"),
            "text": sms.text.message,
        }
        (self._folder / f"{len(self._taken):06}.json").write_text(json.dumps(kept), encoding="utf-8")


@asynccontextmanager
async def catch_texts(folder: Path) -> AsyncIterator[str]:
    """Run the gateway in the present event loop; yields the value for the setting `sms_url`."""
    async with serving(TextCatcher(folder).answer, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}{PATH}"
