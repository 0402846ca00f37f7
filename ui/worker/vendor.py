"""ONNX Runtime Web, as its npm package has it: fetched by `python -m ui.worker.vendor`, kept compressed, checked.

It lies in the repository because no page may depend on another host, and a classroom may have none.
"""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from denoiser.atomic import write_atomically

PACKAGE, VERSION = "onnxruntime-web", "1.30.0"
FOLDER = Path(__file__).parent / PACKAGE
# The files in its folder `dist`, and their SHA-256: the script with what it needs of others, and the WebAssembly, which
# runs on one thread where the page is not isolated from other origins.
SCRIPT, WASM = "ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"
SHA256 = {
    SCRIPT: "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90",
    WASM: "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
}


def compressed(name: str) -> bytes:
    """One of the files as it lies here, gzipped; ValueError where it is damaged or of another version."""
    data = (FOLDER / f"{name}.gz").read_bytes()
    _check(name, gzip.decompress(data))
    return data


def fetch() -> None:
    """Write the files anew, out of the npm package of this version."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"], cwd=folder, check=True, stdout=sys.stderr)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            for name in SHA256:
                member = package.extractfile(f"package/dist/{name}")
                assert member is not None
                data = member.read()
                _check(name, data)
                write_atomically(FOLDER / f"{name}.gz", gzip.compress(data, 9, mtime=0))


def _check(name: str, data: bytes) -> None:
    if hashlib.sha256(data).hexdigest() != SHA256[name]:
        raise ValueError(f"{name} is not that of {PACKAGE} {VERSION}: run python -m ui.worker.vendor")


if __name__ == "__main__":
    fetch()
