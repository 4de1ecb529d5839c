"""Pictures people upload: good ones become clean copies, bad ones a reason, and never more than that."""

import hashlib
import io
import json
import os
import select
import signal
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import reason
from karmyogi.store import images
from karmyogi.store.files import MEGABYTE
from karmyogi.store.images import LIMITS, Limits, inspect_image
from karmyogi.store.sandbox import Sandbox, SandboxUnavailable, pack, unpack

SAMPLES = Path(__file__).parents[1] / "data" / "certificates"
TRUTH = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
ADDRESS = "https://portal.igotkarmayogi.gov.in/certs/3ceaaf30-8142-48ea-91d9-3080f9b439fc"
WEBP = b"RIFF....WEBP"
TOLD = {"width": 10, "height": 10, "codes": [], "pages": 1, "notes": []}  # what the decoder says of a small picture
TOO_MANY_PIXELS = reason("image_too_many_pixels", limit_megapixels=40, limit_side=12_000)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def saved(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def certificate(text: str | bytes = ADDRESS, *, scale: int = 4) -> Image.Image:
    """A certificate with a QR code, as good as our checks need it."""
    file = io.BytesIO()
    segno.make(text, error="h", micro=False).save(file, kind="png", scale=scale, border=4)
    code = opened(file.getvalue()).convert("RGB")
    page = Image.new("RGB", (code.width + 300, code.height + 100), "white")
    page.paste(code, (250, 50))
    return page


def quarters(mode: str = "RGB") -> Image.Image:
    """Red, green over blue, black: whoever turns or mixes it is found out."""
    page = Image.new("RGB", (80, 40), "black")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 39, 19), "red")
    draw.rectangle((40, 0, 79, 19), (0, 128, 0))
    draw.rectangle((0, 20, 39, 39), "blue")
    return page.convert(mode)


def corners(picture: Image.Image) -> list[str]:
    """The colours in the middle of the four quarters, by name."""
    names = {
        (255, 0, 0): "red",
        (0, 128, 0): "green",
        (0, 0, 255): "blue",
        (0, 0, 0): "black",
        (255, 255, 255): "white",
    }
    width, height = picture.size
    places = [(width * x // 4, height * y // 4) for y in (1, 3) for x in (1, 3)]
    return [min(names.items(), key=lambda one: distance(one[0], picture.getpixel(place)))[1] for place in places]


def distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def refusal_of(content: bytes, limits: Limits = LIMITS) -> list:
    with pytest.raises(BadFile) as refusal:
        inspect_image(content, limits)
    return refusal.value.reasons


def outcome_of(content: bytes) -> str:
    try:
        picture = inspect_image(content)
    except BadFile as refusal:
        return "; ".join(why.code for why in refusal.reasons)
    return "picture" if opened(picture.webp).format == "WEBP" else "not a picture"


# What officers send


@pytest.mark.parametrize("truth", [one for one in TRUTH if one["accepted"]], ids=lambda one: one["file"])
def test_a_good_picture_is_taken_and_its_code_read(truth):
    content = sample(truth["file"])

    picture = inspect_image(content)

    facts = (picture.format, picture.width, picture.height, picture.sha256)
    assert facts == (truth["format"], truth["width"], truth["height"], hashlib.sha256(content).hexdigest())
    assert list(picture.notes) == truth.get("notes", [])
    readings = [(truth["qr"],)] if truth["qr"] else [()]
    assert picture.codes in ([*readings, ()] if truth.get("qr_may_be_missed") else readings)


@pytest.mark.parametrize("truth", [one for one in TRUTH if not one["accepted"]], ids=lambda one: one["file"])
def test_a_bad_file_is_refused_with_its_reason(truth):
    (why,) = refusal_of(sample(truth["file"]))

    assert (why.code, why.facts.get("looks_like")) == (truth["reason"], truth.get("looks_like"))


def test_a_moving_gif_or_a_tiff_scan_is_refused_by_name():
    assert refusal_of(saved(quarters(), "GIF")) == [reason("image_wrong_type", looks_like="GIF")]
    assert refusal_of(saved(quarters(), "TIFF")) == [reason("image_wrong_type", looks_like="TIFF")]
    assert refusal_of(saved(quarters(), "BMP")) == [reason("image_wrong_type", looks_like="BMP")]


def test_bytes_that_mean_nothing_are_refused():
    assert refusal_of(bytes(100)) == [reason("image_type_unknown")]


# Limits


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_the_size_limit_is_exact(over):
    picture = saved(quarters())
    content = picture + bytes(10 * MEGABYTE + over - len(picture))

    if over <= 0:
        assert inspect_image(content).width == 80
    else:
        assert refusal_of(content) == [reason("file_too_large", limit_mb=10)]


@pytest.mark.parametrize(
    ("size", "refused"),
    [
        ((8000, 5000), []),
        ((8000, 5001), [TOO_MANY_PIXELS]),
        ((12_000, 8), []),
        ((12_001, 8), [TOO_MANY_PIXELS]),
        ((8, 8), []),
        ((7, 100), [reason("image_too_small", limit_side=8)]),
        ((100, 7), [reason("image_too_small", limit_side=8)]),
    ],
)
def test_the_limits_on_pixels_are_exact(size, refused):
    content = saved(Image.new("1", size, 1))

    if refused:
        assert refusal_of(content) == refused
    else:
        assert (inspect_image(content).width, inspect_image(content).height) == size


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    packed = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc(name + data)) for name, data in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def crc(data: bytes) -> int:
    return zlib.crc32(data)


def zeros(count: int) -> bytes:
    """`count` zero bytes, deflated without ever holding them all."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(MEGABYTE)) for _ in range(count // MEGABYTE)]
    return b"".join([*parts, packer.compress(bytes(count % MEGABYTE)), packer.flush()])


def bombs() -> dict[str, bytes]:
    image = (b"IDAT", zlib.compress(bytes(2 * 8)))
    return {
        "50,000 by 50,000": sample("bad_bomb50k.png"),
        "2^31 by 2^31": sample("bad_lie2g.png"),
        "12,000 by 12,000": png(12_000, 12_000, (b"IDAT", zeros(12_000 * 1501))),
        "100 MB of text": png(8, 8, (b"zTXt", b"Comment\0\0" + zeros(100 * MEGABYTE)), image),
        "100 MB of profile": png(8, 8, (b"iCCP", b"x\0\0" + zeros(100 * MEGABYTE)), image),
    }


def test_a_bomb_is_refused_and_the_web_process_hardly_grows(tmp_path):
    for name, content in bombs().items():
        (tmp_path / name).write_bytes(content)
    script = """
import json, sys
from pathlib import Path
from karmyogi.core.errors import BadFile
from karmyogi.store.images import inspect_image

def peak():
    (line,) = [one for one in open("/proc/self/status") if one.startswith("VmHWM")]
    return int(line.split()[1])

before, outcomes = peak(), {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        outcomes[path.name] = inspect_image(path.read_bytes()).format
    except BadFile as refusal:
        outcomes[path.name] = refusal.reasons[0].code
modules = [name for name in ("PIL", "zxingcpp") if name in sys.modules]
print(json.dumps({"outcomes": outcomes, "grown_kb": peak() - before, "modules": modules}))
"""
    told = json.loads(
        subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, check=True).stdout
    )

    assert told["outcomes"] == {
        "50,000 by 50,000": "image_too_many_pixels",
        "2^31 by 2^31": "image_too_many_pixels",
        "12,000 by 12,000": "image_too_many_pixels",
        "100 MB of text": "image_damaged",
        "100 MB of profile": "image_damaged",
    }
    assert told["grown_kb"] < 150 * 1024
    assert told["modules"] == []  # the web process never opens a picture at all


def test_a_picture_that_needs_too_much_memory_ends_its_own_child_only():
    heavy = saved(Image.new("RGB", (6000, 6000), "white"), "JPEG")
    little = Limits(memory_bytes=200 * MEGABYTE)

    assert refusal_of(heavy, little) == [reason("image_took_too_long")]
    assert inspect_image(saved(quarters())).width == 80


def test_a_picture_that_takes_too_long_is_stopped():
    assert refusal_of(saved(quarters()), Limits(wall_seconds=0)) == [reason("image_took_too_long")]
    assert inspect_image(saved(quarters())).width == 80


# Damage


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_off_anywhere_is_refused(form):
    whole = saved(certificate(), form)

    for kept in (20, len(whole) // 4, len(whole) // 2, len(whole) - 200):
        assert refusal_of(whole[:kept]) == [reason("image_damaged")]


def test_a_png_with_one_flipped_bit_is_refused():
    content = bytearray(saved(certificate()))
    content[len(content) // 2] ^= 1

    assert refusal_of(bytes(content)) == [reason("image_damaged")]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.randoms(use_true_random=False))
def test_a_file_with_some_bytes_changed_gives_a_picture_or_a_reason_and_nothing_else(form, chance):
    content = bytearray(saved(quarters(), form))
    for _ in range(chance.randint(1, 12)):
        content[chance.randrange(len(content))] = chance.randrange(256)

    assert outcome_of(bytes(content)) in {
        "picture",
        "image_damaged",
        "image_type_unknown",
        "image_too_many_pixels",
        "image_too_small",  # the size that it tells was among the bytes
    }


def test_moving_pictures_are_refused_and_single_frames_are_not():
    frames = {"save_all": True, "append_images": [quarters().transpose(Image.Transpose.ROTATE_180)]}

    assert refusal_of(saved(quarters(), "PNG", **frames)) == [reason("image_animated")]
    assert refusal_of(saved(quarters(), "WEBP", **frames)) == [reason("image_animated")]
    assert inspect_image(saved(quarters(), "WEBP", save_all=True)).width == 80


def test_a_telephones_photograph_with_a_preview_inside_is_its_first_frame():
    content = saved(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "white")], quality=95)

    picture = inspect_image(content)

    assert (picture.format, picture.width, picture.height) == ("JPEG", 80, 40)
    assert corners(opened(picture.webp)) == ["red", "green", "blue", "black"]


# Nothing but pixels


def photograph_with_secrets() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    exif[0x0112] = 1
    exif.get_ifd(0x8825)[2] = (21.0, 15.0, 4.5)  # a latitude in Raipur
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0SECRET-COMMENT"
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET-XMP</x:xmpmeta>"
    return saved(certificate(), "JPEG", exif=exif, xmp=xmp, comment=b"SECRET-COM", icc_profile=srgb(b"SECRET-ICC"))


def drawing_with_secrets() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "SECRET-TEXT")
    notes.add_text("Packed", "SECRET-PACKED", zip=True)
    notes.add_itxt("XML:com.adobe.xmp", "SECRET-XMP")
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    return saved(certificate(), "PNG", pnginfo=notes, exif=exif) + b"<html><script>SECRET-TAIL</script></html>"


def webp_with_secrets() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    return saved(certificate(), "WEBP", exif=exif.tobytes(), xmp=b"SECRET-XMP", icc_profile=srgb(b"SECRET-ICC"))


def srgb(tail: bytes) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + tail


def chunks_of(webp: bytes) -> list[bytes]:
    """The names of all chunks of a WebP file, which must end where its header says."""
    names, at = [], 12
    while at < len(webp):
        names.append(webp[at : at + 4])
        size = int.from_bytes(webp[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    assert at == len(webp) == int.from_bytes(webp[4:8], "little") + 8
    return names


@pytest.mark.parametrize("make", [photograph_with_secrets, drawing_with_secrets, webp_with_secrets])
def test_where_and_by_whom_a_picture_was_made_is_not_kept_in_what_is_shown(make):
    content = make()
    assert b"SECRET" in content

    picture = inspect_image(content)

    assert [chunks_of(picture.webp), chunks_of(picture.thumb)] == [[b"VP8 "], [b"VP8 "]]
    assert picture.codes == (ADDRESS,)


@pytest.mark.parametrize("name", ["photo4_17.jpg", "bad_polyglot_zip.jpg", "odd_icc.jpg"])
def test_a_real_photographs_place_and_a_hidden_archive_are_not_kept(name):
    picture = inspect_image(sample(name))

    assert [chunks_of(picture.webp), chunks_of(picture.thumb)] == [[b"VP8 "], [b"VP8 "]]


@pytest.mark.parametrize(
    "tail", [b"<html><script>alert(1)</script></html>", b"PK\x03\x04evil.class", b"%PDF-1.7", bytes(9)]
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_polyglot_loses_its_tail(form, tail):
    plain = saved(certificate(), form)

    assert inspect_image(plain + tail).webp == inspect_image(plain).webp


# The picture itself

TURNED = {
    1: ["red", "green", "blue", "black"],
    2: ["green", "red", "black", "blue"],
    3: ["black", "blue", "green", "red"],
    4: ["blue", "black", "red", "green"],
    5: ["red", "blue", "green", "black"],
    6: ["blue", "red", "black", "green"],
    7: ["black", "green", "blue", "red"],
    8: ["green", "black", "red", "blue"],
}


@pytest.mark.parametrize(("orientation", "seen"), TURNED.items())
def test_a_photograph_taken_sideways_is_turned_upright(orientation, seen):
    exif = Image.Exif()
    exif[0x0112] = orientation

    picture = inspect_image(saved(quarters(), "JPEG", exif=exif, quality=95))

    assert corners(opened(picture.webp)) == seen
    assert (picture.width, picture.height) == ((80, 40) if orientation < 5 else (40, 80))


def test_a_photograph_with_broken_exif_is_taken_as_it_lies():
    broken = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12"

    picture = inspect_image(saved(quarters(), "JPEG", exif=broken, quality=95))

    assert corners(opened(picture.webp)) == TURNED[1]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_colours_survive_every_way_of_writing_them(form, mode):
    content = saved(quarters(mode), form, **({"lossless": True} if form == "WEBP" else {}))

    assert corners(opened(inspect_image(content).webp)) == TURNED[1]


def test_a_printers_cmyk_picture_keeps_its_colours():
    assert corners(opened(inspect_image(saved(quarters("CMYK"), "JPEG", quality=95)).webp)) == TURNED[1]


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_a_grey_picture_stays_grey(mode):
    page = Image.new("L", (80, 40), 255)
    page.paste(0, (0, 0, 40, 40))

    picture = inspect_image(saved(page.convert(mode)))

    assert corners(opened(picture.webp)) == ["black", "white", "black", "white"]


def test_sixteen_bit_grey_is_not_burnt_out():
    scan = Image.new("I;16", (80, 40), 0x8000)

    level, _, _ = opened(inspect_image(saved(scan)).webp).getpixel((40, 20))

    assert abs(level - 0x80) <= 2


def see_through(mode: str) -> Image.Image:
    page = quarters("RGBA")
    page.putalpha(Image.new("L", page.size, 0))
    return page.convert(mode)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_shown_on_white(mode):
    assert corners(opened(inspect_image(saved(see_through(mode))).webp)) == ["white"] * 4


def test_a_transparent_colour_of_a_palette_is_shown_on_white():
    page = quarters("P")

    content = saved(page, transparency=page.getpixel((5, 5)))

    assert corners(opened(inspect_image(content).webp)) == ["white", "green", "blue", "black"]


def test_a_broken_colour_profile_does_not_cost_an_officer_the_certificate():
    content = saved(quarters(), "JPEG", icc_profile=b"no profile at all", quality=95)

    assert corners(opened(inspect_image(content).webp)) == TURNED[1]


def test_a_profile_for_another_kind_of_colour_is_ignored():
    content = saved(quarters("L"), "PNG", icc_profile=srgb(b""))

    assert inspect_image(content).width == 80


def test_a_foreign_colour_profile_is_translated_to_what_screens_show():
    lab = saved(Image.new("RGB", (80, 40), (200, 100, 50)), "PNG", icc_profile=swapped_primaries())

    red, _, blue = opened(inspect_image(lab).webp).getpixel((40, 20))

    assert blue > red


def swapped_primaries() -> bytes:
    """sRGB with red and blue exchanged, so that whoever ignores the profile shows the wrong colour."""
    return srgb(b"").replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")


@pytest.mark.parametrize(
    ("size", "shown", "thumb"),
    [
        ((2000, 1000), (2000, 1000), (480, 240)),
        ((2001, 1000), (2000, 1000), (480, 240)),
        ((1000, 4000), (500, 2000), (120, 480)),
        ((300, 200), (300, 200), (300, 200)),
        ((12_000, 8), (2000, 1), (480, 1)),
    ],
)
def test_the_copies_are_never_larger_than_a_screen_needs_nor_than_the_picture(size, shown, thumb):
    picture = inspect_image(saved(Image.new("RGB", size, "white")))

    assert [opened(picture.webp).size, opened(picture.thumb).size] == [shown, thumb]


def test_the_same_picture_gives_the_same_copies():
    content = sample("wa01.jpg")

    assert inspect_image(content) == inspect_image(content)


# QR codes


def test_a_code_in_a_corner_of_a_large_scan_is_read_at_full_size():
    page = Image.new("RGB", (6000, 4000), "white")
    page.paste(certificate(scale=2), (5200, 3600))

    assert inspect_image(saved(page)).codes == (ADDRESS,)


def test_a_code_too_small_at_first_is_read_at_twice_the_size():
    page = opened(sample("mobile00.png")).convert("L")
    small = page.resize((page.width * 60 // 100, page.height * 60 // 100), Image.Resampling.BICUBIC)
    assert zxingcpp.read_barcodes(small) == []

    assert inspect_image(saved(small)).codes == (ADDRESS,)


def test_two_different_codes_are_both_told_and_a_repeated_one_once():
    first, other = certificate(), certificate("https://example.in/other")
    page = Image.new("RGB", (first.width, first.height * 3), "white")
    for row, one in enumerate((first, other, first)):
        page.paste(one, (0, row * first.height))

    assert sorted(inspect_image(saved(page)).codes) == ["https://example.in/other", ADDRESS]


def test_a_code_turned_around_or_white_on_black_is_read():
    upside_down = certificate().transpose(Image.Transpose.ROTATE_180)
    inverted = certificate().point(lambda level: 255 - level)

    assert inspect_image(saved(upside_down)).codes == inspect_image(saved(inverted)).codes == (ADDRESS,)


def test_hindi_in_a_code_is_read():
    assert inspect_image(saved(certificate("प्रमाण पत्र"))).codes == ("प्रमाण पत्र",)


def test_a_code_that_holds_an_archive_can_be_stored_as_text():
    content = saved(certificate(b"PK\x03\x04\0\0\xff\xfe" + bytes(range(60))))

    (text,) = inspect_image(content).codes

    assert "\0" not in text
    assert text.encode("utf-8").decode() == text


# The decoder's process


def ended(pid: int) -> int:
    """A handle that becomes readable when the process has ended."""
    return os.pidfd_open(pid)


def wait_for(handle: int) -> bool:
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    return bool(waiting.poll(30_000))


def test_an_officer_does_not_notice_that_the_decoder_was_killed_between_two_pictures():
    content = saved(certificate())
    inspect_image(content)
    before = images.DECODERS.pids
    for pid in before:
        os.kill(pid, signal.SIGKILL)

    assert inspect_image(content).codes == (ADDRESS,)
    assert set(images.DECODERS.pids) != set(before)


def test_two_officers_at_once_each_get_their_own_picture():
    addresses = [f"https://example.in/{number}" for number in range(12)]
    uploads = [saved(certificate(address)) for address in addresses]

    with ThreadPoolExecutor(4) as threads:
        pictures = list(threads.map(inspect_image, uploads))

    assert [picture.codes for picture in pictures] == [(address,) for address in addresses]
    assert [picture.sha256 for picture in pictures] == [hashlib.sha256(one).hexdigest() for one in uploads]


def test_a_bad_picture_in_one_thread_does_not_harm_the_good_one_in_another():
    good, bad = saved(certificate()), sample("bad_trunc.png")

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(outcome_of, [good, bad] * 4))

    assert outcomes == ["picture", "image_damaged"] * 4


def test_the_decoder_ends_when_the_process_that_started_it_is_killed():
    script = """
import sys
from karmyogi.store.images import DECODERS, inspect_image
inspect_image(sys.stdin.buffer.read(int(sys.argv[1])))
print(*DECODERS.pids, flush=True)
sys.stdin.read()
"""
    content = saved(quarters())
    with subprocess.Popen(
        [sys.executable, "-c", script, str(len(content))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        owner.stdin.write(content)
        owner.stdin.flush()
        handle = ended(int(owner.stdout.readline()))
        owner.kill()

        assert wait_for(handle)
        os.close(handle)


def test_a_process_forked_with_a_decoder_running_starts_its_own_and_leaves_its_parents_alone():
    script = """
import os, sys
from karmyogi.store.images import DECODERS, inspect_image
content = sys.stdin.buffer.read()
inspect_image(content)
first = DECODERS.pids
child = os.fork()
if not child:
    assert DECODERS.pids == []
    inspect_image(content)
    assert DECODERS.pids and DECODERS.pids != first
    os._exit(7)
_, status = os.waitpid(child, 0)
inspect_image(content)
print(os.waitstatus_to_exitcode(status), DECODERS.pids == first)
"""
    run = subprocess.run([sys.executable, "-c", script], input=saved(quarters()), capture_output=True, check=True)

    assert run.stdout.split() == [b"7", b"True"]


def test_the_decoder_knows_no_secret_of_ours_and_no_database(monkeypatch):
    monkeypatch.setenv("KARMYOGI_DATABASE_URL", "postgresql://planted:secret@db/karmyogi")
    sandbox = Sandbox("karmyogi.store.decoder")
    question = {"form": "PNG", "limits": {"wall_seconds": 12}}
    sandbox.ask(pack(question, saved(quarters())), seconds=30)

    names = {one.split(b"=")[0] for one in Path(f"/proc/{sandbox.pid}/environ").read_bytes().split(b"\0") if one}
    sandbox.stop()

    assert names <= {b"PATH", b"LD_LIBRARY_PATH", b"LANG", b"LC_ALL"}


def test_the_decoder_carries_neither_the_web_nor_the_tables():
    script = """
import sys, karmyogi.store.decoder
loaded = {name.split(".")[0] for name in sys.modules}
print(sorted(loaded & {"flask", "peewee", "psycopg", "sqlite3", "pickle"}))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)

    assert run.stdout.strip() == "[]"


def test_what_opens_a_picture_may_use_little_memory_and_time_and_open_nothing(tmp_path):
    script = """
import json, os, resource, socket, sys
from karmyogi.store import decoder
from karmyogi.store.images import LIMITS
told = os.dup(1)
kept = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
decoder._confine(LIMITS)
names = ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "CORE")
limits = {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names}
def tried(what, *arguments):
    try:
        return str(what(*arguments))
    except OSError as error:
        return error.strerror
limits["opened"] = tried(open, sys.argv[1])
limits["connected"] = tried(socket.socket)
limits["written"] = tried(os.write, kept, b"planted")
os.write(told, json.dumps(limits).encode())
"""
    place = tmp_path / "planted"
    run = subprocess.run([sys.executable, "-c", script, str(place)], capture_output=True, check=True)

    assert json.loads(run.stdout) == {
        "AS": [1536 * MEGABYTE] * 2,
        "CPU": [8, 8],
        "FSIZE": [0, 0],
        "NOFILE": [0, 0],
        "NPROC": [0, 0],
        "CORE": [0, 0],
        "opened": "Too many open files",
        "connected": "Too many open files",
        "written": "File too large",
    }
    assert place.read_text() == ""


def test_a_decoder_that_falls_silent_is_replaced():
    sandbox = Sandbox("karmyogi.store.decoder")
    question = pack({"form": "PNG", "limits": {"wall_seconds": 12}}, saved(quarters()))
    sandbox.ask(question, seconds=30)
    os.kill(sandbox.pid, signal.SIGSTOP)

    with pytest.raises(SandboxUnavailable):
        sandbox.ask(question, seconds=0)  # no time for the one that is silent, nor for the next

    header, _ = unpack(sandbox.ask(question, seconds=30))
    assert (header["width"], header["height"]) == (80, 40)
    sandbox.stop()


@given(st.dictionaries(st.text(), st.integers() | st.text()), st.lists(st.binary(max_size=50), max_size=4))
def test_what_is_packed_is_what_is_unpacked(header, blobs):
    told, received = unpack(pack(header, *blobs))

    assert {key: value for key, value in told.items() if key != "sizes"} == {
        key: value for key, value in header.items() if key != "sizes"
    }
    assert received == blobs


def test_a_note_the_decoder_made_up_is_not_kept():
    answer = pack(TOLD | {"notes": ["pdf_runs_code", "planted", 7]}, WEBP, WEBP)

    assert images._picture(answer, b"", "PDF", LIMITS).notes == ("pdf_runs_code",)


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda tail: pack({"width": 1}, b"x") + tail))
def test_an_answer_that_does_not_add_up_is_damage_and_nothing_else(answer):
    with pytest.raises(BadFile) as refusal:
        images._picture(answer, b"", "PNG", LIMITS)
    assert refusal.value.reasons == [reason("image_damaged")]


@pytest.mark.parametrize(
    "answer",
    [
        pack({"refused": "not_a_code_of_ours"}),
        pack(TOLD, b"<html>", b"<html>"),
        pack(TOLD | {"width": 10**9}, WEBP, WEBP),
        pack(TOLD | {"width": -1}, WEBP, WEBP),
        pack(TOLD | {"width": "10"}, WEBP, WEBP),
        pack(TOLD | {"codes": "abc"}, WEBP, WEBP),
        pack(TOLD | {"pages": 6}, WEBP, WEBP),
        pack(TOLD | {"notes": "abc"}, WEBP, WEBP),
        pack(TOLD, WEBP),
        b"\0\0\xff\xff" + b"[" * 65_535,
    ],
)
def test_a_decoder_a_picture_has_taken_over_cannot_lie_its_way_in(answer):
    with pytest.raises(BadFile) as refusal:
        images._picture(answer, b"", "PNG", LIMITS)
    assert refusal.value.reasons == [reason("image_damaged")]
