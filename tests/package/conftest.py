"""The package installed once, away from the checkout, for all tests that use it there."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Installed:
    """The package as pip installs it, away from the checkout, and a cache of its own."""

    site: Path
    cache: Path

    @property
    def environment(self):
        """The variables under which a program finds it, and no data but its own."""
        chosen = {"PYTHONPATH": str(self.site), "XDG_CACHE_HOME": str(self.cache), "OMP_NUM_THREADS": "1"}
        return {key: value for key, value in os.environ.items() if key != "DENOISER_DATA"} | chosen

    def run(self, *arguments, cwd):
        """What a Python program prints that must succeed."""
        return self._said([sys.executable, *arguments], cwd)

    def command(self, *arguments, cwd):
        """What the command `denoiser` prints, which must succeed."""
        return self._said([str(self.site / "bin" / "denoiser"), *arguments], cwd)

    def _said(self, command, cwd):
        done = subprocess.run(command, cwd=cwd, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """Installed from nothing but what a wheel is made of: pip leaves traces where it builds."""
    folder = tmp_path_factory.mktemp("installed")
    for name in ("denoiser", "checkpoints"):
        shutil.copytree(ROOT / name, folder / "source" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", folder / "site", folder / "source"], check=True, capture_output=True)
    return Installed(folder / "site", folder / "cache")
