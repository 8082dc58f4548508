"""Brings what the tests of the phone line need: a folder with Asterisk and SIP phones."""

import sys

from frontline.errors import FrontlineError
from tools.telephony.chroot import chroot_folder, make_chroot


def main() -> int:
    """Make it, unless it is there; the exit code."""
    try:
        make_chroot(chroot_folder())
    except FrontlineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
