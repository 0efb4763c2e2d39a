"""python -m tests.rights.dossiers.worker < orders.json: take steps that die by kill -9 on the way.

An order is [failpoint, action, reference of the dossier]: a process of its own takes the step and kills
itself when the function named by the failpoint returns. Writes how each of them ended.
"""

import json
import os
import signal
import sys
from importlib import import_module

import django

SECONDS = 30


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    import_module("tests.rights.dossiers.steps")  # once, before the forks
    json.dump([_end_of(order) for order in json.load(sys.stdin)], sys.stdout)


def _end_of(order: list[str]) -> int:
    """Take one step in a process of its own; return how it ended: minus the signal, or its status."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        try:
            _take(*order)
        finally:
            os._exit(1)  # it came to its end, by an error or without one
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _take(failpoint: str, action: str, reference: str) -> None:
    from rights.dossiers.states import Action  # noqa: PLC0415 the models need the settings
    from rights.models import Dossier  # noqa: PLC0415
    from tests.rights.dossiers.steps import do, given_for  # noqa: PLC0415

    dossier = Dossier.objects.get(reference=reference)
    _kill_after(failpoint)
    if action == "notify":
        notify(dossier)
    else:
        do(dossier, Action(action), **given_for(dossier, Action(action)))


def notify(dossier) -> None:
    from rights.dossiers import services  # noqa: PLC0415
    from rights.models import PaymentState  # noqa: PLC0415
    from tests.rights.dossiers.steps import NOW  # noqa: PLC0415

    payment = dossier.payments.get()
    services.notify_payment(
        reference=payment.reference,
        outcome=PaymentState.ACCEPTED,
        amount_cents=payment.amount_cents,
        at=NOW,
    )


def _kill_after(failpoint: str) -> None:
    module, _, name = failpoint.partition(":")
    owner = import_module(module)
    *path, name = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    function = getattr(owner, name)

    def dying(*args, **kwargs):
        function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)


if __name__ == "__main__":
    main()
