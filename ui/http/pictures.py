"""The pictures that programs send to the endpoints: text, or a file, which is kept in memory and not for long."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from denoiser.data import handwritten_digits
from denoiser.picture_files import LARGEST_FILE, decode_picture, encode_png, enlarge
from denoiser.pictures import to_bytes
from serving.encoding import from_base64

DATA_URL = re.compile(r"data:image/[a-z.+-]{1,20};base64,")
LIFETIME = 300.0  # seconds from the upload until a picture is forgotten
MOST_PICTURE_BYTES = 24 * 2**20  # of all pictures kept; the oldest make room
MOST_PICTURES = 256

SAMPLE = "/sample.png"  # the address of a picture to try the endpoints with
HERE = "http://page.invalid"  # stands for the page's own address until somebody asks for it
# Names of what was uploaded: Gradio takes a path for a file of its own, and refuses it, unless it is an address.
KEPT = f"{HERE}/uploaded/"
SAMPLE_FILE = {"path": HERE + SAMPLE, "url": HERE + SAMPLE, "meta": {"_type": "gradio.FileData"}}
# A JSON schema that Gradio's clients know for a file's, as an alternative to text.
_META = {"type": "object", "properties": {"_type": {"type": "string", "const": "gradio.FileData"}}}
_FILE = {"type": "object", "properties": {"path": {"type": "string"}, "meta": _META}, "required": ["path"]}
PICTURE: dict[str, Any] = {"anyOf": [_FILE, {"type": "string"}]}

NO_PICTURE = "picture must be a file, or text: a PNG, JPEG or WebP file in base64, or a data URL"
NOT_FETCHED = "a picture at another address is not fetched: save it, and send the file or its base64"
NOT_HERE = "this file is not here, or no longer: send it again, or as text in base64"


class Pictures:
    """Files by unguessable names; safe to use from several threads."""

    def __init__(self, most_bytes: int = MOST_PICTURE_BYTES, lifetime: float = LIFETIME) -> None:
        self.most_bytes, self.lifetime = most_bytes, lifetime
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()  # the oldest first
        self._lock = threading.Lock()

    def put(self, data: bytes) -> str:
        """Keep these bytes for a while; returns their name."""
        name = KEPT + secrets.token_urlsafe(24)
        with self._lock:
            self._kept[name] = time.monotonic(), data
            self._make_room()
        return name

    def get(self, name: str) -> bytes | None:
        """The bytes of that name; None where they are not here, or no longer."""
        with self._lock:
            self._make_room()
            return self._kept.get(name, (0.0, None))[1]

    def _make_room(self) -> None:
        size, now = sum(len(data) for _, data in self._kept.values()), time.monotonic()
        while self._kept:
            put, data = next(iter(self._kept.values()))
            if size <= self.most_bytes and len(self._kept) <= MOST_PICTURES and now - put <= self.lifetime:
                return
            size -= len(data)
            self._kept.popitem(last=False)


def picture_of(picture: object, pictures: Pictures) -> np.ndarray:
    """The pixels of a picture that came as text or as a file; ValueError, in one line, for anything else."""
    if isinstance(picture, str):
        encoded = DATA_URL.sub("", picture[:60], count=1) + picture[60:]
        return decode_picture(from_base64(encoded, "picture", LARGEST_FILE))
    path = picture.get("path") if isinstance(picture, dict) else None
    if not isinstance(path, str):
        raise ValueError(NO_PICTURE)
    return decode_picture(_file(path, pictures))


def _file(path: str, pictures: Pictures) -> bytes:
    if path.startswith(KEPT):
        data = pictures.get(path)
        if data is None:
            raise ValueError(NOT_HERE)
        return data
    if not _address(path).endswith(SAMPLE):
        raise ValueError(NOT_FETCHED)
    return sample()


def _address(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


@lru_cache(maxsize=1)
def sample() -> bytes:
    """A digit to try the endpoints with, as a PNG file."""
    digit = to_bytes(handwritten_digits(4, seed=5).images[3, 0])  # a 3
    return encode_png(enlarge(digit, 112))
