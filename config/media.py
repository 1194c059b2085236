"""Uploads in a store that speaks S3: closed to everybody, and handed out by the front server.

Pages never name the store, and no browser ever asks it. The site looks who may see a file and
gives the front server an address that is good for one minute, one method and one file; the front
server fetches it and sends it on (docs/scaling.md). Without a front server the site sends it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

GOOD_FOR = 60  # seconds


def _as_of_a_disk(method: Callable[..., Any]) -> Callable[..., Any]:
    """A store that does not answer is to the site what a disk is that does not: an OSError."""

    @wraps(method)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"The store of uploads: {error}") from error

    return told


class S3Media(S3Storage):
    """Private objects under the names that the folder would have; nothing is overwritten."""

    def get_default_settings(self) -> dict[str, Any]:
        patient = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=3,
            read_timeout=20,
            retries={"max_attempts": 3, "mode": "standard"},
            # Stores that are not Amazon's do not know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return super().get_default_settings() | {
            "client_config": patient,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            "querystring_expire": GOOD_FOR,
        }

    def handed_over(self, name: str, *, method: str, mime: str, disposition: str) -> str:
        """Path and query of a file for the front server: "bucket/ab/…?X-Amz-…".

        What the store shall say of type and name is signed with it, so nobody else can choose it.
        """
        said = {"ResponseContentType": mime, "ResponseContentDisposition": disposition}
        parts = urlsplit(self.url(name, parameters=said, http_method=method))
        return f"{parts.path.lstrip('/')}?{parts.query}"

    def plain_address(self, name: str) -> str:
        """Where anybody would ask for a file; a closed store refuses it."""
        return self.url(name).partition("?")[0]

    _open = _as_of_a_disk(S3Storage._open)
    _save = _as_of_a_disk(S3Storage._save)
    delete = _as_of_a_disk(S3Storage.delete)
    exists = _as_of_a_disk(S3Storage.exists)
    listdir = _as_of_a_disk(S3Storage.listdir)
    size = _as_of_a_disk(S3Storage.size)
    get_modified_time = _as_of_a_disk(S3Storage.get_modified_time)
