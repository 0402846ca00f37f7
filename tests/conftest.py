"""What all tests share."""

import signal

import torch

# One thread: pictures of 28×28 gain little from a second one, and on a busy machine two wait for each other.
torch.set_num_threads(1)
# What a shell starts in the background ignores Ctrl-C, and so would every process that a test starts to interrupt it.
signal.signal(signal.SIGINT, signal.default_int_handler)
