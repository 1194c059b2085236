"""The files an operator copies: every name in them is one that somebody reads."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.shape.sources import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SITE = [
    name for name, service in COMPOSE["services"].items() if service.get("image") == "tequio:local"
]
# Read by the Compose file itself, not by the site.
OF_COMPOSE = {"REQUIREMENTS", "SITE_HOST", "ACME_EMAIL"}
# Read where no `env.…("NAME")` can be found: built from parts, or by programs beside the site.
ELSEWHERE = {"OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}
_READ = re.compile(
    r"""(?:env|self)\.(?:str|int|bool|list|path_in|db|email_url)\(\s*"([A-Z][A-Z_0-9]+)"|"""
    r"""environ(?:\.get\(|\.setdefault\(|\[)\s*["']([A-Z][A-Z_0-9]+)["']"""
)
NOT_FOR_OPERATORS = {
    "DJANGO_SETTINGS_MODULE", "HOME", "METRICS_KIND", "PATH", "PROMETHEUS_MULTIPROC_DIR", "SHELL",
}  # fmt: skip


def read_by_the_site() -> set[str]:
    found = set(ELSEWHERE)
    for path in [*ROOT.glob("config/**/*.py"), ROOT / "manage.py", *ROOT.glob("deploy/*.py")]:
        for pair in _READ.findall(path.read_text()):
            found.update(name for name in pair if name)
    return found - NOT_FOR_OPERATORS


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = (re.match(r"#? ?([A-Z][A-Z_0-9]+)=(.*)", line) for line in lines)
    return {pair[1]: pair[2] for pair in pairs if pair}


def test_the_example_names_every_variable_and_no_other():
    assert set(example()) == read_by_the_site() | OF_COMPOSE


def test_the_settings_page_names_every_variable():
    page = (ROOT / "docs" / "settings.md").read_text()
    missing = [name for name in example() if f"`{name}`" not in page]
    assert missing == []


def test_no_variable_of_the_example_is_there_twice():
    names = re.findall(r"^#? ?([A-Z][A-Z_0-9]+)=", (ROOT / ".env.example").read_text(), re.M)
    assert len(names) == len(set(names))


def test_the_example_holds_no_secret():
    for name in ("SECRET_KEY", "BACKUP_KEY", "DATABASE_URL", "EMAIL_URL", "ADMIN_URL"):
        assert example()[name] == ""


# Compose


def test_every_service_that_something_waits_for_is_there():
    services = COMPOSE["services"]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in services, f"{name} waits for {other}"
            if how["condition"] == "service_healthy":
                own = services[other].get("healthcheck", {})
                assert other in SITE or own.get("test"), f"{other} says nothing of its health"


@pytest.mark.parametrize("what", ["volumes", "networks", "secrets"])
def test_what_services_use_is_declared_and_what_is_declared_is_used(what):
    used = set()
    for service in COMPOSE["services"].values():
        for entry in service.get(what, []):
            name = entry.partition(":")[0]
            if not name.startswith("."):
                used.add(name)
    assert used == set(COMPOSE[what])


def test_files_that_are_mounted_are_in_the_repository():
    for service in COMPOSE["services"].values():
        for entry in service.get("volumes", []):
            if entry.startswith("./"):
                assert (ROOT / entry.partition(":")[0]).is_file()


def test_the_site_reads_every_variable_it_is_given():
    known = read_by_the_site()
    for name in SITE:
        for variable in COMPOSE["services"][name].get("environment", {}):
            assert variable.removesuffix("_FILE") in known, f"{name}: {variable}"


def test_every_secret_has_a_file_that_is_made():
    made = (ROOT / "deploy" / "make-secrets").read_text()
    for name, secret in COMPOSE["secrets"].items():
        assert secret["file"] == f"./secrets/{name}"
        assert f"\nkeep {name} " in made
    for name in SITE:
        service = COMPOSE["services"][name]
        for variable, value in service["environment"].items():
            if variable.endswith("_FILE"):
                assert Path(value).name in service["secrets"]


def test_only_the_front_server_is_reached_from_elsewhere():
    for name, service in COMPOSE["services"].items():
        for port in service.get("ports", []):
            assert name == "caddy" or port.startswith("127.0.0.1:"), f"{name} opens {port}"
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("db", "valkey"):
        assert COMPOSE["services"][name]["networks"] == ["inside"]


def test_the_sites_containers_may_do_little():
    for name in SITE:
        service = COMPOSE["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    caddy = COMPOSE["services"]["caddy"]
    assert caddy["cap_drop"] == ["ALL"]
    assert caddy["cap_add"] == ["NET_BIND_SERVICE"]
    group = re.search(r"groupadd --gid (\d+) tequio", (ROOT / "Dockerfile").read_text())[1]
    assert caddy["group_add"] == [group], "it reads uploads as the group of the site"


# Where the containers' own places are; what these are outside is written in volumes and ports.
OF_CONTAINERS = {"HOST", "PORT", "LIVE_PORT", "METRICS_HOST", "ERASED_LIST", "STATEMENT_TIMEOUT"}
OF_CONTAINERS |= {"CONN_MAX_AGE"}


def test_what_stands_in_the_env_file_comes_first():
    for name in SITE:
        for variable, value in COMPOSE["services"][name]["environment"].items():
            if variable in example() and variable not in OF_CONTAINERS:
                assert str(value).startswith(f"${{{variable}-"), f"{name}: {variable}"


def test_no_unit_forbids_what_the_site_does_with_its_folders():
    """RestrictSUIDSGID refuses to make a folder with the bit that hands its group on."""
    settings = (ROOT / "config" / "settings.py").read_text()
    modes = re.findall(r"_PERMISSIONS = 0o(\d+) if _GROUP_READS else 0o(\d+)", settings)
    assert len(modes) == 2
    assert all(int(mode, 8) < 0o1000 for pair in modes for mode in pair)


def test_processes_are_those_of_the_procfile():
    for line in (ROOT / "Procfile").read_text().splitlines():
        name, _, command = line.partition(": ")
        words = [word for word in command.split() if "=" not in word]
        ours = COMPOSE["services"][name]["command"]
        assert ours[0] == words[0]
        options = {
            word for word in words if word.startswith("--") and word not in ("--host", "--port")
        }
        assert options <= set(ours), name
        for setting in re.findall(r"(STATEMENT_TIMEOUT)=(\S+)", command):
            assert COMPOSE["services"][name]["environment"][setting[0]] == setting[1]
        unit = (ROOT / "deploy" / "systemd" / f"tequio-{name}.service").read_text()
        assert options <= set(unit.split()), f"tequio-{name}.service"


@pytest.mark.skipif(not shutil.which("docker"), reason="there is no docker here")
def test_docker_itself_reads_the_file(tmp_path):
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker has no compose here")
    folder = tmp_path / "tequio"
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    for name in ("docker-compose.yml", ".env.example", "Dockerfile"):
        shutil.copy(ROOT / name, folder)
    shutil.copy(folder / ".env.example", folder / ".env")
    subprocess.run(["sh", "deploy/make-secrets"], cwd=folder, check=True, capture_output=True)
    command = ["docker", "compose", "--profile", "tools", "--profile", "metrics", "config", "-q"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# Dockerfile


def test_the_image_is_built_from_hashes_and_runs_as_nobody_special():
    text = (ROOT / "Dockerfile").read_text()
    stages = re.split(r"^FROM ", text, flags=re.M)[1:]
    assert len(stages) == 2
    assert "--require-hashes" in stages[0]
    assert "messages --compile" in stages[0]
    assert "collectstatic" in stages[0]
    last = stages[1]
    assert re.search(r"^USER tequio$", last, re.M)
    assert last.index("USER tequio") < last.index("HEALTHCHECK") < last.index('CMD ["gunicorn"')
    for copied in re.findall(r"^COPY (?!--from)(\S+)", text, re.M):
        for name in ("run", "s3"):
            assert copied == "." or (ROOT / copied.replace("${REQUIREMENTS}", name)).exists()


def test_nothing_private_gets_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text().split()
    for name in (".env", ".git", ".data", "secrets", ".venv"):
        assert name in ignored
    kept_out = (ROOT / ".gitignore").read_text().split()
    assert {".env", "secrets/"} <= set(kept_out)


def test_secrets_are_made_once_and_closed(tmp_path):
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")

    def make() -> dict[str, str]:
        subprocess.run(["sh", "deploy/make-secrets"], cwd=tmp_path, check=True, capture_output=True)
        return {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    first = make()
    assert make() == first
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert len(first["secret_key"]) >= 50
    assert first["database_password"] in first["database_url"]
    values = [first[name] for name in ("secret_key", "backup_key", "database_password")]
    assert len(set(values)) == 3


# Front servers


@pytest.mark.skipif(not shutil.which("caddy"), reason="there is no caddy here")
def test_caddy_reads_its_file():
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", ROOT / "deploy" / "Caddyfile"],
        env=os.environ | {"SITE_HOST": "community.example.org", "ACME_EMAIL": "a@example.org"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_both_front_servers_say_who_asks_and_hide_what_is_protected():
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    assert nginx.count("proxy_set_header X-Forwarded-For $remote_addr;") == 2
    assert "$proxy_add_x_forwarded_for" not in nginx
    protected = nginx[nginx.index("location /protected/") :]
    protected = protected[: protected.index("}")]
    assert "internal;" in protected
    # What nginx drops of the site's answer when it sends the file itself.
    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Cross-Origin-Resource-Policy",
    ):
        variable = f"$upstream_http_{name.lower().replace('-', '_')}"
        assert f"add_header {name} {variable} always;" in protected
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert "{rp.header.X-Accel-Redirect}" in caddy
    assert "trusted_proxies" not in caddy
    # The address of an upload ends with a slash: without this every one is redirected in a circle.
    assert "disable_canonical_uris" in caddy
