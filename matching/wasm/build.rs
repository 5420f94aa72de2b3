//! Reads the shipped weights on the machine that builds: the module then carries their numbers, and no reader of
//! safetensors, JSON and TOML, which would be a quarter of its code.

use std::error::Error;
use std::path::Path;

use matching::{Model, NET_WIDTHS};

fn main() -> Result<(), Box<dyn Error>> {
    let model = Model::shipped()?;
    let parts = model.parts();
    if parts.widths() != NET_WIDTHS {
        return Err(format!("the module serves a net of {NET_WIDTHS:?}, not of {:?}", parts.widths()).into());
    }
    // In the order in which src/weights.rs takes them.
    let standardization = &parts.standardization;
    let rows = [&standardization.mean, &standardization.deviation, &standardization.missing];
    let layers = parts.layers.iter().flat_map(|layer| layer.weights.iter().chain(&layer.biases));
    let mut bytes: Vec<u8> = rows.into_iter().flatten().chain(layers).flat_map(|number| number.to_le_bytes()).collect();
    bytes.extend(parts.background.to_le_bytes());
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    std::fs::write(Path::new(&folder).join("weights.bin"), bytes)?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
