/**
 * The scorer in the browser: the market's own net over freelancers that the page already has. Nothing is sent.
 *
 * The module is `/web/wasm/matching.wasm` (sources: `matching/wasm`). It loads on first use. A call is one message in
 * the module's memory, in the postcard format: https://postcard.jamesmunns.com/wire-format. Its scores are those of
 * `POST /matches/score` for the same records.
 *
 * ```js
 * const scorer = await loadScorer();
 * const { scores, best } = scorer.score(project, freelancers, { explained: 5 });
 * ```
 */
import { loadModule } from './load.js';

/** @typedef {import('../api/call.js').Schema<'Freelancer'>} Freelancer */
/** @typedef {import('../api/call.js').Schema<'FreelancerRecord'>} FreelancerRecord */
/** @typedef {import('../api/call.js').Schema<'ProjectRecord'>} ProjectRecord */
/**
 * @typedef {object} TypedProject A project as far as it is typed. Everything may be missing.
 * @property {string | null} [title]
 * @property {string | null} [description]
 * @property {string[] | null} [skills]
 * @property {string[] | null} [languages]
 * @property {{ max: number, currency: string } | null} [budget] The most that the client pays, in minor units.
 */
/**
 * @typedef {object} Score
 * @property {number} index Of the freelancer in the call.
 * @property {number} score
 * @property {number} freelancer_interest
 * @property {number} client_choice
 * @property {boolean} eligible Whether the market would match the two.
 */
/**
 * @typedef {Score & { log_odds: number, base_log_odds: number, reasons: ScorerReason[] }} Explained
 * @typedef {{ feature: string, value: number | null, contribution: number }} ScorerReason
 */
/**
 * @typedef {object} Exports
 * @property {WebAssembly.Memory} memory
 * @property {(size: number) => number} allocate
 * @property {(block: number, size: number) => void} release
 * @property {(message: number, size: number) => number} score
 */

/** In the order of the net's inputs. */
export const FEATURES = [
  'skill_overlap', 'skill_experience', 'text_similarity', 'rating', 'hire_rate', 'response_time', 'last_seen',
  'activity_week', 'activity_month', 'activity_half_year',
];
/** Numbers for each freelancer, and for each explained one: see matching/wasm/src/answer.rs. */
const SCORED_WIDTH = 4;
const EXPLAINED_WIDTH = 3 + 2 * FEATURES.length;
/** Bytes in front of an answer's numbers. */
const HEADER_BYTES = 8;

/** @type {Promise<Scorer> | null} */
let loaded = null;

/** Loads the module, once. It waits for a line that is lost. @returns {Promise<Scorer>} */
export function loadScorer() {
  loaded ??= loadModule(fetchModule).then((module) => new Scorer(module)).catch((error) => {
    loaded = null;
    throw error;
  });
  return loaded;
}

async function fetchModule() {
  const reply = await fetch(import.meta.resolve('../wasm/matching.wasm'));
  if (!reply.ok) throw new TypeError(`the scorer could not be loaded: ${reply.status}`);
  return WebAssembly.compile(await reply.arrayBuffer());
}

export class Scorer {
  #exports;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    this.#exports = /** @type {Exports} */ (/** @type {unknown} */ (new WebAssembly.Instance(module).exports));
  }

  /**
   * Scores freelancers for a project. The freelancers of the call determine how rare a skill is.
   *
   * @param {TypedProject} project
   * @param {Partial<FreelancerRecord>[]} freelancers Use `recordOf` for those of the API.
   * @param {object} [options]
   * @param {number} [options.explained] So many of the best eligible freelancers come with reasons.
   * @param {number} [options.now] In ms.
   * @returns {{ scores: Score[], best: Explained[] }} `scores` in the order of the call; `best` with the best first.
   */
  score(project, freelancers, { explained = 0, now = Date.now() } = {}) {
    if (freelancers.length === 0) return { scores: [], best: [] };
    const numbers = this.#call(messageOf(project, freelancers, explained, Math.floor(now / 1000)));
    const scores = freelancers.map((_, index) => scoreAt(numbers, index));
    const best = [];
    for (let at = SCORED_WIDTH * scores.length; at < numbers.length; at += EXPLAINED_WIDTH) {
      best.push(explainedAt(numbers, at, scores));
    }
    return { scores, best };
  }

  /** @param {Uint8Array} message @returns {Float32Array} */
  #call(message) {
    const { memory, allocate, release, score } = this.#exports;
    const block = allocate(message.length);
    if (block === 0) throw new RangeError('the scorer has no memory left');
    new Uint8Array(memory.buffer, block, message.length).set(message);
    const answer = score(block, message.length);
    release(block, message.length);
    if (answer === 0) throw new TypeError('the scorer could not read its message');
    // The memory may have grown meanwhile, so its buffer is asked for again.
    const count = new Uint32Array(memory.buffer, answer, 1)[0];
    const numbers = new Float32Array(memory.buffer, answer + HEADER_BYTES, count).slice();
    release(answer, HEADER_BYTES + 4 * count);
    return numbers;
  }
}

/**
 * A freelancer of the API as a record. A newcomer's last activity is left out, as the market's own matching does: it
 * says nothing before the first bid.
 *
 * @param {Freelancer} freelancer
 * @returns {Partial<FreelancerRecord> & { skills: string[] }}
 */
export function recordOf({ headline, bio, skills, languages, hourly_rate, weekly_hours, ...standing }) {
  const { rating, completed_jobs, hire_rate, response_minutes, last_active_at } = standing;
  const isNewcomer = hire_rate === null && completed_jobs === 0;
  return {
    headline, bio, skills, languages, hourly_rate, weekly_hours, rating, completed_jobs, hire_rate, response_minutes,
    last_active_at: isNewcomer ? null : last_active_at,
  };
}

/** @param {Float32Array} numbers @param {number} index @returns {Score} */
function scoreAt(numbers, index) {
  const [score, freelancer_interest, client_choice, eligible] = numbers.subarray(SCORED_WIDTH * index);
  return { index, score, freelancer_interest, client_choice, eligible: eligible === 1 };
}

/** @param {Float32Array} numbers @param {number} at @param {Score[]} scores @returns {Explained} */
function explainedAt(numbers, at, scores) {
  const [index, log_odds, base_log_odds] = numbers.subarray(at);
  const reasons = FEATURES.map((feature, place) => {
    const value = numbers[at + 3 + place];
    const contribution = numbers[at + 3 + FEATURES.length + place];
    return { feature, value: Number.isNaN(value) ? null : value, contribution };
  });
  return { ...scores[index], log_odds, base_log_odds, reasons };
}

/**
 * @param {TypedProject} project
 * @param {Partial<FreelancerRecord>[]} freelancers
 * @param {number} explained
 * @param {number} now_s
 */
function messageOf(project, freelancers, explained, now_s) {
  const message = new Message();
  message.signed(now_s);
  message.unsigned(explained);
  message.text(project.title);
  message.text(project.description);
  message.list(project.skills, (skill) => message.text(skill));
  message.list(project.languages, (tag) => message.text(tag));
  message.price(project.budget && { amount: project.budget.max, currency: project.budget.currency });
  message.list(freelancers, (one) => {
    message.text(one.headline);
    message.text(one.bio);
    message.list(one.skills, (skill) => message.text(skill));
    message.list(one.languages, (tag) => message.text(tag));
    message.price(one.hourly_rate);
    message.option(one.weekly_hours, (hours) => message.unsigned(hours));
    message.option(one.rating, (stars) => message.float(stars));
    message.option(one.completed_jobs, (jobs) => message.unsigned(jobs));
    message.option(one.hire_rate, (share) => message.float(share));
    message.option(one.response_minutes, (minutes) => message.float(minutes));
    message.option(one.last_active_at, (time) => message.signed(Math.floor(Date.parse(time) / 1000)));
  });
  return message.bytes;
}

const encoder = new TextEncoder();

/** A message in the postcard format. */
class Message {
  #bytes = new Uint8Array(4096);
  #length = 0;

  get bytes() {
    return this.#bytes.subarray(0, this.#length);
  }

  /** @param {number} count */
  #reserve(count) {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.bytes);
    this.#bytes = larger;
  }

  /** A whole number of at most 53 bits: seven bits in a byte, the lowest first. @param {number} number */
  unsigned(number) {
    this.#reserve(8);
    let rest = number;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Zigzag: 0, −1, 1, −2, … @param {number} number */
  signed(number) {
    this.unsigned(number < 0 ? -2 * number - 1 : 2 * number);
  }

  /** @param {number} number */
  float(number) {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, number, true);
    this.#length += 8;
  }

  /** @param {string | null | undefined} text */
  text(text) {
    const bytes = encoder.encode(text ?? '');
    this.unsigned(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** @template Item @param {Item[] | null | undefined} items @param {(item: Item) => void} write */
  list(items, write) {
    this.unsigned(items?.length ?? 0);
    items?.forEach(write);
  }

  /** @template Value @param {Value | null | undefined} value @param {(value: Value) => void} write */
  option(value, write) {
    this.unsigned(value === null || value === undefined ? 0 : 1);
    if (value !== null && value !== undefined) write(value);
  }

  /** @param {{ amount: number, currency: string } | null | undefined} price */
  price(price) {
    this.option(price, ({ amount, currency }) => {
      this.signed(amount);
      this.text(currency);
    });
  }
}
