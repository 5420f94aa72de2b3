//! Bounded lists of records.

use std::borrow::Cow;

use serde_json::Value;
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::validation::{Field, FromJson, read_list};

/// A kind of record of which a request sends many.
pub trait Record: FromJson + ToSchema {
    /// The plural of the record's name.
    const PLURAL: &'static str;
}

/// The records of one request, 1 to [`Batch::MAX`], in the order they were sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch<T>(Vec<T>);

impl<T> Batch<T> {
    /// The most records of one request.
    pub const MAX: usize = 1_000;

    /// Goes through the records in the order they were sent.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The records in the order they were sent.
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<'a, T> IntoIterator for &'a Batch<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Record> FromJson for Batch<T> {
    fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
        read_list(value, &mut field, (1, Self::MAX), T::PLURAL).map(Self)
    }
}

impl<T: Record> PartialSchema for Batch<T> {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(Ref::from_schema_name(T::name())).min_items(Some(1)).max_items(Some(Self::MAX)).into()
    }
}

impl<T: Record> ToSchema for Batch<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Batch", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into(), T::schema()));
        T::schemas(schemas);
    }
}
