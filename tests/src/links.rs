//! Every relative link of a Markdown page leads to a file.

use crate::line_length::files;

#[test]
fn every_relative_link_leads_somewhere() {
    let (mut read, mut broken) = (0, Vec::new());
    for page in files().into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let text = std::fs::read_to_string(&page).expect("UTF-8");
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            read += 1;
            let path = target.split('#').next().unwrap_or_default();
            if !page.parent().expect("a folder").join(path).exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(read > 20, "only {read} links were read");
    assert!(broken.is_empty(), "broken links:\n{}", broken.join("\n"));
}
