"""How the drawings and the recordings were made: run by hand, never by the portal."""
