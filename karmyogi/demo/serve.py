"""`make run`: a demo state on first start, then the web server and the scheduler, until it is told to stop."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from karmyogi.config import ROOT
from karmyogi.demo.cast import CAST

HOST, PORT = "127.0.0.1", int(os.environ.get("PORT", "8000"))
BIN = Path(sys.executable).parent


def main() -> None:
    """Prepare, print the address, and run the two processes side by side."""
    environment = os.environ | {
        "KARMYOGI_DEMO": os.environ.get("KARMYOGI_DEMO", "1"),
        "KARMYOGI_BASE_URL": os.environ.get("KARMYOGI_BASE_URL", f"http://{HOST}:{PORT}"),
        "FLASK_APP": str(ROOT / "app.py"),
    }
    _flask(environment, "migrate")
    if _is_empty(environment):
        print("First start: writing and importing a fictional state. This takes about a minute.", flush=True)  # noqa: T201
        _flask(environment, "demo", "load")
    _announce()
    _run_until_stopped(environment)


def _flask(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([BIN / "flask", *arguments], env=environment, cwd=ROOT, check=True)  # noqa: S603 - our own program


def _is_empty(environment: dict[str, str]) -> bool:
    asked = subprocess.run(  # noqa: S603 - our own program
        [BIN / "flask", "demo", "exists"], env=environment, cwd=ROOT, check=False, capture_output=True
    )
    return asked.returncode != 0


def _announce() -> None:
    names = ", ".join(f"{member.key} ({member.role})" for member in CAST)
    print(f"\n  karmyogi  http://{HOST}:{PORT}\n", flush=True)  # noqa: T201
    print(f"  The sign-in page offers the demo cast, without passwords:\n  {names}\n", flush=True)  # noqa: T201
    print("  Stop with Ctrl+C.\n", flush=True)  # noqa: T201


def _run_until_stopped(environment: dict[str, str]) -> None:
    commands = (
        [
            BIN / "gunicorn",
            f"--bind={HOST}:{PORT}",
            "--workers=2",
            "--threads=4",
            "--no-control-socket",
            "app:create_app()",
        ],
        [BIN / "flask", "schedule", "run"],
    )
    processes = [subprocess.Popen(command, env=environment, cwd=ROOT) for command in commands]  # noqa: S603
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.5) and all(process.poll() is None for process in processes):
        pass
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=30)


if __name__ == "__main__":
    main()
