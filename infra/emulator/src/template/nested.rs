//! Nested stacks: templates that a template deploys along with itself.
//!
//! The runner runs no nested stack. It accepts a stack that only matters on AWS, such as alarms, and refuses every
//! other.

use super::elsewhere::elsewhere;
use super::fault::TemplatePath;
use super::properties::{Known, Properties};
use super::{Template, TemplateError, document};

/// One `AWS::CloudFormation::Stack` or `AWS::Serverless::Application`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedStack {
    /// Its name in the template, e.g. `Alarms`.
    pub logical_id: String,
    /// Its template, as a path relative to the template that nests it.
    pub template: String,
}

impl Template {
    /// Checks that every nested stack holds nothing that would have to run here. `read` returns the text of a nested
    /// template.
    ///
    /// # Errors
    /// When a nested template can't be read, or holds a resource that has an effect on this machine.
    pub fn check_nested_stacks(&self, read: impl Fn(&str) -> std::io::Result<String>) -> Result<(), TemplateError> {
        let mut faults = Vec::new();
        for stack in &self.nested_stacks {
            let place = TemplatePath::of(&stack.logical_id).key(&stack.template);
            let text = read(&stack.template).map_err(|problem| place.error(problem.to_string()))?;
            let nested = document(&text)?;
            let resources = nested["Resources"].as_object().ok_or_else(|| place.error("a template needs resources"))?;
            for (name, resource) in resources {
                let kind = resource["Type"].as_str().unwrap_or_default();
                if elsewhere(kind).is_none() {
                    let problem = format!("the emulator does not run a {kind} of a nested stack");
                    faults.push(place.key(name).key("Type").error(problem));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(TemplateError::Faults(faults)) }
    }
}

/// Reads the resource of a nested stack. `location` is the property that names its template.
pub(super) fn nested_stack(logical_id: &str, location: &str, properties: &Properties<'_>) -> Option<NestedStack> {
    properties.only(Known {
        honoured: &[location],
        silent: &["NotificationARNs", "Parameters", "Tags", "TimeoutInMinutes"],
        ..Known::default()
    });
    if !properties.has(location) {
        properties.fault(location, "names the nested template, and is missing");
    }
    let template = properties.text(location)?;
    Some(NestedStack { logical_id: logical_id.to_owned(), template })
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    const NESTING: &str = "
Resources:
  Alarms: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: alarms.yaml, Parameters: { Slow: 5 } } }
  Shop: { Type: AWS::Serverless::Application, Properties: { Location: shop.yaml } }
";

    fn check(shop: &str) -> Result<(), String> {
        let alarms = "Resources: { Alarm: { Type: AWS::CloudWatch::Alarm } }";
        let read = |path: &str| match path {
            "alarms.yaml" => Ok(alarms.to_owned()),
            _ if shop.is_empty() => Err(io::Error::other("no such file")),
            _ => Ok(shop.to_owned()),
        };
        Template::parse(NESTING).unwrap().check_nested_stacks(read).map_err(|problem| problem.to_string())
    }

    #[test]
    fn nested_stacks_are_listed_with_their_templates() {
        let listed: Vec<_> = Template::parse(NESTING)
            .unwrap()
            .nested_stacks
            .into_iter()
            .map(|stack| (stack.logical_id, stack.template))
            .collect();
        let expected = [("Alarms", "alarms.yaml"), ("Shop", "shop.yaml")];
        assert_eq!(listed, expected.map(|(id, template)| (id.to_owned(), template.to_owned())));
    }

    #[test]
    fn a_nested_stack_without_effect_here_is_accepted() {
        assert_eq!(check("Resources: { Topic: { Type: AWS::SNS::Topic } }"), Ok(()));
    }

    #[test]
    fn a_nested_stack_that_would_have_to_run_is_refused() {
        for (shop, problem) in [
            ("", "Shop.shop.yaml: no such file"),
            ("Parameters: {}", "Shop.shop.yaml: a template needs resources"),
            (
                "Resources: { Sell: { Type: AWS::Serverless::Function } }",
                "Shop.shop.yaml.Sell.Type: the emulator does not run a AWS::Serverless::Function of a nested stack",
            ),
        ] {
            assert_eq!(check(shop), Err(format!("template: {problem}")));
        }
    }

    #[test]
    fn a_nested_stack_without_a_local_template_is_refused() {
        for (properties, problem) in [
            ("{}", "TemplateURL: names the nested template, and is missing"),
            ("{ TemplateURL: a.yaml, Colour: red }", "Colour: the emulator does not support this property"),
        ] {
            let text = format!("Resources: {{ A: {{ Type: AWS::CloudFormation::Stack, Properties: {properties} }} }}");
            let refused = Template::parse(&text).unwrap_err().to_string();
            assert_eq!(refused, format!("template: A.Properties.{problem}"));
        }
    }
}
