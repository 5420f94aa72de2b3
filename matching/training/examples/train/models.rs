//! The two trained models and the word rarities that both use.

use std::path::Path;

use anyhow::{Context as _, Result};
use matching::{AwardModel, AwardParts, Background, Model, ModelParts};

pub(crate) struct Models {
    pub(crate) net: Model,
    pub(crate) award: AwardModel,
    pub(crate) background: Background,
    net_bytes: Vec<u8>,
    award_toml: String,
}

impl Models {
    pub(crate) fn new(net: ModelParts, award: AwardParts, background: Background) -> Result<Self> {
        let (net_bytes, award_toml) = (net.to_bytes()?, award.to_toml()?);
        Ok(Self { net: Model::new(net)?, award: AwardModel::new(award)?, background, net_bytes, award_toml })
    }

    /// Writes both models with their cards, and reports the folder.
    pub(crate) fn write(&self, folder: &Path, card: &str, award_card: &str) -> Result<()> {
        let files = [
            ("model.safetensors", self.net_bytes.as_slice()),
            ("rarity.bin", self.background.as_bytes()),
            ("award.toml", self.award_toml.as_bytes()),
            ("card.toml", card.as_bytes()),
            ("award_card.toml", award_card.as_bytes()),
        ];
        // All new files are written completely before the first old one is replaced. A full disk leaves the old files
        // intact.
        let beside = |name: &str| folder.join(format!("{name}.new"));
        for (name, content) in files {
            std::fs::write(beside(name), content)
                .with_context(|| format!("cannot write {}", beside(name).display()))?;
        }
        for (name, _) in files {
            let path = folder.join(name);
            std::fs::rename(beside(name), &path).with_context(|| format!("cannot write {}", path.display()))?;
        }
        let (version, bytes) = (self.net.version(), self.net_bytes.len());
        println!("model {version}, {bytes} bytes, written to {}", folder.display());
        Ok(())
    }
}
