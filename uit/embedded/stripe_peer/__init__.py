"""A peer that answers as Stripe does, for tests and for `make run` without keys; no money moves.

It speaks version 2022-11-15 of Stripe's API over HTTP, keeps its state in SQLite, sends signed webhooks, has
a page on which one pays, and misbehaves when it is told to. `running_peer` in `peer.py` starts it.
"""
