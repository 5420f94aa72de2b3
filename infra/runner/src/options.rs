//! What a local market is started with, and what the emulator makes of it.

use std::path::PathBuf;
use std::sync::Arc;

use emulator::template::{Overrides, Template, document};
use emulator::{Capacity, FaultPlan, HttpLimits, Objects, Program};
use jiff::Timestamp;

use crate::pool_shards::with_pool_shards;
use crate::window::Window;

/// The template that is deployed, compiled in.
pub const TEMPLATE: &str = include_str!("../../template.yaml");

/// The page's files, compiled in: S3 key and content.
const PAGE: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Values that parameters of the template have on one machine unless others are given.
const LOCAL_VALUES: &[(&str, &str)] = &[
    // All callers on this machine share one address.
    ("AddressLimitFactor", "1000"),
    // The emulator replaces this address by the page's on this machine.
    ("PasskeyOrigin", emulator::template::DISTRIBUTION_URL),
    // Pseudonyms of all processes and runs compare. Nobody but this machine reads them.
    ("PseudonymKey", "pseudonyms-of-a-local-market"),
    ("RegistrationByMail", "false"),
];

/// What a local market is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The API's port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The folder that keeps the data; `None` keeps it in memory.
    pub data: Option<PathBuf>,
    /// The SAM template, YAML.
    pub template: String,
    /// Values for the template's parameters, instead of their defaults.
    pub overrides: Overrides,
    /// The template's folder, in which its code and its nested templates are; `None` if neither is looked for.
    pub template_folder: Option<PathBuf>,
    /// The folder of the page's files, read anew for each request; `None` serves the files that are compiled in.
    pub web: Option<PathBuf>,
    /// The number of functions that the talent pool is divided among; 0 keeps it whole in the function that ranks.
    pub pool_shards: usize,
    /// The program that the functions' processes run.
    pub program: Program,
    /// How far each function may grow.
    pub capacity: Capacity,
    /// The level that functions log at: `error`, `warn`, `info`, `debug` or `trace`.
    pub log_level: String,
    /// The faults to inject; none without a plan.
    pub faults: Option<FaultPlan>,
    /// The time at which the market starts, and from which it can be advanced; `None` for the machine's clock.
    pub clock: Option<Timestamp>,
}

impl Default for Options {
    /// In memory, on any free port, with the template that is deployed and this executable.
    fn default() -> Self {
        Self {
            port: 0,
            data: None,
            template: TEMPLATE.to_owned(),
            overrides: Overrides::default(),
            template_folder: None,
            web: None,
            pool_shards: 0,
            program: Program::Itself,
            capacity: Capacity::default(),
            log_level: "warn".to_owned(),
            faults: None,
            clock: None,
        }
    }
}

impl Options {
    /// The emulator's options, with the template read and its talent pool divided.
    ///
    /// # Errors
    /// When the template can't be run here, or has no pool to divide; the message says where.
    pub(crate) fn emulator(self) -> anyhow::Result<emulator::Options> {
        let document = document(&self.template)?;
        let parameters = LOCAL_VALUES.iter().filter(|(name, _)| document["Parameters"][name].is_object());
        let overrides = parameters.fold(self.overrides, |overrides, (name, value)| overrides.or(name, value));
        let mut template = Template::read(&document, &overrides)?;
        if let Some(folder) = &self.template_folder {
            template.check_nested_stacks(|path| std::fs::read_to_string(folder.join(path)))?;
            template.name_binaries(folder)?;
        }
        if self.pool_shards > 0 {
            template = with_pool_shards(template, self.pool_shards)?;
        }
        // A template's one bucket holds the page.
        let page = match self.web {
            Some(folder) => Objects::Folder { prefix: "web/".to_owned(), folder },
            None => Objects::Embedded(PAGE),
        };
        let buckets = template.buckets.iter();
        let mut routes = template.functions.iter().flat_map(|function| &function.routes);
        let has_docs = routes.any(|route| route.key() == "POST /matches/score");
        Ok(emulator::Options {
            port: self.port,
            data: self.data,
            objects: buckets.map(|bucket| (bucket.logical_id.clone(), page.clone())).collect(),
            local: Some(Arc::new(Window { page, has_docs })),
            template,
            program: self.program,
            capacity: self.capacity,
            http: HttpLimits::default(),
            log_level: self.log_level,
            faults: self.faults,
            clock: self.clock,
        })
    }
}
