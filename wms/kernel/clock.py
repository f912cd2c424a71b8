"""Time: UTC inside, Beijing at the edge; the only reader of the machine's clock."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Protocol

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one zone without summer time since 1991; customs times are in it."""


class Clock(Protocol):
    """Whoever can say what time it is."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that may ask


SYSTEM_CLOCK: Final = SystemClock()


def customs_time(moment: datetime) -> str:
    """Return `yyyyMMddHHmmss` in Beijing time, the form of CEB messages."""
    return moment.astimezone(BEIJING).strftime("%Y%m%d%H%M%S")
