/** API가 거절한 이유를 `code`별로. 여기에 없는 코드는 API의 문장을 그대로 보여 준다. */
export default {
  unauthorized: '먼저 로그인해 주세요.',
  forbidden: '다른 사람의 것이라 볼 수 없어요.',
  not_found: '없거나 사라졌어요.',
  invalid_credentials: '이메일 또는 비밀번호가 맞지 않아요.',
  email_taken: '이미 가입된 이메일이에요.',
  validation_failed: '표시된 항목을 확인해 주세요.',
  too_many_open_projects: '열어 둘 수 있는 프로젝트 수를 넘었어요. 먼저 하나를 마감해 주세요.',
  conflict: '다른 곳에서 동시에 바뀌었어요. 다시 시도해 주세요.',
  precondition_failed: '여신 뒤에 내용이 바뀌었어요.',
  request_in_progress: '같은 요청을 아직 처리하고 있어요.',
  too_large: '보내기에 너무 커요.',
  invalid_cursor: '목록이 바뀌었어요. 다시 불러와 주세요.',
  busy: '지금 이용이 많아요. 잠시 뒤 다시 시도해 주세요.',
  internal: '저희 쪽에 문제가 생겼어요. 다시 시도해 주세요.',
};
