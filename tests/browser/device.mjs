/**
 * The reference device: how fast the processor is that the page must be usable on.
 *
 * A fixed slowdown of the machine at hand would measure that machine. So a fixed workload is timed in the same browser
 * before and after each load, and what the load takes is stretched by the factor that the workload would need.
 * Lighthouse compares machines by its BenchmarkIndex in the same way.
 */

/**
 * How long the workload takes on the reference device, a cheap phone, in ms of processor time.
 *
 * The home page of November 2026 kept the main thread busy for 900 ms in a Chromium that was slowed down four times, on
 * a quiet server with two cores. Without the slowdown it took 2.4 times as long as the workload does. So a device that
 * needs 375 ms for the workload needs 900 ms for that page.
 */
export const REFERENCE_MS = 375;
const RUNS = 7;

/**
 * What JavaScript of a page does: makes objects, builds texts, sorts, looks up. It runs in the browser and reads
 * nothing from outside.
 */
function workload() {
  let sum = 0;
  for (let round = 0; round < 60; round += 1) {
    const items = [];
    for (let index = 0; index < 2_000; index += 1) {
      items.push({ name: `item ${(index * 7_919) % 2_003}`, rank: (index * 31 + round) % 1_009 });
    }
    items.sort((one, other) => one.rank - other.rank);
    const byName = new Map(items.map((item) => [item.name, item]));
    sum += byName.size + items.map(({ name }) => name.toUpperCase()).join(' ').split(' ').length;
  }
  return sum;
}

/** How long the main thread of a page has worked so far, in ms. Waiting for a core does not count. */
export async function processorTime(client) {
  const { metrics } = await client.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1_000;
}

/** The workload's processor time in this page, in ms: the median of several runs, after one to warm up. */
export async function workloadTime(client) {
  const times = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const before = await processorTime(client);
    await client.send('Runtime.evaluate', { expression: `(${workload})()` });
    times.push(await processorTime(client) - before);
  }
  return times.slice(1).sort((one, other) => one - other)[Math.floor(RUNS / 2)];
}
