"""Whoever reads the trail reads French: no code of the portal is shown."""

import ast
import re
from pathlib import Path

import pytest

from accounts.audit_words import FACTS, VALUES, fact_words, target_words
from accounts.models import AuditEvent
from accounts.models.support import SupportKind
from rights.models import ParameterName

ROOT = Path(__file__).parents[2]
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("target", "facts", "words"),
    [
        ("", {"term": "nir", "found": 1, "has_more": False},
         f"cherché par{NBSP}: numéro de sécurité sociale, trouvés{NBSP}: 1, "
         f"il y en a d’autres{NBSP}: non"),
        ("", {"export": "offres", "rows": 3, "columns": ["prix", "heures"]},
         f"liste{NBSP}: Offres de formation, lignes n°{NBSP}: 3, "
         f"colonnes{NBSP}: Prix TTC (€) · Durée (heures)"),
        ("rights.difdeclaration", {"state": "accepted"}, f"état{NBSP}: accepté"),
        ("rights.registerimport", {"outcome": "done"}, f"issue{NBSP}: Importé"),
        ("catalogue.importreport", {"outcome": "done"}, f"issue{NBSP}: importé"),
        ("", {"route": "admin:rights_rightsaccount_top_up"}, f"page{NBSP}: compte de droits, abondement"),
        ("", {"roles": ["ADVICE"]}, f"rôles{NBSP}: conseiller"),
        ("", {"roles": []}, f"rôles{NBSP}: aucun"),
        ("", {"what": "phones_changed"}, f"objet{NBSP}: Téléphones modifiés"),
    ],
)  # fmt: skip
def test_facts_are_told_in_french(target, facts, words):
    assert fact_words(AuditEvent(target_label=target, facts=facts)) == words


def test_figure_is_told_by_its_name():
    name = ParameterName.DIF_DEADLINE
    event = AuditEvent(target_label="rights.parameter", facts={"name": name.value})

    assert fact_words(event) == f"nom{NBSP}: {name.label}"


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("accounts.supportrequest", f"demande à l’assistance n°{NBSP}7"),
        ("former.model", "former.model 7"),
    ],
)
def test_target_is_told_in_french(label, words):
    assert target_words(AuditEvent(target_label=label, target_pk="7")) == words


def recorded_facts() -> dict[str, set[str]]:
    """Return the facts that the code gives to the trail, with the values that are written in it."""
    found: dict[str, set[str]] = {}
    known = {"kind", "actor", "person", "titulaire", "target", "reason"}
    for room in ("accounts", "rights", "catalogue", "cpf_portal"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text()
            if "AuditKind" not in text and "tell(" not in text:
                continue
            for call in ast.walk(ast.parse(text)):
                if isinstance(call, ast.Call) and is_record(call):
                    for keyword in call.keywords:
                        if keyword.arg and keyword.arg not in known:
                            values = found.setdefault(keyword.arg, set())
                            if isinstance(keyword.value, ast.Constant):
                                values.add(keyword.value.value)
    return found


def is_record(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    if name not in {"audit.record", "record", "_trace", "_note", "tell"}:
        return False
    if any(keyword.arg == "user" for keyword in call.keywords):
        return False  # the history of a person
    return bool(
        re.search(r"AuditKind|\"import_run\"|kind=kind", ast.unparse(call).replace("'", '"'))
    )


def test_each_fact_and_each_code_that_the_portal_writes_has_its_words():
    facts = recorded_facts()

    missing = {name for name in facts if name not in FACTS}
    unsaid = {
        (name, value)
        for name, values in facts.items()
        for value in values
        if isinstance(value, str) and value not in VALUES.get(name, {})
    }
    assert len(facts) > 15
    assert {"what", "step", "term"} <= facts.keys()
    assert (missing, unsaid) == (set(), set())
    assert set(SupportKind.values) <= VALUES["about"].keys()
