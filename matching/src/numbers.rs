//! Logarithm and exponential for whole columns. They have no branches and no calls, only additions and multiplications
//! in a fixed order. So a compiler can vectorise loops over them, and every machine gives the same bits.

/// 1.5 × 2²³. Adding it to a small number leaves the number, rounded to an integer, in the lowest bits.
const ROUNDING: f32 = 12_582_912.0;
const MANTISSA_BITS: u32 = 23;
const MANTISSA: u32 = (1 << MANTISSA_BITS) - 1;
/// The bits of 1.0.
const ONE: u32 = 127 << MANTISSA_BITS;
/// The bits of √½. Mantissas are taken from √½ to √2.
const HALF_ROOT: u32 = 0x3f35_04f3;

/// ln(1 + x) for a finite x ≥ 0. The error is below 2⁻²² of the result, or below 2⁻²³.
///
/// 1 + x = 2ⁿ m with m about 1; ln m = 2 artanh s with s = (m − 1) / (m + 1), |s| ≤ 0.172, as a series.
#[inline(always)]
pub(crate) fn ln_1p(x: f32) -> f32 {
    let above_root = (1.0 + x).to_bits().wrapping_sub(HALF_ROOT);
    let n = (above_root as i32 >> MANTISSA_BITS) as f32;
    let m = f32::from_bits((above_root & MANTISSA) + HALF_ROOT);
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    let series = 1.0 + z * (1.0 / 3.0 + z * (1.0 / 5.0 + z * (1.0 / 7.0 + z * (1.0 / 9.0))));
    n * std::f32::consts::LN_2 + 2.0 * s * series
}

/// 2⁻ˣ for x ≥ 0, at least 2⁻¹²⁶. The relative error is below 2⁻²¹.
///
/// −x = n + r with an integer n and |r| ≤ ½; 2ʳ is Taylor's series of e^(r ln 2).
#[inline(always)]
pub(crate) fn halved(x: f32) -> f32 {
    let x = (-x).max(-126.0);
    let rounded = x + ROUNDING;
    let r = (x - (rounded - ROUNDING)) * std::f32::consts::LN_2;
    let series = 1.0 + r * (1.0 + r * (1.0 / 2.0 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r / 720.0)))));
    // The shift drops the bits of ROUNDING itself.
    let power = f32::from_bits((rounded.to_bits() << MANTISSA_BITS).wrapping_add(ONE));
    power * series
}

/// An unknown time. Times are seconds since 1970 in 32 bits, which last until 2106.
pub(crate) const NEVER: u32 = u32::MAX;

/// Converts a time to 32 bits.
pub(crate) fn seconds(at: i64) -> u32 {
    u32::try_from(at.max(0)).unwrap_or(NEVER).min(NEVER - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_equals_that_of_the_standard_library() {
        let steps = (0..4_000).map(|step| (step as f32 / 100.0).exp() - 1.0);
        for x in steps.chain([0.0, 1e-7, 1e-3, 0.5, 1.0, 3.0e38]) {
            let (got, expected) = (f64::from(ln_1p(x)), f64::from(x).ln_1p());
            assert!((got - expected).abs() <= 1.2e-7 + expected * 2.4e-7, "ln(1 + {x}) is {expected}, not {got}");
        }
        assert_eq!(ln_1p(0.0), 0.0);
    }

    #[test]
    fn the_exponential_equals_that_of_the_standard_library() {
        for step in 0..12_600 {
            let x = step as f32 / 100.0;
            let (got, expected) = (f64::from(halved(x)), (-f64::from(x)).exp2());
            assert!((got / expected - 1.0).abs() <= 4.8e-7, "2^-{x} is {expected}, not {got}");
        }
        assert_eq!((halved(0.0), halved(1.0), halved(30.0)), (1.0, 0.5, 0.5f32.powi(30)));
        assert!(halved(f32::MAX) <= 1e-37);
    }
}
