"""The request for an invoice or a credit note as UBL 2.1, in the shape of Peppol BIS Billing 3. Pure.

It is written for the seller's own software, which numbers and sends it. Until a number is read back, the
structured communication stands in its place. The account of the seller's bank is for that software to add:
the code of the means of payment says that it is not defined here.
"""

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from msgspec import Struct

from credits.invoice.amounts import STANDARD, Amounts, NetLine, TaxGroup
from credits.invoice.communication import printed
from credits.invoice.invoice import Party

UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
AGGREGATE, BASIC = f"{UBL}CommonAggregateComponents-2", f"{UBL}CommonBasicComponents-2"
CUSTOMIZATION: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
ENTERPRISE: Final = "0208"
"""The scheme of Belgian enterprise numbers."""
NOT_DEFINED: Final = "1"
ONE: Final = "C62"
EURO: Final = "EUR"
HUNDRED: Final = 100


class Kind(Struct, frozen=True):
    """How UBL names a document and what is in it."""

    root: str
    type_element: str
    type_code: str
    line: str
    quantity: str


INVOICE: Final = Kind("Invoice", "InvoiceTypeCode", "380", "InvoiceLine", "InvoicedQuantity")
CREDIT_NOTE: Final = Kind("CreditNote", "CreditNoteTypeCode", "381", "CreditNoteLine", "CreditedQuantity")


class Document(Struct, frozen=True):
    """What is asked for. `number` is that of the seller's software, once it is known.

    `order_reference` is what the buyer calls it; `of_number` is the invoice that a credit note is of.
    """

    kind: Kind
    number: str | None
    issued_on: date
    due_on: date
    communication: str
    order_reference: str | None
    seller: Party
    buyer: Party
    amounts: Amounts
    of_number: str | None = None


def as_ubl(document: Document) -> bytes:
    """The document as XML, with its declaration."""
    kind = document.kind
    register_namespace("", f"{UBL}{kind.root}-2")
    register_namespace("cac", AGGREGATE)
    register_namespace("cbc", BASIC)
    root = Element(f"{{{UBL}{kind.root}-2}}{kind.root}")
    add_heading(root, document)
    add_party(group(root, "AccountingSupplierParty"), document.seller)
    add_party(group(root, "AccountingCustomerParty"), document.buyer)
    means = group(root, "PaymentMeans")
    text(means, "PaymentMeansCode", NOT_DEFINED)
    text(means, "PaymentID", printed(document.communication))
    add_taxes(root, document.amounts)
    add_totals(root, document.amounts)
    for line in document.amounts.lines:
        add_line(root, kind, line)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def add_heading(root: Element, document: Document) -> None:
    kind = document.kind
    text(root, "CustomizationID", CUSTOMIZATION)
    text(root, "ProfileID", PROFILE)
    text(root, "ID", document.number or document.communication)
    text(root, "IssueDate", document.issued_on.isoformat())
    if kind is INVOICE:
        text(root, "DueDate", document.due_on.isoformat())
    text(root, kind.type_element, kind.type_code)
    text(root, "DocumentCurrencyCode", EURO)
    text(root, "BuyerReference", document.order_reference or document.communication)
    if document.order_reference:
        text(group(root, "OrderReference"), "ID", document.order_reference)
    if document.of_number:
        text(group(root, "BillingReference", "InvoiceDocumentReference"), "ID", document.of_number)


def add_party(role: Element, party: Party) -> None:
    node = group(role, "Party")
    scheme, _, address = (party.peppol_id or f"{ENTERPRISE}:{party.number or ''}").partition(":")
    text(node, "EndpointID", address, schemeID=scheme)
    text(group(node, "PartyName"), "Name", party.name)
    place = group(node, "PostalAddress")
    for name, value in (
        ("StreetName", party.street), ("CityName", party.town), ("PostalZone", party.postal_code),
    ):  # fmt: skip
        if value:
            text(place, name, value)
    text(group(place, "Country"), "IdentificationCode", "BE")
    tax = group(node, "PartyTaxScheme")
    text(tax, "CompanyID", f"BE{party.number}")
    text(group(tax, "TaxScheme"), "ID", "VAT")
    legal = group(node, "PartyLegalEntity")
    text(legal, "RegistrationName", party.name)
    text(legal, "CompanyID", party.number or "", schemeID=ENTERPRISE)
    if party.contact or party.email:
        contact = group(node, "Contact")
        text(contact, "Name", party.contact or party.name)
        if party.email:
            text(contact, "ElectronicMail", party.email)


def add_taxes(root: Element, amounts: Amounts) -> None:
    total = group(root, "TaxTotal")
    money(total, "TaxAmount", amounts.tax_cents)
    for each in amounts.groups:
        part = group(total, "TaxSubtotal")
        money(part, "TaxableAmount", each.taxable_cents)
        money(part, "TaxAmount", each.tax_cents)
        category = add_category(part, "TaxCategory", each)
        if each.reason:
            text(category, "TaxExemptionReason", each.reason)
        text(group(category, "TaxScheme"), "ID", "VAT")


def add_category(node: Element, name: str, of: TaxGroup | NetLine) -> Element:
    category = group(node, name)
    text(category, "ID", of.category)
    text(category, "Percent", decimal(of.rate_bp) if of.category == STANDARD else "0")
    return category


def add_totals(root: Element, amounts: Amounts) -> None:
    total = group(root, "LegalMonetaryTotal")
    money(total, "LineExtensionAmount", amounts.net_cents)
    money(total, "TaxExclusiveAmount", amounts.net_cents)
    money(total, "TaxInclusiveAmount", amounts.gross_cents)
    if amounts.prepaid_cents:
        money(total, "PrepaidAmount", amounts.prepaid_cents)
    if amounts.rounding_cents:
        money(total, "PayableRoundingAmount", amounts.rounding_cents)
    money(total, "PayableAmount", amounts.payable_cents)


def add_line(root: Element, kind: Kind, line: NetLine) -> None:
    """The price is that of all places together, so that no cent is lost by dividing."""
    node = group(root, kind.line)
    text(node, "ID", str(line.no))
    text(node, kind.quantity, str(line.places), unitCode=ONE)
    money(node, "LineExtensionAmount", line.net_cents)
    item = group(node, "Item")
    text(item, "Name", line.words)
    text(group(add_category(item, "ClassifiedTaxCategory", line), "TaxScheme"), "ID", "VAT")
    price = group(node, "Price")
    money(price, "PriceAmount", line.net_cents)
    text(price, "BaseQuantity", str(line.places), unitCode=ONE)


# The nodes of a document


def group(node: Element, *names: str) -> Element:
    for name in names:
        node = SubElement(node, f"{{{AGGREGATE}}}{name}")
    return node


def text(node: Element, name: str, value: str, **attributes: str) -> None:
    SubElement(node, f"{{{BASIC}}}{name}", attributes).text = value


def money(node: Element, name: str, cents: int) -> None:
    text(node, name, decimal(cents), currencyID=EURO)


def decimal(hundredths: int) -> str:
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // HUNDRED}.{abs(hundredths) % HUNDRED:02}"
