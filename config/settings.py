"""Everything the site is told from outside, read once; a value that cannot be read stops the start.

Each NAME is an environment variable; secrets also come from the file named by NAME_FILE.
docs/settings.md explains them for operators.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.Environment(BASE_DIR)

# --- What kind of start this is ---------------------------------------------------------------

DATA_DIR = env.data_dir
DEBUG = env.bool("DEBUG", default=False)
# Without DATABASE_URL the site runs its own PostgreSQL in DATA; without REDIS_URL its own Valkey,
# beside it or in a trial (config/embedded.py).
EMBEDDED = env.embedded
OWN_VALKEY = env.own_valkey
# Set by `manage.py up` on embedded servers: mail stays readable on /outbox/.
TRIAL = env.bool("TRIAL", default=False)
HTTPS = env.bool("HTTPS", default=not (DEBUG or EMBEDDED))

SECRET_KEY = env.secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if EMBEDDED or DEBUG else []
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address people type, for links in mail: https://example.org
SITE_URL = env.str(
    "SITE_URL",
    default=f"{'https' if HTTPS else 'http'}://"
    + (ALLOWED_HOSTS[0] if ALLOWED_HOSTS else "localhost")
    + (f":{env.int('PORT', default=8000)}" if EMBEDDED else ""),
).rstrip("/")

# --- Apps --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "community",
    "config",
    "groups",
    "leadership",
    "events",
    "polls",
    "feedback",
    "learning",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "channels",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    *(f"allauth.socialaccount.providers.{name}" for name in env.social_providers()[0]),
]

# Numbers for a monitor, on a port of their own that only this machine reaches; 0: none are kept.
METRICS_PORT = env.int("METRICS_PORT", default=0)
METRICS_DIR = env.path_in("METRICS_DIR", DATA_DIR / "run" / "metrics")

MIDDLEWARE = [
    *(["community.numbers.NumbersMiddleware"] if METRICS_PORT else []),
    "community.logs.RequestMiddleware",
    "community.again.AgainMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # A front server compresses better; where there is none, as in the trial, we do.
    *(["community.compression.CompressPages"] if env.bool("COMPRESS", default=EMBEDDED) else []),
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "community.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "community.middleware.MemberMiddleware",
    "community.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
SUPERVISOR = "config.up.main"  # what `manage.py up` runs
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The order matters: cotton must see a template before anything else compiles it.
_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": _LOADERS if DEBUG else [("community.folding.Loader", _LOADERS)],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "community.templatetags.community",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "community.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- PostgreSQL and Valkey ---------------------------------------------------------------------

DATABASES = {"default": env.database()}
PGBOUNCER = env.bool("PGBOUNCER", default=False)
ATOMIC_REQUESTS = False  # operations own their transactions

REDIS_URL = env.redis_url()
CACHES = {
    "default": {
        "BACKEND": "community.cache.ResilientCache",
        "LOCATION": env.redis_url(db=env.int("CACHE_DB", default=1)),
        "KEY_PREFIX": "tequio",
        "TIMEOUT": 300,
    }
}
SESSION_ENGINE = "community.sessions"  # in the database: nobody is signed out when Valkey goes
# Sockets are written to by a hub of our own (community/live/hub.py), not through channel layers.
CHANNEL_LAYERS = {}
# People whose pages one `live` process holds; the next is refused and asks for news by itself.
LIVE_MOST_PEOPLE = env.int("LIVE_MOST_PEOPLE", default=10_000)

CELERY_BROKER_URL = env.broker_url(db=2)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True  # they run again: idempotent
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "global_keyprefix": "tequio:",
    "max_retries": 0,
    # A page rings the worker and goes on (community/doorbell.py); the worker waits longer.
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
}
CELERY_TIMEZONE = "UTC"

# --- People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "community.Member"
AUTHENTICATION_BACKENDS = ["community.accounts.backend.Backend"]
PASSWORD_HASHERS = ["community.passwords.Argon2idHasher"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "community.passwords.CommonWordsValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
    {"NAME": "community.passwords.OwnWordsValidator"},
]
# E-mail is unique whatever its letters' case (a constraint on the lower-cased address), which the
# check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004", *env.list("SILENCED_SYSTEM_CHECKS", default=[])]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "community.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]  # a password is optional and added later
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True  # one address each, changed once the new one is proved
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 900
# Nobody fills a stranger's mailbox with our codes.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,10/h/key",
    "reset_password": "20/m/ip,3/m/key,10/h/key",
}
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_FORMS = {
    "signup": "community.accounts.forms.SignUpForm",
    "login": "community.accounts.forms.SignInForm",
    "confirm_login_code": "community.accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "community.accounts.forms.ConfirmEmailCodeForm",
    "confirm_password_reset_code": "community.accounts.forms.ConfirmPasswordResetCodeForm",
    "reset_password": "community.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "community.accounts.forms.ResetPasswordKeyForm",
    "set_password": "community.accounts.forms.SetPasswordForm",
    "change_password": "community.accounts.forms.ChangePasswordForm",
    "add_email": "community.accounts.forms.ChangeEmailForm",
    "reauthenticate": "community.accounts.forms.ReauthenticateForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
# Signed in for two weeks after the last visit, for three months at most.
SESSION_IDLE = timedelta(days=14)
SESSION_LONGEST = timedelta(days=90)
# Whoever holds a staff role: for a day's work, and never overnight.
STAFF_SESSION_IDLE = timedelta(hours=8)
STAFF_SESSION_LONGEST = timedelta(hours=24)
# Staff powers need a second factor, used in this session; only a trial does without.
STAFF_SECOND_FACTOR = env.staff_second_factor(default=not (TRIAL and EMBEDDED))
# After two people stood up for somebody who lost theirs: time to say that it was not them.
RECOVERY_WAIT = timedelta(minutes=1) if TRIAL else timedelta(hours=24)

MFA_ADAPTER = "community.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "community.accounts.forms.ActivateTOTPForm",
    "authenticate": "community.accounts.forms.AuthenticateForm",
    "reauthenticate": "community.accounts.forms.MFAReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False

# Sign-in with accounts of other services. SOCIAL_PROVIDERS names them as allauth does; OIDC_ISSUER,
# OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME describe one OpenID Connect provider.
SOCIALACCOUNT_ADAPTER = "community.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS, SOCIAL_ORIGINS = env.social_providers()

# --- Cookies, headers --------------------------------------------------------------------------

SESSION_COOKIE_NAME = "__Host-sid" if HTTPS else "sid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(SESSION_IDLE.total_seconds())
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "community.messages.Messages"

SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXIES", default=0) else None
)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"  # never tell another site which community this is
X_FRAME_OPTIONS = "DENY"
ADMIN_URL = env.admin_url()

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [NONE],
        "form-action": [SELF, *SOCIAL_ORIGINS],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
        "report-uri": ["/csp-report/"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Words and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path_in("STATIC_ROOT", DATA_DIR / "static")
# Names with a hash need `collectstatic`; tests and DEBUG serve the sources as they are.
STATIC_HASHED = env.bool("STATIC_HASHED", default=not DEBUG)
MEDIA_ROOT = env.path_in("MEDIA_ROOT", DATA_DIR / "media")
MEDIA_URL = "/media/"  # an address of views that check who asks, never of a folder
# The front server's internal prefix for X-Accel-Redirect; empty: the app sends the bytes itself.
MEDIA_ACCEL = env.str("MEDIA_ACCEL", default="")
# What one member may keep here, all files together.
STORAGE_PER_MEMBER_MB = env.int("STORAGE_PER_MEMBER_MB", default=1000)
# Closed to every user but ours; to its group too if the front server, in that group, reads them.
_GROUP_READS = env.bool("MEDIA_GROUP_READ", default=False)
FILE_UPLOAD_PERMISSIONS = 0o640 if _GROUP_READS else 0o600
# No setgid here: a folder takes it over from the one it lies in, and units may forbid to set it.
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750 if _GROUP_READS else 0o700
# In a store that speaks S3 instead of the folder, if MEDIA_S3_BUCKET names one (config/media.py).
STORAGES = {
    "default": env.media_storage(),
    "staticfiles": {
        "BACKEND": "config.statics.HashedStatics"
        if STATIC_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        # No secrets, and the front server reads them.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_USE_FINDERS = not STATIC_HASHED
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Mail --------------------------------------------------------------------------------------

EMAIL_BACKEND = "community.mail.OutboxBackend"  # writes rows; the worker sends them
MAIL_TRANSPORT = env.str(
    "MAIL_TRANSPORT",
    default="" if EMBEDDED else "django.core.mail.backends.smtp.EmailBackend",
)
env.read_email_url(globals())
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Tequio <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = ""
# Where answers to our mail arrive (docs/mail.md): its mail is piped into `manage.py receive_mail`.
REPLY_DOMAIN = env.str("REPLY_DOMAIN", default="").strip().lower()
# Letters a minute to one domain, codes to sign in apart.
MAIL_PACE = env.int("MAIL_PACE", default=120)
# The most one mail that comes in may weigh.
MAIL_IN_MB = env.int("MAIL_IN_MB", default=15)

# --- Push --------------------------------------------------------------------------------------

VAPID_KEY = env.vapid_key()
# Push services besides those of the known browsers: host, host:port, or .example.org for all below.
PUSH_HOSTS = env.list("PUSH_HOSTS", default=[])

# --- Backups -----------------------------------------------------------------------------------

BACKUP_DIR = env.path_in("BACKUP_DIR", DATA_DIR / "backups")
# Who left or was erased, as hashes: read after a restore, so it must outlive the database.
ERASED_LIST = env.path_in("ERASED_LIST", DATA_DIR / "erased.list")
BACKUP_KEY = env.str("BACKUP_KEY", default="")
# Whoever was erased fades from the backups within this time.
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", default=35)

# --- Logs --------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "community.logs.OneLine"},
        "json": {"()": "community.logs.Json"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": env.log_format()},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django": {"handlers": [], "level": env.str("LOG_LEVEL", default="WARNING")},
        "community.security": {"level": "INFO"},  # who signed in, and that somebody could not
        "django.request": {"level": "ERROR"},  # a missing page is no event
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # One line says that Valkey is away and when it is tried again; no traceback beside it.
        "celery.worker.consumer": {"level": "ERROR"},
    },
}

environment.refuse_unsafe(globals())
