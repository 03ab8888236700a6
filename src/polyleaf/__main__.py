"""Runs the command line with `python -m polyleaf`."""

from polyleaf.cli import main

if __name__ == "__main__":
    main(prog_name="polyleaf")
