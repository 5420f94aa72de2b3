/** 머리말, 연결 알림, 세션 만료 창, 꼬리말. */
export default {
  brand: 'Pairwork, 모집 중인 프로젝트로 이동',
  skip: '본문으로 건너뛰기',
  menu: '메뉴',
  navigation: '주 메뉴',
  projects: '프로젝트',
  freelancers: '프리랜서',
  signIn: '로그인',
  register: '회원가입',
  lost: '인터넷 연결이 끊겼어요. 연결되면 하던 일을 이어서 처리할게요.',
  back: '다시 연결됐어요.',
  endedTitle: '로그인이 만료됐어요',
  endedText: '비밀번호를 입력하면 하던 일을 이어서 할 수 있어요. 입력한 내용은 그대로 있어요.',
  goOn: '계속하기',
  broken: '페이지를 보여 드릴 수 없어요',
  lists: '목록',
  footer: '프리랜서와 프로젝트를 이어 주고, 그 이유까지 알려 드려요.',
};
