//! Fuzzing of readers: every input gets an answer, without a panic and within a bound of memory.
//!
//! A target is a test beside the reader, whose name begins with `fuzz_`. `cargo test` tries the same two
//! thousand inputs each time, and `tests/fuzz SECONDS` others for as long. A target starts from valid inputs, its
//! seeds, and changes some bytes of them. Changed inputs that the reader still accepts become seeds, too.
//!
//! An input that fails is made as short as possible and written to `tests/fuzzing/corpus/TARGET`. Every later run
//! begins with the files of that folder.
//!
//! The changes come from proptest, which shrinks a failing input on a stable compiler. bolero finds more only with
//! libFuzzer's instrumentation, and that needs a nightly compiler.

mod corpus;
mod edit;

use std::{
    cell::RefCell,
    env,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::{Duration, Instant},
};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::edit::Change;

/// How long each target runs, in seconds.
const SECONDS: &str = "PAIRWORK_FUZZ_SECONDS";
/// Another number leads to other inputs.
const SEED: &str = "PAIRWORK_FUZZ_SEED";

/// The inputs of a round. Accepted inputs become seeds after it.
const ROUND: u32 = 128;
/// The rounds of a run without a budget of time.
const USUAL_ROUNDS: u64 = 16;
/// The most seeds that a target keeps. Later ones replace those that were accepted first.
const MOST_SEEDS: usize = 1_024;
/// The longest input, in bytes.
const LONGEST: usize = 64 * 1024;

/// A reader of bytes that may come from anybody.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name of the folder with its corpus.
    pub name: &'static str,
    /// The most bytes that reading an empty input may allocate at one time.
    pub base_bytes: usize,
    /// The most bytes that each byte of the input may add.
    pub bytes_per_byte: usize,
}

impl Target {
    /// A target with the usual bound of memory.
    pub const fn new(name: &'static str) -> Self {
        Self { name, base_bytes: 64 * 1024, bytes_per_byte: 32 }
    }

    /// Reads inputs until the time is over. `read` returns whether the reader accepted the input, and asserts what
    /// holds for an accepted input.
    ///
    /// # Panics
    /// An input makes `read` panic, or allocate too much.
    pub fn run(self, seeds: impl IntoIterator<Item = impl AsRef<[u8]>>, read: impl Fn(&[u8]) -> bool) {
        let given: Vec<Vec<u8>> = seeds.into_iter().map(|seed| seed.as_ref().to_vec()).collect();
        for seed in &given {
            assert!(self.measured(&read, seed), "{}: a seed is refused: {}", self.name, seed.escape_ascii());
        }
        let mut seeds = given.clone();
        for seed in corpus::read(self.name) {
            self.measured(&read, &seed);
            seeds.push(seed);
        }
        assert!(!seeds.is_empty(), "{} has no seed", self.name);
        let fixed = seeds.len();
        let ends = budget().map(|budget| Instant::now() + budget);
        let (mut accepted, mut inputs) = (0, 0);
        for round in 0_u64.. {
            let found = self.round(round, &seeds, &read);
            inputs += u64::from(ROUND);
            for input in found {
                if seeds.len() < MOST_SEEDS {
                    seeds.push(input);
                } else {
                    let place = fixed + accepted % (MOST_SEEDS - fixed);
                    seeds[place] = input;
                }
                accepted += 1;
            }
            // Without a budget, every machine reads the same inputs.
            if ends.map_or(round + 1 == USUAL_ROUNDS, |ends| Instant::now() >= ends) {
                break;
            }
        }
        println!("{}: {inputs} inputs, {accepted} accepted, 0 crashes", self.name);
    }

    /// Reads the inputs of one round and returns some that were accepted.
    fn round(self, round: u64, seeds: &[Vec<u8>], read: &impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
        let config = Config { cases: ROUND, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, generator(self.name, round));
        let accepted = RefCell::new(Vec::new());
        let outcome = runner.run(&edit::change(), |change| {
            let input = change.input(seeds, LONGEST);
            match catch_unwind(AssertUnwindSafe(|| self.measured(read, &input))) {
                Ok(true) => accepted.borrow_mut().push(input),
                Ok(false) => {}
                Err(_) => return Err(TestCaseError::fail("it panicked")),
            }
            Ok(())
        });
        if let Err(error) = outcome {
            self.report(error, seeds, read);
        }
        accepted.into_inner()
    }

    /// Keeps the failing input, and fails with the reader's own message.
    fn report(self, error: TestError<Change>, seeds: &[Vec<u8>], read: &impl Fn(&[u8]) -> bool) {
        let TestError::Fail(reason, change) = error else { panic!("{}: {error}", self.name) };
        let input = change.input(seeds, LONGEST);
        let path = corpus::keep(self.name, &input);
        println!("{}: {} fails ({reason}): {}", self.name, path.display(), input.escape_ascii());
        self.measured(read, &input);
        panic!("{}: {} failed once and not again", self.name, path.display());
    }

    /// Reads an input and checks the memory that it took.
    fn measured(self, read: &impl Fn(&[u8]) -> bool, input: &[u8]) -> bool {
        let mut outcome = Ok(false);
        // The counter must see the end of the call, so the panic goes on behind it.
        let counted = allocation_counter::measure(|| outcome = catch_unwind(AssertUnwindSafe(|| read(input))));
        let accepted = outcome.unwrap_or_else(|panic| resume_unwind(panic));
        let bound = (self.base_bytes + self.bytes_per_byte * input.len()) as u64;
        let taken = counted.bytes_max;
        assert!(taken <= bound, "{}: {} bytes of input took {taken} bytes, over {bound}", self.name, input.len());
        accepted
    }
}

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is no number")))
}

/// The time for one target, if the environment names one.
fn budget() -> Option<Duration> {
    env::var_os(SECONDS).map(|_| Duration::from_secs(number(SECONDS, 1)))
}

/// The random numbers of a round: the same in every run with the same seed.
fn generator(name: &str, round: u64) -> TestRng {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&round.to_le_bytes());
    seed[8..16].copy_from_slice(&number(SEED, 1).to_le_bytes());
    seed[16..].iter_mut().zip(name.bytes()).for_each(|(byte, letter)| *byte = letter);
    TestRng::from_seed(RngAlgorithm::ChaCha, &seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(target: Target, read: impl Fn(&[u8]) -> bool) -> String {
        let seeds = vec![b"seed".to_vec()];
        let panic = catch_unwind(AssertUnwindSafe(|| {
            for round in 0..800 {
                target.round(round, &seeds, &read);
            }
        }));
        let panic = panic.expect_err("the mistake is found");
        std::fs::remove_dir_all(corpus::folder(target.name)).expect("the input was kept");
        panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
            .unwrap()
    }

    #[test]
    fn a_panic_is_found_and_its_input_is_kept() {
        let found = failure(Target::new("test-of-panics"), |input| {
            assert!(!input.contains(&0xff), "a byte of 255");
            true
        });
        assert_eq!(found, "a byte of 255");
    }

    #[test]
    fn a_reader_that_allocates_by_a_length_in_its_input_is_found() {
        let found = failure(Target::new("test-of-memory"), |input| {
            let Some((length, _)) = input.split_first_chunk::<4>() else { return false };
            let length = u32::from_be_bytes(*length) as usize;
            Vec::<u8>::with_capacity(length.min(100_000_000)).capacity() > 0
        });
        assert!(found.contains("bytes of input took"), "{found}");
    }

    #[test]
    #[should_panic(expected = "a seed is refused")]
    fn a_seed_that_is_refused_is_a_mistake() {
        Target::new("test-of-seeds").run(["seed"], |_| false);
    }
}
