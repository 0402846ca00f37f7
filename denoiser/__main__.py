"""`python -m denoiser`."""

import sys

from denoiser.cli.main import main

if __name__ == "__main__":
    sys.exit(main(program="python -m denoiser"))
