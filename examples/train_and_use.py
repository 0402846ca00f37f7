"""Train a network, keep it as a file, and use that file like any other: python train_and_use.py [SECONDS]"""

import sys

import torch

import denoiser
from denoiser.watch.settings import RunSettings

seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 15.0
run = denoiser.TrainingRun(RunSettings(seconds=seconds).config())  # the recipe that the page recommends
for step in run:
    if step.step % 50 == 0:
        print(f"step {step.step}, {step.seconds:.1f} s: loss {step.loss:.4f}")
run.save("mine.safetensors")

clean = denoiser.load_digits("auto", "test", limit=500).images
noisy = denoiser.corrupt(clean, 0.75, generator=torch.Generator().manual_seed(0))
print(f"noisy: MSE {denoiser.metrics.mse(noisy, clean).mean():.5f}")
for name in ("mine.safetensors", "default"):
    denoised = denoiser.load(name)(noisy)
    print(f"{name}: MSE {denoiser.metrics.mse(denoised, clean).mean():.5f}")
