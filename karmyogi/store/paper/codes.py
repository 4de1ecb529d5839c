"""The code by which anybody verifies a paper: as a picture to scan, and as letters to type."""

import io

import segno


def qr_svg(text: str) -> str:
    """A QR code of `text` as one SVG element for a page or a paper; its quiet margin is inside."""
    image = io.BytesIO()
    # Level M, as a short address needs no more: smaller modules would read worse from a photo.
    segno.make(text, error="m", micro=False).save(image, kind="svg", xmldecl=False, nl=False, border=4, omitsize=True)
    return image.getvalue().decode()


def code_in_groups(code: str) -> str:
    """A verification code as printed and read aloud: `0H3J5-K7M9P-QRSTV-WXYZ2-468ACE`.

    Four groups of five and the rest; a shorter code has fewer groups.
    """
    groups = [code[start : start + 5] for start in range(0, 20, 5)] + [code[20:]]
    return "-".join(group for group in groups if group)
