"""What all tests share."""

import torch

# One thread: pictures of 28×28 gain little from a second one, and on a busy machine two wait for each other.
torch.set_num_threads(1)
