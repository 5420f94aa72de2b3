//! A template whose talent pool is divided: the functions that a deployment of that size adds.

use super::scope::{ACCOUNT, REGION, STACK};
use super::{Function, Grant, Role, Template, TemplateError};
use crate::template::scope::Place;

/// As many as there are segments in a pool.
const MOST_SHARDS: usize = 16;

/// The binary that ranks, and that is a shard when its environment says so.
const MATCHES: &str = "matches";

impl Template {
    /// The same market with the talent pool in `count` shards: each is a function beside the one that ranks, with its number
    /// in its environment and a role that reads the pool; the one that ranks knows their names, and may invoke them.
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
        Ok(self)
    }
}

fn shard(matches: &Function, number: usize, of: usize) -> Function {
    let mut environment = matches.environment.clone();
    environment.insert("PAIRWORK_POOL_SHARD".to_owned(), format!("{number}/{of}"));
    // Of what `matches` may do, a shard reads the pool.
    let pool = environment.get("POOL_TABLE").map(|table| format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"));
    let role = matches.role.as_ref().map(|role| Role {
        logical_id: "PoolShardRole".to_owned(),
        grants: role.grants.iter().filter(|grant| Some(&grant.resource) == pool.as_ref()).cloned().collect(),
    });
    let logical_id = format!("PoolShard{number}Function");
    Function { logical_id, environment, role, routes: Vec::new(), streams: Vec::new(), ..matches.clone() }
}

/// The function's name, as CloudFormation makes it up.
fn name(logical_id: &str) -> String {
    format!("{STACK}-{logical_id}")
}
