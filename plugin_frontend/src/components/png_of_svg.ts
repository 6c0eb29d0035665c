/** An SVG document as the bytes of a PNG. */

/** Pixels of the PNG to one of the document. */
export const PNG_SCALE = 2;

export async function pngOf(svg: string, width: number, height: number): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image(width, height);
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(PNG_SCALE * width);
    canvas.height = Math.round(PNG_SCALE * height);
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser has no room for a picture of that size");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob === null) throw new Error("this browser has no room for a picture of that size");
    return blob;
  } finally {
    URL.revokeObjectURL(address);
  }
}
