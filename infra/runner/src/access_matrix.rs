//! `pairwork access-matrix`: who may call which operation.

use domain::account::Role;
use http_api::access::{ACCESS, Access, Who};

use crate::filling::table;

/// The table of operations and callers.
pub(crate) fn text() -> String {
    let mut matrix =
        table::new(["operation", "anybody", "member", "support", "admin", "proof", "second factor", "reason"]);
    for access in ACCESS {
        let [anybody, member, support, admin] = cells(access);
        let factor = if access.needs_second_factor { "yes" } else { "" };
        let proof = if access.needs_proof { "≤ 10 min" } else { "" };
        matrix.add_row([access.route, anybody, member, support, admin, proof, factor, access.reason]);
    }
    matrix.to_string()
}

/// The rights of an anonymous caller, a member, support and an admin.
fn cells(access: &Access) -> [&'static str; 4] {
    let from = |role: Role| {
        [Role::Member, Role::Support, Role::Admin].map(|caller| if caller >= role { "yes" } else { "403" })
    };
    match access.who {
        Who::Anybody => ["yes"; 4],
        Who::Bearer => ["with the secret"; 4],
        Who::Owner => ["401", "owner", "owner", "owner"],
        Who::Role(role) => {
            let [member, support, admin] = from(role);
            ["401", member, support, admin]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn every_operation_has_a_row() {
        let text = text();
        assert!(text.contains("PATCH /projects/{id}") && text.contains("≤ 10 min"), "{text}");
        assert!(text.lines().count() > http_api::access::ACCESS.len());
    }
}
