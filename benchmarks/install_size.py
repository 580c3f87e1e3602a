"""Size of the installed base: site-packages with bytecode, without pip, setuptools and the weights."""

from __future__ import annotations

import compileall
import sysconfig
from pathlib import Path

LEFT_OUT = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "wheel")


def main() -> None:
    """Print megabytes in all and of the largest packages."""
    folder = Path(sysconfig.get_paths()["purelib"])
    compileall.compile_dir(folder, quiet=2, workers=1)
    sizes: dict[str, int] = {}
    for file in folder.rglob("*"):
        top = file.relative_to(folder).parts[0]
        if top.split("-")[0] in LEFT_OUT or "weights" in file.parts or not file.is_file():
            continue
        sizes[top] = sizes.get(top, 0) + file.stat().st_size
    print(f"base install: {sum(sizes.values()) / 1e6:.0f} MB")
    for name in sorted(sizes, key=lambda n: -sizes[n])[:8]:
        print(f"  {name:45} {sizes[name] / 1e6:6.1f} MB")


if __name__ == "__main__":
    main()
