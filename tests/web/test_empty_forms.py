"""No browser stops a form that is not filled in: each says itself what is missing, and nothing goes wrong."""

from typing import Final

from tests.builders import World
from tests.test_audit import DESKS, fits, take_over
from uit.web.form import read_id

UNPROCESSABLE: Final = 422
HIDDEN: Final = {"no"}
MAY_BE_EMPTY: Final = {
    "/dender/balie": "whom one looks for is typed again",
    "/dender/balie/nieuw/gelijkenis": "nobody is like nobody",
    "/dender/balie/personen/{person}/berichten": "what is not chosen goes as all else does",
    "/dender/balie/personen/{person}/dubbels": "whom one looks for is typed again",
    "/dender/balie/personen/{person}/beschermen": "the page says which of the two",
    "/dender/balie/personen/{person}/aanmeldcode": "the page chooses between slip and letter",
    "/dender/balie/werklijst/{person}": "the page says what is done",
    "/dender/balie/personen/{person}/passen": "the page chooses the kind of the card",
    "/dender/balie/personen/{person}/laatste-dag": "a membership need not have a last day",
    "/dender/organisaties/{organiser}/activiteiten/{event}/wat/terug": "nothing is let go",
    "/dender/organisaties/{organiser}/activiteiten/{event}/wanneer/weg": "there is no such date",
    "/dender/organisaties/{organiser}/sessies/{session}/activiteit": "a box may be left empty",
    "/dender/organisaties/{organiser}/sessies/{session}/binnen": "there is no such ticket",
    "/dender/organisaties/{organiser}/sessies/{session}/boekingen": "whom one looks for is typed again",
    "/dender/organisaties/{organiser}/sessies/{session}/boekingen/{booking}/notitie": "no note is none",
    "/dender/organisaties/{organiser}/sessies/{session}/boekingen/{booking}/terug": "there is no such ticket",
    "/dender/organisaties/{organiser}/sessies/{session}/wijzigen/uitstellen": "one needs not say why",
    "/dender/organisaties/{organiser}/tarieven/{event}/gezin/voorwaarden": "a price need not ask anything",
    "/dender/organisaties/{organiser}/betalen/kaart": "Stripe asks what is missing",
    "/dender/organisaties/{organiser}/kassa/plaats/{till}": "a till without a place stands at home",
    "/dender/organisaties/{organiser}/kassa/{till}/terugbetalen": "there is no such code",
    "/dender/organisaties/{organiser}/kassa/{till}/boeking": "there is no such booking",
    "/dender/organisaties/{organiser}/kassa/{till}/terugnemen": "there is no such ticket",
    "/dender/organisaties/{organiser}/kassa/{till}/boeking/{booking}": "the page says what is due",
    "/dender/organisaties/{organiser}/kassa/{till}/verkoop/{session}/{booking}": "the sum is shown first",
    "/dender/organisaties/{organiser}/kassa/{till}/ruilen/{old}/{session}/{new}": "the page says what is due",
    "/labels/gemeente/{town}/dossiers/{dossier}/veld": "a draft is kept as it is",
    "/labels/gemeente/{town}/dossiers/{dossier}/antwoorden/{part}": "a draft is kept as it is",
    "/labels/dossiers/{dossier}/nakijken": "one goes on later with what is not found yet",
}
"""The forms that take nothing, or say something else than what is missing, with why."""


def emptied(fields: dict[str, object]) -> dict[str, object]:
    """What a browser sends of a form in which nothing was typed: what the page itself put in it."""
    return {name: value if name in HIDDEN or read_id(str(value)) else "" for name, value in fields.items()}


async def test_a_form_of_a_desk_that_is_not_filled_in_says_so_on_its_page(world: World) -> None:
    wrong, taken = {}, set()
    for desk in DESKS:
        async for deed in desk(world):
            staff_id = await world.sign_in_staff(
                deed.role,
                region_id=deed.region_id,
                organiser_id=deed.organiser_id,
                refnis=deed.refnis,
                partner_id=deed.partner_id,
            )
            await take_over(world, deed, staff_id)
            empty = await world.post_form(deed.address, **emptied(deed.fields))
            await world.post_form(deed.address, **deed.fields)
            is_told = empty.status_code == UNPROCESSABLE and 'id="problems"' in empty.text
            known = {form for form in MAY_BE_EMPTY if fits(form, deed.address)}
            if is_told or emptied(deed.fields) == deed.fields:
                continue
            taken |= known
            if not known or empty.status_code in {500, UNPROCESSABLE}:
                wrong[deed.address] = empty.status_code

    assert wrong == {}
    assert taken == MAY_BE_EMPTY.keys()
