//! `AWS::S3::Bucket`: objects that a distribution serves. No function reads or writes a bucket here.

use super::properties::{Known, Properties};
use super::{Bucket, Template, fault::TemplatePath, scope::Scope};
use crate::template::Origin;

/// Reads a bucket.
pub(super) fn bucket(logical_id: &str, properties: &Properties<'_>) -> Bucket {
    properties.only(Known {
        silent: &[
            "BucketEncryption",
            "BucketName",
            "LifecycleConfiguration",
            "OwnershipControls",
            "PublicAccessBlockConfiguration",
            "Tags",
            "VersioningConfiguration",
        ],
        noted: &["AccessControl", "CorsConfiguration", "LoggingConfiguration"],
        ..Known::default()
    });
    Bucket { logical_id: logical_id.to_owned() }
}

/// Refuses buckets that no distribution serves: what else would be done with them is not done here.
pub(super) fn hold_buckets_to_a_distribution(template: &Template, scope: &Scope<'_>) {
    let behaviors = || template.distribution.iter().flat_map(|distribution| &distribution.behaviors);
    for bucket in &template.buckets {
        if !behaviors().any(|behavior| behavior.origin == Origin::Bucket(bucket.logical_id.clone())) {
            let place = TemplatePath::of(&bucket.logical_id).key("Type");
            scope.add(place.error("the emulator does not run a AWS::S3::Bucket that no distribution serves"));
        }
    }
}
