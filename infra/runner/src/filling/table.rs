//! Tables on a terminal: lines above, below and under the heading, and nothing between the columns.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

const LINE: LineStyle = LineStyle::none().fill('─').junction('─');
const STYLE: TableStyle = TableStyle::new().top_border(LINE).header_separator(LINE).bottom_border(LINE);

/// A table with a heading for each column.
pub(crate) fn new<const COLUMNS: usize>(headings: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_header(headings);
    table
}

/// Aligns the cells of a column, counted from 0, at their right ends.
pub(crate) fn align_right(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}
