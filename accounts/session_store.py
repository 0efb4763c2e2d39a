"""Where sessions are kept (SESSION_ENGINE): in the database, each beside the account that it is of.

So that the sessions of one account are found by an index: ending them reads no other session.
"""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.models import StoredSession


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        return StoredSession

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        account = data.get(SESSION_KEY)
        row.account_pk = int(account) if account else None
        return row
