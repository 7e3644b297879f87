"""Where the recipe reads and writes. Nothing else in the recipe knows a folder."""

import os
from pathlib import Path

RECIPE = Path(__file__).resolve().parent.parent
FACTS = RECIPE / "facts"
CACHE = Path(os.environ.get("RECIPE_CACHE", RECIPE / "cache"))
DOWNLOADS = CACHE / "downloads"
PACKAGES = CACHE / "packages"
PACK = Path(os.environ.get("RECIPE_PACK", RECIPE.parent / "fujian"))


def package_file(package: str, member: str) -> Path:
    """A file that `fetch` unpacked from `package`."""
    return PACKAGES / package / member
