"""From what somebody drew to the 28×28 picture the networks know: MNIST's own recipe, as one pure function."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image

from denoiser.centring import SMALLEST_PHOTO, border_of, centred, fitted
from denoiser.extras import is_installed
from denoiser.photo import Found, find_digit
from denoiser.pictures import SIDE

LARGEST_SIDE = 4096  # pixels; beyond that a picture is refused before any work is done
MOST_PIXELS = 2_000_000  # of a photo that are looked at: a larger one is made smaller first


def digit_from_drawing(pixels: np.ndarray) -> torch.Tensor:
    """Turn a canvas or a photo of one digit into the picture MNIST would have made of it.

    The ink's bounding box is scaled to 20×20 pixels (never counted smaller than 40 % of the canvas, so that
    a dot stays a dot) and pasted with its centre of mass at the centre of 28×28, as described for MNIST by
    LeCun et al., http://yann.lecun.com/exdb/mnist. Ink may be bright on dark or dark on bright, in colour,
    off-centre, thin or thick, on a transparent ground. A picture whose border is not all of one level is a photo:
    there the likeliest digit is looked for, and its own box is what is scaled (`look` tells what else was seen).

    Args:
        pixels: uint8 array ``[H, W]`` (grey), ``[H, W, 2]`` (grey, alpha), ``[H, W, 3]`` (RGB) or
            ``[H, W, 4]`` (RGBA), sides from 1 to 4096.

    Returns:
        float32 tensor ``[1, 1, 28, 28]`` in [0, 1], ink bright on dark; all zeros where there is no ink.

    Raises:
        ValueError: another shape, size or dtype.
    """
    grey = _grey(_checked(pixels))
    digit = _from_canvas(grey)
    return _from_photo(find_digit(grey)) if digit is None else digit


def digits_from_canvases(pixels: np.ndarray) -> torch.Tensor:
    """The same for many canvases at once, which takes less time; none of them is taken for a photo.

    Args:
        pixels: uint8 array ``[N, H, W]``, sides from 1 to 4096.

    Returns:
        float32 tensor ``[N, 1, 28, 28]`` in [0, 1].
    """
    with torch.inference_mode():
        drawings = torch.tensor(pixels, dtype=torch.float32)
        digits = centred(drawings, border_of(drawings))
    return digits.clone()  # out of inference mode a copy is an ordinary tensor


def _from_canvas(grey: np.ndarray) -> torch.Tensor | None:
    """The digit of ``[H, W]``; None where that is a photo."""
    with torch.inference_mode():
        drawing = torch.tensor(grey, dtype=torch.float32)[None]
        border = border_of(drawing)
        digit = None if border.photo else centred(drawing, border)
    return None if digit is None else digit.clone()


class Sight(NamedTuple):
    """What a picture shows."""

    digit: torch.Tensor  # [1, 1, 28, 28], as `digit_from_drawing` returns it
    photo: bool  # or else a canvas, a scan, a picture of a few pixels
    several: bool  # things that look alike, as a row of digits does: the digit is one of them, and may be the wrong one
    box: tuple[float, ...] | None  # of the digit: left, top, right, bottom, as shares of width and height


def look(pixels: np.ndarray) -> Sight:
    """Do as `digit_from_drawing`, and tell a photo from a canvas and several things from a digit."""
    grey = _grey(_checked(pixels))
    canvas = _from_canvas(grey)
    photo = canvas is None
    # On a canvas it only finds out whether there are several things: whoever has no package for photos does without.
    searched = min(grey.shape) >= SMALLEST_PHOTO and (photo or is_installed("photos"))
    found = find_digit(grey) if searched else None
    digit = _from_photo(found) if canvas is None else canvas
    return Sight(digit, photo, found is not None and found.several, found and found.box)


def _from_photo(found: Found | None) -> torch.Tensor:
    if found is None:
        return torch.zeros(1, 1, SIDE, SIDE)
    strength = torch.from_numpy(found.ink)[None]
    return fitted(strength, strength > 0.25)


def _checked(pixels: np.ndarray) -> np.ndarray:
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        raise ValueError("a drawing must be a numpy array of uint8 pixels: convert it with .astype('uint8')")
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (1, 2, 3, 4)):
        raise ValueError(f"a drawing must be [H, W] or [H, W, 1 to 4 channels], not {list(pixels.shape)}")
    if not all(1 <= side <= LARGEST_SIDE for side in pixels.shape[:2]):
        height, width = pixels.shape[:2]
        raise ValueError(f"a drawing of {width}×{height} pixels: each side must be 1 to {LARGEST_SIDE}; resize it")
    return _reduced(pixels) if pixels.shape[0] * pixels.shape[1] > MOST_PIXELS else pixels


def _reduced(pixels: np.ndarray) -> np.ndarray:
    """Averaged over whole squares, which takes a tenth of the time of any other way."""
    times = math.ceil((pixels.shape[0] * pixels.shape[1] / MOST_PIXELS) ** 0.5)
    return np.asarray(Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels).reduce(times))


def _grey(pixels: np.ndarray) -> np.ndarray:
    """``[H, W]`` luminance in 0–255, transparent parts filled with what contrasts with the rest."""
    if pixels.ndim == 2:
        return pixels
    channels = pixels.shape[2]
    colour = pixels[..., :3] if channels >= 3 else pixels[..., :1]
    weights = np.array([0.299, 0.587, 0.114] if channels >= 3 else [1.0], dtype=np.float32)  # ITU-R BT.601
    grey = colour.astype(np.float32) @ weights
    if channels in (1, 3):
        return grey
    alpha = pixels[..., -1].astype(np.float32) / 255
    visible = float(alpha.sum())
    bright = visible > 0 and float((grey * alpha).sum()) / visible > 127
    return grey * alpha + (0.0 if bright else 255.0) * (1 - alpha)
