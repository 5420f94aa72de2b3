//! The one binary of a Rust package, where a template leaves it to cargo-lambda to know it.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use crate::template::{Fault, Template, TemplateError};

#[derive(Debug, Deserialize)]
struct Manifest {
    package: Option<Package>,
    #[serde(default)]
    bin: Vec<Binary>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    #[serde(default = "yes")]
    autobins: bool,
}

#[derive(Debug, Deserialize)]
struct Binary {
    name: Option<String>,
}

fn yes() -> bool {
    true
}

impl Template {
    /// Names the binary of each function whose `CodeUri` is a package and whose `Metadata` name none. `folder` is the
    /// template's. A package that is not there changes nothing: `target/lambda` may have been built elsewhere.
    ///
    /// # Errors
    /// When a package has no binary, or several.
    pub fn name_binaries(&mut self, folder: &Path) -> Result<(), TemplateError> {
        let mut faults = Vec::new();
        for function in self.functions.iter_mut().filter(|function| function.code.is_package) {
            let package = folder.join(function.code.uri.as_deref().unwrap_or("."));
            let Ok(manifest) = std::fs::read_to_string(package.join("Cargo.toml")) else { continue };
            match one_binary(&manifest, &package) {
                Ok(binary) => function.binary = binary,
                Err(problem) => {
                    let place = format!("{}.Metadata.BuildProperties.Binary", function.logical_id);
                    faults.push(Fault { place, problem });
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(TemplateError::Faults(faults)) }
    }
}

/// Cargo's rules for the binaries of a package: `[[bin]]`, `src/main.rs` and `src/bin`.
fn one_binary(manifest: &str, package: &Path) -> Result<String, String> {
    let place = package.join("Cargo.toml");
    let manifest: Manifest =
        toml::from_str(manifest).map_err(|problem| format!("{} is not readable: {problem}", place.display()))?;
    let Some(Package { name, autobins }) = manifest.package else {
        return Err(format!("{} is a workspace, so it must say which binary to run", place.display()));
    };
    let mut binaries: BTreeSet<String> = manifest.bin.into_iter().filter_map(|binary| binary.name).collect();
    if autobins {
        // A main file that `[[bin]]` names already is that binary.
        if binaries.is_empty() && package.join("src/main.rs").is_file() {
            binaries.insert(name);
        }
        for entry in std::fs::read_dir(package.join("src/bin")).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_binary = path.extension().is_some_and(|kind| kind == "rs") || path.join("main.rs").is_file();
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            binaries.extend(stem.filter(|_| is_binary).map(str::to_owned));
        }
    }
    let mut names = binaries.into_iter();
    match (names.next(), names.len()) {
        (Some(one), 0) => Ok(one),
        (None, _) => Err(format!("{} has no binary", place.display())),
        (Some(first), _) => {
            let rest: Vec<String> = names.collect();
            Err(format!(
                "{} has several binaries, so it must say which to run: {first}, {}",
                place.display(),
                rest.join(", ")
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::template::Template;

    const TEMPLATE: &str = "Resources: { Work: { Type: AWS::Serverless::Function, \
                            Metadata: { BuildMethod: rust-cargolambda }, Properties: { CodeUri: ./code } } }";

    /// The binary of a package with this manifest and these files.
    fn binary(manifest: &str, files: &[&str]) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("code");
        std::fs::create_dir_all(&package).unwrap();
        if !manifest.is_empty() {
            std::fs::write(package.join("Cargo.toml"), manifest).unwrap();
        }
        for file in files {
            let file = package.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "").unwrap();
        }
        let mut template = Template::parse(TEMPLATE).unwrap();
        let named = template.name_binaries(folder.path());
        named.map_err(|problem| problem.to_string().replace(folder.path().to_str().unwrap(), "."))?;
        Ok(template.functions.remove(0).binary)
    }

    #[test]
    fn the_one_binary_of_a_package_is_the_functions() {
        let package = "package = { name = \"things\" }\n";
        assert_eq!(binary(package, &["src/main.rs"]).unwrap(), "things");
        assert_eq!(binary(package, &["src/lib.rs", "src/bin/work.rs"]).unwrap(), "work");
        assert_eq!(binary(package, &["src/bin/work/main.rs"]).unwrap(), "work");
        assert_eq!(binary(&format!("{package}bin = [{{ name = \"own\" }}]"), &["src/main.rs"]).unwrap(), "own");
        assert_eq!(binary("", &[]).unwrap(), "code", "a package that is elsewhere");
    }

    #[test]
    fn a_package_of_no_binary_or_of_several_is_refused() {
        let package = "package = { name = \"things\" }\n";
        let place = "template: Work.Metadata.BuildProperties.Binary: ././code/Cargo.toml";
        assert_eq!(binary(package, &["src/lib.rs"]).unwrap_err(), format!("{place} has no binary"));
        assert_eq!(
            binary(package, &["src/main.rs", "src/bin/b.rs", "src/bin/a.rs"]).unwrap_err(),
            format!("{place} has several binaries, so it must say which to run: a, b, things")
        );
        assert_eq!(
            binary("[workspace]\nmembers = []", &[]).unwrap_err(),
            format!("{place} is a workspace, so it must say which binary to run")
        );
    }
}
