/** 모집 중인 프로젝트와 프리랜서 목록. */
export default {
  projects: '모집 중인 프로젝트',
  freelancers: '프리랜서',
  welcomeTitle: '딱 맞는 짝, 그리고 그 이유.',
  welcomeText: '프로젝트를 올리면 어울리는 사람을, 프로필을 만들면 나를 찾는 일을 보여 드려요. 추천할 때는 이유도 함께 '
    + '알려 드려요.',
  filters: '필터',
  category: '분야',
  all: '전체',
  skill: '기술',
  skillPlaceholder: '기술로 찾기',
  search: '찾기',
  /** @param {string} skill */
  without: (skill) => `‘${skill}’ 조건 빼기`,
  results: '결과',
  clear: '전체 보기',
  nothingFits: '조건에 맞는 결과가 없어요',
  nothingFitsText: '다른 기술로 찾아보거나 전체를 둘러보세요.',
  nothingYet: '아직 아무것도 없어요',
  nothingYetText: '새로 등록되면 바로 여기에 나타나요.',
};
