"""The request for an invoice as UBL, held to the schemas of UBL and the rules of EN 16931."""

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from credits.invoice.amounts import Amounts, amounts_of
from credits.invoice.invoice import InvoiceLine, Party
from credits.invoice.ubl import CREDIT_NOTE, INVOICE, Document, as_ubl
from tests.credits.invoice.peppol import broken_rules
from tests.credits.invoice.rules import problems_of

RATES = [(2100, None), (1200, None), (600, None), (0, None), (0, "Artikel 44, 2, 9"), (0, "Artikel 44, 2, 6")]
NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
SELLER = Party("De Werf", "0123456749", email="werf@example.org")
BUYER = Party(
    "Basisschool De Klimop & zonen", "0876543270", None, "Schoolstraat 1", "9300", "Aalst",
    "facturen@klimop.example", "Els Maes",
)  # fmt: skip


def line(
    no: int, price_cents: int, rate: tuple[int, str | None], *, places: int = 1, credit_cents: int = 0
) -> InvoiceLine:
    return InvoiceLine(no, f"De kleine prins {no}", places, "code", price_cents, credit_cents, "Btw", *rate)


def document(*lines: InvoiceLine) -> Document:
    amounts = amounts_of(lines)
    assert amounts is not None
    return Document(
        INVOICE,
        None,
        date(2026, 3, 2),
        date(2026, 4, 1),
        "090933755493",
        "Uitstap 3B",
        SELLER,
        BUYER,
        amounts,
    )


def value(written: bytes, path: str) -> str | None:
    return ET.fromstring(written).findtext(path, namespaces=NAMES)  # noqa: S314  our own


LINES = st.lists(
    st.builds(
        lambda price, rate, places, part: line(1, price, rate, places=places, credit_cents=price * part // 4),
        st.integers(1, 30_000),
        st.sampled_from(RATES),
        st.integers(1, 40),
        st.sampled_from([0, 0, 1, 3]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(LINES)
def test_whatever_was_booked_its_request_keeps_the_schema_and_the_rules(lines: list[InvoiceLine]) -> None:
    numbered = [replace(each, no=no) for no, each in enumerate(lines, start=1)]

    assert problems_of(as_ubl(document(*numbered))) == []


@pytest.mark.parametrize("kind", [INVOICE, CREDIT_NOTE])
def test_an_invoice_and_a_credit_note_keep_them_too(kind: object) -> None:
    wanted = document(line(1, 1210, RATES[0], places=2), line(2, 500, RATES[4], credit_cents=100))

    assert problems_of(as_ubl(replace(wanted, kind=kind, number="2026/14", of_number="2026/13"))) == []


def test_what_is_to_be_paid_is_the_price_less_the_credit() -> None:
    written = as_ubl(document(line(1, 1210, RATES[0]), line(2, 500, RATES[4], credit_cents=100)))

    total = "cac:LegalMonetaryTotal/cbc:"
    assert value(written, f"{total}TaxExclusiveAmount") == "15.00"
    assert value(written, f"{total}TaxInclusiveAmount") == "17.10"
    assert value(written, f"{total}PrepaidAmount") == "1.00"
    assert value(written, f"{total}PayableAmount") == "16.10"


def test_a_request_says_how_its_bank_line_will_be_known_and_by_when_it_is_paid() -> None:
    written = as_ubl(document(line(1, 1210, RATES[0])))

    assert value(written, "cac:PaymentMeans/cbc:PaymentID") == "+++090/9337/55493+++"
    assert value(written, "cbc:DueDate") == "2026-04-01"
    assert value(written, "cac:OrderReference/cbc:ID") == "Uitstap 3B"


def test_until_a_number_is_known_the_communication_stands_in_its_place() -> None:
    wanted = document(line(1, 1210, RATES[0]))

    assert value(as_ubl(wanted), "cbc:ID") == "090933755493"
    assert value(as_ubl(replace(wanted, number="2026/14")), "cbc:ID") == "2026/14"


def test_buyer_and_seller_are_named_by_their_enterprise_numbers_on_peppol() -> None:
    written = as_ubl(document(line(1, 1210, RATES[0])))

    endpoints = ET.fromstring(written).findall(".//cbc:EndpointID", NAMES)  # noqa: S314  our own
    assert [(each.get("schemeID"), each.text) for each in endpoints] == [
        ("0208", "0123456749"),
        ("0208", "0876543270"),
    ]


def test_another_address_on_peppol_is_kept() -> None:
    elsewhere = replace(
        document(line(1, 1210, RATES[0])), buyer=replace(BUYER, peppol_id="9925:BE0876543270")
    )

    found = ET.fromstring(as_ubl(elsewhere)).findall(".//cbc:EndpointID", NAMES)  # noqa: S314  our own
    assert (found[1].get("schemeID"), found[1].text) == ("9925", "BE0876543270")


def test_a_broken_document_is_found_out() -> None:
    """The rules are worth nothing when they find nothing."""
    wanted = document(line(1, 1210, RATES[0]))
    wrong = Amounts(wanted.amounts.lines, wanted.amounts.groups, 0, wanted.amounts.payable_cents)
    broken = as_ubl(replace(wanted, amounts=wrong)).replace(
        b">12.10</cbc:PayableAmount>", b">12.11</cbc:PayableAmount>"
    )

    assert "BR-CO-16" in problems_of(broken)
    assert problems_of(as_ubl(wanted).replace(b"cbc:IssueDate", b"cbc:IssuedOn")) != []


BREAKS = [
    (
        "PEPPOL-EN16931-R003",
        r"<cbc:BuyerReference>.*?</cbc:BuyerReference><cac:OrderReference>.*?</cac:OrderReference>",
        "",
    ),
    ("PEPPOL-EN16931-R004", "compliant#urn:fdc", "compliant#urn:fcd"),
    ("PEPPOL-EN16931-R007", "billing:01:1.0", "billing:1:1.0"),
    ("PEPPOL-EN16931-R008", "<cbc:StreetName>.*?</cbc:StreetName>", "<cbc:StreetName> </cbc:StreetName>"),
    ("PEPPOL-EN16931-R010", "<cbc:EndpointID schemeID=.0208.>0876543270</cbc:EndpointID>", ""),
    ("PEPPOL-EN16931-R020", "<cbc:EndpointID schemeID=.0208.>0123456749</cbc:EndpointID>", ""),
    ("PEPPOL-COMMON-R043", ">0876543270</cbc:EndpointID>", ">0876543271</cbc:EndpointID>"),
    ("PEPPOL-COMMON-R043", ">0123456749</cbc:CompanyID>", ">BE0123456749</cbc:CompanyID>"),
    ("PEPPOL-EN16931-R051", 'PayableAmount currencyID="EUR"', 'PayableAmount currencyID="USD"'),
    ("PEPPOL-EN16931-R053", "<cac:TaxSubtotal>.*</cac:TaxSubtotal>", ""),
    ("PEPPOL-EN16931-R120", ">10.00</cbc:PriceAmount>", ">10.03</cbc:PriceAmount>"),
    ("PEPPOL-EN16931-R121", ">2</cbc:BaseQuantity>", ">0</cbc:BaseQuantity>"),
    ("PEPPOL-EN16931-R130", 'BaseQuantity unitCode="C62"', 'BaseQuantity unitCode="DAY"'),
    ("PEPPOL-EN16931-P0100", ">380</cbc:InvoiceTypeCode>", ">381</cbc:InvoiceTypeCode>"),
    ("PEPPOL-EN16931-F001", "<cbc:DueDate>2026-04-01<", "<cbc:DueDate>01/04/2026<"),
]


@pytest.mark.parametrize(("rule", "pattern", "instead"), BREAKS)
def test_what_peppol_does_not_allow_is_found_out(rule: str, pattern: str, instead: str) -> None:
    written = as_ubl(document(line(1, 1210, RATES[0], places=2))).decode()
    broken, times = re.subn(pattern, instead, written, flags=re.DOTALL)

    assert times
    assert broken_rules(ET.fromstring(written)) == []  # noqa: S314  our own
    assert rule in broken_rules(ET.fromstring(broken))  # noqa: S314  our own


def test_a_request_without_an_order_of_the_customer_keeps_the_rules() -> None:
    """Peppol wants a reference of the buyer: the communication stands in its place."""
    wanted = replace(document(line(1, 500, RATES[4])), order_reference=None)

    assert problems_of(as_ubl(wanted)) == []
    assert value(as_ubl(wanted), "cbc:BuyerReference") == "090933755493"


def test_what_is_exempt_says_why_and_carries_no_tax() -> None:
    written = as_ubl(document(line(1, 500, RATES[4])))

    category = "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:"
    assert (value(written, f"{category}ID"), value(written, f"{category}TaxExemptionReason")) == (
        "E", "Artikel 44, 2, 9"
    )  # fmt: skip
    assert value(written, "cac:TaxTotal/cbc:TaxAmount") == "0.00"
