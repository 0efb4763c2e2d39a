"""Accounts that the holder of their number took over: the support looks at each, and says that it did."""

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince

from accounts import services
from accounts.admin_opening import OpenedFileAdmin
from accounts.models import TakeOver
from accounts.own_person import own_titulaires
from cpf_portal.ui.admin import ReadOnlyAdmin
from cpf_portal.ui.formats import euros


class SeenFilter(admin.SimpleListFilter):
    title = "vue"
    parameter_name = "vue"

    def lookups(self, request, model_admin):
        return [("non", "À voir"), ("oui", "Vues")]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(seen_at__isnull=self.value() == "non")


@admin.register(TakeOver)
class TakeOverAdmin(OpenedFileAdmin, ReadOnlyAdmin, admin.ModelAdmin):
    """The queue is `?vue=non`, the oldest first. Amounts and numbers: the file itself asks for a reason."""

    list_display = (
        "__str__", "way", "happened_at", "age", "file", "dif", "spent", "declarations",
        "requests_cancelled", "enrolments_left", "seen_at", "seen_by",
    )  # fmt: skip
    list_filter = (SeenFilter, "way")
    list_select_related = ("titulaire__user", "seen_by")
    ordering = ("happened_at", "pk")
    date_hierarchy = "happened_at"
    actions = ("see",)
    fields = (
        "way", "happened_at", "age", "file", "account", "signed_up_at", "last_seen_at", "declarations",
        "dif", "spent", "requests_cancelled", "enrolments_left", "request", "author", "seen_at",
        "seen_by",
    )  # fmt: skip
    readonly_fields = ("age", "file", "dif", "spent")

    def titulaire_of(self, takeover):
        return takeover.titulaire

    @admin.display(description="attend depuis")
    def age(self, takeover):
        return "vue" if takeover.seen_at else timesince(takeover.happened_at)

    @admin.display(description="dossier du titulaire")
    def file(self, takeover):
        if takeover.titulaire is None:
            return "effacé"
        address = reverse("admin:desk_file", args=[takeover.titulaire_id])
        return format_html('<a href="{}">{}</a>', address, takeover.titulaire)

    @admin.display(description="DIF repris, déjà utilisé")
    def dif(self, takeover):
        return f"{euros(takeover.dif_cents)}, {euros(takeover.dif_spent_cents)}"

    @admin.display(description="droits dépensés")
    def spent(self, takeover):
        return euros(takeover.rights_spent_cents)

    def has_see_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_takeover")

    @admin.action(description="Noter que je les ai vues", permissions=["see"])
    def see(self, request: HttpRequest, queryset) -> None:
        now = timezone.now()
        queryset = queryset.exclude(titulaire__in=own_titulaires(request.user))
        seen = sum(
            services.see_takeover(takeover=takeover, author=request.user, now=now)
            for takeover in queryset
        )
        text = f"Reprises vues\u00a0: {seen}." if seen else "Elles avaient déjà été vues."
        self.message_user(request, text, level=messages.SUCCESS if seen else messages.INFO)
