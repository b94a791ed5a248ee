"""`python -m uit`: what holds for every command, before and after it runs."""

import os
import signal
import sys

NOBODY_READS = 128 + signal.SIGPIPE


def main() -> int:
    """Run a command. One that is interrupted, or whose output nobody reads, ends without a traceback."""
    interrupt = signal.getsignal(signal.SIGINT)
    if interrupt is signal.default_int_handler:
        # Until all is imported nothing is open that would have to be closed.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from uit.entrypoints.command_line import run_command

    signal.signal(signal.SIGINT, interrupt)
    try:
        try:
            return run_command(sys.argv[1:])
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
