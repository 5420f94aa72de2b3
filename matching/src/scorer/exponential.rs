//! e^x for a vector of moderate numbers. Every instruction set gives the same bits.

use pulp::Simd;

/// 1.5 × 2²³. Adding it to a small number leaves the number, rounded to an integer, in the lowest bits.
const ROUNDING: f32 = 12_582_912.0;
/// ln 2 in two parts. The first has nine bits, so its product with an exponent is exact.
const LN_2_HIGH: f32 = 355.0 / 512.0;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// 1/n! for n = 7 down to 0: Taylor's series. Within ± ln 2 / 2, the omitted terms are below 2⁻²⁷.
const SERIES: [f32; 8] = [1.0 / 5_040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
/// Bits of an f32's mantissa.
const MANTISSA_BITS: u32 = 23;

/// e^x for x within ± 80, with a relative error of a few 2⁻²⁴.
///
/// x = n ln 2 + r with an integer n and |r| ≤ ln 2 / 2; then e^x = 2ⁿ eʳ, and 2ⁿ is added to the exponent's bits.
#[inline(always)]
pub(super) fn exponential<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let rounded = simd.mul_add_f32s(x, simd.splat_f32s(std::f32::consts::LOG2_E), simd.splat_f32s(ROUNDING));
    let n = simd.sub_f32s(rounded, simd.splat_f32s(ROUNDING));
    let r = simd.mul_add_f32s(n, simd.splat_f32s(-LN_2_HIGH), x);
    let r = simd.mul_add_f32s(n, simd.splat_f32s(-LN_2_LOW), r);
    let mut sum = simd.splat_f32s(SERIES[0]);
    for coefficient in &SERIES[1..] {
        sum = simd.mul_add_f32s(sum, r, simd.splat_f32s(*coefficient));
    }
    // The shift drops the bits of ROUNDING itself.
    let exponent = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_f32s(rounded), simd.splat_u32s(MANTISSA_BITS));
    simd.transmute_f32s_u32s(simd.add_u32s(simd.transmute_u32s_f32s(sum), exponent))
}

#[cfg(test)]
mod tests {
    use pulp::Scalar;

    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        for step in -16_000..=16_000 {
            let x = step as f32 / 1_000.0;
            let (got, expected) = (exponential(Scalar, x), f64::from(x).exp());
            assert!((f64::from(got) / expected - 1.0).abs() < 2.5e-7, "e^{x} is {expected}, not {got}");
        }
        assert_eq!(exponential(Scalar, 0.0), 1.0);
    }
}
