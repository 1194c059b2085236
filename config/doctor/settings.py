"""What the site was told from outside: would it keep people's secrets with these settings?"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from community import web_push
from config.doctor import Examination, Finding, bad, odd, well
from config.environment import is_weak_key


def examinations() -> list[tuple[str, Examination]]:
    return [
        ("settings", deployment),
        ("secret key", secret_key),
        ("hosts", hosts),
        ("front server", front_server),
        ("push", push),
        ("answers by mail", answers_by_mail),
    ]


def deployment() -> Iterator[Finding]:
    """What `check --deploy` finds, in the doctor's words."""
    silenced = [
        found
        for found in checks.run_checks(include_deployment_checks=True)
        if found.level >= checks.WARNING and not found.is_silenced()
    ]
    if settings.EMBEDDED:
        yield odd(
            "settings",
            "This is a trial on embedded servers.",
            why="They are tuned for little memory, and its mail can be read by everyone.",
            cure="For real people follow docs/install.md.",
        )
        return
    for found in silenced:
        make = bad if found.level >= checks.ERROR else odd
        yield make(
            "settings",
            str(found.msg),
            why=f"Found by `manage.py check --deploy` ({found.id}).",
            cure=str(found.hint or "See docs/settings.md."),
        )
    if not silenced:
        yield well("settings", "`check --deploy` finds nothing")


def secret_key() -> Iterator[Finding]:
    weak = [key for key in settings.SECRET_KEY_FALLBACKS if is_weak_key(key)]
    if is_weak_key(settings.SECRET_KEY) or weak:
        yield bad(
            "secret key",
            "SECRET_KEY or one of its fallbacks is short or known to everybody.",
            why="Whoever knows it can make links and cookies that the site believes.",
            cure="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
        )
    else:
        yield well("secret key", "long enough")
    if settings.SECRET_KEY_FALLBACKS:
        yield odd(
            "secret key",
            f"{len(settings.SECRET_KEY_FALLBACKS)} older keys are still accepted.",
            why="They were replaced for a reason.",
            cure="Two weeks after the change take SECRET_KEY_FALLBACKS out.",
        )


def push() -> Iterator[Finding]:
    if not settings.VAPID_KEY:
        yield odd(
            "push",
            "VAPID_KEY is not set.",
            why="Nobody gets notices on their telephone while the site is closed.",
            cure="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
        return
    try:
        web_push.public_key()
    except ValueError:
        yield bad(
            "push",
            "VAPID_KEY is no key: 32 bytes in base64url are needed.",
            why="Push services refuse everything.",
            cure="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
        return
    yield well("push", "the site has a key; keep it, or every device must be added again")


def answers_by_mail() -> Iterator[Finding]:
    if settings.REPLY_DOMAIN:
        yield well("answers by mail", f"answers go to …@{settings.REPLY_DOMAIN}")
    else:
        yield odd(
            "answers by mail",
            "REPLY_DOMAIN is not set.",
            why="People cannot answer by mail, and mail that comes back is not noticed.",
            cure="See docs/mail.md.",
        )


def hosts() -> Iterator[Finding]:
    if not settings.ALLOWED_HOSTS:
        yield bad(
            "hosts",
            "ALLOWED_HOSTS is empty.",
            why="Every page is refused with 400.",
            cure="Set it to the site's host names: ALLOWED_HOSTS=community.example.org",
        )
        return
    host = urlsplit(settings.SITE_URL).hostname or ""
    matches = any(
        host == allowed or (allowed.startswith(".") and host.endswith(allowed))
        for allowed in settings.ALLOWED_HOSTS
    )
    if not matches and "*" not in settings.ALLOWED_HOSTS:
        yield bad(
            "hosts",
            f"SITE_URL leads to {host}, which is not in ALLOWED_HOSTS.",
            why="Links in mail lead to a page that is refused.",
            cure="Set SITE_URL to the address people type, and its host in ALLOWED_HOSTS.",
        )
    else:
        yield well("hosts", settings.SITE_URL)


def front_server() -> Iterator[Finding]:
    """Ask the site as a browser does: certificate, headers, and files that nobody may have."""
    if settings.EMBEDDED or not settings.HTTPS:
        return
    host = urlsplit(settings.SITE_URL).hostname
    try:
        answer = _ask(host, "/healthz")
    except ssl.SSLCertVerificationError as error:
        yield bad(
            "front server",
            f"Its certificate is not trusted: {error.verify_message}.",
            why="Browsers refuse to open the site.",
            cure="Look in the front server's log why it has no valid certificate.",
        )
        return
    except (OSError, http.client.HTTPException) as error:
        yield odd(
            "front server",
            f"{settings.SITE_URL} does not answer from here: {error}.",
            why="Either the site is not reached, or this machine may not ask itself.",
            cure="Open the address from elsewhere. Look whether the front server runs.",
        )
        return
    if answer.status != 200:
        yield bad(
            "front server",
            f"/healthz answers {answer.status}.",
            why="The front server does not reach `web`, or hands on another host name.",
            cure="Compare its configuration with deploy/Caddyfile or deploy/nginx.conf.",
        )
        return
    hsts = answer.headers.get("Strict-Transport-Security", "")
    if "max-age=31536000" not in hsts:
        yield bad(
            "front server",
            "Pages come without Strict-Transport-Security.",
            why="The site does not believe that it was asked over TLS, or the header is dropped.",
            cure="Let the front server set X-Forwarded-Proto, and set TRUSTED_PROXIES.",
        )
        return
    yield well("front server", "certificate, /healthz and HSTS")


def _ask(host: str, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPSConnection(host, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read(1000)
        return answer
    except TimeoutError:
        raise TimeoutError("it took longer than five seconds") from None
    finally:
        connection.close()
