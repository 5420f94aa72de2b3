/** A freelancer's track record: what the market knows from finished jobs and answered bids. */
import { icon } from '../../components/icon.js';
import { duration, number, percent } from '../../core/format.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';

/** @param {import('../../api/call.js').Schema<'Freelancer'>} freelancer */
export function record({ rating, completed_jobs, hire_rate, response_minutes }) {
  const { freelancer } = words();
  const isEmpty = rating === null && completed_jobs === 0 && hire_rate === null && response_minutes === null;
  return h('section', { class: 'section', 'aria-labelledby': 'record' },
    h('h2', { id: 'record', class: 'section-title' }, freelancer.record),
    isEmpty ? h('p', { class: 'page-lead' }, freelancer.recordNew) : h('dl', { class: 'figures' },
      figure(freelancer.rating, rating === null ? null
        : [icon('star'), number(rating, { minimumFractionDigits: 1, maximumFractionDigits: 2 })],
      rating === null ? freelancer.noRating : freelancer.ofFive),
      figure(freelancer.completed, number(completed_jobs), ''),
      figure(freelancer.hireRate, hire_rate === null ? null : percent(hire_rate),
        hire_rate === null ? freelancer.noBids : freelancer.hireRateHint),
      figure(freelancer.response, response_minutes === null ? null : duration(response_minutes),
        response_minutes === null ? freelancer.noResponse : freelancer.responseHint)));
}

/**
 * @param {string} term
 * @param {import('../../core/description.js').Children} value null if it is not known.
 * @param {string} hint
 */
function figure(term, value, hint) {
  return h('div', { class: 'figure', key: term },
    h('dt', { class: 'figure-term' }, term),
    h('dd', { class: 'figure-value' }, value ?? '–'),
    hint ? h('dd', { class: 'figure-hint' }, hint) : null);
}
