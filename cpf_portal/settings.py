"""Settings of the portal, read from top to bottom; `.env.example` explains each variable.

PORTAL_ENV chooses what a missing variable means:
- development (manage.py): a clone runs at once, with keys that are good for nothing else;
- test (pytest): the same, with fast hashing and mails in memory (see tests/settings.py);
- production (wsgi.py, and whenever PORTAL_ENV is absent): nothing is assumed, an unsafe value
  stops the start.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cpf_portal.admin_access import admin_networks, admin_path
from cpf_portal.env import PortalEnv
from cpf_portal.franceconnect import franceconnect_settings
from cpf_portal.production import refuse_unsafe_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = PortalEnv()
env.read_env(BASE_DIR / ".env")  # a variable already set wins

# --- What runs here -----------------------------------------------------------------------------

PORTAL_ENV = env.str("PORTAL_ENV", default="production")
if PORTAL_ENV not in {"development", "test", "production"}:
    raise ImproperlyConfigured("PORTAL_ENV doit valoir development, test ou production.")
PRODUCTION = PORTAL_ENV == "production"
# Demonstration accounts, mailbox and fictitious numbers exist everywhere but in production.
DEMONSTRATION = not PRODUCTION
DEBUG = env.bool("DEBUG", default=False)

SITE_NAME = "Mon Compte Formation"
SITE_URL = env.str("SITE_URL", default="" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
PORTAL_OPERATOR = env.str("PORTAL_OPERATOR", default="")
# Nobody should find by a search engine a site that says itself to be a demonstration.
NOINDEX = DEMONSTRATION or not PORTAL_OPERATOR
PORTAL_CONTACT = env.str("PORTAL_CONTACT", default="")
# The terms that sign-up makes the person accept, and that her account remembers.
CGU_VERSION = "2026-11"

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Keys ---------------------------------------------------------------------------------------

DEVELOPMENT_KEY = "cle-de-developpement-sans-valeur-"
SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else DEVELOPMENT_KEY * 2)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The NIR is encrypted by the first key and read by all; its index has a key of its own.
DEVELOPMENT_FERNET_KEY = "ZGV2ZWxvcHBlbWVudC1zYW5zLXZhbGV1ci0wMDAwMDE="
NIR_ENCRYPTION_KEYS = env.list(
    "NIR_ENCRYPTION_KEYS", default=[] if PRODUCTION else [DEVELOPMENT_FERNET_KEY]
)
NIR_INDEX_KEY = env.str("NIR_INDEX_KEY", default="" if PRODUCTION else "de" * 32)
# Seals the audit trail: whoever holds it can rewrite what was done, so it has no other use.
AUDIT_KEY = env.str("AUDIT_KEY", default="" if PRODUCTION else "a5" * 32)

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "cpf_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "captcha",
    "crispy_forms",
    "django_otp",
    "django_tasks",
    "django_tasks_db",
    "accounts",
    "catalogue",
    "rights",
    "cpf_portal.ui",
    "cpf_portal.apps.PortalConfig",
]

MIDDLEWARE = [
    "cpf_portal.request_ids.RequestIdMiddleware",
    "cpf_portal.middleware.SecurityHeadersMiddleware",
    "cpf_portal.middleware.ErrorPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages shrink to a quarter. Against BREACH: Django masks the CSRF token anew in each page and adds
    # random bytes to each answer, no page holds a NIR, and cookies are SameSite.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.middleware.SessionLifetimeMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "cpf_portal.admin_access.AdminNetworksMiddleware",
    "accounts.middleware.TermsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "cpf_portal.urls"
WSGI_APPLICATION = "cpf_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cpf_portal.ui.context.portal",
                "cpf_portal.pages.context.pages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"
CRISPY_FAIL_SILENTLY = False  # a misspelt field name must fail in tests, not vanish

# --- Database, cache, tasks ---------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/portal.sqlite3")}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue instead of failing; synchronous=FULL so that no acknowledged movement is lost.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
            # so that INSERT OR REPLACE meets the trigger that refuses to delete a movement
            "PRAGMA recursive_triggers=ON;"
        ),
    }
    if PRODUCTION:  # the threads of gunicorn last; those of the development server do not
        DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
elif DATABASE["ENGINE"] == "django.db.backends.postgresql":
    DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASE["CONN_HEALTH_CHECKS"] = True
else:
    raise ImproperlyConfigured("DATABASE_URL doit désigner une base SQLite ou PostgreSQL.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# In production the tasks wait in the database for `manage.py db_worker`.
TASKS = {
    "default": {
        "BACKEND": (
            "django_tasks_db.DatabaseBackend"
            if PRODUCTION
            else "django_tasks.backends.immediate.ImmediateBackend"
        ),
        "QUEUES": ["default", "mail", "index"],
    }
}

# Told what the catalogue did (imports), which may not know the audit trail itself.
CATALOGUE_OBSERVER = "cpf_portal.auditing.note_catalogue"

# --- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.validators.CompositionValidator"},
    {"NAME": "accounts.validators.CommonPasswordValidator"},
    {"NAME": "accounts.validators.PersonalDataValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 30 * 60  # seconds of idleness
SESSION_ABSOLUTE_AGE = 12 * 60 * 60  # seconds from sign-in
STAFF_SESSION_IDLE_AGE = 15 * 60
STAFF_SESSION_ABSOLUTE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
EMAIL_CONFIRMATION_DAYS = 15
EMAIL_CHANGE_HOURS = 24  # for which the link to a new address is valid
EMAIL_SETTLING_HOURS = 72  # for which a changed address does not allow to spend
FRESH_PASSWORD_SECONDS = 10 * 60  # for which a password given allows the sensitive pages
# django-simple-captcha: only its store is used (accounts/captcha), for five minutes a challenge.
CAPTCHA_TIMEOUT = 5  # minutes
CAPTCHA_TEST_MODE = env.bool("CAPTCHA_TEST_MODE", default=False)

# --- Administration -----------------------------------------------------------------------------

ADMIN_PATH = admin_path(env.str("ADMIN_PATH", default="admin/"))
ADMIN_NETWORKS = admin_networks(env.list("ADMIN_NETWORKS", default=[]))

# --- FranceConnect ------------------------------------------------------------------------------

# The end of an account that nobody verified: what it said is taken back in every room (accounts knows none).
PORTAL_DISOWN = "cpf_portal.personal_data.disowning.disown"
# And what goes from every room when the account of its number's holder ends.
PORTAL_CLEAR = "cpf_portal.personal_data.closing.clear"

# Off (None) without a client id; in development a strict provider of ours plays its part.
FRANCECONNECT = franceconnect_settings(
    env, is_played=PORTAL_ENV == "development", site_url=SITE_URL
)
# The official picture of the button, a path below static/; without it, words.
FRANCECONNECT_BUTTON = env.str("FRANCECONNECT_BUTTON", default="")
# What spending rights asks for: a confirmed address, or an identity that FranceConnect vouches for.
PORTAL_SPENDING_REQUIRES = env.str("PORTAL_SPENDING_REQUIRES", default="email")
if PORTAL_SPENDING_REQUIRES not in {"email", "identity"}:
    raise ImproperlyConfigured("PORTAL_SPENDING_REQUIRES doit valoir email ou identity.")
# Who takes the card payment of a remainder: "demonstration" (simulated here), the dotted path of a
# rights.dossiers.payments.CardPayments, or nobody.
PORTAL_CARD_PAYMENTS = env.str(
    "PORTAL_CARD_PAYMENTS", default="demonstration" if DEMONSTRATION else ""
)

# --- Mail ---------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_BACKEND = "cpf_portal.demo.mailbox.MailboxBackend"
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL",
    default="" if PRODUCTION else f"{SITE_NAME} <ne-pas-repondre@portail.invalid>",
)

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # the amounts of the portal are written 1105,00 €

# --- Static files -------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security -----------------------------------------------------------------------------------

# In development the host that `make run HOST=…` serves; 0.0.0.0 is every name of the machine.
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
DEVELOPMENT_HOSTS = [SITE_HOST, "127.0.0.1", "localhost", "[::1]"]
if SITE_HOST == "0.0.0.0":  # noqa: S104 only compared
    DEVELOPMENT_HOSTS = ["*"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else DEVELOPMENT_HOSTS)
# How many proxies of ours stand before the portal: X-Forwarded-For is read from the right.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The shape of Django 6's own setting.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "media-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cpf_portal.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # bytes; the largest form of the portal is 2 kB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_COOKIE_SECURE = True

# --- Logs ---------------------------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="json" if PRODUCTION else "line")
if LOG_FORMAT not in {"json", "line"}:
    raise ImproperlyConfigured("LOG_FORMAT doit valoir json ou line.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_nir": {"()": "cpf_portal.logs.NoNirFilter"}},
    "formatters": {
        "line": {"()": "cpf_portal.logs.LineFormatter"},
        "json": {"()": "cpf_portal.logs.JsonLineFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["no_nir"],
            "formatter": LOG_FORMAT,
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}

if PRODUCTION:
    refuse_unsafe_settings(globals())
