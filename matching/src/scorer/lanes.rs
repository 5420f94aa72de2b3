//! Which instruction sets there are, and how much of the net each keeps in its registers at once.

use pulp::Arch;

/// Vectors of pairs in a wide block where there are 32 vector registers.
pub(super) const MANY_VECTORS: usize = 3;

/// Neurons whose sums are under way at once there: 8 × 3 vectors of pairs leave eight for inputs and weights.
pub(super) const MANY_NEURONS: usize = 8;

/// Vectors in a wide block where there are 16 registers.
pub(super) const FEW_VECTORS: usize = 2;

/// Neurons there: 4 × 2 leave eight. The four that 4 × 3 would leave are just enough, but not for a compiler that loads
/// weights early: it keeps one of the sums in memory, and what is added to that one takes more than twice the time.
pub(super) const FEW_NEURONS: usize = 4;

/// Neurons of the first layer, whatever the registers: they are done after ten inputs and then stored, and so many
/// stores on end as [`MANY_NEURONS`] have would hold up the multiplications behind them.
pub(super) const FIRST_NEURONS: usize = 4;

/// A set of vector instructions that the scorer is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstructionSet {
    /// x86-64-v4: 16 lanes.
    Avx512,
    /// x86-64-v3: 8 lanes with fused multiply-add.
    Avx2,
    /// 64-bit ARM: 4 lanes.
    Neon,
    /// Any machine: one lane. Exact and slow.
    Portable,
}

impl InstructionSet {
    /// The best one of this machine.
    pub fn best() -> Self {
        Self::available()[0]
    }

    /// All that this machine has, the best first.
    pub fn available() -> Vec<Self> {
        let mut available = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if pulp::x86::V4::is_available() {
                available.push(Self::Avx512);
            }
            if pulp::x86::V3::is_available() {
                available.push(Self::Avx2);
            }
        }
        #[cfg(target_arch = "aarch64")]
        if pulp::aarch64::Neon::is_available() {
            available.push(Self::Neon);
        }
        available.push(Self::Portable);
        available
    }

    /// The name to print.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Avx512 => "AVX-512",
            Self::Avx2 => "AVX2+FMA",
            Self::Neon => "NEON",
            Self::Portable => "portable",
        }
    }

    /// pulp's token for it. One that this machine lacks falls back to the portable one.
    pub(super) fn arch(self) -> Arch {
        let token = match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => pulp::x86::V4::try_new().map(Arch::V4),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => pulp::x86::V3::try_new().map(Arch::V3),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => pulp::aarch64::Neon::try_new().map(Arch::Neon),
            _ => None,
        };
        token.unwrap_or(Arch::Scalar)
    }
}

/// How many neurons' weights of the second layer lie side by side for this instruction set.
pub(super) fn neurons_at_once(arch: Arch) -> usize {
    struct Registers;
    impl pulp::WithSimd for Registers {
        type Output = usize;
        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) -> usize {
            S::REGISTER_COUNT
        }
    }
    if arch.dispatch(Registers) >= 32 { MANY_NEURONS } else { FEW_NEURONS }
}
