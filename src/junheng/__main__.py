"""`python -m junheng`: the same as the `junheng` command."""

from junheng.present.cli.main import run

if __name__ == "__main__":
    run()
