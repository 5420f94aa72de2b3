//! The time zone of a country, where it has only one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static TIMEZONES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let mut timezones = BTreeMap::new();
    for line in include_str!("countries.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.splitn(3, ' ');
        if let (Some(code), Some(timezone), Some(names)) = (parts.next(), parts.next(), parts.next()) {
            timezones.insert(code.to_lowercase(), timezone);
            timezones.extend(names.split(", ").map(|name| (name.to_owned(), timezone)));
        }
    }
    timezones
});

/// The time zone of a country, by its code or name: `KR`, `South Korea`, `대한민국`. `None` for a country that is not known
/// or has several time zones.
pub(super) fn timezone_of(country: &str) -> Option<&'static str> {
    TIMEZONES.get(&country.trim().to_lowercase()).copied()
}

#[cfg(test)]
mod tests {
    use domain::values::Timezone;

    use super::*;

    #[test]
    fn a_country_with_one_time_zone_tells_it() {
        for country in ["KR", "kr", "South Korea", "대한민국"] {
            assert_eq!(timezone_of(country), Some("Asia/Seoul"), "{country}");
        }
        for country in ["US", "United States", "", "Atlantis"] {
            assert_eq!(timezone_of(country), None, "{country}");
        }
    }

    #[test]
    fn every_time_zone_of_the_list_exists() {
        assert!(TIMEZONES.len() > 100);
        for timezone in TIMEZONES.values() {
            assert!(timezone.parse::<Timezone>().is_ok(), "{timezone}");
        }
    }
}
