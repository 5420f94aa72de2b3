/** One's own profile in short, or the way to one. */
import { freelancerCard } from '../../components/cards.js';
import { empty, failed, loading } from '../../components/states.js';
import { words } from '../../core/language.js';
import { Problem } from '../../core/problem.js';

/** @typedef {import('../../api/call.js').Schema<'Freelancer'>} Freelancer */

/** @param {import('../../core/resource.js').Resource<Freelancer>} profile */
export function myProfile({ value, error, retry }) {
  if (value) return freelancerCard(value);
  if (error instanceof Problem && error.code === 'not_found') {
    return empty(words().account.noProfile, words().account.noProfileText);
  }
  return error ? failed(error, retry) : loading();
}
