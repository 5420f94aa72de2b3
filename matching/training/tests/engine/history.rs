//! The history: features use only what happened before, and an import sees everything.

use matching::{Feature, Features};
use matching_training::stackexchange::{Dump, Event, Market, VoteKind};
use matching_training::{Contests, Division, Pairs, Random, SeenBid, Split, background_of};

use crate::site::{real_dumps, site};

/// Every question after the training time, in the order of asking, with its features. Rarities come from the training
/// time, so only later posts may change in these tests.
fn judged_on(dump: &Dump) -> Vec<(u64, Vec<Features>)> {
    let mut pairs = Pairs::with_background(background_of(std::slice::from_ref(dump), Division::JUDGED));
    pairs.add_site(dump);
    let later = pairs.queries.iter().filter(|query| query.split != Split::Train);
    later.map(|query| (query.question, pairs.features[query.rows.clone()].to_vec())).collect()
}

fn rows_of(dump: &Dump, question: u64) -> Vec<Features> {
    let found = judged_on(dump).into_iter().find(|&(asked, _)| asked == question);
    found.expect("a question after the training time").1
}

/// The synthetic site with a second tag on each question. Overlaps of two tags show how rare each tag is.
fn two_tagged_site() -> Dump {
    let mut dump = site(120, 1);
    let tags = ["ale", "cider", "ale", "lager", "stout"];
    for (question, tag) in dump.questions.iter_mut().zip(tags.into_iter().cycle()) {
        question.tags.push(tag.to_owned());
    }
    dump
}

fn bids_of(dump: &Dump) -> Vec<SeenBid> {
    Contests::with_background(background_of(std::slice::from_ref(dump), Division::JUDGED)).bids_of(dump)
}

/// Replaces everything from a moment on: other authors, other votes, no acceptances, other texts. Only `kept`, a
/// question of that moment, stays the same.
fn with_another_future(dump: &Dump, from_ms: i64, kept: Option<u64>, seed: u64) -> Dump {
    let mut random = Random::new(seed);
    let mut other = dump.clone();

    let mut authors: Vec<i64> =
        other.answers.iter().filter(|answer| answer.created_at_ms >= from_ms).map(|answer| answer.author).collect();
    random.shuffle(&mut authors);
    for (answer, author) in other.answers.iter_mut().filter(|answer| answer.created_at_ms >= from_ms).zip(authors) {
        answer.author = author;
        answer.body = "rewritten".to_owned();
        answer.created_at_ms += (random.uniform() * 1e9) as i64;
    }
    for vote in other.votes.iter_mut().filter(|vote| vote.known_at_ms >= from_ms) {
        vote.kind = if random.chance(0.5) { VoteKind::Down } else { VoteKind::Accepted };
    }
    // An acceptance has no date, so no feature may use it, whenever the question was asked.
    for question in &mut other.questions {
        question.accepted_answer = None;
        if question.created_at_ms >= from_ms && Some(question.id) != kept {
            question.title = "retitled".to_owned();
            question.tags = vec!["serving".to_owned()];
        }
    }
    other
}

/// Replaces the future of each `step`th of these questions. Its features and those of earlier questions must not
/// change.
fn assert_blind_to_the_future(dump: &Dump, seen: &[(u64, Vec<Features>)], step: usize, futures: u64) {
    for (place, (question, rows)) in seen.iter().enumerate().step_by(step) {
        assert!(rows.len() > 10);
        let now_ms = dump.questions.iter().find(|asked| asked.id == *question).unwrap().created_at_ms;
        for seed in 0..futures {
            let other = with_another_future(dump, now_ms, Some(*question), seed);
            assert_ne!(other.answers, dump.answers);
            assert!(judged_on(&other)[..=place] == seen[..=place], "question {question}, future {seed}");
        }
    }
}

#[test]
fn a_questions_features_do_not_depend_on_its_future() {
    let dump = two_tagged_site();
    let seen = judged_on(&dump);
    assert_eq!(seen.len(), 36, "three tenths of 120");
    assert_blind_to_the_future(&dump, &seen, 1, 5);
}

/// About ten questions of each of the two sites, evenly over the time, out of 491: each takes seconds.
#[test]
#[ignore = "reads the dumps in PAIRWORK_STACKEXCHANGE, a folder with beer/ and ai/"]
fn a_real_questions_features_do_not_depend_on_its_future() {
    for dump in real_dumps() {
        let seen = judged_on(&dump);
        assert_blind_to_the_future(&dump, &seen, seen.len().div_ceil(10), 1);
    }
}

#[test]
fn a_bids_features_do_not_depend_on_its_future() {
    let dump = two_tagged_site();
    let seen = bids_of(&dump);
    // Only bids for questions after the training time, which decides the rarities.
    let later: Vec<&SeenBid> = seen.iter().filter(|seen| seen.question >= 840).collect();
    assert!(later.len() > 36);
    // The last bid is left out, because it has no future.
    for seen in &later[..later.len() - 1] {
        let bid = dump.answers.iter().find(|answer| answer.id == seen.answer).unwrap();
        for seed in 0..3 {
            // The future starts just after the bid: other bids, votes, and the acceptance.
            let other = with_another_future(&dump, bid.created_at_ms + 1, None, seed);
            assert_ne!(other.answers, dump.answers);
            let again = bids_of(&other);
            let again = again.iter().find(|again| again.answer == seen.answer).unwrap();
            assert_eq!(again, *seen, "answer {}, future {seed}", seen.answer);
        }
    }
}

#[test]
fn a_bids_features_do_depend_on_its_past() {
    let dump = site(120, 1);
    let seen = bids_of(&dump);
    let later = seen.iter().rev().find(|seen| seen.bid.bid.values()[3] > Some(0.0)).unwrap();
    let mut other = dump.clone();
    // Removes the earlier bids for the same question.
    other.answers.retain(|answer| answer.question != later.question || answer.id == later.answer);
    let again = bids_of(&other);
    let again = again.iter().find(|again| again.answer == later.answer).unwrap();
    assert_eq!(again.bid.bid.values()[3], Some(0.0));
}

#[test]
fn a_questions_features_do_depend_on_its_past() {
    let dump = site(120, 1);
    let mut other = dump.clone();
    other.answers.retain(|answer| answer.question != 990);
    assert_ne!(rows_of(&other, 1_000), rows_of(&dump, 1_000));
}

#[test]
fn a_question_comes_before_what_happens_at_the_same_time() {
    let mut dump = site(3, 1);
    let at_ms = dump.questions[2].created_at_ms;
    dump.answers[0].created_at_ms = at_ms;
    dump.votes[0].known_at_ms = at_ms;
    let simultaneous: Vec<&str> = dump
        .events()
        .iter()
        .filter(|event| event.at_ms() == at_ms)
        .map(|event| match event {
            Event::Question(_) => "question",
            Event::Vote(_) => "vote",
            Event::Answer(_) => "answer",
        })
        .collect();
    assert_eq!(simultaneous, ["question", "vote", "answer"]);
}

#[test]
fn an_import_has_the_whole_history_of_every_freelancer() {
    let dump = site(60, 2);
    let market = Market::of_dump(&dump);
    let proposals: u32 = market.freelancers.iter().map(|freelancer| freelancer.record.proposals).sum();
    assert_eq!(proposals as usize, dump.answers.len());
    let hires: u32 = market.freelancers.iter().map(|freelancer| freelancer.record.completed_jobs).sum();
    let accepted = dump.questions.iter().filter(|question| question.accepted_answer.is_some()).count();
    assert_eq!(hires as usize, accepted);
    for freelancer in &market.freelancers {
        let record = &freelancer.record;
        assert!(record.activity.is_some_and(|activity| activity.half_year <= record.proposals as f32));
        assert_eq!(record.skill_jobs.values().sum::<u32>(), record.proposals, "one tag per question");
        assert!(record.rating().is_some_and(|stars| (0.0..=5.0).contains(&stars)));
        assert!(!record.work_terms().is_empty());
        assert!(!freelancer.headline.is_empty() && !freelancer.bio.is_empty());
    }
    assert_eq!(market.projects.len(), dump.questions.len());
    assert_eq!(market.projects.iter().filter(|project| project.is_open).count(), dump.questions.len() - accepted);
}

#[test]
fn first_day_pairs_have_only_skills_and_text() {
    let mut pairs = Pairs::default();
    pairs.add_site(&site(40, 3));
    for row in pairs.without_history().features {
        for feature in Feature::ALL {
            assert_eq!(row.get(feature).is_none(), feature.is_history());
        }
    }
}
