"""How far a picture is from the truth: MSE, PSNR, SSIM."""

from __future__ import annotations

import torch
from torch import Tensor

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


def ssim(pictures: Tensor, truth: Tensor) -> Tensor:
    """Structural similarity of each picture, ``[N]``, 1 when equal.

    Wang et al. 2004 (doi 10.1109/TIP.2003.819861) with their Gaussian window of sigma 1.5, as computed by
    scikit-image.
    """
    _check_pair(pictures, truth)
    from skimage.metrics import structural_similarity  # scipy takes a second to import: only when asked for

    def one(a: Tensor, b: Tensor) -> float:
        window = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
        return float(structural_similarity(a.numpy(), b.numpy(), data_range=1.0, **window))

    pairs = zip(pictures[:, 0].cpu(), truth[:, 0].cpu(), strict=True)
    return torch.tensor([one(a, b) for a, b in pairs], dtype=torch.float32)


def _check_pair(pictures: Tensor, truth: Tensor) -> None:
    check_pictures(pictures)
    check_pictures(truth)
    if pictures.shape != truth.shape:
        raise ValueError(f"{len(pictures)} pictures cannot be compared with {len(truth)}: give as many of each")
