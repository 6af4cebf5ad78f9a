"""Decode an uploaded file and encode our own pictures of it. Runs as a separate program, see `sandbox.examine`.

Standard input is the file; the arguments are its declared content type and the wanted sizes, the largest last.
Standard output is one line of JSON, {"reason": …} or {"lengths": [bytes of each size]}, followed by the pictures.
These are built from pixels only: metadata and anything hidden in the file is dropped.
"""

import io
import json
import re
import resource
import sys
import warnings

from PIL import Image, ImageCms, ImageOps

# Allows cameras of 50 megapixels. At 4 bytes a pixel, 208 MB of memory.
MAX_PIXELS = 52_000_000
MAX_SIDE = 16_384
# Each scan of a progressive JPEG visits all pixels again. Encoders make about ten scans, hostile files hundreds.
MAX_SCANS = 40
# Twelve scans of the largest picture.
MAX_SCANNED_PIXELS = 640_000_000
_MEMORY = 1024 * 1024 * 1024
_CPU_SECONDS = 30
_QUALITY = 82
# Phones append a second picture (depth, brightness) to a JPEG; Pillow calls this format MPO.
_FORMATS = {"image/jpeg": {"JPEG", "MPO"}, "image/png": {"PNG"}, "image/webp": {"WEBP"}}
# The end of a JPEG's entropy-coded data: a marker that is neither a stuffed zero, a restart nor padding.
_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])", re.DOTALL)
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
# Major brands in the `ftyp` box of HEIF files (ISO 14496-12).
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}


class Rejected(Exception):
    """The file is refused. The message is the code of the reason."""


def main() -> int:
    """Write the verdict. The exit code is 0 for any file."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        made = pictures(sys.stdin.buffer.read(), sys.argv[1], [int(size) for size in sys.argv[2:]])
    except Rejected as rejected:
        return _answer({"reason": str(rejected)})
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return _answer({"reason": "too_many_pixels"})
    except Exception as error:  # noqa: BLE001  decoders raise all kinds of exceptions for broken files
        return _answer({"reason": "damaged", "error": f"{type(error).__name__}: {error}"[:200]})
    return _answer({"lengths": [len(one) for one in made]}, *made)


def pictures(content: bytes, content_type: str, sizes: list[int]) -> list[bytes]:
    """Return a WebP picture for each size (its longest side, in pixels): upright, in sRGB, never enlarged."""
    image = _open(content, content_type)
    # Lets the JPEG decoder scale down while decoding, which takes a fraction of the memory.
    image.draft(None, (2 * sizes[-1], 2 * sizes[-1]))
    image.load()
    whole = _upright(_in_srgb(_reduced(image, sizes[-1])))
    return [_encoded(whole, size) for size in sizes]


def _reject_phone_formats(content: bytes) -> None:
    """Name the phone formats, which have advice of their own, in the reason."""
    # Files of either kind may have `mif1` as major brand and their own among the compatible brands.
    if content[8:12] in _AVIF_BRANDS or any(brand in content[16:64] for brand in _AVIF_BRANDS):
        raise Rejected("avif")
    if content[8:12] in _HEIF_BRANDS:
        raise Rejected("heif")


def _open(content: bytes, content_type: str) -> Image.Image:
    """Check the header before any pixel is decoded."""
    if content[4:8] == b"ftyp":
        _reject_phone_formats(content)
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise
    except Exception as error:
        raise Rejected("not_an_image") from error
    if image.format not in _FORMATS[content_type]:
        raise Rejected("wrong_type")
    if image.width * image.height > MAX_PIXELS:
        raise Rejected("too_many_pixels")
    if max(image.size) > MAX_SIDE:
        raise Rejected("side_too_long")
    if image.format in {"JPEG", "MPO"}:
        _bound_scans(content, image.width * image.height)
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise Rejected("animated")
    return image


def _bound_scans(content: bytes, pixels: int) -> None:
    scans = _count_scans(content)
    if scans > MAX_SCANS or scans * pixels > MAX_SCANNED_PIXELS:
        raise Rejected("too_complex")


def _count_scans(content: bytes) -> int:
    """Count the scans of a JPEG's first picture by walking from marker to marker (ITU T.81, annex B)."""
    scans, at = 0, 2
    while scans <= MAX_SCANS and (marker := _MARKER.search(content, at)):
        kind = marker[1][0]
        if kind == _END_OF_IMAGE:
            break
        scans += kind == _START_OF_SCAN
        # The length of the segment follows. Entropy-coded data follows a scan header; the search skips it.
        at = marker.end() + int.from_bytes(content[marker.end() : marker.end() + 2], "big")
    return scans


def _reduced(image: Image.Image, size: int) -> Image.Image:
    """Shrink the image so that later steps are cheap. Palette and bilevel images are converted before."""
    if image.mode.startswith("I"):
        # 16-bit grey. `convert` would clip values above 255 instead of scaling them.
        image = image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.mode not in {"RGB", "RGBA", "L", "LA", "CMYK"}:
        image = image.convert("RGBA" if image.has_transparency_data else _plain(image))
    image.thumbnail((size, size), Image.Resampling.LANCZOS)
    return image


def _plain(image: Image.Image) -> str:
    return "L" if image.mode.startswith(("F", "1")) else "RGB"


def _in_srgb(image: Image.Image) -> Image.Image:
    """Convert colors by the embedded ICC profile. A broken profile is ignored."""
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=wanted)
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image.convert(wanted)
        return converted or image.convert(wanted)
    return image.convert(wanted)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001  broken EXIF data says nothing about the orientation
        return image


def _encoded(image: Image.Image, size: int) -> bytes:
    """Encode a copy of the pixels, so that no metadata of the image is kept."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    clean.thumbnail((size, size), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    clean.save(buffer, "WEBP", quality=_QUALITY, method=4)
    return buffer.getvalue()


def _answer(verdict: dict[str, object], *contents: bytes) -> int:
    sys.stdout.buffer.write(b"".join((json.dumps(verdict).encode(), b"\n", *contents)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
