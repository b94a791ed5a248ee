"""Events, read back: what a webhook says can be asked again here."""

from uit.embedded.stripe_peer.call import Call
from uit.embedded.stripe_peer.form import known
from uit.embedded.stripe_peer.listing import page_of
from uit.embedded.stripe_peer.state import PeerState
from uit.embedded.stripe_peer.store import Object


def read(state: PeerState, call: Call) -> Object:
    known(call.params)
    return state.get(call.id, "event", call.account, "id")


def list_events(state: PeerState, call: Call) -> Object:
    wanted = call.params.get("type")
    found = (each for each in state.store.newest(call.account, "event") if wanted in (None, each["type"]))
    return page_of(found, call.params, "/v1/events", "type")
