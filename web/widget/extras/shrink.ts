/** Making a photo fit: phones take larger ones than anybody needs to see a crack. */

export const MOST_BYTES = 5 * 1024 * 1024;
export const KINDS = ["image/jpeg", "image/png", "image/webp", "application/pdf"];
const LONGEST_SIDE = 2560;
const QUALITY = 0.85;

/**
 * `file`, or a smaller JPEG of it when it is a picture that is too large or of a kind that only
 * this browser knows. Throws the code of the refusal.
 */
export async function fitting(file: File): Promise<Blob> {
  const known = KINDS.includes(file.type);
  if (known && file.size <= MOST_BYTES) return file;
  const refusal = known ? "file_too_big" : "file_kind";
  if (!file.type.startsWith("image/") || file.type === "image/svg+xml") throw refusal;
  const smaller = await asJpeg(file).catch(() => null);
  if (!smaller || smaller.size > MOST_BYTES) throw refusal;
  return smaller;
}

async function asJpeg(file: File): Promise<Blob | null> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
