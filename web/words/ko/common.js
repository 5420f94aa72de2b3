/** 여러 화면에서 함께 쓰는 말. */

/**
 * 첫 숫자를 쓸 때 만들어요. 느린 기기에서는 첫 포맷터를 만드는 데 60ms쯤 걸려요.
 *
 * @type {Intl.NumberFormat | null}
 */
let figures = null;

/** @param {number} n */
const figure = (n) => {
  figures ??= new Intl.NumberFormat('ko');
  return figures.format(n);
};

export default {
  loading: '불러오는 중',
  sending: '잠시만요…',
  retry: '다시 시도',
  save: '저장',
  cancel: '취소',
  close: '닫기',
  edit: '수정',
  showMore: '더 보기',
  optional: '(선택)',
  draftRestored: '입력하던 내용을 보관해 두었어요.',
  draftDiscard: '새로 쓰기',
  nothing: '아직 아무것도 없어요.',
  mergeTitle: '여신 뒤에 내용이 바뀌었어요',
  mergeText: '어느 쪽을 남길지 골라 주세요.',
  mergeNone: '서로 다른 항목이 바뀌어서 둘 다 남길 수 있어요.',
  mergeTaken: '그사이 바뀌어 그대로 두는 항목:',
  mergeSave: '합쳐서 저장',
  mergeDiscard: '내 변경 버리기',
  mergeEmpty: '(비어 있음)',
  mine: '내 변경',
  theirs: '새로 바뀐 내용',
  notFoundTitle: '없는 페이지예요',
  notFoundText: '주소가 잘못됐거나 사라진 페이지일 수 있어요.',
  toHome: '모집 중인 프로젝트 보기',
  skills: '기술',
  languages: '언어',
  timezone: '시간대',
  newcomer: '새로 왔어요',
  budgetOpen: '예산 협의',
  budget: {
    /** @param {string} range */
    hourly: (range) => `시간당 ${range}`,
    /** @param {string} range */
    fixed: (range) => `총 ${range}`,
  },
  /** @param {string} money */
  anHour: (money) => `시간당 ${money}`,
  /** @param {number} n */
  weeklyHours: (n) => `주 ${figure(n)}시간`,
  /** @param {number} n */
  years: (n) => (n === 0 ? '1년 미만' : `${figure(n)}년`),
  /** @param {number} n */
  jobs: (n) => `완료 ${figure(n)}건`,
  /** @param {string} share */
  hired: (share) => `제안 중 ${share} 채용`,
  /** @param {string} word */
  remove: (word) => `‘${word}’ 지우기`,
  /** @param {number} n */
  more: (n) => `+${n}`,
  /** @param {number} n */
  shown: (n) => `${figure(n)}개를 보여 주고 있어요`,
  /** @param {string} id */
  requestId: (id) => `문의할 때 요청 번호 ${id}를 알려 주세요.`,
  /** @param {string} time */
  tooMany: (time) => `시도가 너무 많았어요. ${time} 뒤에 다시 시도해 주세요.`,
  /** @param {string} city @param {string | null} time */
  clock: (city, time) => (time ? `${city}, 현재 ${time}` : city),
};
