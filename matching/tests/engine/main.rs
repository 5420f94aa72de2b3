//! Tests of the engine through its public interface. They share one binary, so that linking happens once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in its helpers")]

mod arbitrary;
mod award;
#[cfg(feature = "candle")]
mod candle;
mod divided;
mod explain;
mod features;
mod newcomers;
mod parity;
mod pool;
mod ranking;
mod scorer;
mod weights;
