/** Bars that add up. */
export default {
  reason: 'Reason',
  effect: 'Effect',
  soFar: 'Chance so far',
  /** @param {number} n */
  silent: (n) => (n === 1 ? '1 more number has no effect' : `${n} more numbers have no effect`),
};
