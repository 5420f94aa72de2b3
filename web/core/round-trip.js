/**
 * The visit to a provider: where it leads, and what it was for. The tab remembers the reason and the way on; neither is
 * a secret. A cookie that no script can read ties the visit to this browser.
 */
import { post } from './api.js';
import { stored } from './stored.js';

/**
 * @typedef {object} Visit
 * @property {string} provider
 * @property {'sign-in' | 'link' | 'proof'} purpose
 * @property {string} next The view to go to afterwards: `#/…`.
 */

const memory = stored('round-trip', 'session');

/**
 * Leaves for a provider.
 *
 * @param {Visit} visit
 * @param {AbortSignal} signal
 */
export async function leaveFor(visit, signal) {
  const path = { id: visit.provider };
  const { body } = visit.purpose === 'sign-in'
    ? await post('/sign-in-providers/{id}/authorizations', undefined, { path, signal })
    : await post('/accounts/me/identities/{id}/authorizations', { purpose: visit.purpose }, { path, signal });
  memory.write(visit);
  location.assign(body.authorization_url);
}

/** The visit that this tab began at a provider. @param {string} provider @returns {Visit | null} */
export function visitTo(provider) {
  const visit = memory.read();
  const isWhole = visit?.provider === provider && ['sign-in', 'link', 'proof'].includes(visit.purpose)
    && typeof visit.next === 'string' && visit.next.startsWith('#/');
  return isWhole ? visit : null;
}

/** The visit is over. */
export function forgetVisit() {
  memory.write(null);
}
