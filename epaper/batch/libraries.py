"""Libraries that failed to import, as a sentence that says what to install."""

from __future__ import annotations

from epaper.errors import MissingError

# System library by the start of its file name, and the Debian package that has it.
_PACKAGES = {"libGL": "libgl1", "libgthread": "libglib2.0-0", "libglib": "libglib2.0-0"}


def missing_library(error: ImportError) -> MissingError:
    """What to install, from an import that failed."""
    text = str(error)
    for library, package in _PACKAGES.items():
        if text.startswith(library):
            name = text.split(":", maxsplit=1)[0]
            return MissingError(
                f"The system library {name} is missing: install the package {package} "
                f"(Debian, Ubuntu: apt-get install {package})."
            )
    return MissingError(f"A Python library is missing ({text}): run make, which installs it.")
