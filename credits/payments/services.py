"""The services of a process that is paid: those of every process, and who takes payments by card."""

from credits.payments.provider import PaymentProvider
from uit.services.services import Services


class PaymentServices(Services):
    """`provider`: who takes payments by card; None where nobody does."""

    provider: PaymentProvider | None
