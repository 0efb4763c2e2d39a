"""Production settings behind a middleware that notes what each answer costs."""

from cpf_portal.settings import *  # noqa: F403
from cpf_portal.settings import MIDDLEWARE

MIDDLEWARE = ["tests.bench.desk.measuring.MeasuringMiddleware", *MIDDLEWARE]
