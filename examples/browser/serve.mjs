// Serves this page, the built package, and the digits: `node examples/browser/serve.mjs [port]`.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadDigits } from '../mnist/digits.mjs';

const port = Number(argv[2] ?? 8080);
const page = '/examples/browser/';
const root = fileURLToPath(new URL('../..', import.meta.url));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** An IDX file of bytes, packed: type and rank, the sizes, the content. */
function idx(tensor) {
  const header = Buffer.alloc(4 + 4 * tensor.rank);
  header.set([0, 0, 8, tensor.rank]);
  for (const [i, size] of tensor.shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return gzipSync(Buffer.concat([header, tensor.dataSync()]), { level: 1 });
}

const { train, test } = await loadDigits();
const digits = new Map([
  [`${page}mnist/train-images-idx3-ubyte.gz`, idx(train.images)],
  [`${page}mnist/train-labels-idx1-ubyte.gz`, idx(train.labels)],
  [`${page}mnist/t10k-images-idx3-ubyte.gz`, idx(test.images)],
  [`${page}mnist/t10k-labels-idx1-ubyte.gz`, idx(test.labels)],
]);

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/') {
    response.writeHead(302, { location: page }).end();
    return;
  }
  const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  try {
    const content = digits.get(path) ?? (await readFile(join(root, normalize(path))));
    const type = types[extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}${page}`));
