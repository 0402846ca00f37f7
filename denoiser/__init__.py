"""Take noise out of handwritten digits: five kinds of noise, small networks, a trainer, shipped weights.

>>> import torch, denoiser
>>> noisy = denoiser.corrupt(torch.zeros(1, 1, 28, 28), 0.5)
>>> denoiser.load()(noisy).shape
torch.Size([1, 1, 28, 28])
"""

from denoiser import metrics
from denoiser.canvas import digit_from_drawing
from denoiser.checkpoint import Info
from denoiser.data import Digits, load_digits, read_digits
from denoiser.inference import Denoiser, Reader, available, load, load_classifier
from denoiser.noise import KINDS, corrupt
from denoiser.train.config import TrainingConfig
from denoiser.train.recipes import RECIPES
from denoiser.train.run import TrainingRun
from denoiser.train.step import Step

__all__ = [
    "KINDS",
    "RECIPES",
    "Denoiser",
    "Digits",
    "Info",
    "Reader",
    "Step",
    "TrainingConfig",
    "TrainingRun",
    "available",
    "corrupt",
    "digit_from_drawing",
    "load",
    "load_classifier",
    "load_digits",
    "metrics",
    "read_digits",
]
