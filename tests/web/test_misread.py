"""What cannot be read is named and said in every language, whatever the framework said of it in English."""

from typing import Annotated, Literal, get_args
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from tests.builders import World
from uit.core.errors import Fault, NotUnderstood
from uit.web.misread import choices_at, not_understood
from uit.web.problem import LANGUAGES, words_of


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    id: UUID
    places: Annotated[int, Meta(ge=1, le=20)] = 1
    tariff: Annotated[str, Meta(max_length=5, pattern="^[a-z]*$")] = ""
    note: Annotated[str, Meta(min_length=1)] = "-"
    pay_with: Literal["credit"] = "credit"
    kind: Literal["a", "b"] | None = None


class Body(Struct, frozen=True):
    lines: list[Line]


def read(document: str) -> NotUnderstood:
    with pytest.raises((msgspec.DecodeError, msgspec.ValidationError)) as wrong:
        msgspec.json.decode(document, type=Body)
    return not_understood(str(wrong.value))


ID = f'"id": "{UUID(int=7)}"'


@pytest.mark.parametrize(
    ("document", "where", "why"),
    [
        ("{}", "lines", "missing"),
        ('{"lines": [{}]}', "lines[0].id", "missing"),
        (f'{{"lines": [{{{ID}, "seats": 1}}]}}', "lines[0].seats", "unknown"),
        (f'{{"lines": [{{{ID}, "places": "2"}}]}}', "lines[0].places", "wrong_type"),
        ("[]", "", "wrong_type"),
        (f'{{"lines": [{{{ID}, "places": 0}}]}}', "lines[0].places", "too_small"),
        (f'{{"lines": [{{{ID}, "tariff": "kansen"}}]}}', "lines[0].tariff", "too_long"),
        (f'{{"lines": [{{{ID}, "places": 1{"0" * 30}}}]}}', "lines[0].places", "too_large"),
        (f'{{"lines": [{{{ID}, "places": 21}}]}}', "lines[0].places", "too_large"),
        (f'{{"lines": [{{{ID}, "note": ""}}]}}', "lines[0].note", "too_short"),
        (f'{{"lines": [{{{ID}, "pay_with": "cash"}}]}}', "lines[0].pay_with", "not_a_choice"),
        (f'{{"lines": [{{{ID}, "tariff": "A"}}]}}', "lines[0].tariff", "malformed"),
        ('{"lines": [{"id": "7"}]}', "lines[0].id", "malformed"),
        ("{", "", "malformed"),
        ("nee", "", "malformed"),
    ],
)
def test_what_is_wrong_and_where_are_read_from_what_was_said(document: str, where: str, why: str) -> None:
    refused = read(document)

    assert (refused.where, refused.why) == (where, why)


@given(st.text(), st.text())
def test_whatever_is_said_becomes_a_refusal(said: str, where: str) -> None:
    assert not_understood(said, where).why in get_args(Fault)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_a_sentence_of_its_own(language: str) -> None:
    said = {words_of(NotUnderstood("places", fault), language).detail for fault in get_args(Fault)}

    assert len(said) == len(get_args(Fault))
    assert all("places" in each for each in said)


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("nl", "“pass_token” ontbreekt. Er is niets gebeurd."),
        ("fr", "« pass_token » manque. Rien ne s\N{RIGHT SINGLE QUOTATION MARK}est passé."),
        ("en", "“pass_token” is missing. Nothing has happened."),
    ],
)
async def test_a_machine_gets_the_sentence_in_its_language_and_the_technical_line_beside_it(
    world: World, language: str, detail: str
) -> None:
    headers = await world.api_client() | {"Accept-Language": language}
    line = {"session_id": str(uuid4()), "tariff": "base", "places": 1}

    answer = await world.client.put(f"/api/v1/bookings/{uuid4()}", json={"lines": [line]}, headers=headers)

    told = answer.json()
    assert (told["where"], told["why"], told["detail"]) == ("pass_token", "missing", detail)
    assert "choices" not in told
    assert told["technical"] == "Object missing required field `pass_token`"


async def test_a_parameter_of_an_address_is_named_as_well(world: World) -> None:
    headers = await world.api_client()

    answer = await world.client.get("/api/v1/sessions?limit=0", headers=headers)

    told = answer.json()
    assert (told["where"], told["why"]) == ("limit", "too_small")
    assert told["detail"] == "“limit” is te klein. Er is niets gebeurd."


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("nl", "Wat je stuurt, is leeg. Er is niets gebeurd."),
        ("fr", "Votre envoi est vide. Rien ne s\N{RIGHT SINGLE QUOTATION MARK}est passé."),
        ("en", "What you send is empty. Nothing has happened."),
    ],
)
async def test_a_body_that_is_not_there_is_called_empty(world: World, language: str, detail: str) -> None:
    headers = {"Accept-Language": language, "Content-Type": "application/json"}

    answer = await world.client.put(f"/api/v1/bookings/{uuid4()}", headers=await world.api_client() | headers)

    told = answer.json()
    assert (answer.status_code, told["where"], told["why"], told["detail"]) == (422, "", "empty", detail)
    assert told["technical"] == "The body is empty."


@pytest.mark.parametrize(
    ("language", "list_of_choices"),
    [("nl", "keuzes: credit, card, "), ("fr", "choix : credit, card, "), ("en", "choices: credit, card, ")],
)
async def test_what_is_no_choice_is_answered_with_the_choices(
    world: World, language: str, list_of_choices: str
) -> None:
    headers = await world.api_client() | {"Accept-Language": language}
    line = {"session_id": str(uuid4()), "tariff": "base", "places": 1}
    content = {"lines": [line], "pass_token": "x", "pay_with": "cash"}

    answer = await world.client.put(f"/api/v1/bookings/{uuid4()}", json=content, headers=headers)

    told = answer.json()
    assert told["choices"] == ["credit", "card", "credit_then_card", "desk", "invoice"]
    assert list_of_choices in told["detail"]


@pytest.mark.parametrize(
    ("where", "choices"),
    [
        ("lines[12].pay_with", ("credit",)),
        ("lines[0].kind", ("a", "b")),
        ("lines[0].id", ()),
        ("lines[0].nowhere", ()),
        ("", ()),
    ],
)
def test_the_choices_of_a_field_are_found_by_its_path(where: str, choices: tuple[str, ...]) -> None:
    assert choices_at(Body, where) == choices


def test_a_missing_field_of_a_form_is_named_without_the_name_that_the_framework_has_for_the_form() -> None:
    assert not_understood("Object missing required field `email`", "data").where == "email"
