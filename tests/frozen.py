"""Tables that a test freezes in a file: what changes is decided, then written there.

`PORTAL_FREEZE=1 pytest tests/accounts/test_roles.py tests/cpf_portal/test_admin_matrix.py` writes them
anew, to be read in the difference of the version control before it is kept.
"""

import os
from pathlib import Path


def check_frozen(path: Path, lines: list[str]) -> None:
    """Fail when `lines` are not those of the file, and tell which to add and which to remove."""
    if os.environ.get("PORTAL_FREEZE"):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    frozen = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line not in frozen] == [], f"to add to {path.name}"
    assert [line for line in frozen if line not in lines] == [], f"to remove from {path.name}"
