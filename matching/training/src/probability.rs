//! Log-odds and probabilities, without overflow.

/// 1 / (1 + e^−x).
pub(crate) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// −y ln σ(x) − (1 − y) ln(1 − σ(x)), without overflow.
pub(crate) fn cross_entropy(x: f64, y: f64) -> f64 {
    softplus(x) - x * y
}

/// ln(1 + e^x), without overflow.
pub(crate) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}
