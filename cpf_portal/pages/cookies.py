"""The cookies of the portal: only those without which it does not work, so that no banner is needed."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage

from cpf_portal.ui.formats import NO_BREAK_SPACE

DAY, MINUTE = 24 * 60 * 60, 60  # seconds


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    purpose: str
    when: str
    lifetime: str
    max_age: int | None  # seconds that browsers are told, None for « until it is closed »


def necessary_cookies() -> tuple[Cookie, ...]:
    """Return every cookie that the portal may set, its names and periods as the settings have them."""
    return (
        Cookie(
            name=settings.SESSION_COOKIE_NAME,
            purpose="Vous reconnaître pendant votre visite, sur ce site seulement.",
            when="Quand vous vous connectez, et quand le contrôle de sécurité s’affiche.",
            lifetime=f"{_minutes(settings.SESSION_COOKIE_AGE)} sans activité, ou la fermeture du navigateur",
            max_age=None,
        ),
        Cookie(
            name=settings.CSRF_COOKIE_NAME,
            purpose="Vérifier que les formulaires que vous envoyez viennent bien de ce site.",
            when="Quand une page qui contient un formulaire s’affiche.",
            lifetime=f"{settings.CSRF_COOKIE_AGE // DAY}{NO_BREAK_SPACE}jours",
            max_age=settings.CSRF_COOKIE_AGE,
        ),
        Cookie(
            name=CookieStorage.cookie_name,
            purpose="Afficher une fois un message, comme «\u00a0Votre recherche est enregistrée\u00a0».",
            when="Quand une action est faite et que son résultat est dit à la page suivante.",
            lifetime="Jusqu’à l’affichage du message, ou la fermeture du navigateur",
            max_age=None,
        ),
    )


def _minutes(seconds: int) -> str:
    return f"{seconds // MINUTE}{NO_BREAK_SPACE}minutes"
