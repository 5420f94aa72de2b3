/** 프로젝트 페이지. */
export default {
  kicker: '프로젝트',
  description: '어떤 일인가요',
  noDescription: '의뢰인이 설명을 쓰지 않았어요.',
  terms: '조건',
  budget: '예산',
  hours: '근무 시간',
  starts: '시작일',
  expires: '모집 마감',
  posted: '등록',
  changed: '수정',
  anyLanguage: '언어 무관',
  closed: '마감된 프로젝트예요. 목록과 추천에 나오지 않아요.',
  own: '내가 올린 프로젝트예요.',
  ownActions: '내 프로젝트 관리',
  deletion: {
    button: '프로젝트 삭제',
    title: '이 프로젝트를 삭제할까요?',
    text: '삭제하면 아무도 볼 수 없고 되돌릴 수 없어요. 다시 쓸 수도 있다면 마감만 해 두세요.',
  },
};
