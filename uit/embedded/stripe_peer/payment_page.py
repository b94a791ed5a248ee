"""The pages of the peer: where one pays, gives up or is refused, and where a seller fills in the rest."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, cast

from uit.core.translation import gettext as _
from uit.embedded.stripe_peer import account, checkout
from uit.embedded.stripe_peer.form import decode_form
from uit.embedded.stripe_peer.payment import METHODS, Method
from uit.embedded.stripe_peer.server import Request, Response
from uit.embedded.stripe_peer.state import PeerState
from uit.embedded.stripe_peer.store import Object
from uit.web.view import asset_path, render

HTML: Final = "text/html; charset=utf-8"
ASSET_TYPES: Final = {".css": "text/css", ".svg": "image/svg+xml", ".js": "text/javascript"}


def answer_page(state: PeerState, request: Request) -> Response:
    """A page of the peer, or 404. Forms are posted; after one that ends, 303 leads back to who sent us."""
    match request.method, request.path.strip("/").split("/"):
        case "GET", ["assets", digest, name]:
            return serve_asset(digest, name)
        case method, ["pay", identifier, *rest]:
            return answer_payment(state, identifier, method, rest, request)
        case method, ["connect", identifier]:
            return answer_link(state, identifier, method)
        case _:
            return not_there()


def serve_asset(digest: str, name: str) -> Response:
    path = asset_path(digest, name)
    if path is None:
        return not_there()
    return Response(HTTPStatus.OK, path.read_bytes(), ASSET_TYPES.get(path.suffix, "text/plain"))


def answer_payment(
    state: PeerState, identifier: str, method: str, rest: list[str], request: Request
) -> Response:
    session = state.store.find(identifier)
    act = ACTS.get("/".join(rest))
    if session is None or session["object"] != "checkout.session" or act is None:
        return not_there()
    if method != "POST":
        return payment_page(state, session)
    if session["status"] == "open":
        return act(state, session, method_of(request))
    # A button that was pressed twice.
    if session["status"] == "complete":
        return see_other(success_url(session))
    return payment_page(state, session, HTTPStatus.CONFLICT)


def method_of(request: Request) -> Method:
    """The way to pay that was chosen: Bancontact when none was, or one that does not exist."""
    chosen = decode_form(request.body.decode(errors="replace")).get("method")
    return cast("Method", chosen) if chosen in METHODS else "bancontact"


def pay(state: PeerState, session: Object, method: Method) -> Response:
    with state.store.transaction():
        checkout.pay(state, session, method)
    return see_other(success_url(session))


def success_url(session: Object) -> str:
    url: str = session["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"])


def give_up(_state: PeerState, session: Object, _method: Method) -> Response:
    """Lead back. The page stays open, as Stripe's does."""
    return see_other(session["cancel_url"] or session["url"])


def refuse(state: PeerState, session: Object, method: Method) -> Response:
    with state.store.transaction():
        session = checkout.refuse(state, session, method)
    return payment_page(state, session, HTTPStatus.PAYMENT_REQUIRED)


ACTS: Final[dict[str, Callable[[PeerState, Object, Method], Response]]] = {
    "": pay,
    "give-up": give_up,
    "refuse": refuse,
}
"""What the forms of the payment page do, by the end of their address."""


def payment_page(state: PeerState, session: Object, status: int = HTTPStatus.OK) -> Response:
    seller = state.store.find(state.store.account_of(session["id"]), "")
    methods = [(each, words_of(each)) for each in METHODS]
    return html(
        "embedded/stripe_peer/pay.html",
        status,
        checkout=session,
        seller=seller["business_profile"]["name"] if seller else None,
        methods=methods,
        is_refused=status == HTTPStatus.PAYMENT_REQUIRED,
        success_url=success_url(session),
        action=f"/pay/{session['id']}",
    )


def words_of(method: Method) -> str:
    return {"bancontact": _("Bancontact"), "card": _("Kaart")}[method]


def answer_link(state: PeerState, identifier: str, method: str) -> Response:
    """The page of an account link, good once and for minutes; later it leads to its `refresh_url`."""
    link = state.store.find(identifier)
    if link is None or link["object"] != "account_link":
        return not_there()
    if link["_used"] or link["expires_at"] <= state.now():
        return see_other(link["_refresh_url"])
    found = state.store.find(link["_account"])
    assert found is not None
    if method != "POST":
        name = found["business_profile"]["name"]
        return html(
            "embedded/stripe_peer/connect.html", HTTPStatus.OK, name=name, action=f"/connect/{identifier}"
        )
    with state.store.transaction():
        account.enable(state, found)
        state.store.save(link | {"_used": True})
    return see_other(link["_return_url"])


def not_there() -> Response:
    return html("embedded/stripe_peer/nothing.html", HTTPStatus.NOT_FOUND)


def html(template: str, status: int, **facts: Any) -> Response:  # noqa: ANN401  the facts of a template
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(status, render(template, **facts).encode(), HTML, headers)


def see_other(address: str) -> Response:
    return Response(HTTPStatus.SEE_OTHER, content_type=HTML, headers={"Location": address})
