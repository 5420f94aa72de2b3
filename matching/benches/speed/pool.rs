//! Measures how cost grows with the pool: `cargo bench -p matching -- pool [FREELANCERS…]`.
//!
//! The column `changing` is the most bytes per freelancer while every freelancer changes once.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use matching::{Model, PackedTalent, Pool};

use crate::market::{Terms, freelancers, is_eligible, need};
use crate::stopwatch::{cpu_time, seconds_per_call};
use crate::table::time;

const NEEDS: u64 = 15;

pub(crate) fn print(sizes: &[u64]) -> Result<()> {
    let model = Model::shipped()?;
    println!(
        "{:>11} {:>12} {:>12} {:>12} {:>12} {:>12} {:>14} {:>12} {:>12}",
        "freelancers",
        "bytes each",
        "changing",
        "stored each",
        "decode",
        "build",
        "rank, filters",
        "rank, all",
        "upsert"
    );
    for &size in sizes {
        // The rows lie one after the other in blocks of bytes, as a store returns them.
        let mut ends = Vec::new();
        let mut bytes = Vec::new();
        let mut riding: Vec<(u128, Terms)> = Vec::new();
        for (id, talent, terms) in freelancers(size) {
            talent.encode(&mut bytes);
            ends.push(bytes.len());
            riding.push((id, terms));
        }
        let stored = bytes.len() as f64 / size as f64;
        let start = cpu_time();
        let mut before = 0;
        let mut rows = Vec::with_capacity(riding.len());
        for (&end, &(id, terms)) in ends.iter().zip(&riding) {
            rows.push((id, PackedTalent::decode(&bytes[before..end])?, terms));
            before = end;
        }
        let decoded = cpu_time() - start;
        drop((bytes, ends, riding));
        let start = cpu_time();
        let mut pool = Pool::from_rows(rows);
        let built = cpu_time() - start;

        let rank = |pool: &Pool<Terms>, filters: bool| -> f64 {
            let mut seconds: Vec<f64> = (0..NEEDS)
                .map(|number| {
                    seconds_per_call(1, || {
                        let need = pool.prepare(&need(number));
                        let eligible = |_: u128, terms: &Terms| !filters || is_eligible(terms);
                        drop(black_box(pool.rank(&model, &need, &eligible, 10, None)));
                    })
                })
                .collect();
            seconds.sort_by(f64::total_cmp);
            seconds[seconds.len() / 2]
        };
        let (with_filters, all) = (rank(&pool, true), rank(&pool, false));
        let bytes_each = pool.bytes() as f64 / size as f64;
        // Every freelancer changes, in an order unrelated to that of the ids.
        let mut changing: Vec<_> = freelancers(size).collect();
        changing.sort_by_key(|(id, ..)| id.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
        let (upserts, mut most, start) = (changing.len(), 0, Instant::now());
        for (number, (id, talent, terms)) in changing.into_iter().enumerate() {
            pool.upsert(id, talent, terms);
            if number % 1_024 == 0 {
                most = most.max(pool.bytes());
            }
        }
        let (upsert, most_each) = (start.elapsed().as_secs_f64() / upserts as f64, most as f64 / size as f64);
        println!(
            "{size:>11} {bytes_each:>12.1} {most_each:>12.1} {stored:>12.1} {:>12} {:>12} {:>14} {:>12} {:>12}",
            time(decoded.as_secs_f64()),
            time(built.as_secs_f64()),
            time(with_filters),
            time(all),
            time(upsert),
        );
    }
    Ok(())
}
