/** 프로젝트 수정. */
export default {
  title: '프로젝트 수정',
  save: '변경 내용 저장',
  statusTitle: '모집 상태',
  statusText: {
    open: '모집 중이에요. 목록에 나오고 프리랜서에게 추천돼요.',
    closed: '마감됐어요. 목록과 추천에 나오지 않아요.',
    withdrawn: '계정이 곧 삭제되어 프로젝트를 숨겼어요. 계정을 유지하면 다시 열려요.',
  },
  set: { open: '다시 모집하기', closed: '마감하기' },
  done: { open: '다시 모집을 시작했어요.', closed: '프로젝트를 마감했어요.' },
};
