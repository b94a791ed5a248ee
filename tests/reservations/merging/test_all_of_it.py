"""Whatever names a person or a member goes along with a merge, or has a reason to stay."""

from typing import Final

from tests.builders import World

NAMES: Final = ("person_id", "representative_id", "membership_id", "holder_id", "wallet_id", "owner_id")
SCHEMAS: Final = ("identity", "vault", "passes", "credits", "reservations")
GOES: Final = {
    "identity.person_change.person_id",
    "identity.representation.person_id",
    "identity.representation.representative_id",
    "identity.asked_help.person_id",
    "identity.letter.person_id",
    "identity.mandate.person_id",
    "identity.service_client.person_id",
    "passes.provisional_right.membership_id",
    "passes.decision.membership_id",
    "passes.membership.person_id",
    "passes.card.membership_id",
    "passes.household_member.membership_id",
    "credits.purse.wallet_id",
    "reservations.line.holder_id",
    "reservations.line.wallet_id",
    "reservations.claimed_booking.membership_id",
    "reservations.waiting_entry.membership_id",
    "reservations.waiting_entry.person_id",
}
STAYS: Final = {
    "reservations.absence.membership_id": "is not held against who stays",
    "identity.session.person_id": "ends",
    "identity.link.person_id": "ends",
    "identity.access_token.person_id": "ends",
    "identity.new_email.person_id": "ends",
    "identity.message_setting.person_id": "who stays chose their own",
    "credits.worklist_mark.membership_id": "is about what was found of the one that went",
    "credits.refused_grant.membership_id": "is about what was found of the one that went",
    "passes.permission.membership_id": "was of one visit, for half an hour",
    "passes.spoken_word.membership_id": "who stays has their own, or sets one",
    "identity.device.person_id": "is forgotten",
    "identity.device.owner_id": "is forgotten",
    "passes.attestation.membership_id": "what the auditor reads is never changed",
    "vault.insz.person_id": "no region keeps a number yet",
    "vault.look.person_id": "who looked at whom is never changed",
    "reservations.queue_entry.membership_id": "each pass waited for itself, until one sale was over",
    "credits.account.owner_id": "is a purse, a fund or an organiser",
}


async def test_whatever_names_somebody_goes_along_or_has_a_reason_to_stay(world: World) -> None:
    rows = await world.rows(
        "SELECT table_schema || '.' || table_name || '.' || column_name AS place"
        " FROM information_schema.columns WHERE column_name = ANY ($1) AND table_schema = ANY ($2)",
        list(NAMES),
        list(SCHEMAS),
    )

    places = {row["place"] for row in rows}
    assert places - GOES - STAYS.keys() == set()
    assert GOES - places == set()
