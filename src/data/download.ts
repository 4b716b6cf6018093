/* Downloads a file, and shows how far it is. */

import { LanegradError } from '../errors.ts';
import { type StopSignal, stopIfAborted } from '../options/stop-signal.ts';
import { platform } from '../platform/platform.ts';
import { readAll } from './read-all.ts';

/** How much of a file has come; `total` is undefined when the server does not say. */
export interface DownloadProgress {
  file: string;
  received: number;
  total: number | undefined;
}

/** What kept a connection from working: `fetch` puts it in the cause of a `fetch failed`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

/**
 * The bytes at `url`, or undefined when the server has no such file (404, 410, or 403 as S3 answers).
 * @throws LanegradError when there is no connection, it breaks, or the server answers with another error.
 */
export async function download(
  url: string,
  onBytes: (received: number, total: number | undefined) => void,
  signal?: StopSignal,
): Promise<Uint8Array | undefined> {
  // Only a real AbortSignal can break off a connection that is silent.
  const abortSignal =
    typeof AbortSignal !== 'undefined' && signal instanceof AbortSignal ? signal : undefined;
  let thrown: { error: unknown } | undefined;
  try {
    const response = await fetch(url, { signal: abortSignal });
    if (!response.ok) {
      await response.body?.cancel();
      if ([403, 404, 410].includes(response.status)) return undefined;
      throw new LanegradError(`${url} answered ${response.status} ${response.statusText}`.trimEnd());
    }
    // With an encoding the length is that of the encoded bytes, not of those that are read here.
    const length = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
    const total = length === null ? undefined : Number(length);
    if (response.body === null) return new Uint8Array(0);
    return await readAll(response.body, total ?? 0, (received) => {
      stopIfAborted(url, signal);
      try {
        onBytes(received, total);
      } catch (error) {
        thrown = { error };
        throw error;
      }
    });
  } catch (error) {
    stopIfAborted(url, signal);
    // What the caller's own function throws is no failure of the connection.
    if (thrown !== undefined) throw thrown.error;
    if (error instanceof LanegradError) throw error;
    throw new LanegradError(`${url} cannot be reached: ${reasonOf(error)}`, { cause: error });
  }
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A line that tells how much has come: kept up to date on a terminal, else written once at the end. */
export function progressLine(label: string): {
  update(received: number, total: number | undefined): void;
  end(): void;
} {
  let text = '';
  return {
    update(received, total) {
      const of = total === undefined || received >= total ? '' : ` of ${sizeText(total)}`;
      const next = `${label}: ${sizeText(received)}${of}`;
      // Written when the text changes, not by the clock: about a hundred times for ten megabytes.
      if (platform.isInteractive && next !== text) platform.write(`\r${next.padEnd(text.length)}`);
      text = next;
    },
    end() {
      if (text !== '') platform.write(platform.isInteractive ? '\n' : `${text}\n`);
    },
  };
}
