/** `<pw-devices>`: the devices that are signed in. Each of the others can be signed out from here. */
import { icon } from '../../components/icon.js';
import { failed, loading } from '../../components/states.js';
import { remove } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { relative } from '../../core/format.js';
import { words } from '../../core/language.js';
import { isAbort, Problem, sentenceOf } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { deviceName } from './device-name.js';
import { done } from './done.js';

/** @typedef {import('../../api/call.js').Schema<'Session'>} Device */
/** @typedef {import('../../api/call.js').Schema<'Sessions'>} Devices */

class DevicesPart extends Component {
  /** The view that draws this part gives the list. */
  devices = /** @type {import('../../core/resource.js').Resource<Devices>} */ (/** @type {unknown} */ (null));
  /** The ids of the devices that are being signed out. @type {Set<string>} */
  #ending = new Set();
  /** @type {unknown} */
  #failure = null;
  #ended = 0;

  connected() {
    this.watch(this.devices);
  }

  /** Signs devices out, one after the other. @param {Device[]} devices */
  async #end(devices) {
    if (this.#ending.size > 0) return;
    this.#failure = null;
    this.#ended = 0;
    for (const { id } of devices) this.#ending.add(id);
    this.update();
    let ended = 0;
    try {
      for (const { id } of devices) {
        await this.#endOne(id);
        ended += 1;
      }
    } catch (error) {
      if (!isAbort(error)) this.#failure = error;
    }
    this.#ending.clear();
    await this.devices.load(this.signal);
    if (!this.isConnected) return;
    this.#ended = ended;
    this.drawNow();
    /** @type {HTMLElement | null} */ (this.querySelector('.devices'))?.focus();
  }

  /** @param {string} id */
  async #endOne(id) {
    try {
      await remove('/sessions/{id}', undefined, { path: { id }, signal: this.signal });
    } catch (error) {
      // It has ended meanwhile.
      if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
    }
  }

  draw() {
    const { security } = words();
    const { value, error, retry } = this.devices;
    if (!value) return error ? failed(error, retry) : loading(2);
    const others = value.items.filter((device) => !device.is_current);
    return h('div', { class: 'form' },
      h('ul', { class: 'links devices', tabindex: -1, 'aria-label': security.devicesTitle },
        value.items.map((device) => this.#row(device))),
      error || this.#failure
        ? h('div', { class: 'form-failure', role: 'alert' },
          h('p', null, icon('warning'), sentenceOf(this.#failure ?? error)))
        : null,
      done(this.#ended > 0 && security.ended(this.#ended)),
      others.length === 0 ? h('p', { class: 'panel-text' }, security.noOthers) : null,
      others.length > 1
        ? h('button', { class: 'button button-danger', type: 'button', onclick: () => this.#end(others) },
          security.endOthers)
        : null);
  }

  /** @param {Device} device */
  #row(device) {
    const { security, common } = words();
    const { id, device: userAgent, place, is_current, last_used_at } = device;
    const name = deviceName(userAgent ?? '') || security.unknownDevice;
    return h('li', { key: id, class: 'device' },
      h('div', { class: 'device-names' },
        h('p', { class: 'device-name', title: userAgent }, name),
        h('p', { class: 'card-kicker' },
          is_current ? h('span', { class: 'status status-open' }, security.thisDevice) : null,
          is_current ? ' ' : null,
          place ? h('span', { dir: 'ltr' }, place) : null,
          place ? ' · ' : null,
          h('time', { datetime: last_used_at }, security.lastUsed(relative(last_used_at))))),
      is_current ? null : h('button', {
        class: 'button button-quiet',
        type: 'button',
        'aria-label': security.endDevice(name),
        'aria-disabled': this.#ending.size > 0 ? 'true' : null,
        onclick: () => this.#end([device]),
      }, this.#ending.has(id) ? common.sending : security.end));
  }
}

customElements.define('pw-devices', DevicesPart);
