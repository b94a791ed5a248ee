"""An authenticated request to the API: on which account, with which parameters and ids in its path."""

from collections.abc import Callable

from msgspec import Struct

from uit.embedded.stripe_peer.form import Params
from uit.embedded.stripe_peer.state import PeerState
from uit.embedded.stripe_peer.store import Object


class Call(Struct, frozen=True):
    """`account` is a seller's, or empty for the platform's own; `id` is the one that the path names."""

    account: str
    params: Params
    id: str = ""


Handler = Callable[[PeerState, Call], Object]
