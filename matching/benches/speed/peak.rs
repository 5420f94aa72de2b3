//! Measures the core's peak: fused multiply-adds on registers alone, without memory access.

use std::hint::black_box;

use pulp::{Arch, Simd, WithSimd};

/// Independent sums: more than latency × ports of any core, and fewer than its registers.
const SUMS: usize = 12;
const STEPS: usize = 10_000;

/// Multiplies and adds in every lane of the widest vectors, and returns the number of multiply-adds.
pub(crate) fn multiply_adds() -> usize {
    Arch::new().dispatch(Loop)
}

struct Loop;

impl WithSimd for Loop {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        let (a, b) = (simd.splat_f32s(black_box(0.999)), simd.splat_f32s(black_box(0.001)));
        let mut sums = [simd.splat_f32s(black_box(1.0)); SUMS];
        for (number, sum) in sums.iter_mut().enumerate() {
            // The sums start from different numbers, or the compiler would merge them.
            *sum = simd.splat_f32s(black_box(number as f32));
        }
        for _ in 0..STEPS {
            for sum in &mut sums {
                *sum = simd.mul_add_f32s(*sum, a, b);
            }
        }
        let mut all = sums[0];
        for sum in &sums[1..] {
            all = simd.add_f32s(all, *sum);
        }
        black_box(simd.reduce_sum_f32s(all));
        STEPS * SUMS * S::F32_LANES
    }
}
