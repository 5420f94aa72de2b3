//! A binary attribute of an item.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Bytes that are stored as binary data, not as a list of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }

            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes(bytes))
            }
        }

        deserializer.deserialize_byte_buf(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;

    #[test]
    fn bytes_are_a_binary_attribute() {
        let value: AttributeValue = serde_dynamo::to_attribute_value(Bytes(vec![0, 255])).unwrap();
        assert_eq!(value.as_b().unwrap().as_ref(), [0, 255]);
        let item = HashMap::from([("rows".to_owned(), value)]);
        let read: HashMap<String, Bytes> = serde_dynamo::from_item(item).unwrap();
        assert_eq!(read["rows"], Bytes(vec![0, 255]));
    }
}
