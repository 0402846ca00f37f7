"""The command line: `denoiser`, or `python -m denoiser`."""
