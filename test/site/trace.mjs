// For how long a page keeps its main thread busy, told by Chromium's trace.

/**
 * @template T
 * @param {import('puppeteer-core').Page} page
 * @param {() => Promise<T>} use what is looked at
 * @returns {Promise<[T, number]>} what it gave, and milliseconds of a processor that the page's main thread took
 */
export async function traced(page, use) {
  const session = await page.createCDPSession();
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel'] },
  });
  const given = await use();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  // Of the browser's pages, the one that did most.
  return [given, Math.max(...mains.map(({ pid, tid }) => busyOf(events, pid, tid)))];
}

/** Of tasks in tasks, the outer ones. */
function busyOf(events, pid, tid) {
  const tasks = events
    .filter((event) => event.pid === pid && event.tid === tid && event.ph === 'X')
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  let [busy, end] = [0, 0];
  for (const { ts, dur, tdur = 0 } of tasks) {
    if (ts < end) continue;
    busy += tdur / 1000;
    end = ts + dur;
  }
  return busy;
}
