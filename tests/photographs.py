"""Photographs of handwritten digits as phones take them: paper, ink, desk, light, lens and sensor, one after the other.

Light is computed in linear units and only then becomes bytes. Nothing here knows how pictures are read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from denoiser import Digits, load_classifier
from denoiser.data import draw_strokes, find_strokes, handwritten_digits, load_digits, read_stroke_file

SIZES = ((480, 640), (600, 800), (720, 1280), (960, 1280), (1200, 1600))  # short and long side, pixels
LARGE, LARGEST = (1536, 2048), (3024, 4032)
PAPERS = ("white", "lined", "white", "squared", "cream", "lined")
INKS = ("black pen", "blue pen", "pencil", "black felt pen", "red felt pen")
LIGHTS = ("even", "gradient", "hand", "half", "hand", "gradient", "half")
DESKS = (0, 1, 2, 0, 2, 3, 1, 2)  # on how many sides it is seen

# Reflectance of red, green and blue, in linear units.
COLOURS = {
    "white": (0.82, 0.82, 0.8),
    "lined": (0.8, 0.8, 0.79),
    "squared": (0.82, 0.82, 0.8),
    "cream": (0.8, 0.73, 0.6),
}
RULES = {"lined": (0.42, 0.52, 0.68), "squared": (0.52, 0.58, 0.68)}
MARGIN = (0.75, 0.35, 0.35)
DYES = {
    "black pen": (0.04, 0.04, 0.05),
    "blue pen": (0.06, 0.09, 0.32),
    "pencil": (0.2, 0.2, 0.21),
    "black felt pen": (0.025, 0.025, 0.025),
    "red felt pen": (0.45, 0.04, 0.04),
}
WIDTHS = {"pencil": (1 / 26, 1 / 13), "felt": (1 / 13, 1 / 6), "pen": (1 / 26, 1 / 13)}  # of the digit's height
WOODS = {
    "oak": (0.36, 0.2, 0.09),
    "walnut": (0.09, 0.045, 0.025),
    "grey": (0.12, 0.12, 0.13),
    "beech": (0.55, 0.4, 0.25),
}


@dataclass(frozen=True)
class Scene:
    """What was photographed, and how. Lengths in pixels of the photo."""

    label: int
    paper: str
    ink: str
    light: str
    desk: int
    size: tuple[int, int]  # height, width
    height: float  # of the digit
    seed: int


def scenes(count: int, seed: int) -> list[Scene]:
    """Every condition in turn, shuffled against each other; one in 50 at a phone's full resolution."""
    rng = np.random.default_rng(seed)
    columns = [_shuffled(values, count, rng) for values in (range(10), PAPERS, INKS, LIGHTS, DESKS)]
    found = []
    for number, (label, paper, ink, light, desk) in enumerate(zip(*columns, strict=True)):
        sides = LARGEST if number % 50 == 24 else LARGE if number % 5 == 4 else SIZES[rng.integers(len(SIZES))]
        size = sides if rng.random() < 0.4 else sides[::-1]
        height = max(28.0, sides[0] * np.exp(rng.uniform(np.log(0.06), np.log(0.6))))
        found.append(Scene(label, paper, ink, light, desk, size, height, int(rng.integers(2**31))))
    return found


def photograph(scene: Scene, others: tuple[int, ...] = ()) -> bytes:
    """The scene as a JPEG file; `others` stand beside the digit, as in a row."""
    rng = np.random.default_rng(scene.seed)
    height, width = scene.size
    at = np.array([width, height]) * (0.5 + rng.uniform(-0.12, 0.12, 2))
    x, y = _page_coordinates(scene, at, rng)  # in heights of the digit, from its centre
    light = _paper(scene, x, y, rng)
    for place, label in enumerate((scene.label, *others)):
        _write(light, scene, label, x - 1.05 * place, y, rng)
    if scene.desk:
        _put_on_desk(light, scene, x, y, at, rng)
    light *= _illumination(scene, rng)[..., None]
    return _exposed(_blurred(light, scene, rng), rng)


def _shuffled(values, count, rng):
    return [values[i] for i in rng.permutation(np.resize(np.arange(len(values)), count))]


def _page_coordinates(scene, at, rng):
    """Of each pixel: the page is turned by a few degrees and seen a little from the side."""
    height, width = scene.size
    turn = np.deg2rad(np.clip(rng.normal(0, 3.5), -8, 8))
    tilt = rng.uniform(-0.14, 0.14, 2)  # share by which the scale changes over the frame
    x = (np.arange(width, dtype=np.float32) + 0.5 - at[0])[None, :]
    y = (np.arange(height, dtype=np.float32) + 0.5 - at[1])[:, None]
    depth = 1 + tilt[0] * x / width + tilt[1] * y / height
    scale = 1 / scene.height
    across, down = np.cos(turn) * scale, np.sin(turn) * scale
    return (x * across + y * down) / depth, (y * across - x * down) / depth


def _paper(scene, x, y, rng):
    grain = _clouds(scene.size, max(2.0, scene.height / 40), rng) * 0.012 + _clouds(scene.size, 200, rng) * 0.015
    light = np.array(COLOURS[scene.paper], np.float32) * (1 + grain)[..., None]
    if scene.paper not in RULES:
        return light
    spacing = rng.uniform(0.3, 1.6) if scene.paper == "lined" else rng.uniform(0.2, 0.6)
    spacing = max(spacing, 12 / scene.height)  # no paper is ruled more narrowly than this in a photo of its page
    thick = max(0.03 * spacing, 0.8 / scene.height)
    rules = _rule(y, spacing, rng.uniform(0, spacing), thick, scene.height)
    if scene.paper == "squared":
        rules = np.maximum(rules, _rule(x, spacing, rng.uniform(0, spacing), thick, scene.height))
    light += rules[..., None] * (np.array(RULES[scene.paper], np.float32) - light)
    if scene.paper == "lined" and rng.random() < 0.4:
        margin = np.clip((thick - np.abs(x + rng.uniform(0.9, 2))) * scene.height + 0.5, 0, 1)
        light += margin[..., None] * (np.array(MARGIN, np.float32) - light)
    return light


def _rule(along, spacing, start, thick, pixels):
    """Coverage by parallel lines, antialiased; a hairline is fainter than a pixel."""
    distance = np.abs((along - start + spacing / 2) % spacing - spacing / 2)
    return np.clip((thick / 2 - distance) * pixels + 0.5, 0, min(1, thick * pixels))


def _write(light, scene, label, x, y, rng):
    """Ink of one digit, one page unit high, where the page coordinates are within its box."""
    mask = _digit(label, scene.ink, scene.height, rng)
    side = mask.shape[0]
    column, row = (x + 0.75) / 1.5 * side - 0.5, (y + 0.75) / 1.5 * side - 0.5
    inside = (column > 0) & (row > 0) & (column < side - 1) & (row < side - 1)
    c, r = column[inside], row[inside]
    c0, r0 = c.astype(int), r.astype(int)
    fc, fr = c - c0, r - r0
    cover = (mask[r0, c0] * (1 - fc) + mask[r0, c0 + 1] * fc) * (1 - fr)
    cover += (mask[r0 + 1, c0] * (1 - fc) + mask[r0 + 1, c0 + 1] * fc) * fr
    rough = 0.35 if scene.ink == "pencil" else 0.08  # how unevenly the ink lies
    cover *= 1 - rough * rng.random(cover.shape, dtype=np.float32) * (0.6 + 0.4 * rng.random())
    dye = np.array(DYES[scene.ink], np.float32)
    light[inside] += cover[:, None] * (dye - light[inside])


def _digit(label, ink, pixels, rng):
    """Coverage in [0, 1] of a square one and a half times as high as the digit in its middle."""
    side = int(np.clip(1.5 * pixels, 96, 1200))
    file = find_strokes()
    felt = "felt" in ink
    if file is None or (felt and rng.random() < 0.5):  # a felt pen is about as thick as MNIST's strokes
        return _enlarged(label, side, rng)
    strokes = _recordings(str(file))[label]
    points = strokes[rng.integers(len(strokes))]
    low = np.min([s.min(0) for s in points], axis=0)
    high = np.max([s.max(0) for s in points], axis=0)
    scale = 1 / 1.5 / max(high[1] - low[1], (high[0] - low[0]) * 0.8)
    placed = [(s - (low + high) / 2) * scale + 0.5 for s in points]
    width = np.exp(rng.uniform(*np.log(WIDTHS["felt" if felt else "pen"])))
    return draw_strokes(placed, width=max(width, 1.3 / pixels) / 1.5, size=side).astype(np.float32) / 255


def _enlarged(label, side, rng):
    """A digit of 28×28 pixels as a smooth shape."""
    pictures = _pictures()[label]
    small = pictures[rng.integers(len(pictures))]
    inner = round(side * 28 / 20 / 1.5)
    large = Image.fromarray(small).resize((inner, inner), Image.Resampling.BICUBIC)
    shape = np.clip((np.asarray(large) / 255 - 0.5) * inner / 28 * 0.6 + 0.5, 0, 1)
    whole, start = np.zeros((side, side), np.float32), (side - inner) // 2
    whole[start : start + inner, start : start + inner] = shape
    return whole


@cache
def _recordings(file):
    """Of the last fifth of the file, whose writers no network saw."""
    recordings = read_stroke_file(file)
    recordings = recordings[-len(recordings) // 5 :]
    return {label: [strokes for found, strokes in recordings if found == label] for label in range(10)}


@cache
def _pictures():
    """MNIST's; without it the project's own, as far as they can be read, since some of those nobody could."""
    digits = load_digits("auto", "test", limit=2000)
    if digits.source != "MNIST":
        digits = handwritten_digits(400, seed=7)
        readable = load_classifier()(digits.images).max(1)
        clear = (readable.indices == digits.labels) & (readable.values > 0.9)
        digits = Digits(digits.images[clear], digits.labels[clear], digits.source)
    images = (digits.images[:, 0] * 255).round().byte().numpy()
    return {label: images[(digits.labels == label).numpy()] for label in range(10)}


def _put_on_desk(light, scene, x, y, at, rng):
    """The page ends within the frame on so many sides; it throws a narrow shadow on what it lies on."""
    height, width = scene.size
    sides = list(rng.permutation(4))[: scene.desk]
    lower = np.array([-at[0], -at[1]]) / scene.height
    upper = np.array([width - at[0], height - at[1]]) / scene.height
    inside = np.full(scene.size, np.inf, np.float32)  # distance from the page's edge, in pixels
    for side in sides:
        axis, far = side % 2, side >= 2
        limit = (upper if far else lower)[axis]
        edge = np.sign(limit) * max(abs(limit) * rng.uniform(0.55, 0.93), 0.72)
        distance = (edge - (x, y)[axis]) * (1 if far else -1) * scene.height
        inside = np.minimum(inside, distance)
    cover = np.clip(inside + 0.5, 0, 1)[..., None]
    shade = 1 - 0.45 * np.exp(np.minimum(inside, 0) / (0.01 * height))[..., None]
    light *= cover
    light += (1 - cover) * _desk(scene, rng) * shade


def _desk(scene, rng):
    name = rng.choice(list(WOODS))
    height, width = scene.size
    colour = np.array(WOODS[name], np.float32)
    plain = 1 + 0.03 * _clouds(scene.size, 6, rng)
    if name == "grey":
        return colour * plain[..., None]
    veins = _clouds((max(8, height // 6), max(8, width // 160)), 1.5, rng)
    fibres = Image.fromarray(veins).resize((width, height), Image.Resampling.BICUBIC)
    return colour * (plain + 0.16 * np.asarray(fibres))[..., None]


def _illumination(scene, rng):
    """Over the frame, computed on a small one: a lamp to one side, and what stands in its light."""
    height, width = scene.size
    rows, columns = (np.mgrid[0:120, 0 : max(8, round(120 * width / height))] + 0.5).astype(np.float32)
    u, v = columns / columns.shape[1], rows / rows.shape[0]
    angle = rng.uniform(0, 2 * np.pi)
    across = (u - 0.5) * np.cos(angle) + (v - 0.5) * np.sin(angle)
    light = 1 + across * {"even": 0.12, "gradient": rng.uniform(0.5, 1.0)}.get(scene.light, 0.25)
    if scene.light == "half":
        soft = rng.uniform(0.01, 0.06)
        edge = across + rng.uniform(-0.12, 0.12) + 0.03 * np.sin(9 * (u - v) + angle)
        light *= 1 - rng.uniform(0.4, 0.58) / (1 + np.exp(np.clip(-edge / soft, -30, 30)))
    if scene.light == "hand":
        light *= 1 - rng.uniform(0.35, 0.5) * _hand(u, v, width / height, rng)
    vignette = 1 - 0.12 * ((u - 0.5) ** 2 + (v - 0.5) ** 2) / 0.5
    small = Image.fromarray((light * vignette).astype(np.float32))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))


def _hand(u, v, aspect, rng):
    """Shadow of a fist with the phone in it, and of some fingers, from below or from the side."""
    points = np.stack([(u - 0.5) * aspect, v - 0.5], -1)
    angle = rng.uniform(-0.9, 0.9) + rng.choice([0, np.pi / 2, -np.pi / 2])
    forward = np.array([np.sin(angle), -np.cos(angle)])
    side = np.array([np.cos(angle), np.sin(angle)])
    a, b = points @ forward, points @ side  # along the arm and across it
    reach, soft = rng.uniform(-0.15, 0.12), rng.uniform(0.012, 0.04)
    palm = np.hypot((a - reach + 0.3) / 0.3, (b - 0.02) / 0.22) - 1
    arm = np.maximum(np.abs(b) - 0.13, a - reach + 0.25) / 0.2
    shape = np.minimum(palm, arm)
    for finger in range(rng.integers(2, 5)):
        lean = b - (0.13 - 0.1 * finger) - (0.05 * finger - 0.06) * a
        shape = np.minimum(shape, np.maximum(np.abs(lean) - 0.04, a - reach - rng.uniform(0.05, 0.2)) / 0.2)
    return 1 / (1 + np.exp(np.clip(shape * 0.2 / soft * 2, -30, 30)))


def _clouds(size, scale, rng):
    """Smooth noise of deviation about one, with details of this many pixels."""
    small = rng.normal(size=[max(2, int(np.ceil(side / scale))) for side in size]).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize(size[::-1], Image.Resampling.BICUBIC))


def _blurred(light, scene, rng):
    """Out of focus and shaken a little: at most a twentieth of the digit's height, whatever the resolution."""
    radius = min(rng.uniform(0.3, 1.1) * (1 + max(scene.size) / 2500), 0.05 * scene.height)
    return np.stack([gaussian_filter(light[..., i], radius, truncate=3) for i in range(3)], -1)


def _exposed(light, rng):
    """Exposure, white balance, noise, the sensor's curve, and JPEG."""
    exposure = rng.uniform(0.62, 1.08) / np.quantile(light[::16, ::16, 1], 0.97)
    light = light * (exposure * np.array([rng.uniform(0.88, 1.1), 1, rng.uniform(0.8, 1.1)], np.float32))
    gain = rng.uniform(0.002, 0.012)
    noise = rng.standard_normal(light.shape, dtype=np.float32)
    light += noise * gain * (0.25 + np.sqrt(np.maximum(light, 0)))
    np.clip(light, 0, 1, out=light)
    curve = np.where(light < 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)  # sRGB, IEC 61966-2-1
    file = io.BytesIO()
    Image.fromarray((curve * 255 + 0.5).astype(np.uint8)).save(file, "JPEG", quality=int(rng.integers(70, 95)))
    return file.getvalue()


def conditions(scene: Scene) -> Iterator[str]:
    """By what a share is reported."""
    yield from (f"{scene.paper} paper", scene.ink, f"light {scene.light}", f"desk on {scene.desk} sides")
    yield "ink below 60 pixels" if scene.height < 60 else "ink above 60 pixels"
