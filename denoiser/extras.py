"""Packages that are needed for some things only; pyproject.toml has an extra for each of these."""

from importlib import import_module

# The extra → the module that is imported, and the package that brings it.
EXTRAS = {
    "photos": ("scipy.ndimage", "scipy"),
    "download": ("pooch", "pooch"),
    "logs": ("torch.utils.tensorboard", "tensorboard"),
}


def require(extra: str, purpose: str) -> None:
    """Make sure that the package of an extra can be imported.

    Args:
        extra: a key of `EXTRAS`.
        purpose: what takes it, the beginning of the line that says so.

    Raises:
        ValueError: it is not installed; one line says what to install.
    """
    module, package = EXTRAS[extra]
    try:
        import_module(module)
    except ImportError as error:
        line = f'{purpose} needs the package {package}: pip install {package}, or denoiser with its extra "{extra}"'
        raise ValueError(line) from error
