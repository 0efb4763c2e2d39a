"""The controls that EDOF makes on a whole catalogue, under EDOF's own numbers (domain.md 5.1)."""

from hashlib import blake2b

from catalogue.imports.drafts import OfferDraft
from catalogue.imports.elements import ElementRefused
from cpf_portal.ui.text import fold

VAE = "CPF200"


class EdofControls:
    """Remembers what was read, as eight bytes an offer."""

    def __init__(self) -> None:
        self._in_formation: set[bytes] = set()
        self._in_file: set[bytes] = set()
        self._vae: set[tuple[str, str]] = set()

    def check(self, draft: OfferDraft, category: str) -> None:
        """Raise ElementRefused for an offer that is another one again, or a second VAE of a category."""
        action = _hash(_action(draft))
        if action in self._in_formation:
            raise ElementRefused("une autre action de la formation est presque identique", "30056")
        whole = _hash((fold(draft.title), draft.certification_code, action))
        if whole in self._in_file:
            raise ElementRefused("une action d’une autre formation est presque identique", "30057")
        if draft.certification_code == VAE and category:
            if (draft.siret, category) in self._vae:
                raise ElementRefused("une autre offre de VAE a la même catégorie", "30077")
            self._vae.add((draft.siret, category))
        self._in_formation.add(action)
        self._in_file.add(whole)

    def end_formation(self) -> None:
        self._in_formation.clear()


def _action(draft: OfferDraft) -> tuple:
    return (
        draft.siret, draft.modality, draft.commune_id, fold(draft.address), draft.price_cents,
        draft.hours, draft.rhythm, draft.languages, tuple(session[1:] for session in draft.sessions),
    )  # fmt: skip


def _hash(said: tuple) -> bytes:
    return blake2b(repr(said).encode(errors="replace"), digest_size=8).digest()
