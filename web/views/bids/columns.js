/** Which column of a pasted table is which part of a bid. */

/**
 * @typedef {'display_name' | 'skills' | 'headline' | 'message' | 'hourly_rate' | 'currency' | 'rating'
 *   | 'completed_jobs' | 'hire_rate' | 'response_minutes' | 'last_active_at' | 'delay_minutes' | 'bid_at'
 *   | 'years_experience' | 'languages' | 'weekly_hours' | 'timezone' | 'category' | 'bio' | 'id'} Part
 */

/** The names that columns have in the wild, in English and Korean. @type {Record<Part, string[]>} */
const NAMES = {
  display_name: [
    'display name', 'name', 'full name', 'freelancer', 'bidder', 'applicant', 'candidate', '이름', '성명', '지원자', '프리랜서',
    '닉네임',
  ],
  skills: ['skills', 'skill', 'skill set', 'tags', 'stack', 'tech stack', 'technologies', '기술', '스킬', '기술스택', '보유기술'],
  headline: ['headline', 'title', 'tagline', 'offer', 'role', '한줄소개', '소개', '직함', '제목'],
  message: [
    'message', 'proposal', 'cover letter', 'pitch', 'note', 'text', 'comment', '메시지', '제안', '제안서', '제안 내용', '내용',
    '지원동기', '자기추천',
  ],
  hourly_rate: [
    'hourly rate', 'rate', 'price', 'price per hour', 'per hour', 'hourly', 'bid', 'bid amount', 'amount', 'cost',
    '단가', '시급', '금액', '가격', '시간당', '입찰가', '희망단가',
  ],
  currency: ['currency', 'ccy', '통화', '화폐'],
  rating: ['rating', 'stars', 'review', 'reviews', 'average rating', '평점', '별점', '평가'],
  completed_jobs: [
    'completed jobs', 'jobs', 'jobs done', 'projects', 'completed', '완료', '완료 건수', '수행 건수', '작업 수', '프로젝트 수',
  ],
  hire_rate: ['hire rate', 'success rate', 'win rate', 'hired', '채용률', '성공률', '낙찰률', '수주율'],
  response_minutes: ['response minutes', 'response time', 'response', 'reply time', '응답 시간', '응답'],
  last_active_at: ['last active at', 'last active', 'last seen', 'last online', '최근 활동', '마지막 활동', '최근 접속', '마지막 접속'],
  delay_minutes: ['delay minutes', 'delay', 'minutes after posting', '걸린 시간', '지연'],
  bid_at: [
    'bid at', 'placed at', 'submitted', 'submitted at', 'created at', 'date', 'time', 'timestamp', '제안 시각', '제출',
    '제출일', '지원일', '날짜', '일시', '타임스탬프',
  ],
  years_experience: ['years experience', 'experience', 'years', 'years of experience', '경력', '연차'],
  languages: ['languages', 'language', 'lang', '언어', '사용 언어'],
  weekly_hours: ['weekly hours', 'hours', 'hours a week', 'availability', '주당 시간', '가능 시간'],
  timezone: ['timezone', 'time zone', 'tz', '시간대'],
  category: ['category', 'field', '분야', '카테고리'],
  bio: ['bio', 'about', 'profile', 'summary', '자기소개', '프로필'],
  id: ['id', 'no', 'number', 'ref', '번호', '아이디'],
};

/** @type {Part[]} */
export const PARTS = /** @type {Part[]} */ (Object.keys(NAMES));

/** @param {string} text */
const plain = (text) => text.normalize('NFKC').toLocaleLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** @type {Map<string, Part>} */
const KNOWN = new Map(
  PARTS.flatMap((part) => [part, ...NAMES[part]].map((name) => /** @type {[string, Part]} */ ([plain(name), part]))),
);

/** @param {string} name The name of a column. @returns {Part | null} */
export function partOf(name) {
  // The text in brackets is a unit or a remark: "Rate (USD)".
  return KNOWN.get(plain(name)) ?? KNOWN.get(plain(name.replace(/[([].*?[)\]]/g, ''))) ?? null;
}

/**
 * The part that each column is; a part is taken once.
 *
 * @param {string[]} names
 * @returns {(Part | null)[]}
 */
export function recognise(names) {
  const taken = new Set();
  return names.map((name) => {
    const part = partOf(name);
    if (!part || taken.has(part)) return null;
    taken.add(part);
    return part;
  });
}

/**
 * Whether a first row holds names rather than a bid: most of its cells are names that are known.
 *
 * @param {string[]} cells
 */
export function isHeader(cells) {
  const filled = cells.filter((cell) => cell !== '');
  return filled.length > 0 && filled.filter((cell) => partOf(cell) !== null).length * 2 >= filled.length;
}
