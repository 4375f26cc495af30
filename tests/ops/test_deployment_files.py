"""docker-compose.yml, Dockerfile, .env.example: whole, safe, and of one mind with the settings."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.sources import ROOT, product_files, read

OUR_OWN = {"web", "worker", "beat", "migrate"}
# Read from the shell's own environment, or set for programs of others.
NOT_OURS = {"LANG", "LC_ALL", "REMAP_SIGTERM", "DJANGO_SETTINGS_MODULE"}
# Read by docker-compose.yml alone.
COMPOSE_ONLY = {"WORKER_CONCURRENCY"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(read(Path("docker-compose.yml")))
    return found


def variables_read() -> set[str]:
    pattern = re.compile(
        r"env_(?:text|bool|int|list|choice|hosts|ports)\(\s*\"([A-Z_]+)\"|environ(?:\.get)?[\[(]\"([A-Z_]+)\""
    )
    return {first or second for path in product_files() for first, second in pattern.findall(read(path))} - NOT_OURS


def variables_documented() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", read(Path(".env.example")), re.M))


def test_every_variable_is_documented_and_no_other() -> None:
    assert variables_documented() == variables_read() | COMPOSE_ONLY


def test_the_shown_defaults_are_the_defaults() -> None:
    text = read(Path("pmo/settings.py"))
    shown = dict(re.findall(r"^#([A-Z_]+)=(\d+)$", read(Path(".env.example")), re.M))
    real = dict(re.findall(r"env_int\(\s*\"([A-Z_]+)\", default=(\d+)", text + read(Path("pmo/env.py"))))
    assert real
    assert {name: shown.get(name) for name in real} == real


def test_all_parts_are_there_with_health_checks_and_restart(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == OUR_OWN | {"postgres", "redis"}
    for name, service in services.items():
        if name == "migrate":
            assert service["restart"] == "no"
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}, name


def test_only_the_web_is_published_and_only_to_the_proxy_of_this_host(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])
    assert compose["networks"]["inside"] == {"internal": True}
    assert [name for name, service in compose["services"].items() if "outside" in service["networks"]] == ["web"]


def test_secrets_come_from_files_and_nothing_else(compose: dict[str, Any]) -> None:
    defined = set(compose["secrets"])
    assert all(secret["file"].startswith("./secrets/") for secret in compose["secrets"].values())
    for name, service in compose["services"].items():
        assert set(service["secrets"]) <= defined, name
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET", variable):
                assert variable.endswith("_FILE") and value.startswith("/run/secrets/"), (name, variable)
                assert value.rpartition("/")[2] in service["secrets"], (name, variable)
            assert not re.search(r"://[^/@]*:[^/@]+@", str(value)), (name, variable)


def test_our_containers_may_do_little(compose: dict[str, Any]) -> None:
    for name in OUR_OWN:
        service = compose["services"][name]
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["environment"]["BELLWETHER_PROFILE"] == "production", name


def test_the_broker_keeps_what_it_was_given(compose: dict[str, Any]) -> None:
    command = " ".join(compose["services"]["redis"]["command"])
    for wanted in ("--appendonly yes", "--maxmemory-policy noeviction", "--requirepass"):
        assert wanted in command
    assert compose["services"]["redis"]["volumes"] == ["redis:/data"]


def test_data_lies_in_named_volumes(compose: dict[str, Any]) -> None:
    used = {volume.partition(":")[0] for service in compose["services"].values() for volume in service["volumes"]}
    assert used == set(compose["volumes"])


def test_versions_are_named_and_recent(compose: dict[str, Any]) -> None:
    image, version = compose["services"]["postgres"]["image"].split(":")
    assert image == "postgres" and int(version.partition("-")[0]) >= 15
    image, version = compose["services"]["redis"]["image"].split(":")
    assert image == "redis" and int(version.partition("-")[0]) >= 7


def test_one_beat_that_waits_for_the_tables(compose: dict[str, Any]) -> None:
    beat = compose["services"]["beat"]
    assert "deploy" not in beat and "scale" not in beat
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_every_variable_of_the_compose_file_is_known(compose: dict[str, Any]) -> None:
    given = {name.removesuffix("_FILE") for name in compose["services"]["web"]["environment"]} - NOT_OURS
    assert given <= variables_read()
    assert set(re.findall(r"\$\{([A-Z_]+)", read(Path("docker-compose.yml")))) <= variables_documented()


def test_the_image_runs_as_an_ordinary_user_without_build_tools() -> None:
    text = read(Path("Dockerfile"))
    final = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!root|0)\w+$", final, re.M)
    assert "apt-get" not in text and "gcc" not in text
    assert "--require-hashes" in text
    assert not re.search(r"(SECRET_KEY|PASSWORD)=", text)


def test_the_image_gets_sources_only() -> None:
    lines = read(Path(".dockerignore")).splitlines()
    assert lines[0] == "*"
    for name in (line[1:] for line in lines if line.startswith("!")):
        assert (ROOT / name).exists(), name
    assert not {"!.env", "!secrets", "!var", "!.git", "!tests"} & set(lines)


def test_secrets_are_made_once_and_for_the_owner(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts" / "make_secrets.sh"
    script.write_text(read(Path("scripts/make_secrets.sh")), encoding="utf-8")
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    made = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == {"secret_key", "database_password", "redis_password"}
    assert all(len(value) >= 50 for value in made.values()) and len(set(made.values())) == 3
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "secrets").iterdir()} == made
