"""What an event is about, and who may see it."""

import pytest

from organisers.event import domain_of, is_public, label_of
from tests.organisers.uitdatabank.feed import read, record


@pytest.mark.parametrize(
    ("type_id", "audience", "domain"),
    [
        ("0.50.4.0.0", "everyone", "culture"),
        ("0.59.0.0.0", "everyone", "sport"),
        ("0.57.0.0.0", "everyone", "youth"),
        ("0.7.0.0.0", "everyone", "tourism"),
        ("0.59.0.0.0", "childrenOnly", "youth"),
    ],
)
def test_the_type_says_the_domain_unless_it_is_for_children_only(
    type_id: str, audience: str, domain: str
) -> None:
    term = {"id": type_id, "label": "Iets", "domain": "eventtype"}
    event = read(record("single") | {"terms": [term], "audience": {"audienceType": audience}})

    assert domain_of(event) == domain
    assert label_of(event, "eventtype") == "Iets"


@pytest.mark.parametrize(
    ("status", "audience", "public"),
    [
        ("APPROVED", "everyone", True),
        ("DRAFT", "everyone", False),
        ("APPROVED", "members", False),
        ("APPROVED", "education", False),
    ],
)
def test_a_draft_and_what_is_for_members_or_schools_is_not_public(
    status: str, audience: str, *, public: bool
) -> None:
    event = read(record("single") | {"workflowStatus": status, "audience": {"audienceType": audience}})

    assert is_public(event) is public
