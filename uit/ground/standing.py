"""The stores a command works on: those of the settings, of a `make run` next door, or embedded for now."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from msgspec.structs import replace

from uit.ground.settings import Settings
from uit.ground.stores import StoreProblem, open_postgres, open_valkey


@contextmanager
def with_stores(settings: Settings) -> Iterator[Settings]:
    """The settings with addresses of running stores. Embedded ones end with us.

    Raises StoreProblem when they cannot start, or when another process uses them and does not say where they
    are.
    """
    note = settings.folder / "running.json"
    with ExitStack() as stack:
        try:
            found = opened(settings, stack)
        except StoreProblem:
            if not note.exists():
                raise
            found = json.loads(note.read_bytes())
        else:
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(json.dumps(found | {"base_url": settings.address}))
            note.chmod(0o600)
            stack.callback(note.unlink, missing_ok=True)
        yield replace(settings, **found, example=settings.is_example)


def opened(settings: Settings, stack: ExitStack) -> dict[str, str]:
    """Start what the settings do not name, both at once, and close it with the stack."""
    with ThreadPoolExecutor() as threads:
        starting = {
            name: threads.submit(start, settings.folder)
            for name, start in (("database_url", open_postgres), ("redis_url", open_valkey))
            if not getattr(settings, name)
        }
    found = {"database_url": settings.database_url, "redis_url": settings.redis_url}
    for name, future in starting.items():
        if future.exception() is None:
            store = stack.enter_context(future.result())
            found[name] = store.url
    for future in starting.values():
        future.result()
    return found
