"""Bodies that a client may send, as the description of the API shows them, with the same ids throughout.

A struct names those of its own as EXAMPLES; a test reads each of them by its struct and by its schema.
"""

from typing import Any, Final

SESSION: Final = "0198c2f0-5a00-7000-8000-000000000001"
OTHER_SESSION: Final = "0198c2f0-5a00-7000-8000-000000000002"
PASS: Final = "what-the-qr-of-the-pass-carries"  # noqa: S105  nobody has such a pass
LINE: Final = {"session_id": SESSION, "tariff": "base", "places": 2}
GUEST: Final = {"name": "Anna Peeters", "email": "anna.peeters@example.org"}

Bodies = list[dict[str, Any]]

BOOKING: Final[Bodies] = [
    {"lines": [LINE], "pass_token": PASS, "pay_with": "credit"},
    {
        "lines": [LINE],
        "guest": GUEST,
        "pay_with": "card",
        "remaining_seen_cents": 1600,
        "return_url": "https://tickets.example.org/back",
    },
    {
        "lines": [{"session_id": SESSION, "tariff": "base", "places": 20}],
        "guest": GUEST,
        "pay_with": "invoice",
        "invoice": {"customer_code": "K7Q2-94XM", "reference": "2026-118"},
    },
]
CHANGE: Final[Bodies] = [
    {
        "change_id": "0198c2f0-5a00-7000-8000-000000000011",
        "lines": [{"session_id": OTHER_SESSION, "tariff": "base", "places": 2}],
        "pass_token": PASS,
        "pay_with": "credit_then_card",
        "return_url": "https://tickets.example.org/back",
    }
]
CANCELLATION: Final[Bodies] = [
    {
        "cancellation_id": "0198c2f0-5a00-7000-8000-000000000012",
        "lines": [{"no": 1, "tickets": [2]}],
    }
]
QUOTE: Final[Bodies] = [{"lines": [LINE], "pass_token": PASS}, {"lines": [LINE]}]
WAITING: Final[Bodies] = [
    {
        "entry_id": "0198c2f0-5a00-7000-8000-000000000013",
        "session_ids": [SESSION, OTHER_SESSION],
        "lines": [{"tariff": "base", "places": 2}],
        "pass_token": PASS,
    }
]
ACCEPTANCE: Final[Bodies] = [{"pay_with": "credit"}]
CHECKIN: Final[Bodies] = [
    {"ticket": "what-the-qr-of-the-ticket-carries", "checkin_id": "0198c2f0-5a00-7000-8000-000000000014"},
    {"pass_token": "0900100000104 1990", "session_id": SESSION, "places": 2},
]
