"""Print, as JSON, what a worker holds after its pages beyond the empty project, and their SQL queries."""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from tests.bench.pages import address  # noqa: E402
from tests.bench.searches import parameters  # noqa: E402

SEARCHES = 400  # more than a worker keeps
WARM = 8  # the first pages with a town read the positions of the communes and the arrondissements
HIGH_PRICE = 100_000  # euros: leaves nothing out, but is another search each time


def main() -> None:
    application = get_wsgi_application()
    factory = RequestFactory()

    def get(path: str) -> None:
        request = factory.get(path, secure=True, headers={"host": "127.0.0.1"})
        response = application.get_response(request)
        assert response.status_code == 200, path

    get("/vide/")
    before = private_megabytes()
    most = 0
    asked = list(parameters())
    for number in range(SEARCHES):
        path = address(**asked[number % len(asked)], prix_max=HIGH_PRICE + number)
        with CaptureQueriesContext(connection) as captured:
            get(path)
        if number > WARM:
            most = max(most, len(captured))
    megabytes = private_megabytes() - before
    sys.stdout.write(json.dumps({"queries": most, "megabytes": megabytes}) + "\n")


def private_megabytes() -> float:
    """Return the memory of this process alone, without the files that it maps."""
    rollup = Path("/proc/self/smaps_rollup").read_text()
    kilobytes = next(row.split()[1] for row in rollup.splitlines() if row.startswith("Anonymous:"))
    return int(kilobytes) / 1024


if __name__ == "__main__":
    main()
