// Make a large photograph smaller before it is sent, but never so small that its QR code is lost.
const WORTHWHILE = 1.5 * 1024 * 1024; // bytes; below it the original goes as it is
const SIDE = 2400; // pixels; at this size every code of a good photograph was still read
const QUALITY = 0.9;

async function codesIn(image) {
  if (!("BarcodeDetector" in window)) return null; // this browser cannot tell
  try {
    const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(image);
    return found.map((code) => code.rawValue).sort().join("\n");
  } catch {
    return null;
  }
}

// The smaller photograph as a file, or the very file that was given where smaller is no better.
export async function shrunk(file) {
  if (file.type !== "image/jpeg" || file.size < WORTHWHILE) return file;
  try {
    const photo = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = SIDE / Math.max(photo.width, photo.height);
    if (scale >= 1) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(photo.width * scale);
    canvas.height = Math.round(photo.height * scale);
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(photo, 0, 0, canvas.width, canvas.height);
    const [before, after] = [await codesIn(photo), await codesIn(canvas)];
    if (before && before !== after) return file;
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg" }) : file;
  } catch {
    return file; // a photograph that this browser cannot open: the server says what it makes of it
  }
}
