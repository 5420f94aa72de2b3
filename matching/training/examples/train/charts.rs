//! Draws the learning curve and the calibration curves of a training, as SVG.

use std::path::Path;

use anyhow::{Result, anyhow};
use matching_training::{CalibrationBin, Epoch};
use plotters::prelude::*;

use crate::calibration_picture;

const SIZE: (u32, u32) = (720, 420);
const NDCG_COLOUR: RGBColor = RGBColor(0x1f, 0x5f, 0xbf);
const LOSS_COLOUR: RGBColor = RGBColor(0xc0, 0x56, 0x21);

/// Draws training loss and validation NDCG@10 by epoch.
pub(crate) fn learning(path: &Path, epochs: &[Epoch]) -> Result<()> {
    let (least_ndcg, most_ndcg) = range(epochs.iter().map(|epoch| epoch.validation.ndcg_10));
    let (least_loss, most_loss) = range(epochs.iter().map(|epoch| epoch.training_loss));
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE).map_err(draw)?;
    let mut chart = ChartBuilder::on(&root)
        .caption("Learning curve", ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .right_y_label_area_size(60)
        .build_cartesian_2d(1.0..epochs.len().max(2) as f64, least_ndcg..most_ndcg)
        .map_err(draw)?
        .set_secondary_coord(1.0..epochs.len().max(2) as f64, least_loss..most_loss);
    chart
        .configure_mesh()
        .x_desc("epoch")
        .y_desc("validation NDCG@10")
        .x_label_formatter(&|epoch| format!("{epoch:.0}"))
        .light_line_style(WHITE)
        .draw()
        .map_err(draw)?;
    chart.configure_secondary_axes().y_desc("training loss").draw().map_err(draw)?;
    let by_epoch = |value: fn(&Epoch) -> f64| epochs.iter().map(move |epoch| (epoch.number as f64, value(epoch)));
    chart
        .draw_series(LineSeries::new(by_epoch(|epoch| epoch.validation.ndcg_10), NDCG_COLOUR.stroke_width(2)))
        .map_err(draw)?
        .label("validation NDCG@10")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 20, y)], NDCG_COLOUR.stroke_width(2)));
    chart
        .draw_secondary_series(LineSeries::new(by_epoch(|epoch| epoch.training_loss), LOSS_COLOUR.stroke_width(2)))
        .map_err(draw)?
        .label("training loss")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 20, y)], LOSS_COLOUR.stroke_width(2)));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()
        .map_err(draw)?;
    root.present().map_err(draw)
}

/// Draws the calibration curves on the test questions; see [`calibration_picture::draw`].
pub(crate) fn calibration(path: &Path, bins: &[Vec<CalibrationBin>; 2]) -> Result<()> {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    calibration_picture::draw(&root, "Calibration on the test questions", bins)
}

/// The range from the lowest to the highest value, plus a margin. It is never empty.
fn range(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let least = values.clone().fold(f64::INFINITY, f64::min);
    let most = values.fold(f64::NEG_INFINITY, f64::max);
    let room = ((most - least) * 0.05).max(1e-4);
    (least - room, most + room)
}

/// Converts errors of plotters, which borrow the drawing, to errors that anyhow can own.
fn draw(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("cannot draw: {error}")
}
