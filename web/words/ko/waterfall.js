/** 더해 가는 막대. */
export default {
  reason: '이유',
  effect: '효과',
  soFar: '여기까지의 확률',
  /** @param {number} n */
  silent: (n) => `영향이 없는 항목 ${n}개`,
};
