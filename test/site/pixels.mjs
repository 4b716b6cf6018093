// PNG files to pixels and back, by the browser that a page is open in.

/**
 * @param {import('puppeteer-core').Page} page
 * @param {Uint8Array} file
 * @returns {Promise<{ width: number, height: number, pixels: Uint8Array }>} red, green and blue of each pixel, by rows
 */
export async function decode(page, file) {
  const { width, height, base64 } = await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const colours = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i++) colours.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
    const reader = new FileReader();
    reader.readAsDataURL(new Blob([colours]));
    await new Promise((resolve) => reader.addEventListener('load', resolve));
    return { width, height, base64: reader.result.split(',')[1] };
  }, Buffer.from(file).toString('base64'));
  return { width, height, pixels: new Uint8Array(Buffer.from(base64, 'base64')) };
}

/**
 * @param {import('puppeteer-core').Page} page
 * @param {{ width: number, height: number, pixels: Uint8Array }} picture
 * @returns {Promise<Uint8Array>} the file
 */
export async function encode(page, { width, height, pixels }) {
  const base64 = await page.evaluate(
    async (width, height, text) => {
      const colours = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const image = new ImageData(width, height);
      for (let i = 0; i < width * height; i++) {
        image.data.set([...colours.subarray(3 * i, 3 * i + 3), 255], 4 * i);
      }
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext('2d').putImageData(image, 0, 0);
      const reader = new FileReader();
      reader.readAsDataURL(await canvas.convertToBlob({ type: 'image/png' }));
      await new Promise((resolve) => reader.addEventListener('load', resolve));
      return reader.result.split(',')[1];
    },
    width,
    height,
    Buffer.from(pixels).toString('base64'),
  );
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
