/** 간편 로그인. */
export default {
  /** @param {string} name */
  goOnWith: (name) => `${name}로 계속하기`,
  or: '또는',
  waiting: '잠시만 기다려 주세요…',
  title: '간편 로그인',
  cancelled: '취소하셨어요. 바뀐 것은 없어요.',
  unfinished: '이 창에서 시작한 로그인이 아니에요. 처음부터 다시 시작해 주세요.',
  back: '뒤로',
  panelTitle: '간편 로그인',
  panelText: '다른 서비스의 계정으로도 로그인할 수 있어요.',
  link: '연결',
  unlink: '연결 해제',
  /** @param {string} name */
  linkNamed: (name) => `${name} 연결`,
  /** @param {string} name */
  unlinkNamed: (name) => `${name} 연결 해제`,
  notLinked: '연결되지 않음',
  /** @param {string} day */
  since: (day) => `${day} 연결`,
  linked: '연결했어요. 이제 이 계정으로도 로그인할 수 있어요.',
  unlinked: '연결을 해제했어요.',
  noPassword: '아직 비밀번호가 없는 계정이에요. 비밀번호를 만들려면 메일을 받아 주세요.',
  askForLetter: '비밀번호 만들기',
  proveText: '비밀번호가 없는 계정이라면 간편 로그인으로 확인해 주세요. 확인이 끝나면 이 화면으로 돌아와요.',
  problems: {
    unknown_provider: '더 이상 지원하지 않는 간편 로그인이에요.',
    provider_unavailable: '지금은 연결할 수 없어요. 잠시 뒤 다시 시도하거나 다른 방법으로 로그인해 주세요.',
    unknown_origin: '올바른 주소로 페이지를 열어 주세요.',
    invalid_authorization: '이미 사용했거나, 너무 오래 걸렸거나, 다른 브라우저에서 시작한 로그인이에요.',
    provider_refused: '본인 확인이 되지 않았어요. 처음부터 다시 시작해 주세요.',
    email_not_verified: '확인된 이메일이 없는 계정이에요. 먼저 비밀번호로 가입한 뒤 ‘로그인 및 보안’에서 연결해 주세요.',
    account_exists: '이미 가입된 이메일이에요. 비밀번호로 로그인한 뒤 ‘로그인 및 보안’에서 연결해 주세요.',
    identity_taken: '이미 연결된 계정이에요.',
    last_way_to_sign_in: '로그인할 수 있는 방법이 이것뿐이에요. 먼저 비밀번호를 만들어 주세요.',
  },
};
