"""Knows what the site is made of, as a bill of materials: CycloneDX 1.6 from the locked lists.

Read from ``requirements/*.txt`` and ``static/vendor/CHECKSUMS``, which are what is installed and
sent; the same lists give the same bill, byte for byte.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings

from config import release

_PACKAGE = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_SCRIPT = re.compile(r"^([0-9a-f]{64})\s+((.+?)-(\d+(?:\.\d+)+)\.min\.js)$")
_SPACE = uuid.UUID("6f1d5c0e-5a52-4f0e-9c3b-6d3f1f6d2b51")


def bill(requirements: Path) -> dict[str, Any]:
    """The bill of one locked list, and of the scripts that pages load."""
    parts = packages(requirements) + scripts(Path(settings.BASE_DIR) / "static" / "vendor")
    parts.sort(key=lambda part: part["bom-ref"])
    version = release.version()
    content = json.dumps(parts, sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, f'{version}:{content}')}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": f"tequio@{version}",
                "name": "tequio",
                "version": version,
                "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
            }
        },
        "components": parts,
        "dependencies": [
            {"ref": f"tequio@{version}", "dependsOn": [part["bom-ref"] for part in parts]}
        ],
    }


def packages(requirements: Path) -> list[dict[str, Any]]:
    """Every package of a locked list, with the hashes under which it is installed."""
    found: list[dict[str, Any]] = []
    text = requirements.read_text().replace("\\\n", " ")
    for line in text.splitlines():
        matched = _PACKAGE.match(line)
        if not matched:
            continue
        name, version = re.sub(r"[-_.]+", "-", matched[1]).lower(), matched[2]
        purl = f"pkg:pypi/{name}@{version}"
        part: dict[str, Any] = {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
        }
        if licence := _licence(name):
            part["licenses"] = [{"license": {"name": licence}}]
        part["properties"] = [
            {"name": "tequio:sha256", "value": one} for one in _HASH.findall(line)
        ]
        if matched[3]:
            part["properties"].append(
                {"name": "tequio:only-if", "value": matched[3].split(" --")[0].strip()}
            )
        found.append(part)
    return found


def _licence(name: str) -> str:
    """As the installed package says it in one line, if it is installed here."""
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    found = said.get("License-Expression") or said.get("License") or ""
    return found if found and "\n" not in found and len(found) < 80 else ""


def scripts(folder: Path) -> list[dict[str, Any]]:
    found = []
    for line in (folder / "CHECKSUMS").read_text().splitlines():
        if matched := _SCRIPT.match(line.strip()):
            purl = f"pkg:npm/{matched[3]}@{matched[4]}"
            found.append(
                {
                    "type": "library",
                    "bom-ref": purl,
                    "name": matched[3],
                    "version": matched[4],
                    "purl": purl,
                    "hashes": [{"alg": "SHA-256", "content": matched[1]}],
                }
            )
    return found
