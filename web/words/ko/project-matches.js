/** 프로젝트에 맞는 프리랜서. */
export default {
  menu: '추천 프리랜서 보기',
  label: '추천 프리랜서',
  /** @param {string} project */
  title: (project) => `추천 프리랜서: ${project}`,
  heading: '추천 프리랜서',
  toProject: '프로젝트로',
  reopen: '다시 열기',
  /** @param {number} n */
  pool: (n) => `조건에 맞는 프리랜서 ${n.toLocaleString('ko')}명`,
  working: '다시 순위를 매기는 중…',
  legend: '퍼센트는 프리랜서가 제안하고 의뢰인이 채용할 확률이에요. 이유를 펼치면 어떻게 나온 값인지 볼 수 있어요.',
  /** @param {number} pool @param {string} first */
  ranked: (pool, first) => `${pool}명의 순위를 매겼어요. 1위는 ${first}예요.`,
  none: '아직 맞는 프리랜서가 없어요',
  noneText: '쓰는 언어가 같고, 단가가 예산 안이고, 일할 수 있는 프리랜서가 추천돼요.',
  showAll: '조건이 되는 모두 보기',
  controls: '순위 조정',
  newcomers: '새로 온 사람의 자리',
  newcomersHint: '이력이 없는 사람에게 앞자리의 일부를 남겨 둬요.',
  noShare: '없음',
  overlap: '기술',
  overlapHint: '필요한 기술이 부족한 프리랜서를 빼요. 드문 기술일수록 크게 쳐요.',
  overlapNone: '상관없음',
  overlapOne: '하나 이상',
  /** @param {string} share */
  overlapShare: (share) => (share === '100%' ? '모두' : `${share} 이상`),
  reset: '처음으로',
  rank: '순위',
  wanted: '필요한 기술:',
  score: '계약 확률',
  proposes: '초대하면 제안할 확률',
  hires: '제안하면 채용할 확률',
  /** @param {string} chance */
  why: (chance) => `왜 ${chance}인가요?`,
  /** @param {string} name */
  caption: (name) => `${name} 님의 이유가 더해지는 과정이에요. 효과는 승산에 곱해지는 배수예요.`,
  start: '아무것도 모를 때',
  end: '모든 이유를 더하면',
};
