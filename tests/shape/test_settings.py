"""The settings that guard people have the values we think, in a site started for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.shape.sources import ROOT

PRODUCTION = {
    "SECRET_KEY": "a-long-one-made-for-this-test-only-0123456789-abcdefghijklmnop",
    "DATABASE_URL": "postgres://tequio:word@localhost:5432/tequio",
    "REDIS_URL": "redis://localhost:6379",
    "ALLOWED_HOSTS": "union.example.org",
    "SITE_URL": "https://union.example.org",
    "ADMIN_URL": "operate-3f2a9c",
    "TRUSTED_PROXIES": "1",
}
READ = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.conf import settings
names = [name for name in dir(settings) if name.isupper()]
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


def _start(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def production(tmp_path_factory) -> dict:
    data = str(tmp_path_factory.mktemp("production"))
    done = _start(READ, **PRODUCTION, DATA=data)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", False),
        ("HTTPS", True),
        ("TRIAL", False),
        ("ALLOWED_HOSTS", ["union.example.org"]),
        ("SESSION_COOKIE_NAME", "__Host-sid"),
        ("SESSION_COOKIE_SECURE", True),
        ("SESSION_COOKIE_HTTPONLY", True),
        ("SESSION_COOKIE_SAMESITE", "Lax"),
        ("SESSION_COOKIE_AGE", 14 * 24 * 3600),
        ("SESSION_COOKIE_DOMAIN", None),
        ("SESSION_ENGINE", "community.sessions"),
        ("SESSION_SERIALIZER", "django.contrib.sessions.serializers.JSONSerializer"),
        ("CSRF_COOKIE_NAME", "__Host-csrf"),
        ("CSRF_COOKIE_SECURE", True),
        ("CSRF_COOKIE_HTTPONLY", True),
        ("CSRF_COOKIE_SAMESITE", "Lax"),
        ("CSRF_TRUSTED_ORIGINS", []),
        ("SECURE_SSL_REDIRECT", True),
        ("SECURE_HSTS_INCLUDE_SUBDOMAINS", True),
        ("SECURE_CONTENT_TYPE_NOSNIFF", True),
        ("SECURE_CROSS_ORIGIN_OPENER_POLICY", "same-origin"),
        ("SECURE_REFERRER_POLICY", "same-origin"),
        ("SECURE_PROXY_SSL_HEADER", ["HTTP_X_FORWARDED_PROTO", "https"]),
        ("X_FRAME_OPTIONS", "DENY"),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", 2_621_440),
        ("DATA_UPLOAD_MAX_NUMBER_FIELDS", 500),
        ("ATOMIC_REQUESTS", False),
        ("EMAIL_BACKEND", "community.mail.OutboxBackend"),
        ("CELERY_TASK_SERIALIZER", "json"),
        ("CELERY_ACCEPT_CONTENT", ["json"]),
        ("CELERY_TASK_ACKS_LATE", True),
        ("CELERY_TASK_PUBLISH_RETRY", False),
        ("ACCOUNT_PREVENT_ENUMERATION", "strict"),
        ("ACCOUNT_EMAIL_VERIFICATION", "mandatory"),
        ("ACCOUNT_LOGOUT_ON_GET", False),
        ("ACCOUNT_REAUTHENTICATION_REQUIRED", True),
        ("ACCOUNT_REAUTHENTICATION_TIMEOUT", 600),
        ("ACCOUNT_LOGIN_BY_CODE_TIMEOUT", 600),
        ("MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", False),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 1),
        ("AUTH_USER_MODEL", "community.Member"),
        ("ADMIN_URL", "operate-3f2a9c/"),
        ("FILE_UPLOAD_PERMISSIONS", 0o600),
        ("USERSESSIONS_TRACK_ACTIVITY", False),
    ],
)
def test_a_guarding_setting_has_its_value(production, name, value):
    assert production.get(name) == value


def test_hsts_lasts_a_year(production):
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_passwords_are_argon2id_and_long(production):
    assert "argon2" in production["PASSWORD_HASHERS"][0].lower()
    lengths = [
        validator["OPTIONS"]["min_length"]
        for validator in production["AUTH_PASSWORD_VALIDATORS"]
        if validator["NAME"].endswith("MinimumLengthValidator")
    ]
    assert lengths == [12]
    names = [
        validator["NAME"].rpartition(".")[2] for validator in production["AUTH_PASSWORD_VALIDATORS"]
    ]
    assert "CommonWordsValidator" in names


def test_the_policy_of_content_has_no_hole(production):
    policy = production["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert policy["trusted-types"] == ["default"]
    everything = json.dumps(policy)
    for hole in ("unsafe-inline", "unsafe-eval", "strict-dynamic", "nonce", "http:", "https:", "*"):
        assert hole not in everything


def test_the_database_gives_up_in_time(production):
    options = production["DATABASES"]["default"]["OPTIONS"]["options"]
    assert "statement_timeout=5s" in options
    assert "lock_timeout=2s" in options
    assert "idle_in_transaction_session_timeout=10s" in options


def test_the_order_of_middleware(production):
    order = [name.rpartition(".")[2] for name in production["MIDDLEWARE"]]
    for earlier, later in (
        ("SecurityMiddleware", "SessionMiddleware"),
        ("CSPMiddleware", "SessionMiddleware"),
        ("SessionMiddleware", "LocaleMiddleware"),
        ("SessionMiddleware", "CsrfViewMiddleware"),
        ("CsrfViewMiddleware", "AuthenticationMiddleware"),
        ("AuthenticationMiddleware", "AccountMiddleware"),
    ):
        assert order.index(earlier) < order.index(later)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"DATABASE_URL": "sqlite:///x"}, "must name a PostgreSQL database"),
        ({"DEBUG": "perhaps"}, "DEBUG must be 1 or 0"),
        ({"TRUSTED_PROXIES": "many"}, "TRUSTED_PROXIES must be a whole number"),
    ],
)
def test_a_value_that_cannot_be_read_stops_the_start(tmp_path, change, sentence):
    done = _start(READ, **PRODUCTION | change | {"DATA": str(tmp_path)})
    assert done.returncode != 0
    assert sentence in done.stderr


def test_the_deployment_check_finds_nothing(tmp_path):
    code = (
        "import os, sys\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "from django.core.management import execute_from_command_line\n"
        "execute_from_command_line(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])\n"
    )
    done = _start(code, **PRODUCTION, DATA=str(tmp_path))
    assert done.returncode == 0, done.stderr
