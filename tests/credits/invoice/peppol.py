"""The rules that Peppol BIS Billing 3 has besides EN 16931, as far as they are about what we write.

OpenPEPPOL publishes them as a Schematron, which no package carries. They are written here anew, under the
names that they have there, so that what a validator of Peppol says of a document can be found back. What is
about allowances, direct debit, periods and other countries is left out: none of it is in our documents.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element

UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:Common"
NAMES: Final = {"cac": f"{UBL}AggregateComponents-2", "cbc": f"{UBL}BasicComponents-2"}
SPECIFICATION: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROCESS: Final = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:\d\d:1\.0", re.ASCII)
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ENTERPRISE_NUMBER: Final = re.compile(r"\d{10}", re.ASCII)
TYPES: Final = {
    "Invoice": frozenset({"80", "82", "84", "380", "383", "386", "393", "395", "575", "623", "780"}),
    "CreditNote": frozenset({"81", "83", "381", "396", "532"}),
}
SLACK: Final = Decimal("0.02")


def broken_rules(root: Element) -> list[str]:
    """The names of the rules that a document breaks."""
    return [*of_document(root), *of_parties(root), *of_amounts(root), *of_lines(root)]


def said(node: Element, path: str) -> str:
    return (node.findtext(path, "", NAMES) or "").strip()


def of_document(root: Element) -> Iterator[str]:
    kind = root.tag.rpartition("}")[2]
    if any(len(each) == 0 and not (each.text or "").strip() for each in root.iter()):
        yield "PEPPOL-EN16931-R008"
    if not PROCESS.fullmatch(said(root, "cbc:ProfileID")):
        yield "PEPPOL-EN16931-R007"
    if not (said(root, "cbc:BuyerReference") or said(root, "cac:OrderReference/cbc:ID")):
        yield "PEPPOL-EN16931-R003"
    if not said(root, "cbc:CustomizationID").startswith(SPECIFICATION):
        yield "PEPPOL-EN16931-R004"
    if said(root, f"cbc:{kind}TypeCode") not in TYPES[kind]:
        yield {"Invoice": "PEPPOL-EN16931-P0100", "CreditNote": "PEPPOL-EN16931-P0101"}[kind]
    days = [*root.findall("cbc:IssueDate", NAMES), *root.findall("cbc:DueDate", NAMES)]
    if not all(DAY.fullmatch((each.text or "").strip()) for each in days):
        yield "PEPPOL-EN16931-F001"


def of_parties(root: Element) -> Iterator[str]:
    for role, rule in (("Customer", "PEPPOL-EN16931-R010"), ("Supplier", "PEPPOL-EN16931-R020")):
        if not said(root, f"cac:Accounting{role}Party/cac:Party/cbc:EndpointID"):
            yield rule
    for name in ("EndpointID", "CompanyID"):
        for each in root.findall(f".//cbc:{name}[@schemeID='0208']", NAMES):
            number = (each.text or "").strip()
            if not (ENTERPRISE_NUMBER.fullmatch(number) and 97 - int(number[:8]) % 97 == int(number[8:])):
                yield "PEPPOL-COMMON-R043"


def of_amounts(root: Element) -> Iterator[str]:
    currency = said(root, "cbc:DocumentCurrencyCode")
    if {each.get("currencyID") for each in root.iter() if each.get("currencyID")} != {currency}:
        yield "PEPPOL-EN16931-R051"
    totals = root.findall("cac:TaxTotal", NAMES)
    if len([each for each in totals if each.find("cac:TaxSubtotal", NAMES) is not None]) != 1:
        yield "PEPPOL-EN16931-R053"
    if len(totals) != 1:
        yield "PEPPOL-EN16931-R054"


def of_lines(root: Element) -> Iterator[str]:
    kind = root.tag.rpartition("}")[2]
    quantity = {"Invoice": "cbc:InvoicedQuantity", "CreditNote": "cbc:CreditedQuantity"}[kind]
    for line in root.findall(f"cac:{kind}Line", NAMES):
        net, places, price, base = (
            Decimal(said(line, path) or "1")
            for path in (
                "cbc:LineExtensionAmount",
                quantity,
                "cac:Price/cbc:PriceAmount",
                "cac:Price/cbc:BaseQuantity",
            )
        )
        if base <= 0:
            yield "PEPPOL-EN16931-R121"
        elif abs(net - places * price / base) > SLACK:
            yield "PEPPOL-EN16931-R120"
        units = [line.find(path, NAMES) for path in (quantity, "cac:Price/cbc:BaseQuantity")]
        if len({each.get("unitCode") for each in units if each is not None}) > 1:
            yield "PEPPOL-EN16931-R130"
