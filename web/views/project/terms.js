/** What a project pays, how long it takes, and when. */
import { budgetSentence } from '../../components/cards.js';
import { definition, panel } from '../../components/panel.js';
import { cityOf, clockIn, day, languageName, list } from '../../core/format.js';
import { words } from '../../core/language.js';

/** @param {import('../../api/call.js').Schema<'Project'>} project */
export function terms({ budget, weekly_hours, languages, timezone, starts_on, expires_at, updated_at }) {
  const { common, project } = words();
  return panel(project.terms, [
    definition('money', project.budget, budgetSentence(budget)),
    weekly_hours ? definition('clock', project.hours, common.weeklyHours(weekly_hours)) : null,
    definition('globe', common.languages, languages?.length ? list(languages.map(languageName)) : project.anyLanguage),
    timezone ? definition('place', common.timezone, common.clock(cityOf(timezone), clockIn(timezone))) : null,
    starts_on ? definition('calendar', project.starts, day(starts_on)) : null,
    expires_at ? definition('calendar', project.expires, day(expires_at)) : null,
    definition('edit', project.changed, day(updated_at)),
  ]);
}
