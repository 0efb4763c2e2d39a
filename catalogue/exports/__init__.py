"""The catalogue, written in the formats that others read."""

from catalogue.exports.database import drafts_of, providers_of
from catalogue.exports.lheo import write_lheo

__all__ = ["drafts_of", "providers_of", "write_lheo"]
