"""Every write to the rights of a person."""

from rights.services.ledger import correct, credit, open_account, record_all

__all__ = ["correct", "credit", "open_account", "record_all"]
