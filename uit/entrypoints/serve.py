"""`python -m uit serve`: migrations, the example, pages and API, with a worker; Ctrl-C ends all of it."""

import asyncio
import gc
import json
import os
import signal
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from importlib.util import find_spec

import structlog
from msgspec.structs import replace

from uit.core.clock import Clock, SystemClock
from uit.core.settings import Settings, StoreProblem, as_environment
from uit.database.connecting import wait_until_reached
from uit.entrypoints.app import create_app
from uit.entrypoints.prepare import prepare
from uit.entrypoints.probe import refuse_taken_worker_port
from uit.example import fill_example
from uit.services.vital_tasks import VitalTasks
from uit.web.server import WebServer

log = structlog.get_logger()

WRONG_SETTING = 2
"""The exit code of a worker that cannot start as it was told to, and said why."""
SECONDS_BEFORE_ANOTHER_WORKER = 1
SECONDS_AFTER_A_WRONG_SETTING = 60


async def run(settings: Settings, _given: Namespace) -> int:
    refuse_taken_worker_port(settings)
    return await serve(settings)


async def serve(settings: Settings) -> int:
    """Serve until a signal says stop, also while opening. The stores of `settings` must be running.

    Returns the exit code: 1 when a vital task died.
    """
    serving_task = asyncio.create_task(serve_until_cancelled(settings))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop_once, serving_task)
    with suppress(asyncio.CancelledError):
        await serving_task
        return 1
    return 0


def stop_once(task: asyncio.Task[None]) -> None:
    """Cancel the task at the first signal. A second one is ignored: it would interrupt the cleanup."""
    if not task.cancelling():
        task.cancel()


async def serve_until_cancelled(settings: Settings) -> None:
    """Open everything and keep it so until we are cancelled or a vital task dies, and close it in order."""
    async with AsyncExitStack() as stack:
        if settings.is_example and not settings.smtp_url:
            smtp_url = await stack.enter_async_context(catching_mail(settings))
            settings = replace(settings, smtp_url=smtp_url)
        if settings.is_example and not settings.sms_url and find_spec("uit.embedded.stripe_peer"):
            settings = replace(settings, sms_url=await stack.enter_async_context(catching_texts(settings)))
        if settings.is_example and not settings.stripe_secret_key:
            settings = await stack.enter_async_context(taking_payments(settings))
        await wait_until_reached(settings.database_url)
        await prepare(settings)
        if settings.is_example:
            await fill_example(settings, SystemClock())
        web_server = await stack.enter_async_context(serving(settings))
        if settings.with_worker:
            await stack.enter_async_context(working(settings, web_server.vital_tasks))
        print_addresses(settings)
        stack.callback(web_server.begin_to_stop)
        await web_server.vital_tasks.died.wait()


def catching_mail(settings: Settings) -> AbstractAsyncContextManager[str]:
    """Keep the mails of the example in its folder; gives the address that takes them."""
    if find_spec("aiosmtpd") is None:
        raise StoreProblem(
            "The Python package aiosmtpd is missing. Install requirements-embedded.txt, or set SMTP_URL."
        )
    from uit.embedded.mail_catcher import catch_mail  # noqa: PLC0415  an installation does not have it

    return catch_mail(settings.folder / "mail")


def catching_texts(settings: Settings) -> AbstractAsyncContextManager[str]:
    """Keep the text messages of the example in its folder; gives the address that takes them."""
    from uit.embedded.text_catcher import catch_texts  # noqa: PLC0415  an installation does not have it

    return catch_texts(settings.folder / "texts")


@asynccontextmanager
async def taking_payments(settings: Settings) -> AsyncIterator[Settings]:
    """Run the example's own payment provider, where nobody really pays; yields the settings that use it."""
    if find_spec("uit.embedded.stripe_peer") is None:
        yield settings
        return
    from uit.embedded.kept_port import keep_port, read_port  # noqa: PLC0415  only the example has them
    from uit.embedded.sharing import sharing_provider  # noqa: PLC0415
    from uit.embedded.stripe_peer.peer import running_peer  # noqa: PLC0415

    webhook, file = f"{settings.address}/stripe/webhook", settings.folder / "stripe.sqlite3"
    port_file = settings.folder / "stripe.port"
    port = read_port(port_file)
    async with running_peer(SystemClock(), file=file, webhook_urls=[webhook], port=port) as peer:
        keep_port(port_file, peer.url)
        paying = replace(
            settings,
            stripe_secret_key=peer.secret_key,
            stripe_webhook_secret=peer.webhook_secret,
            stripe_api_base=peer.url,
        )
        with sharing_provider(paying):
            yield paying


@asynccontextmanager
async def serving(settings: Settings, clock: Clock | None = None) -> AsyncIterator[WebServer]:
    """Run the web server until everything that was asked is answered."""
    web_server = WebServer(create_app(settings, clock), settings)
    try:
        await until_answering(settings, web_server.task)
        freeze_garbage_collection()
        yield web_server
    finally:
        await web_server.stop()


def freeze_garbage_collection() -> None:
    """Exclude the objects made so far from garbage collection: they live as long as the process.

    A page leaves some 200 objects that refer to each other. The threshold bounds how long one waits until
    they are gone: for 5,000 of them 3 ms, for 50,000 it was 70.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)


async def until_answering(settings: Settings, task: asyncio.Task[None]) -> None:
    """Wait until the port accepts connections."""
    while not task.done():
        try:
            _, writer = await asyncio.open_connection(settings.host, settings.port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return
    task.result()
    raise RuntimeError("The web server ended before it answered.")


@asynccontextmanager
async def working(settings: Settings, vital_tasks: VitalTasks) -> AsyncIterator[None]:
    """The worker, in a process of its own; one that dies is followed by another."""
    restarting = asyncio.create_task(restart_worker(settings), name="restart_worker")
    vital_tasks.watch(restarting)
    try:
        yield
    finally:
        vital_tasks.let_go(restarting)
        restarting.cancel()
        await asyncio.wait([restarting])


async def restart_worker(settings: Settings) -> None:
    """Start the worker again each time it ends. It reads a pipe, so it ends when this process is killed.

    One that cannot start as it was told to, such as on a port that another took meanwhile, is started again
    much later.
    """
    command = [sys.executable, "-m", "uit", "worker", "--with-parent"]
    # It acts as the application and erases as the owner, and is nobody else.
    own = replace(settings, admin_database_url="", report_database_url="")
    environment = os.environ | as_environment(own)
    while True:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, env=environment, start_new_session=True
        )
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            await stop(process, settings.stop_seconds)
            raise
        log.error("worker_ended", status=status)
        is_wrong = status == WRONG_SETTING
        await asyncio.sleep(SECONDS_AFTER_A_WRONG_SETTING if is_wrong else SECONDS_BEFORE_ANOTHER_WORKER)


async def stop(process: asyncio.subprocess.Process, seconds: float) -> None:
    """Ask the worker to end by closing its input; kill it when it takes longer."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()


def print_addresses(settings: Settings) -> None:
    """Print the address and the sign-in links of the example."""
    print(f"\nuit is open: {settings.address}\n", flush=True)
    path = settings.folder / "example.json"
    if not settings.is_example or not path.exists():
        return
    example = json.loads(path.read_text())
    print("Sign in with one click (example data only):")
    for role, address in example["sign_in"].items():
        print(f"  {role:<18} {address}")
    if "email" in example:
        print(f"  {'by a mailed link':<18} {settings.address}/aanmelden, as {example['email']}")
    client = example["api_client"]
    print(f"  {'api client':<18} {client['client_id']} / {client['client_secret']}")
    print(f"\nMails and text messages of the example: {settings.address}/voorbeeld/post")
    print(f"The same, for programs: {path}\nCtrl-C stops everything.\n", flush=True)
