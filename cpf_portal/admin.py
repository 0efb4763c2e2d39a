"""The administration site as a whole."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group

admin.site.site_header = f"{settings.SITE_NAME} : administration"
admin.site.site_title = "Administration"
admin.site.index_title = "Assistance et gestion"
admin.site.site_url = "/"
admin.site.unregister(Group)  # the roles are code, not clicks
