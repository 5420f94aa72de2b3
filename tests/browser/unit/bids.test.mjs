/** Pasted tables: cells, columns and values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

// The modules ask the browser for its languages; Node 20 has no `navigator`.
globalThis.navigator ??= /** @type {any} */ ({ languages: ['en'] });
const { readTable } = await import('../../../web/views/bids/table.js');
const { isHeader, partOf, recognise } = await import('../../../web/views/bids/columns.js');
const { bidOf } = await import('../../../web/views/bids/records.js');
const { amountOf, languageTag } = await import('../../../web/views/post/values.js');

const freelancer = (row) => bidOf({ skills: 'Rust', ...row }, { currency: 'KRW', postedAt: null }).freelancer;

test('tabs, commas, semicolons and bars part cells; quotes hold them and line breaks', () => {
  assert.deepEqual(readTable('a\tb, c\n1\t2').rows, [['a', 'b, c'], ['1', '2']]);
  assert.deepEqual(readTable('a,b\r\n"1, ""x""","2\n3"\r\n').rows, [['a', 'b'], ['1, "x"', '2\n3']]);
  assert.deepEqual(readTable('a;b\n1;2').rows, [['a', 'b'], ['1', '2']]);
  assert.deepEqual(readTable('\uFEFFa|b\n\n1|2\n').rows, [['a', 'b'], ['1', '2']]);
  assert.equal(readTable('  \n '), null);
});

test('a text that only begins like JSON is a table', () => {
  assert.deepEqual(readTable('[Kim],Rust').rows, [['[Kim]', 'Rust']]);
  assert.equal(readTable('[]'), null);
});

test('bids of the API and flat records give the same table', () => {
  const nested = readTable(JSON.stringify({ bids: [{ freelancer: { skills: ['A', 'B'] }, message: 'Hi' }] }));
  assert.deepEqual(nested, { names: ['skills', 'message'], rows: [['A, B', 'Hi']] });
  assert.deepEqual(readTable(JSON.stringify([{ skills: ['A', 'B'], message: 'Hi' }])), nested);
});

test('columns are recognised by their names in both languages, each part once', () => {
  assert.deepEqual(recognise(['Full Name', '기술 스택', 'Hourly rate (USD)', 'SKILLS', 'Shoe size']),
    ['display_name', 'skills', 'hourly_rate', null, null]);
  assert.equal(partOf('평점'), 'rating');
  assert.equal(isHeader(['Name', 'Skills', 'Shoe size']), true);
  assert.equal(isHeader(['Kim', 'Rust', '42']), false);
});

test('prices in the ways that people write them', () => {
  const price = (hourly_rate) => freelancer({ hourly_rate }).hourly_rate;
  assert.deepEqual(price('65,000원'), { amount: 65_000, currency: 'KRW' });
  assert.deepEqual(price('6만'), { amount: 60_000, currency: 'KRW' });
  assert.deepEqual(price('$72/h'), { amount: 7_200, currency: 'USD' });
  assert.deepEqual(price('92.50 EUR'), { amount: 9_250, currency: 'EUR' });
  assert.deepEqual(price('41,000'), { amount: 41_000, currency: 'KRW' });
  assert.equal(amountOf('19.99', 'USD'), 1_999);
  assert.equal(amountOf('about ten', 'USD'), 'about ten', 'the API refuses it at its place');
});

test('shares, ratings, counts and durations', () => {
  assert.equal(freelancer({ hire_rate: '42%' }).hire_rate, 0.42);
  assert.equal(freelancer({ hire_rate: '42' }).hire_rate, 0.42);
  assert.equal(freelancer({ hire_rate: '0.42' }).hire_rate, 0.42);
  assert.equal(freelancer({ rating: '4.8 / 5' }).rating, 4.8);
  assert.equal(freelancer({ completed_jobs: '31 jobs' }).completed_jobs, 31);
  assert.equal(freelancer({ years_experience: '5년' }).years_experience, 5);
  assert.equal(freelancer({ response_minutes: '2시간' }).response_minutes, 120);
  assert.equal(freelancer({ response_minutes: '35 min' }).response_minutes, 35);
  assert.equal(freelancer({ response_minutes: 'soon' }).response_minutes, 'soon');
});

test('a time of the bid becomes minutes after the posting, but never fewer than none', () => {
  const context = { currency: 'KRW', postedAt: '2026-11-30T09:00:00Z' };
  assert.equal(bidOf({ skills: 'Rust', bid_at: '2026-11-30T10:30:00Z' }, context).delay_minutes, 90);
  assert.equal('delay_minutes' in bidOf({ skills: 'Rust', bid_at: '2026-11-29T10:30:00Z' }, context), false);
  assert.equal(bidOf({ skills: 'Rust', delay_minutes: '1 h' }, context).delay_minutes, 60);
});

test('languages by their names', () => {
  assert.deepEqual(['Korean', '한국어', 'deutsch', 'en-GB', 'Klingonese'].map(languageTag),
    ['ko', 'ko', 'de', 'en-GB', 'Klingonese']);
});
