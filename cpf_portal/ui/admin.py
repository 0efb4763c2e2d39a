"""What the administration pages of every room share."""


class ReadOnlyAdmin:
    """Mixin: rows that may be looked at, never added, changed or deleted by hand."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
