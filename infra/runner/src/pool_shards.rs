//! A template whose talent pool is divided: the functions that a deployment of that size adds.

use emulator::template::{ACCOUNT, Fault, Function, Grant, REGION, Role, STACK, Template, TemplateError};

/// The number of segments of a pool: it can't be divided further.
const MOST_SHARDS: usize = 16;

/// The binary that ranks. It is a shard when its environment says so.
const MATCHES: &str = "matches";

/// The variable that tells a shard its number.
pub(crate) const SHARD: &str = "PAIRWORK_POOL_SHARD";

/// The same template with the talent pool in `count` shards. Each shard is a function beside the one that ranks,
/// with its number in its environment and a role that reads the pool. The function that ranks knows their names and
/// may invoke them.
///
/// # Errors
/// When `count` is not from 1 to 16, or no function of the template ranks.
pub(crate) fn with_pool_shards(mut template: Template, count: usize) -> Result<Template, TemplateError> {
    if !(1..=MOST_SHARDS).contains(&count) {
        return Err(error(format!("expected a number from 1 to {MOST_SHARDS}")));
    }
    let matches = template.functions.iter_mut().find(|function| function.binary == MATCHES);
    let matches = matches.ok_or_else(|| error("the template has no function that ranks".to_owned()))?;
    let shards: Vec<Function> = (1..=count).map(|number| shard(matches, number, count)).collect();
    if let Some(role) = &mut matches.role {
        role.grants.extend(shards.iter().map(|shard| Grant::new("lambda:InvokeFunction", &shard.arn())));
    }
    let names: Vec<&str> = shards.iter().map(|shard| shard.name.as_str()).collect();
    matches.environment.insert("PAIRWORK_POOL_SHARDS".to_owned(), names.join(","));
    template.functions.extend(shards);
    template.functions.sort_by(|a, b| a.logical_id.cmp(&b.logical_id));
    Ok(template)
}

fn error(problem: String) -> TemplateError {
    Fault { place: "--pool-shards".to_owned(), problem }.into()
}

fn shard(matches: &Function, number: usize, of: usize) -> Function {
    let mut environment = matches.environment.clone();
    environment.insert(SHARD.to_owned(), format!("{number}/{of}"));
    // A shard answers `matches` alone, so it limits nobody.
    environment.remove("LIVE_TABLE");
    // Of the rights of `matches`, a shard keeps reading the pool and writing its log.
    let pool = environment.get("POOL_TABLE").map(|table| format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"));
    let is_of_shard = |grant: &&Grant| Some(&grant.resource) == pool.as_ref() || grant.action.starts_with("logs:");
    let role = matches.role.as_ref().map(|role| Role {
        logical_id: "PoolShardRole".to_owned(),
        grants: role.grants.iter().filter(is_of_shard).cloned().collect(),
    });
    let logical_id = format!("PoolShard{number}Function");
    let name = format!("{STACK}-{logical_id}");
    Function {
        logical_id,
        name,
        environment,
        role,
        routes: Vec::new(),
        streams: Vec::new(),
        schedules: Vec::new(),
        ..matches.clone()
    }
}

#[cfg(test)]
mod tests {
    use emulator::template::{Overrides, document};
    use serde_json::Value;

    use super::*;
    use crate::TEMPLATE;

    /// The shipped template with the resources that a deployer of four shards adds.
    fn deployed() -> Template {
        let added = document(include_str!("../../pool-shards.yaml")).unwrap();
        let mut whole = document(TEMPLATE).unwrap();
        let resources = &mut whole["Resources"];
        let variables = "/MatchesFunction/Properties/Environment/Variables";
        let names = added["Resources"].pointer(variables).unwrap()["PAIRWORK_POOL_SHARDS"].clone();
        resources.pointer_mut(variables).unwrap()["PAIRWORK_POOL_SHARDS"] = names;
        let statements = "/MatchesRole/Properties/Policies/0/PolicyDocument/Statement";
        let more = added["Resources"].pointer(statements).unwrap().as_array().unwrap().clone();
        resources.pointer_mut(statements).unwrap().as_array_mut().unwrap().extend(more);
        for number in 1..=4 {
            let mut shard = added["Resources"]["PoolShard1Function"].clone();
            shard["Properties"]["Environment"]["Variables"]["PAIRWORK_POOL_SHARD"] = Value::from(format!("{number}/4"));
            resources[format!("PoolShard{number}Function")] = shard;
        }
        resources["PoolShardRole"] = added["Resources"]["PoolShardRole"].clone();
        Template::read(&whole, &Overrides::default()).unwrap()
    }

    #[test]
    fn the_runner_mounts_what_a_deployer_adds() {
        let (mounted, deployed) = (with_pool_shards(Template::parse(TEMPLATE).unwrap(), 4).unwrap(), deployed());
        let whole = Template::parse(TEMPLATE).unwrap().functions.len();
        assert_eq!(mounted.functions.len(), whole + 4);
        for (mounted, deployed) in mounted.functions.iter().zip(&deployed.functions) {
            assert_eq!(format!("{mounted:#?}"), format!("{deployed:#?}"));
        }
        assert_eq!(mounted.functions.len(), deployed.functions.len());
    }

    #[test]
    fn a_pool_is_not_divided_further_than_its_segments() {
        let divided = |count| with_pool_shards(Template::parse(TEMPLATE).unwrap(), count).map(|it| it.functions.len());
        assert_eq!(divided(16).unwrap(), Template::parse(TEMPLATE).unwrap().functions.len() + 16);
        for count in [0, 17] {
            assert_eq!(
                divided(count).unwrap_err().to_string(),
                "template: --pool-shards: expected a number from 1 to 16"
            );
        }
    }
}
