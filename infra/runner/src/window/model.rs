//! The model: its card, the effect of each feature, and a sandbox that scores any ten features.

use std::sync::OnceLock;

use matching::{Better, Feature, Features, Model};
use serde::Deserialize;
use serde_json::{Value, json};

/// The card of the shipped weights.
const CARD: &str = include_str!("../../../../matching/model/card.toml");

/// The exposure of groups in the shipped weights' rankings, as `--example exposure` writes it.
const EXPOSURE: &str = include_str!("../../../../matching/model/exposure.toml");

/// How many points the curve of a feature has.
const CURVE_POINTS: usize = 25;

/// A question to the sandbox: a value for each feature, null if it is unknown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    features: Vec<Option<f32>>,
}

/// The meaning of each feature, the range of its slider, and its usual value. The slider of a logarithm shows the
/// number itself.
struct Described {
    meaning: &'static str,
    unit: &'static str,
    /// The greatest value that the slider offers.
    most: f32,
    usual: f32,
}

const fn described(feature: Feature) -> Described {
    let (meaning, unit, most, usual) = match feature {
        Feature::SkillOverlap => {
            ("Share of the wanted skills that the freelancer has; rare skills weigh more", "share", 1.0, 0.7)
        }
        Feature::SkillExperience => ("Jobs done that asked for one of the wanted skills", "count", 5.0, 1.4),
        Feature::TextSimilarity => ("How alike the texts of project and profile are", "share", 1.0, 0.25),
        Feature::Rating => ("Stars, drawn towards four while few jobs are rated", "stars", 5.0, 4.4),
        Feature::HireRate => {
            ("Hires per proposal, drawn towards 0.3 while there are few proposals", "share", 1.0, 0.35)
        }
        Feature::ResponseTime => ("Median minutes until a proposal", "minutes", 9.0, 4.5),
        Feature::LastSeen => ("Hours since the freelancer was last seen", "hours", 9.0, 3.0),
        Feature::ActivityWeek => ("Proposals of the last weeks against what is usual here", "times twenty", 8.0, 3.04),
        Feature::ActivityMonth => ("The same over months", "times twenty", 8.0, 3.04),
        Feature::ActivityHalfYear => ("The same over half years", "times twenty", 8.0, 3.04),
    };
    Described { meaning, unit, most, usual }
}

/// Whether the feature is the logarithm of one more than the number that people mean.
const fn is_logarithm(feature: Feature) -> bool {
    !matches!(feature, Feature::SkillOverlap | Feature::TextSimilarity | Feature::Rating | Feature::HireRate)
}

fn shipped() -> anyhow::Result<&'static Model> {
    static MODEL: OnceLock<Result<Model, String>> = OnceLock::new();
    let model = MODEL.get_or_init(|| Model::shipped().map_err(|problem| problem.to_string()));
    model.as_ref().map_err(|problem| anyhow::anyhow!("{problem}"))
}

/// The card, the features, and how each changes the score of a usual freelancer.
pub(super) fn card() -> anyhow::Result<Value> {
    let model = shipped()?;
    let card: toml::Value = toml::from_str(CARD)?;
    let exposure: toml::Value = toml::from_str(EXPOSURE)?;
    let usual = Features::clamped(Feature::ALL.map(|feature| Some(described(feature).usual)));
    let features = Feature::ALL.into_iter().map(|feature| {
        let Described { meaning, unit, most, usual: middle } = described(feature);
        let points = (0..CURVE_POINTS).map(|point| point as f32 / (CURVE_POINTS - 1) as f32 * most);
        let rows: Vec<Features> = points.clone().map(|value| with(&usual, feature, value)).collect();
        let scores = model.score(&rows)?;
        let curve: Vec<Value> = points.zip(scores).map(|(value, score)| json!([value, score])).collect();
        Ok(json!({
            "feature": feature.name(),
            "meaning": meaning,
            "unit": unit,
            "is_logarithm": is_logarithm(feature),
            "is_history": feature.is_history(),
            "better": match feature.better() {
                Some(Better::More) => "more",
                Some(Better::Less) => "less",
                None => "depends",
            },
            "most": most,
            "usual": middle,
            "curve": curve,
        }))
    });
    let features = features.collect::<anyhow::Result<Vec<Value>>>()?;
    Ok(json!({
        "version": model.version(),
        "card": card,
        "exposure": exposure,
        "features": features,
        "pictures": ["/_local/model/learning.svg", "/_local/model/calibration.svg"],
    }))
}

fn with(features: &Features, feature: Feature, value: f32) -> Features {
    let mut values = features.values();
    values[feature as usize] = Some(value);
    Features::clamped(values)
}

/// The two probabilities, the score and every contribution of ten features.
///
/// # Errors
/// When there are not ten, or one is outside its range; the sentence names it.
pub(super) fn score(asked: &Asked) -> anyhow::Result<Value> {
    let values: [Option<f32>; matching::FEATURE_COUNT] =
        asked.features.clone().try_into().map_err(|_| anyhow::anyhow!("there are ten features"))?;
    let pair = Features::new(values)?;
    let model = shipped()?;
    let [interest, choice] = model.sides(&pair)?;
    let rows = [pair];
    let (scores, explained) = (model.score(&rows)?, model.explain(&rows)?);
    let explained = explained.into_iter().next().ok_or_else(|| anyhow::anyhow!("no explanation"))?;
    Ok(json!({
        "score": scores[0],
        "interest": interest,
        "choice": choice,
        "log_odds": explained.log_odds,
        "base_log_odds": explained.base_log_odds,
        "contributions": explained.contributions,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_and_the_curves_are_there() {
        let card = card().unwrap();
        let features = card["features"].as_array().unwrap();
        assert_eq!(features.len(), matching::FEATURE_COUNT);
        assert_eq!(card["card"]["version"], card["version"]);
        assert_eq!(card["exposure"]["version"], card["version"], "run --example exposure with --out anew");
        for feature in features {
            let curve = feature["curve"].as_array().unwrap();
            let score = |point: &Value| point[1].as_f64().unwrap();
            let (first, last) = (score(&curve[0]), score(&curve[CURVE_POINTS - 1]));
            match feature["better"].as_str() {
                Some("more") => assert!(first <= last + 1e-6, "{feature}"),
                Some("less") => assert!(last <= first + 1e-6, "{feature}"),
                _ => {}
            }
        }
    }

    #[test]
    fn contributions_add_up_to_the_score() {
        let asked = Asked { features: Feature::ALL.map(|it| Some(described(it).usual)).to_vec() };
        let scored = score(&asked).unwrap();
        let number = |name: &str| scored[name].as_f64().unwrap();
        let sum: f64 = scored["contributions"].as_array().unwrap().iter().map(|it| it.as_f64().unwrap()).sum();
        assert!((number("base_log_odds") + sum - number("log_odds")).abs() < 1e-6);
        assert!((number("interest") * number("choice") - number("score")).abs() < 1e-6);
    }

    #[test]
    fn a_wrong_row_is_refused_in_a_sentence() {
        let refused = |features: Vec<Option<f32>>| score(&Asked { features }).unwrap_err().to_string();
        assert_eq!(refused(vec![None; 9]), "there are ten features");
        let mut row = vec![None; 10];
        row[Feature::Rating as usize] = Some(9.0);
        assert_eq!(refused(row), "feature rating is 9, outside of 0 to 5");
    }
}
