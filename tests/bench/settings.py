"""Production settings with one page more: the empty one that everything is compared with."""

from cpf_portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
