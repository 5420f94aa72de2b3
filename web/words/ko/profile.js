/** 프로필 편집과 실시간 조언. */

/** @param {number} n */
const figure = (n) => n.toLocaleString('ko');

export default {
  editTitle: '프로필 수정',
  newTitle: '프로필 만들기',
  lead: '의뢰인에게 보이는 내용이고, 어떤 프로젝트를 추천할지도 이것으로 정해요.',
  offer: '제공하는 일',
  headline: '한 줄 소개',
  headlineHint: '예: “Rust로 결제 서버를 만듭니다”',
  category: '분야',
  skills: '기술',
  skillsHint: '하나를 적을 때마다 Enter를 눌러 주세요.',
  bio: '자기소개',
  bioHint: '해 온 일과 일하는 방식을 적어 주세요. 프로젝트 설명과 비교하는 글이에요.',
  conditions: '조건',
  rate: '시간당 단가',
  currency: '통화',
  weeklyHours: '일주일에 가능한 시간',
  weeklyHoursHint: '0이면 지금은 일을 받지 않는다는 뜻이에요.',
  languages: '작업 언어',
  languagesHint: '언어가 정해진 프로젝트에는 그 언어를 적은 사람만 나와요.',
  timezone: '시간대',
  timezoneHint: '예: Asia/Seoul',
  years: '경력(년)',
  notANumber: '숫자로 적어 주세요.',
  notWhole: '소수점 없는 숫자로 적어 주세요.',
  save: '프로필 저장',
  saved: '저장했어요. 이제 의뢰인에게 보여요.',
  savedSame: '바뀐 내용이 없어요.',
  toMatches: '추천 프로젝트 보기',
  toPublic: '다른 사람에게 보이는 모습',
  merged: '그동안 다른 곳에서 프로필이 바뀌었어요.',

  advice: '조언',
  adviceNew: '프로필을 한 번 저장하면 기술마다 순위가 어떻게 달라지는지 여기에서 알려 드려요.',
  adviceSaved: '저장된 프로필 기준이에요.',
  looking: '다른 사람과 비교하고 있어요…',
  /** @param {number} looked @param {number} projects */
  lookedAt: (looked, projects) => (looked === projects
    ? `나와 맞는 프로젝트 ${figure(looked)}개를 모두 살펴봤어요.`
    : `나와 맞는 프로젝트 ${figure(projects)}개 중 가장 잘 맞는 ${figure(looked)}개를 살펴봤어요.`),
  helpful: '가장 도움이 될 기술',
  noHelp: '잘 맞는 프로젝트에서는 기술 하나를 더해도 순위가 오르지 않아요.',
  noMatches: '아직 맞는 프로젝트가 없어요. 기술을 적으면 찾는 프로젝트가 몇 개인지 알려 드려요.',
  /** @param {string} after @param {string} before @param {string} scope */
  step: (after, before, scope) => `${scope} 지금은 ${before}, 이 기술이 있으면 ${after}예요.`,
  /** @param {string} rank @param {string} scope */
  same: (rank, scope) => `${scope} 이 기술이 있어도 ${rank} 그대로예요.`,
  /** @param {string} after @param {string} scope */
  listed: (after, scope) => `${scope} 지금은 목록에 없지만 이 기술이 있으면 ${after}예요.`,
  /** @param {string} scope */
  stillNot: (scope) => `${scope} 이 기술이 있어도 목록에 나오지 않아요.`,
  /** @param {number} n */
  forProjects: (n) => `모집 중인 프로젝트 ${figure(n)}개에서`,
  /** @param {number} n @param {number} looked */
  forProjectsOf: (n, looked) => `살펴본 ${figure(looked)}개 중 ${figure(n)}개에서`,
  middle: '여러 순위의 가운데 값이에요.',
  /** @param {number} n @param {boolean} more */
  wanted: (n, more) => (n === 0 ? '지금은 찾는 프로젝트가 없어요.'
    : more ? `찾는 프로젝트가 ${figure(n)}개보다 많아요.` : `프로젝트 ${figure(n)}개가 찾고 있어요.`),
  /** @param {number} n */
  wantedLooked: (n) => `최근 ${figure(n)}개를 살펴봤어요.`,
  has: '저장된 프로필에 이미 있어요.',
  noRank: '이 기술의 순위는 알 수 없어요.',
  each: '프로젝트별로 보기',
  addIt: '추가',
  /** @param {string} skill */
  addSkill: (skill) => `‘${skill}’ 추가`,
};
