"""A real PostgreSQL for the tests: the machine's own binaries, a fresh cluster, no durability, no network."""

import glob
import os
import pwd
import shutil
import subprocess
from pathlib import Path

# A crash loses nothing that anybody wants; so nothing is written twice, and little is kept to be written later.
OPTIONS = """
    fsync=off synchronous_commit=off full_page_writes=off wal_level=minimal max_wal_senders=0
    min_wal_size=32MB max_wal_size=256MB shared_buffers=32MB
    autovacuum=off max_connections=200 listen_addresses=''
"""
# As a server for a State is set up, with a tenth of its memory for what is read and written again and again.
OF_A_STATE = f"{OPTIONS} shared_buffers=1GB max_wal_size=4GB log_min_duration_statement=500"


def find_binaries() -> Path | None:
    """The folder of initdb and pg_ctl: on the path, or where Debian keeps the newest version."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: float(path.split("/")[4]))
    return Path(versions[-1]).parent if versions else None


class Cluster:
    """A throw-away server on a Unix socket; PostgreSQL refuses to run as root, so root lends it an account."""

    def __init__(self, binaries: Path, folder: Path, options: str = OPTIONS):
        self.binaries, self.folder, self.options = binaries, folder, options
        folder.mkdir(mode=0o700)
        self.run_as = _unprivileged_account() if os.geteuid() == 0 else None
        if self.run_as:
            os.chown(self.folder, pwd.getpwnam(self.run_as).pw_uid, -1)

    def start(self) -> str:
        """Start and return the URL of the server, without a database name."""
        data = self.folder / "data"
        self._run("initdb", "--no-sync", "-A", "trust", "-U", "karmyogi", "-E", "UTF8", "--locale=C.UTF-8", "-D", data)
        options = " ".join([f"-k {self.folder}", *(f"-c {option}" for option in self.options.split())])
        self._run("pg_ctl", "-D", data, "-w", "-o", options, "-l", self.folder / "server.log", "start")
        return f"postgresql://karmyogi@/{{name}}?host={self.folder}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object, check: bool = True) -> None:
        command = [str(self.binaries / program), *map(str, arguments)]
        if self.run_as:
            command = ["runuser", "-u", self.run_as, "--", *command]
        done = subprocess.run(
            command, cwd="/tmp", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
        )
        if check and done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")


def _unprivileged_account() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise RuntimeError("no account to run PostgreSQL as")
