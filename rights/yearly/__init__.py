"""The credit of a year: read the feed of activity, then credit everybody, in batches that commit."""

from rights.yearly.credit import credit_everybody, forecast
from rights.yearly.feed import load_feed, open_run

__all__ = ["credit_everybody", "forecast", "load_feed", "open_run"]
