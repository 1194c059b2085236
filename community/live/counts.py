"""What a monitor is told of open sockets; nothing is counted where METRICS_PORT is not set."""

from __future__ import annotations

from django.conf import settings

if settings.METRICS_PORT:
    from community import numbers

    def held(number: int) -> None:
        numbers.sockets.set(number)

    def sent(number: int) -> None:
        numbers.frames.inc(number)

    def ended(why: str) -> None:
        numbers.ended.labels(why).inc()

else:

    def held(number: int) -> None: ...

    def sent(number: int) -> None: ...

    def ended(why: str) -> None: ...
