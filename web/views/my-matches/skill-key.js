/**
 * Whether two spellings are one skill, as far as the page can tell: without regard to case, width, spaces and hyphens.
 * The market also knows synonyms, so a difference here may be none there.
 *
 * @param {string} skill
 */
export function skillKey(skill) {
  return skill.normalize('NFKC').toLowerCase().replace(/[\s_‐-―-]+/gu, ' ').trim();
}
