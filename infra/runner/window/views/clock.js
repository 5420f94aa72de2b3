/** The present time of the market, and the buttons that advance it if it was started with `--clock`. */
import { Component } from '/_local/web/core/component.js';
import { h } from '/_local/web/core/render.js';
import { pause } from '/_local/web/core/time.js';
import { clock } from '../ask.js';
import { moment } from '../format.js';

/** Each step: its label and its ISO 8601 duration. */
const STEPS = [['1 hour', 'PT1H'], ['1 day', 'P1D'], ['14 days', 'P14D']];

class ClockView extends Component {
  /** @type {{ now: string, may_advance: boolean }} */
  shown = { now: '', may_advance: false };
  failure = '';

  async connected() {
    const { signal } = this;
    while (!signal.aborted) {
      await this.ask();
      await pause(5000, signal).catch(() => {});
    }
  }

  /** @param {string} [duration] Advances the clock by it. */
  async ask(duration) {
    try {
      this.shown = await clock(duration, this.signal);
      this.failure = '';
    } catch (error) {
      if (this.signal.aborted) return;
      this.failure = error instanceof Error ? error.message : String(error);
    }
    this.update();
  }

  draw() {
    const { now, may_advance: mayAdvance } = this.shown;
    return h('div', { class: 'window-clock' },
      now ? h('time', { datetime: now, title: 'The time of the market' }, moment(now)) : null,
      mayAdvance ? STEPS.map(([label, duration]) => h('button', {
        key: duration, class: 'button button-quiet', type: 'button', 'aria-label': `Advance the clock by ${label}`,
        onclick: () => this.ask(duration),
      }, `+ ${label}`)) : null,
      h('span', { role: 'alert' }, this.failure));
  }
}

customElements.define('window-clock', ClockView);
