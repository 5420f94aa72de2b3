//! What the functions may do with tables, with each other, with mail and with keys, by the roles the template gives
//! them, and what of it they have done.
//!
//! A call is known by its access key, after its signature was checked. A function's key is its logical id, and its role
//! says what it may do. Any other key is the owner's, who is bound by nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::condition::Context;
use crate::template::{ACCOUNT, REGION, Role, Template};

/// One thing that a function may do, or did: an action on a table, another function, a sender or a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    /// The function's name in the template.
    pub function: String,
    /// E.g. `dynamodb:GetItem`.
    pub action: String,
    /// The ARN of the table, the function, the sender or the key.
    pub resource: String,
}

/// The roles, and the calls made under them.
#[derive(Debug)]
pub(crate) struct Permissions {
    roles: BTreeMap<String, Role>,
    used: Mutex<BTreeSet<Permission>>,
}

impl Permissions {
    /// The roles of the template's functions.
    pub(crate) fn of(template: &Template) -> Self {
        let functions = template.functions.iter();
        let roles = functions.filter_map(|function| Some((function.logical_id.clone(), function.role.clone()?)));
        Self { roles: roles.collect(), used: Mutex::default() }
    }

    /// The access key by which a function's calls are known.
    pub(crate) fn access_key(function: &str) -> &str {
        function
    }

    /// Judges one call to DynamoDB: what it takes is noted as used, or the first thing that is not allowed is named
    /// in the words of AWS.
    ///
    /// # Errors
    /// The message of an `AccessDeniedException`.
    pub(crate) fn judge(&self, access_key: &str, operation: &str, body: &[u8]) -> Result<(), String> {
        let Some(role) = self.roles.get(access_key) else { return Ok(()) };
        // A body that is not understood is the database's to refuse.
        let Ok(body) = serde_json::from_slice::<Call>(body) else { return Ok(()) };
        self.hold(role, access_key, body.needs(operation), &Context::new())
    }

    /// Judges what is done in a function's name with one resource, e.g. with a stream: as [`Permissions::judge`].
    ///
    /// # Errors
    /// The message of an `AccessDeniedException`.
    pub(crate) fn judge_all(
        &self,
        access_key: &str,
        actions: impl IntoIterator<Item = &'static str>,
        resource: &str,
    ) -> Result<(), String> {
        self.judge_in(access_key, actions, resource, &Context::new())
    }

    /// Judges a call with a context, by which the conditions of the role are judged: as [`Permissions::judge`].
    ///
    /// # Errors
    /// The message of an `AccessDeniedException`.
    pub(crate) fn judge_in(
        &self,
        access_key: &str,
        actions: impl IntoIterator<Item = &'static str>,
        resource: &str,
        context: &Context,
    ) -> Result<(), String> {
        let Some(role) = self.roles.get(access_key) else { return Ok(()) };
        let needed = actions.into_iter().map(|action| (action.to_owned(), resource.to_owned()));
        self.hold(role, access_key, needed.collect(), context)
    }

    fn hold(
        &self,
        role: &Role,
        access_key: &str,
        needed: BTreeSet<(String, String)>,
        context: &Context,
    ) -> Result<(), String> {
        for (action, resource) in &needed {
            if !role.allows_in(action, resource, context) {
                let session = format!("{}/{access_key}", role.logical_id);
                return Err(format!(
                    "User: arn:aws:sts::{ACCOUNT}:assumed-role/{session} is not authorized to perform: {action} on \
                     resource: {resource} because no identity-based policy allows the {action} action"
                ));
            }
        }
        let mut used = self.used();
        for (action, resource) in needed {
            used.insert(Permission { function: access_key.to_owned(), action, resource });
        }
        Ok(())
    }

    /// Everything the functions have done since the start.
    pub(crate) fn all_used(&self) -> BTreeSet<Permission> {
        self.used().clone()
    }

    /// Everything the functions may do with what the emulator serves.
    pub(crate) fn all_granted(&self) -> BTreeSet<Permission> {
        let granted = self.roles.iter().flat_map(|(function, role)| {
            let judged =
                |action: &str| ["dynamodb:", "kms:", "lambda:", "ses:"].iter().any(|it| action.starts_with(it));
            let grants = role.grants.iter().filter(move |grant| judged(&grant.action));
            grants.map(move |grant| Permission {
                function: function.clone(),
                action: grant.action.clone(),
                resource: grant.resource.clone(),
            })
        });
        granted.collect()
    }

    fn used(&self) -> MutexGuard<'_, BTreeSet<Permission>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn arn(table: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}")
}

/// As much of a request as says which tables it is about.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Call {
    table_name: Option<String>,
    index_name: Option<String>,
    request_items: Option<BTreeMap<String, IgnoredAny>>,
    transact_items: Option<Vec<BTreeMap<String, Part>>>,
}

/// One action of a transaction.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Part {
    table_name: String,
}

impl Call {
    /// The IAM actions that the operation takes, each with its table or index. A transaction takes those of its
    /// parts, a batch its own.
    ///
    /// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html>.
    fn needs(&self, operation: &str) -> BTreeSet<(String, String)> {
        let one = self.table_name.iter().map(|table| match &self.index_name {
            Some(index) => format!("{}/index/{index}", arn(table)),
            None => arn(table),
        });
        let batch = self.request_items.iter().flatten().map(|(table, _)| arn(table));
        let whole = one.chain(batch).map(|resource| (format!("dynamodb:{operation}"), resource));
        let parts = self.transact_items.iter().flatten().flatten();
        let parts = parts.map(|(part, Part { table_name })| {
            let action = if part == "ConditionCheck" { "ConditionCheckItem".to_owned() } else { format!("{part}Item") };
            (format!("dynamodb:{action}"), arn(table_name))
        });
        whole.chain(parts).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Permission, Permissions};
    use crate::template::Template;

    const TEMPLATE: &str = include_str!("../../fixtures/things.yaml");

    fn permissions() -> Permissions {
        Permissions::of(&Template::parse(TEMPLATE).unwrap())
    }

    #[test]
    fn a_transaction_takes_the_actions_of_its_parts() {
        let permissions = permissions();
        let body = json!({"TransactItems": [
            {"Put": {"TableName": "pairwork-ThingsTable", "Item": {}}},
            {"Put": {"TableName": "pairwork-LiveTable", "Item": {}}},
            {"Delete": {"TableName": "pairwork-ThingsTable", "Key": {}}},
        ]});
        permissions.judge("ThingsFunction", "TransactWriteItems", body.to_string().as_bytes()).unwrap();
        let used = |action: &str, table: &str| Permission {
            function: "ThingsFunction".to_owned(),
            action: format!("dynamodb:{action}"),
            resource: format!("arn:aws:dynamodb:us-east-1:000000000000:table/pairwork-{table}"),
        };
        let expected =
            [used("DeleteItem", "ThingsTable"), used("PutItem", "LiveTable"), used("PutItem", "ThingsTable")];
        assert_eq!(permissions.all_used().into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_no_policy_allows_is_refused_as_aws_words_it_and_counts_as_unused() {
        let permissions = permissions();
        let body = json!({"RequestItems": {"pairwork-KeysTable": {"Keys": []}}}).to_string();
        let refused = permissions.judge("ThingsFunction", "BatchGetItem", body.as_bytes()).unwrap_err();
        assert_eq!(
            refused,
            "User: arn:aws:sts::000000000000:assumed-role/ThingsRole/ThingsFunction is not authorized to perform: \
             dynamodb:BatchGetItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/pairwork-KeysTable \
             because no identity-based policy allows the dynamodb:BatchGetItem action"
        );
        assert!(permissions.all_used().is_empty());
    }

    #[test]
    fn a_query_of_an_index_takes_a_right_to_the_index() {
        let text = TEMPLATE.replace("Resource: !GetAtt KeysTable.Arn", "Resource: !Sub '${KeysTable.Arn}/index/*'");
        let permissions = Permissions::of(&Template::parse(&text).unwrap());
        let query = |index: &str| {
            let body = format!(r#"{{"TableName": "pairwork-KeysTable"{index}}}"#);
            permissions.judge("KeysFunction", "Query", body.as_bytes()).is_ok()
        };
        assert!(query(r#", "IndexName": "ByName""#));
        assert!(!query(""));
    }

    #[test]
    fn the_owner_may_do_anything() {
        let body = json!({"TableName": "pairwork-KeysTable"}).to_string();
        permissions().judge("local-owner", "DeleteTable", body.as_bytes()).unwrap();
    }

    #[test]
    fn granted_is_what_the_roles_allow_on_tables_and_functions() {
        let granted: Vec<_> =
            permissions().all_granted().into_iter().filter(|it| it.function == "KeysFunction").collect();
        let query = Permission {
            function: "KeysFunction".to_owned(),
            action: "dynamodb:Query".to_owned(),
            resource: "arn:aws:dynamodb:us-east-1:000000000000:table/pairwork-KeysTable".to_owned(),
        };
        assert_eq!(granted, [query]);
    }
}
