"""Refusals that any room may raise and that the middleware turns into a page."""


class Refusal(Exception):
    """A request that cannot be served now; `retry_after` is in seconds."""

    status: int

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"{self.status}, retry after {retry_after:.0f} s")
        self.retry_after = max(1, round(retry_after))


class TooManyRequests(Refusal):
    """Too many attempts: 429. `is_first`: the one before was still allowed."""

    status = 429

    def __init__(self, retry_after: float, *, is_first: bool = False) -> None:
        super().__init__(retry_after)
        self.is_first = is_first


class ServiceBusy(Refusal):
    """The machine has no room for this work at the moment: 503."""

    status = 503
