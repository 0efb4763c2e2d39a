"""Rights in the administration: everything can be read, nothing is changed but by a new line."""

from rights.admin import (  # noqa: F401 each registers its tables
    abondements,
    accounts,
    attestations,
    corrections,
    dif,
    dossiers,
    provider_keys,
    registers,
)
