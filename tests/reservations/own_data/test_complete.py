"""The copy of somebody's data leaves nothing out by mistake: a table of theirs is in it, or says why not."""

import re
from pathlib import Path
from typing import Final

from tests.builders import World

ROOT: Final = Path(__file__).parents[3]
READ_BY_GATHER: Final = (
    "reservations/own_data/sql/gathering.sql",
    "uit/identity/person/sql/change.sql",
    "uit/identity/person/sql/person.sql",
    "uit/identity/message/sql/setting.sql",
    "uit/passes/card/sql/card.sql",
    "uit/passes/decisions/sql/decision.sql",
)
NOT_IN_IT: Final = {
    "credits.refused_grant": "that credit was refused is in it as a decision",
    "credits.worklist_mark": "that a counter did what its list asked",
    "identity.new_email": "an address that waits a day for its link, and is theirs from then on",
    "passes.attestation": "the proof of the social tariff, which nobody but an auditor reads",
    "passes.permission": "what permitted a clerk something for half an hour, which the trail keeps",
    "passes.spoken_word": "a word for the telephone, which nobody can read",
    "reservations.queue_entry": "that they waited for the sale of one date, which goes thirty days after it",
    "vault.insz": "the national number, which no page shows",
    "vault.look": "who opened the vault; it is under another login",
}
"""What is kept of a person and not in the copy; its page says so of what is worth saying."""
OF_SOMEBODY: Final = """
    SELECT DISTINCT n.nspname || '.' || c.relname
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE a.attname IN ('person_id', 'membership_id', 'wallet_id') AND a.attnum > 0 AND NOT a.attisdropped
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""


async def test_every_table_of_somebody_is_in_their_copy_or_says_why_not(world: World) -> None:
    read = "\n".join((ROOT / each).read_text() for each in READ_BY_GATHER)
    tables = {row[0] for row in await world.rows(OF_SOMEBODY)}

    missing = {each for each in tables if not re.search(rf"\b{re.escape(each)}\b", read)}

    assert len(tables) > 15
    assert missing == NOT_IN_IT.keys()
