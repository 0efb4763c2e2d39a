"""What belongs to an account of rights is shown once the file of its holder is open."""

from accounts.admin_opening import OpenedFileAdmin


class OfAccountAdmin(OpenedFileAdmin):
    """Mixin for rows that have an `account` of rights."""

    def titulaire_of(self, row):
        return row.account.titulaire


class OfTitulaireAdmin(OpenedFileAdmin):
    """Mixin for rows that have a `titulaire`."""

    def titulaire_of(self, row):
        return row.titulaire
