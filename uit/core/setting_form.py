"""The form of each setting that is an address: what keeps one from being read, before anything uses it."""

import re
from email.utils import parseaddr
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

HIGHEST_PORT: Final = 65535
TEXT_SENDER: Final = re.compile(r"\+[1-9][0-9]{7,14}|[A-Za-z0-9 ]{1,11}", re.ASCII)
HOST: Final = re.compile(r"(?P<host>\[[^\[\]]*\]|[^\[\]:]*)(?::(?P<port>[^:]*))?")
BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
ESCAPES: Final = (
    "In a login or password %23 stands for #, %25 for %, %2F for /, %3A for :, %3F for ? and %40 for @; "
    "letters and digits stand for themselves."
)


class Form(NamedTuple):
    """`example` is what such an address looks like. The rest says which parts it may have."""

    schemes: tuple[str, ...]
    example: str
    has_login: bool = True
    has_path: bool = True
    may_lack_host: bool = False
    """The host stands in the path or in the options, as that of a socket does."""
    many_hosts: bool = False


DATABASE: Final = Form(
    ("postgresql", "postgres"),
    "postgresql://LOGIN:PASSWORD@HOST/DATABASE",
    may_lack_host=True,
    many_hosts=True,
)
FORMS: Final = {
    "BASE_URL": Form(("https", "http"), "https://uit.example.be", has_login=False, has_path=False),
    "DATABASE_URL": DATABASE,
    "READ_DATABASE_URL": DATABASE,
    "OWNER_DATABASE_URL": DATABASE,
    "REPORT_DATABASE_URL": DATABASE,
    "ADMIN_DATABASE_URL": DATABASE,
    "REDIS_URL": Form(("redis", "rediss", "unix"), "redis://HOST:6379/0", may_lack_host=True),
    "SMTP_URL": Form(("smtp", "smtps"), "smtp://LOGIN:PASSWORD@HOST:PORT"),
    "SMS_URL": Form(("https", "http"), "https://LOGIN:PASSWORD@HOST/smsmessaging/v1"),
    "STRIPE_API_BASE": Form(("https", "http"), "https://api.stripe.com", has_login=False),
}


def fault_of_address(name: str, text: str) -> str | None:
    """What is wrong with the address in this setting, and the form that it has; None when it can be read.

    The address itself is not in the words: it may hold a password.
    """
    form = FORMS[name]
    fault = fault_in(form, text)
    if fault is None:
        return None
    escapes = f" {ESCAPES}" if form.has_login and "@" in text else ""
    return f"{name} is wrong: it {fault}. It looks like {form.example}.{escapes}"


def fault_in(form: Form, text: str) -> str | None:
    scheme, separator, _ = text.partition("://")
    if not separator or scheme not in form.schemes:
        return f"does not begin with {' or '.join(f'{each}://' for each in form.schemes)}"
    if " " in text or not text.isprintable():
        return "has a space or a sign that cannot be printed"
    if "#" in text:
        return "has a #"
    if BAD_ESCAPE.search(text):
        return "has a % without two digits after it"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "has brackets, and no address of IPv6 in them"
    return fault_in_login(form, parts) or fault_in_hosts(form, parts) or fault_in_rest(form, parts)


def fault_in_login(form: Form, parts: SplitResult) -> str | None:
    if not form.has_login and "@" in parts.netloc:
        return "has a login"
    if parts.netloc.count("@") > 1:
        return "has more than one @"
    if "@" in parts.path + parts.query:
        return "has an @ after a / or a ?"
    return None


def fault_in_hosts(form: Form, parts: SplitResult) -> str | None:
    hosts = parts.netloc.rpartition("@")[2]
    if not hosts and form.may_lack_host:
        return None
    for each in hosts.split(",") if form.many_hosts else [hosts]:
        found = HOST.fullmatch(each)
        if not found or not found["host"] or "," in each:
            return "does not name a host"
        if found["port"] is not None and not is_port(found["port"]):
            return f"has a port that is not a number from 1 to {HIGHEST_PORT}"
    return None


def fault_in_rest(form: Form, parts: SplitResult) -> str | None:
    if not form.has_path and (parts.path not in {"", "/"} or parts.query):
        return "has a path, and people reach us at the top of a host"
    return None


def is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) <= HIGHEST_PORT


def fault_of_sender(text: str) -> str | None:
    """What is wrong with MAIL_FROM. A name of one part will do, as `localhost` is."""
    _, address = parseaddr(text)
    before, _, after = address.rpartition("@")
    if before and after and text.isprintable():
        return None
    return "MAIL_FROM is wrong: it names no address. It looks like uit <noreply@uit.example.be>."


def fault_of_text_sender(text: str) -> str | None:
    """What is wrong with SMS_FROM: phones show a number, or eleven letters and digits at most."""
    if TEXT_SENDER.fullmatch(text):
        return None
    return "SMS_FROM is wrong: it is no number and no name of 11 letters. It looks like +32470123456."
