//! The common parts of all functions' OpenAPI documents.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, ComponentsBuilder, Info, License, OpenApi, OpenApiBuilder,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use crate::Problem;

/// The name of the security scheme that signed-in operations refer to.
pub const BEARER: &str = "access_token";

/// A document without operations, for a function to add its own to.
pub fn document() -> OpenApi {
    let mut info = Info::new("Pairwork", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "A talent market: freelancers offer talents, clients post projects, and a small neural net finds the pairs.\n\n\
         Errors are `application/problem+json` (RFC 9457) with a stable `code`; lists are `{items, next_cursor}`; \
         creating requests take an `Idempotency-Key`; records carry an `ETag`."
            .to_owned(),
    );
    info.license = Some(License::new("MIT OR Apache-2.0"));
    let mut scheme = Http::new(HttpAuthScheme::Bearer);
    scheme.bearer_format = Some("JWT".to_owned());
    scheme.description = Some("The `access_token` of `POST /sessions`.".to_owned());
    OpenApiBuilder::new().info(info).components(Some(components(scheme))).build()
}

/// The security scheme and the schemas of problems, to which [`super::operation`] refers.
fn components(scheme: Http) -> Components {
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    ComponentsBuilder::new().security_scheme(BEARER, SecurityScheme::Http(scheme)).schemas_from_iter(schemas).build()
}
