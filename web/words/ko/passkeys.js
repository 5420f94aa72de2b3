/** 패스키. 패스키를 쓰는 화면에서만 불러온다(components/passkey.js). */

export default {
  title: '패스키',
  text: '패스키가 있으면 지문, 얼굴, PIN으로 로그인해요. 비밀번호도 코드도 필요 없어요. 이 사이트에서만 쓸 수 있어서 '
    + '피싱에도 안전해요.',
  none: '아직 패스키가 없어요.',
  name: '패스키 이름',
  nameHint: '알아볼 수 있게 적어 주세요. 예: 내 휴대폰',
  add: '패스키 추가',
  added: '패스키를 추가했어요. 이제 패스키로 로그인할 수 있어요.',
  removed: '패스키를 삭제했어요. 이제 로그인에 쓸 수 없어요. 기기에서도 삭제해 주세요.',
  remove: '삭제',
  /** @param {string} name */
  removeOne: (name) => `패스키 ${name} 삭제`,
  /** @param {string} time */
  since: (time) => `추가: ${time}`,
  /** @param {string} time */
  lastUsed: (time) => `마지막 사용: ${time}`,
  unused: '아직 사용 안 함',
  signIn: '패스키로 로그인',
  prove: '패스키로 확인하기',
  missing: '이 브라우저에서는 패스키를 쓸 수 없어요.',
  named: '패스키는 도메인 이름에 묶이는데, 이 페이지는 숫자 주소로 열려 있어요. 아래 주소로 열어 주세요.',
  cancelled: '선택된 패스키가 없어요. 다시 시도하거나 비밀번호로 로그인해 주세요.',
  exists: '이 기기에는 이미 이 계정의 패스키가 있어요.',
  refused: '등록되지 않은 패스키예요. 삭제된 패스키일 수 있어요.',
  failed: '기기에서 처리하지 못했어요. 다시 시도해 주세요.',
};
