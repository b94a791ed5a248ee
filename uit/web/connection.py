"""A request, or another connection to the application, and what it works with."""

from typing import Any

from litestar.connection import ASGIConnection

from uit.services.services import Services

Connection = ASGIConnection[Any, Any, Any, Any]


def services_of(connection: Connection) -> Services:
    services: Services = connection.app.state.services
    return services
