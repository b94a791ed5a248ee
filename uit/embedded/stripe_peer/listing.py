"""Lists that are read page by page, and ids with the objects they stand for in their place."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final

from uit.embedded.stripe_peer.errors import ApiError
from uit.embedded.stripe_peer.form import Params, known, whole
from uit.embedded.stripe_peer.state import public
from uit.embedded.stripe_peer.store import Object, PeerStore

PAGING: Final = ("limit", "starting_after", "ending_before", "created")
USUAL_LIMIT: Final = 10
LARGEST_LIMIT: Final = 100
BOUNDS: Final[dict[str, Callable[[int, int], bool]]] = {
    "gt": int.__gt__,
    "gte": int.__ge__,
    "lt": int.__lt__,
    "lte": int.__le__,
}


def page_of(found: Iterable[Object], params: Params, url: str, *filters: str) -> Object:
    """A page of objects that come newest first, after `starting_after` and with the bounds of `created`."""
    known(params, *PAGING, *filters)
    if "ending_before" in params:
        raise ApiError.invalid("ending_before", "This peer reads lists forwards only.")
    limit = whole(params, "limit") if "limit" in params else USUAL_LIMIT
    if not 1 <= limit <= LARGEST_LIMIT:
        raise ApiError.invalid("limit", f"This value must be between 1 and {LARGEST_LIMIT}.")
    wanted = (each for each in found if is_within(each, params.get("created", {})))
    part = list(islice(after(wanted, params.get("starting_after")), limit + 1))
    return {"object": "list", "url": url, "has_more": len(part) > limit, "data": part[:limit]}


def is_within(found: Object, bounds: Any) -> bool:  # noqa: ANN401  as it was sent
    if not isinstance(bounds, dict):
        return bool(found["created"] == int(bounds))
    for name in bounds:
        if name not in BOUNDS:
            raise ApiError.unknown(f"created[{name}]")
    return all(BOUNDS[name](found["created"], whole(bounds, name)) for name in bounds)


def after(found: Iterable[Object], identifier: str | None) -> Iterable[Object]:
    """What comes after an id in a list; all of it without one, and nothing after an id that is not in it."""
    passed = identifier is None
    for each in found:
        if passed:
            yield each
        passed = passed or each["id"] == identifier


def with_expansions(answer: Object, params: Params, store: PeerStore) -> Object:
    """What is sent: public, and with objects in the place of the ids that `expand` names."""
    shown: Object = public(answer)
    for path in params.get("expand", []):
        expand(shown, str(path).split("."), store)
    return shown


def expand(within: Any, path: list[str], store: PeerStore) -> None:  # noqa: ANN401  any part of an object
    if isinstance(within, list):
        for each in within:
            expand(each, path, store)
        return
    name, *rest = path
    if not isinstance(within, dict) or name not in within:
        raise ApiError.invalid("expand", f"This property cannot be expanded ({name}).")
    if isinstance(within[name], str):
        within[name] = public(store.find(within[name])) or within[name]
    if rest and within[name] is not None:
        expand(within[name], rest, store)
