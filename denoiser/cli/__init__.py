"""The command line: `python -m denoiser`."""
