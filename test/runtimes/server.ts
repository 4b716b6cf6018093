// A small web server: the files of a folder, and the results that pages post.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface FileServer {
  readonly url: string;
  /** What the next page posts to /result. */
  nextResult(): Promise<unknown>;
  close(): void;
}

/**
 * Serves `folder` on a free port of this machine.
 * @param headers sent with every file
 */
export async function serve(
  folder: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<FileServer> {
  const waiting: ((result: unknown) => void)[] = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    if (request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(204).end();
      waiting.shift()?.(JSON.parse(body));
      return;
    }
    if (pathname === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    try {
      const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
      const content = await readFile(join(folder, normalize(path)));
      const type = types[extname(path)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, ...headers }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    nextResult: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
