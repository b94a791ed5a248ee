"""Which texts are taken for an e-mail address, wherever one comes in and before a mail is sent."""

import re
from typing import Final

LONGEST_EMAIL: Final = 254
LONGEST_LOCAL_PART: Final = 64
"""In octets, as RFC 5321 (4.5.3.1) counts them."""

ATOM: Final = r"[\w!#$%&'*+/=?^`{|}~-]+"
LABEL: Final = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
EMAIL_PATTERN: Final = rf"^{ATOM}(?:\.{ATOM})*@(?:{LABEL}\.)+(?![0-9]+$){LABEL}$(?![\s\S])"
"""Atoms with dots between them, and a domain of two parts or more, in letters of any script (RFC 6531, 3.3).

A quoted local part, a comment, a group (`a:b;`) and an address in brackets are left out on purpose: nobody
types them, and programs along the way read them in different ways. No space, line end or control character
fits.
"""
EMAIL: Final = re.compile(EMAIL_PATTERN)


def is_email(text: str) -> bool:
    """Whether a text is one address that can be mailed, and nothing more."""
    return len(text) <= LONGEST_EMAIL and bool(EMAIL.search(text)) and in_octets(text)


def in_octets(text: str) -> bool:
    """Whether an address is no longer than a mail server takes."""
    local, _, _domain = text.rpartition("@")
    return len(text.encode()) <= LONGEST_EMAIL and len(local.encode()) <= LONGEST_LOCAL_PART


def wire_address(address: str) -> str | None:
    """The address with its domain as DNS has it; None when DNS would make another domain of its letters."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        encoded = domain.encode("idna")
    except UnicodeError:
        return None
    return f"{local}@{encoded.decode()}" if encoded.decode("idna") == domain.lower() else None
