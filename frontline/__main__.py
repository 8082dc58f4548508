"""`python -m frontline` is the `frontline` command."""

from frontline.cli import main

if __name__ == "__main__":
    main()
