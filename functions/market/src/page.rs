//! Pages of lists on the wire: which one is asked for, and which one comes back.

use std::borrow::Cow;

use domain::{
    listing::Listing,
    page::{Cursor, Limit, Query},
    validation::Refusal,
    values::Tag,
};
use http_api::{ApiError, Code, QueryParameters, bytes_in_reply};
use serde::Serialize;
use store::{Listed, PageOf};
use ulid::Ulid;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, Ref, RefOr, Schema, Type,
        schema::{ArrayBuilder, SchemaType},
    },
};

/// Which page of a list to return.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParameters {
    /// The most items to return.
    #[param(minimum = 1, maximum = 100, default = 20)]
    #[expect(dead_code, reason = "documents the parameter")]
    limit: Option<u8>,
    /// The `next_cursor` of the page before, with the same filters. Nothing for the first page.
    #[expect(dead_code, reason = "documents the parameter")]
    cursor: Option<String>,
}

/// What a list is narrowed to.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FilterParameters {
    /// Only this field of work, compared without regard to case and width.
    #[param(min_length = 1, max_length = 50, example = "Software")]
    #[expect(dead_code, reason = "documents the parameter")]
    category: Option<String>,
    /// Only with this skill, compared without regard to case and width.
    #[param(min_length = 1, max_length = 50, example = "Rust")]
    #[expect(dead_code, reason = "documents the parameter")]
    skill: Option<String>,
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

/// Written out, because the derived schema would repeat that of `T` instead of referring to it.
impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let items = ArrayBuilder::new()
            .items(Ref::from_schema_name(T::name()))
            .description(Some("Newest first. A page may hold fewer than `limit` before the end is reached."));
        let next_cursor = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("Asks for the next page; null at the end of the list."));
        ObjectBuilder::new()
            .description(Some("One page of a list."))
            .property("items", items)
            .required("items")
            .property("next_cursor", next_cursor)
            .required("next_cursor")
            .into()
    }
}

impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

/// The page that a request asks for.
#[derive(Debug, PartialEq)]
pub(crate) struct PageRequest {
    query: Query,
    /// The page of the list.
    pub(crate) page: PageOf,
}

impl PageRequest {
    /// Reads `limit` and `cursor` for the list `name`, narrowed by `filters`.
    ///
    /// # Errors
    /// 400 `invalid_limit`, `invalid_cursor` or `invalid_query`.
    pub(crate) fn read(parameters: &QueryParameters, name: &str, filters: &[Option<&str>]) -> Result<Self, ApiError> {
        let query = Query::new(name, filters);
        let limit = Limit::parse(parameters.one("limit")?, Limit::OF_LISTS)
            .map_err(|error| ApiError::new(Code::INVALID_LIMIT, format!("The {error}.")))?;
        let after = parameters
            .one("cursor")?
            .map(|cursor| Cursor::parse(cursor, query))
            .transpose()
            .map_err(|_| ApiError::new(Code::INVALID_CURSOR, NOT_A_CURSOR))?;
        Ok(Self { query, page: PageOf { after, limit } })
    }

    /// The page on the wire: each record as its body, as many as fit, and the cursor behind the last of them.
    ///
    /// # Errors
    /// 500 for a body that does not serialize, which none is.
    pub(crate) fn answer<T, B>(self, listed: Listed<T>, id: impl Fn(&T) -> Ulid) -> Result<Page<B>, ApiError>
    where
        B: From<T> + Serialize,
    {
        let (mut bytes, mut last) = (0, None);
        let (mut items, mut next_after) = (Vec::with_capacity(listed.items.len()), listed.next_after);
        for record in listed.items {
            let (id, body) = (id(&record), B::from(record));
            bytes += bytes_in_reply(&serde_json::to_vec(&body).map_err(ApiError::internal)?);
            if bytes > MOST_BYTES && !items.is_empty() {
                next_after = last;
                break;
            }
            last = Some(id);
            items.push(body);
        }
        let next_cursor = next_after.map(|after| Cursor { query: self.query, after }.to_string());
        Ok(Page { items, next_cursor })
    }
}

/// The most that the items of a page take in a reply: Lambda refuses one of more than 6 MB, and 100 descriptions of 10,000
/// control characters would be one.
const MOST_BYTES: usize = 5_000_000;

const NOT_A_CURSOR: &str = "The cursor was not returned by this list with these filters. Start again without one.";

/// The public list that `category` and `skill` name, and the page of it.
///
/// # Errors
/// As [`PageRequest::read`]; `invalid_query` too for a category or skill that no record can have.
pub(crate) fn public_list(parameters: &QueryParameters, name: &str) -> Result<(Listing, PageRequest), ApiError> {
    let category = tag(parameters, "category")?;
    let skill = tag(parameters, "skill")?;
    let folded = |tag: &Option<Tag>| tag.as_ref().map(Tag::folded);
    let (category_key, skill_key) = (folded(&category), folded(&skill));
    let filters = [category_key.as_ref().map(|key| key.as_str()), skill_key.as_ref().map(|key| key.as_str())];
    let page = PageRequest::read(parameters, name, &filters)?;
    Ok((Listing::of_query(category.as_ref(), skill.as_ref()), page))
}

fn tag(parameters: &QueryParameters, name: &str) -> Result<Option<Tag>, ApiError> {
    let refuse = |refusal: Refusal| ApiError::new(Code::INVALID_QUERY, format!("{name} {}.", refusal.detail));
    parameters.one(name)?.map(|text| text.parse().map_err(refuse)).transpose()
}

#[cfg(test)]
mod tests {
    use axum::{extract::FromRequestParts, http::Request};
    use domain::values::ProjectId;

    use super::*;

    async fn parameters(query: &str) -> QueryParameters {
        let (mut parts, ()) = Request::builder().uri(format!("/freelancers?{query}")).body(()).unwrap().into_parts();
        QueryParameters::from_request_parts(&mut parts, &()).await.unwrap()
    }

    async fn asked(query: &str) -> Result<(Listing, PageRequest), Code> {
        public_list(&parameters(query).await, "freelancers").map_err(|error| error.code())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_plain_request_is_the_first_page_of_everything() {
        let (listing, request) = asked("").await.unwrap();
        assert_eq!(listing, Listing::All);
        assert_eq!(request.page, PageOf { after: None, limit: Limit::OF_LISTS });
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_page_leads_to_the_next_of_the_same_list_only() {
        let (_, request) = asked("category=Web&limit=1").await.unwrap();
        let last: ProjectId = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0".parse().unwrap();
        let page: Page<u8> =
            request.answer(Listed { items: vec![7_u8], next_after: Some(last.ulid()) }, |_| last.ulid()).unwrap();
        let cursor = page.next_cursor.unwrap();
        let (listing, next) = asked(&format!("category=%EF%BD%97eb&limit=2&cursor={cursor}")).await.unwrap();
        assert_eq!(listing, Listing::Category("web".parse::<Tag>().unwrap().folded()));
        assert_eq!(next.page.after, Some(last.ulid()));
        for other in ["", "category=Design", "skill=web", "category=web&skill=x"] {
            assert_eq!(asked(&format!("{other}&cursor={cursor}")).await.unwrap_err(), Code::INVALID_CURSOR, "{other}");
        }
        let projects = public_list(&parameters(&format!("category=web&cursor={cursor}")).await, "projects");
        assert_eq!(projects.unwrap_err().code(), Code::INVALID_CURSOR);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn each_wrong_parameter_has_its_code() {
        for (query, code) in [
            ("limit=0", Code::INVALID_LIMIT),
            ("limit=101", Code::INVALID_LIMIT),
            ("limit=ten", Code::INVALID_LIMIT),
            ("limit=", Code::INVALID_LIMIT),
            ("cursor=", Code::INVALID_CURSOR),
            ("cursor=%00", Code::INVALID_CURSOR),
            ("skill=", Code::INVALID_QUERY),
            ("category=%20", Code::INVALID_QUERY),
            ("category=a&category=b", Code::INVALID_QUERY),
            (&format!("skill={}", "x".repeat(51)), Code::INVALID_QUERY),
        ] {
            assert_eq!(asked(query).await.unwrap_err(), code, "{query}");
        }
    }

    #[test]
    fn a_page_of_the_longest_texts_ends_where_a_reply_would_be_too_large() {
        let query = Query::new("projects", &[]);
        let page = PageOf { after: None, limit: Limit::LARGEST };
        // As JSON in a reply, each of these characters takes seven bytes.
        let items: Vec<String> = (0..100).map(|_| "\u{1}".repeat(10_000)).collect();
        let places = std::cell::Cell::new(0_u128);
        let next = |_: &String| {
            places.set(places.get() + 1);
            Ulid(places.get())
        };
        let listed = Listed { items, next_after: Some(Ulid(100)) };
        let page: Page<String> = PageRequest { query, page }.answer(listed, next).unwrap();
        assert_eq!(page.items.len(), MOST_BYTES / 70_004);
        let reply = serde_json::json!({"body": serde_json::to_string(&page).unwrap()}).to_string();
        assert!(reply.len() <= MOST_BYTES + 1_000, "{} bytes", reply.len());
        let after: Ulid = Cursor::parse(&page.next_cursor.unwrap(), query).unwrap();
        assert_eq!(after, Ulid(page.items.len() as u128), "the next page begins behind the last that is shown");
    }

    #[test]
    fn the_last_page_has_a_null_cursor() {
        let request =
            PageRequest { query: Query::new("freelancers", &[]), page: PageOf { after: None, limit: Limit::OF_LISTS } };
        let page: Page<u8> = request.answer(Listed { items: Vec::<u8>::new(), next_after: None }, |_| Ulid(0)).unwrap();
        assert_eq!(serde_json::to_value(page).unwrap(), serde_json::json!({"items": [], "next_cursor": null}));
    }
}
