"""Run a part of the bench once Django is set up: python -m tests.bench.desk.child MODULE ARGUMENT…"""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    part = import_module(f"tests.bench.desk.{sys.argv[1]}")
    sys.exit(part.main(*sys.argv[2:]))
