//! The kernels: the net's arithmetic, generic over the instruction set.
//!
//! Every function is `inline(always)`, because a function is compiled for the instruction set of the function that it
//! is inlined into. Loops with `const` bounds are unrolled, so the arrays of vectors named `sums` live in registers.

use pulp::{Simd, WithSimd};

use super::exponential::exponential;
use super::lanes::{FEW_NEURONS, FEW_VECTORS, FIRST_NEURONS, MANY_NEURONS, MANY_VECTORS};
use super::weights::{Aligned, FIRST, INPUTS, SECOND, Weights};
use super::{Answer, BATCH_ROWS, HEAD_COUNT};
use crate::need::PreparedNeed;
use crate::net::{INPUT_LIMIT, LOG_ODDS_LIMIT, Standardization};
use crate::packed::{Ingredients, finish};

/// Standardized inputs by column.
pub(crate) type Columns<'a> = [&'a [f32]; INPUTS];

/// Computes answers for any number of pairs. All columns are as long as `answers`.
pub(super) struct Run<'a> {
    pub(super) weights: &'a Weights,
    pub(super) columns: Columns<'a>,
    pub(super) answer: Answer,
    pub(super) answers: &'a mut [f32],
}

impl WithSimd for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if S::REGISTER_COUNT >= 32 {
            self.blocks::<S, MANY_VECTORS, MANY_NEURONS>(simd);
        } else {
            self.blocks::<S, FEW_VECTORS, FEW_NEURONS>(simd);
        }
    }
}

impl Run<'_> {
    /// Computes wide blocks, then narrow ones.
    #[inline(always)]
    fn blocks<S: Simd, const WIDE: usize, const NEURONS: usize>(mut self, simd: S) {
        let done = self.blocks_of::<S, WIDE, NEURONS>(simd, 0, (WIDE - 1) * S::F32_LANES);
        self.blocks_of::<S, 1, NEURONS>(simd, done, 0);
    }

    /// Computes blocks of one width from `start` on, until at most `spare` pairs are left. Returns the end.
    #[inline(always)]
    fn blocks_of<S: Simd, const VECTORS: usize, const NEURONS: usize>(
        &mut self,
        simd: S,
        mut start: usize,
        spare: usize,
    ) -> usize {
        let rows = self.answers.len();
        if rows - start <= spare {
            // A block is filled with zeros first, which would be a fifth of the time for a few pairs.
            return start;
        }
        let mut block = Block::<S, VECTORS>::new(simd);
        while rows - start > spare {
            let end = rows.min(start + VECTORS * S::F32_LANES);
            let columns = self.columns.map(|column| &column[start..end]);
            let answers = &mut self.answers[start..end];
            if let Some(whole) = whole_vectors::<S, VECTORS>(columns) {
                block.first_layer(simd, self.weights, |input| *whole[input]);
            } else {
                let padded = padded::<S, VECTORS>(simd, columns);
                block.first_layer(simd, self.weights, |input| padded.0[input]);
            }
            block.answer::<NEURONS>(simd, self.weights, self.answer, answers);
            start = end;
        }
        start
    }
}

/// Converts columns of features (NaN means unknown) to inputs, like [`Standardization::apply`] for many rows.
pub(super) struct Standardize<'a> {
    pub(super) standardization: &'a Standardization,
    pub(super) features: Columns<'a>,
    pub(super) inputs: &'a mut [[f32; BATCH_ROWS]; INPUTS],
}

impl WithSimd for Standardize<'_> {
    type Output = ();

    /// Plain loops, which the compiler turns into vectors of this instruction set.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Standardization { mean, deviation, missing } = self.standardization;
        for column in 0..INPUTS {
            // Multiplication takes a processor a fraction of the time of a division.
            let (mean, scale, missing) = (mean[column], deviation[column].recip(), missing[column]);
            for (input, &value) in self.inputs[column].iter_mut().zip(self.features[column]) {
                let value = if value.is_nan() { missing } else { value };
                *input = ((value - mean) * scale).clamp(-INPUT_LIMIT, INPUT_LIMIT);
            }
        }
    }
}

/// Computes the features of a batch from their parts.
pub(super) struct Finish<'a> {
    pub(super) need: &'a PreparedNeed,
    pub(super) ingredients: &'a Ingredients<BATCH_ROWS>,
    pub(super) rows: usize,
    pub(super) features: &'a mut [[f32; BATCH_ROWS]; INPUTS],
}

impl WithSimd for Finish<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        finish(self.need, self.ingredients, self.rows, self.features);
    }
}

/// The inputs of a full block, read in place by column. Each column has its own load instructions, so the processor can
/// prefetch each stream. `None` for a block with unused lanes.
#[inline(always)]
fn whole_vectors<S: Simd, const VECTORS: usize>(columns: Columns<'_>) -> Option<[&[S::f32s; VECTORS]; INPUTS]> {
    if columns[0].len() != VECTORS * S::F32_LANES {
        return None;
    }
    let mut whole = [None; INPUTS];
    for (whole, column) in whole.iter_mut().zip(columns) {
        *whole = S::as_simd_f32s(column).0.first_chunk();
    }
    let [a, b, c, d, e, f, g, h, i, j] = whole;
    Some([a?, b?, c?, d?, e?, f?, g?, h?, i?, j?])
}

/// The inputs of a block with unused lanes, which hold zeros.
#[inline(always)]
fn padded<S: Simd, const VECTORS: usize>(simd: S, columns: Columns<'_>) -> Aligned<[[S::f32s; VECTORS]; INPUTS]> {
    let mut padded = Aligned([[simd.splat_f32s(0.0); VECTORS]; INPUTS]);
    for (column, input) in columns.into_iter().zip(&mut padded.0) {
        let (whole, rest) = S::as_simd_f32s(column);
        input[..whole.len()].copy_from_slice(whole);
        if let Some(last) = input.get_mut(whole.len()) {
            *last = simd.partial_load_f32s(rest);
        }
    }
    padded
}

/// The L1 buffers of a block of `VECTORS` × lanes pairs. The second layer's neurons are not stored: the heads use them
/// at once. Weights and neurons together would just fill L1, and a fifth of them would be evicted before their next
/// use.
struct Block<S: Simd, const VECTORS: usize> {
    first: Aligned<[[S::f32s; VECTORS]; FIRST]>,
}

impl<S: Simd, const VECTORS: usize> Block<S, VECTORS> {
    #[inline(always)]
    fn new(simd: S) -> Self {
        Self { first: Aligned([[simd.splat_f32s(0.0); VECTORS]; FIRST]) }
    }

    /// Computes the first layer for at most `VECTORS` × lanes pairs.
    #[inline(always)]
    fn first_layer(&mut self, simd: S, weights: &Weights, input: impl Fn(usize) -> [S::f32s; VECTORS]) {
        const { assert!(FIRST.is_multiple_of(FIRST_NEURONS), "neurons left out") };
        let (first, _) = self.first.0.as_chunks_mut::<FIRST_NEURONS>();
        let mut first = first.iter_mut();
        layer::<S, VECTORS, FIRST_NEURONS, INPUTS>(simd, &weights.first.0, input, |neurons| {
            if let Some(first) = first.next() {
                *first = neurons;
            }
        });
    }

    /// Computes the rest of the net, `NEURONS` of the second layer at a time. Writes one answer per pair.
    #[inline(always)]
    fn answer<const NEURONS: usize>(&self, simd: S, weights: &Weights, answer: Answer, answers: &mut [f32]) {
        const { assert!(SECOND.is_multiple_of(NEURONS), "neurons left out") };
        let mut sums = [[simd.splat_f32s(0.0); VECTORS]; HEAD_COUNT];
        for (sums, bias) in sums.iter_mut().zip(&weights.head_biases) {
            *sums = [simd.splat_f32s(*bias); VECTORS];
        }
        let (head_weights, _) = weights.head_weights.as_chunks::<NEURONS>();
        let mut head_weights = head_weights.iter();
        layer::<S, VECTORS, NEURONS, FIRST>(
            simd,
            &weights.second.0,
            |input| self.first.0[input],
            |neurons| {
                let Some(weights) = head_weights.next() else { return };
                for neuron in 0..NEURONS {
                    for head in 0..HEAD_COUNT {
                        let weight = simd.splat_f32s(weights[neuron][head]);
                        for vector in 0..VECTORS {
                            sums[head][vector] = simd.mul_add_f32s(weight, neurons[neuron][vector], sums[head][vector]);
                        }
                    }
                }
            },
        );
        let (whole, rest) = S::as_mut_simd_f32s(answers);
        for vector in 0..VECTORS {
            let mut heads = [simd.splat_f32s(0.0); HEAD_COUNT];
            for head in 0..HEAD_COUNT {
                heads[head] = limited(simd, sums[head][vector]);
            }
            let value = answer_of(simd, &heads, answer);
            if vector < whole.len() {
                whole[vector] = value;
            } else if vector == whole.len() {
                simd.partial_store_f32s(rest, value);
            }
        }
    }
}

/// relu(weights · input + bias) for all neurons of a layer, `NEURONS` at a time, so that their `NEURONS` × `VECTORS`
/// sums stay in registers over all inputs. `WIDTH`, the number of inputs, is even: each step handles two inputs, which
/// share the cost of the loop.
#[inline(always)]
fn layer<S: Simd, const VECTORS: usize, const NEURONS: usize, const WIDTH: usize>(
    simd: S,
    weights: &[f32],
    input: impl Fn(usize) -> [S::f32s; VECTORS],
    mut output: impl FnMut([[S::f32s; VECTORS]; NEURONS]),
) {
    const { assert!(WIDTH.is_multiple_of(2), "the last input would be left out") };
    let zero = simd.splat_f32s(0.0);
    let (rows, _) = weights.as_chunks::<NEURONS>();
    for rows in rows.chunks_exact(WIDTH + 1) {
        let mut sums = [[zero; VECTORS]; NEURONS];
        for neuron in 0..NEURONS {
            sums[neuron] = [simd.splat_f32s(rows[0][neuron]); VECTORS];
        }
        for (weights, place) in rows[1..].as_chunks::<2>().0.iter().zip((0..WIDTH).step_by(2)) {
            let input = [input(place), input(place + 1)];
            for half in 0..2 {
                for neuron in 0..NEURONS {
                    let weight = simd.splat_f32s(weights[half][neuron]);
                    for vector in 0..VECTORS {
                        sums[neuron][vector] = simd.mul_add_f32s(weight, input[half][vector], sums[neuron][vector]);
                    }
                }
            }
        }
        for sum in sums.as_flattened_mut() {
            *sum = simd.max_f32s(*sum, zero);
        }
        output(sums);
    }
}

/// Computes one pair.
pub(super) struct Single<'a> {
    pub(super) weights: &'a Weights,
    pub(super) input: &'a [f32; INPUTS],
    pub(super) answer: Answer,
}

/// The net's outputs for one pair.
pub(super) struct SingleAnswer {
    /// Log-odds of each head, within ± 16.
    pub(super) heads: [f32; HEAD_COUNT],
    pub(super) answer: f32,
}

impl WithSimd for Single<'_> {
    type Output = SingleAnswer;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> SingleAnswer {
        let Self { weights, input, answer } = self;
        let mut first = Aligned([0.0; FIRST]);
        let mut second = Aligned([0.0; SECOND]);
        if S::F32_LANES > 8 {
            // The second layer's 32 neurons are two vectors of 16.
            neurons::<S, 4, FIRST>(simd, &weights.first_by_input.0, input, &mut first.0);
            neurons::<S, 2, SECOND>(simd, &weights.second_by_input.0, &first.0, &mut second.0);
        } else {
            neurons::<S, 4, FIRST>(simd, &weights.first_by_input.0, input, &mut first.0);
            neurons::<S, 4, SECOND>(simd, &weights.second_by_input.0, &first.0, &mut second.0);
        }
        let mut sums = [simd.splat_f32s(0.0); HEAD_COUNT];
        for (sum, bias) in sums.iter_mut().zip(&weights.head_biases) {
            *sum = simd.splat_f32s(*bias);
        }
        for (weights, hidden) in weights.head_weights.iter().zip(&second.0) {
            for head in 0..HEAD_COUNT {
                let weight = simd.splat_f32s(weights[head]);
                sums[head] = simd.mul_add_f32s(weight, simd.splat_f32s(*hidden), sums[head]);
            }
        }
        for sum in &mut sums {
            *sum = limited(simd, *sum);
        }
        let value = answer_of(simd, &sums, answer);
        let mut heads = [0.0; HEAD_COUNT];
        for head in 0..HEAD_COUNT {
            simd.partial_store_f32s(&mut heads[head..=head], sums[head]);
        }
        let mut answer = [0.0];
        simd.partial_store_f32s(&mut answer, value);
        SingleAnswer { heads, answer: answer[0] }
    }
}

/// Computes a layer for one pair: `VECTORS` vectors of neurons at a time, `WIDTH` neurons in total.
#[inline(always)]
fn neurons<S: Simd, const VECTORS: usize, const WIDTH: usize>(
    simd: S,
    weights: &[f32],
    input: &[f32],
    output: &mut [f32; WIDTH],
) {
    let zero = simd.splat_f32s(0.0);
    let (rows, _) = weights.as_chunks::<WIDTH>();
    let (output, _) = S::as_mut_simd_f32s(output);
    let (output, _) = output.as_chunks_mut::<VECTORS>();
    for (group, output) in output.iter_mut().enumerate() {
        let of_group = |row: &[f32; WIDTH]| -> [S::f32s; VECTORS] {
            let mut vectors = [zero; VECTORS];
            let (all, _) = S::as_simd_f32s(row);
            vectors.copy_from_slice(&all[group * VECTORS..][..VECTORS]);
            vectors
        };
        let mut sums = of_group(&rows[0]);
        for (weights, input) in rows[1..].iter().zip(input) {
            let (weights, input) = (of_group(weights), simd.splat_f32s(*input));
            for vector in 0..VECTORS {
                sums[vector] = simd.mul_add_f32s(weights[vector], input, sums[vector]);
            }
        }
        for vector in 0..VECTORS {
            output[vector] = simd.max_f32s(sums[vector], zero);
        }
    }
}

/// Clamps log-odds to their limits.
#[inline(always)]
fn limited<S: Simd>(simd: S, log_odds: S::f32s) -> S::f32s {
    let limit = simd.splat_f32s(LOG_ODDS_LIMIT);
    simd.min_f32s(simd.max_f32s(log_odds, simd.splat_f32s(-LOG_ODDS_LIMIT)), limit)
}

/// Converts the heads' log-odds x to the answer.
///
/// With e = e^−x, a head's probability is 1 / (1 + e). The odds against the product of several probabilities are
/// Π (1 + e) − 1. The product is multiplied out, because 1 + e would round a small e away.
#[inline(always)]
fn answer_of<S: Simd>(simd: S, heads: &[S::f32s; HEAD_COUNT], answer: Answer) -> S::f32s {
    let mut against = simd.splat_f32s(0.0);
    for head in heads {
        let odds = exponential(simd, simd.neg_f32s(*head));
        against = simd.mul_add_f32s(against, odds, simd.add_f32s(against, odds));
    }
    match answer {
        Answer::OddsAgainst => against,
        Answer::Score => {
            let one = simd.splat_f32s(1.0);
            simd.div_f32s(one, simd.add_f32s(one, against))
        }
    }
}
