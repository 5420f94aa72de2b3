//! The template that is deployed, as the emulator reads it.

use pairwork::TEMPLATE;
use pairwork::template::Template;

#[test]
fn the_shipped_template_is_runnable() {
    let template = Template::parse(TEMPLATE).unwrap();
    let names: Vec<_> = template.functions.iter().map(|function| function.binary.as_str()).collect();
    assert_eq!(names, ["accounts", "erase", "market", "matches", "notify", "stream"]);
    let tables: Vec<_> = template.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(
        tables,
        [
            "pairwork-AuditTable",
            "pairwork-CredentialsTable",
            "pairwork-LiveTable",
            "pairwork-MarketTable",
            "pairwork-OutboxTable",
            "pairwork-PoolTable",
            "pairwork-TrustTable"
        ]
    );
    assert_eq!(template.functions.iter().map(|function| function.routes.len()).sum::<usize>(), 59);
}

#[test]
fn only_accounts_and_the_eraser_reach_the_credentials() {
    let template = Template::parse(TEMPLATE).unwrap();
    let mut reaching = Vec::new();
    for function in &template.functions {
        let grants = &function.role.as_ref().unwrap().grants;
        if grants.iter().any(|grant| grant.resource.ends_with("CredentialsTable")) {
            reaching.push(function.logical_id.as_str());
        }
    }
    assert_eq!(reaching, ["AccountsFunction", "EraseFunction"]);
    let eraser = &template.functions.iter().find(|function| function.logical_id == "EraseFunction").unwrap();
    assert!(eraser.routes.is_empty(), "no request reaches the function that erases");
}
