// A canvas to draw a digit on, and the digit as MNIST has them.

const inkWidth = 20;
/** Sides of the image and of the digit within it, as in MNIST. */
const imageSize = 28;
const digitSize = 20;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} onChange called after each stroke's piece
 */
export function createPad(canvas, onChange) {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.lineWidth = inkWidth;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  // Only how much ink there is counts; the page shows it in its own colour.
  const at = (event) => {
    const factor = canvas.width / canvas.clientWidth;
    return [event.offsetX * factor, event.offsetY * factor];
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    context.beginPath();
    context.moveTo(...at(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.buttons === 0) return;
    context.lineTo(...at(event));
    context.stroke();
    onChange();
  });
  return {
    clear() {
      context.clearRect(0, 0, canvas.width, canvas.height);
    },
    /** 28 × 28 bytes: the ink scaled into 20 × 20, its centre of mass in the middle. Undefined for an empty pad. */
    read: () => readDigit(canvas, context),
  };
}

function readDigit(canvas, context) {
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let [left, top, right, bottom] = [canvas.width, canvas.height, -1, -1];
  let [mass, massX, massY] = [0, 0, 0];
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const ink = data[4 * (y * canvas.width + x) + 3];
      if (ink === 0) continue;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x),
        Math.max(bottom, y),
      ];
      mass += ink;
      massX += ink * (x + 0.5);
      massY += ink * (y + 0.5);
    }
  }
  if (mass === 0) return undefined;
  const factor = digitSize / Math.max(right - left + 1, bottom - top + 1);
  const small = new OffscreenCanvas(imageSize, imageSize).getContext('2d');
  small.imageSmoothingQuality = 'high';
  small.translate(imageSize / 2 - (massX / mass) * factor, imageSize / 2 - (massY / mass) * factor);
  small.scale(factor, factor);
  small.drawImage(canvas, 0, 0);
  const pixels = small.getImageData(0, 0, imageSize, imageSize).data;
  return Uint8Array.from({ length: imageSize * imageSize }, (_, i) => pixels[4 * i + 3]);
}
