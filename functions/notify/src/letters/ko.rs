//! The letters in Korean.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    confirm_email: |link| {
        let subject = "Pairwork 이메일 주소를 확인해 주세요";
        let text = format!(
            "안녕하세요.\n\n이 주소로 Pairwork 가입 신청이 있었습니다. 아래 링크를 열어 주소를 확인해 주세요.\n\n{link}\n\n\
             링크는 24시간 동안 한 번만 사용할 수 있습니다.\n\n\
             직접 가입하지 않으셨다면 이 메일을 무시하세요. 링크를 열지 않으면 어떤 계정에도 이 주소가 등록되지 않습니다."
        );
        (subject, text)
    },
    address_has_account: |page| {
        let subject = "이미 Pairwork 계정이 있습니다";
        let text = format!(
            "안녕하세요.\n\n이 주소로 Pairwork 가입을 시도했지만 이미 계정이 있습니다. 아래에서 로그인하세요.\n\n{page}\n\n\
             비밀번호를 잊으셨다면 그 페이지에서 \"비밀번호 찾기\"를 선택하세요.\n\n\
             본인이 아니라면 아무것도 하지 않으셔도 됩니다. 계정은 바뀌지 않았습니다."
        );
        (subject, text)
    },
    reset_password: |link| {
        let subject = "Pairwork 비밀번호를 새로 정해 주세요";
        let text = format!(
            "안녕하세요.\n\nPairwork 계정의 비밀번호 재설정 요청이 있었습니다. 아래 링크에서 새 비밀번호를 정해 주세요.\n\n\
             {link}\n\n\
             링크는 짧은 시간 동안 한 번만 사용할 수 있습니다.\n\n\
             직접 요청하지 않으셨다면 이 메일을 무시하세요. 비밀번호는 그대로 유지됩니다."
        );
        (subject, text)
    },
    password_changed: |page| {
        let subject = "Pairwork 비밀번호가 변경되었습니다";
        let text = format!(
            "안녕하세요.\n\nPairwork 계정의 비밀번호가 변경되었습니다.\n\n\
             본인이 아니라면 지금 바로 아래 페이지에서 \"비밀번호 찾기\"를 선택하고,\n\
             다른 모든 기기의 세션을 종료하세요.\n\n{page}"
        );
        (subject, text)
    },
    email_changed: |page| {
        let subject = "Pairwork 계정의 이메일 주소가 변경되었습니다";
        let text = format!(
            "안녕하세요.\n\nPairwork 계정의 이메일 주소가 다른 주소로 변경되었습니다. 이 주소로 보내는 마지막 메일입니다.\n\n\
             본인이 아니라면 다른 사람이 계정을 사용하고 있습니다. 지금 바로 고객 지원에 도움을 요청하세요.\n\n{page}"
        );
        (subject, text)
    },
    second_factor_added: |page| {
        let subject = "Pairwork 계정에 2단계 인증이 추가되었습니다";
        let text = format!(
            "안녕하세요.\n\n이제부터 Pairwork 계정에 로그인하려면 2단계 인증도 필요합니다.\n\n\
             본인이 아니라면 지금 바로 비밀번호를 변경하고 2단계 인증을 해제하세요.\n\n{page}"
        );
        (subject, text)
    },
    second_factor_removed: |page| {
        let subject = "Pairwork 계정의 2단계 인증이 해제되었습니다";
        let text = format!(
            "안녕하세요.\n\nPairwork 계정의 2단계 인증 하나가 해제되었습니다.\n\n\
             본인이 아니라면 지금 바로 비밀번호를 변경하고 2단계 인증을 추가하세요.\n\n{page}"
        );
        (subject, text)
    },
    provider_linked: |page, provider| {
        let subject = "Pairwork 계정에 간편 로그인이 연결되었습니다";
        let text = format!(
            "안녕하세요.\n\n이제부터 {provider} 계정으로도 Pairwork에 로그인할 수 있습니다.\n\n\
             본인이 아니라면 지금 바로 연결을 해제하고 비밀번호를 변경하세요.\n\n{page}"
        );
        (subject, text)
    },
    provider_unlinked: |page, provider| {
        let subject = "Pairwork 계정의 간편 로그인 연결이 해제되었습니다";
        let text = format!(
            "안녕하세요.\n\n이제 {provider} 계정으로는 Pairwork에 로그인할 수 없습니다.\n\n\
             본인이 아니라면 지금 바로 비밀번호를 변경하세요.\n\n{page}"
        );
        (subject, text)
    },
    passkey_added: |page| {
        let subject = "Pairwork 계정에 패스키가 추가되었습니다";
        let text = format!(
            "안녕하세요.\n\n이제부터 새 패스키로 Pairwork 계정에 로그인할 수 있습니다.\n\n\
             본인이 아니라면 지금 바로 비밀번호를 변경하고 패스키를 삭제하세요.\n\n{page}"
        );
        (subject, text)
    },
    passkey_removed: |page| {
        let subject = "Pairwork 계정의 패스키가 삭제되었습니다";
        let text = format!(
            "안녕하세요.\n\nPairwork 계정의 패스키 하나가 삭제되었습니다. 이제 그 패스키로는 로그인할 수 없습니다.\n\n\
             본인이 아니라면 지금 바로 비밀번호를 변경하세요.\n\n{page}"
        );
        (subject, text)
    },
    new_session: |page, device| {
        let subject = "Pairwork 계정에 새로운 로그인이 있었습니다";
        let text = format!(
            "안녕하세요.\n\n새로운 기기에서 Pairwork 계정에 로그인했습니다.\n\n{device}\n\n\
             본인이 아니라면 지금 바로 해당 세션을 종료하고 비밀번호를 변경하세요.\n\n{page}"
        );
        (subject, text)
    },
    account_will_be_deleted: |page, day| {
        let subject = "Pairwork 계정이 삭제될 예정입니다";
        let text = format!(
            "안녕하세요.\n\n요청하신 대로 Pairwork 계정이 {day} (UTC)에 삭제됩니다.\n\n\
             그때까지 프로필과 프로젝트는 다른 사람에게 보이지 않습니다.\n\
             마음이 바뀌셨거나 본인의 요청이 아니라면 그 전에 로그인해서 \"계정 유지하기\"를 선택하세요.\n\n{page}"
        );
        (subject, text)
    },
    ending: "Pairwork\n\n이 주소는 발신 전용입니다.",
};
