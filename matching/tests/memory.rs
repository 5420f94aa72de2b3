//! Measures the memory that scoring allocates beside its inputs and outputs. This test has its own executable,
//! because its counting allocator applies to every test in it.

use matching::{FEATURE_COUNT, InputColumns, Model};

#[test]
fn a_million_pairs_are_scored_in_place() {
    const ROWS: usize = 1_000_000;
    let model = Model::shipped().unwrap();
    let columns: [Vec<f32>; FEATURE_COUNT] =
        std::array::from_fn(|column| (0..ROWS).map(|row| ((row * 7 + column) % 11) as f32 - 5.0).collect());
    let mut scores = vec![0.0; ROWS];
    let counted = allocation_counter::measure(|| {
        let inputs = InputColumns::new(columns.each_ref().map(Vec::as_slice)).unwrap();
        model.scorer().unwrap().score_columns(inputs, &mut scores).unwrap();
    });
    assert!(scores.iter().all(|score| *score > 0.0 && *score < 1.0));
    assert_eq!(counted.bytes_max, 0, "{counted:?}");
    // Shows that the allocator counts.
    assert!(allocation_counter::measure(|| drop(std::hint::black_box(vec![1u8; ROWS]))).bytes_max >= ROWS as u64);
}
