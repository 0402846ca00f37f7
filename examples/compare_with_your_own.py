"""Compare a network of your own with the shipped ones: whatever makes denoised pictures of noisy ones will do."""

import torch
from torch import nn

import denoiser
from denoiser.evaluation import evaluate

layers = [nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.Conv2d(16, 16, 5, padding=2), nn.ReLU()]
yours = nn.Sequential(*layers, nn.Conv2d(16, 1, 5, padding=2))  # [N, 1, 28, 28] to the same
optimizer = torch.optim.Adam(yours.parameters(), lr=3e-3)
for clean in denoiser.load_digits("auto", "train", limit=10_000).images.split(50):
    noisy = denoiser.corrupt(clean, torch.rand(len(clean)))
    loss = (yours(noisy) - clean).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

networks = {"noisy": nn.Identity(), "yours": yours.eval()}
networks |= {info.name: denoiser.load(info.name) for info in denoiser.available()}
digits, read = denoiser.load_digits("auto", "test", limit=200), denoiser.load_classifier()
for name, network in networks.items():
    scores = evaluate(network, digits, read=read)
    print(f"{name:<18} MSE {scores.mse['uniform']:.5f}, {scores.read['0.75']:.1%} read at 0.75")
