// Two curves that grow while a network trains: loss from 0 to its first value, accuracy from 0 to 1.

const margin = { left: 34, right: 42, top: 10, bottom: 20 };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} batches how many an epoch has
 * @param {number} epochs
 */
export function createChart(canvas, batches, epochs) {
  const context = canvas.getContext('2d');
  const points = [];
  let [width, height] = [0, 0];
  const color = (name) => getComputedStyle(canvas).getPropertyValue(name);
  const x = (batch) => margin.left + (batch / (epochs * batches)) * width;
  const y = (share) => margin.top + (1 - Math.min(share, 1)) * height;

  /** As many pixels as it has on the screen. */
  function resize() {
    canvas.width = canvas.clientWidth * devicePixelRatio;
    canvas.height = canvas.clientHeight * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    context.font = '12px system-ui, sans-serif';
    width = canvas.clientWidth - margin.left - margin.right;
    height = canvas.clientHeight - margin.top - margin.bottom;
    draw();
  }

  function line(...ends) {
    context.beginPath();
    for (const end of ends) context.lineTo(...end);
    context.stroke();
  }

  function axes(most) {
    context.fillStyle = color('--faint');
    context.strokeStyle = color('--line');
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      line([x(0), y(share)], [margin.left + width, y(share)]);
      context.textAlign = 'right';
      context.fillText((share * most).toFixed(1), x(0) - 6, y(share) + 4);
      context.textAlign = 'left';
      context.fillText(`${share * 100} %`, margin.left + width + 5, y(share) + 4);
    }
    context.textAlign = 'center';
    for (let epoch = 0; epoch < epochs; epoch++) {
      if (epoch > 0) line([x(epoch * batches), y(0)], [x(epoch * batches), y(1)]);
      const isRoomy = width / epochs > 60;
      context.fillText(
        isRoomy ? `epoch ${epoch + 1}` : String(epoch + 1),
        x((epoch + 0.5) * batches),
        canvas.clientHeight - 4,
      );
    }
  }

  function curve(name, shareOf) {
    context.strokeStyle = color(name);
    context.lineWidth = 2;
    line(...points.map((point) => [x(point.batch), y(shareOf(point))]));
    context.lineWidth = 1;
  }

  function draw() {
    const most = Math.max(0.1, ...points.map(({ loss }) => loss));
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    axes(points.length > 0 ? most : 2.4);
    curve('--loss', ({ loss }) => loss / most);
    curve('--accuracy', ({ accuracy }) => accuracy);
  }

  new ResizeObserver(resize).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  return {
    /** @param {number} batch of all epochs, from 0 */
    add(batch, loss, accuracy) {
      points.push({ batch, loss, accuracy });
      draw();
    },
    clear() {
      points.length = 0;
      draw();
    },
  };
}
