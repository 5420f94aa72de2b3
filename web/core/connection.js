/**
 * Whether the API can be reached.
 *
 * Calls report what they met. Once the line is lost, the store asks for `/health` with growing pauses until an answer
 * comes, and whoever waits in `back` goes on. A `change` event follows each turn.
 */
import { backoff, pause, untilAborted } from './time.js';

const PROBE_TIMEOUT_MS = 5_000;
/** The longest pause between two probes, in ms. */
const LONGEST_PAUSE_MS = 10_000;

class Connection extends EventTarget {
  lost = false;
  /** @type {Promise<void> | null} */
  #healing = null;

  /** A call got no answer. */
  reportLost() {
    if (this.lost) return;
    this.lost = true;
    this.dispatchEvent(new Event('change'));
    this.#healing = this.#heal();
  }

  /**
   * Waits until the line is back.
   *
   * @param {AbortSignal} signal
   */
  async back(signal) {
    await untilAborted(Promise.resolve(this.#healing), signal);
  }

  async #heal() {
    for (let attempt = 0; ; attempt += 1) {
      await Promise.race([pause(backoff(attempt, LONGEST_PAUSE_MS)), nextOnline()]);
      if (await answers()) break;
    }
    this.lost = false;
    this.dispatchEvent(new Event('change'));
  }
}

async function answers() {
  try {
    const reply = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return reply.ok;
  } catch {
    return false;
  }
}

function nextOnline() {
  return new Promise((resolve) => addEventListener('online', resolve, { once: true }));
}

export const connection = new Connection();

// A browser knows at once when its own network goes away.
globalThis.addEventListener?.('offline', () => connection.reportLost());
// The service worker opens the page without a line too.
if (globalThis.navigator?.onLine === false) connection.reportLost();
