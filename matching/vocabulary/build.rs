//! Compiles skills.toml into a table of keys. It refuses a name that stands in two groups.

#[expect(unreachable_pub, reason = "public in the crate, private here")]
#[path = "src/fold.rs"]
mod fold;
#[path = "src/spelling.rs"]
mod spelling;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use toml::{Table, Value};

const FILE: &str = "skills.toml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FILE}");
    let fields: Table = std::fs::read_to_string(FILE)?.parse().map_err(|error| format!("{FILE}: {error}"))?;
    let mut keys = BTreeMap::<String, (String, String)>::new();
    let mut groups = String::new();
    for (field, skills) in &fields {
        let skills = skills.as_table().ok_or_else(|| format!("{FILE}: {field} is no table of skills"))?;
        for (name, synonyms) in skills {
            let synonyms = names(synonyms).ok_or_else(|| format!("{FILE}: the synonyms of {name:?} are no strings"))?;
            let key = spelling::spelling(name);
            for one in [name.as_str()].iter().chain(&synonyms) {
                let spelling = spelling::spelling(one);
                if spelling.is_empty() {
                    return Err(format!("{FILE}: {name:?} has a blank name").into());
                }
                if let Some((_, other)) = keys.insert(spelling, (key.clone(), name.clone())) {
                    return Err(format!("{FILE}: {one:?} of {name:?} is also a name of {other:?}").into());
                }
            }
            writeln!(groups, "    Group {{ field: {field:?}, name: {name:?}, synonyms: &{synonyms:?} }},")?;
        }
    }
    let mut code = String::from(
        "/// The synonyms that `skills.toml` lists, by field and name.\npub static GROUPS: &[Group] = &[\n",
    );
    code += &groups;
    code += "];\n\n/// (spelling, key), by spelling.\nstatic KEYS: &[(&str, &str)] = &[\n";
    for (spelling, (key, _)) in &keys {
        writeln!(code, "    ({spelling:?}, {key:?}),")?;
    }
    code += "];\n";
    let folder = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    Ok(std::fs::write(Path::new(&folder).join("skills.rs"), code)?)
}

fn names(synonyms: &Value) -> Option<Vec<&str>> {
    synonyms.as_array()?.iter().map(Value::as_str).collect()
}
