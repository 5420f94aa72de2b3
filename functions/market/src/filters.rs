//! The filters of the public lists: `category` and `skill`.

use domain::{
    listing::Listing,
    values::{Category, Skill, TagKey},
};
use http_api::{QueryParameters, pagination::ListId, query::parsed};
use serde::Deserialize;
use utoipa::IntoParams;

/// Narrows a public list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filters {
    /// Only this field of work. Case and width make no difference.
    #[serde(default, deserialize_with = "parsed")]
    #[param(inline, example = "Software")]
    category: Option<Category>,
    /// Only with this skill. Case, width and the way words are joined make no difference, and synonyms count as one:
    /// `js` finds `JavaScript`.
    #[serde(default, deserialize_with = "parsed")]
    #[param(inline, example = "Rust")]
    skill: Option<Skill>,
}

impl QueryParameters for Filters {}

impl Filters {
    /// The list for the filters.
    pub(crate) fn listing(&self) -> Listing {
        Listing::of_query(self.category.as_ref(), self.skill.as_ref())
    }

    /// The id of that list in the collection `name`.
    pub(crate) fn list_id(&self, name: &str) -> ListId {
        let keys = [self.category.as_ref().map(Category::key), self.skill.as_ref().map(Skill::key)];
        ListId::new(name, &keys.each_ref().map(|key| key.as_ref().map(TagKey::as_str)))
    }
}

#[cfg(test)]
mod tests {
    use domain::page::Limit;
    use http_api::{Code, Query};
    use store::PageOf;
    use ulid::Ulid;

    use super::*;
    use crate::page::{PageRequest, Paging};

    fn asked_of(name: &str, query: &str) -> Result<(Listing, PageRequest), Code> {
        let read = || {
            let Query((filters, paging)) = Query::<(Filters, Paging)>::parse(query)?;
            Ok((filters.listing(), PageRequest::new(filters.list_id(name), &paging)?))
        };
        read().map_err(|error: http_api::ApiError| error.code())
    }

    fn asked(query: &str) -> Result<(Listing, PageRequest), Code> {
        asked_of("freelancers", query)
    }

    #[test]
    fn a_request_without_parameters_is_the_first_page_of_all_records() {
        let (listing, request) = asked("").unwrap();
        assert_eq!(listing, Listing::All);
        assert_eq!(request.page, PageOf { after: None, limit: Limit::new(20).unwrap() });
    }

    #[test]
    fn a_cursor_belongs_to_one_list_and_its_filters() {
        let category: Category = "web".parse().unwrap();
        let cursor = ListId::new("freelancers", &[Some("web"), None]).cursor(&7_u128).unwrap();
        let (listing, next) = asked(&format!("category=%EF%BD%97eb&limit=2&cursor={cursor}")).unwrap();
        assert_eq!(listing, Listing::Category(category.key()));
        assert_eq!(next.page.after, Some(Ulid(7)));
        for other in ["", "category=Design", "skill=web", "category=web&skill=x"] {
            assert_eq!(asked(&format!("{other}&cursor={cursor}")).unwrap_err(), Code::INVALID_CURSOR, "{other}");
        }
        let projects = asked_of("projects", &format!("category=web&cursor={cursor}"));
        assert_eq!(projects.unwrap_err(), Code::INVALID_CURSOR);
    }

    #[test]
    fn each_wrong_parameter_has_its_code() {
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
            ("skills=rust", Code::INVALID_QUERY),
            ("q=rust", Code::INVALID_QUERY),
            (&format!("skill={}", "x".repeat(51)), Code::INVALID_QUERY),
        ] {
            assert_eq!(asked(query).unwrap_err(), code, "{query}");
        }
        assert!(asked("skill=rust&utm_source=newsletter").is_ok());
    }
}
