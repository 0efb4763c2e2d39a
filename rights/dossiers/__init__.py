"""A dossier: from an offer to the end of the training, and what becomes of the rights on the way."""
