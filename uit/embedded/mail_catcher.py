"""The mail server of the example: it stores every mail as a file, which a page shows, and sends none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope


class MailCatcher:
    """Stores mails in a folder, numbered in order of arrival."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._count = sum(1 for _ in folder.glob("*.eml"))

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        self._count += 1
        content = envelope.original_content or b""
        (self._folder / f"{self._count:06}.eml").write_bytes(content)
        return "250 OK"


@asynccontextmanager
async def catch_mail(folder: Path) -> AsyncIterator[str]:
    """Run the mail server in the present event loop; yields the value for the setting `smtp_url`."""
    catcher = MailCatcher(folder)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(catcher), "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
