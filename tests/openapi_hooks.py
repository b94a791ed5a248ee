"""What a JSON Schema cannot say: an address has so many octets at most, in all and before its `@`."""

from typing import Any

import schemathesis

from uit.core.email_address import in_octets


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: Any) -> bool:
    guest = body.get("guest") if isinstance(body, dict) else None
    email = guest.get("email") if isinstance(guest, dict) else None
    return not isinstance(email, str) or in_octets(email)
