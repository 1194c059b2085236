"""The bill of materials names every locked package and every script, and is always the same."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from tests.shape.sources import ROOT


def bill(name: str = "run") -> dict:
    out = io.StringIO()
    call_command("sbom", list=name, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("name", ["run", "s3", "trial", "dev"])
def test_every_locked_package_is_in_it_with_its_hashes(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    locked = set(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.M))
    parts = {part["name"]: part for part in bill(name)["components"]}
    assert {re.sub(r"[-_.]+", "-", one) for one in locked} <= set(parts)
    assert len(locked) >= 40
    for part in parts.values():
        sums = [
            one["value"] for one in part.get("properties", ()) if one["name"] == "tequio:sha256"
        ]
        sums += [one["content"] for one in part.get("hashes", ())]
        assert sums, part["name"]
    total = sum(len(p.get("properties", ())) for p in parts.values())
    assert total >= text.count("--hash=sha256:")


def test_it_is_cyclonedx_with_scripts_and_one_reference_each():
    found = bill()
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    refs = [part["bom-ref"] for part in found["components"]]
    assert len(refs) == len(set(refs))
    assert found["dependencies"][0]["dependsOn"] == refs
    assert {"htmx", "htmx-ext-ws", "idiomorph-ext"} <= {p["name"] for p in found["components"]}
    django = next(part for part in found["components"] if part["name"] == "django")
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", found["serialNumber"])


def test_the_same_lists_make_the_same_bill_and_others_another():
    assert bill() == bill()
    assert bill()["serialNumber"] != bill("s3")["serialNumber"]


def test_a_list_that_is_not_there_is_no_bill():
    for name in ("nothing", "../pyproject"):
        with pytest.raises(CommandError):
            bill(name)
