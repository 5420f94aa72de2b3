//! A template whose talent pool is divided: the functions that a deployment of that size adds.

use super::scope::{ACCOUNT, Place, REGION, STACK};
use super::{Function, Grant, Role, Template, TemplateError};

/// As many as there are segments in a pool.
const MOST_SHARDS: usize = 16;

/// The binary that ranks, and that is a shard when its environment says so.
const MATCHES: &str = "matches";

impl Template {
    /// The same market with the talent pool in `count` shards: each is a function beside the one that ranks, with its
    /// number in its environment and a role that reads the pool; the one that ranks knows their names, and may invoke
    /// them.
    ///
    /// # Errors
    /// When `count` is not from 1 to 16, or no function of the template ranks.
    pub fn with_pool_shards(mut self, count: usize) -> Result<Self, TemplateError> {
        let place = Place::of("--pool-shards");
        if !(1..=MOST_SHARDS).contains(&count) {
            return Err(place.error(format!("expected a number from 1 to {MOST_SHARDS}")));
        }
        let matches = self.functions.iter_mut().find(|function| function.binary == MATCHES);
        let matches = matches.ok_or_else(|| place.error("the template has no function that ranks"))?;
        let shards: Vec<Function> = (1..=count).map(|number| shard(matches, number, count)).collect();
        let names: Vec<String> = shards.iter().map(|shard| name(&shard.logical_id)).collect();
        if let Some(role) = &mut matches.role {
            role.grants.extend(names.iter().map(|name| Grant {
                action: "lambda:InvokeFunction".to_owned(),
                resource: format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"),
            }));
        }
        matches.environment.insert("PAIRWORK_POOL_SHARDS".to_owned(), names.join(","));
        self.functions.extend(shards);
        self.functions.sort_by(|a, b| a.logical_id.cmp(&b.logical_id));
        Ok(self)
    }
}

fn shard(matches: &Function, number: usize, of: usize) -> Function {
    let mut environment = matches.environment.clone();
    environment.insert("PAIRWORK_POOL_SHARD".to_owned(), format!("{number}/{of}"));
    // Of what `matches` may do, a shard reads the pool and writes its log.
    let pool = environment.get("POOL_TABLE").map(|table| format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"));
    let is_of_shard = |grant: &&Grant| Some(&grant.resource) == pool.as_ref() || grant.action.starts_with("logs:");
    let role = matches.role.as_ref().map(|role| Role {
        logical_id: "PoolShardRole".to_owned(),
        grants: role.grants.iter().filter(is_of_shard).cloned().collect(),
    });
    let logical_id = format!("PoolShard{number}Function");
    Function { logical_id, environment, role, routes: Vec::new(), streams: Vec::new(), ..matches.clone() }
}

/// The function's name, as CloudFormation makes it up.
fn name(logical_id: &str) -> String {
    format!("{STACK}-{logical_id}")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::resource;
    use super::*;
    use crate::TEMPLATE;
    use crate::template::document;

    /// The shipped template with the lines that ARCHITECTURE.md tells a deployer of four shards to add.
    fn deployed() -> Template {
        let text = include_str!("../../../../ARCHITECTURE.md");
        let (_, lines) = text.split_once("```yaml\n").unwrap();
        let added = document(lines.split_once("```").unwrap().0).unwrap();
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
        resource::read(&whole).unwrap()
    }

    #[test]
    fn the_runner_mounts_what_a_deployer_adds() {
        let (mounted, deployed) = (Template::parse(TEMPLATE).unwrap().with_pool_shards(4).unwrap(), deployed());
        assert_eq!(mounted.functions.len(), 8);
        for (mounted, deployed) in mounted.functions.iter().zip(&deployed.functions) {
            assert_eq!(format!("{mounted:#?}"), format!("{deployed:#?}"));
        }
        assert_eq!(mounted.functions.len(), deployed.functions.len());
    }

    #[test]
    fn a_pool_is_not_divided_further_than_its_segments() {
        let divided = |count| Template::parse(TEMPLATE).unwrap().with_pool_shards(count).map(|it| it.functions.len());
        assert_eq!(divided(16).unwrap(), 20);
        for count in [0, 17] {
            assert_eq!(
                divided(count).unwrap_err().to_string(),
                "template: --pool-shards: expected a number from 1 to 16"
            );
        }
    }
}
