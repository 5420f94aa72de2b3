//! Draws the calibration curves for the model card and the report.

use anyhow::{Result, anyhow};
use matching_training::CalibrationBin;
use plotters::coord::Shift;
use plotters::prelude::*;

const INTEREST_COLOUR: RGBColor = RGBColor(0x1f, 0x5f, 0xbf);
const CHOICE_COLOUR: RGBColor = RGBColor(0xc0, 0x56, 0x21);
/// The fewest pairs of a bin that is drawn. Chance decides the share of a smaller bin.
const LEAST_PAIRS: usize = 30;
/// The lower end of the logarithmic axes. A share of zero is drawn here.
const LEAST_SHARE: f64 = 1e-5;

/// Draws predicted probabilities and observed shares. Both axes are logarithmic, because very few pairs become a
/// proposal. `bins` holds those of interest and of choice.
pub(crate) fn draw(
    root: &DrawingArea<SVGBackend<'_>, Shift>,
    caption: &str,
    bins: &[Vec<CalibrationBin>; 2],
) -> Result<()> {
    root.fill(&WHITE).map_err(failed)?;
    let mut chart = ChartBuilder::on(root)
        .caption(caption, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d((LEAST_SHARE..1.0).log_scale(), (LEAST_SHARE..1.0).log_scale())
        .map_err(failed)?;
    chart
        .configure_mesh()
        .x_desc("predicted probability")
        .y_desc("observed share")
        .light_line_style(WHITE)
        .draw()
        .map_err(failed)?;
    chart
        .draw_series(LineSeries::new([(LEAST_SHARE, LEAST_SHARE), (1.0, 1.0)], BLACK.mix(0.4)))
        .map_err(failed)?
        .label("perfect")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 20, y)], BLACK.mix(0.4)));
    let sides = [("interest: the freelancer proposes", INTEREST_COLOUR), ("choice: the client hires", CHOICE_COLOUR)];
    for (bins, (label, colour)) in bins.iter().zip(sides) {
        let points: Vec<(f64, f64)> = bins
            .iter()
            .filter(|bin| bin.pairs >= LEAST_PAIRS)
            .map(|bin| (bin.promised.max(LEAST_SHARE), bin.happened.max(LEAST_SHARE)))
            .collect();
        chart
            .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))
            .map_err(failed)?
            .label(label)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2)));
        chart.draw_series(points.iter().map(|&point| Circle::new(point, 4, colour.filled()))).map_err(failed)?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()
        .map_err(failed)?;
    root.present().map_err(failed)
}

/// Converts errors of plotters, which borrow the drawing, to errors that anyhow can own.
fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("cannot draw: {error}")
}
