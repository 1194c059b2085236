"""Reads the environment for settings.py and says in one sentence what is wrong with a value."""

import os
import secrets
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.FileAwareEnv):
    """django-environ with NAME_FILE, and the few values that need more than a type."""

    def __init__(self, base_dir: Path):
        super().__init__()
        self.base_dir = base_dir
        self.data_dir = self.path_in("DATA", base_dir / ".data")
        self.embedded = not self.str("DATABASE_URL", default="")

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

    def admin_url(self) -> str:
        """The path of the operators' admin: ADMIN_URL, else one nobody can guess."""
        path = self.str("ADMIN_URL", default="")
        if not path:
            path = f"operate-{self._kept('admin_url')[:24]}" if self.embedded else ""
        return f"{path.strip('/')}/" if path else ""

    def _kept(self, name: str) -> str:
        from config.embedded import CannotStart, make_private

        file = self.data_dir / name
        try:
            return file.read_text().strip()
        except PermissionError:
            make_private(self.data_dir)
            raise CannotStart(f"{file} may not be read. It belongs to another user.") from None
        except (FileNotFoundError, NotADirectoryError):
            make_private(self.data_dir)
            value = secrets.token_urlsafe(50)
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
        }
        settings["OPTIONS"] = settings.get("OPTIONS", {}) | {
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
            "connect_timeout": 3,
            "application_name": "tequio",
            # Of what community/prepared.py asks; everything else is never prepared.
            "prepare_threshold": 2 if self.bool("PREPARE", default=True) else None,
        }
        pool = self.int("DB_POOL", default=0)
        if pool:
            # Waiting three seconds outlives a restart of PostgreSQL; thirty would pile up requests.
            settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool, "timeout": 3}
        settings["CONN_HEALTH_CHECKS"] = True
        settings["CONN_MAX_AGE"] = 0 if pool else self.int("CONN_MAX_AGE", default=0)
        return settings

    def redis_url(self, db: int = 0) -> str:
        url = self.str("REDIS_URL", default="")
        if not url and not self.embedded:
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
            providers["openid_connect"] = {"APPS": [app]}
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
