"""The administration site as a whole."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django_tasks_db.models import DBTaskResult

from accounts import admin_audit, audit_words
from cpf_portal.desk import reply_pages, search_index, suspensions
from cpf_portal.desk.exports import EXPORTS
from cpf_portal.desk.terms import KIND_WORDS

__all__ = ["admin_audit", "reply_pages", "search_index", "suspensions"]  # registered with the rest

admin.site.site_header = f"{settings.SITE_NAME}\u00a0: administration"
admin.site.site_title = "Administration"
admin.site.index_title = "Assistance et gestion"
admin.site.site_url = "/"
admin.site.unregister(Group)  # the roles are code, not clicks
admin.site.unregister(DBTaskResult)  # support reads what it knows of: the mails, the offers
admin.site.disable_action("delete_selected")  # nothing is deleted in bulk

audit_words.add("term", KIND_WORDS)
audit_words.add("export", {name: export.title for name, export in EXPORTS.items()})
for export in EXPORTS.values():
    audit_words.add("columns", {name: col.heading for name, col in export.columns.items()})
