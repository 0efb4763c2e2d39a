"""The credit of a year: read the feed of activity, then credit everybody, in batches that commit."""

from rights.yearly.credit import credit_everybody, forecast
from rights.yearly.feed import forget_unfinished, load_feed, open_run, unfinished

__all__ = [
    "credit_everybody",
    "forecast",
    "forget_unfinished",
    "load_feed",
    "open_run",
    "unfinished",
]
