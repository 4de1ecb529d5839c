"""How a paper about a person is sent: as a file, kept by nobody on the way, run by nothing."""

from io import BytesIO

from flask import Response, send_file

from karmyogi.web.installed import files


def kept_pdf(sha256: str, number: str, name: str = "") -> Response:
    """A PDF as it was issued, as a file named after its number."""
    return private(as_pdf(files().read(sha256, kind="document"), number, name, sha256))


def as_pdf(content: bytes, number: str, name: str, tag: str) -> Response:
    called = " ".join([number.replace("/", "-"), *name.split()])
    return send_file(
        BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=f"{called}.pdf", etag=tag
    )


def private(response: Response) -> Response:
    """A paper about a person: kept by nobody on the way, asked for again each time, run by nothing."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
