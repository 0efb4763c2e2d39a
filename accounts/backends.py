"""Who may sign in: a citizen by NIR, a member of the staff by e-mail, both behind the same limits.

The count stands here and not in a view, so that no form leads to the hash around it, /admin/login/
included.
"""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import audit, limits
from accounts.audit import AuditKind
from accounts.exceptions import AccountBlocked
from accounts.models import User
from accounts.nir import Nir
from cpf_portal.ui.errors import TooManyRequests
from cpf_portal.ui.http import client_ip


class PortalBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        nir: Nir | None = None,
        **credentials: object,
    ) -> User | None:
        """Return the account that `nir` or `username` (staff only) and `password` open, else None.

        Raises TooManyRequests, and AccountBlocked to a citizen whose password is right. Without a request
        nobody is counted: that is our own code or a shell.
        """
        identifier = nir.value if nir else (username or "").strip().lower()
        if not identifier or password is None:
            return None
        accounts = _named(identifier, nir)
        if request is None:
            return self._verified(accounts, password)
        attempt = _counted(accounts, ip=client_ip(request), person=identifier)
        try:
            user = self._verified(accounts, password)
        except AccountBlocked:
            _note(AuditKind.SIGN_IN_FAILED, accounts, why="blocked")
            raise
        if user:
            limits.give_back(attempt)
        else:
            _note(AuditKind.SIGN_IN_FAILED, accounts, why="wrong")
        return user

    def get_user(self, user_id: int) -> User | None:
        """Return the account of a session with its identity, which the header of each page names."""
        user = User.objects.select_related("titulaire").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return Permission.objects.none()  # what is allowed comes from the roles alone

    def _verified(self, accounts: QuerySet[User], password: str) -> User | None:
        # A few columns only: reading a whole account would take longer than reading none.
        columns = ("pk", "password", "is_active", "is_staff", "blocked_reason")
        found = accounts.values_list(*columns).first()
        if found is None:
            make_password(password)  # an unknown person takes as long as a wrong password
            return None
        pk, encoded, is_active, is_staff, reason = found

        def rehash(password: str) -> None:
            User.objects.filter(pk=pk).update(password=make_password(password))

        if not check_password(password, encoded, rehash):
            return None
        if not is_active and not is_staff:
            raise AccountBlocked(reason)  # only her password tells her so
        return self.get_user(pk)


def _counted(accounts: QuerySet[User], *, ip: str, person: str) -> limits.Attempt:
    """Count the try; note the first one that a limit refuses, not each of those that follow."""
    try:
        return limits.hit("sign-in", ip=ip, person=person)
    except TooManyRequests as refusal:
        if refusal.is_first:
            _note(AuditKind.LOCKED, accounts)
        raise


def _note(kind: AuditKind, accounts: QuerySet[User], **facts: object) -> None:
    # Of a number without account nothing is kept, and it takes as long.
    audit.record(kind=kind, actor=None, person=accounts.only("titulaire").first(), **facts)


def _named(identifier: str, nir: Nir | None) -> QuerySet[User]:
    if nir:
        return User.objects.with_nir(nir).filter(is_staff=False)
    return User.objects.filter(is_staff=True, identifier=identifier)
