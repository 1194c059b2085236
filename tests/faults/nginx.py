"""The front server that we ship, on a port of this machine: ``deploy/nginx.conf`` without its TLS,
with as many processes behind it as the test has."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from tests.shape.sources import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
_SCRATCH = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def command(folder: Path, *, port: int, pages: list[int], live: int) -> list[str]:
    """What starts it; its file and its scratch are in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    as_root = "user root;\n" if os.getuid() == 0 else ""
    config.write_text(
        f"{as_root}daemon off; pid {folder}/pid; error_log stderr;\n"
        "events { worker_connections 2048; }\nhttp {\n"
        + "".join(f" {kind}_temp_path {folder}/{kind};\n" for kind in _SCRATCH)
        + _ours(port, pages, live)
        + "}\n"
    )
    return [str(NGINX), "-p", str(folder), "-c", str(config)]


def _ours(port: int, pages: list[int], live: int) -> str:
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    plain, tls = text.index("server {\n    listen 80;"), text.index("server {\n    listen 443")
    text = text[:plain] + text[tls:]
    text = re.sub(r"^\s*(listen \[::\]|ssl_).*\n", "", text, flags=re.M)
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    # The port of a test belongs to what the browser says it asks.
    text = text.replace("Host $host;", "Host $http_host;")
    one = "    server 127.0.0.1:8000 max_fails=0;\n"
    text = text.replace(one, "".join(one.replace("8000", str(page)) for page in pages))
    text = text.replace("127.0.0.1:8001", f"127.0.0.1:{live}")
    assert all(f"127.0.0.1:{number}" in text for number in (port, live, *pages))
    return text
