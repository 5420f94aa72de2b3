//! Runs many tasks of one kind, several at once.

use tokio::task::JoinSet;

/// Tasks in flight per core: one computes while another waits for its answer.
const PER_CORE: usize = 2;

/// The number of tasks to keep in flight on this machine.
pub(crate) fn requests_in_flight() -> usize {
    std::thread::available_parallelism().map_or(PER_CORE, |cores| cores.get() * PER_CORE)
}

/// Runs `work` for each item, [`requests_in_flight`] at a time. Returns the results in the order of the items.
///
/// # Errors
/// The first failure. The tasks in flight at that time are dropped.
pub(crate) async fn each<T, R, F>(items: Vec<T>, work: impl Fn(T) -> F) -> anyhow::Result<Vec<R>>
where
    F: Future<Output = anyhow::Result<R>> + Send + 'static,
    R: Send + 'static,
{
    let mut running = JoinSet::new();
    let mut results: Vec<Option<R>> = items.iter().map(|_| None).collect();
    for (place, item) in items.into_iter().enumerate() {
        if running.len() == requests_in_flight() {
            take_next(&mut running, &mut results).await?;
        }
        let job = work(item);
        running.spawn(async move { job.await.map(|result| (place, result)) });
    }
    while !running.is_empty() {
        take_next(&mut running, &mut results).await?;
    }
    Ok(results.into_iter().flatten().collect())
}

async fn take_next<R: 'static>(
    running: &mut JoinSet<anyhow::Result<(usize, R)>>,
    results: &mut [Option<R>],
) -> anyhow::Result<()> {
    if let Some(ended) = running.join_next().await {
        let (place, result) = ended??;
        results[place] = Some(result);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_come_in_the_order_of_the_items() {
        let yielding = |n: usize| async move {
            for _ in 0..(20 - n) {
                tokio::task::yield_now().await;
            }
            Ok(n * n)
        };
        let squares = each((0..20).collect(), yielding).await.unwrap();
        assert_eq!(squares, (0..20).map(|n| n * n).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn the_first_failure_ends_it() {
        let result = each(vec![1, 2, 3], |n| async move { if n == 2 { anyhow::bail!("two") } else { Ok(n) } }).await;
        assert_eq!(result.unwrap_err().to_string(), "two");
    }
}
