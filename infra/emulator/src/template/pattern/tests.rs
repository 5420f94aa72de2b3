use serde_json::{Value, json};

use super::Pattern;

/// Which of these values of the field `a` a test takes.
#[track_caller]
fn check(test: &Value, taken: &[Value], refused: &[Value]) {
    let pattern = Pattern::parse(&json!({ "a": [test] }).to_string()).unwrap();
    for value in taken {
        assert!(pattern.takes(&json!({ "a": value })), "{test} {value}");
    }
    for value in refused {
        assert!(!pattern.takes(&json!({ "a": value })), "{test} {value}");
    }
}

#[test]
fn every_field_must_pass_one_of_its_tests() {
    let pattern = Pattern::parse(
        r#"{"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": ["A", {"prefix": "B#"}]}}}}"#,
    )
    .unwrap();
    let record = |name: &str, sk: &str| json!({"eventName": name, "dynamodb": {"Keys": {"sk": {"S": sk}}}});
    assert!(pattern.takes(&record("INSERT", "A")));
    assert!(pattern.takes(&record("MODIFY", "B#1")));
    assert!(!pattern.takes(&record("REMOVE", "A")));
    assert!(!pattern.takes(&record("INSERT", "AA")));
    assert!(!pattern.takes(&json!({"eventName": "INSERT"})));
}

#[test]
fn presence_is_a_test() {
    let pattern = Pattern::parse(r#"{"dynamodb": {"OldImage": [{"exists": false}]}}"#).unwrap();
    assert!(pattern.takes(&json!({"dynamodb": {}})));
    assert!(!pattern.takes(&json!({"dynamodb": {"OldImage": {}}})));
}

#[test]
fn texts_are_tested_at_both_ends_and_in_any_case() {
    check(&json!({"suffix": ".png"}), &[json!("a.png")], &[json!("a.PNG"), json!("png"), json!(7)]);
    check(&json!({"equals-ignore-case": "Alice"}), &[json!("aLICE")], &[json!("alices"), json!(null)]);
    check(&json!({"prefix": {"equals-ignore-case": "ab"}}), &[json!("ABc")], &[json!("cab")]);
    check(&json!({"suffix": {"equals-ignore-case": ".PNG"}}), &[json!("a.png")], &[json!("a.jpg")]);
    check(&json!({"equals-ignore-case": "ÉCOLE"}), &[json!("école")], &[json!("ecole")]);
}

#[test]
fn anything_but_needs_the_field() {
    check(&json!({"anything-but": "a"}), &[json!("b"), json!(1)], &[json!("a")]);
    check(&json!({"anything-but": ["a", 1]}), &[json!("b"), json!(2)], &[json!("a"), json!(1)]);
    check(&json!({"anything-but": {"prefix": "a"}}), &[json!("b")], &[json!("ab")]);
    check(&json!({"anything-but": {"suffix": ["a", "b"]}}), &[json!("c")], &[json!("xa"), json!("xb")]);
    check(&json!({"anything-but": {"equals-ignore-case": ["a", "b"]}}), &[json!("c")], &[json!("A")]);
    let pattern = Pattern::parse(r#"{"a": [{"anything-but": "a"}]}"#).unwrap();
    assert!(!pattern.takes(&json!({"b": 1})));
}

#[test]
fn numbers_are_compared() {
    check(&json!({"numeric": [">", 1]}), &[json!(1.5), json!(2)], &[json!(1), json!("2"), json!(null)]);
    check(&json!({"numeric": [">=", -1, "<", 1]}), &[json!(-1), json!(0.5)], &[json!(1), json!(-2)]);
    check(&json!({"numeric": ["=", 301.8]}), &[json!(301.8)], &[json!(301)]);
    check(&json!({"numeric": ["<=", 5]}), &[json!(5.0)], &[json!(5.1)]);
}

#[test]
fn one_of_the_alternatives_must_fit_and_every_other_field() {
    let pattern = Pattern::parse(r#"{"c": [1], "$or": [{"a": ["x"]}, {"b": [{"numeric": [">", 1]}]}]}"#).unwrap();
    assert!(pattern.takes(&json!({"c": 1, "a": "x"})));
    assert!(pattern.takes(&json!({"c": 1, "b": 2})));
    assert!(!pattern.takes(&json!({"c": 1, "a": "y", "b": 1})));
    assert!(!pattern.takes(&json!({"a": "x"})));
}

#[test]
fn one_element_of_a_list_is_enough() {
    check(&json!("a"), &[json!(["b", "a"])], &[json!(["b"]), json!([])]);
    let pattern = Pattern::parse(r#"{"items": {"id": [1]}}"#).unwrap();
    assert!(pattern.takes(&json!({"items": [{"id": 2}, {"id": 1}]})));
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    let problem = |text: &str| Pattern::parse(text).unwrap_err();
    assert!(problem("{").starts_with("the pattern is not JSON"));
    assert_eq!(problem("{}"), "the pattern is not an object with fields");
    assert_eq!(problem(r#"{"a": 1}"#), "`a` in the pattern is neither an object nor a list of values");
    assert_eq!(problem(r#"{"$or": [{"a": [1]}]}"#), "`$or` in the pattern is not a list of two patterns or more");
    for test in [
        json!({"wildcard": "*"}),
        json!({"numeric": [">", "1"]}),
        json!({"numeric": ["~", 1]}),
        json!({"numeric": [">"]}),
        json!({"numeric": [">", 1, "<", 2, "<", 3]}),
        json!({"numeric": [">", 5.1e9]}),
        json!({"numeric": []}),
        json!({"anything-but": []}),
        json!({"anything-but": {"numeric": [">", 1]}}),
        json!({"prefix": 1}),
        json!({"prefix": {"equals-ignore-case": "a", "b": 1}}),
        json!({"prefix": "a", "suffix": "b"}),
        json!(["a"]),
    ] {
        assert_eq!(
            problem(&json!({"a": {"b": [test]}}).to_string()),
            format!("the emulator does not know the test {test} of `b` in `a` in the pattern")
        );
    }
}
