"""UNet2DModel of diffusers, as the first unit of the Hugging Face diffusion course builds it for MNIST.

The library is needed here alone: `pip install diffusers`.
"""

from __future__ import annotations

from torch import Tensor, nn

UNET2D = dict(
    sample_size=28,
    in_channels=1,
    out_channels=1,
    layers_per_block=2,
    block_out_channels=(32, 64, 64),
    down_block_types=("DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
    up_block_types=("AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"),
)


class UNet2D(nn.Module):
    """The network of the Hugging Face course's first unit, told no time step but 0, as the course does it."""

    def __init__(self) -> None:
        super().__init__()
        from diffusers import UNet2DModel

        self.network = UNet2DModel(**UNET2D)

    def forward(self, noisy: Tensor) -> Tensor:
        return self.network(noisy, 0).sample
