"""The set-up: three files that must agree, nothing fetched but what is pinned, no address of a registry anywhere."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked():
    """Locked versions by name, and the options of each entry."""
    entries = {}
    for entry in LOCK.replace("\\\n", " ").splitlines():
        requirement, *hashes = entry.split("--hash=")
        parsed = Requirement(requirement.strip())
        (pin,) = parsed.specifier
        entries.setdefault(parsed.name, []).append((pin, hashes))
    return entries


def test_the_lock_pins_every_declared_package_within_its_bounds():
    entries = locked()
    declared = [Requirement(one) for one in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]]
    assert len(declared) > 20
    for requirement in declared:
        for pin, _ in entries[requirement.name]:
            assert requirement.specifier.contains(Version(pin.version)), requirement


def test_every_locked_package_is_pinned_exactly_and_by_hash():
    for name, pins in locked().items():
        for pin, hashes in pins:
            assert pin.operator == "==" and hashes and all(re.match(r"sha256:[0-9a-f]{64}\b", one) for one in hashes), (
                name
            )


def test_conda_users_get_the_same_pins():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert pip == ["-r requirements.lock"]
    python = next(entry for entry in environment["dependencies"] if str(entry).startswith("python"))
    assert python == f"python{PROJECT['requires-python']}"
    assert {str(entry) for entry in environment["dependencies"]} - {python, str({"pip": pip})} == {"pip"}


def test_every_dependency_has_a_reason_beside_it():
    """Each group of packages in pyproject.toml stands under a comment."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for block in re.findall(r"(?:^dependencies|^dev) = \[\n(.*?)^\]", text, flags=re.MULTILINE | re.DOTALL):
        assert block.lstrip().startswith("#")


def test_no_address_of_a_registry_stands_in_any_file():
    files = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    )
    hosts = re.compile(r"py" r"pi\.org|python" r"hosted|registry\.npm" r"js|deb\.deb" r"ian|ana" r"conda\.org")
    checked = 0
    for name in filter(None, files):
        path = ROOT / name
        if path.is_file() and path.suffix not in (".ttf", ".xlsx", ".png"):
            checked += 1
            assert not hosts.search(path.read_text(encoding="utf-8")), name
    assert checked > 40


def test_the_commands_without_make_are_those_of_the_makefile():
    """The same environment, the same options; make only says less while it works."""
    makefile = (
        (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", ".venv/bin").replace("$(VENV)", ".venv")
    )
    makefile = makefile.replace("$(PYTHON)", "python3").replace(" --quiet --disable-pip-version-check", "")
    for guide in ("README.md", "README.ja.md"):
        text = (ROOT / guide).read_text(encoding="utf-8")
        commands = re.findall(r"^    (python3 -m venv .*|.venv/bin/python -m pip .*)$", text, re.MULTILINE)
        assert len(commands) == 3
        for command in commands:
            assert f"\t{command}\n" in makefile, (guide, command)
