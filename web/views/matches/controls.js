/** What a client can turn: the newcomers' share, and how many of the wanted skills a freelancer must have. */
import { icon } from '../../components/icon.js';
import { percent } from '../../core/format.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';

/** The choices of the skill filter. Empty is the API's own: at least one wanted skill. */
export const OVERLAPS = ['0', '', '0.25', '0.5', '0.75', '1'];

/**
 * @param {import('./ranking.js').Filter} filter
 * @param {object} options
 * @param {(filter: import('./ranking.js').Filter) => void} options.change
 * @param {boolean} options.open Whether the controls are unfolded.
 * @param {(open: boolean) => void} options.onopen
 */
export function controls(filter, { change, open, onopen }) {
  const sentences = words().projectMatches;
  const share = Number(filter.newcomers) || 0;
  const chosen = String(Math.max(0, OVERLAPS.indexOf(filter.min_skill_overlap)));
  const overlap = OVERLAPS[Number(chosen)];
  return h('details', {
    class: 'panel candidate-controls',
    '.open': open,
    ontoggle: (/** @type {Event} */ event) => onopen(/** @type {HTMLDetailsElement} */ (event.currentTarget).open),
  },
  h('summary', { class: 'control-head' }, sentences.controls, icon('next')),
  h('div', { class: 'control-list' },
    h('div', { class: 'field' },
      h('label', { class: 'field-label control-label', for: 'newcomers' }, sentences.newcomers,
        h('output', { for: 'newcomers' }, share === 0 ? sentences.noShare : percent(share))),
      h('p', { class: 'field-hint', id: 'newcomers-hint' }, sentences.newcomersHint),
      h('input', {
        type: 'range', id: 'newcomers', min: 0, max: 1, step: 0.05, 'aria-describedby': 'newcomers-hint',
        'aria-valuetext': share === 0 ? sentences.noShare : percent(share),
        '.value': String(share),
        style: { '--share': share },
        oninput: (/** @type {Event} */ event) => {
          const { value } = /** @type {HTMLInputElement} */ (event.target);
          change({ ...filter, newcomers: Number(value) === 0 ? '' : value });
        },
      })),
    h('div', { class: 'field' },
      h('label', { class: 'field-label control-label', for: 'overlap' }, sentences.overlap,
        h('output', { for: 'overlap' }, overlapName(overlap))),
      h('p', { class: 'field-hint', id: 'overlap-hint' }, sentences.overlapHint),
      h('input', {
        type: 'range', id: 'overlap', min: 0, max: OVERLAPS.length - 1, step: 1, 'aria-describedby': 'overlap-hint',
        'aria-valuetext': overlapName(overlap),
        '.value': chosen,
        style: { '--share': Number(chosen) / (OVERLAPS.length - 1) },
        oninput: (/** @type {Event} */ event) => {
          const { value } = /** @type {HTMLInputElement} */ (event.target);
          change({ ...filter, min_skill_overlap: OVERLAPS[Number(value)] });
        },
      })),
    filter.newcomers !== '' || filter.min_skill_overlap !== ''
      ? h('button', { class: 'button button-quiet button-wide', type: 'button',
        onclick: () => change({ newcomers: '', min_skill_overlap: '' }) }, icon('close'), sentences.reset) : null));
}

/** @param {string} overlap */
function overlapName(overlap) {
  const sentences = words().projectMatches;
  if (overlap === '') return sentences.overlapOne;
  return overlap === '0' ? sentences.overlapNone : sentences.overlapShare(percent(Number(overlap)));
}
