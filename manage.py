#!/usr/bin/env python3
"""Command line of the portal. It runs in development unless PORTAL_ENV says otherwise."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpf_portal.settings")
    os.environ.setdefault("PORTAL_ENV", "development")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
