"""The subjects of "Comprendre la formation", in reading order; each has its template."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    title: str
    summary: str
    updated_on: date

    @property
    def template(self) -> str:
        return f"pages/topics/{self.slug}.html"


TOPICS = (
    Topic(
        slug="votre-compte",
        title="Votre compte et vos droits",
        summary="Qui a un compte, combien il reçoit chaque année, et jusqu’à quel plafond.",
        updated_on=date(2026, 11, 22),
    ),
    Topic(
        slug="que-financer",
        title="Ce que vous pouvez financer",
        summary="Diplômes, certifications, VAE, bilan de compétences, permis, création d’entreprise.",
        updated_on=date(2026, 11, 22),
    ),
    Topic(
        slug="votre-situation",
        title="Selon votre situation",
        summary="Salarié, demandeur d’emploi, indépendant, agent public, travailleur en ESAT.",
        updated_on=date(2026, 11, 22),
    ),
    Topic(
        slug="dif",
        title="Le DIF, vos anciennes heures de formation",
        summary="D’où vient la ligne « Dont DIF », et pourquoi elle est comprise dans votre total.",
        updated_on=date(2026, 11, 22),
    ),
    Topic(
        slug="completer-vos-droits",
        title="Compléter vos droits",
        summary="Qui peut payer ce qui manque, et à quelles conditions.",
        updated_on=date(2026, 11, 22),
    ),
    Topic(
        slug="bien-choisir",
        title="Bien choisir sa formation",
        summary="Du projet au devis, les questions à poser avant de vous engager.",
        updated_on=date(2026, 11, 22),
    ),
    Topic(
        slug="etapes-inscription",
        title="Les étapes d’une inscription",
        summary="De la demande à la fin de la formation, qui fait quoi et dans quel délai.",
        updated_on=date(2026, 11, 22),
    ),
    Topic(
        slug="demarchage-et-arnaques",
        title="Se protéger du démarchage et des arnaques",
        summary="Ce que la loi interdit, les signes qui alertent, et comment réagir.",
        updated_on=date(2026, 11, 22),
    ),
)

TOPIC_BY_SLUG = {topic.slug: topic for topic in TOPICS}
