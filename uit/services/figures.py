"""The figures of a process, in the format of Prometheus."""

from prometheus_client import Gauge, generate_latest

from uit.services.services import Services

READY = Gauge("uit_ready", "Whether this process is ready, as far as it knows")


def figures(services: Services) -> bytes:
    """Asks nothing of the database: the watch and the duties keep the figures up to date."""
    watch, well = services.watch, services.vital_tasks.are_well and not services.clock_check.is_wrong
    READY.set(well and watch.answers and watch.writes)
    return generate_latest()
