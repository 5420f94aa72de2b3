/** Numbers as people read them. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const hundredths = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const utc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

/** A duration: 0.42 ms, 12.5 ms, 1.2 s. @param {number | null} value_ms */
export function ms(value_ms) {
  if (value_ms === null || value_ms === undefined) return 'runs';
  if (Math.abs(value_ms) >= 1000) return `${tenths.format(value_ms / 1000)} s`;
  return `${(Math.abs(value_ms) < 10 ? hundredths : tenths).format(value_ms)} ms`;
}

/** @param {string} moment RFC 3339. */
export function time(moment) {
  return clock.format(new Date(moment));
}

/** A moment in universal time: 1 Dec 2026, 09:00:05 UTC. @param {string} written RFC 3339. */
export function moment(written) {
  return `${utc.format(new Date(written))} UTC`;
}

/** Capacity units: `1 read`, `2 write`, or both. @param {number} read @param {number} write */
export function units(read, write) {
  const parts = [read > 0 && `${tenths.format(read)} read`, write > 0 && `${tenths.format(write)} write`];
  return parts.filter(Boolean).join(' + ');
}

/** @param {number} count @param {string} noun */
export function counted(count, noun) {
  return `${whole.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** @param {number} share @param {number} [digits] */
export function percent(share, digits = 1) {
  return new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: digits }).format(share);
}

/** @param {number} value */
export function signed(value) {
  return new Intl.NumberFormat('en', { signDisplay: 'exceptZero', minimumFractionDigits: 2, maximumFractionDigits: 2 })
    .format(value);
}

/** @param {number} value */
export function short(value) {
  return (Math.abs(value) < 10 ? hundredths : whole).format(value);
}
