"""The desk used in a real browser on a full portal (make bench-desk)."""
