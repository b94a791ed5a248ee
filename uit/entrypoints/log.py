"""Logs: one line for each event, as JSON, or in colour on a terminal; no bodies, cookies or queries."""

import logging
import sys

import structlog

SECRET = frozenset({"password", "token", "secret", "insz", "cookie", "authorization", "email"})


def set_up_logs() -> None:
    """Configure logging to standard error; standard output is for the results of commands."""
    show: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    # The watch says once that the database is away; the pool would at each of its tries, with a traceback.
    logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_secrets,
            structlog.processors.format_exc_info,
            show,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def hide_secrets(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Replace the values of fields with a name in SECRET, as a second protection."""
    return {name: "…" if name in SECRET else value for name, value in event.items()}
