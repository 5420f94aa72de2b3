//! The supported instruction sets, and the block sizes that fit into their registers.

use pulp::Arch;

/// Vectors of pairs in a wide block, with 32 vector registers.
pub(super) const MANY_VECTORS: usize = 3;

/// Neurons computed at once, with 32 registers: 8 × 3 sums leave eight registers for inputs and weights.
pub(super) const MANY_NEURONS: usize = 8;

/// Vectors of pairs in a wide block, with 16 registers.
pub(super) const FEW_VECTORS: usize = 2;

/// Neurons computed at once, with 16 registers: 4 × 2 sums leave eight. 4 × 3 sums would leave four, which is just
/// enough. But a compiler that loads weights early then keeps one sum in memory, and additions to it take more than
/// twice the time.
pub(super) const FEW_NEURONS: usize = 4;

/// Neurons of the first layer that are computed at once, for any number of registers. They are stored after only ten
/// inputs. As many stores in a row as [`MANY_NEURONS`] needs would delay the multiplications after them.
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
    /// The best instruction set of this machine.
    pub fn best() -> Self {
        Self::available()[0]
    }

    /// All instruction sets of this machine, best first.
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

    /// The name, for printing.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Avx512 => "AVX-512",
            Self::Avx2 => "AVX2+FMA",
            Self::Neon => "NEON",
            Self::Portable => "portable",
        }
    }

    /// pulp's token for the set. If the machine lacks it, the portable one is returned.
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

/// How many neurons of the second layer are stored side by side for this instruction set.
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
