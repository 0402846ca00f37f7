"""Take the noise out of every picture in a folder: python denoise_folder.py NOISY CLEAN"""

import sys
from pathlib import Path

import denoiser
from denoiser.picture_files import nearest, read_picture_file, write_picture
from denoiser.pictures import from_bytes

noisy, clean = (Path(folder) for folder in sys.argv[1:])
clean.mkdir(parents=True, exist_ok=True)
network = denoiser.load()
for path in sorted(noisy.iterdir()):
    try:
        picture = from_bytes(nearest(read_picture_file(path)))  # [1, 1, 28, 28]
    except (OSError, ValueError) as error:
        print(f"left out: {error}")
        continue
    write_picture(clean / f"{path.stem}.png", network(picture))
    print(clean / f"{path.stem}.png")
