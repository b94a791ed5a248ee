"""What credit can be refused for. No refusal tells a balance: it may be read by a client."""

from datetime import date, datetime
from uuid import UUID

from uit.core.errors import Refusal


class NotEnough(Refusal, code="credits.not_enough", status=409):
    """The credit that fits does not cover the price. The resident's own page adds what there is."""

    price_cents: int


class BudgetSpent(Refusal, code="credits.budget_spent", status=409):
    programme: str


class AlreadyGranted(Refusal, code="credits.already_granted", status=409):
    """Once per programme year; a grant that was taken back does not count."""

    programme: str
    period: str


class GrantIdTaken(Refusal, code="credits.id_taken", status=409):
    """Under this id something else was granted, or to somebody else."""

    grant_id: UUID


class AlreadyAdmitted(Refusal, code="credits.already_admitted", status=409):
    """On a day, an organiser has one agreement with a programme."""


class NotEntitled(Refusal, code="credits.not_entitled", status=409):
    """The programme's rules do not fit this member on this day."""

    programme: str


class AlreadyReversed(Refusal, code="credits.already_reversed", status=409):
    pass


class CannotReverse(Refusal, code="credits.cannot_reverse", status=409):
    """Only money that is still there can go back: a grant that was spent, say, cannot."""


class TooLateToReverse(Refusal, code="credits.too_late_to_reverse", status=409):
    """The counter takes a mistaken grant back on the day it was given; later it is for the bookkeeping."""

    given_on: date


class NotFromProvider(Refusal, code="credits.not_from_provider", status=400):
    """A message whose signature is not the provider's, or that is too old. Nothing was stored."""


# The till. These are for staff at a desk: what they name is of their own organiser.


class NotASeller(Refusal, code="credits.not_a_seller", status=409):
    """The organiser does not sell for money here: no legal entity keeps books for it."""


class TillUnknown(Refusal, code="credits.till_unknown", status=404):
    pass


class TillNameTaken(Refusal, code="credits.till_name_taken", status=409):
    till: str


class TillInUse(Refusal, code="credits.till_in_use", status=409):
    """One person works at a till; another takes another till, or waits until it is closed."""

    till: str
    opened_at: datetime


class NotYourTill(Refusal, code="credits.not_your_till", status=409):
    """Somebody else opened this till."""

    till: str


class TillCounted(Refusal, code="credits.till_counted", status=409):
    """The drawer was counted, so nothing goes in or out any more."""

    till: str


class TillClosed(Refusal, code="credits.till_closed", status=409):
    till: str


class TillOfOtherSeller(Refusal, code="credits.till_of_other_seller", status=409):
    """The till is kept in the books of another than `seller_id`, who sells this now."""

    seller_id: UUID


class TillIdTaken(Refusal, code="credits.till_id_taken", status=409):
    """Under the id of this form something else was sold, moved or given: a receipt is of one sale."""

    form_id: UUID


class TillNotCounted(Refusal, code="credits.till_not_counted", status=409):
    """A till is closed after its drawer was counted."""

    till: str


class CountAgain(Refusal, code="credits.count_again", status=409):
    """A first count is not what the last closing left. How much that was, is not said before a second one."""

    found_cents: int


class FloatDiffers(Refusal, code="credits.float_differs", status=409):
    """What was found in a drawer, twice, is not what the last closing left. With a reason, it opens."""

    left_cents: int
    found_cents: int


class SignEarlier(Refusal, code="credits.sign_earlier", status=409):
    """Who opens signs for more than the last closing. With their sums on the page, it opens."""

    closings: int


class DrawerTooLow(Refusal, code="credits.drawer_too_low", status=409):
    """By the books there is less in the drawer than what should go out. How much there is, is not said."""

    amount_cents: int


class PaperEntered(Refusal, code="credits.paper_entered", status=409):
    """This number on paper was entered before, as the receipt that is named."""

    paper_no: str
    receipt: str
    entered_at: datetime


class RefundCodeUnknown(Refusal, code="credits.refund_code_unknown", status=404):
    """No cash of this seller waits under this code."""


class RefundFetched(Refusal, code="credits.refund_fetched", status=409):
    """What waited under this code was given, once."""

    fetched_at: datetime


class TerminalReferenceWrong(Refusal, code="credits.terminal_reference_wrong", status=422):
    """The reference of a card payment is missing, too long, or the number of a card."""


# The books of a year. These are for who keeps them.


class YearNotOver(Refusal, code="credits.year_not_over", status=409):
    """A year is closed after it is over."""

    year: int
    closes_from: date


class YearClosed(Refusal, code="credits.year_closed", status=409):
    """It was closed before, and is closed once."""

    year: int


class EarlierYearOpen(Refusal, code="credits.earlier_year_open", status=409):
    """Years are closed in order: their balances build on each other."""

    year: int
    open_year: int


class BooksNotRight(Refusal, code="credits.books_not_right", status=409):
    """`check-ledger` finds faults in the region. What they are, the operator reads there."""

    faults: int


class YearWaits(Refusal, code="credits.year_waits", status=409):
    """Tills of that year that nobody closed, or payments of which nobody knows yet how they end."""

    year: int
    tills: int
    payments: int


class YearNotAsked(Refusal, code="credits.year_not_asked", status=409):
    """Nobody asked to close this year."""

    year: int


class SamePersonConfirms(Refusal, code="credits.same_person_confirms", status=409):
    """Who asks to close a year does not confirm it."""

    year: int


class YearChanged(Refusal, code="credits.year_changed", status=409):
    """The transfers are not those of when it was asked for."""

    year: int


class YearNotClosed(Refusal, code="credits.year_not_closed", status=409):
    """Only a year that was closed goes to the archive."""

    year: int


class ArchiveDiffers(Refusal, code="credits.archive_differs", status=409):
    """The transfers of the year are not those that were signed when it was closed."""

    year: int


class EntityUnknown(Refusal, code="credits.entity_unknown", status=404):
    """No legal entity of the region has this number or id."""


class DifferenceClosed(Refusal, code="credits.difference_closed", status=409):
    """A difference is closed once: by somebody, or by itself. Also for one that is not there."""

    difference_id: UUID


class RefundClosed(Refusal, code="credits.refund_closed", status=409):
    """It is paid already, goes another way, or waits for a dispute. Nothing was written."""

    refund_id: UUID


class CustomerUnknown(Refusal, code="credits.customer_unknown", status=409):
    """No organisation books on an invoice with this code."""


class CustomerElsewhere(Refusal, code="credits.customer_elsewhere", status=409):
    """The code is of an agreement with another seller than that of what is booked."""

    seller_id: UUID


class CustomerEnded(Refusal, code="credits.customer_ended", status=409):
    """The agreement has not begun, or is over."""

    starts_on: date
    ends_on: date | None


class AboveInvoiceLimit(Refusal, code="credits.above_invoice_limit", status=409):
    """With this booking more would be open than was agreed. How much is open, its seller knows."""

    amount_cents: int


class InvoiceUnknown(Refusal, code="credits.invoice_unknown", status=404):
    """No invoice of this seller."""

    invoice_id: UUID


class InvoiceNumberTaken(Refusal, code="credits.invoice_number_taken", status=409):
    """Another invoice of this seller has that number."""

    number: str


class InvoiceClosed(Refusal, code="credits.invoice_closed", status=409):
    """Money or a credit note came in under its number, which is no longer changed."""

    number: str


class NotInvoiced(Refusal, code="credits.not_invoiced", status=409):
    """Money comes in for an invoice that has a number."""

    invoice_id: UUID


class BankLineTaken(Refusal, code="credits.bank_line_taken", status=409):
    """Under this reference another amount, or another day, was noted for the invoice."""

    reference: str


class BankLineUnknown(Refusal, code="credits.bank_line_unknown", status=404):
    """Nothing was noted for this invoice under that reference."""

    reference: str


class BankLineTakenBack(Refusal, code="credits.bank_line_taken_back", status=409):
    """What was noted under this reference was taken back; so that a late repeat does not note it again."""

    reference: str


class BankLineReturned(Refusal, code="credits.bank_line_returned", status=409):
    """Of this money a part went back to the customer later: that is taken back first."""

    reference: str


class MoreThanOpen(Refusal, code="credits.more_than_open", status=409):
    """More than is open of an invoice, or more back than came in too much. Its seller alone is told."""

    amount_cents: int
    open_cents: int


class CreditNoteUnknown(Refusal, code="credits.credit_note_unknown", status=404):
    """Nothing of this invoice is to be credited under that id."""

    refund_id: UUID


class CreditNoteNumbered(Refusal, code="credits.credit_note_numbered", status=409):
    """The credit note was made, under another number."""

    number: str


class VatCodeUnknown(Refusal, code="credits.vat_code_unknown", status=409):
    """No rate is known for the VAT code of a line on the day of its booking."""

    vat_code: str


class CannotInvoice(Refusal, code="credits.cannot_invoice", status=409):
    """An organiser without enterprise number makes no invoices, and for one with an agent the agent does."""


class MandateChain(Refusal, code="credits.mandate_chain", status=409):
    """The organiser sells for others, or somebody sells for the agent: money would go through two."""


class NumberFixed(Refusal, code="credits.number_fixed", status=409):
    """An organiser has an enterprise number, and it stays that one: its books are kept under it."""


class BooksBegun(Refusal, code="credits.books_begun", status=409):
    """Another legal entity of the region has the number, and something was booked in the organiser's own."""


class RemittanceTooMuch(Refusal, code="credits.remittance_too_much", status=409):
    """More than is owed to the organiser, less what is contested and what goes back."""

    amount_cents: int
    most_cents: int


class RemittanceNoted(Refusal, code="credits.remittance_noted", status=409):
    """This line of the bank was noted before, or the form was sent before with something else in it."""

    reference: str
