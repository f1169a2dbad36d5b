"""`python -m junheng`: the same as the `junheng` command."""

import sys

if __name__ == "__main__":
    try:
        from junheng.present.cli.main import run
    except KeyboardInterrupt:  # while the libraries are being loaded
        sys.stderr.write("已中断。 / Interrupted.\n")
        sys.exit(130)
    run()
