//! The effect of each feature: the loss of ranking quality without it, and its partial dependence.

use anyhow::{Context as _, Result};
use matching::{FEATURE_COUNT, Feature, Features};
use matching_training::{Answers, Pairs, Query, Random, Side, Split, ndcg_by_question, paired_bootstrap};
use plotters::prelude::*;

use super::Subject;
use super::html::{Table, failed, figure};
use crate::TIE_SEED;

const RESAMPLES: usize = 10_000;
/// The number of pairs that partial dependence is averaged over.
const SAMPLE: usize = 400;
/// The number of steps between the lowest and the highest value shown.
const STEPS: usize = 25;
/// The share of the pairs below the lowest value shown, and the share above the highest.
const OUTSIDE: f64 = 0.01;
/// The smallest range of the vertical axis. All pictures share one range, so that small effects look small.
const LEAST_REACH: f64 = 1.0;
const LOSS_SIZE: (u32, u32) = (480, 340);
const CURVE_SIZE: (u32, u32) = (300, 220);
const INTEREST_COLOUR: RGBColor = RGBColor(0x1f, 0x5f, 0xbf);
const CHOICE_COLOUR: RGBColor = RGBColor(0xc0, 0x56, 0x21);

/// The section with both pictures and the numbers of the first.
pub(super) fn section(subject: &Subject<'_>) -> Result<String> {
    let losses = losses(subject)?;
    let picture = figure(
        LOSS_SIZE,
        "Change of NDCG@10 by hidden feature, with intervals. The numbers are below.",
        "Change of NDCG@10 when one feature is hidden in every pair, with 95 % intervals.",
        |root| draw_losses(root, &losses),
    )?;
    let columns = ["Hidden", "Change of NDCG@10", "95 % interval"];
    let mut table = Table::new("Paired bootstrap over questions", &columns);
    for Loss { feature, change, interval: (low, high) } in &losses {
        table.row([feature.name().to_owned(), format!("{change:+.4}"), format!("{low:+.4} to {high:+.4}")]);
    }
    let dependence = Feature::ALL.map(|feature| Dependence::of(subject, feature));
    let dependence = dependence.into_iter().collect::<Result<Vec<_>>>()?;
    let reach = dependence.iter().fold(LEAST_REACH, |reach, dependence| reach.max(dependence.reach()));
    let pictures = dependence.iter().map(|dependence| dependence.picture(reach)).collect::<Result<String>>()?;
    Ok(format!(
        "<h2>Effects of the features</h2>\n{picture}<details><summary>The numbers</summary>\n{}</details>\n\
         <p>Partial dependence: one feature is set to a value (in its own unit, mostly a logarithm) in {SAMPLE} random \
         pairs, and everything else stays. The curves show the change of the mean log-odds of \
         <span style=\"color:var(--mark)\">interest</span> (blue) and choice (orange). In real pairs, correlated \
         features would change together.</p>\n\
         <div class=\"grid\">\n{pictures}</div>\n",
        table.finish()
    ))
}

/// The change of NDCG@10 when a feature is hidden in every pair.
struct Loss {
    feature: Feature,
    change: f64,
    interval: (f64, f64),
}

fn losses(subject: &Subject<'_>) -> Result<Vec<Loss>> {
    let ndcg = |pairs: &Pairs, answers: &Answers| {
        ndcg_by_question(pairs, pairs.of_split(subject.split), Side::Match, answers.about(Side::Match), TIE_SEED)
    };
    let whole = ndcg(subject.pairs, subject.answers);
    let loss = |feature: Feature| {
        let hidden = subject.pairs.without(feature);
        let answers = Answers::of(subject.model, &hidden, hidden.of_split(subject.split))?;
        let found = paired_bootstrap(&ndcg(&hidden, &answers), &whole, RESAMPLES, TIE_SEED)
            .context("no question has a candidate who answered it")?;
        Ok(Loss { feature, change: found.difference, interval: found.interval })
    };
    Feature::ALL.into_iter().map(loss).collect()
}

/// Draws one bar per feature, the first at the top.
fn draw_losses(root: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>, losses: &[Loss]) -> Result<()> {
    let ends = losses.iter().flat_map(|loss| [loss.interval.0, loss.interval.1, 0.0]);
    let (least, most) = ends.fold((0.0f64, 0.0f64), |(least, most), end| (least.min(end), most.max(end)));
    let room = ((most - least) * 0.05).max(1e-4);
    root.fill(&WHITE).map_err(failed)?;
    let mut chart = ChartBuilder::on(root)
        .margin(8)
        .x_label_area_size(30)
        .y_label_area_size(130)
        .build_cartesian_2d(least - room..most + room, 0.0..losses.len() as f64)
        .map_err(failed)?;
    let height_of = |place: usize| (losses.len() - place) as f64 - 0.5;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .x_labels(5)
        .x_label_formatter(&|change| format!("{change:+.2}"))
        .light_line_style(WHITE)
        .draw()
        .map_err(failed)?;
    for (place, loss) in losses.iter().enumerate() {
        let height = height_of(place);
        let bar = [(0.0, height - 0.3), (loss.change, height + 0.3)];
        let whisker = [(loss.interval.0, height), (loss.interval.1, height)];
        let (_, y) = chart.backend_coord(&(0.0, height));
        let style = ("sans-serif", 13).into_font().color(&BLACK);
        root.draw_text(loss.feature.name(), &style, (8, y - 8)).map_err(failed)?;
        chart.draw_series([Rectangle::new(bar, INTEREST_COLOUR.mix(0.6).filled())]).map_err(failed)?;
        chart.draw_series([PathElement::new(whisker, BLACK.stroke_width(1))]).map_err(failed)?;
    }
    let zero = [(0.0, 0.0), (0.0, losses.len() as f64)];
    chart.draw_series([PathElement::new(zero, BLACK.mix(0.5))]).map_err(failed)?;
    Ok(())
}

/// The partial dependence of interest and choice on one feature (Friedman 2001).
struct Dependence {
    feature: Feature,
    /// For interest and for choice: values, and changes of the mean log-odds. Empty if no pair has the feature.
    curves: [Vec<(f64, f64)>; 2],
}

impl Dependence {
    fn of(subject: &Subject<'_>, feature: Feature) -> Result<Self> {
        let mut rows: Vec<usize> = subject.queries().flat_map(|query| query.rows.clone()).collect();
        let mut known: Vec<f32> = rows.iter().filter_map(|&row| subject.pairs.features[row].get(feature)).collect();
        known.sort_by(f32::total_cmp);
        let at = |share: f64| known.get((known.len().saturating_sub(1) as f64 * share).round() as usize).copied();
        let mut curves: [Vec<(f64, f64)>; 2] = Default::default();
        let Some((least, most)) = at(OUTSIDE).zip(at(1.0 - OUTSIDE)) else { return Ok(Self { feature, curves }) };
        Random::new(TIE_SEED).shuffle(&mut rows);
        rows.truncate(SAMPLE);
        let sample: Vec<Features> = rows.iter().map(|&row| subject.pairs.features[row]).collect();
        let as_they_are = mean_log_odds(subject, sample.clone())?;
        for step in 0..=STEPS {
            let value = least + (most - least) * step as f32 / STEPS as f32;
            let moved = sample.iter().map(|row| with(row, feature, value)).collect::<Result<_>>()?;
            for ((curve, moved), before) in curves.iter_mut().zip(mean_log_odds(subject, moved)?).zip(as_they_are) {
                curve.push((f64::from(value), moved - before));
            }
        }
        Ok(Self { feature, curves })
    }

    /// The largest change, plus a margin.
    fn reach(&self) -> f64 {
        self.curves.iter().flatten().fold(0.0, |reach: f64, &(_, change)| reach.max(change.abs() * 1.05))
    }

    fn picture(&self, reach: f64) -> Result<String> {
        let name = self.feature.name();
        let Some((first, last)) = self.curves[0].first().zip(self.curves[0].last()) else {
            return Ok(format!("<p class=\"faint\">{name}: unknown in every pair.</p>\n"));
        };
        let alternative = format!("Mean log-odds of interest and choice by {name}");
        let values = first.0..last.0.max(first.0 + 1e-6);
        // Enough decimals for different labels.
        let decimals = if values.end - values.start < 0.5 { 2 } else { 1 };
        figure(CURVE_SIZE, &alternative, name, |root| {
            root.fill(&WHITE).map_err(failed)?;
            let mut chart = ChartBuilder::on(root)
                .margin(6)
                .margin_right(14)
                .x_label_area_size(24)
                .y_label_area_size(34)
                .build_cartesian_2d(values, -reach..reach)
                .map_err(failed)?;
            chart
                .configure_mesh()
                .x_labels(5)
                .y_labels(5)
                .label_style(("sans-serif", 13))
                .x_label_formatter(&|value| format!("{value:.decimals$}"))
                .y_label_formatter(&|change| format!("{change:+.1}"))
                .light_line_style(WHITE)
                .draw()
                .map_err(failed)?;
            for (curve, colour) in self.curves.iter().zip([INTEREST_COLOUR, CHOICE_COLOUR]) {
                chart.draw_series(LineSeries::new(curve.iter().copied(), colour.stroke_width(2))).map_err(failed)?;
            }
            Ok(())
        })
    }
}

fn with(row: &Features, feature: Feature, value: f32) -> Result<Features> {
    let mut values: [Option<f32>; FEATURE_COUNT] = row.values();
    values[feature as usize] = Some(value);
    Ok(Features::new(values)?)
}

/// The mean log-odds of interest and of choice over some rows.
fn mean_log_odds(subject: &Subject<'_>, features: Vec<Features>) -> Result<[f64; 2]> {
    let count = features.len();
    let mut pairs = Pairs::default();
    pairs.features = features;
    pairs.queries.push(Query { site: 0, question: 0, split: Split::Test, rows: 0..count });
    let answers = Answers::of(subject.model, &pairs, &pairs.queries)?;
    Ok([Side::Interest, Side::Choice]
        .map(|side| answers.about(side).iter().map(|&log_odds| f64::from(log_odds)).sum::<f64>() / count as f64))
}
