"""Reads the environment for settings.py and says in one sentence what is wrong with a value."""

import os
import secrets
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class _Files(FileAwareMapping):
    """NAME_FILE, whose last line may end as editors end it."""

    def __getitem__(self, key: str) -> str:
        try:
            value = super().__getitem__(key)
        except OSError as error:
            raise ImproperlyConfigured(
                f"{key}_FILE names {error.filename}, which cannot be read: "
                f"{error.strerror.lower()}."
            ) from None
        return value.rstrip("\r\n") if self.env.get(f"{key}_FILE") else value


class Environment(environ.FileAwareEnv):
    """django-environ with NAME_FILE, and the few values that need more than a type."""

    ENVIRON = _Files()

    def __init__(self, base_dir: Path):
        super().__init__()
        self.base_dir = base_dir
        self.data_dir = self.path_in("DATA", base_dir / ".data")
        self.embedded = not self.str("DATABASE_URL", default="")
        trial = self.embedded or self.bool("TRIAL", default=False)
        self.own_valkey = trial and not self.str("REDIS_URL", default="")

    def path_in(self, name: str, default: Path) -> Path:
        """A folder; a relative one is meant from the checkout, whatever the working directory."""
        return (self.base_dir / (os.environ.get(name) or default)).resolve()

    def bool(self, var, default=environ.Env.NOTSET):
        word = os.environ.get(var, "").strip().lower()
        known = (*environ.Env.BOOLEAN_TRUE_STRINGS, "0", "false", "no", "off", "n", "f", "")
        if word not in known:
            raise ImproperlyConfigured(f"{var} must be 1 or 0, not “{word}”.")
        return super().bool(var, default) if word else default

    def int(self, var, default=environ.Env.NOTSET):
        if not os.environ.get(var) and default is not environ.Env.NOTSET:
            return default
        try:
            return super().int(var, default)
        except ValueError:
            raise ImproperlyConfigured(
                f"{var} must be a whole number, not “{os.environ.get(var)}”."
            )

    # --- Secrets -----------------------------------------------------------------------------

    def secret_key(self) -> str:
        """SECRET_KEY, or with embedded servers one made once and kept in DATA."""
        key = self.str("SECRET_KEY", default="")
        if key:
            return key
        if not self.embedded:
            raise ImproperlyConfigured(
                "SECRET_KEY is not set. Make one with `python3 -c 'import secrets; "
                "print(secrets.token_urlsafe(50))'` and keep it in SECRET_KEY or in a file "
                "named by SECRET_KEY_FILE."
            )
        return self._kept("secret_key")

    def staff_second_factor(self, *, default: bool) -> bool:
        wanted = self.bool("STAFF_SECOND_FACTOR", default=default)
        if not wanted and not self.embedded:
            raise ImproperlyConfigured(
                "STAFF_SECOND_FACTOR=0 is for trials on embedded servers: real people's staff "
                "sign in with a second factor. Unset it."
            )
        return wanted

    def admin_url(self) -> str:
        """The path of the operators' admin: ADMIN_URL, else one nobody can guess."""
        path = self.str("ADMIN_URL", default="")
        if not path:
            path = f"operate-{self._kept('admin_url')[:24]}" if self.embedded else ""
        return f"{path.strip('/')}/" if path else ""

    def vapid_key(self) -> str:
        """VAPID_KEY: 32 bytes in base64url, by which push services know the site; "" for none."""
        key = self.str("VAPID_KEY", default="").strip()
        if not key and self.embedded:
            key = self._kept("vapid_key", secrets.token_urlsafe(32))
        if key and len(key.rstrip("=")) != 43:
            raise ImproperlyConfigured(
                "VAPID_KEY must be 32 bytes in base64url. Make one with `python3 -c 'import "
                "secrets; print(secrets.token_urlsafe(32))'`."
            )
        return key

    def _kept(self, name: str, value: str = "") -> str:
        from config.embedded import CannotStart, make_private

        file = self.data_dir / name
        try:
            return file.read_text().strip()
        except PermissionError:
            make_private(self.data_dir)
            raise CannotStart(f"{file} may not be read. It belongs to another user.") from None
        except (FileNotFoundError, NotADirectoryError):
            make_private(self.data_dir)
            value = value or secrets.token_urlsafe(50)
            try:
                with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                    out.write(value)
            except FileExistsError:  # another process was quicker
                return file.read_text().strip()
            return value

    # --- Servers -----------------------------------------------------------------------------

    def database(self) -> dict:
        """The default database; STATEMENT_TIMEOUT and DB_POOL are set by each kind of process."""
        if self.embedded:
            from config.embedded import Postgres

            settings = Postgres(self.data_dir).django_settings()
        else:
            settings = self.db("DATABASE_URL")
            if settings["ENGINE"] != "django.db.backends.postgresql":
                raise ImproperlyConfigured(
                    "DATABASE_URL must name a PostgreSQL database: postgres://user:password@host/name"
                )
        limits = {
            "statement_timeout": self.str("STATEMENT_TIMEOUT", default="5s"),
            "lock_timeout": self.str("LOCK_TIMEOUT", default="2s"),
            "idle_in_transaction_session_timeout": "10s",
            # Pages ask small questions: a compiler or a second process costs more than it saves.
            "jit": "off",
            "max_parallel_workers_per_gather": "0",
            # How many letters names must have in common (community/search.py): indexes ask this.
            "pg_trgm.word_similarity_threshold": "0.3",
        }
        # PgBouncer lends a connection for one transaction: limits stand at the role, and nothing
        # may be left behind in a session (docs/scaling.md).
        bouncer = self.bool("PGBOUNCER", default=False)
        settings["OPTIONS"] = settings.get("OPTIONS", {}) | {
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
            "connect_timeout": 3,
            "application_name": "tequio",
            # Of what community/prepared.py asks; everything else is never prepared.
            "prepare_threshold": 2 if self.bool("PREPARE", default=not bouncer) else None,
        }
        if bouncer:
            del settings["OPTIONS"]["options"]
            settings["DISABLE_SERVER_SIDE_CURSORS"] = True
        pool = self.int("DB_POOL", default=0)
        if pool:
            # Waiting three seconds outlives a restart of PostgreSQL; thirty would pile up requests.
            settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool, "timeout": 3.0}
        settings["CONN_HEALTH_CHECKS"] = True
        settings["CONN_MAX_AGE"] = 0 if pool else self.int("CONN_MAX_AGE", default=0)
        return settings

    def redis_url(self, db: int = 0) -> str:
        url = self.str("REDIS_URL", default="")
        if not url and not self.own_valkey:
            raise ImproperlyConfigured("REDIS_URL is not set, for example redis://localhost:6379")
        if not url:
            from config.embedded import Valkey

            return f"unix://{quote(str(Valkey(self.data_dir).socket))}?db={db}"
        parts = urlsplit(url)
        if parts.scheme == "unix":  # urlunsplit would drop the slashes
            return f"unix://{parts.netloc}{parts.path}?db={db}"
        return urlunsplit(parts._replace(path=f"/{db}"))

    def broker_url(self, db: int) -> str:
        """The same server in the spelling of Celery's transport."""
        url = self.redis_url(db)
        if url.startswith("unix://"):
            parts = urlsplit(url)
            return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={db}"
        return url

    # --- Logs --------------------------------------------------------------------------------

    def log_format(self) -> str:
        """“line” for people, “json” for machines."""
        word = self.str("LOG_FORMAT", default="") or "line"
        if word not in ("line", "json"):
            raise ImproperlyConfigured(f"LOG_FORMAT must be line or json, not “{word}”.")
        return word

    # --- Uploads -----------------------------------------------------------------------------

    def media_storage(self) -> dict:
        """Where uploads lie: a folder, or with MEDIA_S3_BUCKET a store that speaks S3."""
        bucket = self.str("MEDIA_S3_BUCKET", default="")
        if not bucket:
            return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
        if not (find_spec("storages") and find_spec("boto3")):
            raise ImproperlyConfigured(
                "MEDIA_S3_BUCKET is set, and the packages for it are not installed: pip install "
                "--require-hashes -r requirements/s3.txt"
            )
        key = self.str("MEDIA_S3_KEY_ID", default="")
        secret = self.str("MEDIA_S3_SECRET", default="")
        if not key or not secret:
            raise ImproperlyConfigured(
                "MEDIA_S3_KEY_ID and MEDIA_S3_SECRET (or MEDIA_S3_SECRET_FILE) are both needed for "
                "uploads in a store."
            )
        endpoint = self.str("MEDIA_S3_ENDPOINT", default="")
        parts = urlsplit(endpoint)
        near = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if endpoint and not (parts.scheme == "https" or (parts.scheme == "http" and near)):
            raise ImproperlyConfigured(
                "MEDIA_S3_ENDPOINT must be an https:// address: files of closed groups travel "
                "there."
            )
        return {
            "BACKEND": "config.media.S3Media",
            "OPTIONS": {
                "bucket_name": bucket,
                "access_key": key,
                "secret_key": secret,
                "endpoint_url": endpoint or None,
                "region_name": self.str("MEDIA_S3_REGION", default="") or "us-east-1",
            },
        }

    # --- Mail --------------------------------------------------------------------------------

    def read_email_url(self, settings: dict) -> None:
        """EMAIL_URL=smtp+tls://user:password@host:587 into Django's EMAIL_… settings."""
        if not self.str("EMAIL_URL", default=""):
            return
        found = self.email_url("EMAIL_URL")
        settings["MAIL_TRANSPORT"] = found.pop("EMAIL_BACKEND")
        settings.update(found)

    # --- Accounts of other services ----------------------------------------------------------

    def social_providers(self) -> tuple[dict, list[str]]:
        """allauth's SOCIALACCOUNT_PROVIDERS, and the origins a sign-in form may lead to.

        SOCIAL_PROVIDERS=google,github takes GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET and so on;
        SOCIAL_ORIGINS names where those sign-ins happen (https://accounts.google.com).
        """
        providers, origins = {}, self.list("SOCIAL_ORIGINS", default=[])
        for name in self.list("SOCIAL_PROVIDERS", default=[]):
            providers[name] = {"APPS": [self._client(name.upper())]}
        issuer = self.str("OIDC_ISSUER", default="")
        if issuer:
            app = self._client("OIDC") | {
                "provider_id": "sso",
                "name": self.str("OIDC_NAME", default="") or urlsplit(issuer).hostname,
                "settings": {"server_url": issuer, "uid_field": "sub"},
            }
            providers["openid_connect"] = {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
            parts = urlsplit(issuer)
            origins = [*origins, f"{parts.scheme}://{parts.netloc}"]
        return providers, origins

    def _client(self, prefix: str) -> dict:
        client, secret = (
            self.str(f"{prefix}_CLIENT_{part}", default="") for part in ("ID", "SECRET")
        )
        if not client or not secret:
            raise ImproperlyConfigured(
                f"{prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET (or {prefix}_CLIENT_SECRET_FILE) "
                "are both needed for sign-in with that service."
            )
        return {"client_id": client, "secret": secret}


# --- What nobody should be let into ------------------------------------------------------------

_KNOWN_KEYS = ("changeme", "change-me", "django-insecure", "only-for-development", "secret")
_SHORTEST_KEY = 32


def refuse_unsafe(settings: dict) -> None:
    """Stop the start of a site that others reach and that would not keep their secrets.

    The trial on embedded servers, and a developer's site whose hosts are this machine's, may do
    what they like; `manage.py check --deploy` tells them what is different.
    """
    if settings["EMBEDDED"] or not _is_reached(settings):
        return
    key, found = settings["SECRET_KEY"], []
    if settings["DEBUG"]:
        found.append("DEBUG is on: pages of errors would show settings and data. Unset DEBUG.")
    if is_weak_key(key):
        found.append(
            "SECRET_KEY is short or known to everybody. Make one with `python3 -c 'import secrets; "
            "print(secrets.token_urlsafe(50))'`."
        )
    if "*" in settings["ALLOWED_HOSTS"]:
        found.append(
            "ALLOWED_HOSTS is “*”: links in mail could be made to lead to another site. Name the "
            "site's own hosts."
        )
    if settings["TRIAL"]:
        found.append("TRIAL is on: everybody could read all mail on /outbox/. Unset TRIAL.")
    if not settings["HTTPS"]:
        found.append(
            "HTTPS is 0: sign-ins would travel in the clear. Put a front server with TLS before "
            "the site and unset HTTPS."
        )
    elif not settings["SECURE_PROXY_SSL_HEADER"]:
        found.append(
            "TRUSTED_PROXIES is 0: no front server could say that a page was asked for over TLS. "
            "Set it to the number of proxies in front, usually 1."
        )
    if found:
        raise ImproperlyConfigured("The site does not start, because it would not be safe.\n" + (
            "\n".join(f"  * {sentence}" for sentence in found)
        ))  # fmt: skip


def is_weak_key(key: str) -> bool:
    """Short, made of a few characters, or one that stands in somebody's documentation."""
    return len(key) < _SHORTEST_KEY or len(set(key)) < 8 or key.lower().startswith(_KNOWN_KEYS)


def _is_reached(settings: dict) -> bool:
    """Whether any of its hosts is more than this machine. Without hosts nobody gets an answer."""
    here = ("localhost", "127.0.0.1", "[::1]", "testserver")
    return any(
        host not in here and not host.endswith(".localhost") for host in settings["ALLOWED_HOSTS"]
    )
