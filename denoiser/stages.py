"""The way from a drawing to what is shown of it, cut into stages that can run elsewhere: each is one exported graph.

They only call what the rest of the package calls, so that nothing of it exists in a second version.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from denoiser.centring import border_of, centred
from denoiser.metrics import psnr, ssim
from denoiser.noise import FIELDS, KINDS, drown
from denoiser.pictures import DRAWING, SIDE, bytes_of


class Drowned(NamedTuple):
    digit: Tensor  # float32 [1, 1, 28, 28], as `digit_from_drawing` returns it
    noisy: Tensor  # float32 [N, 1, 28, 28], as `corrupt` returns it
    told: Tensor  # float32 [N, 2·kinds], as `described` returns it, or zeros
    ink: Tensor  # bool [1]: whether there is any
    photo: Tensor  # bool [1]: the drawing is none, and its digit is to be looked for by `digit_from_drawing`


class Drown(nn.Module):
    """A drawing under so many amounts of noise."""

    def forward(self, drawing: Tensor, field: Tensor, amount: Tensor, kind: Tensor, tell: Tensor) -> Drowned:
        """Centre a drawing and add noise.

        Args:
            drawing: uint8 ``[112, 112]``.
            field: float32 ``[1, 1, 28, 28]``: what is drawn for this kind, see `denoiser.noise.field`.
            amount: float32 ``[N]`` in [0, 1].
            kind: int64 ``[1]``: the place of the kind in `KINDS`; one without a field adds no noise.
            tell: float32 ``[1]``: 1 where the network is told kind and amount, else 0.
        """
        grey = drawing.float()[None]
        border = border_of(grey)
        digit = centred(grey, border)
        amounts = amount.reshape(-1, 1, 1, 1)
        noisy = digit.expand(amounts.shape[0], 1, SIDE, SIDE)
        for place, name in enumerate(KINDS):
            if FIELDS[name]:
                noisy = torch.where(kind == place, drown(digit, amounts, name, field), noisy)
        chosen = (torch.arange(len(KINDS)) == kind).float() * tell
        told = torch.cat([amount[:, None] * chosen, chosen.expand(amount.shape[0], -1)], dim=1)
        return Drowned(digit, noisy, told, digit.amax(dim=(1, 2, 3)) > 0, border.photo.flatten())


class Sample(nn.Module):
    """A drawing, uint8 ``[112, 112]``, as a picture ``[1, 1, 28, 28]``: pixel by pixel, nothing averaged or moved."""

    def forward(self, drawing: Tensor) -> Tensor:
        step = DRAWING // SIDE
        return drawing[step // 2 :: step, step // 2 :: step].float()[None, None] / 255


class Denoise(nn.Module):
    """Noisy pictures ``[N, 1, 28, 28]``, and what the network is told, to denoised ones."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, noisy: Tensor, told: Tensor | None = None) -> Tensor:
        denoised: Tensor = self.network(noisy) if told is None else self.network(noisy, told)
        return denoised.clamp(0, 1)


class Read(nn.Module):
    """Pictures ``[N, 1, 28, 28]`` to probabilities ``[N, 10]``."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.network(pictures)
        return logits.softmax(dim=1)


class Shown(NamedTuple):
    pixels: Tensor  # uint8 [N, 28, 28]
    psnr: Tensor  # float32 [N]: dB, infinite where nothing differs
    ssim: Tensor  # float32 [N]


class Show(nn.Module):
    """Pictures ``[N, 1, 28, 28]`` as bytes, and how close each is to the truth ``[1, 1, 28, 28]``."""

    def forward(self, pictures: Tensor, truth: Tensor) -> Shown:
        same = truth.expand(pictures.shape[0], 1, SIDE, SIDE)
        return Shown(bytes_of(pictures[:, 0]), psnr(pictures, same), ssim(pictures, same))
