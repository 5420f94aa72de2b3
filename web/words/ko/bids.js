/** 제안 비교. */

/** @param {number} n */
const bids = (n) => `제안 ${n.toLocaleString('ko')}개`;

export default {
  text: '어디에서 받았든 받은 제안을 넣어 보세요. 채용할 가능성이 큰 순서로 보여 드려요. 저장되지 않아요.',
  project: '프로젝트',
  otherProject: '다른 프로젝트',
  list: '제안',
  /** @param {number} n */
  count: bids,
  none: '아직 제안이 없어요',
  noneText: '스프레드시트에서 붙여 넣거나 직접 입력해 주세요.',
  paste: '표 붙여 넣기',
  pasteHint: '스프레드시트, CSV, JSON 모두 돼요. 넣기 전에 어떻게 이해했는지 먼저 보여 드려요.',
  pasteExample: '이름\t기술\t시급\t평점\t메시지\n김민아\tRust, DynamoDB\t65,000원\t4.8\t작년에 결제 게이트웨이를 옮겼습니다 …',
  /** @param {number} rows @param {number} known @param {number} all */
  found: (rows, known, all) => `${bids(rows)}를 찾았어요. 열 ${all}개 중 ${known}개를 알아봤어요.`,
  firstRow: '첫 줄은 열의 이름이에요',
  columns: '열',
  /** @param {number} n */
  column: (n) => `${n}번째 열`,
  /** @param {string} name */
  meaning: (name) => `‘${name}’ 열의 뜻`,
  leaveOut: '빼기',
  noSkills: '기술이 들어 있는 열을 골라 주세요. 제안마다 기술이 하나 이상 있어야 해요.',
  /** @param {number} room */
  tooMany: (room) => `${bids(room)}까지만 더 넣을 수 있어요. 나머지는 빠져요.`,
  /** @param {number} n */
  add: (n) => `${bids(n)} 넣기`,
  /** @param {number} n */
  added: (n) => `${bids(n)}를 넣었어요.`,
  removed: '지웠어요.',
  saved: '저장했어요.',
  removeAll: '모두 지우기',
  byHand: '직접 입력하기',
  newBid: '새 제안',
  editBid: '제안 수정',
  addOne: '제안 넣기',
  /** @param {string} name */
  editOne: (name) => `‘${name}’ 수정`,
  /** @param {number} n */
  nameless: (n) => `제안 ${n}`,
  /** @param {number} n */
  moreRows: (n) => `${bids(n)}는 여기에 보이지 않지만 함께 비교돼요.`,
  compare: '제안 비교하기',
  /** @param {number} n @param {string} first */
  compared: (n, first) => `${bids(n)}를 비교했어요. 1위는 ${first}예요.`,
  result: '결과',
  legend: '이 중 한 명을 채용한다면 각자가 될 확률이에요. 막대는 이 목록의 평균적인 제안에서 시작해요.',
  probability: '채용될 확률',
  notEligible: '조건이 맞지 않음',
  start: '평균적인 제안',
  end: '이 제안',
  parts: {
    display_name: '이름',
    skills: '기술',
    headline: '한 줄 소개',
    message: '메시지',
    hourly_rate: '시간당 단가',
    currency: '통화',
    rating: '평점(0~5)',
    completed_jobs: '완료 건수',
    hire_rate: '채용률',
    response_minutes: '응답 시간',
    last_active_at: '마지막 활동',
    delay_minutes: '등록 후 걸린 분',
    bid_at: '제안 시각',
    years_experience: '경력(년)',
    languages: '언어',
    weekly_hours: '주당 시간',
    timezone: '시간대',
    category: '분야',
    bio: '자기소개',
    id: '번호',
  },
  partHints: {
    skills: '쉼표로 나눠 주세요.',
    hire_rate: '예: 42%',
    response_minutes: '예: 35분, 2시간',
    hourly_rate: '예: 65,000원',
  },
};
