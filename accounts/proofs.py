"""Where the proofs that persons send are kept: encrypted, under random names, out of the web's reach."""

import secrets
from pathlib import Path

from django.conf import settings

from accounts.crypto import open_sealed, seal
from cpf_portal.ui.proofs import Proof


def store_proof(proof: Proof) -> str:
    """Write `proof`, encrypted, under VAR_DIR/identites and return its random name."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(seal(proof.content))
    return name


def load_proof(name: str) -> bytes:
    """Return the content of the proof `name`. Raises FileNotFoundError when it is not there."""
    return open_sealed((_folder() / name).read_bytes())


def remove_proof(name: str) -> None:
    """Forget the proof `name`; nothing more when it is gone already."""
    (_folder() / name).unlink(missing_ok=True)


def proof_names() -> list[tuple[str, float]]:
    """Return the name of each proof that is kept, and when it was written (seconds since 1970)."""
    folder = _folder()
    files = folder.iterdir() if folder.is_dir() else ()
    return [(file.name, file.stat().st_mtime) for file in files]


def _folder() -> Path:
    return settings.VAR_DIR / "identites"
