//! Pages of lists: the page that a request asks for, and the page in the answer.

use std::borrow::Cow;

use http_api::pagination::ListId;
use http_api::{ApiError, bytes_in_reply, pagination};
use serde::Serialize;
use store::{Listed, PageOf};
use ulid::Ulid;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, Ref, RefOr, Schema, Type,
        schema::{ArrayBuilder, SchemaType},
    },
};

/// `limit` and `cursor`. A list returns 20 items unless the request names another limit.
pub(crate) type Paging = pagination::Paging<20>;

/// The most bytes that the items of a page take in a reply. Lambda refuses a reply of more than 6 MB, and 100
/// descriptions of 10,000 control characters would be larger.
const MOST_BYTES: usize = 5_000_000;

/// One page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

/// Implemented by hand, because the derived schema would repeat that of `T` instead of referring to it.
impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let items = ArrayBuilder::new()
            .items(Ref::from_schema_name(T::name()))
            .description(Some("Newest first. A page may hold fewer than `limit` before the end is reached."));
        let next_cursor = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("The `cursor` of the next page; null at the end of the list."));
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
    list: ListId,
    /// The page of the list.
    pub(crate) page: PageOf,
}

impl PageRequest {
    /// The page of `list` that the request's parameters ask for.
    ///
    /// # Errors
    /// 400 `invalid_cursor`.
    pub(crate) fn new(list: ListId, paging: &Paging) -> Result<Self, ApiError> {
        let after = paging.cursor.as_deref().map(|cursor| list.position(cursor)).transpose()?;
        Ok(Self { list, page: PageOf { after: after.map(Ulid), limit: paging.limit.0 } })
    }

    /// Builds the page of the answer: the body of each record, as many as fit into a reply, and the cursor after the
    /// last of them.
    ///
    /// # Errors
    /// 500 for a body that does not serialize, which is a mistake in its type.
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
        let next_cursor = next_after.map(|after| self.list.cursor(&after.0)).transpose()?;
        Ok(Page { items, next_cursor })
    }
}

#[cfg(test)]
mod tests {
    use domain::page::Limit;

    use super::*;

    const LIST: [Option<&str>; 0] = [];

    fn request(after: Option<Ulid>, limit: Limit) -> PageRequest {
        PageRequest { list: ListId::new("projects", &LIST), page: PageOf { after, limit } }
    }

    #[test]
    fn a_page_of_the_longest_texts_ends_where_a_reply_would_be_too_large() {
        // As JSON in a reply, each of these characters takes seven bytes.
        let items: Vec<String> = (0..100).map(|_| "\u{1}".repeat(10_000)).collect();
        let ids = std::cell::Cell::new(0_u128);
        let next = |_: &String| {
            ids.set(ids.get() + 1);
            Ulid(ids.get())
        };
        let listed = Listed { items, next_after: Some(Ulid(100)) };
        let page: Page<String> = request(None, Limit::LARGEST).answer(listed, next).unwrap();
        assert_eq!(page.items.len(), MOST_BYTES / 70_004);
        let reply = serde_json::json!({"body": serde_json::to_string(&page).unwrap()}).to_string();
        assert!(reply.len() <= MOST_BYTES + 1_000, "{} bytes", reply.len());
        let after: u128 = ListId::new("projects", &LIST).position(&page.next_cursor.unwrap()).unwrap();
        assert_eq!(after, page.items.len() as u128, "the next page begins behind the last item");
    }

    #[test]
    fn the_last_page_has_a_null_cursor() {
        let listed = Listed { items: Vec::<u8>::new(), next_after: None };
        let page: Page<u8> = request(None, Limit::LARGEST).answer(listed, |_| Ulid(0)).unwrap();
        assert_eq!(serde_json::to_value(page).unwrap(), serde_json::json!({"items": [], "next_cursor": null}));
    }
}
