"""Refuse big files and model weights, which do not belong into the repository."""

import sys
from pathlib import Path

LIMIT_BYTES = 600_000
WEIGHTS = {".gz", ".onnx", ".h5", ".pt", ".bin", ".zip", ".safetensors"}


def main(names: list[str]) -> int:
    """Name each file that is refused; 1 if there is one."""
    refused = 0
    for path in map(Path, names):
        size = path.stat().st_size
        if size > LIMIT_BYTES or path.suffix in WEIGHTS:
            print(f"{path}: {size} bytes; models and big files are made, not kept here")
            refused = 1
    return refused


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
