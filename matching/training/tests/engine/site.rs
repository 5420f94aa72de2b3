//! Sites to learn from. One is small and synthetic: each user has two favourite tags and mostly answers questions
//! with one of them. The others are real dumps outside the repository.

use std::path::PathBuf;

use matching_training::Random;
use matching_training::stackexchange::{Answer, Dump, PostId, Question, UserId, Vote, VoteKind};

const TAGS: [&str; 6] = ["hops", "yeast", "malt", "serving", "history", "barrels"];
const USERS: UserId = 24;
const HOUR_MS: i64 = 3_600_000;

/// The two dumps, one large and one small, in the folder that the variable PAIRWORK_STACKEXCHANGE names.
pub(crate) fn real_dumps() -> impl Iterator<Item = Dump> {
    let folder = PathBuf::from(std::env::var_os("PAIRWORK_STACKEXCHANGE").expect("PAIRWORK_STACKEXCHANGE is not set"));
    ["beer", "ai"].into_iter().map(move |name| Dump::read(&folder.join(name)).unwrap())
}

pub(crate) fn site(questions: u64, seed: u64) -> Dump {
    let mut random = Random::new(seed);
    let mut pick = |from: usize| (random.uniform() * from as f64) as usize;
    let mut dump = Dump::default();
    for number in 0..questions {
        let id = number * 10;
        let tag = pick(TAGS.len());
        let created_at_ms = number as i64 * 7 * HOUR_MS;
        let mut accepted_answer = None;
        for reply in 1..=(1 + pick(3)) as PostId {
            let likes = |user: usize| user % TAGS.len() == tag || (user / TAGS.len()) % TAGS.len() == tag;
            let mut author = pick(USERS as usize);
            for _ in 0..5 {
                if !likes(author) {
                    author = pick(USERS as usize);
                }
            }
            dump.answers.push(Answer {
                id: id + reply,
                question: id,
                author: author as UserId,
                created_at_ms: created_at_ms + (1 + pick(20)) as i64 * HOUR_MS / 4,
                body: format!("It is the {}, user {author} would say.", TAGS[tag]),
            });
            let known_at_ms = created_at_ms + 48 * HOUR_MS;
            if likes(author) {
                dump.votes.push(Vote { post: id + reply, kind: VoteKind::Up, known_at_ms });
                if accepted_answer.is_none() {
                    accepted_answer = Some(id + reply);
                    dump.votes.push(Vote { post: id + reply, kind: VoteKind::Accepted, known_at_ms });
                }
            }
        }
        dump.questions.push(Question {
            id,
            asker: Some(100 + pick(10) as UserId),
            created_at_ms,
            title: format!("A question about {}", TAGS[tag]),
            body: format!("What about {} and {}?", TAGS[tag], TAGS[pick(TAGS.len())]),
            tags: vec![TAGS[tag].to_owned()],
            accepted_answer,
            is_closed: false,
        });
    }
    dump
}
