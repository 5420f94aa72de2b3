/** What a freelancer charges, and when and how they work. */
import { definition, panel } from '../../components/panel.js';
import { cityOf, clockIn, day, languageName, list, money, relative } from '../../core/format.js';
import { words } from '../../core/language.js';

/** @param {import('../../api/call.js').Schema<'Freelancer'>} freelancer */
export function terms(freelancer) {
  const { hourly_rate, languages, timezone, years_experience, last_active_at, created_at } = freelancer;
  const { common, freelancer: sentences } = words();
  return panel(sentences.terms, [
    definition('money', sentences.rate, hourly_rate ? common.anHour(money(hourly_rate)) : sentences.rateOpen),
    definition('clock', sentences.hours, freeTime(freelancer.weekly_hours)),
    languages?.length ? definition('globe', common.languages, list(languages.map(languageName))) : null,
    timezone ? definition('place', common.timezone, common.clock(cityOf(timezone), clockIn(timezone))) : null,
    typeof years_experience === 'number'
      ? definition('chart', sentences.experience, common.years(years_experience)) : null,
    last_active_at ? definition('spark', sentences.active, relative(last_active_at)) : null,
    definition('calendar', sentences.since, day(created_at)),
  ]);
}

/** @param {number | null | undefined} weekly_hours */
function freeTime(weekly_hours) {
  if (weekly_hours === null || weekly_hours === undefined) return words().freelancer.hoursOpen;
  return weekly_hours === 0 ? words().freelancer.busy : words().common.weeklyHours(weekly_hours);
}
