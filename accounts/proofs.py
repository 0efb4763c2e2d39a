"""Where the proofs that persons send are kept: encrypted, under random names, out of the web's reach.

They bear numbers, addresses and wages: `accounts.crypto` seals them with the keys of the NIR.
"""

import secrets
from pathlib import Path

from django.conf import settings

from accounts.crypto import open_sealed, seal
from cpf_portal.ui.proofs import Proof


class ProofStore:
    """One folder of VAR_DIR, for the proofs of one kind."""

    def __init__(self, folder: str) -> None:
        self._name = folder

    @property
    def folder(self) -> Path:
        return settings.VAR_DIR / self._name

    def store(self, proof: Proof) -> str:
        """Write `proof`, encrypted, and return its random name."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = secrets.token_hex(16)
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_bytes(seal(proof.content))
        return name

    def load(self, name: str) -> bytes:
        """Return the content of the proof `name`. Raises FileNotFoundError when it is not there."""
        if not name:
            raise FileNotFoundError
        return open_sealed((self.folder / name).read_bytes())

    def remove(self, name: str) -> None:
        """Forget the proof `name`; nothing more when it is gone already."""
        if name:
            (self.folder / name).unlink(missing_ok=True)

    def names(self) -> list[tuple[str, float]]:
        """Return the name of each proof that is kept, and when it was written (seconds since 1970)."""
        files = self.folder.iterdir() if self.folder.is_dir() else ()
        return [(file.name, file.stat().st_mtime) for file in files]


identity_proofs = ProofStore("identites")
