"""The command line: `python -m geo_app`."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="python -m geo_app")
