/** 프리랜서를 위한 프로젝트: 추천, 이유, 조언. */

/** @param {number} n */
const figure = (n) => n.toLocaleString('ko');

export default {
  lead: '내 프로필에 맞는 모집 중인 프로젝트를 잘 맞는 순서로 보여 드려요. 막대는 유리한 점과 불리한 점이에요.',
  filter: '필요한 기술을 얼마나 갖췄는지',
  oneSkill: '기술 하나 이상',
  /** @param {number} share */
  leastShare: (share) => (share === 1 ? '모든 기술' : `${Math.round(share * 100)}% 이상`),
  anyProject: '모든 프로젝트',
  /** @param {number} n */
  scored: (n) => `프로젝트 ${figure(n)}개를 비교했어요`,
  score: '제안하고 채용될 확률',
  interest: '내가 제안할 확률',
  choice: '의뢰인이 채용할 확률',
  yours: '보유',
  reasons: '출발점부터 점수까지의 이유',
  base: '출발점: 아무것도 모를 때',
  scoreRow: '모두 더하면',
  toAdvice: '순위 올리는 법',
  busy: '프로필에 지금은 일을 받지 않는다고 되어 있어 어떤 프로젝트에도 나오지 않아요.',
  toProfile: '프로필 수정',
  nothing: '아직 맞는 프로젝트가 없어요',
  nothingText: '기술과 언어를 더 적거나 더 많은 의뢰인이 낼 수 있는 단가를 정하면 추천이 늘어나요.',
  noProfile: '아직 프로필이 없어요',
  noProfileText: '할 수 있는 일을 적어 주세요. 저장하면 바로 추천해 드려요.',
  makeProfile: '프로필 만들기',
  adviceTitle: '순위 올리는 법',
  today: '지금 내 순위',
  without: '걸리는 점이 없다면 내 순위',
  /** @param {string} share */
  chance: (share) => `제안하고 채용될 확률 ${share}`,
  wanted: '프로젝트가 원하는 기술',
  oneMore: '기술을 하나 더하면',
  oneMoreText: '실제로 할 수 있는 기술만 적어 주세요. 의뢰인이 프로필을 봐요.',
  allSkills: '이 프로젝트가 원하는 기술이 모두 있어요',
  allSkillsText: '이제부터는 소개 글과 활동 기록이 중요해요.',
  notListed: '목록에 없음',
  /** @param {string} rank */
  still: (rank) => `${rank} 그대로`,
  add: '추가',
  /** @param {string} skill */
  addSkill: (skill) => `내 프로필에 ‘${skill}’ 추가`,
  /** @type {Record<string, string>} */
  changeField: {
    weekly_hours: '가능 시간 바꾸기',
    languages: '언어 바꾸기',
    hourly_rate: '단가 바꾸기',
    skills: '기술 바꾸기',
  },
  obstacles: {
    /** @param {string} rate @param {string} budget */
    above_budget: (rate, budget) => `내 단가는 ${rate}, 의뢰인의 예산은 ${budget}이에요.`,
    /** @param {string} rate @param {string} budget */
    other_currency: (rate, budget) => `내 단가는 ${rate}, 의뢰인의 예산은 ${budget}이에요. 서로 다른 통화는 비교하지 않아요.`,
    /** @param {string} mine @param {string} theirs */
    no_shared_language: (mine, theirs) => `작업 언어: ${theirs}. ${mine ? `프로필의 언어: ${mine}.` : '프로필에 적은 언어가 없어요.'}`,
    unavailable: '프로필의 가능 시간이 주 0시간이에요. 그동안은 어떤 프로젝트에도 나오지 않아요.',
    too_few_skills: '의뢰인은 필요한 기술이 하나라도 있는 프리랜서를 봐요. 어떤 기술이 도움이 되는지 아래에서 확인하세요.',
    own_project: '직접 올린 프로젝트라 추천되지 않아요.',
    project_closed: '의뢰인이 마감했거나 모집 기간이 지났어요. 아래 순위는 모집 중이라고 가정한 순위예요.',
  },
  features: {
    skill_overlap: '필요한 기술',
    skill_experience: '이 기술로 한 일',
    text_similarity: '글의 비슷함',
    rating: '평점',
    hire_rate: '채용률',
    response_time: '응답 시간',
    last_seen: '최근 접속',
    activity_week: '최근 일주일 활동',
    activity_month: '최근 한 달 활동',
    activity_half_year: '최근 반년 활동',
  },
  previewTitle: '지금까지 어울리는 사람',
  previewText: '입력하는 동안 이 기기에서 계산해요. 쓰고 있는 글은 보내지 않아요.',
  /** @param {number} n */
  previewAmong: (n) => `이 페이지가 불러온 프리랜서 ${figure(n)}명 중에서 골랐어요.`,
  previewWaiting: '기술을 적으면 어울리는 사람을 보여 드려요.',
  previewNobody: '불러온 사람 중에는 이 일을 맡을 수 있는 사람이 없어요. 언어와 예산을 확인해 주세요.',
  previewFailed: '이 브라우저에서는 미리 보기를 쓸 수 없어요. 올린 뒤에 추천을 볼 수 있어요.',
  previewWhy: '이유 보기',
  previewInterest: '제안할 확률',
  previewChoice: '채용할 확률',
};
