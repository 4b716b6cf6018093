// Ranks on hosts with addresses of their own, over TCP: the same bits; and all end where a rank or a link is lost.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Hosts, whyNoHosts } from './hosts.ts';
import { isThere, launchers, lossOf } from './launch.ts';
import { alone, type Order, parse, type Results, script } from './train.ts';

// Each starts ranks three times, on hosts that share one machine.
vi.setConfig({ testTimeout: 300_000 });

const reason = whyNoHosts();
if (reason) console.log(`Tests on several hosts are left out: ${reason}.`);

/** Of the dense network's weights, and how many steps two epochs are. */
const weightBytes = 4 * (785 * 128 + 129 * 10);
const steps = 6;

describe.skipIf(reason)(
  `three hosts (left out where there can be none${reason ? `: ${reason}` : ''})`,
  () => {
    const all = [1, 2, 3];
    let hosts: Hosts;
    let expected: Results;

    beforeAll(async () => {
      hosts = new Hosts(all.length);
      expected = await alone();
    });
    afterAll(() => hosts.close());

    describe.each(launchers)('%s', (_, launcher) => {
      describe.skipIf(!isThere(launcher))(`(left out where there is no ${launcher})`, () => {
        const start = (order: Order, on: readonly number[] = all, ranksOfEach = 1) => {
          const parameters = { networks: ['dense'], ...order };
          return hosts.launch(launcher, on, ranksOfEach, [script, JSON.stringify(parameters)]);
        };

        /** Has ranks fail that keep a checkpoint, and begins anew on some hosts. */
        async function expectToGoOn(order: Order, on: readonly number[], ranksOfEach: number) {
          const folder = mkdtempSync(join(tmpdir(), 'lanegrad-'));
          try {
            const kept = { checkpoint: folder, every: 1, timeout: 3 };
            const failure = await lossOf(() => start({ ...kept, ...order }));
            // Who is behind a cut link ends by itself.
            const running = () => all.flatMap((host) => hosts.running(host));
            await expect.poll(running, { timeout: 20_000, message: failure.said }).toEqual([]);
            expect(readdirSync(folder), failure.said).not.toEqual([]);
            for (const host of all) hosts.mendLink(host);
            const { stdout } = await start({ ...kept, timeout: 30 }, on, ranksOfEach);
            expect(parse(stdout)[0].dense.weights).toBe(expected.dense.weights);
            return failure;
          } finally {
            rmSync(folder, { recursive: true });
          }
        }

        test('they come to the bits of one process, over their links', async () => {
          const before = all.map((host) => hosts.bytesSent(host));
          const { stdout } = await start({ networks: ['dense', 'convnet'] });
          expect(parse(stdout)[0]).toEqual(expected);
          // Two thirds of its gradients go from each to the others, and then its third of the sum to both.
          const least = steps * weightBytes * (4 / 3);
          for (const [i, host] of all.entries())
            expect(hosts.bytesSent(host) - before[i]).toBeGreaterThan(least);
        });

        test('a rank that is killed ends all within seconds; two hosts of two go on to the same bits', async () => {
          const sabotage = { rank: 1, call: 50, signal: 'SIGKILL' };
          const { seconds } = await expectToGoOn({ sabotage }, [1, 3], 2);
          expect(seconds).toBeLessThan(20);
        });

        test('a link that is cut ends all within seconds, with a sentence; two go on to the same bits', async () => {
          const sabotage = { rank: 1, call: 50, command: ['ip', 'link', 'set', 'eth0', 'down'] };
          const { said, seconds } = await expectToGoOn({ sabotage }, [2, 3], 1);
          expect(said).toMatch(/rank 0 waited 3 s for rank [12, ]+, which does not answer\. All ranks end\./);
          expect(seconds).toBeLessThan(40);
        });
      });
    });
  },
);
