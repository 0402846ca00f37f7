"""The fully connected autoencoder: a picture squeezed through two numbers, so that its latent space can be drawn."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from denoiser.models.layers import MOST_DROPOUT, Dropout, check_share


@dataclass(frozen=True)
class DenseAutoencoderConfig:
    """The share `dropout` of the hidden layers that is dropped in training; the tutorial fixes every width."""

    dropout: float = 0.0

    def __post_init__(self) -> None:
        check_share(self, dropout=(0, MOST_DROPOUT))


def _dense(*widths: int, dropout: float) -> nn.Sequential:
    """Linear layers with a ReLU (and dropout) between them and none at the end."""
    layers: list[nn.Module] = []
    for inputs, outputs in zip(widths, widths[1:], strict=False):
        layers += [nn.Linear(inputs, outputs), nn.Sequential(nn.ReLU(), Dropout(dropout))]
    return nn.Sequential(*layers[:-1])


class DenseAutoencoder(nn.Module):
    """Noisy ``[N, 1, 28, 28]`` to denoised ``[N, 1, 28, 28]``, through a code of two numbers per digit."""

    Config = DenseAutoencoderConfig
    DECODER = ("decoder",)

    def __init__(self, config: DenseAutoencoderConfig | None = None) -> None:
        super().__init__()
        self.config = config or DenseAutoencoderConfig()
        self.encoder = _dense(784, 128, 64, 12, 2, dropout=self.config.dropout)
        self.decoder = _dense(2, 12, 64, 128, 784, dropout=self.config.dropout)

    def forward(self, noisy: Tensor) -> Tensor:
        code = self.encoder(noisy.flatten(1))  # [N, 2]
        denoised: Tensor = self.decoder(code).reshape(-1, 1, 28, 28)
        return denoised
