/** Closes a project, or opens it again. A `change` event follows each turn. */
import { icon } from '../../components/icon.js';
import { patch } from '../../core/api.js';
import { words } from '../../core/language.js';
import { isAbort, sentenceOf } from '../../core/problem.js';
import { h } from '../../core/render.js';

/** @typedef {import('../post/values.js').Project} Project */

export class StatusPart extends EventTarget {
  #id;
  #changed;
  #busy = false;
  /** @type {unknown} */
  #error = null;
  /** What was done last, for screen readers. */
  #done = '';

  /**
   * @param {string} id
   * @param {(version: { project: Project, etag: string | null }) => void} changed
   */
  constructor(id, changed) {
    super();
    this.#id = id;
    this.#changed = changed;
  }

  /** @param {'open' | 'closed'} status */
  async #set(status) {
    if (this.#busy) return;
    this.#busy = true;
    this.#error = null;
    this.#done = '';
    this.#tell();
    try {
      const { body, etag } = await patch('/projects/{id}', { status }, { path: { id: this.#id } });
      this.#done = words().editProject.done[status];
      this.#changed({ project: body, etag });
    } catch (error) {
      if (!isAbort(error)) this.#error = error;
    }
    this.#busy = false;
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('change'));
  }

  /** @param {Project} project */
  draw({ status }) {
    const { editProject: sentences, common } = words();
    const next = status === 'open' ? 'closed' : 'open';
    return h('section', { class: 'section', 'aria-labelledby': 'status-title', key: 'status' },
      h('h2', { class: 'section-title', id: 'status-title' }, sentences.statusTitle),
      h('p', null, sentences.statusText[status]),
      h('div', { class: 'actions' }, h('button', {
        class: `button ${next === 'closed' ? 'button-danger' : 'button-quiet'}`, type: 'button',
        'aria-disabled': this.#busy ? 'true' : null, onclick: () => this.#set(next),
      }, this.#busy ? common.sending : sentences.set[next])),
      h('p', { role: 'status', class: 'visually-hidden' }, this.#done),
      h('div', { role: 'alert', class: 'form-failure' }, this.#error
        ? h('p', null, icon('warning'), sentenceOf(this.#error)) : null));
  }
}
