"""A gateway of text messages, as for what is told to people."""

from tests.identity.conftest import texts

__all__ = ["texts"]
