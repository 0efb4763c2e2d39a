"""Refusals as RFC 9457 wants them: application/problem+json, in French."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/organismes/v1/problemes.json#"

# The last part of the type of each problem: its status and its title.
PROBLEMS: dict[str, tuple[HTTPStatus, str]] = {
    "corps-illisible": (HTTPStatus.BAD_REQUEST, "Le corps de la requête n’est pas du JSON"),
    "cle-refusee": (HTTPStatus.UNAUTHORIZED, "La clé manque ou n’est pas acceptée"),
    "usage-non-permis": (HTTPStatus.FORBIDDEN, "La clé ne permet pas cet usage"),
    "adresse-inconnue": (HTTPStatus.NOT_FOUND, "Cette adresse n’existe pas"),
    "dossier-inconnu": (HTTPStatus.NOT_FOUND, "Aucun dossier de l’organisme ne porte cette référence"),
    "methode-refusee": (HTTPStatus.METHOD_NOT_ALLOWED, "Cette méthode n’est pas acceptée ici"),
    "action-impossible": (HTTPStatus.CONFLICT, "Le dossier ne permet pas cette action"),
    "version-perimee": (HTTPStatus.PRECONDITION_FAILED, "Le dossier a changé depuis sa lecture"),
    "corps-trop-long": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Le corps de la requête est trop long"),
    "type-refuse": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Le corps doit être du JSON"),
    "donnees-invalides": (HTTPStatus.UNPROCESSABLE_ENTITY, "Des données sont à corriger"),
    "cle-idempotence-prise": (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "La clé d’idempotence a servi à un autre ordre",
    ),
    "version-requise": (HTTPStatus.PRECONDITION_REQUIRED, "La version lue du dossier est à donner"),
    "trop-d-appels": (HTTPStatus.TOO_MANY_REQUESTS, "Trop d’appels"),
    "erreur-interne": (HTTPStatus.INTERNAL_SERVER_ERROR, "Une erreur est survenue"),
    "indisponible": (HTTPStatus.SERVICE_UNAVAILABLE, "Le portail est occupé"),
}  # fmt: skip


class Fault(Schema):
    """A datum to correct."""

    champ: str = Field(description="Où\u00a0: body.commentaire, query.limite…")
    detail: str


class ProblemBody(Schema):
    """Un refus (RFC 9457)."""

    type: str = Field(description="Ce qui distingue ce refus des autres\u00a0; stable.")
    title: str
    status: int
    detail: str = Field("", description="Ce qu’il faut faire.")
    errors: list[Fault] = Field(default_factory=list)


class Problem(Exception):
    """A refusal: `name` is a key of PROBLEMS, `detail` a French sentence that says what to do."""

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        errors: Iterable[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(name)
        self.name, self.detail = name, detail
        self.errors, self.headers = list(errors), headers or {}

    def as_response(self) -> HttpResponse:
        status, title = PROBLEMS[self.name]
        body: dict[str, Any] = {
            "type": f"{TYPES}{self.name}",
            "title": title,
            "status": status.value,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = self.errors
        return HttpResponse(
            json.dumps(body, ensure_ascii=False),
            status=status.value,
            content_type=MEDIA_TYPE,
            headers=self.headers,
        )


def documented(*names: str) -> dict[str, Any]:
    """Return what the OpenAPI description says of the refusals `names` of an operation."""
    titles: dict[int, list[str]] = {}
    for name in (*names, "erreur-interne", "indisponible"):
        status, title = PROBLEMS[name]
        titles.setdefault(status.value, []).append(title)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {
        "responses": {
            status: {"description": ", ou ".join(said), "content": content}
            for status, said in titles.items()
        }
    }


# What pydantic says in English, by the beginning of its code.
SENTENCES = (
    ("missing", "Cette donnée est obligatoire."),
    ("extra_forbidden", "Cette donnée n’existe pas."),
    ("string_too_short", "Ce texte est trop court."),
    ("string_too_long", "Ce texte est trop long."),
    ("string_pattern", "Ce texte n’a pas la forme attendue."),
    ("string", "Un texte est attendu."),
    ("date", "Une date de la forme 2026-12-31 est attendue, avec son heure et son fuseau pour un instant."),
    ("timezone", "Un fuseau horaire est attendu, par exemple 2026-12-31T08:00:00+01:00."),
    ("int", "Un nombre entier est attendu."),
    ("greater_than", "Ce nombre est trop petit."),
    ("less_than", "Ce nombre est trop grand."),
    ("bool", "true ou false est attendu."),
    ("enum", "Cette valeur n’est pas dans la liste."),
    ("literal", "Cette valeur n’est pas dans la liste."),
    ("model", "Un objet JSON est attendu."),
    ("dict", "Un objet JSON est attendu."),
)  # fmt: skip


def faults(errors: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the errors of pydantic in French, without what was sent."""
    return [{"champ": _place(error["loc"]), "detail": _sentence(error)} for error in errors]


def _place(where: tuple[Any, ...]) -> str:
    # ninja puts the name of the parameter of the function after « body »
    parts = [str(part) for part in where]
    return ".".join(parts[:1] + parts[2:] if parts[0] == "body" else parts)


def _sentence(error: dict[str, Any]) -> str:
    if error["type"] == "value_error":  # a rule of ours, written in French
        return str(error["ctx"]["error"])
    found = (sentence for code, sentence in SENTENCES if error["type"].startswith(code))
    return next(found, "Cette valeur n’est pas acceptée.")
