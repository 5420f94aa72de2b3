/** The model: a sandbox for ten features, the effect of each, its card and its pictures. */
import { h } from '/_local/web/core/render.js';
import { ask } from '../ask.js';
import { percent, short, signed } from '../format.js';
import { WindowView } from './view.js';

/** @type {Record<string, string>} */
const BETTER = { more: 'More is never worse.', less: 'Less is never worse.', depends: 'It depends on the rest.' };

class ModelView extends WindowView {
  /** @type {any} */
  model = null;
  /** A value for each feature; null where nothing is known. @type {(number | null)[]} */
  values = [];
  /** @type {any} */
  scored = null;
  #asking = false;
  #stale = false;

  connected() {
    this.attempt(async () => {
      this.model = await ask('model', { signal: this.signal });
      this.usual();
    });
  }

  usual() {
    this.values = this.model.features.map((/** @type {any} */ feature) => feature.usual);
    this.score();
  }

  /** Scores what the sliders say now. One question is open at a time; the last position is always asked. */
  async score() {
    this.#stale = true;
    if (this.#asking) return;
    this.#asking = true;
    await this.attempt(async () => {
      try {
        while (this.#stale) {
          this.#stale = false;
          const body = { features: this.values };
          this.scored = await ask('model/score', { method: 'POST', body, signal: this.signal });
          this.update();
        }
      } finally {
        this.#asking = false;
      }
    });
  }

  /** @param {number} place @param {number | null} value */
  set(place, value) {
    this.values[place] = value;
    this.update();
    this.score();
  }

  draw() {
    return [
      h('h1', { class: 'page-title' }, 'The model'),
      this.failure(),
      this.model ? [
        h('div', { class: 'sandbox' }, this.sliders(), this.outcome()),
        this.effects(),
        this.card(),
      ] : null,
    ];
  }

  sliders() {
    return h('section', { class: 'panel', 'aria-labelledby': 'sandbox-title' },
      h('h2', { class: 'panel-title', id: 'sandbox-title' }, 'A freelancer for a project'),
      h('p', { class: 'span-facts' }, 'Drag what is known of a freelancer. Without a tick, nothing is known.'),
      h('ul', { class: 'sliders' }, this.model.features.map(
        (/** @type {any} */ feature, /** @type {number} */ place) => this.slider(feature, place))),
      h('button', { class: 'button button-quiet', type: 'button', onclick: () => this.usual() }, 'A usual freelancer'));
  }

  /** @param {any} feature @param {number} place */
  slider(feature, place) {
    const value = this.values[place];
    const known = value !== null;
    const text = known ? shown(feature, value) : 'not known';
    return h('li', { key: feature.feature, class: 'slider' },
      h('label', { class: 'slider-known' },
        h('input', {
          type: 'checkbox',
          '.checked': known,
          'aria-label': `${feature.feature} is known`,
          onchange: () => this.set(place, known ? null : feature.usual),
        }),
        h('span', null, feature.feature)),
      h('output', { class: 'slider-value' }, text),
      h('input', {
        class: 'slider-input',
        type: 'range',
        min: 0,
        max: feature.most,
        step: 'any',
        disabled: !known,
        'aria-label': feature.feature,
        'aria-valuetext': text,
        '.value': String(value ?? feature.usual),
        oninput: (/** @type {any} */ event) => this.set(place, Math.min(Number(event.target.value), feature.most)),
      }));
  }

  outcome() {
    if (!this.scored) return null;
    const { score, interest, choice, contributions, base_log_odds: base, log_odds: logOdds } = this.scored;
    const most = Math.max(0.5, ...contributions.map(Math.abs));
    return h('section', { class: 'panel', 'aria-labelledby': 'outcome-title' },
      h('h2', { class: 'panel-title', id: 'outcome-title' }, 'What the net says'),
      h('dl', { class: 'sides', 'aria-live': 'polite' },
        Object.entries({ Interest: interest, Choice: choice, Score: score }).map(([name, value]) => h('div',
          { key: name, class: 'side' }, h('dt', null, name), h('dd', null, percent(value, 2))))),
      h('p', { class: 'span-facts' },
        `From ${signed(base)} where nothing is known to ${signed(logOdds)} (log-odds), feature by feature:`),
      h('ol', { class: 'contributions' }, contributions.map(
        (/** @type {number} */ value, /** @type {number} */ place) => this.contribution(value, place, most))));
  }

  /** @param {number} value @param {number} place @param {number} most */
  contribution(value, place, most) {
    return h('li', { key: place },
      h('span', { class: 'contribution-name' }, this.model.features[place].feature),
      h('span', { class: 'contribution-lane', 'aria-hidden': 'true' }, h('span', {
        class: value < 0 ? 'contribution-bar contribution-down' : 'contribution-bar',
        style: { '--size': `${(Math.abs(value) / most) * 50}%` },
      })),
      h('span', { class: 'number' }, signed(value)));
  }

  effects() {
    /** @type {{ features: any[] }} */
    const { features } = this.model;
    const scores = features.flatMap(({ curve: points }) => points.map((/** @type {number[]} */ [, score]) => score));
    const most = Math.max(...scores);
    return h('section', { 'aria-labelledby': 'effects-title' },
      h('h2', { class: 'section-title', id: 'effects-title' }, 'The effect of each feature'),
      h('p', { class: 'lead' },
        'How the score of a usual freelancer changes with one feature alone. All curves share one scale.'),
      h('ul', { class: 'effects' }, features.map((feature) => h('li', { key: feature.feature, class: 'panel effect' },
        h('h3', { class: 'effect-title' }, feature.feature),
        h('p', { class: 'span-facts' }, `${feature.meaning}. ${BETTER[feature.better]}`),
        curve(feature, most)))));
  }

  card() {
    const { card, pictures } = this.model;
    const rows = [['Version', card.version], ['Net', card.net], ['Loss', card.loss],
      ['Intended use', card.intended_use], ['Limits', card.limits], ['Data', card.data],
      ['Split', card.split], ['Relevance', card.relevance]];
    const metrics = Object.entries(card.metrics ?? {});
    const names = metrics.length > 0 ? Object.keys(metrics[0][1]) : [];
    return h('section', { 'aria-labelledby': 'card-title' },
      h('h2', { class: 'section-title', id: 'card-title' }, 'The model card'),
      h('dl', { class: 'card-rows' }, rows.filter(([, text]) => text).map(([name, text]) => h('div', { key: name },
        h('dt', null, name), h('dd', null, String(text))))),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Metrics' }, h('table', { class: 'grid' },
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Metric'),
          metrics.map(([set]) => h('th', { key: set, scope: 'col' }, set)))),
        h('tbody', null, names.map((name) => h('tr', { key: name }, h('th', { scope: 'row' }, name),
          metrics.map(([set, figures]) => h('td', { key: set, class: 'number' }, figure(figures[name])))))))),
      exposure(this.model.exposure),
      h('div', { class: 'pictures' }, pictures.map((/** @type {string} */ address) => h('img', {
        key: address,
        src: address,
        alt: address.includes('learning') ? 'Loss by epoch of the training' : 'Predicted and observed probabilities',
      }))));
  }
}

/** The groups whom the ranking shows first. @param {any} audit `matching/model/exposure.toml`. */
function exposure({ projects, share, ndcg_10: [before, after], groups }) {
  const heads = ['Group', 'Candidates', 'Bids', 'First ten', `With newcomers=${share}`];
  return h('section', { 'aria-labelledby': 'exposure-title' },
    h('h3', { id: 'exposure-title' }, 'Exposure'),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Shares by group' }, h('table', {
      class: 'grid',
    },
      h('thead', null, h('tr', null, heads.map((head) => h('th', { key: head, scope: 'col' }, head)))),
      h('tbody', null, groups.map((/** @type {any} */ { by, name, eligible, bids, first_ten: [plain, fair] }) => (
        h('tr', { key: by + name }, h('th', { scope: 'row' }, `${by}: ${name}`),
          [eligible, bids, plain, fair].map((part, place) => (
            h('td', { key: String(place), class: 'number' }, percent(part, 1)))))))))),
    h('p', { class: 'span-facts' }, `Shares over ${projects} test projects. NDCG@10 is ${figure(before)} by score and `
      + `${figure(after)} with the share. matching-training's example exposure audits your own market.`));
}

/** @param {any} value */
function figure(value) {
  return typeof value === 'number' ? new Intl.NumberFormat('en', { maximumSignificantDigits: 4 }).format(value) : '';
}

/** A feature's value as people mean it. @param {any} feature @param {number} value */
function shown(feature, value) {
  if (feature.unit === 'share') return percent(value, 0);
  if (feature.is_logarithm) {
    const count = Math.expm1(value);
    if (feature.unit === 'times twenty') return `${short(count / 20)} × usual`;
    return `${short(count)} ${feature.unit === 'count' ? 'jobs' : feature.unit}`;
  }
  return `${short(value)} ${feature.unit}`;
}

/** @param {any} feature @param {number} most */
function curve(feature, most) {
  const [width, height] = [200, 60];
  const point = (/** @type {number[]} */ [value, score]) => (
    [(value / feature.most) * width, height - (score / most) * height]);
  const points = feature.curve.map((/** @type {number[]} */ it) => point(it).join(','));
  return h('svg', {
    class: 'curve', viewBox: `-2 -2 ${width + 4} ${height + 4}`, role: 'img',
    'aria-label': `From ${percent(feature.curve[0][1], 2)} to ${percent(feature.curve.at(-1)[1], 2)}`,
  },
  h('path', { class: 'curve-axis', d: `M0 ${height}H${width}` }),
  h('polyline', { class: 'curve-line', points: points.join(' ') }));
}

customElements.define('window-model', ModelView);
