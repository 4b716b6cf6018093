// Two curves that grow while a network trains: loss from 0 to its first value, accuracy from 0 to 1.

const margin = { left: 34, right: 42, top: 10, bottom: 18 };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} batches how many the whole training has
 */
export function createChart(canvas, batches) {
  const points = [];
  const scale = devicePixelRatio;
  canvas.width = canvas.clientWidth * scale;
  canvas.height = canvas.clientHeight * scale;
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  context.font = '11px system-ui, sans-serif';
  const style = getComputedStyle(canvas);
  const color = (name) => style.getPropertyValue(name);
  const width = canvas.clientWidth - margin.left - margin.right;
  const height = canvas.clientHeight - margin.top - margin.bottom;
  const x = (batch) => margin.left + (batch / batches) * width;
  const y = (share) => margin.top + (1 - Math.min(share, 1)) * height;

  function axes(most) {
    context.fillStyle = color('--faint');
    context.strokeStyle = color('--line');
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      context.beginPath();
      context.moveTo(x(0), y(share));
      context.lineTo(x(batches), y(share));
      context.stroke();
      context.textAlign = 'right';
      context.fillText((share * most).toFixed(1), x(0) - 6, y(share) + 4);
      context.textAlign = 'left';
      context.fillText(`${share * 100} %`, x(batches) + 5, y(share) + 4);
    }
    context.textAlign = 'center';
    context.fillText(`${batches} batches`, x(batches / 2), canvas.clientHeight - 4);
  }

  function curve(name, shareOf) {
    context.strokeStyle = color(name);
    context.lineWidth = 2;
    context.beginPath();
    for (const point of points) context.lineTo(x(point.batch), y(shareOf(point)));
    context.stroke();
    context.lineWidth = 1;
  }

  function draw() {
    const most = Math.max(0.1, ...points.map(({ loss }) => loss));
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    axes(most);
    curve('--loss', ({ loss }) => loss / most);
    curve('--accuracy', ({ accuracy }) => accuracy);
  }

  draw();
  return {
    add(batch, loss, accuracy) {
      points.push({ batch, loss, accuracy });
      draw();
    },
  };
}
