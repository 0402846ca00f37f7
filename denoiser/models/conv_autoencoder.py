"""The book's "U-Net": a convolutional autoencoder, since it has no skip connections in spite of its name."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from denoiser.models.layers import MOST_DROPOUT, Dropout, check_share


@dataclass(frozen=True)
class ConvAutoencoderConfig:
    """The share `dropout` of the latent that is dropped in training; the book fixes every width."""

    dropout: float = 0.0

    def __post_init__(self) -> None:
        check_share(self, dropout=(0, MOST_DROPOUT))


def _conv(channels: int, width: int) -> nn.Conv2d:
    return nn.Conv2d(channels, width, 3, padding=1)


class ConvAutoencoder(nn.Module):
    """Noisy ``[N, 1, 28, 28]`` to denoised ``[N, 1, 28, 28]`` in (-1, 1), through a latent ``[N, 128, 7, 7]``.

    Everything the decoder knows of the picture passes the 7×7 latent: no activation of the way down is
    carried over, which is what a U-Net would do.
    """

    Config = ConvAutoencoderConfig
    DECODER = ("decoder",)

    def __init__(self, config: ConvAutoencoderConfig | None = None) -> None:
        super().__init__()
        self.config = config or ConvAutoencoderConfig()
        self.dropout = Dropout(self.config.dropout)
        self.encoder = nn.Sequential(
            *(_conv(1, 32), nn.GELU(), nn.MaxPool2d(2)),  # [N, 32, 14, 14]
            *(_conv(32, 64), nn.GELU(), nn.MaxPool2d(2)),  # [N, 64, 7, 7]
            *(_conv(64, 128), nn.GELU()),  # [N, 128, 7, 7]
        )
        self.decoder = nn.Sequential(
            *(nn.Upsample(scale_factor=2), _conv(128, 64), nn.GELU()),  # [N, 64, 14, 14]
            *(nn.Upsample(scale_factor=2), _conv(64, 32), nn.GELU()),  # [N, 32, 28, 28]
            *(_conv(32, 1), nn.Tanh()),  # [N, 1, 28, 28]
        )

    def forward(self, noisy: Tensor) -> Tensor:
        denoised: Tensor = self.decoder(self.dropout(self.encoder(noisy)))
        return denoised
