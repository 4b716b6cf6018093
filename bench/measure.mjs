// One workload: every contestant is started and checked, then the rounds go round them in turn.

import { fault, learningSteps, summary } from './statistics.mjs';

export async function measure(
  workload,
  contestants,
  { processes, python, rounds, secondsPerRound, ...budget },
) {
  const limit = Math.max(budget.limit, budget.quick ? 0 : (workload.limit ?? 0));
  const results = [];
  for (const contestant of contestants) results.push(await prepare(workload, contestant));
  for (let round = 0; round < rounds; round++) {
    for (const result of results.filter(({ talk }) => talk)) await runRound(result);
  }
  for (const { name, talk } of results) if (talk) processes.release(name);
  const reference = results.find(({ exact, checked }) => exact && checked !== undefined)?.checked;
  return results.map((result) => report(workload, result, reference));

  async function prepare(work, contestant) {
    const { name, exact, cannot } = contestant;
    const reason =
      cannot(work) ?? (contestant.threads && !python ? 'no Python here can import torch' : undefined);
    if (reason) return { name, reason };
    try {
      const talk = await processes.of(contestant);
      await talk.ask({ workload: work }, limit);
      const { seconds, loss: first } = await talk.ask({ steps: 1 }, limit);
      const affordable = seconds * learningSteps < limit / 2;
      const second = await talk.ask({ steps: affordable ? learningSteps - 1 : 1 }, limit);
      const perStep = second.seconds / (affordable ? learningSteps - 1 : 1);
      const { steps, warmed } = await stepsFor(talk, perStep);
      const total = warmed + (affordable ? learningSteps : 2);
      const checked = affordable ? second.loss : undefined;
      return { name, exact, talk, first, checked, steps, total, times: [], peak: 0 };
    } catch (error) {
      processes.end(name);
      return { name, reason: error.message };
    }
  }

  /** A warm-up of a round's length corrects the guess made from cold code. */
  async function stepsFor(talk, perStep) {
    const guess = Math.max(1, Math.floor(secondsPerRound / perStep));
    const { seconds } = await talk.ask({ steps: guess }, limit);
    const steps = Math.max(1, Math.floor((guess * secondsPerRound) / seconds));
    const most = workload.kind === 'epoch' ? Math.ceil(workload.samples / workload.batch) : Infinity;
    return { steps: Math.min(steps, most), warmed: guess };
  }

  async function runRound(result) {
    // Slow contestants make fewer rounds, one at least.
    const spent = result.times.reduce((sum, seconds) => sum + seconds * result.steps, 0);
    if (spent > limit) return;
    try {
      const { seconds, loss, peak } = await result.talk.ask({ steps: result.steps }, limit);
      result.times.push(seconds / result.steps);
      result.total += result.steps;
      Object.assign(result, { last: loss, peak: Math.max(result.peak, peak) });
    } catch (error) {
      processes.end(result.name);
      Object.assign(result, { talk: undefined, reason: error.message });
    }
  }
}

function report(workload, { name, reason, ...result }, reference) {
  if (reason) return { name, cannot: reason };
  const { first, last, checked, total, steps, times, peak } = result;
  const failing = fault(workload, result, reference);
  return { name, seconds: summary(times), steps, total, first, checked, last, peakKilobytes: peak, failing };
}
