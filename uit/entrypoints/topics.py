"""What the worker does with each topic of the outbox."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from credits.payments.refund import send_refund
from credits.wallet.moving import following_moves
from reservations.absences.asking import TOLD as TOLD_TO_CONFIRM
from reservations.booking.notifications import TOPICS, BookingMessage, notify_holder
from reservations.booking.services import BookingServices
from reservations.groups.telling import GROUP_TOLD, notify_worker, pass_on_to_workers
from reservations.helping import coming_of_age
from reservations.helping.telling import TOLD as TOLD_HELPERS
from reservations.invoices.requesting import TOPIC as INVOICE_TOPIC
from reservations.invoices.requesting import request_invoice
from reservations.measures.telling import TOLD as TOLD_MEASURES
from reservations.own_data.asked_erasing import ERASING, notify_asked
from reservations.own_data.unused import UNUSED, notify_unused
from reservations.payment.contested import STATUS_OF as DISPUTE_TOPICS
from reservations.payment.contested import notify_seller
from reservations.payment.following import follow_payment
from reservations.waiting.telling import TOLD as TOLD_WAITING
from reservations.waiting_room.telling import TOLD as TOLD_QUEUE
from reservations.writing.copy_to_send import COPY
from reservations.writing.sending import deliver_copy, spread
from reservations.writing.written import SPREAD
from uit.database.outbox import GiveUp, Message, Topic, TryLater
from uit.identity.access.notice import CHANGES, notify_change, notify_sign_in
from uit.identity.message.reach import NotReached
from uit.identity.person.change import EMAIL_CHANGED
from uit.identity.staff.staff import NEW_SIGN_IN
from uit.passes.decisions.telling import TOLD as TOLD_DECISIONS
from uit.passes.details.notice import mail_left_address
from uit.passes.membership.moving import TOPICS as MOVES
from uit.passes.permission.code import TOLD as TOLD_CODES
from uit.services.mail import MailAway, MailRefused
from uit.services.text_message import TextRefused


def topics(services: BookingServices) -> dict[str, Topic]:
    """What to do with each topic of the outbox. One that is not here waits for a worker that knows it.

    A mail says how things are when it is sent, so one that failed does not hold up the next of its booking.
    """

    async def mail(message: Message) -> TryLater | GiveUp | None:
        of_booking = BookingMessage(message.id, *about(message))
        await pass_on_to_workers(services, of_booking)
        return as_delivered(await notify_holder(services, of_booking))

    async def mail_seller(message: Message) -> TryLater | GiveUp | None:
        return as_delivered(await notify_seller(services, *about(message)))

    async def mail_staff(message: Message) -> TryLater | GiveUp | None:
        return as_delivered(await notify_sign_in(services, message.key, message.payload))

    async def spread_message(message: Message) -> None:
        await spread(services, message.region_id, message.key)

    async def mail_change(message: Message) -> TryLater | GiveUp | None:
        answer = await notify_change(services, message.key, message.topic, message.payload)
        return as_delivered(answer)

    async def close_page(message: Message) -> TryLater | GiveUp | None:
        stopped = msgspec.json.decode(message.payload, type=AboutPayment)
        key = message.region_id, message.key, stopped.payment_id
        return await follow_payment(services, *key, close=True)

    async def refund(message: Message) -> TryLater | GiveUp | None:
        return await send_refund(
            services.database, services.provider, services.clock, message.region_id, message.key
        )

    async def ask_for_invoice(message: Message) -> TryLater | GiveUp | None:
        answer = await request_invoice(services, message.region_id, message.key)
        if isinstance(answer, MailAway):
            return TryLater(answer.code)
        return GiveUp(answer.code) if answer else None

    mails = dict.fromkeys(TOPICS, Topic(mail, blocks=False))
    mails |= dict.fromkeys(DISPUTE_TOPICS, Topic(mail_seller, blocks=False))
    mails |= dict.fromkeys(CHANGES, Topic(mail_change, blocks=False))
    mails[SPREAD] = Topic(spread_message, blocks=False)
    mails[NEW_SIGN_IN] = Topic(mail_staff, blocks=False)
    mails |= told_to_persons(services)
    money = {
        "payment.stopped": Topic(close_page, blocks=False),
        "payment.refund": Topic(refund),
        INVOICE_TOPIC: Topic(ask_for_invoice, blocks=False),
        **dict.fromkeys(MOVES, Topic(following_moves(services), blocks=False)),
    }
    return mails | money | dict.fromkeys(FOLLOWED_BY_NOBODY, Topic(tell_nobody))


def told_to_persons(services: BookingServices) -> dict[str, Topic]:
    """The topics by which somebody is told of more than a booking."""
    told_once = {
        ERASING: notify_asked,
        EMAIL_CHANGED: mail_left_address,
        **TOLD_DECISIONS,
        **TOLD_HELPERS,
        **TOLD_WAITING,
        **coming_of_age.TOLD,
        **TOLD_TO_CONFIRM,
    }
    found = {topic: mailing(services, notify) for topic, notify in told_once.items()}
    about = {
        UNUSED: notify_unused,
        GROUP_TOLD: notify_worker,
        COPY: deliver_copy,
        **TOLD_CODES,
        **TOLD_QUEUE,
        **TOLD_MEASURES,
    }
    for topic, notify in about.items():
        found[topic] = mailing_about(services, notify)
    return {topic: Topic(deliver, blocks=False) for topic, deliver in found.items()}


def mailing(
    services: BookingServices,
    notify: Callable[[BookingServices, int, UUID, UUID], Awaitable[NotReached | None]],
) -> Callable[[Message], Awaitable[TryLater | GiveUp | None]]:
    """Delivers a message to one person, about its key."""

    async def deliver(message: Message) -> TryLater | GiveUp | None:
        return as_delivered(await notify(services, message.region_id, message.key, message.id))

    return deliver


def mailing_about(
    services: BookingServices,
    notify: Callable[[BookingServices, int, UUID, str, UUID], Awaitable[NotReached | None]],
) -> Callable[[Message], Awaitable[TryLater | GiveUp | None]]:
    """As `mailing`, with what a message says besides: to whom of several, or which code."""

    async def deliver(message: Message) -> TryLater | GiveUp | None:
        key = message.region_id, message.key
        return as_delivered(await notify(services, *key, message.payload, message.id))

    return deliver


def about(message: Message) -> tuple[int, UUID, str, str]:
    return message.region_id, message.key, message.topic, message.payload


def as_delivered(answer: NotReached | None) -> TryLater | GiveUp | None:
    if isinstance(answer, MailRefused | TextRefused):
        return GiveUp(f"{answer.code} {answer.reply or ''}".strip())
    return TryLater(answer.code) if answer else None


class AboutPayment(msgspec.Struct, frozen=True):
    payment_id: UUID


FOLLOWED_BY_NOBODY = ("ticket.attended", "ticket.taken_back")
"""Topics that are written for subscribers to tickets. Nobody can subscribe yet."""


async def tell_nobody(_message: Message) -> None:
    pass
