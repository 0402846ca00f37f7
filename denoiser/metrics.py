"""How far a picture is from the truth: MSE, PSNR, SSIM."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiser.pictures import check_pictures


def mse(pictures: Tensor, truth: Tensor) -> Tensor:
    """Mean squared error of each picture, ``[N]``; 0 is perfect.

    Args:
        pictures, truth: float32 ``[N, 1, 28, 28]`` in [0, 1].
    """
    _check_pair(pictures, truth)
    return (pictures - truth).square().mean(dim=(1, 2, 3))


def psnr(pictures: Tensor, truth: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of each picture in dB, ``[N]``: ``10·log10(1 / MSE)``, infinite when equal."""
    return -10 * torch.log10(mse(pictures, truth))


def decibels(error: float) -> float:
    """The PSNR in dB of a mean squared error over any number of pictures; infinite where there is none."""
    return -10 * math.log10(error) if error > 0 else math.inf


def ssim(pictures: Tensor, truth: Tensor) -> Tensor:
    """Structural similarity of each picture, ``[N]``, 1 when equal.

    Wang et al. 2004 (doi 10.1109/TIP.2003.819861): Gaussian window of 11×11 with sigma 1.5, K1 = 0.01, K2 = 0.03,
    averaged over the 18×18 places where the window lies wholly inside. scikit-image gives the same numbers with
    ``gaussian_weights=True, use_sample_covariance=False``; this takes a tenth of its time, which every stroke of the
    pen has to wait for.
    """
    _check_pair(pictures, truth)
    x, y = pictures, truth
    window = _gaussian(11, 1.5).to(x.device)
    products = torch.stack([x, y, x * x, y * y, x * y]).flatten(0, 1)
    means = F.conv2d(F.conv2d(products, window), window.mT)  # [5 N, 1, 18, 18]
    mean_x, mean_y, xx, yy, xy = means.unflatten(0, (5, -1)).unbind()
    c1, c2 = 0.01**2, 0.03**2
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    variance = (xx - mean_x**2) + (yy - mean_y**2)
    structure = (2 * (xy - mean_x * mean_y) + c2) / (variance + c2)
    return (luminance * structure).mean(dim=(1, 2, 3))


def _gaussian(side: int, sigma: float) -> Tensor:
    """A column ``[1, 1, side, 1]`` of a normalised Gaussian window, which is this column times its row."""
    line = torch.exp(-((torch.arange(side) - side // 2) ** 2) / (2 * sigma**2))
    return (line / line.sum())[None, None, :, None]


def _check_pair(pictures: Tensor, truth: Tensor) -> None:
    check_pictures(pictures)
    check_pictures(truth)
    if pictures.shape != truth.shape:
        raise ValueError(f"{len(pictures)} pictures cannot be compared with {len(truth)}: give as many of each")
